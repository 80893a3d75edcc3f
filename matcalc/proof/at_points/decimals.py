"""Jets over decimals of many digits: a difference of 1e-30 is seen, in pure Python.

Asked where floats agree and exact points cannot decide. The numbers drawn are those of another ring, near or far. Where a number
is added to one so much larger that its digits are lost, that is noted: what was lost may be rounding, or all that a claim is about.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import MAX_EMAX, MIN_EMIN, Context, Decimal, DivisionByZero, InvalidOperation, Overflow, Underflow, getcontext
from fractions import Fraction
from functools import lru_cache
from math import isqrt
from random import Random

from ...language.operations import require_heads
from .jets import Flat, Function, Jet, Unsupported, OutsideDomain, Scalar, Singular
from .point import TooManyDigits, TooExpensive
from .reals import Reals
from .ring import MAPPED

DIGITS, SHOWN = 70, 40        # carried at first; vouched for
MOST = 2000                   # digits
WORK = 3_000_000              # multiplications at a point


def context(digits: int) -> Context:
    """The context of decimal arithmetic."""
    return Context(prec=digits, Emin=MIN_EMIN, Emax=MAX_EMAX, traps=[InvalidOperation, DivisionByZero, Overflow, Underflow])


class HighPrecision(Reals):
    """Decimals of many digits, drawn at the point where another ring drew its numbers."""

    solved_once = False
    zero, one = Decimal(0), Decimal(1)

    def __init__(self, digits: int, least: int) -> None:
        super().__init__(Random(0))
        self.drawn, self.work, self.digits = Reals(self.random), 0, digits
        self.small, self.terms = Decimal(10) ** (10 - digits), digits // 2 + 20
        self.tiny = float(Decimal(10) ** (15 - digits))
        self.most = least - SHOWN           # places by which one number may be above another it is added to
        self.operations, self.watching = 0, False
        self.lost: dict[int, tuple[int, list[int]]] = {}      # operation -> the places of the largest number, and of those lost beside it

    def number(self, value: Fraction | int) -> Decimal:
        return Decimal(value) if isinstance(value, int) else Decimal(value.numerator) / Decimal(value.denominator)

    def draw(self, style: int) -> Decimal:
        return Decimal(repr(self.drawn.draw(style)))

    def positive(self) -> Decimal:
        return Decimal(repr(self.drawn.positive()))

    def watch(self, a: Flat) -> None:
        """Note which of the numbers to be added is lost beside the largest."""
        if not self.watching:
            return
        self.operations += 1
        places = [x.adjusted() for x in a if x]
        if places and max(places) - min(places) > self.most:
            self.lost[self.operations] = max(places), [k for k in places if max(places) - k > self.most]

    def plus(self, a: Flat, b: Flat) -> Flat:
        if self.watching:
            for pair in zip(a, b, strict=True):
                self.watch(list(pair))
        return super().plus(a, b)

    def less(self, a: Flat, factor: Decimal, b: Flat) -> Flat:
        return self.plus(a, [-factor * y for y in b])

    def total(self, a: Flat) -> Scalar:
        self.watch(a)
        return super().total(a)

    def dot(self, a: Flat, b: Flat, m: int, k: int, n: int) -> Flat:
        self.work += m * k * n
        if self.work > WORK * DIGITS // self.digits:
            raise TooExpensive
        if k > 1 and self.watching:
            for i in range(0, m * k, k):
                for j in range(n):
                    self.watch([x * y for x, y in zip(a[i:i + k], b[j::n], strict=True)])
        return super().dot(a, b, m, k, n)

    def function(self, f: Function, a: Flat) -> Flat:
        self.rounded(f, a)
        try:
            if not isinstance(f, str):
                return [power(x, f) for x in a]
            if f not in FUNCTIONS:
                raise Unsupported(f)
            for x in a:
                self.watch([Decimal(1), Decimal(1).scaleb(-min(flat(f, x), 10 ** 9))])
            if any(x.adjusted() > self.digits for x in a) and f in ("sin", "cos"):
                raise TooManyDigits(MOST)
            if f == "erf" and any(abs(x) > self.digits for x in a):
                return [Decimal(1).copy_sign(x) if abs(x) > self.digits else erf(x) for x in a]
            return list(map(FUNCTIONS[f], a))
        except ZeroDivisionError:
            raise Singular("division by zero") from None
        except (Overflow, Underflow) as e:
            raise Singular(type(e).__name__.lower()) from None

    def places(self) -> int:
        return self.digits

    def expm(self, u: Jet) -> Jet:
        """What is lost at the end of the series does not count, what is lost beside the identity does."""
        self.add(self.eye(u.m), u)
        watching, self.watching = self.watching, False
        try:
            return super().expm(u)
        finally:
            self.watching = watching


def flat(f: str, x: Decimal) -> int:
    """How many places below 1 a function shows how its argument differs from zero, or from infinity."""
    places = x.adjusted() if x else 0
    if places < 0:
        return -places if f == "exp" else -2 * places if f in ("sin", "cos", "arctan", "arcsin", "erf") else 0
    if f == "erf":
        return int(min(x * x, Decimal(10 ** 9)) / 2)
    return places if f in ("arctan", "sin", "cos") else 0


def real_losses(one: HighPrecision, other: HighPrecision) -> int:
    """By how many places at most a number is above another that it is added to, where the smaller is not a rounding: it is as large to
    twice the digits."""
    out = 0
    for k, (top, places) in one.lost.items():
        other_top, others = other.lost.get(k, (top, []))
        real = [p for p in places if any(abs(p - q) < 2 for q in others)]
        out = max(out, max(top, other_top) - min(real)) if real else out
    return out


def power(x: Decimal, k: Fraction) -> Decimal:
    """x^k."""
    if k.denominator == 1:
        if k < 0:
            return 1 / x ** -int(k)
        return x ** int(k) if k else Decimal(1)
    if x < 0:
        raise OutsideDomain(f"{x:.4g} to the power {k}")
    if not x:
        if k < 0:
            raise Singular("division by zero")
        return x
    if k.denominator == 2:
        return power(x.sqrt(), Fraction(k.numerator))
    return x ** (Decimal(k.numerator) / Decimal(k.denominator))


def pi() -> Decimal:
    """The number pi, to the digits of the context."""
    return +_pi(getcontext().prec + 10)


@lru_cache(maxsize=16)
def _pi(digits: int) -> Decimal:
    """By the arithmetic-geometric mean of Gauss and Legendre."""
    c = context(digits)
    a, b, t, k = Decimal(1), c.sqrt(c.divide(Decimal(1), Decimal(2))), Decimal("0.25"), Decimal(1)
    for _ in range(digits.bit_length() + 1):
        mean = c.divide(c.add(a, b), Decimal(2))
        t = c.subtract(t, c.multiply(k, c.power(c.subtract(a, mean), 2)))
        a, b, k = mean, c.sqrt(c.multiply(a, b)), 2 * k
    return c.divide(c.power(c.add(a, b), 2), c.multiply(Decimal(4), t))


def log(x: Decimal) -> Decimal:
    """The natural logarithm."""
    if x <= 0:
        raise OutsideDomain(f"log of {x:.4g}")
    return x.ln()


def series(first: Decimal, following: Callable[[Decimal, int], Decimal]) -> Decimal:
    """A sum of terms, each made from the one before, until they no longer count."""
    total, term, k = first, first, 0
    while True:
        k += 1
        term = following(term, k)
        if total + term == total:
            return total
        total += term


def cos(x: Decimal) -> Decimal:
    """By the sine of half the angle."""
    return 1 - 2 * sin(x / 2) ** 2


def sin(x: Decimal) -> Decimal:
    """Taylor's series within half a turn."""
    x = x % (2 * pi())
    square = -x * x
    return series(x, lambda term, k: term * square / (2 * k * (2 * k + 1))) if x else x


def arctan(x: Decimal) -> Decimal:
    """The series for a small part of the angle: a halving costs a root, and saves terms of the series."""
    if not x:
        return x
    if abs(x) > 1:
        return pi().copy_sign(x) / 2 - arctan(1 / x)
    halvings = max(0, isqrt(getcontext().prec) + 3 * x.adjusted())
    for _ in range(halvings):
        x = x / (1 + (1 + x * x).sqrt())
    above, below = x * x, 1 + x * x         # Euler's series, whose terms have one sign
    return (1 << halvings) * series(x / below, lambda term, k: term * 2 * k * above / ((2 * k + 1) * below))


def arcsin(x: Decimal) -> Decimal:
    """By the arctangent."""
    if abs(x) > 1:
        raise OutsideDomain(f"arcsin of {x:.4g}")
    return pi().copy_sign(x) / 2 if abs(x) == 1 else arctan(x / (1 - x * x).sqrt())


def erf(x: Decimal) -> Decimal:
    """A series of positive terms, so that nothing cancels."""
    if not x:
        return x
    square = x * x
    return 2 / pi().sqrt() * (-square).exp() * series(x, lambda term, k: term * 2 * square / (2 * k + 1))


FUNCTIONS: dict[str, Callable[[Decimal], Decimal]] = {
    "exp": lambda x: x.exp(), "log": log, "sin": sin, "cos": cos, "arctan": arctan, "arcsin": arcsin, "erf": erf,
    "sign": lambda x: Decimal(1).copy_sign(x) if x else x, "pi": lambda x: pi(),
}
require_heads("the judge with many digits", MAPPED, FUNCTIONS)
