"""Columns of the identity as atoms: S[a,i] is 1 where a is the i-th place that is taken, else 0."""

from __future__ import annotations

from ...language.shape import ONE, Dim, at_most
from .monomial import Head, Present, Rational
from .normalform import DELTA, Algebra, Bound, Term
from .products import rest_of, without


def selection(alg: Algebra, first: Dim, count: Dim, n: Dim) -> Head:
    """The atom of so many columns from the first on."""
    return alg.head("select", (first.text, count.text, n.text), (n, count), extra=(first, count, n))


def selection_law(alg: Algebra, present: Present, bound: Bound, head: Head, args: tuple[int, ...], e: Rational) -> list[Term] | None:
    """S^2 = S; what two of one row, of one column, or one after the other are; the sum of a column is 1."""
    key, (a, i), (first, count, n) = (head.id, args), args, head.extra
    if e > 1:
        return [(1, rest_of({**present, key: 1}, {}), bound)]
    if e != 1:
        return None
    place = alg.place_of(a)
    if place is not None:
        if at_most(place + ONE, first) or at_most(first + count, place):
            return []
        if at_most(first, place) and at_most(place + ONE, first + count):
            return [(1, [*rest_of(present, {key: 1}), (DELTA, (alg.place(place - first + ONE), i), 1)], bound)]
    for other, power in present.items():
        second = alg.heads[other[0]]
        if second.kind != "select" or other == key or power != 1:
            continue
        (b, j), (start, more, _) = other[1], second.extra
        if a == b:
            if at_most(first + count, start) or at_most(start + more, first):
                return []
            if second is head:
                return [(1, [*rest_of(present, {other: 1}), (DELTA, (i, j), 1)], bound)]
            if at_most(first, start) and at_most(start + more, first + count):
                inner = selection(alg, start - first + ONE, more, count)
                return [(1, [*rest_of(present, {key: 1}), (inner.id, (i, j), 1)], bound)]
        if second is head and i == j:
            return [(1, [*rest_of(present, {other: 1}), (DELTA, (a, b), 1)], bound)]
        if i == b and i in bound and all(i not in k[1] for k in present if k not in (key, other)):
            whole = selection(alg, first + start - ONE, more, n)
            return [(1, [*rest_of(present, {key: 1, other: 1}), (whole.id, (a, j), 1)], without(bound, {i}))]
    if a in bound and all(a not in k[1] for k in present if k != key):
        return [(1, rest_of(present, {key: 1}), without(bound, {a}))]
    return None
