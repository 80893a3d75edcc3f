"""Scalar, vector or matrix: what a name is by convention, and what a shape is."""

from __future__ import annotations

from functools import lru_cache

from ...language.shape import ONE, Shape
from .tokens import GREEK_NAMES


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
    if name.rstrip("0123456789_").split("_")[0] in GREEK_NAMES or name[0] in "abcdefg_":
        return "scalar"
    return "vector"


def kind(shape: Shape | None) -> str:
    """scalar, column, row or matrix; nothing where that is not known."""
    if shape is None:
        return ""
    return ("scalar" if shape[0] is ONE else "column") if shape[1] is ONE else "row" if shape[0] is ONE else "matrix"
