"""Shapes of undeclared arrays of a sheet in NumPy, by what its lines do with them.

How many axes a name has is guessed by its letter (W has two, w and b one, n none) and by what is done with it (x.T, axis=0); of these
guesses those count under which most lines fit. Sizes are what the lines then make equal; a line that does not fit has no say.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from itertools import islice, permutations
from types import MappingProxyType

from ..reading.dialects.spellings import MODULES
from .axes import (COLUMN, ROW, SUMS, Axes, Axis, SizeMismatch, as_modules, assignment, by_samples, gradient_of, is_called,
                   is_multiplied, is_product, is_softmax, one_number, reduced, spread, summed, terms)
from .variables import LOSSES

COUNTS = frozenset(("n", "N", "m", "M", "B", "batch_size", "num_train", "num_examples", "n_samples"))
NUMBERS = COUNTS | {"lr", "eps", "epsilon", "reg", "lam", "lambda_", "lmbda", "alpha", "eta", "gamma", "c", "d", "k", "tau", "T", "C", "D"}
SIZES = ("n", "d", "h", "k", "p", "q", "r", "s", "u", "v")
SQUARE = ("trace", "det", "slogdet", "logdet", "inv", "matrix_power", "solve")
SPREAD = ("where", "maximum", "minimum", "multiply", "add", "subtract", "divide", "clip", "clamp", "power", "pow", "logaddexp", "hypot",
          "leaky_relu", "elu")
Given = Mapping[str, Sequence[Axis] | str]       # shapes, or the name that has the same
NO_SHAPES: Given = MappingProxyType({})
MOST = 24       # so many names are tried with another number of axes
PAIRS = 64      # so many pairs of names are


def shapes(lines: Sequence[str], known: set[str], given: Given = NO_SHAPES) -> tuple[list[str], dict[str, int]]:
    """Declarations of the arrays that lines use and nothing defines; which of them have one place along one of two axes. Some shapes are
    `given`.

    >>> sorted(shapes(["out = x @ w + b"], set(), {"x": ("N", "D"), "b": ("M",)})[0])
    ['b in R^(M)', 'w in R^(D,M)', 'x in R^(N,D)']
    """
    parsed = [p for p in map(assignment, lines) if p is not None]
    alike = {name: of for name, of in given.items() if isinstance(of, str)}
    given = {name: of for name, of in given.items() if not isinstance(of, str)}
    for name, other in alike.items():
        at = next((k for k, (_, value) in enumerate(parsed) if any(isinstance(n, ast.Name) and n.id == name for n in ast.walk(value))), 0)
        parsed.insert(at, (name, ast.Name(other, ast.Load())))
    assigned: set[str] = set()
    free: dict[str, None] = {}
    for target, value in parsed:
        for node in ast.walk(value):
            if isinstance(node, ast.Name) and node.id not in assigned and node.id not in known and not is_called(value, node) and \
                    (node.id in free or gradient_of(node.id) not in assigned):       # what comes from above is a gradient of what is made
                free.setdefault(node.id)
        assigned.add(target)
    modules = as_modules(value for _, value in parsed)
    names = [n for n in free if n not in modules and not any(n in shape for shape in given.values())]
    if not names or known & set(names):
        return [], {}
    guess = {n: _axes(n, parsed) for n in names}
    sure = {n: axes for n, axes in _biases(guess, parsed, given).items() if n not in given}
    guess |= sure
    forward = [(target, value) for target, value in parsed if not gradient_of(target)]
    guess |= {n: ROW if s[0] == "1" else COLUMN for n, s in given.items() if n in guess and len(s) == 2 and "1" in s}
    best, fits = guess, Table(guess, given).count(parsed)
    added = {n for _, value in parsed for n, _ in terms(value)}
    above = {value.id for target, value in parsed if gradient_of(target) in assigned and isinstance(value, ast.Name)}       # dy = G
    turned = {n for n in names if n[0].isupper() and _turned(n, parsed)}        # W.T of a vector would be W
    open_names = sorted([n for n in names if n not in given and n not in turned][:MOST], key=added.__contains__)

    def alike_named(name: str, axes: int) -> dict[str, int]:        # b1 as b2
        return {n: axes for n in names if n.rstrip("0123456789") == name.rstrip("0123456789")}
    for name in open_names:
        for axes in (1, 0) if name[0].isupper() else (1, 0, COLUMN, ROW, 2) if name in added else (1, 0, 2):
            if fits == len(parsed):
                break
            table = Table(best | alike_named(name, axes), given)
            found = table.count(parsed) if axes != best[name] else -1
            factor = is_multiplied(name, parsed)
            kept = found == len(parsed) if factor else axes != 2 and name not in sure
            kept |= found > fits + 1 and axes == 2 or name in above
            if found > fits and (kept or Table(best, given).count(forward) < Table(table.guess, given).count(forward)):
                best, fits = table.guess, found
    both = (best | alike_named(one, 2) | alike_named(other, axes) for one, other in permutations(open_names, 2) for axes in (0, 1)
            if best[one] == 1 and axes < best[other])
    if fits < len(parsed):          # a matrix and a number, where the letters say two vectors
        best = next((guess for guess in islice(both, PAIRS) if Table(guess, given).count(parsed) == len(parsed)), best)
    for name in (n for n in open_names if best[n] == 1 and not is_multiplied(n, parsed)):      # a vector would make sizes one that differ
        others = [n for n in names if n != name]
        vector, number = Table(best, given), Table(best | {name: 0}, given)
        if number.count(parsed) >= vector.count(parsed) and number.sizes(others) > vector.sizes(others):
            best = number.guess
    table = Table(best, given)
    declared = table.declared(parsed, {*names, *assigned}, alike)
    return declared, {n: axes for n, axes in best.items() if axes in (COLUMN, ROW)}


def _array(node: ast.expr) -> ast.expr:
    """What has the axes of a value: x of np.sin(x)."""
    while isinstance(node, ast.Call) and len(node.args) == 1 and not node.keywords and isinstance(node.func, ast.Attribute) and \
            ast.unparse(node.func.value) in MODULES and node.func.attr not in (*SUMS, *SQUARE, "diag"):
        node = node.args[0]
    return node


def _asked(name: str, parsed: Sequence[tuple[str, ast.expr]]) -> set[str]:
    """The attributes of a name that lines ask for."""
    return {node.attr for _, value in parsed for node in ast.walk(value)
            if isinstance(node, ast.Attribute) and isinstance(of := _array(node.value), ast.Name) and of.id == name}


def _turned(name: str, parsed: Sequence[tuple[str, ast.expr]]) -> bool:
    """Whether lines transpose a name."""
    return not _asked(name, parsed).isdisjoint({"T", "t", "mT"})


def _axes(name: str, parsed: Sequence[tuple[str, ast.expr]]) -> int:
    """How many axes a name has by its letter, and by what is done with it."""
    asked = _asked(name, parsed)
    if _turned(name, parsed) or any(name in summed(node) for _, value in parsed for node in ast.walk(value)):
        return 2
    if name in NUMBERS and not asked and not is_multiplied(name, parsed):         # a number has no shape, size or sum
        return 0
    added = any(name == n for _, value in parsed for n, _ in terms(value))
    if not added and any(gradient_of(target) == name and one_number(value, name) for target, value in parsed):
        return 0
    return 2 if name[0].isupper() else 1


def _biases(guess: dict[str, int], parsed: Sequence[tuple[str, ast.expr]], given: Given) -> dict[str, int]:
    """The names that are only added to products of which it is plain what is added to them: one number to w @ x and to each entry of
    X @ w, where the rows of X are samples, a vector to W @ x."""
    out: dict[str, int] = {}
    keys = (node.arg for _, value in parsed for node in ast.walk(value) if isinstance(node, ast.keyword))
    if not {"keepdims", "keepdim"}.isdisjoint(key or "" for key in keys):
        return out
    table, samples = Table(guess, given), set[str]()
    for target, value in parsed:
        samples |= {target} if by_samples(value, samples) else set()
        for name, other in ((n, o) for n, o in terms(value) if guess.get(n) == 1 and n[0] == "b" and is_product(o)):
            with suppress(SizeMismatch):
                shape = table.of(other)
                if shape is not None and (len(shape) < 2 or by_samples(other, samples)):
                    left = other.left if isinstance(other, ast.BinOp) else None          # x @ W of one sample x has a bias for each column
                    one = left is not None and len(table.of(left) or ()) == 1
                    out[name] = int(len(shape) == 2 or bool(shape) and (one or not by_samples(other, samples)))
        with suppress(SizeMismatch):
            table.shapes[target] = table.of(value)
    return out


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
