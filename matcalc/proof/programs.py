"""The form of a step that is a program: what each may do, told from the step's two sides and its letters alone.

Each answer is why the step is not a use of the program, or nothing. Whether the two sides are equal is judged elsewhere, at points.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress

from ..language.blocks import terms
from ..language.expr import LINEAR_HEADS, SCALAR, Apply, Expr, InputError, Number, Shape, T, add, apply, build, hadamard, mul, tr, vec
from ..language.operations import FACTORED
from ..language.recognition import kron_factors

Letters = dict[str, Expr]
Pair = Callable[[Expr, Expr], Expr]
Form = Callable[[Expr, Expr, Letters], str]


def collect(left: Expr, right: Expr, letters: Letters) -> str:
    """Terms with one differential, their coefficients added."""
    parts = _numbered("C", letters)
    if "Y" not in letters or len(parts) < 2:
        return "two terms with the same differential are needed"
    d = apply("d", letters["Y"])

    def sides(pair: Pair) -> tuple[Expr, Expr]:
        return add(*(pair(c, d) for c in parts)), pair(add(*parts), d)
    return "" if _one_of(left, right, sides) else f"it does not collect the terms with {d}"


def spread(left: Expr, right: Expr, letters: Letters) -> str:
    """A pairing with a sum, term by term."""
    c, y = letters.get("C"), letters.get("Y")
    if c is None or y is None or not y.has_d or len(terms(y)) < 2:
        return "a sum of differentials is needed"

    def sides(pair: Pair) -> tuple[Expr, Expr]:
        return pair(c, y), add(*(pair(c, t) for t in terms(y)))
    return "" if _one_of(left, right, sides) else f"it does not take {y} term by term"


def _trace(c: Expr, inner: Expr) -> Expr:
    return tr(mul(c, inner))


def _stacked(c: Expr, inner: Expr) -> Expr:
    return mul(c, vec(inner))


def _one_of(left: Expr, right: Expr, sides: Callable[[Pair], tuple[Expr, Expr]]) -> bool:
    """Whether these are the two sides, with a coefficient paired in one of the two ways; not where the shapes do not fit."""
    for pair in (_trace, _stacked):
        with suppress(InputError):
            if sides(pair) == (left, right):
                return True
    return False


def stacked(left: Expr, right: Expr, letters: Letters) -> str:
    """A line in vec form."""
    return "" if left.has_d and left.shape[1] != right.shape[1] and right is vec(left) else f"{right} is not vec({left})"


def numbers(left: Expr, right: Expr, letters: Letters) -> str:
    """Numbers and signs drawn together, nothing else."""
    return "" if left.has_d and _bare(left) == _bare(right) else "more than numbers changed"


def _bare(e: Expr) -> object:
    """An expression without the numbers in its sums and products; scalar factors and terms in no order."""
    if type(e) is Number:
        return "number"
    if type(e) is Apply and e.head == "^" and not e.has_d:
        return ("^", _bare(e.args[0]), e.args[1])       # (-A - B)^2 is (A + B)^2
    if type(e) is not Apply or not e.has_d and e.head not in ("+", "*", ".*", "'"):
        return e
    if e.head == "*":
        scalars: Counter[object] = Counter()
        chain: list[object] = []
        for a in e.args:
            b = _bare(a)
            if a.shape == SCALAR:
                scalars.update([b] if b != "number" else [])
            else:
                chain.append(b)
        only = [*scalars.elements(), *chain]
        return only[0] if len(only) == 1 else ("*", frozenset(scalars.items()), tuple(chain))
    if e.head == "+":
        return ("+", frozenset(map(_bare, e.args)))
    return (e.head, tuple(map(_bare, e.args)))


def transpose(left: Expr, right: Expr, letters: Letters) -> str:
    """A transpose of several factors or terms, carried to those that have none or a sign only."""
    inner = left.args[0] if type(left) is Apply and left.head == "'" else None
    if type(inner) is not Apply:
        return f"{left} is not the transpose of a product or a sum"
    return "a row says this" if right is inner or (both := kron_factors(inner)) and right is apply("kron", *map(T, both)) else ""


def linear(left: Expr, right: Expr, letters: Letters) -> str:
    """A linear function of a sum, term by term."""
    if type(left) is not Apply or left.head not in LINEAR_HEADS or len(terms(left.args[0])) < 2:
        return f"{left} is not a linear function of a sum"
    return "" if right is add(*(apply(left.head, t) for t in terms(left.args[0]))) else f"{right} is not {left} term by term"


def factor(left: Expr, right: Expr, letters: Letters, others: tuple[Expr, ...] = ()) -> str:
    """A factor of some terms, in front, behind or entry by entry, taken out of the sum; the other terms stay."""
    f, inner = letters.get("f"), _numbered("a", letters)
    if f is None or len(inner) < 2:
        return "a sum of at least two terms with a common factor is needed"
    for join in (mul, _behind, hadamard):
        with suppress(InputError):
            if right is add(join(f, add(*inner)), *others) and _exchanged([join(f, a) for a in inner], others, left):
                return ""
    return f"{f} is not taken out of the terms of {left}"


def _behind(f: Expr, a: Expr) -> Expr:
    return mul(a, f)


def _exchanged(inner: list[Expr], others: tuple[Expr, ...], whole: Expr) -> bool:
    """Whether a sum has these other terms, but for how numbers are written in them, and as many more as the inner ones come to."""
    left = Counter(map(_bare, terms(whole)))
    stay = Counter(map(_bare, others))
    return stay <= left and left.total() == stay.total() + sum(len(terms(a)) for a in inner)


def distribute(left: Expr, right: Expr, letters: Letters) -> str:
    """One sum multiplied out in a product, or in every term that has one; of matrices, where numbers stay."""
    if type(left) is Apply and left.head == "+":
        ways = [add(*(next(_multiplied(t), t) for t in left.args)), add(*(next(_multiplied(t, SCALAR), t) for t in left.args))]
    else:
        ways = list(_multiplied(left))
    return "" if any(w is right for w in ways) else f"no sum in {left}, multiplied out, gives {right}"


def _multiplied(e: Expr, kept: Shape | None = None) -> Iterator[Expr]:
    """The ways to multiply one sum out, if it has not a shape that is kept: a scalar factor, one of the chain, an entry-wise factor of
    the only one."""
    if type(e) is Apply and e.head == "^" and type(e.args[1]) is Number and e.args[1].value == 2 and len(terms(e.args[0])) > 1:
        yield add(*(mul(t, e.args[0]) for t in terms(e.args[0])))
    if type(e) is not Apply or e.head not in FACTORED:
        return
    join = mul if e.head == "*" else hadamard
    for i, f in enumerate(e.args):
        if len(terms(f)) > 1 and f.shape != kept:
            yield add(*(join(*e.args[:i], t, *e.args[i + 1:]) for t in terms(f)))
        elif join is mul and type(f) is Apply and f.head == ".*" and all(a.shape == SCALAR for a in e.args if a is not f):
            for k, g in enumerate(f.args):
                if len(terms(g)) > 1:
                    yield add(*(mul(*e.args[:i], hadamard(*f.args[:k], t, *f.args[k + 1:]), *e.args[i + 1:]) for t in terms(g)))


def repeat(left: Expr, right: Expr, letters: Letters) -> str:
    """A run of factors that repeats, as a power."""
    unit, k = letters.get("A"), letters.get("k")
    if type(unit) is not Apply or unit.head != "*" or type(k) is not Number or k.value < 2:
        return "a run of factors and how often it repeats are needed"
    power = build("^", (unit, k))
    found = right is power or type(right) is Apply and right.head == "*" and power in right.args
    return "" if found and _unrolled(left) == _unrolled(right) else f"{unit} does not repeat so in {left}"


def _unrolled(e: Expr) -> list[Expr]:
    """The factors, powers of products written out."""
    if type(e) is Apply and e.head == "*":
        return [f for a in e.args for f in _unrolled(a)]
    if type(e) is Apply and e.head == "^" and type(e.args[0]) is Apply and e.args[0].head == "*" and type(e.args[1]) is Number \
            and e.args[1].value > 0:
        return _unrolled(e.args[0]) * int(e.args[1].value)
    return [e]


def _numbered(letter: str, letters: Letters) -> list[Expr]:
    out: list[Expr] = []
    while f"{letter}_{len(out) + 1}" in letters:
        out.append(letters[f"{letter}_{len(out) + 1}"])
    return out


def fits(name: str, left: Expr, right: Expr, letters: Letters, others: tuple[Expr, ...]) -> str:
    """Why a step is not a use of the program; `others` are terms that stayed beside a common factor."""
    if name == "tidy.factor":
        return factor(left, right, letters, others)
    if others:
        return f"{name} takes the whole"
    if letters and name not in LETTERED:
        return f"{name} has no letters"
    return FORMS[name](left, right, letters)


BY_IDENTITY = frozenset(("collect", "spread", "tidy.linear", "tidy.distribute"))  # the form is the proof
LETTERED = frozenset(("collect", "spread", "tidy.repeat"))
FORMS: dict[str, Form] = {
    "collect": collect, "spread": spread, "vec": stacked, "numbers": numbers, "structure.transpose": transpose,
    "tidy.linear": linear, "tidy.distribute": distribute, "tidy.repeat": repeat}
