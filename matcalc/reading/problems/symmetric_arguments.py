"""Functions that are defined for symmetric or positive definite matrices only."""

from __future__ import annotations

from ...language.arithmetic import T
from ...language.conditions import plain as built
from ...language.functions import apply
from ...language.nodes import Apply
from ...language.operations import MIRRORED, ROOTED, TALL
from ...language.shape import InputError, at_most
from ...language.properties import Properties
from .problem import Problem
from ...language.traversal import subexpressions


def mirrored(p: Problem) -> None:
    """What is asked of symmetric matrices stands of no other, also where it falls away in what is built."""
    sure, raw = Properties(dict(p.definitions)), p.as_typed()
    sides = [*(raw.prove or ()), *(b for _, b in raw.definitions), *(e for pair in raw.assumptions for e in pair)]
    for e in subexpressions(e for e in (raw.f, raw.claim, raw.expect, *sides) if e is not None):
        if type(e) is not Apply or e.head not in MIRRORED | ROOTED | TALL:
            continue
        x = built(e.args[0])
        if e.head in MIRRORED and not sure.symmetric(x) and T(x) is not x:
            raise InputError(f"{apply(e.head, x)}: {x} is not known to be symmetric", hint="declare it symmetric, or write (A + A')/2")
        if e.head in TALL and x.shape[0] is not x.shape[1] and at_most(*x.shape):
            raise InputError(f"{apply(e.head, x)}: {x} has fewer rows than columns", hint=f"write {apply(e.head, T(x))}")
        if e.head in ROOTED and not sure.definite(x, True):
            raise InputError(f"{apply(e.head, x)}: {x} is not known to be positive definite", hint="declare it spd, or write A'*A; sqrt(A) "
                             "is the square root entry by entry")
