"""Where derivatives d(f)/d(x) stand in a text of the language, and the same text with some of them transposed."""

from __future__ import annotations

import re
from collections.abc import Callable

from ..brackets import ROUND, opening
BELOW = re.compile(r"\)/d\(\w+\)")
TURNED = re.compile(r"\)/d\((\w+)(?:\)(?:'|\^T\b)|(?:'|\^T)\))")
BY_ENTRY = re.compile(r"\)/d\((\w+)\((\d+)(?:, *(\d+))?\)\)")
ENTRY_OF = re.compile(r"unit\(\d+\)'\*\(d\(")


def transposed(text: str, wanted: Callable[[str], bool]) -> str:
    """The text with (d(f)/d(x))' for d(f)/d(x), for every f that is wanted; what stands as (((d(f)/d(x))))' has rows of values anyhow."""
    def made(m: re.Match[str], start: int) -> str | None:
        absolute = m.string[:start].endswith("(((") and m.string[m.end():].startswith(")))'")
        return None if absolute or not wanted(m.string[start + 2:m.start()]) else f"({m.string[start:m.end()]})'"
    return _exchanged(text, BELOW, made)


def with_brackets(text: str) -> str:
    """The text with (d(f)/d(x))' for d(f)/d(x)' and d(f)/d(x'), of which only the lower part would be turned."""
    return _exchanged(text, TURNED, lambda m, start: f"({m.string[start:m.start()]})/d({m[1]}))'")


def by_entry(text: str) -> str:
    """The text with entries of d(f)/d(x) for derivatives by an entry, d(f)/d(x(1))."""
    return _exchanged(text, BY_ENTRY, lambda m, start: (
        f"(unit({m[2]})'*({m.string[start:m.start() + 1]}/d({m[1]}))" + (f"*unit({m[3]}))" if m[3] else ")")))


def _exchanged(text: str, below: re.Pattern[str], made: Callable[[re.Match[str], int], str | None]) -> str:
    """The text with what is made of each quotient for it, by the match of its lower part and the place of its first d; None keeps it."""
    at = 0
    while (m := below.search(text, at)) is not None:
        start, at = opening(text, m.start(), ROUND) - 1, m.end()
        new = made(m, start) if start >= 0 and text[start] == "d" else None
        if new is not None:
            text = text[:start] + new + text[at:]
            at = start + len(new)
    return text
