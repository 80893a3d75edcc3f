"""What lines that cannot be read, and equations, may imply about matrices."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from ..language.expr import SCALAR, Shape
from .definition_parts import WORDS
from .structure_words import structure_from_equation
from .marks import Mark
from .declaration_lists import STRUCTURED
from .records import Row, Word


def unread_words(marks: Iterable[Mark], shapes: Mapping[str, Shape]) -> list[Word]:
    """That P is symmetric, of `x is a vector of n, P symmetric n×n`, where that line is not read and P is square."""
    said = [(name, word) for m in marks if m.mark == "not read" for found in STRUCTURED.finditer(m.text)
            for name in WORDS.findall(found[1]) for word in found[2].split()]
    return [Word(n, w, 0) for n, w in said if n in shapes and shapes[n] != SCALAR and shapes[n][0] == shapes[n][1]]


def equated(rows: Iterable[Row], row: Row) -> list[Word]:
    """The structure that the other rows give to names by equations such as S' = S."""
    found = [structure_from_equation(r.left, r.right) for r in rows if r is not row and r.left and r.why is None]
    return [Word(*said, 0) for said in found if said is not None]
