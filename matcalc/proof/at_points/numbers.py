"""What a kind of number has to offer the judge at points; field.py has integers modulo M, reals.py floats, decimals.py many digits."""

from __future__ import annotations

from fractions import Fraction
from random import Random

from ...language.deadline import NEVER, Deadline
from .jets import Flat, Function, Jet, Opaque, Scalar


class Numbers:
    """The numbers: matrices are lists of them, row by row."""

    exact = False
    cancelled = doubtful = False        # whether something cancelled, and whether a root, a sign or a quotient was made of that
    bent = False                        # whether something moved through a kink, where a derivative is what one says it is
    deadline: Deadline = NEVER
    random: Random
    zero: Scalar = 0
    one: Scalar = 1

    def number(self, value: Fraction | int) -> Scalar:
        """A rational."""
        raise NotImplementedError

    def plus(self, a: Flat, b: Flat) -> Flat:
        """Entry by entry."""
        raise NotImplementedError

    def times(self, a: Flat, b: Flat) -> Flat:
        """Entry by entry."""
        raise NotImplementedError

    def scale(self, c: Scalar, a: Flat) -> Flat:
        """A number times all entries."""
        raise NotImplementedError

    def dot(self, a: Flat, b: Flat, m: int, k: int, n: int) -> Flat:
        """m x k times k x n."""
        raise NotImplementedError

    def function(self, f: Function, a: Flat) -> Flat:
        """A function of every entry; a Fraction is the power."""
        raise NotImplementedError

    def inverse(self, a: Flat, n: int) -> tuple[Flat, Scalar]:
        """The inverse of an n x n matrix and its determinant, or Singular."""
        raise NotImplementedError

    def total(self, a: Flat) -> Scalar:
        """The sum of the entries."""
        raise NotImplementedError

    def expm(self, u: Jet) -> Jet:
        """The matrix exponential."""
        raise Opaque("expm")

    def sqrtm(self, u: Jet) -> Jet:
        """The square root of a positive definite matrix."""
        raise Opaque("a square root of a matrix")

    def eigenpair(self, a: Flat, n: int) -> tuple[Scalar, Flat]:
        """The largest eigenvalue of a symmetric matrix, which is simple, and its unit vector."""
        raise Opaque("an eigenvalue")

    def begin(self) -> None:
        """A name is to be drawn."""

    def draw(self, style: int) -> Scalar:
        """A random number."""
        raise NotImplementedError

    def draws(self, style: int, count: int) -> Flat:
        """So many of them."""
        return [self.draw(style) for _ in range(count)]

    def positive(self) -> Scalar:
        """A random positive number."""
        raise NotImplementedError

    def sign(self, x: Scalar) -> Scalar:
        """1 or -1, as x is a square or not."""
        raise Opaque("sign")

    def hint(self, x: Scalar, a: Scalar, k: int, y: Scalar) -> None:
        """Note that log(x) = a + k*log(y), for numbers that have no logarithm."""

    def tie(self, u: Scalar) -> None:
        """The logarithms of sigmoid(u), sigmoid(-u) and 1 + exp(-u) come from that of 1 + exp(u)."""
