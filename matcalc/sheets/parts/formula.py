"""Formulas of a sheet, texts of the language: what stands in one, looked for once; the sides of an equality; what a declaration says."""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Mapping, Set
from functools import cached_property, lru_cache

from ...language.shape import InputError
from ...records import Record
from ...reading.grammar.brackets import ROUND, closing
from ...reading.latex.letters import FUNCTIONS
from ...reading.latex.names import NAME
from ...reading.grammar.reader import Reader
from ...reading.grammar.tokens import Line
from ...patterns import pattern

DIFFERENTIAL = pattern(r"\bd\(")          # and not sigmoid(
BELOW = pattern(r"/d\((\w+)\)")
MOVED = pattern(r"\bd\((?:vec\()?(\w+)'?\)")
QUOTIENT = pattern(r"\(*d\((\w+)\)/d\((\w+)\)\)*")
NOT_EQUAL = ("<", ">", "≤", "≥", "≈", "∝", "≠")
SQUARE = pattern(r"\(?([a-z]\w*)\)?\^\(?2\)?")
EQUALS = pattern(r"(?<![=<>!:~])(?::=|==?)(?!=)")
INVERSE = pattern(r"inv\((\w+)\)|\(*(\w+)\)*\^\(-1\)")
ZERO = pattern(r"\(*(?:0(?:\*(?:ones|vector)\([^()]*\))?|zeros\([^()]*\))\)*")
DERIVATIVE = pattern(r"\bd\((\w+)\)/d\((\w+)\)")
COMMA = pattern(r",(?![^()]*\))")
MEMBER = pattern(r"(.+?) in (R\S*)(.*)", re.S)


class Formula:
    """What stands in a text."""

    def __init__(self, text: str) -> None:
        self.text = text

    @cached_property
    def sides(self) -> tuple[str, str]:
        """What an equation says to be equal; nothing on the right where this is no equation."""
        left, _, right = self.text.partition(" = ")
        return left, right

    @cached_property
    def names(self) -> Set[str]:
        """The names, in their order."""
        return dict.fromkeys(NAME.findall(self.text)).keys()

    @cached_property
    def by(self) -> Set[str]:
        """The names by which something is differentiated."""
        return dict.fromkeys(BELOW.findall(self.text)).keys()

    @cached_property
    def moved(self) -> Set[str]:
        """The names that stand as d(x), d(x') or d(vec(x)), not below a bar."""
        return dict.fromkeys(MOVED.findall(BELOW.sub("", self.text))).keys()

    @cached_property
    def turned(self) -> Set[str]:
        """The names that are transposed."""
        return {m[0] for m in NAME.finditer(self.text) if self.text.startswith("'", m.end())}

    @cached_property
    def values(self) -> Set[str]:
        """The names that stand elsewhere than below a bar."""
        return set(NAME.findall(BELOW.sub("", self.text)))

    @cached_property
    def differential(self) -> bool:
        """Whether anything is differentiated, or varied."""
        return DIFFERENTIAL.search(self.text) is not None

    @cached_property
    def parts(self) -> tuple[tuple[str, str], ...]:
        """What stands in each d(..), and the name by which it is differentiated; empty where it is varied."""
        out = []
        for start in [m.end() for m in DIFFERENTIAL.finditer(self.text)]:
            end = closing(self.text, start - 1, ROUND)
            below = BELOW.match(self.text, end + 1)
            if below is not None or BELOW.match(self.text, start - 3) is None:
                out.append((self.text[start:end], below[1] if below is not None else ""))
        return tuple(out)

    @cached_property
    def numerators(self) -> list[str]:
        """What is differentiated by a name."""
        return [f for f, x in self.parts if x]

    @cached_property
    def quotients(self) -> list[tuple[str, str]]:
        """The names that are differentiated by a name, with this."""
        return [(f, x) for f, x in self.parts if x and NAME.fullmatch(f)]


@lru_cache(1 << 13)
def formula(text: str) -> Formula:
    """What stands in a text.

    >>> found = formula("d(L)/d(W) = d(u'*v)/d(z)*d(x) + sigmoid(d_1)")
    >>> found.parts, found.quotients, *map(list, (found.by, found.moved))
    ((('L', 'W'), ("u'*v", 'z'), ('x', '')), [('L', 'W')], ['W', 'z'], ['L', 'x'])
    """
    return Formula(text)


def quotient(text: str) -> tuple[str, str] | None:
    """f and x where all of a text is d(f)/d(x), perhaps in brackets."""
    found = QUOTIENT.fullmatch(text)
    return found and (found[1], found[2])


def unbracketed(text: str) -> str:
    """The text without brackets around a name that is all of it, or all that is differentiated.

    >>> unbracketed("(L)"), unbracketed("d((L))/d(W)")
    ('L', 'd(L)/d(W)')
    """
    return re.sub(r"^\((\w+)\)$|(?<=\bd\()\((\w+)\)(?=\))", lambda m: m[1] or m[2], text)


def constant(text: str) -> bool:
    """Whether a text contains no name."""
    rest = re.sub(r"\b(?:zeros|ones|eye|vector)\b(?:\([^()]*\))?", "", text)
    return formula(rest).names <= FUNCTIONS | {"hstack", "vstack"}


def inverted(text: str) -> str:
    """A of inv(A) or A^(-1); empty where a text is neither.

    >>> inverted("inv(A)"), inverted("(A)^(-1)"), inverted("A*B")
    ('A', 'A', '')
    """
    found = INVERSE.fullmatch(text)
    return (found[1] or found[2]) if found is not None else ""


def put(text: str, values: Mapping[str, str]) -> str:
    """A text with other texts for names.

    >>> put("x'*A*x", {"x": "(y + z)", "y": "0"})
    "(y + z)'*A*(y + z)"
    """
    return NAME.sub(lambda m: values.get(m[0], m[0]), text)


class Declared(Record):
    """The name of a declaration, the space it is in, and what else is said of it."""

    name: str
    space: str
    words: tuple[str, ...]


@lru_cache(1 << 12)
def declared(text: str) -> Declared | None:
    """x in R^n symmetric; None where this is no such declaration.

    >>> declared("A in R^(n,n) symmetric"), declared("f: R -> R")
    (Declared(name='A', space='R^(n,n)', words=('symmetric',)), None)
    """
    found = MEMBER.fullmatch(text)
    return found and Declared(found[1].strip(), found[2], tuple(found[3].split()))


def declared_one_by_one(text: str) -> list[str]:
    """A, B in R^(n,n) symmetric, x in R^n as a declaration of each name."""
    if ":" in text:
        return [text]
    out: list[str] = []
    names: list[str] = []
    for part in COMMA.split(text):
        found = declared(part.strip())
        name = part.strip() if found is None else found.name
        (names if found or not name or NAME.fullmatch(name) else out).append(name)
        if found is not None:
            out += [" ".join([name, "in", found.space, *found.words]) for name in names]
            names = []
    return out if not names else [text]


def undeclared(declare: Iterable[str], names: Container[str]) -> list[str]:
    """Declarations without those of some names."""
    return [d for d in declare if (found := declared(d)) is None or found.name not in names]


def split(line: str) -> list[str]:
    """The sides of an equality: what an = outside every bracket is between."""
    out, start = [], 0
    for m in EQUALS.finditer(line):
        before = line[:m.start()]
        if before.count("(") + before.count("[") <= before.count(")") + before.count("]"):
            out.append(line[start:m.start()])
            start = m.end()
    return [*out, line[start:]]


def outside(line: str) -> str:
    """What stands outside every bracket of a line."""
    out, opened = [], list[int]()
    for c in line:
        out.append(c)
        if c in "([":
            opened.append(len(out) - 1)
        elif c in ")]" and opened:
            del out[opened.pop():]
    return "".join(out)


VARIED = pattern(r"(?<![\w.])d\([A-Za-z]")


def moves(text: str) -> bool:
    """Whether this is a differential: d(x) stands in it, and no derivative; where blanks are products, by its looks."""
    try:
        found = {op for op, _, _ in Reader(Line(text)).syntax()}
    except InputError:
        return VARIED.search(text) is not None and "/d(" not in text
    return "d" in found and "derivative" not in found
