"""The quick judge, always on: both sides as numbers at random points. It knows nothing of how a result was found.

f itself is evaluated with derivatives (forward mode) and compared with the claim contracted with a random direction, at
pairwise different sizes and with all sizes 1: exactly, modulo two large primes (field.py), and in floating point (reals.py).
Exact agreement decides where only rational functions, exp and their like occur. Signs, roots and logarithms have branches
that only real numbers have, so there real points decide; and only real points refute, so that people can check.
"""

from __future__ import annotations

from collections.abc import Callable
from math import inf
from random import Random
from typing import Any

from ...language.conditions import Condition
from ...language.existence import existence_conditions
from ...language.expr import ONE, SCALAR, ZERO, Expr, Name, derivative_shape, is_transposed
from .jets import NO_VALUE, Jet
from .point import ONE_SIGN, Point, TooExpensive
from .question import Question
from .values import Evaluator
from ..asked_once import asked_once
from ..verdict import Verdict, Cause, refuted, undecided, wrong_shape, Witness
from ...reading.problems.problem import Definitions, Premises, Problem
from . import decimals, far_from_zero, high_precision, reals, doubtful_agreement, structure


NEAR = 1e-6
MIRRORED = frozenset(("symmetric", "spd", "diagonal", "skew"))       # what a direction keeps


class Asked(Question):
    """A question that can be looked at again at the same point, to many digits."""

    def again(self, point: Point) -> Callable[[decimals.HighPrecision], Evaluator]:
        """The point to other digits, drawn as it was."""
        def placed(ring: decimals.HighPrecision) -> Evaluator:
            random = Random()
            random.setstate(point.origin)
            ring.drawn = far_from_zero.FarReals(random, point.number) if isinstance(point.ring,
                                                                                    far_from_zero.FarReals) else reals.Reals(random)
            ring.random = random
            return self.point(ring, point.sizes, point.style, point.number)
        return placed

    def undefined(self, point: Point) -> Verdict | None:
        try:
            return high_precision.undefined_finely(self, self.again(point))
        except (*NO_VALUE, TooExpensive):
            return None

    def finely(self, point: Point) -> Witness | bool | None:
        if self.chain:
            return None
        try:
            return high_precision.differ_finely(self, self.again(point)) or False
        except (*NO_VALUE, TooExpensive):
            return None


class Derivative(Asked):
    """Is this the derivative of f with respect to x, in this layout?"""

    def __init__(self, problem: Problem, result: Expr, where: list[tuple[Name, Expr]], order: int, layout: str,
                 structured: bool) -> None:
        super().__init__(problem, where, [problem.function, result, problem.variable])
        self.f, self.x, self.result = problem.function, problem.variable, result
        self.order, self.structured, self.transposed = order, structured, is_transposed(self.f.shape, order, layout)
        self.gradient = self.order == 1 and self.f.shape == SCALAR
        if not self.gradient and ONE not in self.x.shape:
            self.deepest = 5        # n^2 rows and columns

    def sides(self, ev: Evaluator) -> tuple[Jet, Callable[[], Jet]]:
        ring, point, x = ev.ring, ev.point, self.x
        u = list(point.direction(x))
        m, n = point.shape(x)
        weights = u
        if self.structured:
            u, weights = structure.structured_contraction(x.words, u, n, ring.zero)
        if self.order == 2:
            v = point.direction(x, 1)
            left = ring.component(ring.component(ev.along({x: {1: u, 2: v}}).value(self.f), 2), 1)
            first, second = ring.vec(Jet(m, n, {0: u})), ring.vec(Jet(m, n, {0: v}))
            return left, lambda: ring.matmul(ring.transpose(first), ring.matmul(ev.value(self.result), second))
        moving = ev.along({x: {1: u}})
        left = ring.vec(ring.component(moving.value(self.f), 1))
        ev.values_of(moving)
        direction = Jet(m, n, {0: weights})

        def right() -> Jet:
            g = ev.value(self.result)
            if self.transposed:
                g = ring.transpose(g)
            if self.gradient:
                return ring.sum(ring.had(g, direction)) if g.m * g.n > 1 else ring.had(g, direction)
            return ring.matmul(ring.transpose(g), ring.vec(direction))
        return left, right

    def entries(self, ev: Evaluator) -> tuple[Jet, Jet]:
        if self.structured:
            return super().entries(ev)
        ring, f = ev.ring, self.f
        if self.order == 2:
            rows, (m, n) = [], ev.point.shape(self.x)
            for k in range(m * n):
                moving = ev.along({self.x: {ev.bit: ev.unit(self.x, k % m * n + k // m)}})
                inner = moving.jacobian(f, self.x)
                rows.append(ring.vec(ring.component(inner, ev.bit)))
            from_rows = [x for r in rows for x in r.parts[0]]
            left = Jet(len(rows), len(rows), {0: from_rows})
        else:
            left = ev.jacobian(f, self.x)
        return (ring.transpose(left) if self.transposed else left), ev.value(self.result)


class Gradients(Asked):
    """Are these the gradients of f, all together? Each variable moves along a direction of its own, which keeps what it has of symmetry."""

    chain = True

    def __init__(self, problem: Problem, where: Definitions, gradients: Definitions) -> None:
        super().__init__(problem, list(where), [problem.function, *(e for pair in gradients for e in pair)])
        self.f, self.gradients, self.kinked = problem.function, gradients, False

    def sides(self, ev: Evaluator) -> tuple[Jet, Callable[[], Jet]]:
        ring, point = ev.ring, ev.point
        ways = {x: structure.tangent(ring, x.words & MIRRORED, [], point.direction(x), *point.shape(x)) for x, _ in self.gradients}
        moving = ev.along({x: {1: way} for x, way in ways.items()})
        left = ring.component(moving.value(self.f), 1)
        ev.values_of(moving)
        return left, lambda: ring.add(*(ring.sum(ring.had(ev.value(g), Jet(*point.shape(x), {0: ways[x]}))) for x, g in self.gradients))

    def described(self, ev: Evaluator) -> Witness:
        return {**ev.point.described(), **ev.point.moving()}


class Equality(Asked):
    """Are the two sides equal?"""

    thorough = True

    def __init__(self, problem: Premises, lhs: Expr, rhs: Expr) -> None:
        super().__init__(problem, [], [lhs, rhs])
        self.lhs, self.rhs = lhs, rhs

    def sides(self, ev: Evaluator) -> tuple[Jet, Callable[[], Jet]]:
        return ev.value(self.lhs), lambda: ev.value(self.rhs)

    def described(self, ev: Evaluator) -> Witness:
        """The point, and along which directions its names move."""
        return {**ev.point.described(), **ev.point.moving()}


def derivative(problem: Problem, result: Expr, where: Definitions = (), order: int = 1, layout: str = "denominator",
               structured: bool = False) -> Derivative | Verdict:
    """Whether result is the derivative of problem.function with respect to problem.variable; the verdict where shapes decide."""
    f, x = problem.function.shape, problem.variable.shape
    if order == 2 and f != SCALAR:
        return undecided(Cause.NOT_SCALAR)
    wanted = derivative_shape(f, x, order, layout)
    return Derivative(problem, result, list(where), order, layout, structured) if result.shape == wanted else wrong_shape(
        "derivative", wanted, "claim", result.shape)


def equation(problem: Premises, lhs: Expr, rhs: Expr) -> Equality | Verdict:
    """Whether the two sides are equal; the verdict where shapes decide."""
    return Equality(problem, lhs, rhs) if lhs.shape == rhs.shape else wrong_shape("left", lhs.shape, "right", rhs.shape)


QUESTIONS: dict[str, Callable[..., Asked | Verdict]] = {"derivative": derivative, "equation": equation}


def judge_derivative(problem: Problem, result: Expr, where: Definitions = (), order: int = 1, layout: str = "denominator",
                     structured: bool = False, thorough: bool = False, chain: bool = False) -> Verdict:
    """Whether a derivative is right at points. `chain`: each of its links was judged, its kinks met there, and many digits asked."""
    question = derivative(problem, result, where, order, layout, structured)
    if isinstance(question, Verdict):
        return question
    question.thorough, question.chain, question.kinked = thorough, chain, question.kinked and not chain
    return question.judge()


def judge_gradients(problem: Problem, where: Definitions, gradients: Definitions) -> Verdict:
    """Whether gradients are right at points, all together, where each of them was judged alone."""
    return Gradients(problem, where, gradients).judge()


@asked_once
def judge_equation(problem: Premises, lhs: Expr, rhs: Expr) -> Verdict:
    """Whether the two sides are equal at points."""
    question = equation(problem, lhs, rhs)
    return question if isinstance(question, Verdict) else question.judge()


def needs(what: str, problem: Problem, *asked: Any) -> tuple[Condition, ...]:
    """What has to hold where an equation or a derivative is compared."""
    if what == "equation":
        return existence_conditions(asked, dict(problem.definitions))
    result, where = asked[:2]
    return existence_conditions((result,), {**dict(problem.definitions), **dict(where)}, (problem.function,), problem.variable,
                                problem.times)


def finer(what: str, far: bool, *given: Any) -> Verdict:
    """Compare a derivative, or an equation, to many digits."""
    question = QUESTIONS[what](*given)
    return question if isinstance(question, Verdict) else high_precision.finer(question, far)


def deeper(what: str, at: Verdict, *given: Any) -> Verdict:
    """What those points may have missed."""
    question = QUESTIONS[what](*given)
    if isinstance(question, Verdict):
        return question
    question.thorough = True
    question.looked = [dict(sizes) for look in at.looks for sizes in look.sizes]
    found = doubtful_agreement.deeper(question)
    if isinstance(found, dict):
        return refuted(Cause.ENTRY, found)
    return found if isinstance(found, Verdict) else at if found is None else undecided(found.why, *found.about)


def judge_signs(problem: Premises, lhs: Expr, rhs: Expr) -> Verdict:
    """Whether they differ where whole names have one sign: what is cut off below 0 again and again is 0 nearly everywhere else."""
    question = Equality(problem, lhs, rhs)
    planned = question.plans()[0][0]
    for sizes in (dict.fromkeys(planned, 1), planned):
        found = question.signs(sizes)
        if found is not None:
            return found
    return undecided(Cause.NOWHERE)


def placed(problem: Premises) -> Evaluator:
    """A point where no entry of a name is negative."""
    question = Equality(problem, ZERO, ZERO)
    return question.point(reals.Reals(Random(0)), question.plans()[0][0], ONE_SIGN)


def holds(ev: Evaluator, c: Condition) -> bool:
    """Whether a condition of every entry, or of one, clearly holds at a point."""
    try:
        over = [x - float(c.bound) for x in ev.value(c.of).parts[0]]
    except NO_VALUE:
        return False
    clear = [abs(x) for x in over if c.kind in ("apart", "nonzero") or (x > 0) is (c.kind == "above")]
    return (any if c.kind == "nonzero" else all)(NEAR < x < inf for x in clear) and len(clear) == len(over)
