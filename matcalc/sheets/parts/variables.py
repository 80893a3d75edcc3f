"""The usual roles of letters, and which names a sheet varies: those it says, and otherwise by these roles."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable

from .formula import formula
from .records import Row, texts
from ...patterns import pattern
from ...reading.problems.held_constants import rank

OF_TIME = pattern(r"(?<![\w.])(?:([A-Za-z]\w*) = \1|([A-Za-z]\w*))\(t\)(?! ?:?=)")            # A(t), and A = A(t)
BY_TIME = pattern(r"(?!.*(?<![\w'])(?<!\b(?:on|of) )t(?!\w)).*\bd(?:[A-Za-z]\w*|\([^()]*\)) ?/ ?dt\b", re.S)       # t stands nowhere else
INSIDE = "[^()]*"
for _ in range(5):                      # what stands in brackets, so many deep
    INSIDE = rf"(?:[^()]|\({INSIDE}\))*"
ALONE = pattern(rf"(?:\(-\w+'\*)?\(?(d\(((?!\(*d\(){INSIDE})\)/d\(\w+\))\)?(?:\*\w+'\))?")      # a derivative, or a row of one
# What a letter mostly is, where nothing says what it is.
SYMMETRIC = pattern(r"[H-T](?![a-z0-9])|Gamma|Lambda|Omega|Phi|Psi|Sigma|Theta|Xi")      # and not A to G, U to Z
FUNCTION = pattern(r"(?:[fgh]|phi|psi|rho|kappa|sigma)(?![a-z0-9])")
COLUMN = pattern(r"[h-zα-ω]\w*")
NUMBERS = frozenset(("k", "c", "eta", "epsilon", "rho", "kappa"))
COUNTS = ("n", "N", "m", "M", "T", "K")
LOSSES = ("L", "J", "E", "C", "ell", "loss", "L_cal")
VALUE = pattern(r"_(?!d?dot$)(?:[a-z]{3,}|[A-Z2-9][A-Za-z]+|ml|ls|sup[^\W_]+)$")       # w_hat, w_MLE, w_ridge, w^{(k)}
NEXT = pattern(r"(.+?)_(?:new|next|plus)")          # where a step leads to


def by_convention(names: Iterable[str]) -> str | None:
    """The variable of a gradient that names none, by the usual roles of letters."""
    found = sorted(set(names))
    for least in (2, 1, 0):
        ranked = [n for n in found if rank(n) == least]
        if ranked:
            return ranked[0] if len(ranked) == 1 else None
    return None


def moving(rows: Iterable[Row]) -> set[str]:
    """The names of which the lines have differentials."""
    return {n for text in texts(rows) for n in formula(text).moved}


def says_derivative(left: str, right: str) -> bool:
    """Whether a line says what a derivative or a differential is: that holds in general or not at all, whatever is zero."""
    return any(formula(one).differential and not formula(two).by for one, two in ((left, right), (right, left)))


def estimated_unknown(name: str, unknowns: Collection[str]) -> str:
    """The unknown that a name is called after a value of; empty where it is none.

    >>> [estimated_unknown(name, {"w", "w_tilde"}) for name in ("w_hat", "w_tilde_star", "w_GMV", "w_1")]
    ['w', 'w_tilde', 'w', '']
    """
    while (found := VALUE.search(name)) is not None:
        name = name[:found.start()]
        if name in unknowns:
            return name
    return ""
