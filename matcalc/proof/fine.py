"""Jets over decimals of many digits: a difference of 1e-30 is seen, in pure Python.

Asked only where floats agree and exact points cannot decide. The numbers drawn are those of another ring, near or far.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Context, Decimal, DivisionByZero, InvalidOperation, Overflow, getcontext, localcontext
from fractions import Fraction
from functools import cache

from .jets import Flat, Function, Opaque, Outside, Singular
from .reals import Reals

DIGITS, SHOWN = 70, 40        # carried; vouched for
SPARE = DIGITS - SHOWN
MOST = 3000                   # digits carried at all
WORK = 3_000_000              # multiplications at a point
PRECISE = Decimal(10) ** -SHOWN


class TooMuch(Exception):
    """More digits times entries than a quick judge works out."""


class TooFine(TooMuch):
    """More digits than are carried at all."""


def context(digits: int) -> Context:
    """What the decimals are worked out in."""
    return Context(prec=digits, traps=[InvalidOperation, DivisionByZero, Overflow])


class Fine(Reals):
    """Decimals; where each number is drawn as the other ring draws it. `reach` is the largest power of ten met, up or down: what
    hides behind a 1 beside exp(-500) is that many digits further on."""

    zero, one = Decimal(0), Decimal(1)        # type: ignore[assignment]
    small, tiny, terms = 1e-60, 1e-55, 60

    def __init__(self, drawn: Reals) -> None:
        super().__init__(drawn.random)
        self.drawn, self.work, self.reach = drawn, 0, 0

    def number(self, value: Fraction | int) -> Decimal:  # type: ignore[override]
        return self.met(Decimal(value) if isinstance(value, int) else Decimal(value.numerator) / Decimal(value.denominator))

    def met(self, x: Decimal) -> Decimal:
        """A number, its power of ten noted."""
        if x:
            self.reach = max(self.reach, abs(x.adjusted()))
        return x

    def draw(self, style: int) -> Decimal:  # type: ignore[override]
        return Decimal(repr(self.drawn.draw(style)))

    def positive(self) -> Decimal:  # type: ignore[override]
        return Decimal(repr(self.drawn.positive()))

    def dot(self, a: Flat, b: Flat, m: int, k: int, n: int) -> Flat:
        self.work += m * k * n
        if self.work > WORK:
            raise TooMuch
        return super().dot(a, b, m, k, n)

    def function(self, f: Function, a: Flat) -> Flat:
        self.rounded(f, a)
        try:
            if isinstance(f, Fraction):
                return [self.met(power(x, f)) for x in a]
            if f not in FUNCTIONS:
                raise Opaque(f)
            if f == "erf":
                self.reach = max([self.reach, *(int(x * x / 2) for x in a)])
            return [self.met(FUNCTIONS[f](x)) for x in a]
        except ZeroDivisionError:
            raise Singular("division by zero") from None
        except Overflow:
            raise Singular("overflow") from None


def power(x: Decimal, k: Fraction) -> Decimal:
    """x^k."""
    if k.denominator == 1:
        if k < 0:
            return 1 / x ** -int(k)
        return x ** int(k) if k else Decimal(1)
    if x < 0:
        raise Outside(f"{x:.4g} to the power {k}")
    if not x:
        if k < 0:
            raise Singular("division by zero")
        return x
    if k.denominator == 2:
        return power(x.sqrt(), Fraction(k.numerator))
    return x ** (Decimal(k.numerator) / Decimal(k.denominator))


def log(x: Decimal) -> Decimal:
    """The natural logarithm."""
    if x <= 0:
        raise Outside(f"log of {x:.4g}")
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


@cache
def _pi(digits: int) -> Decimal:
    """By the arithmetic and geometric mean: the digits double at each step."""
    with localcontext(context(digits + 10)):
        a, b, t, p = Decimal(1), 1 / Decimal(2).sqrt(), Decimal("0.25"), 1
        while a - b > Decimal(10) ** -(digits + 5):
            a, b, t, p = (a + b) / 2, (a * b).sqrt(), t - p * ((a - b) / 2) ** 2, 2 * p
        return (a + b) ** 2 / (4 * t)


def pi() -> Decimal:
    """To ten digits more than are carried."""
    return _pi(getcontext().prec)


def cos(x: Decimal) -> Decimal:
    """Taylor's series within half a turn."""
    x = x % (2 * pi())
    square = -x * x
    return series(Decimal(1), lambda term, k: term * square / ((2 * k - 1) * 2 * k))


def sin(x: Decimal) -> Decimal:
    """Taylor's series within half a turn."""
    x = x % (2 * pi())
    square = -x * x
    return series(x, lambda term, k: term * square / (2 * k * (2 * k + 1))) if x else x


def arctan(x: Decimal) -> Decimal:
    """The series for a quarter of the angle, halved again."""
    if not x:
        return x
    for _ in range(3):
        x = x / (1 + (1 + x * x).sqrt())
    total, term, k, square = x, x, 1, -x * x
    while True:
        term *= square
        k += 2
        if total + term / k == total:
            return 8 * total
        total += term / k


def arcsin(x: Decimal) -> Decimal:
    """By the arctangent."""
    if abs(x) > 1:
        raise Outside(f"arcsin of {x:.4g}")
    return pi().copy_sign(x) / 2 if abs(x) == 1 else arctan(x / (1 - x * x).sqrt())


def erf(x: Decimal) -> Decimal:
    """A series of positive terms, so that nothing cancels."""
    if not x:
        return x
    square = x * x
    if square > 2.4 * getcontext().prec + 50:
        return Decimal(1).copy_sign(x)
    return 2 / pi().sqrt() * (-square).exp() * series(x, lambda term, k: term * 2 * square / (2 * k + 1))


FUNCTIONS: dict[str, Callable[[Decimal], Decimal]] = {
    "exp": lambda x: x.exp(), "log": log, "sin": sin, "cos": cos, "arctan": arctan, "arcsin": arcsin, "erf": erf,
    "sign": lambda x: Decimal(1).copy_sign(x) if x else x, "pi": lambda x: +pi(),
}
