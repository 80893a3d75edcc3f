"""Where code goes wrong: an assignment whose sizes do not fit, and the change with which the function returns what is expected."""

from __future__ import annotations

from .. import judges
from ..language.deadline import deadline_after
from ..language.shape import InputError
from ..reading.parse import Problem, problem
from ..render.slips import FOLLOWS, diagnosis_of
from .marked import Marked
from .definition_order import ordered
from ..diagnose.refitted import refitted
from .sheet import Sheet

SECONDS = 1.0       # for one change


def with_faults(sheet: Sheet, marked: Marked) -> Marked:
    """The marks, with a diagnosis of the only assignment that does not fit."""
    bad = [m for m in marked.marks if m.mark == "does not follow"]
    row = next((r for r in sheet.rows if bad and r.number == bad[0].number and r.defines), None)
    last = sheet.rows[-1]
    if len(bad) != 1 or row is None or last.why is not None or not last.left:
        return marked
    body = next(b for n, b, _ in sheet.define if n == row.defines)

    def asked(new: str, claim: str) -> Problem:
        define = [(n, new if n == row.defines else b, k) for n, b, k in sheet.define]
        return problem(sheet.declare, [f"{n} = {b}" for n, b, _ in ordered(define)], prove=claim)

    def holds(new: str) -> bool:
        try:
            p = asked(new, f"{last.left} == {last.right}")
        except InputError:
            return False
        return p.ill_shaped is None and judges.equation(p.within(deadline_after(SECONDS))).kind == "proved"
    above = [(n, b, k) for n, b, k in sheet.define if k < row.number]
    try:
        names = problem(sheet.declare, [f"{n} = {b}" for n, b, _ in ordered(above)], prove=f"{last.left} == {last.left}").variables
    except InputError:
        return marked
    found = refitted(body, names, holds)
    if found is None:
        return marked
    return marked._replace(marks=tuple(m._replace(diagnosis=diagnosis_of((found,), FOLLOWS)) if m is bad[0] else m for m in marked.marks))
