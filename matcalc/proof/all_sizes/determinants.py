"""The determinant of a template, and the logarithm of its absolute value: rows are the indices -1 .. -k, columns -k-1 .. -2k."""

from __future__ import annotations


from ...language.expr import ONE, SCALAR, Apply, Dim, Expr, mul
from .atoms import common_number
from .powers import exp, power
from .logarithms import log_abs
from .definite import definite, sum_nonnegative
from .monomial import Sum, alone
from .matrix_words import (end_letter, generic, heads_of, identity, identity_word, inverses_in, is_open, kron_blocks, opaque_det,
                    raised, rotated, scalars, spread_over_identity, times, transposed, triangle, word)
from .normalform import DELTA, Algebra, frozen, number
from .matrices import inverse, letter_inverse, low_rank, scale


def square_factors(e: Expr) -> list[Expr]:
    """The square matrices that an expression is the product of, numbers with the first: det(A*B) = det(A)*det(B)."""
    if type(e) is not Apply or e.head != "*":
        return [e]
    front, out = [a for a in e.args if a.shape == SCALAR], list[list[Expr]]()
    for a in (a for a in e.args if a.shape != SCALAR):
        if out and out[-1][-1].shape[1] is not e.shape[0]:
            out[-1].append(a)
        else:
            out.append([a])
    out[0] = [*front, *out[0]]
    return [mul(*part) for part in out]


def det(alg: Algebra, s: Sum, dims: tuple[Dim, ...]) -> Sum:
    """The determinant of a matrix template."""
    k = len(dims)
    if k == 0:
        return s
    if not s:
        return {}
    total = ONE
    for d in dims:
        total = total * d
    front, core = _least_turn(alg, *scale(alg, s), k)
    return alg.product(raised(alg, front, total), _det(alg, core, dims))


def _least_turn(alg: Algebra, front: Sum, core: Sum, k: int) -> tuple[Sum, Sum]:
    """A multiple of a template, or of its transpose where that comes first, sign apart: det(M') = det(M), and det(-M) = det(M)
    for a skew M, whose determinant is 0 where the size is odd."""
    sign, other = common_number(alg, transposed(alg, core, k))
    here, there = frozen(core), frozen(other)
    if here == there:
        return ({m: -c if c < 0 else c for m, c in front.items()} if sign < 0 and len(front) == 1 else front), core
    return (alg.scaled(front, sign), other) if there < here else (front, core)


def _det(alg: Algebra, s: Sum, dims: tuple[Dim, ...]) -> Sum:
    k = len(dims)
    if k == 1:
        spread = spread_over_identity(alg, s)
        if spread is not None:
            diagonal = spread[1]
            if diagonal == number(1):
                return number(1)
            if not any(a for part in diagonal for f in part[0] for a in f[1]) and not any(m[1] for m in diagonal):
                return raised(alg, diagonal, dims[0])
            if sum_nonnegative(alg, diagonal):
                return exp(alg, alg.renamed(log_abs(alg, diagonal), {-1: 0}, {0: dims[0]}))
        if len(s) == 1:
            ((m, c),) = s.items()
            parts = word(alg, m)
            if parts is not None and not (len(parts) == 1 and parts[0][0].kind not in ("inverse", "expm")):
                out = raised(alg, number(c), dims[0])
                for head, _, scaling in parts:
                    if scaling:
                        d: Sum = {}
                        alg.collect(d, 1, [(DELTA, (-2, -1), 1), *scaling], {})
                        out = alg.product(out, opaque_det(alg, d, dims))
                    elif head.kind == "inverse":
                        out = alg.product(out, power(alg, det(alg, head.template, dims), -1))
                    elif head.kind == "expm":
                        out = alg.product(out, exp(alg, alg.renamed(head.template, {-1: 0, -2: 0}, {0: dims[0]})))
                    else:
                        out = alg.product(out, opaque_det(alg, alg.atom(head, (-1, -2)), dims))
                return out
        by_blocks = _by_blocks(alg, s) if len(s) > 1 else None
        if by_blocks is not None:
            return by_blocks
        if alg.eager:
            pushed = rotated(alg, s, dims[0])
            if pushed is not None:
                front, core, size, _, _ = pushed
                small = det(alg, core, (size,) if size is not ONE else ())
                return alg.product(alg.product(raised(alg, front, dims[0]), power(alg, raised(alg, front, size), -1)), small)
        taken = _end_taken(alg, s, dims[0])
        if taken is not None:
            return taken
        low = low_rank(alg, s, dims[0]) if alg.eager else None
        if low is not None:         # det(M + p*q) = det(M)*det(eye + q*inv(M)*p)
            first, size, left, right = low
            core = alg.add(times(alg, right, times(alg, first, left, dims[0]), dims[0]), identity() if size is not ONE else number(1))
            return alg.product(det(alg, inverse(alg, first, dims), dims), det(alg, core, (size,) if size is not ONE else ()))
    elif len(s) == 1:
        blocks = kron_blocks(alg, s, dims)
        if blocks is not None and all(a == b for a, b, _ in blocks):
            out = number(1)
            for a, _, part in blocks:
                rest = ONE
                for i, d_ in enumerate(dims):
                    if i != a:
                        rest = rest * d_
                out = alg.product(out, raised(alg, det(alg, part, (dims[a],)), rest))
            return out
    return opaque_det(alg, s, dims)


def _by_blocks(alg: Algebra, s: Sum) -> Sum | None:
    """The product of the determinants of the blocks on the diagonal of a triangular matrix of blocks; of another one after elimination
    by a block that is invertible for almost all values: det([A, B; C, D]) = det(A)*det(D - C*inv(A)*B)."""
    from . import selections
    found = selections.blocks(alg, s)
    if found is None:
        return None
    sizes: list[tuple[Dim, ...]] = [() if h.dims[1] is ONE else (h.dims[1],) for h in found[0]]
    out, cells = number(1), found[1]
    while not selections.triangular(cells):
        places = range(len(sizes))[::-1 if alg.eager else 1]
        k = next((k for k in places if sizes[k] and _pivot(alg, cells[k][k])), None)
        if k is None:
            return None
        pivot, over = inverse(alg, cells[k][k], sizes[k]), sizes[k][0]
        out = alg.product(out, det(alg, cells[k][k], sizes[k]))
        rest = [i for i in range(len(sizes)) if i != k]
        left = {i: times(alg, cells[i][k], pivot, over) for i in rest}
        taken = {(i, j): times(alg, left[i], cells[k][j], over) for i in rest for j in rest}
        cells = [[alg.add(cells[i][j], alg.scaled(taken[i, j], -1)) for j in rest] for i in rest]
        sizes = [sizes[i] for i in rest]
    for i, size in enumerate(sizes):
        out = alg.product(out, det(alg, cells[i][i], size))
    return out


def _pivot(alg: Algebra, cell: Sum) -> bool:
    """Whether a block is invertible for almost all values, those that satisfy what is assumed."""
    return generic(alg, cell) and (("inverse of", frozen(cell)) in alg.memo or all(alg.held.isdisjoint(heads_of(alg, m)) for m in cell))


def _end_taken(alg: Algebra, s: Sum, dim: Dim) -> Sum | None:
    """det(inv(L)*M + N) = det(M + L*N)/det(L), and det(L*M + L*N) = det(L)*det(M + N) for an L invertible for almost all values;
    likewise where L stands behind. At the first look what is known to be positive definite stays, as it stands; at the second, where
    words are turned, an identity plus one word does."""
    if len(s) > 1 and (sum(scalars(m)[1] != identity_word() for m in s) == 1 if alg.eager else definite(alg, s)):
        return None
    for end in (-1, -2):
        letters = [end_letter(alg, m, end) for m in s]
        first = next((one for one in letters if one is not None and one[0].kind == "inverse"), None)
        alike = letters[0] if len(s) > 1 and len(set(letters)) == 1 else None
        found = first or (alike if alike is not None and is_open(alike[0]) else None)
        if found is None:
            continue
        head, flipped = found
        taken = letter_inverse(alg, head, dim)
        if flipped:
            taken = transposed(alg, taken)
        rest = times(alg, taken, s, dim) if end == -1 else times(alg, s, taken, dim)
        if inverses_in(alg, rest) < inverses_in(alg, s) or first is None and inverses_in(alg, rest) <= inverses_in(alg, s):
            return alg.product(det(alg, rest, (dim,)), power(alg, det(alg, taken, (dim,)), -1))
    return None


def log_det(alg: Algebra, s: Sum, dims: tuple[Dim, ...]) -> Sum:
    """log|det| of a template; of a diagonal or triangular matrix the sum of the logs on the diagonal."""
    if len(dims) == 1:
        letter = alone(s)
        if letter is not None and triangle(alg, alg.heads[letter[0]]):
            s = alg.product(identity(), alg.renamed(s, {-2: -1}))
        spread = spread_over_identity(alg, s)
        if spread is not None and spread[1]:
            return alg.renamed(log_abs(alg, spread[1]), {-1: 0}, {0: dims[0]})
    return log_abs(alg, det(alg, s, dims))
