"""The Python interface of sheets: `check` and the marked sheet it returns."""

from __future__ import annotations

import json

from ..language.deadline import SECONDS
from .statements.display import sheet
from .marking.mark import Marker
from .parts.marks import Marked
from .page import as_data, hinted, page
from .programs.program import program, marked as passes_marked
from .statements.sheet import Sheet as Blank
from .task import begin, task


class Sheet:
    """The answer of `check`: a derivation made by hand, with a mark for each line.

    `marks` has the lines in order, each with `.number`, `.text`, `.mark`, `.verdict`, `.diagnosis` and `.would` (what would follow
    instead); `worst` is the mark that decides, `totals` counts them. The marks are "given", "follows", "follows if", "does not follow",
    "undecided", "not judged" and "not read"; docs/sheets.md says what each means.

    >>> sheet = check("x in R^n\\nf = x'*x\\nd(f)/d(x) = x")
    >>> sheet.worst, sheet.marks[-1].would, dict(sheet.totals)
    ('does not follow', '2*x', {'given': 1, 'does not follow': 1})
    """

    def __init__(self, marked: Marked) -> None:
        self.marked = marked
        self.marks, self.worst, self.totals = marked.marks, marked.worst, marked.totals

    def text(self) -> str:
        """The page that `matcalc check` prints."""
        return page(self.marked, lambda word, width: word.ljust(width))

    def hint(self, level: int = 1) -> str:
        """A hint without the solution.

        Arguments: level: 1 says which line is the first that does not follow, 2 also what kind of mistake it is, 3 also what would follow.
        """
        return hinted(self.marked, level)

    def json(self) -> dict[str, object]:
        """The marks as a dictionary for JSON."""
        found: dict[str, object] = json.loads(as_data(self.marked))
        return found

    def _repr_markdown_(self) -> str:
        return f"```text\n{self.text()}\n```"

    def __str__(self) -> str:
        return self.text()

    def __repr__(self) -> str:
        return f"Sheet({', '.join(f'{n} {mark}' for mark, n in self.totals.items())})"


def check(text: str, seconds: float = SECONDS, big: int = 0, given: str = "") -> Sheet:
    """Mark a derivation made by hand: which lines follow from what is above them, which do not, and why.

    Arguments:
        text: the derivation, one equality a line, in the language, in Markdown or in LaTeX; declarations and words between are read too.
            Or a Python program with forward and backward passes: is each backward pass the gradient of its forward pass?
        seconds: the time limit; each line has half of what is left. A line that is not judged in time is undecided.
        big: mark steps that take more rules than this (0: none).
        given: a task, with what every sheet begins with and the expected answer.

    Returns: a Sheet. A line that cannot be read has the mark "not read"; it does not stop the others.
    Raises: InputError where there is nothing to check.

    >>> check("x in R^n\\nf = x'*x\\ndf = 2*x'*dx\\nd(f)/d(x) = 2*x")
    Sheet(1 given, 2 follows)
    >>> check("x in R^n\\nf = x'*x\\nd(f)/d(x) = x").worst
    'does not follow'
    """
    tree = program(text) if not given else None
    if tree is not None:
        return Sheet(passes_marked(tree, text, seconds))
    asked = task(given).spelled_as(text)
    read = sheet(text, lambda: begin(Blank(), asked)) if given else sheet(text)
    return Sheet(Marker(read, seconds, big).run())
