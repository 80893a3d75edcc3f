"""Nodes recognised by their heads: an identity, a diagonal matrix, a differential, a derivative, a step."""

from __future__ import annotations

from .inspection import UNIT, as_dim, heads_in, is_unit
from .nodes import Apply, Expr, Number
from .numbers import Rational
from .operations import DERIVED
from .shape import SCALAR, Dim
from .traversal import subexpressions


def is_identity(e: Expr) -> bool:
    """Whether this is the number 1 or eye(..)."""
    return e is UNIT or (type(e) is Apply and e.head == "eye")


def is_inverse(e: Expr) -> bool:
    """Whether this is inv(..)."""
    return type(e) is Apply and e.head == "inv"


def under_bar(e: Expr) -> tuple[Expr, Rational] | None:
    """The b and the k of b^-k, of a scalar."""
    if type(e) is not Apply or e.head != "^" or e.shape != SCALAR:
        return None
    base, k = e.args
    return (base, -k.value) if type(k) is Number and k.value < 0 else None


def is_constant(e: Expr) -> bool:
    """Whether this is eye(..) or ones(..)."""
    return e is not UNIT and (is_identity(e) or is_unit(e))


def on_diagonal(e: Expr) -> Expr | None:
    """The x of diag(x)."""
    return e.args[0] if type(e) is Apply and e.head == "diag" else None


def kron_factors(e: Expr) -> tuple[Expr, ...]:
    """The A and B of kron(A, B); nothing of what is none."""
    return e.args if type(e) is Apply and e.head == "kron" else ()


def norm_of(e: Expr) -> Expr | None:
    """The x of norm2(x)."""
    return e.args[0] if type(e) is Apply and e.head == "norm2" else None


def selection(e: Expr) -> tuple[Dim, Dim] | None:
    """The first of the columns of an identity that e is, and how many they are."""
    return (as_dim(e.args[0]), e.shape[1]) if type(e) is Apply and e.head == "select" else None


def differentiated(e: Expr) -> Expr | None:
    """The f of d(f)."""
    return e.args[0] if type(e) is Apply and e.head == "d" else None


def as_derivative(e: Expr) -> tuple[Expr, Expr] | None:
    """The f and the x of d(f)/d(x)."""
    return (e.args[0], e.args[1]) if type(e) is Apply and e.head == "derivative" else None


def differentials(e: Expr) -> set[Expr]:
    """Every f of which there is a d(f) in it."""
    return {f for part in subexpressions([e]) if (f := differentiated(part)) is not None} if e.has_d else set()


def differentiates(e: Expr) -> bool:
    """Whether there is a d(f) or a d(f)/d(x) in it."""
    return not heads_in(e).isdisjoint(DERIVED)


def step_of(e: Expr) -> Expr | None:
    """The t of 1[t > 0], which is relu(sign(t))."""
    inner = e.args[0] if type(e) is Apply and e.head == "relu" else None
    return inner.args[0] if type(inner) is Apply and inner.head == "sign" else None
