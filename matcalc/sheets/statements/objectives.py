"""The function that a sentence says to minimise without giving it a name."""

from __future__ import annotations

from ...reading.latex.names import NAME
from ..parts.formula import formula
from .sheet import Sheet


def objective(sheet: Sheet, body: str, by: str, number: int) -> None:
    """Give what is to be minimised a name, if it is a number and has none."""
    name = "objective"
    if NAME.fullmatch(body) or formula(body).differential or not sheet.new(name) or sheet.names.guessed(body) not in (("1", "1"), None):
        return
    sheet.defined(name, body, number)
    if by in formula(body).names:
        sheet.names.arguments[name] = (by,)
