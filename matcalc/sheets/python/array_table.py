"""The shapes of all arrays of a sheet in NumPy under one guess of how many axes each has: what NumPy's operations ask of the sizes of
axes, which are those of `reading/inference`."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from types import MappingProxyType

from ...language.shape import ONE, Dim
from ...reading.grammar.spellings import MODULES
from ...reading.inference.unify import Sizes
from ...reading.grammar.sizes import SizeReader
from ...reading.grammar.tokens import Line
from .array_lines import PRODUCTS, SUMS, Assigned, across, gradient_of
from ..parts.variables import LOSSES
from ...patterns import pattern

COUNTS = frozenset(("n", "N", "m", "M", "B", "batch_size", "num_train", "num_examples", "n_samples"))
SIZES = ("n", "d", "h", "k", "p", "q", "r", "s", "u", "v")
OPEN = pattern(r"[?!]\d+")
COLUMN, ROW = 3, 4      # of two axes, a bias with one place along the samples
Given = Mapping[str, Sequence[int | str] | str]       # shapes, or the name that has the same
NO_SHAPES: Given = MappingProxyType({})
Axes = tuple[Dim, ...]
Shape = Axes | None     # None where it is not known


class SizeMismatch(Exception):
    """Two sizes that cannot be equal."""


class Table:
    """The shapes of all names under one guess."""

    def __init__(self, guess: dict[str, int], given: Given = NO_SHAPES) -> None:
        self.sizes, self.closed = Sizes(), False
        self.guess = guess
        self.open: set[str] = set()
        made = {n: tuple(map(size, s)) for n, s in given.items()}
        self.own = {name for shape in made.values() for axis in shape for name in axis.names}        # sizes that have a name of their own
        self.shapes: dict[str, Shape] = {n: self.first(k) for n, k in guess.items()}
        self.shapes |= dict.fromkeys(self.own, ())
        self.shapes |= made
        self.said = made.keys()

    def first(self, axes: int) -> Axes:
        """A shape of which only that is known."""
        return (self.sizes.fresh(), ONE) if axes == COLUMN else (ONE, self.sizes.fresh()) if axes == ROW else \
            tuple(self.sizes.fresh() for _ in range(axes))

    def fit(self, parsed: Iterable[Assigned]) -> Iterator[bool]:
        """Of one line after another whether it fits; those that do not have no say."""
        for target, value in parsed:
            base = self.shapes.get(gradient_of(target))
            if gradient_of(target) in self.shapes and not self.closed:
                self.close()
            mark = len(self.sizes.trail)
            try:
                found = self.of(value)
                if found and len(target) > 1 and target in LOSSES:         # L may be a matrix
                    raise SizeMismatch
                if base is not None and found is not None:
                    self.alike(base, found)
                self.shapes[target] = found
                self.shapes |= dict.fromkeys((f"d{target}", f"grad_{target}", f"{target}_grad"), found)
                yield found is not None
            except SizeMismatch:
                self.sizes.back(mark)
                self.shapes[target] = base
                yield False

    def close(self) -> None:
        """Gradients do not say which sizes of the lines before them are one."""
        self.closed = True
        for name in {name for shape in self.shapes.values() for axis in shape or () for name in self.sizes.settle(axis).names}:
            if name[0] == "?":
                self.sizes.bind(name, Dim.of(f"!{name[1:]}"))

    def different(self, names: Iterable[str]) -> int:
        """How many different sizes some arrays have."""
        return len({self.sizes.settle(axis) for name in names for axis in self.shapes.get(name) or ()})

    def declared(self, parsed: Sequence[Assigned], taken: set[str], alike: Iterable[str] = ()) -> list[str]:
        """What is declared: a size that the lines divide by, n of .. / n, is that of the axis over which samples go."""
        arrays = {n: s for n, s in self.shapes.items() if s is not None}
        sum(self.fit(parsed))
        arrays |= {n: s for n in alike if (s := self.shapes.get(n)) is not None}
        arrays = {n: tuple(map(self.sizes.settle, s)) for n, s in arrays.items()}
        counts = [n for n, s in arrays.items() if s == () and n in COUNTS - self.own]
        samples = next((s[across(parsed)] for n, s in arrays.items() if len(s) == 2 and n[0] in "XxAHh"), None)
        every = {axis for s in arrays.values() for axis in s}
        samples = samples if samples is not None or len(every) > 1 else next(iter(every), None)
        used = {n.id for _, value in parsed for n in ast.walk(value) if isinstance(n, ast.Name)}
        names: dict[Dim, str] = {} if not counts or samples is None or samples.number or str(samples) in used else {samples: counts[0]}
        fresh = (s for s in SIZES if s not in taken and s not in self.own)

        def size(axis: Dim) -> str:
            if not (axis.letter and axis.text[0] in "?!") and axis not in names:
                return OPEN.sub(lambda m: size(Dim.of(m[0])), str(axis))         # 4*H
            if axis not in names:
                names[axis] = next(fresh, f"n_{len(names)}")
            return names[axis]
        out = []
        for name, shape in arrays.items():
            if name not in {*names.values(), *(self.open - self.said), *self.own}:
                sizes = ",".join(size(axis) for axis in shape if axis is not ONE)
                out.append(f"{name} in R^({sizes})" if sizes else f"{name} in R")
        return out

    # ------------------------------------------------------------ what holds of sizes
    def same(self, a: Dim, b: Dim) -> None:
        """Make two sizes equal; SizeMismatch where they cannot be."""
        if not self.sizes.same(a, b):
            raise SizeMismatch

    def alike(self, one: Axes, two: Axes) -> None:
        """Make two shapes one."""
        if len(one) != len(two):
            raise SizeMismatch
        for a, b in zip(one, two, strict=True):
            self.same(a, b)

    def spread(self, *shapes: Shape) -> Shape:
        """The shape of arrays that are combined entry by entry."""
        if None in shapes:
            return None
        known = [s for s in shapes if s is not None]
        out: Axes = ()
        for k in range(1, max(map(len, known)) + 1):
            wide = [s[-k] for s in known if len(s) >= k and self.sizes.settle(s[-k]) is not ONE]
            for size in wide[1:]:
                self.same(wide[0], size)
            out = (wide[0] if wide else ONE, *out)
        return out

    def product(self, a: Shape, b: Shape) -> Shape:
        """a @ b."""
        if a is None or b is None:
            return None
        if not a or not b:
            raise SizeMismatch
        self.same(a[-1], b[0] if len(b) == 1 else b[-2])
        return (*a[:-1], *b[1:]) if len(b) == 2 else a[:-1]

    def square(self, a: Shape) -> Shape:
        """A matrix with as many rows as columns."""
        if a is not None:
            if len(a) != 2:
                raise SizeMismatch
            self.same(*a)
        return a

    def diagonal(self, a: Shape) -> Shape:
        """The matrix of a vector, the vector of a matrix."""
        square = self.square(a) if a is not None and len(a) == 2 else None
        return a and (square[:1] if square else (*a, *a))

    # ------------------------------------------------------------ expressions
    def of(self, node: ast.expr) -> Shape:
        """The shape of an expression."""
        match node:
            case ast.Constant():
                return ()
            case ast.Name():
                return self.shapes.get(node.id)
            case ast.UnaryOp():
                return self.of(node.operand)
            case ast.Compare():
                return self.spread(self.of(node.left), *map(self.of, node.comparators))
            case ast.BinOp():
                sides = self.of(node.left), self.of(node.right)
                if None in sides:           # what it is beside may have any size
                    self.open |= {n.id for n in ast.walk(node) if isinstance(n, ast.Name)}
                return self.product(*sides) if isinstance(node.op, ast.MatMult) else self.spread(*sides)
            case ast.Attribute(attr="T"):
                return turned(self.of(node.value))
            case ast.Attribute(attr="size" | "pi" | "e") | ast.Subscript(value=ast.Attribute(attr="shape")):
                return ()
            case ast.Subscript():
                return self.part(node)
            case ast.Call():
                return self.called(node)
        return None

    def part(self, node: ast.Subscript) -> Shape:
        """a[:, None], np.linalg.slogdet(A)[1]."""
        found = self.of(node.value)
        if found is None or found == () and isinstance(node.value, ast.Call):         # slogdet gives two numbers
            return found
        out, axes = list[Dim](), list(found)
        for part in map(ast.unparse, node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]):
            if part in ("None", "np.newaxis"):
                out.append(ONE)
            elif not axes or part != ":" and not part.lstrip("-").isdigit():
                return None
            else:
                out += axes[:1] if part == ":" else []
                del axes[0]
        return None if axes else tuple(out)

    def called(self, node: ast.Call) -> Shape:
        """What a function gives."""
        function = node.func
        name, given = function.id if isinstance(function, ast.Name) else "", list(node.args)
        if isinstance(function, ast.Attribute):
            root = function.value
            while isinstance(root, ast.Attribute) and root.attr in ("linalg", "nn", "functional"):
                root = root.value
            name = function.attr
            given = given if isinstance(root, ast.Name) and root.id in MODULES else [function.value, *given]
        if name in JOINED and given and isinstance(given[0], (ast.List, ast.Tuple)):
            return self.joined([self.of(a) for a in given[0].elts], JOINED[name], name == "vstack")
        sizes = given[0].elts if given and isinstance(given[0], ast.Tuple) else given
        if name in ("eye", "zeros", "ones") and given and (made := [self.size_of(s) for s in sizes]) and None not in made:
            return (made[0], made[0]) if name == "eye" else tuple(made)     # type: ignore[return-value,arg-type]
        found = [self.of(a) for a in given]
        if found and (name in REDUCES or name == "norm" and node.keywords):
            return self.reduced(found[0], node, given[:2 - (name == "norm")], name in ("softmax", "log_softmax"))
        if name == "einsum" and isinstance(node.args[0], ast.Constant):
            return self.einsum(str(node.args[0].value), found[1:])
        counts, gives = GIVES.get(name, ((1,), lambda table, a: a))
        return gives(self, *found) if found and (not counts or len(found) in counts) else None

    def size_of(self, node: ast.expr) -> Dim | None:
        """The size that x.shape[1] is."""
        place = node.slice.value if isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Constant) else None
        of = self.of(node.value.value) if isinstance(node, ast.Subscript) and isinstance(node.value, ast.Attribute) else None
        return of[place] if of is not None and isinstance(place, int) and -len(of) <= place < len(of) else None

    def joined(self, parts: Sequence[Shape], axis: int, rows: bool) -> Shape:
        """The shape of arrays beside or above each other; vectors are rows, or one behind another."""
        known = [p for p in parts if p is not None]
        if len(known) < len(parts) or not known or len({len(p) for p in known}) > 1 or not 1 <= len(known[0]) <= 2:
            return None
        if len(known[0]) == 1:
            found = self.joined([(ONE, *p) if rows else (*p, ONE) for p in known], 0, rows)
            return found and found[:1 + rows]
        for p in known[1:]:
            self.same(known[0][1 - axis], p[1 - axis])
        total = sum((p[axis] for p in known[1:]), known[0][axis])
        return (known[0][0], total) if axis else (total, known[0][1])

    def reduced(self, shape: Shape, node: ast.Call, given: Sequence[ast.expr], whole: bool) -> Shape:
        """The shape of a sum, a mean or a maximum of the first of what is given, along the axis that a keyword or the second names; `whole`
        says that it is as large as what it is of."""
        keys = {k.arg: k.value for k in node.keywords}
        along, kept = keys.get("axis", keys.get("dim", given[1] if len(given) > 1 else None)), keys.get("keepdims", keys.get("keepdim"))
        try:
            axis, keep = (None if n is None else ast.literal_eval(n) for n in (along, kept))
        except ValueError:
            return shape if whole else None
        if shape is None or axis is None:
            return shape if whole or shape is None else ()
        if not isinstance(axis, int) or not -len(shape) <= axis < len(shape) or keep and len(shape) < 2:
            raise SizeMismatch
        axis %= len(shape)
        return shape if whole else tuple(ONE if k == axis else s for k, s in enumerate(shape) if k != axis or keep)

    def einsum(self, rule: str, found: Sequence[Shape]) -> Shape:
        """np.einsum('ij,j->i', A, x)"""
        inside, _, out = rule.replace(" ", "").partition("->")
        axes = dict[str, Dim]()
        for letters, shape in zip(inside.split(","), found, strict=False):
            if shape is not None:
                self.alike(tuple(axes.setdefault(letter, axis) for letter, axis in zip(letters, shape, strict=False)), shape)
        return tuple(axes[letter] for letter in out) if set(out) <= axes.keys() else None

    def eye(self, _: Shape) -> Shape:
        """The identity."""
        side = self.sizes.fresh()
        return side, side


def size(text: int | str) -> Dim:
    """A size as it is written."""
    return Dim.of(text) if isinstance(text, int) else SizeReader(Line(text)).dimension()


def turned(a: Shape) -> Shape:
    """a.T"""
    return a and a[::-1]


JOINED = {"hstack": 1, "vstack": 0, "concatenate": 0}        # along which axis
REDUCES = frozenset((*SUMS, "softmax", "log_softmax"))
GIVES: dict[str, tuple[tuple[int, ...], Callable[..., Shape]]] = {      # of how many arrays, and the shape
    **dict.fromkeys(PRODUCTS, ((2,), Table.product)),
    "linear": ((2, 3), lambda table, x, w, *b: table.spread(table.product(x, turned(w)), *b)),     # w has a row for each value
    **dict.fromkeys(("trace", "det", "slogdet", "logdet"), ((), lambda table, a, *_: table.square(a) and ())),
    **dict.fromkeys(("inv", "inverse", "matrix_power"), ((), lambda table, a, *_: table.square(a))),
    "solve": ((2,), lambda table, a, b: table.product(table.square(a), b)),
    **dict.fromkeys(("t", "transpose", "swapaxes"), ((), lambda table, a, *_: turned(a))),
    "diag": ((), lambda table, a, *_: table.diagonal(a)),
    "outer": ((), lambda table, *found: None if None in found else tuple(axis for shape in found for axis in shape)),
    **dict.fromkeys(("where", "maximum", "minimum", "multiply", "add", "subtract", "divide", "clip", "clamp", "power", "pow", "logaddexp",
                     "hypot", "leaky_relu", "elu", "mul", "sub", "div", "true_divide"), ((), Table.spread)),
    **dict.fromkeys(("norm", "len", "size", "numel"), ((), lambda table, *_: ())),
    "eye": ((1,), Table.eye),
}
