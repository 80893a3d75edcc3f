"""A wrong line corrected: the smallest change that makes it right."""

from __future__ import annotations

from collections.abc import Iterator

from ..language.expr import MINUS, Dim, Expr, T, div, mul, num, size
from .edits import edits
from .screening import Screening
from ..reading.problems.problem import PremiseSet, Problem


def mended(problem: Problem, wanted: Expr, wrong: Expr) -> Expr | None:
    """The line that should have been written, close to the one that was; None where nothing small helps."""
    if wanted.shape != wrong.shape and T(wrong).shape != wanted.shape:
        return None
    look = Screening(PremiseSet.of(problem), [wanted], (wrong,))
    if not look.places:
        return None
    return next((e for e in _changed(wrong, wanted) if e is not wrong and look.holds(e, wanted)), None)


def _changed(wrong: Expr, wanted: Expr) -> Iterator[Expr]:
    yield T(wrong)
    yield mul(MINUS, wrong)
    for k in (2, 3, 4):
        yield mul(num(k), wrong)
        yield div(wrong, num(k))
    for n in sorted({n for e in (*wrong.names, *wanted.names) for d in e.shape for n in d.names}):
        yield div(wrong, size(Dim.of(n)))
        yield mul(size(Dim.of(n)), wrong)
    for edit in edits(wrong):
        yield edit.whole
