"""Values along a line through a random point, and where an entry of them is zero."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from decimal import Decimal, localcontext
from random import Random
from typing import Any

from ...language.expr import Expr
from .decimals import SHOWN, HighPrecision, context
from .jets import NO_VALUE, Flat
from .point import Point, TooExpensive
from .question import SEED, Question
from .reals import Reals
from .values import Evaluator
from ...records import Record

HALVINGS, BESIDE = 60, 1e-7
SAME, MANY, SECANTS = 1e-9, 400, 12 # apart in floats; digits of roots that floats do not tell apart
INSIDE = 0.382                      # where between two roots: in the middle a slope may vanish
GENTLE = frozenset(("symmetric", "skew", "diagonal", "lower", "upper"))     # sums of such matrices are such matrices


class Root(Record):
    """A zero of an entry of an argument along a line."""

    t: float
    k: int
    i: int


class Line:
    """Values along a line through a random point; names that may not vary along it stay fixed."""

    def __init__(self, question: Question, sizes: dict[str, int], number: int, fine: HighPrecision | None = None) -> None:
        self.question, self.sizes, self.number = question, sizes, number
        ring: Any = Reals(Random(SEED + number))
        if fine is not None:
            fine.drawn, fine.random, ring = ring, ring.random, fine
        start = question.point(ring, sizes, (0, 0, 4, 2)[number % 4], number).point
        away = Point(ring, sizes, question.bodies, 0, number + 1)
        names = {n: None for e in [*question.about, *question.bodies.values()] for n in start.variables(e)}
        self.at_start = {n: start.value(n) for n in names}
        self.moving = {n: away.value(n) for n in names if n.kind == "variable" and not question.assumptions and n.words <= GENTLE}
        self.growing = [n for n in names if n.kind == "variable" and n.words == {"positive"} and not question.assumptions]
        self.directions = start.directions

    def alone(self, number: int) -> bool:
        """Move but one of the names, if there are several and so many: nothing else then hides what it does."""
        several = [*self.moving, *self.growing]
        if len(several) < 2 or number >= len(several):
            return False
        name = several[number]
        self.moving = {n: way for n, way in self.moving.items() if n is name}
        self.growing = [n for n in self.growing if n is name]
        return True

    def point(self, t: Any, ring: Reals) -> Point:
        """The point at t."""
        out = Point(ring, self.sizes, self.question.bodies)
        out.constants, out.directions = self.question.constants, self.directions
        out.values = dict(self.at_start)
        for n, way in self.moving.items():
            out.values[n] = [x + t * d for x, d in zip(self.at_start[n], way, strict=True)]
        for n in self.growing:
            scale = 1 + t if t >= 0 else 1 / (1 - t)
            out.values[n] = [x * scale for x in self.at_start[n]]
        return out

    def finely(self, t: Decimal) -> Callable[[HighPrecision], Evaluator]:
        """The same point in decimal arithmetic."""
        return lambda ring: Evaluator(Line(self.question, self.sizes, self.number, ring).point(t, ring))

    def values(self, arguments: list[Expr], t: float) -> list[Flat | None]:
        """The arguments at t, none where one has no value."""
        ev = Evaluator(self.point(t, Reals(Random(0))))
        out: list[Flat | None] = []
        for u in arguments:
            try:
                out.append(ev.value(u).parts[0])
            except NO_VALUE:
                out.append(None)
        return out


def separating_points(line: Line, found: list[Expr], roots: list[Root]) -> list[Decimal]:
    """Between roots of different arguments that floats do not tell apart, where more digits do."""
    out = []
    for a, b in zip(roots, roots[1:], strict=False):
        if a.k != b.k and b.t - a.t <= SAME * (1 + abs(a.t)):
            with suppress(*NO_VALUE, TooExpensive), localcontext(context(MANY)):
                x, y = (_polished(line, found[r.k], r) for r in (a, b))
                if abs(x - y) > Decimal(10) ** (SHOWN - MANY):
                    out.append(x + Decimal(INSIDE) * (y - x))
    return out


def _polished(line: Line, u: Expr, root: Root) -> Decimal:
    """A root to many digits, by secants."""
    def value(t: Decimal) -> Decimal:
        found: Decimal = line.finely(t)(HighPrecision(MANY, MANY)).value(u).parts[0][root.i]
        return found
    a = Decimal(root.t)
    b = a + Decimal(SAME)
    x, y = value(a), value(b)
    for _ in range(SECANTS):
        if x == y or not y:
            break
        a, b, x = b, b - y * (b - a) / (y - x), y
        y = value(b)
    return b


def roots_of(line: Line, found: list[Expr], values: dict[float, list[Flat | None]], signed: int,
           before: set[Root]) -> set[Root]:
    """Where an entry changes its sign along the line, by halving; and where one that never does comes nearest to zero: of those
    that may touch it, each of these places. What was found `before` is not looked for again."""
    out: set[Root] = set()
    ts = sorted(values)
    for k in range(len(found)):
        sizes = [len(v[k] or ()) for v in values.values()]
        for i in range(max(sizes, default=0)):
            at = [(t, (values[t][k] or [None] * (i + 1))[i]) for t in ts]
            known = [(t, v) for t, v in at if v is not None]
            changes = [(a, b) for (a, x), (b, y) in zip(known, known[1:], strict=False) if x * y < 0]
            for a, b in changes[:8]:
                x, y = (_beside(t, other) if Root(t, k, i) in before else t for t, other in ((a, b), (b, a)))
                if (x, y) == (a, b) or _entry(line, found[k], i, x) * _entry(line, found[k], i, y) < 0:
                    out.add(Root(_halved(line, found[k], i, x, y), k, i))
            if k >= signed and not before:
                for (a, x), (_, y), (b, z) in zip(known, known[1:], known[2:], strict=False):
                    if abs(y) <= min(abs(x), abs(z)) and abs(y) < max(abs(x), abs(z)):
                        out.add(Root(_least(line, found[k], i, 1 if y >= 0 else -1, a, b), k, i))
            if k < signed and not changes and len(known) > 2 and any(v for _, v in known):
                sign = 1 if any(v > 0 for _, v in known) else -1
                best = min(range(1, len(known) - 1), key=lambda j: sign * known[j][1])
                if Root(known[best][0], k, i) in before:
                    continue
                t = _least(line, found[k], i, sign, known[best - 1][0], known[best + 1][0])
                there = line.values([found[k]], t)[0]
                if there is not None and there[i] * sign < 0:
                    out.update(Root(_halved(line, found[k], i, *ends), k, i) for ends in ((known[best - 1][0], t), (t, known[best + 1][0])))
    return {r for r in out if r.t == r.t}


def _beside(root: float, other: float) -> float:
    """A place beside a root, towards another one, where the sign is not that of its rounding."""
    return root + BESIDE * (other - root)


def _entry(line: Line, u: Expr, i: int, t: float) -> float:
    found = line.values([u], t)[0]
    return float("nan") if found is None else found[i]


def _halved(line: Line, u: Expr, i: int, a: float, b: float) -> float:
    """A root between two places where the signs differ."""
    x = _entry(line, u, i, a)
    for _ in range(HALVINGS):
        t = (a + b) / 2
        y = _entry(line, u, i, t)
        if y != y:
            return y
        if x * y > 0:
            a = t
        else:
            b = t
    return (a + b) / 2


def _least(line: Line, u: Expr, i: int, sign: int, a: float, b: float) -> float:
    """Where an entry that has this sign is least in size, or has the other sign, by thirds."""
    for _ in range(HALVINGS):
        p, q = a + (b - a) / 3, b - (b - a) / 3
        if sign * _entry(line, u, i, p) <= sign * _entry(line, u, i, q):
            b = q
        else:
            a = p
    return (a + b) / 2
