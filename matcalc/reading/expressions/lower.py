"""From a raw tree to an expression: the normal form of the tree as typed."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from ...language.build import build
from ..declarations.declare import Declarations
from ..inference.hints import operands
from ...language.nodes import Apply, Expr, Number
from ...language.numbers import Rational
from ..grammar.functions import Code
from ...language.shape import SCALAR, InputError, Shape, ShapeError
from ...language.inspection import ZERO, coefficient
from ..grammar.tokens import Line
from .typed import typed

MOST_BITS, LONGEST_TRACE = 8_000, 300
Constants = Mapping[int, Shape] | None


class TooLarge(ValueError):
    """What would fill the memory, and what to write."""


def lower(line: Line, code: Code, scope: Declarations, constants: Constants = None, tree: Callable[[], Expr] | None = None) -> Expr:
    """The expression a raw tree stands for, of which the `tree` as typed may be kept somewhere; InputError with its place."""
    try:
        return _built(typed(line, code, scope, constants) if tree is None else tree(), {})
    except RecursionError:
        raise line.error("this is nested too deeply", code[-1][1], "name parts of it: z = W'*x + b") from None
    except (ArithmeticError, ValueError, ShapeError) as error:
        if isinstance(error, InputError) and error.column is not None:
            raise
        raise _explained(line, code, scope, constants, error) from None


def _built(e: Expr, done: dict[Expr, Expr]) -> Expr:
    """A tree through its constructors, each part once."""
    if type(e) is not Apply or not e.args:
        return e
    found = done.get(e)
    if found is None:
        args = [_built(a, done) for a in e.args]
        if e.head in ("^", ".^") and type(args[1]) is Number:
            _check_power(args[0], args[1].value)
        elif e.head == "tr" and type(args[0]) is Apply and len(args[0].args) > LONGEST_TRACE:
            raise TooLarge("this trace is too long", "name parts of it: Z = A*B")
        found = done[e] = build(e.head, args)
        if e.head in ("+", "*", ".*") and any(bits(v) > MOST_BITS for v in _numbers(found)):
            raise ValueError
    return found


def bits(number: Rational) -> int:
    """How long a number is."""
    return max(number.numerator.bit_length(), number.denominator.bit_length())


def _numbers(e: Expr) -> list[Rational]:
    """The numbers that stand by themselves in a sum or in front of a product."""
    of = e.args if type(e) is Apply and e.head == "+" else e.args[:1] if type(e) is Apply and e.head == "*" else (e,)
    return [a.value for a in of if type(a) is Number]


def _check_power(base: Expr, k: Rational) -> None:
    """Powers whose numbers would fill the memory."""
    number: Rational = base.value if type(base) is Number else coefficient(base)[0]
    if k < 0 and base is ZERO:
        raise ZeroDivisionError
    power = k if k >= 0 else -k
    if power > 10_000 or (bits(number) > 1 and bits(number) * power > MOST_BITS):
        raise TooLarge("this power is too large")


def _explained(line: Line, code: Code, scope: Declarations, constants: Constants, error: Exception) -> InputError:
    """What cannot be built, where it stands: by its shapes, or the first part that cannot be."""
    if isinstance(error, ShapeError):
        from ..inference import clash, shapes, unify
        walk = shapes.Walk(line, scope.shapes, scope.functions, scope.origins, unify.Known(), lambda at, name: SCALAR)
        try:
            walk.run(code)
        except clash.Clash as found:
            return walk.error(found)
    at = _first(line, code, scope, constants)
    if isinstance(error, ShapeError):
        return line.error(error.message, at, error.hint, shape=True)
    if isinstance(error, ZeroDivisionError):
        return line.error("division by zero", at)
    return line.error(error.args[0] if isinstance(error, TooLarge) else "the numbers here grow too large to write down", at,
                      *error.args[1:] if isinstance(error, TooLarge) else ())


def _first(line: Line, code: Code, scope: Declarations, constants: Constants) -> int:
    """Where the first part stands that cannot be built; of a product that is divided by zero the sign."""
    parts = operands(code)

    def part(k: int) -> Expr:
        return _built(typed(line, code[parts[k][0]:k + 1], scope, constants), {})
    for k, ((op, at, data), (_, ends)) in enumerate(zip(code, parts, strict=True)):
        try:
            part(k)
        except (ArithmeticError, ValueError, ShapeError):
            signs = zip(data, ends[1:], strict=True) if op in ("*", ".*") else ()
            zero = (sign for sign, end in signs if line.tokens[sign] in ("/", "./") and part(end) is ZERO)
            return next(zero, data[-1] if op == "*" else at)
    return code[-1][1]
