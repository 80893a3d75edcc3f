"""Sizes of axes that must be equal, and how NumPy broadcasts and sums over them.

What is added to a product of arrays is one number, or a vector for each sample.
"""

from __future__ import annotations

import ast
from collections.abc import Sequence, Container, Iterator

LIBRARIES = ("np", "torch", "jnp", "numpy")


def terms(value: ast.expr) -> Iterator[tuple[str, ast.expr]]:
    """The names that are added to something in a value, with what they are added to."""
    for node in ast.walk(value):
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
            for side, other in ((node.left, node.right), (node.right, node.left)):
                if isinstance(side, ast.Name):
                    yield side.id, other


def is_product(node: ast.AST) -> bool:
    """Whether this is a @ b or a.dot(b)."""
    return isinstance(node, ast.BinOp) and isinstance(node.op, ast.MatMult) or \
        isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in ("dot", "matmul")


def factors(node: ast.AST) -> list[ast.expr]:
    """The factors of a product."""
    if isinstance(node, ast.BinOp):
        return [node.left, node.right]
    inner = [*node.args, node.func.value] if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) else []
    return [part for part in inner if not isinstance(part, ast.Name) or part.id not in LIBRARIES]


def by_samples(value: ast.expr, samples: Container[str]) -> bool:
    """Whether the rows of a value are samples: its products begin with what is called as data are, or with what has samples in its rows.

    >>> [by_samples(ast.parse(t, mode="eval").body, {"H"}) for t in ("X @ W + b", "np.tanh(H)", "W @ X")]
    [True, True, False]
    """
    products = [node for node in ast.walk(value) if is_product(node)]
    names = [first_name(node) for node in products] or [n.id for n in ast.walk(value) if isinstance(n, ast.Name)]
    found = [name[:1] in ("X", "x") or name == "Phi" or name in samples for name in names if name not in LIBRARIES]
    return any(found) and (not products or all(found))


def first_name(node: ast.AST) -> str:
    """The first name of a product."""
    while not isinstance(node, ast.Name):
        if isinstance(node, ast.BinOp):
            node = node.left
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            library = isinstance(node.func.value, ast.Name) and node.func.value.id in LIBRARIES
            node = node.args[0] if library and node.args else node.func.value
        elif isinstance(node, ast.Attribute):
            node = node.value
        else:
            return ""
    return node.id


Axis = int | str        # a size that is known, or the name of one that is not


class SizeMismatch(Exception):
    """Two sizes that cannot be equal."""


class Axes:
    """Sizes of axes known to be equal, as a union-find structure that can go back to an earlier state."""

    def __init__(self) -> None:
        self.parent: dict[str, Axis] = {}
        self.trail: list[str] = []
        self.apart: set[Axis] = set()       # sizes that what follows makes equal to no other one
        self.many = 0

    def fresh(self) -> Axis:
        """A new size of which nothing is known."""
        self.many += 1
        return f"?{self.many}"

    def root(self, axis: Axis) -> Axis:
        """The representative of a size."""
        while isinstance(axis, str) and axis in self.parent:
            axis = self.parent[axis]
        return axis

    def join(self, a: Axis, b: Axis) -> None:
        """Make two sizes equal; SizeMismatch where they cannot be."""
        a, b = self.root(a), self.root(b)
        if a == b:
            return
        if isinstance(a, int) and isinstance(b, int):
            raise SizeMismatch
        if a in self.apart and b in self.apart:
            raise SizeMismatch
        key, value = (a, b) if isinstance(a, str) else (b, a)
        assert isinstance(key, str)
        self.parent[key] = value
        self.trail.append(key)

    def same(self, one: Sequence[Axis], two: Sequence[Axis]) -> None:
        """Make two shapes one; no size of samples becomes 1 so."""
        if len(one) != len(two) or any((self.root(a) == 1) != (self.root(b) == 1) for a, b in zip(one, two, strict=True)):
            raise SizeMismatch
        for a, b in zip(one, two, strict=True):
            self.join(a, b)

    def mark(self) -> int:
        """A state to which `back` returns."""
        return len(self.trail)

    def back(self, mark: int) -> None:
        """Take back what was made one since."""
        while len(self.trail) > mark:
            del self.parent[self.trail.pop()]


def spread(axes: Axes, shapes: Sequence[tuple[Axis, ...] | None]) -> tuple[Axis, ...] | None:
    """The shape of arrays that are combined entry by entry."""
    if None in shapes:
        return None
    known = [s for s in shapes if s is not None]
    out: list[Axis] = []
    for k in range(1, max(map(len, known)) + 1):
        sizes = [axes.root(s[-k]) for s in known if len(s) >= k]
        wide = [s for s in sizes if s != 1]
        for size in wide[1:]:
            axes.join(wide[0], size)
        out.insert(0, wide[0] if wide else 1)
    return tuple(out)


def reduced(axes: Axes, shape: tuple[Axis, ...] | None, node: ast.Call, given: Sequence[ast.expr]) -> tuple[Axis, ...] | None:
    """The shape of a sum, a mean or a maximum of the first of what is given, along the axis that a keyword or the second names."""
    if shape is None:
        return None
    keys = {k.arg: k.value for k in node.keywords}
    along, kept = keys.get("axis", keys.get("dim", given[1] if len(given) > 1 else None)), keys.get("keepdims", keys.get("keepdim"))
    try:
        axis, keep = (None if n is None else ast.literal_eval(n) for n in (along, kept))
    except ValueError:
        return None
    if axis is None:
        return ()
    if not isinstance(axis, int) or not -len(shape) <= axis < len(shape) or keep and len(shape) < 2:
        raise SizeMismatch
    axis %= len(shape)
    return tuple(1 if k == axis else s for k, s in enumerate(shape) if k != axis or keep)
