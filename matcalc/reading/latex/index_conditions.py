"""Indices: the marks that stand in a text of the language for names that have some and for sums over them, until it is known what they are;
the conditions below a sum, i=1, i,j, i \\ne j, j < k; and what is said of indices: x_i are the rows of X, i is not j."""

from __future__ import annotations

import re
from collections.abc import Container, Sequence, Set

from ...records import Record
from .macros import parts, sums
from .names import Ambiguity
from .tokens import Tokens

SIGN = "__"
MARKED = re.compile(rf"\w+{SIGN}\d+")


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

    def of(self, found: Entrywise, known: Container[str]) -> list[str]:
        """The sides where this holds: their diagonals, or without these; the two indices have one range, unless two sizes are known."""
        sizes = set(found.sizes)
        if self.pair != set(found.order) or len(sizes) != 1 and all(n in known for n in sizes):
            return found.texts
        return [t if t == "0" else f"diag({t})" if self.equal else f"({t}).*(1 - eye)" for t in found.texts]


RELATIONS = {r"\ne": "!=", "<": "<", ">": ">"}


class Below(Record):
    """The letters of a sum, and what relates two of them."""

    letters: tuple[str, ...]
    sign: str = ""
    pair: tuple[str, str] = ("", "")
    upper: str = ""


def below(part: Sequence[str]) -> Below | None:
    """What a sum goes over; None where this cannot be told."""
    letters: list[str] = []
    sign, pair, upper = "", ("", ""), ""
    for cut in parts([(t, 0) for t in part], (",", ";", ":"), {}):
        piece = [t for t, _ in cut]
        kept = piece[2:] if piece[:2] == ["1", r"\le"] else piece[:-2] if piece[-2:] == ["=", "1"] else piece
        if len(kept) > 2 and kept[-2] == r"\le":
            kept, upper = kept[:-2], kept[-1]
        if len(kept) == 3 and kept[1] in RELATIONS and not sign:
            sign, pair = RELATIONS[kept[1]], (kept[0], kept[2])
            letters += [t for t in pair if t not in letters]
        elif kept and all(len(t) == 1 and t.isalpha() for t in kept):
            letters += [t for t in dict.fromkeys(kept) if t not in letters]
        else:
            return None
    return Below(tuple(letters), sign, pair, upper)


def summed_letters(part: Sequence[str]) -> list[str]:
    """The letters below a sum; whatever stands there where it is not read."""
    found = below(part)
    return list(found.letters) if found is not None else list(part[:part.index("=")] if "=" in part else part)


def free_letters(side: Tokens, indices: set[str]) -> set[str]:
    """The indices of a side that no sum in it goes over."""
    bound = {t for part, _ in sums(side) if (found := below(part)) is not None for t in found.letters}
    return {t for t, _ in side if t in indices} - bound


class Indexed(Record):
    """A name with its indices, where it stands and as it is written; "(" stands before the index of a sample, ":" for a whole row."""

    name: str
    indices: tuple[str, ...]
    place: int
    written: str


class Summed(Record):
    """A sum: its letters, how far they go, what relates two of them."""

    letters: tuple[str, ...]
    upper: str
    pair: tuple[str, ...]
    sign: str
    place: int
    written: str


class Marks:
    """The letters that are indices while a formula is read, and what its marks stand for."""

    def __init__(self, letters: Set[str], free: Set[str] = frozenset()) -> None:
        self.letters, self.free = letters, free
        self.bound: frozenset[str] = frozenset()
        self.found: dict[str, Indexed | Summed] = {}

    def new(self, head: str, what: Indexed | Summed) -> str:
        """A mark for this, in a text of the language."""
        name = f"{head}{SIGN}{len(self.found)}"
        self.found[name] = what
        return name

    def shown(self, text: str) -> str:
        """A text with what was written in the place of its marks."""
        return MARKED.sub(lambda m: self.found[m[0]].written if m[0] in self.found else m[0], text)
