"""Normal forms evaluated at a random point in floating point: never a proof, but a quick look at what may hold."""

from __future__ import annotations

from random import Random

from ...language.shape import Dim
from .monomial import Head, Sum, settle
from .normalform import Algebra
from .summation import Summation, inverted

INDICES, LARGEST, SEEN = 7, 3, 6
LONG = 40            # indices of a sum that is looked at once, at the end
ROUNDING, TINY = 1e-6, 1e-8      # of the terms of a sum: what is larger is not an error of rounding
NONE = (ValueError, ArithmeticError, TypeError, AssertionError)


class Sampled(Summation):
    """A random point: small sizes, a random value for every variable, and for every letter the value it stands for."""

    def __init__(self, alg: Algebra, least: int = 2, period: int = 2, shift: int = 0) -> None:
        super().__init__(alg)
        self.least, self.period, self.shift = least, period, shift
        self.random = Random(20261122)
        self.entries: dict[tuple[int, tuple[int, ...]], float] = {}
        self.chosen: dict[str, int] = {}
        self.doubtful = False       # whether a size was made smaller, a place may lie beyond one, or a denominator is nearly 0

    def size(self, d: Dim) -> int:
        """2 or 3 for a letter (or a little more); a number stays, if it is not large."""
        if d.number is not None:
            self.doubtful = self.doubtful or d.number > LARGEST
            return min(d.number, LARGEST)
        for n in sorted(d.names):
            self.chosen.setdefault(n, self.least + (len(self.chosen) + self.shift) % self.period)
        value = d.value(self.chosen)
        self.doubtful = self.doubtful or value < 1
        return value

    def whole(self, d: Dim) -> int:
        """The same; a number that is large is not looked at."""
        if d.number is not None and d.number > LARGEST:
            raise ValueError(f"{d} is too large here")
        self.doubtful = True
        return self.size(d)

    def atom(self, head: Head, index: tuple[int, ...]) -> float:
        """One entry of an atom; what is nearly 0 or very large may be so by rounding."""
        value = super().atom(head, index)
        self.doubtful = self.doubtful or head.kind != "variable" and value != 0 and not TINY < abs(value) < 1 / TINY
        return value

    def variable(self, head: Head, index: tuple[int, ...]) -> float:
        """Random, but for the structure words."""
        index, sign = settle(head, index)
        words = head.extra or ()
        off = len(index) == 2 and index[0] != index[1]
        if (head.skew and not off) or ("lower" in words and index[0] < index[-1]) or ("upper" in words and index[0] > index[-1]):
            return 0.0
        if "orthogonal" in words:
            return float(not off)
        if "simplex" in words:
            return 1.0 / self.size(head.dims[-1]) if head.dims else 1.0
        value = self.entries.get((head.id, index))
        if value is None:
            value = self.random.uniform(0.2, 0.9)
            if not head.nonnegative and self.random.random() < 0.5:
                value = -value
            if "spd" in words:
                value = value / 4 if off else 1 + abs(value)
            self.entries[head.id, index] = value
        return sign * value

    def learn(self, head: Head, body: Sum) -> None:
        """A letter's values from what it stands for; without them where that has none at this point."""
        for index in self.indices(head.dims):
            self.entries[head.id, index] = self.at(body, index)

    def seen(self, dims: tuple[Dim, ...], s: Sum, most: int = INDICES) -> tuple[float, ...] | None:
        """A few entries of a sum, the first and the last among them, by which it is recognised; none where it has no value, or
        too long a sum."""
        if any(a >= most for m in s for part in m[1] for _, args, _ in part for a in args):
            return None
        places = self.indices(dims)
        if len(places) > SEEN:
            places = [*places[:SEEN - 1], places[-1]]
        try:
            return tuple([self.at(s, at) for at in places])
        except NONE:
            return None

    def differs(self, dims: tuple[Dim, ...], s: Sum) -> bool:
        """Whether a sum is surely not zero here, by far more than rounding makes of one that is."""
        terms: list[tuple[float, ...]] = []
        for m, c in s.items():
            term = self.seen(dims, {m: c}, LONG)
            if term is None or self.doubtful:
                return False
            terms.append(term)
        return any(abs(sum(entry)) > ROUNDING * sum(map(abs, entry)) for entry in zip(*terms, strict=True))


def invertible(alg: Algebra, s: Sum, dims: tuple[Dim, ...]) -> bool:
    """Whether a matrix template has an inverse at random points of even and of odd size, so at almost every point.

    A skew matrix of odd size has none, nor has x*y': what holds for an inverse need not hold for their adjugate.
    """
    return all(_regular(alg, s, dims, least) is True for least in (2, 3))


def never_invertible(alg: Algebra, s: Sum, dims: tuple[Dim, ...]) -> bool:
    """Whether it has none at random points of several sizes, equal and different ones, none of which is 1."""
    return all(_regular(alg, s, dims, *sizes) is False for sizes in ((2, 1), (3, 1), (2, 2), (2, 2, 1)))


def _regular(alg: Algebra, s: Sum, dims: tuple[Dim, ...], least: int, period: int = 2, shift: int = 0) -> bool | None:
    """Whether it has an inverse at one point; None where it has no value there."""
    look = Sampled(alg, least, period, shift)
    try:
        return abs(inverted(look.matrix(dims, dims, s))[1]) > 1e-9
    except NONE:
        return None
