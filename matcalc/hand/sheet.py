"""A hand derivation as written down: what is given, and its lines one after another."""

from __future__ import annotations

import re
from math import inf
from typing import NamedTuple

from ..language.declare import declarations
from ..language.functions import STRUCTURE_WORDS
from ..language.parse import problem
from ..language.problem import LAYOUTS
from ..language.reader import Reader
from ..language.shape import InputError
from ..language.tokens import GREEK_NAMES, LONGEST, Line
from .declared import declaration
from .order import ordered
from .quotients import with_brackets
from .rows import CONDITION, Statement, statements
from .runs import with_functions
from .spelling import Macros, group, plain
from .tape import FUNCTIONS
from .tex import Formula, read
from .varied import BY, D_OF_NAME, by_convention
from .words import Doubt, Names, Token, Tokens, misread, tokens

EQUALS = re.compile(r"(?<![=<>!:~])(?::=|==?)(?!=)")
NAME = re.compile(r"[A-Za-z_\u0370-\u03ff]\w*")
DECLARED = re.compile(r"[\w, ]+\s(in|∈)\s+(R|ℝ)\b|\w+\s*:\s*(R|ℝ)\S*\s*(->|→)")
STRUCTURED = re.compile(rf"({NAME.pattern}(?:, *{NAME.pattern})*)(?: (?:is|are))?((?: (?:{'|'.join(STRUCTURE_WORDS)}))+)")
MEMBER = re.compile(r"(.+?) in (R\S*)(.*)", re.S)
NOT_EQUAL = ("<", ">", "≤", "≥", "≈", "∝", "≠")
MEANT = {r"\succ": "spd", r"\succeq": "symmetric", ">": "positive"}
FORMS = "one equality a line, such as: d(x'*A*x)/d(x) = (A + A')*x, then = ... for the next"


class Row(NamedTuple):
    """left = right; without a left side it goes on from the row above. `shown` is what was written, if that is to be shown and
    not how it was read; `why` is the error where it could not be read. `defines` is the name that the row defines, `doubts` are
    readings that were a choice, `role` is what the line is said for: a condition, a remark in a sentence."""

    number: int
    left: str | None
    right: str
    shown: str
    why: InputError | None = None
    defines: str = ""
    doubts: tuple[Doubt, ...] = ()
    role: str = ""


class Word(NamedTuple):
    """A word of structure said of a name, in force from a row on, and before another."""

    name: str
    word: str
    begins: int
    ends: float = inf

    @property
    def everywhere(self) -> bool:
        """Whether it counts for all rows."""
        return not self.begins and self.ends == inf


class Assumption(NamedTuple):
    """An equation that is assumed, from a row on, and before another."""

    text: str
    begins: int
    ends: float = inf


class Sheet:
    """What the rows are about, and the rows."""

    def __init__(self) -> None:
        self.declare: list[str] = []
        self.define: list[tuple[str, str, int]] = []
        self.assumed: list[Assumption] = []
        self.wrt: list[str] = []
        self.rows: list[Row] = []
        self.names = Names()
        self.names.shape, self.names.variable = self.shape, self.variable
        self.calls = self.names.arguments
        self.words: set[str] = set()
        self.text = ""
        self.macros: Macros = {}
        self.layout = "denominator"
        self.markup = False
        self.structure: list[Word] = []
        self.maybe: list[Word] = []
        self.open = False
        self.constant: set[str] = set()
        self.unknown: set[str] = set()
        self.understood: list[str] = []
        self.passed: list[tuple[int, str]] = []
        self.unread: dict[str, int] = {}
        self.pending = ""
        self.broken = False
        self.waiting: dict[int, Statement] = {}
        self.shapes: dict[tuple[str, int, int], tuple[str, str] | None] = {}

    # ------------------------------------------------------------ what is given
    def declared(self, text: str) -> None:
        """x in R^n, A in R^(m,n) symmetric; what is declared again counts once."""
        found = MEMBER.fullmatch(text.replace("∈", " in "))
        if found and "," in found[1] and ":" not in found[1] and " in " not in found[3]:
            for name in found[1].split(","):
                self.declared(f"{name.strip()} in {found[2]}{found[3]}")
            return
        if found and found[1].strip() in self.names.plain and any(MEMBER.fullmatch(d.replace("∈", " in ")) and
                                                                  d.split()[0] == found[1].strip() for d in self.declare):
            self.structure += [Word(found[1].strip(), word, len(self.rows)) for word in found[3].split()]
            return
        self.declare.append(text)
        self.names.declare(text.replace("∈", " in ").replace("→", "->"))

    def defined(self, name: str, body: str, number: int) -> None:
        """z = W'*x."""
        self.define.append((name, body, number))
        self.names.plain.add(name)
        self.names.bodies[name] = body
        self.unread.pop(name, None)

    def new(self, text: str) -> bool:
        """Whether a side is a name that nothing was said about."""
        return bool(NAME.fullmatch(text)) and text not in self.names.plain and text not in FUNCTIONS and not self.moved(text)

    def size(self, text: str) -> bool:
        """Whether this is the name of a size."""
        return text in declarations(self.declare).origins

    def moved(self, name: str) -> bool:
        """Whether the lines so far take a name for a variable: by which they differentiate, or that they vary and use besides."""
        if name in self.unknown:
            return True
        rows = [f"{r.left or ''} {r.right}" for r in self.rows]
        if any(name in BY.findall(text) for text in rows):
            return True
        return any(name in D_OF_NAME.findall(text) for text in rows) and any(
            re.search(rf"(?<!d\()\b{name}\b", text) for text in [*rows, *(body for _, body, _ in self.define)])

    def shape(self, text: str) -> tuple[str, str] | None:
        """The shape of an expression of declared and defined names; None where it is not sure."""
        key = (text, len(self.declare), len(self.define))
        if key not in self.shapes:
            found = None
            try:
                p = problem(self.declare, [f"{n} = {b}" for n, b, _ in ordered(self.define)], prove=f"{text} == {text}")
                if p.prove is not None and not p.inferred:
                    found = (str(p.prove[0].shape[0]), str(p.prove[0].shape[1]))
            except (InputError, RecursionError):
                found = None
            self.shapes[key] = found
        return self.shapes[key]

    def variable(self, name: str) -> str | None:
        """The name that a gradient of a defined name is taken with respect to."""
        below, waiting = set(), [name]
        while waiting:
            for word in re.findall(r"[A-Za-z_]\w*", self.names.bodies.get(waiting.pop(), "")):
                if word in self.names.bodies and word not in below:
                    waiting.append(word)
                elif word not in FUNCTIONS and word not in self.names.functions:
                    below.add(word)
        said = " ".join(f"{r.left or ''} {r.right}" for r in self.rows)
        moved = below & ({*BY.findall(said), *D_OF_NAME.findall(said)} - set(self.names.bodies))
        return next(iter(moved)) if len(moved) == 1 else by_convention(moved or below)

    def last_derivative(self) -> str:
        """The derivative that a sentence about zero speaks of: the one written last, or that of what was defined last."""
        for r in reversed(self.rows):
            found = re.fullmatch(r"\(?(d\(\w+\)/d\(\w+\))\)?", r.left or (r.right if r.role == "start" else "")) if r.why is None else None
            if found:
                return found[1]
        tops = [n for n, _, _ in self.define if not any(re.search(rf"\b{n}\b", body) for _, body, _ in self.define)]
        if not tops:
            return ""
        given = self.calls.get(tops[-1], ())
        x = given[0] if len(given) == 1 else self.names.variable(tops[-1])
        return f"d({tops[-1]})/d({x})" if x is not None else ""

    # ------------------------------------------------------------ lines
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
        first, rest = sides[0], sides[1:]
        if not rest:
            self.rows.append(row._replace(left=None if self.rows else "", right=first))
            return
        if self.new(first):
            self.defined(first, rest[0], row.number)
            rest = rest[1:]
            if not rest:
                self.rows.append(row._replace(left="", right=first, defines=first))
                return
        else:
            differential = re.fullmatch(r"d\((\w+)\)", first)
            inner = _inside_d(rest[0])
            if differential and inner and self.new(differential[1]):
                self.defined(differential[1], inner, row.number)
        self.rows.append(row._replace(left=first, right=rest[0]))
        self.rows += [row._replace(left=None, right=side) for side in rest[1:]]

    def said(self, text: str) -> str:
        """A side in the language: f(x) is f where it was defined so; dX is d(X)."""
        text = re.sub(r"∂\s*(\w+)", r"d(\1)", text).replace("∂(", "d(")
        for name, arguments in self.calls.items():
            text = re.sub(rf"\b{name}\*?\({', *'.join(arguments)}\)", name, text)

        def differential(m: re.Match[str]) -> str:
            word, name = m[0], m[1]
            if word in self.names.plain or word in FUNCTIONS or not (name in self.names.plain or name in self.words):
                return word
            return f"d({name})"
        return with_brackets(re.sub(r"\bd([A-Za-z\u0370-\u03ff]\w*)\b(?!\()", differential, text).strip())

    # ------------------------------------------------------------ plain text
    def plain(self, text: str, first: int = 1) -> None:
        """Lines of the language."""
        self.words |= set(re.findall(r"[A-Za-z\u0370-\u03ff]\w*", text))
        for number, raw in enumerate(text.splitlines(), first):
            line = raw.split("#", 1)[0].strip()
            if line:
                try:
                    self.statement(number, line)
                except InputError as e:
                    e.line = e.line or number
                    self.rows.append(Row(number, None if self.rows else "", "", line, e))
                    self.pending, self.broken = self.opened(line), True

    def opened(self, line: str) -> str:
        """The new name that a line defines, where its other side cannot be read."""
        sides = EQUALS.split(line)
        name = sides[0].strip()
        if len(sides) == 2 and self.new(name):
            self.unread.setdefault(name, 0)
            return name
        return ""

    def statement(self, number: int, line: str) -> None:
        """One line: a declaration, a definition, an assumption or an equality."""
        if len(line) > LONGEST:
            raise InputError(f"{len(line)} characters on one line; at most {LONGEST} are read", number, LONGEST + 1, line,
                             "name parts of it: z = W'*x + b")
        word, _, rest = line.partition(" ")
        if word == "layout" and rest.strip() in LAYOUTS:
            self.layout = rest.strip()
            return
        if word in ("title", "source", "notes", "expand") and not rest.lstrip().startswith("="):
            return
        if word == "constant" and re.fullmatch(r"[\w, ]+", rest):
            self.constant |= set(re.findall(r"\w+", rest))
        elif word == "wrt" and NAME.fullmatch(rest.strip()):
            self.wrt.append(rest.strip())
        elif word == "assume":
            self.assumed.append(Assumption(rest.strip(), len(self.rows)))
        elif word == "define":
            sides = EQUALS.split(rest)
            if len(sides) != 2:
                raise InputError("a definition reads name = expression", number, 1, line)
            self.defined(sides[0].strip(), sides[1].strip(), number)
        elif word == "derive" and " wrt " in rest:
            body, _, behind = rest.rpartition(" wrt ")
            self.wrt.append(behind.split()[0])
            self.rows.append(Row(number, "", f"d({self.said(body)})/d({self.wrt[-1]})", line))
        elif (words := STRUCTURED.fullmatch(line)) is not None:
            self.structure += [Word(name.strip(), w, len(self.rows)) for name in words[1].split(",") for w in words[2].split()]
        elif DECLARED.match(line) and "=" not in line:
            self.declared(line)
        else:
            self.line(number, line.partition(" ")[2].strip() if word in ("prove", "expect") else line, word == "expect")

    def line(self, number: int, line: str, expected: bool) -> None:
        """An equality in the language."""
        bad = next((c for c in NOT_EQUAL if c in line), None)
        if bad:
            raise InputError(f"{bad} is no equality", number, line.index(bad) + 1, line, FORMS)
        brace = re.search(r"[{}]", line)
        if brace:
            raise InputError(f"{brace[0]} is not read", number, brace.start() + 1, line, "brackets are round: a*(b + c)")
        sides = EQUALS.split(line)
        goes_on = (not sides[0].strip() and len(sides) > 1) or expected
        sides = sides[1:] if goes_on and not expected else sides
        if not all(s.strip() for s in sides):
            raise InputError("a side of this equality is missing", number, max(len(line), 1), line, FORMS)
        if goes_on and not self.rows:
            raise InputError("there is nothing above this line that could be equal to it", number, 1, line, FORMS)
        first = sides[0].strip()
        if len(sides) > 1 and re.fullmatch(r"d[A-Za-z]\w*", first) and first not in GREEK_NAMES and _moves(self.said(sides[1])):
            self.words.add(first[1:])
        sides = [self.said(s) for s in sides]
        called = re.fullmatch(r"([A-Za-z]\w*)\*?\((\w+(?:, *\w+)*)\)", sides[0])
        if not goes_on and len(sides) > 1 and called and called[1] != "d" and self.new(called[1]):
            self.calls[called[1]] = tuple(re.findall(r"\w+", called[2]))
            sides = [called[1], *(self.said(s) for s in sides[1:])]
        self.equality(Row(number, "", "", line), sides, goes_on)

    # ------------------------------------------------------------ LaTeX
    def spelled(self, start: int, end: int) -> list[Token]:
        """The tokens of a stretch of the file, macros expanded and ornaments taken off."""
        return with_functions(plain(tokens(self.text, start, end), self.macros, self.fail), self.names)

    def fail(self, message: str, at: int) -> InputError:
        """An error at a place of the file."""
        return misread(self.text, at, message)

    def tex(self, start: int, end: int) -> None:
        """The rows of a display; one that cannot be read keeps no other from being read."""
        try:
            source = self.spelled(start, end)
        except InputError as e:
            rows = re.split(r"(\\\\)", self.text[start:end])
            if len(rows) < 2:
                self.refuse(start, end, e)
                return
            at = start
            for row in rows:
                if row.strip() and row != "\\\\":
                    try:
                        for s in statements(self.spelled(at, at + len(row)), self.names, self.text):
                            self.taken(s)
                    except InputError as wrong:
                        self.refuse(at, at + len(row), wrong)
                at += len(row)
            return
        for s in statements(source, self.names, self.text):
            self.taken(s)
        self.again()

    def again(self) -> None:
        """Definitions that could not be read before what they use was defined."""
        for k, r in enumerate(self.rows):
            s = self.waiting.pop(id(r.why), None) if r.why is not None else None
            if s is None:
                continue
            doubts: list[Doubt] = []
            try:
                name, body = self.heading_of(s), read(s.sides[1], self.names, self.text, doubts)
            except InputError:
                continue
            if name in self.unread:
                self.defined(name, body, r.number)
                self.rows[k] = r._replace(left="", right=name, defines=name, shown="", why=None, doubts=tuple(doubts))

    def heading_of(self, s: Statement) -> str:
        """The name that a statement defines."""
        heading = self.heading(s.sides[0])
        return heading[0] if heading else read(s.sides[0], self.names, self.text)

    def refuse(self, start: int, end: int, why: InputError) -> None:
        """A row that could not even be taken apart."""
        raw = self.text[start:end]
        at = start + len(raw) - len(raw.lstrip())
        number = self.text.count("\n", 0, at) + 1
        self.rows.append(Row(number, None if self.rows else "", "", self.shown(start, end), why))
        self.pending, self.broken = "", True

    def shown(self, start: int, end: int) -> str:
        """As it was written, on one line."""
        return " ".join(self.text[start:end].replace("&", " ").split())

    def taken(self, s: Statement, role: str = "") -> None:
        """One statement of a display or of a sentence."""
        number = self.text.count("\n", 0, s.at) + 1
        shown = self.shown(s.at, s.last)
        given = declaration(s.sides[0], self.names, self.text) if len(s.sides) == 1 else None
        if given:
            self.declared(given)
            return
        row = Row(number, "", "", shown, None, "", (), "remark" if s.word in CONDITION else role)
        if self.condition(s):
            self.rows.append(row._replace(right="", role="condition"))
            return
        if len(shown) > LONGEST:
            row = row._replace(why=InputError(f"{len(shown)} characters in one row; at most {LONGEST} are read", number, LONGEST + 1, shown,
                                              "name parts of it: z = W^\\top x + b"))
        elif s.sign and not (s.sign == r"\in" and len(s.sides) > 1):
            row = row._replace(why=self.fail(f"{s.sign} is no equality", next(at for side in s.sides for t, at in side if t == s.sign)))
        elif s.goes_on and not self.rows:
            row = row._replace(why=self.fail("there is nothing above this row that could be equal to it", s.at))
        elif any(not side for side in s.sides):
            row = row._replace(why=self.fail("a side of this equality is missing", max(s.last - 1, s.at)))
        if row.why is not None:
            self.rows.append(row._replace(left=None if self.rows else ""))
            self.pending, self.broken = "", True
            return
        self.sides(s, row._replace(shown=""))

    def condition(self, s: Statement) -> bool:
        """A \\succ 0 says that A is positive definite."""
        found = self.meant(s)
        if found is not None:
            self.structure.append(Word(*found, 0))
        return found is not None

    def meant(self, s: Statement) -> tuple[str, str] | None:
        """A and spd of A \\succ 0."""
        if s.sign not in MEANT or len(s.sides) != 1:
            return None
        k = [t for t, _ in s.sides[0]].index(s.sign)
        if [t for t, _ in s.sides[0][k + 1:]] != ["0"]:
            return None
        try:
            name = read(s.sides[0][:k], self.names, self.text)
        except InputError:
            return None
        return (name, MEANT[s.sign]) if NAME.fullmatch(name) else None

    def heading(self, side: Tokens) -> tuple[str, tuple[str, ...]] | None:
        """f and the x of a new f(x)."""
        if len(side) > 2 and side[0][0] == r"\log":
            inner = self.heading(side[1:])
            return (f"log_{inner[0]}", inner[1]) if inner is not None else None
        try:
            reader = Formula(side, self.names, self.text, [])
            name = reader.name()
            declared = name in self.names.functions and name not in self.names.bodies
            if name is None or name.startswith("\\") or not (declared or self.new(name)) or not reader.opens() or name in ("d", "e"):
                return None
            given = reader.arguments_here()
            if reader.now or given is None or not all(NAME.fullmatch(g) for g in given):
                return None
            if declared:
                self.written_out(name, given)
            return name, tuple(given)
        except InputError:
            return None

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
                    self.declared(f"{given[0]} in R{found[2]}")
                return

    def sides(self, s: Statement, row: Row) -> None:
        """The sides of a statement, each read for itself."""
        sides = list(s.sides)
        heading = self.heading(sides[0]) if len(sides) > 1 and not s.goes_on else None
        if heading:
            self.calls[heading[0]] = heading[1]
        texts: list[str | InputError] = [heading[0]] if heading else []
        doubts: list[Doubt] = []
        for side in sides[len(texts):]:
            try:
                texts.append(self.primed(read(side, self.names, self.text, doubts), side, doubts))
            except InputError as e:
                texts.append(e)
            except RecursionError:
                texts.append(self.fail("the formula is nested too deeply", side[0][1]))
        row = row._replace(doubts=tuple(dict.fromkeys(doubts)))
        asked = texts.pop() if s.must else ""
        if s.word in ("where", "with", "let") and len(texts) == 2 and isinstance(texts[0], str) and isinstance(texts[1], str) \
                and self.new(texts[1]) and not self.new(texts[0]):
            texts.reverse()
        if s.must and len(texts) == 1 and isinstance(texts[0], str) and not s.goes_on:
            self.rows.append(row._replace(left="", right=texts[0], role="start"))
        else:
            self.chain(row, texts, s)
        if s.must:
            right = "0" if asked == "0" else ""
            self.rows.append(row._replace(left=None, right=right, role="condition", shown=self.shown(s.sides[-1][0][1], s.last)))

    def entry(self, side: Tokens, number: int) -> None:
        """A line for the entries of a vector says what the vector is: where it is not read, nothing that rests on it is judged."""
        behind = next((k for k, (t, _) in enumerate(side) if t == "_"), 0)
        if behind and group(side, behind + 1)[1] == len(side):
            try:
                self.unread.setdefault(read(side[:behind], self.names, self.text), number)
            except InputError:
                return

    def primed(self, text: str, side: Tokens, doubts: list[Doubt]) -> str:
        """A side that is f' and nothing else, of a defined f that is no vector, is the derivative of f."""
        name = text.removesuffix("'")
        if name == text or name not in self.names.bodies or side[-1][0] not in ("'", r"\prime", "}") or len(side) > 5:
            return text
        if r"\top" in (said := [t for t, _ in side]) or "T" in said[1:] or "'" in self.names.bodies[name] and "'" in self.text[:side[0][1]]:
            return text
        x, shape = self.names.variable(name), self.shape(name)
        if x is None or shape not in (None, ("1", "1")):
            return text
        doubts.append(Doubt(self.shown(side[0][1], side[-1][1] + 1), f"d({name})/d({x})", shape is not None))
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
        if pending and len(texts) == 2:
            self.waiting[id(texts[1])] = s
        for k, why in bad:
            assert isinstance(why, InputError)
            whole = " = ".join(shown[:2]) if k <= 1 and not s.goes_on else f"= {shown[k]}"
            self.rows.append(row._replace(left=None if self.rows else "", right="", shown=whole, why=why))
        if good and not isinstance(first, str) and not s.goes_on:
            self.rows.append(row._replace(left="", right=good[0], shown="", role="start"))
            self.rows += [row._replace(left=None, right=g) for g in good[1:]]
        if bad:
            self.pending, self.broken = pending, broken or bool(pending)

    # ------------------------------------------------------------ sentences
    def found(self, text: str) -> str | None:
        """The last line of the chain that began with this derivative."""
        if text.startswith("vec(") and text.endswith(")"):
            inner = self.found(_bare(text[4:-1]))
            return inner and f"vec({inner})"
        text = _bare(text)
        out: str | None = None
        for r in self.rows:
            if r.left is not None:
                out = r.right if _bare(r.left) == text else out and out + "\n"
            elif out is not None and not out.endswith("\n") and r.why is None:
                out = r.right
        return out.strip() if out else None


def constant(text: str) -> bool:
    """Whether no name stands in a text."""
    return not re.search(r"[A-Za-z_]", re.sub(r"\b(?:zeros|ones|eye|vector)\b(?:\([^()]*\))?", "", text))


def _moves(text: str) -> bool:
    """Whether this is a differential: d(x) stands in it, and no derivative."""
    try:
        found = {op for op, _, _ in Reader(Line(text)).syntax()}
    except InputError:
        return False
    return "d" in found and "derivative" not in found


def _bare(text: str) -> str:
    """Without the brackets around all of it."""
    while text.startswith("(") and _inside_d("d" + text) is not None:
        text = text[1:-1]
    return text


def _inside_d(text: str) -> str | None:
    """The argument, where all of a side is one d(...)."""
    if not (text.startswith("d(") and text.endswith(")")):
        return None
    depth = 0
    for i, c in enumerate(text[1:], 1):
        depth += (c == "(") - (c == ")")
        if depth == 0:
            return text[2:-1] if i == len(text) - 1 else None
    return None
