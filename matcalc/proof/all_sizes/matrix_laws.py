"""The laws of inverses, determinants, exponentials and entries of matrices as rewriting rules."""

from __future__ import annotations

from math import prod

from .powers import power, unimodular
from .monomial import Factor, Head, Monomial, Present, Rational, Sum
from .normalform import DELTA, Algebra, frozen
from .heads import Bound, Term
from .products import even_part_is_one, match, pattern, rest_of, whole_at, without
from ...language.shape import ONE
from .matrix_words import times
from . import matrices, matrix_words


def inverse_law(alg: Algebra, present: Present, bound: Bound, head: Head, args: tuple[int, ...], e: Rational) -> list[Term] | None:
    """lead(M)*inv(M) = (1 - rest(M)*inv(M))/c, and from the other side; inv(L)[i,i] = 1/L[i,i] for a triangular L."""
    if len(args) == 2 and args[0] == args[1] and matrix_words.triangle(alg, head):
        entry = power(alg, alg.renamed(head.template, {-2: -1}), -e)
        return alg.terms(entry, {-1: args[0]}, rest_of(present, {(head.id, args): e}), bound)
    if e != 1 or len(args) != 2:
        return None
    top, coefficient, others = matrices.lead(alg, head)
    parts, exclusive = pattern(top)
    met = {h for h, _ in present}
    if not all(f[0] in met for f in parts):
        return None
    key = (head.id, args)
    orders = ((0, 1), (1, 0)) if head.permutations or head.skew else ((0, 1),)
    others_of: Present = {k: x for k, x in present.items() if k != key}
    for turn in orders:
        i, j = args[turn[0]], args[turn[1]]
        flip = -1 if head.skew and turn == (1, 0) else 1
        if i == j:
            continue
        for joint, far, slot in ((i, j, -2), (j, i, -1)):
            if joint not in bound:
                continue
            # slot -2: M[x, joint] * inv[joint, far]; slot -1: inv[far, joint] * M[joint, x]
            for found, used, sign in match(alg.heads, parts, {slot: joint}, exclusive, others_of):
                if not whole_at(others_of, used, joint) or any(found[p] == joint for p in exclusive):
                    continue
                x = found.get(-1 if slot == -2 else -2)
                if x is None or x == joint:
                    continue
                if x in bound and any(found[p] == x for p in exclusive):
                    continue
                rest = rest_of(others_of, used)
                gone = {found[p] for p in exclusive}
                inner = without(bound, gone)
                front = power(alg, coefficient, -1)
                delta: Factor = (DELTA, (min(x, far), max(x, far)), 1)
                names = {-1: x, -2: joint} if slot == -2 else {-1: joint, -2: x}
                return [*alg.terms(front, {}, [*rest, delta], without(inner, {joint}), sign * flip),
                        *alg.further(alg.terms(others, names, [*rest, (head.id, args, 1)], inner, -sign), front)]
    return None


def det_law(alg: Algebra, present: Present, bound: Bound, head: Head, args: tuple[int, ...], e: Rational) -> list[Term] | None:
    """det(Q)^2 = 1; (-1)^n*det(K) = det(K) for a skew K, which is 0 where n is odd."""
    if unimodular(alg, head) and (found := even_part_is_one(present, bound, head, args, e)) is not None:
        return found
    for key in present:
        sign = alg.heads[key[0]]
        if sign.kind == "integer power" and sign.template == {((), ()): -1} and _is_skew(alg, head, sign.extra):
            return [(1, rest_of({k: x for k, x in present.items() if k != key}, {}), bound)]
    return None


def _is_skew(alg: Algebra, head: Head, size: Monomial) -> bool:
    """Whether a determinant is that of a matrix of this size whose transpose is its negative."""
    dims = head.extra
    total = prod(dims, start=ONE)
    turned = matrix_words.transposed(alg, head.template, len(dims))
    return alg.size(total) == {size: 1} and frozen(turned) == frozen(alg.scaled(head.template, -1))


def expm_law(alg: Algebra, present: Present, bound: Bound, head: Head, args: tuple[int, ...], e: Rational) -> list[Term] | None:
    """M*expm(M) = expm(M)*M, moved to the right; expm(M)*expm(N) = expm(M + N) where M*N = N*M, so expm(M)*expm(-M) = eye."""
    if e != 1 or len(args) != 2 or args[0] == args[1]:
        return None
    key = (head.id, args)
    for (g, other), x in present.items():
        second = alg.heads[g]
        if second.kind == "expm" and x == 1 and (g, other) != key and len(other) == 2:
            for k in (a for a in args if a in other and a in bound and sum(n.count(a) for _, n in present) == 2):
                found = _one_exponential(alg, (head, args), (second, other), k)
                if found is not None:
                    names = {-1: found[1], -2: found[2]}
                    return alg.terms(found[0], names, rest_of(present, {key: 1, (g, other): 1}), without(bound, {k}))
    moved = _letter_moved(alg, present, bound, head, args) if alg.assumed else None
    if moved is not None:
        return moved
    top, coefficient, others = matrices.lead(alg, head)
    parts, exclusive = pattern(top)
    if not {f[0] for f in parts} <= {h for h, _ in present} or not parts:
        return None
    others_of: Present = {k: x for k, x in present.items() if k != key}
    orders = ((0, 1), (1, 0)) if head.permutations else ((0, 1),)
    for turn in orders:
        i, j = args[turn[0]], args[turn[1]]
        if i not in bound:
            continue
        # lead[x, i] * expm[i, j] -> expm[x, y] * lead[y, j]; in a symmetric atom only where the move lowers the label
        for found, used, sign in match(alg.heads, parts, {-2: i}, exclusive, others_of):
            x_ = found.get(-1)
            if x_ is None or x_ == i or not whole_at(others_of, used, i):
                continue
            if head.permutations and not (j < 0 and (x_ >= 0 or j < x_)):       # towards the smaller free index
                continue
            if x_ == j or any(found[p] in (x_, i) for p in exclusive):
                continue
            rest = rest_of(others_of, used)
            gone = {found[p] for p in exclusive}
            inner = without(bound, gone)
            y = i
            f: list[Factor] = [*rest, (head.id, (x_, y), 1)]
            terms = alg.terms(head.template, {-1: y, -2: j}, f, inner, sign)
            terms += alg.terms(others, {-1: x_, -2: i}, [*rest, (head.id, args, 1)], inner, -sign)
            return alg.further(terms, power(alg, coefficient, -1))
    return None


def _one_exponential(alg: Algebra, first: tuple[Head, tuple[int, ...]], second: tuple[Head, tuple[int, ...]],
                     k: int) -> tuple[Sum, int, int] | None:
    """The exponential that the product of two is, summed over k, with its two indices; where the matrices commute."""
    def facing(one: tuple[Head, tuple[int, ...]], side: int) -> Sum:
        head, args = one
        return head.template if args[side] == k else alg.renamed(head.template, {-1: -2, -2: -1})
    left, right = facing(first, 1), facing(second, 0)
    dim = first[0].dims[0]
    a, b = (next(i for i in args if i != k) for _, args in (first, second))
    if times(alg, left, right, dim) != times(alg, right, left, dim):
        return None
    return matrices.expm(alg, alg.add(left, right), (dim,)), a, b


def _letter_moved(alg: Algebra, present: Present, bound: Bound, head: Head, args: tuple[int, ...]) -> list[Term] | None:
    """N*expm(M) = expm(M)*N for a matrix N that is assumed to commute with M."""
    k, far = args
    if k not in bound or head.permutations:
        return None
    touching = [key for key in present if k in key[1] and key != (head.id, args)]
    if len(touching) != 1 or present[touching[0]] != 1 or len(touching[0][1]) != 2:
        return None
    letter, (a, b) = touching[0]
    other = alg.heads[letter]
    if a == b or far in (a, b) or other.kind != "variable" or other.dims[0] is not other.dims[1]:
        return None
    start = a if b == k else b
    matrix = alg.atom(other, (-1, -2) if b == k else (-2, -1))
    if times(alg, matrix, head.template, head.dims[0]) != times(alg, head.template, matrix, head.dims[0]):
        return None
    rest = rest_of({at: x for at, x in present.items() if at not in (touching[0], (head.id, args))}, {})
    turned_pair = (k, far) if b == k else (far, k)
    return [(1, [*rest, (head.id, (start, k), 1), (letter, turned_pair, 1)], bound)]


def frechet_law(alg: Algebra, present: Present, bound: Bound, head: Head, args: tuple[int, ...], e: Rational) -> list[Term] | None:
    """The derivative of expm traced, sum_i F[i,i,p,q] = expm[q,p]; in the direction eye, sum_p F[i,j,p,p] = expm[i,j]; and M."""
    if e != 1 or len(args) != 4:
        return None
    i, j, p, q = args
    key = (head.id, args)
    for a, b, row, col in ((i, j, q, p), (p, q, i, j)):
        if a == b and a in bound and sum(k.count(a) for _, k in present) == 2:
            names = {-1: row, -2: col}
            value = matrices.expm(alg, head.template, (head.dims[0],))
            return alg.terms(value, names, rest_of(present, {key: 1}), without(bound, {a}))
    if p not in bound or q not in bound or p == q:
        return None
    top, coefficient, others = matrices.lead(alg, head)
    parts, exclusive = pattern(top)
    others_of: Present = {k: x for k, x in present.items() if k != key}
    for found, used, sign in match(alg.heads, parts, {-1: p, -2: q}, exclusive, others_of):
        # F[i,j,p,q]*M[p,q] = (M*expm(M))[i,j]
        if not whole_at(others_of, used, p) or not whole_at(others_of, used, q) or any(found[k] in (p, q) for k in exclusive):
            continue
        rest = rest_of(others_of, used)
        inner = without(bound, {found[k] for k in exclusive})
        value = matrices.expm(alg, head.template, (head.dims[0],))
        whole = times(alg, head.template, value, head.dims[0])
        terms = alg.terms(whole, {-1: i, -2: j}, rest, without(inner, {p, q}), sign)
        terms += alg.terms(others, {-1: p, -2: q}, [*rest, (head.id, args, 1)], inner, -sign)
        return alg.further(terms, power(alg, coefficient, -1))
    return None
