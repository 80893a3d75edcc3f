"""Proof for every size: both sides as sums of products of entries, equal up to the names of bound indices.

Nothing here refutes; what is not proved is undecided, with the reason. The derivative in a claim is computed from entries.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from itertools import product

from ...language.existence import existence_conditions
from ...language.expr import (ONE, SCALAR, Apply, Dim, Expr, Name, Rational, T, add, apply, coefficient, derivative_shape, hadamard,
                              is_inverse, is_transposed, mul, num, ones, as_derivative, sub, unvec, vec)
from .fitting import Value
from .indexed import Entries
from .laws import RULES
from .monomial import Sum
from .normalform import Algebra
from .sampled import Sampled
from .heads import Exhausted, NeedsFinerIndices, Inconclusive
from ..asked_once import asked_once
from ..verdict import Place, Reason, Verdict, Cause, proved, undecided
from ...reading.problems.problem import Definitions, PremiseSet, Premises, Problem
from ...language.traversal import replaced, subexpressions
from . import explicit, hypotheses, chains, nested_functions, vanishing, matrix_words

STEPS, EACH = 10_000, 20    # of work in all, or for each expression in what is judged, where there are very many
RELATED = 3_000             # of work to find what an equation is a combination of
LINK, LONG = 6_000, 5       # of work for each definition of a long chain; how many make a chain long
TwoSides = Callable[[Entries], tuple[Value, Value]]
SECOND_LOOK = ("sin", "cos", "tan", "inv", "det", "logdet", "adj")


@asked_once
def prove_equation(problem: Premises, left: Expr, right: Expr) -> Verdict:
    """Whether left equals right for every size and all values where both exist."""
    if left.shape != right.shape:
        return undecided(Cause.SHAPES)
    verdict = _both(problem, left, right)
    further: Verdict | None = None
    asked = as_derivative(left)
    if verdict.why is Cause.STEPS and asked is not None and type(asked[1]) is Name:
        further = _linked(problem, right, (), asked[0], asked[1])
    elif verdict.why is Cause.NORMAL_FORMS and not problem.assumptions:
        further = _where_defined(problem, left, right)
    return verdict if further is None else further


def _both(problem: Premises, left: Expr, right: Expr) -> Verdict:
    return _judge(problem, lambda entries: (entries.of(left), entries.of(right)), (left, right))


def _where_defined(problem: Premises, left: Expr, right: Expr) -> Verdict | None:
    """Proved where the left side exists: what has to be positive for that is a positive name."""
    definitions = dict(problem.definitions)
    taken = {n.name for n in (*problem.variables.values(), *definitions)}
    swap: dict[Expr, Expr] = {}
    for c in existence_conditions((left,), definitions):
        if c.kind in ("above", "below"):
            e, bound = (c.of, c.bound) if c.kind == "above" else (mul(num(-1), c.of), -c.bound)
            found = _solved(e, bound, f"above{len(swap)}")
            if found is not None and found[1].name not in taken:
                swap.setdefault(found[0], found[2])
    if not swap:
        return None
    memo: dict[Expr, Expr] = {}
    bodies = [(n, replaced(body, swap, memo)) for n, body in problem.definitions]
    there = PremiseSet.of(problem)._replace(definitions=bodies, assumptions=())
    found = _both(there, replaced(left, swap, memo), replaced(right, swap, memo))
    return found._replace(needs=existence_conditions((left, right), definitions)) if found.kind == "proved" else None


def _solved(e: Expr, bound: Rational, name: str) -> tuple[Name, Name, Expr] | None:
    """A variable in e > bound, which e is linear in, a positive name for e - bound, and the variable by it."""
    for t in e.args if type(e) is Apply and e.head == "+" else (e,):
        c, x = coefficient(t)
        others = sub(e, t)
        if type(x) is Name and x.kind == "variable" and not x.words and x.shape == e.shape and x not in others.names:
            positive = Name(name, e.shape, frozenset({"positive"}))
            return x, positive, mul(num(1 / Fraction(c)), add(positive, mul(num(bound), ones(*e.shape)), mul(num(-1), others)))
    return None


def prove_derivative(problem: Problem, result: Expr, where: Definitions = (), order: int = 1, layout: str = "denominator",
                     structured: bool = False) -> Verdict:
    """Whether result is the derivative of the problem's f for every size; `where` defines the names it uses."""
    f, x = problem.function, problem.variable
    if order == 2 and f.shape != SCALAR:
        return undecided(Cause.NOT_SCALAR)
    transposed = is_transposed(f.shape, order, layout)
    if result.shape != derivative_shape(f.shape, x.shape, order, layout):
        return undecided(Cause.SHAPES)

    def sides(entries: Entries) -> tuple[Value, Value]:
        found = entries.derivative(f, x, order)
        if structured and order == 1 and f.shape == SCALAR:
            found = independent(entries, found, x)
        if transposed:
            found = entries.transposed(found)
        return found, entries.of(result)

    links = len(problem.definitions) * (order + any(type(e) is Apply and e.head == "derivative" for e in subexpressions((f,))))
    claim = T(result) if transposed else result
    linked = _linked(problem, claim, where, f, x, order, problem.times) if links >= LONG and not structured else None
    if linked is not None:
        return linked
    verdict = _judge(problem, sides, (f, result), where, (f,), x, problem.times)
    if verdict.why is Cause.STEPS and links < LONG and not structured:
        linked = _linked(problem, claim, where, f, x, order, problem.times)
    return verdict if linked is None else linked


def _linked(problem: Premises, claim: Expr, where: Definitions, f: Expr, x: Name, order: int = 1, times: int = 1) -> Verdict | None:
    """Link by link, whatever is assumed; a Hessian or a Jacobian along every direction, so that there is one chain to follow."""
    definitions = [(n, body) for n, body in problem.definitions if n is not x]
    line, read = claim, f
    if x.shape == SCALAR != f.shape:
        line = unvec(T(claim), *f.shape) if f.shape[1] is not ONE else T(claim)
    elif order == 2 or f.shape != SCALAR:
        along = Name("d along", x.shape if order == 2 else f.shape)       # no name that anybody can type
        paired = Apply("derivative", (f, x), x.shape) if order == 2 else f
        f, line = apply("sum", hadamard(paired, along)), nested_functions.times_column(claim, vec(along), dict(where))
        if x.shape[1] is not ONE:
            line = unvec(line, *x.shape)
    alg = Algebra(RULES, LINK * max(1, len(definitions)) * order, problem.deadline)
    try:
        if not chains.chain(alg, f, x, definitions, line, list(where)):
            return proved(Place.LINKS, existence_conditions((claim,), {**dict(definitions), **dict(where)}, (read,), x, times))
    except (Inconclusive, RecursionError):
        return None
    return undecided(Cause.CHAIN) if len(definitions) > 2 * LONG and not problem.assumptions else None


def independent(entries: Entries, v: Value, x: Name) -> Value:
    """The derivative with respect to the independent entries of a symmetric or diagonal matrix."""
    alg = entries.alg
    if x.words & {"symmetric", "spd"}:
        diagonal = _on_diagonal(entries, v)
        total = alg.add(v.entries, entries.transposed(v).entries, alg.scaled(diagonal, -1))
        return Value(v.rows, v.cols, total)
    if "diagonal" in x.words:
        return Value(v.rows, v.cols, _on_diagonal(entries, v))
    if x.words & {"skew", "orthogonal", "lower", "upper"}:
        raise Inconclusive("the independent entries of this structure")
    return v


def _on_diagonal(entries: Entries, v: Value) -> Sum:
    return entries.alg.product(matrix_words.identity(), v.entries)


def _judge(problem: Premises, sides: TwoSides, read: tuple[Expr, ...], where: Definitions = (),
           moving: tuple[Expr, ...] = (), by: Name | None = None, times: int = 1) -> Verdict:
    definitions = dict(problem.definitions)
    definitions.update(dict(where))
    reason: Reason | None = None
    work = max(STEPS, EACH * sum(1 for _ in subexpressions(read, definitions)))
    turns = (False, True) if problem.assumptions and _uses(read, ("det", "logdet"), definitions) else (False,)      # A*C = C*A inside them
    for turned, eager in product(turns, (False, True)):
        if eager and not _uses(read, SECOND_LOOK, definitions):
            continue
        found = _look(problem, sides, definitions, work, read, eager, turned=turned)
        if found is not None and found.why is Cause.STEPS and not eager and _uses(read, ("^", ".^"), definitions):
            found = _look(problem, sides, definitions, work, read, eager, True)
        if found is None:
            return proved(Place.SYMBOLIC, existence_conditions(read, definitions, moving, by, times))
        reason = reason or found
    if problem.assumptions and _look(problem, sides, definitions, min(work, RELATED), read, False, related=True) is None:
        return proved(Place.SYMBOLIC, existence_conditions(read, definitions, moving, by, times))
    if _numeric(read, definitions) and _look(problem, sides, definitions, work, read, False, written=True) is None:
        return proved(Place.ENTRIES, existence_conditions(read, definitions, moving, by, times))
    return Verdict("undecided", reason=reason)


def _look(problem: Premises, sides: TwoSides, definitions: dict[Name, Expr], work: int, read: tuple[Expr, ...], eager: bool,
          powers_kept: bool = False, written: bool = False, related: bool = False, turned: bool = False) -> Reason | None:
    """One attempt, or with every entry written out: nothing when proved, else why not."""
    layouts: dict[str, tuple[tuple[Dim, ...], tuple[Dim, ...]]] = {}
    for _ in range(5):
        alg = Algebra(RULES, work, problem.deadline)
        alg.eager, alg.powers_kept = eager, powers_kept
        alg.layouts.update(layouts)
        try:
            entries = Entries(alg, definitions, constants=problem.constants)
            if eager:       # what is known to be invertible is known from the start
                for e in subexpressions(read, definitions):
                    if is_inverse(e):
                        entries.of(e)
            if problem.assumptions and _uses(read, ("det", "logdet"), definitions):
                alg.held = hypotheses.held(entries, problem.assumptions)
            a, b = entries.fitted(list(sides(entries)))
            difference = alg.add(a.entries, alg.scaled(b.entries, -1))
            if related:
                return None if hypotheses.follows(entries, difference, problem.assumptions) else Reason(Cause.NORMAL_FORMS)
            if problem.assumptions and difference:
                difference = hypotheses.assumed(entries, difference, problem.assumptions, turned)
            if not problem.assumptions and Sampled(alg).differs(a.rows + a.cols, difference):
                return Reason(Cause.NORMAL_FORMS)
            zero = explicit.vanishes_entry_by_entry(alg, difference, a.rows + a.cols) if written else vanishing.vanishes(alg, difference)
            return None if zero else Reason(Cause.NORMAL_FORMS)
        except NeedsFinerIndices as finer:
            layouts[finer.name] = (finer.rows, finer.cols)
        except Exhausted:
            return Reason(Cause.STEPS, (str(work),))
        except Inconclusive as stuck:
            return Reason(Cause.STUCK, (str(stuck),))
        except RecursionError:
            return Reason(Cause.TOO_DEEP)
    return Reason(Cause.STUCK, ("an index of a product of sizes",))


def _numeric(read: tuple[Expr, ...], definitions: dict[Name, Expr]) -> bool:
    """Whether every size in sight is a number, and not all are 1."""
    large = False
    for e in subexpressions(read, definitions):
        if type(e) is not Name or e.kind != "function":
            if e.shape[0].number is None or e.shape[1].number is None:
                return False
            large = large or e.shape != SCALAR
    return large


def _uses(read: tuple[Expr, ...], heads: tuple[str, ...], definitions: dict[Name, Expr]) -> bool:
    return any(type(e) is Apply and e.head in heads for e in subexpressions(read, definitions))
