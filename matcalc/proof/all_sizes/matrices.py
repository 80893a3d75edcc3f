"""Inverse, determinant and matrix exponential of a template: rows are the indices -1 .. -k, columns -k-1 .. -2k."""

from __future__ import annotations

from fractions import Fraction

from ...language.shape import ONE, Dim
from .atoms import common_number, order
from .powers import exp, power
from .monomial import Factor, Head, Monomial, Rational, Sum
from .matrix_words import (beside_identity, cut, entry, generic, heavy, identity, identity_word, kron_blocks, one_way, raised, rotated,
                    scalars, spread_over_identity, times, transposed, word)
from .normalform import DELTA, Algebra, frozen, number
from .heads import Inconclusive
from . import exponentials, selections


def scale(alg: Algebra, s: Sum) -> tuple[Sum, Sum]:
    """A common scalar of all terms, and the rest: leads with plus one sign."""
    common: dict[int, Rational] | None = None
    for m in s:
        here = {h: e for h, args, e in m[0] if not args and alg.heads[h].kind not in ("sign", "power", "floor", "prime")}
        if len(s) == 1:
            here = {h: e for h, args, e in m[0] if not args}
        common = here if common is None else {h: e for h in common | here if (e := min(common.get(h, 0), here.get(h, 0)))}
    factors: list[Factor] = [(h, (), e) for h, e in (common or {}).items()]
    if factors:
        s = alg.beside(s, [(h, (), -e) for h, _, e in factors])
    value, s = common_number(alg, s)
    front: Sum = {}
    alg.collect(front, value, factors, {})
    return front, s


def oriented(alg: Algebra, kind: str, s: Sum, dims: tuple[Dim, ...]) -> tuple[Head, bool]:
    """The atom of a matrix template, and whether transposed."""
    k = len(dims)
    t, flip, same = one_way(alg, s, k)
    skew = kind == "inverse" and k == 1 and not same and transposed(alg, s) == alg.scaled(s, -1)
    if skew:
        t, flip = s, False
    return alg.head(kind, frozen(t), dims + dims, t, k, ((*range(k, 2 * k), *range(k)),) if same else (), skew, heavy(alg, s)), flip


def opaque(alg: Algebra, kind: str, s: Sum, dims: tuple[Dim, ...]) -> Sum:
    """A function of a matrix template as an atom."""
    return entry(alg, *oriented(alg, kind, s, dims), len(dims))


def inverse(alg: Algebra, s: Sum, dims: tuple[Dim, ...]) -> Sum:
    """The inverse of a matrix template."""
    if not s:
        raise Inconclusive("the inverse of zero")
    k = len(dims)
    if k == 0:
        return power(alg, s, -1)
    key = ("inverse of", frozen(s))
    found: Sum | None = alg.memo.get(key)
    if found is None:
        front, core = scale(alg, s)
        found = alg.memo[key] = alg.product(power(alg, front, -1), _inverse(alg, core, dims))
    return found


def adjugate(alg: Algebra, s: Sum, dim: Dim) -> Sum:
    """The adjugate of a matrix template of which nothing is used but adj(c*M) = c^(n-1)*adj(M) and adj(M') = adj(M)'."""
    if not s:
        raise Inconclusive("the adjugate of zero")
    front, core = scale(alg, s)
    return alg.product(raised(alg, front, dim - ONE), opaque(alg, "adjugate", core, (dim,)))


def _inverse(alg: Algebra, s: Sum, dims: tuple[Dim, ...]) -> Sum:
    k = len(dims)
    if k == 1:
        spread = spread_over_identity(alg, s)
        if spread is not None:
            return alg.product(identity(), power(alg, spread[1], -1))
        if len(s) == 1:
            ((m, c),) = s.items()
            parts = word(alg, m)
            if parts is not None:
                out = identity()
                for head, flipped, scaling in reversed(parts):
                    if scaling:
                        d: Sum = {}
                        alg.collect(d, 1, [(DELTA, (-2, -1), 1), *[(h, a, -e) for h, a, e in scaling]], {})
                    else:
                        d = letter_inverse(alg, head, dims[0])
                        if flipped:
                            d = transposed(alg, d)
                    out = times(alg, out, d, dims[0])
                return alg.scaled(out, Fraction(1) / c)
        if alg.eager:
            blocks = selections.blocks(alg, s) if len(s) > 1 else None
            whole = None if blocks is None or len(blocks[0]) != 2 else _of_blocks(alg, *blocks)
            if whole is not None:
                return whole
            pushed = rotated(alg, s, dims[0])
            if pushed is not None:
                a, core, size, left, right = pushed
                return alg.product(power(alg, a, -1), _less(alg, identity(), left, core, right, size))
            low = low_rank(alg, s, dims[0])
            if low is not None:
                # Woodbury: inv(M + p*q) = inv(M) - inv(M)*p*inv(eye + q*inv(M)*p)*q*inv(M)
                first, size, left, right = low
                left = times(alg, first, left, dims[0])
                core = alg.add(times(alg, right, left, dims[0]), identity() if size is not ONE else number(1))
                return _less(alg, first, left, core, times(alg, right, first, dims[0]), size)
    elif len(s) == 1:
        blocks = kron_blocks(alg, s, dims)
        if blocks is not None:
            out = number(1)
            for a, b, part in blocks:
                out = alg.product(out, alg.renamed(inverse(alg, part, (dims[a],)), {-1: -b - 1, -2: -k - a - 1}))
            return out
    return opaque(alg, "inverse", s, dims)


def _less(alg: Algebra, whole: Sum, left: Sum, core: Sum, right: Sum, size: Dim) -> Sum:
    """A matrix less left*inv(core)*right, the core being of this size."""
    half = times(alg, left, inverse(alg, core, (size,) if size is not ONE else ()), size)
    return alg.add(whole, alg.scaled(times(alg, half, right, size), -1))


def _of_blocks(alg: Algebra, heads: list[Head], cells: list[list[Sum]]) -> Sum | None:
    """The inverse of a matrix of two by two blocks by the Schur complement of one that is invertible for almost all values."""
    sizes: list[tuple[Dim, ...]] = [() if h.dims[1] is ONE else (h.dims[1],) for h in heads]
    k = next((k for k in (0, 1) if sizes[k] and generic(alg, cells[k][k])), None)
    if k is None:
        return None
    j = 1 - k
    here, there = (heads[at].dims[1] for at in (k, j))
    pivot = inverse(alg, cells[k][k], sizes[k])
    left, right = times(alg, cells[j][k], pivot, here), times(alg, pivot, cells[k][j], here)
    rest = inverse(alg, alg.add(cells[j][j], alg.scaled(times(alg, left, cells[k][j], here), -1)), sizes[j])
    turned = times(alg, right, rest, there)
    found = {(j, j): rest, (k, j): alg.scaled(turned, -1), (j, k): alg.scaled(times(alg, rest, left, there), -1),
             (k, k): alg.add(pivot, times(alg, turned, left, there))}
    return alg.add({}, *(selections.put_back(alg, block, heads[r], heads[c]) for (r, c), block in found.items()))


def letter_inverse(alg: Algebra, head: Head, dim: Dim) -> Sum:
    """The inverse of one square matrix atom."""
    if head.kind == "inverse":
        return head.template
    if head.kind == "variable" and "orthogonal" in (head.extra or ()):
        return {(((head.id, (-2, -1), 1),), ()): 1}
    if head.kind == "expm":
        return expm(alg, alg.scaled(head.template, -1), (dim,))
    if head.kind == "matrix power" and isinstance(head.extra, Fraction):
        k, t = -head.extra, head.template
        return alg.atom(alg.head(head.kind, (frozen(t), str(k)), head.dims, t, k, head.permutations, weight=head.weight), (-1, -2))
    return opaque(alg, "inverse", alg.atom(head, (-1, -2)), (dim,))


def low_rank(alg: Algebra, s: Sum, dim: Dim) -> tuple[Sum, Dim, Sum, Sum] | None:
    """M + p*q with p*q one word through an index of another size, or of none, and M invertible for almost all values:
    inv(M), the size, p, q."""
    for m in sorted(s, key=lambda m: order(alg, m), reverse=True):
        rest = {n: c for n, c in s.items() if n != m}
        if not rest or all(scalars(n)[1] == identity_word() for n in rest) or not generic(alg, rest):
            continue
        flat, bound, _ = alg.flat(m, None, 0)
        for v in [None, *bound]:
            if v is not None and bound[v] is dim:
                continue
            parts = cut(alg, flat, v)
            if parts is not None:
                left, right = parts
                return inverse(alg, rest, (dim,)), ONE if v is None else bound[v], alg.scaled(left, s[m]), right
    return None


def expm(alg: Algebra, s: Sum, dims: tuple[Dim, ...]) -> Sum:
    """The exponential of a matrix template."""
    k = len(dims)
    if k == 0:
        return exp(alg, s)
    if not s:
        return identity(k)
    if k == 1:
        spread = spread_over_identity(alg, s)
        if spread is not None:
            return alg.product(identity(), exp(alg, spread[1]))
        scalar, rest = beside_identity(s)
        if scalar:
            return alg.product(exp(alg, scalar), expm(alg, rest, dims))
        found = exponentials.similar(alg, s, dims[0], letter_inverse)
        if found is not None:
            left, inner, right = found
            return times(alg, times(alg, left, expm(alg, inner, dims), dims[0]), right, dims[0])
    parts = exponentials.parts_of_sum(alg, s, k) if k > 1 else None
    if parts is not None:
        out = number(1)
        for i, part in enumerate(parts):
            out = alg.product(out, alg.renamed(expm(alg, part, (dims[i],)), {-1: -i - 1, -2: -i - 1 - k}))
        return out
    return opaque(alg, "expm", s, dims)


def lead(alg: Algebra, head: Head) -> tuple[Monomial, Sum, Sum]:
    """The greatest word of an inverse's template, its scalar coefficient, and the other terms."""
    if head.lead is None:
        words: dict[Monomial, Sum] = {}
        for m, c in head.template.items():
            front, rest = scalars(m)
            words.setdefault(rest, {})[(front, ())] = c
        top = max(words, key=lambda w: (not any(f[0] == DELTA for f in w[0]), order(alg, w)))
        others: Sum = {m: c for m, c in head.template.items() if scalars(m)[1] != top}
        head.lead = (top, words[top], others)
    found: tuple[Monomial, Sum, Sum] = head.lead
    return found
