"""One step of a backward pass, judged by itself, with what is wrong with it; the time does not grow with the sheet."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from math import inf
from time import monotonic, process_time
from typing import Any

from ... import judges
from ...deriving.substitute import substitute
from ...diagnose.equations import solved
from ...language.conditions import Condition
from ...language.deadline import NEVER, Deadline, deadline_after
from ...language.expr import Expr, InputError, Name, Shape, differentiates
from ...reading.inference.statements import said
from ...proof.at_points import points
from ...proof.at_points.values import Evaluator
from ...proof.verdict import Judge, Place, proved
from ...reading.parse import Problem, problem
from ...render.verdict_words import WordedVerdict
from .backward import Step, steps, written_out
from ..parts.formula import formula
from .unstated_losses import UnstatedLosses
from ..parts.definition_parts import Definition, DefinitionParts, as_text


POINTWISE = frozenset(("apart", "nonzero", "above", "below"))     # conditions that fail at a bound, where a point tells whether they do
LINES = 3           # so many times the time of a line is what a sheet has
SLOWEST = 8.0       # so many times slower than on a machine with nothing else to do


class BackwardSteps:
    """Judges a backward pass one step at a time, with the shapes and the steps proved so far."""

    declare: list[str]
    define: list[Definition]
    given: UnstatedLosses

    def __init__(self, seconds: float = inf) -> None:
        self.seconds = seconds      # for each line
        self.line, self.ends = NEVER, deadline_after(LINES*seconds)      # when this line must be done, and when the sheet
        self.began = monotonic(), process_time()
        self.shapes: dict[str, Shape] = {}              # of what is defined, and of what stands for a derivative
        self.derivatives: dict[str, str] = {}           # the names that stand for a derivative of something by something
        self._whole: tuple[tuple[object, ...], Problem] | None = None
        self._there: tuple[Problem, Evaluator] | None = None
        self._met: dict[Condition, bool] = {}
        self.steps: dict[Step, tuple[Problem, WordedVerdict] | None] = {}
        self._made: DefinitionParts | None = None

    @contextmanager
    def supposing(self, **otherwise: Any) -> Iterator[None]:
        """With other declarations, definitions or assumptions for as long as this lasts."""
        kept = {name: getattr(self, name) for name in otherwise}
        vars(self).update(otherwise)
        try:
            yield
        finally:
            vars(self).update(kept)

    def whole(self) -> Problem:
        """All that is defined, read at once."""
        key = self.declare, self.define, self.given.losses
        if self._whole is None or self._whole[0] != key:
            self._whole = ([*key[0]], *key[1:]), problem(self.declare, as_text(self.define), losses=key[2])
        return self._whole[1]

    def within(self, seconds: float = inf) -> Deadline:
        """So many seconds of work, as long as they take where other programs run too; no more than the line has left, and the sheet."""
        begun, worked = self.began
        busy = (monotonic() - begun) / max(process_time() - worked, 0.05)
        wanted = deadline_after(min(self.seconds, seconds * min(max(busy, 1.0), SLOWEST)))
        return min(wanted, self.line, self.ends, key=lambda d: d.at)

    @property
    def made(self) -> DefinitionParts:
        """What the definitions are made of, as they are now."""
        if self._made is None or self._made.define is not self.define or self._made.losses is not self.given.losses:
            self._made = DefinitionParts(self.define, self.given.losses)
        return self._made

    @property
    def bodies(self) -> dict[str, str]:
        """What each name is defined as, now."""
        return self.made.texts

    def standing(self, *texts: str) -> dict[str, str]:
        """The names in texts that stand for derivatives, with these."""
        return {n: self.derivatives[n] for n in formula(" ".join(texts)).names if n in self.derivatives and n in self.shapes}

    def by_step(self, left: str, right: str) -> tuple[Problem, WordedVerdict, Problem] | None:
        """A step of derivatives that is proved by itself; and the same with the names in it that stand for derivatives."""
        used = self.standing(left, right)
        for found in steps(written_out(left, used), written_out(right, used), self.made, self.shapes, self.declare):
            if found not in self.steps:
                self.steps[found] = self._proved(found)
            proved = self.steps[found]
            if proved is not None and not used:
                return *proved, proved[0]
            if proved is not None:
                try:
                    q = found.problem(f"{left} == {right}", [said(n, self.shapes[n]) for n in used])
                except InputError:
                    return None
                return (*proved, q) if q.ill_shaped is None else None
        return None

    def _proved(self, found: Step) -> tuple[Problem, WordedVerdict] | None:
        try:
            p = found.problem(f"{found.left} == {found.right}")
        except InputError:
            return None
        p = p.within(self.within())
        if p.inferred or p.ill_shaped is not None or judges.nowhere(p):
            return None
        verdict = judges.equation(p)
        return (p, verdict) if verdict.kind in judges.HOLDS and all(map(self.met, verdict.needs)) else None

    def met(self, needed: Condition) -> bool:
        """Whether a condition of a step holds somewhere on the sheet, of which a step knows less."""
        if needed.kind not in POINTWISE:
            return False
        if needed not in self._met:
            try:
                p = self.whole()
                known = not p.inferred and {n for n in needed.of.names if n.name in self.made.bodies} <= dict(p.definitions).keys()
                if self._there is None or self._there[0] is not p:
                    self._there = p, points.placed(p)
                self._met[needed] = known and (points.holds(self._there[1], needed) or _somewhere(p, needed))
            except (InputError, RecursionError):
                self._met[needed] = False
        return self._met[needed]

    def step_apart(self, left: str, right: str) -> tuple[Problem, Expr, Expr, Expr] | None:
        """A step by itself: the derivative on its left, what that is by the rules, and its right side; derivatives by their names where
        they have one."""
        used = self.standing(left, right)
        names = {body: name for name, body in used.items()}
        for found in steps(written_out(left, used), written_out(right, used), self.made, self.shapes, self.declare):
            try:
                p, q = (found.problem(f"{side} == {side}") for side in (found.left, found.right))
                if p.prove is None or q.prove is None or p.inferred or q.inferred or judges.nowhere(p) or judges.nowhere(q):
                    return None
                wanted, claimed = solved(p, p.prove[0]), solved(q, q.prove[0])
            except InputError:
                return None
            if any(map(differentiates, (wanted, claimed))):
                continue
            before = p.prove[0]
            called: dict[Expr, Expr] = {g: Name(names[g.name], g.shape) for a in p.abstract for g in a.gradients if g.name in names}
            p = p.replace(definitions=[(n, substitute(b, called)) for n, b in p.definitions], deadline=self.within(),
                      constants=(*p.constants, *names.values()))
            return p, before, substitute(wanted, called), substitute(claimed, called)
        return None


def _somewhere(p: Problem, needed: Condition) -> bool:
    [(_, verdict)] = judges.somewhere(p, [(Judge.POINTS, proved(Place.SYMBOLIC, (needed,)))])
    return verdict.kind == "proved"
