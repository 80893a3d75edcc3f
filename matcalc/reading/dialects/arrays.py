"""How NumPy combines arrays, by their shapes.

* / ** go entry by entry; a shorter operand is spread along the axis it does not have. A vector has one dimension: beside an array of
two it goes along the last axis, and a product with @ takes it as a row on the left and as a column on the right. `x[:, None]` and
what keeps its dimensions has two. What a reader of NumPy and one of columns read otherwise is refused, naming both.
"""

from __future__ import annotations

from collections.abc import Sequence

from .context import UNKNOWN, alike, same, unknown
from .combined import Combined, Unreadable
from .pieces import (PRIMARY, Piece, axes_of, call, joined, one_dimensional, power, product_shape, transposed, two_axes, upright,
                     vector_of_ones)
from ...language.shape import ONE, SCALAR, Dim, Shape
from ..grammar.kinds import COUNTS
from ..grammar.lexer import Sign, is_number
from ..grammar.tokens import SPELT_NAMES, Token, is_name


WEIGHTS = frozenset(("beta", "gamma"))     # arrays behind what is normalized


class Arrays(Combined):
    """Reads the operators of a line of NumPy."""

    # ------------------------------------------------------------ spreading
    def row_context(self, pieces: Sequence[Piece], factors: bool = False) -> list[Piece]:
        """Vectors of one dimension as rows beside arrays of two, else upright."""
        beside = next((p.head for p in pieces if p.kind == "column" and len(p.tokens) == 1 and p.head), "")
        self.spread += [(p, beside) for p in pieces if p.head == "inner" and beside]
        shaped = [p for p in pieces if p.kind not in ("", "scalar")]
        two = [p for p in pieces if two_axes(p)]
        if not two:
            return list(pieces) if all(p.transposed for p in shaped) else [upright(p) if p in shaped else p for p in pieces]
        shape = common(two)
        matrix = any(p.kind == "matrix" for p in two)
        return [self.as_row(p, shape, matrix, factors) if p in shaped and one_dimensional(p) else p for p in pieces]

    def as_row(self, p: Piece, shape: Shape, matrix: bool, factor: bool) -> Piece:
        """A vector of one dimension along the last axis; refused where it may be meant as a column."""
        rows, cols = shape
        size = next((d for d in p.shape or SCALAR if d is not ONE), ONE)
        text = self.text(upright(p))
        if cols is not ONE:
            row, column = alike(size, cols), rows is not ONE and alike(size, rows)
            own = factor and len(p.tokens) == 1 and not self.around.knows(p.head) and not self.shared      # W @ X + b: b may be a column
            if row and column and matrix and not (p.sure or p.transposed or own):
                raise self.two_readings(text, f"as a row, {text}[None, :]", f"as a column, {text}[:, None]", p.start)
            if not row or (size is not cols and size is rows):
                raise self.refuse(f"NumPy spreads {text} along the last axis, which has another size", p.start,
                                  "a column is x[:, None], or a sum with keepdims=True")
        return across(p)._replace(flat=False, transposed=False)

    def filled(self, p: Piece, shape: Shape | None) -> Piece:
        """An operand spread along the axis that it does not have."""
        if shape is None or p.shape is None or p.shape == SCALAR or ONE in shape or ONE not in p.shape:
            return p
        ones = vector_of_ones(p.start, p.start)
        if p.kind == "row":
            return joined("*", ones, p, p.start, p.start, shape)
        return joined("*", p, transposed(ones, p.start, p.start), p.end, p.end, shape)

    def plus(self, parts: Sequence[tuple[Sign | None, Piece]]) -> Piece:
        """Terms with their signs."""
        if not self.numpy or len(parts) == 1:
            return super().plus(parts)
        pieces = self.row_context([p for _, p in parts])
        self.around.said.update({p.head: "number" for p in pieces if p.head in ("eps", "epsilon") and self.open_letter(p)})
        shape = None if any(p.shape is None for p in pieces) else common(pieces)
        for p in pieces:
            if shape is not None and ONE not in shape and self.open_letter(p):
                raise self.refuse(f"{self.text(p)} beside a matrix may be a number, a vector or a matrix, and it is not declared", p.start,
                                  f"declare it: {self.text(p)} in R, or {self.text(p)} in R^n")
        return axes_of(pieces, self.summed(parts, [self.filled(p, shape) for p in pieces], shape))

    # ------------------------------------------------------------ products
    def times(self, a: Piece, sign: Sign, b: Piece) -> Piece:
        """a op b, as this line means it."""
        if self.numpy and sign.text == ":":
            raise Unreadable(sign.start)
        if sign.text == "@":
            return self.matrix_product(a, b, sign.start, sign.end)
        if self.numpy and sign.text in ("*", "/"):
            return self.entries(a, sign.text, b, sign.start, sign.end)
        return super().times(a, sign, b)

    def matrix_product(self, a: Piece, b: Piece, at: int, end: int) -> Piece:
        """a @ b; of vectors of one dimension the inner product."""
        if a.shape is None or b.shape is None:
            if one_dimensional(a) or one_dimensional(b):
                raise Unreadable(at)
            return joined("*", a, b, at, end, None)
        a, b = (self.upright_letter(p) for p in (a, b))
        if "scalar" in (a.kind, b.kind):
            raise self.refuse("@ does not multiply by a scalar", at, "write *")
        first, second = one_dimensional(a), one_dimensional(b)
        if first and b.transposed and not a.transposed:
            raise self.two_readings(f"{self.text(a)} @ {self.text(b)}", "the outer product of columns",
                                    "the inner product of vectors of one dimension", at)
        left, right = across(a) if first else a, upright(b) if second else b
        out = joined("*", left, right, at, end, product_shape(left.shape, right.shape))
        if out.kind == "scalar":
            names = {p.tokens[0][0] for p in (a, b)}
            inner = first and second and not all(map(self.around.knows, names)) and len(names) == 2 and a.head != ""
            return out._replace(transposed=not (first or second), head="inner" if inner else out.head)
        if not self.fits("*", left, right):
            return out._replace(head="quotient")        # not to be joined with what stands before it
        if not (first or second):
            return out
        return out._replace(flat=not a.transposed, transposed=a.transposed, sure=(a if first else b).sure)

    def counts(self, p: Piece) -> bool:
        """Whether this is a number, made of what is declared, or called as only sizes are."""
        known = all(self.around.knows(t) for t, _, _ in p.tokens if is_name(t))
        return p.kind == "scalar" and known or p.head in COUNTS and not self.around.knows(p.head)

    def upright_letter(self, p: Piece) -> Piece:
        """A name that is not declared and that no product is a scalar for: a vector."""
        if not self.open_letter(p):
            return p
        self.vectors.setdefault(p.head, p.start)
        return p._replace(shape=(Dim.of(f"{UNKNOWN}{p.head}0"), ONE), flat=True)

    def entries(self, a: Piece, op: str, b: Piece, at: int, end: int) -> Piece:
        """* and / entry by entry, with NumPy's spreading; d(f)/d(x) is a derivative."""
        if op == "/" and b.head == "d":
            loss = a.head == "d" and len(a.tokens) == 4 and not self.around.knows(a.tokens[2][0])      # one that nobody wrote down
            scalar = a.shape == SCALAR or loss
            flat = scalar and b.kind == "column" and (b.flat or not self.numpy)
            return joined(op, a, b, at, end, b.shape if scalar else None)._replace(flat=flat)
        if a.shape is None or b.shape is None:
            return joined("." + op, a, b, at, end, None)
        matrices = a.kind == b.kind == "matrix" and (not same(a.shape, b.shape) or self.shared)
        products = bool({"matrix"} & {a.kind, b.kind}) and any(s.text == "cp" for s in self.signs)      # CVXPY's * was the matrix product
        mixed = products or (a.transposed and not b.transposed) or matrices or (b.transposed and one_dimensional(a) and not a.transposed)
        if op == "*" and mixed and "scalar" not in (a.kind, b.kind) and (self.fits("*", a, b) or a.kind == "column"):
            spread = "" if same(a.shape, b.shape) else " spread"
            raise self.two_readings(f"{self.text(a)} * {self.text(b)}", f"entry by entry, as in NumPy, {self.text(a)}.*{self.text(b)}"
                                    f"{spread}", f"the matrix product, {self.text(a)} @ {self.text(b)}", at)
        self.divisor(a, op, b)
        p, other = (a, b) if self.open_letter(a) else (b, a)
        word = next((q for q in (a, b) if self.worded(q)), None) if "matrix" in (a.kind, b.kind) else None
        p, other = (p, other) if word is None else (a, b) if word is a else (b, a)
        if (word is p or self.open_letter(p)) and p.head == self.text(p) and other.kind not in ("", "scalar"):
            if word is p or op == "*" and p is b and p.head not in SPELT_NAMES - WEIGHTS:
                may = "a matrix may be a number, a vector or a matrix" if other.kind == "matrix" else "a vector may be a number or a vector"
                raise self.refuse(f"{p.head} beside {may}, and it is not declared", p.start, f"declare it: {p.head} in R, " + (
                    f"{p.head} in R^n, or {p.head} in R^(m,n)" if other.kind == "matrix" else f"or {p.head} in R^n"))
            self.around.said[p.head] = "number"
        for p, other in ((a, b), (b, a)) if op == "*" else ():
            lone = p.kind == "column" and len(p.tokens) == 1 and not self.around.knows(p.head) and p.head not in self.arrays
            if other.head == "eye" and lone:
                return joined(op, p._replace(shape=SCALAR), other, at, end, other.shape)       # s*np.eye(n)
        a, b = self.row_context((a, b), True)
        return axes_of((a, b), self.entrywise(a, op, b, at, end))

    def worded(self, p: Piece) -> bool:
        """Whether this is a word that is not declared, which may be called so whatever it is: scale, weight."""
        word = p.head.isalpha() and len(p.head) > 3 and p.head not in SPELT_NAMES
        return word and p.head == self.text(p) and not self.around.knows(p.head)

    def divisor(self, a: Piece, op: str, b: Piece) -> None:
        """A number over a name that is not declared, a vector by its letter: it may be a size."""
        if op == "/" and (a.kind == "matrix" or (a.kind == "scalar" and not is_number(a.tokens[0][0]))):
            share = self.share(b.tokens)
        elif op == "*" and "scalar" in (a.kind, b.kind):
            p, other = (b, a) if a.kind == "scalar" else (a, b)
            tokens = [t for t in p.tokens if t[0] not in ("(", ")")]
            divided = len(tokens) > 2 and is_number(tokens[0][0]) and tokens[1][0] in ("/", "./")
            share = self.share(tokens[2:]) if divided and other.kind == "scalar" and not is_number(other.tokens[0][0]) else ""
        else:
            return
        if share:
            raise self.refuse(f"{share} may be a number or an array here, and it is not declared", b.start,
                              f"declare it: {share} in R, or the arrays whose size it is")

    def share(self, tokens: Sequence[Token]) -> str:
        """The name in z and 2*z that is not declared and whose letter says vector or matrix; n, m and N count samples."""
        words = [t for t, _, _ in tokens if t not in ("(", ")", "^", ".^")]
        called = any(t == "(" and tokens[k - 1][0][0].isalpha() for k, (t, _, _) in enumerate(tokens) if k)
        if called or not all(t == "*" or t[0].isalnum() for t in words):
            return ""
        return next((t for t in words if t[0].isalpha() and t not in COUNTS and not self.around.knows(t) and
                     self.around.shape(t) != SCALAR), "")

    def entrywise(self, a: Piece, op: str, b: Piece, at: int, end: int) -> Piece:
        """The same of operands that are laid along their axes."""
        assert a.shape is not None and b.shape is not None
        if b.kind == "scalar" or (a.kind == "scalar" and op == "*"):
            return joined(op, a, b, at, end, product_shape(a.shape, b.shape))
        if a.kind == "scalar" or a.kind == b.kind:
            return joined("." + op, a, b, at, end, b.shape if a.kind == "scalar" else common((a, b)))
        shape = common((a, b))
        if op == "/" and b.kind == "matrix":
            return joined("./", self.filled(a, shape), b, at, end, shape)
        if "matrix" not in (a.kind, b.kind):
            b = inverted(b, at, end) if op == "/" else b
            first, second = (a, b) if a.kind == "column" else (b, a)
            return joined("*", first, second, at, end, shape)
        whole, part = (a, b) if a.kind == "matrix" else (b, a)
        inner = inverted(upright(part), at, end) if op == "/" else upright(part)
        diag = call("diag", [inner], None, part.start, part.end)
        return joined("*", whole, diag, at, end, shape) if part.kind == "row" else joined("*", diag, whole, at, end, shape)

    def raised(self, base: Piece, exponent: Piece, at: int, end: int) -> Piece:
        """base**exponent."""
        if not self.numpy:
            return super().raised(base, exponent, at, end)
        base, exponent = laid = self.row_context((base, exponent))
        if base.kind == "scalar" and exponent.kind == "scalar":
            return power("^", base, exponent, at, end)
        if base.shape is not None and exponent.shape is not None:
            shape = common((base, exponent))
            base, exponent = self.filled(base, shape), self.filled(exponent, shape)
        return axes_of(laid, power(".^", base, exponent, at, end))


def across(p: Piece) -> Piece:
    """A vector as a row."""
    return p if p.kind == "row" else transposed(p, p.end, p.end)


def inverted(p: Piece, at: int, end: int) -> Piece:
    """1 over each entry."""
    return joined("./", Piece((("1", p.start, p.start),), PRIMARY, SCALAR), p, at, end, p.shape)


def common(pieces: Sequence[Piece]) -> Shape:
    """The shape that all are spread to: on each axis the size that is not 1, rather one that is known."""
    shapes = [p.shape for p in pieces if p.shape is not None]
    first, second = ([s[axis] for s in shapes if s[axis] is not ONE] for axis in (0, 1))
    return (next((d for d in first if not unknown(d)), first[0] if first else ONE),
            next((d for d in second if not unknown(d)), second[0] if second else ONE))
