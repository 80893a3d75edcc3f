"""Products of determinants that are equal by det(M)*det(N) = det(M*N): a difference of two, or of their logarithms."""

from __future__ import annotations

from collections.abc import Iterator
from functools import reduce
from itertools import permutations, product

from ...language.shape import Dim
from .matrices import inverse
from .monomial import UNITY, Head, Monomial, Rational, Sum, alone
from .normalform import Algebra
from .matrix_words import identity, times, transposed

MOST = 4        # determinants in all
Powers = list[tuple[Head, Rational]]


def equal(alg: Algebra, s: Sum) -> bool:
    """Whether a difference of two products of determinants vanishes, or a sum of multiples of log|det|, as one matrix is the product of
    the others or of their inverses, transposed or not, in some order."""
    found = _ratio(alg, s) or _logarithms(alg, s) or []
    powers = [one for one in found if one[0].kind == "det"]
    if not 2 <= len(powers) <= MOST or len({head.extra for head, _ in powers}) != 1 or any(abs(e) != 1 for _, e in powers):
        return False
    dims: tuple[Dim, ...] = powers[0][0].extra
    signs = [one for one in found if one not in powers]      # (-1)^n, which is det(-I)
    if len(dims) != 1 or any(alg.size(dims[0]) != {head.extra: 1} for head, _ in signs):
        return False
    (dim,) = dims
    opposite = sum(e for _, e in signs) % 2
    for k, (one, sign) in enumerate(powers):
        asked = alg.scaled(one.template, -1) if opposite else one.template
        others = [_ways(alg, head, -e * sign, dim) for j, (head, e) in enumerate(powers) if j != k]
        for ordered in permutations(others):
            for chain in product(*ordered):
                if reduce(lambda a, b: times(alg, a, b, dim), chain, identity()) == asked:
                    return True
    return False


def _ways(alg: Algebra, head: Head, e: Rational, dim: Dim) -> tuple[Sum, ...]:
    """A determinant's matrix or its inverse, and the transpose where that is another."""
    matrix = head.template if e > 0 else inverse(alg, head.template, (dim,))
    other = transposed(alg, matrix)
    return (matrix,) if other == matrix else (matrix, other)


def _ratio(alg: Algebra, s: Sum) -> Powers | None:
    """A product of determinants that is 1 where a difference of two products vanishes."""
    if len(s) != 2 or len({abs(c) for c in s.values()}) != 1 or len(set(s.values())) != 2 or any(m[1] for m in s):
        return None
    (left, _), (right, _) = s
    powers: dict[int, Rational] = {}
    for factors, sign in ((left, 1), (right, -1)):
        for h, args, e in factors:
            powers[h] = powers.get(h, 0) + sign * e
            if args:
                return None
    found = [(alg.heads[h], e) for h, e in powers.items() if e]
    return found if all(head.kind == "det" or head.kind == "integer power" and head.template == {UNITY: -1}
                        for head, _ in found) else None


def _logarithms(alg: Algebra, s: Sum) -> Powers | None:
    """The same of a sum of multiples of log|det|."""
    found = [one for m, c in s.items() for one in _logarithm(alg, m, c)]
    return found if len(found) == len(s) else None


def _logarithm(alg: Algebra, m: Monomial, c: Rational) -> Iterator[tuple[Head, Rational]]:
    """The determinant that a term is a multiple of the logarithm of."""
    logarithm = alone({m: c})
    if logarithm is not None and alg.heads[logarithm[0]].kind in ("log", "log abs"):
        inner = alone(alg.heads[logarithm[0]].template)
        if inner is not None and inner[2] == 1 and alg.heads[inner[0]].kind == "det":
            yield alg.heads[inner[0]], c
