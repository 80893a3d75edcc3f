"""Names that may stand for functions where they were read as factors: f of f(Xw), where f stands before a bracket wherever it stands."""

from __future__ import annotations

from functools import lru_cache
import re

from ..reading.brackets import ROUND, closing
from ..reading.latex.tokens import GREEK

FORMULA = re.compile(r"\$\$(.+?)\$\$|\$([^$]+)\$|\\\[(.+?)\\\]|\\\((.+?)\\\)|\\begin\{(\w+\*?)\}(.+?)\\end\{\5\}", re.S)
INDEX = r"(?:\s*[_^]\s*(?:\{[^{}]*\}|\\?\w+|\*)|'|\\prime)*"
RAISED = re.compile(r"\^\s*(?!\{?\s*\()")         # A^{-1}, x^T, and not a layer's f^{(l)}
OCCURRENCE = re.compile(r"(\\[A-Za-z]+|(?<![A-Za-z\\{])[A-Za-z](?![A-Za-z]))(" + INDEX + r")\s*(?:\\(?:left|[bB]igg?l?)\s*)?(\(?)")
LETTER = re.compile(r"(?:\\[A-Za-z]+|[A-Za-z])(?:_\w|_\{[^{}]*\})?")
BARE = re.compile(r"\s*\\?[A-Za-z]+\s*")


@lru_cache(8)
def applied(text: str) -> dict[str, frozenset[str]]:
    """The letters that stand before a bracket wherever they stand in a formula, or before a letter in brackets, as no factor does, each
    with what stands in the brackets; a letter that is all of a formula is only spoken of."""
    inside, alone = dict[str, set[str]](), set[str]()
    for m in FORMULA.finditer(text):
        formula = next(part for part in (m[1], m[2], m[3], m[4], m[6]) if part)
        if BARE.fullmatch(formula):
            continue
        for one in OCCURRENCE.finditer(formula):
            name = GREEK.get(one[1].lstrip("\\"), one[1].lstrip("\\"))
            if one[3] and ("'" in one[2] or "prime" in one[2]):
                continue                # a derivative, of which a bracket says nothing
            if one[3] and not RAISED.search(one[2]):
                end = closing(formula, one.end() - 1, ROUND)
                inside.setdefault(name, set()).add("".join(formula[one.end():end].split()))
            else:
                alone.add(name)
    return {name: frozenset(filter(LETTER.fullmatch, found) if name in alone else found) for name, found in inside.items()}
