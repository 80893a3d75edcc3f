"""Lines that look like definitions and may be conclusions: w = inv(X'*X)*X'*y below lines in which w is whatever it is."""

from __future__ import annotations

from collections.abc import Iterator
from copy import copy

from .formula import formula
from .sheet import Sheet


def without_conclusions(sheet: Sheet) -> Iterator[Sheet]:
    """The sheet, for each name that is used above the line that defines it and nowhere below, with that line as a conclusion."""
    for i, row in enumerate(sheet.rows):
        name = row.defines
        if not name or row.left != "" or row.role or row.why is not None:
            continue
        below = sheet.rows[i + 1:]
        goes_on = bool(below) and below[0].left is None
        bodies = [(n, body, number) for n, body, number in sheet.define if n != name]
        lines = [(k > i, r.text) for k, r in enumerate(sheet.rows) if k != i and r.why is None]
        lines += [(number > row.number, body) for _, body, number in bodies if number != row.number]
        if goes_on or {later for later, text in lines if name in formula(text).names} != {False}:
            continue
        other = copy(sheet)
        other.names = copy(sheet.names)
        other.names.bodies = {n: body for n, body in sheet.names.bodies.items() if n != name}
        other.define = bodies
        body = sheet.names.bodies.get(name, "")
        other.rows = [*sheet.rows[:i], row._replace(left=name, right=body, defines="", role="conclusion"), *below]
        yield other
