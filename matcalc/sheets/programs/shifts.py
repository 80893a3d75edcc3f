"""What a program subtracts though its loss does not depend on it: the largest score, before exponentials are divided by their sum."""

from __future__ import annotations

from ..marking.time_and_memory import Clock
from ..parts.formula import undeclared
from ..parts.records import Row
from ..statements.sheet import Sheet
from .pass_lines import marked_rows

SECONDS = 1.0
PROBE = 1_000_000       # a line that no program has


def maxima(sheet: Sheet) -> list[str]:
    """The names of maxima, each a function of which nothing is known."""
    return [name for name, body in sheet.names.bodies.items() if body.startswith(f"of_{name}(")]


def freed(sheet: Sheet) -> list[str]:
    """Take maxima for arrays of their own; their names."""
    names = maxima(sheet)
    for name in names:
        space = next(line.rpartition(" -> ")[2] for line in sheet.declare if line.startswith(f"of_{name}:"))
        sheet.forget(name)
        sheet.declare[:] = undeclared(sheet.declare, {f"of_{name}"})
        sheet.declared(f"{name} in {space}")
    return names


def free(sheet: Sheet, loss: str, clock: Clock) -> bool:
    """Whether the loss of a sheet is proved not to depend on the maxima in it: then they are constant where it is differentiated, and a
    line that follows whatever they are follows."""
    claims = [Row(PROBE + k, f"d({loss})/d({name})", f"0*{name}", "") for k, name in enumerate(freed(sheet))]
    sheet.rows[:] = [*(r for r in sheet.rows if r.defines and r.why is None), *claims]
    found = {m.number: m.mark for m in marked_rows(sheet, clock.short(SECONDS)).marks}
    return all(found.get(r.number) == "follows" for r in claims)
