"""What the marking of a sheet has found so far, and one line of it that is being judged."""

from __future__ import annotations

from collections.abc import Iterable

from ...language.expr import Expr, Name, differentials, differentiated
from ...reading.inference.statements import Inferred
from ...reading.latex.names import Ambiguity
from ...records import Record
from ..parts.marks import Mark, Reason
from ..parts.records import Row, Word
from .conditions import Conditions
from .setting import Setting


class Wrong(Record):
    """A wrong line: its number, the first side of its chain of equalities, and its last side."""

    number: int
    start: str
    right: str


class Chain(Record):
    """A chain of equalities: its first side and row, its last side, its last side that is right with the line of that, and the wrong line
    that the last side follows from. What stands alone has no row."""

    start: str = ""
    line: str = ""
    right: str = ""
    number: int = 0
    wrong: int | None = None
    above: Row | None = None

    @classmethod
    def begin(cls, row: Row, side: str) -> Chain:
        """The chain that begins with a side of a row."""
        return cls(side, side, side, row.number, None, row)

    def after(self, row: Row, found: Mark) -> Chain:
        """The chain after a line with its mark."""
        zero = found.mark == "given" and found.reason is not None      # what goes on behind a zero is equal to what is zero
        wrong = row.number if found.mark == "does not follow" else None if found.after else found.through or self.wrong
        out = self._replace(line=self.line if found.error is not None or zero else row.right, wrong=wrong)
        right = found.mark in ("follows", "given", "follows if") and found.through is None and not zero
        return out._replace(right=row.right, number=row.number) if right else out


class SoFar:
    """The marks, what is zero, the wrong lines, and what was taken for granted in judging the lines."""

    def __init__(self, certain: Iterable[Ambiguity]) -> None:
        self.marks: list[Mark] = []
        self.known = Conditions()
        self.conditional: int | None = None         # the line from which on all may be meant under a condition
        self.stated: set[int] = set()               # lines of equations for names of which nothing is said above
        self.wrong: list[Wrong] = []
        self.certain = set(certain)                 # readings that were a choice, with which a line follows
        self.symmetric: list[Word] = []             # names that lines take for symmetric
        self.inferred: list[Inferred] = []          # shapes that single lines gave
        self.moves: dict[Expr, set[Name]] = {}      # by which names the lines say that d(f) goes
        self._head: Expr | None = None

    def bound_by(self, row: Row, stated: bool) -> None:
        """Enter that what is below a row may hold only by it."""
        self.stated |= {row.number} if stated else set()
        self.conditional = self.conditional or (row.number if self.known or stated else None)

    def note(self, found: Mark, begins: bool) -> Mark:
        """The mark of a line, the first of its chain or another one; what was found besides counts in the lines below."""
        self.inferred += [i for i in found.notes.inferred if all(i.name != known.name for known in self.inferred)]
        if found.notes.sides is not None:
            before, after = found.notes.sides
            self._head = before if begins else self._head
            if found.mark in ("follows", "follows if") and self._head is not None and (f := differentiated(self._head)) is not None:
                self.moves.setdefault(f, set()).update(x for x in differentials(after) if isinstance(x, Name))
        return found

About = tuple[str, ...] | None      # what a reason is about; None where it is none


class Claim(Record):
    """A line of a sheet that does not follow as it was read: the setting, what was found so far, which row it is, its left side, the first
    side of its chain and the row of that."""

    s: Setting
    so_far: SoFar
    i: int
    row: Row
    line: str
    start: str
    above: Row | None
    found: Mark

    @property
    def text(self) -> str:
        """Both sides, the left one being that of the line above where the row has none."""
        return f"{self.line} {self.row.right}"

    def proved(self, s: Setting, *equations: str) -> bool:
        """Whether it is proved in another setting."""
        return s.proved(self.line, self.row.right, *equations)

    def holds(self, s: Setting, *equations: str) -> bool:
        """Whether the judges agree with it in another setting."""
        return s.kind(self.line, self.row.right, *equations) in ("proved", "checked")


def not_judged(row: Row, text: str, kind: str, *about: str) -> Mark:
    """The mark of a line that is not judged, for such a reason."""
    return Mark(row.number, text, "not judged", reason=Reason(kind, about))
