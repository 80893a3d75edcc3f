"""How the exponential of a matrix template is taken apart: by a similarity, or over the parts of a Kronecker sum."""

from __future__ import annotations

from collections.abc import Callable

from ...language.shape import Dim
from .monomial import Factor, Head, Sum, factors
from .normalform import DELTA, Algebra
from .matrix_words import end_letter, length, times, transposed


def similar(alg: Algebra, s: Sum, dim: Dim, inverse_of: Callable[[Algebra, Head, Dim], Sum],
            orthogonally: bool = False) -> tuple[Sum, Sum, Sum] | None:
    """P, M and inv(P) of a template P*M*inv(P), where M has fewer factors: expm(P*M*inv(P)) = P*expm(M)*inv(P), and so are powers; where
    M has to be symmetric, too, P is orthogonal."""
    for m in s:
        for end in (-1, -2):
            found = end_letter(alg, m, end)
            if found is None or found[0].kind not in ("variable", "inverse") or found[0].kind == "variable" and end == -2:
                continue
            if orthogonally and not (found[0].kind == "variable" and "orthogonal" in (found[0].extra or ())):
                continue
            # at the left end P itself; what stands there as inv(P) is taken as a P of its own
            head, flipped = found
            letter = alg.atom(head, (-2, -1) if flipped else (-1, -2))
            inverse = inverse_of(alg, head, dim)
            inverse = transposed(alg, inverse) if flipped else inverse
            left, right = (letter, inverse) if end == -1 else (inverse, letter)
            inner = times(alg, times(alg, right, s, dim), left, dim)
            if length(inner) < length(s):
                return left, inner, right
    return None


def parts_of_sum(alg: Algebra, s: Sum, k: int) -> list[Sum] | None:
    """A, B, .. of a Kronecker sum kron(A, eye) + kron(eye, B), whose exponential is kron(expm(A), expm(B)): every term is an identity at
    all of the k pairs of indices but one."""
    parts: list[Sum] = [{} for _ in range(k)]
    for m, c in s.items():
        identities: list[Factor] = [(DELTA, (-i - 1 - k, -i - 1), 1) for i in range(k)]
        met = {a for f in factors(m) if f not in identities for a in f[1]}
        away = [i for i in range(k) if identities[i] not in m[0] or -i - 1 in met or -i - 1 - k in met]
        if len(away) > 1:
            return None
        at = away[0] if away else 0
        others = [f for i, f in enumerate(identities) if i != at]
        part: Sum = {(tuple(f for f in m[0] if f not in others), m[1]): c}
        parts[at] = alg.add(parts[at], alg.renamed(part, {-at - 1: -1, -at - 1 - k: -2}))
    return parts
