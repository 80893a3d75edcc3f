"""A claim whose shapes do not fit: is it right with one of its terms transposed?"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import combinations

from ..language.expr import Expr, InputError, Name
from ..reading.parse import parse
from .quick_look import About, Look
from .slip import Is, Slip
from ..reading.problem import Problem

MOST = 5


def misshapen(problem: Problem, right: Expr, where: list[tuple[Name, Expr]], text: str) -> Slip:
    """What is wrong with a claim that could not even be read as one expression."""
    parts = list(_terms(text))
    look = Look(About(problem, where), [right])
    if not look.places or not 1 < len(parts) <= MOST:
        return Slip(Is.ILL_SHAPED)
    for count in range(1, len(parts)):
        for turned in combinations(range(len(parts)), count):
            for change in (_whole, _letters):
                written = " ".join(sign + (change(body) if i in turned else f"({body})") for i, (sign, body) in enumerate(parts))
                try:
                    claimed = parse(written, problem.scope)
                except InputError:
                    continue
                if look.holds(claimed, right):
                    return Slip(Is.ILL_SHAPED, (change is _whole, tuple(parts[i][1] for i in turned)))
    return Slip(Is.ILL_SHAPED)


def _whole(body: str) -> str:
    return f"({body})'"


def _letters(body: str) -> str:
    """Every letter transposed, in the same order."""
    return "(" + re.sub(r"\b([A-Za-z_]\w*)\b(?!\()('?)", lambda m: m[1] if m[2] else m[1] + "'", body) + ")"


def _terms(text: str) -> Iterator[tuple[str, str]]:
    """(sign, term) of a sum, brackets kept whole."""
    depth, start, sign = 0, 0, "+"
    for i, c in enumerate(text):
        depth += (c == "(") - (c == ")")
        if depth == 0 and c in "+-" and (not text[:i].strip() or text[:i].rstrip()[-1] not in "*/^+-eE("):
            if text[start:i].strip():
                yield sign, text[start:i].strip()
            sign, start = c, i + 1
    if text[start:].strip():
        yield sign, text[start:].strip()
