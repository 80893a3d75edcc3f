"""What is added to products of arrays: one number, or a vector for each sample."""

from __future__ import annotations

import ast
from collections.abc import Container, Iterator

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


def by_samples(value: ast.expr, samples: Container[str]) -> bool:
    """Whether the rows of a value are samples: its products begin with what is called as data are, or with what has samples in its rows.

    >>> [by_samples(ast.parse(t, mode="eval").body, {"H"}) for t in ("X @ W + b", "np.tanh(H)", "W @ X")]
    [True, True, False]
    """
    products = [node for node in ast.walk(value) if is_product(node)]
    names = [_first(node) for node in products] or [n.id for n in ast.walk(value) if isinstance(n, ast.Name)]
    found = [name[:1] in ("X", "x") or name == "Phi" or name in samples for name in names if name not in LIBRARIES]
    return any(found) and (not products or all(found))


def _first(node: ast.AST) -> str:
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
