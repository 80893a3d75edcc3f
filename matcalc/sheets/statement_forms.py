"""What is no equality as it stands: `w \\leftarrow w - \\eta g` says what w becomes, `\\nabla f(\\hat x) = 0` is an equation in x,
`\\operatorname{Var}(\\varepsilon) = \\Omega` says of Omega that it is a covariance.
"""

from __future__ import annotations

from collections.abc import Callable

from .rows import Statement
from ..reading.latex.macros import group
from ..reading.latex.tokens import Token, Tokens
from ..reading.latex.cursor import STYLES
from ..reading.latex.letters import OPEN

SPREADS = frozenset(("Var", "Cov", "var", "cov", "V"))


def covariance(s: Statement) -> Tokens:
    """What a variance of something else is equal to; nothing where a statement says no such thing."""
    if len(s.sides) != 2 or s.sign or s.goes_on:
        return ()
    for one, two in (s.sides, s.sides[::-1]):
        if one and one[0][0] in STYLES:
            word, behind = group(one, 1)
            if "".join(t for t, _ in word) in SPREADS and one[behind:behind + 1] and one[behind][0] in OPEN:
                return two
    return ()


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


ARROW = r"\leftarrow"


def unspecified(s: Statement) -> Statement:
    """The statement with C for C(\\dots) on its left side."""
    side = s.sides[0]
    return s._replace(sides=(side[:-3], *s.sides[1:])) if [t for t, _ in side[-3:]] == ["(", r"\dots", ")"] else s


def assigned(s: Statement) -> Statement:
    """The statement with an equal sign for the arrow, as a remark: it denies nothing."""
    side = s.sides[0]
    found = [k for k, (t, _) in enumerate(side) if t == ARROW]
    if s.sign != ARROW or len(found) != 1 or not 0 < found[0] < len(side) - 1:
        return s
    return s._replace(sides=(side[:found[0]], side[found[0] + 1:], *s.sides[1:]), sign="", word="for")
