"""The smallest counterexample found: few rows and columns, small whole numbers, as many zeros as possible."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice
from random import Random

from ...language.expr import Name
from ...language.operations import AT_ZERO, POWERS
from .jets import NO_VALUE, Flat
from .differences import finite
from .question import Question
from .sides import Sizes
from .reals import Reals
from .values import Evaluator
from ..verdict import Verdict, Cause, refuted, Witness

TRIALS, LOOKS = 8, 400     # a look at rows and columns up to k counts k^2
CLEAR = 1e-3
PLAIN = POWERS | AT_ZERO      # a zero may be the edge of what is defined


class Small(Reals):
    """Small integers; `plain` leaves out zero."""

    def __init__(self, random: Random, plain: bool) -> None:
        super().__init__(random)
        self.choice = (1.0, 2.0, -1.0) if plain else (1.0, 0.0, 2.0, -1.0)

    def draw(self, style: int) -> float:
        return self.random.choice(self.choice[:1] + self.choice if style else self.choice)

    def positive(self) -> float:
        return self.random.choice((1.0, 2.0, 3.0))


class Search:
    """Looks for the smallest point at which the sides of a question differ."""

    def __init__(self, question: Question) -> None:
        self.question, self.looks, self.weight = question, 0, 1
        self.plain = not question.heads.isdisjoint(PLAIN)

    def apart(self, ev: Evaluator) -> bool:
        """Whether the sides are defined at this point and clearly different."""
        self.looks += self.weight
        try:
            left, right = self.question.sides(ev)
            other = right()
            if not (finite(left) and finite(other)) or 0.0 in set().union(*getattr(ev.ring, "signs", ())):
                return False
        except NO_VALUE:
            return False
        return bool(max(abs(x - y) for x, y in zip(left.parts[0], other.parts[0], strict=True)) >= CLEAR)

    def differs(self, ev: Evaluator) -> Witness | None:
        """The witness at this point, where the sides are clearly different."""
        if not self.apart(ev):
            return None
        try:
            found = self.question.witness(ev)
        except NO_VALUE:
            return None
        return found if found is not None and abs(found["left"] - found["right"]) >= CLEAR else None

    def at(self, sizes: Sizes) -> tuple[Evaluator, Witness] | None:
        """The plainest of a few points of these sizes."""
        best: tuple[float, Evaluator, Witness] | None = None
        self.weight = max(sizes.values(), default=1) ** 2
        for trial in range(TRIALS):
            if self.looks > LOOKS:
                break
            try:
                ev = self.question.point(Small(Random(trial), self.plain), sizes, trial // 4 % 2, trial)
            except NO_VALUE:
                continue
            witness = self.differs(ev)
            if witness is not None:
                cost = _cost(ev)
                if best is None or cost < best[0]:
                    best = (cost, ev, witness)
        return None if best is None else best[1:]

    def plainer(self, ev: Evaluator, witness: Witness) -> Witness:
        """Entries made 0 or 1, one after another, while the sides still differ."""
        point = ev.point
        if self.question.assumptions:
            return witness
        flats: list[Flat] = list(point.directions.values())
        for n in sorted(point.values, key=lambda n: n.name, reverse=True):
            value = point.values[n]
            if n.kind == "function":
                flats = [value["phi"].wave, value["phi"].smooth, *(value[k].parts[0] for k in ("B", "t", "C") if k in value), *flats]
            elif not n.words:
                flats.insert(0, value)
        for flat in flats:
            for i in range(len(flat)):
                old = flat[i]
                for new in (1.0,) if self.plain else (0.0, 1.0):
                    if old == new or self.looks > 2 * LOOKS:
                        break
                    flat[i] = new
                    if self.apart(Evaluator(point)):
                        break
                    flat[i] = old
        return self.differs(Evaluator(point)) or witness


def smaller_sizes(most: Sequence[int]) -> Iterator[tuple[int, ...]]:
    """Sizes up to these, those with the smallest sum first.

    >>> list(smaller_sizes([2, 3]))
    [(1, 1), (1, 2), (2, 1), (1, 3), (2, 2), (2, 3)]
    """
    def of(k: int, total: int) -> Iterator[tuple[int, ...]]:
        if k == len(most):
            yield ()
            return
        for first in range(max(1, total - sum(most[k + 1:])), min(most[k], total - (len(most) - k - 1)) + 1):
            yield from ((first, *others) for others in of(k + 1, total - first))
    for total in range(len(most), sum(most) + 1):
        yield from of(0, total)


def smallest(question: Question, verdict: Verdict) -> Verdict:
    """The refutation with the smallest witness found; the one given where none is smaller."""
    witness = verdict.witness or {}
    sizes = witness.get("sizes")
    if sizes is None or not isinstance(witness.get("right"), float) or "difference" in witness:
        return verdict
    search = Search(question)
    names = sorted(sizes)
    for values in islice(smaller_sizes([sizes[n] for n in names]), 24):
        found = search.at(dict(zip(names, values, strict=True)))
        if found is not None:
            smaller = search.plainer(*found)
            return refuted(Cause.ENTRY, smaller)
    return verdict


def _cost(ev: Evaluator) -> float:
    values: list[float] = [x for n, v in ev.point.values.items() if isinstance(n, Name) and n.kind != "function" for x in v]
    return sum(float(x != 0) + abs(x - round(x)) * 4 + abs(x) for x in values)
