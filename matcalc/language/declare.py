"""Declarations: `A in R^(m,n) symmetric`, `f: R -> R`."""

from __future__ import annotations

import re
from functools import lru_cache

from .functions import STRUCTURE_WORDS
from .shape import ONE, SCALAR, Dim, InputError
from .nodes import Name
from .tokens import GREEK

_VARIABLE = re.compile(r"\s*([^\W\d]\w*)\s*(?:in|∈)\s*[Rℝ]\s*(?:\^\s*(?:\(([^,()]+),([^,()]+)\)|\(([^,()]+)\)|(\w+)))?((?:\s+\w+)*)\s*$")
_FUNCTION = re.compile(r"\s*([^\W\d]\w*)\s*:\s*[Rℝ](?:\^(\w+|\([^()]*\)))?\s*(?:->|→)\s*[Rℝ](?:\^(\w+|\([^()]*\)))?\s*$")
SQUARE_WORDS = STRUCTURE_WORDS - {"positive", "simplex"}


def greek(word: str) -> str:
    """A name with its Greek letters spelled out."""
    return word if word.isascii() else "".join(GREEK.get(c, c) for c in word)


def dimension(text: str, whole: str) -> Dim:
    """A size: a name, a positive integer, or sums and products of those."""
    total: Dim | None = None
    for term in text.strip().strip("()").split("+"):
        product = ONE
        for factor in term.split("*"):
            factor = factor.strip()
            if factor.isdigit():
                if int(factor) == 0:
                    raise InputError(f"a size must be positive: {factor} in '{whole.strip()}'")
                if len(factor) > 18:
                    raise InputError(f"the size {factor[:12]}... is too large")
                product = product * Dim.of(int(factor))
            elif factor.isidentifier():
                product = product * Dim.of(greek(factor))
            else:
                raise InputError(f"'{factor}' is not a size in '{whole.strip()}'", hint="a size is a name, an integer, n+1, m*n")
        total = product if total is None else total + product
    assert total is not None
    return total


@lru_cache(maxsize=4096)
def declaration(text: str) -> Name:
    """The name a declaration declares."""
    m = _VARIABLE.match(text)
    if m:
        name, rows, cols, lone, bare, rest = m.groups()
        words = frozenset(rest.split())
        bad = words - STRUCTURE_WORDS
        if bad:
            raise InputError(f"unknown structure word '{min(bad)}' in '{text.strip()}'",
                             hint="known: " + ", ".join(sorted(STRUCTURE_WORDS)))
        if rows:
            shape = (dimension(rows, text), dimension(cols, text))
        elif lone or bare:
            shape = (dimension(lone or bare, text), ONE)
        else:
            shape = SCALAR
        if words & SQUARE_WORDS and shape[0] is not shape[1]:
            raise InputError(f"{min(words & SQUARE_WORDS)} needs a square matrix: '{text.strip()}'")
        return Name(greek(name), shape, words)
    m = _FUNCTION.match(text)
    if m:
        source, target = (None if g is None else dimension(g, text) for g in m.groups()[1:])
        if source is None and target is not None:
            raise InputError(f"'{text.strip()}': a function of a scalar is applied entry by entry, so it is f: R -> R")
        return Name(greek(m[1]), SCALAR, kind="function", signature=(source, target))
    raise InputError(f"cannot read the declaration '{text.strip()[:80]}'", 1, 1, text.strip()[:200],
                     "x in R^n, A in R^(m,n) symmetric, c in R, f: R -> R, g: R^m -> R, h: R^m -> R^n")
