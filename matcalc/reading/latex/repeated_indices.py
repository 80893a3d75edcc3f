r"""Einstein's convention: \sum_{ij} in front of x_i A_{ij} x_j, where a text says that repeated indices are summed over."""

from __future__ import annotations

import re
from collections import Counter
from functools import lru_cache

from .index_letters import LETTERS
from .macros import group
from .tokens import Token, Tokens
from ...patterns import pattern

SAID = pattern(r"\bEinstein|\bsummation convention\b|\brepeated (?:indices|index)\b|\bimplicit(?:ly)? summ", re.I)
ENDS = frozenset(("+", "-", "=", "&", r"\\", ",", r"\is", r"\quad", r"\Rightarrow", ".", ";"))
OPEN = {"(": ")", "[": "]", "{": "}"}


@lru_cache(64)
def announced(text: str) -> bool:
    """Whether a text says that repeated indices are summed over."""
    return SAID.search(text) is not None


def with_sums(source: Tokens) -> list[Token]:
    r"""The tokens with the sums written out.

    >>> from .tokens import tokens
    >>> "".join(t for t, _ in with_sums(tokens(r"y_i = A_{ij}x_j + (b_{jk} + c_{jk})d_{ik}e_j - z_i")))
    'y_i=\\sum_{j}A_{ij}x_j+\\sum_{jk}(b_{jk}+c_{jk})d_{ik}e_j-z_i'
    """
    return _summed(list(source))[0]


def _summed(source: list[Token]) -> tuple[list[Token], set[str]]:
    """The same, and the indices that are free in any term."""
    out: list[Token] = []
    free, term, letters = set[str](), list[Token](), Counter[str]()
    k = 0
    while k <= len(source):
        token, at = source[k] if k < len(source) else ("", 0)
        if k == len(source) or token in ENDS:
            twice = sorted(t for t, count in letters.items() if count == 2)
            first = term[0][1] if term else at
            out += [(t, first) for t in (r"\sum", "_", "{", *twice, "}")] if twice else []
            out += [*term, *source[k:k + 1]]
            free |= letters.keys() - set(twice)
            term, letters = [], Counter()
            k += 1
            continue
        if token == "_" and k + 1 < len(source):
            part, behind = group(source, k + 1)
            letters.update(t for t, _ in part if t in LETTERS)
            term += source[k:behind]
        elif token in OPEN:
            depth, behind = 1, k + 1
            while behind < len(source) and depth:
                depth += (source[behind][0] == token) - (source[behind][0] == OPEN[token])
                behind += 1
            inner, own = _summed(source[k + 1:behind - 1])
            letters.update(own)
            term += [source[k], *inner, source[behind - 1]]
        else:
            behind = k + 1
            term.append(source[k])
        k = behind
    return out, free
