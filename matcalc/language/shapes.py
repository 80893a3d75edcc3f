"""The shapes of a raw tree: what each operation asks of its operands, and what to say when it is not so.

Walked when names are undeclared: what two readings allow waits until more is known. Also walked to explain a refusal, with all
shapes known; never when all is well.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Protocol, cast

from .clash import Clash, Operand, Speaker, derivative_hint, quotient_hint
from .functions import ELEMENTWISE_NAMES, OPERATIONS
from .nodes import Name
from .reader import Code
from .shape import ONE, SCALAR, Dim, Shape
from .signatures import taken, value_shape
from .tokens import Line, is_name
from .unify import Constraint, Source, maybe_one

Pairs = list[list[str]]


def _pairs(text: str) -> Pairs:
    return [p.strip("()").split(",") for p in text.split()]


ROWS = {row.head: (_pairs(row.arguments), _pairs(row.result)[0]) for row in OPERATIONS}
ROWS["normF"] = ROWS["norm2"]


class Solver(Protocol):
    """Decides whether two sizes agree, and may make them agree."""

    source: Source
    ends: list[tuple[Shape, Shape, Source]]

    def settle(self, d: Dim) -> Dim:
        """A size as it is known."""

    def same(self, a: Dim, b: Dim) -> bool:
        """Whether two sizes are one."""

    def scalar(self, shape: Shape) -> bool | None:
        """Whether a shape is a scalar's; None while that is open."""

    def post(self, constraint: Constraint) -> bool:
        """Apply a constraint, now and when more is known; False where it cannot hold."""

    def open(self) -> Shape:
        """A shape of which nothing is known."""

    def no_scalar(self, shape: Shape) -> bool:
        """Let a shape be none of a scalar."""


class Known:
    """Every shape is known: nothing waits."""

    source: Source = None
    ends: list[tuple[Shape, Shape, Source]] = []

    def settle(self, d: Dim) -> Dim:
        """A size as it is."""
        return d

    def same(self, a: Dim, b: Dim) -> bool:
        """Whether two sizes are one."""
        return a is b

    def scalar(self, shape: Shape) -> bool | None:
        """Whether a shape is a scalar's."""
        return shape == SCALAR

    def post(self, constraint: Constraint) -> bool:
        """Whether a constraint holds."""
        return bool(constraint.act())

    def open(self) -> Shape:
        """Not asked for."""
        raise AssertionError

    def no_scalar(self, shape: Shape) -> bool:
        """Not asked for."""
        raise AssertionError


class Failed(Exception):
    """A clash, and the walk it was met on."""

    def __init__(self, walk: Walk, clash: Clash) -> None:
        self.walk, self.clash = walk, clash


class Walk(Speaker):
    """One statement's walk.

    `kinds` says of what a scalar is made: "number" (numbers, sizes, declared scalars), which is spread over ones where a shape
    asks for it, "scalar" (an operation such as sum made it one), spread where there is no other way, or nothing: an undeclared
    name, which takes the shape that fits. Without `kinds` every scalar may be spread.
    """

    def __init__(self, line: Line, shapes: Mapping[str, Shape], functions: Mapping[str, Name], origins: Mapping[str, str],
                 sizes: Solver, free: Callable[[int, str], Shape], kinds: Mapping[str, str] | None = None) -> None:
        super().__init__(line, origins, sizes.settle)
        self.shapes, self.functions, self.sizes, self.free, self.kinds = shapes, functions, sizes, free, kinds
        self.closing: dict[int, int] = {}
        opened: list[int] = []
        for i, token in enumerate(self.tokens):
            if token == "(":
                opened.append(i)
            elif token == ")" and opened:
                self.closing[opened.pop()] = i

    def run(self, code: Code) -> Operand:
        """The shape of the whole; Clash where sizes cannot agree."""
        stack: list[Operand] = []
        for op, at, data in code:
            if op == "name":
                shape = self.shapes.get(data)
                if shape is not None:
                    stack.append(Operand(shape, at, at, self.kinds.get(data, "") if self.kinds is not None else ""))
                else:
                    stack.append(Operand(self.free(at, data), at, at, "" if data in ("eye", "I") else "number"))
            elif op == "number":
                stack.append(Operand(SCALAR, at, at, "number"))
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
                stack.append(Operand(shape, at if op == "+" else parts[0].first, parts[-1].last, self.kind(op, shape, parts)))
            elif op in ("^", ".^"):
                exponent, base = self.bracketed(stack.pop()), self.bracketed(stack.pop())
                shape = self.power(op, at, base, exponent)
                stack.append(Operand(shape, base.first, exponent.last, self.kind(op, shape, [base, exponent])))
            elif op == "derivative":
                x, f = stack.pop(), stack.pop()
                stack.append(Operand(self.derivative(at, f, x), f.first - 2, x.last + 1))
            else:
                o = stack.pop()
                if op == "neg":
                    stack.append(Operand(o.shape, at, self.bracketed(o).last, o.kind))
                elif op == "'":
                    o = self.bracketed(o)
                    stack.append(Operand((o.shape[1], o.shape[0]), o.first, o.last + 1, o.kind))
                else:
                    arguments = [o]
                    if op == "call":
                        while len(arguments) < len(ROWS[data][0] if data in ROWS else "1"):
                            arguments.insert(0, stack.pop())
                    stack.append(self.called(op, at, data, arguments))
        return stack[0]

    def kind(self, op: str, shape: Shape, parts: list[Operand]) -> str:
        """"number" of what is made of numbers and declared scalars, "scalar" of what an operation made one, such as x'*x."""
        if all(o.kind == "number" for o in parts):
            return "number"
        if op == "+":
            return "scalar" if all(o.kind for o in parts) else ""
        if any(o.kind == "scalar" for o in parts):
            return "scalar"
        return "scalar" if op == "*" and any(self.sizes.scalar(o.shape) is False for o in parts) else ""

    def bracketed(self, o: Operand) -> Operand:
        """The operand with the brackets around it, a call's own left out."""
        first, last, tokens = o.first, o.last, self.tokens
        while first > 0 and tokens[first - 1] == "(" and self.closing.get(first - 1) == last + 1:
            if first > 1 and (is_name(tokens[first - 2]) or tokens[first - 2] in ("'", ")")):
                break
            first, last = first - 1, last + 1
        return o if first == o.first else Operand(o.shape, first, last, o.kind)

    def agree(self, a: Shape, b: Shape) -> bool:
        """Whether two shapes are one."""
        return self.sizes.same(a[0], b[0]) and self.sizes.same(a[1], b[1])

    def later(self, act: Callable[[], bool | None], about: tuple[Dim, ...], clash: Callable[[], Clash], first: int, last: int) -> None:
        """What holds as soon as more is known."""
        if not self.sizes.post(Constraint(act, lambda: about, (self.line, first, last), lambda: Failed(self, clash()))):
            raise clash()

    def sum(self, parts: list[Operand]) -> Shape:
        """Equal shapes, which an undeclared name takes; numbers and declared scalars go with anything, and what an operation made
        a scalar where there is no other way."""
        self.sizes.source = (self.line, parts[0].first, parts[-1].last)
        rest = [o for o in parts if o.kind != "number"]
        wide = [o for o in rest if self.sizes.scalar(o.shape) is False]
        first = next(iter(wide or [o for o in rest if self.sizes.scalar(o.shape)] or rest), None)
        for o in rest:
            if o is first or (wide and self.sizes.scalar(o.shape) and (o.kind or self.kinds is None)):
                continue
            assert first is not None
            if not self.agree(first.shape, o.shape):
                left, right = (first, o) if first.first < o.first else (o, first)
                raise self.terms(parts[:parts.index(right)] if parts[0] is left else [left], left.shape, right)
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
            self.sizes.source = (self.line, parts[0].first, o.last)
            if op == "kron":
                shape = (shape[0] * o.shape[0], shape[1] * o.shape[1])
            elif op == ".*":
                one, two = self.sizes.scalar(shape), self.sizes.scalar(o.shape)
                if not one and not two and not self.agree(shape, o.shape):
                    raise self.two(at, parts[:k], o, "shapes differ", lambda: None)
                shape = o.shape if one else shape
            elif self.tokens[at] == "/":
                if not self.agree(o.shape, SCALAR):
                    raise self.two(at, parts[:k], o, "/ divides by a scalar", derivative_hint if
                                   self.tokens[o.first:o.first + 2] == ["d", "("] else quotient_hint)
            else:
                shape = self.times(at, parts[:k], shape, o)
                if all(self.tokens[i] == "/" for i in operators[k:]):
                    self.sizes.ends.append((self.shape_so_far, o.shape, self.sizes.source))
        return shape

    def times(self, at: int, left: list[Operand], a: Shape, right: Operand) -> Shape:
        """A matrix product, or a scalar times anything."""
        sizes, b = self.sizes, right.shape
        one, two = sizes.scalar(a), sizes.scalar(b)
        if one or two:
            return b if one else a
        if one is False and two is False:
            if not sizes.same(a[1], b[0]):
                raise self.misfit(at, left, a, right)
            return (a[0], b[1])
        out = sizes.open()

        def act() -> bool | None:
            one, two, whole = sizes.scalar(a), sizes.scalar(b), sizes.scalar(out)
            if one or two:
                return self.agree(out, b if one else a)
            if one is False and two is None and (whole or self.differ(out, a)):
                return sizes.no_scalar(b) and sizes.scalar(b) is False and act()
            if two is False and one is None and (whole or self.differ(out, b)):
                return sizes.no_scalar(a) and sizes.scalar(a) is False and act()
            if one is False and two is False:
                return sizes.same(a[1], b[0]) and self.agree(out, (a[0], b[1]))
            return None

        self.later(act, (*a, *b, *out), lambda: self.misfit(at, left, a, right, out), left[0].first, right.last)
        return out

    def misfit(self, at: int, left: list[Operand], a: Shape, right: Operand, out: Shape | None = None) -> Clash:
        """A product that does not fit, in itself or in its place."""
        if out is not None and self.settle(a[1]) is self.settle(right.shape[0]):
            return self.unfit(left[0].first, right.last, (a[0], right.shape[1]), out)
        self.shape_so_far = a
        return self.two(at, left, right, "inner sizes differ", self.product_hint(a, right.shape))

    def differ(self, a: Shape, b: Shape) -> bool:
        """Whether two shapes can certainly not be one, since one is a column or a row and the other is not."""
        return any(x is ONE and y is not ONE and not maybe_one(y) for p, q in zip(a, b, strict=True)
                   for x, y in ((self.settle(p), self.settle(q)), (self.settle(q), self.settle(p))))

    def power(self, op: str, at: int, base: Operand, exponent: Operand) -> Shape:
        """A scalar to a scalar, a square matrix to an integer; entry by entry with .^."""
        sizes = self.sizes
        self.shape_so_far = base.shape
        sizes.source = (self.line, base.first, exponent.last)
        if op == ".^":
            return self.entrywise_power(at, base, exponent)
        if not self.agree(exponent.shape, SCALAR):
            transpose = self.text(exponent) == "T"
            raise self.two(at, [base], exponent, "the exponent must be a scalar",
                           lambda: "write A' for the transpose" if transpose else "write .^ for the entry-wise power")
        lean = ONE in self.settled(base.shape)         # a column is no scalar for the sake of a power
        if not sizes.scalar(base.shape) and (lean or not sizes.same(base.shape[0], base.shape[1])):
            raise self.clash(at, [base], lambda: f"{self.text(base, exponent)}: only a square matrix has powers: {self.text(base)} is "
                             f"{self.shown(base.shape)}" + self.whence(*base.shape),
                             lambda: "write .^ for the entry-wise power", base.first)
        return base.shape

    def entrywise_power(self, at: int, base: Operand, exponent: Operand) -> Shape:
        """Each entry to a scalar, or to the entry in its place."""
        sizes, a, b = self.sizes, base.shape, exponent.shape
        if exponent.kind == "number" or sizes.scalar(b):
            return a
        out = a if sizes.scalar(a) is False else b if sizes.scalar(a) else sizes.open()

        def act() -> bool | None:
            one, two = sizes.scalar(a), sizes.scalar(b)
            if two is None and one is not True:
                return None
            if two:
                return self.agree(out, a)
            return self.agree(out, b) and (one is True or (one is False and self.agree(a, b)) or (None if one is None else False))
        self.later(act, (*a, *b, *out), lambda: self.unfit(base.first, exponent.last, a, out), base.first, exponent.last)
        return out

    def derivative(self, at: int, f: Operand, x: Operand) -> Shape:
        """d(f)/d(x), denominator layout."""
        sizes, (m, n), (p, q) = self.sizes, x.shape, f.shape
        scalar = sizes.scalar(f.shape)
        if scalar is not None:
            return x.shape if scalar else (m * n, p * q)
        out = sizes.open()

        def act() -> bool | None:
            scalar = sizes.scalar(f.shape)
            return None if scalar is None else self.agree(out, x.shape if scalar else (m * n, p * q))
        self.later(act, (*f.shape, *out), lambda: self.unfit(f.first - 2, x.last + 1, x.shape, out), f.first - 2, x.last + 1)
        return out

    def called(self, op: str, at: int, data: object, arguments: list[Operand]) -> Operand:
        """A function's value."""
        o = arguments[0]
        shape = o.shape
        last = self.closing[at + 1] if op != "apply" else at
        self.sizes.source = (self.line, at, last)
        if op == "d" or (op == "call" and data in ELEMENTWISE_NAMES):
            return Operand(shape, at, last, o.kind if op == "call" else "")
        if op == "free":
            self.needs_scalar(at, str(data), o)
            return Operand(self.free(at, str(data)), at, last)
        if op == "unvec":
            m, n = cast("tuple[Dim, Dim]", data)
            if not (self.sizes.same(shape[0], m * n) and self.sizes.same(shape[1], ONE)):
                raise self.clash(at, [o], lambda: f"unvec({self.text(o)}, {m}, {n}): {self.text(o)} is {self.shown(shape)}, not "
                                 f"{m * n} x 1" + self.whence(*shape), lambda: None)
            return Operand((m, n), at, last)
        if op == "apply":
            return self.applied(at, cast("tuple[str, int, str]", data), o)
        name = str(data)
        if name == "scalar":
            self.needs_scalar(at, name, o)
            return Operand(SCALAR, at, last, o.kind)
        return Operand(self.operation(name, at, arguments), at, last, "scalar")

    def needs_scalar(self, at: int, name: str, o: Operand) -> None:
        """vector(1), matrix(0), scalar(2)."""
        if not self.agree(o.shape, SCALAR):
            raise self.clash(at, [o], lambda: f"{name}({self.text(o)}): {self.text(o)} is {self.shown(o.shape)}, not a scalar",
                             lambda: None)

    def applied(self, at: int, data: tuple[str, int, str], o: Operand) -> Operand:
        """f(x), f'(x), grad(g)(x)."""
        name, primes, kind = data
        last = self.closing[self.closing[at + 1] + 1] if kind else self.closing[at + primes + 1]
        self.sizes.source = (self.line, at, last)
        signature = self.functions[name].signature
        assert signature is not None
        source, target = signature
        if source is None:
            return Operand(o.shape, at, last, o.kind)
        if not self.agree(o.shape, source):
            raise self.clash(at, [o], lambda: f"{name}({self.text(o)}): {name} takes {taken(source)}, {self.text(o)} is "
                             f"{self.shown(o.shape)}" + self.whence(*source, *o.shape), lambda: None)
        return Operand(value_shape(kind, source, target), at, last, "scalar")

    def operation(self, name: str, at: int, arguments: list[Operand]) -> Shape:
        """A row of the table of operations; diag, softmax and logsumexp have one for columns and one for matrices."""
        if name == "softmax":
            return arguments[0].shape
        if name not in ("diag", "logsumexp"):
            return self.row(name, at, arguments)
        sizes, shape = self.sizes, arguments[0].shape
        cols = sizes.settle(shape[1])
        if cols is ONE or not maybe_one(cols):
            return self.row(name if cols is ONE else {"diag": "diagonal"}.get(name, name + "_rows"), at, arguments)
        out = sizes.open()

        def act() -> bool | None:
            cols = sizes.settle(shape[1])
            if cols is ONE:
                return self.agree(out, (shape[0], shape[0]) if name == "diag" else SCALAR)
            if maybe_one(cols):
                return None
            return (name != "diag" or sizes.same(*shape)) and self.agree(out, (shape[0], ONE))
        last = self.closing[at + 1]
        self.later(act, (*shape, *out), lambda: self.unfit(at, last, (shape[0], shape[0] if name == "diag" else ONE), out), at, last)
        return out

    def row(self, name: str, at: int, arguments: list[Operand]) -> Shape:
        """What one row asks of its arguments, and the shape of its result."""
        wanted, result = ROWS[name]
        bound = {"1": ONE}
        for o, pair in zip(arguments, wanted, strict=True):
            for letter, dim in zip(pair, o.shape, strict=True):
                have = bound.setdefault(letter, dim)
                if have is not dim and not self.sizes.same(have, dim):
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
