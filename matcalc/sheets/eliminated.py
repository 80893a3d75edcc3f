"""Whether a sheet says all there is to say of an unknown; what its conditions are once another unknown is known."""

from __future__ import annotations

from collections.abc import Callable
import re

from ..language.expr import SCALAR
from .definition_parts import WORDS, names_in
from .facts import MEMBER
from .marks import Mark
from .records import Row
from .solutions import Condition, Solutions
from .variables import BY, DIFFERENTIAL

MOST = 6        # so many conditions are rewritten with the value of an unknown


class Eliminated(Solutions):
    """Groups the conditions on several unknowns, and substitutes the solution for one into the others."""

    multiplied: Callable[[Row, str], tuple[tuple[str, ...], tuple[str, ...]]]

    def eliminated(self, row: Row, found: Mark) -> None:
        """Enter what the other conditions are with the value of an unknown that a line has given, and what earlier values are."""
        x = row.left or ""
        if found.mark not in ("follows", "follows if") or found.through is not None or not any(c.by == x for c in self.conditions) or \
                x in self.below(row.right) or DIFFERENTIAL.search(row.right):
            return
        inside = re.compile(rf"\b{x}\b")
        more = [(c.by, c.texts[0]) for c in self.conditions if c.by != x and c.wrong is None and inside.search(c.texts[0])]
        more += [(y, f"{y} - ({value})") for y, value in self.values.items() if inside.search(value)]
        self.values[x] = row.right
        if (bound := self.bound(row, x, row.right)) is not None:
            put = f"{x} - ({bound[1]})"
            self.conditions += [bound[0], Condition(row.number, put, (put,), x, None)]
        for by, text in more[:MOST]:
            put = inside.sub(f"({row.right})", text)
            texts, nonzero = self.multiplied(row, put) if by in self.below(put) | names_in(put) else ((), ())
            if texts:
                self.conditions.append(Condition(row.number, put, texts, by, None, nonzero))

    def bound(self, row: Row, x: str, value: str) -> tuple[Condition, str] | None:
        """The condition on the number in the value of an unknown that a constraint on the unknown makes, which gives it, and the value with
        it: w = lambda*inv(S)*b where sum(w) = 1 is assumed."""
        inside = re.compile(rf"\b{x}\b")
        for left, _, right in (a.partition(" = ") for a in self.given.assume if inside.search(a)):
            put = inside.sub(f"({value})", f"{left} - ({right})")
            for by in [n for n in sorted(self.below(value)) if self.shapes.get(n) == SCALAR]:
                texts, nonzero = self.multiplied(row, put)
                c = Condition(row.number, put, texts, by, None, nonzero)
                if texts and (only := self.only(c, row)):
                    return c, re.sub(rf"\b{by}\b", f"({only})", value)
        return None

    def known(self, row: Row, c: Condition) -> None:
        """Enter what a condition is with the values that lines have given to other unknowns."""
        for x, value in self.values.items():
            inside = re.compile(rf"\b{x}\b")
            if x == c.by or c.wrong is not None or not inside.search(c.texts[0]):
                continue
            put = inside.sub(f"({value})", c.texts[0])
            texts, nonzero = self.multiplied(row, put) if c.by in self.below(put) | names_in(put) else ((), ())
            if texts:
                self.conditions.append(Condition(row.number, put, texts, c.by, None, nonzero))

    def at_values(self, line: str, row: Row, found: Mark) -> Mark | None:
        """The mark of a derivative by one unknown that is right at the value that lines have found another one to have."""
        by, derivative = BY.findall(line), self.carried_out(row, line)
        values = {x: value for x, value in self.values.items() if x not in by and x in self.below(f"{line} {row.right}")}
        if derivative is None or not values:
            return None
        left, right = (WORDS.sub(lambda m: f"({values[m[0]]})" if m[0] in values else m[0], text) for text in (str(derivative), row.right))
        if self.kind([], left, right) != "proved":
            return None
        return Mark(row.number, found.text, "follows", after=max(c.number for c in self.conditions if c.by in values))

    def numbers_in(self, c: Condition) -> list[str]:
        """The numbers that a condition is made of, apart from the unknown."""
        known = {m[1].strip() for d in self.declare if (m := MEMBER.fullmatch(d.replace("∈", " in "))) is not None and m[2] == "R"}
        return sorted(n for n in self.below(c.texts[0]) & known if n != c.by)

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
            not DIFFERENTIAL.search(f"{line} {row.right}")

    def closed(self, line: str, row: Row) -> bool:
        """Whether a line speaks of nothing but what its only condition is made of, on a sheet that says nothing else of it."""
        c, rows = self.conditions[0], self.sheet.rows
        by = {n for r in rows if r.why is None for n in BY.findall(f"{r.left or ''} {r.right}")}
        several = any(c.start.startswith((f"d({f})/", f"(d({f})/")) and len(given) > 1 for f, given in self.sheet.calls.items())
        single = by <= {c.by} and len({c.number for c in self.conditions}) == 1 and \
            not DIFFERENTIAL.search(f"{line} {row.right}") and not several
        return single and c.wrong is None and self.unspoken(row) and \
            self.below(f"{line} {row.right}") <= self.below(c.texts[0])
