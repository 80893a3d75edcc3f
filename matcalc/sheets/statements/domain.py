"""What a formula in a sentence says of the space that the argument of a function lies in."""

from __future__ import annotations

from ...patterns import pattern
from ...reading.latex.declarations import declaration
from ..words.sentences import Item
from ..words.structure_words import structure
from .equalities import spelled_tokens
from .sheet import Sheet

OVER = pattern(r"\b(?:on|over)(?: (?:the|all of) ?\w*)?$")


def is_domain(sheet: Sheet, of: list[list[str]], words: str, item: Item) -> bool:
    """Take the space behind `f(X) = .. on` as that of X; whether it is one."""
    given = sheet.names.arguments.get(of[-1][0], ()) if of and of[-1] and OVER.search(words) else ()
    if len(given) != 1 or not sheet.new(given[0]):
        return False
    space = [(given[0], item.start), (r"\in", item.start), *spelled_tokens(sheet, item.start, item.end)]
    said = declaration(space, sheet.names, sheet.text, structure)
    if said is not None:
        sheet.declared(said)
    return said is not None
