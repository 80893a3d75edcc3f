"""An expression in the language, its terms and factors in the order of the page and its signs where they were typed."""

from __future__ import annotations

from ..language.expr import ZERO, Apply, Expr, Number, T, add, is_negative, is_unit, neg
from ..language.inspection import transpose_count
from ..language.operations import CONSTANTS
from .naming import entries, opposite, terms


def ordered(e: Expr) -> Expr:
    """The same to be written out, made for its text alone: sums and products whose parts stand as on the page."""
    if not isinstance(e, Apply) or not e.args or e.head in CONSTANTS:
        return e
    if e.head == "*":
        return _product(e)
    if e.head == "'" and (row := row_of(e.args[0])) is not None:
        return Apply("softmax", (ordered(row),), e.shape)
    parts = entries(e) if e.head == ".*" else terms(e) if e.head in ("+", "tr") else e.args
    return Apply(e.head, tuple(map(ordered, parts)), e.shape)


def row_of(e: Expr) -> Expr | None:
    """The row of whose softmax this is the transpose: x*W of softmax(W'*x')."""
    inner = e.args[0] if isinstance(e, Apply) and e.head == "softmax" else e
    return T(inner) if inner is not e and transpose_count(T(inner)) < transpose_count(inner) else None


def compared(e: Expr) -> tuple[Expr, str, Expr]:
    """e > 0 as a book has it, what varies against a bound: y .* (X w) < 1 for 1 - y .* (X w) > 0."""
    each = terms(e) if isinstance(e, Apply) and e.head == "+" else (e,)
    bounds = [a for a in each if isinstance(a, Number) or is_unit(a.args[-1] if isinstance(a, Apply) and a.head == "*" else a)]
    left, bound = [a for a in each if a not in bounds], neg(add(*bounds)) if bounds else ZERO
    if not left or not bounds:
        return (neg(e), "<", ZERO) if is_negative(e) else (e, ">", ZERO)
    return (neg(add(*left)), "<", neg(bound)) if is_negative(left[0]) else (add(*left), ">", bound)


def _product(e: Apply) -> Expr:
    """The factors, one number in front; a sum of the other sign than typed is the typed one with a minus before all."""
    number, factors = Number(1).value, list[Expr]()
    for a in terms(e):
        typed = opposite(a)
        if isinstance(a, Number):
            number *= a.value
        else:
            number = number if typed is None else -number
            factors.append(ordered(a if typed is None else typed))
    if number != 1:
        factors.insert(0, Number(number))
    return factors[0] if len(factors) == 1 else Apply("*", tuple(factors), e.shape)
