"""The normal form of sums, products, powers and transposes: what the constructors settle at once, law by law.

They need each other: a product collects powers, a power of a product is a product, a transpose turns both.
"""

from __future__ import annotations

from collections.abc import Callable

from ..nodes import Expr

MADE = 1024     # of what was made lately: every second sum, product and transpose has just been made


class Laws:
    """What each of them builds; how is settled where its laws stand."""

    add: Callable[..., Expr]             # the sum; shapes must agree
    neg: Callable[[Expr], Expr]          # -e; a sum is negated term by term
    mul: Callable[..., Expr]             # the product: scalars to the front, then the chain of matrices, whose sizes must conform
    power: Callable[[Expr, Expr], Expr]  # a scalar to a scalar power, or a square matrix to an integer
    inverse: Callable[[Expr], Expr]      # the inverse of a square matrix, the reciprocal of a scalar
    T: Callable[[Expr], Expr]            # the transpose, pushed through products
