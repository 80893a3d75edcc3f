"""How pieces of a reading combine in the language; what two dialects would read, each otherwise, is refused, naming both."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property

from .context import UNKNOWN, Context, alike, same, arrays, tables, totalled
from .pieces import PRODUCT, SUM, Piece, bracketed, axes_of, call, joined, power, product_shape, transposed, unwrapped, upright
from ..grammar.kinds import usual
from ..grammar.brackets import ROUND, closing
from ..grammar.functions import FUNCTIONS
from ..grammar.joined_names import factors
from ...language.signatures import derivative_shape
from ...language.shape import ONE, SCALAR, Dim, InputError, Shape
from ..grammar.lexer import Sign, is_number
from ..grammar.spellings import MODULES
from .respelled import of_arrays
from ..grammar.tokens import Line, written, is_name


class Unreadable(Exception):
    """No dialect has a line like this; where it stops."""

    def __init__(self, at: int) -> None:
        self.at = at


def movers(texts: Sequence[str], wrt: str) -> list[str]:
    """The variables of the derivatives in an equation: the x of ∂/∂x, d/dx, d/d(x) and ∇_x."""
    found = [wrt] if wrt else []
    for t, after, last in zip(texts, [*texts[1:], ""], [*texts[2:], "", ""], strict=False):
        if t in ("/", "{", "(") and after[:1] == "d" and after[1:]:
            found.append(after[1:])
        elif t in ("∂", "d") and last in ("", ")", "}", "[", "(", "=", "==") or (t in ("∂", "d") and after[:1].isalpha()):
            found.append(after)
        elif t == "d" and after == "(" and last[:1].isalpha():
            found.append(last)
        elif t in ("∇", "∂") and after[:1] == "_" or t[:5] == "grad_":
            found.append((after if t in "∇∂" else t[4:])[1:])
        elif len(t) == 2 and t[0] == "d" and t[1].isalpha():       # dX
            found.append(t[1])
    return found


class Combined:
    """A place in the signs of a line."""

    def __init__(self, line: Line, signs: Sequence[Sign], around: Context, numpy: bool,
                 bound: Mapping[str, Piece] | None = None) -> None:
        self.line, self.signs, self.around, self.numpy = line, list(signs), around, numpy
        self.bound = bound or {}
        self.vectors: dict[str, int] = {}
        self.spread: list[tuple[Piece, str]] = []       # inner products of what is not declared, beside a name that may be a vector
        self.brackets: dict[int, Piece | Exception] = {}    # square brackets that have been decided, by their place
        self.summed_over: frozenset[str] = frozenset()       # letters that a sum goes over
        self.parted = False         # whether blanks may part blocks: [x' 1]
        self.spread_scalar = False      # whether what a product made a number stands beside a name that may be one
        self.measured = False       # whether sizes are expected: ones((m, n))
        texts = [s.text for s in signs]
        self.movers = movers(texts, around.wrt) if around.equation else [around.wrt]
        self.arrays = arrays(texts).union(totalled(texts, lambda t: usual(t) == "scalar" and not around.knows(t))) if numpy else frozenset()
        for name in tables(texts, lambda t: usual(t) != "matrix" and not around.knows(t)) if numpy and bound is None else ():
            around.said[name] = "matrix"
        self.python = "**" in texts or any(pair in (("[", "0"), ("[", "-")) for pair in zip(texts, texts[1:], strict=False))
        self.matlab = not numpy and ("\\" in texts or any(pair == (".", "'") for pair in zip(texts, texts[1:], strict=False)))
        self.i = self.depth = 0
        self.bars: list[str] = []
        self.barred = any(s.text == "|" for s in signs)
        self.last = signs[-1].end if signs else 0

    @cached_property
    def shared(self) -> bool:
        """Whether the line may be SymPy's as well as NumPy's."""
        return not self.bound and not of_arrays([s.text for s in self.signs], MODULES)

    @cached_property
    def capitals(self) -> set[str]:
        """The capital letters that words of the line are products of."""
        return factors([s.text for s in self.signs])

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

    def closing_of(self, k: int) -> int:
        """Where the bracket at a place is closed."""
        return closing([s.text for s in self.signs], k)

    def closing(self) -> int:
        """Where the bracket that opens here is closed."""
        return self.closing_of(self.i)

    def expect(self, text: str) -> Sign:
        """What must come now."""
        if self.now != text:
            raise self.unread()
        return self.take()

    def unread(self) -> Unreadable:
        """Nothing is read like this."""
        return Unreadable(self.sign().start)

    def refuse(self, message: str, at: int, hint: str | None = None) -> InputError:
        """What is known and has no reading, or two."""
        return self.line.error_at(message, at, hint)

    def two_readings(self, what: str, one: str, other: str, at: int, hint: str = "write the one that is meant") -> InputError:
        """An ambiguity: both readings."""
        return self.refuse(f"{what} has two readings: {one}, and {other}", at, hint)

    def text(self, p: Piece) -> str:
        """What was read."""
        return written([t for t, _, _ in p.tokens])

    # ------------------------------------------------------------ sums
    def plus(self, parts: Sequence[tuple[Sign | None, Piece]]) -> Piece:
        """Terms with their signs."""
        if len(parts) == 1 and parts[0][0] is None:
            return parts[0][1]
        pieces = [p for _, p in parts]
        self.spread_scalar |= any(p.kind == "scalar" and p.head not in ("", p.tokens[0][0]) for p in pieces) and any(
            p.kind == "column" and len(p.tokens) == 1 and not self.around.knows(p.head) for p in pieces)        # w'x - y
        reaching = next((k for k, p in enumerate(pieces) if p.head == "reaching"), len(parts))
        if any(p.kind == "scalar" and p.head != "reaching" for p in pieces[reaching + 1:]):
            first = self.text(pieces[reaching])
            raise self.two_readings("a derivative before a sum", f"{first} plus what follows", "the derivative of all of the sum",
                                    pieces[reaching].start)
        return axes_of(pieces, self.summed(parts, pieces, next((p.shape for p in pieces if p.shape != SCALAR), SCALAR)))

    def summed(self, parts: Sequence[tuple[Sign | None, Piece]], pieces: Sequence[Piece], shape: Shape | None) -> Piece:
        """The terms with their signs, as one."""
        tokens: list[tuple[str, int, int]] = []
        for (sign, _), p in zip(parts, pieces, strict=True):
            if sign is not None:
                tokens.append((sign.text, sign.start, sign.end))
            tokens += bracketed(p, PRODUCT)
        return Piece(tuple(tokens), SUM, shape)

    def column(self, p: Piece) -> Piece:
        """A vector of one dimension that stands as a row, upright."""
        return upright(p) if p.flat and p.kind == "row" else p

    # ------------------------------------------------------------ products
    def times(self, a: Piece, sign: Sign, b: Piece) -> Piece:
        """a op b, as this line means it."""
        op, at, end = sign.text, sign.start, sign.end
        if op == "\\":
            return self.solved(a, b, at, end)
        if op == "⊗":
            return joined("⊗", a, b, at, end, None)
        if op == ":":
            return self.contracted(a, b, at, end)
        if op == "%o%":
            if a.kind not in ("", "column") or b.kind not in ("", "column"):
                raise self.refuse("%o% of anything but vectors has more than two axes", at)
            op, b = "*", transposed(b, at, at)
        if op == "·":
            op = "*"
            number = next((self.text(p) for p in (a, b) if p.kind == "scalar"), "")
            if number and self.line.text[at:end] == "dot":
                raise self.refuse(f"the word dot stands between vectors, and {number} is read as a number", at, f"declare {number}")
            if a.kind == b.kind == "column":
                return joined("*", transposed(a, at, at), b, at, end, SCALAR)
            if a.kind == "column" and b.kind == "matrix" and a.shape and b.shape and alike(a.shape[0], b.shape[0]):
                a = transposed(a, at, at)
        if op == "/" and b.kind == "matrix" and b.head != "d" and (a.kind not in ("", "scalar") or self.row_by_mark(a)):
            return self.solved_behind(a, b, at, end)
        if op == "/" and (long := self.length(b)) is not b and self.around.bars == "abs":
            op = "./"
        elif op == "/" and long is not b:
            unit = self.text(unwrapped(a)) == self.text(long)[6:-1]
            self.around.measured = self.around.measured or ("unit" if unit else "/")
            raise self.two_readings(f"{self.text(a)}/|{self.text(long)[6:-1]}|", f"the quotient by the length, {self.text(long)}",
                                    f"the quotient entry by entry, by {self.text(b)}", at)
        a, b = self.lengths(a, b) if op == "*" else (a, b)
        if op == "/" and a.head == "d" and b.kind == "row" and [b.tokens[0][0], b.tokens[-1][0]] == ["d", "'"]:
            return transposed(self.times(a, sign, upright(b)._replace(head="d")), b.end, b.end)         # in numerator layout
        if op == "/" and a.head == b.head == "d":
            shape = None if a.shape is None or b.shape is None else derivative_shape(a.shape, b.shape)
            return joined(op, a, b, at, end, shape)._replace(head="derivative")
        b = self.ended(a, b) if op == "*" else b
        if op in (".*", "./"):
            shape = b.shape if a.kind == "scalar" else a.shape
        else:
            shape = None if b.head == "d" else product_shape(a.shape, b.shape) if op == "*" else a.shape
        return joined(op, a, b, at, end, shape)

    def length(self, p: Piece) -> Piece:
        """|x| of a vector, beside another one, is its length: x'y/(|x||y|), 2|x||y|."""
        if not self.barred or p.kind != "column":
            return p
        texts = [t for t, _, _ in p.tokens]
        k = next((k for k, (t, at, _) in enumerate(p.tokens) if t == "abs" and self.line.text[at] in "|∣"), len(texts))
        scaled = all(t == "*" or is_number(t) or is_name(t) and self.around.shape(t) == SCALAR for t in texts[:k])
        if not scaled or closing(texts, k + 1, ROUND) != len(texts) - 1:
            return p
        tokens = (*p.tokens[:k], ("norm2", *p.tokens[k][1:]), *p.tokens[k + 1:])
        return p._replace(tokens=tokens, shape=SCALAR, head="product" if k else "norm2")

    def lengths(self, a: Piece, b: Piece) -> tuple[Piece, Piece]:
        """The factors |x| and |y|, and |z| behind their product, as lengths."""
        if not self.barred or b.kind != "column":
            return a, b
        before = a.kind == "scalar" and any(t == "norm2" and self.line.text[at] in "|∣" for t, at, _ in a.tokens)
        return (self.length(a), self.length(b)) if before or a.kind == "column" else (a, b)

    def declared(self, p: Piece) -> bool:
        """Whether every name in this is declared or defined, so that its shape is none that its letters suggest."""
        return all(self.around.knows(t) or t in FUNCTIONS for t, _, _ in p.tokens if is_name(t))

    def open_letter(self, p: Piece) -> bool:
        """Whether this is one name that is not declared, a scalar by its letter."""
        return len(p.tokens) == 1 and bool(p.head) and p.head != "pi" and not self.around.knows(p.head) and p.kind == "scalar"

    def ended(self, a: Piece, b: Piece) -> Piece:
        """What ends a product behind a matrix is a column, where it is not declared: X*beta."""
        if a.kind in ("matrix", "row") and self.open_letter(b):
            return b._replace(shape=(Dim.of(f"{UNKNOWN}{b.head}0"), ONE))
        return b

    def fits(self, op: str, a: Piece, b: Piece) -> bool:
        """Whether the language has a op b."""
        if a.shape is None or b.shape is None:
            return True
        if op == "*":
            return SCALAR in (a.shape, b.shape) or alike(a.shape[1], b.shape[0])
        if op == "/":
            return self.length(b).shape == SCALAR
        return SCALAR in (a.shape, b.shape) or same(a.shape, b.shape)

    def raised(self, base: Piece, exponent: Piece, at: int, end: int) -> Piece:
        """base**exponent."""
        if base.kind == "scalar":
            return power("^" if exponent.kind == "scalar" else ".^", base, exponent, at, end)
        if base.kind == "matrix" and base.shape is not None and alike(*base.shape):
            x, k = self.text(base), self.text(exponent)
            raise self.two_readings(f"{x}**{k}", f"entry by entry, {x}.^{k}", f"the power of a matrix, {x}^{k}", at)
        return power(".^", base, exponent, at, end)

    def row_by_mark(self, p: Piece) -> bool:
        """b' of a name that is not declared: no scalar, though its letter says so."""
        return len(p.tokens) == 2 and p.tokens[1][0] == "'" and not self.around.knows(p.tokens[0][0])

    def solved_behind(self, a: Piece, b: Piece, at: int, end: int) -> Piece:
        """A/B of matrices: MATLAB's division from the right."""
        inverse = joined("*", a, call("inv", [b], b.shape, b.start, b.end), at, end, product_shape(a.shape, b.shape))
        if self.matlab and b.shape is not None and alike(*b.shape):
            return inverse
        if self.around.knows(b.head) and a.shape is not None and b.shape is not None and alike(*b.shape) and not same(a.shape, b.shape) \
                and alike(a.shape[1], b.shape[0]):
            return inverse
        x, y = self.text(a), self.text(b)
        open_scalars = any(mark == "'" and self.around.shape(name) == SCALAR and not self.around.knows(name)
                           for (name, _, _), (mark, _, _) in zip(a.tokens, a.tokens[1:], strict=False) if name[0].isalpha())
        if b.head and not self.around.knows(b.head) and open_scalars and not self.row_by_mark(a):
            return joined("/", a, b, at, end, a.shape)
        raise self.two_readings(f"{x}/{y}", f"{self.text(inverse)}, as in MATLAB",
                                f"the quotient entry by entry, {x}./{y}" if self.around.knows(b.head) or not b.head else
                                f"the quotient by a number {y}, which is then declared", at)

    def contracted(self, a: Piece, b: Piece, at: int, end: int) -> Piece:
        """A:B, the sum of the products of the entries."""
        if "scalar" in (a.kind, b.kind) or (a.shape is not None and b.shape is not None and not same(a.shape, b.shape)):
            raise self.refuse("A:B is the Frobenius product of two matrices of the same size", at)
        return call("inner", [a, b], SCALAR, a.start, end)

    def solved(self, a: Piece, b: Piece, at: int, end: int) -> Piece:
        """A\\b."""
        if a.kind == "scalar":
            return joined("/", b, a, at, end, b.shape)
        if a.head in ("product", "quotient", "derivative"):
            text = self.text(a)
            raise self.two_readings(f"{text}\\{self.text(b)}", f"({text})\\{self.text(b)}, all of it inverted",
                                    "its last factor alone inverted", at)
        if a.shape is not None and not (a.kind == "matrix" and alike(*a.shape)):
            raise self.refuse("A\\b is read for a square A, as inv(A)*b", at, "least squares are inv(A'*A)*A'*b")
        return joined("*", call("inv", [a], a.shape, a.start, a.end), b, at, end, b.shape)
