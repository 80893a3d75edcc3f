"""Maxima in sheets of NumPy, `Z - Z.max(axis=1, keepdims=True)`: a function of which nothing is known but its sizes.

What follows for every function follows for this one; what a sum of exponentials loses by the shift does not depend on it.
"""

from __future__ import annotations

from contextlib import suppress
import ast

from ..python.python_text import tree_of
from .sheet import Sheet

LARGEST = frozenset(("max", "amax", "min", "amin"))


class _Named(ast.NodeTransformer):
    """Puts names for the maxima of defined arrays, and defines them."""

    def __init__(self, sheet: Sheet, number: int) -> None:
        self.sheet, self.number = sheet, number

    def visit_Attribute(self, node: ast.Attribute) -> ast.AST:  # noqa: N802
        """PyTorch's Z.max(1, keepdim=True).values."""
        self.generic_visit(node)
        return node.value if node.attr == "values" and not isinstance(node.value, ast.Call) else node

    def visit_Call(self, node: ast.Call) -> ast.AST:  # noqa: N802
        """A maximum of all entries, or along an axis."""
        self.generic_visit(node)
        f, keys = node.func, {k.arg: k.value for k in node.keywords}
        if not isinstance(f, ast.Attribute) or f.attr not in LARGEST or not keys.keys() <= {"axis", "dim", "keepdims", "keepdim"}:
            return node
        array, *along = node.args if ast.unparse(f.value) in ("np", "torch", "jnp", "numpy") else [f.value, *node.args]
        shape = self.sheet.names.shape(array.id) if isinstance(array, ast.Name) else None
        along += [v for k, v in keys.items() if k in ("axis", "dim")]
        with suppress(ValueError, IndexError):
            axis = ast.literal_eval(along[0]) if along else None
            if isinstance(array, ast.Name) and shape is not None and len(along) < 2 and (axis is None or isinstance(axis, int)):
                matrix = "1" not in shape
                rows = axis is not None and axis % 2 == 1
                size = shape[not rows] if matrix and axis is not None else ""
                name = f"{f.attr}_{array.id}{'' if axis is None else '_rows' if rows else '_columns'}"
                if not self.sheet.names.known(name):
                    of = f"R^({','.join(shape)})" if matrix and not size else f"R^({'*'.join(f'({n})' for n in shape)})"
                    self.sheet.declared(f"of_{name}: {of} -> {f'R^{size}' if size else 'R'}")
                    self.sheet.defined(name, f"of_{name}({f'vec({array.id})' if size else array.id})", self.number)
                kept = any(isinstance(v, ast.Constant) and v.value is True for k, v in keys.items() if k in ("keepdims", "keepdim"))
                return ast.parse(f"{name}[:, None]" if size and kept and rows else name, mode="eval").body
        return node


def with_maxima(sheet: Sheet, number: int, line: str) -> str:
    """A line with names for the maxima in it."""
    if not any(f"{word}(" in line for word in LARGEST):
        return line
    tree = tree_of(line)
    if tree is None:
        return line
    before = ast.unparse(tree)
    after = ast.unparse(_Named(sheet, number).visit(tree))
    return line if after == before else after
