"""The Hessian: the gradient differentiated once more, with a letter for the function where the gradient contains it."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

from ..language.expr import ONE, SCALAR, Apply, Expr, Name, T, build, as_derivative, vec
from ..language.recognition import under_bar
from ..reading.parse import Problem
from ..records import Record
from ..rulebook.measure import measure
from .by_value import with_its_value
from .derivation import Derivation, Search
from .differential import Engine
from .tidy import Tidier
from .naming import gradient_of, letter, name_repeats
from .record import RewriteTrace, use
from .repeated import written_out as in_full
from .substitute import substitute
from .distribute import written_out


Tidiers = tuple[Callable[[Problem], Tidier], Callable[[Problem], Tidier]]      # of results, and of what is differentiated


class Taken(Record):
    """A gradient differentiated: by what engine, the coefficient, how it is read off, and what that is once it is tidy."""

    start: Expr
    engine: Engine
    coefficient: Expr
    raw: Expr
    after: RewriteTrace | None
    result: Expr


def carried_out(e: Expr, found: Expr) -> Expr:
    """An expression with what was found for the derivative in it."""
    if not isinstance(e, Apply):
        return e
    if as_derivative(e) is not None:
        return found if found.shape == e.shape else T(found)
    return build(e.head, [carried_out(a, found) for a in e.args])


def second(asked: Problem, problem: Problem, first: Derivation, tidiers: Tidiers) -> Derivation:
    """The Hessian, from the gradient. In letters f and g the steps are those of a book: df = g'dx, and f is not taken apart again."""
    calls = list(first.named)
    whole, asked = asked, problem if calls else asked
    found = _taken(asked, problem, vec(first.shown[0]), tidiers)
    shown = plain = name_repeats(found.result, problem)
    if calls:
        plain = name_repeats(tidiers[0](whole)(in_full(found.result, [], calls)[0]), whole)
    named = _named(asked, problem, first)
    if named:
        g, shorter = named[-1]
        within = problem.replace(definitions=[*problem.definitions, *named])
        lettered = _taken(within, within, shorter, tidiers, {f: g for f, _ in named[:-1]})
        if not tidiers[0](within).transposed.symmetric(lettered.result):
            lettered = _opened(lettered, tidiers[0](problem.replace(definitions=[*problem.definitions, named[0]])), g, shorter)
        if measure(lettered.result) < measure(found.result):
            found, calls = lettered, [*calls, *named]
    search = Search(first.result, found.start, None, found.engine, found.coefficient, found.raw, found.after, found.result)
    return Derivation(whole, search, plain, "hessian", problem.layout, first, calls, shown)


def _named(asked: Problem, problem: Problem, first: Derivation) -> list[tuple[Name, Expr]]:
    """A name for the function, and one for its gradient by a column, where that has the function in it; of a quotient that one alone."""
    x, body = problem.variable, problem.function
    f = letter(asked, body)
    if asked is not problem or x.shape == SCALAR or x.shape[1] is not ONE or not isinstance(f, Name) or f is body:
        return []
    shorter, _ = with_its_value(first, f, first.result) or (None, False)
    g, found = gradient_of(asked, f), first.shown[0]
    if shorter is not None:
        return [(f, body), (g, shorter)]
    quotient = isinstance(found, Apply) and found.head == "*" and any(map(under_bar, found.args)) and found.shape == g.shape
    return [(g, found)] if quotient and not first.shown[1] else []


def _taken(asked: Problem, problem: Problem, start: Expr, tidiers: Tidiers, gradients: dict[Name, Name] | None = None) -> Taken:
    tidier_for, plain = tidiers
    x, tidier = problem.variable, tidier_for(problem)
    engine = Engine(problem, start, x, tidier, start.shape != SCALAR, plain(problem))
    engine.gradients = gradients or {}
    c = engine.run()
    h = c
    if asked is not problem:
        h, tidier = substitute(c, {x: asked.variable}), tidier_for(asked)
    options = [(*mirrored(tidier, e), e) for e in (h, T(h))]
    result, after, raw = min(options, key=lambda o: (not tidier.transposed.symmetric(o[0]), measure(o[0]), o[0].text))
    return Taken(start, engine, c, raw, after, result)


def _opened(t: Taken, tidier: Tidier, g: Name, body: Expr) -> Taken:
    """The same with the gradient written out where it is not seen to be its own transpose, as -A*x*g' is for g = -f*A*x."""
    if not isinstance(t.raw, Apply) or g not in t.raw.names:
        return t
    opened = substitute(t.raw, {g: body, T(g): tidier.transposed(body)})
    result, then = mirrored(tidier, opened)
    own = (use("definition", {g.name: body}, t.raw, opened),)
    return t._replace(result=result, after=RewriteTrace(t.raw, (None,) * len(t.raw.args), own, then, result))


DEAR = 1.4      # how much longer such a form may be


def mirrored(tidier: Tidier, e: Expr) -> tuple[Expr, RewriteTrace | None]:
    """The tidy form of what is its own transpose, and how it came about; where it does not look it, products with sums are multiplied
    out, and no factor is taken out of a term that stands beside its transpose."""
    out, trace = tidier.run(e)
    lines = [] if tidier.transposed.symmetric(out) or not isinstance(e, Apply) else written_out(e)
    if len(lines) > 1 and isinstance(e, Apply):
        whole = Tidier(tidier.folds, tidier.tables, tidier.assumed.items(), tidier.bodies, tidier.deadline, mirrored=True)
        other, then = whole.run(lines[-1])
        if tidier.transposed.symmetric(other) and measure(other) <= DEAR * measure(out):
            return other, RewriteTrace(e, (None,) * len(e.args), tuple(use("tidy.distribute", {}, a, b) for a, b in pairwise(lines)), then,
                                       other)
    return out, trace
