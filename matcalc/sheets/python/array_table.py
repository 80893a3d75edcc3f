"""The shapes of all arrays of a sheet in NumPy under one guess of how many axes each has."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType

from ...reading.dialects.spellings import MODULES
from .axes import COLUMN, ROW, SUMS, Axes, Axis, SizeMismatch, gradient_of, is_softmax, reduced, spread
from ..parts.variables import LOSSES

COUNTS = frozenset(("n", "N", "m", "M", "B", "batch_size", "num_train", "num_examples", "n_samples"))
SIZES = ("n", "d", "h", "k", "p", "q", "r", "s", "u", "v")
SQUARE = ("trace", "det", "slogdet", "logdet", "inv", "matrix_power", "solve")
SPREAD = ("where", "maximum", "minimum", "multiply", "add", "subtract", "divide", "clip", "clamp", "power", "pow", "logaddexp", "hypot",
          "leaky_relu", "elu")
Given = Mapping[str, Sequence[Axis] | str]       # shapes, or the name that has the same
NO_SHAPES: Given = MappingProxyType({})


class Table(Axes):
    """The shapes of all names under one guess."""

    def __init__(self, guess: dict[str, int], given: Given = NO_SHAPES) -> None:
        super().__init__()
        self.guess = guess
        self.open: set[str] = set()
        self.own = {axis for shape in given.values() for axis in shape}
        self.shapes: dict[str, tuple[Axis, ...] | None] = {n: self.first(k) for n, k in guess.items()}
        self.shapes |= {str(a): () for a in self.own} | {n: tuple(int(a) if str(a).isdigit() else a for a in s) for n, s in given.items()}

    def first(self, axes: int) -> tuple[Axis, ...]:
        """A shape of which only that is known."""
        return (self.fresh(), 1) if axes == COLUMN else (1, self.fresh()) if axes == ROW else tuple(self.fresh() for _ in range(axes))

    def count(self, parsed: Sequence[tuple[str, ast.expr]]) -> int:
        """How many lines fit; those that do not have no say."""
        count = 0
        for target, value in parsed:
            mark = self.mark()
            try:
                if gradient_of(target) in self.shapes and not self.apart:      # gradients do not say which sizes are one
                    self.apart = {self.root(axis) for shape in self.shapes.values() for axis in shape or ()}
                found = self.of(value)
                if found and len(target) > 1 and target in LOSSES:         # L may be a matrix
                    raise SizeMismatch
                base = self.shapes.get(gradient_of(target))
                if base is not None and found is not None:
                    self.same(base, found)
                self.shapes[target] = found
                self.shapes |= dict.fromkeys((f"d{target}", f"grad_{target}", f"{target}_grad"), found)
                count += found is not None
            except SizeMismatch:
                self.back(mark)
                self.shapes[target] = self.shapes.get(gradient_of(target))
        return count

    def sizes(self, names: Iterable[str]) -> int:
        """How many different sizes some arrays have."""
        return len({self.root(axis) for name in names for axis in self.shapes.get(name) or ()})

    def declared(self, parsed: Sequence[tuple[str, ast.expr]], taken: set[str], alike: Iterable[str] = ()) -> list[str]:
        """What is declared: a size that the lines divide by, n of .. / n, is that of the axis over which samples go."""
        arrays = {n: s for n, s in self.shapes.items() if s is not None}
        self.count(parsed)
        arrays |= {n: s for n in alike if (s := self.shapes.get(n)) is not None}
        counts = [n for n, s in arrays.items() if s == () and n in COUNTS]
        samples = next((self.root(s[self.across(parsed)]) for n, s in arrays.items() if len(s) == 2 and n[0] in "XxAHh"), None)
        every = {self.root(axis) for s in arrays.values() for axis in s}
        samples = samples if samples is not None or len(every) > 1 else next(iter(every), None)
        names: dict[Axis, str] = {} if not counts or samples is None or isinstance(samples, int) else {samples: counts[0]}
        fresh = (s for s in SIZES if s not in taken)

        def size(axis: Axis) -> str:
            root = self.root(axis)
            if isinstance(root, int) or root in self.own:
                return str(root)
            if root not in names:
                names[root] = next(fresh, f"n_{len(names)}")
            return names[root]
        out = []
        for name, shape in arrays.items():
            if name in names.values() or name in self.open or name in self.own:
                continue
            sizes = [size(axis) for axis in shape if axis != 1]
            out.append(f"{name} in R^({','.join(sizes)})" if sizes else f"{name} in R")
        return out

    def across(self, parsed: Sequence[tuple[str, ast.expr]]) -> int:
        """The axis along which samples stand: that over which sums go, else the first."""
        for _, value in parsed:
            for node in ast.walk(value):
                if isinstance(node, ast.Call):
                    for key in node.keywords:
                        if key.arg == "axis" and isinstance(key.value, ast.Constant) and any(k.arg == "keepdims" for k in node.keywords):
                            return int(key.value.value == 1 and not is_softmax(value))
        return 0

    def of(self, node: ast.expr) -> tuple[Axis, ...] | None:
        """The shape of an expression; None where it is not known."""
        if isinstance(node, ast.Constant):
            return ()
        if isinstance(node, ast.Name):
            return self.shapes.get(node.id)
        if isinstance(node, ast.UnaryOp):
            return self.of(node.operand)
        if isinstance(node, ast.Compare):
            return spread(self, [self.of(node.left), *map(self.of, node.comparators)])
        if isinstance(node, ast.BinOp):
            sides = self.of(node.left), self.of(node.right)
            if None in sides:           # what it is beside may have any size
                self.open |= {n.id for n in ast.walk(node) if isinstance(n, ast.Name)}
            return self.product(*sides) if isinstance(node.op, ast.MatMult) else spread(self, sides)
        if isinstance(node, ast.Attribute):
            found = self.of(node.value) if node.attr == "T" else None
            return () if node.attr in ("size", "pi", "e") else found and found[::-1]
        if isinstance(node, ast.Subscript) and isinstance(node.value, ast.Attribute) and node.value.attr == "shape":
            return ()
        if isinstance(node, ast.Subscript):
            found = self.of(node.value) if isinstance(node.value, (ast.Call, ast.Name)) else None       # np.linalg.slogdet(A)[1]
            kept = [ast.unparse(p) for p in (node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice])]
            axes = iter(found or ())
            new = [part in ("None", "np.newaxis") for part in kept]
            whole = found is not None and new.count(False) == len(found) and all(
                n or p == ":" or p.lstrip("-").isdigit() for n, p in zip(new, kept, strict=True))
            each = [(1 if n else next(axes), n or p == ":") for n, p in zip(new, kept, strict=True)] if whole else []
            return tuple(axis for axis, stays in each if stays) if whole else None
        return self.called(node) if isinstance(node, ast.Call) else None

    def product(self, a: tuple[Axis, ...] | None, b: tuple[Axis, ...] | None) -> tuple[Axis, ...] | None:
        """a @ b."""
        if a is None or b is None:
            return None
        if not a or not b:
            raise SizeMismatch
        self.join(a[-1], b[0] if len(b) == 1 else b[-2])
        return (*a[:-1], *b[1:]) if len(b) == 2 else a[:-1]

    def called(self, node: ast.Call) -> tuple[Axis, ...] | None:
        """What a function gives."""
        function = node.func
        if isinstance(function, ast.Attribute):
            root = function.value
            while isinstance(root, ast.Attribute) and root.attr in ("linalg", "nn", "functional"):
                root = root.value
            library = isinstance(root, ast.Name) and root.id in MODULES
            name, given = function.attr, [*([] if library else [function.value]), *node.args]
        else:
            name, given = function.id if isinstance(function, ast.Name) else "", list(node.args)
        found = [self.of(a) for a in given]
        if not found or name == "t":
            return found[0] and found[0][::-1] if found else None
        if name in ("dot", "matmul"):
            return self.product(*found[:2]) if len(found) == 2 else None
        if name == "linear" and len(found) in (2, 3):         # the rows of W are those of the values
            made = self.product(found[0], found[1] and found[1][::-1])
            return spread(self, [made, found[2]]) if len(found) == 3 else made
        if name in SQUARE and found[0] is not None:
            if len(found[0]) != 2:
                raise SizeMismatch
            self.join(*found[0])
            if name == "solve" and len(found) == 2:
                return self.product(*found)
            return found[0] if name in ("inv", "matrix_power") else ()
        if name == "diag" and found[0] is not None:
            if len(found[0]) == 2:
                self.join(*found[0])
            return found[0][:1] if len(found[0]) == 2 else (*found[0], *found[0])
        if name == "einsum" and isinstance(node.args[0], ast.Constant):
            given, _, out = str(node.args[0].value).replace(" ", "").partition("->")
            axes = dict[str, Axis]()
            for letters, shape in zip(given.split(","), found[1:], strict=False):
                if shape is not None and len(shape) != len(letters):
                    raise SizeMismatch
                for letter, axis in zip(letters, shape or (), strict=False):
                    self.join(axes.setdefault(letter, axis), axis)
            return tuple(axes[letter] for letter in out) if set(out) <= axes.keys() else None
        if name == "outer":
            return None if None in found else tuple(a for f in found for a in f or ())
        along = reduced(self, found[0], node, given) if name in (*SUMS, "softmax", "log_softmax") else None
        if name in SUMS:
            return along
        if name in SPREAD:
            return spread(self, found)
        if name in ("norm", "len") and not node.keywords:
            return ()
        return (side := self.fresh(), side) if name == "eye" else found[0] if len(found) == 1 else None
