r"""How LaTeX is set: vectors and matrices in bold or not, and the sign of the transpose. In effect within `set_as`."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from ..language.shape import InputError
from ..records import Record

LETTERS = ("plain", "bold")
TRANSPOSES = {"top": r"\top", "T": r"\mathsf{T}", "prime": r"\prime"}


class Style(Record):
    """How letters and transposes are set in LaTeX: bold or plain, and the sign of the transpose."""

    bold: bool = False
    transpose: str = TRANSPOSES["top"]


PLAIN = Style()
_STYLE: ContextVar[Style] = ContextVar("how LaTeX is set", default=PLAIN)


def style() -> Style:
    """The style in effect."""
    return _STYLE.get()


@contextmanager
def set_as(letters: str | None = None, transpose: str | None = None) -> Iterator[None]:
    """What is drawn within is set so; what is not given stays as it is."""
    for given, known in ((letters, LETTERS), (transpose, TRANSPOSES)):
        if given is not None and given not in known:
            raise InputError(f"no style is called {given}", hint=f"available: {', '.join(known)}")
    now = style()
    token = _STYLE.set(Style(now.bold if letters is None else letters == "bold",
                             now.transpose if transpose is None else TRANSPOSES[transpose]))
    try:
        yield
    finally:
        _STYLE.reset(token)
