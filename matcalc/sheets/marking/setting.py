"""What a line is judged under: declarations, definitions and assumptions in force there, and what follows from them about texts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence, Set
import re
from typing import Any

from ... import judges
from ...diagnose.equations import solved
from ...language.expr import SCALAR, Expr, InputError, Name, Shape, differentiates
from ...language.traversal import reachable
from ...reading.inference.statements import Inferred
from ...reading.parse import Problem
from ...records import Record
from ..parts.definition_parts import Definition, DefinitionParts, as_text, asked as asked_under, equation, names_in
from ..parts.formula import declared, formula
from ..parts.records import Row
from ..parts.variables import LOSSES
from ..statements.definitions import with_words
from ..statements.sheet import Sheet
from .time_and_memory import Clock, Memory
from .unstated_losses import UnstatedLosses

SECONDS = 1.0       # for one line under one condition
PROOF = 2.0         # for the proof of one derivative


class Variables(Record):
    """Which names vary: `varied` are those that the sheet varies, `live` those that it varies in this line (empty: all), `sought` those
    by which it differentiates; `settled` says that it leaves no doubt about that, `moves` by which names d(f) goes in the lines above."""

    varied: Set[str] = frozenset()
    sought: Set[str] = frozenset()
    live: Set[str] = frozenset()
    settled: bool = False
    moves: Mapping[Expr, Set[Name]] = {}

    @property
    def all(self) -> Set[str]:
        """The names that the sheet varies or differentiates by."""
        return self.varied | self.sought


class Setting(Record):
    """What is said where a line stands. Nothing changes it: another assumption makes another setting.

    `given` is what the sheet states of losses that it never defines; `inferred` are the shapes of undeclared names, `shapes` those of all;
    `derivatives` are the names that stand for one, `unwritten` those of them that are not known; `tainted` are names whose definitions
    could not be read, with their lines; `explains` says that what is wrong with a line is looked for."""

    sheet: Sheet
    given: UnstatedLosses
    clock: Clock
    memory: Memory
    declare: Sequence[str]
    define: Sequence[Definition]
    made: DefinitionParts
    assume: Sequence[str] = ()
    inferred: Sequence[Inferred] = ()
    shapes: Mapping[str, Shape] = {}
    derivatives: Mapping[str, str] = {}
    tainted: Mapping[str, int] = {}
    unwritten: Set[str] = frozenset()
    variables: Variables = Variables()
    explains: bool = True

    def but(self, **changes: Any) -> Setting:
        """The same with other declarations, definitions, or what else is named."""
        out = self._replace(**changes)
        return out._replace(made=DefinitionParts(out.define, out.given.losses)) if changes.keys() & {"define", "given"} else out

    def varying(self, **changes: Any) -> Setting:
        """The same, where other names vary."""
        return self._replace(variables=self.variables._replace(**changes))

    @property
    def bodies(self) -> dict[str, str]:
        """What each name is defined as."""
        return self.made.texts

    @property
    def used(self) -> set[str]:
        """The names that definitions are made of."""
        return {w for _, body, _ in self.define for w in names_in(body)}

    @property
    def weaker(self) -> list[Setting]:
        """With fewer assumptions: none, and the last one alone; without what is said of triangles, whose differentials are hard to draw."""
        plain = self._replace(declare=[re.sub(r" (?:upper|lower)\b", "", d) for d in self.declare])
        fewer = [self.but(assume=some) for some in ([], self.assume[-1:])[:len(self.assume)]]
        return fewer if plain.declare == self.declare else [plain, *fewer]

    @property
    def declared(self) -> set[str]:
        """The names that the sheet itself declares."""
        return {d.split()[0] for d in self.sheet.declare} - self.sheet.implied.keys()

    # ------------------------------------------------------------ problems
    def read(self, **asked: str) -> Problem:
        """What is asked, as a problem; InputError where it cannot be read."""
        p = asked_under(self.declare, self.made_of(*asked.values(), *self.assume), self.assume, self.given.losses, **asked)
        return p.replace(constants=self.constants(p), deadline=self.clock.within())

    def problem(self, row: Row, **asked: str) -> Problem:
        """The same of a row, which is where an error is."""
        try:
            return self.read(**asked)
        except InputError as e:
            self.placed(e, row, asked.get("prove", ""))
            raise

    def placed(self, e: InputError, row: Row, text: str) -> None:
        """Say where an error is in the file: in a given line, or in this row."""
        for name, body, number in self.define:
            if e.source == f"{name} = {body}":
                e.line = number
                return
        if e.source in self.sheet.declare:
            e.line = None
            return
        e.line = row.number
        if e.source == text and e.column is not None and text.endswith(row.right):
            before = len(text) - len(row.right)
            if e.column > before:
                e.source, e.column = row.right, e.column - before

    def constants(self, p: Problem) -> tuple[str, ...]:
        """The names of a problem that are not varied: all but those that live, where it is known which do; those that a sentence fixes."""
        names = {v.name for v in p.variables.values() if v.kind == "variable"}
        live = (self.variables.live or names) - (self.sheet.facts.constant - self.variables.all)
        return (*self.given.constants, *(g.name for a in p.abstract for g in a.gradients), *sorted(names - live))

    def made_of(self, *texts: str) -> list[str]:
        """The definitions of what texts speak of, of losses that nobody wrote down too: the others cost time and change nothing."""
        below = self.made.of(w for text in texts for w in names_in(text))
        if any(not self.given.losses[n] for n in below & set(self.given.losses)):
            return as_text(self.define)
        return [f"{n} = {b}" for n, b, _ in self.define if n in below]

    def whole(self) -> Problem:
        """All that is defined, read at once."""
        return self.memory.read_once(tuple(self.declare), tuple(self.define), self.given.losses)

    # ------------------------------------------------------------ questions
    def equation(self, left: str, right: str, *more: str) -> Problem | None:
        """An equation under more assumptions; None where it cannot be read, or its sizes do not fit."""
        assume = [*self.assume, *more]
        p = equation(self.declare, self.made_of(left, right, *assume), left, right, assume, self.given.losses)
        return p and p.replace(constants=self.constants(p))

    def kind(self, line: str, right: str, *equations: str) -> str:
        """What the judges say of a line under more assumptions; empty where it cannot be read with them."""
        if self.clock.within().left <= 0:
            return "undecided"
        p = self.equation(line, right, *equations)
        if p is None or judges.nowhere(p):
            return ""
        return judges.equation(p.within(self.clock.within(SECONDS / 2)), small=False, written_out=False).kind

    def proved(self, line: str, right: str, *equations: str) -> bool:
        """Whether a line is proved under more assumptions; what holds without what the sheet assumes holds with it."""
        bare = self.but(assume=()) if equations and self.assume else None
        return self.kind(line, right, *equations) == "proved" or bare is not None and bare.proved(line, right, *equations)

    def proved_unstructured(self, line: str, right: str, *equations: str) -> bool:
        """Whether a line is proved without words of structure: points that keep these and an equation are not found."""
        plain = self.unstructured()
        return plain.declare != self.declare and plain.proved(line, right, *equations)

    def carried_out(self, text: str, name: str = "") -> Expr | None:
        """An expression with its derivatives carried out by the rules; for a name that it is to define, only where a judge agrees."""
        try:
            p = self.read(prove=f"{text} == {text}")
            found = solved(p, p.sides[0]) if p.prove is not None and not (name and p.abstract) else None
            if found is None or differentiates(found):
                return None
            if not name:
                return found
            q = self.read(prove=f"{text} == {found}") if name not in formula(str(found)).names else None
        except InputError:
            return None
        agreed = q is not None and q.prove is not None and judges.equation(q.within(self.clock.within(PROOF))).kind in judges.HOLDS
        return found if agreed else None

    def below(self, text: str) -> set[str]:
        """The names that a text is made of, definitions opened."""
        out = reachable(formula(text).names, lambda name: formula(self.bodies.get(name, "")).names)
        return {found.name for found in map(declared, self.declare) if found is not None}.intersection(out) - self.bodies.keys()

    def closure(self, name: str) -> set[str]:
        """The names that a name is made of."""
        return self.made.of([name])

    def derivative_of(self, text: str) -> str:
        """The derivative that a name stands for; any other text is left as it is."""
        return next((f"({body})" for name, body, _ in self.given.derivatives if name == text), text)

    # ------------------------------------------------------------ shapes
    def is_number(self, name: str) -> bool:
        """Whether a name is known to be a number."""
        return self.shapes.get(name) == SCALAR

    def is_square(self, name: str) -> bool:
        """Whether a name is known to be a square matrix."""
        shape = self.shapes.get(name, SCALAR)
        return shape != SCALAR and shape[0] == shape[1]

    def fits(self, text: str, name: str) -> bool:
        """Whether an expression has the shape of a name."""
        if text in self.shapes and name in self.shapes:
            return self.shapes[text] == self.shapes[name]
        return self.equation(text, name) is not None

    def scalar(self, f: str, more: Iterable[object] = ()) -> bool:
        """Whether a defined name is a scalar, with more declarations."""
        return number_with(f, self.made_of(f), [*self.declare, *map(str, more)])

    def total(self, f: str) -> bool:
        """Whether a defined name is a scalar."""
        return self.shapes[f] == SCALAR if f in self.shapes else self.scalar(f)

    def perhaps_scalar(self, text: str) -> bool:
        """Whether a text is a scalar, or cannot be read, or is called like a loss of which nothing is said."""
        p = self.equation(text, text) if text not in LOSSES or text in self.sheet.names.plain else None
        return p is None or p.sides[0].shape == SCALAR

    # ------------------------------------------------------------ other settings
    def supposing(self, words: Iterable[tuple[object, ...]]) -> Setting:
        """With more words of structure."""
        return self._replace(declare=with_words(list(self.declare), list(words)))  # type: ignore[arg-type]

    def unstructured(self) -> Setting:
        """Without words of structure."""
        return self._replace(declare=[d if (found := declared(d)) is None else f"{found.name} in {found.space}" for d in self.declare])

    def assuming(self, *equations: str) -> Setting:
        """With more assumptions."""
        return self._replace(assume=[*self.assume, *equations])


def number_with(f: str, define: Sequence[str], declare: Sequence[str]) -> bool:
    """Whether definitions and declarations fit, and a name is a scalar by them."""
    p = equation(declare, define, f or "1", f or "1")
    return p is not None and p.sides[0].shape == SCALAR
