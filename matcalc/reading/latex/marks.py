"""What stands in a text of the language for names with indices and for sums over an index, until it is known what they are."""

from __future__ import annotations

import re
from collections.abc import Set

from ...records import Record

SIGN = "__"
MARKED = re.compile(rf"\w+{SIGN}\d+")


class Indexed(Record):
    """A name with its indices, where it stands and as it is written; "(" stands before the index of a sample, ":" for a whole row."""

    name: str
    indices: tuple[str, ...]
    place: int
    written: str


class Summed(Record):
    """A sum: its letters, how far they go, what relates two of them."""

    letters: tuple[str, ...]
    upper: str
    pair: tuple[str, ...]
    sign: str
    place: int
    written: str


class Marks:
    """The letters that are indices while a formula is read, and what its marks stand for."""

    def __init__(self, letters: Set[str], free: Set[str] = frozenset()) -> None:
        self.letters, self.free = letters, free
        self.bound: frozenset[str] = frozenset()
        self.found: dict[str, Indexed | Summed] = {}

    def new(self, head: str, what: Indexed | Summed) -> str:
        """A mark for this, in a text of the language."""
        name = f"{head}{SIGN}{len(self.found)}"
        self.found[name] = what
        return name

    def shown(self, text: str) -> str:
        """A text with what was written in the place of its marks."""
        return MARKED.sub(lambda m: self.found[m[0]].written if m[0] in self.found else m[0], text)
