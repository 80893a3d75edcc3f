"""A symmetric result, as a Hessian is, written so that it is seen to be its own transpose."""

from __future__ import annotations

from itertools import pairwise

from ..language.expr import Apply, Expr
from ..rulebook.measure import measure
from .distribute import written_out
from .record import Trace, use
from .tidy import Tidier

DEAR = 1.4      # how much longer such a form may be


def mirrored(tidier: Tidier, e: Expr) -> tuple[Expr, Trace | None]:
    """The tidy form of what is its own transpose, and how it came about; where it does not look it, products with sums are multiplied
    out, and no factor is taken out of a term that stands beside its transpose."""
    out, trace = tidier.run(e)
    lines = [] if tidier.turned.symmetric(out) or not isinstance(e, Apply) else written_out(e)
    if len(lines) > 1 and isinstance(e, Apply):
        whole = Tidier(tidier.folds, tidier.tables, tidier.assumed.items(), tidier.bodies, tidier.deadline, mirrored=True)
        other, then = whole.run(lines[-1])
        if tidier.turned.symmetric(other) and measure(other) <= DEAR * measure(out):
            return other, Trace(e, (None,) * len(e.args), tuple(use("tidy.distribute", {}, a, b) for a, b in pairwise(lines)), then, other)
    return out, trace
