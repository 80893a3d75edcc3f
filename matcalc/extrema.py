"""Where a derivative is zero: the equation solved for its unknown, where it is linear in the unknown or in its inverse."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from fractions import Fraction

from . import api, judges
from .deriving.derivation import Unfinished
from .deriving.engine import derive
from .deriving.substitute import substitute
from .deriving.unknown import Solved, solved, solved_inverse, terms_of
from .diagnose.wrong_rules import opened
from .language.deadline import SECONDS, deadline_after
from .language.columns import APART
from .language.expr import SCALAR, Apply, Expr, Name, apply, div, mul, num, zeros
from .language.operations import SMOOTH
from .language.properties import Properties
from .language.existence import existence_conditions
from .language.implied_conditions import without_implied
from .language.ranks import never_invertible
from .language.shape import InputError
from .language.traversal import subexpressions
from .proof.verdict import Cause
from .outputs import Renderable
from .reading.parse import Problem, problem
from .reading.problems.where_clauses import extremum
from .render import extrema
from .render.data import verdict as as_data
from .render.extrema import stacked
from .render.verdict_words import WordedVerdict
from .render.story import Story

SYMMETRIC = frozenset({"symmetric", "spd"})


class Stationary(Renderable):
    """The answer of `stationary`: the point where a derivative is zero, with the derivation of that derivative and a verdict.

    `solution` is the value of the unknown, `equation` the two sides that were solved, `inverted` the matrices that must be invertible for
    it to be the only one. Where these are positive definite the point is the `extremum`: "minimum" or "maximum".

    >>> found = stationary("norm2(X*w - y)^2 + c*norm2(w)^2", "w")
    >>> found.equation, found.inverted, found.extremum
    ((<(X'*X + c*eye(m))*w>, <X'*y>), (<X'*X + c*eye(m)>,), 'minimum')
    """

    libraries = ()
    what = "code for a stationary point"

    def __init__(self, derivation: api.Derivation, x: Name, found: Solved, verdict: WordedVerdict) -> None:
        self.derivation, self.unknown, self.verdict = derivation, x, verdict
        self.equation, self.solution, self.inverted = (found.left, found.right), found.solution, found.inverted
        self.extremum = "minimum" if found.times > 0 else "maximum"
        self.among, self.positive, self.only_among = found.among, found.positive, found.among if found.among_only else ""

    def story(self, detail: str = "normal") -> Story:
        """The derivation, the equation, its solution, when that is the only one, and the verdict."""
        return extrema.story(self.derivation.story(detail), self.equation, self.unknown, self.solution, self.inverted, self.extremum,
                             self.among, self.only_among, self.positive, self.verdict, detail == "full")

    def json(self) -> dict[str, object]:
        """The same as data."""
        left, right = map(str, self.equation)
        inverted = list(map(str, self.inverted))
        return {"unknown": self.unknown.name, "gradient": str(self.derivation.result), "equation": {"left": left, "right": right},
                "solution": str(self.solution), "only_where_invertible": inverted, "extremum": self.extremum, "extremum_among": self.among,
                "extremum_where_positive_definite": [*inverted, *map(str, self.positive)],
                "inferred": self.derivation.inferred, "verdict": as_data(self.verdict)}

    def __repr__(self) -> str:
        return f"Stationary({self.unknown.name} = {self.solution})"


def stationary(expr: str, wrt: str = "", declare: Iterable[str] = (), define: Iterable[str] = (), assume: Iterable[str] = (),
               seconds: float = SECONDS) -> Stationary:
    """Set the derivative of a scalar function to zero and solve for the variable.

    Arguments:
        expr: a scalar function whose derivative is linear in the variable, or in its inverse, or is so times a power of a number;
            also min_x f, minimize f over x.
        wrt: the unknown, without structure or symmetric; may be left out where the words say it.
        declare, define, assume, seconds: as for `derive`.

    Returns: a Stationary, with the solution, when it is the only one, whether it is a minimum or a maximum, and a verdict.
    Raises: InputError where f is not scalar or the unknown has another structure, Unfinished where the equation cannot be solved, Expired
        after the time limit.

    >>> stationary("norm2(X*w - y)^2 + c*norm2(w)^2", "w").solution
    <inv(X'*X + c*eye(m))*X'*y>
    >>> stationary("n*logdet(S) + tr(X*inv(S)*X')", "S", ["S in R^(p,p) spd", "X in R^(n,p)"]).solution
    <X'*X/n>
    """
    declare, define, assume = list(declare), list(define), list(assume)
    expr, wrt = extremum(expr, wrt)
    if not wrt:
        raise InputError("no variable is given", hint="name the unknown: -w x, or min_x before the function")
    deadline = deadline_after(seconds)
    first = problem(declare, define, assume, expr=expr, wrt=wrt).within(deadline)
    found = api.solve(first)
    x = first.wrt
    assert isinstance(x, Name) and isinstance(first.f, Expr)
    if first.f.shape != SCALAR or x.words - SYMMETRIC:
        other = x.words - SYMMETRIC
        chosen = next((i for i in first.inferred_from if i.name == x.name), None)
        raise InputError(f"{wrt} is {' '.join(sorted(x.words))}" if other else
                         f"{expr} is not a scalar" + (f": {chosen} was inferred" if chosen else ""),
                         hint=f"declare {x.name} in R if it is a number" if chosen and not other else
                         "a stationary point needs a scalar function and a variable that is symmetric or has no structure")
    gradient = _whole(first, found)
    jumps = [e for e in subexpressions([first.f], dict(first.definitions)) if isinstance(e, Apply) and e.head == "sign"]
    rough = [*jumps, *(e for e in subexpressions([gradient]) if isinstance(e, Apply) and SMOOTH.get(e.head) == APART)]
    if (kink := next((e for e in rough if x in e.names), None)) is not None:
        raise Unfinished(f"{kink} has a kink or a jump, where there may be an extremum without a derivative")
    point = solved_inverse(x, gradient) or \
        _linear(x, gradient, first, problem(declare, define, assume, expr=expr, wrt=wrt, order=2).within(deadline))
    given = [*declare, *first.inferred]
    def holds(claim: str) -> WordedVerdict:
        return judges.equation(problem(given, define, assume, prove=claim).within(deadline))
    return Stationary(found, x, point, _judged(point, x, gradient, first, holds))


def _judged(point: Solved, x: Name, gradient: Expr, first: Problem, holds: Callable[[str], WordedVerdict]) -> WordedVerdict:
    """Whether a solution is one, and where; Unfinished where it is none, or not the only one."""
    by_vec = stacked(point.solution)
    sure = Properties({})
    exist = {e: holds(f"inv({e}) == inv({e})") for e in point.inverted if e.shape != SCALAR and not sure.definite(e)}
    singular = next((e for e in point.inverted if never_invertible(e, {}) or e in exist and exist[e].why is Cause.NOWHERE), None)
    if singular is not None:
        raise Unfinished(f"{point.left} = {point.right} has no single solution: {singular} is never invertible")
    if "spd" in x.words and any(sure.definite(mul(num(-1), e)) for e in point.inverted):
        raise Unfinished(f"there is none: {x.name} is positive definite, and {point.solution} is negative definite")
    if by_vec:       # no judge multiplies an inverse of Kronecker products out; the equation it solves is judged
        claim = f"vec({gradient}) == {num(point.times)}*({point.left} - {point.right})"
    else:
        claim = f"{substitute(gradient, {x: point.solution})} == zeros({x.shape[0]}, {x.shape[1]})"
    verdict = holds(claim)
    if by_vec and verdict.kind in judges.HOLDS:
        verdict = next((there for there in exist.values() if there.kind not in judges.HOLDS), verdict)
    if verdict.kind == "refuted":
        raise Unfinished(f"the solution found, {point.solution}, does not satisfy the equation")
    if verdict.kind in judges.HOLDS:      # the constructors cancel an inverse with its matrix where the solution is put in
        there = (substitute(first.function, {x: point.solution}),) if point.positive else ()         # log(s) of s = c/n
        exist_too = (point.solution, *(div(num(1), e) for e in point.positive), *there)
        definitions = dict(first.definitions)
        needs = (*verdict.needs, *existence_conditions(exist_too, definitions))
        verdict = verdict._replace(needs=without_implied(needs, definitions))
    return verdict


def _linear(x: Name, gradient: Expr, first: Problem, second: Problem) -> Solved:
    """The solution where the second derivative is free of the unknown, or would be but for powers of a number."""
    if x.words:
        raise InputError(f"for {x.name} {' '.join(sorted(x.words))} only an equation linear in "
                         f"inv({x.name}) is solved; the derivative is {gradient}",
                         hint="leave the structure word out")
    hessian = _whole(second, api.solve(second))
    if x in hessian.names:
        if x.shape == SCALAR and (found := _through_powers(x, gradient, first)) is not None:
            return found
        raise Unfinished(f"the derivative is linear neither in {x.name} nor in its inverse: it is {gradient}")
    if hessian is zeros(*hessian.shape):
        raise Unfinished(f"the derivative does not depend on {x.name}: it is {gradient}")
    return solved(x, hessian, substitute(gradient, {x: zeros(*x.shape)}))


def _through_powers(x: Name, gradient: Expr, first: Problem) -> Solved | None:
    """The solution for a number x where x^k times the derivative is h*x + c or h*x^2 + c: n/x - c/x^2 = 0 is n*x = c where x is not 0."""
    def slope(e: Expr) -> Expr:
        found = derive(first.replace(f=e, wrt=x, order=1, definitions=()))
        return opened(found.result, found.where, set())
    for k in range(5):
        once = slope(mul(*[x] * k, gradient))
        at_0: dict[Expr, Expr] = {x: num(0)}
        twice = slope(once) if x in once.names else num(0)
        h, squared = (once, False) if x not in once.names else (mul(num(Fraction(1, 2)), twice), True)
        if x not in h.names and h is not num(0) and (not squared or substitute(once, at_0) is num(0)):
            times = terms_of(h)[0]
            h, c = mul(num(1 / times), h), mul(num(-1 / times), substitute(slope(mul(*[x] * (k + 1), gradient)), at_0))
            if c is num(0):
                raise Unfinished(f"there is none: the derivative, {gradient}, is 0 for no {x}")
            if Properties({}).nonnegative(mul(num(-1), c, h)):
                raise Unfinished(f"there is none among positive numbers: {x}{'^2' * squared} = {div(c, h)} is not positive")
            solution = apply("sqrt", div(c, h)) if squared else div(c, h)
            return Solved(mul(h, x, *[x] * squared), c, solution, (h,), times, "positive numbers", (c,), squared)
    return None


def _whole(p: Problem, d: api.Derivation) -> Expr:
    """A result without names that stand for something else."""
    out = opened(d.result, d.where, set())
    bodies: dict[Expr, Expr] = dict(p.definitions)
    while any(n in bodies for n in out.names):
        out = substitute(out, bodies)
    return out
