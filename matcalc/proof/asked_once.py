"""What a judge says of an equation is kept: lines of a sheet are asked about again and again, and so are those of many sheets alike."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from functools import wraps
from typing import Any

from ..language.expr import Expr
from ..reading.problems.problem import Premises
from .verdict import Cause, Verdict

MOST = 256
Judged = Callable[[Premises, Expr, Expr], Verdict]
KEPT: dict[str, dict[tuple[Any, ...], Verdict]] = {}        # by judge


def asked_once(judge: Judged) -> Judged:
    """The same judge, who remembers the last equations; not what it said when the time was over."""
    kept = KEPT[judge.__name__] = {}

    @wraps(judge)
    def judged(problem: Premises, left: Expr, right: Expr) -> Verdict:
        key = (tuple(problem.definitions), tuple(problem.assumptions), tuple(problem.constants), tuple(problem.variables.items()),
               left, right)
        found = kept.get(key)
        if found is None:
            found = judge(problem, left, right)
            if found.why is Cause.DEADLINE:
                return found
            if len(kept) >= MOST:
                kept.clear()
            kept[key] = found
        return found if found.witness is None else found._replace(witness=deepcopy(found.witness))
    return judged
