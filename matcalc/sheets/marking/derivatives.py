"""Names that a sheet defines as derivatives, g = d(f)/d(x): each is that derivative, carried out, in every line.

Values found for unknowns, x_hat = .., are read late, when the shapes are known.
"""

from __future__ import annotations

from typing import Any
from contextlib import suppress
import re
from collections.abc import Mapping, Sequence
from math import inf

from ... import judges
from ...diagnose.equations import solved
from ...language.expr import SCALAR, Expr, InputError, ShapeError, differentiates
from ...reading.losses import uses
from ...reading.parse import problem
from ...reading.reader import Reader
from ...reading.tokens import Line
from ...language.traversal import reachable
from .backward import steps
from ..parts.formula import DERIVATIVE, declared, formula, quotient, undeclared
from ..parts.marks import Mark, Reason
from ..parts.definition_parts import Definition, DefinitionParts, as_text, ordered
from ..parts.records import Row, texts
from ..statements.sheet import Sheet
from .fitting import Fitting
from ...reading.inference.lines import inferred
from ..parts.variables import estimated_unknown


class LateDefinitions(Fitting):
    """Infers the shapes of names without the definitions that must not decide them."""

    def shapes_found(self) -> dict[str, InputError]:
        """The shapes of undeclared names; the values of unknowns that do not fit with these, by name."""
        used = {w for _, body, _ in self.define for w in formula(body).names}
        lines = formula(" ".join(texts(self.sheet.rows)))
        said, above = used | lines.names, used | {w for f in lines.numerators for w in formula(f).names}
        late = [entry for entry in self.define if entry[0] not in above and estimated_unknown(entry[0], said)]
        if not late:
            self.shaped()
            return self.untransposed()
        self.define = [entry for entry in self.define if entry not in late]
        self.shaped({name for name, _, _ in late})
        bad: dict[str, InputError] = {}
        for entry in late:
            try:
                problem(self.declare, as_text((*self.define, entry)), losses=self.given.losses)
                self.define = ordered([*self.define, entry])
            except InputError as e:
                bad[entry[0]] = e
                self.tainted[entry[0]] = entry[2]
        self.given = self.given._replace(define=self.define)
        if not bad:
            self.shaped()
        return bad

    def broken_promises(self) -> dict[str, InputError]:
        """The definitions whose shape is not the one that was declared."""
        out: dict[str, InputError] = {}
        for name, shape in self.sheet.promised.items():
            try:
                p = problem([*self.declare, f"{name}_declared in {shape}"], as_text(self.define), self.given.assume,
                            prove=f"{name} == {name}_declared")
            except ShapeError as e:
                out[name] = e
            except InputError:
                continue
            else:
                out |= {} if p.ill_shaped is None else {name: p.ill_shaped}
        return out

    def untransposed(self) -> dict[str, InputError]:
        """The definitions in which a name lacks its transpose: it is a number by them alone, and a column where it is transposed there as
        it is elsewhere on the sheet."""
        said = " ".join([*texts(self.sheet.rows), *(b for _, b, _ in self.define)])
        bad: dict[str, InputError] = {}
        for name in [g.name for g in self.inferred if g.shape == SCALAR and g.name in formula(said).turned]:
            for n, body, number in self.define:
                if n in bad or name not in formula(body).names or name in formula(body).turned:
                    continue
                error = self.as_column(name, n, body)
                if error is not None:
                    bad[n], self.tainted[n] = error, number
        if bad:
            self.define = [entry for entry in self.define if entry[0] not in bad]
            self.given = self.given._replace(define=self.define)
        return bad

    def as_column(self, name: str, of: str, body: str) -> InputError | None:
        """What is wrong with a definition where a name is a column; None where it is none once it is transposed there."""
        transposed = re.sub(rf"\b{name}\b", f"{name}'", body, count=1)
        define = [f"{n} = {transposed if n == of else b}" for n, b, _ in self.define]
        numbers = [g.name for g in self.inferred if g.shape == SCALAR and g.name != name and g.name in formula(body).names]
        for one in ("", *numbers):
            declare = [*self.sheet.declare, *([f"{one} in R"] if one else [])]
            with suppress(InputError):
                found = inferred(declare, define, [], [[of]], self.given.losses)
                if any(g.name == name and g.shape != SCALAR for g in found) and self.number_with(of, define, [*declare, *map(str, found)]):
                    break
        else:
            return None
        try:
            problem([*declare, *map(str, found)], as_text(self.define), losses=self.given.losses)
        except InputError as e:
            return e
        return None


SECONDS = 1.0       # for one line under one condition
PROOF = 2.0         # for the proof of one derivative
MOST = 3            # so many sides of the sheet's own lines are tried for one


class Derivatives(LateDefinitions):
    """Replaces names that are defined as derivatives by these derivatives."""

    def __init__(self, sheet: Sheet, seconds: float = inf) -> None:
        super().__init__(sheet, seconds)
        self.unwritten: set[str] = set()

    def carried_in(self) -> None:
        """Define the names that are assumed to be derivatives of what is defined as what these are."""
        asked = ordered(self.given.derivatives)
        waiting = {name for name, _, _ in asked}
        if not waiting:
            return
        before, declare, every, inferred = (self.given, self.fixed), self.declare, list(self.define), list(self.inferred)
        equations = {name: f"{name} = {body}" for name, body, _ in asked}
        self.left_out(waiting, equations, every, declare)
        self.derivatives = {name: f"d({found[0]})/d({found[1]})" for name, body, _ in asked
                            if name not in self.tainted and (found := quotient(body)) is not None}
        sides = self.beside(self.derivatives)
        behind = False
        for name, body, number in sorted(asked, key=lambda entry: -self.depth(entry[1])):
            text = self.by_others(name, sides.get(name, ()), waiting) if name in self.derivatives else ""
            if not text:
                if behind:
                    self.left_out(waiting, equations, every, declare)
                    behind = False
                found = None
                if name not in self.tainted and not self.made.of(formula(body).names - {"d"}) & waiting:
                    found = self.carried_out(Row(number, "", body, ""), body, name)
                text = "" if found is None else str(found)
            if text:
                waiting.discard(name)
                every.append((name, text, number))
                behind = True
        self.unwritten = waiting
        self.given, self.fixed = before
        known = equations.keys() - waiting
        self.left_out(set(), {n: equations[n] for n in known}, every, undeclared(declare, known))
        self.inferred = [i for i in inferred if i.name not in equations or i.name in waiting]

    def depth(self, body: str) -> int:
        """How much stands below what a derivative is taken by: those by what comes last are carried out first."""
        return max((len(self.made.below(x)) for _, x in formula(body).quotients), default=0)

    def beside(self, derivatives: Mapping[str, str]) -> dict[str, list[str]]:
        """What the sheet says that each name, or the derivative that it stands for, is equal to."""
        names = {name: name for name in derivatives}
        for name, body in derivatives.items():
            names |= {body: name, f"({body})": name}
        out: dict[str, list[str]] = {}
        chain: list[str] = []
        for row in [r for r in self.sheet.rows if r.why is None and not r.role]:
            if row.left is not None:
                chain = [row.left] if row.left else []
            chain.append(row.right)
            for name in {names[side] for side in chain if side in names}:
                out[name] = [side for side in chain if side not in names]
        return out

    def by_others(self, name: str, sides: Sequence[str], waiting: set[str]) -> str:
        """A derivative by those that are carried out already: as a line of the sheet has it that is proved, else as the rules give
        it; empty where neither does."""
        known = {b: n for n, b in self.derivatives.items() if n not in waiting}
        body = self.derivatives[name]
        [(f, x)] = formula(body).quotients
        def named(text: str) -> str:
            return DERIVATIVE.sub(lambda m: known.get(m[0], m[0]), text)
        above = [y for b in known for g, y in formula(b).quotients if g == f and x in self.made.below(y)]
        nearest = [y for y in above if not any(z in self.made.below(y) for z in above)]
        def holds(text: str) -> bool:
            return bool(text) and not formula(text).differential and waiting.isdisjoint(formula(text).names) and \
                self.by_step(body, text) is not None
        found = next(filter(holds, map(named, sides[:MOST])), "") or named(self.derived(f, x, nearest))
        return found if holds(found) else ""

    def derived(self, f: str, x: str, through: Sequence[str]) -> str:
        """A derivative as the rules give it of an f of which nothing is known but by which names it is to be differentiated."""
        body = f"d({f})/d({x})"
        for found in steps(body, "".join(f" + d({f})/d({y})" for y in through), self.made, self.shapes, self.declare) if through else ():
            try:
                p = found.problem(f"{body} == {body}")
                out = solved(p, p.sides[0]) if found.losses else None
            except InputError:
                return ""
            if out is not None and not differentiates(out):
                return str(out)
        return ""

    def left_out(self, names: set[str], equations: dict[str, str], every: list[Definition], declare: list[str]) -> None:
        """Leave out names with all that is made of them, and these equations."""
        made = DefinitionParts(every, {})
        self.define = ordered([entry for entry in every if entry[0] not in names and names.isdisjoint(made.below(entry[0]))])
        self.declare = undeclared(declare, equations) if names else declare
        self.fixed = [a for a in self.fixed if a not in equations.values()]
        self.given = self.given._replace(assume=[a for a in self.given.assume if a not in equations.values()])

    def carried_out(self, row: Row, text: str, name: str = "") -> Expr | None:
        """An expression with its derivatives carried out by the rules; for a name that it is to define, only where a judge agrees."""
        try:
            p = self.problem(row, prove=f"{text} == {text}")
        except InputError:
            return None
        found = solved(p, p.sides[0]) if p.prove is not None and not (name and p.abstract) else None
        if found is None or differentiates(found):
            return None
        return found if not name or self._agreed(row, name, text, str(found)) else None

    def _agreed(self, row: Row, name: str, text: str, found: str) -> bool:
        if name in formula(found).names:
            return False
        try:
            p = self.problem(row, prove=f"{text} == {found}")
        except InputError:
            return False
        return p.prove is not None and judges.equation(p.within(self.within(PROOF))).kind in judges.HOLDS

    def varied_derivative(self, *sides: str) -> str:
        """The name that is varied in an equality and stands for a derivative which is not known; empty where there is none."""
        unknown = {*self.unwritten, *self.given.constants, *self.given.gradients}
        if not unknown or not any(formula(side).differential for side in sides):
            return ""
        bodies = {n: formula(b).names for n, b, _ in self.sheet.define if n not in unknown}
        try:
            found = [u.name for side in sides for u in uses(Reader(Line(side), self.sheet.names.functions).whole())
                     if u.under]
        except InputError:
            return ""
        seen: set[str] = set()
        while found:
            name = found.pop()
            if name in unknown:
                return name
            if name not in seen:
                seen.add(name)
                found += bodies.get(name, ())
        return ""

    def of_unknown(self, line: str, row: Row, found: Mark) -> Mark:
        """A line that varies a derivative which is not known: it follows only where that is constant."""
        name = self.varied_derivative(line, row.right)
        if not name:
            return found
        if found.mark == "follows":
            return found._replace(mark="follows if", reason=Reason("constant", (name,)))
        return Mark(row.number, found.text, "not judged", reason=Reason("derivative", (name,))) if found.mark != "follows if" else found

    def kind(self, equations: list[str], line: str, right: str, **otherwise: Any) -> str:
        """What the judges say of a line under more assumptions, or with other declarations or definitions; empty where they cannot be
        read with it."""
        with self.supposing(**otherwise):
            p = self.equation(line, right, *equations)
        if p is None or judges.nowhere(p):
            return ""
        kind = judges.equation(p.within(self.within(SECONDS / 3)), small=False, written_out=False).kind
        given = otherwise.get("given", self.given)
        if kind in ("undecided", "checked") and equations and given.assume:         # what holds without what is assumed holds with it
            without = {**otherwise, "given": given._replace(assume=[])}
            return "proved" if self.kind(equations, line, right, **without) == "proved" else kind
        return kind

    def judged_with(self, equations: list[str], line: str, row: Row) -> Mark | None:
        """The mark of a line under more assumptions."""
        found: Mark | None = None
        for assume in ([*self.given.assume, *equations], equations) if self.given.assume else (equations,):
            with suppress(InputError), self.supposing(given=self.given._replace(assume=assume)):
                again = self.judged(line, row)
                found = again if found is None or again.mark == "follows" else found
            if found is not None and found.mark != "undecided":
                break
        return found

    def below(self, text: str) -> set[str]:
        """The names that a text is made of, definitions opened."""
        out = reachable(formula(text).names, lambda name: formula(self.bodies.get(name, "")).names)
        return {found.name for found in map(declared, self.declare) if found is not None}.intersection(out) - self.bodies.keys()

    def closure(self, name: str) -> set[str]:
        """The names that a name is made of."""
        return self.made.of([name])
