"""A text as Python, if it is that, and names in it replaced."""

from __future__ import annotations

import ast
import copy
import re
from collections.abc import Mapping
from typing import TypeVar

from ...patterns import pattern

N = TypeVar("N", bound=ast.AST)
FENCED = pattern(r"\s*```(?:python|py)?[ \t]*\n(.*?)```\s*", re.S)


def tree_of(text: str) -> ast.Module | None:
    """The statements of a text, which Markdown may have set as code; none of what is not Python, or nested deeper than Python reads."""
    fenced = FENCED.fullmatch(text)
    try:
        return ast.parse(text if fenced is None else "\n" * (text.count("\n", 0, fenced.start(1))) + fenced[1])
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def one_statement(line: str) -> ast.stmt | None:
    """The only statement of a line.

    >>> ast.unparse(one_statement(" a = 2")), one_statement("a = 2; b = 3"), one_statement("a is 2 x")
    ('a = 2', None, None)
    """
    tree = tree_of(line.strip())
    return tree.body[0] if tree is not None and len(tree.body) == 1 else None


class _Replaced(ast.NodeTransformer):
    """Puts something for names that are used, and other names for those that get a value."""

    def __init__(self, names: Mapping[str, ast.expr]) -> None:
        self.names = names

    def visit_Name(self, node: ast.Name) -> ast.expr:  # noqa: N802
        """A name."""
        found = copy.deepcopy(self.names.get(node.id, node))
        if isinstance(found, ast.Name):
            found.ctx = node.ctx
        return found


def replaced(node: N, names: Mapping[str, ast.expr]) -> N:
    """A copy of a statement or an expression with something else for some names.

    >>> ast.unparse(replaced(ast.parse("z = x + y"), {"x": ast.parse("2*a", mode="eval").body}))
    'z = 2 * a + y'
    """
    out: N = _Replaced(names).visit(copy.deepcopy(node))
    return out
