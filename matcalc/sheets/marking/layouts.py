"""Two readings of a sheet compared; its layout: the one that was declared, that its sizes allow, or in which its Jacobians are right."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
import re

from ...diagnose.slip import Kind
from ...language.expr import SCALAR
from ...patterns import pattern
from ...records import Record
from ..parts.formula import formula
from ..parts.marks import Mark, Marked, Reason
from ..parts.records import Row
from ..statements.sheet import Sheet
from ..statements.stated import Layout
from .line import nearly_right

JACOBIAN = pattern(r"\bd\(\(*d\(|/d\(\w+\)\)*'")      # a Hessian, or a derivative that is transposed: these have one layout
CHAINED = pattern(r"/d\(\w+\)\)\)?'\*\(*d\(")
OPEN = ("not judged", "not read", "undecided")


class Compared(Record):
    """The marks of a sheet in another reading, and in the one before it."""

    after: Marked
    before: Marked

    @property
    def pairs(self) -> list[tuple[Mark, Mark]]:
        """The two marks of each line; none where not the same lines are marked."""
        same = len(self.after.marks) == len(self.before.marks)
        return list(zip(self.after.marks, self.before.marks, strict=True)) if same else []

    @property
    def wrong(self) -> tuple[int, int]:
        """How many lines do not follow, nor with one change of one place."""
        after, before = (sum(m.mark == "does not follow" and not nearly_right(m) for m in one.marks) for one in self)
        return after, before

    @property
    def open(self) -> tuple[int, int]:
        """How many lines neither follow nor certainly do not."""
        after, before = (sum(m.mark in OPEN or bool(m.chosen) for m in one.marks) for one in self)
        return after, before

    @property
    def mended(self) -> int:
        """How many derivatives follow only in the other reading."""
        return sum(max(len(formula(a.text).numerators) - 1, 1) for a, b in self.pairs if a.mark == "follows" != b.mark)

    def better(self, least: int) -> bool:
        """Whether the other reading is better: no line is lost in it, no more are wrong or open, and fewer are the one or the other. Where
        some are wrong even so, it must mend so many lines: one may fit by chance."""
        lost = any(b.mark == "follows" != a.mark for a, b in self.pairs)
        (wrong, wrong_before), (open_, open_before) = self.wrong, self.open
        fewer = wrong <= wrong_before and open_ <= open_before and wrong + open_ < wrong_before + open_before
        return fewer and not lost and (not wrong or self.mended >= least)


def all_nearly_right(found: Marked) -> bool:
    """Whether no line is wrong by more than one change of one place, and none is open: no other reading is better."""
    return not sum(Compared(found, found).wrong + Compared(found, found).open)


def derivatives(sheet: Sheet) -> list[Row]:
    """The lines whose layout nothing says."""
    found = [r for r in sheet.rows if r.why is None and not r.entries and (formula(r.text).by or named(sheet.names.bodies, r))]
    said = any(formula(r.shown).by for r in found)       # d(f)/d(x) has the layout of the language, and dW the shape of W
    spelt = any(re.search(r"/ ?[d∂]|∇|[gG]rad|'\(", r.shown) for r in found)
    if sheet.layout.said or sheet.layout.name != "denominator" or not sheet.form.markup and (said or not spelt):
        return []
    return found


def named(bodies: Mapping[str, str], row: Row) -> bool:
    """Whether a line gives a derivative a name: J = dr/dx."""
    return bool(row.defines) and re.fullmatch(r"d\(.*\)/d\(\w+\)", bodies.get(row.defines, "")) is not None


def in_other_layouts(sheet: Sheet, now: Callable[[], Marked]) -> Iterator[Sheet]:
    """The sheet in the layouts that it may be written in: where sizes do not fit, or vectors have transposed derivatives."""
    rows = derivatives(sheet)
    wrong = [m for m in now().marks if m.mark == "does not follow"]
    misfit = any(m.error is not None for m in wrong)
    transposed = any(slip.what is Kind.TRANSPOSE and slip.about[:1] == ("numerator",) for m in wrong for slip in m.diagnosis.slips)
    said = any(re.search(r"/d\(\w+\)\)'", r.text) for r in rows)
    mended = all_nearly_right(now()) and not any(named(sheet.names.bodies, r) for r in rows)      # J' r of another layout is right
    chained = any(CHAINED.search(r.text) for r in rows)          # (dg/dx)' df/dg: the transpose says nothing where g is a vector
    chained = chained and any(m.mark in ("does not follow", "follows if") for m in now().marks)
    layouts = () if not rows else ("mixed",) if chained else () if misfit and (said or mended) else (
        "numerator", "mixed") if misfit else ("mixed",) if transposed else ()
    inside = {n for body in sheet.names.bodies.values() for n in formula(body).names}
    columns = [g for g in now().inferred if g.name[0].isupper() and g.name in inside and str(g.shape[1]) == "1" != str(g.shape[0])]
    for layout in layouts:
        yield sheet.but(layout=Layout(layout), rows=list(sheet.rows))
        if columns:
            yield sheet.but(layout=Layout(layout), rows=list(sheet.rows), declare=[*sheet.declare, *map(str, columns)])


def in_layout(sheet: Sheet, other: Sheet, again: Marked, now: Callable[[], Marked]) -> Marked | None:
    """The marks in another layout, where that is better. What only one line shows follows only in that layout."""
    layout, c = other.layout.name, Compared(again, now())
    rows = derivatives(sheet)
    if any(CHAINED.search(r.text) for r in rows) and c.pairs and not again.totals["does not follow"] and all(
            a.mark == "follows" for a, b in c.pairs if a.mark != b.mark):
        return c.after._replace(layout=layout)
    if not any(m.mark == "does not follow" and m.error is not None for m in c.before.marks):
        return of_values(c, layout)
    right = any(named(sheet.names.bodies, r) for r in rows) and not again.totals["does not follow"]
    aside = c.better(1) and not any(formula(a.text).by for a in c.after.marks if a.mark == "does not follow")     # wrong for other reasons
    if c.before.layout or not c.pairs or not (
            aside or c.better(2) or right and not any(b.mark == "follows" != a.mark for a, b in c.pairs)):
        return None
    chains = any(len(formula(r.right).numerators) > 1 for r in rows)     # a chain rule, in an order that fits only here
    numbers = {i.name for i in c.after.inferred if i.shape == SCALAR}
    of_numbers = sheet.form.markup and all(n in numbers or sheet.names.shape(n) == ("1", "1") for r in rows for n in formula(r.text).by)
    found = c.after
    if len([r for r in rows if r.left]) < 2 and not chains and not of_numbers:        # a column by a number is one
        found = found._replace(marks=_laid_out(found.marks, layout, {r.number for r in rows if not sheet.form.markup}))
    return found._replace(layout=layout)


def of_values(c: Compared, layout: str) -> Marked | None:
    """The marks where all sizes fit, and derivatives of vectors are transposed: with a row for each value, if no other is wrong then."""
    changed = [(a, b) for a, b in c.pairs if a.mark != b.mark]
    if not c.pairs or any(JACOBIAN.search(b.text) or (a.mark, b.mark) != ("follows", "does not follow") for a, b in changed):
        return None
    marks = [a._replace(mark="follows if", reason=Reason("layout", (layout,))) if a.mark != b.mark else b for a, b in c.pairs]
    return c.before._replace(marks=tuple(marks))


def _laid_out(marks: tuple[Mark, ...], layout: str, numbers: set[int]) -> tuple[Mark, ...]:
    """The lines about derivatives, which these numbers have or which say so, follow in this layout only."""
    out: list[Mark] = []
    inside = False
    for m in marks:
        inside = m.number in numbers or bool(formula(m.text).by) or (inside and m.text.startswith("="))
        out.append(m._replace(mark="follows if", reason=Reason("layout", (layout,))) if inside and m.mark == "follows" else m)
    return tuple(out)
