"""Which definitions of a sheet fit, which shapes its names have, and from which row on something is said of them."""

from __future__ import annotations

import re
from collections.abc import Container, Iterable
from contextlib import suppress
from math import inf

from ...language.deadline import deadline_after
from ...language.expr import SCALAR, InputError
from ...language.operations import SQUARE_WORDS
from ...language.shape import ONE
from ...reading.brackets import terms
from ...reading.tokens import GREEK
from ...reading.inference.statements import Inferred
from ...reading.parse import problem
from ...records import Record
from ..statements.definitions import misfits, square, with_words
from ..parts.formula import declared, quotient, formula
from .unknown_names import UnknownNames
from ..parts.definition_parts import Definition, DefinitionParts, as_text, equation, ordered
from ...reading.latex.letters import FUNCTIONS
from ...reading.latex.texts import ENTRY_OF, transposed
from ..parts.records import Row, texts, Word
from ..statements.sheet import Sheet
from ...reading.inference.lines import inferred, inferred_with
from ..parts.variables import COUNTS, LOSSES
from ...reading.latex.names import NAME, Ambiguity
from ...patterns import pattern

ALIKE = pattern(r"(\w+?)_(?:hat|star|d?dot|minus|plus|new)")
TERM = r"(?<![\d*/)] )[-+] {0}(?= [-+](?! \d)|\))|(?<=\(){0} [-+](?! \d)|\b{0} [-+] [\w.*^()]*\beye\b"      # X*W - T, K + c*I
NUMBER = "sum([1, 2])"                         # no matrix, and not spread over one


class Evidence(Record):
    """What says how large undeclared names are: definitions, assumptions, and the sides of the lines, chain by chain."""

    define: list[str]
    assume: list[str]
    chains: list[list[str]]

    @property
    def text(self) -> str:
        """The definitions and lines."""
        return " ".join([*self.define, *(side for chain in self.chains for side in chain)])


class Fitting(UnknownNames):
    """Shapes, definitions and assumptions in force when a line is judged."""

    def __init__(self, sheet: Sheet, seconds: float = inf) -> None:
        super().__init__(sheet, seconds)
        self.tainted: dict[str, int] = {}
        self.singles: dict[str, int] = {}
        self.certain: set[Ambiguity] = set()
        self.evidence = Evidence([], [], [])
        self.fixed: list[str] = []
        self.held: set[tuple[str, str]] = set()
        self.ending: dict[int, dict[str, str]] = {}

    def begin(self, i: int) -> None:
        """What is said and assumed from this row on, and what no longer."""
        self.line = deadline_after(self.seconds)
        for old, new in self.ending.pop(i, {}).items():
            self.declare = [old if text == new else text for text in self.declare]
        for ends in {w.ends for w in self.sheet.structure if w.begins == i < w.ends and not w.everywhere}:
            longer = self.worded(self.declare, [w for w in self.sheet.structure if w.begins == i and w.ends == ends and not w.everywhere])
            if ends != inf:
                self.ending.setdefault(int(ends), {}).update(
                    (old, new) for old, new in zip(self.declare, longer, strict=True) if old != new)
            self.declare = longer
        self.given = self.given._replace(assume=[*self.fixed, *self.assumed(i)])

    def worded(self, declare: list[str], words: list[Word]) -> list[str]:
        """The declarations with words of structure; those that fit are noted."""
        out = with_words(declare, words)
        for text in out:
            found = declared(text)
            if found is not None:
                self.held |= {(found.name, word) for word in found.words}
        return out

    def assumed(self, i: int | None = None) -> list[str]:
        """The assumptions that count in a row (None: in any) and not in all rows, those that can be read."""
        out: list[str] = []
        for a in self.sheet.assumed:
            if (a.begins or a.ends != inf) and (i is None or a.begins <= i < a.ends):
                with suppress(InputError):
                    problem(self.declare, as_text(self.define), [*self.fixed, *out, a.text])
                    out.append(a.text)
        return out

    def fitting(self) -> dict[str, InputError]:
        """Leave out the definitions that cannot be read with the others; what is wrong with them, by name."""
        asked = ordered(self.given.define)
        good, bad, assume = misfits(self.sheet, asked, self.given.assume)
        for repair in (self.declarations, self.bodies_by_entries, self.sized_by_lines):
            declare, bodies = repair(good, [entry for entry, _ in bad]) if bad else ([], {})
            if declare or bodies:
                for text in declare:
                    self.sheet.declared(text)
                self.declare = self.worded(self.sheet.declare, [w for w in self.sheet.structure if w.everywhere])
                asked = [(n, bodies.get(n, b), k) for n, b, k in asked]
                good, bad, assume = misfits(self.sheet, asked, self.given.assume)
        self.define = good
        self.given = self.given._replace(define=good, assume=assume)
        self.tainted = dict(self.sheet.unread)
        self.tainted.update({name: entry[2] for entry, _ in bad if not self.sheet.size(entry[0])
                             for name in {entry[0], "".join(GREEK.get(c, c) for c in entry[0])}})     # δ, and delta
        self.singles = self.singled()
        self.tainted.update(self.singles)
        names = {n for n, _, _ in good}
        for n, _, number in asked:
            if n not in names and not self.sheet.size(n):
                self.tainted.setdefault(n, number)
        return {entry[0]: e for entry, e in bad}

    def through_names(self, define: list[Definition]) -> list[Definition]:
        """The definitions with z in place of its body where z is a variable of the sheet: softmax(U'*v) with z = U'*v is softmax(z)."""
        said = " ".join(texts(self.sheet.rows))
        for name in [n for n in formula(said).by if n in self.sheet.names.bodies]:
            body = self.sheet.names.bodies[name]
            inner = re.sub(r"^\((.*)\)$", r"\1", body)
            own, below = formula(inner).names, DefinitionParts(define, {}).of([name])
            if len(own) < 2 or any(name in formula(b).names for _, b, _ in define):
                continue
            whole = r"\({0}\)" if len(terms(inner)) > 1 else r"\({0}\)|(?<=[-+(,])\s*{0}(?=\s*[-+,)])"
            out = [(n, b if n == name or n in below else re.sub(whole.format(re.escape(inner)), f"({name})", b), k) for n, b, k in define]
            if all(n == name or n in below or b == old or not own & formula(b).names
                   for (n, b, _), (_, old, _) in zip(out, define, strict=True)):
                define = out
        return define

    def singled(self) -> dict[str, int]:
        """Names with a line about one entry beside a sum over them, and undefined names like p_y beside p or y: possible entries."""
        texts = [(r.number, r.text) for r in self.sheet.rows if r.why is None]
        texts += [(number, f"{name} {body}") for name, body, number in self.sheet.define]
        words = {w: number for number, text in reversed(texts) for w in formula(text).names}
        out = {entry.rpartition("_")[0]: words[entry] for entry in self.sheet.names.entries if entry in words}
        for word, number in words.items():
            base, _, index = word.rpartition("_")
            single = self.sheet.markup and len(index) == 1 and index.isalpha() and not self.sheet.names.known(word)
            if single and base in words and (base in self.sheet.names.bodies or self.sheet.names.known(base) and index in words):
                out[word] = number
        return out

    def shaped(self, but: Container[str] = ()) -> None:
        """The shapes of undeclared names, for all lines at once but those that speak of some; what cannot be read is said where its
        line is judged."""
        chains = [[side for side in chain if not any(w in but for w in formula(side).names)] for chain in self.chains()]
        self.evidence = Evidence(as_text(self.define), [*self.fixed, *self.assumed()], chains)
        promised = {n: shape for n, shape in self.sheet.promised.items() if n in self.bodies}
        declare = [*self.declare, *(f"{n}_declared in {shape}" for n, shape in promised.items())]
        said = [*self.evidence.assume, *(f"{n} = {n}_declared" for n in promised)]
        try:
            self.inferred = inferred_with(declare, self.evidence.define, said, chains, self.given.losses, self.sheet.names.by_numbers,
                                          [square(self.sheet), self.alike()])
        except InputError:
            readable = self.evidence._replace(chains=[c for c in chains if self.alone(c)])
            try:
                self.inferred = inferred(self.declare, *readable, self.given.losses, self.sheet.names.by_numbers)
            except InputError:
                return
        self.certain = {d for r in self.sheet.rows for d in r.doubts if not d.sure and self.square(d)}
        self.numbers()
        self.declare = self.worded([*self.declare, *map(str, self.inferred)], [w for w in self.sheet.structure if w.everywhere])
        with suppress(InputError):
            p = self.whole()
            self.shapes = {n.name: n.shape for n in (*p.variables.values(), *(n for n, _ in p.definitions)) if n.kind == "variable"}

    def alike(self) -> list[str]:
        """That w_hat and q_dot have the shape of w and q."""
        words = formula(self.evidence.text).names
        return [f"{w} = {m[1]}" for w in sorted(words) if (m := ALIKE.fullmatch(w)) and m[1] in words and w not in self.sheet.names.plain]

    def square(self, doubt: Ambiguity) -> bool:
        """Whether bars that were read as a determinant can be nothing else: the rest of the sheet makes a matrix of the name in them."""
        found = re.fullmatch(r"det\(\(?(\w+)(?:\)\^\(-1\))?\)", doubt.reading)
        if found is None:
            return False
        names = self.sheet.names
        known = (names.guessed if found[1] in names.bodies else names.shape)(found[1]) or ("", "1")
        if known[0] == known[1] != "1" or any(w.name == found[1] and w.word in SQUARE_WORDS for w in self.sheet.structure):
            return True
        bars = re.compile(rf"\b(?:log)?det\(\(?{found[1]}(?:\)\^\(-1\))?\)")
        define, assume, chains = self.evidence
        rest = self.with_others(["bars_ in R"], Evidence([bars.sub("bars_", d) for d in define], assume,
                                                       [[bars.sub("bars_", side) for side in chain] for chain in chains]))
        return any(g.name == found[1] and g.shape[0] == g.shape[1] and g.shape != SCALAR for g in rest)

    def with_others(self, declare: Iterable[str], evidence: Evidence) -> list[Inferred]:
        """The shapes of the names that are undeclared with more declarations; none where what is stated cannot be read with them."""
        with suppress(InputError):
            return inferred([*self.declare, *declare], *evidence, self.given.losses)
        return []

    def as_numbers(self, names: Iterable[str]) -> list[Inferred]:
        """The shapes of undeclared names where these are numbers; none where the sheet cannot be read so."""
        numbers = [Inferred(n, SCALAR, "", False) for n in names]
        with suppress(InputError):
            return [*numbers, *inferred([*self.declare, *map(str, numbers)], *self.evidence, self.given.losses)]
        return []

    def numbers(self) -> None:
        """Take a name of which nothing is known for a number where what is differentiated is a scalar then, and only then."""
        lines = " ".join(side for chain in self.evidence.chains for side in chain)
        moving = formula(lines).by | formula(lines).moved
        asked = list(dict.fromkeys(n for n in re.findall(r"\bd\((\w+)\)/d\((?!\w+\)\)*')", lines) if n in self.bodies))    # no row
        named = moving | {w.name for w in self.sheet.structure}
        for guess in [g for g in self.inferred if g.name in COUNTS and g.shape != SCALAR and not g.source and g.name not in named
                      and not re.search(TERM.format(g.name), f"{lines} {self.evidence.define}")]:
            some = self.as_numbers([guess.name])
            transposed = any(g.shape == SCALAR and g.name in formula(self.evidence.text).turned for g in some)
            if some and not transposed and all(self.scalar(f, some) for f in asked if self.scalar(f, self.inferred)):
                self.inferred = some
        for f in [f for f in asked if not (self.scalar(f, self.inferred) or self.jacobian(f))]:
            self.one_column(f)
            if not self.scalar(f, self.inferred):
                names = [g.name for g in self.inferred if g.shape != SCALAR and g.name not in moving and g.name in self.made.of([f])]
                found = (some for n in names if (some := self.as_numbers([n])) and self.scalar(f, some))
                self.inferred = next(found, []) or self.all_numbers(f) or self.inferred

    def jacobian(self, f: str) -> bool:
        """Whether a derivative of a column is said to be a matrix that fits, in one layout or the other."""
        for left, right in (chain[:2] for chain in self.evidence.chains if len(chain) > 1):
            of = quotient(left.replace("'", ""))
            for side in (left, f"({left})'") if of is not None and of[0] == f else ():
                p = equation([*self.declare, *map(str, self.inferred)], self.made_of(side, right), side, right, (), self.given.losses)
                if p is not None and ONE not in p.sides[0].shape:
                    return True
        return False

    def all_numbers(self, f: str) -> list[Inferred]:
        """The shapes with all small letters of which a loss is made for numbers, where no sum or transpose stands on the sheet and every
        line fits then: a network of one neuron."""
        if f not in LOSSES or re.search(r"'|\b(?:sum|norm\w+|tr|ones)\(", self.evidence.text):
            return []
        below = self.made.of([f]) & formula(self.evidence.text).names - self.bodies.keys() - FUNCTIONS - self.sheet.names.plain
        small = dict.fromkeys(n for n in (*sorted(below), *(g.name for g in self.inferred)) if n[0].islower())
        some = self.as_numbers(small)
        return some if below <= small.keys() and self.scalar(f, some) else []

    def one_column(self, f: str) -> None:
        """Take a matrix for a column where what is differentiated is a scalar then, Y of Y = X*beta; or, of a loss, for a row: the weights
        of one output. Of several the one with which most names are no numbers; the lines have no say, since 1 - a^2 fits a number."""
        best: list[Inferred] = []
        define, assume, _ = self.evidence
        for guess in [g for g in self.inferred if "1" not in map(str, g.shape)]:
            for shape in [(guess.shape[0], ONE), *([(ONE, guess.shape[1])] if f in LOSSES else [])]:
                one = Inferred(guess.name, shape, "", False)
                some = [one, *self.with_others([str(one)], Evidence(define, [*assume, f"{f} = {NUMBER}"], []))]
                if self.scalar(f, some) and sum(g.shape != SCALAR for g in some) > sum(g.shape != SCALAR for g in best):
                    best = some
        with suppress(InputError):
            more = inferred([*self.declare, *map(str, best)], *self.evidence, self.given.losses) if best else []
            self.inferred = [*best, *more] if best else self.inferred

    def scalar(self, f: str, names: list[Inferred]) -> bool:
        """Whether a defined name is a scalar, its names being these."""
        return self.number_with(f, self.made_of(f), [*self.declare, *map(str, names)])

    def total(self, f: str) -> bool:
        """Whether a defined name is a scalar."""
        return self.shapes[f] == SCALAR if f in self.shapes else self.scalar(f, [])

    def alone(self, chain: list[str]) -> bool:
        """Whether a chain can be read by itself."""
        with suppress(InputError):
            inferred(self.declare, self.made_of(*chain, *self.given.assume), self.given.assume, [chain], self.given.losses)
            return True
        return False

    def row_context(self, text: str) -> str:
        """d(f)/d(x) of another layout, written in the denominator layout; entries of derivatives are the same in all."""
        if ENTRY_OF.search(text):
            return text
        return transposed(text, lambda f: self.sheet.layout == "numerator" or not self._scalar(f))

    def _scalar(self, text: str) -> bool:
        p = self.equation(text, text) if text not in LOSSES or text in self.sheet.names.plain else None
        return p is None or p.sides[0].shape == SCALAR

    def _moving(self, rows: list[Row]) -> set[str]:
        """The names whose differential is meant: those by which a derivative is taken, and those that stand as d(x)."""
        text = " ".join(texts(rows))
        varied = formula(text).by | formula(text).moved
        laws = {m[1] for a in self.given.assume if (m := re.match(r"d\((\w+)\) = ", a))}        # d(x) = A*x of dx/dt = A*x
        out = set(formula(text).by | varied - self.bodies.keys() or laws)
        inner = varied & self.bodies.keys()
        first = {n for n in inner if inner.isdisjoint(self.made.below(n))}      # dS of S = Sigma varies Sigma, where nothing else does
        base = {n: self.made.of([n]) & self.shapes.keys() - self.made.bodies.keys() for n in inner}
        if self.sheet.names.parameter and not out:          # of dL/dt and dK/dt, where L is made of K and y, nothing says that y varies
            out = out.union(*(base[n] for n in first))
        out = out or {b for n in inner if NAME.fullmatch(b := self.bodies[n].strip("()"))} - self.bodies.keys()     # W = w_1
        if out and not any(below & out for below in base.values()):
            out = out.union(*(base[n] for n in first))
        return (out | set(self.sheet.wrt)) if out else out
