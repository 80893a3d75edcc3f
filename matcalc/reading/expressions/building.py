"""The statements of a problem as expressions, once the shape of every name is known."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ...language.arithmetic import mul
from ...language.constants import ones, size
from ...language.recognition import as_derivative
from ...language.nodes import Apply, Expr, Name
from ...language.operations import ELEMENTWISE_NAMES
from ...language.shape import ONE, SCALAR, Shape, show_shape
from ..declarations.declare import Declarations
from ..inference.doubtful_names import no_distant_power, no_logarithm, no_prime
from ..grammar.functions import Code
from ..inference.statements import Statement
from .lower import lower

PLAIN = frozenset(("number", "+", "*", ".*", "^", ".^", "neg", "'"))


def by_number(left: Expr, right: Expr) -> tuple[Expr, Expr]:
    """The sides of an equation; the derivative of a matrix by a number that is said to be a matrix of its shape is that of each entry."""
    (m, n), asked = right.shape, as_derivative(left)
    if asked is None or asked[0].shape != (m, n) or ONE in (m, n) or left.shape != (ONE, m * n):
        return left, right
    turned = Apply("'", (left,), (m * n, ONE))
    return Apply("unvec", (turned, size(m), size(n)), (m, n)), right


class Build:
    """Builds statements by their number; `numbers` are the names that are numbers, whatever shape is asked for."""

    def __init__(self, statements: Sequence[Statement], scope: Declarations, constants: Mapping[tuple[int, int], Shape],
                 numbers: set[str]) -> None:
        self.statements, self.scope, self.numbers = statements, scope, numbers
        self.own: list[dict[int, Shape]] = [{} for _ in statements]
        for (number, at), shape in constants.items():
            self.own[number][at] = shape
        self.unequal: tuple[Expr, Expr] | None = None       # the sides of the last equation that were of different shapes

    def __call__(self, number: int) -> Expr:
        """The expression of a statement."""
        line, code, _, _ = self.statements[number]
        no_logarithm(line, code, self.scope)
        no_distant_power(line, code)
        return lower(line, code, self.scope, self.own[number])

    def defined(self, number: int) -> tuple[Name, Expr]:
        """A definition, which the scope takes up."""
        body = self(number)
        name = Name(self.statements[number].defines, body.shape)
        self.scope.enter(name, f"the shape of {name.name}")
        if self.plain(self.statements[number].code):
            self.numbers.add(name.name)
        return name, body

    def sides(self, number: int) -> tuple[Expr, Expr]:
        """The sides of an equation; a plain number beside a matrix is the matrix of it in every entry."""
        for line, code, _, _ in self.statements[number:number + 2]:
            no_prime(line, code, self.scope)
        left, right = by_number(self(number), self(number + 1))
        if left.shape == right.shape:
            return left, right
        self.unequal = left, right
        if not any(e.shape == SCALAR and self.plain(self.statements[k].code) for k, e in ((number, left), (number + 1, right))):
            line, code, _, _ = self.statements[number + 1]
            transposed = left.shape == (right.shape[1], right.shape[0])
            raise line.error(f"the two sides have different shapes: {show_shape(left.shape)} and {show_shape(right.shape)}",
                             code[0][1], "transpose one side" if transposed else None, shape=True)
        return (left, mul(right, ones(*left.shape))) if right.shape == SCALAR else (mul(left, ones(*right.shape)), right)

    def plain(self, code: Code) -> bool:
        """Whether this is made of numbers, entry-wise functions and the signs of arithmetic alone."""
        return all(data in self.numbers or data not in self.scope.names if op == "name" else data in ELEMENTWISE_NAMES if op == "call"
                   else op in PLAIN for op, _, data in code)
