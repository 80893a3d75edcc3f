"""Expressions: the nodes and their constructors, in one place to import from."""

from .arithmetic import T, add, exchanged, matrix_power, mul, neg, power
from .constants import comm, eye, num, ones, select, size, zeros
from .build import build
from .entrywise import div, hadamard_power, hadamard, hadamard_quotient, sub
from .functions import LINEAR_HEADS, apply, tr
from .nodes import Apply, Expr, Name, Number, is_negative
from .numbers import Rational
from .shape import ONE, SCALAR, Dim, InputError, Shape, ShapeError, at_most, show_shape
from .inspection import MINUS, UNIT, ZERO, as_dim, coefficient, is_selection, is_unit, is_zero, node_count, scalar_part
from .recognition import (as_derivative, differentiated, differentiates, differentials, is_constant, is_identity, is_inverse, on_diagonal,
                          selection, step_of)
from .signatures import call, derivative_shape, is_transposed


def vec(e: Expr) -> Expr:
    """Columns stacked."""
    return apply("vec", e)


def unvec(e: Expr, m: Dim, n: Dim) -> Expr:
    """The m x n matrix whose vec is e."""
    return apply("unvec", e, size(m), size(n))


def kron(a: Expr, b: Expr) -> Expr:
    """The Kronecker product.

    >>> from matcalc.reading.parse import parse
    >>> kron(parse('A', ['A in R^(m,n)']), parse('B', ['B in R^(p,q)'])).shape
    (Dim(m*p), Dim(n*q))
    """
    return apply("kron", a, b)


name = Name

__all__ = ["Apply", "Dim", "Expr", "InputError", "LINEAR_HEADS", "MINUS", "Name", "Number", "ONE", "Rational", "SCALAR", "Shape",
           "ShapeError", "T", "UNIT", "ZERO", "add", "apply", "as_derivative", "as_dim", "at_most", "build", "call", "coefficient", "comm",
           "derivative_shape", "differentials", "differentiated", "differentiates", "div", "exchanged", "eye", "hadamard", "hadamard_power",
           "hadamard_quotient", "is_constant", "is_identity", "is_inverse", "is_negative", "is_selection", "is_transposed", "is_unit",
           "is_zero", "kron", "matrix_power", "mul", "name", "neg", "node_count", "num", "on_diagonal", "ones", "power", "scalar_part",
           "select", "selection", "show_shape", "size", "step_of", "sub", "tr", "unvec", "vec", "zeros"]
