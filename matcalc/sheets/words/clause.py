"""What a sentence says of one of its formulas, and of all of them."""

from __future__ import annotations

from ...records import Record
from .sentences import DIFFERENTIATES


class Clause(Record):
    """How a formula is introduced (`if`, `for`, `suppose`, `let`, `fact`; empty where that is not known), the words of
    structure said of it in front and behind, whether it is joined to the formula before, whether what is said behind is plural (None:
    either), whether what is said in front is said of the next ones too, whether a verb stands before what is said behind, and the words
    of structure that were passed over."""

    mood: str
    front: tuple[str, ...]
    behind: tuple[str, ...]
    joined: bool
    plural: bool | None
    spread: bool
    verb: bool = True
    passed: tuple[str, ...] = ()


class Clauses(Record):
    """The clauses of a sentence, one a formula; whether it hedges."""

    each: tuple[Clause, ...]
    hedged: bool


def limited(each: tuple[Clause, ...], formulas: list[str], k: int) -> Clause:
    """The clause of a formula; `for symmetric A` limits what a derivative in front is said to be, and is a fact of a definition."""
    mood = "if" if k and DIFFERENTIATES.search(formulas[k - 1]) else "fact"
    return each[k]._replace(mood=mood) if each[k].mood == "for" else each[k]
