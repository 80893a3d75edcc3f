"""Marking a hand derivation: does each line follow from the one before?"""

from __future__ import annotations

from math import inf

from ..parts.marks import Marked
from ..statements.sheet import Sheet
from .certainty import forgiven
from .memory import Clock
from .readings import READINGS, best
from .rows import Asked
from .unused import with_told


class Marker:
    """Marks a sheet in the best of its readings, with so many seconds for each line.

    Arguments:
        big: a step that takes more rules than this is called big (0: none is).
        explains: whether it is looked for what is wrong with a line.
        until: the lines that end it where they do not follow.
    """

    def __init__(self, sheet: Sheet, seconds: float = inf, big: int = 0, explains: bool = True,
                 until: frozenset[int] = frozenset()) -> None:
        self.sheet, self.asked = sheet, Asked(Clock(seconds), big, explains, until)

    def run(self) -> Marked:
        """The sheet with its marks."""
        return with_told(self.sheet, forgiven(best(self.sheet, self.asked, READINGS)))
