"""The mark of a line, and why it has it."""

from __future__ import annotations

from ..language.expr import Expr, InputError
from ..render.verdict_words import Said
from ..render.diagnosis import NOTHING, Diagnosis
from ..records import Record

MARKS = {"proved": "follows", "checked": "follows", "refuted": "does not follow", "undecided": "undecided"}


class Reason(Record):
    """Why a line is not judged or not read, or on what it depends: what kind of reason, and its names, lines and texts."""

    kind: str
    about: tuple[str, ...] = ()


class Mark(Record):
    """A line and what is said of it; `after` is the line it follows from where that is not the one above, `through` is the wrong
    line above that it follows from, `leapt` are the lines that a big step leaves out, with their rules."""

    number: int
    text: str
    mark: str
    verdict: Said | None = None
    rule: str = ""
    diagnosis: Diagnosis = NOTHING
    would: str = ""
    after: int | None = None
    reason: Reason | None = None
    error: InputError | None = None
    through: int | None = None
    leapt: tuple[tuple[str, str], ...] = ()


def written(text: str, e: Expr) -> str:
    """An expression of a line; blocks and entries as they were written and not as the products that they are."""
    out = str(e)
    return text if "stack(" in text or "unit(" in out and "unit(" not in text else out
