"""What a step may rest on: the definitions, the assumptions, which names move, what structure is seen, what is equal."""

from __future__ import annotations

from collections.abc import Sequence

from ..language.expr import SCALAR, T, Expr, Name, add, apply, eye, mul, neg, num, ones, zeros
from ..language.operations import SYMMETRY_WORDS
from ..language.properties import Properties
from .at_points import points
from .places import lettered, swapped
from ..language.blocks import terms
from .verdict import Verdict
from ..reading.problems.problem import Problem


class StepContext:
    """What a step may use: definitions, assumptions, which names vary. The variable may have lost its structure words."""

    def __init__(self, problem: Problem, adjoints: Sequence[tuple[Name, Expr]] = ()) -> None:
        x = problem.wrt
        free: dict[Expr, Expr] = {} if x is None else {x: Name(x.name, x.shape, x.words & {"positive"})}
        self.problem, self.back = problem, {v: k for k, v in free.items()}
        same: dict[Expr, Expr] = {}
        if adjoints:
            self.problem = problem.replace(definitions=[*problem.definitions, *adjoints])
        self.bodies = {n.name: (body, swapped(body, free)) for n, body in self.problem.definitions}
        self.assumptions = [(swapped(a, swap), swapped(b, swap)) for a, b in problem.assumptions for swap in (same, free)]
        self.sure = Properties(dict(self.problem.definitions))
        self.active = {x.name} if x is not None else set()
        for name, body in problem.definitions:
            if any(n.name in self.active for n in body.names):
                self.active.add(name.name)

    def d(self, e: Expr) -> Expr:
        """The differential: 0 for what does not move."""
        return apply("d", e) if any(n.name in self.active for n in e.names) else zeros(*e.shape)

    def d_of_sum(self, e: Expr) -> Expr:
        """The differential of a sum of several terms: the row once more."""
        return add(*map(self.d, terms(e)))

    def has(self, e: Expr, word: str) -> bool:
        """Whether e has a structure: declared, by its form, or as its definition says."""
        if word == "positive":
            return self.sure.positive(e)
        if isinstance(e, Name) and (word in e.words or word == "symmetric" and e.words & SYMMETRY_WORDS):
            return True
        if word == "symmetric":
            return self.sure.symmetric(e) or self.equal(T(e), e)
        if word == "spd":
            return self.sure.definite(e, True)          # and invertible, which is the row's condition
        if word == "skew":
            return self.equal(T(e), neg(e))
        if word == "orthogonal":
            return self.equal(mul(T(e), e), eye(e.shape[0]))
        if word == "simplex":
            return self.equal(apply("sum", e), num(1)) if e.shape[1] is SCALAR[1] else self.equal(apply("rowsum", e), ones(e.shape[0]))
        return False

    def equal(self, left: Expr, right: Expr) -> bool:
        """The quick judge, with each differential a letter of its own.

        What holds with the defined names as letters holds when they are given their values; so the definitions are looked up
        only when it takes them, first those in sight, and a long chain is not evaluated anew for every step.
        """
        if left is right:
            return True
        if left.shape != right.shape:
            return False
        letters: dict[Expr, Expr] = {}
        left, right = lettered(left, letters), lettered(right, letters)
        problem = self.problem
        if problem.definitions and not problem.assumptions:
            seen = left.names | right.names
            near = [(n, e) for n, e in problem.definitions if n in seen]
            for few in ([], near):
                if len(few) < len(problem.definitions):
                    if points.judge_equation(problem.replace(definitions=few), left, right).kind == "checked":
                        return True
        found = points.judge_equation(problem, left, right)
        if found.kind == "undecided":
            raise Unsettled(found)
        return found.kind == "checked"


class Unsettled(Exception):
    """What the points do not decide."""

    def __init__(self, verdict: Verdict) -> None:
        super().__init__()
        self.verdict = verdict._replace(looks=())
