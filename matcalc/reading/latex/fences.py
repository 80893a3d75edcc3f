"""Delimiters: \\left and \\right, bars with a side."""

from __future__ import annotations

from collections.abc import Sequence

from .cursor import STYLES
from .macros import Fail, group
from .tokens import Tokens

ANGLES = {"<": r"\langle", ">": r"\rangle"}
PARTNERS = {"(": ")", "[": "]", r"\{": r"\}"}


def fences_of(source: Tokens, fail: Fail) -> dict[int, Sequence[str]]:
    r"""What stands for each \left and \right and the delimiter behind it: nothing for those of \left. a \right., and of a bracket that is
    open at the end of one row, \left( a \right., what closes it in a later one, \left. b \right)."""
    opened: list[int] = []
    pairs: list[tuple[int, int]] = []
    for k, (token, at) in enumerate(source):
        if token in (r"\left", r"\right") and k + 1 == len(source):
            raise fail(f"{token} has no bracket after it", at)
        if token == r"\left":
            opened.append(k)
        elif token == r"\right":
            if not opened:
                raise fail(r"\right has no \left before it", at)
            pairs.append((opened.pop(), k))
    if opened:
        raise fail(r"\left has no \right after it", source[opened[-1]][1])
    out: dict[int, Sequence[str]] = {}
    waiting: list[tuple[int, str]] = []
    for start, end in sorted(pairs):
        first, last = (ANGLES.get(t, t) for t in (source[start + 1][0], source[end + 1][0]))
        out |= {start: (), end: ()}
        if last == ".":
            waiting += [(start, first)] if first != "." else []
        elif first != ".":
            out |= {start: (fence(first, "l"),), end: (fence(last, "r"),)}
        elif waiting and PARTNERS.get(waiting[-1][1]) == last:
            begun, opening = waiting.pop()
            out |= {begun: (opening,), end: (last,)}
        elif source[start + 2][0] == r"\frac" and group(source, group(source, start + 3)[1])[1] == end and \
                [t for t, _ in group(source, start + 3)[0] if t not in STYLES and t not in "{}"] in (["d"], [r"\partial"]):
            out[end] = (r"\at",)        # \left. d/dt \right|_{t=0} f
        elif source[start + 2][0] != r"\begin":
            out |= {start: ("(",), end: (")", r"\at")}
    return out


def fence(delimiter: str, side: str) -> str:
    """A delimiter; a bar with its side."""
    return rf"\{side}{'vert' if delimiter == '|' else 'Vert'}" if side in ("l", "r") and delimiter in ("|", r"\|") else delimiter
