"""What follows from a line when its differentials are carried out."""

from __future__ import annotations

from ..deriving.derivation import Unfinished
from ..deriving.engine import derive
from ..language.expr import ONE, SCALAR, Apply, Expr, InputError, Name, T, apply, mul
from ..language.inspection import names_of
from ..reading.parse import Problem
from .explaining_rule import RuleNamer


def carried(p: Problem, e: Expr) -> Expr:
    """e with every d(f(x)) written by d(x): by the whole method where that gives one matrix, by the rules one by one elsewhere."""
    if not e.has_d:
        return e
    bodies = dict(p.definitions)
    while isinstance(e, Apply) and e.head == "d" and isinstance(e.args[0], Name) and e.args[0] in bodies:
        e = apply("d", bodies[e.args[0]])
    if isinstance(e, Apply) and e.head == "d" and not isinstance(e.args[0], Name):
        found = _differential(p, e)
        if found is not None:
            return found
    try:
        return RuleNamer(p.definitions, p.constants).carried(e)
    except (InputError, ValueError, AssertionError, IndexError, KeyError, ZeroDivisionError):
        return e


def _differential(p: Problem, e: Apply) -> Expr | None:
    """d(f) as the derivative times d(x), for one x."""
    f, bodies = e.args[0], dict(p.definitions)
    live = {n for n in names_of([f], bodies) if n not in bodies and n.name not in p.constants}
    if len(live) != 1 or ONE not in f.shape[1:]:
        return None
    x = live.pop()
    try:
        found = derive(p.replace(f=f, wrt=x))
    except (Unfinished, InputError):
        return None
    if found.where or (f.shape != SCALAR and x.shape[1] is not ONE):
        return None
    g, move = T(found.result), apply("d", x)
    return apply("tr", mul(g, move)) if f.shape == SCALAR and x.shape[1] is not ONE else mul(g, move)
