"""Sheets whose lines are NumPy's: there * goes entry by entry on every line that does not say otherwise."""

from __future__ import annotations

import re

from ..reading.dialects.lines import LONGEST, is_numpy
from ..reading.tokens import Line

OWN = re.compile(r"'|\.\*|\.\^|\./|(?<!\*)\^")       # what only the language has
FACTOR = re.compile(r"(?<![\w./])(d\(\w+\)(?![\w/.])|(?<!d\()[A-Za-z_]\w*(?![\w(.]))")


def in_numpy(lines: list[str]) -> bool:
    """Whether one of these lines is NumPy's and not the language's."""
    return any(len(line) < LONGEST and not OWN.search(line) and is_numpy(Line(line)) for line in lines)


def marked(side: str) -> str:
    """A side of a line of such a sheet, so that it is read as NumPy by itself."""
    if not set(side) & set("*/+-") or OWN.search(side) or is_numpy(Line(side)):
        return side
    return FACTOR.sub(lambda m: f"np.asarray({m[1]})", side, count=1)
