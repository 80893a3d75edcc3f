"""One line of a sheet against the one before: the verdict, the rule, what is wrong with it."""

from __future__ import annotations

from math import inf

from ... import judges
from ...diagnose.diagnosis import diagnosis
from ...diagnose.equations import solved
from ...diagnose.correction import mended
from ...diagnose.slip import Kind
from ...language.deadline import Expired
from ...language.expr import SCALAR, Expr, InputError, Name, ShapeError, differentials, differentiated, as_derivative
from ...language.inspection import names_of, untransposed
from ...reading.inference.statements import Inferred
from ...reading.parse import Problem, problem
from ...render.inferred import readings
from ...render.diagnosis import NOTHING, Diagnosis
from ...render.slips import FOLLOWS, MISFIT, diagnosis_of
from .requested_lines import carried
from .unstated_losses import UnstatedLosses
from ..parts.definition_parts import as_text, equation, names_in, ordered
from ...diagnose.rule_of_line import RuleNamer
from ...diagnose.refitted import refitted
from ..parts.records import Row
from ..statements.sheet import Sheet
from .stepping import BackwardSteps
from ..parts.variables import ambiguous_constants
from ..parts.marks import MARKS, Mark, Reason, written
from ...language.traversal import reachable
from ...patterns import pattern


JUXTAPOSED = pattern(r"(?<=[\w)'])\s+(?=[\w(])")       # A B, a product


class Lines(BackwardSteps):
    """Judges one line at a time."""

    def __init__(self, sheet: Sheet, seconds: float = inf) -> None:
        super().__init__(seconds)
        self.sheet = sheet
        self.declare = list(sheet.declare)
        self.given = UnstatedLosses(sheet.define, [], set(), {}, set(), {}, set(), [])
        self.define = ordered(sheet.define)
        self.read: dict[str, None] = {}
        self.inferred: list[Inferred] = []
        self.constant: dict[str, None] = {}
        self.live: set[str] = set()
        self.varied: set[str] = set()
        self.settled = False
        self.explains = True        # whether it is said what is wrong with a line
        self.head: Expr | None = None
        self.moves: dict[Expr, set[Name]] = {}
        self._typed: tuple[object, dict[str, Expr]] = None, {}

    # ------------------------------------------------------------ one row
    def problem(self, row: Row, **asked: str) -> Problem:
        """The problem under the sheet's names; what is inferred once stays so."""
        try:
            p = self._read(asked)
        except InputError as e:
            self._placed(e, row, asked)
            raise
        self.inferred += p.inferred_from
        self.declare += p.inferred
        return p.replace(constants=self.constants(p), deadline=self.within())

    def constants(self, p: Problem) -> tuple[str, ...]:
        """The names of a problem that are not varied."""
        names = [v for v in p.variables.values() if v.kind == "variable"]
        return (*self.given.constants, *(g.name for a in p.abstract for g in a.gradients),
                *(v.name for v in names if self.live and v.name not in self.live))

    def _read(self, asked: dict[str, str]) -> Problem:
        return problem(self.declare, self.made_of(*asked.values(), *self.given.assume), self.given.assume,
                       losses=self.given.losses, **asked)  # type: ignore[arg-type]

    def equation(self, left: str, right: str, *more: str) -> Problem | None:
        """An equation under the sheet's names and more assumptions; None where it cannot be read, or its sizes do not fit."""
        assume = [*self.given.assume, *more]
        p = equation(self.declare, self.made_of(left, right, *assume), left, right, assume, self.given.losses)
        return p and p.replace(constants=self.constants(p))

    def made_of(self, *texts: str) -> list[str]:
        """The definitions of what texts speak of, of losses that nobody wrote down too: the others cost time and change nothing."""
        below = self.made.of(w for text in texts for w in names_in(text))
        if any(not self.given.losses[n] for n in below & set(self.given.losses)):
            return as_text(self.define)
        return [f"{n} = {b}" for n, b, _ in self.define if n in below]

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
        if row.right != row.defines:
            p = self.problem(row, prove=f"{row.right} == {row.right}")
            return written(row.right, p.prove[0]) if p.prove else row.right
        if row.defines in {n for n, _, _ in self.given.derivatives}:
            return f"{row.right} = {self.sheet.names.bodies[row.right]}"
        body = self.typed().get(row.defines)
        if body is None:
            p = self.problem(row, prove=f"{row.right} == {row.right}")
            body = next((b for n, b in p.as_typed().definitions if n.name == row.defines), None)
        return row.right if body is None else f"{row.right} = {written(self.sheet.names.bodies.get(row.defines, ''), body)}"

    def typed(self) -> dict[str, Expr]:
        """What each name is defined as, as typed; nothing where the definitions cannot be read at once."""
        key = tuple(self.declare), tuple(self.define)
        if self._typed[0] != key:
            try:
                p = problem(self.declare, as_text(self.define), losses=self.given.losses)
                self._typed = key, {} if p.inferred else {n.name: b for n, b in p.as_typed().definitions}
            except InputError:
                self._typed = key, {}
        return self._typed[1]

    def judged(self, left: str, row: Row) -> Mark:
        """The mark of left == row.right: by a step that leaves out what it does not speak of, where that is proved, else by all of the
        sheet."""
        found = self.by_step(left, row.right)
        if found is None:
            return self._judged(left, row)
        p, verdict, q = found
        before, after = q.sides
        self.head = before if row.left else self.head
        self.read.update(dict.fromkeys(readings(verdict)))
        return Mark(row.number, self.shown(left, row, before, after), "follows", verdict, self.rule(p, before, after))

    def _judged(self, left: str, row: Row) -> Mark:
        shown = row.written
        try:
            p = self.problem(row, prove=f"{left} == {row.right}")
        except ShapeError as e:
            return self.ill_shaped(left, row, shown, e)
        if judges.nowhere(p):
            if p.prove is not None:
                shown = self.shown(left, row, *p.prove)
            return Mark(row.number, shown, "not judged", judges.equation(p))
        if p.ill_shaped is not None:
            return self.ill_shaped(left, row, shown, p.ill_shaped)
        before, after = p.sides
        shown = self.shown(left, row, before, after)
        if before.has_d or after.has_d:
            still = {n.name for e in p.sides for n in e.names} & set(p.constants)
            self.constant.update(dict.fromkeys(sorted(still - self.varied)))
        self.head = before if row.left else self.head
        verdict = judges.equation(p, small=self.explains)
        self.read.update(dict.fromkeys(readings(verdict)))
        mark = MARKS[verdict.kind]
        if mark == "follows":
            if self.head is not None and (f := differentiated(self.head)) is not None:
                self.moves.setdefault(f, set()).update(x for x in differentials(after) if isinstance(x, Name))
            needed = self.needed(p, before, after) if before.has_d or after.has_d else []
            if needed:
                return Mark(row.number, shown, "follows if", verdict, self.rule(p, before, after), reason=Reason("constant", tuple(needed)))
            return Mark(row.number, shown, mark, verdict, self.rule(p, before, after))
        if mark == "undecided":
            assumed = bool(self.given.assume)
            with self.supposing(given=self.given._replace(assume=[])):        # what holds without what is assumed holds with it
                found = self._judged(left, row) if assumed else None
            return found if found is not None and found.mark == "follows" else Mark(row.number, shown, mark, verdict)
        apart = self.step_apart(left, row.right) if self.explains else None
        said, would = self.slip(*apart) if apart is not None else self.slip(p, before, carried(p, solved(p, before)), after) \
            if self.explains else (NOTHING, "")
        return Mark(row.number, shown, mark, verdict, "", said, would)

    def shown(self, left: str, row: Row, before: Expr, after: Expr) -> str:
        """A judged line as it was read."""
        right = written(row.right, after)
        return row.shown or (f"{written(left, before)} = {right}" if row.left else f"= {right}")

    def needed(self, p: Problem, before: Expr, behind: Expr) -> list[str]:
        """The names that a line of differentials takes as constant though the sheet varies them, or though they may well vary: those
        without which it does not follow."""
        below = {n.name for n in names_of((before, behind), dict(p.definitions))}
        still = [n for n in p.constants if n in below and n not in self.given.constants and n not in self.sheet.constant
                 and p.variables.get(n) is not None]
        asked = [n for n in still if n in self.varied]
        if not self.settled:
            numbers = {n for n in still if p.variables[n].shape == SCALAR and any(
                n in p.variables and p.variables[n].shape != SCALAR for n in self.live)}
            asked += [n for n in ambiguous_constants(still, self.live) if n not in asked and n not in numbers]
        if not asked:
            return []
        return [name for name in asked
                if judges.equation(p.replace(constants=tuple(n for n in p.constants if n != name),
                                              deadline=self.within(1.0))).kind == "refuted"]

    def ill_shaped(self, left: str, row: Row, shown: str, error: InputError) -> Mark:
        """A line whose sizes do not fit, and what would have followed."""
        apart = self.step_apart(left, row.right)
        if apart is None:
            try:
                p = self.problem(row, prove=f"{left} == {left}")
            except InputError:
                raise error from None
            if p.prove is None:
                return self.unfit(row, shown, error)
            before = p.prove[0]
            wanted = carried(p, solved(p, before))
        else:
            p, before, wanted, _ = apart
        said = MISFIT
        try:
            q = self.problem(row, prove=f"{row.right} == {row.right}") if apart is None else None
            claimed = apart[3] if apart is not None else q.prove[0] if q is not None and q.prove is not None else None
            if claimed is not None:
                said = self.slip(p, before, wanted, claimed)[0] or said
        except InputError:
            pass
        slips = said.slips
        if self.explains and (not slips or slips[0].what in (Kind.ILL_SHAPED, Kind.SHAPES)):
            names = {**{n: Name(n, s) for n, s in self.shapes.items()}, **p.variables}
            found = refitted(JUXTAPOSED.sub("*", row.right), names,
                             lambda right: self.equation(left, right) is not None and self.holds(left, right))
            said = said if found is None else diagnosis_of((found,), FOLLOWS)
        return Mark(row.number, shown, "does not follow", judges.ill_shaped(error, p), "", said,
                    "" if wanted is before else str(wanted), error=error)

    def unfit(self, row: Row, shown: str, error: InputError) -> Mark:
        """A line whose left side does not even fit by itself."""
        try:
            p = self.problem(row, prove="0 == 0")
        except InputError:
            raise error from None
        self._placed(error, row, {})
        return Mark(row.number, shown, "does not follow", judges.ill_shaped(error, p), "", MISFIT, error=error)

    def holds(self, left: str, right: str) -> bool:
        """Whether two sides are equal for every size."""
        if self.by_step(left, right) is not None:
            return True
        p = self.equation(left, right)
        return p is not None and judges.equation(p).kind == "proved"

    def rule(self, p: Problem, before: Expr, after: Expr) -> str:
        """The rule that explains the line."""
        asked = as_derivative(untransposed(before))
        if asked is not None:
            return "read off" if not after.has_d and self.reaches(*asked, dict(p.definitions)) else ""
        found = RuleNamer(p.definitions, p.constants).name(before, after)
        return "" if found is None else ", ".join(x for x in found if x)

    def reaches(self, e: Expr, x: Expr, bodies: dict[Name, Expr]) -> bool:
        """Whether the lines above say what d(e) is by d(x)."""
        further = lambda n: self.moves.get(n) or (bodies[n].names if n in bodies else ())
        return any(n is x for n in reachable(self.moves.get(e, ()), further))

    def slip(self, p: Problem, before: Expr, wanted: Expr, after: Expr) -> tuple[Diagnosis, str]:
        """What is wrong with a line, where it should be what is wanted, and what would have followed."""
        asked = as_derivative(before)
        f, wrt = asked if asked is not None and isinstance(asked[1], Name) else (wanted, None)
        about = p.replace(f=f, wrt=wrt)
        try:
            said = diagnosis_of(diagnosis(about, [], wanted, after), FOLLOWS)
            would = mended(p, wanted, after)
        except (RecursionError, Expired):
            return NOTHING, ""
        if would is None:
            would = wanted if wanted is not before else None
        return said, "" if would is None else str(would)
