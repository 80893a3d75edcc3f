"""The tree as typed: what the judges look at. No constructor sees it, so nothing in it is cancelled, sorted or moved.

Overloads are settled here (`*` by shape, `diag` by shape, a scalar spread over ones); numerals are exact and stand in front of their
product. The expression is its normal form (`lower`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from fractions import Fraction
from functools import partial, reduce
from typing import Any

from ...language.conditions import plain
from ...language.constants import num, size
from ...language.blocks import terms, total_size
from ...language.composites import BY_NAME, KEPT
from ..declarations.declare import Declarations
from ..declarations.composite_laws import law
from ...language.operations import BINARY, ELEMENTWISE_NAMES, OF_MATRIX
from ...language.nodes import Apply, Expr, Name, Number
from ...language.numbers import Rational
from ..grammar.functions import Step, fold
from ..inference.undeclared import unknown
from ...language.properties import Properties
from ...language.shape import ONE, SCALAR, Dim, Shape, ShapeError
from ...language.inspection import HALF, MINUS, UNIT, is_integral, is_root, is_unit
from ...language.signatures import CONSTANT_SHAPES, call, derivative_shape, operation_shape, value_of
from ..grammar.tokens import Line

Node = Callable[[str, tuple[Expr, ...], Shape], Expr]
MOST_BITS = 8_000       # of a number that is written down


def typed(line: Line, code: Iterable[Step], scope: Declarations, constants: Mapping[int, Shape] | None = None,
          calls: dict[Name, Expr] | None = None, node: Node = Apply) -> Expr:
    """The tree that a postfix code writes down; InputError, with its place or to be explained, where there is none. With `calls` those of
    definitions that are kept stay letters, and it holds what they stand for; `node` makes each node of its head, arguments and shape."""
    made: set[Expr] = set()

    def make(op: str, at: int, data: Any, parts: list[Expr]) -> Expr:
        if op in ("name", "number"):
            found: Expr | None = data if op == "number" else scope.names.get(data)
            return found if found is not None else _other(node, line, at, data, scope, constants)
        if op == "'" or op == "call" and len(parts) == 1 and data not in BY_NAME:
            return _unary(node, op, data, parts[0])
        if op == "call" and data in BY_NAME:
            whole = typed(*law(data, parts[0].shape).bound(parts), calls=calls, node=node)
            made.add(whole)
            if calls is None or data not in KEPT:
                return whole
            call_of = Name(f"{data}({', '.join(map(str, parts))})", whole.shape, of=tuple(parts))
            calls[call_of] = whole
            return call_of
        if op == "neg":
            return negated(node, parts[0], made)
        if op == "+":
            return total(node, [negated(node, p, made) if minus else p for p, minus in zip(parts, data, strict=True)])
        if op in ("kron", "call") and (op == "kron" or data in BINARY):
            return reduce(partial(_of_two, node, data if op == "call" else op), parts)
        if op in ("*", ".*"):
            for k, sign in enumerate(data, 1):
                if line.tokens[sign] in ("/", "./"):
                    if op == "*" and parts[k].shape != SCALAR:
                        raise ShapeError("a quotient needs a scalar denominator")
                    parts[k] = reciprocal(node, parts[k])
            return product(node, parts) if op == "*" else entrywise(node, parts)
        if op in ("^", ".^"):
            base, exponent = parts
            if op == "^" and base.shape != SCALAR:
                _check_power(line, at, base, exponent)
            return raised(node, base, exponent, op == ".^")
        if op == "derivative":
            f, x = parts
            if type(x) is not Name or x.kind != "variable":
                raise line.error("d(f)/d(x) needs a variable in the denominator", at, "to divide by a differential, put it in brackets")
            return node("derivative", (f, x), derivative_shape(f.shape, x.shape))
        if op == "sized":
            return sized(node, *data)
        if op == "stack":
            return _stacked(node, parts, data[0] == "vstack", data[1:])
        if op == "unit":
            return sized(node, "select", *data, _constant(line, at, "unit", constants)[0])
        if op == "free":
            return product(node, [*parts, sized(node, "ones", *_constant(line, at, data, constants))])
        return _applied(line, at, data, scope, parts[0]) if op == "apply" else _unary(node, op, data, parts[0])
    return fold(code, make)


def _of_two(node: Node, head: str, a: Expr, b: Expr) -> Expr:
    """A function of two matrices."""
    return node(head, (a, b), operation_shape(head, (a, b)))


def _other(node: Node, line: Line, at: int, name: str, scope: Declarations, constants: Mapping[int, Shape] | None) -> Expr:
    """A size, pi, or eye with the size it must have."""
    if name in scope.origins:
        return size(Dim.of(name))
    if name == "eye" or (constants is not None and at in constants):
        return sized(node, "eye", _constant(line, at, name, constants)[0])
    if name == "pi":
        return node("pi", (), SCALAR)
    raise unknown(line, at, name, scope)


def _constant(line: Line, at: int, name: str, constants: Mapping[int, Shape] | None) -> Shape:
    if constants is None or at not in constants:
        raise line.error(f"the size of {name} is not known here", at, "write eye(n), ones(n), zeros(m,n)")
    return constants[at]


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
    function: Expr = f
    for head in [kind] if kind else ["prime"] * primes:
        function = Apply(head, (function,), SCALAR)
    return call(function, x)


def _check_power(line: Line, at: int, base: Expr, exponent: Expr) -> None:
    """Powers of matrices that have no meaning."""
    if base.shape[0] is not base.shape[1] or exponent.shape != SCALAR:
        raise ShapeError("only a square matrix has powers")
    root = is_root(base, exponent)
    if not is_integral(exponent) and not (root and Properties({}).definite(plain(base), True)):
        raise line.error("a matrix power needs an integer exponent", at + 1,
                         "write A' for the transpose" if line.tokens[at + 1] == "T" else "write .^ for the entry-wise power" + (
                             "; the square root is that of a positive definite matrix, declared spd" if root else
                             "" if type(exponent) is Number else "; a size, or a k that nobody declared, is an integer"))


def sized(node: Node, head: str, *dims: Dim) -> Expr:
    """eye(n), ones(m,n), zeros(m,n), comm(m,n), select(i,k,n)."""
    letters, result = CONSTANT_SHAPES[head]
    return node(head, tuple(map(size, dims)), value_of(result, dict(zip(letters, dims, strict=True))))


def _stacked(node: Node, parts: list[Expr], below: bool, nested: Sequence[bool]) -> Expr:
    """Blocks one below another or side by side: each in its place, zero elsewhere, and all added."""
    if len(parts) == 1:
        return parts[0]
    sizes = [p.shape[0 if below else 1] for p in parts]
    first, whole = ONE, total_size(sizes)
    shape = (whole, parts[0].shape[1]) if below else (parts[0].shape[0], whole)
    out: list[Expr] = []
    for p, count, open_ in zip(parts, sizes, nested, strict=True):
        place = sized(node, "select", first, count, whole)
        side = place if below else node("'", (place,), (count, whole))
        out += [product(node, [side, *_factors(t)] if below else [*_factors(t), side]) for t in (terms(p) if open_ else (p,))]
        first = first + count
    return node("+", tuple(out), shape)


def _factors(e: Expr) -> Sequence[Expr]:
    return e.args if type(e) is Apply and e.head == "*" else (e,)


def _unary(node: Node, op: str, data: Any, e: Expr) -> Expr:
    """What is applied to one argument."""
    m, n = e.shape
    if op == "'":
        return e if e.shape == SCALAR and not e.names else node("'", (e,), (n, m))     # x.^(2') has a whole exponent
    if op == "d":
        return node("d", (e,), e.shape)
    if op == "unvec":
        return node("unvec", (e, size(data[0]), size(data[1])), data)
    if data == "scalar":
        return e
    head = head_of(data, e)
    return node(head, (e,), e.shape if head in ELEMENTWISE_NAMES else operation_shape(head, (e,)))


def head_of(name: str, e: Expr) -> str:
    """The head a call stands for, by its argument's shape: softmax goes row by row over a matrix, diag takes the diagonal of one."""
    if name == "normF":
        return "norm2"
    if name == "sqrtm" and e.shape == SCALAR:
        return "sqrt"
    return name if e.shape[1] is ONE else OF_MATRIX.get(name, name)


def negated(node: Node, e: Expr, made: set[Expr]) -> Expr:
    """-e; what a definition stands for, if that begins with a minus, loses it: -logsigmoid(x) is softplus(-x)."""
    if e in made and isinstance(e, Apply) and e.head == "*" and e.args[0] is MINUS:
        return e.args[1] if len(e.args) == 2 else node("*", e.args[1:], e.shape)
    return negative(node, e)


def negative(node: Node, e: Expr) -> Expr:
    """-e, as a tree that is not simplified."""
    if type(e) is Number:
        return num(-e.value)
    if type(e) is Apply and e.head == "*":
        first = e.args[0]
        if type(first) is not Number:
            return node("*", (MINUS, *e.args), e.shape)
        if first is not MINUS:
            return node("*", (num(-first.value), *e.args[1:]), e.shape)
    return node("*", (MINUS, e), e.shape)


def reciprocal(node: Node, e: Expr) -> Expr:
    """1/e, entry by entry; of a numeral the number."""
    if type(e) is Number and e.value:
        return num(Fraction(1, 1) / e.value)
    return node("^" if e.shape == SCALAR else ".^", (e, MINUS), e.shape)


def total(node: Node, terms: list[Expr]) -> Expr:
    """A sum; scalars are spread over ones where a term is none."""
    shape = next((t.shape for t in terms if t.shape != SCALAR), SCALAR)
    return node("+", tuple(t if t.shape == shape else _spread(node, t, shape) for t in terms), shape)


def _spread(node: Node, c: Expr, shape: Shape) -> Expr:
    """A scalar in every entry; its minus stays in front."""
    if type(c) is Apply and c.head == "*" and c.args[0] is MINUS:
        rest = c.args[1] if len(c.args) == 2 else node("*", c.args[1:], SCALAR)
        return negative(node, product(node, [rest, sized(node, "ones", *shape)]))
    return product(node, [c, sized(node, "ones", *shape)])


def product(node: Node, parts: Sequence[Expr]) -> Expr:
    """A product in its order, its numerals multiplied and in front; a sole factor is not a product."""
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
                    factors = [node("*", tuple(factors), SCALAR)]
                shape = p.shape
            else:
                shape = (shape[0], p.shape[1])
        factors.append(p)
    if not factors and bits(value) > MOST_BITS:
        return node("*", tuple(parts), SCALAR)      # its constructor refuses it
    if value != 1 or not factors:
        factors.insert(0, num(value))
    return factors[0] if len(factors) == 1 else node("*", tuple(factors), shape)


def bits(number: Rational) -> int:
    """How long a number is."""
    return max(number.numerator.bit_length(), number.denominator.bit_length())


def entrywise(node: Node, parts: Sequence[Expr]) -> Expr:
    """An entry-wise product; its scalars scale it."""
    scalars = [p for p in parts if p.shape == SCALAR]
    rest = [p for p in parts if p.shape != SCALAR]
    if not rest:
        return product(node, scalars)
    whole = rest[0] if len(rest) == 1 else node(".*", tuple(rest), rest[0].shape)
    return product(node, [*scalars, whole])


def raised(node: Node, base: Expr, exponent: Expr, entries: bool) -> Expr:
    """A power: of a scalar, of a square matrix, or entry by entry."""
    if exponent is UNIT:
        return base
    if base.shape == SCALAR and exponent.shape == SCALAR:
        return node("^", (base, exponent), SCALAR)
    if entries:
        if base.shape == SCALAR:
            ones = sized(node, "ones", *exponent.shape)
            base = ones if is_unit(base) else product(node, [base, ones])
        return node(".^", (base, exponent), base.shape)
    if is_root(base, exponent):
        root = node("sqrtm", (base,), base.shape)
        return root if exponent is HALF else node("inv", (root,), base.shape)
    if exponent is MINUS:
        return node("inv", (base,), base.shape)
    if type(exponent) is Number and exponent.value == 0:
        return sized(node, "eye", base.shape[0])
    return node("^", (base, exponent), base.shape)
