"""The sides of equalities in LaTeX, read one by one."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress

from ...language.shape import InputError
from ...reading.latex.whole_text import renamed
from ...reading.latex.formula import read
from ...reading.latex.names import NAME, Ambiguity
from ...reading.latex.index_letters import announced, with_sums
from ...reading.latex.scripts import with_products
from ...reading.latex.spelling import plain
from ...reading.latex.spelt_names import with_functions, with_labels, with_primes
from ...reading.latex.tokens import Token, Tokens, misread, tokens
from ...reading.latex.velocities import with_differentials
from ..parts.formula import unbracketed
from .sheet import Sheet


def spelled_tokens(sheet: Sheet, start: int, end: int) -> list[Token]:
    """The tokens of a stretch of the file, macros expanded and ornaments taken off."""
    found = with_products(plain(tokens(sheet.text, start, end), sheet.form.macros, lambda message, at: misread(sheet.text, at, message)))
    found = with_differentials(found, sheet.names.uses.velocities)
    found = with_labels(with_primes(found, sheet.names.uses.primed), sheet.names.uses.labels)
    return with_functions(renamed(with_sums(found) if announced(sheet.text) else found, sheet.afresh), sheet.names)


def excerpt(text: str, start: int, end: int) -> str:
    """As it was written, on one line."""
    return " ".join(text[start:end].replace("&", " ").split())


def single_name(sheet: Sheet, side: Tokens) -> str:
    """The name that a side is, and nothing else."""
    text = in_language(sheet, side)
    return text if NAME.fullmatch(text) else ""


def in_language(sheet: Sheet, side: Tokens) -> str:
    """A side in the language; empty where it cannot be read."""
    with suppress(InputError):
        return read(side, sheet.names, sheet.text)
    return ""


def side_read(sheet: Sheet, sides: Sequence[Tokens], side: Tokens, doubts: list[Ambiguity]) -> str | InputError:
    """One of the sides of a statement in the language, or why it cannot be read."""
    try:
        return primed_side(sheet, unbracketed(read(side, sheet.names, sheet.text, doubts)), side, doubts)
    except InputError as e:
        return by_its_shape(sheet, sides, side, doubts) or e
    except RecursionError:
        return misread(sheet.text, side[0][1], "the formula is nested too deeply")


def by_its_shape(sheet: Sheet, sides: Sequence[Tokens], side: Tokens, doubts: list[Ambiguity]) -> str:
    """A side with a gradient by the one name that has the shape of the other side; nothing where there is none."""
    if not any(t == r"\nabla" for t, _ in side) or len(sides) != 2:
        return ""
    try:
        with sheet.names.wanting(sheet.names.shape(read(next(s for s in sides if s is not side), sheet.names, sheet.text))):
            return read(side, sheet.names, sheet.text, doubts)
    except (InputError, RecursionError):
        return ""


def primed_side(sheet: Sheet, text: str, side: Tokens, doubts: list[Ambiguity]) -> str:
    """A side that is f' and nothing else, of a defined f that is no vector, is the derivative of f."""
    name = text.removesuffix("'")
    if name == text or name not in sheet.names.bodies or side[-1][0] not in ("'", r"\prime", "}") or len(side) > 5:
        return text
    if r"\top" in (said := [t for t, _ in side]) or "T" in said[1:] or "'" in sheet.names.bodies[name] and "'" in sheet.text[:side[0][1]]:
        return text
    x, shape = sheet.names.variable(name), sheet.names.shape(name)
    if x is None or shape not in (None, ("1", "1")):
        return text
    doubts.append(Ambiguity(excerpt(sheet.text, side[0][1], side[-1][1] + 1), f"d({name})/d({x})", shape is not None))
    return f"(d({name})/d({x}))"
