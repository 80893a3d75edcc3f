"""Equations between values of a one-to-one function, solved: a = b where a^3 = b^3 or exp(a) = exp(b) is assumed."""

from __future__ import annotations

from fractions import Fraction
from functools import cache

from ..language.expr import SCALAR, Apply, Expr, Number
from ..language.operations import DOMAIN, SMOOTH
from ..language.properties import Properties
from ..reading.problems.problem import Problem
from ..rulebook.differentials import ENTRYWISE, prime


def solved(p: Problem) -> Problem:
    """The problem with its assumptions solved for what they say of the arguments.

    >>> from matcalc.reading.parse import problem
    >>> solved(problem(["a in R"], assume=["a^3 = -8"], prove="a == -2")).assumptions
    [(<a>, <-2>)]
    """
    return p.replace(assumptions=[_inside(*pair) for pair in p.assumptions]) if p.assumptions else p


def _inside(a: Expr, b: Expr) -> tuple[Expr, Expr]:
    if type(a) is Apply and type(b) is Apply and a.head == b.head and a.args[1:] == b.args[1:] and (_odd_power(a) or increasing(a.head)):
        return _inside(a.args[0], b.args[0])
    for x, k in ((a, b), (b, a)):
        if type(x) is Apply and _odd_power(x) and type(k) is Number and (root := _root(k, x.args[1])) is not None:
            return _inside(x.args[0], root)
    return a, b


def _odd_power(e: Apply) -> bool:
    """Whether this is an odd power of a number, or of every entry."""
    k = e.args[-1]
    return (e.head == ".^" or e.head == "^" and e.shape == SCALAR) and type(k) is Number and k.value > 0 and k.value % 2 == 1


def _root(k: Number, n: Expr) -> Number | None:
    """The root of a fraction, where that is one."""
    assert type(n) is Number
    value, power = Fraction(k.value), int(n.value)
    top, under = (round(abs(part) ** (1 / power)) for part in (value.numerator, value.denominator))
    found = Number(Fraction(top if value > 0 else -top, under))
    return found if Fraction(found.value) ** power == value else None


@cache
def increasing(head: str) -> bool:
    """Whether an entry-wise function has a positive derivative everywhere."""
    return head in ENTRYWISE and not DOMAIN[head] and not SMOOTH[head] and Properties({}).positive(prime(head))
