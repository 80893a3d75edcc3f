"""Marking a hand derivation: does each line follow from the one before?"""

from __future__ import annotations

import re
from time import monotonic, process_time
from typing import Self

from ...language.expr import InputError
from ... import judges
from .other_readings import without_conclusions
from ..parts.definiteness import SEMIDEFINITE, definiteness
from .consequences import unstructured
from ..parts.formula import formula
from .requested_lines import between, following, skipped_lines
from .unstated_losses import unstated_losses
from ..parts.marks import Mark, Marked, Reason
from ..parts.records import Row
from ..statements.sheet import Sheet
from .certainty import forgiven
from .carried_errors import CarriedErrors, Wrong
from ..parts.variables import says_derivative
from ...reading.latex.names import Ambiguity
from ...patterns import pattern


BARE = pattern(r"\beye\b(?!\()|\bvector\(")


class Marker(CarriedErrors):
    """Marks the rows of a sheet in turn; a step that takes more than `big` rules is called big (0: none is)."""

    big = 0
    started = ""                             # the first side of the chain

    def run(self) -> Marked:
        """Every row. A definition that no mark above needs, of a name that is used there, is a conclusion that nothing was said of."""
        found = self.otherwise()
        for sheet in without_conclusions(self.sheet):
            other = self.of(sheet)._in_layout()
            needed = len(found.marks) != len(other.marks) or any(
                a.mark != "given" and (a.mark, a.would) != (b.mark, b.would) and (a.reason is None or a.reason.kind != "unused")
                or a.reason is not None and a.reason.kind == "perhaps" for a, b in zip(found.marks, other.marks, strict=True))
            if not needed:
                found = other
        return self.with_told(forgiven(found))

    def with_told(self, found: Marked) -> Marked:
        """With the definitions in sentences that nothing uses: they may be conclusions, and nothing says what they should be."""
        sheet, marks = self.sheet, list(found.marks)
        texts = [r.text for r in sheet.rows] + [a.text for a in sheet.assumed]
        for row in sheet.told:
            others = texts + [body for name, body, _ in sheet.define if name != row.defines]
            if row.defines not in sheet.calls and not any(row.defines in formula(text).names for text in others):
                k = next((k for k, m in enumerate(marks) if m.number > row.number), len(marks))
                marks.insert(k, Mark(row.number, row.shown, "not judged", reason=Reason("unused", (row.defines,))))
        for a in (a for a in sheet.afresh if a.claimed):
            number, name = sheet.line_of(a.start), f"{a.letter}_{a.number}"
            k = next((k for k, m in enumerate(marks) if m.number >= number), len(marks))
            shown = f"{name} = {sheet.names.bodies.get(name, '')}"
            marks.insert(k, Mark(number, shown, "not judged", reason=Reason("another", (a.letter,))))
        return found._replace(marks=tuple(marks))

    def of(self, sheet: Sheet) -> Self:
        """The same for another reading of the sheet."""
        out = type(self)(sheet, self.seconds)
        out.big, out.ends = self.big, self.ends
        return out

    def _run(self) -> Marked:
        self.marks, self.tainted, self.doubts, self.inferred = [], {}, {}, []
        self.read, self.constant, self.entries, self.conditions, self.conditional = {}, {}, [], [], None
        self.moves, self.unwritten, self.values, self.wrong = {}, set(), {}, []
        self.began = monotonic(), process_time()
        sheet = self.sheet
        self.declare = self.worded(sheet.declare, [w for w in sheet.structure if w.everywhere])
        if sheet.layout != "denominator":
            sheet.rows = [r if r.entries else r._replace(left=r.left and self.row_context(r.left), right=self.row_context(r.right))
                          for r in sheet.rows]
        sheet.define = self.through_names(sheet.define)
        self.given = unstated_losses(sheet)
        bad = self.fitting()
        self.fixed, self.ending = self.given.assume, {}
        bad |= self.shapes_found()
        self.carried_in()
        bad |= self.broken_promises()
        rows = {r.defines for r in sheet.rows}
        self.marks += [self.misfit(Row(entry[2], "", entry[0], f"{entry[0]} = {entry[1]}"), bad[entry[0]])
                       for entry in sheet.define if entry[0] in bad and entry[0] not in rows]
        for row in sheet.rows:
            for name in {row.defines} - {""}:
                self.doubts[name] = tuple(row.doubts)
        readable = [r for r in sheet.rows if r.why is None]
        said = " ".join([*(r.text for r in readable), *(body for _, body, _ in self.given.derivatives)])
        self.sought = set(formula(said).by)
        self.settled = bool(sheet.calls or sheet.wrt or self.sought)
        defined = {name for name, _, _ in self.define}
        self.varied = {*formula(said).moved, *self.sought} - defined
        line, right, number, start = "", "", 0, ""
        anywhere = self._moving(readable) | self.sought
        above: Row | None = None
        wrong: int | None = None
        for i, row in enumerate(sheet.rows):
            self.begin(i)
            if row.why is not None:
                self.marks.append(Mark(row.number, row.shown, "not read", error=row.why))
                continue
            if row.role == "model":
                self.marks.append(Mark(row.number, row.shown, "given"))
                continue
            if row.role in SEMIDEFINITE:
                positive = {w.name for w in sheet.structure if w.word == "positive"}
                text = row.right or (line if sheet.rows[i - 1].why is None else "")
                self.marks.append(definiteness(row, self.equation(text, text) if text else None, positive))
                continue
            if row.role == "conclusion":
                solved = self.under(str(row.left), row) if self.conditions else None
                self.marks.append(solved or Mark(row.number, row.written, "not judged", reason=Reason("solved", (str(row.left),))))
                continue
            if row.role in ("next", "gap"):
                if row.left is not None and row.left != start:
                    line, right, number, wrong, above, start = row.left, row.left, row.number, None, row, row.left
                self.marks.append(self.filled(row, start or line, right, sheet.rows[i + 1:i + 2]))
                continue
            if row.role == "condition":
                self.conditional = row.number
                if row.right == "0" and row.left is None:
                    self.zero(row, start, line, wrong)
                elif row.left == "":
                    for of in row.right.split("; "):
                        taken = next((w for w in reversed(self.wrong) if w.start in (of, f"({of})")), None)
                        self.zero(row, of, taken.right if taken else "", taken.number if taken else None)
                self.marks.append(Mark(row.number, row.shown, "given", reason=Reason("condition")))
                continue
            if row.defines in bad and row.left == "":
                self.marks.append(self.misfit(row, bad[row.defines]))
                line = right = row.right
                continue
            if row.left is not None:
                chain = [row, *_until_next(sheet.rows[i + 1:])]
                self.live = self._moving(chain) or anywhere
                before = line
                line, right, number, wrong, above, start = row.left, row.left, row.number, None, row, row.left
                if not row.left:
                    alone = row.role == "lone" and self.standing_alone(i, before, row)
                    line = right = start = row.right
                    if row.role == "lone":
                        self.marks += [alone] if alone else []
                        continue
                    if row.role != "start":
                        solved = self.solution(row) if self.conditions else None
                        solved = solved and self.certainly(sheet.names.bodies.get(row.defines, ""), row, solved)
                        self.marks.append(solved or self.unsolved(row, sheet.rows[:i]) or self.stepped(row) or self.opening(row))
                    continue
            self.started = start
            found = self.marked(i, line, row)
            general = row.left is not None and says_derivative(row.left, row.right)
            bound = found.mark == "does not follow" and found.error is None and self.conditions
            there = (self.at_values(line, row, found) if general else self.at_solution(line, row)) if bound else None
            found = there or self.softened(found, row, above, start, line)
            if found.mark == "not judged" and found.error is None:
                found = self.updated(row) or found
            if found.mark == "given" and found.reason is not None:
                self.zero(row, start, line, wrong)
            elif found.mark == "not judged" and found.reason is not None and found.reason.kind in ("equation", "conditional"):
                found = self.set_to_zero(row, line, found)
                self.conditional = self.conditional or (row.number if self.conditions else None)
            if found.mark == "does not follow" and right != line:
                again = self.marked(i, right, row)
                if again.mark == "follows":
                    found = again._replace(after=number)
            if found.mark == "does not follow":
                found = self.if_symmetric(line, row, found) or self.in_another_form(line, row) or self.by_statement(line, row) or \
                    self.partially(line, row, found) or self.certainly(line, row, self.perhaps(i, line, row, found))
            elif found.mark in ("follows", "follows if"):
                self.certain |= set(row.doubts)         # it was meant so: so read, it holds
                found = found._replace(through=wrong) if wrong is not None else found
            if self.big and found.mark == "follows" and found.rule != "read off" and (found.after, found.through) == (None, None):
                found = found._replace(leapt=self.leapt(row, start or line, line))
            if i in self.given.rows and found.mark == "follows":
                found = Mark(row.number, found.text, "given")
            if found.mark == "does not follow":
                found = self.taken_over(row, found)
                wrong = found.through
            if found.mark == "does not follow" or found.through is not None:
                self.wrong.append(Wrong(found.through or row.number, start, row.right))
            self.marks.append(found)
            if self.conditions:
                self.eliminated(row, found)
            condition = found.mark == "given" and found.reason is not None      # what goes on behind a zero is equal to what is zero
            if found.error is None and not condition:
                line = row.right
            if found.mark == "does not follow" and row.number in self.until:
                break
            wrong = row.number if found.mark == "does not follow" else None if found.after else wrong
            if found.mark in ("follows", "given", "follows if") and found.through is None and not condition:
                right, number = row.right, row.number
        self.unused()
        single = [Ambiguity(name, entry, True) for name, entry in sheet.names.singles.items()]
        doubts = dict.fromkeys([*(d for r in sheet.rows for d in r.doubts), *self.entries, *single])
        words = tuple((w.name, w.word) for w in sheet.structure if w[:2] in self.held)
        return Marked(tuple(self.inferred), tuple(self.constant), tuple(self.marks), tuple(self.read), tuple(doubts),
                      tuple(dict.fromkeys(words)), tuple(dict.fromkeys(sheet.understood)), tuple(sheet.passed), "", sheet.open)

    # ------------------------------------------------------------ marks
    def leapt(self, row: Row, start: str, line: str) -> tuple[tuple[str, str], ...]:
        """What a step leaves out, where that makes it a big one."""
        try:
            p, q = (self.problem(row, prove=f"{one} == {two}") for one, two in ((start, line), (line, row.right)))
            out = skipped_lines(p, *p.prove, q.prove[1]) if p.prove is not None and q.prove is not None and q.ill_shaped is None else None
        except InputError:
            out = None
        return tuple(out) if out is not None and len(out) >= self.big else ()

    def filled(self, row: Row, start: str, line: str, later: list[Row]) -> Mark:
        """The mark of a line that asks for the next one, or for those that are left out."""
        kind = "asked" if row.role == "next" else "gap"
        lines: list[tuple[str, str]] = []
        try:
            p = self.problem(row, prove=f"{start} == {line}")
            if p.prove is not None and p.ill_shaped is None:
                if kind == "asked":
                    above = {r.left for r in self.sheet.rows[:self.sheet.rows.index(row)]}
                    found = following(p, *p.prove, any(f"d({f})" in above for f in re.findall(r"\bd\((\w+)\)/d\(", start)))
                    under = next((c for c in self.conditions[::-1] if c.by == start and c.wrong is None and self.only(c, row)), None)
                    lines = [(f"= {self.only(under, row)}", f"the solution of line {under.number}")] if under else [found] if found else []
                elif later and later[0].why is None and later[0].left is None and later[0].right:
                    q = self.problem(row, prove=f"{line} == {later[0].right}")
                    lines = between(p, *p.prove, q.prove[1]) if q.prove is not None and q.ill_shaped is None else []
        except InputError:
            lines = []
        about = tuple(text for pair in lines for text in pair)
        would = lines[0][0].partition("= ")[2] if kind == "asked" and lines else ""
        return Mark(row.number, row.shown, "not judged" if kind == "asked" else "given", would=would, reason=Reason(kind, about))

    def opening(self, row: Row) -> Mark:
        """The mark of a line that begins a chain."""
        if row.role == "loose":
            return Mark(row.number, row.shown or row.right, "not judged", reason=Reason("unread above"))
        try:
            read = self.parsed(row)
        except InputError as e:
            if row.defines not in self.tainted:
                return Mark(row.number, row.shown or row.right, "not read", error=e)
            read = f"{row.right} = {self.sheet.names.bodies.get(row.right, '')}".removesuffix(" = ")
            return Mark(row.number, row.shown or read, "not judged", reason=self.taint(row.right))
        return Mark(row.number, row.shown or read, "given")

    def standing_alone(self, i: int, line: str, row: Row) -> Mark | None:
        """The mark of an expression that stands alone: it begins a chain, or goes on with the one above; a derivative claims nothing."""
        found = self.marked(i, line, row) if line else None
        if found is not None and found.mark == "follows":
            return found
        return None if "d(" in row.right else Mark(row.number, row.shown or row.right, "not judged", reason=Reason("alone"))

    def marked(self, i: int, line: str, row: Row) -> Mark:
        """The mark of line = row.right; what cannot be read is marked so."""
        shown = row.written
        if i in self.given.apart:       # the gradient of an unwritten loss at what nothing connects with it
            return Mark(row.number, shown, "not judged", judges.not_judged((self.given.apart[i],)))
        taint = self.taint(f"{line} {row.right}")
        if taint and self.differentiates(f"{line} {row.right}") and not self.untouched(taint, f"{line} {row.right}"):
            return Mark(row.number, shown, "not judged", reason=taint)
        through = self.through(f"{line} {row.right}")
        if through is not None:
            return self.restated(through, line, row) or Mark(row.number, shown, "not judged", reason=through)
        try:
            found = self.judged(line, row)
            if found.mark == "undecided" and self.unstructured([], line, row.right):        # what holds for all L holds for these
                with self.supposing(declare=[unstructured(d) for d in self.declare]):
                    found = self.judged(line, row)
            return self.of_unknown(line, row, found if found.error is None else self.entrywise(line, row, found))
        except InputError as e:
            again = self.sized_by(self.started, line, row)
            return again or Mark(row.number, shown, "not judged" if taint else "not read", reason=taint, error=None if taint else e)

    def sized_by(self, start: str, line: str, row: Row) -> Mark | None:
        """A line of which nothing but the first side of its chain says how large an I or a 1 is."""
        if row.left is not None or not start or not BARE.search(f"{line} {row.right}"):
            return None
        try:
            return self.judged(f"{line} + 0*({start})", row)
        except InputError:
            return None


def _until_next(rows: list[Row]) -> list[Row]:
    out: list[Row] = []
    for r in rows:
        if r.left is not None:
            break
        if r.why is None:
            out.append(r)
    return out
