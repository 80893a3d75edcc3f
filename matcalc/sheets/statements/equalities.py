"""The equalities of a display as rows: sides read, names introduced, chains continued."""

from __future__ import annotations

from contextlib import suppress
import re
from collections.abc import Sequence

from ...language.shape import InputError
from ...reading.latex.whole_text import renamed
from ...reading.latex.names import NAME
from ..parts.formula import unbracketed
from .index_sides import IndexedSides
from .plain_lines import ASKED
from ..parts.records import Row
from .rows import Statement
from ...reading.latex.spelt_names import pointwise, with_functions, with_labels, with_primes
from ...reading.latex.index_letters import SAID, with_sums
from .statement_forms import at_point, composition, is_task, point, subject
from ...reading.latex.spelling import plain
from ...reading.latex.macros import group
from ...reading.latex.formula import Formula, read
from ...reading.latex.names import Ambiguity
from ...reading.latex.tokens import Token, Tokens, misread, tokens

LOSS = re.compile(r"\b(?:scalar|loss|cost|objective|error|energy|likelihood)\b", re.I)


class Equalities(IndexedSides):
    """Turns the equalities of a display into rows, with their sides in the language."""

    def spelled(self, start: int, end: int) -> list[Token]:
        """The tokens of a stretch of the file, macros expanded and ornaments taken off."""
        found = plain(tokens(self.text, start, end), self.macros, self.fail)
        found = with_labels(with_primes(found, self.names.primed), self.names.labels)
        return with_functions(renamed(with_sums(found) if SAID.search(self.text) else found, self.afresh), self.names)

    def fail(self, message: str, at: int) -> InputError:
        """An error at a place of the file."""
        return misread(self.text, at, message)

    def shown(self, start: int, end: int) -> str:
        """As it was written, on one line."""
        return " ".join(self.text[start:end].replace("&", " ").split())

    def heading(self, side: Tokens) -> tuple[str, tuple[str, ...]] | None:
        """f and the x of a new f(x)."""
        if len(side) > 1 and side[0][0] in (r"\log", r"\ln"):
            inner = self.heading(side[1:]) or self.letter(side[1:])
            return (f"log_{inner[0]}", inner[1]) if inner is not None else None
        try:
            reader = Formula(side, self.names, self.text, [])
            name = reader.name()
            declared = name in self.names.functions and name not in self.names.bodies
            fits = declared or self.new(name or "") or name in self.given_names
            if name is None or name.startswith("\\") or not fits or not reader.opens() or name in ("d", "" if self.names.called_e else "e"):
                return None
            if reader.named_derivative(name, 0) is not None:
                return None
            given = reader.arguments_here()
            if reader.now or given is None or not all(NAME.fullmatch(g) for g in given):
                return None
            if declared:
                self.written_out(name, given)
            return name, tuple(given)
        except InputError:
            return None

    def letter(self, side: Tokens) -> tuple[str, tuple[str, ...]] | None:
        """p of \\log p, of which nothing is known."""
        name = self.single(side)
        return (name, ()) if self.new(name) and self.unused(name) else None

    def written_out(self, name: str, given: list[str]) -> None:
        """A function that was declared, and is now defined, is no longer an abstract one."""
        for k, text in enumerate(self.declare):
            found = re.fullmatch(r"\s*([\w, ]+?)\s*:\s*R(\S*)\s*->.*", text)
            names = [n.strip() for n in found[1].split(",")] if found else []
            if found and name in names:
                rest = [n for n in names if n != name]
                self.declare[k:k + 1] = [f"{', '.join(rest)}{text[text.index(':'):]}"] if rest else []
                self.names.plain.discard(name)
                del self.names.functions[name]
                if len(given) == 1 and given[0] not in self.names.plain:
                    self.declared(f"{given[0]} in R{found[2]} {self.domains.get(name, '')}".rstrip())
                return

    def sides(self, s: Statement, row: Row) -> None:
        """The sides of a statement, each read for itself."""
        try:
            if self.composed(s):
                name = self.define[-1][0]
                self.rows.append(row._replace(left="", right=name, defines=name))
                return
            if self.unwritten(s):
                return
            if is_task(s.sides, s.sign):
                self.rows.append(row._replace(left="", right="", shown=self.shown(s.at, s.last), role="model"))
                return
            if subject(s.word) and len(s.sides) == 2 and any(r.role == "model" for r in self.rows[-2:]):
                self.hoped.append(" = ".join(read(side, self.names, self.text) for side in s.sides))
                self.rows.append(row._replace(left="", right="", shown=self.shown(s.at, s.last), role="model"))
                return
        except InputError as e:
            self.rows.append(row._replace(left=None if self.rows else "", shown=self.shown(s.at, s.last), why=e))
            return
        last = "".join(t for t, _ in s.sides[-1])
        if last in ASKED and (s.goes_on or len(s.sides) > 1) and all(before := [self.in_language(side) for side in s.sides[:-1]]):
            self.asked(row._replace(shown=self.shown(s.at, s.last), role=ASKED[last]), before, s.goes_on)
            return
        s = s._replace(sides=pointwise(s.sides, self.names))
        sides = list(s.sides)
        heading = self.heading(sides[0]) if len(sides) > 1 and not s.goes_on else None
        if heading:
            self.calls[heading[0]] = heading[1]
        texts: list[str | InputError] = [heading[0]] if heading else []
        doubts: list[Ambiguity] = []
        before = set(self.names.entries)
        for side in sides[len(texts):]:
            try:
                texts.append(self.primed(unbracketed(read(side, self.names, self.text, doubts)), side, doubts))
            except InputError as e:
                texts.append(self.by_its_shape(sides, side, doubts) or e)
            except RecursionError:
                texts.append(self.fail("the formula is nested too deeply", side[0][1]))
        row, texts = self.with_indices(s, row._replace(doubts=tuple(dict.fromkeys(doubts))), texts, heading[0] if heading else "", before)
        asked = texts.pop() if s.must else ""
        if s.word in ("where", "with", "let") and len(texts) == 2 and isinstance(texts[0], str) and isinstance(texts[1], str) \
                and self.new(texts[1]) and not self.new(texts[0]):
            texts.reverse()
            if any(r.why is None and texts[1] in r.right for r in self.rows[-1:]):
                row = row._replace(role="abbreviation")
        if s.must and len(texts) == 1 and isinstance(texts[0], str) and not s.goes_on:
            self.rows.append(row._replace(left="", right=texts[0], role="start"))
        else:
            self.chain(row, texts, s)
        if s.must:
            right = "0" if asked == "0" else ""
            self.rows.append(row._replace(left=None, right=right, role="condition", shown=self.shown(s.sides[-1][0][1], s.last)))

    def by_its_shape(self, sides: Sequence[Tokens], side: Tokens, doubts: list[Ambiguity]) -> str:
        """A side with a gradient by the one name that has the shape of the other side; nothing where there is none."""
        if not any(t == r"\nabla" for t, _ in side) or len(sides) != 2:
            return ""
        try:
            self.names.wanted = self.shape(read(next(s for s in sides if s is not side), self.names, self.text))
            return read(side, self.names, self.text, doubts)
        except (InputError, RecursionError):
            return ""
        finally:
            self.names.wanted = None

    def unwritten(self, s: Statement) -> bool:
        """Whether L = \\ell(Z) says no more than that a loss depends on Z: the row is given, and L is a loss that nobody wrote down."""
        if len(s.sides) != 2 or s.goes_on or s.sign:
            return False
        name = self.heading(s.sides[0]) or (self.single(s.sides[0]), ())
        same = self.names.densities and [t for t, _ in s.sides[0]] == [t for t, _ in s.sides[1]]         # \Phi' = \phi
        if same:
            return True
        if self.new(name[0]) and self.slope_of_nothing(s.sides[1]):
            self.rows.append(Row(self.line_of(s.at), "", "", self.shown(s.at, s.last), role="model"))
            return True
        reader = Formula(s.sides[1], self.names, self.text, [])
        try:
            of = reader.name()
            if of is None or of.startswith("\\") or self.names.known(of) or reader.function(of) or of in self.names.arguments or \
                    not reader.opens() or self.names.function(of) or of in ("sigma", "d", "e", "I"):
                return False
            given = reader.arguments_here() or []
        except InputError:
            return False
        known = [g for g in given if self.names.known(g)]
        if reader.now or not self.new(name[0]) or not known or not all(map(NAME.fullmatch, given)) or \
                all(self.shape(g) == ("1", "1") for g in known):
            return False
        if not LOSS.search(self.text):
            raise self.fail(f"{of}({', '.join(given)}) is a function that is not defined anywhere", s.sides[1][0][1])
        self.rows.append(Row(self.line_of(s.at), "", known[-1], self.shown(s.at, s.last)))
        return True

    def slope_of_nothing(self, side: Tokens) -> bool:
        """Whether this is \\nabla f or \\nabla f(x) of an f that the text says nothing of: a name for it is a name and no more."""
        said = [t for t, _ in side if t not in "{}"]
        f = said[1].lstrip("\\") if len(said) > 1 and said[0] == r"\nabla" else ""
        if not f.isalpha() or self.names.known(f) or f in self.names.functions or len(said) > 2 and said[2] != "(":
            return False
        return re.search(rf"(?<![A-Za-z]){f}\s*(?:\([^()]*\)\s*)?(?:&\s*)?:?=", self.text) is None

    def composed(self, s: Statement) -> bool:
        """Take h = f \\circ g as a definition; whether it is one."""
        if len(s.sides) != 2 or s.goes_on or s.sign:
            return False
        name, functions = self.single(s.sides[0]), composition(s.sides[1], self.names)
        if not functions or not self.new(name):
            return False
        x = point(name, self.text)
        self.calls[name] = (x,)
        self.defined(name, at_point(functions, x, self.names), self.line_of(s.at))
        return True

    def single(self, side: Tokens) -> str:
        """The name that a side is, and nothing else."""
        text = self.in_language(side)
        return text if NAME.fullmatch(text) else ""

    def in_language(self, side: Tokens) -> str:
        """A side in the language; empty where it cannot be read."""
        with suppress(InputError):
            return read(side, self.names, self.text)
        return ""

    def entry(self, side: Tokens, number: int) -> None:
        """A line for the entries of a vector says what the vector is: where it is not read, nothing that rests on it is judged."""
        behind = next((k for k, (t, _) in enumerate(side) if t == "_"), 0)
        if behind and group(side, behind + 1)[1] == len(side) and (whole := self.in_language(side[:behind])):
            self.unread.setdefault(whole, number)

    def entry_of(self, side: Tokens, number: int) -> None:
        """A name that an equation which is not read says something of: nothing that rests on it is judged."""
        name = self.single(side)
        if self.new(name):
            self.unread.setdefault(name, number)

    def primed(self, text: str, side: Tokens, doubts: list[Ambiguity]) -> str:
        """A side that is f' and nothing else, of a defined f that is no vector, is the derivative of f."""
        name = text.removesuffix("'")
        if name == text or name not in self.names.bodies or side[-1][0] not in ("'", r"\prime", "}") or len(side) > 5:
            return text
        if r"\top" in (said := [t for t, _ in side]) or "T" in said[1:] or "'" in self.names.bodies[name] and "'" in self.text[:side[0][1]]:
            return text
        x, shape = self.names.variable(name), self.shape(name)
        if x is None or shape not in (None, ("1", "1")):
            return text
        doubts.append(Ambiguity(self.shown(side[0][1], side[-1][1] + 1), f"d({name})/d({x})", shape is not None))
        return f"(d({name})/d({x}))"

    def chain(self, row: Row, texts: list[str | InputError], s: Statement) -> None:
        """The readable sides of a row against each other; the others are marked as not read."""
        shown = [self.shown(side[0][1], side[-1][1] + len(side[-1][0])) for side in s.sides]
        good = [t for t in texts if isinstance(t, str)]
        bad = [(k, t) for k, t in enumerate(texts) if not isinstance(t, str)]
        first = texts[0]
        pending, broken = "", bool(bad) and not good
        if not isinstance(first, str) and len(texts) > 1 and not s.goes_on:
            self.entry(s.sides[0], row.number)
        if bad and isinstance(first, str) and len(good) == 1 and not s.goes_on:
            if self.new(first):
                self.unread.setdefault(first, row.number)
                pending = first
            else:
                self.rows.append(row._replace(left="", right=first, role="start"))
        if not bad or (good and (s.goes_on or isinstance(first, str) and len(good) > 1)):
            self.equality(row, good, s.goes_on)
        for k, why in bad:
            assert isinstance(why, InputError)
            whole = " = ".join(shown[:2]) if k <= 1 and not s.goes_on else f"= {shown[k]}"
            self.rows.append(row._replace(left=None if self.rows else "", right="", shown=whole, why=why))
        if good and not isinstance(first, str) and not s.goes_on:
            self.rows.append(row._replace(left="", right=good[0], shown="", role="start"))
            self.rows += [row._replace(left=None, right=g) for g in good[1:]]
        if bad:
            self.pending, self.broken = pending, broken or bool(pending)
