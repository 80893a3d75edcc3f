"""Marking a hand derivation: the readings of a whole sheet, each marked and compared with simpler ones; the best is what it says."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from math import inf

from ...language.expr import InputError
from ...records import Record
from ..parts.formula import formula
from ..parts.marks import Marked
from ..statements.sheet import Sheet
from .certainty import A_COLUMN, A_FACTOR, A_ROW, forgiven
from .gradients import as_gradients, decisive, of_gradients, perhaps_gradients
from .layouts import Compared, all_nearly_right, in_layout, in_other_layouts
from .time_and_memory import Clock
from .rows import Asked, marked_rows
from .unused import with_told

Now = Callable[[], Marked]


class Marker:
    """Marks a sheet in the best of its readings, in so many seconds, or by a clock that goes on.

    Arguments:
        big: a step that takes more rules than this is called big (0: none is).
        explains: whether it is looked for what is wrong with a line.
        until: the lines that end it where they do not follow.
        concludes: whether a line may say of a name used above what it is.
    """

    def __init__(self, sheet: Sheet, seconds: float | Clock = inf, big: int = 0, explains: bool = True,
                 until: frozenset[int] = frozenset(), concludes: bool = True) -> None:
        clock = seconds if isinstance(seconds, Clock) else Clock(seconds)
        self.sheet, self.asked = sheet, Asked(clock, big, explains, until)
        self.readings = READINGS if concludes else READINGS[:-1]

    def run(self) -> Marked:
        """The sheet with its marks."""
        return with_told(self.sheet, forgiven(best(self.sheet, self.asked, self.readings)))


class Reading(Record):
    """A way to read a sheet otherwise: the sheets that it may be, where the marks so far ask for it; the marks in such a reading, where it
    is better, which has every line that follows so far. Where it has lines that decide, a first look ends at these, and if all is right
    it is not tried; `neither` are the marks where it is not better."""

    others: Callable[[Sheet, Now], Iterator[Sheet]]
    better: Callable[[Sheet, Sheet, Marked, Now], Marked | None]
    decisive: Callable[[Sheet], frozenset[int]] = lambda sheet: frozenset()
    neither: Callable[[Sheet, Marked], Marked] = lambda sheet, found: found


def best(sheet: Sheet, asked: Asked, readings: tuple[Reading, ...]) -> Marked:
    """The marks of a sheet in the best of some readings; without any, as it is read."""
    if not readings:
        return marked_rows(sheet, asked)
    *simpler, reading = readings
    found: Marked | None = None
    def now() -> Marked:
        nonlocal found
        found = found or best(sheet, asked, tuple(simpler))
        return found
    lines = reading.decisive(sheet)
    if lines:
        look = best(sheet, asked._replace(until=lines, explains=False), tuple(simpler))
        if not look.totals["does not follow"]:
            return look
    taken = False
    for other in reading.others(sheet, now):
        kept = frozenset() if simpler else followed(now())       # a simpler reading of the other sheet may have what it loses
        better = reading.better(sheet, other, best(other, asked._replace(kept=kept), tuple(simpler)), now)
        if better is not None:
            found, taken = better, True
    return now() if taken else reading.neither(sheet, now())


def followed(found: Marked) -> frozenset[int]:
    """The numbers of which all lines follow."""
    return frozenset(m.number for m in found.marks) - {m.number for m in found.marks if m.mark != "follows"}


def as_said_otherwise(sheet: Sheet, now: Now) -> Iterator[Sheet]:
    """The sheet with numbers for what was read as rows, functions for what was read as factors, and norms of vectors for what was read as
    absolute values, where these are what may be wrong with its lines."""
    if all_nearly_right(now()):
        return
    chosen = sorted({text for m in now().marks for text in m.chosen})
    factors = [n for t in chosen if t.endswith(A_FACTOR) for n in (t.removesuffix(A_FACTOR).strip(),) if n.islower()]
    more = [f"{t.split()[0]} in R" for t in chosen if t.endswith((A_ROW, A_COLUMN))]
    more += [f"{n}: R -> R" for n in factors if n not in sheet.names.arguments]
    known = [n for n in factors if n in sheet.names.arguments and n in sheet.names.bodies]
    lengths = any(m.reason is not None and m.reason.kind == "doubt" and m.reason.about[-1].startswith("abs(") for m in now().marks)
    if more or known or lengths:
        with suppress(InputError):
            yield sheet.declaring(more, known, lengths)


def without_conclusions(sheet: Sheet, now: Now) -> Iterator[Sheet]:
    """The sheet, for each name that is used above the line that defines it and nowhere below, with that line as a conclusion."""
    for i, row in enumerate(sheet.rows):
        name = row.defines
        if not name or row.left != "" or row.role or row.why is not None:
            continue
        below = sheet.rows[i + 1:]
        goes_on = bool(below) and below[0].left is None
        bodies = [(n, body, number) for n, body, number in sheet.define if n != name]
        lines = [(k > i, r.text) for k, r in enumerate(sheet.rows) if k != i and r.why is None]
        lines += [(number > row.number, body) for _, body, number in bodies if number != row.number]
        if goes_on or {later for later, text in lines if name in formula(text).names} != {False}:
            continue
        row = row._replace(left=name, right=sheet.names.bodies.get(name, ""), defines="", role="conclusion")
        yield sheet.but(names=sheet.names.without(name), define=bodies, rows=[*sheet.rows[:i], row, *below])


def no_mark_lost(sheet: Sheet, other: Sheet, again: Marked, now: Now) -> Marked | None:
    """The marks with a definition as a conclusion, where no line that claims something has another mark without it, but one that follows
    then: A*x_hat = b above x_hat = A*b."""
    pairs = [(a, b) for a, b in Compared(again, now()).pairs if b.mark != "does not follow" or a.mark not in ("follows", b.mark)]
    needed = any(b.mark != "given" and (b.mark, b.would) != (a.mark, a.would) and (b.reason is None or b.reason.kind != "unused")
                 or b.reason is not None and b.reason.kind == "perhaps" for a, b in pairs)
    return again if pairs and not needed else None


READINGS = (
    Reading(in_other_layouts, in_layout),
    Reading(as_gradients, of_gradients, decisive, perhaps_gradients),
    Reading(as_said_otherwise, lambda sheet, other, again, now: again if Compared(again, now()).better(0) else None),
    Reading(without_conclusions, no_mark_lost))
