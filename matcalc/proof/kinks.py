"""Both sides of every kink: along random lines, from root to root of whatever stands under abs, sign, relu, or a root of a square."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from decimal import Decimal
from random import Random
from typing import Any

from ..language.expr import SCALAR, Apply, Expr, Name, Number, num
from ..language.columns import ABOVE_ZERO, FROM_ZERO
from ..language.operations import DOMAIN, FACTORED, KINKED
from ..language.properties import Properties
from ..language.recognition import norm_of
from .at_points.far_from_zero import FarReals, clearly
from .at_points.jets import NO_VALUE, Flat
from .all_sizes.normalform import Algebra
from .all_sizes.heads import Inconclusive
from .all_sizes.definite import sum_nonnegative
from .all_sizes.indexed import Entries
from .all_sizes.laws import RULES
from .at_points.high_precision import differ_finely, undefined_finely
from .at_points.point import TooExpensive
from .at_points.differences import differ, finite
from .at_points.question import Question
from .at_points.values import Evaluator
from .verdict import Verdict, Witness
from .at_points.roots_on_lines import INSIDE, Line, Root, roots_of, separating_points
from ..language.traversal import subexpressions

LINES, ALONE, ROUNDS = 4, 8, 3
EDGES = (ABOVE_ZERO, FROM_ZERO)
NARROW, WIDE = 12, 0.5              # pairs of roots looked between to many digits, where they are no further apart
REACH = [3.0 ** k * 0.01 for k in range(17)]        # up to 400,000
COMPARED, FEW = 60, 6
Entry = tuple[int, int]


def arguments(roots: Iterable[Expr], bodies: dict[Name, Expr]) -> tuple[list[Expr], list[Expr]]:
    """What is 0 at a kink: under abs, sign, relu, norm1, and a factor of what stands under a norm, a root or a logarithm; and
    what may touch 0 there without changing its sign."""
    signed: dict[Expr, None] = {}
    touching: dict[Expr, None] = {}
    for e in subexpressions([*roots, *bodies.values()]):
        if type(e) is not Apply:
            continue
        if e.head in KINKED:
            signed[e.args[0]] = None
            signed.update(dict.fromkeys(u for u in _factors(e.args[0], bodies) if not u.names))
        elif (x := norm_of(e)) is not None:
            signed.update(dict.fromkeys(u for u in _factors(x, bodies) if u.shape == SCALAR))
            touching[e] = None
        elif DOMAIN.get(e.head) in EDGES or (e.head == ".^" or e.head == "^" and e.shape == SCALAR) and _fraction(e.args[1]):
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
    if type(e) is not Apply or e.head not in FACTORED:
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


def sides_met(question: Question) -> Witness | Verdict | str | None:
    """A point where the sides differ, a verdict where the right one has no value; or the argument of a kink whose other side was not
    reached, though it may have one."""
    signed, touching = arguments([*question.about, *(e for pair in question.assumptions for e in pair)], question.bodies)
    sure = Properties(question.bodies)
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
    except (Inconclusive, RecursionError):
        return False


def _along(question: Question, signed: list[Expr], touching: list[Expr], line: Line,
           seen: dict[Entry, set[int]]) -> Witness | Verdict | None:
    """Compare between all roots of all arguments along a line, and where an argument comes nearest to a root."""
    found = [*signed, *touching]
    values: dict[float, list[Flat | None]] = {}
    for t in [0.0, *REACH, *[-t for t in REACH]]:
        values[t] = line.values(found, t)
    roots: set[Root] = set()
    for _ in range(ROUNDS):
        new = roots_of(line, found, values, len(signed), roots) - roots
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
        with suppress(*NO_VALUE, TooExpensive):
            gap = undefined_finely(question, line.finely(Decimal(t)))
            if gap is not None:
                return gap
    close = sorted(zip(places, places[1:], strict=False), key=lambda p: p[1] - p[0])
    narrow = [Decimal(a) + Decimal(INSIDE) * (Decimal(b) - Decimal(a)) for a, b in close
              if b - a < WIDE][:NARROW]
    for at in [*separating_points(line, found, sorted(roots))[:NARROW], *narrow]:     # where whatever differs is small
        with suppress(*NO_VALUE, TooExpensive):
            witness = differ_finely(question, line.finely(at))
            if witness is not None:
                return witness
    return None


def _compared(question: Question, found: list[Expr], line: Line, t: float, seen: dict[Entry, set[int]]) -> Witness | bool:
    """A point where the sides clearly differ, or whether they have a value; where they agree, which side of every kink that was."""
    try:
        ev: Any = Evaluator(line.point(t, FarReals(Random(0), 0)))
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
