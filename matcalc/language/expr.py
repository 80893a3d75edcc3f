"""Expressions: the nodes and their constructors, in one place to import from."""

from .arithmetic import T, add, exchanged, mul, neg, power
from .constants import comm, eye, num, ones, size, zeros
from .build import build
from .entrywise import div, hadamard_power, hadamard, sub
from .functions import LINEAR_HEADS, apply, tr
from .nodes import Apply, Expr, Name, Number, is_negative
from .numbers import Rational
from .shape import ONE, SCALAR, Dim, InputError, Shape, ShapeError, at_most, show_shape
from .inspection import MINUS, UNIT, ZERO, as_dim, coefficient, is_selection, is_unit, is_zero, node_count
from .recognition import (as_derivative, differentiated, differentiates, differentials, is_constant, is_identity, is_inverse, on_diagonal,
                          step_of)
from .signatures import derivative_shape, is_transposed


def vec(e: Expr) -> Expr:
    """Columns stacked."""
    return apply("vec", e)


def unvec(e: Expr, m: Dim, n: Dim) -> Expr:
    """The m x n matrix whose vec is e."""
    return apply("unvec", e, size(m), size(n))


__all__ = ["Apply", "Dim", "Expr", "InputError", "LINEAR_HEADS", "MINUS", "Name", "Number", "ONE", "Rational", "SCALAR", "Shape",
           "ShapeError", "T", "UNIT", "ZERO", "add", "apply", "as_derivative", "as_dim", "at_most", "build", "coefficient", "comm",
           "derivative_shape", "differentials", "differentiated", "differentiates", "div", "exchanged", "eye", "hadamard", "hadamard_power",
           "is_constant", "is_identity", "is_inverse", "is_negative", "is_selection", "is_transposed", "is_unit", "is_zero", "mul", "neg",
           "node_count", "num", "on_diagonal", "ones", "power", "show_shape", "size", "step_of", "sub", "tr", "unvec", "vec", "zeros"]
