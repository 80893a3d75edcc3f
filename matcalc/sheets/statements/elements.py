"""Matrices of which a sentence says what their elements are: `the diagonal matrix with diagonal elements p_i(1 - p_i)`."""

from __future__ import annotations

import re

from ...patterns import pattern
from ...reading.latex.spelling import EQUALS
from ...reading.latex.tensor_networks import bare
from ..words.sentences import Item
from .equalities import in_language, spelled_tokens
from .sheet import Sheet

ELEMENTS = pattern(r".*\b(?:with|whose|of)(?: its| the)?(?: # (?:- ?)?(?:th|st))?(?: diagonal)? (?:elements?|entr(?:y|ies)|components?)"
                   r"(?: (?:are|is|equal to|given by|being))*")


def with_elements(sheet: Sheet, name: str, said: str, behind: Item) -> bool:
    """Take a name for the diagonal matrix of the elements that stand behind these words, or behind the = there; in a phrase of other
    elements nothing is known of it. Whether it is such a phrase."""
    if ELEMENTS.fullmatch(said) is None:
        return False
    spelled = spelled_tokens(sheet, behind.start, behind.end)
    equal = next((k + 1 for k, (t, _) in enumerate(spelled) if t in EQUALS), 0)
    diagonal = [(t, behind.start) for t in (r"\operatorname", "{", *"diag", "}", "(")]
    body = in_language(sheet, [*diagonal, *spelled[equal:], (")", behind.end)]) if "diagonal" in said else ""
    body = re.sub(r"\bones\(\?\w+\?\)", "vector(1)", body)        # its size is found with the others
    if body and (sheet.new(name) or sheet.declared_only(name, body, True)):
        sheet.promised.pop(name, None)              # its elements say how large it is
        sheet.defined(name, body, sheet.line_of(behind.start))
        sheet.understood.append(f"{name} = {bare(body)}")
    elif not equal:
        sheet.unclear.unread.setdefault(name, sheet.line_of(behind.start))
    return not equal
