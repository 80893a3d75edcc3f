"""How pieces of a reading combine: the products of the language, and NumPy's, which go by shapes.

Where a line is NumPy's, * / ** go entry by entry, a shorter operand is spread along the axis that NumPy would spread it along, and a
vector has one dimension. What NumPy and the language would both read, each otherwise, is asked back.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from .around import UNKNOWN, Around, alike, same
from .phrases import POSTFIX, PRIMARY, PRODUCT, SUM, Piece, bracketed, call, joined, power, product_shape, turned, vector_of_ones
from .shape import ONE, SCALAR, Dim, InputError, Shape
from .signs import Sign
from .tokens import Line, written


class Unread(Exception):
    """No dialect has a line like this; where it stops."""

    def __init__(self, at: int) -> None:
        self.at = at


class Combined:
    """A place in the signs of a line."""

    def __init__(self, line: Line, signs: Sequence[Sign], around: Around, numpy: bool, tex: bool,
                 bound: Mapping[str, Piece] | None = None) -> None:
        self.line, self.signs, self.around, self.numpy, self.tex = line, list(signs), around, numpy, tex
        self.bound = bound or {}
        self.i = self.depth = 0
        self.bars: list[str] = []
        self.last = signs[-1].end if signs else 0

    # ------------------------------------------------------------ the place
    @property
    def now(self) -> str:
        """The present sign."""
        return self.signs[self.i].text if self.i < len(self.signs) else ""

    def ahead(self, k: int) -> str:
        """A later sign."""
        return self.signs[self.i + k].text if 0 <= self.i + k < len(self.signs) else ""

    def sign(self) -> Sign:
        """The present sign with its place."""
        return self.signs[self.i] if self.i < len(self.signs) else Sign("", self.last, self.last)

    def take(self) -> Sign:
        """The present sign, behind us."""
        found = self.sign()
        self.i += 1
        return found

    def expect(self, text: str) -> Sign:
        """What must come now."""
        if self.now != text:
            raise self.unread()
        return self.take()

    def unread(self) -> Unread:
        """Nothing is read like this."""
        return Unread(self.sign().start)

    def refuse(self, message: str, at: int, hint: str | None = None) -> InputError:
        """What is known and has no reading, or two."""
        return self.line.error_at(message, at, hint)

    def two_readings(self, what: str, one: str, other: str, at: int) -> InputError:
        """An ambiguity: both readings."""
        return self.refuse(f"{what} has two readings: {one}, and {other}", at, "write the one that is meant")

    def text(self, p: Piece) -> str:
        """What was read."""
        return written([t for t, _, _ in p.tokens])

    # ------------------------------------------------------------ sums
    def plus(self, parts: Sequence[tuple[Sign | None, Piece]]) -> Piece:
        """Terms with their signs."""
        if len(parts) == 1 and parts[0][0] is None:
            return parts[0][1]
        pieces = [self.column(p) for _, p in parts] if len(parts) > 1 else [p for _, p in parts]
        reaching = next((k for k, p in enumerate(pieces) if p.head == "reaching" and p.kind not in ("", "scalar")), len(parts))
        if any(p.kind == "scalar" for p in pieces[reaching + 1:]):
            first = self.text(pieces[reaching])
            raise self.two_readings("a derivative before a sum", f"{first} plus what follows", "the derivative of all of the sum",
                                    pieces[reaching].start)
        shape: Shape | None = next((p.shape for p in pieces if p.shape != SCALAR), SCALAR)
        if self.numpy:
            for p in pieces:
                shape = self.spread(shape, p.shape)
            pieces = [self.filled(p, shape) for p in pieces]
        tokens: list[tuple[str, int, int]] = []
        for (sign, _), p in zip(parts, pieces, strict=True):
            if sign is not None:
                tokens.append((sign.text, sign.start, sign.end))
            tokens += bracketed(p, PRODUCT)
        return Piece(tuple(tokens), SUM, shape, flat=any(p.flat for p in pieces))

    def spread(self, a: Shape | None, b: Shape | None) -> Shape | None:
        """The shape that two are spread to."""
        if a is None or b is None or a == SCALAR or b == SCALAR or same(a, b):
            return b if a == SCALAR else a
        return (a[0] if b[0] is ONE else b[0], a[1] if b[1] is ONE else b[1])

    def filled(self, p: Piece, shape: Shape | None) -> Piece:
        """A term spread along the axis that it does not have."""
        if shape is None or p.shape is None or p.shape == SCALAR or same(p.shape, shape):
            return p
        p = self.along(p, shape)
        ones = vector_of_ones(p.start, p.start)
        if p.kind == "row":
            return joined("*", ones, p, p.start, p.start, shape)
        return joined("*", p, turned(ones, p.start, p.start), p.end, p.end, shape)

    def along(self, p: Piece, shape: Shape) -> Piece:
        """A vector as the row or column that is spread over a matrix: of one dimension it goes along the last axis."""
        if p.kind not in ("row", "column"):
            raise Unread(p.start)
        if not p.flat:
            return p
        size = p.shape[0] if p.shape else ONE
        row, column = alike(size, shape[1]), alike(size, shape[0])
        if row and column:
            raise self.two_readings(self.text(p), f"as a row, {self.text(p)}[None, :]", f"as a column, {self.text(p)}[:, None]", p.start)
        if not (row or column):
            raise Unread(p.start)
        return turned(p, p.end, p.end) if row else p

    def column(self, p: Piece) -> Piece:
        """A vector of one dimension that stands as a row, upright."""
        return turned(p, p.end, p.end)._replace(flat=True, turned=False) if p.flat and p.kind == "row" else p

    # ------------------------------------------------------------ products
    def times(self, a: Piece, sign: Sign, b: Piece) -> Piece:
        """a op b, as this line means it."""
        op, at, end = sign.text, sign.start, sign.end
        if op == "@":
            return self.matrix_product(a, b, at, end)
        if op == "\\":
            return self.solved(a, b, at, end)
        if self.numpy and op in ("*", "/"):
            return self.entries(self.column(a), op, self.column(b), at, end)
        if op == "⊗":
            return joined("⊗", a, b, at, end, None)
        if op in (".*", "./"):
            shape = b.shape if a.kind == "scalar" else a.shape
        else:
            shape = product_shape(a.shape, b.shape) if op == "*" else a.shape
        return joined(op, a, b, at, end, shape)

    def fits(self, op: str, a: Piece, b: Piece) -> bool:
        """Whether the language has a op b."""
        if a.shape is None or b.shape is None:
            return True
        if op == "*":
            return SCALAR in (a.shape, b.shape) or alike(a.shape[1], b.shape[0])
        if op == "/":
            return b.shape == SCALAR
        return SCALAR in (a.shape, b.shape) or same(a.shape, b.shape)

    def matrix_product(self, a: Piece, b: Piece, at: int, end: int) -> Piece:
        """a @ b; of vectors of one dimension the inner product."""
        if a.shape is None or b.shape is None:
            return joined("*", a, b, at, end, None)
        a, b = (self.upright_letter(p) for p in (a, b))
        assert a.shape is not None and b.shape is not None
        if "scalar" in (a.kind, b.kind):
            raise self.refuse("@ is no product with a scalar", at, "write *")
        flat = a.flat or (b.flat and a.kind == "matrix")
        if a.kind == "column" and b.kind == "row" and b.turned and a.flat:
            raise self.two_readings(f"{self.text(a)} @ {self.text(b)}", "the outer product of columns",
                                    "the inner product of vectors of one dimension", at)
        if a.kind == "column" and alike(a.shape[0], b.shape[0]):
            a, flat = turned(a, a.end, a.end), True
        out = joined("*", a, b, at, end, product_shape(a.shape, b.shape))
        return out._replace(flat=flat and out.kind != "scalar")

    def upright_letter(self, p: Piece) -> Piece:
        """A name that nobody declared and that no product is a scalar for: a vector."""
        if p.kind == "scalar" and p.head and len(p.tokens) == 1 and p.head != "pi" and not self.around.knows(p.head):
            return p._replace(shape=(Dim.of(f"{UNKNOWN}{p.head}0"), ONE), flat=True)
        return p

    def entries(self, a: Piece, op: str, b: Piece, at: int, end: int) -> Piece:
        """* and / entry by entry, with NumPy's spreading."""
        flat = a.flat or b.flat
        if a.shape is None or b.shape is None:
            return joined("." + op, a, b, at, end, None)
        if b.kind == "scalar" or (a.kind == "scalar" and op == "*"):
            return joined(op, a, b, at, end, product_shape(a.shape, b.shape))._replace(flat=flat)
        if a.kind == "scalar" or same(a.shape, b.shape):
            return joined("." + op, a, b, at, end, b.shape)._replace(flat=flat)
        if op == "*" and {a.kind, b.kind} == {"row", "column"} and not (a.kind == "row" and alike(a.shape[1], b.shape[0])):
            first, second = (a, b) if a.kind == "column" else (b, a)
            return joined("*", first, second, at, end, product_shape(first.shape, second.shape))
        if op == "*" and a.kind != "column" and self.fits("*", a, b) and (a.turned or not (a.flat or b.flat)):
            raise self.two_readings(f"{self.text(a)} * {self.text(b)}", f"entry by entry, as in NumPy, {self.text(a)}.*{self.text(b)} "
                                    "spread", f"the matrix product, {self.text(a)} @ {self.text(b)}", at)
        if "matrix" not in (a.kind, b.kind) or (op == "/" and a.kind != "matrix"):
            raise Unread(at)
        whole, part = (a, b) if a.kind == "matrix" else (b, a)
        assert whole.shape is not None
        part = self.along(part, whole.shape)
        behind = part.kind == "row"
        part = turned(part, part.end, part.end) if behind and not part.turned else part
        if behind and part.turned:
            part = part._replace(tokens=part.tokens)
        inner = part if op == "*" else joined("./", Piece((("1", part.start, part.start),), PRIMARY, SCALAR), part, at, end, part.shape)
        diag = call("diag", [self.upright(inner)], None, part.start, part.end)
        return joined("*", whole, diag, at, end, whole.shape) if behind else joined("*", diag, whole, at, end, whole.shape)

    def upright(self, p: Piece) -> Piece:
        """A row as a column: b'' is b."""
        tokens = p.tokens
        while p.level == POSTFIX and len(tokens) > 2 and tokens[-1][0] == tokens[-2][0] == "'":
            tokens = tokens[:-2]
        return p._replace(tokens=tokens)

    def raised(self, base: Piece, exponent: Piece, at: int, end: int) -> Piece:
        """base**exponent."""
        if base.kind == "scalar":
            return power("^" if exponent.kind == "scalar" else ".^", base, exponent, at, end)
        if not self.numpy and base.kind == "matrix" and base.shape is not None and alike(*base.shape):
            x, k = self.text(base), self.text(exponent)
            raise self.two_readings(f"{x}**{k}", f"entry by entry, {x}.^{k}", f"the power of a matrix, {x}^{k}", at)
        return power(".^", base, exponent, at, end)._replace(flat=base.flat)

    def solved(self, a: Piece, b: Piece, at: int, end: int) -> Piece:
        """A\\b."""
        if a.kind == "scalar":
            return joined("/", b, a, at, end, b.shape)
        if a.head == "product" or a.head == "quotient":
            text = self.text(a)
            raise self.two_readings(f"{text}\\{self.text(b)}", f"({text})\\{self.text(b)}, all of it inverted",
                                    "its last factor alone inverted", at)
        if a.shape is not None and not (a.kind == "matrix" and alike(*a.shape)):
            raise self.refuse("A\\b is read for a square A, as inv(A)*b", at, "least squares are inv(A'*A)*A'*b")
        return joined("*", call("inv", [a], a.shape, a.start, a.end), b, at, end, b.shape)
