"""The parts of sentences besides words: formulas, relations, declarations, shapes. Each medium decides how they look."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import zip_longest
from types import MappingProxyType
from typing import Any

from ..language.expr import Expr, Name, Shape
from ..records import Record
from .words import say

PLAIN: Mapping[str, str] = MappingProxyType({})
UNICODE: Mapping[str, str] = MappingProxyType({"!=": "≠", "<=": "≤", ">=": "≥"})


class Domain(Record):
    """`x in R^n`, with its structure words."""

    name: Name


class Relation(Record):
    """A left side, a relation and a right side, set in a sentence; once more the relation and what lies beyond: -1 <= x <= 1."""

    left: Expr
    right: Expr
    relation: str = "="
    beyond: Expr | None = None

    def drawn(self, formula: Callable[[Expr], str], signs: Mapping[str, str] = PLAIN) -> str:
        """All sides in somebody's hand, the relation by their sign for it."""
        parts = [self.left, self.right] if self.beyond is None else [self.left, self.right, self.beyond]
        return f" {signs.get(self.relation, self.relation)} ".join(map(formula, parts))

    def __str__(self) -> str:
        return self.drawn(str)


class Size(Record):
    """Rows and columns, or `scalar`."""

    shape: Shape


class Entries(Record):
    """The value of a name in a counterexample: a number, a column or a matrix."""

    name: str
    value: Any

    def __str__(self) -> str:
        return str(self.value) if str(self.value).startswith(f"{self.name}(") else f"{self.name} = {numbers(self.value)}"


def numbers(value: Any) -> str:
    """Numbers as a person writes them."""
    if isinstance(value, list):
        return "[" + ", ".join(map(numbers, value)) + "]"
    return f"{value:.6g}" if isinstance(value, float) else str(value)


Piece = str | Expr | Domain | Relation | Size | Entries


def titled(given: str | None, asked: str, *about: tuple[Piece, ...]) -> tuple[Piece, ...]:
    """The title that was given, else what is asked, and of what in the places of {}."""
    words = [say(given)] if given else say(asked).split("{}")
    return tuple([p for word, of in zip_longest(words, about[:len(words) - 1], fillvalue=()) for p in (word, *of) if p != ""])


def listed(items: Sequence[tuple[Piece, ...]], commas: bool = False, last: str = " and ") -> tuple[Piece, ...]:
    """a; a and b; a, b and c. Where items have commas of their own, the last is set off by one too."""
    out: list[Piece] = []
    for i, item in enumerate(items):
        if i:
            out.append(say(("," if commas else "") + last if i == len(items) - 1 else ", "))
        out += item
    return tuple(out)


def text(pieces: Iterable[Piece]) -> str:
    """The pieces of a sentence, formulas as one would type them."""
    from ..language.shorthand import shorthand

    def typed(piece: Piece) -> str:
        return str(shorthand(piece) if isinstance(piece, Expr) else piece)
    return "".join(p.drawn(typed) if isinstance(p, Relation) else typed(p) for p in pieces)
