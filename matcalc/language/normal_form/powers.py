"""Powers: of numbers, of powers, of products; the inverse of a matrix; the transpose."""

from __future__ import annotations

from functools import lru_cache
from fractions import Fraction

from ..constants import eye
from ..inspection import MINUS, UNIT, ZERO, coefficient, is_integral, root_and_exponent, scalar_part
from ..recognition import is_identity
from ..operations import ENTRY_ROOTS, MATRIX_ROOTS, OWN_TRANSPOSE, TRANSPOSED_BY_SIZE, COMMUTES_WITH_TRANSPOSE
from ..nodes import Apply, Expr, Number, is_negative
from ..shape import SCALAR, ShapeError, show_shape, ONE
from ..signatures import operation_shape
from . import Laws, MADE
from ..inspection import node_count, scalar_key, term_key, has_transpose, written


class Transposes(Laws):
    """The laws of '."""

    def __init__(self) -> None:
        super().__init__()
        self._turned = lru_cache(MADE)(self._transposed)

    def T(self, e: Expr) -> Expr:
        """The transpose, pushed through products."""
        shape = e.shape
        if shape[0] is ONE and shape[1] is ONE:
            return e
        if type(e) is Apply:
            return e.args[0] if e.head == "'" else self._turned(e)
        return Apply("'", (e,), (shape[1], shape[0]))

    def _transposed(self, e: Apply) -> Expr:
        head, shape = e.head, e.shape
        if head == "*":
            split = [a.shape == SCALAR for a in e.args].index(False)
            return self.mul(*e.args[:split], *map(self.T, reversed(e.args[split:])))
        if head in OWN_TRANSPOSE or (head == "^" or head in COMMUTES_WITH_TRANSPOSE) and self.T(e.args[0]) is e.args[0]:
            return e
        if head in COMMUTES_WITH_TRANSPOSE and type(e.args[0]) is Apply and e.args[0].head == "'":        # exp(x')' is exp(x)
            return Apply(head, (e.args[0].args[0],), (shape[1], shape[0]))
        if head in TRANSPOSED_BY_SIZE:
            return Apply(head, (e.args[1], e.args[0]), (shape[1], shape[0]))
        if head == "+" and shape[0] is shape[1] and all(self.T(t) is t for t in e.args):
            return e
        if head == "+" and any(map(has_transpose, e.args)):
            transposed = [self.T(t) for t in e.args]
            transposed.sort(key=term_key)
            if written(transposed) <= written(e.args):
                return Apply("+", tuple(transposed), (shape[1], shape[0]))
        if head == ".*" and any(map(has_transpose, e.args)):
            factors = sorted((self.T(f) for f in e.args), key=scalar_key)
            if sum(map(node_count, factors)) <= sum(map(node_count, e.args)):
                return Apply(".*", tuple(factors), (shape[1], shape[0]))
        return Apply("'", (e,), (shape[1], shape[0]))


class Powers(Laws):
    """The laws of ^ and inv."""

    def power(self, base: Expr, exponent: Expr) -> Expr:
        """A scalar to a scalar power, or a square matrix to an integer."""
        if base.shape != SCALAR:
            if not is_integral(exponent):
                raise ShapeError(f"{base}^{exponent}: a matrix power needs an integer exponent")
            if base.shape[0] is not base.shape[1]:
                raise ShapeError(f"{base}^{exponent}: {base} is {show_shape(base.shape)}, not square",
                                 hint="write .^ for the entry-wise power")
            return self.matrix_power(base, int(exponent.value)) if type(exponent) is Number else self._power_of_size(base, exponent)
        if exponent is UNIT:
            return base
        if exponent is ZERO or base is UNIT:
            return UNIT
        if type(exponent) is Number:
            k = exponent.value
            if type(base) is Number:
                if isinstance(k, int) and (base.value or k > 0):
                    return Number(Fraction(base.value) ** k)
            elif type(base) is Apply:
                if base.head == "^" and isinstance(k, int):
                    return self.power(base.args[0], self.mul(base.args[1], exponent))
                if base.head == "*" and base.args[0].shape == SCALAR and isinstance(k, int):
                    return self.mul(*(self.power(f, exponent) for f in base.args))
                if base.head in ENTRY_ROOTS and isinstance(k, int) and k % 2 == 0:
                    return self.power(base.args[0], Number(k // 2))
        return Apply("^", (base, exponent), SCALAR)

    def matrix_power(self, base: Expr, k: int) -> Expr:
        """An integer power of a square matrix."""
        if k == 1:
            return base
        if k == 0:
            return eye(base.shape[0])
        if k == -1:
            return self.inverse(base)
        if is_identity(base):
            return base
        inner, p = root_and_exponent(base)
        if type(p) is Number and p is not UNIT:
            return self.matrix_power(inner, int(p.value) * k)
        if type(base) is Apply and base.head in MATRIX_ROOTS and k % 2 == 0:
            return self.matrix_power(base.args[0], k // 2)
        number, rest = coefficient(base)
        if number == 1 and type(base) is Apply and base.head == "+" and is_negative(base.args[0]):
            number, rest = -1, self.neg(base)
        if number != 1:
            return self.mul(Number(Fraction(number) ** k), self.matrix_power(rest, k))
        return Apply("^", (base, Number(k)), base.shape)

    def _power_of_size(self, base: Expr, exponent: Expr) -> Expr:
        """A square matrix to a power that depends on sizes."""
        inner, p = root_and_exponent(base)
        if p is not UNIT and p is not MINUS or is_identity(base):
            return base if inner is base else self.power(inner, self.mul(p, exponent))
        scalars, rest = scalar_part(base)
        if not scalars:
            return Apply("^", (base, exponent), base.shape)
        return self.mul(*(self.power(c, exponent) for c in scalars), self.power(rest, exponent))

    def inverse(self, e: Expr) -> Expr:
        """The inverse: of an inverse, a power or a transpose at once, of a scalar its reciprocal."""
        if e.shape == SCALAR:
            return self.power(e, MINUS)
        shape = operation_shape("inv", (e,))
        if is_identity(e):
            return e
        base, k = root_and_exponent(e)
        if base is not e and type(k) is Number and isinstance(k.value, int):
            return self.matrix_power(base, -k.value)
        if type(e) is Apply and e.head == "'":
            return self.T(self.inverse(e.args[0]))
        return Apply("inv", (e,), shape)
