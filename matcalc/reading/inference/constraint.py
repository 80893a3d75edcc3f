"""What is to hold of shapes, and where it was said."""

from __future__ import annotations

from collections.abc import Callable

from ...language.shape import Dim
from ..grammar.tokens import Line

Source = tuple[Line, int, int] | None


class Constraint:
    """Something that is to hold of shapes: `act` says True once it is settled, None while it waits, False where it cannot be."""

    __slots__ = ("about", "act", "failure", "source")

    def __init__(self, act: Callable[[], bool | None], about: Callable[[], tuple[Dim, ...]], source: Source = None,
                 failure: Callable[[], Exception] | None = None) -> None:
        self.act, self.about, self.source = act, about, source
        self.failure = failure or Bent


class Bent(Exception):
    """A name would have to be a scalar that cannot be one."""
