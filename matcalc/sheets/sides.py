"""The sides of an equality on a plain line."""

from __future__ import annotations

import re

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
    while (less := re.sub(r"\([^()]*\)|\[[^\[\]]*\]", "", line)) != line:
        line = less
    return line
