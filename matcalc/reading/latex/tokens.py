"""The tokens of LaTeX mathematics."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from ...language.shape import InputError
from ..grammar.tokens import GREEK as LETTERS, HALVES, LOWERED, MARKS, RAISED
from ...patterns import pattern

Token = tuple[str, int]
Tokens = Sequence[Token]
TOKEN = pattern(r"\b[Ss]um(?=_)|%(?:(?!\\\\)[^\n])*(?:\n[ \t]*)?|\\[A-Za-z]+\*?|\\.|[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?"
                   rf"|\.[*/^]|[^\W\d_][{''.join(MARKS)}]|[A-Za-z]|[{''.join(RAISED)}]+|[{''.join(LOWERED)}]+|\S", re.S)
GREEK = {word: word for word in LETTERS.values()} | {"varepsilon": "epsilon", "vartheta": "theta", "varphi": "phi", "varrho": "rho",
                                          "ell": "ell", "varsigma": "sigma", "varpi": "pi", "imath": "i", "jmath": "j"}
SIGNS = {"−": "-", "–": "-",
         "·": r"\cdot", "⋅": r"\cdot", "•": r"\bullet", "×": r"\times", "⊙": r"\odot", "∘": r"\circ", "⊘": r"\oslash",
         "⊗": r"\otimes",
         "′": "'", "’": "'", "∂": r"\partial", "∇": r"\nabla", "ᵀ": r"\trans", "‖": r"\|", "∈": r"\in", "⇒": r"\Rightarrow",
         "→": r"\to", "⊤": r"\top", "≤": r"\le", "≥": r"\ge", "≠": r"\ne", "∥": r"\|"}

LIMITS = frozenset((r"\limits", r"\nolimits"))         # where what stands below and above is set
SUMS = frozenset(("sum", "Sum", "∑"))
PAIRS = {"(": ")", "[": "]", "{": "}", r"\{": r"\}", r"\lvert": r"\rvert", r"\lVert": r"\rVert", r"\langle": r"\rangle"}


def tokens(text: str, start: int = 0, end: int | None = None) -> list[Token]:
    """Commands, numbers, letters and signs of a stretch of text, each with its place in the text."""
    found = TOKEN.finditer(text, start, len(text) if end is None else end)
    out: list[Token] = []
    for m in found:
        if m[0] in SUMS:
            out.append((r"\sum", m.start()))
        elif m[0].isascii() or m[0] in SIGNS:
            if m[0][0] != "%" and m[0] not in LIMITS:
                out.append((SIGNS.get(m[0], m[0]), m.start()))
        else:
            out += _written(m[0], m.start())
    return out


def _written(sign: str, at: int) -> list[Token]:
    """A sign that is not ASCII: a Greek letter, something raised or lowered, a letter of another style."""
    if sign in LETTERS:
        return [("\\" + LETTERS[sign], at)]
    if sign[0] in RAISED or sign[0] in LOWERED:
        inside = [(RAISED.get(c) or LOWERED[c], at) for c in sign]
        return [("^" if sign[0] in RAISED else "_", at), ("{", at), *inside, ("}", at)]
    if sign in HALVES:
        return [(r"\frac", at), *((number, at) for number in HALVES[sign])]
    if sign == "₊":
        return [("_", at), ("+", at)]
    parts = unicodedata.normalize("NFD", sign)
    if parts[1:] in MARKS:
        return [("\\" + MARKS[parts[1:]], at), ("{", at), ("\\" + LETTERS[parts[0]] if parts[0] in LETTERS else parts[0], at), ("}", at)]
    plain = unicodedata.normalize("NFKC", sign)
    return [(plain if len(plain) == 1 else sign, at)]


def misread(text: str, at: int, message: str, hint: str | None = None) -> InputError:
    """An error at a place in a text, with the line it stands in."""
    first = text.rfind("\n", 0, at) + 1
    last = text.find("\n", at)
    shown = text[first:last if last >= 0 else None].replace("\0", "\N{REPLACEMENT CHARACTER}")
    return InputError(message, text.count("\n", 0, at) + 1, at - first + 1, shown, hint)
