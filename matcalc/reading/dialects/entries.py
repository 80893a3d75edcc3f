"""Entries, rows and columns: x(2), A(1,2), A(:,j), x(2:4) counted from 1, x[1], A[i,j], x[1:3] on NumPy's lines from 0.

What is taken is a product with unit vectors and columns of the identity: unit(2)'*x, A*unit(j), select(2,3,n)'*x.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise

from .context import UNKNOWN
from .value_shapes import value_shape
from .extents import Sized
from .pieces import PRODUCT, Piece, call, joined, transposed
from ...language.shape import ONE, SCALAR, Dim, Shape, at_most
from ..grammar.brackets import CLOSES
from ..grammar.lexer import Sign, is_number
from ..grammar.sizes import SizeReader
from ..grammar.tokens import TOKEN, Line, is_name

ALL = ":"


class Entries(Sized):
    """Reads what stands in the brackets behind a matrix."""

    sum: Callable[[], Piece]          # terms with their signs
    primed: Callable[[Piece, list[str]], None]      # F'(0) of an undeclared F

    def is_entry(self, p: Piece, sign: Sign) -> bool:
        """Whether A(..) asks for entries: with a comma, a colon or numbers behind a declared vector or matrix, or behind an expression;
        numbers behind an expression may be a factor too, but behind no derivative."""
        if sign.gap or p.kind in ("scalar", "") or not self.entries_follow():
            return False
        if len(p.tokens) == 1:
            return self.around.has(p.head) or p.head == self.around.wrt
        inside = [s.text for s in self.signs[self.i + 1:self.closing()]]
        if "," not in inside and ":" not in inside and p.head != "derivative":
            shown = self.text(p)
            if {t for t, _, _ in p.tokens[1:]} == {"'"}:
                self.primed(p, inside)
            raise self.two_readings(f"{shown}({inside[0]})", f"the product with {inside[0]}", f"an entry, unit({inside[0]})'*{shown}",
                                    sign.start)
        return True

    def placed_below(self, p: Piece) -> bool:
        """Whether (D*x)_i asks for an entry of what stands in brackets; it stands as (D*x)[i] then."""
        sign, begun = self.sign(), self.i
        end = self.closing_of(begun + 1) if sign.text == "_" and self.ahead(1) == "{" else begun
        inside = [s.text for s in self.signs[begun + 2:end]] if end > begun else [sign.text[1:]]
        places = [t for text in inside for t in (text if text.isalpha() else [text]) if t != ","]
        if p.kind in ("scalar", "") or p.tokens[-1][0] != ")" or sign.gap or not places or not all(
                t.isdigit() or t in tuple("ijkl") and not self.around.knows(t) for t in places):
            return False
        opened, closed = ("(", ")") if places[0].isdigit() else ("[", "]")
        listed = [s for t in places for s in (sign._replace(text=","), sign._replace(text=t))][1:]
        self.signs[begun:end + 1] = [sign._replace(text=opened), *listed, sign._replace(text=closed)]
        return True

    def entries_follow(self) -> bool:
        """Whether what stands in the bracket here can only be places."""
        inside = [s.text for s in self.signs[self.i + 1:self.closing()]]
        return "," in inside or ":" in inside or (bool(inside) and all(is_number(t) or t == "end" for t in inside))

    def entry(self, p: Piece) -> Piece:
        """The entries that the bracket here asks for."""
        opened, stop = self.sign(), self.closing()
        commas = [k for k in range(self.i + 1, stop) if self.signs[k].text == ","]
        axes = [self.signs[before + 1:k] for before, k in pairwise([self.i, *commas, stop])]
        self.i = stop
        end = self.expect(CLOSES[opened.text]).end
        shown = self.line.text[p.start:end]
        if any(not a for a in axes) or len(axes) > 2:
            raise self.refuse(f"{shown} cannot be read", opened.start, "entries are written x(2), A(1,2), A(:,j), A[i,j], x(2:4)")
        zero = opened.text == "[" and self.from_zero(axes, opened, shown)
        return self.selected(p, axes, zero, opened, end, shown)

    def from_zero(self, axes: list[list[Sign]], opened: Sign, shown: str) -> bool:
        """Whether places are counted from 0; where nothing says so, numbers in square brackets have two readings."""
        texts = [[s.text for s in a] for a in axes]
        ends_open = any(len(a) > 1 and ALL in (a[0], a[-1]) for a in texts)     # x[1:] and x[:2] are Python's alone
        if self.numpy or self.python or ends_open or any(a[0] in ("0", "-") for a in texts):
            return True
        if any(a != [ALL] and (ALL in a or len(a) == 1 and is_number(a[0])) for a in texts):
            raise self.two_readings(shown, "counted from 1, " + shown.replace("[", "(").replace("]", ")"), "counted from 0, as in NumPy",
                                    opened.start)
        return False

    def selected(self, p: Piece, axes: Sequence[list[Sign]], zero: bool, opened: Sign, end: int, shown: str) -> Piece:
        """Products with what takes the rows and the columns."""
        alone = all([s.text for s in axis] == ["0"] for axis in axes) and len(p.tokens) > 1
        if p.kind == "scalar" and alone and self.declared(p):
            return p        # (x.T*A*x)[0] of SymPy, where that is a matrix
        if p.shape is None or p.kind in ("scalar", ""):
            raise self.refuse(f"{shown}: the shape of {self.text(p)} is not known here", opened.start, f"declare {self.text(p)}")
        if len(axes) == 1 and p.kind == "matrix":
            if not zero:
                raise self.refuse(f"{shown}: a matrix has rows and columns", opened.start, "write A(2,:), A(:,3) or A(1,2)")
            axes = (*axes, [Sign(ALL, end, end)])
        if len(axes) == 2 and p.kind != "matrix":
            first, last = (0, 1) if p.kind == "column" else (1, 0)
            if [s.text for s in axes[last]] not in ([ALL], ["1"], ["0"]):
                raise self.refuse(f"{shown}: {self.text(p)} is a {p.kind}", opened.start)
            axes = (axes[first],)
        single = [len(a) == 1 and a[0].text != ALL or ALL not in {s.text for s in a} for a in axes]
        if len(axes) == 1:
            out = self.taken(p, axes[0], zero, 1 if p.kind == "row" else 0, opened, shown)
        else:
            out = self.taken(self.taken(p, axes[0], zero, 0, opened, shown), axes[1], zero, 1, opened, shown)
        if self.numpy and len(axes) == 2 and single[0] and not single[1]:
            out = transposed(out, end, end)
        return out._replace(flat=self.numpy and out.kind == "column", head="entry")

    def taken(self, p: Piece, axis: list[Sign], zero: bool, along: int, opened: Sign, shown: str) -> Piece:
        """What is left of an expression where only these rows, or columns, are kept."""
        texts = [s.text for s in axis]
        if texts == [ALL]:
            return p
        assert p.shape is not None
        n, at = p.shape[along], opened.start
        if ALL in texts:
            k = texts.index(ALL)
            if texts.count(ALL) > 1:
                raise self.refuse(f"{shown}: a slice with a step cannot be read", at)
            first = self.place(axis[:k], n, zero, shown) if k else ONE
            last = n if k + 1 == len(texts) else self.place(axis[k + 1:], n, zero, shown)
            if zero and k + 1 < len(texts):
                last = last - ONE           # NumPy's end is left out
            count = last + ONE - first
            if any(c < 0 for _, c in count.terms) or not count.terms or any(d[0] == UNKNOWN for d in (first + count).names):
                raise self.refuse(f"{shown}: the number of these entries is not known here", at,
                                  f"declare {self.text(p)} with sizes such as R^5 or R^(k+1)")
            known = (first, count) if any(d[0] == UNKNOWN for d in n.names) else (first, count, n)
            place = call("select", [self.sized_by(d, at) for d in known], (n, count), at, at)
        else:
            first, count = self.place(axis, n, zero, shown), ONE
            place = call("unit", [self.sized_by(first, at)], (n, ONE), at, at)
        if at_most(first + count, n + ONE) is False and n.number is not None:
            raise self.refuse(f"{shown}: there are only {n} {'columns' if along else 'rows' if p.kind == 'matrix' else 'entries'}", at)
        shape: Shape = (count, p.shape[1]) if along == 0 else (p.shape[0], count)
        return joined("*", transposed(place, at, at), p, at, at, shape) if along == 0 else joined("*", p, place, at, at, shape)

    def place(self, axis: list[Sign], n: Dim, zero: bool, shown: str) -> Dim:
        """A place counted from 1: 3, i, i+1, end; counted from 0 one more, and -1 the last."""
        texts = [s.text for s in axis]
        if texts == ["end"]:
            return n
        if texts[:2] == ["end", "-"] and len(texts) == 3 and texts[2].isdigit():
            return n - Dim.of(int(texts[2]))
        back = len(texts) == 2 and texts[0] == "-" and texts[1].isdigit()
        if back and zero:
            out = n - Dim.of(int(texts[1])) + ONE
            if out.number is None and any(c < 0 for _, c in out.terms):
                raise self.refuse(f"{shown}: which entry this is depends on {n}", axis[0].start)
            return out
        if texts == ["0"] and zero:
            return ONE
        reader = SizeReader(Line(" ".join(texts)))
        if not all(is_name(t) or t.isdigit() or t in ("+", "*", "(", ")") for t in texts) or "0" in texts or not texts:
            raise self.refuse(f"{shown} cannot be read", axis[0].start if axis else 0, "an index is a number, a name or a sum of them")
        out = reader.dimension()
        if reader.tokens[reader.i]:
            raise self.refuse(f"{shown} cannot be read", axis[0].start, "an index is a number, a name or a sum of them")
        return out + ONE if zero else out

    def sized_by(self, d: Dim, at: int) -> Piece:
        """A size, token by token."""
        if any(name[0] == UNKNOWN for name in d.names):
            raise self.refuse("a size is not known here", at, "declare the names")
        return Piece(tuple((t, at, at) for t in TOKEN.findall(d.text)), PRODUCT, SCALAR)

    def unit(self, sign: Sign) -> Piece:
        """𝐞 with an index, as the pages write a unit vector."""
        index = sign.text[1:].lstrip("_")
        end = sign.end
        if index:
            inside = [Sign(index, sign.start, sign.end)]
        else:
            self.i += self.now == "_"
            if self.now not in ("(", "{") or self.signs[self.i].start != self.signs[self.i - 1].end:
                return self.variable("e", sign._replace(text="e"))
            stop = self.closing_of(self.i)
            inside, end = self.signs[self.i + 1:stop], self.signs[stop].end
            self.i = stop + 1
        d = self.place(inside, ONE, False, self.line.text[sign.start:end])
        return call("unit", [self.sized_by(d, sign.start)], (Dim.of("?e"), ONE), sign.start, end)

    def columns(self, sign: Sign) -> Piece:
        """I(:,2:4), as the pages write columns of the identity."""
        stop = self.closing_of(self.i)
        inside, end = self.signs[self.i + 3:stop], self.signs[stop].end
        texts = [s.text for s in inside]
        if ALL not in texts:
            raise self.unread()
        self.i = stop + 1
        k, shown = texts.index(ALL), self.line.text[sign.start:end]
        first, last = (self.place(part, ONE, False, shown) for part in (inside[:k], inside[k + 1:]))
        count = last + ONE - first
        return call("select", [self.sized_by(d, sign.start) for d in (first, count)], (Dim.of("?e"), count), sign.start, end)

    def blocks(self) -> Piece:
        """[A, B], [A; B], [A, B; C, D]: blocks side by side and one below another."""
        opened = self.take()
        rows: list[list[Piece]] = [[]]
        while True:
            rows[-1].append(self.sum())
            sign = self.take()
            if sign.text == ";":
                rows.append([])
            elif sign.text == "]":
                break
            elif sign.text != ",":
                self.i -= 1
                raise self.unread()
        self.no_square(rows)
        lines = [self.stack("hstack", row, opened.start, sign.end) for row in rows]
        return self.stack("vstack", lines, opened.start, sign.end)

    def no_square(self, rows: list[list[Piece]]) -> None:
        """zeros(n) is a column here, and a square in MATLAB; below a column it is one."""
        if all(len(row) == 1 for row in rows) and any(row[0].kind == "column" and row[0].head not in ("zeros", "ones") for row in rows):
            return
        for p in (p for row in rows for p in row if p.head in ("zeros", "ones")):
            texts = [t for t, _, _ in p.tokens]
            if "," not in texts and texts[2:-1] != ["1"]:
                n = "".join(texts[2:-1])
                raise self.two_readings(f"{p.head}({n})", f"the column {p.head}({n},1)", f"the square {p.head}({n},{n}), as in MATLAB",
                                        p.start)

    def stack(self, name: str, parts: list[Piece], start: int, end: int) -> Piece:
        """Blocks in one direction."""
        if len(parts) == 1:
            return parts[0]
        return call(name, parts, value_shape(name, [p.shape for p in parts]), start, end)
