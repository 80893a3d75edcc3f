"""The statements of a problem as expressions and as typed, once the shape of every name is known."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property

from ...language.arithmetic import mul
from ...language.composites import KEPT
from ...language.constants import ones, size
from ...language.recognition import as_derivative
from ...language.nodes import Apply, Expr, Name
from ...language.operations import ELEMENTWISE_NAMES
from ...language.shape import ONE, SCALAR, Shape, show_shape
from ..declarations.declare import Declarations
from ..inference.doubtful_names import no_distant_power, no_logarithm, no_matrix_power, no_prime
from ..grammar.functions import Code
from ..inference.statements import Statement
from .lower import lower
from .typed import product, sized, typed

PLAIN = frozenset(("number", "+", "*", ".*", "^", ".^", "neg", "'"))


def by_number(left: Expr, right: Expr) -> tuple[Expr, Expr]:
    """The sides of an equation; the derivative of a column or a matrix by a number that is said to be one of its shape is that of each
    entry."""
    (m, n), asked = right.shape, as_derivative(left)
    if asked is None or asked[0].shape != (m, n) or m is ONE or left.shape != (ONE, m * n):
        return left, right
    turned = Apply("'", (left,), (m * n, ONE))
    if n is ONE:
        return turned, right
    return Apply("unvec", (turned, size(m), size(n)), (m, n)), right


class Build:
    """Builds statements by their number; `numbers` are the names that are numbers, whatever shape is asked for."""

    def __init__(self, statements: Sequence[Statement], scope: Declarations, constants: Mapping[tuple[int, int], Shape],
                 numbers: set[str]) -> None:
        self.statements, self.scope, self.numbers = statements, scope, numbers
        self.own: list[dict[int, Shape]] = [{} for _ in statements]
        for (number, at), shape in constants.items():
            self.own[number][at] = shape
        self.trees = Trees(statements, self.own, scope)
        self.unequal: tuple[Expr, Expr] | None = None       # the sides of the last equation that were of different shapes

    def __call__(self, number: int) -> Expr:
        """The expression of a statement."""
        line, code, _, _ = self.statements[number]
        no_logarithm(line, code, self.scope)
        no_distant_power(line, code)
        no_matrix_power(line, code, self.scope)
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


class Trees:
    """A problem's statements as typed, by their numbers; each tree is made when a judge first asks for it."""

    def __init__(self, statements: Sequence[Statement], constants: Sequence[Mapping[int, Shape]], scope: Declarations) -> None:
        self.statements, self.constants, self.scope = statements, constants, scope
        self.made: dict[int, Expr] = {}

    def tree(self, number: int, calls: dict[Name, Expr] | None = None) -> Expr:
        """One statement's tree; with `calls` one in which what is kept of them is a letter."""
        found = self.made.get(number)
        line, code, _, _ = self.statements[number]
        if calls is not None and any(op == "call" and data in KEPT for op, _, data in code):
            return typed(line, code, self.scope, self.constants[number], calls)
        if found is None:
            found = self.made[number] = typed(line, code, self.scope, self.constants[number])
        return found

    @cached_property
    def keeps_calls(self) -> bool:
        """Whether there is a call in them that may be a letter."""
        return any(op == "call" and data in KEPT for _, code, _, _ in self.statements for op, _, data in code)

    def sides(self, number: int) -> tuple[Expr, Expr]:
        """An equation's two sides, a scalar one spread where the other is none."""
        left, right = by_number(self.tree(number), self.tree(number + 1))
        if left.shape != right.shape:
            shape = right.shape if left.shape == SCALAR else left.shape
            left, right = self.spread(number, shape), self.spread(number + 1, shape)
        return left, right

    def spread(self, number: int, shape: Shape, calls: dict[Name, Expr] | None = None) -> Expr:
        """One statement's tree, a scalar spread over a matrix of this shape, a matrix stacked to it."""
        e = self.tree(number, calls)
        if e.shape != shape and ONE not in e.shape:
            stacked = Apply("vec", (e,), (max(shape, key=lambda d: d is not ONE), ONE))
            return stacked if shape[1] is ONE else Apply("'", (stacked,), shape)
        return e if e.shape == shape else product(Apply, [e, sized(Apply, "ones", *shape)])
