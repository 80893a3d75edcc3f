"""Matrices that a text introduces once more, with other sizes: `Let $X \\in \\mathbb{R}^{p \\times n}$` below another X."""

from __future__ import annotations

from functools import lru_cache
import re

from ...patterns import pattern
from .whole_text import Redefined

INTRODUCED = pattern(r"(?P<x>[A-Z])\s*\}?\s*\\in\s*\\mathbb\s*\{?\s*R\s*\}?\s*\^\s*\{?(?P<size>[^}$\n]{0,60})|"
                     r"\b(?:[Ll]et|[Ss]uppose|[Cc]onsider) (?=(?P<said>[^.\n]{0,60}))")
POSED = pattern(r"\b(?:[Ll]et|[Ss]uppose|[Cc]onsider)\b[^.\n]*$")
WORD = pattern(r"\\[A-Za-z]+|[A-Z]?[a-z]{3,}")
ALONE = pattern(r"\$(?:\\(?:mathbf|boldsymbol|bm)\s*\{)?([A-Z])\}?\$")


def redeclared_letters(text: str) -> list[Redefined]:
    r"""The capital letters that a text introduces again with another size, from the line on where it does.

    >>> [(r.letter, r.number) for r in redeclared_letters("$X\\in\\mathbb{R}^{n}$\nLet $X$ and $Y$ be square")]
    [('X', 2)]
    """
    out: list[Redefined] = []
    sizes: dict[str, str] = {}
    for m in INTRODUCED.finditer(text):
        size = re.sub(r"\s", "", m["size"] or "")
        for letter in [m["x"]] if m["x"] else ALONE.findall(m["said"]):
            if letter in sizes and sizes[letter] != size:
                start = text.rfind("\n", 0, m.start()) + 1
                number = 2 + sum(one.letter == letter for one in out)
                out = [one._replace(end=start) if one.letter == letter and one.end > start else one for one in out]
                out.append(Redefined(letter, start, len(text), number))
            sizes[letter] = size or sizes.get(letter, "")
    return out


@lru_cache(8)
def introduced_below(text: str) -> dict[str, int]:
    r"""The capital letters that a text first introduces with a size below a line that uses them, and in which line it does: they may be
    others there.

    >>> introduced_below("$X = A B$\nLet $X\\in\\mathbb{R}^{n}$ and $Y \\in\\mathbb{R}^{n}$")
    {'X': 2}
    """
    used, out = WORD.sub(lambda m: " " * len(m[0]), text), dict[str, int]()
    for m in INTRODUCED.finditer(text):
        start = text.rfind("\n", 0, m.start()) + 1
        if m["x"] and m["x"] not in out and POSED.search(text, start, m.start()) and -1 < used.find(m["x"]) < start:
            out[m["x"]] = text.count("\n", 0, start) + 1
    return out
