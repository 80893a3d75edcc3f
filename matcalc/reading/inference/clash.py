"""Sizes that do not fit: `A*B: inner sizes differ: A is 3 x k, B is m x 2 (k from line 1, m from line 2)`."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from ...language.shape import ONE, SCALAR, Dim, InputError, Shape
from ..grammar.tokens import Line, is_name
from ..grammar.brackets import depths


Blocks = tuple[tuple[Dim, ...], tuple[Dim, ...]]


class Clash(Exception):
    """Two sizes that cannot be one: where, a message made on demand, and the tokens it is about."""

    def __init__(self, at: int, what: Callable[[], tuple[str, str | None]], spans: list[tuple[int, int]],
                 caret: int | None = None) -> None:
        self.at, self.what, self.spans = at, what, spans
        self.caret = at if caret is None else caret


class Operand:
    """A shape, the tokens it stands on, and of what a scalar is made (see Walk); of blocks the sizes of each, down and across."""

    __slots__ = ("blocks", "first", "kind", "last", "shape")

    def __init__(self, shape: Shape, first: int, last: int, kind: str = "", blocks: Blocks | None = None) -> None:
        self.shape, self.first, self.last, self.kind, self.blocks = shape, first, last, kind, blocks

    def sizes(self, along: int) -> tuple[Dim, ...]:
        """The sizes that make up its rows, or its columns."""
        return (self.shape[along],) if self.blocks is None else self.blocks[along]


class Speaker:
    """What is known of one line when something in it is to be said."""

    def __init__(self, line: Line, origins: Mapping[str, str], settle: Callable[[Dim], Dim]) -> None:
        self.line, self.tokens, self.origins, self.settle = line, line.tokens, origins, settle
        self.shape_so_far = SCALAR

    def text(self, *operands: Operand) -> str:
        """What the user wrote, brackets included."""
        return self.line.span(operands[0].first, operands[-1].last)

    def shown(self, shape: Shape) -> str:
        """A shape as it is known."""
        rows, cols = self.settle(shape[0]), self.settle(shape[1])
        return "a scalar" if rows is ONE and cols is ONE else f"{rows} x {cols}"

    def side(self, shape: Shape) -> str:
        """The shape of a side of an equation."""
        shown = self.shown(shape)
        return "scalar" if shown == "a scalar" else shown

    def transposed(self, a: Shape, b: Shape) -> str | None:
        """A hint for two shapes that are each other's transpose."""
        return "transpose one side" if self.settled(a) == self.settled((b[1], b[0])) else None

    def whence(self, *dims: Dim) -> str:
        """Where sizes came from: (k from line 1, m from line 2)."""
        names = sorted({n for d in dims for n in self.settle(d).names if self.origins.get(n, "here") != "here"})
        return " (" + ", ".join(f"{n} from {self.origins[n]}" for n in names) + ")" if names else ""

    def clash(self, at: int, operands: list[Operand], what: Callable[[], str], hint: Callable[[], str | None],
              caret: int | None = None) -> Clash:
        """A clash between operands."""
        return Clash(at, lambda: (what(), hint()), [(o.first, o.last) for o in operands], caret)

    def error(self, clash: Clash) -> InputError:
        """The clash as an error with a caret."""
        message, hint = clash.what()
        return self.line.error(message, clash.caret, hint, shape=True)

    def two(self, at: int, left: list[Operand], right: Operand, why: str, hint: Callable[[], str | None]) -> Clash:
        """`A*B: inner sizes differ: A is 3 x k, B is m x 2 (k from line 1, m from line 2)`."""
        a, b = self.shape_so_far, right.shape
        return self.clash(at, [*left, right], lambda: (
            f"{self.text(*left, right)}: {why}: {self.text(*left)} is {self.shown(a)}, {self.text(right)} is {self.shown(b)}"
            + self.whence(*a, *b)), hint, left[0].first)

    def unfit(self, first: int, last: int, have: Shape, wanted: Shape) -> Clash:
        """Something of another shape than its place asks for."""
        whole = Operand(have, first, last)
        return self.clash(first, [whole], lambda: f"{self.text(whole)} is {self.shown(have)}, and {self.shown(wanted)} is needed here"
                          + self.whence(*have, *wanted), lambda: self.powered(first, last))

    def powered(self, first: int, last: int) -> str | None:
        """What to write where a part stands in a sum that is raised to a power."""
        opened = next((at for at in range(first - 1, -1, -1) if self.tokens[at] == "("), 0)
        if opened and is_name(self.tokens[opened - 1]):
            return None
        closed = next((at for at, depth in enumerate(depths(self.tokens[last + 1:-1]), last + 1) if depth < 0), -1)
        return "write .^ for the entry-wise power" if self.tokens[closed + 1] == "^" else None

    def settled(self, shape: Shape) -> Shape:
        """A shape with what is known put in."""
        return (self.settle(shape[0]), self.settle(shape[1]))

    def product_hint(self, a: Shape, b: Shape) -> Callable[[], str | None]:
        """What was probably meant by a product that does not fit."""
        (m, k), (p, q) = self.settled(a), self.settled(b)

        def hint() -> str | None:
            if k is q is ONE:
                return "x'*y is the inner product, x*y' the outer one, x.*y goes entry by entry"
            if m is p and k is q:
                return "A.*B goes entry by entry; A' is the transpose"
            return "a transpose is missing: write A'" if m is p or k is q else None
        return hint


def derivative_hint() -> str:
    return "bracket a derivative: (d(f)/d(x))'"


def quotient_hint() -> str:
    return "write ./ for the entry-wise quotient, inv(A)*b to solve"
