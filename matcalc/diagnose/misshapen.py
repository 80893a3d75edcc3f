"""A claim whose shapes do not fit: is it right with one of its terms transposed?"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from ..language.expr import Expr, InputError, Name
from ..reading.parse import parse
from .quick_look import Look
from .slip import Is, Slip
from ..reading.problem import Grounds, Problem
from ..reading.tokens import Line, is_name, written

MOST = 5
OPERATORS = frozenset("+-*/^") | {".*", "./", ".^", "@"}        # a sign behind one belongs to what follows


def misshapen(problem: Problem, right: Expr, where: list[tuple[Name, Expr]], text: str) -> Slip:
    """What is wrong with a claim that could not even be read as one expression."""
    parts = list(_terms(text))
    look = Look(Grounds.of(problem, where), [right])
    if not look.places or not 1 < len(parts) <= MOST:
        return Slip(Is.ILL_SHAPED)
    for count in range(1, len(parts)):
        for turned in combinations(range(len(parts)), count):
            for change in (_whole, _letters):
                line = " ".join(sign + (change(term) if i in turned else f"({written(term)})") for i, (sign, term) in enumerate(parts))
                try:
                    claimed = parse(line, problem.scope)
                except InputError:
                    continue
                if look.holds(claimed, right):
                    return Slip(Is.ILL_SHAPED, (change is _whole, tuple(written(parts[i][1]) for i in turned)))
    return Slip(Is.ILL_SHAPED)


def _whole(term: list[str]) -> str:
    return f"({written(term)})'"


def _letters(term: list[str]) -> str:
    """Every letter transposed, in the same order.

    >>> _letters(["A", "*", "x", "'"])
    "(A'*x)"
    """
    out: list[str] = []
    for before, token, after in zip(["", *term], term, [*term[1:], ""], strict=False):
        if is_name(token) and after != "(":
            out += [token] if after == "'" else [token, "'"]
        elif token != "'" or not is_name(before):
            out.append(token)
    return f"({written(out)})"


def _terms(text: str) -> Iterator[tuple[str, list[str]]]:
    """The sign and the tokens of each term of a sum, brackets kept whole."""
    depth, sign = 0, "+"
    term: list[str] = []
    before = ""
    for token in Line(text).tokens[:-1]:
        depth += (token == "(") - (token == ")")
        if depth == 0 and token in ("+", "-") and before not in OPERATORS:
            if term:
                yield sign, term
            sign, term = token, []
        else:
            term.append(token)
        before = token
    if term:
        yield sign, term
