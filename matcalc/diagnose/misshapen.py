"""A claim or an equation whose shapes do not fit: which small change makes it right."""

from __future__ import annotations

from collections.abc import Callable
from itertools import combinations

from ..language.expr import Expr, InputError, Name
from ..reading.parse import parse
from .screening import Screening
from .refitted import refitted
from .slip import Kind, Slip
from ..reading.problems.problem import PremiseSet, Problem
from ..reading.grammar.tokens import Line, is_name, written
from ..reading.grammar.brackets import terms

MOST = 5


def misshapen(problem: Problem, right: Expr, where: list[tuple[Name, Expr]], text: str) -> Slip:
    """What is wrong with a claim that could not even be read as one expression."""
    others = tuple(n for n in problem.variables.values() if n.kind == "variable")
    look = Screening(PremiseSet.of(problem, where), [right], others)

    def holds(line: str) -> bool:
        try:
            return look.holds(parse(line, problem.scope), right)
        except InputError:
            return False
    if not look.places:
        return Slip(Kind.ILL_SHAPED)
    return _turned(text, holds) or refitted(text, problem.variables, holds) or Slip(Kind.ILL_SHAPED)


def readable(problem: Problem, text: str) -> tuple[Expr, Expr] | None:
    """The two sides of an equation, where each can be read by itself."""
    sides = text.split("==")
    try:
        return (parse(sides[0], problem.scope), parse(sides[1], problem.scope)) if len(sides) == 2 else None
    except InputError:
        return None


def unequal(problem: Problem, text: str) -> Slip:
    """What is wrong with an equation whose sides do not fit, each for itself or together: the change of one side that makes it right."""
    sides = text.split("==")
    for k in (1, 0) if len(sides) == 2 else ():
        try:
            other = parse(sides[1 - k], problem.scope)
        except InputError:
            continue
        found = misshapen(problem, other, [], sides[k])
        if found.about:
            return found
    return Slip(Kind.ILL_SHAPED)


def _turned(text: str, holds: Callable[[str], bool]) -> Slip | None:
    """The terms of a sum that must be transposed, each as a whole or letter by letter."""
    parts = [(sign, Line(term).tokens[:-1]) for sign, term in terms(text) if term]
    if not 1 < len(parts) <= MOST:
        return None
    for count in range(1, len(parts)):
        for transposed in combinations(range(len(parts)), count):
            for change in (_whole, _letters):
                line = " ".join(sign + (change(term) if i in transposed else f"({written(term)})") for i, (sign, term) in enumerate(parts))
                if holds(line):
                    return Slip(Kind.ILL_SHAPED, (change is _whole, tuple(written(parts[i][1]) for i in transposed)))
    return None


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
