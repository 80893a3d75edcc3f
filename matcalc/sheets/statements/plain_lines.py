"""Lines of the language: declarations, definitions, assumptions, equalities."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise
import re

from ...reading.dialects.lexer import subscripted
from ...reading.problem import LAYOUTS
from ...language.shape import InputError
from ...reading.tokens import GREEK_NAMES, LONGEST
from ..words.declaration_lists import DECLARED, STRUCTURED, in_symbols
from ...reading.latex.commands import is_tex
from ...reading.latex.letters import FUNCTIONS
from ...reading.latex.names import NAME, Ambiguity
from ..parts.formula import EQUALS, NOT_EQUAL, SQUARE, ZERO as NOTHING, formula, moves, outside, quotient, split
from .maxima import with_maxima
from .models import model
from .numpy_lines import commented, in_numpy
from .plain_sides import inner, inside_d
from ..python.reassigned import each_once, one_by_one
from ..parts.records import Assumption, Row, Word
from ..python.array_shapes import shapes
from ..python.array_table import NO_SHAPES, Given
from ..python.array_lines import with_one_axis
from .by_entries import by_entries, spread
from ..parts.definition_parts import names_in
from .structure_sentences import equated
from .worded_lines import WordedLines
from ..parts.variables import BY_TIME, LOSSES, VALUE
from ..words.surrounding_words import STARRED, split_words, statements

DOT = re.compile(r"\b([A-Za-z]\w*) \. ([A-Za-z]\w*)\b")              # x . y
ASKED = {"?": "next", "...": "gap", "…": "gap", "\\dots": "gap"}
OF_ALL = re.compile(r"d ([A-Za-z]\w*)(?!\w)(?= ?(?:['ᵀ(A-Za-z]|\^T))")
FORMS = "one equality a line, such as: d(x'*A*x)/d(x) = (A + A')*x, then = ... for the next"


class PlainLines(WordedLines):
    """Turns lines without markup into the rows of a sheet."""

    def equality(self, row: Row, sides: list[str], goes_on: bool) -> None:
        """A row of one or more sides; the first of a new name defines it."""
        if goes_on and self.pending:
            self.defined(self.pending, sides[0], row.number)
            self.rows.append(row._replace(left="", right=self.pending, defines=self.pending))
            sides, self.pending, self.broken = sides[1:], "", False
        elif goes_on and self.broken:
            self.rows.append(row._replace(left="", right=sides[0], role="loose"))
            sides, self.broken = sides[1:], False
        if goes_on:
            self.rows += [row._replace(left=None, right=side) for side in sides]
            return
        self.pending, self.broken = "", False
        first, *rest = sides
        bare = len(rest) == 1 and (self.new(first) or not self.markup and NAME.fullmatch(first) and first not in self.names.bodies)
        if bare and (found := equated(f"{first} = {rest[0]}")) is not None:       # A = A'
            self.structure.append(Word(*found, len(self.rows)))
            return
        if not rest:
            self.rows.append(row._replace(left=None if self.rows and row.role != "lone" else "", right=first))
            return
        said = model(self, first, rest[0]) if len(sides) == 2 else None
        if said is not None:
            if said[0]:
                self.defined(*said, row.number)
            self.rows.append(row._replace(left="", right=said[0], defines=said[0], shown=row.shown or f"{first} = {rest[0]}",
                                          role="abbreviation" if said[0] else "model"))
            return
        for name, body in pairwise(rest):               # m = x_bar = sum(x)/n says what x_bar is
            if self.new(name) and self.unused(name) and name not in names_in(body):
                self.defined(name, body, row.number)
        if self.names_derivative(first, rest[0]):
            first, rest = rest[0], [first, *rest[1:]]
        square = SQUARE.fullmatch(first)
        if square and self.new(square[1]) and self.unused(square[1]) and self.shape(rest[0]) in (("1", "1"), None) and \
                square[1] not in formula(rest[0]).names:
            self.defined(square[1], f"sqrt({rest[0]})", row.number)         # sigma^2 = ..: sigma is its root, which is not negative
            self.rows.append(row._replace(left="", right=square[1], defines=square[1]))
            self.rows += [row._replace(left=None, right=side) for side in rest[1:]]
            return
        bodies = [rest[0], *(self.names.bodies.get(n, "") for n in formula(rest[0]).names)]      # y = A*x, x = inv(A)*y
        becomes = any(first in formula(body).names for body in bodies[not self.markup:])       # w = w - eta*g defines no w
        if self.new(first) and not becomes or self.declared_only(first, rest[0], row.entries):
            self.defined(first, rest[0], row.number)
            first = rest[0] if quotient(rest[0].replace("'", "")) and len(rest) > 1 else first         # J = d(g)/d(x) = A
            rest = rest[1:]
            zero = any(r.role == "condition" or r.why is None and NOTHING.fullmatch(r.right) for r in self.rows)
            value = zero and VALUE.search(first)
            if not rest or value:
                self.rows.append(row._replace(left="", right=first, defines=first))     # what is said to solve a condition is a line
                self.rows += [row._replace(left=None, right=side) for side in rest]
                return
        else:
            differential = re.fullmatch(r"d\((\w+)\)", first)
            inner = inside_d(rest[0])
            if differential and inner and self.new(differential[1]) and self.unused(differential[1]):
                self.defined(differential[1], inner, row.number)
        self.rows.append(row._replace(left=first, right=rest[0]))
        self.rows += [row._replace(left=None, right=side) for side in rest[1:]]

    def plain(self, text: str, first: int = 1, places: Sequence[tuple[int, str]] = (), given: Given = NO_SHAPES) -> None:
        """Read lines without markup; `places` has their numbers and what is shown for them, and some shapes are `given`."""
        self.words |= set(re.findall(r"[A-Za-z\u0370-\u03ff]\w*", text.replace("ᵀ", "'")))
        raws = text.splitlines()
        self.apart = re.search(r"^\s*d [A-Za-z(]", text, re.MULTILINE) is not None
        self.names.parameter = "t" if not self.markup and BY_TIME.match(text) else self.names.parameter
        lines = [subscripted(DOT.sub(r"dot(\1, \2)", raw.split("#", 1)[0].strip()), text) for raw in raws]
        self.numpy = in_numpy(lines)
        lines = lines if self.numpy else list(map(inner, lines))
        numbers = list(range(first, first + len(raws)))
        if self.numpy and not places:
            each = [(k, part) for k, raw in enumerate(raws, first) for part in one_by_one(raw)]
            numbers, raws = [k for k, _ in each], [part for _, part in each]
        (columns, rows), (lines, unread) = (set[str](), set[str]()), each_once(raws) if self.numpy else (lines, {})
        if self.numpy:
            lines = [in_symbols(re.sub(r"\)\s*&\s*\(", ") * (", line)) for line in lines]        # (z > 0) & (z < 1)
            told, words = commented(text.splitlines(), lines)
            self.say(words, 0)
            self.mixed = any(DECLARED.match(line) for line in lines)
            if not self.mixed:
                found, columns, rows = shapes(lines, self.names.plain, given or told)
                for declared in found:
                    self.declared(declared)
        at = 0
        for k, (number, raw) in enumerate(zip(numbers, raws, strict=True)):
            begun, at = at, at + len(raw) + 1
            number, typed = places[k] if places else (number, raw.split("#", 1)[0].strip().replace("ℓ", "ell"))
            start = len(self.rows)
            line = with_one_axis(lines[k].replace("ℓ", "ell"), columns, rows)
            line = with_maxima(self, number, line) if self.numpy else line
            if line:
                self.ended(line)
                try:
                    if k in unread:
                        self.unread.update(dict.fromkeys(unread[k], number))
                        raise InputError("what this changes cannot be followed", number, 1, typed)
                    if not self.markup and is_tex(line) and EQUALS.search(line):
                        for part in statements(raw):
                            words, formula, _ = split_words(part, self.names.known)
                            first, before = begun + raw.find(formula or part), len(self.rows)
                            self.tex(first, first + len(formula or part))
                            self.bound_behind(words, before)
                    else:
                        self.worded(number, line)
                except InputError as e:
                    e.line = e.line or number
                    self.rows.append(Row(number, None if self.rows else "", "", typed if k in unread else line, e))
                    self.pending, self.broken = self.opened(line) if k not in unread else "", True
                shown = {line, *(r.shown for r in self.rows[start:] if lines[k] != typed)} - {""}
                self.rows[start:] = [r._replace(shown=typed) if r.shown in shown else r for r in self.rows[start:]]

    tex: Callable[[int, int], None]  # a line of LaTeX

    def asked(self, row: Row, sides: list[str], goes_on: bool) -> None:
        """A row that ends in `= ?` or in dots: the part before is read as usual."""
        if len(sides) > 1 or sides and goes_on:
            self.equality(row._replace(shown="", role=""), sides, goes_on)
            sides = []
        if not self.rows and not sides:
            raise InputError("nothing above this line could equal it", row.number, 1, row.shown, FORMS)
        self.rows.append(row._replace(left=sides[0] if sides else None))

    def statement(self, number: int, line: str) -> None:
        """One line: a declaration, a definition, an assumption or an equality."""
        if len(line) > LONGEST:
            raise InputError(f"{len(line)} characters on one line; at most {LONGEST} are allowed", number, LONGEST + 1, line,
                             "name parts of it: z = W'*x + b")
        line = in_symbols(line)
        clauses = statements(line)
        if len(clauses) > 1:
            for clause in clauses:
                self.statement(number, clause)
            return
        word, _, rest = line.partition(" ")
        if word in ("title", "source", "notes", "expand") and not rest.lstrip().startswith("="):
            return
        if word == "layout" and rest.strip() in LAYOUTS:
            self.layout, self.layout_said = rest.strip(), True
        elif word == "constant" and re.fullmatch(r"[\w, ]+", rest):
            self.constant |= set(re.findall(r"\w+", rest))
        elif word == "wrt" and NAME.fullmatch(rest.strip()):
            self.wrt.append(rest.strip())
        elif word == "assume":
            self.assumed.append(Assumption(rest.strip(), len(self.rows)))
        elif word == "define":
            sides = split(rest)
            if len(sides) != 2:
                raise InputError("a definition has the form name = expression", number, 1, line)
            self.defined(sides[0].strip(), sides[1].strip(), number)
        elif word == "derive" and " wrt " in rest:
            body, _, behind = rest.rpartition(" wrt ")
            self.wrt.append(behind.split()[0])
            self.rows.append(Row(number, "", f"d({self.said(body)})/d({self.wrt[-1]})", line))
        elif (words := STRUCTURED.fullmatch(line)) is not None:
            self.structure += [Word(name.strip(), w, len(self.rows)) for name in re.split(r",| and ", words[1]) if name.strip()
                               for w in words[2].split()]
        elif DECLARED.match(line) and "=" not in line:
            self.stated(number, line)
        else:
            self.line(number, rest.strip() if word in ("prove", "expect") else line, word == "expect")

    def line(self, number: int, line: str, expected: bool) -> None:
        """An equality in the language."""
        bad = next((c for c in NOT_EQUAL if c in outside(line)), None)
        if bad:
            raise InputError(f"{bad} is not an equality", number, line.index(bad) + 1, line, FORMS)
        sides = split(STARRED.sub(lambda m: m[1] if self.names.known(m[1]) or m[1] in self.words else m[0], line))
        goes_on = (not sides[0].strip() and len(sides) > 1) or expected
        sides = sides[goes_on and not expected:]
        asked = ASKED.get(sides[-1].strip())
        if asked and (goes_on or len(sides) > 1 or asked == "gap"):
            self.asked(Row(number, None, "", line, role=asked), [self.said(s) for s in sides[:-1]], goes_on or len(sides) == 1)
            return
        if not all(s.strip() for s in sides):
            raise InputError("a side of this equality is missing", number, max(len(line), 1), line, FORMS)
        if goes_on and not self.rows:
            raise InputError("nothing above this line could equal it", number, 1, line, FORMS)
        first = sides[0].strip()
        whole = OF_ALL.match(first) if not goes_on and "d" not in self.names.plain | self.names.bodies.keys() else None
        if whole is not None and whole[1] not in FUNCTIONS:
            raise InputError(f"{whole[0]} .. has two readings: d({whole[1]}) times what follows, and d of all of it", number, 1, line)
        named = re.fullmatch(r"d[A-Za-z]\w*", first) and first not in GREEK_NAMES and not self.numpy
        if len(sides) > 1 and named and moves(self.said(sides[1])):
            self.words.add(first[1:])
        sides = [self.in_arrays(s) if self.numpy else s for s in map(self.said, sides)]
        doubts: list[Ambiguity] = []
        for k, side in enumerate(sides if not self.numpy else ()):
            sides[k], told = by_entries(side, self.shape)
            doubts += told
            if " - " in side or " + " in side:
                sides[k], told = spread(sides[k], self.shape)
                doubts += told
        called = re.fullmatch(r"([A-Za-z]\w*)\*?\((\w+(?:, *\w+)*)\)", sides[0])
        name, given = (called[1], tuple(re.findall(r"\w+", called[2]))) if called and called[1] != "d" else ("", ())
        of_new = name in self.names.plain and all(map(self.new, given)) and self.unused(name)         # x(t) = .. of a declared x
        if not goes_on and len(sides) > 1 and given and (of_new or self.new(name) or name in self.given_names):
            self.calls[name] = given
            sides = [name, *(self.said(s) for s in sides[1:])]
        loss = next((f for f in self.names.bodies if f in LOSSES), next(iter(self.given_names), ""))
        if sides[0] in ("grad", "gradient") and self.new(sides[0]) and loss and (by := self.names.variable(loss)):
            sides.insert(1, f"d({loss})/d({by})")
        self.equality(Row(number, "", "", line, doubts=tuple(doubts)), sides, goes_on)
