"""Both sides of every kink: along random lines, from root to root of whatever stands under abs, sign, relu, or a root of a square."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import suppress
from decimal import Decimal, localcontext
from random import Random
from typing import Any

from ...language.expr import SCALAR, Apply, Expr, Name, Number, num
from ...language.operations import KINKED
from ...language.sure import Sure
from .far import Far, clearly
from .decimals import SHOWN, Fine, context
from .jets import Flat, Opaque, Outside, Singular, TooLarge
from ..all_sizes.normalform import Algebra, Stuck
from ..all_sizes.definite import sum_nonnegative
from ..all_sizes.indexed import Entries
from ..all_sizes.laws import RULES
from .many_digits import differ_finely, undefined_finely
from .point import Point, TooMuch
from .differences import differ, finite
from .question import SEED, Question
from .reals import Reals
from .values import Evaluator
from ..verdict import Verdict, Witness
from ...records import Record

LINES, ALONE, ROUNDS, HALVINGS = 4, 8, 3, 60
NARROW, WIDE = 12, 0.5              # pairs of roots looked between to many digits, where they are no further apart
SAME, MANY, SECANTS = 1e-9, 400, 12 # apart in floats; digits of roots that floats do not tell apart
REACH = [3.0 ** k * 0.01 for k in range(17)]        # up to 400,000
COMPARED, FEW = 60, 6
INSIDE = 0.382                      # where between two roots: in the middle a slope may vanish
GENTLE = frozenset(("symmetric", "skew", "diagonal", "lower", "upper"))     # sums of such matrices are such matrices
NO_VALUE = (Opaque, TooLarge, Singular, Outside, ArithmeticError)
Entry = tuple[int, int]


def arguments(roots: Iterable[Expr], bodies: dict[Name, Expr]) -> tuple[list[Expr], list[Expr]]:
    """What is 0 at a kink: under abs, sign, relu, norm1, and a factor of what stands under a norm, a root or a logarithm; and
    what may touch 0 there without changing its sign."""
    signed: dict[Expr, None] = {}
    touching: dict[Expr, None] = {}
    seen: set[Expr] = set()
    todo = [*roots, *bodies.values()]
    while todo:
        e = todo.pop()
        if e in seen or type(e) is not Apply:
            continue
        seen.add(e)
        todo += e.args
        if e.head in KINKED:
            signed[e.args[0]] = None
            signed.update(dict.fromkeys(u for u in _factors(e.args[0], bodies) if not u.names))
        elif e.head == "norm2":
            signed.update(dict.fromkeys(u for u in _factors(e.args[0], bodies) if u.shape == SCALAR))
            touching[e] = None
        elif e.head in ("sqrt", "log") or (e.head == ".^" or e.head == "^" and e.shape == SCALAR) and _fraction(e.args[1]):
            for u in _factors(e.args[0], bodies):
                base = _even(u)
                (touching if base is None else signed)[base or u] = None
    return [u for u in signed if u.names or _sized(u)], [u for u in touching if type(u) is Apply and u not in signed]


def _sized(e: Expr) -> bool:
    return type(e) is Name and e.kind == "size" or type(e) is Apply and any(map(_sized, e.args))


def _fraction(e: Expr) -> bool:
    return type(e) is not Number or e.value % 1 != 0


def _factors(e: Expr, bodies: dict[Name, Expr]) -> list[Expr]:
    """The factors of a product: entry by entry, or the scalars in it; one that stands there twice as a square."""
    while type(e) is Name and e in bodies:
        e = bodies[e]
    if type(e) is not Apply or e.head not in ("*", ".*"):
        return [e]
    args = e.args if e.head == ".*" else [a for a in e.args if a.shape == SCALAR]
    squares = {a: Apply("^" if a.shape == SCALAR else ".^", (a, num(2)), a.shape) for a in args if e.args.count(a) == 2}
    return [b for a in dict.fromkeys(args) for b in ([squares[a]] if a in squares else _factors(a, bodies))]


def _even(e: Expr) -> Expr | None:
    """What an expression is an even power of."""
    if type(e) is Apply and (e.head == ".^" or e.head == "^" and e.shape == SCALAR):
        exponent = e.args[1]
        return e.args[0] if type(exponent) is Number and exponent.value % 2 == 0 else None
    return None


class Root(Record):
    """Where along a line which entry of which argument is zero."""

    t: float
    k: int
    i: int


class Line:
    """Values along a line through a random point; what may not move along lines stays."""

    def __init__(self, question: Question, sizes: dict[str, int], number: int, fine: Fine | None = None) -> None:
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
        out.still, out.directions = self.question.still, self.directions
        out.values = dict(self.at_start)
        for n, way in self.moving.items():
            out.values[n] = [x + t * d for x, d in zip(self.at_start[n], way, strict=True)]
        for n in self.growing:
            scale = 1 + t if t >= 0 else 1 / (1 - t)
            out.values[n] = [x * scale for x in self.at_start[n]]
        return out

    def finely(self, t: Decimal) -> Callable[[Fine], Evaluator]:
        """The same point, of decimals."""
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


def sides_met(question: Question) -> Witness | Verdict | str | None:
    """A point where the sides differ, a verdict where the right one has no value; or the argument of a kink whose other side was not
    reached, though it may have one."""
    signed, touching = arguments([*question.about, *(e for pair in question.assumptions for e in pair)], question.bodies)
    sure = Sure(question.bodies)
    signed = [u for u in signed if not sure.nonnegative(u)]
    touching = [u for u in touching if not sure.positive(u)]
    if not (signed or touching):
        return None
    sizes = next((s for s in question.looked if set(s.values()) != {1}), question.looked[0] if question.looked else {})
    seen: dict[Entry, set[int]] = {}
    done = False
    for number in range(LINES + ALONE):
        if done and number < LINES:
            continue
        try:
            line = Line(question, sizes, number)
            if number >= LINES and not line.alone(number - LINES):
                break
            witness = _along(question, signed, touching, line, seen)
        except NO_VALUE:
            continue
        if witness is not None:
            return witness
        done = number > 0 and not _open(signed, seen, question)
    missed = _open(signed, seen, question)
    return str(missed[0]) if missed else None


def _open(arguments: list[Expr], seen: dict[Entry, set[int]], question: Question) -> list[Expr]:
    """Arguments with an entry of one sign wherever the sides were compared, that is not known to have one sign."""
    missed = {k for (k, _), signs in seen.items() if 1 not in signs or -1 not in signs if signs - {0}}
    missed |= {k for k in range(len(arguments)) if all(j != k for j, _ in seen)}
    return [arguments[k] for k in sorted(missed) if not _one_sign(arguments[k], question)]


def _one_sign(u: Expr, question: Question) -> bool:
    """Whether the judge of all sizes knows that no entry is negative, or none positive."""
    alg = Algebra(RULES, 3000, question.deadline)
    try:
        s = Entries(alg, question.bodies).of(u).entries
        return sum_nonnegative(alg, s) or sum_nonnegative(alg, alg.scaled(s, -1))
    except (Stuck, RecursionError):
        return False


def _along(question: Question, signed: list[Expr], touching: list[Expr], line: Line,
           seen: dict[Entry, set[int]]) -> Witness | Verdict | None:
    """Compare between all roots of all arguments along a line, and where an argument comes nearest to a root."""
    found = [*signed, *touching]
    values: dict[float, list[Flat | None]] = {}
    for t in [0.0, *REACH, *[-t for t in REACH]]:
        values[t] = line.values(found, t)
    roots: set[Root] = set()
    for again in range(ROUNDS):
        new = _roots(line, found, values, len(signed), again > 0) - roots
        if not new:
            break
        roots |= new
        for t in {r.t for r in new}:
            values[t] = line.values(found, t)
    places = sorted({r.t for r in roots})
    between = [a + INSIDE * (b - a) for a, b in zip(places, places[1:], strict=False)]
    ends = [places[0] - 1, places[-1] + 1, places[0] - 100, places[-1] + 100] if places else []
    valueless = []
    for t in [0.0, *between[:COMPARED], *ends, 1.0, -1.0]:
        witness = _compared(question, signed, line, t, seen)
        if isinstance(witness, dict):
            return witness
        if not witness:
            valueless.append(t)
    for t in valueless[:FEW]:
        with suppress(*NO_VALUE, TooMuch):
            gap = undefined_finely(question, line.finely(Decimal(t)))
            if gap is not None:
                return gap
    close = sorted(zip(places, places[1:], strict=False), key=lambda p: p[1] - p[0])
    narrow = [Decimal(a) + Decimal(INSIDE) * (Decimal(b) - Decimal(a)) for a, b in close
              if b - a < WIDE][:NARROW]
    for at in [*_split(line, found, sorted(roots))[:NARROW], *narrow]:     # where whatever differs is small
        with suppress(*NO_VALUE, TooMuch):
            witness = differ_finely(question, line.finely(at))
            if witness is not None:
                return witness
    return None


def _split(line: Line, found: list[Expr], roots: list[Root]) -> list[Decimal]:
    """Between roots of different arguments that floats do not tell apart, where more digits do."""
    out = []
    for a, b in zip(roots, roots[1:], strict=False):
        if a.k != b.k and b.t - a.t <= SAME * (1 + abs(a.t)):
            with suppress(*NO_VALUE, TooMuch), localcontext(context(MANY)):
                x, y = (_polished(line, found[r.k], r) for r in (a, b))
                if abs(x - y) > Decimal(10) ** (SHOWN - MANY):
                    out.append(x + Decimal(INSIDE) * (y - x))
    return out


def _polished(line: Line, u: Expr, root: Root) -> Decimal:
    """A root to many digits, by secants."""
    def value(t: Decimal) -> Decimal:
        found: Decimal = line.finely(t)(Fine(MANY, MANY)).value(u).parts[0][root.i]
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


def _roots(line: Line, found: list[Expr], values: dict[float, list[Flat | None]], signed: int,
           again: bool) -> set[Root]:
    """Where an entry changes its sign along the line, by halving; and where one that never does comes nearest to zero: of those
    that may touch it, each of these places."""
    out: set[Root] = set()
    ts = sorted(values)
    for k in range(len(found)):
        sizes = [len(v[k] or ()) for v in values.values()]
        for i in range(max(sizes, default=0)):
            at = [(t, (values[t][k] or [None] * (i + 1))[i]) for t in ts]
            known = [(t, v) for t, v in at if v is not None]
            changes = [(a, b) for (a, x), (b, y) in zip(known, known[1:], strict=False) if x * y < 0]
            for a, b in changes[:8]:
                out.add(Root(_halved(line, found[k], i, a, b), k, i))
            if k >= signed and not again:
                for (a, x), (_, y), (b, z) in zip(known, known[1:], known[2:], strict=False):
                    if abs(y) <= min(abs(x), abs(z)) and abs(y) < max(abs(x), abs(z)):
                        out.add(Root(_least(line, found[k], i, 1 if y >= 0 else -1, a, b), k, i))
            if k < signed and not changes and len(known) > 2 and any(v for _, v in known):
                sign = 1 if any(v > 0 for _, v in known) else -1
                best = min(range(1, len(known) - 1), key=lambda j: sign * known[j][1])
                t = _least(line, found[k], i, sign, known[best - 1][0], known[best + 1][0])
                there = line.values([found[k]], t)[0]
                if there is not None and there[i] * sign < 0:
                    out.update(Root(_halved(line, found[k], i, *ends), k, i) for ends in ((known[best - 1][0], t), (t, known[best + 1][0])))
    return {r for r in out if r.t == r.t}


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


def _compared(question: Question, found: list[Expr], line: Line, t: float, seen: dict[Entry, set[int]]) -> Witness | bool:
    """A point where the sides clearly differ, or whether they have a value; where they agree, which side of every kink that was."""
    try:
        ev: Any = Evaluator(line.point(t, Far(Random(0), 0)))
        left, right = question.sides(ev)
        other = right()
        if not (finite(left) and finite(other)):
            return True
        if differ(left.parts[0], other.parts[0]):
            return clearly(left.parts[0], other.parts[0]) and (question.witness(ev) or True)
        for k, u in enumerate(found):
            for i, x in enumerate(ev.value(u).parts[0]):
                seen.setdefault((k, i), set()).add((x > 0) - (x < 0))
    except NO_VALUE:
        return False
    return True
