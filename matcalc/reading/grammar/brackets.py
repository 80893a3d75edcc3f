"""Brackets in a row of tokens, or in a text: how deep each stands, and which close which."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import accumulate, islice

ROUND = {"(": ")"}
BRACES = {"{": "}"}
CLOSES = {"(": ")", "[": "]", "{": "}"}
SIGNED = frozenset("*/^.+-=@")      # a plus or a minus behind one is the sign of what follows


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


def terms(text: str) -> list[tuple[str, str]]:
    """The terms of a sum that is a text, each with its sign.

    >>> terms("-a*(b - c) + d^-1")
    [('-', 'a*(b - c)'), ('+', 'd^-1')]
    """
    out, sign, start = list[tuple[str, str]](), "+", 0
    for k, (c, depth) in enumerate(zip(text, depths(text), strict=True)):
        if not depth and c in "+-" and text[:k].rstrip()[-1:] not in SIGNED:
            out += [(sign, text[start:k].strip())] if text[start:k].strip() else []
            sign, start = c, k + 1
    return [*out, (sign, text[start:].strip())]


def opening(tokens: Sequence[str], at: int, pairs: Mapping[str, str] = CLOSES) -> int:
    """Where the bracket is opened that is closed at a place; -1 where it is not."""
    return at - closing(tokens[at::-1], 0, {end: start for start, end in pairs.items()})
