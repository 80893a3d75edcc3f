r"""What is to be minimised or maximised, and under which condition, as a display has it: \min_w f(w) \quad \text{s.t.} \quad g(w) = 1."""

from __future__ import annotations

from ..reading.latex.cursor import STYLES
from ..reading.latex.macros import group
from ..reading.latex.tokens import Tokens

OPTIMA = frozenset((r"\min", r"\max"))
WORDS = frozenset(("minimize", "minimise", "maximize", "maximise", "min", "max"))


def is_task(sides: tuple[Tokens, ...], sign: str) -> bool:
    """Whether a statement says what is to be minimised, and nothing of what it is."""
    if len(sides) != 1 or sign or len(sides[0]) < 2:
        return False
    first = sides[0][0][0]
    return first in OPTIMA or first in STYLES and "".join(t for t, _ in group(sides[0], 1)[0]) in WORDS


def subject(word: str) -> bool:
    """Whether a word is the last one of `subject to` or `s.t.`."""
    return word in ("t", "to")
