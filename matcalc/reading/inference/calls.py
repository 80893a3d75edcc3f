"""What a walk over a tree asks about sizes, and what functions require of their arguments."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from typing import cast

from ...language import composites
from .clash import Clash, Operand, Speaker
from ...language.operations import ELEMENTWISE_NAMES, OF_MATRIX, SQUARE
from ...language.nodes import Name
from ...language.shape import ONE, SCALAR, Dim, Shape
from ...language.signatures import SIGNATURES, argument_text, value_of, value_shape
from ..grammar.tokens import Line
from .constraint import Constraint
from .unify import Known, maybe_one

ROWS = SIGNATURES | {"normF": SIGNATURES["norm2"]}


class Failed(Exception):
    """A clash, and the walk it was met on."""

    def __init__(self, walk: Calls, clash: Clash) -> None:
        self.walk, self.clash = walk, clash


class Calls(Speaker):
    """The functions of one statement."""

    def __init__(self, line: Line, shapes: Mapping[str, Shape], functions: Mapping[str, Name], origins: Mapping[str, str],
                 sizes: Known, free: Callable[[int, str], Shape], kinds: Mapping[str, str] | None = None) -> None:
        super().__init__(line, origins, sizes.settle)
        self.shapes, self.functions, self.sizes, self.free, self.kinds = shapes, functions, sizes, free, kinds

    @cached_property
    def closing(self) -> dict[int, int]:
        """Where each bracket is closed."""
        out: dict[int, int] = {}
        opened: list[int] = []
        for i, token in enumerate(self.tokens):
            if token == "(":
                opened.append(i)
            elif token == ")" and opened:
                out[opened.pop()] = i
        return out

    def agree(self, a: Shape, b: Shape) -> bool:
        """Whether two shapes are one."""
        return self.sizes.same(a[0], b[0]) and self.sizes.same(a[1], b[1])

    def paired(self, one: Sequence[Dim], two: Sequence[Dim]) -> None:
        """Sizes of as many blocks are the same one by one, where they are open."""
        if len(one) == len(two) > 1:
            for a, b in zip(one, two, strict=True):
                a, b = self.sizes.settle(a), self.sizes.settle(b)
                if a is not b and ONE not in (a, b) and any(d.text[0] == "?" and d.text in d.names for d in (a, b)):
                    self.sizes.same(a, b)

    def later(self, act: Callable[[], bool | None], about: tuple[Dim, ...], clash: Callable[[], Clash], first: int, last: int) -> None:
        """What holds as soon as more is known."""
        if not self.sizes.post(Constraint(act, lambda: about, (self.line, first, last), lambda: Failed(self, clash()))):
            raise clash()

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
        if name in composites.ARITY:
            return self.composite(name, at, arguments)
        if name == "scalar":
            self.needs_scalar(at, name, o)
            return Operand(SCALAR, at, last, o.kind)
        if o.blocks is not None and name in SQUARE:
            self.paired(*o.blocks)
        kept = o.blocks if name == "inv" else None
        return Operand(self.operation(name, at, arguments), at, last, "scalar", kept and kept[::-1])

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
        if source is None and target is None:
            return Operand(o.shape, at, last, o.kind)
        source = source or SCALAR
        if not self.agree(o.shape, source):
            raise self.clash(at, [o], lambda: f"{name}({self.text(o)}): {name} takes {argument_text(source)}, {self.text(o)} is "
                             f"{self.shown(o.shape)}" + self.whence(*source, *o.shape), lambda: None)
        return Operand(value_shape(kind, source, target), at, last, "scalar")

    def operation(self, name: str, at: int, arguments: list[Operand]) -> Shape:
        """A row of the table of operations; some names have one for columns and one for matrices."""
        if name not in OF_MATRIX:
            return self.row(name, at, arguments)
        sizes, shape = self.sizes, arguments[0].shape
        both = name, OF_MATRIX[name]
        if all(ROWS[head][0] == [ROWS[head][1]] for head in both):      # it is as large as what it is of
            return shape
        cols = sizes.settle(shape[1])
        if cols is ONE or not maybe_one(cols):
            return self.row(both[cols is not ONE], at, arguments)
        out = sizes.open()

        def fitted(head: str) -> Shape:
            (wanted,), result = ROWS[head]
            return value_of(result, dict(zip(wanted, shape, strict=True)))

        def act() -> bool | None:
            cols = sizes.settle(shape[1])
            if cols is not ONE and maybe_one(cols):
                return None
            head = both[cols is not ONE]
            (wanted,) = ROWS[head][0]
            return (wanted[0] != wanted[1] or sizes.same(*shape)) and self.agree(out, fitted(head))
        last = self.closing[at + 1]

        def other() -> Shape:
            return min(map(fitted, both), key=lambda s: (s == SCALAR, self.agree(s, out)))
        self.later(act, (*shape, *out), lambda: self.unfit(at, last, other(), out), at, last)
        return out

    def row(self, name: str, at: int, arguments: list[Operand]) -> Shape:
        """What one row asks of its arguments, and the shape of its result."""
        wanted, result = ROWS[name]
        return value_of(result, self.bind(name, at, arguments, wanted, {}))

    composite: Callable[[str, int, list[Operand]], Operand]  # a definition of the language

    def bind(self, name: str, at: int, arguments: list[Operand], wanted: Sequence[Sequence[str]], bound: dict[str, Dim]) -> dict[str, Dim]:
        """The sizes that the letters of a row stand for; Clash where two of them differ."""
        for o, pair in zip(arguments, wanted, strict=True):
            for letter, dim in zip(pair, o.shape, strict=True):
                have = ONE if letter == "1" else bound.setdefault(letter, dim)
                if have is not dim and not self.sizes.same(have, dim):
                    square = pair[0] == pair[1] and o.shape[0] is not self.settle(o.shape[1])
                    raise self.clash(at, arguments, lambda o=o, square=square: (  # type: ignore[misc]
                        f"{self.line.span(at, self.closing[at + 1])}: {self.text(o)} is {self.shown(o.shape)}, "
                        + ("not square" if square else f"but {self.text(arguments[0])} is {self.shown(arguments[0].shape)}")
                        + self.whence(*o.shape)), lambda: None)
        return bound
