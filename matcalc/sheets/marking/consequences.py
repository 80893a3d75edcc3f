"""Consequences of a derivative that is zero: lines below `.. = 0` are judged with the derivative assumed to be 0."""

from __future__ import annotations

import re
from contextlib import suppress
from itertools import islice
from time import process_time
from typing import Any

from ...diagnose.edits import sites
from ...diagnose.slip import Kind
from ...deriving.substitute import substitute
from ...language.expr import SCALAR, UNIT, Apply, Expr, InputError, Name, Number, is_inverse, mul, num, power
from ...reading.inference.statements import said
from ...reading.latex.names import NAME
from .derivatives import SECONDS
from .eliminated import Eliminated
from ..parts.formula import ZERO, declared, formula, put
from .solutions import Condition
from ..parts.marks import Mark, Reason
from ..parts.records import Row, texts
from ...reading.latex.letters import FUNCTIONS
from ..parts.variables import VALUE, estimated_unknown, rank
from ...patterns import pattern

INVERSES = 2        # so many of the matrices that a condition inverts are multiplied out
GRADIENTS = 6       # so many derivatives are tried where a sheet sets an expression to zero
ONE_CHANGE = (Kind.EDIT, Kind.NO_FACTOR, Kind.MULTIPLE, Kind.NEGATIVE, Kind.NO_TERMS, Kind.SIGN_OF_TERMS, Kind.FACTOR_OF_TERMS)
CANDIDATES = 4        # so many gradients are tried
DENOMINATOR = pattern(r"/(?:\([^()]*\)|\w+)|\b\w+\^\(?-")


class Consequences(Eliminated):
    """Judges lines below a condition, such as a derivative that is set to zero."""

    # ------------------------------------------------------------ conditions
    def zero(self, row: Row, start: str, line: str, wrong: int | None) -> None:
        """Enter that a derivative is zero: the right one, and the one that the sheet has where that is wrong."""
        start = self.derivative_of(start)
        by = [*formula(start).by]
        if not by:
            return
        for text, through in ((start, None), *([(line, wrong)] if wrong is not None else [])):
            if (c := self.condition(row, text, by[0], start, through)) is not None:
                self.conditions.append(c)
                self.known(row, c)

    def derivative_of(self, text: str) -> str:
        """The derivative that a name stands for; any other text is left as it is."""
        return next((f"({body})" for name, body, _ in self.given.derivatives if name == text), text)

    def set_to_zero(self, row: Row, line: str, found: Mark) -> Mark:
        """Enter that an expression is zero which is none in general, or two are equal. The line is given where it says no more than that
        a derivative of what is defined is zero; elsewhere nothing says that it is so, but the lines below are judged under a zero."""
        zero = ZERO.fullmatch(row.right) or ZERO.fullmatch(line)
        if not zero and (self.conditions or NAME.fullmatch(line)):
            return found
        text = f"({line}) - ({row.right})" if not zero else line if ZERO.fullmatch(row.right) else row.right
        texts, nonzero = self.multiplied(row, text)
        start = next((d for d in self.gradients_in(text) if self.implied(row, d, text)), "") if texts else ""
        by = next(iter(formula(start).by), "")
        if not texts or not by and not zero:
            return found
        self.conditions.append(Condition(row.number, start or text, texts, by, None, nonzero))
        return found if not by else Mark(row.number, found.text, "given", reason=Reason("condition"))

    def gradients_in(self, text: str) -> list[str]:
        """The derivatives of defined scalars by their names, those first by which the sheet differentiates, and that are in a text."""
        below = self.below(text)
        names = {n for f, _, _ in self.define for n in self.below(f)} - self.sheet.constant - self.given.constants
        order = sorted(names, key=lambda n: (n not in self.varied, n not in below, -rank(n), n))
        tops = [f for f, _, _ in reversed(self.define) if f != text and self.total(f)]
        return list(islice((f"d({f})/d({x})" for f in tops for x in order if x in self.below(f) and (
            self.fits(text, x) or self.fits(f"({text})'", x))), GRADIENTS))

    def fits(self, text: str, name: str) -> bool:
        """Whether an expression has the shape of a name."""
        if text in self.shapes and name in self.shapes:
            return self.shapes[text] == self.shapes[name]
        return self.equation(text, name) is not None

    def implied(self, row: Row, derivative: str, text: str) -> bool:
        """Whether an expression is zero where a derivative is."""
        return any(self.unstructured([f"{t} = 0"], text, "0") or self.kind([f"{t} = 0"], text, "0") == "proved"
                   for t in self.multiplied(row, derivative)[0])

    def unstructured(self, equations: list[str], line: str, right: str) -> bool:
        """Whether a line is proved without words of structure: points that keep these and an equation are not found."""
        declare = [unstructured(d) for d in self.declare]
        return declare != self.declare and self.kind(equations, line, right, declare=declare) == "proved"

    def multiplied(self, row: Row, text: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """An expression with its derivatives carried out; then without its numerical factors and denominators, and that multiplied
        by what it inverts; the factors. Nothing where the rules do not give it."""
        found = self.carried_out(row, text)
        if found is None:
            return (), ()
        plain, factors = found, []
        for n in sorted({n for n in found.names if n.shape == SCALAR and n.kind == "variable"}, key=lambda n: n.name):
            without = substitute(plain, {n: UNIT})
            if self.kind([], str(plain), f"{n.name}*({without})") == "proved":
                plain = without
                factors.append(n.name)
        below = " ".join(DENOMINATOR.findall(str(plain)))
        sizes = sorted({w for w in formula(below).names if w.islower()} - {n.name for n in plain.names} - FUNCTIONS)
        bare = f"{'*'.join(sizes)}*({plain})" if sizes else str(plain)
        inner = list(dict.fromkeys(str(e.args[0]) for _, e in sites(found) if isinstance(e, Apply) and is_inverse(e)))[:INVERSES]
        out = [str(found), *([bare] if bare != str(found) else [])]
        out += [f"({t})*({bare})" for t in self.divisors(row, found)]
        out += [f"{one}({bare}){two}" for t in inner for one, two in ((f"({t})*", ""), ("", f"*({t})"), (f"({t})*", f"*({t})"))]
        return tuple(out), tuple(factors)

    def divisors(self, row: Row, e: Expr) -> list[str]:
        """The product of the numbers that an expression is divided by; the same with those of the scalars that it is made of."""
        bodies: dict[Name, Expr] = {}
        with suppress(InputError):
            bodies = dict(self.problem(row, prove=f"{e} == {e}").definitions)
        out: dict[Expr, Expr] = {}
        found: list[str] = []
        for parts in ([e], [body for n, body in bodies.items() if n in e.names and n.shape == SCALAR]):
            for part in parts:
                for _, inner in sites(part):
                    if isinstance(inner, Apply) and inner.head == "^" and inner.shape == SCALAR and \
                            isinstance(inner.args[1], Number) and inner.args[1].value < 0:
                        out[inner.args[0]] = mul(out.get(inner.args[0], UNIT), power(inner.args[0], num(-inner.args[1].value)))
            found.append("*".join(f"({t})" for t in list(out.values())[:INVERSES]))
        return [t for t in dict.fromkeys(found) if t]

    # ------------------------------------------------------------ lines under them
    def at_solution(self, line: str, row: Row) -> Mark | None:
        """The mark of a line under the conditions; of one that speaks of w_hat, which nothing defines, with w for it."""
        found = self.under(line, row)
        unknowns = self.sought | {n for c in self.conditions for n in (c.by, *self.below(c.by))}
        said = formula(f"{line} {row.right}").names
        named = {w: x for w in said - self.bodies.keys() if (x := estimated_unknown(w, unknowns))}
        if found is not None or not named or said & {*named.values()}:
            return found
        right = put(row.right, named)
        return self.under(put(line, named), row._replace(left=row.left and put(row.left, named), right=right, shown=row.written))

    def under(self, line: str, row: Row) -> Mark | None:
        """The mark of a line under the conditions: where it follows, and where it certainly does not."""
        started = process_time()
        value = ""
        for c in [c for c in self.conditions[::-1] if row.left == c.by and c.wrong is None]:
            now = self.satisfied(c, row.right)
            only = self.only(c, row) if now else ""
            if only and (found := self.equal_to_the_only(only, c, line, row)) is not None:
                return found if found.mark != "does not follow" else self.inherited(row) or found
            value = now if now == "proved" else value or now
        refuted = value in ("refuted", "")
        for equations, c, nonzero in self.tries():
            if value == "refuted" and c.wrong is None:
                continue
            otherwise = self.of_any(c.by, equations, line, row.right)
            kind = "proved" if otherwise else self.kind(equations, line, row.right)
            if kind == "undecided" and self.unstructured(equations, line, row.right):      # what holds for all holds for these
                otherwise, kind = {"declare": [unstructured(d) for d in self.declare]}, "proved"
            if kind == "proved":
                with self.supposing(**otherwise):
                    found = self.judged_with(equations, line, row)
                if found is not None and nonzero:
                    found = found._replace(mark="follows if", reason=Reason("nonzero", nonzero))
                elif found is not None and row.role != "remark" and row.left in self.bodies:    # what it is everywhere
                    found = found._replace(mark="follows if", reason=Reason("there", (str(c.number),)))
                return found and found._replace(after=c.number, through=c.wrong)
            refuted &= kind in ("refuted", "")
            if kind == "undecided" and process_time() - started > SECONDS:
                break
        together = [c.texts[0] for c in self.conditions if c.wrong is None]
        if value == "refuted" and len(together) > 1 and self.complete(line, row):
            equations = [f"{t} = 0" for t in together]
            found = self.judged_with(equations, line, row) if self.kind(equations, line, row.right) == "refuted" else None
            return found if found is not None and found.mark == "does not follow" else None
        c = self.conditions[0]
        if len(self.conditions) == 1 and row.left not in (c.by, None):
            wrong = (self.false_at_the_only(c, line, row) if refuted else None) or self.false_in_a_case(c, line, row)
            if wrong is not None:
                return wrong
        if value == "proved":
            return Mark(row.number, row.written, "follows if", reason=Reason("solution", (c.by, str(c.number))), after=c.number)
        if not refuted or not self.closed(line, row) or any(self.multiplier(c, name, line, row) for name in self.numbers_in(c)):
            return None
        found = self.judged_with([f"{c.texts[0]} = 0"], line, row)
        return found if found is not None and found.mark == "does not follow" else None

    def inherited(self, row: Row) -> Mark | None:
        """The mark of a value that makes a wrong derivative of the sheet zero."""
        return next((Mark(row.number, row.written, "follows", after=c.number, through=c.wrong) for c in self.conditions[::-1]
                     if c.wrong is not None and row.left == c.by and self.satisfied(c, row.right) == "proved"), None)

    def tries(self) -> list[tuple[list[str], Condition, tuple[str, ...]]]:
        """The equations to assume, one after another: each condition in its forms, the latest first; then all of them. With each the
        numbers that must not be zero for it to follow."""
        out = [([f"{text} = 0"], c, c.nonzero if k else ()) for c in reversed(self.conditions) for k, text in enumerate(c.texts)]
        together = [c for c in self.conditions if c.wrong is None]
        return [*out, ([f"{c.texts[0]} = 0" for c in together], together[-1], ())] if len(together) > 1 else out

    def of_any(self, unknown: str, equations: list[str], line: str, right: str) -> dict[str, list[Any]]:
        """The declarations and definitions of any S with which a line is proved, where the sheet defines S and not by the unknown; else
        none."""
        used = formula(" ".join([*equations, line, right])).names & self.bodies.keys()
        free = {n for n in used if unknown not in self.made.below(n) and n in self.shapes}
        if not free or not unknown:
            return {}
        anything: dict[str, list[Any]] = {"declare": [*self.declare, *(said(n, self.shapes[n]) for n in sorted(free))],
                                          "define": [entry for entry in self.define if entry[0] not in free]}
        return anything if self.kind(equations, line, right, **anything) == "proved" else {}

    def solution(self, row: Row) -> Mark | None:
        """The mark of a line that gives a new name to the value of an unknown, or of what is made of it: x_hat, E_min."""
        unknowns = {n for c in self.conditions for n in (c.by, *self.below(c.by))}      # Sigma, of Lambda = inv(Sigma)
        least = re.fullmatch(r"(\w+?)_(?:min|max|opt|star|best)", row.defines)          # E_min, of what is made of an unknown
        found = estimated_unknown(row.defines, unknowns) or (least[1] if least and unknowns & self.below(least[1]) else "")
        body = self.bodies.get(row.defines, "")
        if not found or not body:
            return None
        solved = row._replace(left=found, right=body, shown=row.shown or f"{row.defines} = {body}")
        mark = self.under(found, solved)
        if mark is not None:
            mark = mark.mark == "does not follow" and self.if_symmetric(found, solved, mark) or mark
            self.eliminated(solved, mark)
            if mark.reason is not None and mark.reason.kind == "there":
                mark = mark._replace(mark="follows", reason=None)        # the name is that of the value there
        return mark

    def unsolved(self, row: Row, above: list[Row]) -> Mark | None:
        """The mark of a value that is given to an unknown right below a condition of which it is not known that it gives it."""
        stem = VALUE.sub("", row.defines)
        set_to_zero = bool(above) and (above[-1].role == "condition" or ZERO.fullmatch(above[-1].right) is not None)
        if stem == row.defines or not set_to_zero or row.defines.rpartition("_")[2] in ("bar", "tilde", "new"):
            return None
        shown = row.shown or f"{row.defines} = {self.bodies.get(row.defines, '')}"
        return Mark(row.number, shown, "not judged", reason=Reason("solved", (stem,)))

    def compared_with_gradients(self, row: Row, name: str, mark: Mark) -> Mark:
        """The mark of a definition that nothing ties to the rest of the sheet, with the gradient that it is or nearly is."""
        unjudged = mark._replace(mark="not judged", reason=Reason("unused", (name,)))
        said = " ".join(texts(self.sheet.rows))
        functions = dict.fromkeys(re.findall(r"\bd\((\w+)\)/d\(", said))
        names = [n for n, _, _ in self.define if n != name and n not in functions]
        names += [n for n in formula(said).by if n not in names]
        gradients = [f"d({f})/d({x})" for f in functions for x in names if self.fits(name, x)]
        near: Mark | None = None
        for gradient in [*gradients, *(g for g in self.gradients_in(name) if g not in gradients)][:CANDIDATES]:
            try:
                found = self.judged(gradient, row._replace(left=gradient, right=name))
            except InputError:
                continue
            if found.mark == "follows":
                return unjudged._replace(reason=Reason("likened", (name, gradient)))
            if near is None and found.diagnosis.slips and found.diagnosis.slips[0].what in ONE_CHANGE:
                near = unjudged._replace(reason=Reason("nearly", (name, gradient)), diagnosis=found.diagnosis, would=found.would)
        return near or unjudged


def unstructured(text: str) -> str:
    """A declaration without words of structure."""
    found = declared(text)
    return text if found is None else f"{found.name} in {found.space}"
