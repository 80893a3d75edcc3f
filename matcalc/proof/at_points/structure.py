"""Derivatives under a declared structure: which directions are allowed, and what the claim is summed with.

Let X be symmetric and u any matrix. Along U with U_ij = u_ij + u_ji off the diagonal and U_ii = u_ii, the derivative is
the sum over i <= j of C_ij*U_ij, C_ij being the derivative in the independent entry X_ij. If C is symmetric that is the
sum over all i, j of C_ij*u_ij; if it is not, a random u tells. So the claim is summed with u. The others go the same way.
"""

from __future__ import annotations

from typing import Any

from .jets import Flat
from ..several import joint


def structured_contraction(words: frozenset[str], u: Flat, n: int, zero: Any) -> tuple[Flat, Flat]:
    """A direction with the structure, and the weights the claim is summed with."""
    if len(u) != n * n:
        return u, u
    if len(words) > 1:
        words = joint(words)
    at = [(k // n, k % n) for k in range(n * n)]
    if "diagonal" in words:
        return [x if i == j else zero for x, (i, j) in zip(u, at, strict=True)], list(u)
    if "lower" in words or "upper" in words:
        sign = 1 if "lower" in words else -1
        return [x if sign * (i - j) >= 0 else zero for x, (i, j) in zip(u, at, strict=True)], list(u)
    if words & {"symmetric", "spd", "skew"}:
        skew = "skew" in words
        direction = []
        for i, j in at:
            a, b = u[i * n + j], u[j * n + i]
            direction.append((zero if i == j else a - b) if skew else (a if i == j else a + b))
        return direction, list(u)
    return u, u
