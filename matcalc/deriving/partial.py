"""An unfinished derivation as far as it came: taken again, up to where a rule is missing."""

from __future__ import annotations

from contextlib import suppress

from ..language.expr import SCALAR, Expr, vec
from ..reading.parse import Problem
from .derivation import Derivation, Search, Unfinished
from .differential import Engine
from .engine import derive, plain_tidier, tidier_for, unstructured


def so_far(asked: Problem) -> Derivation:
    """A derivation that ends where the engine stopped; it has steps, and no result worth the name."""
    problem = unstructured(asked)
    assert problem.f is not None and problem.wrt is not None
    earlier: Derivation | None = None
    if asked.order == 2:
        once = asked.replace(order=1, layout="denominator", structured=False)
        try:
            earlier = derive(once)
        except Unfinished:
            return so_far(once)
    f: Expr = problem.f if earlier is None else earlier.result
    plain, before = plain_tidier(problem).run(f) if earlier is None else (vec(f), None)
    engine = Engine(problem, plain, problem.wrt, tidier_for(problem), plain.shape != SCALAR, plain_tidier(problem))
    with suppress(Unfinished):
        engine.run()
    return Derivation(asked, Search(f, plain, before, engine, f, f, None, f), (f, []), "derivative", asked.layout, earlier)
