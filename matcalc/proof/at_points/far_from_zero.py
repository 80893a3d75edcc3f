"""Floats far from zero, for what holds only near it: abs(x - 10) == 10 - x.

Rounding grows with the numbers, so a point counts only where every number met is of moderate size, no function is taken
near its singularity, and the sides differ by far more than rounding.
"""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from .jets import Flat, Function, Jet, Singular, breaks_at_zero
from .reals import Reals

SCALES = (8.0, 30.0, 300.0, 330.0)
FURTHER = (1100.0, 4000.0, 40000.0, 0.01)       # where nothing was found
MIXED, NEAR = (3.0, 8.0, 5.0), 0.3      # one name in three, beside others near zero: exp(cosh(c)*x)
USUAL, ALL, LAST = 16, 24, 42
HUGE, TINY, CLEAR = 1e6, 1e-5, 1e-3


class FarReals(Reals):
    """Real numbers up to a few hundred in size; `number` counts the points."""

    def __init__(self, random: Random, number: int) -> None:
        super().__init__(random)
        self.turn = number if number >= ALL else None
        self.scale_now = FURTHER[(number - USUAL) // 2] if USUAL <= number < ALL else SCALES[number // 2 % len(SCALES)]

    def begin(self) -> None:
        if self.turn is not None:
            self.turn += 1
            self.scale_now = NEAR if self.turn % 3 else MIXED[self.turn // 3 % len(MIXED)]

    def bilinear(self, a: Jet, b: Jet, op: Callable[[Flat, Flat], Flat], m: int, n: int) -> Jet:
        out = super().bilinear(a, b, op, m, n)
        for part in out.parts.values():
            moderate(part)
        return out

    def inverse(self, a: Flat, n: int) -> tuple[Flat, float]:
        out, det = super().inverse(a, n)
        moderate([1e3 * x for x in out])
        return out, det

    def function(self, f: Function, a: Flat) -> Flat:
        if breaks_at_zero(f):
            apart(a)
        elif f == "arcsin":
            apart([1 - abs(x) for x in a])
        out = super().function(f, a)
        moderate(out)
        if f == "exp":
            apart(out)
        return out

    def draw(self, style: int) -> float:
        r = self.random
        return r.choice((-1, 1)) * self.scale_now * r.randrange(80 if self.scale_now > 300 else 25, 100) / 100

    def positive(self) -> float:
        return self.scale_now * self.random.randrange(10, 100) / 100


def moderate(a: Flat) -> None:
    """No number so large that its rounding could matter."""
    if any(not abs(x) < HUGE for x in a):
        raise Singular("a number too large")


def apart(a: Flat) -> None:
    """No number near zero that rounding could have made: zero itself too."""
    if any(abs(x) < TINY for x in a):
        raise Singular("a number too near to zero")


def clearly(a: Flat, b: Flat) -> bool:
    """Whether two lists differ by far more than rounding."""
    size = max(map(abs, a + b), default=0.0)
    return any(abs(x - y) > CLEAR * (1 + size) for x, y in zip(a, b, strict=True))
