"""What an expression is spelled with in LaTeX, Unicode or MathML."""

from __future__ import annotations

from ..language.expr import Dim
Written = tuple[str, int]       # and how strongly it binds


class Alphabet:
    """Spellings, which a subclass fills in."""

    times = dot = circle = over = kronecker = turned = minus = one = unit = wide = ""
    lone_sign = "-"
    apart = " "         # two functions' names

    def name(self, text: str) -> str:
        """A letter, with its subscript."""
        raise NotImplementedError

    def identity(self) -> str:
        """The identity matrix."""
        return self.name("I")

    def call(self, function: str, arguments: str) -> str:
        """f(x)."""
        raise NotImplementedError

    def function(self, head: str) -> str:
        """The name of a function of the language."""
        raise NotImplementedError

    def bracket(self, text: str) -> str:
        """(text)."""
        raise NotImplementedError

    def up(self, base: str, exponent: str) -> str:
        """base with a superscript."""
        raise NotImplementedError

    def down(self, base: str, index: str) -> str:
        """base with a subscript."""
        raise NotImplementedError

    def size(self, d: Dim) -> str:
        """A number of rows or columns."""
        return str(d)

    def fraction(self, above: str, below: str, flat: bool) -> Written:
        """A quotient; `flat` when the denominator needs brackets on one line."""
        raise NotImplementedError

    def broad(self, above: str) -> bool:
        """Whether what stands above a bar is so long that the fraction stands in front of it, with 1 above."""
        return False

    def coefficient(self, above: str, below: str) -> Written:
        """A number before letters."""
        return self.fraction(above, below, False)

    def norm(self, text: str, index: str) -> str:
        """|| text ||."""
        raise NotImplementedError

    def bars(self, text: str) -> str:
        """| text |."""
        raise NotImplementedError

    def indicator(self, text: str, sign: str) -> str:
        """1 where text is above or below 0."""
        return f"{self.one}[{text} {sign} 0]"

    def root(self, text: str) -> Written:
        """The square root."""
        raise NotImplementedError

    def differential(self, text: str, compound: bool) -> str:
        """The differential of what is written so; in brackets where it is compound."""
        raise NotImplementedError

    def derivative(self, above: str, below: str) -> Written:
        """The derivative of one thing by another."""
        raise NotImplementedError

    def marked(self, text: str) -> str:
        """What changed in this line."""
        return text

    def grid(self, rows: list[list[str]]) -> str:
        """A matrix made of blocks, given row by row."""
        return "[" + "; ".join(", ".join(row) for row in rows) + "]"

    def tight(self, text: str) -> str:
        """What follows a raised letter without a gap."""
        return text

    def columns(self, which: str) -> str:
        """Selected columns of an identity matrix."""
        return self.call(self.name("I"), ":," + which)

    def nabla(self, head: str) -> str:
        """The sign of a gradient, Jacobian or Hessian."""
        raise NotImplementedError

    def tight_call(self, text: str) -> str:
        """The argument of det in log|det A|."""
        return self.bracket(text)
