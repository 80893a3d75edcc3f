"""Both sides with many digits, where floats cannot tell them apart and exact points do not decide.

Worked out twice, to some digits and to twice as many. A difference that stays is one; what shrinks with the digits is rounding. Where
a number that is not a rounding is lost beside a larger one, more digits are taken until it is not: exp(c) + 1e-90 is not exp(c), and
sigmoid(c + 500) not 1. Where that would take too many, nothing is decided.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from decimal import Decimal, localcontext
from random import Random

from .far_from_zero import ALL, FarReals
from .decimals import DIGITS, MOST, SHOWN, HighPrecision, context, real_losses
from .jets import Unsupported, OutsideDomain, Singular, TooLarge
from .point import TooManyDigits, TooExpensive
from .differences import cause_of, differ, shown
from .question import SEED, STYLES, TRIES, Question, far_style, unequal
from .sides import Sizes
from .reals import Reals
from .values import Evaluator
from ..verdict import Look, Place, Reason, Verdict, Cause, Witness, checked, refuted, undecided
from ...records import Record

UNMET = 2       # points at which what is assumed could not be met, after which no other is tried
BEYOND = 6      # points at which no digits were enough, after which no other is tried
GROWN = 2       # times that a value grew with the digits, after which there is none, as of tan(pi/2)
SEEN = 3        # figures of a difference that have to stay


Placed = Callable[[HighPrecision], Evaluator]       # a point, drawn with the numbers of a ring


class Seen(Record):
    """The values of both sides at a point, to so many digits."""

    ev: Evaluator
    ring: HighPrecision
    gap: Decimal
    size: Decimal


def finer(question: Question, far: bool = False) -> Verdict:
    """At a few real points, near zero or far from it."""
    random, at = Random(SEED), []
    why: Reason | None = None
    fine = 0
    for plan in question.plans()[:1] if far else question.plans():
        for sizes in plan:
            agreed = 0
            for number in range(ALL if far else TRIES):
                style = far_style(number) if far else number % 4 if number > agreed else STYLES[agreed]
                try:
                    witness = differ_finely(question, _drawn(question, sizes, random.random(), style, number, far))
                except (Unsupported, TooLarge) as e:
                    return undecided(Cause.COARSE, cause_of(e))
                except (TooExpensive, Singular, OutsideDomain, ArithmeticError) as e:
                    why = why or cause_of(e)
                    fine += isinstance(e, TooManyDigits)
                    if fine > BEYOND:
                        return undecided(Cause.COARSE, why)
                    if (question.assumptions or isinstance(e, TooManyDigits)) and number - agreed >= UNMET:
                        break
                    continue
                if witness is not None:
                    return refuted(Cause.ENTRY, witness)
                agreed += 1
                if agreed > 2:
                    break
            if agreed:
                at.append(sizes)
                break
    return checked(Look(Place.FINE, tuple(at), digits=SHOWN)) if any(map(unequal, at)) else undecided(Cause.COARSE, why)


def _drawn(question: Question, sizes: Sizes, seed: float, style: int, number: int, far: bool) -> Placed:
    def drawn(ring: HighPrecision) -> Evaluator:
        random = Random(seed)
        ring.drawn = FarReals(random, number) if far else Reals(random)
        ring.random = random
        return question.point(ring, sizes, style, number)
    return drawn


def differ_finely(question: Question, placed: Placed) -> Witness | None:
    """The point, if the sides differ there; nothing if they agree to all digits."""
    digits, grown = DIGITS, 0
    while digits <= MOST:
        one, other = (_sides(question, placed, k, digits) for k in (digits, 2 * digits))
        grown += other.size.adjusted() - one.size.adjusted() > digits // 2
        if grown >= GROWN:
            raise TooManyDigits(digits)
        lost = real_losses(one.ring, other.ring)
        if lost > digits - SHOWN:
            digits = lost + 2 * DIGITS
            continue
        if one.gap and f"{one.gap:.{SEEN}g}" == f"{other.gap:.{SEEN}g}":
            with localcontext(context(2 * digits)):
                return question.witness(other.ev, other.gap / 1000)
        known = f"{one.size:.{SEEN}g}" == f"{other.size:.{SEEN}g}"
        if other.gap <= (other.size if known else max(Decimal(1), other.size)) * Decimal(10) ** (-3 * digits // 2):
            return None
        digits *= 2
    raise TooManyDigits(MOST)


def undefined_finely(question: Question, placed: Placed) -> Verdict | None:
    """Refuted where only the left side has a value, and the right side none for a number that stays with the digits."""
    seen = []
    for digits in (DIGITS, 2 * DIGITS):
        with localcontext(context(digits)):
            ev = placed(HighPrecision(digits, digits))
            left, right = question.sides(ev)
            try:
                right()
            except OutsideDomain as e:
                seen.append((list(map(float, left.parts[0])), e.args))
            else:
                return None
    (a, (cause,)), (b, other) = seen
    if other != (cause,) or not all(map(math.isfinite, a)) or differ(a, b):
        return None
    return refuted(Cause.UNDEFINED, {**question.described(ev), "entry": [1, 1], "left": shown(a), "right": f"undefined: {cause}"}, cause)


def _sides(question: Question, placed: Placed, digits: int, least: int) -> Seen:
    with localcontext(context(digits)):
        ring = HighPrecision(digits, least)
        ev = placed(ring)
        ring.watching = True
        left, right = question.sides(ev)
        a, b = left.parts[0], right().parts[0]
        apart = ring.plus(a, [-x for x in b])
        ring.watching = False
        return Seen(ev, ring, max(map(abs, apart)), max(map(abs, [*a, *b])))
