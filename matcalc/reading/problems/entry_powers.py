"""sum((y - X*w)^2): under a sum the power of a column can only be that of each entry."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from ...language import traversal
from ...language.nodes import Apply
from ...language.shape import ONE, SCALAR, ShapeError
from ..declarations.declare import Declarations
from ..inference.doubtful_names import adds
from .problem import Problem
from .question import Lines
from ..grammar.tokens import Line, written

Assembles = Callable[[Declarations, Lines], Problem]
RAISED = {"²": ".^2", "³": ".^3"}


def with_dots(line: Line) -> Line | None:
    """The line with a dot before each power under a sum or a mean; None where there is none.

    >>> with_dots(Line("sum((x - y)^2)/c^2")).text
    'sum((x - y).^2)/c^2'
    """
    under, text, behind = [False], "", line.start
    for k, (token, (first, last)) in enumerate(zip(line.tokens, line.places(), strict=False)):
        if token == "(":
            under.append(under[-1] or adds(line.tokens[k - 1]))
        elif token == ")" and len(under) > 1:
            under.pop()
        elif under[-1] and (token in RAISED or token == "^" and line.tokens[k + 1].isdigit()):
            text, behind = text + line.text[behind:first] + RAISED.get(token, ".^"), last
    return Line(text + line.text[behind:line.end], line.number) if text else None


def retrying(assemble: Assembles) -> Assembles:
    """What assembles a problem, and where it has no shapes, takes these powers entry by entry."""
    @wraps(assemble)
    def out(scope: Declarations, lines: Lines) -> Problem:
        try:
            found = assemble(scope, lines)
            return found if found.ill_shaped is None else retried(assemble, scope, lines) or found
        except ShapeError:
            again = retried(assemble, scope, lines)
            if again is None:
                raise
            return again
    return out


def retried(assemble: Assembles, scope: Declarations, lines: Lines) -> Problem | None:
    """The problem with these powers entry by entry, if what is declared gives it shapes then; none may be of a square matrix."""
    changed: list[Line] = []

    def dotted(value: Any) -> Any:
        found = with_dots(value) if isinstance(value, Line) else None
        changed.extend([found] if found else [])
        return [dotted(one) for one in value] if isinstance(value, list) else found or value
    given = Lines(*map(dotted, lines))
    try:
        out = assemble(scope, given) if changed else None
    except ShapeError:
        return None
    if out is None or out.ill_shaped is not None:
        return None
    guessed = {i.name for i in out.inferred_from if not i.source and i.shape != SCALAR}       # by its letter alone
    if any(not guessed.isdisjoint(line.tokens) for line in changed):
        return None
    t = out.as_typed()
    trees = [e for e in (t.f, t.claim, t.expect, *(body for _, body in t.definitions), *(t.prove or ())) if e is not None]
    if any(type(e) is Apply and e.head == ".^" and e.args[0].shape[0] is e.args[0].shape[1] is not ONE
           for e in traversal.subexpressions(trees)):
        return None
    return out.replace(read=out.read or tuple(written(line.tokens[:-1]) for line in changed))
