"""Lines that state an equation for a name of which nothing is said, and claim nothing: A*x = b, x = A*x + b."""

from __future__ import annotations

from ...reading.latex.names import NAME
from ..parts.formula import formula
from .so_far import Claim


def of_itself(c: Claim) -> bool:
    """Whether it is an equation for a name that nothing defines, and others: x = A*x + b."""
    left, names = c.row.left or "", formula(c.row.right).names
    return c.found.error is None and left in names and left not in c.s.bodies and len(names) > 1


def states(c: Claim) -> bool:
    """Whether it is an equation for a name of which nothing is said above: x = A*x + b, A*x = b."""
    left, right = (c.row.left or "").strip(), c.row.right.strip()
    one, two = formula(left).names, formula(right).names
    if of_itself(c) or c.found.error is not None or formula(c.text).differential or not (one | two).isdisjoint(c.s.bodies):
        return of_itself(c)
    alone = right if NAME.fullmatch(right) and right not in one else left if NAME.fullmatch(left) and left not in two else ""
    above = [*(r.text for r in c.s.sheet.rows[:c.i] if r.why is None), *(b for _, b, _ in c.s.define)]
    return bool(alone) and len(one | two) > 2 and alone in c.s.declared and all(alone not in formula(text).names for text in above)
