"""The names in force on a line of a problem, as the reader of formulas asks for them."""

from __future__ import annotations

import re

from .context import UNKNOWN, Context, unknown
from .value_shapes import Open
from ..grammar.kinds import kind
from .columns import extents
from ..inference.clash import Clash
from ..inference.shapes import Walk
from ..grammar.reader import Reader
from ..grammar.tokens import Line
from ...language.shape import ONE, SCALAR, Dim, InputError, Shape
from ..latex.names import Names


class Declared(Names):
    """The names of a problem, for the LaTeX reader: undeclared ones have the shapes that their letters suggest. What has two readings is
    asked back."""

    asks = True

    def __init__(self, line: Line, around: Context, equation: bool = False) -> None:
        super().__init__()
        self.equation, self.sizes = equation or around.equation, set(around.scope.origins)
        self.typed, self.around = line, around
        self.open = {name for name in around.used if not around.knows(name)}
        self.plain = {*around.scope.shapes, *around.defined, *around.scope.functions, *self.open}
        for name, row in around.scope.functions.items():
            source, target = row.signature or (None, None)
            self.functions[name] = target is not None
            if source is None:
                self.curves.add(name)
        self.bodies = dict.fromkeys(around.defined, "")
        self.arguments = {name: given for name, given in around.arguments.items() if given}
        self.shapes: dict[str, Shape | None] = {}

    def resolve(self, name: str) -> str:
        """A subscript as it was declared: x1 or x_1."""
        return self.around.resolve(name)

    def resolved(self, name: str) -> bool:
        """Whether it is declared, perhaps without its underscore."""
        return self.known(self.resolve(name))

    def bars(self) -> str:
        """What bars around a square matrix are, where one of two readings was found to fit."""
        self.around.barred = True
        return self.around.bars

    def lengths(self, sign: str) -> bool:
        """Whether bars around a column are its length; where they are squared, or divide by, that is a question."""
        self.around.measured = self.around.measured or sign
        return (self.around.bars or self.around.said.get("|")) == "norm2"

    def by(self, name: str) -> bool:
        """Whether a question asks for the derivative by this name."""
        return name == self.around.wrt

    def misread(self, text: str, at: int, message: str, hint: str | None = None) -> InputError:
        """An error at a place in the line."""
        return self.typed.error_at(message, min(at, len(self.typed.text)), hint)

    def shape(self, text: str) -> tuple[str, str] | None:
        """The shape of a text in words."""
        if text not in self.shapes:
            self.shapes[text] = self.shape_of(text)
        found = self.shapes[text]
        return None if found is None else (_said(found[0]), _said(found[1]))

    guessed = used = shape

    def shape_of(self, text: str) -> Shape | None:
        """The shape of a text of the language, by the letters where nothing is declared; None where it has none."""
        line = Line(text)
        try:
            reader = Reader(line, self.around.scope.functions)
            code = reader.whole()
            shapes = {name: self.around.shape(name) for name in reader.used if name not in self.around.scope.functions}
            for before, sign, name in zip(line.tokens, line.tokens[1:], line.tokens[2:], strict=False):
                if sign == "*" and name in shapes and not self.around.knows(name) and shapes[name] == SCALAR and \
                        (before == ")" or before == "'" or ONE not in shapes.get(before, SCALAR)):
                    shapes[name] = (Dim.of(f"{UNKNOWN}{name}0"), ONE)       # what ends a product behind a matrix is a column
            return Walk(line, shapes, self.around.scope.functions, {}, Open(), self.free).run(code).shape
        except (InputError, Clash, KeyError):
            return None

    def variable(self, text: str) -> str | None:
        """What ∇ is taken by where nothing says it: the variable that is asked for, or the only vector."""
        names = set(Line(text).tokens) & self.around.scope.shapes.keys()
        declared = {name for name in names if kind(self.around.shape(name)) == "column"}
        found = set() if self.around.wrt else self.columns(text) | declared
        return found.pop() if len(found) == 1 else self.around.wrt or None

    def columns(self, text: str) -> set[str]:
        """The names that are columns where this is shaped by itself."""
        line = Line(re.sub(r"\?#\d+\?", "n", text))
        found = extents(line, [(t, k, k) for k, t in enumerate(line.tokens[:-1])], self.around) or {}
        return {name for name, shape in found.items() if shape == (True, False)}

    def free(self, at: int, name: str) -> Shape:
        """The shape of a constant whose size is inferred."""
        rows = Dim.of(f"{UNKNOWN}{at}")
        return (rows, ONE) if name in ("vector", "unit") else (rows, rows) if name in ("eye", "I") else (rows, Dim.of(f"{UNKNOWN}{at}1"))


def _said(d: Dim) -> str:
    """A size in words; "?" for one that is not known."""
    return "?" if unknown(d) else str(d)
