"""What a line of NumPy shows of names that are not declared: which are arrays, and which have two axes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from .lexer import is_letter
from .spellings import MODULES

REDUCED = frozenset(("sum", "mean", "max", "softmax", "log_softmax", "logsumexp"))


def arrays(texts: Sequence[str]) -> frozenset[str]:
    """The names that are arrays on a line of NumPy, for they have methods or stand beside an @."""
    return frozenset(t for before, t, after, last in zip(["", *texts], texts, [*texts[1:], ""], [*texts[2:], "", ""], strict=False)
                     if t[:1].isalpha() and before != "." and t not in MODULES and
                     ("@" in (before, after) or (after == "." and last[:1].isalpha())))


def tables(texts: Sequence[str], named: Callable[[str], bool]) -> Iterator[str]:
    """The names that have two axes on a line of NumPy: X.shape[1], X[:, j], and the only name in what goes along axis 1."""
    for k in range(len(texts)):
        column = texts[k:k + 3] == ["[", ":", ","] and texts[k + 3] not in ("None", "np", "newaxis")
        if column or texts[k:k + 4] == [".", "shape", "[", "1"]:
            yield texts[k - 1]
        keyword = texts[k:k + 3] in (["axis", "=", "1"], ["dim", "=", "1"])
        if not keyword and not (texts[k:k + 2] == ["1", ")"] and texts[k - 1] in ("(", ",")):
            continue
        opened = opening(texts, k)
        if not keyword and texts[opened - 1] not in REDUCED:
            continue
        begun = opened - 3 if texts[opened - 2:opened - 1] == ["."] and texts[opened - 3] not in MODULES else opened
        begun = opening(texts, begun) if texts[begun] == ")" else begun
        inside = [t for before, t, after in zip(["", *texts[begun:k]], texts[begun:k], texts[begun + 1:k + 1], strict=False)
                  if is_letter(t) and "(" != after != "." != before and t not in MODULES or t == texts[begun] and is_letter(t)]
        if len(set(inside)) == 1 and named(inside[0]):
            yield inside[0]


def opening(texts: Sequence[str], k: int) -> int:
    """Where the bracket around a place, or the one that ends there, is opened."""
    deep = 1
    while deep and k:
        k -= 1
        deep += (texts[k] in (")", "]")) - (texts[k] in ("(", "["))
    return k
