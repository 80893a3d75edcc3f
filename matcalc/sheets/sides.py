"""The sides of an equality on a plain line."""

from __future__ import annotations

import re

from ..language.shape import InputError
from ..reading.reader import Reader
from ..reading.tokens import Line

NOT_EQUAL = ("<", ">", "≤", "≥", "≈", "∝", "≠")
SQUARE = re.compile(r"\(?([a-z]\w*)\)?\^\(?2\)?")
EQUALS = re.compile(r"(?<![=<>!:~])(?::=|==?)(?!=)")


def split(line: str) -> list[str]:
    """The sides of an equality: what an = outside every bracket is between."""
    out, start = [], 0
    for m in EQUALS.finditer(line):
        before = line[:m.start()]
        if before.count("(") + before.count("[") <= before.count(")") + before.count("]"):
            out.append(line[start:m.start()])
            start = m.end()
    return [*out, line[start:]]


def outside(line: str) -> str:
    """What stands outside every bracket of a line."""
    out, opened = [], list[int]()
    for c in line:
        out.append(c)
        if c in "([":
            opened.append(len(out) - 1)
        elif c in ")]" and opened:
            del out[opened.pop():]
    return "".join(out)

def moves(text: str) -> bool:
    """Whether this is a differential: d(x) stands in it, and no derivative."""
    try:
        found = {op for op, _, _ in Reader(Line(text)).syntax()}
    except InputError:
        return False
    return "d" in found and "derivative" not in found
