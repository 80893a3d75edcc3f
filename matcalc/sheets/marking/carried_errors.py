"""Lines that inherit a mistake: a gradient read off a wrong differential, the Hessian of a wrong gradient. It counts once."""

from __future__ import annotations

from math import inf

from ...records import Record
from .other_readings import AsGradients
from ..parts.formula import quotient
from ..parts.marks import Mark
from ..statements.sheet import Sheet
from ..parts.records import Row

MOST = 4        # so many wrong lines are tried


class Wrong(Record):
    """A wrong line: its number, the first side of its chain of equalities, and its last side."""

    number: int
    start: str
    right: str


class CarriedErrors(AsGradients):
    """Remembers the wrong lines, so that what follows from one of them is not marked wrong again."""

    def __init__(self, sheet: Sheet, seconds: float = inf) -> None:
        super().__init__(sheet, seconds)
        self.wrong: list[Wrong] = []

    def taken_over(self, row: Row, found: Mark) -> Mark:
        """A line that says of a derivative what follows from a wrong line follows from that one."""
        if row.left is None or found.error is not None:
            return found
        for w in self.wrong[:-MOST - 1:-1]:
            slope = quotient(row.left)
            pair: tuple[str, str] | None = None
            if slope is not None and w.start.strip("()") == f"d({slope[0]}":
                pair = w.right, f"tr(({row.right})'*d({slope[1]}))"
            elif len(w.start) > 6 and w.start in row.left and row.left != w.start:
                pair = row.left.replace(w.start, f"({w.right})"), row.right
            if pair is not None and self.kind([], *pair) == "proved":
                return Mark(row.number, found.text, "follows", through=w.number)
        return found
