"""Shapes of names that nobody declared: by unification of sizes; scalars, vectors and matrices by the letter convention."""

from __future__ import annotations

from collections.abc import Mapping

from .functions import ELEMENTWISE_NAMES, OPERATIONS
from .nodes import Name
from .shape import ONE, SCALAR, Dim, ShapeError
from .tokens import GREEK_NAMES, Node


class Size:
    """A size not known yet; `same` leads to what it was found equal to."""

    __slots__ = ("same",)

    def __init__(self) -> None:
        self.same: Size | Dim | None = None


AnySize = Size | Dim
AnyShape = tuple[AnySize, AnySize]


def find(s: AnySize) -> AnySize:
    """What a size is known to be."""
    while isinstance(s, Size) and s.same is not None:
        s = s.same
    return s


class Inference:
    """Walks raw trees, unifying the sizes of what is not declared."""

    def __init__(self, known: Mapping[str, Name], sizes: set[str]) -> None:
        self.known, self.sizes = known, sizes
        self.found: dict[str, AnyShape] = {}
        self.constants: dict[int, AnyShape] = {}
        self.kept: list[Node] = []

    def guess(self, name: str) -> AnyShape:
        """A fresh shape by matrixcalculus.org's convention."""
        if name not in self.found:
            base = name.rstrip("0123456789_")
            if base in GREEK_NAMES or name in GREEK_NAMES:
                self.found[name] = SCALAR
            elif name[0].isupper():
                self.found[name] = (Size(), Size())
            elif name[0] <= "g":
                self.found[name] = SCALAR
            else:
                self.found[name] = (Size(), ONE)
        return self.found[name]

    def unify(self, a: AnySize, b: AnySize, node: Node) -> None:
        """Make two sizes one."""
        a, b = find(a), find(b)
        if a is b:
            return
        if isinstance(a, Size):
            a.same = b
        elif isinstance(b, Size):
            b.same = a
        else:
            raise ShapeError(f"sizes {a} and {b} differ", 1, node.start + 1)

    def same(self, a: AnyShape, b: AnyShape, node: Node) -> AnyShape:
        """Equal shapes, a scalar going with anything."""
        if self.scalar(a):
            return b
        if self.scalar(b):
            return a
        self.unify(a[0], b[0], node)
        self.unify(a[1], b[1], node)
        return a

    @staticmethod
    def scalar(a: AnyShape) -> bool:
        """Whether this is a scalar for certain."""
        return find(a[0]) is ONE and find(a[1]) is ONE

    def shape(self, e: Node) -> AnyShape:
        """The shape of a raw tree."""
        op = e.op
        if op == "number":
            return SCALAR
        if op == "name":
            name = str(e.value)
            if name in self.known:
                return self.known[name].shape
            if name in self.sizes or (name == "pi" and name not in self.found):
                return SCALAR
            if name == "eye":
                return self.constant(e, square=True)
            return self.guess(name)
        if op == "call":
            return self.call(e)
        if op == "apply":
            for a in e.parts[1:]:
                self.shape(a)
            return (Size(), Size())
        shapes = [self.shape(p) for p in e.parts]
        one = shapes[0]
        if op == "neg":
            return one
        if op == "'":
            return (one[1], one[0])
        two = shapes[1]
        if op in ("+", "-", ".*", "./", ".^"):
            return self.same(one, two, e)
        if op == "/":
            return one
        if op == "^":
            if not self.scalar(one):
                self.unify(one[0], one[1], e)
            return one
        if op == "⊗":
            return (Size(), Size())
        if self.scalar(one) or self.scalar(two):
            return two if self.scalar(one) else one
        self.unify(one[1], two[0], e)
        return (one[0], two[1])

    def constant(self, e: Node, square: bool) -> AnyShape:
        """eye, vector(1), matrix(0): a shape of its own."""
        if id(e) not in self.constants:
            n: AnySize = Size()
            self.constants[id(e)] = (n, n if square else Size())
            self.kept.append(e)
        return self.constants[id(e)]

    def call(self, e: Node) -> AnyShape:
        """The shape of a call, unifying its arguments' sizes with the function's row."""
        name = str(e.value)
        if name in ("eye", "ones", "zeros", "comm"):
            return (Size(), Size())
        if name == "vector":
            if id(e) not in self.constants:
                self.constants[id(e)] = (Size(), ONE)
                self.kept.append(e)
            return self.constants[id(e)]
        if name == "matrix":
            return self.constant(e, square=False)
        args = [self.shape(p) for p in e.parts]
        if name in ELEMENTWISE_NAMES or name == "d":
            return args[0] if args else SCALAR
        if name in self.known or not args:
            return args[0] if args else SCALAR
        if name in ("norm1", "norm2", "normF", "sum"):
            return SCALAR
        column = find(args[0][1]) is ONE
        if name in ("softmax", "logsumexp"):
            return args[0] if name == "softmax" else SCALAR if column else (args[0][0], ONE)
        if name == "diag":
            if column:
                return (args[0][0], args[0][0])
            self.unify(args[0][0], args[0][1], e)
            return (args[0][0], ONE)
        row = next((r for r in OPERATIONS if r.head == name), None)
        if row is None:
            return SCALAR
        bound: dict[str, AnySize] = {"1": ONE}
        if not self.scalar(args[0]):
            for pair, shape in zip(row.arguments.split(), args, strict=False):
                for letter, size in zip(pair.strip("()").split(","), shape, strict=True):
                    if letter in bound:
                        self.unify(bound[letter], size, e)
                    bound[letter] = size
        out = [bound.get(s, Size()) for s in row.result.strip("()").split(",")]
        return (out[0], out[1])

    def settle(self, taken: set[str]) -> dict[str, tuple[Dim, Dim]]:
        """Name the sizes that stayed free; the shapes found."""
        letters = [c for c in "nmkpqrstuvl" if c not in taken] + [f"n{i}" for i in range(1, 10_000)]
        out: dict[str, tuple[Dim, Dim]] = {}

        def name(s: AnySize) -> Dim:
            s = find(s)
            if isinstance(s, Size):
                s.same = Dim.of(letters.pop(0))
                return s.same
            return s

        for key, shape in self.found.items():
            out[key] = (name(shape[0]), name(shape[1]))
        for shape in self.constants.values():
            name(shape[0]), name(shape[1])
        return out
