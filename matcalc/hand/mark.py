"""Marking a hand derivation: does each line follow from the one before?"""

from __future__ import annotations

import re
from math import inf
from typing import NamedTuple

from .. import judges
from ..diagnose.diagnosis import diagnosis
from ..diagnose.equations import solved
from ..diagnose.mend import mended
from ..language.deadline import Expired, after
from ..language.expr import SCALAR, Apply, Expr, InputError, Name, ShapeError
from ..language.infer import Inferred
from ..language.parse import Problem, problem
from ..render.read import readings
from ..render.said import Said
from ..render.slips import FOLLOWS, MISFIT, NOTHING, Diagnosis, told
from .carry import carried
from .given import Given, given
from .named import Namer
from .sheet import Row, Sheet
from .table import inferred

MARKS = {"proved": "follows", "checked": "follows", "refuted": "does not follow", "undecided": "undecided"}
D_OF_NAME = re.compile(r"\bd\((\w+)\)")
BY = re.compile(r"/d\((\w+)\)")


class Mark(NamedTuple):
    """A line and what is said of it; `after` is the line it follows from where that is not the one above."""

    number: int
    text: str
    mark: str
    verdict: Said | None = None
    rule: str = ""
    diagnosis: Diagnosis = NOTHING
    would: str = ""
    after: int | None = None


class Marked(NamedTuple):
    """A sheet with its marks."""

    inferred: tuple[Inferred, ...]
    constant: tuple[str, ...]
    marks: tuple[Mark, ...]
    read: tuple[str, ...] = ()

    @property
    def worst(self) -> str:
        """The mark that decides."""
        found = {m.mark for m in self.marks}
        return next((m for m in ("does not follow", "undecided", "not judged", "follows") if m in found), "given")


class Marker:
    """Goes down the rows."""

    def __init__(self, sheet: Sheet, seconds: float = inf) -> None:
        self.sheet, self.seconds = sheet, seconds      # seconds for each line
        self.declare = list(sheet.declare)
        self.given = Given(sheet.define, sheet.assume, set(), {}, set(), {})
        self.define = _ordered(sheet.define)
        self.read: dict[str, None] = {}
        self.inferred: list[Inferred] = []
        self.constant: dict[str, None] = {}
        self.marks: list[Mark] = []
        self.live: set[str] = set()
        self.differentials = False

    def run(self) -> Marked:
        """Every row."""
        if self.sheet.layout != "denominator":
            self.sheet.rows = [r._replace(left=r.left and self.laid(r.left), right=self.laid(r.right)) for r in self.sheet.rows]
        self.given = given(self.sheet)
        self.define = _ordered(self.given.define)
        self.shaped()
        line, right, number = "", "", 0
        anywhere = self._moving(self.sheet.rows)
        for i, row in enumerate(self.sheet.rows):
            if row.left is not None:
                chain = [row, *_until_next(self.sheet.rows[i + 1:])]
                self.live = self._moving(chain) or anywhere
                line, right, number = row.left, row.left, row.number
                if not row.left:
                    read = self.parsed(row)
                    self.marks.append(Mark(row.number, row.shown or read, "given"))
                    line = right = row.right
                    continue
            found = self.judged(line, row) if i not in self.given.apart else self.apart(i, row)
            if found.mark == "does not follow" and right != line:
                again = self.judged(right, row)
                if again.mark == "follows":
                    found = again._replace(after=number)
            if i in self.given.rows and found.mark == "follows":
                found = Mark(row.number, found.text, "given")
            self.marks.append(found)
            line = row.right
            if found.mark in ("follows", "given"):
                right, number = row.right, row.number
        return Marked(tuple(self.inferred), tuple(self.constant), tuple(self.marks), tuple(self.read))

    def shaped(self) -> None:
        """The shapes of names nobody declared, for all lines at once; what cannot be read is said where its line is judged."""
        chains: list[list[str]] = []
        for r in self.sheet.rows:
            if r.left is None and chains:
                chains[-1].append(r.right)
            else:
                chains.append([side for side in (r.left, r.right) if side])
        try:
            self.inferred = inferred(self.declare, [f"{n} = {b}" for n, b, _ in self.define], self.given.assume, chains, self.given.losses)
        except InputError:
            return
        self.declare += map(str, self.inferred)

    def laid(self, text: str) -> str:
        """d(f)/d(x) of another layout, written in the denominator layout."""
        at = 0
        while (m := re.compile(r"\)/d\(\w+\)").search(text, at)) is not None:
            depth, start = 0, m.start()
            while start >= 0:
                depth += (text[start] == ")") - (text[start] == "(")
                if depth == 0:
                    break
                start -= 1
            inner = text[start + 1:m.start()]
            at = m.end()
            if start > 0 and text[start - 1] == "d" and (self.sheet.layout == "numerator" or not self._scalar(inner)):
                text = f"{text[:start - 1]}({text[start - 1:m.end()]})'{text[m.end():]}"
                at += 3
        return text

    def _scalar(self, text: str) -> bool:
        p = self._read({"prove": f"{text} == {text}"})
        return p.prove is None or p.prove[0].shape == SCALAR

    def _moving(self, rows: list[Row]) -> set[str]:
        """The names whose differential is meant: those by which a derivative is taken, and those that stand as d(x)."""
        defined = {name for name, _, _ in self.define}
        text = " ".join(f"{r.left or ''} {r.right}" for r in rows)
        out = set(BY.findall(text)) | {n for n in D_OF_NAME.findall(text) if n not in defined}
        return (out | set(self.sheet.wrt)) if out else out

    # ------------------------------------------------------------ one row
    def problem(self, row: Row, **asked: str) -> Problem:
        """The problem under the sheet's names; what is inferred once stays so."""
        try:
            p = self._read(asked)
        except InputError as e:
            self._placed(e, row, asked)
            raise
        p.deadline = after(self.seconds)
        self.inferred += p.inferred_from
        self.declare += p.inferred
        names = [v for v in p.variables.values() if v.kind == "variable"]
        p.still = (*self.given.still, *(g.name for a in p.abstract for g in a.gradients),
                   *(v.name for v in names if self.live and v.name not in self.live))
        return p

    def _read(self, asked: dict[str, str]) -> Problem:
        return problem(self.declare, [f"{n} = {b}" for n, b, _ in self.define], self.given.assume,
                       losses=self.given.losses, **asked)  # type: ignore[arg-type]

    def _placed(self, e: InputError, row: Row, asked: dict[str, str]) -> None:
        """Where the error is in the file: in a given line, or in this row."""
        for name, body, number in self.define:
            if e.source == f"{name} = {body}":
                e.line = number
                return
        for text in self.sheet.declare:
            if e.source == text:
                e.line = None
                return
        e.line = row.number
        text = asked.get("prove", "")
        if e.source == text and e.column is not None and text.endswith(row.right):
            before = len(text) - len(row.right)
            if e.column > before:
                e.source, e.column = row.right, e.column - before

    def parsed(self, row: Row) -> str:
        """A line that is only given, as it was read."""
        p = self.problem(row, prove=f"{row.right} == {row.right}")
        return str(p.prove[0]) if p.prove else row.right

    def judged(self, left: str, row: Row) -> Mark:
        """The mark of left == row.right."""
        shown = row.shown or (f"{row.left} = {row.right}" if row.left else f"= {row.right}")
        try:
            p = self.problem(row, prove=f"{left} == {row.right}")
        except ShapeError as e:
            return self.ill_shaped(left, row, shown, e)
        if judges.nowhere(p):
            if p.prove is not None:
                shown = row.shown or (f"{p.prove[0]} = {p.prove[1]}" if row.left else f"= {p.prove[1]}")
            return Mark(row.number, shown, "not judged", judges.equation(p))
        if p.ill_shaped is not None:
            return self.ill_shaped(left, row, shown, p.ill_shaped)
        assert p.prove is not None
        before, after = p.prove
        shown = row.shown or (f"{before} = {after}" if row.left else f"= {after}")
        if before.has_d or after.has_d:
            self.differentials = True
            still = {n.name for e in p.prove for n in e.names} & set(getattr(p, "still", ()))
            self.constant.update(dict.fromkeys(sorted(still)))
        verdict = judges.equation(p)
        self.read.update(dict.fromkeys(readings(verdict)))
        mark = MARKS[verdict.kind]
        if mark == "follows":
            return Mark(row.number, shown, mark, verdict, self.rule(p, before, after))
        if mark == "undecided":
            return Mark(row.number, shown, mark, verdict)
        said, would = self.slip(p, before, after)
        return Mark(row.number, shown, mark, verdict, "", said, would)

    def apart(self, i: int, row: Row) -> Mark:
        """The mark of a line that asks for the gradient of an unwritten loss at what nothing connects with it."""
        shown = row.shown or (f"{row.left} = {row.right}" if row.left else f"= {row.right}")
        return Mark(row.number, shown, "not judged", judges.not_judged((self.given.apart[i],)))

    def ill_shaped(self, left: str, row: Row, shown: str, error: InputError) -> Mark:
        """A line whose sizes do not fit, and what would have followed."""
        try:
            p = self.problem(row, prove=f"{left} == {left}")
        except InputError:
            raise error from None
        if p.prove is None:
            self._placed(error, row, {})
            raise error
        before = p.prove[0]
        wanted = carried(p, solved(p, before))
        said = MISFIT
        try:
            q = self.problem(row, prove=f"{row.right} == {row.right}")
            if q.prove is not None:
                said = self.slip(p, before, q.prove[0])[0] or said
        except InputError:
            pass
        return Mark(row.number, shown, "does not follow", judges.ill_shaped(error, p), "", said,
                    "" if wanted is before else str(wanted))

    def rule(self, p: Problem, before: Expr, after: Expr) -> str:
        """The rule that explains the line."""
        inner = before.args[0] if isinstance(before, Apply) and before.head == "'" else before
        if isinstance(inner, Apply) and inner.head == "derivative":
            return "read off" if not after.has_d and self.differentials else ""
        found = Namer(p.definitions, getattr(p, "still", ())).name(before, after)
        return "" if found is None else ", ".join(x for x in found if x)

    def slip(self, p: Problem, before: Expr, after: Expr) -> tuple[Diagnosis, str]:
        """What is wrong with the line, and what would have followed."""
        wanted = carried(p, solved(p, before))
        about = Problem()
        about.__dict__.update(p.__dict__)
        about.f, about.wrt = (before.args[0], before.args[1]) if isinstance(before, Apply) and before.head == "derivative" \
            and isinstance(before.args[1], Name) else (wanted, None)
        try:
            said = told(diagnosis(about, [], wanted, after), FOLLOWS)
            would = mended(p, wanted, after)
        except (RecursionError, Expired):
            return NOTHING, ""
        if would is None:
            would = wanted if wanted is not before else None
        return said, "" if would is None else str(would)


def _until_next(rows: list[Row]) -> list[Row]:
    out: list[Row] = []
    for r in rows:
        if r.left is not None:
            break
        out.append(r)
    return out


def _ordered(define: list[tuple[str, str, int]]) -> list[tuple[str, str, int]]:
    """Definitions, each below those it uses."""
    out: list[tuple[str, str, int]] = []
    waiting = list(define)
    names = {d[0] for d in define}
    done: set[str] = set()
    while waiting:
        ready = next((d for d in waiting if not (set(re.findall(r"\w+", d[1])) & (names - done - {d[0]}))), waiting[0])
        waiting.remove(ready)
        done.add(ready[0])
        out.append(ready)
    return out
