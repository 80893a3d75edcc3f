"""Sums over indices, ∑_i y_i log p_i: read entry by entry, and written without the index.

What depends on i alone is a column, what depends on i and j a matrix; products of entries go entry by entry, and each index that is
summed over becomes sum, rowsum or colsum. x_i beside a declared matrix X is its i-th row, which stands in inner products: x_iᵀw is X*w.
"""

from __future__ import annotations

from typing import Any

from .index_atoms import HINT, Entry, IndexAtoms, begins
from .phrases import PRIMARY, PRODUCT, SUM, Piece, bracketed, call, joined, turned
from ...language.shape import ONE, SCALAR
from .around import UNKNOWN
from .signs import Sign, is_letter


def total(reader: Any, sign: Sign, index: str = "") -> Piece:
    """What a sum over indices is without them."""
    found = Totals(reader).total(sign, index)
    return found.piece


class Totals(IndexAtoms):
    """Reads on where a reader of a dialect has met a sum."""

    # ------------------------------------------------------------ the index
    def total(self, sign: Sign, index: str = "") -> Entry:
        """∑ and all that it goes over."""
        texts = [index] if index else self.lower(sign)
        if self.r.now == "=" and self.r.ahead(1) == "1":
            texts += ["=", "1"]
            self.r.i += 2
        letters = self.letters(texts, sign)
        limit = self.upper()
        self.bound += letters
        body = self.term()
        if len(letters) == 2 and set(body.over) == set(letters) and body.parts is None:
            self.upto(body, letters[-1], limit, sign)
            body = Entry(call("sum", [body.piece], SCALAR, sign.start, body.piece.end))
            letters_left: tuple[str, ...] = ()
        else:
            letters_left = letters
        for letter in reversed(letters_left):
            body = self.summed(body, letter, limit, sign)
        self.bound = self.bound[:len(self.bound) - len(letters)]
        for s in self.r.signs[self.r.i:]:
            if s.text == "∑" or begins(s.text) is not None:
                break
            low = s.text.rpartition("_")[2] if "_" in s.text[1:] else ""
            if low and set(low) & set(letters) and not set(low) & set(self.bound) and not self.r.around.knows(s.text):
                raise self.refuse(f"{s.text} stands behind the sum over {low}", s.start, "write brackets around all that is summed")
        return body

    def lower(self, sign: Sign) -> list[str]:
        text = self.r.now
        if text[:1] == "_" and len(text) > 1:
            self.r.i += 1
            return [text[1:]]
        if text == "_":
            self.r.i += 1
        if self.r.now == "{":
            return self.group()
        if text == "_" and is_letter(self.r.now):
            return [self.r.take().text]
        raise self.refuse("sums over an index are read with their index", sign.start, "write sum(x), or ∑_i x_i")

    def letters(self, texts: list[str], sign: Sign) -> tuple[str, ...]:
        if "=" in texts:
            k = texts.index("=")
            if texts[k + 1:] != ["1"]:
                raise self.refuse("a sum over an index is read from 1 on", sign.start)
            texts = texts[:k]
        found = tuple("".join(t for t in texts if t != ","))
        if not found or len({*found, *self.bound}) < len(found) + len(self.bound) or not all(c.isalpha() for c in found):
            raise self.refuse("this index of a sum is not read", sign.start)
        for c in found:
            if self.r.around.has(c):
                raise self.refuse(f"{c} is declared, and no index", sign.start)
        return found

    def upper(self) -> str:
        """Up to where the index runs; nothing where that is not said."""
        text: str = self.r.now
        if text[:2] == "^^":
            self.r.i += 1
            return text[2:]
        if text != "^":
            return ""
        self.r.i += 1
        return "".join(self.group()) if self.r.now == "{" else str(self.r.take().text)

    def summed(self, body: Entry, letter: str, limit: str, sign: Sign) -> Entry:
        """The body summed over one of its indices."""
        if body.row or letter not in body.over:
            raise self.refuse(f"the sum over {letter} has no entry with that index", sign.start)
        p = body.piece
        self.upto(body, letter, limit, sign)
        if len(body.over) == 1:
            return Entry(call("sum", [p], SCALAR, sign.start, p.end))
        if body.parts is not None:
            return self.contracted(body.parts, body.over, letter, sign)
        rows, cols = p.shape or (None, None)
        if letter == body.over[1]:
            return Entry(call("rowsum", [p], None if rows is None else (rows, ONE), sign.start, p.end), body.over[:1])
        found = call("colsum", [p], None if cols is None else (ONE, cols), sign.start, p.end)
        return Entry(turned(found, p.end, p.end), body.over[1:])

    def upto(self, body: Entry, letter: str, limit: str, sign: Sign) -> None:
        """A sum runs over all entries."""
        shape = body.piece.shape
        size = None if shape is None else shape[body.over.index(letter)]
        if limit and size is not None and not str(size).startswith(UNKNOWN) and str(size) != limit:
            raise self.refuse(f"the sum runs to {limit}, and there are {size} entries", sign.start)

    def contracted(self, parts: tuple[Piece | None, Piece, Piece | None], over: tuple[str, ...], letter: str, sign: Sign) -> Entry:
        """diag(a)*M*diag(b) summed over its columns is a.*(M*b), over its rows b.*(M'*a)."""
        a, matrix, b = parts
        here, there = (b, a) if letter == over[1] else (a, b)
        left = over[0] if letter == over[1] else over[1]
        if here is None:
            out = self.summed(Entry(matrix, over), letter, "", sign).piece
        else:
            m = matrix if letter == over[1] else turned(matrix, matrix.end, matrix.end)
            out = joined("*", m, here, sign.start, sign.start, None if m.shape is None else (m.shape[0], ONE))
        if there is not None:
            out = joined(".*", there, out, sign.start, sign.start, there.shape)
        return Entry(out, (left,))

    # ------------------------------------------------------------ sums and products
    def sum(self) -> Entry:
        """Terms with their signs."""
        parts = [(self.r.signed(), self.term())]
        while self.r.now in ("+", "-"):
            parts.append((self.r.signed(), self.term()))
        if len(parts) == 1 and parts[0][0] is None:
            return parts[0][1]
        first = next((e for _, e in parts if e.over), parts[0][1])
        for sign, e in parts:
            if e.row or e.over not in ((), first.over) or not e.over and e.piece.kind not in ("scalar", ""):
                raise self.refuse("terms with different indices are not read", (sign or self.r.sign()).start)
        tokens: list[tuple[str, int, int]] = []
        for sign, e in parts:
            if sign is not None:
                tokens.append((sign.text, sign.start, sign.end))
            tokens += bracketed(e.piece, PRODUCT)
        return Entry(Piece(tuple(tokens), SUM, first.piece.shape), first.over)

    def term(self) -> Entry:
        """Factors, from left to right."""
        minus = self.r.signed()
        found: list[tuple[Sign, Entry]] = [(self.r.sign(), self.factor())]
        while True:
            sign = self.r.sign()
            if sign.text in ("*", "·", ".*", "/", "./"):
                self.r.i += 1
            elif self.r.begins():
                sign = sign._replace(text="*", end=sign.start)
            else:
                break
            right = self.factor()
            before, left = found[-1]
            if sign.text in ("*", "·") and (left.row or right.row) and (self.vector(left) or self.vector(right) or left.row and right.row):
                found[-1] = before, self.inner(left, sign, right)
            else:
                found.append((sign, right))
        for sign, e in found:
            if e.row and len(found) > 1:
                raise self.refuse(f"a row of {e.piece.tokens[0][0]} is read in an inner product with a vector", sign.start)
        out = found[0][1]
        for sign, right in found[1:]:
            out = self.over(out, sign, right) if sign.text in ("/", "./") else self.times(out, sign, right)
        if minus is None or minus.text == "+":
            return out
        negative = Piece((("-", minus.start, minus.end), *bracketed(out.piece, PRODUCT)), SUM, out.piece.shape)
        return out._replace(piece=negative, parts=None)

    def times(self, a: Entry, sign: Sign, b: Entry) -> Entry:
        """The product of two, entry by entry."""
        at, end = sign.start, sign.end
        p, q = a.piece, b.piece
        if not a.over and not b.over and "scalar" not in (p.kind, q.kind) and p.kind and q.kind:
            raise self.refuse("a product of vectors without an index stands in front of the sum", at)
        for e in (a, b):
            if not e.over and e.piece.kind not in ("scalar", ""):
                other = (b if e is a else a).piece.head
                hint = f"declare {other.upper()}, whose rows the {other}_i are" if len(other) == 1 and other.islower() else HINT
                raise self.refuse(f"{self.r.text(e.piece)} has no index here", at, hint)
        if not a.over or not b.over:
            return Entry(joined("*", p, q, at, end, q.shape if not a.over else p.shape), a.over or b.over)
        if a.over == b.over:
            return Entry(joined(".*", p, q, at, end, p.shape), a.over)
        if len(a.over) == len(b.over) == 1:
            if self.bound.index(a.over[0]) > self.bound.index(b.over[0]):
                a, b, p, q = b, a, q, p
            shape = None if p.shape is None or q.shape is None else (p.shape[0], q.shape[0])
            return Entry(joined("*", p, turned(q, at, end), at, end, shape), a.over + b.over)
        if len(a.over) + len(b.over) == 3:
            vector, matrix = (a, b) if len(a.over) == 1 else (b, a)
            a_, core, b_ = matrix.parts or (None, matrix.piece, None)
            old = a_ if vector.over[0] == matrix.over[0] else b_
            new = vector.piece if old is None else joined(".*", old, vector.piece, at, end, vector.piece.shape)
            a_, b_ = (new, b_) if vector.over[0] == matrix.over[0] else (a_, new)
            whole = core
            for side, first in ((a_, True), (b_, False)):
                if side is not None:
                    diagonal = call("diag", [side], None, side.start, side.end)
                    whole = joined("*", *((diagonal, whole) if first else (whole, diagonal)), at, end, core.shape)
            return Entry(whole, matrix.over, parts=(a_, core, b_))
        raise self.refuse("a product over three indices is not read", at)

    def vector(self, e: Entry) -> bool:
        """Whether this is all of a vector."""
        return not e.row and not e.over and (e.piece.kind in ("column", "row") or self.r.open_letter(e.piece))

    def inner(self, a: Entry, sign: Sign, b: Entry) -> Entry:
        """x_iᵀ w and wᵀ x_i, with the rows x_i of X: X*w. x_iᵀ z_i: rowsum(X.*Z)."""
        if a.piece.tokens[-1][0] != "'" or b.row and b.piece.tokens[-1][0] == "'":
            raise self.refuse("rows are read in inner products", sign.start)
        if a.row and b.row:
            return self.squares(a, sign, b)
        rows, vector = (a, b) if a.row else (b, a)
        w = vector.piece if vector is b else vector.piece._replace(tokens=vector.piece.tokens[:-1], level=PRIMARY)
        matrix = self.matrix(rows)
        shape = None if matrix.shape is None else (matrix.shape[0], ONE)
        return Entry(joined("*", matrix, w, sign.start, sign.end, shape), rows.over)

    def over(self, a: Entry, sign: Sign, b: Entry) -> Entry:
        """A quotient, entry by entry."""
        if a.row or b.row or a.over and b.over and a.over != b.over:
            raise self.refuse("a quotient over different indices is not read", sign.start)
        op = "./" if b.over else "/"
        shape = b.piece.shape if b.over else a.piece.shape
        return Entry(joined(op, a.piece, b.piece, sign.start, sign.end, shape), a.over or b.over)
