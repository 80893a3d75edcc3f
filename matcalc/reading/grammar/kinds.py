"""Scalar, vector or matrix: what a name is by convention, and what a shape is."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

from ...language.shape import ONE, Shape
from .tokens import SPELT_NAMES

COUNTS = frozenset(("n", "m", "N"))       # of samples
ARRAYS = frozenset("pquvwxyz")      # letters that are hardly ever numbers beside vectors


@lru_cache(1024)
def usual(name: str) -> str:
    """What a name is by convention: a scalar, a vector or a matrix.

    >>> usual('x'), usual('A'), usual('beta'), usual('Deltax')
    ('vector', 'matrix', 'scalar', 'vector')
    """
    if name[:5] in ("Delta", "delta") and name[5:6].isalpha():
        return usual(name[5:])
    if name[0].isupper():
        return "matrix"
    if name.rstrip("0123456789_").split("_")[0] in SPELT_NAMES or name[0] in "abcdefg_":
        return "scalar"
    return "vector"


def kind(shape: Shape | None) -> str:
    """scalar, column, row or matrix; nothing where that is not known."""
    if shape is None:
        return ""
    return ("scalar" if shape[0] is ONE else "column") if shape[1] is ONE else "row" if shape[0] is ONE else "matrix"


def crossed(one: str, two: str, kinds: Callable[[str], str]) -> bool:
    """Whether × between two names may be the cross product: of two columns, or of two letters alike of which no kind is known.

    >>> crossed("a", "b", lambda name: ""), crossed("c", "x", lambda name: ""), crossed("a", "b", lambda name: "scalar")
    (True, False, False)
    """
    known = {kinds(one), kinds(two)}
    return known == {"column"} or known == {""} and usual(one or "A") == usual(two or "A") != "matrix" and \
        one.isidentifier() and two.isidentifier() and not {one, two} & SPELT_NAMES
