"""Norms that may be 0: a term such as x*x'/norm2(x), which tends to 0 with x, is given the value 0 there; so is x/norm2(x) in the
derivative of what exists at 0, as sign(0) is in that of abs(t)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from fractions import Fraction
from math import inf

from ..language.existence import ASKING
from ..language.build import with_args
from ..language.expr import SCALAR, Apply, Expr, Number, T, is_zero, neg, num
from ..language.operations import CONSTANTS, FACTORED, LINEAR, POWERS, PRODUCTS, ROOTS, VANISHING
from ..language.recognition import norm_of
from ..language.traversal import subexpressions

TALLEST = 150
SAFE = "over_norm"
TWO = num(2)


def guarded_norms(e: Expr, below: Collection[Expr] | None = None) -> Expr:
    """The expression in which such terms divide by nothing at 0: a derivative, with the arguments of the norms below the line in f."""
    if e.height > TALLEST or not any(norm_below(p) is not None for p in subexpressions([e])):
        return e
    memo: dict[Expr, Expr] = {}
    return _walk(e, memo, below)


def _walk(e: Expr, memo: dict[Expr, Expr], below: Collection[Expr] | None) -> Expr:
    if type(e) is not Apply or e.head in CONSTANTS or e.head in ASKING:     # inside of these f itself is not smooth at 0
        return e
    found = memo.get(e)
    if found is None:
        args = e.args
        if e.head in FACTORED:
            args = tuple(_safe(a) if (x := norm_below(a)) is not None and vanishes(e, x, below) else a for a in args)
        args = tuple(a if norm_below(a) is not None else _walk(a, memo, below) for a in args)
        found = memo[e] = remade(e, args)
    return found


def vanishes(e: Expr, x: Expr, below: Collection[Expr] | None) -> bool:
    """Whether a term is to be 0 where the argument of its norm is."""
    k = order(e, x)
    return k > 0 or k == 0 and below is not None and x not in below


def below_the_line(parts: Iterable[Expr]) -> set[Expr]:
    """The arguments of the norms that something is divided by."""
    return {x for e in subexpressions(parts) if (x := norm_below(e)) is not None}


def norm_below(e: Expr) -> Expr | None:
    """The argument of the norm in 1/norm2(..)^k.

    >>> from matcalc.reading.parse import parse
    >>> norm_below(parse('1/norm2(x)^3', ['x in R^n']))
    <x>
    """
    if type(e) is Apply and e.head == "^" and e.shape == SCALAR:
        base, k = e.args
        return length_of(base) if type(k) is Number and k.value < 0 else None
    return None


def length_of(e: Expr) -> Expr | None:
    """The x of norm2(x), and of the root of a multiple of the sum of its squares.

    >>> from matcalc.reading.parse import parse
    >>> length_of(parse('sqrt(sum(x.^2)/n)', ['x in R^n'])), length_of(parse("sqrt(x'*x)", ['x in R^n']))
    (<x>, <x>)
    """
    if type(e) is not Apply or e.head not in ROOTS:
        return norm_of(e)
    inner = e.args[0]
    moving = [f for f in (inner.args if type(inner) is Apply and inner.head == "*" else (inner,)) if f.names]
    if len(moving) == 2 and moving[0] is T(moving[1]):
        return moving[1]
    squares = moving[0].args[0] if len(moving) == 1 and type(moving[0]) is Apply and moving[0].head == "sum" else None
    return squares.args[0] if type(squares) is Apply and squares.head == ".^" and squares.args[1] is TWO else None


def _safe(e: Expr) -> Expr:
    """1/norm2(..)^k, and 0 where the norm is 0."""
    return Apply(SAFE, e.args, SCALAR) if type(e) is Apply else e


def remade(e: Expr, args: Sequence[Expr]) -> Expr:
    """A node with other arguments, where such norms may stand."""
    return Apply(SAFE, tuple(args), SCALAR) if type(e) is Apply and e.head == SAFE else with_args(e, args)


def order(e: Expr, of: Expr | None) -> Fraction | float:
    """A lower bound on the order at which e tends to 0 with `of`: as its norm to this power."""
    if of is None or e is of or type(e) is Apply and e.head == "+" and e is neg(of):
        return Fraction(1)
    if is_zero(e):
        return inf
    if type(e) is not Apply:
        return Fraction(0)
    if e.head == "+":
        return min(order(a, of) for a in e.args)
    if e.head in PRODUCTS:
        own, k = of.args if type(of) is Apply and of.head == e.head else (), 0
        while own and k < len(e.args) and e.args[k:k + len(own)] != own:
            k += 1
        if own and k < len(e.args):         # A*x, in A'*A*x
            return 1 + sum((order(a, of) for a in (*e.args[:k], *e.args[k + len(own):])), Fraction(0))
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
