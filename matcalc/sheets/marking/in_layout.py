"""The layout of a sheet: the one that was declared, the one that its sizes allow, or the one in which its Jacobians are right.

An equation A*x = b determines d(x), in every layout.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from copy import copy
import re
from typing import Self

from ...diagnose.slip import Kind
from ...language.expr import SCALAR
from ...language.operations import SYMMETRY_WORDS
from ..parts.formula import ZERO, formula
from ..parts.marks import Mark, Marked, Reason
from ..statements.sheet import Sheet
from ..parts.variables import moving
from .certainty import Certainty
from ..parts.records import Row

MOST = 3        # so many equations are tried for one line
FORMS = {"independent": "({0}) + ({0})' - diag(diag({0}))", "part": "(({0}) + ({0})')/2", "diagonal": "diag(diag({0}))"}


class Implicit(Certainty):
    """Judges lines below an equation that defines a name implicitly, by the differential of the equation."""

    def stated(self, row: Row, varied: set[str]) -> Iterator[tuple[int, list[str]]]:
        """The equations without derivatives that lines above state of names that are varied, each with its differential; none that
        says where such a name stays."""
        found = [(r.number, r.left, r.right) for r in self.sheet.rows if r is not row and r.why is None and r.left and r.right
                 and r.number <= row.number]
        found += [(0, left, right) for a in self.sheet.assumed for left, equal, right in (a.text.partition(" = "),) if equal]
        for number, left, right in found:
            defined = left in self.sheet.names.bodies or ZERO.fullmatch(left)
            stays = left in varied and varied.isdisjoint(formula(right).names)
            if not defined and not stays and not formula(f"{left} {right}").differential and varied & formula(f"{left} {right}").names:
                yield number, [f"{left} = {right}", f"d({left}) = d({right})"]

    def by_statement(self, line: str, row: Row) -> Mark | None:
        """The mark of a line of differentials under such an equation, where it follows or it cannot be said."""
        if not formula(f"{line} {row.right}").differential or formula(f"{line} {row.right}").by:
            return None
        varied = moving(self.sheet.rows)
        for number, equations in [*self.stated(row, varied)][:MOST]:
            with self.supposing(live=varied):         # what an equation binds varies, nothing else does
                kind = self.kind(equations, line, row.right)
                found = self.judged_with(equations, line, row) if kind == "proved" else None
            if found is not None and found.mark in ("follows", "follows if"):
                return found._replace(after=number) if number else found
            if kind in ("undecided", "proved"):         # the judge of the line itself may have had no time for it
                return Mark(row.number, row.written, "not judged", reason=Reason("perhaps", (equations[0],)))
        return None


class InLayout(Implicit):
    """Marks a sheet in numerator or denominator layout, whichever it is written in."""

    of: Callable[[Sheet], Self]  # the same for another reading of the sheet
    _run: Callable[[], Marked]   # every row

    def in_another_form(self, line: str, row: Row) -> Mark | None:
        """The mark of a derivative by a symmetric or diagonal name that is meant as one of the forms which go by its structure."""
        by = re.search(r"/d\((\w+)\)\)*'?$", row.left or "")
        p = self.equation(line, line) if by else None
        variable = p.variables.get(by[1]) if by and p is not None else None
        if variable is None or not variable.words & SYMMETRY_WORDS:
            return None
        for kind in ("diagonal",) if "diagonal" in variable.words else ("independent", "part"):
            if self.holds(FORMS[kind].format(line), row.right):
                return Mark(row.number, row.written, "follows if", reason=Reason(kind, (variable.name,)))
        return None

    def _in_layout(self) -> Marked:
        """Every row, in the layout that was declared, or in the one that the shapes allow."""
        found = copy(self)._run()
        misfit = any(m.mark == "does not follow" and m.error is not None for m in found.marks)
        if self.sheet.layout_said or self.sheet.layout != "denominator":
            return found
        derivatives = [r for r in self.sheet.rows if r.why is None and not r.entries and formula(r.text).by]
        if not self.sheet.markup and any(formula(r.shown).by for r in derivatives):       # d(f)/d(x) has the layout of the language
            return found
        if not self.sheet.markup and not any(re.search(r"/ ?[d∂]|∇|[gG]rad|'\(", r.shown) for r in derivatives):     # dW has the shape of W
            return found
        if not misfit:
            return self._rows_of_values(found)
        transposed = any(re.search(r"/d\(\w+\)\)'", r.text) for r in derivatives)
        for layout in ("numerator", "mixed") if derivatives and not transposed else ():
            other = copy(self.sheet)
            other.layout, other.rows = layout, list(self.sheet.rows)
            marker = self.of(other)
            again = marker._run()
            unjudged = [sum(m.mark in ("not judged", "not read") for m in x.marks) for x in (again, found)]
            wrong = any(m.mark == "does not follow" for m in again.marks)
            if len(again.marks) != len(found.marks):        # a first look ended where it was wrong
                continue
            if unjudged[0] <= unjudged[1] and (not wrong or _fits(again.marks, found.marks)):
                chains = any(len(formula(r.right).numerators) > 1 for r in derivatives)     # a chain rule, in an order that fits only here
                by = {n for r in derivatives for n in formula(r.text).by}
                of_numbers = self.sheet.markup and all(marker.shapes.get(n) == SCALAR for n in by)        # a column by a number is one
                if len([r for r in derivatives if r.left]) < 2 and not chains and not of_numbers:
                    again = again._replace(marks=_laid_out(again.marks, layout, {r.number for r in derivatives if not self.sheet.markup}))
                return again._replace(layout=layout)
        return found

    def _rows_of_values(self, found: Marked) -> Marked:
        """Where all sizes fit, but derivatives of vectors are transposed: with a row for each value, if no other line is then wrong."""
        transposed = [s for m in found.marks if m.mark == "does not follow" for s in m.diagnosis.slips if s.what is Kind.TRANSPOSE]
        if not any(s.about[:1] == ("numerator",) for s in transposed):
            return found
        other = copy(self.sheet)
        other.layout, other.rows = "mixed", list(self.sheet.rows)
        again = self.of(other)._run()
        if len(again.marks) != len(found.marks):
            return found
        both = list(zip(again.marks, found.marks, strict=True))
        if any(a.mark != b.mark and re.search(r"\bd\(\(*d\(|/d\(\w+\)\)*'", b.text) for a, b in both):       # these have one layout
            return found
        if any(a.mark != b.mark and (a.mark, b.mark) != ("follows", "does not follow") for a, b in both):
            return found
        marks = [a._replace(mark="follows if", reason=Reason("layout", ("mixed",))) if a.mark != b.mark else b for a, b in both]
        return found._replace(marks=tuple(marks))


def _laid_out(marks: tuple[Mark, ...], layout: str, numbers: set[int]) -> tuple[Mark, ...]:
    """The lines about derivatives, which these numbers have or which say so, follow in this layout only."""
    out: list[Mark] = []
    inside = False
    for m in marks:
        inside = m.number in numbers or bool(formula(m.text).by) or (inside and m.text.startswith("="))
        out.append(m._replace(mark="follows if", reason=Reason("layout", (layout,))) if inside and m.mark == "follows" else m)
    return tuple(out)


def _fits(these: tuple[Mark, ...], others: tuple[Mark, ...]) -> bool:
    """Whether several derivatives follow in one layout only, and none in the other only: what is still wrong is no matter of layout."""
    pairs = [(a.mark == "follows", b.mark == "follows", len(formula(a.text).numerators)) for a, b in zip(these, others, strict=True)]
    return not any(b and not a for a, b, _ in pairs) and sum(max(count - 1, 1) for a, b, count in pairs if a and not b) > 1
