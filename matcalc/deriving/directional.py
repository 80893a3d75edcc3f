"""Derivatives along a direction V: the differential of f at dx = V, and the Hessian times V, neither with a Kronecker product."""

from __future__ import annotations

from collections.abc import Sequence

from ..language.expr import SCALAR, Apply, Expr, Name, T, add, apply, mul, num, vec
from ..reading.parse import Problem
from ..reading.problems.problem import paired
from .derivation import Derivation, Search
from .differential import Engine
from .naming import free, name_repeats, taken_by
from .substitute import substitute
from .tidy import Tidier


def differential(asked: Problem, problem: Problem, plain: Tidier, tidier: Tidier, own: Tidier) -> Derivation:
    """The Jacobian-vector product: every d but the variable's is opened in place, then dx is V."""
    f, x, v = problem.f, problem.wrt, problem.tangent
    assert f is not None and x is not None and v is not None and asked.wrt is not None
    start, before = plain.run(f)
    engine = Engine(problem, start, x, tidier, f.shape != SCALAR, plain)
    line = engine.opened_line(None)
    raw = substitute(line, {apply("d", x): v, x: asked.wrt})
    result, after = own.run(raw)
    search = Search(f, start, before, engine, line, raw, after, result)
    return Derivation(asked, search, name_repeats(result, problem), "tangent", "denominator")


def hessian_product(asked: Problem, problem: Problem, first: Derivation, plain: Tidier, tidier: Tidier, own: Tidier) -> Derivation:
    """The Hessian times V: the gradient of tr(g'*V), g the gradient and V still."""
    x, v = problem.wrt, problem.hvp
    assert x is not None and v is not None and asked.wrt is not None
    gradient = first.result if problem.layout != "numerator" else T(first.result)
    f = substitute(paired(v, gradient), {asked.wrt: x})
    engine = Engine(problem, f, x, tidier, False, plain)
    c = engine.run()
    raw = substitute(c if problem.layout == "numerator" else T(c), {x: asked.wrt})
    result, after = own.run(raw)
    search = Search(f, f, None, engine, c, raw, after, result)
    return Derivation(asked, search, name_repeats(result, problem), "product", problem.layout, first)


def judged(p: Problem, result: Expr) -> tuple[Problem, Expr]:
    """What is claimed of f, as a derivative: of f(x + tau*V) by tau, or of what f' is along V; both of f itself."""
    if p.tangent is not None and p.wrt is not None:
        return moved(p, [p.wrt], [p.tangent])[0], result if result.shape == SCALAR else T(vec(result))
    if p.hvp is not None and p.wrt is not None and p.f is not None:
        return p.replace(f=paired(p.hvp, Apply("derivative", (p.f, p.wrt), p.wrt.shape), True)), result
    return p, result


def at_rest(p: Problem) -> dict[str, str]:
    """What the names that `judged` needs along a direction are called in f itself: that of x, and no name for tau."""
    assert p.wrt is not None and p.tangent is not None
    out, _ = moved(p, [p.wrt], [p.tangent])
    return {n: "" if v is out.wrt else p.wrt.name for n, v in out.variables.items() if n not in p.variables}


def moved(p: Problem, names: Sequence[Name], along: Sequence[Name] = ()) -> tuple[Problem, Sequence[Name]]:
    """The same function of one number: every variable moves along a direction, of its own if none is given. With the directions."""
    taken = taken_by(p)

    def fresh(text: str) -> str:
        taken.add(name := free([text], taken))
        return name
    typed = p.as_typed()
    time = Name(fresh("tau"))
    still = [Name(fresh(f"{n.name}_0"), n.shape, n.words) for n in names]
    kept = {"symmetric": "symmetric", "spd": "symmetric", "diagonal": "diagonal", "skew": "skew"}
    ways = along or [Name(fresh(f"V_{n.name}"), n.shape, frozenset(kept[w] for w in n.words & kept.keys())) for n in names]
    moving: list[tuple[Name, Expr]] = [(n, add(s, mul(time, v))) for n, s, v in zip(names, still, ways, strict=True)]
    return typed.replace(
        definitions=[*moving, *((n, body) for n, body in typed.definitions if n not in names)],
        variables={k: v for k, v in p.variables.items() if v not in names} | {n.name: n for n in (time, *still, *ways)},
        assumptions=[*typed.assumptions, (time, num(0))],       # what is declared of a variable holds there, not around it
        wrt=time, several=(), tangent=None), ways
