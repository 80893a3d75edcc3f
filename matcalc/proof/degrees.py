"""How large sizes must be for an identity to have no room to fail only later: degrees counted through a whole expression.

A polynomial identity in the entries of matrices may hold for small sizes only (a determinant of n + 1 rows vanishes at n); with
as many rows as indices it sums over, it cannot. And a polynomial in n may vanish at as many sizes as its degree.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from fractions import Fraction
from math import ceil
from typing import NamedTuple

from ..language.expr import Apply, Dim, Expr, Name, Number

# every index of a matrix is joined to one other
PAIRED = frozenset(("+", "*", "^", "'", "tr", "inv", "det", "adj", "logdet", "expm", "expm_frechet", "eye", "zeros", "vec", "unvec",
                    "kron", "comm", "norm2", "derivative", "d", "log", "exp", "sqrt", "abs"))
TWICE = frozenset(("norm2", "softmax", "softmax_rows", "logsumexp", "logsumexp_rows", "expm_frechet"))
Count = Counter[tuple[str, str]]
ALL = ""        # the size whose power is that of all sizes together


class Degree(NamedTuple):
    """Above and below a fraction: for each size the indices of variables ("index", n), and the power of the sizes themselves."""

    above: Count
    below: Count


class Bounds(NamedTuple):
    """For each size the least at which nothing is degenerate, and the degree in the sizes together."""

    least: dict[str, int]
    degree: int


def bounds(roots: Iterable[Expr], bodies: Mapping[Name, Expr], heads: set[str], names: list[str]) -> Bounds:
    """Of an equation between any two of the roots."""
    found = _Degrees(bodies)
    degrees = [found.of(e) for e in roots]
    below: Count = Counter()
    above: Count = Counter()
    for d in degrees:
        below += d.below
        above |= d.above
    above += below
    paired = heads <= PAIRED
    least = {n: max(2, ceil(above["index", n] / 2) if paired else above["index", n]) for n in names}
    return Bounds(least, above["size", ALL])


class _Degrees:
    def __init__(self, bodies: Mapping[Name, Expr]) -> None:
        self.bodies = bodies
        self.memo: dict[Expr, Degree] = {}

    def of(self, root: Expr) -> Degree:
        """The degree of an expression, definitions looked through."""
        stack = [root]
        while stack:
            e = stack[-1]
            waiting = [a for a in self._needs(e) if a not in self.memo]
            if e in self.memo or not waiting:
                stack.pop()
                if e not in self.memo:
                    self.memo[e] = self._of(e)
            else:
                stack += waiting
        return self.memo[root]

    def _needs(self, e: Expr) -> tuple[Expr, ...]:
        if type(e) is Apply:
            return () if e.head in ("eye", "ones", "zeros", "comm") else e.args[1:] if e.head == "apply" else e.args
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
        if head in ("eye", "comm"):
            return Degree(_dims("size", e.shape[:1]), none)
        if head in ("ones", "zeros"):
            return Degree(_dims("size", e.shape) if head == "ones" else none, none)
        parts = [self.memo[a] for a in self._needs(e)]
        if head == "+":
            below = sum((p.below for p in parts), Counter())
            above: Count = Counter()
            for p in parts:
                above |= p.above + below - p.below
            return Degree(above, below)
        if head in ("*", ".*", "kron"):
            return Degree(sum((p.above for p in parts), Counter()), sum((p.below for p in parts), Counter()))
        if head in ("^", ".^"):
            return _power(e, parts)
        if head in ("derivative", "d", "apply"):
            at = e.args[-1] if head != "d" else e
            more = _dims("size", at.shape) + (_dims("index", e.shape) if head == "apply" else Counter())
            return Degree(parts[0].above + more, parts[0].below)
        both = sum((p.above + p.below for p in parts), Counter())
        return Degree(both + both if head in TWICE else both, none)


def _power(e: Apply, parts: list[Degree]) -> Degree:
    base, exponent = e.args[0], e.args[1]
    above, below = parts[0]
    if type(exponent) is not Number:
        extra: Count = Counter(dict.fromkeys(parts[1].above, 3))      # a power of a size is no polynomial in it
        return Degree(above + above + extra, below + below)
    value = Fraction(exponent.value)
    k = ceil(abs(value))
    if value < 0 and (e.head == ".^" or base.shape == e.shape and all(d.number == 1 for d in e.shape)):
        above, below = below, above
    return Degree(Counter({s: k * c for s, c in above.items()}), Counter({s: k * c for s, c in below.items()}))


def _dims(kind: str, dims: Iterable[Dim]) -> Count:
    """Once for each dimension a size name occurs in."""
    return Counter((kind, ALL if kind == "size" else n) for d in dims for n in d.names)
