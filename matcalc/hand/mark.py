"""Marking a hand derivation: does each line follow from the one before?"""

from __future__ import annotations

import itertools
import re
from collections import Counter
from copy import copy
from math import inf
from typing import NamedTuple

from ..diagnose.slip import Is
from ..language.expr import SCALAR, InputError, ShapeError
from ..language.infer import Inferred
from ..language.losses import made_of
from ..language.parse import problem
from .declared import said_by
from .definitions import misfits, with_words
from .adjoints import free, with_gradients
from .conclusions import without
from .consequences import Condition, Consequences
from .given import given
from .line import Mark, Reason
from .order import ordered
from .quotients import transposed
from .sheet import MEMBER, Row, Sheet, Word, constant
from .varied import BY, D_OF_NAME
from .words import Doubt
from .table import inferred

ORDER = ("does not follow", "undecided", "not judged", "not read", "follows if", "follows")
COVARIANCES = ("Sigma", "Lambda", "Omega", "Psi")
WORDS = re.compile(r"[A-Za-z_]\w*")


class Marked(NamedTuple):
    """A sheet with its marks; `doubts` are readings that were a choice, `passed` is what was passed over in sentences."""

    inferred: tuple[Inferred, ...]
    constant: tuple[str, ...]
    marks: tuple[Mark, ...]
    read: tuple[str, ...] = ()
    doubts: tuple[Doubt, ...] = ()
    said: tuple[tuple[str, str], ...] = ()
    understood: tuple[str, ...] = ()
    passed: tuple[tuple[int, str], ...] = ()
    layout: str = ""
    open: bool = False

    @property
    def worst(self) -> str:
        """The mark that decides; where a claim was passed over, not every line was judged."""
        found = {m.mark for m in self.marks} | ({"not judged"} if self.open else set())
        return next((m for m in ORDER if m in found), "given")

    @property
    def totals(self) -> Counter[str]:
        """How many lines have each mark."""
        return Counter(m.mark for m in self.marks)


class Marker(Consequences):
    """Goes down the rows."""

    def __init__(self, sheet: Sheet, seconds: float = inf) -> None:
        super().__init__(sheet, seconds)
        self.marks: list[Mark] = []
        self.tainted: dict[str, int] = {}
        self.doubts: dict[str, tuple[Doubt, ...]] = {}
        self.conditional: int | None = None
        self.conditions: list[Condition] = []
        self.sought: set[str] = set()
        self.fixed: list[str] = []
        self.entries: list[Doubt] = []
        self.certain: set[Doubt] = set()
        self.singles: dict[str, int] = {}
        self.held: set[tuple[str, str]] = set()
        self.ending: dict[int, dict[str, str]] = {}

    def run(self) -> Marked:
        """Every row. A definition that no mark above needs, of a name that is used there, is a conclusion that nothing was said of."""
        found = self._of_gradients(self._in_layout())
        for sheet in without(self.sheet):
            other = Marker(sheet, self.seconds)._in_layout()
            needed = any(a.mark != "given" and (a.mark, a.would) != (b.mark, b.would) and (a.reason is None or a.reason.kind != "unused")
                         for a, b in zip(found.marks, other.marks, strict=True))
            if not needed:
                found = other
        return found

    def _of_gradients(self, found: Marked) -> Marked:
        """The marks of the sheet with dW for the gradient by W, where more follows so; neither is a line wrong that may be meant so."""
        rows = {r.number for r in free(self.sheet)}
        if not rows or not any(m.mark == "does not follow" and m.number in rows for m in found.marks):
            return found
        other = with_gradients(self.sheet)
        again = Marker(other, self.seconds)._in_layout() if other is not None else None
        if again is not None:
            mended = [m for m in again.marks if m.number in rows and m.diagnosis.slips and m.diagnosis.slips[0].what is Is.EDIT]
            if again.totals["follows"] + len(mended) > found.totals["follows"]:
                return again
        marks = tuple(m._replace(mark="not judged", reason=Reason("gradient")) if m.mark == "does not follow" and m.number in rows else m
                      for m in found.marks)
        return found._replace(marks=marks)

    def _in_layout(self) -> Marked:
        """Every row, in the layout that was declared, or in the one that the shapes allow."""
        found = copy(self)._run()
        misfit = any(m.mark == "does not follow" and m.error is not None for m in found.marks)
        if not self.sheet.markup or self.sheet.layout != "denominator" or not misfit:
            return found
        derivatives = [r for r in self.sheet.rows if r.why is None and BY.search(f"{r.left or ''} {r.right}")]
        turned = any(re.search(r"/d\(\w+\)\)'", f"{r.left or ''} {r.right}") for r in derivatives)
        for layout in ("numerator", "mixed") if derivatives and not turned else ():
            other = copy(self.sheet)
            other.layout, other.rows = layout, list(self.sheet.rows)
            again = Marker(other, self.seconds)._run()
            unjudged = [sum(m.mark in ("not judged", "not read") for m in x.marks) for x in (again, found)]
            if not any(m.mark == "does not follow" for m in again.marks) and unjudged[0] <= unjudged[1]:
                if len([r for r in derivatives if r.left]) < 2:
                    again = again._replace(marks=_laid_out(again.marks, layout))
                return again._replace(layout=layout)
        return found

    def _run(self) -> Marked:
        """Every row."""
        self.marks, self.tainted, self.doubts, self.inferred = [], {}, {}, []
        self.read, self.constant, self.entries, self.conditions, self.conditional = {}, {}, [], [], None
        sheet = self.sheet
        self.declare = self.worded(sheet.declare, [w for w in sheet.structure if w.everywhere])
        if sheet.layout != "denominator":
            sheet.rows = [r._replace(left=r.left and self.laid(r.left), right=self.laid(r.right)) for r in sheet.rows]
        self.given = given(sheet)
        bad = self.fitting()
        self.fixed, self.ending = self.given.assume, {}
        self.shaped()
        rows = {r.defines for r in sheet.rows}
        self.marks += [self.misfit(Row(entry[2], "", entry[0], f"{entry[0]} = {entry[1]}"), bad[entry[0]])
                       for entry in sheet.define if entry[0] in bad and entry[0] not in rows]
        for row in sheet.rows:
            for name in {row.defines} - {""}:
                self.doubts[name] = tuple(row.doubts)
        readable = [r for r in sheet.rows if r.why is None]
        self.settled = bool(sheet.calls or sheet.wrt or BY.search(" ".join(f"{r.left or ''} {r.right}" for r in readable)))
        defined = {name for name, _, _ in self.define}
        self.varied = {n for r in readable for n in D_OF_NAME.findall(BY.sub("", f"{r.left or ''} {r.right}"))} - defined
        self.sought = {n for r in readable for n in BY.findall(f"{r.left or ''} {r.right}")}
        line, right, number, start = "", "", 0, ""
        anywhere = self._moving(readable)
        above: Row | None = None
        wrong: int | None = None
        for i, row in enumerate(sheet.rows):
            self.begin(i)
            if row.why is not None:
                self.marks.append(Mark(row.number, row.shown, "not read", error=row.why))
                continue
            if row.role == "conclusion":
                solved = self.under(str(row.left), row) if self.conditions else None
                self.marks.append(solved or Mark(row.number, self.written(row), "not judged", reason=Reason("solved", (str(row.left),))))
                continue
            if row.role == "condition":
                self.conditional = row.number
                if row.right == "0" and row.left is None:
                    self.zero(row, start, line, wrong)
                elif row.left == "":
                    self.zero(row, row.right, "", None)
                self.marks.append(Mark(row.number, row.shown, "given", reason=Reason("condition")))
                continue
            if row.defines in bad and row.left == "":
                self.marks.append(self.misfit(row, bad[row.defines]))
                line = right = row.right
                continue
            if row.left is not None:
                chain = [row, *_until_next(sheet.rows[i + 1:])]
                self.live = self._moving(chain) or anywhere
                line, right, number, wrong, above, start = row.left, row.left, row.number, None, row, row.left
                if not row.left:
                    line = right = start = row.right
                    if row.role != "start":
                        self.marks.append((self.solution(row) if self.conditions else None) or self.opening(row))
                    continue
            found = self.marked(i, line, row)
            says = row.left is not None and _says(row.left, row.right)
            bound = found.mark == "does not follow" and found.error is None and self.conditions and not says
            found = (self.under(line, row) if bound else None) or self.softened(found, row, above, start)
            if found.mark == "given" and found.reason is not None:
                self.zero(row, start, line, wrong)
            if found.mark == "does not follow" and right != line:
                again = self.marked(i, right, row)
                if again.mark == "follows":
                    found = again._replace(after=number)
            if found.mark == "does not follow":
                found = self.perhaps(i, line, row, found)
            elif found.mark in ("follows", "follows if") and wrong is not None:
                found = found._replace(through=wrong)
            if i in self.given.rows and found.mark == "follows":
                found = Mark(row.number, found.text, "given")
            self.marks.append(found)
            if found.error is None:
                line = row.right
            wrong = row.number if found.mark == "does not follow" else None if found.after else wrong
            if found.mark in ("follows", "given", "follows if") and found.through is None:
                right, number = row.right, row.number
        if len(self.marks) == 1 and self.marks[0].mark == "not read":
            raise next(m.error for m in self.marks if m.error is not None)
        self.unused()
        doubts = dict.fromkeys([*(d for r in sheet.rows for d in r.doubts), *self.entries])
        words = tuple((w.name, w.word) for w in sheet.structure if w[:2] in self.held)
        return Marked(tuple(self.inferred), tuple(self.constant), tuple(self.marks), tuple(self.read), tuple(doubts),
                      tuple(dict.fromkeys(words)), tuple(dict.fromkeys(sheet.understood)), tuple(sheet.passed), "", sheet.open)

    def begin(self, i: int) -> None:
        """What is said and assumed from this row on, and what no longer."""
        for old, new in self.ending.pop(i, {}).items():
            self.declare = [old if text == new else text for text in self.declare]
        for ends in {w.ends for w in self.sheet.structure if w.begins == i < w.ends and not w.everywhere}:
            longer = self.worded(self.declare, [w for w in self.sheet.structure if w.begins == i and w.ends == ends and not w.everywhere])
            if ends != inf:
                self.ending[int(ends)] = {old: new for old, new in zip(self.declare, longer, strict=True) if old != new}
            self.declare = longer
        self.given = self.given._replace(assume=[*self.fixed, *self.assumed(i)])

    def worded(self, declare: list[str], words: list[Word]) -> list[str]:
        """The declarations with words of structure; those that fit are noted."""
        out = with_words(declare, words)
        for text in out:
            found = MEMBER.fullmatch(text.replace("∈", " in "))
            if found is not None:
                self.held |= {(found[1].strip(), word) for word in found[3].split()}
        return out

    def assumed(self, i: int | None = None) -> list[str]:
        """The assumptions that count in a row (None: in any) and not in all rows, those that can be read."""
        out: list[str] = []
        for a in self.sheet.assumed:
            if (a.begins or a.ends != inf) and (i is None or a.begins <= i < a.ends):
                try:
                    problem(self.declare, [f"{n} = {b}" for n, b, _ in self.define], [*self.fixed, *out, a.text])
                except InputError:
                    continue
                out.append(a.text)
        return out

    # ------------------------------------------------------------ what is given
    def fitting(self) -> dict[str, InputError]:
        """Leave out the definitions that cannot be read with the others; what is wrong with them, by name."""
        asked = ordered(self.given.define)
        good, bad, assume = misfits(self.sheet, asked, self.given.assume)
        self.define = good
        self.given = self.given._replace(define=good, assume=assume)
        self.tainted = dict(self.sheet.unread)
        self.tainted.update({entry[0]: entry[2] for entry, _ in bad if not self.sheet.size(entry[0])})
        self.singles = self.singled()
        self.tainted.update(self.singles)
        names = {n for n, _, _ in good}
        for n, _, number in asked:
            if n not in names and not self.sheet.size(n):
                self.tainted.setdefault(n, number)
        return {entry[0]: e for entry, e in bad}

    def singled(self) -> dict[str, int]:
        """The names whose entries a sum was read to go over, and of which the sheet has a line about one entry besides; names like p_y
        that nothing defines, where p is defined, or y stands on the sheet too: they may be entries of p."""
        texts = [(r.number, f"{r.left or ''} {r.right}") for r in self.sheet.rows if r.why is None]
        texts += [(number, f"{name} {body}") for name, body, number in self.sheet.define]
        words = {w: number for number, text in reversed(texts) for w in WORDS.findall(text)}
        out = {entry.rpartition("_")[0]: words[entry] for entry in self.sheet.names.entries if entry in words}
        for word, number in words.items():
            base, _, index = word.rpartition("_")
            single = self.sheet.markup and len(index) == 1 and index.isalpha() and not self.sheet.names.known(word)
            if single and base in words and (base in self.sheet.names.bodies or self.sheet.names.known(base) and index in words):
                out[word] = number
        return out

    def shaped(self) -> None:
        """The shapes of names nobody declared, for all lines at once; what cannot be read is said where its line is judged."""
        chains: list[list[str]] = []
        for r in self.sheet.rows:
            if r.why is not None or r.role in ("condition", "conclusion"):
                continue
            if r.left is None and chains:
                chains[-1].append(r.right)
            else:
                chains.append([side for side in (r.left, r.right) if side])
        define = [f"{n} = {b}" for n, b, _ in self.define]
        assume = [*self.fixed, *self.assumed()]
        try:
            self.inferred = inferred(self.declare, define, assume, chains, self.given.losses)
        except InputError:
            readable = [c for c in chains if self.alone(define, c)]
            try:
                self.inferred = inferred(self.declare, define, assume, readable, self.given.losses)
            except InputError:
                return
        self.certain = {d for r in self.sheet.rows for d in r.doubts if not d.sure and self.square(d, define, assume, chains)}
        self.numbers(define, assume, chains)
        self.declare = self.worded([*self.declare, *map(str, self.inferred)], [w for w in self.sheet.structure if w.everywhere])

    def square(self, doubt: Doubt, define: list[str], assume: list[str], chains: list[list[str]]) -> bool:
        """Whether bars that were read as a determinant can be nothing else: the rest of the sheet makes a matrix of the name in them."""
        found = re.fullmatch(r"det\((\w+)\)", doubt.reading)
        if found is None:
            return False
        bars = re.compile(rf"\b(?:log)?det\({found[1]}\)")
        try:
            rest = inferred(self.declare, [bars.sub("1", d) for d in define], assume,
                            [[bars.sub("1", side) for side in chain] for chain in chains], self.given.losses)
        except InputError:
            return False
        return any(g.name == found[1] and g.shape[0] == g.shape[1] and g.shape != SCALAR for g in rest)

    def numbers(self, define: list[str], assume: list[str], chains: list[list[str]]) -> None:
        """Take a name of which nothing is known for a number where what is differentiated is a scalar then, and only then."""
        bodies = {n: set(WORDS.findall(b)) for n, b, _ in self.define}
        said = " ".join(side for chain in chains for side in chain)
        moving = {*BY.findall(said), *D_OF_NAME.findall(said)}
        for f in dict.fromkeys(n for n in re.findall(r"\bd\((\w+)\)/d\(", said) if n in bodies):
            for guess in () if self.scalar(f, define, self.inferred) else list(self.inferred):
                if guess.shape == SCALAR or guess.name in moving or guess.name not in made_of([f], bodies):
                    continue
                number = Inferred(guess.name, SCALAR, "", False)
                try:
                    rest = inferred([*self.declare, str(number)], define, assume, chains, self.given.losses)
                except InputError:
                    continue
                if self.scalar(f, define, [number, *rest]):
                    self.inferred = [number, *rest]
                    break

    def scalar(self, f: str, define: list[str], names: list[Inferred]) -> bool:
        """Whether a defined name is a scalar, its names being these."""
        try:
            p = problem([*self.declare, *map(str, names)], define, prove=f"{f} == {f}")
        except InputError:
            return False
        return p.prove is not None and p.prove[0].shape == SCALAR

    def alone(self, define: list[str], chain: list[str]) -> bool:
        """Whether a chain can be read by itself."""
        try:
            inferred(self.declare, define, self.given.assume, [chain], self.given.losses)
        except InputError:
            return False
        return True

    def laid(self, text: str) -> str:
        """d(f)/d(x) of another layout, written in the denominator layout."""
        return transposed(text, lambda f: self.sheet.layout == "numerator" or not self._scalar(f))

    def _scalar(self, text: str) -> bool:
        try:
            p = self._read({"prove": f"{text} == {text}"})
        except InputError:
            return True
        return p.prove is None or p.prove[0].shape == SCALAR

    def _moving(self, rows: list[Row]) -> set[str]:
        """The names whose differential is meant: those by which a derivative is taken, and those that stand as d(x)."""
        defined = {name for name, _, _ in self.define}
        text = " ".join(f"{r.left or ''} {r.right}" for r in rows)
        out = set(BY.findall(text)) | {n for n in D_OF_NAME.findall(text) if n not in defined}
        return (out | set(self.sheet.wrt)) if out else out

    # ------------------------------------------------------------ marks
    def opening(self, row: Row) -> Mark:
        """The mark of a line that begins a chain."""
        if row.role == "loose":
            return Mark(row.number, row.shown or row.right, "not judged", reason=Reason("unread above"))
        try:
            read = self.parsed(row)
        except InputError as e:
            if row.defines not in self.tainted:
                return Mark(row.number, row.shown or row.right, "not read", error=e)
            read = f"{row.right} = {self.sheet.names.bodies.get(row.right, '')}".removesuffix(" = ")
            return Mark(row.number, row.shown or read, "not judged", reason=self.taint(row.right))
        return Mark(row.number, row.shown or read, "given")

    def misfit(self, row: Row, error: InputError) -> Mark:
        """The mark of a definition whose sizes do not fit."""
        shown = row.shown or f"{row.right} = {self.sheet.names.bodies.get(row.right, '')}"
        unsure = [d for d in row.doubts if not d.sure and d not in self.certain]
        if unsure:
            return Mark(row.number, shown, "not judged", reason=Reason("doubt", unsure[0][:2]))
        return Mark(row.number, shown, "does not follow" if isinstance(error, ShapeError) else "not read", error=error)

    def marked(self, i: int, line: str, row: Row) -> Mark:
        """The mark of line = row.right; what cannot be read is marked so."""
        if i in self.given.apart:
            return self.apart(i, row)
        shown = row.shown or (f"{row.left} = {row.right}" if row.left else f"= {row.right}")
        taint = self.taint(f"{line} {row.right}")
        if taint and self.differentiates(f"{line} {row.right}"):
            return Mark(row.number, shown, "not judged", reason=taint)
        through = self.through(f"{line} {row.right}")
        if through is not None:
            return Mark(row.number, shown, "not judged", reason=through)
        try:
            found = self.judged(line, row)
            return found if found.error is None else self.entrywise(line, row, found)
        except InputError as e:
            return Mark(row.number, shown, "not judged" if taint else "not read", reason=taint, error=None if taint else e)

    def entrywise(self, line: str, row: Row, found: Mark) -> Mark:
        """A line of LaTeX that fits only where its fractions and powers are taken entry by entry, so read."""
        left, right = (re.sub(r"\^\((\d+)\)", r".^(\1)", text.replace(")/(", ")./(")) for text in (line, row.right))
        if not self.sheet.markup or (left, right) == (line, row.right):
            return found
        kept = list(self.declare), list(self.inferred)
        try:
            again = self.judged(left, row._replace(left=row.left and left, right=right))
        except InputError:
            again = found
        if again.error is not None:
            self.declare, self.inferred = kept
            return found
        self.entries.append(Doubt(row.right, right, True))
        return again

    def through(self, text: str) -> Reason | None:
        """A derivative by a name that the function is not made of, and that is made of the same names as the function."""
        bodies = {n: set(WORDS.findall(b)) for n, b, _ in self.define}
        for r in self.sheet.rows:
            if r.why is None and r.left and WORDS.fullmatch(r.left) and r.left not in bodies:
                bodies[r.left] = set(WORDS.findall(r.right))
        for f, x in re.findall(r"\bd\((\w+)\)/d\((\w+)\)", text):
            if f in bodies and x in bodies and f not in (x, *made_of([x], bodies)):
                below, under = made_of([f], bodies), made_of([x], bodies)
                if x not in below and any(n in below and n not in bodies for n in under):
                    return Reason("through", (f, x))
        return None

    def opened(self) -> dict[str, str]:
        """What each name is defined as, or assumed to be."""
        given = [a.partition(" = ") for a in self.given.assume]
        return {name: body for name, _, body in given if WORDS.fullmatch(name)} | {n: b for n, b, _ in self.define}

    def taint(self, text: str) -> Reason | None:
        """The name in a text whose definition could not be read."""
        bodies, seen, waiting = self.opened(), set[str](), WORDS.findall(text)
        while waiting:
            name = waiting.pop(0)
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

    def softened(self, found: Mark, row: Row, above: Row | None, start: str) -> Mark:
        """A line that does not follow as it was read is not judged where it may have been meant otherwise."""
        if found.mark != "does not follow":
            return found
        zero = row.right == "0" or (row.left or "").strip() == "0"
        if zero and re.search(r"\bd\(", start) and row.right == "0":
            self.conditional = row.number
            return Mark(row.number, found.text, "given", reason=Reason("condition"))
        doubts = [d for r in (row, above) if r is not None for d in r.doubts]
        doubts += [d for name in WORDS.findall(f"{start} {row.right}") for d in self.doubts.get(name, ())]
        unsure = [d for d in doubts if not d.sure and d not in self.certain]
        if unsure:
            return Mark(row.number, found.text, "not judged", reason=Reason("doubt", unsure[0][:2]))
        if row.role == "remark":
            return Mark(row.number, found.text, "not judged", reason=Reason("remark"))
        if row.left in self.varied | self.sought and row.left:
            return Mark(row.number, found.text, "not judged", reason=Reason("solved", (row.left,)))
        if self.conditional is not None and found.error is None and (row.left is None or not _says(row.left, row.right)):
            return Mark(row.number, found.text, "not judged", reason=Reason("conditional", (str(self.conditional),)))
        if zero or self.bounds(row) or said_by(row.left or "", row.right) is not None:
            return Mark(row.number, found.text, "not judged", reason=Reason("equation"))
        return found

    def perhaps(self, i: int, line: str, row: Row, found: Mark) -> Mark:
        """A line that would follow by what was said of a name in a sentence that is not read, or under a condition above, is not judged."""
        for words in ([w for w in self.sheet.structure if w.ends <= i], self.sheet.maybe, self.covariances(), self.labels()):
            longer = with_words(self.declare, words)
            if longer == self.declare:
                continue
            kept, self.declare = self.declare, longer
            kind = self.kind([], line, row.right)
            self.declare = kept
            if kind in ("proved", "checked"):
                said = ", ".join(dict.fromkeys(f"{w.name} is {w.word}" for w in words))
                return Mark(row.number, found.text, "not judged", reason=Reason("perhaps", (said,)))
        for text in self.remarks(row):
            if self.kind([text], line, row.right) in ("proved", "checked"):
                return Mark(row.number, found.text, "not judged", reason=Reason("perhaps", (text,)))
        return found

    def covariances(self) -> list[Word]:
        """That what nobody declared is symmetric, where Sigma is among it: so a covariance is, and what is compared with it."""
        square = [g.name for g in self.inferred if g.shape[0] == g.shape[1] and g.shape != SCALAR]
        return [Word(name, "symmetric", 0) for name in square] if any(n.split("_")[0] in COVARIANCES for n in square) else []

    def labels(self) -> list[Word]:
        """That what nobody declared and nothing varies is a probability vector, on a sheet with a softmax: so labels are."""
        used = any(re.search(r"\bsoftmax\(", text) for text in (*(b for _, b, _ in self.define), *(r.right for r in self.sheet.rows)))
        return [Word(g.name, "simplex", 0) for g in self.inferred if used and self.sheet.markup and str(g.shape[1]) == "1" and
                g.shape != SCALAR and g.name not in self.sought | self.varied]

    def remarks(self, row: Row) -> list[str]:
        """The equations besides this row that may be conditions: those in sentences, and those that say a name is so that .. = 1."""
        return [f"{r.left} = {r.right}" for r in self.sheet.rows if r is not row and r.left and r.why is None
                and "d(" not in f"{r.left} {r.right}" and (r.role == "remark" or self.bounds(r))]

    def bounds(self, row: Row) -> bool:
        """Whether a row of LaTeX may bind names that nothing defines to a constant."""
        left = row.left or ""
        return self.sheet.markup and constant(row.right) and not constant(left) and "d(" not in left

    def unused(self) -> None:
        """A definition that no line uses says nothing that could be judged."""
        if any(m.mark == "not read" for m in self.marks):
            return
        rows = [r for r in self.sheet.rows if r.why is None and r.role not in ("start", "condition")]
        goes_on = {above.defines for above, r in itertools.pairwise(rows) if r.left is None and r.role != "condition"}
        used = goes_on | {w for r in rows if r.left != "" for w in WORDS.findall(f"{r.left or ''} {r.right}")}
        used |= {w for r in self.sheet.rows if r.role == "condition" for w in WORDS.findall(r.right)}
        bodies = {n: b for n, b, _ in self.sheet.define}
        waiting = list(used)
        while waiting:
            for word in WORDS.findall(bodies.get(waiting.pop(), "")):
                if word not in used:
                    used.add(word)
                    waiting.append(word)
        used |= {w for text in self.given.assume for w in WORDS.findall(text)}
        names = {r.number: r.defines for r in rows if r.defines}
        for k, m in enumerate(self.marks):
            name = names.get(m.number, "")
            if m.mark == "given" and m.reason is None and name and name not in used and re.match(rf"{name}\b", m.text):
                self.marks[k] = m._replace(mark="not judged", reason=Reason("unused", (name,)))


def _says(left: str, right: str) -> bool:
    """Whether a line says what a derivative or a differential is: that holds in general or not at all, whatever is zero."""
    return any(re.search(r"\bd\(", one) and not BY.search(two) for one, two in ((left, right), (right, left)))


def _laid_out(marks: tuple[Mark, ...], layout: str) -> tuple[Mark, ...]:
    """The lines about derivatives follow in this layout only."""
    out: list[Mark] = []
    inside = False
    for m in marks:
        inside = bool(BY.search(m.text)) or (inside and m.text.startswith("="))
        out.append(m._replace(mark="follows if", reason=Reason("layout", (layout,))) if inside and m.mark == "follows" else m)
    return tuple(out)


def _until_next(rows: list[Row]) -> list[Row]:
    out: list[Row] = []
    for r in rows:
        if r.left is not None:
            break
        if r.why is None:
            out.append(r)
    return out
