"""Brackets in a row of tokens, or in a text: how deep each stands, and which close which."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import accumulate, islice

ROUND = {"(": ")"}
BRACES = {"{": "}"}
CLOSES = {"(": ")", "[": "]", "{": "}"}


def depths(tokens: Iterable[str], pairs: Mapping[str, str] = CLOSES) -> Iterator[int]:
    """How many brackets are open behind each token.

    >>> list(depths("f(x)+1"))
    [0, 1, 1, 0, 0, 0]
    """
    closing = frozenset(pairs.values())
    return accumulate((t in pairs) - (t in closing) for t in tokens)


def closing(tokens: Iterable[str], at: int = 0, pairs: Mapping[str, str] = CLOSES) -> int:
    """Where the bracket at a place is closed; behind the last token where it is not."""
    k = at - 1
    for k, depth in enumerate(depths(islice(tokens, at, None), pairs), at):
        if not depth:
            return k
    return k + 1


def opening(tokens: Sequence[str], at: int, pairs: Mapping[str, str] = CLOSES) -> int:
    """Where the bracket is opened that is closed at a place; -1 where it is not."""
    return at - closing(tokens[at::-1], 0, {end: start for start, end in pairs.items()})
