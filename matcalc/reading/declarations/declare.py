"""Declarations: `A in R^(m,n) symmetric`, `f: R -> R`; read once each, and kept."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache

from ...language.operations import STRUCTURE_WORDS
from ...language.nodes import Name
from ..grammar.functions import FUNCTIONS
from ..grammar.sizes import SizeReader
from ...language.shape import ONE, SCALAR, Dim, InputError, Shape, show_shape
from ..grammar.tokens import Line, is_name
from ...records import Record
from . import prose, relations
from ..grammar import syntax_errors

SQUARE_WORDS = STRUCTURE_WORDS - {"positive", "simplex"}
KIND_WORDS = frozenset(("scalar", "vector", "matrix", "square"))
FORMS = "x in R^n, A in R^(m,n) symmetric, c in R, B is m x n, S symmetric, " \
        "f: R -> R, g: R^m -> R, h: R^m -> R^n, L: R^(m,n) -> R, F: R -> R^(m,n)"


class Open(Record):
    """A name of which only something is said, `A symmetric`, `x vector`: its shape as far as it is known, with sizes that begin with ?."""

    name: str
    shape: Shape | None
    words: frozenset[str]


class Declarations:
    """The names in force, the abstract functions among them, where each size was first seen, and what is said of names whose sizes
    are to be found: their `words`, and in `shapes` what is known of their shapes."""

    __slots__ = ("functions", "names", "origins", "shapes", "words")

    def __init__(self) -> None:
        self.names: dict[str, Name] = {}
        self.functions: dict[str, Name] = {}
        self.shapes: dict[str, Shape] = {}
        self.origins: dict[str, str] = {}
        self.words: dict[str, frozenset[str]] = {}

    def copy(self) -> Declarations:
        """A copy to add to."""
        out = Declarations()
        out.names, out.functions = dict(self.names), dict(self.functions)
        out.shapes, out.origins, out.words = dict(self.shapes), dict(self.origins), dict(self.words)
        return out

    def enter(self, name: Name, origin: str) -> None:
        """A name, and the sizes in its shape."""
        if name.name in self.words:
            name = Name(name.name, name.shape, name.words | self.words.pop(name.name))
        self.names[name.name] = name
        if name.kind == "function":
            self.functions[name.name] = name
        else:
            self.shapes[name.name] = name.shape
        for d in name.dims:
            for n in d.names:
                self.origins.setdefault(n, origin)

    def add(self, line: Line, origin: str) -> None:
        """The declarations on a line."""
        for name, at in _read(line):
            if isinstance(name, Open):
                self.say(name, line, at)
            elif name.name in self.names:
                raise line.error(f"{name.name} is declared twice", at)
            else:
                square(line, at, name.name, name.shape, self.words.get(name.name, frozenset()))
                self.enter(name, origin)

    def say(self, said: Open, line: Line, at: int) -> None:
        """What is said of a name, declared or not."""
        known = self.names.get(said.name)
        if known is not None and (said.shape is None or known.shape[1] is not ONE and said.words):
            square(line, at, said.name, known.shape, said.words)
            self.names[said.name] = Name(said.name, known.shape, known.words | said.words, known.kind, known.signature)
        elif known is not None or said.name in self.words:
            raise line.error(f"{said.name} is declared twice", at)
        else:
            self.words[said.name] = said.words
            if said.shape is not None:
                self.shapes[said.name] = said.shape


def square(line: Line, at: int, name: str, shape: Shape, words: Iterable[str]) -> None:
    """Only a square matrix can be symmetric, no number orthogonal (InputError)."""
    for word in words:
        if word in SQUARE_WORDS and shape[0] is not shape[1]:
            raise line.error(f"{name} is {show_shape(shape)}: only a square matrix can be {word}", at)
        if word == "orthogonal" and shape == SCALAR:
            raise line.error(f"an orthogonal scalar is 1 or -1: {name} is not a variable", at, f"write assume {name}^2 = 1")


def _read(line: Line) -> list[tuple[Name | Open, int]]:
    """The names on a line and where they stand; what the language does not read is read as mathematics writes it."""
    try:
        return _plain(line)
    except InputError as error:
        text = line.shown
        words = relations.in_words(text)
        try:
            return _plain(prose.declaration(line if words == text else Line(words, line.number)))
        except InputError:
            raise relations.refused(line) or error from None


def _plain(line: Line) -> list[tuple[Name | Open, int]]:
    reader = SizeReader(line)
    out: list[tuple[Name | Open, int]] = []
    while True:
        out += _one(reader)
        if reader.tokens[reader.i] != ",":
            break
        reader.i += 1
    if reader.tokens[reader.i]:
        error = syntax_errors.unexpected(reader)
        raise reader.error(error.message, FORMS)
    return out


def _one(reader: SizeReader) -> Sequence[tuple[Name | Open, int]]:
    """x in R^n words, A symmetric, or f: R -> R; several names with commas before `in`."""
    t = reader.tokens
    places: list[int] = []
    while True:
        token = t[reader.i]
        if not (is_name(token) and token.isascii()):
            raise reader.error("a declaration must begin with a name" if token else "the declaration is empty", FORMS)
        places.append(reader.i)
        reader.i += 1
        if t[reader.i] != ",":
            break
        reader.i += 1
    if t[reader.i] == ":":
        reader.i += 1
        source = _space(reader)
        if t[reader.i] != "->":
            raise reader.error("a function is declared f: R -> R", FORMS)
        reader.i += 1
        target = _space(reader)
        if source is not None and source[1] is not ONE and target is not None:
            raise reader.error("an abstract function of a matrix must have scalar values", "write h(vec(X)) with h: R^(m*n) -> R^p",
                               places[0])
        for i in places:
            if t[i] in FUNCTIONS:
                raise reader.error(f"{t[i]} is a built-in function", "choose another name", i)
        return [(Name(t[i], SCALAR, kind="function", signature=(source, target)), i) for i in places]
    word = t[reader.i]
    article = len(places) > 1 and t[places[-1]] == "a" and reader.line.read is None         # x, a vector
    if (word in STRUCTURE_WORDS or word in KIND_WORDS) and not article and not {"not", "or", "are"} & {t[i] for i in places}:
        return _said(reader, places)
    if word == "{":
        raise reader.error("nothing says which numbers a family has", "as in W{k} in R^(n,n) for k = 1..12, or for k = 1..L")
    if word != "in":
        raise reader.error("`in` is expected after the name" if word else "this declares nothing", FORMS)
    reader.i += 1
    shape = _space(reader) or SCALAR
    begun = reader.i
    words = _words(reader)
    for k in range(begun, reader.i):
        square(reader.line, k, t[places[0]], shape, (t[k],))
    return [(Name(t[i], shape, words), i) for i in places]


def _said(reader: SizeReader, places: list[int]) -> Sequence[tuple[Name | Open, int]]:
    """A symmetric, x vector, c scalar."""
    kinds: set[str] = set()
    while (word := reader.tokens[reader.i]) in KIND_WORDS:
        kinds.add(word)
        reader.i += 1
    words, names = _words(reader), [(reader.tokens[i], i) for i in places]
    if kinds == {"scalar"} and not words & SQUARE_WORDS:
        return [(Name(n, SCALAR, words), i) for n, i in names]
    if words & SQUARE_WORDS or "square" in kinds:
        return [(Open(n, (Dim.of(f"?{n}"), Dim.of(f"?{n}")), words), i) for n, i in names]
    vector = "vector" in kinds
    return [(Open(n, (Dim.of(f"?{n}0"), ONE if vector else Dim.of(f"?{n}1")) if kinds else None, words), i) for n, i in names]


def _words(reader: SizeReader) -> frozenset[str]:
    """The words of structure here."""
    t = reader.tokens
    words: set[str] = set()
    while is_name(t[reader.i]):
        word = t[reader.i]
        if word not in STRUCTURE_WORDS:
            crossed = re.fullmatch("x([A-Za-z0-9]+)", word)
            if crossed and t[reader.i - 1].isdigit():
                raise reader.error(f"{t[reader.i - 1]}{word} is not a size", f"write R^({t[reader.i - 1]},{crossed[1]})", reader.i - 1)
            near = syntax_errors.nearest(word, STRUCTURE_WORDS)
            raise reader.error(f"unknown structure word {word}",
                               f"did you mean {near}?" if near else "the structure words are " + ", ".join(sorted(STRUCTURE_WORDS)))
        words.add(word)
        reader.i += 1
    return frozenset(words)


def _space(reader: SizeReader) -> Shape | None:
    """R, R^n, R^(m,n)."""
    t = reader.tokens
    if t[reader.i] != "R":
        raise reader.error("R is expected here" if t[reader.i] else "R is missing here", FORMS)
    reader.i += 1
    if t[reader.i] != "^":
        return None
    reader.i += 1
    if t[reader.i] != "(":
        if t[reader.i] in ("{", "["):
            raise reader.error("sizes go in round brackets: R^(m,n)")
        if t[reader.i] and t[reader.i + 1] in ("+", "*", "^"):
            raise reader.error("a size that is not a single name or number goes in brackets: R^(n+1), R^(m,n)")
        dims = [reader.dimension()]
    else:
        opened = reader.i
        reader.deeper()
        dims = [reader.dimension()]
        if t[reader.i] == ",":
            reader.i += 1
            dims.append(reader.dimension())
        if is_name(t[reader.i]):
            raise reader.error("separate the sizes of a matrix with a comma: R^(m,n)")
        if t[reader.i] == ",":
            raise reader.error("at most two sizes: R^(m,n)")
        reader.close(opened)
    return (dims[0], dims[1] if len(dims) == 2 else ONE)


@lru_cache(maxsize=512)
def _one_kept(text: str) -> Name | Open | None:
    found = _read(Line(text))
    return found[0][0] if len(found) == 1 else None


@lru_cache(maxsize=128)
def _kept(texts: tuple[str, ...]) -> Declarations:
    """Declarations by their texts; line 1 is the first. Not to be changed."""
    out = Declarations()
    for number, text in enumerate(texts, 1):
        try:
            name = _one_kept(text)
        except InputError:
            name = None
        if isinstance(name, Name) and name.name not in out.names and name.name not in out.words:
            out.enter(name, f"line {number}")
        else:
            out.add(Line(text, number), f"line {number}")
    return out


def declarations(texts: str | Iterable[str] | Declarations) -> Declarations:
    """Whatever declares: texts, one text, or what was read before."""
    if isinstance(texts, Declarations):
        return texts
    texts = (texts,) if isinstance(texts, str) else tuple(texts)
    for text in texts:
        if not isinstance(text, str):
            raise InputError(f"a declaration must be a string, not {type(text).__name__}", hint=FORMS)
    return _kept(texts)
