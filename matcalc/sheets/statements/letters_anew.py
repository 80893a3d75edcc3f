"""What formulas in sentences say of letters that are defined: that one is another from here on, and where an argument lies."""

from __future__ import annotations

from ...patterns import pattern
from ...reading.latex.declarations import declaration
from ...reading.latex.whole_text import Redefined
from ..parts.formula import formula
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


def said_anew(sheet: Sheet, name: str, body: str, start: int) -> bool:
    """Take a defined letter for another one from a place on, where it is said to be something else; whether it is one."""
    name = next((a.letter for a in sheet.afresh if f"{a.letter}_{a.number}" == name), name)
    used = any(name in formula(other).names for other in (body, *sheet.names.bodies.values()))
    if len(name) != 1 or name not in sheet.names.bodies or sheet.names.bodies[name] == body or used:
        return False
    sheet.afresh[:] = [a._replace(end=start) if a.letter == name and a.end > start else a for a in sheet.afresh]
    sheet.afresh.append(Redefined(name, start, len(sheet.text), 2 + sum(a.letter == name for a in sheet.afresh)))
    return True
