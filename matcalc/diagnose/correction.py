"""A wrong line corrected: the smallest change that makes it right."""

from __future__ import annotations

from itertools import chain

from ..language.expr import Expr, T
from .edits import edits
from .screening import Screening
from .whole_answers import wholes
from ..reading.problems.problem import PremiseSet, Problem


def mended(problem: Problem, wanted: Expr, wrong: Expr) -> Expr | None:
    """The line that should have been written, close to the one that was; None where nothing small helps."""
    if wanted.shape != wrong.shape and T(wrong).shape != wanted.shape:
        return None
    look = Screening(PremiseSet.of(problem), [wanted], (wrong,))
    changed = chain((e for _, e in wholes(wrong, "", None, wanted.names)), (e.whole for e in edits(wrong))) if look.places else ()
    return next((e for e in changed if e is not wrong and look.holds(e, wanted)), None)
