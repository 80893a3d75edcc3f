"""Names that a sheet defines as derivatives, g = d(f)/d(x): each is that derivative, carried out, in every line."""

from __future__ import annotations

import re
from math import inf

from .. import judges
from ..diagnose.edits import sites
from ..diagnose.equations import solved
from ..language.deadline import after
from ..language.expr import Apply, Expr, InputError
from ..reading.losses import made_of, uses
from ..reading.parse import Problem
from ..reading.reader import Reader
from ..reading.tokens import Line
from .definitions import Definition
from .facts import MEMBER
from .fitting import Fitting
from .line import Mark, Reason
from .order import ordered
from .records import Row
from .sheet import Sheet

WORDS = re.compile(r"[A-Za-z_]\w*")
SECONDS = 2.0       # for the proof of one derivative


class Derivatives(Fitting):
    """Puts what they are in the place of names that are defined as derivatives."""

    def __init__(self, sheet: Sheet, seconds: float = inf) -> None:
        super().__init__(sheet, seconds)
        self.unwritten: set[str] = set()

    def carried_in(self) -> None:
        """Define the names that are assumed to be derivatives of what is defined as what these are."""
        asked = ordered(self.given.derivatives)
        waiting = {name for name, _, _ in asked}
        if not waiting:
            return
        before, declared, every, inferred = (self.given, self.fixed), self.declare, list(self.define), list(self.inferred)
        equations = {name: f"{name} = {body}" for name, body, _ in asked}
        self.left_out(waiting, equations, every, declared)
        for name, body, number in asked:
            bodies = {n: set(WORDS.findall(b)) for n, b, _ in every}
            if made_of(WORDS.findall(body), bodies) & waiting or name in self.tainted:
                continue
            found = self.carried_out(Row(number, "", body, ""), body, name)
            if found is not None:
                waiting.discard(name)
                every.append((name, str(found), number))
                self.left_out(waiting, equations, every, declared)
        self.unwritten = waiting
        self.given, self.fixed = before
        self.left_out(set(), {n: e for n, e in equations.items() if n not in waiting}, every,
                      [d for d in declared if declared_name(d) not in equations or declared_name(d) in waiting])
        self.inferred = [i for i in inferred if i.name not in equations or i.name in waiting]

    def left_out(self, names: set[str], equations: dict[str, str], every: list[Definition], declared: list[str]) -> None:
        """Leave out names with all that is made of them, and these equations."""
        bodies = {n: set(WORDS.findall(b)) for n, b, _ in every}
        self.define = ordered([entry for entry in every if not made_of([entry[0]], bodies) & names])
        self.declare = [d for d in declared if declared_name(d) not in equations] if names else declared
        self.fixed = [a for a in self.fixed if a not in equations.values()]
        self.given = self.given._replace(assume=[a for a in self.given.assume if a not in equations.values()])

    def carried_out(self, row: Row, text: str, name: str = "") -> Expr | None:
        """An expression with its derivatives carried out by the rules; for a name that it is to define, only where a judge agrees."""
        try:
            p = self.problem(row, prove=f"{text} == {text}")
        except InputError:
            return None
        found = solved(p, p.prove[0]) if p.prove is not None and p.ill_shaped is None and not (name and p.abstract) else None
        if found is None or found.has_d or any(isinstance(e, Apply) and e.head == "derivative" for _, e in sites(found)):
            return None
        return found if not name or self._agreed(row, name, text, str(found)) else None

    def _agreed(self, row: Row, name: str, text: str, found: str) -> bool:
        if name in WORDS.findall(found):
            return False
        try:
            p: Problem = self.problem(row, prove=f"{text} == {found}")
        except InputError:
            return False
        return not judges.nowhere(p) and judges.equation(p.within(after(min(self.seconds, SECONDS)))).kind in ("proved", "checked")

    def varied_derivative(self, *sides: str) -> str:
        """The name that is varied in an equality and stands for a derivative which is not known; empty where there is none."""
        unknown = {*self.unwritten, *self.given.still, *self.given.gradients}
        if not unknown or not any("d(" in side for side in sides):
            return ""
        bodies = {n: set(WORDS.findall(b)) for n, b, _ in self.sheet.define if n not in unknown}
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


def declared_name(text: str) -> str:
    """The name that a declaration is of."""
    found = MEMBER.fullmatch(text.replace("∈", " in "))
    return found[1].strip() if found is not None else ""
