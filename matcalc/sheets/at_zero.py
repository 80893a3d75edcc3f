"""Derivatives set to zero at a point, read as equations in the unknown: `\\nabla f(\\hat x) = 0` as `\\nabla f(x) = 0`."""

from __future__ import annotations

from collections.abc import Callable

from ..reading.latex.macros import group
from .rows import Statement
from ..reading.latex.tokens import Token, Tokens

ZERO = frozenset(("0", r"\mathbf", r"\boldsymbol", r"\bm", r"\vec", r"\mathbb", "{", "}"))
ACCENTS = {r"\hat": "hat", r"\widehat": "hat", r"\bar": "bar", r"\tilde": "tilde"}
STARS = frozenset(("*", r"\ast", r"\star", r"\dagger"))


def anywhere(s: Statement, variable: Callable[[str], bool]) -> Statement:
    """The statement without the point at which its derivative is zero; a name that is one of the sheet's variables marks none."""
    first = [t for t, _ in s.sides[0]]
    if len(s.sides) > 1 and first.count("0") == 1 and ZERO.issuperset(first) and not s.goes_on and _differentiates(s.sides[1]):
        s = s._replace(sides=(*s.sides[1:], s.sides[0]))        # 0 = d f/dx = 2x
    last = [t for t, _ in s.sides[-1]]
    if len(s.sides) < 2 or last.count("0") != 1 or not ZERO.issuperset(last) or not _differentiates(s.sides[0]):
        return s
    first, points = _bare(s.sides[0], None, variable)
    if not points:              # dL/dx = A \hat x - b = 0
        points = frozenset(n for side in s.sides[1:] for n in _bare(side, None, variable)[1] if variable(n.lstrip("\\")))
    return s._replace(sides=(first, *(_bare(side, points, variable)[0] for side in s.sides[1:])))


def _differentiates(side: Tokens) -> bool:
    """Whether a gradient or a quotient of differentials stands in a side."""
    said = [t for t, _ in side]
    return any(t in (r"\nabla", r"\partial") or t == r"\frac" and "d" in said[k + 1:k + 4] for k, t in enumerate(said))


def _bare(side: Tokens, points: frozenset[str] | None, variable: Callable[[str], bool]) -> tuple[tuple[Token, ...], frozenset[str]]:
    """A side without marks of points, of all names (None) or of these; and the names."""
    out: list[Token] = []
    found: set[str] = set()
    i = 0
    while i < len(side):
        token = side[i][0]
        if points is None and token == r"\at" and i + 1 < len(side) and side[i + 1][0] == "_":
            inner, i = group(side, i + 2)
            found |= {t for t, _ in inner} - ACCENTS.keys()
            continue
        starred, behind = group(side, i + 1) if token == "^" and i + 1 < len(side) else ([], i)
        if starred and {t for t, _ in starred} <= STARS and out and (points is None or out[-1][0] in points):
            found.add(out[-1][0])
            i = behind
            continue
        inner, behind = group(side, i + 1) if token in ACCENTS and i + 1 < len(side) else ([], i)
        name = next((t for t, _ in reversed(inner) if t not in "{}"), "")
        below = "".join(t for t, _ in group(side, behind + 1)[0]) if name and [t for t, _ in side[behind:behind + 1]] == ["_"] else ""
        marked = f"{name.lstrip(chr(92))}_{ACCENTS.get(token, '')}"
        if not name or points is not None and name not in points or variable(marked) or below and variable(f"{marked}_{below}"):
            out.append(side[i])
        else:
            found.add(name)
        i += 1
    return tuple(out), frozenset(found)
