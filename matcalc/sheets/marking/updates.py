"""Steps of descent, w = w - eta*g, where g is the gradient by w of what is defined."""

from __future__ import annotations

import re

from ...patterns import pattern
from ..parts.formula import formula
from ..parts.marks import Mark
from ..parts.records import Row
from .setting import Setting
from .so_far import not_judged

ASCENT = pattern(r"\b(?:maximi[sz]\w*|ascent|likelihood|reward)\b|最大化|上升", re.I)
NEXT = pattern(r"(.+?)_(?:new|next|plus)")
FUNCTIONS = 3       # so many functions are tried
STEPS = 6           # and so many steps of each


def updated(s: Setting, row: Row) -> Mark | None:
    """The mark of such a line: a step of descent or of ascent, or Newton's."""
    x = row.left or ""
    if not x or x not in formula(row.right).names or x in s.bodies:
        return None
    tops = [f for f, _, _ in s.define if x in s.below(f) and s.total(f)]
    for f in tops[::-1][:FUNCTIONS]:
        slope = f"d({f})/d({x})"
        numbers = [n for n in sorted(s.below(row.right) - s.below(f)) if s.fits(n, "1")]
        steps = [f"{n}*({slope})" for n in [*numbers, "1"]] + [f"inv(d({slope})/d({x}))*({slope})"]
        for sign in ("-", "+") if ASCENT.search(s.sheet.text) else ("-",):
            if any(s.proved(f"({row.right}) - {x}", f"{sign}{step}") for step in steps[:STEPS]):
                return Mark(row.number, row.written, "follows")
    return None


def stepped(s: Setting, row: Row) -> Mark | None:
    """The mark of w_new = w - eta*g, where the sheet differentiates by w and what it differentiates is not made of w_new."""
    found = NEXT.fullmatch(row.defines)
    body = s.sheet.names.bodies.get(row.defines, "")
    if found is None or found[1] not in s.sought & formula(body).names or any(
            row.defines in s.closure(f) for r in s.sheet.rows for f in formula(r.text).by | formula(r.text).moved):
        return None
    shown = row.shown or f"{row.defines} = {body}"
    return updated(s, row._replace(left=found[1], right=body, shown=shown)) or not_judged(row, shown, "solved", row.defines)
