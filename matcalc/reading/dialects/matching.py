"""Whether the row of a spelling fits a call: letters by their kinds, numbers by their values, keywords under one name."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from fractions import Fraction

from .pieces import Piece
from .lexer import is_letter, is_number
from .spellings import Row

KINDS = {"c": ("scalar",), "x": ("column", "row"), "y": ("column", "row"), "M": ("matrix",), "N": ("matrix",)}
WORTH = re.compile(r"-?(\d+\.?\d*|\.\d+)")
SPECTRA = frozenset(("eigvals", "svdvals"))      # what only a row can take, max(eigvals(M))
TRUTHS = frozenset(("T",))       # the letter of what is 1 or 0: x > 0
ALIASES = {"dim": "axis", "keepdim": "keepdims", "p": "ord", "correction": "ddof", "a_min": "min", "a_max": "max",
           "negative_slope": "alpha", "type": "ord"}
SPELT = {("unbiased", "True"): ("ddof", "1"), ("unbiased", "False"): ("ddof", "0")}
PLAIN = frozenset((("keepdims", "False"), ("order", '"C"')))      # what says nothing


def text_of(p: Piece) -> str:
    """A keyword's value as it was written.

    >>> text_of(Piece((("-", 0, 1), ("1", 1, 2)), 0, None)), text_of(Piece((('"fro', 0, 4),), 0, None, head='"fro"'))
    ('-1', '"fro"')
    """
    return p.head if p.head[:1] == '"' else "".join(t for t, _, _ in p.tokens)


def normal(named: Mapping[str, Piece], given: Sequence[Piece]) -> dict[str, Piece]:
    """Keywords in one spelling: dim is axis, -1 the last axis; what says nothing is left out."""
    out: dict[str, Piece] = {}
    for key, p in named.items():
        key, value = SPELT.get((key, text_of(p)), (ALIASES.get(key, key), text_of(p)))
        if (value == "None" and key not in ("min", "max")) or (key, value) in PLAIN or (
                value == "0,1" and given and given[0].kind in ("", "matrix")):
            continue
        if key == "axis" and given:
            columns = given[0].kind != "matrix"
            value = {"-1": "0" if columns else "1", "-2": "0"}.get(value, value)
        out[key] = p if value == text_of(p) else p._replace(tokens=((value, p.start, p.end),), head="")
    if "axis" in out and "ord" in out and text_of(out["ord"]) == "2":
        del out["ord"]
    if "keepdims" in out and ("axis" not in out or given and given[0].kind in ("column", "row")):
        del out["keepdims"]
    return out


def takes(row: Row, given: Sequence[Piece], keywords: Mapping[str, Piece]) -> bool:
    """Whether a row is about these arguments."""
    if len(row.keywords) != len(keywords) or len(row.arguments) != len(given):
        return False
    return all(key in keywords and stands(value, keywords[key]) for key, value in row.keywords) and all(map(stands, row.arguments, given))


def stands(letter: str, p: Piece) -> bool:
    """Whether a letter of a row may stand for this, or a number or a word is this."""
    if len(letter) == 1 and letter.isalpha():
        if p.head.startswith('"') or p.head in SPECTRA or text_of(p) in ("None", "[]", "∞"):
            return False
        truth = p.head == "step" or [t for t, _, _ in p.tokens[:3]] == ["1", "-", "step"]        # x > 0, x >= 0
        return truth if letter in TRUTHS else letter not in KINDS or not p.kind or p.kind in KINDS[letter]
    if letter[-2:] == "M)":
        return p.head == letter[:-3]
    text = text_of(p).lower()
    worth = text.strip('"')
    return text == letter.lower() or (WORTH.fullmatch(worth) is not None and is_number(letter) and Fraction(worth) == Fraction(letter))


def bound(row: Row, given: Sequence[Piece], keywords: Mapping[str, Piece]) -> dict[str, Piece]:
    """What the letters of a row stand for."""
    pairs = [*zip(row.arguments, given, strict=True), *((value, keywords[key]) for key, value in row.keywords)]
    return {letter[-2:].strip(")"): p.items[0] if letter[-1] == ")" else p for letter, p in pairs if is_letter(letter)}
