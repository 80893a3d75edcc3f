"""From a raw tree to an expression: every overload is resolved here, by shape."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial, reduce
from typing import NoReturn

from ...language.arithmetic import T, add, mul, inverse, neg, power
from ...language.constants import eye, ones, select, size
from ..declarations.declare import Declarations
from ...language.build import OF_SIZES
from ...language.blocks import stacked
from ...language.entrywise import hadamard_power, hadamard, hadamard_quotient
from ...language.operations import BINARY, ELEMENTWISE_NAMES, OF_MATRIX
from ...language.functions import apply
from ..inference.undeclared import unknown
from ...language.nodes import Apply, Expr, Name, Number
from ...language.numbers import Rational
from ..grammar.functions import Code
from ...language.shape import ONE, SCALAR, Dim, Shape, ShapeError
from ...language.composites import BY_NAME
from ..declarations.composite_laws import taken
from ...language.inspection import MINUS, UNIT, ZERO, HALF, coefficient, is_root, is_integral
from ...language.signatures import call
from ...language.properties import Properties
from ..grammar.tokens import Line

PI = apply("pi")
MOST_BITS, LONGEST_TRACE = 8_000, 300
_ENTRYWISE = frozenset(ELEMENTWISE_NAMES)


def lower(line: Line, code: Code, scope: Declarations, constants: Mapping[int, Shape] | None = None) -> Expr:
    """The expression a raw tree stands for; InputError with its place."""
    at = 0
    try:
        names = scope.names
        stack: list[Expr] = []
        push, pop = stack.append, stack.pop
        for op, at, data in code:
            if op == "name":
                found = names.get(data)
                push(found if found is not None else _other(line, at, data, scope, constants))
            elif op == "number":
                push(data)
            elif op == "*":
                at = data[-1]
                push(_written(line, at, mul(*_factors(line, code, scope, data, _taken(stack, len(data) + 1)))))
            elif op == "'":
                push(T(pop()))
            elif op == "call":
                if data == "tr" and type(stack[-1]) is Apply and len(stack[-1].args) > LONGEST_TRACE:
                    raise line.error("this trace is too long", at, "name parts of it: Z = A*B")
                push(_called(data, stack))
            elif op == "+":
                whole = add(*_terms(_taken(stack, len(data)), data))
                push(_written(line, at, whole) if len(data) > 20 else whole)
            elif op == "neg":
                push(neg(pop()))
            elif op == ".*":
                push(_written(line, at, _entrywise(line, _taken(stack, len(data) + 1), data)))
            elif op == "^" or op == ".^":
                exponent, base = pop(), pop()
                _check_power(line, code, scope, at, base, exponent)
                push(_root(base, exponent) if op == "^" and is_root(base, exponent) else
                     power(base, exponent) if op == "^" else hadamard_power(base, exponent))
            elif op == "d":
                push(apply("d", pop()))
            elif op == "sized":
                push(OF_SIZES[data[0]](*data[1:]))
            elif op == "unit":
                push(select(data[0], data[1], _constant(line, at, "unit", constants)[0]))
            elif op == "stack":
                push(stacked(_taken(stack, len(data) - 1), data[0] == "vstack", data[1:]))
            elif op == "apply":
                push(_applied(line, at, data, scope, pop()))
            elif op == "kron":
                push(reduce(partial(apply, "kron"), _taken(stack, len(data) + 1)))
            elif op == "derivative":
                x, f = pop(), pop()
                if type(x) is not Name or x.kind != "variable":
                    raise line.error("d(f)/d(x) needs a variable in the denominator", at, "to divide by a differential, put it in brackets")
                push(apply("derivative", f, x))
            elif op == "unvec":
                push(apply("unvec", pop(), size(data[0]), size(data[1])))
            else:
                assert op == "free"
                push(mul(pop(), ones(*_constant(line, at, data, constants))))
        return stack[0]
    except ShapeError as error:
        if error.column is not None:
            raise
        _explain(line, code, scope, at, error)
    except (ValueError, OverflowError):
        raise line.error("the numbers here grow too large to write down", at) from None
    except ZeroDivisionError:
        raise line.error("division by zero", at) from None
    except RecursionError:
        raise line.error("this is nested too deeply", at, "name parts of it: z = W'*x + b") from None


def _taken(stack: list[Expr], n: int) -> list[Expr]:
    """So many operands off the stack."""
    parts = stack[-n:]
    del stack[-n:]
    return parts


def _factors(line: Line, code: Code, scope: Declarations, signs: list[int], parts: list[Expr]) -> list[Expr]:
    """The factors of a run of * and /."""
    for k, at in enumerate(signs, 1):
        if line.tokens[at] == "/":
            under = parts[k]
            if under.shape != SCALAR:
                _explain(line, code, scope, at)
            if under is ZERO:
                raise line.error("division by zero", at)
            parts[k] = power(under, MINUS)
    return parts


def _terms(parts: list[Expr], signs: Sequence[bool]) -> list[Expr]:
    """The terms of a sum; where one is no number, numbers are spread."""
    shape = parts[0].shape
    if any(p.shape != shape for p in parts):
        shape = next(p.shape for p in parts if p.shape != SCALAR)
        parts = [p if p.shape != SCALAR else mul(p, ones(*shape)) for p in parts]
    return [neg(p) if minus else p for p, minus in zip(parts, signs, strict=True)]


def _written(line: Line, at: int, e: Expr) -> Expr:
    """The expression, unless a number in it is too long to be written."""
    if type(e) is Number:
        numbers = [e]
    elif type(e) is Apply and e.head == "*" and type(e.args[0]) is Number:
        numbers = [e.args[0]]
    elif type(e) is Apply and e.head == "+":
        numbers = [a for a in e.args if type(a) is Number]
    else:
        return e
    for n in numbers:
        v = n.value
        if max(v.numerator.bit_length(), v.denominator.bit_length()) > MOST_BITS:
            raise line.error("the numbers here grow too large to write down", at)
    return e


def _explain(line: Line, code: Code, scope: Declarations, at: int, error: ShapeError | None = None) -> NoReturn:
    """Walk the shapes for the message."""
    from ..inference import clash, shapes, unify
    walk = shapes.Walk(line, scope.shapes, scope.functions, scope.origins, unify.Known(), lambda at, name: SCALAR)
    try:
        walk.run(code)
    except clash.Clash as found:
        raise walk.error(found) from None
    raise line.error(error.message if error else "these shapes do not fit", at, error.hint if error else None, shape=True)


def _other(line: Line, at: int, name: str, scope: Declarations, constants: Mapping[int, Shape] | None) -> Expr:
    """A size, pi, or eye with the size it must have."""
    if name in scope.origins:
        return size(Dim.of(name))
    if name == "eye" or (constants is not None and at in constants):
        return eye(_constant(line, at, name, constants)[0])
    if name == "pi":
        return PI
    raise unknown(line, at, name, scope)


def _constant(line: Line, at: int, name: str, constants: Mapping[int, Shape] | None) -> Shape:
    if constants is None or at not in constants:
        raise line.error(f"the size of {name} is not known here", at, "write eye(n), ones(n), zeros(m,n)")
    return constants[at]


def _called(name: str, stack: list[Expr]) -> Expr:
    """A function of the tables."""
    e = stack.pop()
    if name in _ENTRYWISE:
        return Apply(name, (e,), e.shape)
    if name in BINARY:
        return apply(name, stack.pop(), e)
    if name in BY_NAME:
        stack.append(e)
        found, given = taken(name, stack)
        return lower(*found.bound(given))
    if name == "normF":
        name = "norm2"
    elif e.shape[1] is not ONE:
        name = OF_MATRIX.get(name, name)
    elif name == "scalar":
        return e
    return apply(name, e)


def _entrywise(line: Line, parts: list[Expr], operators: list[int]) -> Expr:
    """A run of .* and ./, numbers and other scalars anywhere."""
    for k, at in enumerate(operators, 1):
        if line.tokens[at] == "./":
            under = parts[k]
            if under is ZERO:
                raise line.error("division by zero", at)
            parts[k] = hadamard_quotient(UNIT, under)
    return hadamard(*parts)


def _applied(line: Line, at: int, data: tuple[str, int, str], scope: Declarations, x: Expr) -> Expr:
    """f(x), f'(x), grad(g)(x), hess(g)(x), jac(h)(x)."""
    name, primes, kind = data
    f = scope.functions[name]
    assert f.signature is not None
    source, target = f.signature
    if primes and source is not None:
        raise line.error(f"{name}' is for f: R -> R; {name} takes a {'vector' if source[1] is ONE else 'matrix'}", at,
                         f"write {'grad' if target is None else 'jac'}({name})(x)")
    if kind and (source is None or (target is None) == (kind == "jac")):
        raise line.error(f"{kind}({name}): {name} is not a {'vector' if kind == 'jac' else 'scalar'}-valued function of a vector"
                         + ("" if kind == "jac" else " or a matrix"), at,
                         "f'(x) is for f: R -> R and F: R -> R^(m,n), grad and hess for g: R^m -> R and L: R^(m,n) -> R, "
                         "jac for h: R^m -> R^n and F: R^k -> R^(m,n)")
    inner: Expr = apply(kind, f) if kind else f
    for _ in range(primes):
        inner = apply("prime", inner)
    return call(inner, x)


def _root(base: Expr, exponent: Expr) -> Expr:
    """A^(1/2) and A^(-1/2)."""
    root = apply("sqrtm", base)
    return root if exponent is HALF else inverse(root)


def _check_power(line: Line, code: Code, scope: Declarations, at: int, base: Expr, exponent: Expr) -> None:
    """Powers that have no meaning, or whose numbers would fill the memory."""
    if line.tokens[at] == "^":
        if exponent.shape != SCALAR:
            _explain(line, code, scope, at)
        if base.shape != SCALAR and not is_integral(exponent) and not (is_root(base, exponent) and Properties({}).definite(base, True)):
            if base.shape[0] is not base.shape[1]:
                _explain(line, code, scope, at)
            raise line.error("a matrix power needs an integer exponent", at + 1,
                             "write A' for the transpose" if line.tokens[at + 1] == "T" else "write .^ for the entry-wise power" + (
                                 "; the square root is that of a positive definite matrix, declared spd" if is_root(base, exponent) else
                                 "" if type(exponent) is Number else "; a size, or a k that nobody declared, is an integer"))
    if isinstance(exponent, Number):
        k: Rational = exponent.value
        if k < 0 and base is ZERO:
            raise line.error("division by zero", at)
        number: Rational = base.value if isinstance(base, Number) else coefficient(base)[0]
        bits = max(number.numerator.bit_length(), number.denominator.bit_length())
        size_of = k if k >= 0 else -k
        if size_of > 10_000 or (bits > 1 and bits * size_of > MOST_BITS):
            raise line.error("this power is too large", at)
