"""A text as Python, if it is that."""

from __future__ import annotations

import ast


def tree_of(text: str) -> ast.Module | None:
    """The statements of a text; none of what is not Python, or nested deeper than Python itself reads."""
    try:
        return ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def one_statement(line: str) -> ast.stmt | None:
    """The only statement of a line.

    >>> ast.unparse(one_statement(" a = 2")), one_statement("a = 2; b = 3"), one_statement("a is 2 x")
    ('a = 2', None, None)
    """
    tree = tree_of(line.strip())
    return tree.body[0] if tree is not None and len(tree.body) == 1 else None
