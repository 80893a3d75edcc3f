"""Lines that look like definitions and may be conclusions: w = inv(X'*X)*X'*y below lines in which w is whatever it is."""

from __future__ import annotations

import re
from collections.abc import Iterator
from copy import copy

from .records import Row
from .sheet import Sheet

WORDS = re.compile(r"[A-Za-z_]\w*")


def without_conclusions(sheet: Sheet) -> Iterator[Sheet]:
    """The sheet, for each name that is used above the line that defines it and nowhere below, with that line as a conclusion."""
    for i, row in enumerate(sheet.rows):
        name = row.defines
        if not name or row.left != "" or row.role or row.why is not None:
            continue
        below = sheet.rows[i + 1:]
        goes_on = bool(below) and below[0].left is None
        bodies = [(n, body, number) for n, body, number in sheet.define if n != name]
        above = any(name in _words(r) for r in sheet.rows[:i]) or any(
            name in WORDS.findall(body) and number < row.number for _, body, number in bodies)
        later = any(name in _words(r) for r in below) or any(
            name in WORDS.findall(body) and number > row.number for _, body, number in bodies)
        if not above or later or goes_on:
            continue
        other = copy(sheet)
        other.names = copy(sheet.names)
        other.names.bodies = {n: body for n, body in sheet.names.bodies.items() if n != name}
        other.define = bodies
        body = sheet.names.bodies.get(name, "")
        other.rows = [*sheet.rows[:i], row._replace(left=name, right=body, defines="", role="conclusion"), *below]
        yield other


def _words(row: Row) -> list[str]:
    return WORDS.findall(f"{row.left or ''} {row.right}") if row.why is None else []
