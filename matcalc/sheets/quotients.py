"""Where derivatives d(f)/d(x) stand in a text of the language, and the same text with some of them transposed."""

from __future__ import annotations

import re
from collections.abc import Callable

BELOW = re.compile(r"\)/d\(\w+\)")
BY_ENTRY = re.compile(r"\)/d\((\w+)\((\d+)(?:, *(\d+))?\)\)")
ENTRY_OF = re.compile(r"unit\(\d+\)'\*\(d\(")


def transposed(text: str, wanted: Callable[[str], bool]) -> str:
    """The text with (d(f)/d(x))' for d(f)/d(x), for every f that is wanted; what stands as (((d(f)/d(x))))' has rows of values anyhow."""
    at = 0
    while (m := BELOW.search(text, at)) is not None:
        start, at = _opened(text, m.start()), m.end()
        absolute = text[:start - 1].endswith("(((") and text[at:].startswith(")))'")
        if start > 0 and text[start - 1] == "d" and not absolute and wanted(text[start + 1:m.start()]):
            text = f"{text[:start - 1]}({text[start - 1:at]})'{text[at:]}"
            at += 3
    return text


def with_brackets(text: str) -> str:
    """The text with (d(f)/d(x))' for d(f)/d(x)', of which only the lower part would be turned."""
    at = 0
    while (m := BELOW.search(text, at)) is not None:
        start, at = _opened(text, m.start()), m.end()
        if start > 0 and text[start - 1] == "d" and text[at:at + 1] == "'":
            text = f"{text[:start - 1]}({text[start - 1:at]}){text[at:]}"
            at += 2
    return text


def by_entry(text: str) -> str:
    """The text with entries of d(f)/d(x) for derivatives by an entry, d(f)/d(x(1))."""
    at = 0
    while (m := BY_ENTRY.search(text, at)) is not None:
        start, at = _opened(text, m.start()), m.end()
        if start > 0 and text[start - 1] == "d":
            entry = f"(unit({m[2]})'*({text[start - 1:m.start() + 1]}/d({m[1]}))" + (f"*unit({m[3]}))" if m[3] else ")")
            text = f"{text[:start - 1]}{entry}{text[at:]}"
            at = start - 1 + len(entry)
    return text


def _opened(text: str, closed: int) -> int:
    """Where the bracket that is closed there is opened; -1 where it is not."""
    depth = 0
    while closed >= 0:
        depth += (text[closed] == ")") - (text[closed] == "(")
        if depth == 0:
            break
        closed -= 1
    return closed
