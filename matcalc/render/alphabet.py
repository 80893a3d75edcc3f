"""The spelling of an expression in LaTeX, Unicode or MathML."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

from ..language.expr import ONE, SCALAR, Dim, Expr, Name, Shape

Written = tuple[str, int]       # and how strongly it binds


def letter_and_index(text: str) -> tuple[str, str]:
    """A name as what is set on the line and what is set below it: a number at its end, or what follows an underscore.

    >>> letter_and_index("theta12"), letter_and_index("x_hat")
    (('theta', '12'), ('x', 'hat'))
    """
    head, _, tail = text.partition("_")
    bare = head.rstrip("0123456789")
    return (head, tail) if tail or not bare else (bare, head[len(bare):])


class Alphabet:
    """Spellings, which a subclass fills in."""

    times = dot = circle = ring = over = kronecker = transposed = minus = one = unit = wide = ""
    real = by = element = maps = into = beside = ""      # R, x, in, :, -> of declarations; between the factors of a size
    lone_sign = "-"
    apart = " "         # two functions' names

    name: Callable[[str], str]                     # a letter, with its subscript

    def identity(self) -> str:
        """The identity matrix."""
        return self.name("I")

    def call(self, function: str, arguments: str) -> str:
        """f(x)"""
        return function + self.bracket(arguments)

    function: Callable[[str], str]                 # the name of a function of the language
    bracket: Callable[[str], str]                  # (text)
    up: Callable[[str, str], str]                  # base with a superscript
    down: Callable[[str, str], str]                # base with a subscript

    show: Callable[[Expr], str]                    # an expression

    def size(self, d: Dim) -> str:
        """A number of rows or columns, term by term."""
        out = []
        for names, count in d.terms:
            shown = [self.name(n) if k == 1 else self.up(self.name(n), str(k)) for n, k in Counter(names).items()]
            out.append(self.beside.join([str(count)] * (count != 1 or not shown) + shown))
        return "+".join(out) or "0"

    def sizes(self, shape: Shape) -> str:
        """Rows and columns."""
        return f"{self.size(shape[0])}{self.by}{self.size(shape[1])}"

    def space(self, shape: Shape | None) -> str:
        """Where the values of a shape are."""
        m, n = shape or SCALAR
        return self.real if m is ONE is n else self.of_reals(self.size(m) if n is ONE else self.sizes((m, n)))

    def of_reals(self, size: str) -> str:
        """The columns or matrices of a size."""
        return self.up(self.real, size)

    def declared(self, v: Name) -> str:
        """A declaration without its words."""
        if v.kind != "function":
            return f"{self.show(v)}{self.element}{self.space(v.shape)}"
        source, target = v.signature or (None, None)
        return f"{self.show(v)}{self.maps}{self.space(source)}{self.into}{self.space(target)}"

    fraction: Callable[[str, str, bool], Written]  # a quotient; `flat` when the denominator needs brackets on one line

    def broad(self, above: str) -> bool:
        """Whether what stands above a bar is so long that the fraction stands in front of it, with 1 above."""
        return False

    def stacked(self, above: str, below: str, flat: bool) -> Written:
        """A fraction, small where it is one of numbers."""
        return self.coefficient(above, below) if (above + below).isdigit() else self.fraction(above, below, flat)

    def coefficient(self, above: str, below: str) -> Written:
        """A number before letters."""
        return self.fraction(above, below, False)

    norm: Callable[[str, str], str]                # || text ||
    bars: Callable[[str], str]                     # | text |

    def indicator(self, text: str, sign: str, bound: str) -> str:
        """1 where text is above or below a bound."""
        return f"{self.one}[{text} {sign} {bound}]"

    root: Callable[[str], Written]                 # the square root
    differential: Callable[[str, bool], str]       # the differential of what is written so; in brackets where it is compound
    derivative: Callable[[str, str], Written]      # the derivative of one thing by another

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

    nabla: Callable[[str], str]                    # the sign of a gradient, Jacobian or Hessian

    def tight_call(self, text: str) -> str:
        """The argument of det in log|det A|."""
        return self.bracket(text)
