"""The normal form of sums, products, powers and transposes: what the constructors settle at once, law by law.

They need each other: a product collects powers, a power of a product is a product, a transpose turns both.
"""

from __future__ import annotations

from ..nodes import Expr

MADE = 2048     # of what was made lately: every second sum, product and transpose has just been made


class Laws:
    """What each of them builds; how is settled where its laws stand."""

    def add(self, *terms: Expr) -> Expr:
        """The sum; shapes must agree."""
        raise NotImplementedError

    def neg(self, e: Expr) -> Expr:
        """-e; a sum is negated term by term."""
        raise NotImplementedError

    def mul(self, *factors: Expr) -> Expr:
        """The product: scalars to the front, then the chain of matrices, whose sizes must conform."""
        raise NotImplementedError

    def power(self, base: Expr, exponent: Expr) -> Expr:
        """A scalar to a scalar power, or a square matrix to an integer."""
        raise NotImplementedError

    def inverse(self, e: Expr) -> Expr:
        """The inverse of a square matrix, the reciprocal of a scalar."""
        raise NotImplementedError

    def T(self, e: Expr) -> Expr:
        """The transpose, pushed through products."""
        raise NotImplementedError
