"""Claims that a matrix is positive definite or semidefinite, or that a number is positive: what its form and the declarations say."""

from __future__ import annotations

from collections.abc import Collection

from ...language.arithmetic import neg
from ...language.expr import SCALAR, Expr
from ...language.properties import Properties
from ...language.signs import Sign
from ...reading.problems.problem import Problem
from .marks import Mark, Reason
from .records import Row

SEMIDEFINITE = {r"\succeq": True, r"\succ": False}       # whether the sign says no more
ABOVE = {r"\ge": True, r"\geqslant": True, ">": False}
BELOW = {r"\le": True, r"\leqslant": True, "<": False}
AGAINST_ZERO = SEMIDEFINITE | ABOVE | BELOW


def definiteness(row: Row, of: Problem | None, positive: Collection[str]) -> Mark:
    """The mark of `H \\succeq 0`: it follows where that is seen, the sheet calling these names positive, or follows if numbers are; it is
    never refuted."""
    if row.role not in SEMIDEFINITE:
        return sign(row, of, positive)
    if of is not None:
        e, semi = of.sides[0], SEMIDEFINITE[row.role]
        scalars = sorted((n for n in e.names if n.shape == SCALAR and "positive" not in n.words), key=str)
        said = [n for n in scalars if n.name in positive]
        for some in (said, scalars):
            if Properties(dict(of.definitions), dict.fromkeys(some, Sign.POSITIVE)).definite(e, semi):
                why = Reason("structure", tuple(f"{n} is positive" for n in some if n not in said)) if some != said else None
                return Mark(row.number, row.shown, "follows if" if why else "follows", reason=why, rule="by its form")
    return Mark(row.number, row.shown, "not judged", reason=Reason("definite"))


def sign(row: Row, of: Problem | None, positive: Collection[str]) -> Mark:
    """The mark of `.. = -x'*x < 0`, where the sign of a number is seen; what is nowhere below zero is above it where it is not zero."""
    e = of.sides[0] if of is not None else None
    if of is None or e is None or e.shape != SCALAR:
        return Mark(row.number, row.shown, "not judged", reason=Reason("definite"))
    known: dict[Expr, Sign] = {n: Sign.POSITIVE for n in e.names if n.name in positive and n.shape == SCALAR}
    signs = Properties(dict(of.definitions), known)
    one, other = map(signs.sign, (e, neg(e)) if row.role in ABOVE else (neg(e), e))
    strictly = not AGAINST_ZERO[row.role]
    if one is Sign.POSITIVE or one is Sign.NONNEGATIVE and not strictly:
        return Mark(row.number, row.shown, "follows", rule="by its form")
    if other is Sign.POSITIVE or other is Sign.NONNEGATIVE and strictly:
        return Mark(row.number, row.shown, "does not follow")
    if one is Sign.NONNEGATIVE:
        return Mark(row.number, row.shown, "follows if", reason=Reason("nonzero", (str(e),)))
    return Mark(row.number, row.shown, "not judged", reason=Reason("definite"))
