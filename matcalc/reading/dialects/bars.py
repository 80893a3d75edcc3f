"""Bars around a square matrix, the determinant or the absolute values: what they are where only one of both has shapes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress

from .columns import fits
from .combined import Unreadable
from .context import Context
from ..grammar.brackets import ROUND, closing
from ..grammar.tokens import Line, Token
from ...language.shape import InputError


def read(reading: Callable[[Line, Context], tuple[Token, ...]], line: Line, around: Context) -> tuple[Token, ...]:
    """A line as its dialect reads it, with bars that can be only one of both: those of |Σ|^{-1/2} exp(-x'x)."""
    try:
        return reading(line, around)
    except InputError:
        found = []
        for meaning in ("det", "abs") if around.barred and not around.equation else ():
            around.bars = meaning
            with suppress(InputError, Unreadable):
                tokens = reading(line, around)
                if not _rooted([t for t, _, _ in tokens]) and fits(line, tokens[2 * around.defines:], around):
                    found.append(tokens)
        around.bars = ""
        if len(found) == 1:
            return found[0]
        raise


def _rooted(texts: Sequence[str]) -> bool:
    """Whether the absolute values of a matrix have a power that only numbers have."""
    ends = (closing(texts, k + 1, ROUND) for k, text in enumerate(texts) if text == "abs")
    return any(list(texts[end + 1:end + 2]) == ["^"] and not texts[end + 2].isdigit() for end in ends)
