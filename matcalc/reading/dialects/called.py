"""Calls in a dialect: functions, methods, libraries, by the table of spellings."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from ..inference.calls import Known
from ..inference.clash import Clash
from .combined import Unread
from ...language.composites import BY_NAME
from ..definitions import law
from . import einsums, lists
from .entries import Entries
from .extents import Keywords, is_name
from .lists import LISTED
from ...language.operations import ELEMENTWISE_NAMES, OF_MATRIX, OPERATIONS
from ...language.signatures import SIGNATURES, value_of
from .phrases import PRIMARY, Piece, axes_of, call, one_dimensional, upright
from ...language.composites import REFUSED
from ..functions import SIZED, TAKES
from ...language.shape import ONE, SCALAR, Shape
from ..inference.shapes import Walk
from .signs import Sign, is_letter, is_number, signs
from .spellings import AXES, MODULES, Row, rows

KINDS = {"c": ("scalar",), "x": ("column", "row"), "y": ("column", "row"), "M": ("matrix",), "N": ("matrix",)}
UNARY = ELEMENTWISE_NAMES | {row.spelling for row in OPERATIONS if " " not in row.arguments} | {"normF", "ln", "trace", "Tr"}
AXIS_FREE = ELEMENTWISE_NAMES | {"sum", "mean", "var", "std", "norm", "dot", "matmul", "mm", "multiply", "mul", "add", "subtract", "sub",
                                 "divide", "div", "power", "pow", "maximum", "square", "negative", "neg", "absolute", "solve", "outer",
                                 "transpose", "t", "ones_like", "zeros_like"}
MEASURES = frozenset(("len", "size", "numel", "length"))


class Called(Entries):
    """What is written with brackets behind a name."""

    def sum(self) -> Piece:
        """An expression."""
        raise NotImplementedError

    def closing_of(self, k: int) -> int:
        """Where the bracket at a place is closed."""
        raise NotImplementedError

    def function(self, name: str) -> bool:
        """Whether the language or everyday use has a function of this name, and nothing else is called so."""
        return not self.around.has(name) and (name in TAKES or name in MEASURES or bool(rows(name, matlab=not self.numpy)))

    # ------------------------------------------------------------ arguments
    def arguments(self) -> tuple[list[Piece], Keywords, int]:
        """( a, b, axis=1 ); a quoted word is a piece that is called so."""
        measured, self.measured = self.measured, self.ahead(-1) in SIZED or self.numpy and self.ahead(-1) in LISTED
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
        self.bars, self.measured = bars, measured
        return given, named, self.expect(")").end

    def word(self) -> str:
        """The value of a keyword: a number, a word, None."""
        minus = self.now == "-"
        self.i += minus
        if self.now == "(" and not minus:
            axes = self.signs[self.i + 1:self.closing_of(self.i)]
            self.i += len(axes) + 2
            return ",".join(sorted(s.text for s in axes if s.text != ","))
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
            if name == "e":
                return Piece(tuple((text, sign.start, self.signs[self.i - 1].end) for text in ("exp", "(", "1", ")")), PRIMARY, SCALAR)
            if name == "newaxis":
                return Piece((("None", sign.start, self.signs[self.i - 1].end),), PRIMARY, None, head="None")
            raise self.unread()
        given, named, end = self.sizes_of(name) or self.arguments()
        own = f"{sign.text}.{name}"
        return self.meaning(own if rows(own, True) else name, given, named, sign.start, end, True, own)

    def method(self, p: Piece) -> Piece | None:
        """x.sum(axis=0), A.T."""
        name = self.ahead(1)
        if not name or not is_letter(name):
            return None
        if name in ("T", "mT", "H") and self.ahead(2) != "(":
            return None
        if name in ("shape", "size"):
            return self.size_of(p, name)
        if self.ahead(2) != "(":
            raise self.unread()
        self.i += 2
        given, named, end = self.arguments()
        if name == "transpose" and len(given) == 2:
            given = []
        return self.meaning("." + name if rows("." + name, True) else name, [p, *given], named, p.start, end, True)

    def called(self, sign: Sign) -> Piece:
        """name(...), of the language, of everyday use, or of nobody; sum(abs2, x) is sum(abs2(x))."""
        applied = self.ahead(1)
        if sign.text in ("sum", "mean") and self.ahead(2) == "," and (applied == "abs2" or applied in ELEMENTWISE_NAMES) and \
                not self.around.knows(applied):
            opened, name = self.signs[self.i:self.i + 2]
            stop = self.closing_of(self.i)
            end = self.signs[stop]
            self.signs[self.i:stop + 1] = [opened, name, opened, *self.signs[self.i + 3:stop], end, end]
        given, named, end = self.sizes_of(sign.text) or self.arguments()
        return self.meaning(sign.text, given, named, sign.start, end, bool(named))

    def meaning(self, name: str, given: list[Piece], named: Keywords, start: int, end: int, library: bool, own: str = "") -> Piece:
        """What a call stands for; `own` is how a function of a library was written."""
        if name == "slogdet" and self.now == "[":
            name += self.index()
        elif name == "slogdet" and self.now == "." and self.ahead(1) == "logabsdet":
            self.i += 2
            name = "slogdet[1]"
        if name == "einsum" and given and given[0].head[:1] == '"':
            rule = given.pop(0).head.strip('"')
            made = einsums.row(rule, given)
            if made is None:
                raise self.refuse(f'einsum("{rule}", ..) cannot be read', start, "write it as a product of matrices")
            return self.expanded(made, given, start, end)
        if name in LISTED and library and len(given) == 1 and given[0].items:
            return lists.combined(self, name, given[0].items, named, start, end)
        if name in SIZED:
            return self.sized(name, given, start, end)
        if name in MEASURES and not named and given and not self.around.has(name):
            axis = self.text(given[1]) if len(given) == 2 else ""
            if name == "size" and axis in ("1", "2"):
                return self.extent(given[0], int(axis) - 1)
            if len(given) == 1 and (name != "size" or library) and (name != "length" or given[0].kind == "column"):
                return self.extent(given[0], 0 if name == "len" else -1)
        if library and name.lstrip(".") in AXES and len(given) == 2 and is_number(given[1].tokens[-1][0]) and "axis" not in named:
            named = {**named, "axis": self.text(given[1])}
            given = given[:1]
        given = [upright(p) if name == "outer" else self.column(p) for p in given] if name not in ("dot", "matmul") else given
        keywords = normal(named, given)
        self.two_axes(name, given, keywords, start)
        if name in ("ones_like", "zeros_like") and len(given) == 1 and given[0].shape and is_name(given[0]):
            like = self.sized(name[:-5], [self.dim(d, start) for d in given[0].shape], start, end)
            return axes_of(given[:1], like)
        found = [r for r in rows(name, library, not self.numpy) if takes(r, given, keywords)]
        if found:
            return self.expanded(found[0], given, start, end)
        if name in REFUSED or keywords or (not library and name not in TAKES):
            if name in REFUSED:
                raise self.refuse(f"{name} is not supported: {REFUSED[name]}", start)
            if keywords:
                raise self.refuse(f"{name}(..., {', '.join(f'{k}={v}' for k, v in named.items())}) cannot be read here", start)
        if any(p.head.startswith('"') for p in given):
            raise self.refuse(f"{name}({given[0].head}, ..) cannot be read", start) if given[0].head[0] == '"' else Unread(start)
        if own and name not in TAKES and not self.around.has(name):
            raise self.refuse(f"unknown function {own}", start, "write what it computes with the operations of the language")
        return self.settled(call(name, given, result_shape(name, given), start, min(end, start + len(name))), given)

    def two_axes(self, name: str, given: Sequence[Piece], keywords: tuple[tuple[str, str], ...], at: int) -> None:
        """x[:, None] has two axes: only some functions take it as the language takes a vector."""
        apart = next((p for p in given if p.kind in ("column", "row") and not one_dimensional(p)), None)
        ordered = name == "norm" and len(given) > 1
        if self.numpy and apart is not None and not self.bound and (keywords or ordered or name not in AXIS_FREE):
            raise self.refuse(f"{name} of {self.text(apart)}, which has two axes here, is not read", at,
                              "give it the vector of one axis, or write the result out")
        if self.numpy and keywords and any(p.shape is None for p in given):
            raise Unread(at)
        if self.numpy and name == "outer" and any(p.kind == "scalar" and not self.open_letter(p) for p in given):
            raise self.refuse("np.outer of a number has two axes, and cannot be read", at, "write the product with *")

    def settled(self, p: Piece, given: Sequence[Piece]) -> Piece:
        """A function's value with the number of axes it has in NumPy: a vector made of matrices has one."""
        vectors = [g for g in given if g.kind in ("column", "row")]
        if p.kind == "scalar" and len(given) == 1 and given[0].kind == "scalar":
            return p._replace(turned=given[0].turned)
        if not self.numpy or p.kind not in ("column", "row") or one_dimensional(p) or not all(map(one_dimensional, vectors)):
            return p
        flipped = p.kind == "row" and bool(vectors) and all(g.turned for g in vectors)
        return p._replace(flat=p.kind == "column", turned=flipped, sure=all(g.sure for g in vectors))

    def index(self) -> str:
        """[1] behind slogdet."""
        if self.ahead(1) != "1" or self.ahead(2) != "]":
            raise self.unread()
        self.i += 3
        return "[1]"

    def expanded(self, row: Row, given: Sequence[Piece], start: int, end: int) -> Piece:
        """A row's meaning, with what is given in the places of its letters."""
        if row.meaning[0] == "!":
            raise self.refuse(row.meaning[1:], start)
        bound = {letter: p for letter, p in zip(row.arguments, given, strict=True) if letter[0].isalpha()}
        placed = [Sign(s.text, start, min(end, start + len(row.name)), s.gap) for s in template(row.meaning)]
        inner = type(self)(self.line, placed, self.around, True if "@" in row.meaning or " * " in row.meaning or "**" in row.meaning
                           or " / " in row.meaning else self.numpy and (" + " in row.meaning or " - " in row.meaning), bound)
        inner.vectors = self.vectors
        out = inner.sum()
        return out if ("keepdims", "True") in row.keywords or "None" in row.meaning else self.settled(out, given)


@lru_cache(512)
def template(text: str) -> tuple[Sign, ...]:
    """The signs of a meaning."""
    return signs(text)


def normal(named: Keywords, given: Sequence[Piece]) -> tuple[tuple[str, str], ...]:
    """Keywords in one spelling: dim is axis, -1 the last axis; what says nothing is left out."""
    out = {}
    for key, value in named.items():
        key = {"dim": "axis", "keepdim": "keepdims", "p": "ord"}.get(key, key)
        if value == "None" or (value == "0,1" and given and given[0].kind in ("", "matrix")) or (key == "keepdims" and value == "False"):
            continue
        if key == "axis" and given:
            columns = given[0].kind != "matrix"
            value = {"-1": "0" if columns else "1", "-2": "0"}.get(value, value)
        out[key] = value
    if out.get("keepdims") and ("axis" not in out or given and given[0].kind in ("column", "row")):
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
    if name in ELEMENTWISE_NAMES or name == "d":
        return first
    if name in ("scalar", "normF"):
        return SCALAR
    row = SIGNATURES.get(name if first[1] is ONE else OF_MATRIX.get(name, name))
    if row is not None:
        if None in shapes or len(shapes) < len(row[0]):
            return None
        letters = {letter: d for pair, shape in zip(row[0], shapes, strict=False) for letter, d in zip(pair, shape or SCALAR, strict=True)}
        return value_of(row[1], letters)
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
