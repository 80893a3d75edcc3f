"""Why the formula as typed equals the one that is differentiated, in a few words, where they look different."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from functools import lru_cache

from ..language.expr import SCALAR, Apply, Expr, Name, T, build
from ..language.inspection import untransposed
from ..language.operations import LINEAR
from .naming import entries, terms
from .plain import plain

FACTORS = "power of a product, entry by entry"
CYCLIC, OWN, TURNED, TRACE, POWER, OTHER = ("the trace is cyclic", "a scalar is its own transpose", "transpose of a product",
                                            "trace of a transpose", "written as a power", "rewritten")
TAKEN = "linearity"
GROUPED = "the product is associative"


def rearranged(typed: Expr, built: Expr) -> str:
    """Why two expressions are the same; empty where they look the same or differ only in how factors are grouped."""
    found = list(dict.fromkeys(_reasons(typed, built)))
    return found[0] if len(found) == 1 else OTHER if found else ""


def _reasons(typed: Expr, built: Expr) -> list[str]:
    if same_text(typed, built):
        return []
    if not isinstance(typed, Apply) or not isinstance(built, Apply):
        return [OTHER]
    if typed.head == built.head == "tr":
        return _traces(typed.args[0], terms(built)[0])
    if (typed.head, built.head) == ("*", "+") and _built(typed) is built:
        return []           # -(a + b) is -a - b
    if typed.head in LINEAR and built.head == "*":
        return [TAKEN]      # tr(-S) is -tr(S)
    if (typed.head, built.head) == (".^", ".*"):
        return [FACTORS]
    if (typed.head, built.head) == (".*", ".^"):
        return [POWER]
    if "*" in (typed.head, built.head):
        return _products(typed, built)
    shown = terms(built) if built.head == "+" else entries(built) if built.head == ".*" else built.args
    if typed.head == built.head and len(typed.args) == len(shown):
        return [r for a, b in zip(typed.args, shown, strict=True) for r in _reasons(a, b)]
    return [OTHER]


def _traces(typed: Expr, built: Expr) -> list[str]:
    (scalars, a), (others, b) = factors(typed), factors(built)
    if scalars != others:
        return [OTHER]
    opened = _opened(a)
    if opened != a and opened == b:
        return [TURNED]
    for chain, reason in ((opened, CYCLIC), (_opened([T(f) for f in reversed(a)]), TRACE)):
        if any(chain[k:] + chain[:k] == b for k in range(len(chain))):
            return [reason] if chain != b or reason is TRACE else []
    return [POWER] if _powers(b) > _powers(a) else [OTHER]


def _products(typed: Expr, built: Expr) -> list[str]:
    (scalars, a), (others, b) = factors(typed), factors(built)
    if a == b and scalars == others:
        return [r for f in _flat(typed) for r in _reasons(f, _built(f))]
    if typed.shape == SCALAR and _opened([T(f) for f in reversed(a)]) == b and scalars == others:
        return [OWN]
    if _powers(b) > _powers(a):
        return [POWER]
    if _counted(typed) == _counted(built) and len(others) > len(scalars):
        return [TAKEN]      # (c*x)./y is c*(x./y)
    if scalars == others and _opened(a) == b:
        return [TURNED]
    if scalars == others and Counter(a) == Counter(b):
        return [GROUPED]
    return [OWN] if scalars == others and Counter(map(untransposed, a)) == Counter(map(untransposed, b)) else [OTHER]      # x*x'*a


def _opened(chain: list[Expr]) -> list[Expr]:
    """Factors, those of each that is a product once it is built in its place."""
    return [f for e in chain for f in factors(e)[1]]


def _powers(chain: list[Expr]) -> int:
    return sum(isinstance(f, Apply) and f.head == "^" for f in chain)


def factors(e: Expr) -> tuple[list[Expr], list[Expr]]:
    """The scalar factors of a product as typed, in some order, and the others in theirs, however they are nested; each as it is built."""
    scalars: list[Expr] = []
    chain: list[Expr] = []
    for a in map(_built, _flat(e)):
        (scalars if a.shape == SCALAR else chain).append(a)
    return sorted(scalars, key=str), chain


def _flat(e: Expr) -> Iterator[Expr]:
    if isinstance(e, Apply) and e.head == "*":
        for a in e.args:
            yield from _flat(a)
    else:
        yield e


def chained(e: Expr) -> list[Expr]:
    """The factors of a product, each as it is built."""
    return list(map(_built, _flat(e)))


def _built(e: Expr) -> Expr:
    return build(e.head, [_built(a) for a in e.args]) if isinstance(e, Apply) and e.args else e


def same_text(a: Expr, b: Expr) -> bool:
    """Whether a step only changes how the same mathematics is stored, such as sum(x) for ones(n)'*x, or the order of terms, which keep
    their places on a page."""
    return a is b or (a.names == b.names and _counted(a) == _counted(b) and _close_set(a) == _close_set(b))


def letters(e: Expr) -> Iterator[Name]:
    """The names in an expression, each as often as it stands there."""
    todo = [e]
    while todo:
        x = todo.pop()
        if type(x) is Apply:
            todo += x.args
        elif type(x) is Name:
            yield x


@lru_cache(64)
def _counted(e: Expr) -> Counter[Name]:
    """How often each variable stands there: quicker to see than the text."""
    return Counter(n for n in letters(e) if n.kind != "size")


def _close_set(e: Expr) -> list[str]:
    return sorted(map(_text, e.args)) if type(e) is Apply and e.head == "+" else [_text(e)]


def _text(e: Expr) -> str:
    """As the page writes it, in its own order: what another page wrote is not an answer."""
    shown = plain(e).replace(" ", "")
    return re.sub("𝟏_[a-z0-9]+", "𝟏", shown) if "𝟏_" in shown else shown
