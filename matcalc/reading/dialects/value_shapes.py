"""The shape of a function's value where some sizes are not known."""

from __future__ import annotations

from collections.abc import Sequence

from .context import alike
from ..grammar.reader import Reader
from ..grammar.tokens import Line
from ..inference.clash import Clash
from ..inference.shapes import Walk
from ..inference.unify import Known
from ...language.shape import SCALAR, Dim, InputError, Shape


class Open(Known):
    """Sizes of which some are not known: those fit any other."""

    def same(self, a: Dim, b: Dim) -> bool:
        """Whether two sizes may be equal."""
        return alike(a, b)


def value_shape(name: str, given: Sequence[Shape | None]) -> Shape | None:
    """The shape of a function's value, or of a stack, as far as it is known."""
    shapes = {f"x{k}": shape for k, shape in enumerate(given) if shape is not None}
    if len(shapes) < len(given):
        return None
    line = Line(f"{name}({', '.join(shapes)})")
    try:
        return Walk(line, shapes, {}, {}, Open(), lambda at, free: SCALAR).run(Reader(line).whole()).shape
    except (Clash, InputError):
        return None
