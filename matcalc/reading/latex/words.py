"""The tokens of LaTeX mathematics."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ...language.shape import InputError
from ..tokens import GREEK as LETTERS

Token = tuple[str, int]
Tokens = Sequence[Token]
TOKEN = re.compile(r"%(?:(?!\\\\)[^\n])*(?:\n[ \t]*)?|\\[A-Za-z]+\*?|\\.|[0-9]+(?:\.[0-9]+)?|[A-Za-z]|\S", re.S)
GREEK = {word: word for word in LETTERS.values()} | {"varepsilon": "epsilon", "vartheta": "theta", "varphi": "phi", "varrho": "rho",
                                          "ell": "ell", "varsigma": "sigma", "varpi": "pi", "imath": "i", "jmath": "j"}
SIGNS = {"−": "-", "·": r"\cdot", "⋅": r"\cdot", "×": r"\times", "⊙": r"\odot", "∘": r"\circ", "⊘": r"\oslash", "⊗": r"\otimes",
         "′": "'", "’": "'", "∂": r"\partial", "∇": r"\nabla", "ᵀ": r"\trans", "‖": r"\|", "∈": r"\in", "⇒": r"\Rightarrow"}


def tokens(text: str, start: int = 0, end: int | None = None) -> list[Token]:
    """Commands, numbers, letters and signs of a stretch of text, each with its place in the text."""
    found = TOKEN.finditer(text, start, len(text) if end is None else end)
    return [(SIGNS.get(m[0], m[0]), m.start()) for m in found if m[0][0] != "%"]


def misread(text: str, at: int, message: str, hint: str | None = None) -> InputError:
    """An error at a place in a text, with the line it stands in."""
    first = text.rfind("\n", 0, at) + 1
    last = text.find("\n", at)
    shown = text[first:last if last >= 0 else None].replace("\0", "\N{REPLACEMENT CHARACTER}")
    return InputError(message, text.count("\n", 0, at) + 1, at - first + 1, shown, hint)
