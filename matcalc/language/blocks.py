"""Blocks: matrices one below another or side by side, as a sum in which each stands in its place.

[A; B] of m and k rows is select(1,m,m+k)*A + select(m+1,k,m+k)*B, so all that is known of sums and products holds of blocks.
"""

from __future__ import annotations

import operator
from collections.abc import Sequence
from functools import reduce

from .arithmetic import T, add, mul
from .constants import eye
from .nodes import Apply, Expr
from .shape import ONE, SCALAR, Dim
from .inspection import ZERO, untransposed
from ..records import Record
from .recognition import selection


def total_size(sizes: Sequence[Dim]) -> Dim:
    """The sum of sizes."""
    return reduce(operator.add, sizes)


def terms(e: Expr) -> tuple[Expr, ...]:
    """The terms of a sum, which may be written as a transposed one; what is not a sum is one."""
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
