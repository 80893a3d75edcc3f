"""Derivatives under a declared structure: which directions are allowed, and what the claim is summed with.

Let X be symmetric and u any matrix. Along U with U_ij = u_ij + u_ji off the diagonal and U_ii = u_ii, the derivative is
the sum over i <= j of C_ij*U_ij, C_ij being the derivative in the independent entry X_ij. If C is symmetric that is the
sum over all i, j of C_ij*u_ij; if it is not, a random u tells. So the claim is summed with u. The others go the same way.
"""

from __future__ import annotations


from .jets import Flat, Jet, Scalar
from .ring import Ring
from ..joint_structure import joint

FIXED = frozenset(("zero", "identity", "signs"))        # isolated values, which do not move


def within(words: frozenset[str], i: int, j: int) -> bool:
    """Whether a matrix with these words may have another entry than 0 at a place."""
    return not ("diagonal" in words and i != j or "lower" in words and i < j or "upper" in words and i > j)


def structured_contraction(words: frozenset[str], u: Flat, n: int, zero: Scalar) -> tuple[Flat, Flat]:
    """A direction with the structure, and the weights the claim is summed with."""
    if len(u) != n * n:
        return u, u
    if len(words) > 1:
        words = joint(words)
    at = [(k // n, k % n) for k in range(n * n)]
    if words & {"diagonal", "lower", "upper"}:
        return [x if within(words, *place) else zero for x, place in zip(u, at, strict=True)], list(u)
    if words & {"symmetric", "spd", "skew"}:
        skew = "skew" in words
        direction = []
        for i, j in at:
            a, b = u[i * n + j], u[j * n + i]
            direction.append((zero if i == j else a - b) if skew else (a if i == j else a + b))
        return direction, list(u)
    return u, u


def tangent(ring: Ring, words: frozenset[str], value: Flat, u: Flat, rows: int, columns: int) -> Flat:
    """How a structured matrix moves, made of any direction u: rows that sum to 1 keep that, an orthogonal Q goes along Q*K, K skew."""
    square = rows == columns > 1
    words = joint(words) if square and len(words) > 1 else words
    if words & FIXED:
        return [ring.zero] * len(u)
    if "simplex" in words:
        count = rows if columns == 1 else columns
        kept = structured_contraction(words - {"simplex", "positive"}, u, rows, ring.zero)[0] if square else u
        return [ring.scale(ring.number(-1), [ring.total([x for j, x in enumerate(line) if j != own] or [ring.zero])])[0] if k == own else y
                for i in range(0, len(u), count) for line in [kept[i:i + count]]
                for own in [i // count if square else count - 1] for k, y in enumerate(line)]
    if not square:
        return [ring.zero] if words & {"skew", "orthogonal"} else u
    if not words & {"orthogonal", "reflection", "turn"}:
        return structured_contraction(words, u, rows, ring.zero)[0]
    free, at = Jet(rows, rows, {0: u}), Jet(rows, rows, {0: value})
    skew = ring.add(free, ring.multiple(-1, ring.transpose(free)))
    out = ring.matmul(at, skew)
    if "orthogonal" not in words:
        out = ring.add(out, ring.multiple(-1, ring.matmul(skew, at)))
    found: Flat = out.parts[0]
    return found
