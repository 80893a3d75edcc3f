"""The usual roles of letters, and what an equation of differentials holds constant by them: A of d(A*x) == A*d(x)."""

from __future__ import annotations

from collections.abc import Iterable

from ...language.nodes import Name
from ...language.recognition import differentiated
from ...language.traversal import subexpressions
from .problem import Problem

COEFFICIENTS = frozenset("abcdefg") | frozenset("ABCDEFGHKLMPQRS") | {
    "lambda", "lam", "lmbda", "reg", "gamma", "eta", "epsilon", "rho", "k", "m", "n"}
DATA = frozenset("xyztXYZTrspqhijlo") | {"Sigma", "Lambda", "Omega", "Phi"}


def rank(name: str) -> int:
    """0 for what is mostly a coefficient, 1 for data, 2 for a parameter that is sought."""
    head = name.split("_")[0].rstrip("0123456789")
    return 0 if head in COEFFICIENTS else 1 if head in DATA else 2


def ambiguous_constants(constant: Iterable[str], moving: Iterable[str]) -> list[str]:
    """Names taken as constant that might vary as well as those that do."""
    ranks = {rank(n) for n in moving}
    return [n for n in constant if rank(n) >= max(ranks, default=0) or rank(n) in ranks]


def held(p: Problem) -> Problem:
    """The problem where the letters that are mostly coefficients beside those of which the equation has differentials are constant, which
    the page says."""
    if p.prove is None or not any(e.has_d for e in p.prove):
        return p
    bodies = dict(p.definitions)
    parts = [*subexpressions(p.prove, bodies)]
    moving = {e.name for part in parts if type(e := differentiated(part)) is Name and e not in bodies}
    still = sorted({e.name for e in parts if type(e) is Name and e.kind == "variable" and e not in bodies} - moving)
    doubtful = ambiguous_constants(still, moving)
    constant = [n for n in still if n not in doubtful] if moving else []
    if not constant:
        return p
    said = ", ".join(f"d({n}) == 0" for n in constant)
    return p.replace(constants=(*p.constants, *constant), read=(*p.read, f"with {said}"))
