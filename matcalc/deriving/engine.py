"""From a problem to its derivation: tidy f, take the differential, read the derivative off."""

from __future__ import annotations

from typing import Any

from ..language.expr import ONE, SCALAR, Apply, Expr, InputError, Name, T, add, apply, mul, node_count, num, show_shape
from ..reading.parse import Problem
from .derivation import Derivation, Unfinished
from .differential import Engine
from .definitions import Folds
from .substitute import substitute
from .naming import name_repeats, taken_by
from .opening import by_law
from .properties import Turns
from .repeated import named_first, names_reopened
from .tables import MAIN, NAMING
from .tidy import Tidier
from ..language.operations import SYMMETRY_WORDS

LONG = 20       # definitions
TRIED = 60      # nodes of a result up to which it is tried whether it is its own transpose


def derive(problem: Problem) -> Derivation:
    """The derivative the problem asks for, with its steps; Unfinished where a rule is missing."""
    if problem.f is None:
        raise InputError("nothing to derive: there is no expression")
    if problem.wrt is None:
        raise InputError("nothing says what to differentiate with respect to", hint="add --wrt x, or write d/dx (...)")
    asked, problem = problem, unstructured(problem)
    assert problem.f is not None
    if problem.tangent is not None:
        from . import directional
        return directional.differential(asked, problem, plain_tidier(problem), tidier_for(problem), tidier_for(asked))
    if problem.hvp is not None:
        first = _first(problem, problem.f, 2, asked)
        from . import directional
        return directional.hessian_product(asked, problem, first, plain_tidier(problem), tidier_for(problem), tidier_for(asked))
    first = _first(problem, problem.f, problem.order, asked)
    if problem.order == 1:
        return first
    if problem.f.shape != SCALAR:
        raise InputError("order 2 needs a scalar function: the second derivative of a vector is not a matrix",
                         hint="differentiate an entry, or a'*f")
    from . import hessian
    return hessian.second(asked, problem, first, (tidier_for, plain_tidier))


def unstructured(problem: Problem) -> Problem:
    """The problem with a variable whose entries are free: structure is put back when the derivative is read off.

    What is assumed of the variable, and how it is defined, holds at the point, not around it, so it must not be used before
    differentiating: a defined name is varied while what it was made from stays.
    """
    x = problem.wrt
    assert x is not None and problem.f is not None
    words = x.words & {"positive"}
    defined = any(n is x for n, _ in problem.definitions)
    if words == x.words and not defined and (problem.order == 1 or not problem.assumptions):
        return problem
    free = Name(x.name, x.shape, words)
    memo: dict[Expr, Expr] = {}

    def swap(e: Expr) -> Expr:
        return substitute(e, {x: free}, memo)

    definitions = [(n, swap(b)) for n, b in problem.definitions if n is not x]
    assumptions = [(swap(a), swap(b)) for a, b in problem.assumptions]
    if problem.order == 2:
        live: set[Name] = {free}
        for n, b in definitions:
            if not live.isdisjoint(b.names):
                live.add(n)
        assumptions = [(a, b) for a, b in assumptions if live.isdisjoint(a.names)]
    return problem.but(wrt=free, f=swap(problem.f), definitions=definitions, assumptions=assumptions)


def tidier_for(problem: Problem, extra: list[tuple[Name, Expr]] | None = None) -> Tidier:
    """A tidier that knows the problem's names and assumptions."""
    bodies = dict(problem.definitions)
    folds = Folds(turned=Turns(bodies))
    for name, body in [*problem.definitions, *(extra or [])]:
        if isinstance(body, Apply):
            tidy = Tidier(folds, deadline=problem.deadline)(body)
            folds.add(body, name)
            if isinstance(tidy, Apply) and tidy not in folds:
                folds.add(tidy, name)
            if problem.expand and (law := by_law(body)) is not None:
                folds.add(law, name)
    return Tidier(folds, assumptions=problem.assumptions,
                  bodies=bodies, deadline=problem.deadline)


def plain_tidier(problem: Problem) -> Tidier:
    """What f is tidied with before it is differentiated: composites are recognised unless they are to be expanded."""
    tables = (MAIN,) if problem.expand else (MAIN, NAMING)
    return Tidier(tables=tables, bodies=dict(problem.definitions), deadline=problem.deadline, factoring=False)


def unused_names(problem: Problem, f: Expr) -> Tidier | None:
    """What f is tidied with where names are defined that it does not use, though it has what they stand for."""
    used = set(f.names)
    for name, body in reversed(problem.definitions):
        if name in used:
            used |= body.names
    folds = Folds((body, name) for name, body in problem.definitions if name not in used and body is not f)
    if not folds:
        return None
    tables = (MAIN,) if problem.expand else (MAIN, NAMING)
    return Tidier(folds, tables, bodies=dict(problem.definitions), deadline=problem.deadline, factoring=False)


def _first(problem: Problem, f: Expr, order: int, asked: Problem) -> Derivation:
    assert problem.wrt is not None
    tidy = plain_tidier(problem)
    plain, before = (unused_names(problem, f) or tidy).run(f)
    wrt = problem.wrt
    named, definitions = named_first(problem, plain, tidy) if asked is problem and order == 1 else ([], [])
    if named:
        problem = problem.but(definitions=definitions)
        tidy = plain_tidier(problem)
        plain, before = (unused_names(problem, f) or tidy).run(f)
    linear = f.shape != SCALAR
    tidier = tidier_for(problem)
    short = order == 1 and asked is problem and not linear and not problem.expand
    engine = Engine(problem, plain, wrt, tidier, linear, tidy, taken_by(problem) if short else None)
    c = engine.run()
    layout = problem.layout if order == 1 or problem.hvp is not None else "denominator"
    raw = c if linear and layout != "denominator" else c if layout == "numerator" else T(c)
    if asked is not problem and order == 1:
        raw, tidier = substitute(raw, {wrt: asked.variable}), tidier_for(asked)
    result, after = tidier.run(raw)
    tidied = result
    if problem.structured and order == 1:
        result = structured(result, asked.variable, tidier)
    where: list[tuple[Name, Expr]] = []
    if named:
        result, where = names_reopened(result, named, engine.adjoints, tidier_for(asked))
    if order == 1:
        result, where = name_repeats(result, problem, given=[*where, *engine.adjoints])
    reading = "jacobian" if linear else "gradient"
    if wrt.shape == SCALAR and not linear:
        reading = "derivative"
    return Derivation(asked, f, plain, before, engine, c, raw, after, tidied, result, where, reading, layout, named=named)


def entries_are_free(p: Problem) -> None:
    """InputError where no derivative by independent entries can be asked for."""
    if p.f is not None and p.f.shape != SCALAR:
        raise InputError("the derivative with respect to independent entries needs a scalar function",
                         hint=f"the function is {show_shape(p.f.shape)}; drop --structured")
    words = p.wrt.words - SYMMETRY_WORDS - {"positive"} if p.wrt is not None else ()
    if words:
        raise InputError(f"structured is for symmetric and diagonal variables; {p.wrt} is {' '.join(sorted(words))}")
    if p.order != 1 or p.hvp is not None or p.tangent is not None:
        raise InputError("structured is for first derivatives, not for order 2 or along a direction")


def structured(g: Expr, x: Name, tidier: Tidier) -> Expr:
    """The derivative over the independent entries of a symmetric or diagonal x."""
    if x.words & {"symmetric", "spd"}:
        return tidier(add(tidier(add(g, T(g))), mul(num(-1), apply("diag", apply("diagonal", g)))))
    if "diagonal" in x.words:
        return tidier(apply("diag", apply("diagonal", g)))
    return g


__all__ = ["ONE", "Derivation", "Unfinished", "derive"]


def by_links(p: Problem, long: int = LONG) -> bool:
    """Whether a derivative can be taken link by link, and is better so: a long chain whose links are alike but for their letters."""
    if p.f is None or p.wrt is None or p.f.shape != SCALAR or p.order != 1 or p.tangent or p.hvp or len(p.definitions) <= long:
        return False
    kinds: list[Any] = []
    live, bodies = {p.wrt}, dict(p.definitions)
    for n, body in bodies.items():
        if not live.isdisjoint(body.names):
            live.add(n)
            kinds.append(kind(body))
    return len(kinds) > long and p.wrt not in bodies and (long < LONG or 4 * len(set(kinds)) <= len(kinds))


def kind(e: Expr) -> Any:
    """An expression without what its letters are called."""
    return (e.shape, e.words) if type(e) is Name else (e.head, *map(kind, e.args)) if type(e) is Apply else e


def is_symmetric(d: Derivation, found: Expr) -> bool:
    """Whether a result is seen to be its own transpose."""
    tidy, turned = tidier_for(d.problem), T(found)
    return turned is found or node_count(found) <= TRIED and tidy(turned) is tidy(found)
