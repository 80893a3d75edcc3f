"""Spaces and sizes as mathematics writes them: {m×n}, (m x n), 3x4, of ℝ^{m×n} or by themselves."""

from __future__ import annotations

from collections.abc import Sequence

from ..grammar.lexer import Sign
from ..grammar.sizes import crossed
from ..grammar.tokens import Line, Token, is_name
from ..grammar.brackets import closing
from ...patterns import pattern

OPEN = {"{": "(", "[": "(", "(": "("}
CLOSE = {"}": ")", "]": ")", ")": ")"}
TIMES = pattern("x[A-Za-z0-9]+")


def sizes_end(found: Sequence[Sign], k: int) -> int:
    """Where the sizes end that begin here: in brackets, or m×n without."""
    if found[k].text in OPEN:
        closed = closing([s.text for s in found], k)
        return closed if closed < len(found) else k
    if k + 1 < len(found) and TIMES.fullmatch(found[k + 1].text) and found[k].end == found[k + 1].start:
        return k + 1                        # 3x4
    return k + 2 if k + 2 < len(found) and found[k + 1].text in ("*", "x") else k


def space(sizes: Sequence[Sign], line: Line) -> list[Token]:
    """(m,n) from {m×n}, (m x n), mxn; a single size as it is."""
    inner = list(sizes)
    star = next((s for s in inner if s.text == "*" and line.text[s.start] == "*"), None)
    if star is not None and inner[0].text != "(":
        raise line.error_at("sizes with * may be those of a matrix, or their product", star.start,
                            "write R^(n,n), or R^(n*n) for the product")
    if inner and inner[0].text in OPEN and closing([s.text for s in inner], 0) == len(inner) - 1:
        inner = inner[1:-1]
    out: list[Token] = []
    for k, s in enumerate(inner):
        pair = crossed(s.text) if is_name(s.text) else None
        between = 0 < k < len(inner) - 1
        if between and (s.text == "x" or (s.text == "*" and line.text[s.start] != "*" and line.text[s.start] not in "·⋅")):
            out.append((",", s.start, s.end))
        elif k and TIMES.fullmatch(s.text) and inner[k - 1].end == s.start:
            out += [(",", s.start, s.start + 1), (s.text[1:], s.start + 1, s.end)]
        elif pair:
            out += [(pair[1], s.start, s.end), (",", s.start, s.start), (pair[2], s.start, s.end)]
        elif s.text in OPEN or s.text in CLOSE:
            out.append((OPEN.get(s.text) or CLOSE[s.text], s.start, s.end))
        else:
            out.append(("*" if s.text == "·" else s.text, s.start, s.end))
    if len(out) == 1 or not inner:
        return out
    return [("(", out[0][1], out[0][1]), *out, (")", out[-1][2], out[-1][2])]
