"""Matrix templates as words: factors in a row, scalars in front, what is spread over an identity, Kronecker blocks."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from ...language.shape import ONE, Dim
from .atoms import weight
from .powers import power, size_power
from .monomial import UNITY, Factor, Head, Monomial, Present, Sum, alone, ends, factors, pieces
from .normalform import DELTA, Algebra, frozen, number
from ...language.traversal import reachable


OPEN = frozenset(("symmetric", "spd", "positive", "lower", "upper"))     # structures whose values fill part of a space
Word = list[tuple[Head, bool, list[Factor]]]


def transposed(alg: Algebra, s: Sum, k: int = 1) -> Sum:
    """The transpose of a template over k pairs of indices."""
    names = {-i - 1: -i - 1 - k for i in range(k)} | {-i - 1 - k: -i - 1 for i in range(k)}
    return alg.renamed(s, names)


def one_way(alg: Algebra, s: Sum, k: int = 1) -> tuple[Sum, bool, bool]:
    """A template or its transpose, whichever comes first; whether that is the transpose, and whether they are the same."""
    other = transposed(alg, s, k)
    here, there = frozen(s), frozen(other)
    return other if there < here else s, there < here, here == there


def identity(k: int = 1) -> Sum:
    """The identity over k pairs of indices."""
    return {(tuple(sorted((DELTA, (-i - 1 - k, -i - 1), 1) for i in range(k))), ()): 1}


def scalars(m: Monomial) -> tuple[tuple[Factor, ...], Monomial]:
    """The factors without indices, and the rest."""
    return tuple(f for f in m[0] if not f[1]), (tuple(f for f in m[0] if f[1]), m[1])


def word(alg: Algebra, m: Monomial) -> Word | None:
    """A monomial from index -1 to index -2 read as a product of square matrices; None when it is not one."""
    factors, bound, _ = alg.flat(m, None, 0)
    out: Word = []
    at, left = -1, list(factors)
    while True:
        here = [f for f in left if at in f[1]]
        scaling = [f for f in here if len(f[1]) == 1]
        links = [f for f in here if len(f[1]) == 2 and f[1][0] != f[1][1]]
        if len(scaling) + len(links) != len(here):
            return None
        if scaling:
            out.append((alg.heads[DELTA], False, [(h, (-1,), e) for h, _, e in scaling]))
            left = [f for f in left if f not in scaling]
        if at == -2:
            return out if not links and not left else None
        if len(links) != 1:
            return None
        h, args, e = links[0]
        head = alg.heads[h]
        if e != 1 or h == DELTA or head.dims[0] is not head.dims[1]:
            return None
        flipped = args[1] == at
        at = args[0] if flipped else args[1]
        out.append((head, flipped, []))
        left.remove(links[0])
        if len(out) > 64:
            return None


def spread_over_identity(alg: Algebra, s: Sum) -> tuple[Sum, Sum] | None:
    """delta * diagonal part: the diagonal entries as a sum at index -1."""
    if all((DELTA, (-2, -1), 1) in m[0] for m in s):
        return s, alg.renamed({(tuple(f for f in m[0] if f[0] != DELTA), m[1]): c for m, c in s.items()}, {})
    return None


def heavy(alg: Algebra, s: Sum) -> int:
    return 1 + max(int(weight(alg, m)) for m in s)


def entry(alg: Algebra, head: Head, flip: bool, k: int = 1) -> Sum:
    """One entry of a matrix atom."""
    args = tuple(-i - 1 for i in range(2 * k))
    return alg.atom(head, args[k:] + args[:k] if flip else args)


def kron_blocks(alg: Algebra, s: Sum, dims: tuple[Dim, ...]) -> list[tuple[int, int, Sum]] | None:
    """A monomial over k rows and k columns as a product of matrices, each of one row and one column of equal size."""
    k = len(dims)
    ((m, c),) = s.items()
    out: list[tuple[int, int, Sum]] = []
    rows: set[int] = set()
    for piece in pieces(m):
        free = sorted(ends(piece))
        if len(free) != 2:
            return None
        b, a = -free[0] - 1 - k, -free[1] - 1
        if not 0 <= a < k or not 0 <= b < k or dims[a] is not dims[b] or a in rows:
            return None
        rows.add(a)
        out.append((a, b, alg.renamed({piece: 1}, {free[1]: -1, free[0]: -2})))
    if len(rows) != k:
        return None
    a, b, first = out[0]
    out[0] = (a, b, alg.scaled(first, c))
    return out


def raised(alg: Algebra, s: Sum, exponent: Dim | Fraction) -> Sum:
    """The power of a template whose exponent is a size, or a number."""
    if isinstance(exponent, Fraction):
        return power(alg, s, exponent)
    out = number(1)
    for m, c in alg.size(exponent).items():
        out = alg.product(out, power(alg, s if m == UNITY else size_power(alg, s, m), c))
    return out


def rotated(alg: Algebra, s: Sum, dim: Dim) -> tuple[Sum, Sum, Dim, Sum, Sum] | None:
    """a*eye + p*q with p*q one word: a, a*eye + q*p, its size, p, q, where that turn of the word is the least of all."""
    a, words = beside_identity(s)
    if len(words) != 1 or not a:
        return None
    (m,) = words
    best = (length(s), min(frozen(s), frozen(transposed(alg, s))), repr(dim))
    found = None
    flat, bound, _ = alg.flat(m, None, 0)
    for v in [None, *bound]:
        parts = cut(alg, flat, v)
        if parts is None:
            continue
        left, right = parts
        size = ONE if v is None else bound[v]
        left = alg.scaled(left, s[m])
        core = times(alg, right, left, dim)
        core = alg.add(core, alg.product(a, identity()) if size is not ONE else a)
        if v is not None and not core:
            continue
        key = (length(core), min(frozen(core), frozen(transposed(alg, core))), repr(size))
        if size is ONE or (best[2] != "Dim(1)" and key < best):
            best, found = key, (a, core, size, left, right)
            if size is ONE:
                break
    return found


def beside_identity(s: Sum) -> tuple[Sum, Sum]:
    """The scalar that the identity is multiplied by in a template, and the other terms."""
    scalar: Sum = {(scalars(m)[0], ()): c for m, c in s.items() if scalars(m)[1] == identity_word()}
    return scalar, {m: c for m, c in s.items() if scalars(m)[1] != identity_word()}


def length(s: Sum) -> int:
    """How many factors there are in all terms."""
    return sum(1 for m in s for _ in factors(m))


def identity_word() -> Monomial:
    """The monomial of the identity."""
    (m,) = identity()
    return m


def cut(alg: Algebra, flat: list[Factor], v: int | None) -> tuple[Sum, Sum] | None:
    """A word cut at a bound index (or where nothing joins its ends): p over -1, -2 and q over -1, -2."""
    mark = -90
    named: Present = {(h, tuple([mark if x == v else x for x in args])): e for h, args, e in flat}
    if len(named) != len(flat):
        return None
    found = alg.parts(named)
    if found is None or found[3]:
        return None
    sign, single, open_, _ = found
    sides: tuple[list[Monomial], list[Monomial]] = ([], [])
    for piece in pieces((tuple(single), tuple(open_))):
        free = ends(piece)
        if -1 in free and -2 in free:
            return None
        sides[1 if -2 in free else 0].append(piece)
    out = []
    for k, (side, names) in enumerate(zip(sides, ({mark: -2}, {mark: -1}), strict=True)):
        if not side and v is not None:
            return None
        value = number(sign if k == 0 else 1)
        for piece in side:
            value = alg.product(value, alg.renamed({piece: 1}, names))
        out.append(value)
    return out[0], out[1]


def opaque_det(alg: Algebra, s: Sum, dims: tuple[Dim, ...]) -> Sum:
    t = one_way(alg, s, len(dims))[0]
    return alg.atom(alg.head("det", frozen(t), (), t, dims, weight=heavy(alg, s)), ())


def generic(alg: Algebra, s: Sum) -> bool:
    """Whether a matrix template is certainly invertible for almost all values: it holds the identity, and every other term can be
    made small; or one square variable that no other term holds, whose values are an open part of a space that holds the identity; or
    it is a product of such variables alone; or a diagonal matrix of products of letters that are 0 almost nowhere."""
    if ("inverse of", frozen(s)) in alg.memo:       # what has an inverse in a claim is invertible where the claim says something
        return True
    spread = spread_over_identity(alg, s) if len(s) == 1 else None
    if spread is not None and all(not m[1] and all(_almost_nowhere_zero(alg, h) for h, _, _ in m[0]) for m in spread[1]):
        return True
    for m, _ in s.items():
        _, rest = scalars(m)
        letters = word(alg, rest) if len(s) == 1 and m == rest else None
        if letters and not any(scaling or not is_open(head) for head, _, scaling in letters):
            return True
        if rest[1] or len(rest[0]) != 1 or any(alg.heads[f[0]].kind not in ("variable", "size", "exp", "pi", "prime") or f[2] < 0
                                              for f in m[0] if not f[1]):
            continue
        h, args, e = rest[0][0]
        head = alg.heads[h]
        others = [n for n in s if n != m]
        if h == DELTA:      # a multiple of the identity by itself, or the identity with what can be made small
            if not others or len(m[0]) == 1 and all(_vanishing(alg, n) for n in others):
                return True
        elif head.kind == "variable" and e == 1 and set(args) == {-1, -2}:
            # a skew matrix of odd size has no inverse, eye + Q none where det(Q) = -1, eye - A none where rowsum(A) = ones
            open_set = set(head.extra or ()) <= OPEN or (not others and is_open(head))
            if open_set and all(h not in heads_of(alg, n) for n in others) and not any(
                    h in heads_of(alg, ((f,), ())) for f in m[0] if not f[1]):
                return True
    return False


def _almost_nowhere_zero(alg: Algebra, h: int) -> bool:
    """Whether an atom is a number other than 0, or a letter of numbers that no structure and no assumption binds."""
    head = alg.heads[h]
    return head.kind in ("exp", "pi", "size") or head.kind == "variable" and set(head.extra or ()) <= {"positive"} and h not in alg.held


def is_open(head: Head) -> bool:
    """Whether an atom is a square variable that is invertible for almost all its values."""
    return head.kind == "variable" and (set(head.extra or ()) <= OPEN or set(head.extra or ()) == {"orthogonal"})


def triangle(alg: Algebra, head: Head) -> int:
    """1 for a lower triangular atom, -1 for an upper one, 0 else; the inverse of a triangular matrix is triangular."""
    if head.kind == "variable" and len(head.dims) == 2:
        return 1 if "lower" in (head.extra or ()) else -1 if "upper" in (head.extra or ()) else 0
    inner = alone(head.template) if head.kind == "inverse" else None
    return triangle(alg, alg.heads[inner[0]]) * (1 if inner[1] == (-1, -2) else -1) if inner is not None else 0


def end_letter(alg: Algebra, m: Monomial, end: int) -> tuple[Head, bool] | None:
    """The square matrix that alone stands at one end of a word, -1 or -2, and whether transposed."""
    here = [f for f in factors(m) if end in f[1]]
    if len(here) != 1 or len(here[0][1]) != 2 or here[0][2] != 1 or here[0][0] == DELTA:
        return None
    head = alg.heads[here[0][0]]
    return (head, here[0][1][0 if end == -2 else 1] == end) if head.dims[0] is head.dims[1] else None


def inverses_in(alg: Algebra, s: Sum) -> int:
    """How many inverses there are in all terms."""
    return sum(alg.heads[h].kind == "inverse" for m in s for h, _, _ in factors(m))


def _vanishing(alg: Algebra, m: Monomial) -> bool:
    """Whether a term tends to 0 with its variables: some plain variable in it, nothing inverted."""
    inside = [f for n in _inside(alg, m) for f in factors(n)]
    if any(e < 0 or alg.heads[h].kind in ("inverse", "power", "floor", "log", "log abs") for h, _, e in inside):
        return False
    shown = reachable([m], lambda n: [t for h, _, _ in factors(n) if alg.heads[h].kind == "closed" for t in alg.heads[h].template])
    return any(alg.heads[h].kind == "variable" and not set(alg.heads[h].extra or ()) & {"orthogonal", "simplex"}
               for n in shown for h, _, _ in factors(n))


def _inside(alg: Algebra, m: Monomial) -> Iterator[Monomial]:
    """A monomial and those in its templates."""
    return reachable([m], lambda n: [t for h, _, _ in factors(n) for t in alg.heads[h].template])


def heads_of(alg: Algebra, m: Monomial) -> frozenset[int]:
    """Every head in a monomial, those inside templates included."""
    return frozenset(h for n in _inside(alg, m) for h, _, _ in factors(n))


def times(alg: Algebra, a: Sum, b: Sum, over: Dim) -> Sum:
    """The product of two matrix templates over an index of this size; over one place no index is summed."""
    return alg.contract(a, {-2: 0}, b, {-1: 0}, {0: over}) if over is not ONE else alg.product(a, b)
