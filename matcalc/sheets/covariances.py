r"""Equations that say of a name that it is a covariance: \operatorname{Var}(\varepsilon) = \Omega."""

from __future__ import annotations

from ..reading.latex.cursor import STYLES
from ..reading.latex.letters import OPEN
from ..reading.latex.macros import group
from ..reading.latex.tokens import Tokens
from .rows import Statement

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
