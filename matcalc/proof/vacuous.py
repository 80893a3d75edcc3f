"""Equations whose two sides are zero only because something that is defined nowhere was differentiated."""

from __future__ import annotations

from collections.abc import Mapping

from ..language.expr import Apply, Expr, Name
from ..language.inspection import is_zero, names_of
from ..language.operations import LINEAR, PRODUCTS
from ..reading.problems.problem import Problem



def undefined(problem: Problem, left: Expr, right: Expr) -> tuple[str, ...]:
    """The names that are differentiated by what they do not depend on, where that makes both sides zero."""
    bodies = dict(problem.definitions)
    found: list[dict[str, None]] = [{}, {}]
    zero = all(_zero(side, bodies, names) for side, names in zip((left, right), found, strict=True))
    return tuple(found[0] | found[1]) if zero and all(found) else ()


def _zero(e: Expr, bodies: Mapping[Name, Expr], names: dict[str, None]) -> bool:
    """Whether an expression is zero by such a derivative or as written; notes the names."""
    if type(e) is not Apply or is_zero(e):
        return is_zero(e)
    if e.head == "derivative":
        f, x = e.args
        made = names_of([f], bodies)
        if x in made:
            return False
        names.update((n.name, None) for n in sorted(made - bodies.keys(), key=lambda n: n.name))
        return f not in bodies
    if e.head in PRODUCTS:
        return any(_zero(a, bodies, names) for a in e.args)
    if e.head == "+":
        return all(_zero(a, bodies, names) for a in e.args)
    return e.head in LINEAR and _zero(e.args[0], bodies, names)
