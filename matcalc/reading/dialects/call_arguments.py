"""The arguments of a call: arguments, keywords, and conditions, which are 1 where they hold and 0 elsewhere."""

from __future__ import annotations

from collections.abc import Sequence

from .entries import Entries
from .extents import Keywords
from .lists import LISTED
from .pieces import PRIMARY, PRODUCT, SUM, Piece, bracketed, call
from ..functions import SIZED
from ...language.shape import SCALAR
from .lexer import Sign, is_letter, is_number
from ..brackets import depths

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
            elif sign.text and is_letter(sign.text) and self.ahead(1) == "=":
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
