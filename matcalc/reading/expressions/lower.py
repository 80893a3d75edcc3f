"""From a raw tree to an expression: the tree as typed, each node made by its constructor, which is its normal form."""

from __future__ import annotations

from collections.abc import Mapping
from operator import length_hint

from ...language.build import build
from ..declarations.declare import Declarations
from ..inference.hints import operands
from ...language.nodes import Apply, Expr, Number
from ...language.numbers import Rational
from ..grammar.functions import Code
from ...language.shape import SCALAR, InputError, Shape, ShapeError
from ...language.inspection import ZERO, coefficient
from ..grammar.tokens import Line
from .typed import MOST_BITS, bits, typed

LONGEST_TRACE = 300
Constants = Mapping[int, Shape] | None


class TooLarge(ValueError):
    """What would fill the memory, and what to write."""


def lower(line: Line, code: Code, scope: Declarations, constants: Constants = None) -> Expr:
    """The expression a raw tree stands for; InputError with its place."""
    ahead = iter(code)
    try:
        return typed(line, ahead, scope, constants, node=_made)
    except RecursionError:
        raise line.error("this is nested too deeply", code[-1][1], "name parts of it: z = W'*x + b") from None
    except (ArithmeticError, ValueError, ShapeError) as error:
        if isinstance(error, InputError) and error.column is not None:
            raise
        raise _explained(line, code, scope, constants, error, len(code) - length_hint(ahead) - 1) from None


def _made(head: str, args: tuple[Expr, ...], shape: Shape) -> Expr:
    """A node through its constructor."""
    if head in ("^", ".^") and type(args[1]) is Number:
        _check_power(args[0], args[1].value)
    elif head == "tr" and type(args[0]) is Apply and len(args[0].args) > LONGEST_TRACE:
        raise TooLarge("this trace is too long", "name parts of it: Z = A*B")
    found = build(head, args)
    if head in ("+", "*", ".*"):        # the numbers in a sum, or in front of a product
        for n in found.args if type(found) is Apply and found.head in ("+", "*") else (found,):
            if type(n) is Number and bits(n.value) > MOST_BITS:
                raise ValueError
            if head != "+":
                break
    return found


def _check_power(base: Expr, k: Rational) -> None:
    """Powers whose numbers would fill the memory."""
    number: Rational = base.value if type(base) is Number else coefficient(base)[0]
    if k < 0 and base is ZERO:
        raise ZeroDivisionError
    power = k if k >= 0 else -k
    if power > 10_000 or (bits(number) > 1 and bits(number) * power > MOST_BITS):
        raise TooLarge("this power is too large")


def _explained(line: Line, code: Code, scope: Declarations, constants: Constants, error: Exception, k: int) -> InputError:
    """Why the instruction k cannot be built, where it stands: by the shapes, or by its own place."""
    if isinstance(error, ShapeError):
        from ..inference import clash, shapes, unify
        walk = shapes.Walk(line, scope.shapes, scope.functions, scope.origins, unify.Known(), lambda at, name: SCALAR)
        try:
            walk.run(code)
        except clash.Clash as found:
            return walk.error(found)
    op, at, data = code[k]
    at = data[-1] if op == "*" else at
    if isinstance(error, ShapeError):
        return line.error(error.message, at, error.hint, shape=True)
    if isinstance(error, ZeroDivisionError):
        return line.error("division by zero", _by_zero(line, code, scope, constants, k, at))
    return line.error(error.args[0] if isinstance(error, TooLarge) else "the numbers here grow too large to write down", at,
                      *error.args[1:] if isinstance(error, TooLarge) else ())


def _by_zero(line: Line, code: Code, scope: Declarations, constants: Constants, k: int, at: int) -> int:
    """Where the instruction k is divided by zero: of a product at the sign."""
    op, _, data = code[k]
    parts = operands(code)
    for sign, end in zip(data, parts[k][1][1:], strict=True) if op in ("*", ".*") else ():
        if line.tokens[sign] in ("/", "./") and typed(line, code[parts[end][0]:end + 1], scope, constants, node=_made) is ZERO:
            return int(sign)
    return at
