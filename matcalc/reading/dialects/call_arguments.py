"""The arguments of a call: arguments, keywords, and conditions, which are 1 where they hold and 0 elsewhere; which row of a spelling they
fit; and lists: np.hstack([A, B]), np.concatenate((x, y)), np.block([[A, B], [C, D]]), np.linalg.multi_dot([A, B, x])."""

from __future__ import annotations

from collections.abc import Sequence, Mapping
from fractions import Fraction

from .entries import Entries
from .extents import Keywords
from .pieces import PRIMARY, PRODUCT, SUM, Piece, bracketed, call, one_dimensional, transposed
from ..grammar.functions import SIZED
from ...language.shape import SCALAR, InputError
from ..grammar.lexer import Sign, is_number, signs
from ..grammar.tokens import is_name
from ..grammar.brackets import ROUND, closing, depths
from ..grammar.spellings import Row
from ...patterns import pattern

KINDS = {"c": ("scalar",), "x": ("column", "row"), "y": ("column", "row"), "M": ("matrix",), "N": ("matrix",)}
WORTH = pattern(r"-?(\d+\.?\d*|\.\d+)")
SPECTRA = {"eigvals": "spectrum", "svdvals": "singvals"}       # where no row takes them, max(eigvals(M)): of a symmetric M
TRUTHS = frozenset(("T",))       # the letter of what is 1 or 0: x > 0
ALIASES = {"dim": "axis", "keepdim": "keepdims", "p": "ord", "correction": "ddof", "a_min": "min", "a_max": "max",
           "negative_slope": "alpha", "type": "ord"}
SPELT = {("unbiased", "True"): ("ddof", "1"), ("unbiased", "False"): ("ddof", "0")}
PLAIN = frozenset((("keepdims", "False"), ("order", '"C"')))      # what says nothing


def text_of(p: Piece) -> str:
    """A keyword's value as it was written.

    >>> text_of(Piece((("-", 0, 1), ("1", 1, 2)), 0, None)), text_of(Piece((('"fro', 0, 4),), 0, None, head='"fro"'))
    ('-1', '"fro"')
    """
    return p.head if p.head[:1] == '"' else "".join(t for t, _, _ in p.tokens)


def normal(named: Mapping[str, Piece], given: Sequence[Piece]) -> dict[str, Piece]:
    """Keywords in one spelling: dim is axis, -1 the last axis; what says nothing is left out."""
    out: dict[str, Piece] = {}
    for key, p in named.items():
        key, value = SPELT.get((key, text_of(p)), (ALIASES.get(key, key), text_of(p)))
        if (value == "None" and key not in ("min", "max")) or (key, value) in PLAIN or (
                value == "0,1" and given and given[0].kind in ("", "matrix")):
            continue
        if key == "axis" and given:
            columns = given[0].kind != "matrix"
            value = {"-1": "0" if columns else "1", "-2": "0"}.get(value, value)
        out[key] = p if value == text_of(p) else p._replace(tokens=((value, p.start, p.end),), head="")
    if "axis" in out and "ord" in out and text_of(out["ord"]) == "2":
        del out["ord"]
    if "keepdims" in out and ("axis" not in out or given and given[0].kind in ("column", "row")):
        del out["keepdims"]
    return out


def takes(row: Row, given: Sequence[Piece], keywords: Mapping[str, Piece]) -> bool:
    """Whether a row is about these arguments."""
    if len(row.keywords) != len(keywords) or len(row.arguments) != len(given):
        return False
    return all(key in keywords and stands(value, keywords[key]) for key, value in row.keywords) and all(map(stands, row.arguments, given))


def stands(letter: str, p: Piece) -> bool:
    """Whether a letter of a row may stand for this, or a number or a word is this."""
    if len(letter) == 1 and letter.isalpha():
        if p.head.startswith('"') or text_of(p) in ("None", "[]", "∞"):
            return False
        truth = p.head == "step" or [t for t, _, _ in p.tokens[:3]] == ["1", "-", "step"]        # x > 0, x >= 0
        return truth if letter in TRUTHS else letter not in KINDS or not p.kind or p.kind in KINDS[letter]
    if "M)" in letter:
        return inside(letter, p) is not None
    text = text_of(p).lower()
    worth = text.strip('"')
    return text == letter.lower() or (WORTH.fullmatch(worth) is not None and is_number(letter) and Fraction(worth) == Fraction(letter))


def inside(letter: str, p: Piece) -> Piece | None:
    """The matrix of log(svdvals(M)) and the like; None where this is something else."""
    if p.head in SPECTRA:
        return p.items[0] if letter == f"{p.head}(M)" else None
    texts = [t for t, _, _ in p.tokens]
    before, after = ([s.text for s in signs(part)] for part in letter.split("M"))
    part = p.tokens[len(before):len(texts) - len(after)]
    fits = texts[:len(before)] == before and texts[len(texts) - len(after):] == after and closing(texts, len(before) - 1, ROUND) == len(
        texts) - len(after)
    return Piece(part, SUM if len(part) > 1 else PRIMARY, None) if fits and part else None


def bound(row: Row, given: Sequence[Piece], keywords: Mapping[str, Piece]) -> dict[str, Piece]:
    """What the letters of a row stand for."""
    pairs = [*zip(row.arguments, given, strict=True), *((value, keywords[key]) for key, value in row.keywords)]
    found = ((letter, p) if "M)" not in letter else ("M", inside(letter, p)) for letter, p in pairs)
    return {letter: p for letter, p in found if is_name(letter) and p is not None}


ROWS = frozenset(("vstack", "row_stack"))
COLUMNS = frozenset(("hstack", "column_stack"))
ENDED = {"append": "hstack", "r_": "hstack", "c_": "column_stack"}       # without a list: np.append(x, 1), np.r_[x, 1]
ALONG = frozenset(("concatenate", "concat", "cat", "stack"))       # by their axis
OF_NUMBERS = frozenset(("array", "asarray", "tensor"))
LISTED = ROWS | COLUMNS | ALONG | OF_NUMBERS | ENDED.keys() | {"block", "multi_dot"}


def of_list(reader: Entries, name: str, parts: Sequence[Piece], named: Mapping[str, Piece], start: int, end: int) -> Piece:
    """What a function of a list stands for. A vector has one dimension: side by side with another it is longer, and one below another
    they are rows."""
    def refuse(why: str) -> InputError:
        return reader.refuse(f"{name} of {why} cannot be read", start, "write blocks: [A, B] side by side, [A; B] one below another")

    axis = next((text_of(named[key]) for key in ("axis", "dim") if key in named), "0")
    if named.keys() - {"axis", "dim"}:
        raise reader.refuse(f"{name}(..., {', '.join(f'{k}={text_of(p)}' for k, p in named.items())}) cannot be read here", start)
    if name == "multi_dot":
        out = parts[0]
        for p in parts[1:]:
            out = reader.times(out, Sign("@", p.start, p.start), p)
        return out
    if name in OF_NUMBERS:
        lines = [list(row.items) or [row] for row in parts]
        if len({len(row) for row in lines}) > 1 or any(p.kind != "scalar" or p.items for row in lines for p in row):
            raise refuse("these")
        rows = [reader.stack("hstack", row, start, end) if len(row) > 1 else row[0] for row in lines]
        return reader.stack("vstack", rows, start, end)._replace(flat=not any(row.items for row in parts))
    if name == "block":
        if any(not row.items for row in parts) or any(p.kind != "matrix" for row in parts for p in row.items):
            raise refuse("what are not rows of matrices")
        lines = [reader.stack("hstack", list(row.items), start, end) for row in parts]
        return reader.stack("vstack", lines, start, end)
    longer = ENDED.get(name, name) == "hstack" and any(p.kind != "scalar" for p in parts)       # numbers are vectors of one entry there
    if any(p.items or p.kind == "" or (p.kind == "scalar" and not longer) for p in parts):
        raise refuse("these")
    flat = [one_dimensional(p) or p.kind == "scalar" for p in parts]
    if name in ("append", "r_") and not all(flat):
        raise refuse("arrays of two axes")
    name = ENDED.get(name, name)
    rows = name in ROWS or name == "stack" and axis == "0"             # as which a vector is laid beside others
    upright = name == "column_stack" or name == "stack" and not rows
    columns = [reader.column(p) for p in parts]
    if all(flat) and not rows and not upright:
        if axis == "1" and name != "hstack":
            raise refuse("vectors, which have one axis,")
        return reader.stack("vstack", columns, start, end)._replace(flat=True)
    if not all(flat) and (name == "stack" or any(flat) and not rows and not upright):
        raise refuse("arrays of these axes")
    beside = name in COLUMNS or not rows and axis in ("1", "-1")
    laid = [transposed(p, p.start, p.start) if f and rows else p for p, f in zip(columns, flat, strict=True)]
    return reader.stack("hstack" if beside else "vstack", laid, start, end)


SET_ASIDE = frozenset(("dtype", "device", "requires_grad"))     # keywords that change no value
WORDS = frozenset(("None", "True", "False"))
RELATIONS = frozenset("<>≤≥")


class Given(Entries):
    """Reads what stands in the brackets of a call."""

    def arguments(self) -> tuple[list[Piece], Keywords, int]:
        """( a, b, axis=1 ); a quoted word is a piece that is called so."""
        measured, self.measured = self.measured, self.ahead(-1) in SIZED or self.numpy and self.ahead(-1) in LISTED
        self.expect("(")
        bars, self.bars = self.bars, []
        given: list[Piece] = []
        named: Keywords = {}
        while self.now != ")":
            sign = self.sign()
            axes = not self.measured and sign.text == "(" and self.axes()
            if axes or sign.text[:1] == '"' or sign.text in WORDS or [sign.text, self.ahead(1)] == ["[", "]"]:
                given.append(self.word())
            elif sign.text and is_name(sign.text) and self.ahead(1) == "=":
                self.i += 2
                if sign.text in SET_ASIDE:
                    self.i = self.next_argument()
                else:
                    named[sign.text] = self.word()
            else:
                given.append(self.condition())
            if self.now != "," and not (self.now == ";" and self.ahead(2) == "="):        # Julia's sum(A; dims=2)
                break
            self.i += 1
        self.bars, self.measured = bars, measured
        return given, named, self.expect(")").end

    def next_argument(self) -> int:
        """Where the argument here ends."""
        texts = [s.text for s in self.signs[self.i:]]
        ends = (k for k, depth in enumerate(depths(texts), self.i) if depth < 0 or not depth and texts[k - self.i] == ",")
        return next(ends, len(self.signs))

    def word(self) -> Piece:
        """A quoted word, None, a tuple of axes, a number; else an expression."""
        sign = self.sign()
        if sign.text[:1] == '"' or sign.text in WORDS:
            self.i += 1
            return Piece(((sign.text, sign.start, sign.end),), PRIMARY, SCALAR, head=sign.text + '"' if sign.text[0] == '"' else "")
        if [sign.text, self.ahead(1)] == ["[", "]"]:
            self.i += 2
            return Piece((("[]", sign.start, self.signs[self.i - 1].end),), PRIMARY, SCALAR)
        axes = self.axes()
        if axes:
            self.i = self.closing_of(self.i) + 1
            return Piece(((axes, sign.start, self.signs[self.i - 1].end),), PRIMARY, SCALAR)
        return self.sum()

    def axes(self) -> str:
        """The axes of a tuple of numbers here: (0, 1)."""
        end = self.closing_of(self.i) if self.now in ("(", "[") else len(self.signs)
        inside = self.signs[self.i + 1:end] if end < len(self.signs) else []
        texts = [s.text for s in inside]
        return ",".join(sorted(t for t in texts if t != ",")) if "," in texts and all(t == "," or is_number(t) for t in texts) else ""

    def opens_inner(self) -> bool:
        """Whether < opens an inner product: a comma and its > come."""
        commas = 0
        signs = self.signs[self.i + 1:]
        for s, depth in zip(signs, depths(s.text for s in signs), strict=True):
            if depth < 0 or (depth == 0 and s.text == ">"):
                return depth == 0 and commas == 1
            commas += depth == 0 and s.text == ","
        return False

    # ------------------------------------------------------------ conditions
    def condition(self) -> Piece:
        """An expression, or x > y, which is the step of x - y, or x >= y, which is 1 but where y > x."""
        first = self.sum()
        dot = self.now == "." and self.ahead(1) in RELATIONS
        if not dot and self.now not in RELATIONS:
            return first
        self.i += dot
        relation = self.take()
        weak = relation.text in "≥≤" or self.now in ("=", "==") and self.sign().start == relation.end
        self.i += weak and relation.text in "<>"
        more, less = (first, self.sum()) if (relation.text in ">≥") is not weak else (self.sum(), first)
        if self.now in RELATIONS:
            raise self.refuse("a chain of inequalities cannot be read", self.sign().start, "write each by itself: (0 < x) * (x < 1)")
        found = self.step(more, less, relation, first.start, self.signs[self.i - 1].end)
        one = Piece((("1", first.start, first.start),), PRIMARY, SCALAR)
        return self.plus([(None, one), (Sign("-", relation.start, relation.end), found)]) if weak else found

    def step(self, more: Piece, less: Piece, relation: Sign, start: int, end: int) -> Piece:
        """1 where more > less, and 0 elsewhere."""
        parts: Sequence[tuple[Sign | None, Piece]]
        minus = Sign("-", relation.start, relation.end)
        if _is_zero(less):
            inner = more
        elif _is_zero(more):
            inner = Piece((("-", minus.start, minus.end), *bracketed(less, PRODUCT)), SUM, less.shape, flat=less.flat)
        else:
            parts = [(None, more), (minus, less)]
            inner = self.plus(parts)
        return call("step", [self.column(inner)], inner.shape, start, end)._replace(flat=inner.flat, sure=inner.sure)


def _is_zero(p: Piece) -> bool:
    return [text for text, _, _ in p.tokens] in (["0"], ["0."], ["0.0"])
