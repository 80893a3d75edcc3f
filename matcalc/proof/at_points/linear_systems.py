"""Linear systems of equations at a point, in exact numbers or in floating point: one solution, the least one."""

from __future__ import annotations

from fractions import Fraction
from operator import mul

from .jets import Flat, Singular
from .ring import Ring

_MINUS_ONE = Fraction(-1)


def shortest(ring: Ring, columns: list[Flat], right: Flat) -> Flat:
    """The least solution: it leaves the point near where it was drawn."""
    count = len(right)
    gram = [[sum(c[i] * c[j] for c in columns) for i in range(count)] for j in range(count)]
    y = particular(ring, gram, right)
    return [sum(map(mul, c, y)) for c in columns]


def particular(ring: Ring, columns: list[Flat], right: Flat) -> Flat:
    """One solution of a linear system with fewer equations than unknowns, or dependent ones."""
    size, count = len(columns), len(right)
    rows = [[c[i] for c in columns] + [right[i]] for i in range(count)]
    pivots: list[tuple[int, int]] = []
    for c in range(size - 1, -1, -1):
        left = range(len(pivots), count)
        best = max(left, key=lambda r: abs(rows[r][c]), default=None)
        if best is None:
            break
        if abs(rows[best][c]) <= (0 if ring.exact else 1e-7):
            continue
        r = len(pivots)
        rows[r], rows[best] = rows[best], rows[r]
        rows[r] = ring.scale(ring.function(_MINUS_ONE, [rows[r][c]])[0], rows[r])
        for other in range(count):
            if other != r and rows[other][c]:
                rows[other] = ring.plus(rows[other], ring.scale(-rows[other][c], rows[r]))
        pivots.append((r, c))
    if any(abs(rows[r][-1]) > (0 if ring.exact else 1) for r in range(len(pivots), count)):
        raise Singular("the equations contradict each other")
    out = [ring.zero] * size
    for r, c in pivots:
        out[c] = rows[r][-1]
    return out
