"""Lines that are not judged, or not counted as wrong, and why."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
import itertools
import re
from math import inf

from .. import judges
from ..language.expr import SCALAR, InputError
from ..render.verdict_words import WordedVerdict
from .definition_parts import WORDS, as_text, equation, ordered
from .consequences import SECONDS, Consequences
from .structure_words import structure_from_equation
from .definitions import with_words
from ..reading.latex.names import QUOTIENT, Ambiguity
from .facts import ZERO, constant
from .gradient_candidates import compared_with_gradients
from .marks import Mark, Reason
from .records import Row, Word
from .sheet import Sheet
from .unread_words import equated, unread_words
from .variables import BY, D_OF_NAME, DIFFERENTIAL, moving, says_derivative
from ..language.traversal import reachable

ASCENT = re.compile(r"\b(?:maximi[sz]\w*|ascent|likelihood|reward)\b|最大化|上升", re.I)
FACTOR = re.compile(r"\((?:(?<=\.\*\()|(?=[^.]*\)\)\.\*))d\((\w+)\)/d\(\w+\)\)")
MOST = 6        # so many equations between numbers and sizes are tried
NEXT = re.compile(r"(.+?)_(?:new|next|plus)")


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
        """A line of LaTeX that fits only with its fractions and powers, and Jacobians that are factors so, taken entry by entry."""
        apart = self.apart_by_entries(f"{line} {row.right}") if FACTOR.search(f"{line} {row.right}") else set()
        kept = list(self.declare), list(self.inferred)
        for powers, factors in ((1, 0), (0, 1), (1, 1)) if self.sheet.markup else ():
            left, right = (FACTOR.sub(lambda m: f"diag{m[0]}" if m[1] in apart else m[0], t) if factors else t for t in (line, row.right))
            left, right = (re.sub(r"\^\((\d+)\)", r".^(\1)", re.sub(r"(?<!\.)/(?!d\()", "./", t)) if powers else t for t in (left, right))
            with suppress(InputError):
                again = self.judged(left, row._replace(left=row.left and left, right=right)) if self.equation(left, right) else found
                if again.error is None:
                    self.entries.append(Ambiguity(row.right, right, True))
                    return again
            self.declare, self.inferred = list(kept[0]), list(kept[1])
        return found

    def updated(self, row: Row) -> Mark | None:
        """The mark of w = w - eta*g, where g is the gradient by w of what is defined: a step of descent or of ascent, or Newton's."""
        x = row.left or ""
        if not x or x not in WORDS.findall(row.right) or x in {n for n, _, _ in self.define}:
            return None
        tops = [f for f, _, _ in self.define if x in self.below(f) and self.total(f)]
        for f in tops[::-1][:MOST // 2]:
            slope = f"d({f})/d({x})"
            numbers = [n for n in sorted(self.below(row.right) - self.below(f)) if self.fits(n, "1")]
            steps = [f"{n}*({slope})" for n in [*numbers, "1"]] + [f"inv(d({slope})/d({x}))*({slope})"]
            for sign in ("-", "+") if ASCENT.search(self.sheet.text) else ("-",):
                for step in steps[:MOST]:
                    if self.kind([], f"({row.right}) - {x}", f"{sign}{step}") == "proved":
                        return Mark(row.number, self.written(row), "follows")
        return None

    def stepped(self, row: Row) -> Mark | None:
        """The mark of w_new = w - eta*g, where the sheet differentiates by w and what it differentiates is not made of w_new."""
        found = NEXT.fullmatch(row.defines)
        body = self.sheet.names.bodies.get(row.defines, "")
        if found is None or found[1] not in self.sought & set(WORDS.findall(body)) or any(
                row.defines in self.closure(f) for r in self.sheet.rows for f in D_OF_NAME.findall(f"{r.left} {r.right}")):
            return None
        shown = row.shown or f"{row.defines} = {body}"
        return self.updated(row._replace(left=found[1], right=body, shown=shown)) or Mark(
            row.number, shown, "not judged", reason=Reason("solved", (row.defines,)))

    def opened(self) -> dict[str, str]:
        """What each name is defined as, or assumed to be."""
        given = [a.partition(" = ") for a in self.given.assume]
        return {name: body for name, _, body in given if WORDS.fullmatch(name)} | {n: b for n, b, _ in self.define}

    def taint(self, text: str) -> Reason | None:
        """The name in a text whose definition could not be read."""
        bodies, seen, waiting = self.opened(), set[str](), WORDS.findall(text)
        for name in waiting:        # which grows
            if name in self.tainted:
                return Reason("entry" if name in self.singles else "tainted", (name, str(self.tainted[name])))
            if name in bodies and name not in seen:
                seen.add(name)
                waiting += WORDS.findall(bodies[name])
        return None

    def differentiates(self, text: str) -> bool:
        """Whether a derivative or a differential is taken in a text, or in what a name in it is assumed to be."""
        given = {a.partition(" = ")[0]: a for a in self.given.assume}
        return any(re.search(r"\bd\(", t) for t in (text, *(given[w] for w in WORDS.findall(text) if w in given)))

    def wrong_otherwise(self, line: str, row: Row, unsure: list[Ambiguity]) -> bool:
        """Whether all that could be meant otherwise is of which matrix x_i are the rows, and a line does not follow either where they are
        its columns: so X' is read for X but where X itself was written."""
        found = {d.reading.rpartition(" ")[2] for d in unsure if d.reading.startswith(("a row of ", "a column of "))}
        if len(found) != 1 or any(not d.reading.endswith(f" of {min(found)}") for d in unsure):
            return False
        [matrix] = found
        whole = re.compile(rf"\b{matrix}\b")
        def transposed(text: str) -> str:
            return whole.sub(f"({matrix}')", text) if matrix not in self.sheet.in_full.get(text, {matrix}) else text
        kept = self.declare, self.define
        self.declare = [re.sub(rf"^{matrix} in R\^\((\w+),(\w+)\)", rf"{matrix} in R^(\2,\1)", d) if matrix in self.sheet.implied else d
                        for d in self.declare]
        self.define = [(n, transposed(b), k) for n, b, k in self.define]
        kind = self.kind([], transposed(line), transposed(row.right))
        self.declare, self.define = kept
        return kind in ("refuted", "")

    def wrong_either_way(self, line: str, row: Row, unsure: list[Ambiguity]) -> bool:
        """Whether powers of vectors, or norms of matrices, are all that could be meant otherwise, and a line does not follow with squared
        norms, or with spectral norms, either."""
        bases = [re.fullmatch(r"(.+)\.\^2", d.reading) for d in unsure if not d.reading.startswith("normF(")]
        squares = [f"{form}.^(2)" for base in bases if base is not None for form in (f"({base[1]})", base[1])]
        if not all(bases) or bases and not DIFFERENTIAL.search(f"{line} {row.right}"):
            return False
        def otherwise(text: str) -> str:
            for old in squares:
                text = text.replace(old, f"({old[:-5]}'*{old[:-5]})")
            return text if bases else text.replace("normF(", "spectral(")
        kept, self.define = self.define, [(n, b if bases else otherwise(b), k) for n, b, k in self.define]
        kind = self.kind([], otherwise(line), otherwise(row.right))
        self.define = kept
        return kind in ("refuted", "")

    def in_order(self, line: str, row: Row, unsure: list[Ambiguity]) -> WordedVerdict | None:
        """That a line with sums over i < j does not hold for three of them, with the matrix of ones above the diagonal as it is."""
        name = self.sheet.names.triangle
        shape = self.sheet.names.shape(name) if name else None
        if shape is None or shape[0] != shape[1] or not shape[0].isidentifier() or not all(name in d.reading.split() for d in unsure):
            return None
        def sized(text: str) -> str:
            return re.sub(rf"\b{shape[0]}\b", "3", text)
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
        of = QUOTIENT.fullmatch(start)
        sought = BY.search(start) is not None or re.fullmatch(r"\(*d\(\w+\)\)*", start) is not None      # d(A)*B + A*d(B) is no such thing
        twice = start.count("/d(") > 1
        if ZERO.fullmatch(row.right) and sought and not twice and (
                of is None or of[1] in self.given.losses or of[1] not in {n for n, _, _ in self.define} or self._scalar(of[1])):
            derivative = self.carried_out(row, start)
            if derivative is not None and not derivative.names:        # it is zero nowhere
                return found
            self.conditional = row.number
            return Mark(row.number, found.text, "given", reason=Reason("condition"))
        doubts = [d for r in (row, above) if r is not None for d in r.doubts]
        doubts += [d for name in WORDS.findall(f"{start} {row.right}") for d in self.doubts.get(name, ())]
        made = self.below(f"{line} {row.right}") | set(WORDS.findall(f"{line} {row.right}"))
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
        one = set(WORDS.findall(row.left or "")) & self.sought and not self.below(row.right) & self.sought
        if found.error is None and one and not DIFFERENTIAL.search(f"{row.left} {row.right}"):
            return Mark(row.number, found.text, "not judged", reason=Reason("equation"))       # x'*x = c: of one x
        if zero and not claims and not twice or self.bounds(row) or structure_from_equation(row.left or "", row.right) is not None:
            return Mark(row.number, found.text, "not judged", reason=Reason("equation"))
        return found

    def perhaps(self, i: int, line: str, row: Row, found: Mark) -> Mark:
        """A line that would follow by what was said of a name in a sentence that is not read, or under a condition above, is not judged."""
        for words in ([w for w in self.sheet.structure if w.ends <= i], self.sheet.maybe, unread_words(self.marks, self.shapes),
                      self.labels(), equated(self.sheet.rows, row)):
            kept, self.declare = self.declare, with_words(self.declare, words)
            if self.declare == kept:
                continue
            kind = self.kind([], line, row.right)
            self.declare = kept
            if kind in ("proved", "checked"):
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
        passed = {w for _, text in self.sheet.passed for w in WORDS.findall(text)}
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
                and r.left not in self.sought | self.varied and not DIFFERENTIAL.search(f"{r.left} {r.right}")
                and (r.role == "remark" or self.bounds(r))]

    def bounds(self, row: Row) -> bool:
        """Whether a row may bind names that nothing defines to a constant, or to each other, A*x = b above dA*x + A*dx = db."""
        left = row.left or ""
        each = bool(left) and moving(self.sheet.rows).issuperset(WORDS.findall(f"{left} {row.right}"))
        known = {n for n, _, _ in self.define}.union(*map(WORDS.findall, self.given.assume)) if not self.sheet.markup else set()
        return each or not (known & {*WORDS.findall(left)} or not constant(row.right) or constant(left) or DIFFERENTIAL.search(left))

    def unused(self) -> None:
        """A definition that no line uses says nothing that could be judged."""
        if self.sheet.code or any(m.mark == "not read" for m in self.marks):
            return
        rows = [r for r in self.sheet.rows if r.why is None and r.role not in ("start", "condition")]
        used = {above.defines for above, r in itertools.pairwise(rows) if r.left is None}
        used |= {w for r in rows if r.left != "" for w in WORDS.findall(f"{r.left or ''} {r.right}")}
        bodies = {n: b for n, b, _ in self.sheet.define}
        used |= {w for r in self.sheet.rows if r.role == "condition" for w in WORDS.findall(r.right)} | self.sheet.names.opened
        used |= {w for n, b, k in self.given.define if not k and n not in bodies for w in WORDS.findall(b)}
        used = set(reachable(used, lambda name: WORDS.findall(bodies.get(name, ""))))
        used |= {w for text in (*self.given.assume, *(c.start for c in self.conditions)) for w in WORDS.findall(text)}
        names = {r.number: r for r in rows if r.defines and r.role != "abbreviation"}
        for k, m in enumerate(self.marks):
            name = names[m.number].defines if m.number in names else ""
            if m.mark == "given" and m.reason is None and name and name not in used and re.search(rf"\b{name}\b", m.text):
                self.marks[k] = compared_with_gradients(self, names[m.number], name, m)
