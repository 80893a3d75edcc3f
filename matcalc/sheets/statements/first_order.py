"""Equalities up to terms of higher order: f(x + h) = f(x) + g^T h + o(\\|h\\|)."""

from __future__ import annotations

import re

from ...reading.grammar.brackets import opening
from ...reading.latex.cursor import STYLES
from ...reading.latex.names import NAME, Ambiguity
from ...reading.latex.formula import read
from ...reading.latex.tokens import Token, Tokens, misread
from ..parts.records import Row
from .plain_lines import add_equality
from .rows import Statement
from .sheet import Sheet
from ...patterns import pattern

STEP = "t_at_0"             # 0 wherever it stands, as in f'(0)
BARS = r"(?:(?:\\\||\||\\[lr]?[vV]ert) ){0,2}"
REMAINDER = pattern(rf"(?P<sign>[oO]) \( {BARS}(?P<of>\\?[A-Za-z]+) {BARS}(?:_ \w )?(?:\^ (?P<power>\d) )?\)")


def without_remainder(sheet: Sheet, s: Statement) -> tuple[tuple[Token, ...], str] | None:
    r"""The last side without its last term o(\|h\|) or O(\|h\|^2), and this h; None where there is no such term."""
    side = s.sides[-1]
    texts = [t for t, _ in side]
    if s.goes_on and sheet.rows and STEP in sheet.rows[-1].right:
        raise misread(sheet.text, s.at, "terms of higher order are left out above")
    if texts[-1:] != [")"] or (k := opening(texts, len(texts) - 1)) < 3:
        return None
    start = next((j for j in range(k - 1, 0, -1) if texts[j] in ("+", "-")), 0)
    found = REMAINDER.fullmatch(" ".join(t for t in texts[start + 1:] if t not in STYLES and t not in "{}"))
    if not start or found is None or sheet.names.known(found["sign"]) or (found["sign"], found["power"]) not in (("o", None), ("O", "2")):
        return None
    name = read(((found["of"], side[k][1]),), sheet.names, sheet.text)
    return (tuple(side[:start]), name) if NAME.fullmatch(name) and name not in sheet.names.bodies else None


def add_first_order(sheet: Sheet, s: Statement, row: Row, right: Tokens, h: str) -> None:
    """Such an equality as two: of both sides at h = 0, and of their derivatives there, by t in t h, or by h where it is a number."""
    doubts = list[Ambiguity]()
    above = sheet.rows[-1] if sheet.rows else None
    if len(s.sides) > 1:
        left = read(s.sides[-2], sheet.names, sheet.text, doubts)
    elif above is None or above.why is not None or above.role:
        raise misread(sheet.text, s.at, "terms of higher order cannot be read")
    else:
        left = above.right
    sides, row = (left, read(right, sheet.names, sheet.text, doubts)), row._replace(doubts=tuple(doubts))
    sheet.declared(f"{STEP} in R")
    sheet.understood.append(f"up to higher order in {h}: both sides are equal at {h} = 0, and so are their derivatives there")
    for put, around in ((f"(0*{h})", "{}"), (f"({STEP}*{h})", f"(d({{}})/d({STEP}))")):
        texts = [around.format(re.sub(rf"(?<![\w.]){h}(?!\w)", put, side)) for side in sides]
        add_equality(sheet, row, texts, False)
