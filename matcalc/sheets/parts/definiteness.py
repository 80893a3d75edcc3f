"""Claims that a matrix is positive definite or semidefinite: what its form and the declarations say."""

from __future__ import annotations

from collections.abc import Collection

from ...language.expr import SCALAR
from ...language.properties import Properties
from ...language.signs import Sign
from ...reading.problems.problem import Problem
from .marks import Mark, Reason
from .records import Row

SEMIDEFINITE = {r"\succeq": True, r"\succ": False}       # whether the sign says no more


def definiteness(row: Row, of: Problem | None, positive: Collection[str]) -> Mark:
    """The mark of `H \\succeq 0`: it follows where that is seen, the sheet calling these names positive, or follows if numbers are; it is
    never refuted."""
    if of is not None:
        e, semi = of.sides[0], SEMIDEFINITE[row.role]
        scalars = sorted((n for n in e.names if n.shape == SCALAR and "positive" not in n.words), key=str)
        said = [n for n in scalars if n.name in positive]
        for some in (said, scalars):
            if Properties(dict(of.definitions), dict.fromkeys(some, Sign.POSITIVE)).definite(e, semi):
                why = Reason("structure", tuple(f"{n} is positive" for n in some if n not in said)) if some != said else None
                return Mark(row.number, row.shown, "follows if" if why else "follows", reason=why, rule="by its form")
    return Mark(row.number, row.shown, "not judged", reason=Reason("definite"))
