"""A hand derivation as written down: what is given, and its lines one after another."""

from __future__ import annotations

import re
from typing import NamedTuple

from ..language.problem import LAYOUTS
from ..language.reader import Reader
from ..language.shape import InputError
from ..language.tokens import GREEK_NAMES, LONGEST, Line
from .tape import FUNCTIONS
from .tex import formula
from .words import Names

EQUALS = re.compile(r"(?<![=<>!:~])(?::=|==?)(?!=)")
NAME = re.compile(r"[A-Za-z_\u0370-\u03ff]\w*")
DECLARED = re.compile(r"[\w, ]+\s(in|∈)\s+(R|ℝ)\b|\w+\s*:\s*(R|ℝ)\S*\s*(->|→)")
NOT_EQUAL = ("<", ">", "≤", "≥", "≈", "∝", "≠")
FORMS = "one equality a line, such as: d(x'*A*x)/d(x) = (A + A')*x, then = ... for the next"


class Row(NamedTuple):
    """left = right; without a left side it goes on from the row above. `shown` is what was written, if that is
    to be shown and not how it was read."""

    number: int
    left: str | None
    right: str
    shown: str


class Sheet:
    """What the rows are about, and the rows."""

    def __init__(self) -> None:
        self.declare: list[str] = []
        self.define: list[tuple[str, str, int]] = []
        self.assume: list[str] = []
        self.wrt: list[str] = []
        self.rows: list[Row] = []
        self.names = Names()
        self.calls: dict[str, str] = self.names.arguments
        self.words: set[str] = set()
        self.lines: list[str] = []
        self.layout = "denominator"

    # ------------------------------------------------------------ what is given
    def declared(self, text: str) -> None:
        """x in R^n, A in R^(m,n) symmetric."""
        self.declare.append(text)
        self.names.declare(text.replace("∈", " in ").replace("→", "->"))

    def defined(self, name: str, body: str, number: int) -> None:
        """z = W'*x."""
        self.define.append((name, body, number))
        self.names.plain.add(name)

    def new(self, text: str) -> bool:
        """Whether a side is a name that nothing was said about."""
        return bool(NAME.fullmatch(text)) and text not in self.names.plain and text not in FUNCTIONS

    # ------------------------------------------------------------ lines
    def equality(self, number: int, sides: list[str], shown: str, goes_on: bool) -> None:
        """A row of one or more sides; the first of a new name defines it."""
        first = sides[0].strip()
        if len(sides) > 1 and re.fullmatch(r"d[A-Za-z]\w*", first) and first not in GREEK_NAMES and _moves(self.read(sides[1])):
            self.words.add(first[1:])
        sides = [self.read(s) for s in sides]
        if goes_on:
            for side in sides:
                self.rows.append(Row(number, None, side, shown))
            return
        first, rest = sides[0], sides[1:]
        if rest:
            called = re.fullmatch(r"([A-Za-z]\w*)\*?\((\w+)\)", first)
            if called and called[1] != "d" and self.new(called[1]):
                self.calls[called[1]] = called[2]
                rest = [self.read(s) for s in rest]
                first = called[1]
            if self.new(first):
                self.defined(first, rest[0], number)
                rest = rest[1:]
                if not rest:
                    self.rows.append(Row(number, "", first, shown))
                    return
            else:
                differential = re.fullmatch(r"d\((\w+)\)", first)
                inner = _inside_d(rest[0])
                if differential and inner and self.new(differential[1]):
                    self.defined(differential[1], inner, number)
            self.rows.append(Row(number, first, rest[0], shown))
            self.rows += [Row(number, None, side, shown) for side in rest[1:]]
        else:
            begun = bool(self.rows)
            self.rows.append(Row(number, None if begun else "", first, shown))

    def read(self, text: str) -> str:
        """f(x) is f where it was defined so; dX is d(X)."""
        text = re.sub(r"∂\s*(\w+)", r"d(\1)", text).replace("∂(", "d(")
        for name, argument in self.calls.items():
            text = re.sub(rf"\b{name}\*?\({argument}\)", name, text)

        def differential(m: re.Match[str]) -> str:
            word, name = m[0], m[1]
            if word in self.names.plain or word in FUNCTIONS or not (name in self.names.plain or name in self.words):
                return word
            return f"d({name})"
        return re.sub(r"\bd([A-Za-z\u0370-\u03ff]\w*)\b(?!\()", differential, text).strip()

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
                    raise

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
        if word == "wrt" and NAME.fullmatch(rest.strip()):
            self.wrt.append(rest.strip())
        elif word == "assume":
            self.assume.append(rest.strip())
        elif word == "define":
            sides = EQUALS.split(rest)
            if len(sides) != 2:
                raise InputError("a definition reads name = expression", number, 1, line)
            self.defined(sides[0].strip(), sides[1].strip(), number)
        elif word == "derive" and " wrt " in rest:
            body, _, behind = rest.rpartition(" wrt ")
            self.wrt.append(behind.split()[0])
            self.rows.append(Row(number, "", f"d({self.read(body)})/d({self.wrt[-1]})", line))
        elif DECLARED.match(line) and "=" not in line:
            self.declared(line)
        else:
            if word in ("prove", "expect"):
                line = rest.strip()
            bad = next((c for c in NOT_EQUAL if c in line), None)
            if bad:
                raise InputError(f"{bad} is no equality", number, line.index(bad) + 1, line, FORMS)
            sides = EQUALS.split(line)
            goes_on = (not sides[0].strip() and len(sides) > 1) or word == "expect"
            sides = sides[1:] if goes_on and word != "expect" else sides
            if not all(s.strip() for s in sides):
                raise InputError("a side of this equality is missing", number, max(len(line), 1), line, FORMS)
            if goes_on and not self.rows:
                raise InputError("there is nothing above this line that could be equal to it", number, 1, line, FORMS)
            self.equality(number, sides, line, goes_on)

    # ------------------------------------------------------------ LaTeX
    def tex(self, text: str, first: int = 1) -> None:
        """The rows of a display."""
        from .display import rows
        for number, sides, shown, goes_on in rows(text, first):
            if len(shown) > LONGEST:
                raise InputError(f"{len(shown)} characters in one row; at most {LONGEST} are read", number, LONGEST + 1, shown,
                                 "name parts of it: z = W^\\top x + b")
            given = declaration(shown, self.names)
            if given:
                self.declared(given)
                continue
            try:
                read = [formula(s, self.names, n) for s, n in sides]
            except InputError as e:
                raise self.placed(e) from None
            if goes_on and not self.rows:
                raise InputError("there is nothing above this row that could be equal to it", number, 1, shown)
            self.equality(number, read, "", goes_on)

    def placed(self, e: InputError) -> InputError:
        """An error inside a piece of a row, shown in the line of the file."""
        if e.line is not None and e.source is not None and e.column is not None and e.line <= len(self.lines):
            line, piece = self.lines[e.line - 1], e.source.strip()
            at = line.find(piece) if piece else -1
            if at >= 0:
                e.column += at - (len(e.source) - len(e.source.lstrip()))
                e.source = line
        return e

    def inline(self, text: str, number: int, assumption: bool, word: str = "") -> None:
        """Mathematics inside a sentence: a declaration or a definition; anything else is passed over."""
        given = declaration(text, self.names)
        if given:
            self.declared(f"{given} {word}".strip())
            return
        sides = text.split("=")
        if len(sides) != 2 or not all(s.strip() for s in sides):
            return
        try:
            left, right = (formula(s, self.names) for s in sides)
        except InputError:
            return
        if assumption:
            self.assume.append(f"{left} = {right}")
        elif self.new(left):
            body = right if not re.search(r"\bd\(", right) else self.found(right)
            if body:
                self.defined(left, body, number)

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
            elif out is not None and not out.endswith("\n"):
                out = r.right
        return out.strip() if out else None


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


SPACE = r"\\mathbb\s*\{?\s*R\s*\}?\s*(?:\^\s*(\{(?:[^{}]|\{[^{}]*\})*\}|\w))?"
MEMBER = re.compile(r"^(.+?)\\in\s*" + SPACE + r"\s*(.*)$", re.S)
MAPS = re.compile(r"^(.+?)(?::|\\colon)\s*" + SPACE + r"\s*(?:\\to|\\rightarrow)\s*" + SPACE + r"\s*$", re.S)


def declaration(text: str, names: Names) -> str | None:
    r"""x \in \mathbb{R}^{m \times n} or f : \mathbb{R}^{m} \to \mathbb{R}, in the language."""
    text = re.sub(r"&|\\[,;!:]", " ", text).strip().rstrip(".,;")
    found = MAPS.match(text)
    try:
        if found:
            head = ", ".join(formula(part, names) for part in found[1].split(","))
            return f"{head}: R{_raised(found[2])} -> R{_raised(found[3])}"
        found = MEMBER.match(text)
        if found:
            head = ", ".join(formula(part, names) for part in found[1].split(","))
            words = " ".join(re.findall(r"symmetric|skew|spd|diagonal|orthogonal|lower|upper|positive|simplex", found[3]))
            return f"{head} in R{_raised(found[2])} {words}".strip()
    except InputError:
        return None
    return None


def _raised(size: str | None) -> str:
    if not size:
        return ""
    parts = re.split(r"\\times", size.strip("{}"))
    read = ["+".join("*".join(re.findall(r"\w+", t)) for t in p.split("+")) for p in parts]
    return "^(" + ",".join(read) + ")"
