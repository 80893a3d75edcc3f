"""Names in mathematical type, kept apart where two would look the same.

x1 and x_1 are both set with a subscript; on a page with both of them one is set as it is typed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache, wraps
from types import MappingProxyType
from typing import Any, ParamSpec, TypeVar

from ..deriving.order import plus_first
from ..language.expr import ONE, SCALAR, Apply, Dim, Expr, Name, Number, T, differentiated, is_negative, neg, ones, size, sub
from ..language.inspection import transpose_count, is_selection, is_unit, scalar_key, untransposed
from ..language.operations import ROOTS
from ..language.blocks import blocks
from ..language.properties import Properties
from ..language.recognition import selection
from .layer_names import LAYERS, PLACE, labelled
from .pieces import Domain, Size, Relation

P = ParamSpec("P")
R = TypeVar("R")
GREEK = ["alpha", "beta", "gamma", "delta", "epsilon", "zeta", "eta", "theta", "iota", "kappa", "lambda", "mu", "nu", "xi",
         "omicron", "pi", "rho", "varsigma", "sigma", "tau", "upsilon", "phi", "chi", "psi", "omega"]
LETTERS = {chr(0x3B1 + i): word for i, word in enumerate(GREEK)}
LETTERS |= {chr(0x391 + i): word.capitalize() for i, word in enumerate(GREEK)
            if word in ("gamma", "delta", "theta", "lambda", "xi", "pi", "sigma", "upsilon", "phi", "psi", "omega")}
LETTERS |= {"ϵ": "epsilon", "ϕ": "phi", "ϑ": "theta", "ℓ": "ell"}
ACCENTS = {"hat": "\u0302", "bar": "\u0304", "tilde": "\u0303"}     # x_hat is x with a hat, as it is read
REGULAR = re.compile(r"[^\W\d_]+\d*(_[^\W_]+)*")
FEW, MANY = 6, 200       # terms of a sum that are looked through, and sums of a page
LOOSE: Mapping[Expr, tuple[Expr, ...]] = MappingProxyType({})        # of a formula on no page, where x_2 might be another name
_ORDERS: ContextVar[Mapping[Expr, tuple[Expr, ...]]] = ContextVar("orders on the page", default=LOOSE)
_DEFINITE: ContextVar[frozenset[str]] = ContextVar("what is declared positive definite on the page", default=frozenset())
_OPPOSITES: ContextVar[Mapping[Expr, Expr]] = ContextVar("typed sums, by what has the other sign", default=MappingProxyType({}))
_PAGE: ContextVar[frozenset[str]] = ContextVar("names on the page", default=frozenset())
_WRITTEN: ContextVar[dict[object, tuple[str, int]] | None] = ContextVar("formulas as the page has them", default=None)
Spell = Callable[[str], str]


def spelled(text: str, spell: Spell, typed: Spell) -> str:
    """A name with subscripts where it has their form and no other name on the page is set like it; else as it is typed."""
    layer = LAYERS.get().get(text)
    if layer is not None:
        return labelled(spell(layer[0] + PLACE), layer[1])
    return _spelled(text, _PAGE.get(), spell, typed)


@lru_cache(256)
def _spelled(text: str, page: frozenset[str], spell: Spell, typed: Spell) -> str:
    if not REGULAR.fullmatch(text) or text in _alike(page, spell):
        return typed(text)
    return spell(text)


@lru_cache(64)
def _alike(names: frozenset[str], spell: Spell) -> frozenset[str]:
    """The names that another one, which goes before them, is set like."""
    seen: set[str] = set()
    out = []
    for n in sorted(names, key=lambda n: ("_" not in n, len(n), n)):
        shown = spell(n) if REGULAR.fullmatch(n) else n
        if shown in seen:
            out.append(n)
        seen.add(shown)
    return frozenset(out)


@lru_cache(64)
def _kept(names: frozenset[str]) -> frozenset[str]:
    """The same names as the object they were last time, which is found again without a look at each of them."""
    return names


def on_a_page() -> bool:
    """Whether somebody draws a page, whose names are known."""
    return bool(_PAGE.get())


class _Shown(Properties):
    """What is sure on a page, where a letter is one letter however freely it is varied."""

    def definite(self, e: Expr, semi: bool = False) -> bool:
        return type(e) is Name and e.name in _DEFINITE.get() or super().definite(e, semi)


def definite(e: Expr) -> bool:
    """Whether e is seen to be positive definite on the page."""
    return _Shown({}).definite(e)


def terms(e: Apply) -> tuple[Expr, ...]:
    """The terms of a sum, the factors of a product, or what stands under a trace, as on the page."""
    found = _ORDERS.get().get(e, e.args)
    if e.head == "+" and found is e.args and 2 < len(found) <= FEW:
        found = _together(found)
    if e.head == "*" and found is e.args and len(with_entry(list(found))) == len(found):       # g p log(p), not log(p) g p
        found = tuple(sorted(found, key=_late))
    if e.head == "+" and negative(found[0]) and not is_negative(found[0]):      # no minus in front for a sign that was turned
        found = plus_first(found, negative)
    return found


def _together(found: tuple[Expr, ...]) -> tuple[Expr, ...]:
    """Terms with those of a shorter sum of the page side by side, as there: s - y - c 1, not s - c 1 - y."""
    known = _ORDERS.get() if len(_ORDERS.get()) <= MANY else {}
    shorter = [o for s, o in known.items() if type(s) is Apply and s.head == "+" and len(o) < len(found) and set(o) <= set(found)]
    inner = max(shorter, key=len, default=())
    first = next((k for k, t in enumerate(found) if t in inner), 0)
    return (*found[:first], *inner, *(t for t in found[first:] if t not in inner))


def _late(e: Expr) -> int:
    """How late a factor stands: a number, a letter or its power, what else is one, a root, then differentials and matrices in order."""
    if e.shape != SCALAR or e.has_d:
        return 4
    base = e.args[0] if isinstance(e, Apply) and e.head == "^" else e
    if isinstance(base, Apply) and base.head in ROOTS:
        return 3
    return 0 if isinstance(e, Number) else 1 if isinstance(base, Name) and not base.of else 2


def spread(e: Expr) -> Expr:
    """A result with its transposed sums term by term where that is no longer: A' - y*x' for (A - x*y')', also in terms and multiples."""
    if type(e) is not Apply or blocks(e) is not None:
        return e
    if e.head == "+" or e.head == "*" and sum(a.shape != SCALAR for a in e.args) == 1:
        args = tuple(map(spread, terms(e)))
        return e if args == terms(e) else Apply(e.head, args, e.shape)
    inner = e.args[0] if e.head == "'" else None
    if type(inner) is not Apply or inner.head != "+" or blocks(inner) is not None:
        return e
    out = Apply("+", tuple(spread(T(t)) for t in terms(inner)), e.shape)
    if transpose_count(out) > transpose_count(e) and all(map(negative, terms(inner))):      # -(A + B)' for (-A - B)'
        return neg(T(neg(inner)))
    return out if transpose_count(out) <= transpose_count(e) else e


def opposite(e: Expr) -> Expr | None:
    """The sum that was typed, where e is it with the opposite sign; likewise under a differential, transposed, in an inner product."""
    known = _OPPOSITES.get()
    if known and type(e) is Apply and e.head == "tr" and type(inner := terms(e)[0]) is Apply and inner.head == "*":
        factors = [(a, opposite(a)) for a in inner.args]
        odd = sum(t is not None for _, t in factors) % 2
        return Apply("tr", (Apply("*", tuple([t or a for a, t in factors]), inner.shape),), e.shape) if odd else None
    if e in known or not known or type(e) is not Apply or e.head not in ("d", "'") and (e.head, e.shape) != ("*", SCALAR):
        return known.get(e)
    typed = [opposite(a) if e.head == "*" or a.shape != SCALAR or a in known else None for a in e.args]
    odd = sum(t is not None for t in typed) % 2
    return Apply(e.head, tuple([t or a for a, t in zip(e.args, typed, strict=True)]), e.shape) if odd else None


def negative(e: Expr) -> bool:
    """Whether a term is set with a minus in front."""
    odd = type(e) is Apply and sum(opposite(a) is not None for a in (e.args if e.head == "*" else (e,) if e.head == "tr" else ())) % 2 == 1
    return is_negative(e) != odd


def entries(e: Apply) -> tuple[Expr, ...]:
    """The factors of a product entry by entry as they stand on the page: as typed, else t before what is made of t, right before 1 - t,
    and a letter before a sum."""
    typed = _ORDERS.get().get(e) or (None if list(e.args) == sorted(e.args, key=scalar_key) else e.args)     # a tree as typed
    found = sorted(e.args, key=lambda a: (a.has_d, sum(_within(t, a) for t in e.args), _is_sum(a))) if typed is None else ()
    beside = {t: rest for rest in filter(_is_sum, found) for t in found if not _is_sum(t) and sub(ones(*t.shape), t) is rest}
    return typed or tuple([u for a in found if a not in beside for u in (*(t for t, rest in beside.items() if rest is a), a)])


def _is_sum(e: Expr) -> bool:
    return isinstance(e, Apply) and e.head == "+"


def _within(t: Expr, e: Expr) -> bool:
    """Whether t is a part of e."""
    return isinstance(e, Apply) and t.names <= e.names and t.height < e.height and any(a is t or _within(t, a) for a in e.args)


def _first(parts: Iterable[object], name: str, otherwise: R) -> R:
    """What the first part that has this says."""
    return next((found for part in parts if (found := getattr(part, name, None)) is not None), otherwise)


_HOW: tuple[ContextVar[Any], ...] = (_PAGE, LAYERS, _DEFINITE, _OPPOSITES, _ORDERS)      # what formulas are written by


def written() -> dict[object, tuple[str, int]] | None:
    """What was written on the page so far: the lines of a derivation have most of their parts in common."""
    return _WRITTEN.get()


@contextmanager
def page_of(*parts: object) -> Iterator[None]:
    """All names that stand on one page, and the order of the terms there."""
    before = [how.get() for how in _HOW]
    token = _PAGE.set(_kept(_PAGE.get() | names(parts)))
    layers = LAYERS.set(next((found for part in parts if (found := getattr(part, "layers", None))), LAYERS.get()))
    sure = {name for part in parts for name in getattr(part, "definite", ())}
    definite = _DEFINITE.set(_DEFINITE.get() if sure <= _DEFINITE.get() else _DEFINITE.get() | sure)
    opposites = _OPPOSITES.set(_first(parts, "opposites", _OPPOSITES.get()))
    known = _ORDERS.set(_first(parts, "orders", _ORDERS.get()))
    written = _WRITTEN.set(_WRITTEN.get() if all(how.get() is was for how, was in zip(_HOW, before, strict=True)) else {})
    try:
        yield
    finally:
        _WRITTEN.reset(written)
        _PAGE.reset(token)
        _ORDERS.reset(known)
        _OPPOSITES.reset(opposites)
        _DEFINITE.reset(definite)
        LAYERS.reset(layers)


def apart(draw: Callable[P, R]) -> Callable[P, R]:
    """A function that draws a page from its arguments: the names in them are told apart."""
    @wraps(draw)
    def drawn(*args: P.args, **kwargs: P.kwargs) -> R:
        with page_of(*args):
            return draw(*args, **kwargs)
    return drawn


def names(parts: Iterable[object]) -> frozenset[str]:
    """The names of variables, functions and sizes in expressions, declarations, and tuples of them."""
    out: set[str] = set()
    seen: set[int] = set()
    stack = list(parts)
    while stack:
        part = stack.pop()
        if id(part) in seen or isinstance(part, str):
            continue
        seen.add(id(part))
        if isinstance(part, Name):
            out.add(part.name)
            stack += [*part.shape, *(part.signature or ())]
        elif isinstance(part, Dim):
            out |= part.names
        elif isinstance(part, Domain):
            stack.append(part.name)
        elif isinstance(part, Apply):
            stack += part.args
        elif isinstance(part, (tuple, list, Relation, Size)):
            stack += part
    return frozenset(out)


def transposed(e: Expr) -> Expr:
    """The transpose as it is written: A for A'."""
    return e.args[0] if type(e) is Apply and e.head == "'" else Apply("'", (e,), e.shape[::-1])


def row_of_ones(e: Expr) -> bool:
    """Whether this is ones(n)' and stands close to what it sums."""
    return e.shape[0] is ONE is not e.shape[1] and is_unit(untransposed(e))


def with_entry(factors: list[Expr]) -> list[Expr]:
    """Factors on a page with entry(A, 1, 2) for e_1' A e_2 among them, and entry(x, 2) for e_2' x: of a letter or its differential.

    >>> from matcalc.reading.parse import parse
    >>> from types import SimpleNamespace
    >>> with page_of(SimpleNamespace(orders={})):
    ...     with_entry(list(parse("unit(1)'*A*unit(2)", ['A in R^(m,n)']).args))
    [<entry(A, 1, 2)>]
    """
    chain = [f for f in factors if f.shape != SCALAR] if _ORDERS.get() is not LOOSE else []
    inner = [f for f in chain if not is_selection(f)]
    if len(chain) not in (2, 3) or len(inner) != 1 or chain[0].shape[0] is not ONE or chain[-1].shape[1] is not ONE:
        return factors
    whole = transposed(inner[0]) if inner[0] is chain[0] else inner[0]
    letter = differentiated(whole) or whole
    places = [place[0] for f in (transposed(chain[0]), chain[-1]) if (place := selection(f)) is not None]
    if type(letter) is not Name or not letter.name.isalpha() or len(places) != len(chain) - 1 or \
            not _PAGE.get().isdisjoint(letter.name + sign + "".join(map(str, places)) for sign in ("", "_")):
        return factors
    at = factors.index(chain[0])
    return [*factors[:at], Apply("entry", (whole, *map(size, places)), SCALAR), *(f for f in factors[at:] if f.shape == SCALAR)]


