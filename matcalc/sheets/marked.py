"""A sheet with its marks."""

from __future__ import annotations

from collections import Counter

from ..reading.inference.statements import Inferred
from .marks import Mark
from ..reading.latex.names import Ambiguity
from ..records import Record

ORDER = ("does not follow", "undecided", "not judged", "not read", "follows if", "follows")


class Marked(Record):
    """A sheet with its marks; `doubts` are readings that were a choice, `passed` is what was passed over in sentences."""

    inferred: tuple[Inferred, ...]
    constant: tuple[str, ...]
    marks: tuple[Mark, ...]
    read: tuple[str, ...] = ()
    doubts: tuple[Ambiguity, ...] = ()
    said: tuple[tuple[str, str], ...] = ()
    understood: tuple[str, ...] = ()
    passed: tuple[tuple[int, str], ...] = ()
    layout: str = ""
    open: bool = False

    @property
    def worst(self) -> str:
        """The mark that decides; where a claim was passed over, not every line was judged."""
        found = {m.mark for m in self.marks} | ({"not judged"} if self.open else set())
        return next((m for m in ORDER if m in found), "given")

    @property
    def totals(self) -> Counter[str]:
        """How many lines have each mark."""
        return Counter(m.mark for m in self.marks)
