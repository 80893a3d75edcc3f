"""Matrices of numbers that carry their derivatives: forward mode, to any order, over any kind of number.

A jet has one flat list of entries (row by row) for each set of directions, a set being the bits of an integer: parts[0] is
the value, parts[1] and parts[2] the derivatives along two directions, parts[3] along both. A missing part is zero. What is
done with jets is in ring.py.

A direction may be one of several that are followed at once, of which no product counts: they have the same bit, and by their bits
above the lowest LEVELS a number, so that each is seen in its derivatives and no two of them meet.
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from functools import lru_cache
from typing import Any

Scalar = Any       # an entry: an integer modulo M, a float or a Decimal, as the ring has it
Flat = list[Scalar]
Function = str | Fraction
LEVELS, NUMBERED = 12, 5       # so many bits are directions; so many more for each of them number what is followed at once


class Singular(Exception):
    """Division by zero at this point; another point may do."""


class OutsideDomain(Exception):
    """A function is not defined at this point; another point may do."""


class AssumptionUnmet(OutsideDomain):
    """An assumption does not hold here: the one named, or not all of them."""


class Large(OutsideDomain):
    """Values too large to compare."""


class TooLarge(Exception):
    """More than a quick judge looks at: the rows and columns of a matrix, or of the two of a product."""


class Unsupported(Exception):
    """This kind of number lacks a function."""


NO_VALUE = (Unsupported, TooLarge, Singular, OutsideDomain, ArithmeticError)     # why an expression has none at a point


class Jet:
    """An m x n matrix and its derivatives."""

    __slots__ = ("m", "n", "parts")

    def __init__(self, m: int, n: int, parts: dict[int, Flat]) -> None:
        self.m, self.n, self.parts = m, n, parts


def breaks_at_zero(f: Function) -> bool:
    """Whether a function is not smooth where its argument is 0: a logarithm, a sign, a root, a negative power."""
    return f in ("log", "sign") if isinstance(f, str) else f < 0 or f.denominator > 1


def numbered(bit: int, k: int) -> int:
    """The key of the k-th of the directions with this bit."""
    return bit | k << LEVELS + NUMBERED * (bit.bit_length() - 1)


def beyond(keys: Iterable[int]) -> int:
    """The bit above those of all directions."""
    return 1 << (max([s & (1 << LEVELS) - 1 for s in keys], default=0)).bit_length()


def split(u: Jet) -> tuple[Jet, Jet, int]:
    """u as low + epsilon*high for its highest direction."""
    bit = beyond(u.parts) >> 1
    low, high = {}, {}
    for s, v in u.parts.items():
        if s & bit:
            high[s ^ bit] = v
        else:
            low[s] = v
    return Jet(u.m, u.n, low), Jet(u.m, u.n, high), bit


def join(low: Jet, high: Jet, bit: int) -> Jet:
    """low + epsilon*high."""
    parts = dict(low.parts)
    for s, v in high.parts.items():
        parts[s | bit] = v
    return Jet(low.m, low.n, parts)


@lru_cache(maxsize=4096)
def places(kind: str, m: int, n: int) -> tuple[int, ...]:
    """Where each entry of the result comes from in an m x n matrix; m*n stands for a zero.

    >>> places("'", 2, 3)
    (0, 3, 1, 4, 2, 5)
    """
    if kind == "'":
        return tuple(i * n + j for j in range(n) for i in range(m))
    if kind == "unvec":
        return tuple(j * m + i for i in range(m) for j in range(n))
    if kind == "diag":
        return tuple(i if i == j else m for i in range(m) for j in range(m))
    return tuple(range(0, m * m, m + 1))
