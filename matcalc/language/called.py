"""Calls in a dialect: functions, methods, libraries, by the table of spellings."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from .around import kind
from .asked import Known
from .clash import Clash
from .combined import Combined, Unread
from .composites import BY_NAME
from .definitions import law
from .operations import ELEMENTWISE_NAMES, OPERATIONS
from .refused import REFUSED
from .phrases import PRIMARY, Piece, call
from .reader import SIZED, TAKES
from .shape import ONE, SCALAR, Dim, Shape
from .shapes import Walk
from .signs import Sign, is_letter, is_number, signs
from .spellings import AXES, MODULES, Row, rows

KINDS = {"c": ("scalar",), "x": ("column", "row"), "y": ("column", "row"), "M": ("matrix",), "N": ("matrix",)}
SHAPES = {row.spelling: row for row in OPERATIONS}
UNARY = ELEMENTWISE_NAMES | {"tr", "det", "logdet", "inv", "adj", "sum", "vec", "diag", "normF", "norm1", "norm2"}
Keywords = dict[str, str]


class Called(Combined):
    """What is written with brackets behind a name."""

    def sum(self) -> Piece:
        """An expression."""
        raise NotImplementedError

    def function(self, name: str) -> bool:
        """Whether the language or everyday use has a function of this name, and nothing else is called so."""
        return not self.around.has(name) and (name in TAKES or bool(rows(name)))

    # ------------------------------------------------------------ arguments
    def arguments(self) -> tuple[list[Piece], Keywords, int]:
        """( a, b, axis=1 ); a quoted word is a piece that is called so."""
        self.expect("(")
        bars, self.bars = self.bars, []
        given: list[Piece] = []
        named: Keywords = {}
        while self.now != ")":
            sign = self.sign()
            if sign.text[:1] == '"':
                self.i += 1
                given.append(Piece(((sign.text, sign.start, sign.end),), PRIMARY, SCALAR, head=sign.text + '"'))
            elif sign.text and is_letter(sign.text) and self.ahead(1) == "=":
                self.i += 2
                named[sign.text] = self.word()
            else:
                given.append(self.sum())
            if self.now != ",":
                break
            self.i += 1
        self.bars = bars
        return given, named, self.expect(")").end

    def word(self) -> str:
        """The value of a keyword: a number, a word, None."""
        minus = self.now == "-"
        self.i += minus
        text = self.take().text
        if not text or text in ("(", ")", ","):
            raise self.unread()
        return "-" + text if minus else text + '"' if text[0] == '"' else text

    # ------------------------------------------------------------ calls
    def dotted(self, sign: Sign) -> Piece | None:
        """np.linalg.inv(A), torch.pi: a path of modules and a name."""
        if sign.text not in MODULES or self.now != "." or self.around.knows(sign.text):
            return None
        path = [sign.text]
        while self.now == "." and is_letter(self.ahead(1) or "."):
            self.i += 1
            path.append(self.take().text)
        name = path[-1]
        if self.now != "(":
            if name == "pi":
                return Piece((("pi", sign.start, self.signs[self.i - 1].end),), PRIMARY, SCALAR)
            if name == "newaxis":
                return Piece((("None", sign.start, self.signs[self.i - 1].end),), PRIMARY, None, head="None")
            raise self.unread()
        given, named, end = self.arguments()
        own = f"{sign.text}.{name}"
        return self.meaning(own if rows(own, True) else name, given, named, sign.start, end, True)

    def method(self, p: Piece) -> Piece | None:
        """x.sum(axis=0), A.T."""
        name = self.ahead(1)
        if not name or not is_letter(name):
            return None
        if name in ("T", "mT", "H") and self.ahead(2) != "(":
            return None
        if self.ahead(2) != "(":
            raise self.unread()
        self.i += 2
        given, named, end = self.arguments()
        if name == "transpose" and len(given) == 2:
            given = []
        return self.meaning("." + name if rows("." + name, True) else name, [p, *given], named, p.start, end, True)

    def called(self, sign: Sign) -> Piece:
        """name(...), of the language, of everyday use, or of nobody."""
        given, named, end = self.arguments()
        return self.meaning(sign.text, given, named, sign.start, end, bool(named))

    def meaning(self, name: str, given: list[Piece], named: Keywords, start: int, end: int, library: bool) -> Piece:
        """What a call stands for."""
        if name == "slogdet" and self.now == "[":
            name += self.index()
        if name in SIZED:
            return self.sized(name, given, start, end)
        if library and name in AXES and len(given) == 2 and is_number(given[1].tokens[-1][0]) and "axis" not in named:
            named = {**named, "axis": self.text(given[1])}
            given = given[:1]
        given = [self.column(p) for p in given] if name not in ("dot", "matmul") else given
        keywords = normal(named, given)
        if name in ("ones_like", "zeros_like", "eye_like") and len(given) == 1 and given[0].shape:
            return self.sized(name[:-5], [self.dim(d, start) for d in given[0].shape], start, end)
        found = [r for r in rows(name, library) if takes(r, given, keywords)]
        if found:
            return self.expanded(found[0], given, start, end)
        if name in REFUSED or keywords or (not library and name not in TAKES):
            if name in REFUSED:
                raise self.refuse(f"unknown function {name}: {REFUSED[name]}", start)
            if keywords:
                raise self.refuse(f"{name}(..., {', '.join(f'{k}={v}' for k, v in named.items())}) is not read here", start)
        if any(p.head.startswith('"') for p in given):
            raise Unread(start)
        return call(name, given, result_shape(name, given), start, min(end, start + len(name)))._replace(
            flat=any(p.flat for p in given) and kind(result_shape(name, given)) == "column")

    def index(self) -> str:
        """[1] behind slogdet."""
        if self.ahead(1) != "1" or self.ahead(2) != "]":
            raise self.unread()
        self.i += 3
        return "[1]"

    def dim(self, d: Dim, at: int) -> Piece:
        """A size."""
        if d.names and any(n[0] == "?" for n in d.names):
            raise Unread(at)
        return Piece(((d.text, at, at),), PRIMARY, SCALAR)

    def sized(self, name: str, given: Sequence[Piece], start: int, end: int) -> Piece:
        """np.ones((m, n)), zeros(n, 1), eye(n)."""
        parts = [q for p in given for q in (p.items or (p,))]
        if name == "eye" and len(parts) == 2 and self.text(parts[0]) == self.text(parts[1]):
            parts = parts[:1]
        dims = [Dim.of(self.text(p)) if not self.text(p).isdigit() else Dim.of(int(self.text(p))) for p in parts]
        shape: Shape | None = None
        if dims and name != "comm":
            shape = (dims[0], dims[0] if name == "eye" else dims[1] if len(dims) > 1 else ONE)
        return call(name, parts, shape, start, end)._replace(flat=self.numpy and len(parts) == 1 and name != "eye")

    def expanded(self, row: Row, given: Sequence[Piece], start: int, end: int) -> Piece:
        """A row's meaning, with what is given in the places of its letters."""
        if row.meaning[0] == "!":
            raise self.refuse(row.meaning[1:], start)
        bound = {letter: p for letter, p in zip(row.arguments, given, strict=True) if letter[0].isalpha()}
        placed = [Sign(s.text, start, min(end, start + len(row.name)), s.gap) for s in template(row.meaning)]
        inner = type(self)(self.line, placed, self.around, True if "@" in row.meaning or " * " in row.meaning or "**" in row.meaning
                           or " / " in row.meaning else self.numpy and " + " in row.meaning, False, bound)
        return inner.sum()


@lru_cache(512)
def template(text: str) -> tuple[Sign, ...]:
    """The signs of a meaning."""
    return signs(text)


def normal(named: Keywords, given: Sequence[Piece]) -> tuple[tuple[str, str], ...]:
    """Keywords in one spelling: dim is axis, -1 the last axis; what says nothing is left out."""
    out = {}
    for key, value in named.items():
        key = {"dim": "axis", "keepdim": "keepdims", "p": "ord"}.get(key, key)
        if value == "None" or (key == "keepdims" and value == "False"):
            continue
        if key == "axis" and given:
            columns = given[0].kind != "matrix"
            value = {"-1": "0" if columns else "1", "-2": "0"}.get(value, value)
        out[key] = value
    if out.get("keepdims") and out.get("axis") != "0":
        del out["keepdims"]
    return tuple(sorted(out.items()))


def takes(row: Row, given: Sequence[Piece], keywords: tuple[tuple[str, str], ...]) -> bool:
    """Whether a row is about these arguments."""
    if row.keywords != keywords or len(row.arguments) != len(given):
        return False
    for letter, p in zip(row.arguments, given, strict=True):
        if letter[0].isalpha():
            if p.head.startswith('"') or (letter in KINDS and p.kind and p.kind not in KINDS[letter]):
                return False
        elif p.head != letter and "".join(t for t, _, _ in p.tokens) != letter:
            return False
    return True


def result_shape(name: str, given: Sequence[Piece]) -> Shape | None:
    """The shape of a function's value, as far as it is known."""
    shapes = [p.shape for p in given]
    if not shapes or shapes[0] is None:
        return None
    first = shapes[0]
    if name in ELEMENTWISE_NAMES or name in ("softmax", "d"):
        return first
    if name == "diag":
        return (first[0], first[0]) if first[1] is ONE else (first[0], ONE)
    if name == "logsumexp":
        return SCALAR if first[1] is ONE else (first[0], ONE)
    if name in ("scalar", "normF"):
        return SCALAR
    row = SHAPES.get(name)
    if row is not None:
        letters: dict[str, Dim] = {"1": ONE}
        for pair, shape in zip(row.arguments.split(), shapes, strict=False):
            if shape is None:
                return None
            for letter, d in zip(pair.strip("()").split(","), shape, strict=True):
                letters.setdefault(letter, d)
        sizes = []
        for text in row.result.strip("()").split(","):
            size = ONE
            for letter in text.split("*"):
                size = size * letters.get(letter, ONE)
            sizes.append(size)
        return (sizes[0], sizes[1])
    return composite_shape(name, shapes) if name in BY_NAME else None


def composite_shape(name: str, shapes: Sequence[Shape | None]) -> Shape | None:
    """The shape of what a composite stands for."""
    found = law(name)
    bound = {p: shape for p, shape in zip(found.parameters, shapes, strict=False) if shape is not None}
    bound |= {letter: SCALAR for pair in found.shapes for letter in pair}
    try:
        return Walk(found.line, bound, {}, {}, Known(), lambda at, name: SCALAR).run(found.code).shape
    except Clash:
        return None
