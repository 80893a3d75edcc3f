"""Pieces of a line in index notation: marks for letters, brackets, quotients, entries."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ..language.numbers import Rational
from ..reading.grammar.brackets import closing
from ..records import Record
from ..patterns import pattern

Index = str | tuple["Index", "Index"]       # nothing where there is one row or column only
LETTERS = "ijklpqrstuvwhzyxabcmnog"
MARK = pattern(r"‹\d+›")
ENTRY = pattern(r"([AB])\[(\w)(?:,(\w))?\]")
OVER_MARKS = pattern(r"sum\((?:‹\d+›, )*‹\d+›\Z")
OVER = pattern(r"sum\(((?:\w, )+)(.*)\)")


class NoPair(Exception):
    """An index that is a pair where there is none."""


class Term(Record):
    """A product of numbers, summed over letters; `deltas` are pairs of letters that must be equal."""

    over: tuple[str, ...] = ()
    above: tuple[str, ...] = ()
    below: tuple[str, ...] = ()
    deltas: tuple[tuple[str, str], ...] = ()
    number: Rational = 1


def quotient(above: Sequence[str], below: Sequence[str]) -> str:
    """Factors over factors.

    >>> quotient(['a', 'b'], ['c']), quotient([], ['c', 'd'])
    ('a*b/c', '1/c/d')
    """
    return "/".join(["*".join(above) or "1", *map(closed, below)])


def marks(index: Index) -> list[str]:
    """The letters of an index."""
    return [t for part in index for t in marks(part)] if isinstance(index, tuple) else [index] if index else []


def bare(text: str) -> str:
    """A text without brackets around the whole.

    >>> bare('(a + b)'), bare('(a)*(b)')
    ('a + b', '(a)*(b)')
    """
    return text[1:-1] if text[:1] == "(" and end_of(text, 0) == len(text) - 1 else text


def closed(text: str) -> str:
    """A text that can be a factor or the base of a power.

    >>> closed('a + b'), closed('f(a)')
    ('(a + b)', 'f(a)')
    """
    head = re.match(r"[\w.]*", text)
    end = len(head[0]) if head is not None else 0
    while text[end:end + 1] in ("(", "["):
        end = end_of(text, end) + 1
    return text if end == len(text) and text else f"({text})"


def end_of(text: str, at: int) -> int:
    """Where the bracket at a place ends."""
    return closing(text, at)
