"""What a number type must provide for the judge at points; field.py has integers modulo M, reals.py floats, decimals.py many digits."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from random import Random

from ...language.deadline import NEVER, Deadline
from .jets import Flat, Function, Jet, Unsupported, Scalar


class Numbers:
    """What a kind of number must provide; matrices are lists of them, row by row."""

    exact = False
    cancelled = doubtful = False        # whether something cancelled, and whether a root, a sign or a quotient was made of that
    solved_once = False                 # whether points that were solved for are kept
    bent = False                        # whether something moved through a kink, where a derivative is what one says it is
    deadline: Deadline = NEVER
    random: Random
    zero: Scalar = 0
    one: Scalar = 1

    number: Callable[[Fraction | int], Scalar]           # a rational
    plus: Callable[[Flat, Flat], Flat]                   # entry by entry
    times: Callable[[Flat, Flat], Flat]                  # entry by entry
    scale: Callable[[Scalar, Flat], Flat]                # a number times all entries
    dot: Callable[[Flat, Flat, int, int, int], Flat]     # m x k times k x n
    function: Callable[[Function, Flat], Flat]           # a function of every entry; a Fraction is the power
    inverse: Callable[[Flat, int], tuple[Flat, Scalar]]  # the inverse of an n x n matrix and its determinant, or Singular
    total: Callable[[Flat], Scalar]                      # the sum of the entries

    def expm(self, u: Jet) -> Jet:
        """The matrix exponential."""
        raise Unsupported("expm")

    def sqrtm(self, u: Jet) -> Jet:
        """The square root of a positive definite matrix."""
        raise Unsupported("a square root of a matrix")

    def eigenpairs(self, a: Flat, n: int, largest: bool) -> tuple[Flat, Flat]:
        """The eigenvalues of a symmetric matrix in ascending order, and its unit vectors, in columns; the largest alone."""
        raise Unsupported("an eigenvalue")

    def begin(self) -> None:
        """Called before the values of a name are drawn."""

    draw: Callable[[int], Scalar]                        # a random number

    def draws(self, style: int, count: int) -> Flat:
        """So many random numbers."""
        return [self.draw(style) for _ in range(count)]

    positive: Callable[[], Scalar]                       # a random positive number

    def sign(self, x: Scalar) -> Scalar:
        """1 or -1, as x is a square or not."""
        raise Unsupported("sign")

    def hint(self, x: Scalar, a: Scalar, k: int, y: Scalar) -> None:
        """Note that log(x) = a + k*log(y), for numbers that have no logarithm."""

    def tie(self, u: Scalar) -> None:
        """The logarithms of sigmoid(u), sigmoid(-u) and 1 + exp(-u) come from that of 1 + exp(u)."""
