"""Every operation at every shape that has a size 1: rows, columns, single entries, sizes by name and sizes that are the number 1."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from matcalc.language.operations import ELEMENTWISE, MIRRORED, OPERATIONS, ROOTED, TALL

SHAPES = ("(m,n)", "(1,n)", "(n,1)", "(1,1)", "(1,3)", "(3,1)")
SQUARE = ("(n,n)", "(1,1)")
OUTER = ("{}", "sum(sin({}))", "norm2({})", "sum({})^2", "rowsum({})", "colsum({})", "softmax({})", "logsumexp({})", "kron({}, B)", "({})'")


class Row(NamedTuple):
    """A problem: what is declared, the expression, the order and the layout."""

    declare: tuple[str, ...]
    expr: str
    order: int = 1
    layout: str = "denominator"


def calls() -> Iterator[tuple[str, tuple[str, ...]]]:
    """f(X) or f(X, Y) for each row of the tables, with the declarations of each shape that fits."""
    for row in OPERATIONS:
        arguments = row.arguments.split()
        if row.head in ROOTED | TALL:           # of what is positive definite only, or as high as it is wide
            continue
        for shape in SQUARE[1:] if row.head in MIRRORED else SQUARE if arguments[0] == "(n,n)" else SHAPES:
            if row.head in ("diag", "softmax", "logsumexp") and not shape.endswith(",1)"):
                continue
            if len(arguments) == 1:
                yield f"{row.spelling}(X)", (f"X in R^{shape}",)
            else:
                for other in ((shape,) if arguments[0] == "(n,n)" else ("(p,q)", *SHAPES[1:4])):
                    yield f"{row.spelling}(X, Y)", (f"X in R^{shape}", f"Y in R^{other}")
    for entry in ELEMENTWISE:
        for shape in SHAPES[1:5]:
            yield f"{entry.name}({'0.3*X' if entry.name.startswith('arc') else 'X'})", (f"X in R^{shape} positive",)
    for text in ("X'", "X*X'", "X'*X", "X.*X", "X.^2", "X + 2*X", "sum(X)*X", "X*sum(X)", "diag(vec(X))", "diag(X*X')",
                 "X/norm2(X)", "inv(X*X' + eye(rows))", "X*ones(cols)", "(X*X')^2", "kron(X, X)"):
        for shape in SHAPES:
            rows, cols = shape.strip("()").split(",")
            yield text.replace("rows", rows).replace("cols", cols), (f"X in R^{shape}",)


def table() -> Iterator[Row]:
    """Each call by itself in every layout, and inside of every other operation, at order 1 and 2."""
    for text, declare in calls():
        for layout in ("denominator", "numerator", "mixed"):
            yield Row(declare, text, 1, layout)
        for outer in OUTER:
            given = (*declare, "B in R^(1,2)") if "B" in outer else declare
            yield Row(given, outer.format(text))
        for outer in ("sum(sin({}))", "norm2({})^2", "sum(sin(sum({})))"):
            yield Row(declare, outer.format(text), 2)
