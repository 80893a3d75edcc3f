"""Shapes of undeclared arrays of a sheet in NumPy, by what its lines do with them.

How many axes a name has is guessed by its letter (W has two, w and b one, n none) and by what is done with it (x.T, axis=0); of these
guesses those count under which most lines fit. Sizes are what the lines then make equal; a line that does not fit has no say.
"""

from __future__ import annotations

import ast
from collections.abc import Sequence
from contextlib import suppress

from .axes import Axes, Axis, SizeMismatch, by_samples, first_name, is_product, reduced, spread, terms
from .axis_evidence import COUNTS, MODULES, SUMS, asked_of, axes_of, is_multiplied, of_gradient

SIZES = ("n", "d", "h", "k", "p", "q", "r", "s", "u", "v")
SQUARE = ("trace", "det", "slogdet", "logdet", "inv", "matrix_power", "solve")
COLUMN, ROW = 3, 4      # of two axes, a bias with one place along the samples
MOST = 24       # so many names are tried with another number of axes


class Thin(ast.NodeTransformer):
    """Writes b[:, None] for a bias that stands along the samples as a column, and takes its gradient's keepdims off."""

    def __init__(self, columns: set[str]) -> None:
        self.columns = columns

    def visit_Name(self, node: ast.Name) -> ast.expr:  # noqa: N802
        """A name that is used."""
        if node.id not in self.columns or not isinstance(node.ctx, ast.Load):
            return node
        return ast.parse(f"{node.id}[:, None]", mode="eval").body


def with_one_axis(line: str, thin: dict[str, int]) -> str:
    """A line in which biases of two axes have one."""
    parsed = _parsed(line) if thin else None
    if parsed is None:
        return line
    target, value = parsed
    if target[1:] in thin and isinstance(value, ast.Call):
        value.keywords = [k for k in value.keywords if k.arg not in ("keepdims", "keepdim")]
    made = Thin({n for n, axes in thin.items() if axes == COLUMN}).visit(value)
    return f"{target} = {ast.unparse(made)}"


def shapes(lines: Sequence[str], known: set[str]) -> tuple[list[str], dict[str, int]]:
    """Declarations of the arrays that lines use and nothing defines; which of them have one place along one of two axes."""
    parsed = [p for p in map(_parsed, lines) if p is not None]
    assigned: set[str] = set()
    free: dict[str, None] = {}
    for target, value in parsed:
        for node in ast.walk(value):
            if isinstance(node, ast.Name) and node.id not in assigned and node.id not in known and not _called(value, node) and \
                    (node.id in free or of_gradient(node.id) not in assigned):       # what comes from above is a gradient of what is made
                free.setdefault(node.id)
        assigned.add(target)
    names = [n for n in free if n not in MODULES and not (n == "F" and {"softmax", "relu", "log_softmax"} & asked_of(n, parsed))]
    if not names or known & set(names):
        return [], {}
    best = {n: axes_of(n, parsed) for n in names}
    table = Table(best | _biases(best, parsed))
    forward = [(target, value) for target, value in parsed if target[0] != "d"]
    fits = table.count(parsed)
    added = {n for _, value in parsed for n, _ in terms(value)}
    for name in sorted(names[:MOST], key=added.__contains__):
        for axes in (1, 0) if name[0].isupper() else (1, 0, COLUMN, ROW, 2) if name in added else (1, 0, 2):
            if fits == len(parsed):
                break
            guess = best | {n: axes for n in names if n.rstrip("0123456789") == name.rstrip("0123456789")}          # b1 as b2
            other = Table(guess | _biases(guess, parsed))
            found = other.count(parsed) if axes != best[name] else -1
            kept = axes != 2 and name not in _biases(best, parsed) and not is_multiplied(name, parsed)
            if found > fits and (kept or found > fits + 1 or Table(table.guess).count(forward) < Table(other.guess).count(forward)):
                best, table, fits = guess, other, found
    return Table(table.guess).declared(parsed, {*names, *assigned}), {n: axes for n, axes in best.items() if axes in (COLUMN, ROW)}


def _parsed(line: str) -> tuple[str, ast.expr] | None:
    try:
        [node] = ast.parse(line.strip()).body
    except (SyntaxError, ValueError):
        return None
    if isinstance(node, ast.Assign) and len(node.targets) == 1 and isinstance(node.targets[0], ast.Name):
        return node.targets[0].id, node.value
    return None


def _called(value: ast.expr, name: ast.Name) -> bool:
    return any(isinstance(node, ast.Call) and node.func is name for node in ast.walk(value))


def _biases(guess: dict[str, int], parsed: Sequence[tuple[str, ast.expr]]) -> dict[str, int]:
    """The names that are only added to products of which it is plain what is added to them: one number to w @ x and to each entry of
    X @ w, where the rows of X are samples, a vector to W @ x."""
    out: dict[str, int] = {}
    keys = (node.arg for _, value in parsed for node in ast.walk(value) if isinstance(node, ast.keyword))
    if not {"keepdims", "keepdim"}.isdisjoint(key or "" for key in keys):
        return out
    table, samples = Table(guess), set[str]()
    for target, value in parsed:
        samples |= {target} if by_samples(value, samples) else set()
        for name, other in ((n, o) for n, o in terms(value) if guess.get(n) == 1 and n[0] == "b" and is_product(o)):
            with suppress(SizeMismatch):
                shape = table.of(other)
                if shape is not None and (len(shape) < 2 or by_samples(other, samples)):
                    each = by_samples(other, samples) and len(table.shapes.get(first_name(other)) or ()) == 2
                    out[name] = int(len(shape) == 2 or bool(shape) and not each)
        with suppress(SizeMismatch):
            table.shapes[target] = table.of(value)
    return out


class Table(Axes):
    """The shapes of all names under one guess."""

    def __init__(self, guess: dict[str, int]) -> None:
        super().__init__()
        self.guess = guess
        self.shapes: dict[str, tuple[Axis, ...] | None] = {n: self.first(k) for n, k in guess.items()}

    def first(self, axes: int) -> tuple[Axis, ...]:
        """A shape of which only that is known."""
        return (self.fresh(), 1) if axes == COLUMN else (1, self.fresh()) if axes == ROW else tuple(self.fresh() for _ in range(axes))

    def count(self, parsed: Sequence[tuple[str, ast.expr]]) -> int:
        """How many lines fit; those that do not have no say."""
        count = 0
        for target, value in parsed:
            mark = self.mark()
            try:
                if target[0] == "d" and target[1:] in self.shapes and not self.apart:      # gradients do not say which sizes are one
                    self.apart = {self.root(axis) for shape in self.shapes.values() for axis in shape or ()}
                found = self.of(value)
                base = self.shapes.get(target[1:]) if target[0] == "d" else None
                if base is not None and found is not None:
                    self.same(base, found)
                self.shapes[target] = found
                self.shapes |= dict.fromkeys((f"d{target}", f"grad_{target}", f"{target}_grad"), found)
                count += found is not None
            except SizeMismatch:
                self.back(mark)
                self.shapes[target] = self.shapes.get(target[1:]) if target[0] == "d" else None
        return count

    def declared(self, parsed: Sequence[tuple[str, ast.expr]], taken: set[str]) -> list[str]:
        """What is declared: a size that the lines divide by, n of .. / n, is that of the axis over which samples go."""
        arrays = {n: s for n, s in self.shapes.items() if s is not None}
        self.count(parsed)
        counts = [n for n, s in arrays.items() if s == () and n in COUNTS]
        samples = next((self.root(s[self.across(parsed)]) for n, s in arrays.items() if len(s) == 2 and n[0] in "XxAHh"), None)
        names: dict[Axis, str] = {} if not counts or samples is None or isinstance(samples, int) else {samples: counts[0]}
        fresh = (s for s in SIZES if s not in taken)

        def size(axis: Axis) -> str:
            root = self.root(axis)
            if isinstance(root, int):
                return str(root)
            if root not in names:
                names[root] = next(fresh, f"n_{len(names)}")
            return names[root]
        out = []
        for name, shape in arrays.items():
            if name in names.values():
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
                            return int(key.value.value == 1 and not _softened(value))
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
            return self.product(*sides) if isinstance(node.op, ast.MatMult) else spread(self, sides)
        if isinstance(node, ast.Attribute):
            found = self.of(node.value) if node.attr == "T" else None
            return () if node.attr == "size" else found and found[::-1]
        if isinstance(node, ast.Subscript):
            found = self.of(node.value) if isinstance(node.value, (ast.Call, ast.Name)) else None       # np.linalg.slogdet(A)[1]
            kept = [ast.unparse(p) for p in (node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice])]
            axes = iter(found or ())
            if found is None or not set(kept) <= {":", "None", "np.newaxis"} or kept.count(":") != len(found):
                return () if isinstance(node.value, ast.Attribute) and node.value.attr == "shape" else None
            return tuple(next(axes) if part == ":" else 1 for part in kept)
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
            library = isinstance(root, ast.Name) and root.id in ("np", "torch", "jnp", "numpy", "F")
            name, given = function.attr, [*([] if library else [function.value]), *node.args]
        else:
            name, given = function.id if isinstance(function, ast.Name) else "", list(node.args)
        found = [self.of(a) for a in given]
        if not found:
            return None
        if name in ("dot", "matmul"):
            return self.product(*found[:2]) if len(found) == 2 else None
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
        if name == "outer":
            return None if None in found else tuple(a for f in found for a in f or ())
        summed = reduced(self, found[0], node, given) if name in (*SUMS, "softmax", "log_softmax") else None
        if name in SUMS:
            return summed
        if name in ("where", "maximum", "minimum", "multiply", "add", "subtract", "divide"):
            return spread(self, found)
        return () if name == "len" else found[0] if len(found) == 1 or name in ("clip", "softmax", "log_softmax") else None


def _softened(value: ast.expr) -> bool:
    return any(isinstance(node, ast.Attribute) and node.attr == "exp" for node in ast.walk(value))
