"""The shapes of a raw tree: what each operation asks of its operands, and what to say when it is not so.

Walked when names are undeclared (sizes are then unified), and to explain a refusal; never when all is well.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import cast

from .functions import ELEMENTWISE_NAMES, OPERATIONS
from .clash import Clash, Operand, Speaker, derivative_hint, quotient_hint
from .nodes import Name
from .reader import Code
from .shape import ONE, SCALAR, Dim, Shape
from .signatures import taken, value_shape
from .tokens import Line, is_name

Same = Callable[[Dim, Dim], bool]
Pairs = list[list[str]]


def _pairs(text: str) -> Pairs:
    return [p.strip("()").split(",") for p in text.split()]


ROWS = {row.head: (_pairs(row.arguments), _pairs(row.result)[0]) for row in OPERATIONS}
ROWS["normF"] = ROWS["norm2"]


class Walk(Speaker):
    """One statement's walk. `same` decides whether two sizes agree (and may make them agree); `settle` shows what is known."""

    def __init__(self, line: Line, shapes: Mapping[str, Shape], functions: Mapping[str, Name], origins: Mapping[str, str],
                 same: Same, settle: Callable[[Dim], Dim], free: Callable[[int, str], Shape]) -> None:
        super().__init__(line, origins, settle)
        self.shapes, self.functions, self.same, self.free = shapes, functions, same, free
        self.done = 0
        self.closing: dict[int, int] = {}
        opened: list[int] = []
        for i, token in enumerate(self.tokens):
            if token == "(":
                opened.append(i)
            elif token == ")" and opened:
                self.closing[opened.pop()] = i

    def run(self, code: Code) -> Shape:
        """The shape of the whole; Clash where sizes cannot agree."""
        stack: list[Operand] = []
        for self.done, (op, at, data) in enumerate(code):
            if op == "name":
                shape = self.shapes.get(data)
                stack.append(Operand(self.free(at, data) if shape is None else shape, at, at))
            elif op == "number":
                stack.append(Operand(SCALAR, at, at))
            elif op == "sized":
                dims = data[1:] if len(data) == 3 else (data[1], data[1])
                if data[0] == "comm":
                    dims = (data[1] * data[2],) * 2
                stack.append(Operand(dims, at, self.closing[at + 1]))
            elif op in ("*", ".*", "kron", "+"):
                count = len(data) if op == "+" else len(data) + 1
                parts = [self.bracketed(o) for o in stack[-count:]]
                del stack[-count:]
                shape = self.sum(parts) if op == "+" else self.product(op, parts, data)
                stack.append(Operand(shape, at if op == "+" else parts[0].first, parts[-1].last))
            elif op in ("^", ".^"):
                exponent, base = self.bracketed(stack.pop()), self.bracketed(stack.pop())
                stack.append(Operand(self.power(op, at, base, exponent), base.first, exponent.last))
            elif op == "derivative":
                x, f = stack.pop(), stack.pop()
                stack.append(Operand(self.derivative(at, f, x), f.first - 2, x.last + 1))
            else:
                o = stack.pop()
                if op == "neg":
                    stack.append(Operand(o.shape, at, self.bracketed(o).last))
                elif op == "'":
                    o = self.bracketed(o)
                    stack.append(Operand((o.shape[1], o.shape[0]), o.first, o.last + 1))
                else:
                    arguments = [o]
                    if op == "call":
                        while len(arguments) < len(ROWS[data][0] if data in ROWS else "1"):
                            arguments.insert(0, stack.pop())
                    stack.append(self.called(op, at, data, arguments))
        return stack[0].shape

    def bracketed(self, o: Operand) -> Operand:
        """The operand with the brackets around it, a call's own left out."""
        first, last, tokens = o.first, o.last, self.tokens
        while first > 0 and tokens[first - 1] == "(" and self.closing.get(first - 1) == last + 1:
            if first > 1 and (is_name(tokens[first - 2]) or tokens[first - 2] in ("'", ")")):
                break
            first, last = first - 1, last + 1
        return o if first == o.first else Operand(o.shape, first, last)

    def scalar(self, shape: Shape) -> bool:
        """Whether a shape is certainly a scalar's."""
        return self.settle(shape[0]) is ONE and self.settle(shape[1]) is ONE

    def agree(self, a: Shape, b: Shape) -> bool:
        """Whether two shapes are one."""
        return self.same(a[0], b[0]) and self.same(a[1], b[1])

    def sum(self, parts: list[Operand]) -> Shape:
        """Equal shapes; a scalar goes with anything."""
        first: Operand | None = None
        for o in parts:
            if self.scalar(o.shape):
                continue
            if first is None:
                first = o
            elif not self.agree(first.shape, o.shape):
                raise self.terms(parts[:parts.index(o)] if parts[0] is first else [first], first.shape, o)
        return SCALAR if first is None else first.shape

    def terms(self, left: list[Operand], shape: Shape, right: Operand) -> Clash:
        """Terms of different shape."""
        self.shape_so_far = shape
        turned = self.settled(shape) == self.settled((right.shape[1], right.shape[0]))
        return self.two(self.before(right), left, right, "shapes differ",
                        lambda: f"did you mean {self.text(right)}'?" if turned else None)

    def before(self, o: Operand) -> int:
        """The token of the sign before a term."""
        at = o.first
        while at > 0 and self.tokens[at - 1] in ("+", "-"):
            at -= 1
        return at

    def product(self, op: str, parts: list[Operand], operators: list[int]) -> Shape:
        """A run of * and /, of .* and ./, or of Kronecker products."""
        shape = parts[0].shape
        for k, at in enumerate(operators, 1):
            o = parts[k]
            self.shape_so_far = shape
            one, two = self.scalar(shape), self.scalar(o.shape)
            if op == "kron":
                shape = (shape[0] * o.shape[0], shape[1] * o.shape[1])
            elif op == ".*":
                if not one and not two and not self.agree(shape, o.shape):
                    raise self.two(at, parts[:k], o, "shapes differ", lambda: None)
                shape = o.shape if one else shape
            elif self.tokens[at] == "/":
                if not two:
                    raise self.two(at, parts[:k], o, "/ divides by a scalar", derivative_hint if
                                   self.tokens[o.first:o.first + 2] == ["d", "("] else quotient_hint)
            elif one or two:
                shape = o.shape if one else shape
            elif self.same(shape[1], o.shape[0]):
                shape = (shape[0], o.shape[1])
            else:
                raise self.two(at, parts[:k], o, "inner sizes differ", self.product_hint(shape, o.shape))
        return shape

    def power(self, op: str, at: int, base: Operand, exponent: Operand) -> Shape:
        """A scalar to a scalar, a square matrix to an integer; entry by entry with .^."""
        self.shape_so_far = base.shape
        one, two = self.scalar(base.shape), self.scalar(exponent.shape)
        if op == ".^":
            if not one and not two and not self.agree(base.shape, exponent.shape):
                raise self.two(at, [base], exponent, "shapes differ", lambda: None)
            return exponent.shape if one else base.shape
        if not two:
            transpose = self.text(exponent) == "T"
            raise self.two(at, [base], exponent, "the exponent must be a scalar",
                           lambda: "write A' for the transpose" if transpose else "write .^ for the entry-wise power")
        if not one and not self.same(base.shape[0], base.shape[1]):
            raise self.clash(at, [base], lambda: f"{self.text(base, exponent)}: only a square matrix has powers: {self.text(base)} is "
                             f"{self.shown(base.shape)}" + self.whence(*base.shape),
                             lambda: "write .^ for the entry-wise power", base.first)
        return base.shape

    def derivative(self, at: int, f: Operand, x: Operand) -> Shape:
        """d(f)/d(x), denominator layout."""
        if self.scalar(f.shape):
            return x.shape
        (m, n), (p, q) = x.shape, f.shape
        return (m * n, p * q)

    def called(self, op: str, at: int, data: object, arguments: list[Operand]) -> Operand:
        """A function's value."""
        o = arguments[0]
        shape = o.shape
        if op == "d" or (op == "call" and data in ELEMENTWISE_NAMES):
            return Operand(shape, at, self.closing[at + 1])
        if op == "free":
            self.needs_scalar(at, str(data), o)
            return Operand(self.free(at, str(data)), at, self.closing[at + 1])
        if op == "unvec":
            m, n = cast("tuple[Dim, Dim]", data)
            if not (self.same(shape[0], m * n) and self.same(shape[1], ONE)):
                raise self.clash(at, [o], lambda: f"unvec({self.text(o)}, {m}, {n}): {self.text(o)} is {self.shown(shape)}, not "
                                 f"{m * n} x 1" + self.whence(*shape), lambda: None)
            return Operand((m, n), at, self.closing[at + 1])
        if op == "apply":
            return self.applied(at, cast("tuple[str, int, str]", data), o)
        name = str(data)
        if name == "scalar":
            self.needs_scalar(at, name, o)
            return Operand(SCALAR, at, self.closing[at + 1])
        return Operand(self.operation(name, at, arguments), at, self.closing[at + 1])

    def needs_scalar(self, at: int, name: str, o: Operand) -> None:
        """vector(1), matrix(0), scalar(2)."""
        if not self.scalar(o.shape):
            raise self.clash(at, [o], lambda: f"{name}({self.text(o)}): {self.text(o)} is {self.shown(o.shape)}, not a scalar",
                             lambda: None)

    def applied(self, at: int, data: tuple[str, int, str], o: Operand) -> Operand:
        """f(x), f'(x), grad(g)(x)."""
        name, primes, kind = data
        last = self.closing[self.closing[at + 1] + 1] if kind else self.closing[at + primes + 1]
        signature = self.functions[name].signature
        assert signature is not None
        source, target = signature
        if source is None:
            return Operand(o.shape, at, last)
        if not self.agree(o.shape, source):
            raise self.clash(at, [o], lambda: f"{name}({self.text(o)}): {name} takes {taken(source)}, {self.text(o)} is "
                             f"{self.shown(o.shape)}" + self.whence(*source, *o.shape), lambda: None)
        return Operand(value_shape(kind, source, target), at, last)

    def operation(self, name: str, at: int, arguments: list[Operand]) -> Shape:
        """A row of the table of operations."""
        column = self.settle(arguments[0].shape[1]) is ONE
        if not column and name in ("diag", "softmax", "logsumexp"):
            name = {"diag": "diagonal"}.get(name, name + "_rows")
        wanted, result = ROWS[name]
        bound = {"1": ONE}
        for o, pair in zip(arguments, wanted, strict=True):
            for letter, dim in zip(pair, o.shape, strict=True):
                have = bound.setdefault(letter, dim)
                if have is not dim and not self.same(have, dim):
                    square = pair[0] == pair[1] and o.shape[0] is not self.settle(o.shape[1])
                    raise self.clash(at, arguments, lambda o=o, square=square: (  # type: ignore[misc]
                        f"{self.line.span(at, self.closing[at + 1])}: {self.text(o)} is {self.shown(o.shape)}, "
                        + ("not square" if square else f"but {self.text(arguments[0])} is {self.shown(arguments[0].shape)}")
                        + self.whence(*o.shape)), lambda: None)
        rows, cols = (self.evaluate(text, bound) for text in result)
        return (rows, cols)

    @staticmethod
    def evaluate(text: str, bound: Mapping[str, Dim]) -> Dim:
        """m, m*n or 1 with the letters' sizes."""
        out = ONE
        for letter in text.split("*"):
            out = out * bound[letter]
        return out
