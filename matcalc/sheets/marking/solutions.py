"""Values of an unknown, compared with the only one that makes a derivative zero."""

from __future__ import annotations

from collections.abc import Callable
import re
from math import inf

from ...deriving.substitute import substitute
from ...deriving.unknown import solved, solved_inverse
from ...language.expr import SCALAR, UNIT, add, mul, num, zeros
from ...records import Record
from ... import judges
from ..parts.definition_parts import as_text, equation, ordered
from ..statements.definitions import with_words
from .derivatives import SECONDS, Derivatives
from ..parts.formula import formula, put, undeclared
from ..parts.marks import Mark, Reason
from ...reading.brackets import terms
from ..parts.records import Row
from ..statements.sheet import Sheet
from ...patterns import pattern


REGULAR = frozenset(("spd", "orthogonal"))
SQUARE = pattern(r"(?:[\d.]+\*)?(?:norm[2F]\(\w+\)\^2|(\w+)'\*\1|sum\(\w+\.\^2\)|\w+\^2|tr\((\w+)'\*\2\))")      # zero at 0 only


class Condition(Record):
    """What is zero from a line on: the derivative; the same carried out, and multiplied by what it inverts; the unknown; the wrong
    line of the sheet that it is taken from; the numerical factors that all forms but the first leave out."""

    number: int
    start: str
    texts: tuple[str, ...]
    by: str
    wrong: int | None
    nonzero: tuple[str, ...] = ()


class Solutions(Derivatives):
    """Solves a condition for an unknown that occurs linearly in it."""

    def __init__(self, sheet: Sheet, seconds: float = inf) -> None:
        super().__init__(sheet, seconds)
        self.conditions: list[Condition] = []
        self.sought: set[str] = set()
        self.values: dict[str, str] = {}                # what lines have found unknowns to be
        self.solved: dict[str, str] = {}                # the only value of an unknown
        self.regular: dict[str, list[str]] = {}         # what must be invertible for it to be the only one

    bound: Callable[[Row, str, str], tuple[Condition, str] | None]     # what a constraint makes of the value of an unknown with a number
    if_symmetric: Callable[[str, Row, Mark], Mark | None]      # its mark if it follows where names are symmetric of which nothing is said

    def only(self, c: Condition, row: Row) -> str:
        """The only value of the unknown that makes a condition true, where it, or its inverse, stands linearly in it; empty where that is
        not known."""
        if c.start not in self.solved:
            self.solved[c.start] = ""
            entrywise = [" ".join(f"{sign} ({t}){by}" for sign, t in terms(c.texts[0])) for by in (f".*{c.by}", f".*{c.by}.*{c.by}")]
            for zero in (c.start, *entrywise):      # linear in x where that is g./x - c*ones(n)
                slope, at = self.carried_out(row, f"d({zero})/d({c.by})"), self.carried_out(row, zero)
                x = next((n for n in (at.names if at is not None else ()) if n.name == c.by), None)
                if x is None or at is None or self.solved[c.start]:
                    break
                if slope is not None and at.shape == x.shape and not x.words and x not in slope.names and not slope.has_d:
                    number = x.shape == SCALAR
                    rest = add(substitute(at, {x: UNIT}), mul(num(-1), slope)) if number else substitute(at, {x: zeros(*x.shape)})
                    found = solved(x, slope, rest)
                    if "unvec" not in str(found.solution) and (zero == c.start or self.satisfied(c, str(found.solution)) == "proved"):
                        self.solved[c.start] = str(found.solution)
                        self.regular[c.start] = [str(h) for h in found.inverted]
                elif not x.words - {"symmetric", "spd"} and (inverse := solved_inverse(x, at)) is not None:
                    self.solved[c.start], self.regular[c.start] = str(inverse.solution), []      # the derivative inverts it already
        return self.solved[c.start]

    def multipliers(self, c: Condition, given: set[str], row: Row) -> set[str]:
        """The arguments of a function that its derivative by them is not made of, and is no sum of squares: they may have been put in
        from another condition, a weight may not."""
        out = set()
        for name in given - {c.by}:
            other = self.carried_out(row, c.start.replace(f"/d({c.by})", f"/d({name})"))
            own = other is not None and name in {n.name for n in other.names}
            if other is not None and not own and not all(SQUARE.fullmatch(term) for term in str(other).split(" + ")):
                out.add(name)
        return out

    def arguments(self, c: Condition, value: str) -> set[str]:
        """What the function of a condition is one of: its arguments; where it is written without, any number that a value is made of."""
        given = [names for f, names in self.sheet.calls.items() if f"d({f})" in c.start]
        return {n for names in given for n in names} if given else {n for n in self.below(value) if self.shapes.get(n) == SCALAR}

    def spelt_out(self, text: str) -> str:
        """A text with what its names are defined as for them: what must be invertible is said of the same matrices then."""
        for name, body, _ in reversed(self.define):
            text = put(text, {name: f"({body})"})
        return text

    def multiple(self, one: str, other: str) -> bool:
        """Whether a matrix is another one, divided by a number or multiplied by a matrix that has an inverse."""
        regular = [d.split()[0] for d in self.declare if REGULAR & set(d.split())]
        forms = [other, *(f"({other})/{n}" for n in dict.fromkeys(re.findall(r"/([A-Za-z]\w*)", one))),
                 *(f"{a}*({other})" for a in regular if a in formula(one).names)]
        return any(self.kind([], one, form) == "proved" for form in forms)

    def all_read(self) -> bool:
        """Whether no equation stands on the sheet that was not read."""
        equations = any(re.search(r"=|\\(?:sim|in|perp|propto|approx)\b", text) for _, text in self.sheet.passed)
        unread = any(r.why is not None and "=" in r.shown for r in self.sheet.rows)
        return not equations and not unread and not any(a.text not in self.given.assume for a in self.sheet.assumed)

    def false_at_the_only(self, c: Condition, line: str, row: Row) -> Mark | None:
        """The mark of an equation of an unknown that the only value of it does not satisfy: it does not follow from the condition."""
        only = self.only(c, row) if c.wrong is None and row.role != "remark" and self.all_read() else ""
        numbers = {n for n in self.below(only) if self.shapes.get(n) == SCALAR}
        said = self.below(f"{line} {row.right}")       # where b is not in it, it may be known otherwise
        if not only or not self.below(only) <= said or formula(f"{line} {row.right}").differential or any(
                self.multiplier(c, n, line, row) for n in self.multipliers(c, numbers, row)):
            return None
        if self.kind([], only, f"0*({only})") != "refuted":      # it is zero: the unknown of a homogeneous equation, which has others
            return None
        left, right = (put(text, {c.by: f"({only})"}) for text in (line, row.right))         # no differential stands in them
        kind = self.kind([], left, right, declare=with_words(self.declare, self.sheet.maybe))
        if (left, right) == (line, row.right) or kind != "refuted":
            return None
        found = self.judged_with([], left, row._replace(right=right))
        return found and (found._replace(text=row.written, after=c.number) if found.mark == "does not follow" else None)

    def false_in_a_case(self, c: Condition, line: str, row: Row) -> Mark | None:
        """The mark of an equation that does not hold where a matrix is a number times the identity, which makes the condition true: S*u =
        2*lambda*u does not follow from S*u = lambda*u."""
        if c.wrong is not None or row.role == "remark" or not self.all_read() or self.sheet.maybe or "d(" in f"{line} {row.right}":
            return None
        made = [n for n in sorted(self.below(c.texts[0])) if n != c.by]
        numbers = [n for n in made if self.shapes.get(n) == SCALAR]
        own = [self.carried_out(row, c.start.replace(f"/d({c.by})", f"/d({n})")) for n in self.multipliers(c, set(numbers), row)]
        bounds = [f"{o} = 0" for o in own]              # of multipliers: they may be meant too
        for name in [n for n in made if n in self.shapes and self.shapes[n][0] == self.shapes[n][1] and n not in numbers]:
            for number in numbers:
                with self.supposing(declare=undeclared(self.declare, {name}),
                                    define=[*self.define, (name, f"{number}*eye({self.shapes[name][0]})", 0)]):
                    if self.kind([], c.texts[0], f"0*({c.texts[0]})") == "proved" and self.kind(bounds, line, row.right) == "refuted":
                        found = self.judged_with(bounds, line, row)
                        return found and found._replace(text=row.written, after=c.number)
        return None

    def equal_to_the_only(self, only: str, c: Condition, line: str, row: Row) -> Mark | None:
        """The mark of a line that gives a value to an unknown of which one value is known to be the only one. What is not that value
        does not follow, where no other condition and no equation that was not read speaks of what it is made of."""
        kind = self.kind([], only, row.right)
        if kind == "proved":
            at = "*".join(["1", *(f"(1 + 0*tr(inv({h})))" for h in self.regular[c.start])])     # the only one where these are invertible
            found = self.judged_with([], f"{at}*({only})", row)
            if found is None or found.verdict is None:
                return None
            needed = set(found.verdict.needs)
            # S of S = H*P*H' + R is invertible, and so is that; and so is what the derivative itself inverts
            for left, right in dict.fromkeys(((row.right, row.right), (row.right, self.spelt_out(row.right)), (c.texts[0], c.texts[0]))):
                itself = self.judged_with([], left, row._replace(right=right)) if needed else None
                own = set(itself.verdict.needs) if itself is not None and itself.verdict is not None else set()
                needed = {n for n in needed - own if not any(n._replace(of=o.of) == o and self.multiple(str(n.of), str(o.of)) for o in own)}
            found = found._replace(text=row.written, after=c.number, rule="")
            return found if not needed else found._replace(
                mark="follows if", reason=Reason("solution", (c.by, str(c.number))))
        given = self.arguments(c, only)
        others = {o.by for o in self.conditions} | given & self.sought
        if any(c.by in formula(text).names for text in self.given.assume):
            number = self.bound(row, c.by, only) if kind == "refuted" else None
            if number is None:
                return None
            only, given = number[1], set()
            row = row._replace(right=put(row.right, {number[0].by: f"({self.only(number[0], row)})"}), shown=row.written)
            kind = self.kind([], only, row.right)
        free = not (others - {c.by}) & self.below(f"{only} {row.right}")
        rows = self.sheet.rows[:self.sheet.rows.index(row)] if row in self.sheet.rows else []
        fresh = {n for n in self.below(row.right) - self.below(only) if self.shapes.get(n, SCALAR) != SCALAR and not any(
            n in formula(r.text).names for r in rows) and n not in "".join(b for _, b, _ in self.define)}
        free = free and not fresh and not self.multipliers(c, given & (self.below(only) ^ self.below(row.right)), row)
        if kind not in ("refuted", "") or not free or not self.all_read() or row.role == "remark":
            return None
        with self.supposing(declare=with_words(self.declare, self.sheet.maybe)):
            kind = self.kind([], only, row.right)
            found = self.judged_with([], only, row) if kind in ("refuted", "") else None
        return found and (found._replace(text=row.written) if found.mark == "does not follow" else None)

    def satisfied(self, c: Condition, value: str) -> str:
        """Whether a value of the unknown makes a condition true: what the judges say."""
        if c.by in formula(value).names:
            return ""
        declare = undeclared(self.declare, {c.by})
        assume = [a for a in self.given.assume if c.by not in formula(a).names]
        p = equation(declare, as_text(ordered([*self.define, (c.by, value, 0)])), c.texts[0], "0", assume)
        if p is None or judges.nowhere(p):
            return ""
        return judges.equation(p.within(self.within(SECONDS)), small=False, written_out=False).kind

    def multiplier(self, c: Condition, name: str, line: str, row: Row) -> bool:
        """Whether a number may be a multiplier whose own condition, that the derivative by it is zero too, makes a line follow."""
        other = self.carried_out(row, c.start.replace(f"/d({c.by})", f"/d({name})"))
        if other is None:
            return True
        return not all(SQUARE.fullmatch(term) for term in str(other).split(" + ")) and \
            self.kind([f"{c.texts[0]} = 0", f"{other} = 0"], line, row.right) not in ("refuted", "")
