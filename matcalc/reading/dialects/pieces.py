"""Pieces of a reading: tokens of the language with their places, how tightly they bind, and their shape."""

from __future__ import annotations

from collections.abc import Sequence

from ..grammar.kinds import kind
from ...language.shape import ONE, SCALAR, Shape
from ..grammar.tokens import Token
from ...records import Record
from ..grammar.brackets import ROUND, closing

SUM, PRODUCT, POSTFIX, PRIMARY = range(4)


class Piece(Record):
    """Part of a reading. `flat` is what NumPy holds in one dimension, `turned` its transpose, which there is the same, and of a
    scalar that it is 1 x 1; `sure` what NumPy
    itself made so, and no column that somebody declared;
    `head` the name or function it is, or `product`, `quotient`, `reaching` (∇_x of all that follows); `items` the parts of a tuple."""

    tokens: tuple[Token, ...]
    level: int
    shape: Shape | None
    flat: bool = False
    transposed: bool = False
    sure: bool = False
    head: str = ""
    items: tuple[Piece, ...] = ()

    @property
    def kind(self) -> str:
        """scalar, column, row, matrix."""
        return kind(self.shape)

    @property
    def start(self) -> int:
        """Where it begins in the text."""
        return min(first for _, first, _ in self.tokens)

    @property
    def end(self) -> int:
        """Where it ends."""
        return max(last for _, _, last in self.tokens)


def bracketed(p: Piece, level: int) -> tuple[Token, ...]:
    """The tokens, in brackets where they bind less than that."""
    if p.level >= level:
        return p.tokens
    return (("(", p.start, p.start), *p.tokens, (")", p.end, p.end))


def closed(p: Piece, opened: int, end: int) -> Piece:
    """A piece in its own brackets, which stand where they were typed; what needs none has none."""
    if p.level == PRIMARY:
        return p
    return p._replace(tokens=(("(", opened, opened + 1), *p.tokens, (")", end - 1, end)), level=PRIMARY,
                      head="derivative" if p.head == "derivative" else "")


def unwrapped(p: Piece) -> Piece:
    """An argument without the brackets around all of it."""
    tokens = p.tokens
    whole = len(tokens) > 2 and tokens[0][0] == "(" and closing([text for text, _, _ in tokens], 0, ROUND) == len(tokens) - 1
    return p._replace(tokens=tokens[1:-1], level=SUM) if whole else p


def call(name: str, arguments: Sequence[Piece], shape: Shape | None, start: int, end: int) -> Piece:
    """name(a, b)."""
    tokens: list[Token] = [(name, start, end), ("(", start, end)]
    for k, a in enumerate(arguments):
        tokens += [*([(",", a.start, a.start)] if k else []), *unwrapped(a).tokens]
    return Piece((*tokens, (")", end - 1, end)), PRIMARY, shape, head=name)


def transposed(p: Piece, at: int, end: int) -> Piece:
    """The transpose."""
    shape = None if p.shape is None else (p.shape[1], p.shape[0])
    column = p.kind == "column"
    return Piece((*bracketed(p, POSTFIX), ("'", at, end)), POSTFIX, shape, flat=p.transposed or (p.flat and not column),
                 transposed=p.flat and column, sure=p.sure)


def one_dimensional(p: Piece) -> bool:
    """Whether NumPy holds this in one dimension."""
    return (p.flat or p.transposed) and p.kind in ("column", "row")


def upright(p: Piece) -> Piece:
    """A row as the column it is the transpose of: x' as x."""
    if p.kind != "row":
        return p
    out = transposed(p, p.end, p.end)._replace(flat=one_dimensional(p), transposed=False)
    if p.level != POSTFIX or p.tokens[-1][0] != "'":
        return out
    tokens = p.tokens[:-1]
    return unwrapped(out._replace(tokens=tokens, level=PRIMARY if len(tokens) == 1 else POSTFIX))


def two_axes(p: Piece) -> bool:
    """Whether NumPy holds this in two dimensions."""
    return p.transposed if p.kind == "scalar" else p.kind == "matrix" or (p.kind != "" and not one_dimensional(p))


def axes_of(pieces: Sequence[Piece], p: Piece) -> Piece:
    """What is made of these entry by entry, with as many axes as they have."""
    shaped = [p for p in pieces if p.kind != "scalar"]
    if not shaped:
        return p._replace(transposed=any(map(two_axes, pieces)))
    one = all(one_dimensional(q) for q in shaped) and not any(map(two_axes, pieces))
    flipped = one and all(q.transposed for q in shaped)
    return p._replace(flat=one and not flipped, transposed=flipped, sure=one and all(q.sure for q in shaped))


def joined(sign: str, a: Piece, b: Piece, at: int, end: int, shape: Shape | None) -> Piece:
    """A product or quotient of two."""
    loose = sign == "*" and b.level == PRODUCT and b.head in ("product", "reaching")
    tokens = (*bracketed(a, PRODUCT), (sign, at, end), *(b.tokens if loose else bracketed(b, POSTFIX)))
    return Piece(tokens, PRODUCT, shape, head="product" if sign == "*" and a.head != "quotient" else "quotient")


def power(sign: str, base: Piece, exponent: Piece, at: int, end: int) -> Piece:
    """base^exponent."""
    tokens = (*bracketed(base, POSTFIX), (sign, at, end), *bracketed(exponent, PRIMARY))
    return Piece(tokens, POSTFIX, base.shape if sign == "^" or base.kind != "scalar" else exponent.shape)


def product_shape(a: Shape | None, b: Shape | None) -> Shape | None:
    """The shape of a product of the language."""
    if a is None or b is None:
        return None
    if a == SCALAR or b == SCALAR:
        return b if a == SCALAR else a
    return (a[0], b[1])


def vector_of_ones(at: int, end: int) -> Piece:
    """vector(1), whose size is inferred."""
    one = Piece((("1", at, end),), PRIMARY, SCALAR)
    return call("vector", [one], None, at, end)


def is_one(p: Piece) -> bool:
    """Whether this is the number 1 as typed."""
    return len(p.tokens) == 1 and p.tokens[0][0] == "1"


def is_ones(p: Piece, row: bool = False) -> bool:
    """Whether this is 𝟏, or 𝟏ᵀ."""
    return [t for t, _, _ in p.tokens] == ["vector", "(", "1", ")", *(["'"] if row else [])]


__all__ = ["ONE", "Piece"]
