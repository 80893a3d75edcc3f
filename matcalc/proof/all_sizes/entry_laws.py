"""The laws of the entries of a variable with a structure: orthogonal, triangular, or with rows that sum to 1."""

from __future__ import annotations

from .monomial import Head, Present, Rational
from .normalform import DELTA, Algebra
from .heads import Bound, Term
from .products import rest_of, without


def _variable(alg: Algebra, present: Present, bound: Bound, head: Head, args: tuple[int, ...], e: Rational) -> list[Term] | None:
    """Q*Q' = Q'*Q = eye; the entries of a simplex vector, and of every row of a simplex matrix, sum to 1."""
    words = head.extra
    if not words or e != 1:
        return None
    key = (head.id, args)
    if "simplex" in words:
        k = args[-1] if args else None
        if k is not None and k in bound and sum(a.count(k) for _, a in present) == 1:
            return [(1, rest_of(present, {key: 1}), without(bound, {k}))]
    if len(args) == 2 and args[0] != args[1] and ("lower" in words or "upper" in words):
        return _triangular(alg, present, bound, head, args)
    if "orthogonal" in words and len(args) == 2 and args[0] != args[1]:
        for slot in (0, 1):
            k = args[slot]
            if k not in bound:
                continue
            touching = [other for other in present if k in other[1]]
            if len(touching) == 2:
                other = touching[0] if touching[1] == key else touching[1]
                if other[0] == head.id and present[other] == 1 and other[1][slot] == k and other[1][1 - slot] != k:
                    pair = sorted((args[1 - slot], other[1][1 - slot]))
                    rest = rest_of(present, {key: 1, other: 1})
                    return [(1, [*rest, (DELTA, (pair[0], pair[1]), 1)], without(bound, {k}))]
    return None


def _slope_of(alg: Algebra, head: Head) -> int:
    """1 for a lower triangular atom, -1 for an upper one, 0 else; the inverse of a triangular matrix is triangular."""
    if head.kind == "variable" and len(head.dims) == 2:
        return 1 if "lower" in (head.extra or ()) else -1 if "upper" in (head.extra or ()) else 0
    if head.kind == "inverse" and head.template is not None and len(head.template) == 1:
        ((m, _),) = head.template.items()
        if len(m[0]) == 1 and not m[1] and m[0][0][2] == 1 and len(m[0][0][1]) == 2:
            h, args, _ = m[0][0]
            return _slope_of(alg, alg.heads[h]) * (1 if args == (-1, -2) else -1)
    return 0


def _triangular(alg: Algebra, present: Present, bound: Bound, head: Head, args: tuple[int, ...]) -> list[Term] | None:
    """A cycle of triangular entries i >= j >= .. >= i lives on the diagonal only."""
    edges: dict[int, set[int]] = {}
    for (h, pair), e in present.items():
        if len(pair) == 2 and e > 0 and pair[0] != pair[1]:
            way = _slope_of(alg, alg.heads[h])
            if way:
                a, b = pair if way > 0 else (pair[1], pair[0])
                edges.setdefault(a, set()).add(b)
    a, b = args if _slope_of(alg, head) > 0 else (args[1], args[0])
    seen, todo = {b}, [b]
    while todo:
        for k in edges.get(todo.pop(), ()):
            if k == a:
                return [(1, [*rest_of(present, {}), (DELTA, (min(a, b), max(a, b)), 1)], bound)]
            if k not in seen:
                seen.add(k)
                todo.append(k)
    return None


def square_entry_law(alg: Algebra, present: Present, bound: Bound, head: Head, args: tuple[int, ...],
                  e: Rational) -> list[Term] | None:
    """sum_k Q[i,k]^2 = 1."""
    if e == 2 and "orthogonal" in (head.extra or ()) and len(args) == 2 and args[0] != args[1]:
        for slot in (0, 1):
            k = args[slot]
            if k in bound and sum(a.count(k) for _, a in present) == 1:
                return [(1, rest_of(present, {(head.id, args): 2}), without(bound, {k}))]
    return _variable(alg, present, bound, head, args, e)
