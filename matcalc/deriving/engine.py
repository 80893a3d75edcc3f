"""From a problem to its derivation: tidy f, take the differential, read the derivative off."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from ..language.expr import ONE, SCALAR, Apply, Expr, InputError, Name, T, add, apply, mul, node_count, num, show_shape
from ..reading.parse import Problem
from .derivation import Derivation, Search, Unfinished, normalised
from .differential import Engine
from .definitions import Folds
from .factor import factored
from .substitute import substitute
from .naming import in_order_of_use, name_repeats, taken_by
from .opening import by_law
from .properties import Transposer
from .skeletons import Pattern, Skeletons
from .repeated import Named, cancels_below, letters_for, named_first, names_reopened, written_out
from .tables import AFTER, MAIN, NAMING
from .tidy import Tidier
from ..language.operations import SYMMETRY_WORDS
from ..language.traversal import subexpressions

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
    within = with_calls(problem)[0] if first.named else problem
    return hessian.second(asked, within, first, (tidier_for, plain_tidier))


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
    typed = problem.as_typed()
    return problem.replace(wrt=free, f=swap(problem.f), definitions=definitions, assumptions=assumptions, typed=typed.replace(
        f=substitute(typed.function, {x: free}, None, True),
        definitions=[(n, substitute(b, {x: free}, None, True)) for n, b in typed.definitions if n is not x], assumptions=assumptions))


def tidier_for(problem: Problem, extra: list[tuple[Name, Expr]] | None = None) -> Tidier:
    """A tidier that knows the problem's names and assumptions."""
    bodies = dict(problem.definitions)
    folds = letters_for([*problem.definitions, *(extra or [])], Folds(transposed=Transposer(bodies)), problem.deadline,
                        by_law if problem.expand else None)
    typed = subexpressions([problem.function, *bodies.values()]) if not problem.expand else ()
    kept = frozenset(e for e in typed if type(e) is Apply and e.head == "+" and e.shape == SCALAR and factored(e) is not None)
    tables = (MAIN, AFTER, NAMING) if problem.order == 1 else (MAIN, NAMING)       # a diagonal is differentiated again as it is
    return Tidier(folds, tables, problem.assumptions, bodies, problem.deadline, kept=kept)


def plain_tidier(problem: Problem) -> Tidier:
    """What f is tidied with before it is differentiated: composites are recognised unless they are to be expanded."""
    tables = (MAIN,) if problem.expand else (MAIN, NAMING)
    return Tidier(tables=tables, bodies=dict(problem.definitions), deadline=problem.deadline, factoring=False)


def unused_names(problem: Problem, f: Expr, own: Sequence[tuple[Name, Expr]] = ()) -> Tidier | None:
    """What f is tidied with where names are defined that it does not use, though it has what they stand for; or that are our own."""
    used = set(f.names)
    for name, body in reversed(problem.definitions):
        if name in used:
            used |= body.names
    folds = Folds()
    for name, body in problem.definitions:
        if (name not in used or (name, body) in own) and body is not f:
            folds.add(body, name, (name, body) in own)
    if not folds:
        return None
    tables = (MAIN,) if problem.expand else (MAIN, NAMING)
    return Tidier(folds, tables, bodies=dict(problem.definitions), deadline=problem.deadline, factoring=False)


def _first(problem: Problem, f: Expr, order: int, asked: Problem, keep: bool = True, naming: bool = True) -> Derivation:
    """The first derivative; with `keep` in the letters mean(x), var(x) of what was typed, if it has any of them in it, with `naming` in
    letters for what it repeats, unless they hide that something cancels."""
    assert problem.wrt is not None
    own, wrt, calls = asked is problem, problem.wrt, Named()
    if own and keep and problem.hvp is None:
        problem, calls = with_calls(problem)
        f = problem.function
    lettered = problem if calls else asked
    tidy = plain_tidier(problem)
    plain, before = (unused_names(problem, f) or tidy).run(f)
    named, definitions = named_first(problem, plain, tidy) if own and naming and order == 1 else ([], [])
    if named:
        problem = problem.replace(definitions=definitions)
        calls = [pair for pair in definitions if pair[0] in dict(calls)]
        tidy = plain_tidier(problem)
        plain, before = (unused_names(problem, f, named) or tidy).run(f)
    linear = f.shape != SCALAR
    tidier = tidier_for(problem)
    short = order == 1 and own and not linear and not problem.expand
    engine = Engine(problem, plain, wrt, tidier, linear, tidy, taken_by(problem) if short else None)
    c = engine.run()
    layout = problem.layout if order == 1 or problem.hvp is not None else "denominator"
    raw = c if linear and layout != "denominator" else c if layout == "numerator" else T(c)
    if not own and order == 1:
        raw, tidier = substitute(raw, {wrt: asked.variable}), tidier_for(asked)
    result, after = tidier.run(raw)
    tidied = result
    if problem.structured and order == 1:
        result = structured(result, asked.variable, tidier)
    where: Named = []
    if named:
        opened = written_out(result, [], named)[0]
        result, where = names_reopened(result, named, engine.adjoints, tidier_for(lettered))
        if not where and not calls and (node_count(result) < node_count(opened) or cancels_below(tidied, opened, named)):
            return _first(asked, asked.function, order, asked, keep, False)
    where = [*where, *engine.adjoints]
    shown = name_repeats(result, problem, given=where) if order == 1 else (result, where)
    letters = in_order_of_use([*calls, *named])
    if calls:
        result, where = written_out(result, where, [pair for pair in letters if pair[0] not in dict(where)])
        result, where = name_repeats(tidier_for(asked)(result), problem, given=where)
        gone = all(n not in e.names and Name not in map(type, n.of) for n, _ in calls       # the mean((X*w - y).^2)
                   for e in (shown[0], *(body for _, body in shown[1])))
        if gone or size_of(*shown) >= size_of(result, where):
            plainly = _first(asked, asked.function, order, asked, False, naming)
            if size_of(*plainly.shown) < size_of(*shown) + gone:
                return plainly
    reading = "jacobian" if linear else "gradient"
    if wrt.shape == SCALAR and not linear:
        reading = "derivative"
    return Derivation(asked, Search(f, plain, before, engine, c, raw, after, tidied), (result, where) if calls else shown, reading, layout,
                      named=letters, shown=shown)


def size_of(result: Expr, where: Named) -> int:
    """How much there is to read."""
    return node_count(result) + sum(node_count(body) for _, body in where)


def with_calls(p: Problem, letter: Callable[[Name, Problem], Name | None] = lambda n, typed: n) -> tuple[Problem, Named]:
    """The problem in the letters mean(x), var(x) that were typed, or others, and what they stand for; what has no letter is written out."""
    calls: dict[Name, Expr] = {}
    typed = p.as_typed(calls) if p.trees is not None and p.trees.keeps_calls else p
    if not calls:
        return p, []
    swap: dict[Expr, Expr] = {body: n for n, body in typed.definitions if body in calls}      # s = std(x) is the letter there is
    laws: dict[Name, Expr] = {}
    for n, law in calls.items():
        nested = any(m.of for a in n.of for m in a.names)      # what is in terms of mean(x) says more than mean((x - mean(x)).^2) does
        found = swap.get(n) or (None if nested else letter(n, typed.replace(definitions=[*typed.definitions, *calls.items()])))
        law = substitute(law, swap, None, True)
        swap[n] = law if found is None else found
        if type(found) is Name:
            laws[found] = law
    trees = {n: laws.get(n) or substitute(body, swap, None, True) for n, body in (*laws.items(), *typed.definitions)}
    built = {n: normalised(tree) for n, tree in trees.items()}
    f = substitute(typed.function, swap, None, True)
    if not laws or any(steps for _, steps in (normalised(f), *built.values())):
        return p, []
    definitions = in_order_of_use([(n, e) for n, (e, _) in built.items()])
    return p.replace(f=normalised(f)[0], definitions=definitions, typed=typed.replace(
        f=f, definitions=[(n, trees[n]) for n, _ in definitions])), [pair for pair in definitions if pair[0] not in dict(p.definitions)]


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
    kinds: list[object] = []
    live, bodies, skeletons = {p.wrt}, dict(p.definitions), Skeletons()
    for n, body in bodies.items():
        if not live.isdisjoint(body.names):
            live.add(n)
            kinds.append(Pattern(skeletons).add(body).key)
    return len(kinds) > long and p.wrt not in bodies and (long < LONG or 4 * len(set(kinds)) <= len(kinds))


def is_symmetric(d: Derivation, found: Expr) -> bool:
    """Whether a result is seen to be its own transpose."""
    tidy, transposed = tidier_for(d.problem), T(found)
    return transposed is found or node_count(found) <= TRIED and tidy(transposed) is tidy(found)
