"""The function that a sentence or a display says to minimise without giving it a name."""

from __future__ import annotations

from itertools import chain, count

from ...patterns import pattern
from ...reading.latex.names import NAME
from ..parts.formula import formula
from ..parts.records import Row
from .plain_lines import add_equality
from .rows import Statement
from .sheet import Sheet
from .statement_forms import optimised
from .tex_sides import excerpt, in_language

CONSTRAINED = pattern(r"\b(?:s\.? ?t\.|subject|such that)")
NEAR = 80           # characters behind what is minimised


def objective(sheet: Sheet, body: str, by: str, number: int) -> None:
    """Give what is to be minimised a name, if it is a number and has none."""
    name = next(n for n in chain(["objective"], (f"objective_{k}" for k in count(2))) if n not in sheet.names.bodies)
    if NAME.fullmatch(body) or formula(body).differential or not sheet.new(name) or sheet.names.guessed(body) not in (("1", "1"), None):
        return
    sheet.defined(name, body, number)
    if by in formula(body).names:
        sheet.names.arguments[name] = (by,)


def add_objective(sheet: Sheet, s: Statement, row: Row) -> bool:
    r"""Take \min_x f(x), \hat x = \arg\min_x f(x) and V = \min_x f(x) for saying what is minimised; whether a statement says so. What
    is said to be minimal once more, of the same V, is equal to that."""
    behind, by = optimised(s.sides[-1]) if not (s.sign or s.goes_on) else (0, set())
    if not behind or s.sides[1:] and not s.sides[-1][behind:]:
        return False
    body = in_language(sheet, s.sides[-1][behind:]) if s.sides[-1][behind:] else ""
    if not body and s.sides[1:]:
        return False
    value = "".join(t for side in s.sides[:-1] for t, _ in side)
    before = sheet.minimal.get(value, "") if value else ""
    if before and body:
        add_equality(sheet, row, [before, body], False)
        return True
    sheet.add(row._replace(left="", right="", shown=excerpt(sheet.text, s.at, s.last), role="model"))
    if body and not CONSTRAINED.search(sheet.text[s.last:s.last + NEAR]):
        known = set(sheet.names.bodies)
        objective(sheet, body, next((t.lstrip("\\") for t in sorted(by) if t.lstrip("\\").isalpha()), ""), row.number)
        sheet.minimal[value] = next(iter(set(sheet.names.bodies) - known), "")
    return True
