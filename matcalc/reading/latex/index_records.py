"""Records about indices: the matrix whose rows are x_i, the sides of a statement with indices, a relation of two."""

from __future__ import annotations

from ...records import Record
from .names import Ambiguity


class Rows(Record):
    """The matrix that x_i are the rows of, or the columns; a sure one was said to be so, or no other fits."""

    matrix: str
    columns: bool
    sure: bool


class Entrywise(Record):
    """The sides as matrices, the free indices in their order and how far they go, declarations, what x_i are the rows of, and how it
    was read."""

    texts: list[str]
    order: tuple[str, ...]
    sizes: tuple[str, ...]
    declared: list[str]
    rows: dict[str, Rows]
    doubts: list[Ambiguity]


class Relation(Record):
    """i = j, or i \\ne j."""

    pair: frozenset[str]
    equal: bool

    def of(self, found: Entrywise) -> list[str]:
        """The sides where this holds: their diagonals, or without these."""
        if self.pair != set(found.order) or len(set(found.sizes)) != 1:
            return found.texts
        n = found.sizes[0]
        return [t if t == "0" else f"diag({t})" if self.equal else f"({t}).*(ones({n})*ones({n})' - eye({n}))" for t in found.texts]
