"""The determinant of a template, and the logarithm of its absolute value: rows are the indices -1 .. -k, columns -k-1 .. -2k."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...language.shape import ONE, Dim
from .atoms import order
from .powers import exp, power
from .logarithms import log_abs
from .definite import sum_nonnegative
from .monomial import Sum
from .words import (common_number, generic, identity, kron_blocks, opaque_det, outer, raised, rotated, spread_over_identity, turned,
                    word)
from .normalform import DELTA, Algebra, frozen, number
from ...later import later
from .matrices import inverse, low_rank, scale

if TYPE_CHECKING:
    from . import selections
else:
    [selections] = later(__package__, ".selections")


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
    sign, other = common_number(alg, turned(alg, core, k))
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
                        assert head.template is not None
                        out = alg.product(out, power(alg, det(alg, head.template, dims), -1))
                    elif head.kind == "expm":
                        assert head.template is not None
                        out = alg.product(out, exp(alg, alg.renamed(head.template, {-1: 0, -2: 0}, {0: dims[0]})))
                    else:
                        out = alg.product(out, opaque_det(alg, alg.atom(head, (-1, -2)), dims))
                return out
        diagonal_blocks = selections.triangular(alg, s) if len(s) > 1 else None
        if diagonal_blocks is not None:
            out = number(1)
            for sizes, block in diagonal_blocks:
                out = alg.product(out, det(alg, block, sizes))
            return out
        if alg.eager:
            pushed = rotated(alg, s, dims[0])
            if pushed is not None:
                front, core, size, _, _ = pushed
                small = det(alg, core, (size,) if size is not ONE else ())
                return alg.product(alg.product(raised(alg, front, dims[0]), power(alg, raised(alg, front, size), -1)), small)
        lemma = _lemma(alg, s, dims[0])
        if lemma is not None:
            return lemma
        low = low_rank(alg, s, dims[0]) if alg.eager else None
        if low is not None:
            first, size, left, right = low
            left = alg.contract(first, {-2: 9}, left, {-1: 9}, {9: dims[0]})
            core = alg.add(alg.contract(right, {-2: 9}, left, {-1: 9}, {9: dims[0]}), identity())
            return alg.product(det(alg, inverse(alg, first, dims), dims), det(alg, core, (size,)))
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


def log_det(alg: Algebra, s: Sum, dims: tuple[Dim, ...]) -> Sum:
    """log|det| of a template; of a diagonal matrix the sum of the logs."""
    if len(dims) == 1:
        spread = spread_over_identity(alg, s)
        if spread is not None and spread[1]:
            return alg.renamed(log_abs(alg, spread[1]), {-1: 0}, {0: dims[0]})
    return log_abs(alg, det(alg, s, dims))


def _lemma(alg: Algebra, s: Sum, dim: Dim) -> Sum | None:
    """det(M + u*v') = det(M)*(1 + v'*inv(M)*u) for the first rank-one term, where M is invertible for almost all values."""
    for m in sorted(s, key=lambda m: order(alg, m)):
        split = outer(m)
        if split is None:
            continue
        rest = {n: c for n, c in s.items() if n != m}
        if not rest or not generic(alg, rest):
            continue
        factors, bound, top = alg.flat(m, None, 0)
        term: Sum = {}
        inside = inverse(alg, rest, (dim,))
        left: Sum = {m: s[m]}
        term = alg.contract(left, {-1: 1, -2: 0}, inside, {-1: 0, -2: 1}, {0: dim, 1: dim})
        return alg.product(det(alg, rest, (dim,)), alg.add(number(1), term))
    return None
