"""Where a derivative is zero: the equation solved for its unknown, where that stands linearly in it."""

from __future__ import annotations

from collections.abc import Iterable

from . import api, judges
from .deriving.derivation import Unfinished
from .deriving.substitute import substitute
from .deriving.unknown import Solved, solved, solved_inverse
from .diagnose.wrong_rules import opened
from .language.deadline import SECONDS, after
from .language.expr import SCALAR, Expr, Name, num, zeros
from .language.needs import needed, once
from .language.ranks import never_invertible
from .language.shape import InputError
from .outputs import Paged
from .reading.parse import Problem, problem
from .render import extrema
from .render.data import verdict as as_data
from .render.extrema import stacked
from .render.said import Said
from .render.story import Story

SYMMETRIC = frozenset({"symmetric", "spd"})


class Stationary(Paged):
    """The point at which a derivative is zero, with the derivation of that derivative and the verdict of the judges.

    `solution` is the unknown, `equation` the two sides that were solved, `inverted` what must be invertible; where all of that is positive
    definite the point is the `extremum`: the minimum, or the maximum. Its page is drawn like that of a derivation.
    """

    libraries = ()
    what = "code for a stationary point"

    def __init__(self, derivation: api.Derivation, x: Name, found: Solved, verdict: Said) -> None:
        self.derivation, self.unknown, self.verdict = derivation, x, verdict
        self.equation, self.solution, self.inverted = (found.left, found.right), found.solution, found.inverted
        self.extremum = "minimum" if found.times > 0 else "maximum"
        self.among = found.among

    def story(self, detail: str = "normal") -> Story:
        """The derivation, the equation, its solution, when that is the only one, and the verdict."""
        return extrema.story(self.derivation.story(detail), self.equation, self.unknown, self.solution, self.inverted, self.extremum,
                             self.among, self.verdict, detail == "full")

    def json(self) -> dict[str, object]:
        """The same as data."""
        left, right = map(str, self.equation)
        inverted = list(map(str, self.inverted))
        return {"unknown": self.unknown.name, "gradient": str(self.derivation.result), "equation": {"left": left, "right": right},
                "solution": str(self.solution), "only_where_invertible": inverted, "extremum": self.extremum, "extremum_among": self.among,
                "extremum_where_positive_definite": inverted,
                "inferred": self.derivation.inferred, "verdict": as_data(self.verdict)}

    def __repr__(self) -> str:
        return f"Stationary({self.unknown.name} = {self.solution})"


def stationary(expr: str, wrt: str, declare: Iterable[str] = (), define: Iterable[str] = (), assume: Iterable[str] = (),
               seconds: float = SECONDS) -> Stationary:
    """The point where the derivative of a scalar is zero, where the variable occurs linearly in the derivative, or in its inverse.

    expr: a scalar function. wrt: the unknown, general or symmetric. The other arguments are those of `derive`.

    Gives the solution with its steps, when it is the only one, whether it is a minimum, and a verdict. Raises InputError where f is no
    scalar or the unknown has another structure, Unfinished where the equation is not solved, Expired after so many seconds.

    >>> stationary("norm2(X*w - y)^2 + c*norm2(w)^2", "w").solution
    <inv(X'*X + c*eye(m))*X'*y>
    """
    declare, define, assume = list(declare), list(define), list(assume)
    deadline = after(seconds)
    first = problem(declare, define, assume, expr=expr, wrt=wrt).within(deadline)
    found = api.solve(first)
    x = first.wrt
    assert isinstance(x, Name) and isinstance(first.f, Expr)
    if first.f.shape != SCALAR or x.words - SYMMETRIC:
        raise InputError(f"{wrt} is {' '.join(sorted(x.words))}" if x.words else f"{expr} is not a scalar",
                         hint="a stationary point needs a scalar function and an unstructured variable")
    gradient = _whole(first, found)
    point = solved_inverse(x, gradient) or \
        _linear(x, gradient, problem(declare, define, assume, expr=expr, wrt=wrt, order=2).within(deadline))
    singular = next((e for e in point.inverted if never_invertible(e, {})), None)
    if singular is not None:
        raise Unfinished(f"{point.left} = {point.right} has no single solution: {singular} is never invertible")
    if stacked(point.solution):       # no judge multiplies an inverse of Kronecker products out; the equation it solves is judged
        claim = f"vec({gradient}) == {num(point.times)}*({point.left} - {point.right})"
    else:
        claim = f"{substitute(gradient, {x: point.solution})} == zeros({x.shape[0]}, {x.shape[1]})"
    p = problem([*declare, *first.inferred], define, assume, prove=claim).within(deadline)
    verdict = judges.equation(p)
    if verdict.kind == "refuted":
        raise Unfinished(f"the solution found, {point.solution}, does not satisfy the equation")
    if verdict.kind in judges.HOLDS:      # the constructors cancel an inverse with its matrix where the solution is put in
        verdict = verdict._replace(needs=once((*verdict.needs, *needed((point.solution,), dict(first.definitions)))))
    return Stationary(found, x, point, verdict)


def _linear(x: Name, gradient: Expr, second: Problem) -> Solved:
    """The solution where the second derivative is free of the unknown."""
    if x.words:
        raise InputError(f"{x.name} is {' '.join(sorted(x.words))}",
                         hint="a stationary point needs a scalar function and an unstructured variable")
    hessian = _whole(second, api.solve(second))
    if x in hessian.names:
        raise Unfinished(f"the derivative is not linear in {x.name}: it is {gradient}")
    if hessian is zeros(*hessian.shape):
        raise Unfinished(f"the derivative does not depend on {x.name}: it is {gradient}")
    return solved(x, hessian, substitute(gradient, {x: zeros(*x.shape)}))


def _whole(p: Problem, d: api.Derivation) -> Expr:
    """A result without names that stand for something else."""
    out = opened(d.result, d.where, set())
    bodies: dict[Expr, Expr] = dict(p.definitions)
    while any(n in bodies for n in out.names):
        out = substitute(out, bodies)
    return out
