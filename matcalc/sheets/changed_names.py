"""The names of a program that a statement may give another value."""

from __future__ import annotations

import ast


def changed(node: ast.stmt) -> list[str]:
    """The names that a statement may give another value: those assigned to, also in part, and those in calls whose value is not used."""
    out: dict[str, None] = {}
    for n in ast.walk(node):
        inside = n.targets if isinstance(n, ast.Assign) else [n.target] if isinstance(n, (ast.AugAssign, ast.AnnAssign, ast.For)) else \
            [n] if isinstance(n, (ast.Expr, ast.NamedExpr)) else [n.value] if isinstance(n, ast.keyword) and n.arg == "out" else []
        for part in inside:
            while isinstance(part, (ast.Subscript, ast.Attribute)):
                part = part.value
            out |= dict.fromkeys(m.id for m in ast.walk(part) if isinstance(m, ast.Name))
    return list(out)
