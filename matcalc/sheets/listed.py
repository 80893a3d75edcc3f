"""Declarations in lists and in words: `Q, K in R^(n,d); S spd`, `A is n×n, x and y are vectors of length n`."""

from __future__ import annotations

import re

from ..language.operations import STRUCTURE_WORDS
from ..reading.latex.names import NAME
from .clauses import NEUTRAL
from .facts import COMMA

LETTERS = r"[A-Za-z\u0370-\u03ff]\w*"
DECLARED = re.compile(r"[\w, ]+\s(in|∈)\s+(?:(R|ℝ)\b|ℝ)|\w+\s*:\s*(R|ℝ)\S*\s*(->|→)")
SIZES = re.compile(rf"\b({LETTERS}) *(?: is| are| be|:) (?:an? )?([A-Za-z]\d?|\d+)(?: x |×| × | by |x)([A-Za-z]\d?|\d+)\b"
                   r"(?: matrix| vector)?(?!\s*=)")
VECTORS = re.compile(rf"\b({LETTERS}) (?:is|are) (?:an? )?(?:column )?vectors? (?:of|in|with) (?:(?:length|size|dimension) )?"
                     r"([A-Za-z]\d?|\d+)\b(?: entries| components)?")
WORDED = re.compile(rf"\b({LETTERS}) (?:is|are|be) (?:an? )?((?:(?:{'|'.join((*STRUCTURE_WORDS, *NEUTRAL))}) )+)"
                    r"([A-Za-z]\d?|\d+)(?: x |×| × | by |x)([A-Za-z]\d?|\d+)\b(?: matri(?:x|ces))?")
AND = re.compile(r",? and (?=[\w, ]*\sin\s)")
STRUCTURED = re.compile(rf"({NAME.pattern}(?:(?:,| and|, and) *{NAME.pattern})*)(?: (?:is|are|be))?(?: an?)?"
                        rf"((?: (?:{'|'.join(STRUCTURE_WORDS)}))+)(?: matri(?:x|ces))?")


def in_symbols(line: str) -> str:
    """Sizes and names in words as the language writes them.

    >>> in_symbols("A is n×n, x and y are vectors of length m")
    'A in R^(n,n), x, y in R^m'
    >>> in_symbols("Let S and P be symmetric n x n matrices")
    'S, P in R^(n,n) symmetric'
    """
    line = WORDED.sub(_worded, re.sub(r"^[Ll]et (?=[^=]*$)", "", line))
    return AND.sub(", ", VECTORS.sub(r"\1 in R^\2", SIZES.sub(r"\1 in R^(\2,\3)", line)))


def _worded(m: re.Match[str]) -> str:
    return " ".join([f"{m[1]} in R^({m[3]},{m[4]})", *(word for word in m[2].split() if word in STRUCTURE_WORDS)])


def one_by_one(line: str) -> list[str]:
    """The declarations of a list, each with its names; nothing where it is none.

    >>> one_by_one("A, B in R^(n,n) symmetric, x in R^n; S spd")
    ['A, B in R^(n,n) symmetric', 'x in R^n', 'S spd']
    """
    out: list[str] = []
    for clause in line.split(";") if "=" not in line else ():
        kept = ""
        for part in COMMA.split(clause):
            kept = f"{kept}, {part.strip()}" if kept else part.strip()
            if DECLARED.match(kept) or STRUCTURED.fullmatch(kept):
                out.append(kept)
                kept = ""
        if kept:
            return []
    return out
