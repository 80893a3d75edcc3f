"""Norms that may be 0: a term such as x*x'/norm2(x), which tends to 0 with x, is given the value 0 there."""

from __future__ import annotations

from fractions import Fraction
from math import inf

from ..language.existence import ASKING
from ..language.expr import SCALAR, Apply, Expr, Number, build, is_zero
from ..language.operations import CONSTANTS, FACTORED, LINEAR, POWERS, PRODUCTS, ROOTS, VANISHING
from ..language.traversal import subexpressions

TALLEST = 150


def guarded_norms(e: Expr) -> Expr:
    """The expression in which such terms divide by nothing at 0."""
    if e.height > TALLEST or not any(norm_below(p) is not None for p in subexpressions([e])):
        return e
    memo: dict[Expr, Expr] = {}
    return _walk(e, memo)


def _walk(e: Expr, memo: dict[Expr, Expr]) -> Expr:
    if type(e) is not Apply or e.head in CONSTANTS or e.head in ASKING:     # inside of these f itself is not smooth at 0
        return e
    found = memo.get(e)
    if found is None:
        args = e.args
        if e.head in FACTORED:
            args = tuple(_safe(a) if norm_below(a) is not None and order(e, norm_below(a)) > 0 else a for a in args)
        args = tuple(a if norm_below(a) is not None else _walk(a, memo) for a in args)
        same = all(a is b for a, b in zip(args, e.args, strict=True))
        found = memo[e] = e if same else build(e.head, args)
    return found


def norm_below(e: Expr) -> Expr | None:
    """The argument of the norm in 1/norm2(..)^k.

    >>> from matcalc.reading.parse import parse
    >>> norm_below(parse('1/norm2(x)^3', ['x in R^n']))
    <x>
    """
    if type(e) is Apply and e.head == "^" and e.shape == SCALAR:
        base, k = e.args
        if type(base) is Apply and base.head == "norm2" and type(k) is Number and k.value < 0:
            return base.args[0]
    return None


def _safe(e: Expr) -> Expr:
    """1/norm2(..)^k, and 0 where the norm is 0."""
    return Apply("over_norm", e.args, SCALAR) if type(e) is Apply else e


def order(e: Expr, of: Expr | None) -> Fraction | float:
    """A lower bound on the order at which e tends to 0 with `of`: as its norm to this power."""
    if of is None or e is of:
        return Fraction(1)
    if is_zero(e):
        return inf
    if type(e) is not Apply:
        return Fraction(0)
    if e.head == "+":
        return min(order(a, of) for a in e.args)
    if e.head in PRODUCTS:
        return sum((order(a, of) for a in e.args), Fraction(0))
    if e.head in LINEAR:
        return order(e.args[0], of)
    if e.head in POWERS:
        base, k = e.args
        own = order(base, of)
        return own * Fraction(k.value) if type(k) is Number and own else Fraction(0)
    if e.head in ROOTS:
        return order(e.args[0], of) / 2
    if e.head in VANISHING:
        return max(order(e.args[0], of), Fraction(0))
    return Fraction(0)
