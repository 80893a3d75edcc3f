"""A denial needs a certain reading, or a mistake that was found: what was chosen in reading a line that does not follow."""

from __future__ import annotations

from contextlib import suppress
import re

from ..diagnose.slip import Kind
from ..language.shape import InputError
from .definition_parts import WORDS
from .facts import ZERO
from .marks import Mark, Marked, Reason
from .other_sizes import OtherSizes
from .records import Row
from .variables import BY, DIFFERENTIAL
from ..reading.brackets import ROUND, closing
from ..reading.latex.names import Ambiguity

# What says no more than that two expressions differ: no change of one place was confirmed that makes the line right.
NO_MISTAKE = frozenset((Kind.ILL_SHAPED, Kind.SHAPES, Kind.UNKNOWN, Kind.SOME_TERMS, Kind.SIZE_ONE))
HYPOTHESIS = re.compile(r"=|^[\w, ]+: \w+$")        # an equation, or a word of structure
APPLIED = re.compile(r"(?<![\w)])(\w+)\*\(\w+(?:\.T|')?\)(?!')")


class Certainty(OtherSizes):
    """Leaves a line unjudged that does not follow as it was read, where its reading was a choice and no mistake in it was found."""

    def certainly(self, line: str, row: Row, found: Mark) -> Mark:
        """A line that does not follow, with what was chosen in its reading where no mistake in it was found."""
        sure = not self.sheet.markup or found.mark != "does not follow" or self.mistaken(found)
        return found if sure else found._replace(chosen=self.chosen(line, row, found))

    def mistaken(self, found: Mark) -> bool:
        """Whether one change was confirmed that makes a line right: a misreading is hardly ever one change away from what follows."""
        first = found.diagnosis.slips[0] if found.diagnosis.slips else None
        if first is None or first.what in (Kind.NO_TERMS, Kind.EXTRA_TERMS) and len(first.about[0]) > 1:
            return False
        return first.what not in NO_MISTAKE or first.what is Kind.ILL_SHAPED and bool(first.about)

    def chosen(self, line: str, row: Row, found: Mark) -> tuple[str, ...]:
        """What was chosen in reading a line, in words of the sheet; nothing where all of it was said."""
        text = f"{line} == {row.right}"
        made = self.below(text) | set(WORDS.findall(text))
        before = [f"{n} {b}" for n, b, number in self.define if number <= row.number and n not in (row.left, row.right)]
        declared = {d.split()[0] for d in self.sheet.declare} - self.sheet.implied.keys()
        known = declared | set(WORDS.findall(" ".join(before)))
        passed = [said for _, said in self.sheet.passed if HYPOTHESIS.search(said) and self.mentions(said, made)]
        unread = [r.shown for r in self.sheet.rows if r.why is not None and self.mentions(r.shown, made)]
        unread += [m.text for m in self.marks if m.mark == "not read" and self.mentions(m.text, made)]
        said = f"{line if row.left == '' else row.left or ''} {row.right}"
        bound = set(WORDS.findall(said)) - known if BY.search(text) or not DIFFERENTIAL.search(text) else set[str]()
        bound &= self.shapes.keys()
        unread += [m.text for m in self.marks if m.mark == "not judged" and bound & set(WORDS.findall(m.text))]
        zero = [f"{row.right} as an identity"] if ZERO.fullmatch(row.right) and not DIFFERENTIAL.search(line) else []
        bodies = [b for n, b, _ in self.sheet.define if n in made | {row.defines}]
        times = [f"{m[0]} as a product" for t in (text, *bodies) for m in APPLIED.finditer(t)
                 if m[1] not in declared and re.search(rf"{m[1].partition('_')[0]}(?:[_^]\w|\}})*\s*\(", self.sheet.text)]
        given = [f"{n} as any matrix" for m in self.marks if m.reason is not None and m.reason.kind == "structure"
                 for n in WORDS.findall(" ".join(m.reason.about)) if n in made]
        if found.error is not None and not row.doubts and self.identity(text):         # a sum says over how many entries it goes
            given += [f"{g.name} as any {g.shape[0]} x {g.shape[1]}" for g in self.inferred if g.name in made]
        dots = [r"\cdot as the product of matrices"] if found.error is not None and r"\cdot" in self.source(row) else []
        return tuple(dict.fromkeys([*zero, *passed, *unread, *times, *dots, *given]))[:2]

    def identity(self, text: str) -> bool:
        """Whether a line is an equation between names that nothing defines, on a sheet that differentiates nothing."""
        plain = not DIFFERENTIAL.search(text) and not self.conditions and not self.sought
        return plain and not {n for n, _, _ in self.define} & set(WORDS.findall(text))

    def source(self, row: Row) -> str:
        """The line of the file that a row stands in."""
        return self.sheet.text.split("\n")[row.number - 1] if self.sheet.markup else ""

    def entrywise(self, line: str, row: Row, found: Mark) -> Mark:
        """The same; or with the sums of the rows, a column, beside each column of a matrix that they stand beside."""
        again = super().entrywise(line, row, found)
        left, right = self.spread(line), self.spread(row.right)
        if again.error is None or not self.sheet.markup or (left, right) == (line, row.right):
            return again
        with suppress(InputError):
            wide = self.judged(left, row._replace(left=row.left and left, right=right))
            if wide.error is None:
                self.entries.append(Ambiguity(row.right, right, True))
                return wide
        return again

    def spread(self, text: str) -> str:
        """A text with X*ones(n,n) for rowsum(X), n being the columns of X."""
        head = "rowsum("
        start = text.find(head)
        if start < 0:
            return text
        end = closing(text, start + len(head) - 1, ROUND)
        inner = text[start + len(head):end]
        p = self.equation(inner, inner)
        whole = text[start:end + 1] if p is None else f"(({inner})*ones({p.sides[0].shape[1]},{p.sides[0].shape[1]}))"
        return text[:start] + whole + self.spread(text[end + 1:])

    def misfit(self, row: Row, error: InputError) -> Mark:
        """The mark of a definition whose sizes do not fit."""
        body = self.sheet.names.bodies.get(row.defines or row.right, "")
        return self.certainly(body, row, super().misfit(row, error))

    def mentions(self, said: str, names: set[str]) -> bool:
        """Whether a text that was not understood speaks of a name."""
        return any(re.search(rf"(?<![A-Za-z]){re.escape(n.partition('_')[0])}(?![A-Za-z])", said) for n in names)


def forgiven(found: Marked) -> Marked:
    """The marks with those lines not judged that are wrong only as they were read."""
    marks, freed = list[Mark](), set[int]()
    for m in found.marks:
        if m.mark == "does not follow" and m.chosen:
            freed.add(m.number)
            m = Mark(m.number, m.text, "not judged", reason=Reason("reading", m.chosen))
        marks.append(m._replace(through=None, after=m.through) if m.through in freed else m)
    return found._replace(marks=tuple(marks))
