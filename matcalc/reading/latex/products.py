"""Sums and products in a formula, from left to right."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress

from .ambiguities import NUMBER, WHOLE
from .tensor_networks import closed
from .texts import by_entry
from .atoms import Atoms
from .bold_numbers import COMPARED
from ..grammar.kinds import crossed
from .letters import CIRCLES, TIMES
from .index_scope import Indexed

CLOSING = frozenset(("", ")", "]", "}", ",", "=", "+", "-", r"\}", r"\rVert", r"\rvert", r"\rangle", ";", ":", ".",
                     r"\at", r"\is", r"\mid"))


class Products(Atoms):
    """Reads sums and products; every method returns text of the language."""

    # ------------------------------------------------------------ sums and products
    def sum(self) -> str:
        """Read a sum of signed terms."""
        self.deeper()
        out = ""
        if self.now in ("+", "-"):
            out = "-" if self.take() == "-" else ""
        self.reaching, begun, start = False, self.i, self.i
        self.pair, negative = None, out == "-"
        out += (term := self.paired())
        read = [(negative, term, self.pair)]
        first, sums = out if self.reaching else "", {term} if self.summed_since(begun) else set()
        while self.now in ("+", "-"):
            sign = self.take()
            negative = sign == "-"
            while self.now in ("+", "-"):
                negative ^= self.take() == "-"
            at, self.reaching, self.pair = self.i, False, None
            term = self.paired()
            read.append((negative, term, self.pair))
            if first and self.names.asks and not self.reaching and self.shape(term) == NUMBER:
                self.refuse("a derivative before a sum", f"{self.said(first)} plus what follows", "the derivative of all of the sum", at)
            out += (" - " if negative else " + ") + term
            sums |= {term} if self.summed_since(at) else set()
            if len(sums) > 1 and self.names.asks and len({self.shape(t) == NUMBER for t in sums if self.shape(t)}) > 1:
                raise self.error("a scalar sum over an index is added to a vector", "declare the names", at)
        self.depth -= 1
        self.reaching = bool(first)
        return self.between_sums(read, start) or out

    def between_sums(self, read: Sequence[tuple[bool, str, tuple[str, str] | None]], begun: int) -> str:
        """A - B : C - D as the product of the two sums, where one of the other terms is no number; empty elsewhere."""
        pairs = [k for k, (_, _, pair) in enumerate(read) if pair is not None]
        others = [term for _, term, pair in read if pair is None]
        if len(pairs) != 1 or not any((self.shape(term) or self.guessed(term) or NUMBER) != NUMBER for term in others):
            return ""
        k, (_, _, pair) = pairs[0], read[pairs[0]]
        assert pair is not None
        def added(terms: list[tuple[bool, str]]) -> str:
            return "".join((" - " if negative else " + " if at else "") + term for at, (negative, term) in enumerate(terms))
        left = added([*((negative, term) for negative, term, _ in read[:k]), (read[k][0], pair[0])])
        right = added([(False, pair[1]), *((negative, term) for negative, term, _ in read[k + 1:])])
        self.doubt(begun, out := f"tr(({left})'*({right}))", all(self.shape(term) is not None for term in others))
        return out

    def summed_since(self, at: int) -> bool:
        """Whether a sum over an index stands between a place and here."""
        return any(t == r"\sum" for t, _ in self.tokens[at:self.i])

    def paired(self) -> str:
        """A : B, which binds less than every product."""
        out, pair = self.circle(), None
        while self.now == ":":
            self.i += 1
            sign = self.take() if self.now == "-" else ""           # I : -M^{-1} dM
            pair = out, sign + self.circle()
            out = f"({sign}tr(({pair[0]})'*({pair[1].removeprefix('-')})))" if sign else f"tr(({pair[0]})'*({pair[1]}))"
        self.pair = pair
        return out

    def circle(self) -> str:
        """Products joined by signs in circles, which bind less than juxtaposition."""
        out, before = self.product(), ""
        while self.now in CIRCLES:
            sign = CIRCLES[self.take()]
            left = "1" if sign == "./" and out == "vector(1)" else out if sign == before == ".*" else closed(out)
            out, before = f"{left}{sign}{closed(self.product())}", sign
        return out

    def product(self, argument: str = "") -> str:
        """Factors side by side; the argument of a function ends before a sign of multiplication, the next function, and a
        sum, which is not for tr."""
        begun = self.i
        out = last = self.factor()
        ones, before, start = out == "vector(1)'", "", len(out) + 1
        while True:
            now = self.now
            ended = ones and len(out) > start and not (self.begins(now) or now in TIMES or now in (".*", "./"))
            if ended and (rest := self.summed(out[start:])):
                out, ones = before + rest, False
            if argument and (now in TIMES or now == "/" or now == r"\sum" and argument not in WHOLE or self.functional()):
                return out
            if now in (".*", "./"):
                self.i += 1
                out += now + self.signed()
                continue
            if now in TIMES:
                self.i += 1
                out = self.times(now, out, begun)
            elif now == "/":
                self.i += 1
                below = self.divisor()
                if not below.endswith("'"):
                    self.divided_by(out, below, begun)
                out += "/" + below
            elif now == "1" and not self.tokens[self.i - 1][0][0].isdigit():       # w^T 1: nobody writes the number behind a factor
                self.i += 1
                out += f"*{self.raised(self.ones('1', self.i - 1))}"
            elif self.begins(now):
                if self.names.asks and now[0].isdigit():
                    raise self.error(f"{now} cannot stand here")
                numbered = self.i - 1 if now[0].isdigit() and (self.tokens[self.i - 1][0][-1:].isalpha()) else None
                factor = self.factor()
                if numbered is not None and not self.begins(self.now):           # \delta 3, a name with a number
                    self.doubt(numbered, "a product")
                if self.names.asks:
                    self.of_a_matrix(last, factor, begun)
                last = factor
                if not ones and factor == "vector(1)'" and self.shape(out) == NUMBER:           # c 1^T x
                    ones, before, start = True, f"{out}*", len(out) + len(factor) + 2
                out += "*" + factor
            else:
                return out

    def times(self, sign: str, left: str, begun: int) -> str:
        """What begins at a place times the factor behind a sign of multiplication, by what the sign means between their shapes."""
        at, right = self.i, self.signed()
        doubtful = ""
        if sign == r"\bullet" and (shape := self.shape(right)) is not None and "1" not in shape and shape == self.shape(left):
            doubtful = f"tr(({left})'*({right}))"
            if self.names.asks and shape[0] == shape[1]:
                self.refuse(self.since(begun), self.said(doubtful), self.said(f"({left})*({right})"), begun)
        elif sign == r"\times" and self.names.asks and crossed(left, right, lambda name: "" if not self.names.known(name) else
                                                               "column" if self.columns(name, name) else "scalar"):
            self.refuse(self.since(begun), "the cross product", "the product of two numbers", begun)
        elif sign == "*" and not self.names.asks and self.columns(left, right):
            doubtful = f"({closed(left)}.*{closed(right)})"
        elif sign in (r"\cdot", r"\bullet"):
            if self.marks is not None and (self.marked(left) or self.marked(right)):
                what = Indexed("dot", (), self.tokens[begun][1], f"· {self.since(at)}")
                return f"({self.marks.new('dot', what)}*({left})*({right}))"
            right = self.begins(self.now) and self.dotted(left, right) or right
            if self.perhaps_columns(left, right):
                doubtful = f"(({left})'*{right})"
            elif self.columns(left, right):
                return f"(({left})'*{right})"
        if doubtful:
            self.doubt(begun, doubtful)
        return doubtful or f"{left}*{right}"

    def summed(self, text: str) -> str:
        """1^T x is sum(x), and 1^T A 1 is sum(A)."""
        matrix = text.removesuffix("*vector(1)")
        shape = self.shape(matrix)
        found = shape is not None and (shape[1] == "1" != shape[0] if matrix == text else "1" not in shape)
        return f"sum({matrix})" if found else ""

    def columns(self, one: str, two: str) -> bool:
        """Whether a sign stands between two columns: a dot is the inner product, a star goes entry by entry."""
        b = self.shape(two) or NUMBER
        a = self.shape(one) or NUMBER if b[0] != "1" == b[1] else NUMBER
        return a[0] != "1" == a[1] and (a == b or "?" in (a[0], b[0]))

    def perhaps_columns(self, one: str, two: str) -> bool:
        """Whether a dot stands between two columns by what their letters are called, of which one is not declared."""
        if self.names.asks or self.shape(one) is not None and self.shape(two) is not None:
            return False
        shape = self.guessed(two)
        return shape is not None and shape[0] != "1" == shape[1] and self.guessed(one) == shape

    def dotted(self, column: str, factor: str) -> str:
        """The product that begins with a factor, behind us, where that is no column and the product is one that a column is dotted with."""
        mark = self.mark()
        while self.begins(self.now) and not self.columns(column, factor):
            factor += "*" + self.factor()
        if self.columns(column, factor) and self.i > mark[0]:
            return factor
        self.back(mark)
        return ""

    def functional(self) -> bool:
        """Whether a function of the language comes now."""
        name = None
        with suppress(Exception), self.ahead_only():         # what is wrong will be said where it is read
            name = self.name()
        return name is not None and not name.startswith("\\") and self.function(name)

    def divisor(self) -> str:
        """What a slash divides by: one factor, or where that is a row all the factors side by side."""
        at = self.i
        first = self.signed()
        if not first.endswith("'") or not self.begins(self.now):
            return first
        while self.begins(self.now):
            first += "*" + self.factor()
        self.chosen(at, f"({first})", True)
        return f"({first})"

    def signed(self) -> str:
        """Read a factor with an optional sign."""
        if self.now == "-":
            self.i += 1
            return f"(-{self.factor()})"
        return self.factor()

    def begins(self, token: str) -> bool:
        """Whether a factor can begin with this token."""
        if token in CLOSING or token in CIRCLES or token in TIMES or token in COMPARED or token in ("/", "^", "_", "'"):
            return False
        return not (token in self.closing[-1:] if self.closing else False)


def whole(reader: Products) -> str:
    """Read all tokens, or raise an error at the first that does not fit."""
    if not reader.now:
        raise reader.error("a formula is missing here")
    out = reader.sum()
    if reader.now:
        raise reader.error(f"{reader.now} cannot stand here")
    return by_entry(out)
