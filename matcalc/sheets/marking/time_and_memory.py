"""The time that the marking of a sheet has, and what was found out in it, so that it is not looked for again in the next line."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from math import inf

from ...language.conditions import Condition
from ...language.deadline import Deadline, deadline_after
from ...language.expr import InputError
from ...proof.at_points import points
from ...proof.at_points.values import Evaluator
from ...proof.verdict import Judge, Place, proved
from ...reading.parse import Problem, problem
from ...render.verdict_words import WordedVerdict
from ... import judges
from ..parts.definition_parts import Definition, as_text

POINTWISE = frozenset(("apart", "nonzero", "above", "below"))     # conditions that fail at a bound, where a point tells whether they do
Key = tuple[tuple[str, ...], tuple[Definition, ...], Mapping[str, tuple[str, ...]]]


class Clock:
    """So many seconds for all that is marked: each line has half of what is left, so that those below it have some too."""

    def __init__(self, seconds: float = inf) -> None:
        self.line = self.ends = deadline_after(seconds)

    def next_line(self) -> None:
        """Another line begins."""
        self.line = self.ends.half()

    def within(self, seconds: float = inf) -> Deadline:
        """So many seconds of work, no longer than the line has left."""
        return self.line.working(seconds)

    def short(self, seconds: float) -> Clock:
        """A clock for so many seconds of what this line has left."""
        out = Clock()
        out.line = out.ends = self.within(seconds)
        return out

    @contextmanager
    def shared(self, seconds: float) -> Iterator[None]:
        """All that is asked within has so much work together."""
        before, self.line = self.line, self.within(seconds)
        yield
        self.line = before


class Memory:
    """The definitions read at once, the steps of backward passes that are proved, and which of their conditions hold somewhere."""

    def __init__(self) -> None:
        self.steps: dict[tuple[object, ...], tuple[Problem, WordedVerdict] | None] = {}
        self._read: tuple[Key, Problem | InputError] | None = None
        self._there: tuple[Problem, Evaluator] | None = None
        self._met: dict[Condition, bool] = {}

    def read_once(self, *key: *Key) -> Problem:
        """All that is defined, under these declarations; InputError where it cannot be read."""
        if self._read is None or self._read[0] != key:
            try:
                self._read = key, problem(key[0], as_text(key[1]), losses=key[2])
            except InputError as e:
                self._read = key, e
        if isinstance(self._read[1], InputError):
            raise self._read[1]
        return self._read[1]

    def met(self, needed: Condition, key: Key) -> bool:
        """Whether a condition of a step holds somewhere on the sheet, of which a step knows less."""
        if needed.kind not in POINTWISE:
            return False
        if needed not in self._met:
            try:
                p = self.read_once(*key)
                defined = {name for name, _, _ in key[1]} | key[2].keys()
                known = not p.inferred and {n for n in needed.of.names if n.name in defined} <= dict(p.definitions).keys()
                if self._there is None or self._there[0] is not p:
                    self._there = p, points.placed(p)
                self._met[needed] = known and (points.holds(self._there[1], needed) or _somewhere(p, needed))
            except (InputError, RecursionError):
                self._met[needed] = False
        return self._met[needed]


def _somewhere(p: Problem, needed: Condition) -> bool:
    [(_, verdict)] = judges.somewhere(p, [(Judge.POINTS, proved(Place.SYMBOLIC, (needed,)))])
    return verdict.kind == "proved"
