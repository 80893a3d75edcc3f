"""Blocks of arrays: what a slice with sizes as bounds picks, a[:, H:2*H], is a product with a matrix of an identity and zeros.

How the axis is divided is known where the array was joined of others, or, for blocks of one size, from all slices of it.
"""

from __future__ import annotations

import ast
import copy
from collections.abc import Callable, Sequence

from ..python.array_lines import gradient_of
from ..python.scope import last

JOINS = {"concatenate": 0, "cat": 0, "hstack": 1, "vstack": 0, "concat": 0}          # with the axis where none is said
Read = Callable[[ast.expr], ast.expr]


class Blocks:
    """How the axes of arrays are divided: `joined` has the sizes of what an array was joined of, with the axis, `counts` how many blocks of
    one size its slices speak of; `unnamed` are the joins of two arrays that get no name."""

    def __init__(self) -> None:
        self.joined: dict[str, tuple[int, list[str]]] = {}
        self.counts: dict[str, int] = {}
        self.unnamed: list[tuple[int, list[str]]] = []

    def scan(self, f: ast.AST) -> None:
        """See how far the slices of arrays go, in blocks of one size."""
        for n in ast.walk(f):
            two = _sizes(n) if isinstance(n, ast.expr) else None
            self.unnamed += [two] if two is not None and len(two[1]) == 2 and two not in self.unnamed else []
            found = _sliced(n)
            if found is not None and isinstance(n, ast.Subscript):
                _, low, high = found
                ends = [m for bound in (low, high) if (m := _multiple(bound)) is not None]
                if len({of for k, of in ends if k}) == 1:
                    most = max(k for k, _ in ends) + (high is None)
                    self.counts[last(n.value)] = max(self.counts.get(last(n.value), 0), most)

    def joins(self, name: str, value: ast.expr) -> None:
        """A name is given what is joined of arrays."""
        found = _sizes(value)
        if found is not None:
            self.joined[name] = found

    def picked(self, node: ast.expr, read: Read) -> tuple[ast.expr, bool] | None:
        """The matrix by which a slice of a name is a product with it, and whether that stands behind it."""
        found = _sliced(node)
        if found is None or not isinstance(node, ast.Subscript):
            return None
        axis, low, high = found
        name = last(node.value)
        own, sizes = self.joined.get(name, self.joined.get(gradient_of(name), (-1, list[str]())))
        texts = [None if b is None else ast.unparse(read(copy.deepcopy(b))) for b in (low, high)]
        if own < 0 and None in texts:           # dz @ W.T has the parts of np.hstack([x, h]) where x.shape[1] divides it
            own, sizes = next((two for two in self.unnamed if two[0] == axis and two[1][0] in texts), (own, sizes))
        if own == axis and set(filter(None, texts)) <= {f"{' + '.join(sizes[:k])}" for k in range(1, len(sizes) + 1)}:
            ends = [None if t is None else next(k for k in range(1, len(sizes) + 1) if " + ".join(sizes[:k]) == t) for t in texts]
        else:
            bounds = [None if b is None else _multiple(b) for b in (low, high)]
            known = [b for b in bounds if b is not None and b[0]]
            count = self.counts.get(name, self.counts.get(gradient_of(name), 0))
            if None in [b if e is not None else 0 for b, e in zip(bounds, (low, high), strict=True)] or count < 2 or \
                    len({of for _, of in known}) != 1:
                return None
            sizes = [ast.unparse(read(ast.parse(known[0][1], mode="eval").body))] * count
            ends = [None if b is None else b[0] for b in bounds]
        first, end = ends[0] or 0, len(sizes) if ends[1] is None else ends[1]
        if not 0 <= first < end <= len(sizes):
            return None
        columns = [_stacked(sizes, k) for k in range(first, end)]
        matrix = columns[0] if len(columns) == 1 else f"np.hstack([{', '.join(columns)}])"
        return ast.parse(matrix if axis else f"({matrix}).T", mode="eval").body, bool(axis)


def joined(value: ast.expr) -> tuple[Sequence[ast.expr], int] | None:
    """The arrays that are joined along an axis.

    >>> [ast.unparse(p) for p in joined(ast.parse("np.concatenate((h, x), axis=1)", mode="eval").body)[0]]
    ['h', 'x']
    """
    word = last(value.func) if isinstance(value, ast.Call) else ""
    if not isinstance(value, ast.Call) or word not in JOINS or not value.args or not isinstance(value.args[0], (ast.List, ast.Tuple)):
        return None
    along = [*value.args[1:], *(k.value for k in value.keywords if k.arg in ("axis", "dim"))]
    said = ast.unparse(along[0]) if along else str(JOINS[word])
    return (value.args[0].elts, 1 if said in ("1", "-1") else 0) if said in ("0", "1", "-1") else None


def _sizes(value: ast.expr) -> tuple[int, list[str]] | None:
    """The axis along which arrays that have names are joined, and their sizes along it."""
    found = joined(value)
    if found is None or not all(isinstance(p, ast.Name) for p in found[0]):
        return None
    return found[1], [f"{last(p)}.shape[{found[1]}]" for p in found[0]]


def _stacked(sizes: Sequence[str], at: int) -> str:
    """A column of blocks, an identity at one place."""
    own = sizes[at]
    return "np.vstack([" + ", ".join(f"np.eye({own})" if k == at else f"np.zeros(({s}, {own}))" for k, s in enumerate(sizes)) + "])"


def _sliced(node: ast.AST) -> tuple[int, ast.expr | None, ast.expr | None] | None:
    """The axis and the bounds of a[:, low:high], a[..., low:high] and a[low:high], where one of them is a size and not a number."""
    if not isinstance(node, ast.Subscript) or not isinstance(node.value, (ast.Name, ast.Attribute)):
        return None
    parts = list(node.slice.elts) if isinstance(node.slice, ast.Tuple) else [node.slice]
    whole = len(parts) == 2 and ast.unparse(parts[0]) in (":", "...")
    at = parts[-1]
    if not (whole or len(parts) == 1) or not isinstance(at, ast.Slice) or at.step is not None:
        return None
    names = [n for bound in (at.lower, at.upper) if bound is not None for n in ast.walk(bound) if isinstance(n, ast.Name)]
    return (int(whole), at.lower, at.upper) if names else None


def _multiple(bound: ast.expr | None) -> tuple[int, str] | None:
    """2 and H of 2*H."""
    if bound is None or isinstance(bound, ast.Constant):
        return (0, "") if bound is None or bound.value == 0 else None       # type: ignore[union-attr]
    if isinstance(bound, ast.BinOp) and isinstance(bound.op, ast.Mult):
        for number, of in ((bound.left, bound.right), (bound.right, bound.left)):
            if isinstance(number, ast.Constant) and isinstance(number.value, int):
                return number.value, ast.unparse(of)
    return (1, ast.unparse(bound)) if isinstance(bound, (ast.Name, ast.Attribute, ast.Subscript)) else None


def put(old: ast.expr, matrix: ast.expr, behind: bool, value: ast.expr) -> ast.expr:
    """An array with something else in the place that a slice picks."""
    turned = ast.Attribute(matrix, "T", ast.Load())
    def there(of: ast.expr) -> ast.expr:
        return ast.BinOp(of, ast.MatMult(), turned) if behind else ast.BinOp(turned, ast.MatMult(), of)
    kept = ast.BinOp(old, ast.MatMult(), matrix) if behind else ast.BinOp(matrix, ast.MatMult(), old)
    return ast.BinOp(ast.BinOp(old, ast.Sub(), there(kept)), ast.Add(), there(value))
