"""What stands by itself in a dialect: brackets, bars, ones, roots, fractions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from . import columns
from .context import alike
from .atom_derivatives import TURNS, Derivatives
from .calls import INFINITY
from .combined import Unreadable
from .pieces import POSTFIX, PRIMARY, PRODUCT, Piece, bracketed, call, closed, power, unwrapped, vector_of_ones
from ...language.shape import SCALAR, Dim, InputError
from ..grammar.lexer import Sign, is_number
from ..grammar.tokens import HALVES, is_name
from ..grammar.brackets import CLOSES, depths

OPERATORS = frozenset(("*", "·", "%o%", "/", ".*", "./", "@", "\\", "⊗", ":"))
ENDS = frozenset(("", ")", "]", "}", ",", "+", "-", "=", "==", ";", ":", "^", ".^", "'", "**", "⟩", ">", ".")) | OPERATORS
BARRED = frozenset(("norm1", "norm2", "normF", "abs"))
BARS = frozenset(("|", "‖"))


def outer(signs: Sequence[Sign]) -> Iterator[Sign]:
    """The signs that stand in no bracket."""
    return (s for s, depth in zip(signs, depths(s.text for s in signs), strict=True) if depth == (s.text in CLOSES))


class Atoms(Derivatives):
    """Reads one atom."""

    # ------------------------------------------------------------ atoms
    def atom(self) -> Piece:
        """Whatever stands by itself."""
        sign = self.take()
        text = sign.text
        if not text:
            self.i -= 1
            raise self.unread()
        if is_name(text):
            return self.named(sign)
        raised = self.now == "^^T" or self.now == "'" and self.ahead(1) not in ENDS - {"*", "·"} or (
            self.now == "^" and TURNS & {self.ahead(1), self.ahead(2)} and not self.around.knows("T"))
        if set(text) == {"1"} and self.now == "'" and not self.numpy and not (text == "1" and raised):
            ones = "the row of ones" if text == "1" else "the product of ones"
            raise self.two_readings(f"{text}'", ones, f"the number {text}", sign.start, "write ones(n)' for the row of ones")
        if text == "1" and (raised or self.now[:1] == "_" and len(self.now) > 1 and not self.numpy):
            return self.ones(sign._replace(text="𝟏"))
        if is_number(text):
            if text == "0" and is_name(self.now) and not self.sign().gap:        # 0x10
                raise self.refuse(f"0{self.now} cannot be read", sign.start, "write 0*.. for a product")
            return Piece(((text, sign.start, sign.end),), PRIMARY, SCALAR)
        self.i -= 1
        if text in CLOSES:
            if text == "(" and self.ahead(1) in ("∂", "d") and self.ahead(2) == "/" and (end := self.closing()) - self.i in (4, 5):
                del self.signs[end], self.signs[self.i]         # (∂/∂x) f
                return self.atom()
            return self.bracket()
        if text in BARS:
            return self.between()
        self.i += 1
        if text in HALVES:
            above, below = HALVES[text]
            return Piece(((above, sign.start, sign.end), ("/", sign.start, sign.end), (below, sign.start, sign.end)), PRODUCT, SCALAR)
        if text == "𝟏" and self.compares():
            if self.now != "[":
                raise self.refuse("the indicator of a set cannot be read", sign.start, "𝟏[x > 0] in square brackets is the step function")
            return self.indicator(sign)
        if text in ("𝟏", "𝟎"):
            return self.ones(sign)
        if text == "√":
            return self.root(sign)
        if text == "∂":
            return self.gradient(sign) if self.now[:1] == "_" else self.derivative(sign)
        if text == "∇":
            return self.gradient(sign)
        if text in ("⟨", "<"):
            a = self.sum()
            self.expect(",")
            b = self.sum()
            end = self.expect("⟩" if text == "⟨" else ">").end
            index = self.subscript()
            if index not in ("", "F"):
                raise self.refuse(f"an inner product with the index {index} cannot be read", sign.start,
                                  "⟨x, y⟩ is x'*y, and ⟨A, B⟩_F tr(A'*B)")
            return self.meaning("inner", [a, b], {}, sign.start, end, False)
        self.i -= 1
        raise self.unread()

    def bracket(self, argument: bool = False) -> Piece:
        """(..), {..}, [..]; in square brackets blocks, and one matrix only as an `argument` or where blanks are no sign."""
        argument = argument or self.function(self.ahead(-1))
        if self.now != "[" or argument or self.numpy or self.measured:
            return self.enclosed()
        opened, end = self.sign(), self.closing_of(self.i)
        inside = self.signs[self.i + 1:end]
        applied = any(self.function(one.text) and is_name(two.text) for one, two in pairwise(inside))      # [y log p + ..]
        parts = None if applied else columns.parted(inside, self.function)
        if parts is None or end == len(self.signs):
            return self.enclosed()
        closed = self.signs[end]
        found = self.brackets.get(opened.start) or self.decided(parts)
        self.brackets[opened.start] = found
        if not isinstance(found, Piece):
            raise found
        self.i = self.signs.index(closed) + 1
        return found

    def decided(self, parts: Sequence[Sign]) -> Piece | Exception:
        """A bracket with its blanks between factors and between columns: the one that fits; both are refused, naming both."""
        begun, end = self.sign(), self.closing_of(self.i)
        inside = self.signs[self.i + 1:end]
        listed = any(s.text in (",", ";") for s in outer(inside))
        shown = self.line.text[begun.start:self.signs[end].end]
        one, two = self.tried(self.signs), self.tried([*self.signs[:self.i + 1], *parts, *self.signs[end:]])
        if isinstance(two, InputError):
            return two
        if not isinstance(one, Piece) or not isinstance(two, Piece):
            return two if isinstance(two, Piece) or (listed and not isinstance(one, Piece)) else one
        first, second = columns.fits(self.line, one.tokens, self.around), columns.fits(self.line, two.tokens, self.around)
        even = all(sign.gap == after.gap for sign, after in pairwise(inside) if sign.text in ("+", "-"))
        summed = even and not listed and any(s.text in ("+", "-") for s in outer(inside))        # -[y log(p) + z log(q)]
        if (not first or not second) and not (summed and second):
            return two if second or (listed and not first) else one
        if summed and first and one.kind == "scalar":
            return one
        if columns.scaled(parts) or columns.starred(inside) or (
                listed and not columns.mixed(parts) and one.kind != "column"):
            return two
        return self.two_readings(shown, f"with products, {self.text(unwrapped(one))}", f"with blocks side by side, {self.text(two)}",
                                 begun.start, "write * or a comma")

    def tried(self, signs: Sequence[Sign]) -> Piece | Exception:
        """The bracket here with other signs, or why it cannot be read so; the place stays."""
        kept = self.signs, self.i, self.depth, self.vectors, self.bars, self.parted
        self.signs, self.vectors, self.bars, self.parted = list(signs), dict(self.vectors), list(self.bars), True
        try:
            return self.enclosed()
        except (InputError, Unreadable) as error:
            return error
        finally:
            self.signs, self.i, self.depth, self.vectors, self.bars, self.parted = kept

    def enclosed(self) -> Piece:
        """What stands in the brackets here."""
        opened = self.take()
        bars, self.bars = self.bars, []
        if opened.text == "[":
            inside = self.signs[self.i:self.closing_of(self.i - 1)]
            if self.numpy and not self.measured and any(s.text == "," for s in outer(inside)):
                raise self.refuse("a list cannot stand here", opened.start, "np.hstack([..]), np.vstack([..]) and np.block([[..]]) can be")
            if not self.measured and any(s.text in (",", ";") for s in outer(inside)):
                self.i -= 1
                found = self.blocks()
                self.bars = bars
                return found
        items = [self.condition()]
        while self.now == "," and (opened.text == "(" or self.measured):
            self.i += 1
            items.append(self.sum())
        self.bars = bars
        end = self.expect(CLOSES[opened.text]).end
        if len(items) > 1 and self.measured:
            return Piece(items[0].tokens, PRIMARY, None, items=tuple(items))
        if len(items) > 1:
            raise self.refuse("a list in brackets is not a matrix", opened.start, "x'*y is the inner product")
        return closed(items[0], opened.start, end)

    def between(self) -> Piece:
        """|..| and ‖..‖ with an index."""
        opened = self.take()
        self.bars.append(opened.text)
        inner = self.column(self.sum())
        self.bars.pop()
        end = self.expect(opened.text).end
        index = self.subscript() or self.lost_scripts(inner, opened, end)
        if opened.text == "|" and not index:
            if inner.kind == "matrix" and inner.shape is not None and alike(*inner.shape):
                text, self.around.barred = self.text(inner), True
                if self.around.bars and not self.around.measured:
                    return call(self.around.bars, [inner], SCALAR if self.around.bars == "det" else inner.shape, opened.start, end)
                raise self.two_readings(f"|{text}|", f"the determinant, det({text})", f"the absolute values, abs({text})", opened.start)
            meaning = self.around.bars or self.around.said.get("|")
            if meaning == "norm2" and (inner.kind == "column" or self.open_letter(inner)):
                return call("norm2", [inner], SCALAR, opened.start, opened.end)
            return call("abs", [inner], inner.shape, opened.start, opened.end)
        name = {"1": "norm1", "2": "norm2", "F": "normF", "*": "nuclear"}.get(index)
        if index and name is None and inner.kind == "matrix":
            raise self.refuse(f"there is no norm of a matrix with index {index}", end, "the norms are 1, 2, F and *")
        if index and name is None:
            return self.indexed_norm(inner, index, opened, end)
        if inner.kind == "matrix" and name in (None, "norm2"):
            text = self.text(inner)
            raise self.two_readings(f"the norm ‖{text}‖ of a matrix", f"the Frobenius norm, normF({text})",
                                    f"the spectral norm, spectral({text})", opened.start)
        if inner.kind == "matrix" and name == "norm1":
            text = self.text(inner)
            raise self.two_readings(f"the 1-norm ‖{text}‖ of a matrix", f"the sum of all absolute values, norm1({text})",
                                    "the largest absolute column sum, which the language does not have", opened.start)
        if name == "norm1" and inner.head == "vec" and inner.tokens[0][0] == "vec":         # as pages write norm1(X)
            inner = unwrapped(inner._replace(tokens=inner.tokens[1:]))
        return call(name or "norm2", [inner], SCALAR, opened.start, opened.end)

    def lost_scripts(self, inner: Piece, opened: Sign, end: int) -> str:
        """The index of a norm where a copied page has it on the line: ‖x‖22 is a square; ‖x‖2 may be one, or the norm with its index."""
        if opened.text != "‖" or self.now not in ("1", "2", "22") or self.sign().start != end:
            return ""
        sign, norm = self.take(), f"norm2({self.text(inner)})"
        if sign.text == "2":
            raise self.two_readings(self.line.text[opened.start:sign.end], f"the norm with the index 2, {norm}", f"its square, {norm}^2",
                                    opened.start)
        if sign.text == "22":
            self.signs[self.i:self.i] = [Sign("^", sign.start, sign.start), Sign("2", sign.start, sign.end)]
        return sign.text[0]

    def indexed_norm(self, x: Piece, index: str, opened: Sign, end: int) -> Piece:
        """‖x‖_p; ‖x‖_A of a matrix A is x'Ax for some and x'A⁻¹x for others."""
        name = self.around.resolve(index)
        if self.around.shape(name) != SCALAR if self.around.has(name) else name[:1].isupper():
            v = self.text(x._replace(tokens=bracketed(x, POSTFIX)))
            raise self.two_readings(f"the norm with the index {index}", f"sqrt({v}'*{name}*{v})", f"sqrt({v}'*inv({name})*{v})", end)
        if not index.isalnum():
            raise self.refuse(f"a norm with the index {index} cannot be read", end, "the norms of a vector are 1, 2 and p")
        p = Piece((("∞" if name in INFINITY else name, opened.end, end),), PRIMARY, SCALAR, head=name)
        if [self.now, self.ahead(1)] == ["^", index] and self.ahead(2) not in ("(", "^"):       # ‖x‖_p^p
            self.i += 2
            powers = power(".^", call("abs", [x], x.shape, opened.start, end), p, opened.start, end)
            return call("sum", [powers], SCALAR, opened.start, end)
        return self.meaning("norm", [x, p], {}, opened.start, end, False)

    def two_bars(self) -> bool:
        """Whether the || here closes bars and opens others, |u||v||w|: no norm closes behind it, or no blank is beside it. It is two
        signs then."""
        sign = self.sign()
        close = not any(s.gap for s in self.signs[self.i + 1:self.i + 2])
        if sign.gap or sign.end != sign.start + 2 or not close and sum(s.text == "‖" for s in self.signs[self.i:]) % 2 == 0:
            return False
        self.signs[self.i:self.i + 1] = [Sign("|", sign.start, sign.start + 1), Sign("|", sign.start + 1, sign.end)]
        return True

    def subscript(self) -> str:
        """An index, also one behind an exponent: ‖A‖_F, ‖A‖^2_F."""
        k = self.i
        if self.now == "^" or self.now[:2] == "^^":
            k += 1 if self.now[:2] == "^^" else self.closing_of(k + 1) - k + 1 if self.ahead(1) in CLOSES else 2
        text = self.signs[k].text if k < len(self.signs) else ""
        if text[:1] != "_":
            return ""
        del self.signs[k]
        if text == "_" and k == len(self.signs):
            raise self.unread()
        if text == "_":
            words = [self.signs[k].text]
            if words[0] in CLOSES:
                end = self.closing_of(k)
                words = [s.text for s in self.signs[k + 1:end]]
                del self.signs[k:end + 1]
            else:
                del self.signs[k]
            return "".join(words)
        return text[1:]

    def ones(self, sign: Sign) -> Piece:
        """𝟏 and 𝟎, their size in a subscript or inferred."""
        if self.now[:1] == "_" and len(self.now) > 1:
            size = self.take().text[1:]
            return self.sized("ones" if sign.text == "𝟏" else "zeros", [Piece(((size, sign.start, sign.end),), PRIMARY, SCALAR)],
                              sign.start, sign.end)
        p = vector_of_ones(sign.start, sign.end)._replace(shape=(Dim.of("?1"), Dim.of("?0"))[:1] + (SCALAR[0],))
        return p if sign.text == "𝟏" else p._replace(tokens=tuple(("0" if t == "1" else t, a, b) for t, a, b in p.tokens))

    def compares(self) -> bool:
        """Whether brackets with one comparison come."""
        inside = self.signs[self.i + 1:self.closing_of(self.i)] if self.now in CLOSES else []
        return sum(s.text in ("<", ">") for s in outer(inside)) == 1

    def indicator(self, sign: Sign) -> Piece:
        """𝟏[x > y] and 𝟏[y < x]: the step of x - y."""
        self.i += 1
        self.bars.append("<")       # opens no inner product here
        out = self.condition()
        self.bars.pop()
        end = self.expect("]").end
        if out.head != "step":
            raise self.refuse("an indicator needs a single > or <", sign.start, "𝟏[x > 0] is step(x)")
        return out._replace(tokens=((out.tokens[0][0], sign.start, end), *out.tokens[1:]))

    def root(self, sign: Sign) -> Piece:
        """√x, √(...)."""
        p = self.atom()
        if self.now[:2] == "^^" and self.now[2:] != "T" and p.head:
            raise self.two_readings(self.line.text[sign.start:self.sign().end], f"sqrt({p.head})^{self.now[2:]}",
                                    f"sqrt({p.head}^{self.now[2:]})", sign.start)
        if p.head and p.kind != "scalar" and self.now in ("'", "^^T") and self.ahead(1) not in ENDS:        # √x'x
            raise self.two_readings(self.line.text[sign.start:self.signs[-1].end], f"sqrt({p.head})' and what follows",
                                    f"the root of {p.head}' and what follows", sign.start, f"write sqrt({p.head}'*{p.head})")
        return call("sqrt", [unwrapped(p)], p.shape, sign.start, sign.end)

