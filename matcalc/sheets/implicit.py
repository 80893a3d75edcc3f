"""Differentials of implicit equations: a text states A*x = b, nothing defines x, and the equation determines d(x)."""

from __future__ import annotations

from collections.abc import Iterator

from .other_sizes import OtherSizes
from .facts import ZERO
from .definition_parts import WORDS
from .marks import Mark, Reason
from .records import Row
from .variables import BY, DIFFERENTIAL, D_OF_NAME

MOST = 3        # so many equations are tried for one line


class Implicit(OtherSizes):
    """Judges lines under an equation and its differential."""

    def stated(self, row: Row, moving: set[str]) -> Iterator[tuple[int, list[str]]]:
        """The equations without derivatives that other lines state of names that are varied, each with its differential."""
        found = [(r.number, r.left, r.right) for r in self.sheet.rows if r is not row and r.why is None and r.left and r.right]
        found += [(0, left, right) for a in self.sheet.assumed for left, equal, right in (a.text.partition(" = "),) if equal]
        for number, left, right in found:
            defined = left in self.sheet.names.bodies or ZERO.fullmatch(left)
            if not defined and not DIFFERENTIAL.search(f"{left} {right}") and moving & set(WORDS.findall(f"{left} {right}")):
                yield number, [f"{left} = {right}", f"d({left}) = d({right})"]

    def by_statement(self, line: str, row: Row) -> Mark | None:
        """The mark of a line of differentials under such an equation, where it follows or it cannot be said."""
        if not DIFFERENTIAL.search(f"{line} {row.right}") or BY.search(f"{line} {row.right}"):
            return None
        moving = {w for r in self.sheet.rows if r.why is None for w in D_OF_NAME.findall(BY.sub("", f"{r.left or ''} {r.right}"))}
        for number, equations in [*self.stated(row, moving)][:MOST]:
            kept, self.live = self.live, moving         # what an equation binds varies, nothing else does
            kind = self.kind(equations, line, row.right)
            found = self.judged_with(equations, line, row) if kind == "proved" else None
            self.live = kept
            if found is not None and found.mark in ("follows", "follows if"):
                return found._replace(after=number) if number else found
            if kind == "undecided":
                shown = row.shown or (self.written(row) if row.left else f"= {row.right}")
                return Mark(row.number, shown, "not judged", reason=Reason("perhaps", (equations[0],)))
        return None
