"""The largest rank that a matrix can have by its form: x*y' has at most 1, A*B at most that of either, a skew matrix an even one."""

from __future__ import annotations

from collections.abc import Mapping

from .nodes import Apply, Expr, Name, Number
from .operations import MATRIX_ROOTS
from .shape import SCALAR, Dim, at_most

SAME = MATRIX_ROOTS | {"'"}


def highest_rank(e: Expr, bodies: Mapping[Name, Expr]) -> Dim:
    """A bound on the rank of e: never more than the smaller of its sizes, where these can be compared.

    >>> from matcalc.reading.parse import parse
    >>> print(highest_rank(parse("x*y' + y*x'", ["x in R^n", "y in R^n"]), {}))
    2
    """
    rows, columns = e.shape
    bound = columns if at_most(columns, rows) else rows
    if type(e) is Name:
        found = bodies.get(e)
        if found is not None:
            return least(bound, highest_rank(found, bodies))
        return Dim.of(bound.number - 1) if "skew" in e.words and bound.number is not None and bound.number % 2 else bound
    if type(e) is not Apply or e.shape == SCALAR:
        return bound
    if e.head == "+":
        total = Dim.of(0)
        for a in e.args:
            total = total + highest_rank(a, bodies)
        return least(bound, total)
    if e.head == "*":
        for a in e.args:
            if a.shape != SCALAR:
                bound = least(bound, highest_rank(a, bodies))
        return bound
    power = e.head == "^" and type(e.args[1]) is Number and e.args[1].value > 0
    return least(bound, highest_rank(e.args[0], bodies)) if power or e.head in SAME else bound


def least(a: Dim, b: Dim) -> Dim:
    """The smaller of two bounds; where that depends on the sizes the one that is a number, or the first."""
    if at_most(b, a) or b.number is not None and not at_most(a, b):
        return b
    return a


def never_invertible(e: Expr, bodies: Mapping[Name, Expr]) -> bool:
    """Whether a square matrix has no inverse, unless its size is the least it may be: x*x' has one for n = 1 only."""
    size, rank = e.shape[0], highest_rank(e, bodies)
    return size is not rank and (rank.number is not None or at_most(size, rank) is False)
