r"""Sums with dots, x_1 y_1 + x_2 y_2 + \dots + x_n y_n, as sums over an index."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from .macros import lowered
from .tokens import PAIRS, Token, Tokens
from ..brackets import depths

ENDS = frozenset(("+", "-", "=", "&", "\\\\", ",", r"\is", r"\quad", r"\Rightarrow", ".", ";", r"\must", r"\cell", r"\nextrow"))
DOTS = ["+", r"\dots", "+"]


def with_sums(source: Sequence[Token]) -> list[Token]:
    r"""The tokens with sums over an index for those with dots whose terms differ only in what stands below.

    >>> from .tokens import tokens
    >>> "".join(t for t, _ in with_sums(tokens(r"f = c + a_1x_{k1}^2 + a_2x_{k2}^2 + \dots + a_nx_{kn}^2 + b")))
    'f=c+\\sum_{i=1}^{n}a_ix_{ki}^2+b'
    """
    out = list(source)
    for k in range(len(out) - 3, 0, -1):
        if [t for t, _ in out[k:k + 3]] != DOTS:
            continue
        last = _term(out, k + 3)
        before: list[Tokens] = []
        start = k
        while start > 0 and (term := _term(out[:start][::-1], 0, True)):
            start -= len(term)
            if start and out[start - 1][0] == "-":
                break
            before.insert(0, term[::-1])
            if not start or out[start - 1][0] != "+":
                break
            start -= 1
        rows = [-1, *(j for j, (t, _) in enumerate(out) if t == "\\\\"), len(out)]
        row = next(out[i + 1:j] for i, j in pairwise(rows) if j > k)
        index = next((t for t in "ijkl" if all(t != token for token, _ in row)), "")
        uppers = {t for _, part, _ in lowered(last) for t in part if t.isalpha()} if index else ()
        for n, count in ((n, count) for n in sorted(uppers) for count in range(1, len(before) + 1)):
            if all(_same(term, _put(last, n, str(j))) for j, term in enumerate(before[-count:], 1)):
                at = out[first := k - sum(map(len, before[-count:])) - count + 1][1]
                head = [(t, at) for t in (r"\sum", "_", "{", index, "=", "1", "}", "^", "{", n, "}")]
                out[first:k + 3 + len(last)] = [*head, *_put(last, n, index)]
                break
    return out


def _term(source: Sequence[Token], start: int, back: bool = False) -> list[Token]:
    """The tokens from a place on up to the end of a term."""
    pairs = {end: begin for begin, end in PAIRS.items()} if back else PAIRS
    out: list[Token] = []
    for token, depth in zip(source[start:], depths((t for t, _ in source[start:]), pairs), strict=True):
        if depth < 0 or not depth and token[0] in ENDS:
            break
        out.append(token)
    return out


def _put(term: Tokens, upper: str, index: str) -> list[Token]:
    """A term with another index where one stands below."""
    out = list(term)
    for k, _, behind in lowered(term):
        out[k + 1:behind] = [(index if t == upper else t, at) for t, at in term[k + 1:behind]]
    return out


def _same(one: Tokens, two: Tokens) -> bool:
    """Whether two terms are written alike, braces left aside."""
    return [t for t, _ in one if t not in "{}"] == [t for t, _ in two if t not in "{}"]
