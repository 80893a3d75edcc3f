"""Updates of an algorithm: `w \\leftarrow w - \\eta g` says what w becomes, and is no equality."""

from __future__ import annotations

from .rows import Statement

ARROW = r"\leftarrow"


def unspecified(s: Statement) -> Statement:
    """The statement with C for C(\\dots) on its left side."""
    side = s.sides[0]
    return s._replace(sides=(side[:-3], *s.sides[1:])) if [t for t, _ in side[-3:]] == ["(", r"\dots", ")"] else s


def as_equation(s: Statement) -> Statement:
    """The statement with an equal sign for the arrow, as a remark: it denies nothing."""
    side = s.sides[0]
    found = [k for k, (t, _) in enumerate(side) if t == ARROW]
    if s.sign != ARROW or len(found) != 1 or not 0 < found[0] < len(side) - 1:
        return s
    return s._replace(sides=(side[:found[0]], side[found[0] + 1:], *s.sides[1:]), sign="", word="for")
