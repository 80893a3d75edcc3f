"""The input and output of inference: raw trees with their lines, and names with their shapes."""

from __future__ import annotations

from collections.abc import Iterable

from ..grammar.functions import Code
from ...language.operations import DERIVED
from ...language.shape import ONE, Shape
from ..grammar.tokens import Line
from ...records import Record


class Statement(Record):
    """A raw tree, the line it stands on, the name it defines, and whether its shape equals that of the one before."""

    line: Line
    code: Code
    defines: str = ""
    equals: bool = False


def differentiated(statements: Iterable[Statement]) -> bool:
    """Whether a differential or a derivative stands in one of them."""
    return not DERIVED.isdisjoint([op for s in statements for op, _, _ in s.code])


class Asked(Record):
    """What is differentiated, by its statement, by what and how often, and whether the layout is the numerator's."""

    f: int
    wrt: str
    order: int
    transposed: bool


class Inferred(Record):
    """An undeclared name, its shape, and the expression that settled it; none where its letter did.

    `plain` is an I that does not fit as the identity, `words` are the words of structure that were said of it.
    """

    name: str
    shape: Shape
    source: str
    plain: bool = False
    words: frozenset[str] = frozenset()

    def __str__(self) -> str:
        return " ".join([said(self.name, self.shape), *sorted(self.words)])


def said(name: str, shape: Shape) -> str:
    """A declaration as one would type it.

    >>> from ...language.shape import ONE, Dim
    >>> said('x', (Dim.of('n'), ONE)), said('A', (Dim.of('m'), Dim.of('n')))
    ('x in R^n', 'A in R^(m,n)')
    """
    rows, cols = shape
    if cols is not ONE:
        return f"{name} in R^({rows},{cols})"
    if rows is ONE:
        return f"{name} in R"
    return f"{name} in R^{rows}" if str(rows).isalnum() else f"{name} in R^({rows})"
