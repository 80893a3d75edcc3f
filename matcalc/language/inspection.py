"""What can be seen of a node without building another: its number, its exponent, whether it is zero or all ones."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction
from functools import lru_cache, reduce
from math import prod
from operator import add, mul

from .nodes import Apply, Expr, Name, Number, Part, is_negative
from .numbers import Rational
from .operations import ELEMENTWISE_NAMES, POWERS, SYMMETRY_WORDS
from .shape import ONE, SCALAR, Dim, ShapeError, at_most
from ..records import Record
from .traversal import reachable

NO_HEADS = frozenset[str]()
ZERO, UNIT, MINUS, HALF = Number(0), Number(1), Number(-1), Number(Fraction(1, 2))


def is_zero(e: Expr) -> bool:
    """Whether this is the number 0 or zeros(..)."""
    return e is ZERO or (type(e) is Apply and e.head == "zeros")


def is_unit(e: Expr) -> bool:
    """Whether this is the number 1 or ones(..)."""
    return e is UNIT or (type(e) is Apply and e.head == "ones")


def coefficient(e: Expr) -> tuple[Rational, Expr]:
    """An expression as a number times the rest.

    >>> from matcalc.reading.parse import parse
    >>> coefficient(parse('-3*x', ['x in R^n']))
    (-3, <x>)
    """
    if type(e) is Apply and e.head == "*":
        first = e.args[0]
        if type(first) is Number:
            rest = e.args[1:]
            return first.value, rest[0] if len(rest) == 1 else Apply("*", rest, e.shape)
    return 1, e


def root_and_exponent(e: Expr) -> tuple[Expr, Expr]:
    """A square factor as base and exponent, which may be made of sizes."""
    if type(e) is Apply:
        if e.head == "inv":
            return e.args[0], MINUS
        if e.head == "^":
            return e.args[0], e.args[1]
    return e, UNIT


def is_root(base: Expr, exponent: Expr) -> bool:
    """Whether this is the square root of a matrix, or its inverse."""
    return base.shape != SCALAR and base.shape[0] is base.shape[1] and type(exponent) is Number and abs(exponent.value) == HALF.value


def is_integral(e: Expr) -> bool:
    """Whether this is an integer, or made of sizes and integers."""
    if type(e) is Number:
        return isinstance(e.value, int)
    if type(e) is Apply:
        raised = e.head == "^" and type(e.args[1]) is Number and e.args[1].value > 0
        return e.shape == SCALAR and (raised or e.head in ("+", "*")) and all(map(is_integral, e.args))
    return type(e) is Name and e.kind == "size"


def term_key(e: Expr) -> tuple[bool, str]:
    return (is_negative(e), coefficient(e)[1].text)


def scalar_key(e: Expr) -> tuple[bool, str]:
    return (e.has_d, e.text)


def factor_key(e: Expr) -> tuple[bool, bool, str]:
    """Where a scalar stands in a product: sums behind the other factors, s*(1 - s)."""
    return (e.has_d, type(e) is Apply and e.head == "+", e.text)


def has_transpose(e: Expr) -> bool:
    """Whether a term shows a transpose."""
    if type(e) is Apply:
        return e.head == "'" or (e.head == "*" and any(type(a) is Apply and a.head == "'" for a in e.args))
    return False


def written(parts: Iterable[Expr]) -> int:
    """How much is to be written for terms or factors one way round; the transpose of what is symmetric is not what anybody writes."""
    count = 0
    for e in parts:
        count += node_count(e)
        for a in e.args if type(e) is Apply and e.head == "*" else (e,):
            if type(a) is Apply and a.head == "'" and type(a.args[0]) is Name and a.args[0].words & SYMMETRY_WORDS:
                count += 2
    return count


def scalar_part(e: Expr) -> tuple[tuple[Expr, ...], Expr]:
    """The scalar factors of a product that is not scalar, and the rest.

    >>> from matcalc.reading.parse import parse
    >>> scalar_part(parse('c*d*A', ['c, d in R', 'A in R^(m,n)']))
    ((<c>, <d>), <A>)
    """
    if type(e) is Apply and e.head == "*" and e.args[0].shape == SCALAR and e.shape != SCALAR:
        split = next(i for i, a in enumerate(e.args) if a.shape != SCALAR)
        rest = e.args[split:]
        return e.args[:split], rest[0] if len(rest) == 1 else Apply("*", rest, e.shape)
    return (), e


def as_dim(e: Expr) -> Dim:
    """A size expression read back as a size."""
    if type(e) is Number and isinstance(e.value, int):
        return Dim.of(e.value)
    if type(e) is Name and e.kind == "size":
        return Dim.of(e.name)
    if type(e) is Apply and e.head in ("+", "*"):
        return reduce(add if e.head == "+" else mul, map(as_dim, e.args))
    if type(e) is Apply and e.head == "^" and type(e.args[1]) is Number and isinstance(e.args[1].value, int):
        return prod([as_dim(e.args[0])] * e.args[1].value, start=ONE)
    raise ShapeError(f"{e} is not a size")


def is_selection(e: Expr) -> bool:
    """Whether this is columns of the identity, or their transpose."""
    return type(e) is Apply and (e.head == "select" or e.head == "'" and type(e.args[0]) is Apply and e.args[0].head == "select")


class Overlap(Record):
    """What a product of two selections is: so many columns of eye(n) from the first on, perhaps transposed; zero without a first."""

    first: Dim | None
    many: Dim = ONE
    n: Dim = ONE
    transposed: bool = False


def overlap(a: Expr, b: Expr) -> Overlap | None:
    """The product of two selections, where what the one takes is surely within or beside what the other does."""
    assert type(a) is Apply and type(b) is Apply
    c, d = (e.args[0] if e.head == "'" else e for e in (a, b))
    assert type(c) is Apply and type(d) is Apply
    one, two, many, more = as_dim(c.args[0]), as_dim(d.args[0]), c.shape[1], d.shape[1]
    if a.head == b.head:
        return Overlap(one + two - ONE, more, c.shape[0]) if a is c else Overlap(one + two - ONE, many, d.shape[0], True)
    if a is c:
        return None
    if at_most(one + many, two) or at_most(two + more, one):
        return Overlap(None)
    if at_most(one, two) and at_most(two + more, one + many):
        return Overlap(two - one + ONE, more, many)
    if at_most(two, one) and at_most(one + many, two + more):
        return Overlap(one - two + ONE, many, more, True)
    return None


def part_of(e: Expr) -> Part:
    """What a term is a multiple of, how often, itself where no constructor would write it otherwise, and its place in a sum."""
    if type(e) is Number:
        return UNIT, e.value, e, (e.value < 0, e.text)
    c, rest = coefficient(e)
    return rest, c, e, (is_negative(e), rest.text)


def transposes(e: Apply) -> tuple[bool, int, int, int, str]:
    """How a product is transposed: of two ways to write it the one with less of this stays."""
    transposed = [a for a in e.args if type(a) is Apply and a.head == "'"]
    inside = sum(1 for a in transposed if a.args[0].shape[1] is not ONE)
    return (not is_selection(e.args[0]) and is_selection(e.args[-1]), inside, len(transposed), sum(node_count(a) for a in transposed),
            e.text)


def untransposed(f: Expr) -> Expr:
    """What is transposed, or the same."""
    return f.args[0] if type(f) is Apply and f.head == "'" else f


def is_transposed_sum(e: Expr) -> bool:
    """Whether this is a sum that is written transposed as a whole."""
    return type(e) is Apply and e.head == "'" and type(e.args[0]) is Apply and e.args[0].head == "+"


def is_plain(f: Expr) -> bool:
    """Whether a factor is a letter, its transpose, or an entry-wise function."""
    return type(f) is Name or type(f) is Apply and (f.head in ELEMENTWISE_NAMES or f.head == "'" and type(f.args[0]) is Name)


def lowest(k: Expr) -> int | None:
    """The least value of a sum or product of sizes and integers, where every size is at least 1; None for anything else."""
    if type(k) is Number:
        return int(k.value) if k.value % 1 == 0 else None
    if type(k) is Name:
        return 1 if k.kind == "size" else None
    if type(k) is Apply and k.head == "^" and k.shape == SCALAR:
        base, exponent = lowest(k.args[0]), lowest(k.args[1])
        return None if base is None or exponent is None or base < 0 or exponent < 0 else base and base ** min(exponent, 64)
    if type(k) is not Apply or k.shape != SCALAR or k.head not in ("+", "*"):
        return None
    parts = [p for a in k.args if (p := lowest(a)) is not None]
    if len(parts) < len(k.args):
        return None
    return sum(parts) if k.head == "+" else prod(parts) if min(parts) >= 0 else -1000       # -n has no least value


def node_count(e: Expr) -> int:
    """The number of nodes of the printed form: names, numbers, operators and calls.

    >>> from matcalc.reading.parse import parse
    >>> node_count(parse("x'*A*x", ['x in R^n', 'A in R^(n,n)']))
    6
    """
    found = e.count
    if found is None:
        found = e.count = _count(e)
    return found


def _count(e: Expr) -> int:
    if type(e) is Number:
        v = abs(e.value)
        return (3 if type(v) is Fraction and 1000 % v.denominator else 1) + (e.value < 0)
    assert type(e) is Apply
    head, args = e.head, e.args
    if head == "+":
        return len(args) - 1 + sum([a.count or node_count(a) for a in args]) - sum(map(is_negative, args[1:]))
    if head == "*" or head == ".*":
        total = len(args) - 1 + sum([a.count or node_count(a) for a in args])
        above = False
        for a in args:
            if head == "*" and type(a) is Number:
                if a.value == -1 and len(args) > 1:
                    total -= 2
                elif type(a.value) is Fraction and 1000 % a.value.denominator and abs(a.value.numerator) == 1:
                    total -= 2 if len(args) > 1 else 0
            elif type(a) is Apply and a.head in POWERS and type(a.args[1]) is Number and a.args[1].value < 0:
                total -= 2 if a.args[1].value == -1 else 1
            else:
                above = True
        return total if above else total + 2
    if is_unit(e) or is_zero(e):
        return 2 if e.shape[1] is ONE else 3
    if head == "select":
        return 2
    if head == "apply":
        return 1 + node_count(args[1])
    if head in POWERS and type(args[1]) is Number and args[1].value == -1:
        return 2 + node_count(args[0])
    return 1 + sum([a.count or node_count(a) for a in args])


def heads_in(e: Expr) -> frozenset[str]:
    """All operations in an expression.

    >>> from matcalc.reading.parse import parse
    >>> sorted(heads_in(parse('tr(inv(A))', ['A in R^(n,n)'])))
    ['inv', 'tr']
    """
    if type(e) is not Apply:
        return NO_HEADS
    found = e.heads
    if found is None:
        found = e.heads = _together(e.head, *set(map(heads_in, e.args)))
    return found


@lru_cache(1_024)
def _together(head: str, *within: frozenset[str]) -> frozenset[str]:
    """The heads of a node: one set for all nodes that have these."""
    return frozenset((head,)).union(*within)


def names_of(roots: Iterable[Expr], bodies: Mapping[Name, Expr]) -> set[Name]:
    """The names in some expressions, and in the definitions that these use."""
    return set(reachable((n for e in roots for n in e.names), lambda n: bodies[n].names if n in bodies else ()))


def transpose_count(e: Expr) -> int:
    """How many transposes stand in an expression."""
    return (e.head == "'") + sum(map(transpose_count, e.args)) if type(e) is Apply else 0
