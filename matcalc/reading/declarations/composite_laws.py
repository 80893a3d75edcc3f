"""The laws of the composites, read once: what lower.py and typed.py put in the place of a call."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import cast

from ...language.constants import size
from ...language.columns import RowError
from ...language.composites import BY_NAME
from .declare import Declarations
from ...language.nodes import Expr, Name
from ..grammar.reader import Reader
from ..grammar.functions import Code, Step
from ...language.shape import ONE, SCALAR, Dim, Shape, ShapeError, at_most, show_shape
from ..grammar.tokens import Line
from ...records import Record


SIZED = ("sized", "unvec", "unit")       # steps that hold sizes


class Law(Record):
    """What a composite stands for, as a raw tree, its parameters and the letters of their sizes."""

    name: str
    line: Line
    code: Code
    parameters: list[str]
    shapes: list[list[str]]

    def bound(self, given: Sequence[Expr]) -> tuple[Line, Code, Declarations]:
        """The law with the scope in which it is read: the parameters stand for what is given, the letters of their sizes for sizes."""
        sizes: dict[str, Dim] = {}
        scope = Declarations()
        for e, pair in zip(given, self.shapes, strict=True):
            for letter, dim in zip(pair, e.shape, strict=True):
                if (ONE if letter == "1" else sizes.setdefault(letter, dim)) is not dim:
                    raise ShapeError(f"{self.name}({', '.join(map(str, given))}): {e} is {show_shape(e.shape)}")
        found = dict(zip(self.parameters, given, strict=True)) | {letter: size(dim) for letter, dim in sizes.items()}
        scope.names = cast("dict[str, Name]", found)
        scope.shapes = {name: e.shape for name, e in found.items()}
        return self.line, [resized(step, sizes) for step in self.code], scope


def resized(step: Step, sizes: Mapping[str, Dim]) -> Step:
    """A step with sizes for their letters: ones(m) for an A in R^(n,k) is ones(n)."""
    op, at, data = step
    if op not in SIZED:
        return step
    return op, at, tuple([d.where(lambda n: sizes.get(n, Dim.of(n))) if isinstance(d, Dim) else d for d in data])


def law(name: str, shape: Shape = SCALAR) -> Law:
    """A composite's law, for a first argument of this shape.

    >>> law("mean").line.text, law("nuclear", (Dim.of(2), Dim.of(3))).line.text
    ('sum(A)/(m*n)', "tr(sqrtm(A*A'))")
    """
    return _read(name, bool(BY_NAME[name].wide) and shape[0] is not shape[1] and at_most(*shape) is True)


@cache
def _read(name: str, wide: bool) -> Law:
    row = BY_NAME[name]
    line = Line(row.wide if wide else row.body)
    code = Reader(line).whole()
    sizes = {n for op, _, data in code if op in SIZED for d in data if isinstance(d, Dim) for n in d.names}
    unknown = (sizes | {str(data) for op, _, data in code if op == "name"} - {*row.parameters, "pi"}).difference(*row.shapes)
    if unknown:
        raise RowError(f"{name}: its law uses {min(unknown)}, which is neither an argument nor the size of one")
    below = [*BY_NAME][[*BY_NAME].index(name):]
    if early := [str(data) for op, _, data in code if op == "call" and data in below]:
        raise RowError(f"{name}: its law uses {early[0]}, which must be defined in a row above it")
    return Law(name, line, code, row.parameters, row.shapes)
