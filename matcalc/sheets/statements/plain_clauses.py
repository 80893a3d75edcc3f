"""What of a plain line says nothing: a declaration that is limited by the words behind it, a sentence beside code."""

from __future__ import annotations

from collections.abc import Sequence
import re

from ...patterns import pattern
from ..words.clauses import is_hedged, limits
from ..words.declaration_lists import STRUCTURED, in_symbols
from ..words.sentences import Item
from .name_structure import perhaps
from .sheet import Sheet

SYMBOLS = pattern(r"[=*^/∈∇∂²ᵀ→×]|\w'|\b\w\s+in\b|->")


def limited_behind(sheet: Sheet, item: Item, behind: Sequence[Item], hedged: bool) -> bool:
    """Whether `A is symmetric` is denied, or limited by what stands behind it: then A may be so, and nothing rests on it."""
    said = re.sub(r"\([^()]*\)", "", in_symbols(item.text)).strip()
    found = STRUCTURED.fullmatch(said)
    rest = " ".join(i.text if i.kind in ("word", "sign") else "#" for i in behind)
    denied = hedged or is_hedged(re.findall("[a-z]+", item.text), "")
    if found is None or not (denied or limits(rest)):
        return False
    for name in re.split(r",| and ", found[1]) if not denied else ():
        for word in found[2].split():
            perhaps(sheet, [name.strip()], word)
    return True


def sentence_beside_code(line: str) -> bool:
    """Whether a line beside those of a program is a sentence without a formula.

    >>> sentence_beside_code("dO comes from above"), sentence_beside_code("dO = P")
    (True, False)
    """
    words = line.split()
    return SYMBOLS.search(line) is None and len(words) > 2 and all(re.fullmatch(r"[\w'’-]+[,.:;]?", word) for word in words)
