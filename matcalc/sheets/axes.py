"""Sizes of axes that must be equal, and how NumPy broadcasts and sums over them."""

from __future__ import annotations

import ast
from collections.abc import Sequence

Axis = int | str        # a size that is known, or the name of one that is not


class SizeMismatch(Exception):
    """Two sizes that cannot be one."""


class Axes:
    """Which sizes are one; what was made so can be taken back."""

    def __init__(self) -> None:
        self.parent: dict[str, Axis] = {}
        self.trail: list[str] = []
        self.apart: set[Axis] = set()       # sizes that what follows makes equal to no other one
        self.many = 0

    def fresh(self) -> Axis:
        """A size that nothing is known of."""
        self.many += 1
        return f"?{self.many}"

    def root(self, axis: Axis) -> Axis:
        """What stands for a size."""
        while isinstance(axis, str) and axis in self.parent:
            axis = self.parent[axis]
        return axis

    def join(self, a: Axis, b: Axis) -> None:
        """Make two sizes one."""
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
        """Where one can come back to."""
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


def reduced(axes: Axes, shape: tuple[Axis, ...] | None, node: ast.Call) -> tuple[Axis, ...] | None:
    """The shape of a sum, a mean or a maximum."""
    if shape is None:
        return None
    keys = {k.arg: k.value.value for k in node.keywords if isinstance(k.value, ast.Constant)}
    axis, keep = keys.get("axis", keys.get("dim")), bool(keys.get("keepdims", keys.get("keepdim", False)))
    if axis is None:
        return ()
    if not isinstance(axis, int) or not -len(shape) <= axis < len(shape):
        raise SizeMismatch
    axis %= len(shape)
    return tuple(1 if k == axis else s for k, s in enumerate(shape) if k != axis or keep)
