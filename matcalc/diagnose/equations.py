"""What is wrong with a false equation: its right side as a slip of the left one, or what would have to be assumed."""

from __future__ import annotations


from ..deriving.derivation import Unfinished
from ..deriving.engine import derive
from ..deriving.substitute import substitute
from ..language.deadline import Expired
from ..language.expr import Expr, InputError, Name, as_derivative
from .diagnosis import diagnosis
from .edits import sites
from .slip import Slip
from .wrong_rules import opened
from ..reading.problems.problem import Problem


def slip(problem: Problem, left: Expr, right: Expr) -> tuple[Slip, ...]:
    """The mistake in the right side of an equation, the left one taken for right."""
    answer = solved(problem, left)
    asked = as_derivative(left)
    f, wrt = asked if asked is not None and isinstance(asked[1], Name) else (left, None)
    return diagnosis(problem.replace(f=f, wrt=wrt), [], answer, right, either=wrt is None)


def of_derivative(left: Expr) -> bool:
    """Whether an equation says what a derivative is."""
    asked = as_derivative(left)
    return asked is not None and isinstance(asked[1], Name)


def solved(problem: Problem, e: Expr) -> Expr:
    """e with every derivative in it carried out, as far as rules and time go; those of derivatives after what they are derivatives of."""
    found: dict[Expr, Expr] = {}
    for _, part in sites(e):
        asked = as_derivative(part)
        if asked is not None and isinstance(asked[1], Name):
            try:
                d = derive(problem.replace(f=asked[0], wrt=asked[1]))
            except (Unfinished, InputError, Expired):
                continue
            found[part] = opened(d.result, d.where, set())
    return solved(problem, substitute(e, found)) if found else e
