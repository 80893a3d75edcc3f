"""Whether a sheet says all there is to say of an unknown; what its conditions are once another unknown is known."""

from __future__ import annotations

from collections.abc import Callable

from ...language.expr import SCALAR
from ..parts.definition_parts import names_in
from ..parts.formula import declared, formula, put
from ..parts.marks import Mark
from ..parts.records import Row
from .solutions import Condition, Solutions

MOST = 6        # so many conditions are rewritten with the value of an unknown


class Eliminated(Solutions):
    """Groups the conditions on several unknowns, and substitutes the solution for one into the others."""

    multiplied: Callable[[Row, str], tuple[tuple[str, ...], tuple[str, ...]]]

    def eliminated(self, row: Row, found: Mark) -> None:
        """Enter what the other conditions are with the value of an unknown that a line has given, and what earlier values are."""
        x = row.left or ""
        if found.mark not in ("follows", "follows if") or found.through is not None or not any(c.by == x for c in self.conditions) or \
                x in self.below(row.right) or formula(row.right).differential:
            return
        more = [(c.by, c.texts[0]) for c in self.conditions if c.by != x and c.wrong is None and x in formula(c.texts[0]).names]
        more += [(y, f"{y} - ({value})") for y, value in self.values.items() if x in formula(value).names]
        self.values[x] = row.right
        if (bound := self.bound(row, x, row.right)) is not None:
            value = f"{x} - ({bound[1]})"
            self.conditions += [bound[0], Condition(row.number, value, (value,), x, None)]
        for by, text in more[:MOST]:
            self.with_value(row, text, x, row.right, by)

    def with_value(self, row: Row, text: str, x: str, value: str, by: str) -> None:
        """Enter what is zero, a condition on an unknown, with the value of another one."""
        text = put(text, {x: f"({value})"})
        c = self.condition(row, text, by) if by in self.below(text) | names_in(text) else None
        self.conditions += [c] if c is not None else []

    def condition(self, row: Row, text: str, by: str, start: str = "", wrong: int | None = None) -> Condition | None:
        """That a text is zero from a row on; None where the rules do not carry it out."""
        texts, nonzero = self.multiplied(row, text)
        return Condition(row.number, start or text, texts, by, wrong, nonzero) if texts else None

    def bound(self, row: Row, x: str, value: str) -> tuple[Condition, str] | None:
        """The condition on the number in the value of an unknown that a constraint on the unknown makes, which gives it, and the value with
        it: w = lambda*inv(S)*b where sum(w) = 1 is assumed."""
        for left, _, right in (a.partition(" = ") for a in self.given.assume if x in formula(a).names):
            text = put(f"{left} - ({right})", {x: f"({value})"})
            for by in [n for n in sorted(self.below(value)) if self.shapes.get(n) == SCALAR]:
                c = self.condition(row, text, by)
                if c is not None and (only := self.only(c, row)):
                    return c, put(value, {by: f"({only})"})
        return None

    def known(self, row: Row, c: Condition) -> None:
        """Enter what a condition is with the values that lines have given to other unknowns."""
        for x, value in self.values.items():
            if x != c.by and c.wrong is None and x in formula(c.texts[0]).names:
                self.with_value(row, c.texts[0], x, value, c.by)

    def at_values(self, line: str, row: Row, found: Mark) -> Mark | None:
        """The mark of a derivative by one unknown that is right at the value that lines have found another one to have."""
        by, derivative = formula(line).by, self.carried_out(row, line)
        values = {x: f"({value})" for x, value in self.values.items() if x not in by and x in self.below(f"{line} {row.right}")}
        if derivative is None or not values:
            return None
        if self.kind([], put(str(derivative), values), put(row.right, values)) != "proved":
            return None
        return Mark(row.number, found.text, "follows", after=max(c.number for c in self.conditions if c.by in values))

    def numbers_in(self, c: Condition) -> list[str]:
        """The numbers that a condition is made of, apart from the unknown."""
        known = {found.name for found in map(declared, self.declare) if found is not None and found.space == "R"}
        return sorted(self.below(c.texts[0]) & known - {c.by})

    def unspoken(self, row: Row) -> bool:
        """Whether a sheet says nothing of a line but its conditions: all of it was read, nothing in two ways."""
        rows = self.sheet.rows
        others = any(r.why is not None or r.role == "remark" for r in rows) or self.sheet.passed or self.sheet.maybe or \
            any(a.text not in self.given.assume for a in self.sheet.assumed)
        return not others and row.role != "remark" and not any(not d.sure for r in rows for d in r.doubts)

    def complete(self, line: str, row: Row) -> bool:
        """Whether all derivatives by the arguments of a function are zero, and a line speaks of nothing that they are not made of."""
        by = {c.by for c in self.conditions}
        given = {n for f, names in self.sheet.calls.items() for n in names if any(f"d({f})" in c.start for c in self.conditions)}
        made = {n for c in self.conditions for n in self.below(c.texts[0])}
        return self.unspoken(row) and given <= by and self.below(f"{line} {row.right}") <= made and \
            not formula(f"{line} {row.right}").differential

    def closed(self, line: str, row: Row) -> bool:
        """Whether a line speaks of nothing but what its only condition is made of, on a sheet that says nothing else of it."""
        c, rows = self.conditions[0], self.sheet.rows
        by = {n for r in rows if r.why is None for n in formula(r.text).by}
        several = any(c.start.startswith((f"d({f})/", f"(d({f})/")) and len(given) > 1 for f, given in self.sheet.calls.items())
        single = by <= {c.by} and len({c.number for c in self.conditions}) == 1 and \
            not formula(f"{line} {row.right}").differential and not several
        return single and c.wrong is None and self.unspoken(row) and \
            self.below(f"{line} {row.right}") <= self.below(c.texts[0])
