"""Environments of LaTeX that lay out equations, unwrapped: aligned, cases, arrays of one column."""

from __future__ import annotations

import re

from .blocks import CELL, MATRIX, NEXT_ROW
from .macros import group
from .tokens import Token, Tokens
from .spelling import EQUALS
from ..brackets import depths

SIGNS = EQUALS | {r"\must"}
ROW = "\\\\"

LAYOUTS = re.compile(r"(?:aligned|alignedat|align|alignat|flalign|gathered|gather|equation|split|eqnarray|multlined|multline|math|"
                     r"displaymath|dmath|dgroup|subequations|IEEEeqnarray|array|cases|darray)\*?$")


def unwrapped(source: Tokens) -> list[Token]:
    """Without the environments that only lay equations out."""
    out: list[Token] = []
    around: list[str] = []          # the environments around: one that lays out, "", or its name
    i = 0
    while i < len(source):
        token, at = source[i]
        if token in (r"\begin", r"\end"):
            part, behind = group(source, i + 1)
            name = "".join(t for t, _ in part)
            if token == r"\begin":
                lays_out = bool(LAYOUTS.match(name)) and (not name.startswith(("array", "cases")) or _equations(source, behind, name))
                around.append("" if lays_out else name)
                if lays_out and name.startswith(("array", "alignat", "alignedat", "IEEE", "darray")):
                    behind = group(source, behind)[1]
                if lays_out and behind < len(source) and source[behind][0] == "[":
                    while behind < len(source) and source[behind][0] != "]":
                        behind += 1
                    behind += 1
            else:
                lays_out = not (around and around.pop())
            if lays_out:
                i = behind
                continue
        elif token in (r"\eqalign", r"\displaylines", r"\eqalignno"):
            part, behind = group(source, i + 1)
            out += unwrapped(part)
            i = behind
            continue
        elif token == r"\cr":
            token = ROW
        if around and MATRIX.fullmatch(around[-1]) and token in ("&", ROW):
            token = CELL if token == "&" else NEXT_ROW
        out.append((token, at))
        i += 1
    return out


def _equations(source: Tokens, i: int, name: str) -> bool:
    """Whether an array holds equations, and no entries or cases."""
    condition = False               # whether a sign here would be that of a condition
    for k, depth in enumerate(depths((t for t, _ in source[i:]), {r"\begin": r"\end"}), i):
        token = source[k][0]
        if depth < 0 or not depth and not condition and token in SIGNS:
            return depth == 0
        if not depth and token in ("&", r"\text", ROW):
            after = {t for t, _ in source[k + 1:k + 2]}
            condition = token != ROW and (name.startswith("cases") or (condition if token != "&" else not after <= SIGNS))
    return False
