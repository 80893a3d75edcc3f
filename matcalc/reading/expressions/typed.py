"""The tree as typed: what the judges look at. No constructor sees it, so nothing in it is cancelled, sorted or moved.

Overloads are settled as in lower.py (`*` by shape, `diag` by shape, a scalar spread over ones); numerals are exact and
stand in front of their product. Made from the same postfix code as the expression, when a judge first asks.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from functools import cached_property
from typing import Any

from ...language.constants import num, size
from ...language.blocks import total_size
from ...language.composites import BY_NAME, KEPT
from .building import by_number
from ..declarations.declare import Declarations
from ..declarations.composite_laws import taken
from ...language.operations import BINARY, ELEMENTWISE_NAMES, OF_MATRIX
from ...language.nodes import Apply, Expr, Name, Number
from ...language.numbers import Rational
from ..grammar.functions import Code
from ...language.shape import ONE, SCALAR, Dim, Shape
from ...language.inspection import HALF, MINUS, UNIT, is_root, is_unit
from ...language.signatures import CONSTANT_SHAPES, call, derivative_shape, operation_shape, value_of
from ..grammar.tokens import Line


def typed(line: Line, code: Code, scope: Declarations, constants: Mapping[int, Shape] | None = None,
          calls: dict[Name, Expr] | None = None) -> Expr:
    """The tree that a postfix code writes down; the code has been lowered before, so it fits. With `calls` those of definitions that are
    kept stay letters, and it holds what they stand for."""
    stack: list[Expr] = []
    made: set[Expr] = set()
    for op, at, data in code:
        if op == "name":
            stack.append(scope.names.get(data) or _other(data, at, scope, constants))
        elif op == "number":
            stack.append(data)
        elif op == "neg":
            stack.append(negated(stack.pop(), made))
        elif op in ("*", ".*", "+", "kron"):
            count = len(data) if op == "+" else len(data) + 1
            parts = stack[-count:]
            del stack[-count:]
            if op == "+":
                stack.append(total([negated(p, made) if minus else p for p, minus in zip(parts, data, strict=True)]))
            elif op == "kron":
                whole = parts[0]
                for p in parts[1:]:
                    whole = Apply("kron", (whole, p), operation_shape("kron", (whole, p)))
                stack.append(whole)
            else:
                under = [False, *(line.tokens[k] in ("/", "./") for k in data)]
                parts = [reciprocal(p) if below else p for p, below in zip(parts, under, strict=True)]
                stack.append(product(parts) if op == "*" else entrywise(parts))
        elif op in ("^", ".^"):
            exponent, base = stack.pop(), stack.pop()
            stack.append(raised(base, exponent, op == ".^"))
        elif op == "derivative":
            x, f = stack.pop(), stack.pop()
            stack.append(Apply("derivative", (f, x), derivative_shape(f.shape, x.shape)))
        elif op == "call" and data in BINARY:
            b, a = stack.pop(), stack.pop()
            stack.append(Apply(data, (a, b), operation_shape(data, (a, b))))
        elif op == "call" and data in BY_NAME:
            found, given = taken(data, stack)
            stack.append(typed(*found.bound(given), calls=calls))
            made.add(stack[-1])
            if calls is not None and data in KEPT:
                call_of = Name(f"{data}({', '.join(map(str, given))})", stack[-1].shape, of=tuple(given))
                calls[call_of] = stack.pop()
                stack.append(call_of)
        elif op == "sized":
            stack.append(_sized(*data))
        elif op == "stack":
            parts = stack[1 - len(data):]
            del stack[1 - len(data):]
            stack.append(_stacked(parts, data[0] == "vstack", data[1:]))
        elif op == "unit":
            assert constants is not None
            stack.append(_sized("select", *data, constants[at][0]))
        else:
            stack.append(_unary(op, data, stack.pop(), scope, (constants or {}).get(at)))
    return stack[0]


def _other(name: str, at: int, scope: Declarations, constants: Mapping[int, Shape] | None) -> Expr:
    """A size, the identity of an inferred size, or pi."""
    if name in scope.origins:
        return size(Dim.of(name))
    if constants is not None and at in constants:
        return _sized("eye", constants[at][0])
    return Apply("pi", (), SCALAR)


def _sized(head: str, *dims: Dim) -> Expr:
    """eye(n), ones(m,n), zeros(m,n), comm(m,n), select(i,k,n)."""
    letters, result = CONSTANT_SHAPES[head]
    return Apply(head, tuple(map(size, dims)), value_of(result, dict(zip(letters, dims, strict=True))))


def _stacked(parts: list[Expr], below: bool, nested: Sequence[bool]) -> Expr:
    """Blocks one below another or side by side: each in its place, zero elsewhere, and all added."""
    if len(parts) == 1:
        return parts[0]
    sizes = [p.shape[0 if below else 1] for p in parts]
    first, whole = ONE, total_size(sizes)
    shape = (whole, parts[0].shape[1]) if below else (parts[0].shape[0], whole)
    out: list[Expr] = []
    for p, count, open_ in zip(parts, sizes, nested, strict=True):
        place = _sized("select", first, count, whole)
        side = place if below else Apply("'", (place,), (count, whole))
        terms = p.args if open_ and type(p) is Apply and p.head == "+" else (p,)
        out += [product([side, *_factors(t)] if below else [*_factors(t), side]) for t in terms]
        first = first + count
    return Apply("+", tuple(out), shape)


def _factors(e: Expr) -> Sequence[Expr]:
    return e.args if type(e) is Apply and e.head == "*" else (e,)


def _unary(op: str, data: Any, e: Expr, scope: Declarations, constant: Shape | None) -> Expr:
    """What is applied to one argument."""
    m, n = e.shape
    if op == "'":
        return e if e.shape == SCALAR and not e.names else Apply("'", (e,), (n, m))     # x.^(2') has a whole exponent
    if op == "d":
        return Apply("d", (e,), e.shape)
    if op == "unvec":
        return Apply("unvec", (e, size(data[0]), size(data[1])), data)
    if op == "free":
        assert constant is not None
        return product([e, _sized("ones", *constant)])
    if op == "apply":
        name, primes, kind = data
        function: Expr = scope.functions[name]
        for head in [kind] if kind else ["prime"] * primes:
            function = Apply(head, (function,), SCALAR)
        return call(function, e)
    if data == "scalar":
        return e
    head = head_of(data, e)
    return Apply(head, (e,), e.shape if head in ELEMENTWISE_NAMES else operation_shape(head, (e,)))


def head_of(name: str, e: Expr) -> str:
    """The head a call stands for, by its argument's shape: softmax goes row by row over a matrix, diag takes the diagonal of one."""
    if name == "normF":
        return "norm2"
    if name == "sqrtm" and e.shape == SCALAR:
        return "sqrt"
    return name if e.shape[1] is ONE else OF_MATRIX.get(name, name)


def negated(e: Expr, made: set[Expr]) -> Expr:
    """-e; what a definition stands for, if that begins with a minus, loses it: -logsigmoid(x) is softplus(-x)."""
    if e in made and isinstance(e, Apply) and e.head == "*" and e.args[0] is MINUS:
        return e.args[1] if len(e.args) == 2 else Apply("*", e.args[1:], e.shape)
    return negative(e)


def negative(e: Expr) -> Expr:
    """-e, as a tree that is not simplified."""
    if type(e) is Number:
        return num(-e.value)
    if type(e) is Apply and e.head == "*":
        first = e.args[0]
        if type(first) is not Number:
            return Apply("*", (MINUS, *e.args), e.shape)
        if first is not MINUS:
            return Apply("*", (num(-first.value), *e.args[1:]), e.shape)
    return Apply("*", (MINUS, e), e.shape)


def reciprocal(e: Expr) -> Expr:
    """1/e, entry by entry; of a numeral the number."""
    if type(e) is Number and e.value:
        return num(Fraction(1, 1) / e.value)
    return Apply("^" if e.shape == SCALAR else ".^", (e, MINUS), e.shape)


def total(terms: list[Expr]) -> Expr:
    """A sum; scalars are spread over ones where a term is none."""
    shape = next((t.shape for t in terms if t.shape != SCALAR), SCALAR)
    return Apply("+", tuple(t if t.shape == shape else _spread(t, shape) for t in terms), shape)


def _spread(c: Expr, shape: Shape) -> Expr:
    """A scalar in every entry; its minus stays in front."""
    if type(c) is Apply and c.head == "*" and c.args[0] is MINUS:
        rest = c.args[1] if len(c.args) == 2 else Apply("*", c.args[1:], SCALAR)
        return negative(product([rest, _sized("ones", *shape)]))
    return product([c, _sized("ones", *shape)])


def product(parts: Sequence[Expr]) -> Expr:
    """A product in its order, its numerals multiplied and in front; a sole factor is no product."""
    value: Rational = 1
    factors: list[Expr] = []
    shape = SCALAR
    for p in parts:
        if type(p) is Number:
            value *= p.value
            continue
        if p.shape != SCALAR:
            if shape == SCALAR:
                if any(f.shape != SCALAR for f in factors):     # x'*y*A: an inner product, and then a factor
                    factors = [Apply("*", tuple(factors), SCALAR)]
                shape = p.shape
            else:
                shape = (shape[0], p.shape[1])
        factors.append(p)
    if value != 1 or not factors:
        factors.insert(0, num(value))
    return factors[0] if len(factors) == 1 else Apply("*", tuple(factors), shape)


def entrywise(parts: Sequence[Expr]) -> Expr:
    """An entry-wise product; its scalars scale it."""
    scalars = [p for p in parts if p.shape == SCALAR]
    rest = [p for p in parts if p.shape != SCALAR]
    if not rest:
        return product(scalars)
    whole = rest[0] if len(rest) == 1 else Apply(".*", tuple(rest), rest[0].shape)
    return product([*scalars, whole])


def raised(base: Expr, exponent: Expr, entries: bool) -> Expr:
    """A power: of a scalar, of a square matrix, or entry by entry."""
    if exponent is UNIT:
        return base
    if base.shape == SCALAR and exponent.shape == SCALAR:
        return Apply("^", (base, exponent), SCALAR)
    if entries:
        if base.shape == SCALAR:
            base = product([base, _sized("ones", *exponent.shape)]) if not is_unit(base) else _sized("ones", *exponent.shape)
        return Apply(".^", (base, exponent), base.shape)
    if is_root(base, exponent):
        root = Apply("sqrtm", (base,), base.shape)
        return root if exponent is HALF else Apply("inv", (root,), base.shape)
    if exponent is MINUS:
        return Apply("inv", (base,), base.shape)
    if type(exponent) is Number and exponent.value == 0:
        return _sized("eye", base.shape[0])
    return Apply("^", (base, exponent), base.shape)


class Trees:
    """A problem's statements as typed, by their numbers; each tree is made when a judge first asks for it."""

    def __init__(self, statements: Sequence[Any], constants: Sequence[Mapping[int, Shape]], scope: Declarations) -> None:
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
        return e if e.shape == shape else product([e, _sized("ones", *shape)])
