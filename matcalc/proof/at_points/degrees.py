"""How large sizes must be for an identity to have no room to fail only later: degrees counted through a whole expression.

A polynomial identity in the entries of matrices may hold for small sizes only (a determinant of n + 1 rows vanishes at n); with
as many rows as indices it sums over, it cannot. And a polynomial in n may vanish at as many sizes as its degree.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from fractions import Fraction
from math import ceil, comb, prod

from ...language.expr import Apply, Dim, Expr, Name, Number
from ...language.inspection import is_unit, is_zero
from ...language.operations import CONSTANTS, DERIVED, ELEMENTWISE_NAMES, MINORS, POWERS, PRODUCTS
from ...language.recognition import differentiated
from ...language.traversal import folded, operands
from ...records import Record

# every index of a matrix is joined to one other
PAIRED = frozenset(("+", "*", "^", "'", "tr", "inv", "det", "adj", "logdet", "expm", "expm_frechet", "eye", "zeros", "vec", "unvec",
                    "kron", "comm", "norm2", "derivative", "d", "log", "exp", "sqrt", "abs"))
TWICE = frozenset(("norm2", "softmax", "softmax_rows", "logsumexp", "logsumexp_rows", "expm_frechet"))
Count = Counter[tuple[str, str]]
ROOTS = frozenset(("sqrt", "log"))      # of a product of sizes: of one degree at most
MANY, TALL = 30, 60      # exponentials that are too many to tell apart; nodes above one another
ALL = ""        # the size whose power is that of all sizes together


class Degree(Record):
    """Above and below a fraction: for each size the indices of variables ("index", n), and the power of the sizes themselves.
    `waves`: how many exponentials in a size there are at most, as in 2^n + 3^n; 0 where there is none."""

    above: Count
    below: Count
    waves: int = 0


class Bounds(Record):
    """For each size the least at which nothing is degenerate, the degree in the sizes together, and the largest number that is added
    to a size: so many rows more than columns may be needed."""

    least: dict[str, int]
    degree: int
    gap: int


def bounds(roots: Iterable[Expr], bodies: Mapping[Name, Expr], heads: Collection[str], names: list[str]) -> Bounds:
    """Of an equation between any two of the roots."""
    found = _Degrees(bodies)
    roots = list(roots)
    degrees = [found.of(e) for e in roots]
    below: Count = Counter()
    above: Count = Counter()
    for d in degrees:
        below += d.below
        above |= d.above
    above += below
    free: Count = Counter()
    for e in roots:
        free |= _dims("index", e.shape)
    above += free           # of an equation between matrices every entry is one: that is the sum with another matrix
    paired = PAIRED.issuperset(heads)
    least = {n: max(2, ceil(above["index", n] / 2) if paired else above["index", n]) for n in names}
    waves = sum(d.waves for d in degrees)
    return Bounds(least, (above["size", ALL] + 1) * max(1, waves) - 1, max((_added(e) for e in found.memo), default=0))


def _added(e: Expr) -> int:
    """The number in a size such as n + 5."""
    return max((count for d in e.shape if d.names for names, count in d.terms if not names), default=0)


def _monomial(e: Expr) -> bool:
    """A product of numbers and sizes, whose root is in one piece."""
    return type(e) is Number and e.value > 0 or type(e) is Name and e.kind == "size" or type(e) is Apply and (
        e.head == "*" and all(map(_monomial, e.args)) or e.head == "^" and _monomial(e.args[0]) and type(e.args[1]) is Number)


class _Degrees:
    def __init__(self, bodies: Mapping[Name, Expr]) -> None:
        self.bodies = bodies
        self.memo: dict[Expr, Degree] = {}
        self.constant: set[Name] = set()        # the defined names that depend on sizes at most
        for name, body in bodies.items():
            if body.names <= self.constant:
                self.constant.add(name)

    def of(self, root: Expr) -> Degree:
        """The degree of an expression, definitions looked through."""
        return folded(root, self.memo, self._needs, self._of)

    def _needs(self, e: Expr) -> tuple[Expr, ...]:
        if type(e) is Apply:
            return operands(e)
        return (self.bodies[e],) if type(e) is Name and e in self.bodies else ()

    def _of(self, e: Expr) -> Degree:
        none: Count = Counter()
        if type(e) is Number:
            return Degree(none, none)
        if type(e) is Name:
            if e in self.bodies:
                return self.memo[self.bodies[e]]
            return Degree(Counter({("size", ALL): 1}) if e.kind == "size" else _dims("index", e.shape), none)
        assert type(e) is Apply
        head = e.head
        if head in CONSTANTS:
            return Degree(none if is_zero(e) else _dims("size", e.shape if is_unit(e) else e.shape[:1]), none)
        parts = [self.memo[a] for a in self._needs(e)]
        waves = [p.waves for p in parts]
        if head == "+":
            below = sum((p.below for p in parts), Counter())
            above: Count = Counter()
            for p in parts:
                above |= p.above + below - p.below
            return Degree(above, below, sum(waves) + (0 in waves) if any(waves) else 0)
        if head in PRODUCTS:
            return Degree(sum((p.above for p in parts), Counter()), sum((p.below for p in parts), Counter()),
                          prod(w for w in waves if w) if any(waves) else 0)
        if head in POWERS:
            return _power(e, parts)
        if head in DERIVED or head == "apply":
            at = e.args[-1] if differentiated(e) is None else e
            more = _dims("size", at.shape) + (_dims("index", e.shape) if head == "apply" else Counter())
            return Degree(parts[0].above + more, parts[0].below, parts[0].waves)
        both = sum((p.above + p.below for p in parts), Counter())
        most = max(waves, default=0)
        sized = both["size", ALL] or most
        if sized and head in ELEMENTWISE_NAMES and e.names <= self.constant and not (head in ROOTS and _monomial(e.args[0])):
            linear = head == "exp" and parts[0].above["size", ALL] == 1 and not (parts[0].below or most)
            return Degree(Counter({("size", ALL): 1}), none, 1 if linear else MANY)       # sin(n) may vanish at any number of sizes
        if head in MINORS:
            rows = e.args[0].shape[0]
            if rows.number is not None:
                both = Counter({s: rows.number * c for s, c in both.items()})
            elif _numbered(e.args[0]):
                most = max(most, 1)
        return Degree(both + both if head in TWICE else both, none, most)


def _numbered(e: Expr) -> bool:
    """Whether there is a number in an expression but 1 and -1."""
    return type(e) is Number and abs(e.value) != 1 or type(e) is Apply and e.height < TALL and any(map(_numbered, e.args))


def _power(e: Apply, parts: list[Degree]) -> Degree:
    base, exponent = e.args[0], e.args[1]
    above, below, waves = parts[0]
    if type(exponent) is not Number:
        extra: Count = Counter({s: max(3, c) for s, c in parts[1].above.items()})      # a power of a size is not a polynomial in it
        grows = bool(parts[0].waves) or above["size", ALL] > 0
        return Degree(above + above + extra, below + below, MANY if grows else 1 if parts[1].above["size", ALL] else 0)
    value = Fraction(exponent.value)
    k = ceil(abs(value))
    if value < 0 and (e.head == ".^" or base.shape == e.shape and all(d.number == 1 for d in e.shape)):
        above, below = below, above
    waves = comb(waves + k - 1, k) if waves and k < MANY else min(waves, 1)
    return Degree(Counter({s: k * c for s, c in above.items()}), Counter({s: k * c for s, c in below.items()}), min(waves, MANY))


def _dims(kind: str, dims: Iterable[Dim]) -> Count:
    """Once for each dimension a size name occurs in."""
    return Counter((kind, ALL if kind == "size" else n) for d in dims for n in d.names)
