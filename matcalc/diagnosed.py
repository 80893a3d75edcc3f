"""What is wrong with a claim or an equation that does not hold, where somebody can tell."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from .deriving.derivation import Derivation
from .language.deadline import Expired
from .language.expr import Expr
from .reading.parse import Problem
from .language.shape import InputError
from .render.diagnosis import NOTHING, Diagnosis
from .render.slips import ANSWER, LEFT, MISFIT, told
from . import judges


def diagnosis(p: Problem, d: Derivation, claimed: Expr) -> Diagnosis:
    """What a wrong claim is, where it is a known slip of the right answer."""
    if p.tangent is not None or p.hvp is not None:
        return NOTHING
    from .diagnose.diagnosis import diagnosis as diagnose
    return _diagnosed(lambda: told(diagnose(p, d.where, d.result, claimed, d.layout)), NOTHING)


def misshapen(p: Problem, d: Derivation) -> Diagnosis:
    """What is wrong with a claim whose shapes do not fit."""
    from .diagnose.misshapen import misshapen as find
    claimed = str(p.text.get("claim") or p.text.get("expect") or "")
    return _diagnosed(lambda: told((find(p, d.result, list(d.where), claimed),)), MISFIT)


def unfit(p: Problem) -> Diagnosis:
    """What is wrong with an equation whose shapes do not fit."""
    from .diagnose.misshapen import unequal
    if p.unequal is not None:
        return slip(p, p.unequal, MISFIT)
    return _diagnosed(lambda: told((unequal(p, str(p.text.get("prove") or "")),)), MISFIT)


def slip(p: Problem, sides: tuple[Expr, Expr] | None = None, otherwise: Diagnosis = NOTHING,
         apart: dict[str, Any] | None = None) -> Diagnosis:
    """What is wrong with a false equation, where it is a known slip."""
    from .diagnose.equations import of_derivative
    from .diagnose.equations import slip as find
    if apart is not None and "difference" in apart:
        return otherwise            # told apart to many digits only: no slip shows there
    sides = sides or p.prove
    assert sides is not None
    left, right = sides
    if left is right:       # alike where both exist; what is missing shows in what was typed
        from .diagnose.assumed import missing_assumption
        return _diagnosed(lambda: told(missing_assumption(p.as_typed()), LEFT) or otherwise, otherwise)
    return _diagnosed(lambda: told(find(p, left, right), ANSWER if of_derivative(left) else LEFT) or otherwise, otherwise)


def _diagnosed(find: Callable[[], Diagnosis], otherwise: Diagnosis) -> Diagnosis:
    """A diagnosis; one that fails must not lose the verdict it explains."""
    try:
        return find()
    except (RecursionError, InputError, Expired):
        return otherwise
    except Exception:
        if judges.RERAISE:
            raise
        return otherwise
