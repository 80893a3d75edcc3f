"""Sizes in a dialect: np.ones((m, n)), X.shape[0], len(y), size(A, 1)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
import re

from .context import UNKNOWN, unknown
from .arrays import Arrays
from .combined import Unreadable
from .pieces import PRIMARY, PRODUCT, SUM, Piece, call, joined, one_dimensional, upright
from ..grammar.functions import SIZED
from ...language.shape import ONE, SCALAR, Dim, Shape
from ..grammar.lexer import Sign, is_number
from ..grammar.sizes import SizeReader
from ..grammar.tokens import Line, is_name

Keywords = dict[str, Piece]


class Sized(Arrays):
    """Reads sizes, and what is made of them."""

    variable: Callable[[str, Sign], Piece]  # a name where a formula stands, with what is known of its shape

    def size_of(self, p: Piece, name: str) -> Piece:
        """X.shape[0], X.shape[-1], X.size(0), X.size."""
        self.i += 2
        axis, behind = -1, self.ahead(1) == "-"
        if self.now in ("[", "(") and is_number(self.ahead(1 + behind)) and self.ahead(2 + behind) in ("]", ")"):
            axis = int(self.ahead(1 + behind))
            if behind:
                axis = (1 if one_dimensional(p) else 2) - axis
                if axis < 0:
                    raise Unreadable(p.start)
            self.i += 3 + behind
        elif name == "shape" or self.now in ("[", "("):
            raise self.unread()
        return self.extent(p, axis)

    def sizes_of(self, name: str) -> tuple[list[Piece], Keywords, int] | None:
        """zeros(size(A)) and np.zeros(A.shape): the sizes of a name."""
        if name not in SIZED:
            return None
        texts = [s.text for s in self.signs[self.i:self.i + 6]]
        at = 3 if texts[1:3] == ["size", "("] and texts[4:6] == [")", ")"] else 1 if texts[2:5] == [".", "shape", ")"] else 0
        if not at or texts[0] != "(":
            return None
        p = self.variable(texts[at], self.signs[self.i + at])
        self.i += 6 if at == 3 else 5
        axes = [0] if one_dimensional(p) else [0, 1]
        return [self.extent(p, k) for k in axes], {}, self.signs[self.i - 1].end

    def extent(self, p: Piece, axis: int) -> Piece:
        """How long an axis is, counted from 0; -1 for the number of entries."""
        axis = 0 if axis == 1 and p.kind == "row" else axis
        if p.shape is None or p.kind == "scalar" and self.around.knows(self.text(p)) or axis > 1 or (
                axis == 1 and self.numpy and one_dimensional(p)):
            raise Unreadable(p.start)
        dims = [d for d in p.shape if d is not ONE] if axis < 0 or one_dimensional(p) else [p.shape[axis]]
        if p.kind == "scalar" or any(map(unknown, dims)):
            name = "numel" if axis < 0 and not one_dimensional(p) else "ncols" if axis == 1 else "nrows"
            return call(name, [upright(p)], SCALAR, p.start, p.end)._replace(head="size")
        out = self.dim(dims[0] if dims else ONE, p.start)
        for d in dims[1:]:
            out = joined("*", out, self.dim(d, p.start), p.start, p.start, SCALAR)
        return out._replace(level=PRODUCT if len(dims) > 1 else out.level, head="size")

    def dim(self, d: Dim, at: int) -> Piece:
        """A size."""
        if d.names and any(n[0] == "?" for n in d.names):
            raise Unreadable(at)
        texts = re.findall(r"\w+|[*+]", d.text)
        level = SUM if "+" in texts else PRODUCT if "*" in texts else PRIMARY
        return Piece(tuple((text, at, at) for text in texts), level, SCALAR)

    def sized(self, name: str, given: Sequence[Piece], start: int, end: int) -> Piece:
        """np.ones((m, n)), zeros(n, 1), eye(n)."""
        parts = [q for p in given for q in (p.items or (p,))]
        if name == "eye" and len(parts) == 2 and self.text(parts[0]) == self.text(parts[1]):
            parts = parts[:1]
        of = parts[0].tokens[0][0] if parts else ""
        if of in ("nrows", "ncols") and name in ("eye", "ones") and [self.text(p) for p in parts[1:]] in ([], ["1"]):
            made = Piece(((f"{name}_{of[1:]}", start, start), *parts[0].tokens[1:]), PRIMARY, (Dim.of(UNKNOWN), ONE))
            return made._replace(flat=self.numpy and len(parts) == 1, sure=True) if name == "ones" else \
                made._replace(shape=(Dim.of(UNKNOWN), Dim.of(UNKNOWN)), head=name)
        for p in parts:
            if p.head == "size" and p.tokens[0][0].isalpha() and len(p.tokens) > 1 and p.tokens[1][0] == "(":
                raise self.refuse(f"the size of {self.text(p)[6:-1]} is not known here", p.start, "declare it: A in R^(m,n), x in R^n")
        dims = [SizeReader(Line(self.text(p))).dimension() if p.level != PRIMARY and p.head == "size" else
                Dim.of(self.text(p)) if not self.text(p).isdigit() else Dim.of(int(self.text(p))) for p in parts]
        shape: Shape | None = None
        if dims and name != "comm":
            shape = (dims[0], dims[0] if name == "eye" else dims[1] if len(dims) > 1 else ONE)
        return call(name, parts, shape, start, end)._replace(flat=self.numpy and len(parts) == 1 and name != "eye", sure=True)


def is_variable(p: Piece) -> bool:
    """Whether this is a name, transposed or not."""
    return is_name(p.tokens[0][0]) and all(t == "'" for t, _, _ in p.tokens[1:])
