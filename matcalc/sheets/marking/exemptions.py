"""Lines that are not judged, or not counted as wrong, and why."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
import itertools
import re
from math import inf

from ... import judges
from ...language.expr import SCALAR, InputError, Shape
from ...render.verdict_words import WordedVerdict
from ..statements.by_entries import with_powers
from ..parts.definition_parts import as_text, equation, ordered
from .consequences import Consequences
from .derivatives import SECONDS
from ..parts.formula import ZERO, constant, formula, put, quotient
from ..words.declaration_lists import STRUCTURED
from ..words.structure_words import structure_from_equation
from ..statements.definitions import with_words
from ...reading.brackets import ROUND, closing
from ...reading.latex.names import NAME, Ambiguity
from ..parts.marks import Mark, Reason
from ..parts.records import Row, Word
from ..statements.sheet import Sheet
from ..parts.variables import moving, says_derivative
from ...language.traversal import reachable
from ...patterns import pattern

ASCENT = pattern(r"\b(?:maximi[sz]\w*|ascent|likelihood|reward)\b|最大化|上升", re.I)
FACTOR = pattern(r"\((?:(?<=\.\*\()|(?=[^.]*\)\)\.\*))d\((\w+)\)/d\(\w+\)\)")
MOST = 6        # so many equations between numbers and sizes are tried
NEXT = pattern(r"(.+?)_(?:new|next|plus)")


class Exemptions(Consequences):
    """Decides which lines are not judged or not counted: those with two readings, and those that rest on lines that were not read."""

    def __init__(self, sheet: Sheet, seconds: float = inf) -> None:
        super().__init__(sheet, seconds)
        self.marks: list[Mark] = []
        self.doubts: dict[str, tuple[Ambiguity, ...]] = {}
        self.entries: list[Ambiguity] = []
        self.conditional: int | None = None
        self.sought: set[str] = set()

    apart_by_entries: Callable[[str], set[str]]     # the names in a text whose derivatives there are diagonal matrices
    marked: Callable[[int, str, Row], Mark]

    def entrywise(self, line: str, row: Row, found: Mark) -> Mark:
        """A line that fits only with its fractions and powers, and Jacobians that are factors so, taken entry by entry; or with the
        sums of the rows, a column, beside each column of a matrix that they stand beside."""
        text = f"{line} {row.right}"
        apart = self.apart_by_entries(text) if FACTOR.search(text) else set()
        def diagonal(text: str) -> str:
            return FACTOR.sub(lambda m: f"diag{m[0]}" if m[1] in apart else m[0], text)
        kept = list(self.declare), list(self.inferred)
        ways = (with_powers, diagonal, lambda t: with_powers(diagonal(t))) if self.sheet.markup else ()
        for changed in (*ways, *([] if self.sheet.numpy else [self.spread])):
            left, right = changed(line), changed(row.right)
            if (left, right) == (line, row.right):
                continue
            with suppress(InputError):
                again = self.judged(left, row._replace(left=row.left and left, right=right)) if self.equation(left, right) else found
                if again.error is None:
                    self.entries.append(Ambiguity(row.right, right, True))
                    return again
            self.declare, self.inferred = list(kept[0]), list(kept[1])
        return found

    def spread(self, text: str) -> str:
        """A text with X*ones(n,n) for rowsum(X), n being the columns of X."""
        head = "rowsum("
        start = text.find(head)
        if start < 0:
            return text
        end = closing(text, start + len(head) - 1, ROUND)
        inner = text[start + len(head):end]
        p = self.equation(inner, inner)
        whole = text[start:end + 1] if p is None else f"(({inner})*ones({p.sides[0].shape[1]},{p.sides[0].shape[1]}))"
        return text[:start] + whole + self.spread(text[end + 1:])

    def updated(self, row: Row) -> Mark | None:
        """The mark of w = w - eta*g, where g is the gradient by w of what is defined: a step of descent or of ascent, or Newton's."""
        x = row.left or ""
        if not x or x not in formula(row.right).names or x in self.bodies:
            return None
        tops = [f for f, _, _ in self.define if x in self.below(f) and self.total(f)]
        for f in tops[::-1][:MOST // 2]:
            slope = f"d({f})/d({x})"
            numbers = [n for n in sorted(self.below(row.right) - self.below(f)) if self.fits(n, "1")]
            steps = [f"{n}*({slope})" for n in [*numbers, "1"]] + [f"inv(d({slope})/d({x}))*({slope})"]
            for sign in ("-", "+") if ASCENT.search(self.sheet.text) else ("-",):
                for step in steps[:MOST]:
                    if self.kind([], f"({row.right}) - {x}", f"{sign}{step}") == "proved":
                        return Mark(row.number, row.written, "follows")
        return None

    def stepped(self, row: Row) -> Mark | None:
        """The mark of w_new = w - eta*g, where the sheet differentiates by w and what it differentiates is not made of w_new."""
        found = NEXT.fullmatch(row.defines)
        body = self.sheet.names.bodies.get(row.defines, "")
        if found is None or found[1] not in self.sought & formula(body).names or any(
                row.defines in self.closure(f) for r in self.sheet.rows for f in formula(r.text).by | formula(r.text).moved):
            return None
        shown = row.shown or f"{row.defines} = {body}"
        return self.updated(row._replace(left=found[1], right=body, shown=shown)) or Mark(
            row.number, shown, "not judged", reason=Reason("solved", (row.defines,)))

    def opened(self) -> dict[str, str]:
        """What each name is defined as, or assumed to be."""
        given = [a.partition(" = ") for a in self.given.assume]
        return {name: body for name, _, body in given if NAME.fullmatch(name)} | self.bodies

    def taint(self, text: str) -> Reason | None:
        """The name in a text whose definition could not be read."""
        bodies = self.opened()
        made = reachable(formula(text).names, lambda n: formula(bodies.get(n, "")).names)
        name = min(self.tainted.keys() & set(made), key=lambda n: (n not in formula(text).names, self.tainted[n], n), default="")
        return Reason("entry" if name in self.singles else "tainted", (name, str(self.tainted[name]))) if name else None

    def differentiates(self, text: str) -> bool:
        """Whether a derivative or a differential is taken in a text, or in what a name in it is assumed to be."""
        given = {a.partition(" = ")[0]: a for a in self.given.assume}
        return any(formula(t).differential for t in (text, *(given[w] for w in formula(text).names if w in given)))

    def wrong_otherwise(self, line: str, row: Row, unsure: list[Ambiguity]) -> bool:
        """Whether all that could be meant otherwise is of which matrix x_i are the rows, and a line does not follow either where they are
        its columns: so X' is read for X but where X itself was written."""
        found = {d.reading.rpartition(" ")[2] for d in unsure if d.reading.startswith(("a row of ", "a column of "))}
        if len(found) != 1 or any(not d.reading.endswith(f" of {min(found)}") for d in unsure):
            return False
        [matrix] = found
        def transposed(text: str) -> str:
            return put(text, {matrix: f"({matrix}')"}) if matrix not in self.sheet.in_full.get(text, {matrix}) else text
        declare = [re.sub(rf"^{matrix} in R\^\((\w+),(\w+)\)", rf"{matrix} in R^(\2,\1)", d) if matrix in self.sheet.implied else d
                   for d in self.declare]
        define = [(n, transposed(b), k) for n, b, k in self.define]
        return self.kind([], transposed(line), transposed(row.right), declare=declare, define=define) in ("refuted", "")

    def wrong_either_way(self, line: str, row: Row, unsure: list[Ambiguity]) -> bool:
        """Whether powers of vectors, or norms of matrices, are all that could be meant otherwise, and a line does not follow with squared
        norms, or with spectral norms, either."""
        bases = [re.fullmatch(r"(.+)\.\^2", d.reading) for d in unsure if not d.reading.startswith("normF(")]
        squares = [f"{form}.^(2)" for base in bases if base is not None for form in (f"({base[1]})", base[1])]
        if not all(bases) or bases and not formula(f"{line} {row.right}").differential:
            return False
        def otherwise(text: str) -> str:
            for old in squares:
                text = text.replace(old, f"({old[:-5]}'*{old[:-5]})")
            return text if bases else text.replace("normF(", "spectral(")
        define = [(n, b if bases else otherwise(b), k) for n, b, k in self.define]
        return self.kind([], otherwise(line), otherwise(row.right), define=define) in ("refuted", "")

    def in_order(self, line: str, row: Row, unsure: list[Ambiguity]) -> WordedVerdict | None:
        """That a line with sums over i < j does not hold for three of them, with the matrix of ones above the diagonal as it is."""
        name = self.sheet.names.triangle
        shape = self.sheet.names.shape(name) if name else None
        if shape is None or shape[0] != shape[1] or not shape[0].isidentifier() or not all(name in d.reading.split() for d in unsure):
            return None
        def sized(text: str) -> str:
            return put(text, {shape[0]: "3"})
        declare = [sized(d) for d in self.declare if d.split()[0] != name]
        define = ordered([*((n, sized(b), k) for n, b, k in self.define), (name, "[0, 1, 1; 0, 0, 1; 0, 0, 0]", 0)])
        p = equation(declare, as_text(define), sized(line), sized(row.right), [sized(a) for a in self.given.assume], self.given.losses)
        verdict = judges.equation(p.within(self.within(SECONDS))) if p is not None else None
        return verdict if verdict is not None and verdict.kind == "refuted" else None

    def softened(self, found: Mark, row: Row, above: Row | None, start: str, line: str = "") -> Mark:
        """A line that does not follow as it was read is not judged where it may have been meant otherwise."""
        if found.mark != "does not follow":
            return found
        zero = ZERO.fullmatch(row.right) or ZERO.fullmatch((row.left or "").strip())
        start = self.derivative_of(start)
        of = quotient(start.replace("'", ""))
        sought = formula(start).by or re.fullmatch(r"\(*d\(\w+\)\)*", start) is not None      # d(A)*B + A*d(B) is no such thing
        twice = start.count("/d(") > 1
        if ZERO.fullmatch(row.right) and sought and not twice and (
                of is None or of[0] in self.given.losses or of[0] not in self.bodies or self._scalar(of[0])):
            derivative = self.carried_out(row, start)
            if derivative is not None and not derivative.names:        # it is zero nowhere
                return found
            self.conditional = row.number
            return Mark(row.number, found.text, "given", reason=Reason("condition"))
        doubts = [d for r in (row, above) if r is not None for d in r.doubts]
        doubts += [d for name in formula(f"{start} {row.right}").names for d in self.doubts.get(name, ())]
        made = self.below(f"{line} {row.right}") | formula(f"{line} {row.right}").names
        doubts += [Ambiguity(name, "a name of its own") for name in sorted(made) if name in self.sheet.parts or self.perhaps_entry(name)]
        doubts += [Ambiguity(s.name, f"a name of its own, not {s.said} {', '.join(s.of)}") for s in self.sheet.spoken if s.name in made
                   and made & set(s.of) and s.name not in self.sought]
        unsure = [d for d in doubts if not d.sure and d not in self.certain]
        in_order = self.in_order(line, row, unsure) if unsure else None
        if in_order is not None:
            found = found._replace(verdict=in_order)
        elif unsure and not self.wrong_either_way(line, row, unsure) and not self.wrong_otherwise(line, row, unsure):
            return Mark(row.number, found.text, "not judged", reason=Reason("doubt", unsure[0][:2]))
        if row.role == "remark":
            return Mark(row.number, found.text, "not judged", reason=Reason("remark"))
        misfit = found.error is not None and not self.fits(f"({row.right})'", row.left or "")
        if row.left in self.varied | self.sought and row.left and not misfit:
            return Mark(row.number, found.text, "not judged", reason=Reason("solved", (row.left,)))
        if self.conditional is not None and found.error is None and (row.left is None or not says_derivative(row.left, row.right)):
            return Mark(row.number, found.text, "not judged", reason=Reason("conditional", (str(self.conditional),)))
        claims = row.left is not None and says_derivative(row.left, row.right)
        one = formula(row.left or "").names & self.sought and not self.below(row.right) & self.sought
        if found.error is None and one and not formula(row.text).differential:
            return Mark(row.number, found.text, "not judged", reason=Reason("equation"))       # x'*x = c: of one x
        if zero and not claims and not twice or self.bounds(row) or structure_from_equation(row.left or "", row.right) is not None:
            return Mark(row.number, found.text, "not judged", reason=Reason("equation"))
        return found

    def perhaps(self, i: int, line: str, row: Row, found: Mark) -> Mark:
        """A line that would follow by what was said of a name in a sentence that is not read, or under a condition above, is not judged."""
        for words in ([w for w in self.sheet.structure if w.ends <= i], self.sheet.maybe, unread_words(self.marks, self.shapes),
                      self.labels(), equated(self.sheet.rows, row)):
            declare = with_words(self.declare, words)
            if declare != self.declare and self.kind([], line, row.right, declare=declare) in ("proved", "checked"):
                said = ", ".join(dict.fromkeys(f"{w.name} is {w.word}" for w in words))
                return Mark(row.number, found.text, "not judged", reason=Reason("perhaps", (said,)))
        for text in (*self.sizes(f"{line} {row.right}"), *self.remarks(row, line), *self.sheet.hoped, *self.label_sums()):
            if self.kind([text], line, row.right) in ("proved", "checked"):
                return Mark(row.number, found.text, "not judged", reason=Reason("perhaps", (text,)))
        return found

    def labels(self) -> list[Word]:
        """That what is not declared and nothing varies is a probability vector, on a sheet with a softmax: so labels are. Of plain
        lines only what a sentence speaks of that was passed over."""
        texts = (*(b for _, b, _ in self.define), *(r.right for r in self.sheet.rows))
        used = any(re.search(r"\bsoftmax\(|\bsum\(\(*exp\(|exp\((\w+)\)\)*\.?/.*exp\(\1\)", text) for text in texts)
        columns = [g.name for g in self.inferred if str(g.shape[1]) == "1" and g.shape != SCALAR]
        columns += [name for name, text in self.sheet.implied.items() if "," not in text]
        passed = {w for _, text in self.sheet.passed for w in formula(text).names}
        return [Word(name, "simplex", 0) for name in columns
                if used and name not in self.sought | self.varied and (self.sheet.markup or name in passed)]

    def label_sums(self) -> list[str]:
        """That the rows of a matrix, in NumPy also a column, which nothing defines or varies sum to 1, where something of that shape is
        defined whose sums are 1: so labels' do."""
        def total(n: str) -> tuple[str, str]:
            return (f"rowsum({n})", f"ones({self.shapes[n][0]})") if "1" not in map(str, self.shapes[n]) else (f"sum({n})", "1")
        names = [n for n, shape in self.shapes.items() if str(shape[0]) != "1" and (self.sheet.numpy or str(shape[1]) != "1")]
        soft = {self.shapes[n] for n, b, _ in self.define
                if n in names and ("softmax(" in b or "/" in b) and self.kind([], *total(n)) == "proved"}
        defined = self.sought | self.varied | self.sheet.names.bodies.keys()
        return [" = ".join(total(n)) for n in names if self.shapes[n] in soft and n not in defined]

    def sizes(self, text: str) -> list[str]:
        """That an undeclared number is a size of what is not declared: 1/d before a sum of d entries."""
        below = self.below(text)
        numbers = [g.name for g in self.inferred if g.shape == SCALAR and g.name in below and len(g.name) == 1] if self.sheet.markup else []
        sizes = sorted({str(d) for g in self.inferred for d in g.shape if str(d).isalpha()})
        return [f"{name} = {size}" for name in numbers for size in sizes][:MOST]

    def remarks(self, row: Row, line: str) -> list[str]:
        """The equations besides this row that may be conditions: those in sentences, and those that say a name is so that .. = 1. What a
        derivative is does not depend on where it is zero."""
        general = says_derivative(line, row.right)
        return [f"{r.left} = {r.right}" for r in self.sheet.rows if r is not row and r.left and r.why is None
                and not (general and ZERO.fullmatch(r.right))
                and r.left not in self.sought | self.varied and not formula(r.text).differential
                and (r.role == "remark" or self.bounds(r))]

    def bounds(self, row: Row) -> bool:
        """Whether a row may bind names that nothing defines to a constant, or to each other, A*x = b above dA*x + A*dx = db."""
        left = row.left or ""
        each = bool(left) and moving(self.sheet.rows).issuperset(formula(f"{left} {row.right}").names)
        known = {*self.bodies}.union(*(formula(a).names for a in self.given.assume)) if not self.sheet.markup else set()
        return each or not (known & formula(left).names or not constant(row.right) or constant(left) or formula(left).differential)

    def unused(self) -> None:
        """A definition that no line uses says nothing that could be judged."""
        if self.sheet.code or any(m.mark == "not read" for m in self.marks):
            return
        rows = [r for r in self.sheet.rows if r.why is None and r.role not in ("start", "condition")]
        used = {above.defines for above, r in itertools.pairwise(rows) if r.left is None}
        used |= {w for r in rows if r.left != "" for w in formula(r.text).names}
        bodies = {n: b for n, b, _ in self.sheet.define}
        used |= {w for r in self.sheet.rows if r.role == "condition" for w in formula(r.right).names} | self.sheet.names.opened
        used |= {w for n, b, k in self.given.define if not k and n not in bodies for w in formula(b).names}
        used = set(reachable(used, lambda name: formula(bodies.get(name, "")).names))
        used |= {w for text in (*self.given.assume, *(c.start for c in self.conditions)) for w in formula(text).names}
        names = {r.number: r for r in rows if r.defines and r.role != "abbreviation"}
        for k, m in enumerate(self.marks):
            name = names[m.number].defines if m.number in names else ""
            if m.mark == "given" and m.reason is None and name and name not in used and name in formula(m.text).names:
                self.marks[k] = self.compared_with_gradients(names[m.number], name, m)


def unread_words(marks: Iterable[Mark], shapes: Mapping[str, Shape]) -> list[Word]:
    """That P is symmetric, of `x is a vector of n, P symmetric n×n`, where that line is not read and P is square."""
    said = [(name, word) for m in marks if m.mark == "not read" for found in STRUCTURED.finditer(m.text)
            for name in formula(found[1]).names for word in found[2].split()]
    return [Word(n, w, 0) for n, w in said if n in shapes and shapes[n] != SCALAR and shapes[n][0] == shapes[n][1]]


def equated(rows: Iterable[Row], row: Row) -> list[Word]:
    """The structure that the other rows give to names by equations such as S' = S."""
    found = [structure_from_equation(r.left, r.right) for r in rows if r is not row and r.left and r.why is None]
    return [Word(*said, 0) for said in found if said is not None]
