"""The Python face of sheets."""

from __future__ import annotations

import json

from ..language.deadline import SECONDS
from .display import sheet
from .mark import Marker
from .marked import Marked
from .page import as_data, hinted, page
from .sheet import Sheet as Blank
from .task import begin, task


class Sheet:
    """A derivation by hand with its marks.

    `marks` has one for each line (`.number`, `.mark`, `.text`), `worst` is the one that decides, `totals` counts them.
    """

    def __init__(self, marked: Marked) -> None:
        self.marked = marked
        self.marks, self.worst, self.totals = marked.marks, marked.worst, marked.totals

    def text(self) -> str:
        """The page that `matcalc check` prints."""
        return page(self.marked, lambda word, width: word.ljust(width))

    def hint(self, level: int = 1) -> str:
        """1: which line is the first that does not follow; 2: and what kind of mistake it is; 3: and what would follow."""
        return hinted(self.marked, level)

    def json(self) -> dict[str, object]:
        """The same as data."""
        found: dict[str, object] = json.loads(as_data(self.marked))
        return found

    def _repr_markdown_(self) -> str:
        return f"```text\n{self.text()}\n```"

    def __str__(self) -> str:
        return self.text()

    def __repr__(self) -> str:
        return f"Sheet({', '.join(f'{n} {mark}' for mark, n in self.totals.items())})"


def check(text: str, seconds: float = SECONDS, big: int = 0, given: str = "") -> Sheet:
    """Marks a derivation made by hand, one equality a line: which lines follow, which do not, and why.

    text: the derivation, in the language, in Markdown or in LaTeX.
    seconds: how long each line may take.
    big: steps that take more rules than this are marked as big (0: none).
    given: a task that the derivation begins with.

    >>> check("x in R^n\\nf = x'*x\\ndf = 2*x'*dx\\nd(f)/d(x) = 2*x")
    Sheet(1 given, 2 follows)
    >>> check("x in R^n\\nf = x'*x\\nd(f)/d(x) = x").worst
    'does not follow'
    """
    asked = task(given)
    marker = Marker(sheet(text, lambda: begin(Blank(), asked)) if given else sheet(text), seconds)
    marker.big = big
    return Sheet(marker.run())
