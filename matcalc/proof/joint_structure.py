"""Several structure words on one name: what they imply together, and a matrix that satisfies all of them."""

from __future__ import annotations

from fractions import Fraction
from functools import lru_cache

from .at_points.jets import Flat, Jet, Unsupported, OutsideDomain
from .at_points.ring import Ring
from ..language.operations import SQUARE_WORDS, SYMMETRY_WORDS

TRIANGULAR = frozenset(("lower", "upper"))


@lru_cache(maxsize=256)
def joint(words: frozenset[str]) -> frozenset[str]:
    """The fewest words that say the same of a square matrix: one of SQUARE_WORDS, or `zero`, `signs`, `identity`, `reflection`,
    `turn` (skew and orthogonal); `nothing` where no matrix satisfies them."""
    kinds, rest = words & SQUARE_WORDS, words - SQUARE_WORDS
    normal = kinds & {"symmetric", "spd", "skew", "orthogonal"}
    if kinds >= TRIANGULAR or (kinds & TRIANGULAR and (normal or "diagonal" in kinds)):
        kinds = (kinds - TRIANGULAR) | {"diagonal"}      # a triangular matrix that commutes with its transpose is diagonal
    if "skew" in kinds and kinds & SYMMETRY_WORDS:
        return frozenset({"nothing"} if kinds & {"spd", "orthogonal"} or rest else {"zero"})
    if "skew" in kinds and rest:
        return frozenset({"nothing"})
    if "orthogonal" in kinds:
        if rest and kinds & SYMMETRY_WORDS:
            return frozenset({"identity"}) if "spd" in kinds or "diagonal" in kinds else frozenset({"nothing"})
        if rest:
            return frozenset({"nothing"})                # permutations, and not all entries are positive
        for word, name in (("spd", "identity"), ("diagonal", "signs"), ("symmetric", "reflection"), ("skew", "turn")):
            if word in kinds:
                return frozenset({name})
    if "diagonal" in kinds:
        if "simplex" in rest:
            return frozenset({"identity"})
        return frozenset({"diagonal"}) | kinds & {"spd"} | rest
    if "spd" in kinds:
        kinds = kinds - {"symmetric"}
    return kinds | rest


def drawn(ring: Ring, words: frozenset[str], n: int) -> Flat | None:
    """An n x n matrix of one of the joint kinds, row by row; None where ordinary sampling suffices."""
    if "simplex" in words and words & (SYMMETRY_WORDS | TRIANGULAR):
        return _simplex(ring, words, n)
    if len(words) != 1:
        return None
    word = next(iter(words))
    if word == "zero":
        return [ring.zero] * (n * n)
    if word == "identity":
        flat: Flat = ring.eye(n).parts[0]
        return flat
    if word == "signs":
        return _diagonal(ring, n)
    if word == "reflection":
        return _around(ring, _diagonal(ring, n), n, 1)
    if word == "turn":
        if n % 2:
            raise OutsideDomain("a skew orthogonal matrix of odd size")
        turn = [ring.zero] * (n * n)
        for i in range(0, n, 2):
            turn[i * n + i + 1], turn[(i + 1) * n + i] = ring.one, ring.number(-1)
        return _around(ring, turn, n, -1)
    if word == "nothing":
        raise OutsideDomain("no point has the declared structure")
    return None


def cayley(ring: Ring, k: Jet) -> Jet:
    """The orthogonal matrix made of a skew one."""
    eye = ring.eye(k.m)
    out: Jet = ring.matmul(ring.inv(ring.add(eye, ring.multiple(-1, k))), ring.add(eye, k))
    return out


def _diagonal(ring: Ring, n: int) -> Flat:
    """Signs on the diagonal: one time in four all alike, else both of them."""
    signs = [ring.random.random() < 0.5 for _ in range(n)]
    if ring.random.random() < 0.25:
        signs = signs[:1] * n
    elif n > 1 and len(set(signs)) == 1:
        signs[int(ring.random.random() * n)] ^= True
    return [(ring.number(-1) if signs[i // n] else ring.one) if i % (n + 1) == 0 else ring.zero for i in range(n * n)]


def _around(ring: Ring, middle: Flat, n: int, sign: int) -> Flat:
    """Q*middle*Q' with a random orthogonal Q, symmetric or skew to the last digit."""
    u = Jet(n, n, {0: ring.draws(0, n * n)})
    q = cayley(ring, ring.add(u, ring.multiple(-1, ring.transpose(u))))
    out: Flat = ring.matmul(ring.matmul(q, Jet(n, n, {0: middle})), ring.transpose(q)).parts[0]
    if not ring.exact:
        out = [out[i * n + j] if i <= j else sign * out[j * n + i] for i in range(n) for j in range(n)]
        if sign < 0:
            out = [ring.zero if i % (n + 1) == 0 else x for i, x in enumerate(out)]
    return out


def _simplex(ring: Ring, words: frozenset[str], n: int) -> Flat:
    """Rows that sum to one: symmetric ones with a dominant diagonal, triangular ones with zeros beside."""
    if ring.exact:
        raise Unsupported("a structured matrix whose rows sum to one")
    if words & TRIANGULAR:
        sign = 1 if "lower" in words else -1
        out: Flat = []
        for i in range(n):
            row = [ring.positive() if sign * (i - j) >= 0 else ring.zero for j in range(n)]
            out += ring.scale(ring.function(Fraction(-1), [sum(row)])[0], row)
        return out
    part = [ring.positive() / (8 * n) for _ in range(n * n)]
    out = [part[min(i, j) * n + max(i, j)] if i != j else ring.zero for i in range(n) for j in range(n)]
    for i in range(n):
        out[i * n + i] = ring.one - sum(out[i * n:i * n + n])
    return out
