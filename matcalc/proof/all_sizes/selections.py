"""Columns of the identity as atoms: S[a,i] is 1 where a is the i-th place that is taken, else 0."""

from __future__ import annotations

from ...language.shape import ONE, Dim, at_most
from .monomial import Head, Present, Rational, Sum, factors
from .normalform import DELTA, Algebra
from .heads import Bound, Term
from .products import rest_of, without

OTHER = -62     # a free index for a while


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
    inner_place = alg.place_of(i)
    if inner_place is not None:
        return [(1, [*rest_of(present, {key: 1}), (DELTA, (a, alg.place(inner_place + first - ONE)), 1)], bound)]
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


def in_parts(alg: Algebra, s: Sum, i: int) -> list[tuple[Head, Sum]] | None:
    """The parts of a sum at a free index that columns of the identity are taken by: together they are all of it. Each with its
    selection, by whose own index it then goes; none where nothing is taken, or the parts leave something open."""
    taken: dict[tuple[Dim, Dim], Head] = {}
    places: set[Dim] = set()
    whole: Dim | None = None
    for m in s:
        for h, args, e in factors(m):
            head = alg.heads[h]
            if head.kind == "select" and args[0] == i and e == 1:
                taken[head.extra[:2]] = head
            if h == DELTA and i in args:
                places.update(d for a in args if (d := alg.place_of(a)) is not None)
            elif i in args and (whole is None or head in taken.values()):
                whole = head.dims[args.index(i)]
    if whole is None or not taken and whole.number is None:
        return None
    taken |= {(d, ONE): selection(alg, d, ONE, whole) for d in places}
    at, found = ONE, []
    while at is not whole + ONE:
        head = next((h for (first, _), h in taken.items() if first is at), None)
        if head is None:
            left = whole + ONE - at
            if at is ONE or not at_most(ONE, left):
                return None
            head = selection(alg, at, left, whole)
        elif not at_most(at + head.dims[1], whole + ONE):
            return None
        found.append(head)
        at = at + head.dims[1]
    return [(h, taken_by(alg, h, s, i)) for h in found]


def taken_by(alg: Algebra, head: Head, s: Sum, i: int) -> Sum:
    """What a selection takes of a sum at a free index; one place has no index of its own."""
    first, count, whole = head.extra
    if count is ONE:
        return alg.renamed(s, {i: alg.place(first)})
    return alg.renamed(alg.contract(alg.atom(head, (-1, -2)), {-1: 0, -2: OTHER}, s, {i: 0}, {0: whole}), {OTHER: i})


def blocks(alg: Algebra, s: Sum) -> tuple[list[Head], list[list[Sum]]] | None:
    """The square blocks that a matrix template has on its diagonal by the columns of the identity in it, and all blocks."""
    rows = in_parts(alg, s, -1)
    if rows is None or len(rows) < 2:
        return None
    heads = [h for h, _ in rows]
    columns = in_parts(alg, s, -2)
    if columns is None or [h for h, _ in columns] != heads:
        return None
    return heads, [[taken_by(alg, h, row, -2) for h in heads] for _, row in rows]


def triangular(cells: list[list[Sum]]) -> bool:
    """Whether all blocks above those on the diagonal are zero, or all below."""
    k = len(cells)
    return all(not cells[r][c] for r in range(k) for c in range(r)) or all(not cells[r][c] for r in range(k) for c in range(r + 1, k))


def put_back(alg: Algebra, block: Sum, rows: Head, columns: Head) -> Sum:
    """A block at its place in a matrix of blocks that is zero elsewhere."""
    for head, free in ((rows, -1), (columns, -2)):
        first, count, whole = head.extra
        if count is ONE:
            place: Sum = {}
            alg.collect(place, 1, [(DELTA, (min(alg.place(first), free), max(alg.place(first), free)), 1)], {})
            block = alg.product(place, block)
        else:
            block = alg.contract(alg.atom(head, (-1, -2)), {-1: OTHER, -2: 0}, block, {free: 0}, {0: count})
            block = alg.renamed(block, {OTHER: free})
    return block
