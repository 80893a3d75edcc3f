"""The mark of a line, and why it has it; a sheet with its marks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

from ...language.shorthand import shorthand
from ...language.expr import Expr, InputError
from ...render.verdict_words import WordedVerdict
from ...render.diagnosis import NOTHING, Diagnosis
from ...records import Record
from ...reading.inference.statements import Inferred
from ...reading.latex.names import Ambiguity

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
        """The number of lines with each mark."""
        return Counter(m.mark for m in self.marks)

    def numbers(self, *marks: str, fits: bool = False) -> set[int]:
        """The numbers of the lines with these marks; only of those without an error where what `fits` is asked for."""
        return {m.number for m in self.marks if m.mark in marks and not (fits and m.error is not None)}

    def where(self, chosen: Callable[[Mark], object], **changes: Any) -> Marked:
        """The sheet with chosen marks changed."""
        return self._replace(marks=tuple(m._replace(**changes) if chosen(m) else m for m in self.marks))


MARKS = {"proved": "follows", "checked": "follows", "refuted": "does not follow", "undecided": "undecided"}


class Reason(Record):
    """Why a line is not judged or not read, or on what it depends: what kind of reason, and its names, lines and texts."""

    kind: str
    about: tuple[str, ...] = ()


class Notes(Record):
    """What was found besides the mark of a line: shapes of names, how it was read, what is taken as constant in it, changes that make it
    fit, and both of its sides."""

    inferred: tuple[Inferred, ...] = ()
    read: tuple[str, ...] = ()
    constant: tuple[str, ...] = ()
    entries: tuple[Ambiguity, ...] = ()
    sides: tuple[Expr, Expr] | None = None


NO_NOTES = Notes()


class Mark(Record):
    """The mark of a line; `after` is the line it follows from where that is not the one above, `through` is the wrong
    line above that it follows from, `leapt` are the lines that a big step leaves out, with their rules; `chosen` is what was
    chosen in reading a line that does not follow."""

    number: int
    text: str
    mark: str
    verdict: WordedVerdict | None = None
    rule: str = ""
    diagnosis: Diagnosis = NOTHING
    would: str = ""
    after: int | None = None
    reason: Reason | None = None
    error: InputError | None = None
    through: int | None = None
    leapt: tuple[tuple[str, str], ...] = ()
    chosen: tuple[str, ...] = ()
    notes: Notes = NO_NOTES


def written(text: str, e: Expr) -> str:
    """An expression of a line; blocks and entries as they were written and not as the products that they are, and step(x) as such."""
    out = str(shorthand(e))
    return text if "stack(" in text or "unit(" in out and "unit(" not in text else out
