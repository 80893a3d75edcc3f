"""Blocks: matrices one below another or side by side, as a sum in which each stands in its place.

[A; B] of m and k rows is select(1,m,m+k)*A + select(m+1,k,m+k)*B, so all that is known of sums and products holds of blocks.
"""

from __future__ import annotations

import operator
from collections.abc import Sequence
from functools import reduce

from .arithmetic import T, add, mul
from .constants import eye, select
from .nodes import Apply, Expr
from .shape import ONE, SCALAR, Dim, ShapeError, show_shape
from .inspection import ZERO, untransposed
from ..records import Record
from .recognition import selection


def total_size(sizes: Sequence[Dim]) -> Dim:
    """The sum of sizes."""
    return reduce(operator.add, sizes)


def stacked(parts: Sequence[Expr], below: bool, nested: Sequence[bool]) -> Expr:
    """Blocks one below another, or side by side; blocks made of blocks are taken apart, so that all are in one grid.

    >>> from matcalc.reading.parse import parse
    >>> A, B = parse('A', ['A in R^(m,n)']), parse('B', ['B in R^(k,n)'])
    >>> stacked([A, B], True, [False, False]).shape
    (Dim(k+m), Dim(n))
    """
    across = 1 if below else 0
    for p in parts:
        if p.shape[across] is not parts[0].shape[across]:
            word = "one below another, but" if below else "side by side, but"
            raise ShapeError(f"{parts[0]} and {p} {word} they are {show_shape(parts[0].shape)} and {show_shape(p.shape)}")
    if len(parts) == 1:
        return parts[0]
    sizes = [p.shape[1 - across] for p in parts]
    first, whole = ONE, total_size(sizes)
    out = []
    for p, count, open_ in zip(parts, sizes, nested, strict=True):
        place = select(first, count, whole)
        out += [mul(place, t) if below else mul(t, T(place)) for t in (terms(p) if open_ else (p,))]
        first = first + count
    return add(*out)


def terms(e: Expr) -> tuple[Expr, ...]:
    """The terms of a sum, which may be written as a transposed one; what is no sum is one."""
    if type(e) is Apply and e.head == "'" and type(e.args[0]) is Apply and e.args[0].head == "+":
        return tuple([T(t) for t in e.args[0].args])
    return e.args if type(e) is Apply and e.head == "+" else (e,)


class Blocks(Record):
    """A matrix seen as blocks: rows of them, each zero or an expression; what is zero has the shape that is left."""

    rows: tuple[tuple[Expr, ...], ...]
    heights: tuple[Dim, ...]
    widths: tuple[Dim, ...]


class Placed(Record):
    """A block in a sum: its first row and column, its size and its content."""

    row: Dim
    height: Dim
    col: Dim
    width: Dim
    inner: Expr


def _placed(e: Expr) -> Placed | None:
    """Where a term stands, by the selections it begins and ends with; None where it does not."""
    parts = list(e.args) if type(e) is Apply and e.head == "*" else [e]
    split = next((k for k, a in enumerate(parts) if a.shape != SCALAR), len(parts))
    scalars, chain = parts[:split], parts[split:]
    row, height, col, width = ONE, e.shape[0], ONE, e.shape[1]
    if chain and (place := selection(chain[0])) is not None:
        (row, height), chain = place, chain[1:]
    last = untransposed(chain[-1]) if chain else ZERO
    if chain and last is not chain[-1] and (place := selection(last)) is not None:
        (col, width), chain = place, chain[:-1]
    if len(chain) == len(parts) - split:
        return None
    if not chain and height is width:       # what stands between two selections and is not written
        chain = [eye(height)]
    return Placed(row, height, col, width, mul(*scalars, *chain))


def _ends(spans: set[tuple[Dim, Dim]], whole: Dim) -> list[tuple[Dim, Dim]] | None:
    """Spans in their order, where they follow one another from the first place to the last."""
    out: list[tuple[Dim, Dim]] = []
    left, at = set(spans), ONE
    while left:
        found = next((s for s in left if s[0] is at), None)
        if found is None:
            return None
        left.remove(found)
        out.append(found)
        at = at + found[1]
    return out if at is whole + ONE else None


def blocks(e: Expr) -> tuple[Blocks, tuple[Expr, ...]] | None:
    """A sum as blocks and the terms that are of no block; None where there are no blocks in it."""
    if type(e) is not Apply or e.head != "+":
        return None
    terms = [(t, _placed(t)) for t in e.args]
    placed = [p for _, p in terms if p is not None]
    if not placed:
        return None
    heights = _ends({(p.row, p.height) for p in placed}, e.shape[0])
    widths = _ends({(p.col, p.width) for p in placed}, e.shape[1])
    if heights is None or widths is None or any(p.inner.shape != (p.height, p.width) for p in placed):
        return None
    grid: dict[tuple[Dim, Dim], list[Expr]] = {}
    for p in placed:
        grid.setdefault((p.row, p.col), []).append(p.inner)
    rows = tuple(tuple(add(*grid[r, c]) if (r, c) in grid else ZERO for c, _ in widths) for r, _ in heights)
    found = Blocks(rows, tuple(h for _, h in heights), tuple(w for _, w in widths))
    return found, tuple(t for t, p in terms if p is None)
