"""The letters of a chain, recognised by their values at a random point up to a simple factor, which a normal form then confirms."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from fractions import Fraction
from math import inf, isclose, isfinite

from .monomial import Head, Sum

NEAR = 1e-7
SIMPLE, LARGE = 64, 4_096       # the largest denominator of a multiple that is recognised, and the largest multiple
RATIOS = tuple(dict.fromkeys(p / q for top in range(1, SIMPLE + 1) for p in range(1, top + 1) for q in range(1, top + 1)
                             if max(p, q) <= 12 or min(p, q) == 1))      # of a number, the simplest first
Mark = tuple[float, ...]


def _turned(mark: Mark) -> float:
    """One entry in terms of the other: the same for every multiple."""
    return mark[-1] / mark[0] if mark[0] else inf


def _multiple(a: Mark, b: Mark) -> Fraction | None:
    """The simple fraction of b that a is."""
    which = max(range(len(b)), key=lambda k: abs(b[k]))
    ratio = a[which] / b[which]
    q = Fraction(ratio).limit_denominator(SIMPLE) if isfinite(ratio) else Fraction(0)
    return q if q and abs(q) <= LARGE and all(isclose(x, q * y, rel_tol=NEAR, abs_tol=1e-300) for x, y in zip(a, b, strict=True)) else None


class Known:
    """The letters of one shape, each where its multiples are looked for: by one entry in terms of another, a number by its size."""

    def __init__(self) -> None:
        self.places: list[float] = []
        self.letters: list[tuple[Mark, Letter]] = []

    def add(self, mark: Mark, letter: Letter) -> None:
        """Keep a letter by its mark, in the order of where it lies."""
        place = abs(mark[0]) if len(mark) == 1 else _turned(mark)
        k = bisect_left(self.places, place)
        self.places.insert(k, place)
        self.letters.insert(k, (mark, letter))

    def near(self, place: float) -> Iterator[tuple[Mark, Letter]]:
        """Those at a place."""
        width = NEAR * abs(place) if place < inf else 0.0
        for k in range(bisect_left(self.places, place - width), len(self.places)):
            if self.places[k] > place + width:
                break
            yield self.letters[k]

    def multiples(self, mark: Mark) -> Iterator[tuple[Fraction, Letter]]:
        """The letters that this is a simple multiple of."""
        for place in [abs(mark[0]) * r for r in RATIOS] if len(mark) == 1 else [_turned(mark)]:
            for other, letter in self.near(place):
                q = _multiple(mark, other)
                if q is not None:
                    yield q, letter


class Letter:
    """A name, a derivative with respect to a name, or a slope: its head, what it stands for, how early it is replaced, and how it is
    written where it was found."""

    def __init__(self, head: Head, body: Sum, rank: tuple[int, int], written: Sum) -> None:
        self.head, self.body, self.rank, self.written = head, body, rank, written
