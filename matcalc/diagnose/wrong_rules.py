"""Derivatives by a wrong rule: a definition held constant, a norm for its square; claims that are right only for numbers."""

from __future__ import annotations

from collections.abc import Iterator

from ..deriving.derivation import Unfinished
from ..deriving.engine import derive
from ..deriving.substitute import substitute
from ..language.expr import SCALAR, Apply, Expr, InputError, Name, Number, num, power
from ..language.inspection import names_of, node_count
from ..language.recognition import norm_of
from ..proof.at_points.question import Question
from ..reading.problems.problem import Definitions, PremiseSet, Problem
from .edits import put, sites
from .screening import Screening
from .slip import Kind, Slip

LARGEST = 3000      # nodes of what is opened further
MOST = 8        # definitions, or norms, that are tried


def opened(e: Expr, definitions: Definitions, keep: set[Name]) -> Expr:
    """e with the bodies of the defined names in it, but for those to keep, as long as it is not too large: squares of squares double."""
    for name, body in reversed(definitions):
        if name not in keep and name in e.names and node_count(e) < LARGEST:
            e = substitute(e, {name: body})
    return e


def frozen(problem: Problem, look: Screening, claimed: Expr) -> Slip | None:
    """The derivative where one definition is taken for a constant."""
    for name, body in problem.definitions[:MOST]:
        if not problem.wrt or not any(n.name == problem.wrt.name for n in names_of([body], dict(problem.definitions))):
            continue
        if _derived(problem.replace(definitions=[(n, b) for n, b in problem.definitions if n is not name]), look, claimed):
            return Slip(Kind.FROZEN, (name, problem.wrt))
    return None


def norms(problem: Problem, look: Screening, claimed: Expr) -> Slip | None:
    """The derivative where a squared norm stands for a norm, or a norm for its square."""
    if problem.f is None or problem.wrt is None or problem.order == 2:
        return None
    tried = 0
    for name, body in ((None, problem.f), *problem.definitions):
        for changed, old, new in _other_norms(body):
            tried += 1
            if tried > MOST:
                return None
            other = problem.replace(f=changed) if name is None else \
                problem.replace(definitions=[(n, changed if n is name else b) for n, b in problem.definitions])
            if _derived(other, look, claimed):
                return Slip(Kind.NORM, (new, old))
    return None


def _other_norms(e: Expr) -> Iterator[tuple[Expr, Expr, Expr]]:
    """The expression with one norm squared, or the square of one taken away; the part, before and after."""
    squared = {path for path, s in sites(e) if isinstance(s, Apply) and s.head == "^" and isinstance(s.args[1], Number)}
    for path, s in sites(e):
        if norm_of(s) is not None and path[:-1] not in squared:
            new = power(s, num(2))
        elif path in squared and isinstance(s, Apply) and norm_of(s.args[0]) is not None and s.args[1] is num(2):
            new = s.args[0]
        else:
            continue
        whole = put(e, path, new)
        if whole is not None:
            yield whole, s, new


def _derived(problem: Problem, look: Screening, claimed: Expr) -> bool:
    """Whether the derivative of this is what is claimed."""
    try:
        d = derive(problem)
    except (Unfinished, InputError):
        return False
    return look.holds(claimed, opened(opened(d.result, d.where, set()), problem.definitions, set()))


class Ones(Screening):
    """Points at which everything is a number."""

    def _sizes(self, question: Question) -> list[dict[str, int]]:
        return [dict.fromkeys(sizes, 1) for sizes in question.plans()[0][:1]]


def of_size_one(about: PremiseSet, right: Expr, claimed: Expr) -> Slip | None:
    """A claim that is right only where all sizes are 1."""
    if right.shape == SCALAR or right.shape != claimed.shape or not claimed.names:
        return None
    look = Ones(about, [right], (claimed,))
    return Slip(Kind.SIZE_ONE) if len(look.places) > 1 and look.alike(right, claimed) else None
