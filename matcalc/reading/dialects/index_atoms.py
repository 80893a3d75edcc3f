"""What stands under a sum over indices: entries, rows, functions of them, powers."""

from __future__ import annotations

from typing import Any, NamedTuple

from .phrases import PRIMARY, Piece, call, closed, joined, power, turned
from ...language.operations import ELEMENTWISE_NAMES
from ...language.shape import ONE, SCALAR, Dim, InputError, Shape
from .around import UNKNOWN, kind
from .signs import Sign, is_letter


CLOSES = {"(": ")", "{": "}", "[": "]"}
TRANSPOSES = frozenset(("'", "^^T"))
HINT = "write sum(x), tr(A*B) or a matrix product"
SPOKEN = {"ln": "log"}


class Entry(NamedTuple):
    """A piece and the indices its entries run over: none, that of the rows, or that of the rows and that of the columns. `row` is a
    row of a matrix, all of it, as a vector; `parts` are the column, the matrix and the column that diag(a)*M*diag(b) is made of."""

    piece: Piece
    over: tuple[str, ...] = ()
    row: bool = False
    parts: tuple[Piece | None, Piece, Piece | None] | None = None


def begins(text: str) -> str | None:
    """The index where a word is a sum over one: sum_i."""
    word, _, index = text.partition("_")
    return index if word == "sum" and (not index or len(index) <= 2 and index.isalpha()) and "_" in text else None


class IndexAtoms:
    """A place in a line, and the indices that are summed over there."""

    def __init__(self, reader: Any) -> None:
        self.r = reader
        self.bound: tuple[str, ...] = ()

    def total(self, sign: Sign, index: str = "") -> Entry:
        """∑ and all that it goes over."""
        raise NotImplementedError

    def sum(self) -> Entry:
        """Terms with their signs."""
        raise NotImplementedError

    def over(self, a: Entry, sign: Sign, b: Entry) -> Entry:
        """A quotient, entry by entry."""
        raise NotImplementedError

    def refuse(self, why: str, at: int, hint: str = HINT) -> InputError:
        """Known, and not read."""
        found: InputError = self.r.refuse(why, at, hint)
        return found

    def matrix(self, rows: Entry) -> Piece:
        """The matrix whose rows these are."""
        name = rows.piece.tokens[0][0]
        return Piece(rows.piece.tokens[:1], PRIMARY, self.r.around.shape(name), head=name)

    def squares(self, a: Entry, sign: Sign, b: Entry) -> Entry:
        """The inner products of rows with rows."""
        if a.over != b.over:
            raise self.refuse("an inner product of rows over different indices is not read", sign.start)
        one, other = self.matrix(a), self.matrix(b)
        shape = None if one.shape is None else (one.shape[0], ONE)
        return Entry(call("rowsum", [joined(".*", one, other, sign.start, sign.end, one.shape)], shape, a.piece.start, b.piece.end), a.over)

    def group(self) -> list[str]:
        """What stands in brackets."""
        opened = self.r.i
        end = self.r.closing_of(opened)
        self.r.i = end + 1
        return [s.text for s in self.r.signs[opened + 1:end]]

    # ------------------------------------------------------------ factors
    def factor(self) -> Entry:
        """An atom and the power it is raised to."""
        out = self.atom()
        while True:
            sign = self.r.sign()
            if sign.text in TRANSPOSES or sign.text == "^" and self.transposed():
                self.r.i += 1
                if out.row or not out.over and out.piece.kind != "scalar" or self.r.open_letter(out.piece) and not out.over:
                    out = out._replace(piece=turned(out.piece, sign.start, self.r.signs[self.r.i - 1].end))
                continue
            if sign.text[:2] == "^^" and sign.text[2:].isdigit():
                self.r.i += 1
                k = Piece(((sign.text[2:], sign.start, sign.end),), PRIMARY, SCALAR)
            elif sign.text in ("^", "**", ".^"):
                self.r.i += 1
                inner = self.atom()
                if [t for t, _, _ in out.piece.tokens] == ["e"] and not self.r.around.knows("e") and sign.text == "^":
                    out = Entry(call("exp", [inner.piece], inner.piece.shape, out.piece.start, inner.piece.end), inner.over)
                    continue
                if inner.over:
                    raise self.refuse("an exponent with an index is not read", sign.start)
                k = inner.piece
            else:
                return out
            if out.row:
                raise self.refuse("a power of a row is not read", sign.start)
            out = out._replace(piece=power(".^" if out.over else "^", out.piece, k, sign.start, sign.end), parts=None)

    def transposed(self) -> bool:
        """^T and ^{\\top} after the ^, which is then behind us."""
        r = self.r
        if r.ahead(1) in ("T", "^^T") and not r.around.knows("T"):
            r.i += 1
            return True
        if r.ahead(1) == "{" and r.ahead(2) in ("T", "^^T") and r.ahead(3) == "}":
            r.i += 3
            return True
        return False

    def atom(self) -> Entry:
        """An entry, a bracket, a function, a number."""
        r, sign = self.r, self.r.sign()
        text = sign.text
        if text == "∑" or (begins(text) is not None):
            r.i += 1
            return self.total(sign, begins(text) or "")
        if text in CLOSES:
            return self.bracket(sign, CLOSES[text])
        if text == "|":
            inner, end = self.between("|")
            return Entry(call("abs", [inner.piece], inner.piece.shape, sign.start, end), inner.over)
        if text == "√" or text == "max" and [r.ahead(1), r.ahead(2), r.ahead(3)] == ["(", "0", ","]:
            return self.function(sign)
        if text == "‖":
            return self.norm(sign)
        if text == "\\frac" and r.ahead(1) == "{":
            r.i += 1
            above = self.bracket(r.sign(), "}")
            return self.over(above, sign, self.bracket(r.sign(), "}"))
        if not is_letter(text):
            return self.plain()
        found = self.entry(sign)
        if found is not None:
            return found
        name = "sigmoid" if text == "sigma" and r.ahead(1) == "(" and not r.around.has(text) else SPOKEN.get(text, text)
        if (r.function(text) or name == "sigmoid") and name in ELEMENTWISE_NAMES:
            r.i += 1
            inner = self.bracket(r.sign(), CLOSES[r.now]) if r.now in CLOSES else self.argument()
            if inner.row:
                raise self.refuse("a function of a row is not read", sign.start)
            return Entry(call(name, [inner.piece], inner.piece.shape, sign.start, inner.piece.end), inner.over)
        return self.plain()

    def function(self, sign: Sign) -> Entry:
        """√x_i, and max(0, x_i), which is relu."""
        r = self.r
        if sign.text == "√":
            r.i += 1
            inner = self.bracket(r.sign(), CLOSES[r.now]) if r.now in CLOSES else self.atom()
            name = "sqrt"
        else:
            r.i += 4
            inner, name = self.sum(), "relu"
            r.expect(")")
        if inner.row:
            raise self.refuse("a function of a row is not read", sign.start)
        return Entry(call(name, [inner.piece], inner.piece.shape, sign.start, inner.piece.end), inner.over)

    def plain(self) -> Entry:
        """What has no index in it."""
        begun = self.r.i
        p = self.r.atom()
        for s in self.r.signs[begun:self.r.i]:
            low = s.text.rpartition("_")[2] if "_" in s.text[1:] else ""
            if s.text in self.bound or low and set(low) & set(self.bound):
                raise self.refuse(f"{s.text} is not read here", s.start)
        if self.r.open_letter(p) and self.r.now == "(" and not self.r.sign().gap and len(p.tokens) == 1:
            hint = f"write {p.head}*(..), or declare {p.head}: R -> R"
            raise self.refuse(f"{p.head} is not declared: a factor, or a function", p.start, hint)
        return Entry(p)

    def between(self, bar: str) -> tuple[Entry, int]:
        """What stands between bars, and where it ends."""
        r = self.r
        r.i += 1
        r.bars.append(bar)
        inner = self.sum()
        r.bars.pop()
        return inner, r.expect(bar).end

    def norm(self, sign: Sign) -> Entry:
        """‖x_i‖ of the rows x_i of X, and its square."""
        r = self.r
        inner, end = self.between("‖")
        if not inner.row:
            raise self.refuse("a norm is read of a row here", sign.start)
        if r.now == "_2":
            r.i += 1
        found = self.squares(inner, sign, inner)
        if r.now == "^^2" or r.now == "^" and r.ahead(1) == "2":
            r.i += 1 if r.now == "^^2" else 2
            return found
        if r.now == "^" and r.ahead(1) == "{" and r.ahead(2) == "2" and r.ahead(3) == "}":
            r.i += 4
            return found
        return Entry(call("sqrt", [found.piece], found.piece.shape, sign.start, end), inner.over)

    def argument(self) -> Entry:
        """What a function without brackets goes to: log p_i q_i is log(p_i*q_i) for nobody, so one factor."""
        return self.factor()

    def bracket(self, opened: Sign, closing: str) -> Entry:
        """(..)"""
        self.r.i += 1
        bars, self.r.bars = self.r.bars, []
        inner = self.sum()
        self.r.bars = bars
        end = self.r.expect(closing).end
        return inner if inner.row else inner._replace(piece=closed(inner.piece, opened.start, end))

    def entry(self, sign: Sign) -> Entry | None:
        """x_i, A_{ij}, A[i,j], x(i)."""
        r = self.r
        base, _, low = sign.text.rpartition("_")
        begun = r.i
        r.i += 1
        if base and not low and r.now == "{":
            low = "".join(t for t in self.group() if t != ",")
        elif not base and r.now in ("[", "("):
            base = sign.text
            low = "".join(t for t in self.group() if t != ",")
        if not base or not low or not set(low) <= set(self.bound) or len(low) > 2:
            r.i = begun
            return None
        name, end = r.around.resolve(base), r.signs[r.i - 1].end
        rows = Dim.of(f"{UNKNOWN}{name}0")
        cols = ONE if len(low) == 1 else Dim.of(f"{UNKNOWN}{name}1")
        known: Shape | None = r.around.shape(name) if r.around.has(name) else None
        upper = name[:1].upper() + name[1:]
        if known is None and len(low) == 1 and name[:1].islower() and r.around.has(upper) and kind(r.around.shape(upper)) == "matrix":
            return Entry(Piece(((upper, sign.start, end),), PRIMARY, r.around.shape(upper), head=upper), (low,), True)
        p = Piece(((name, sign.start, end),), PRIMARY, known or (rows, cols), head=name)
        if known is not None and p.kind != ("column" if len(low) == 1 else "matrix"):
            raise self.refuse(f"{base} has no entries with {'one index' if len(low) == 1 else 'two indices'}", sign.start)
        if len(low) == 2 and low[0] == low[1]:
            return Entry(call("diag", [p], (p.shape[0], ONE) if p.shape else None, sign.start, end), (low[0],))
        if len(low) == 2 and self.bound.index(low[0]) > self.bound.index(low[1]):
            return Entry(turned(p, end, end), (low[1], low[0]))
        return Entry(p, tuple(low))
