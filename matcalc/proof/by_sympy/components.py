"""The slow judge: SymPy, entry by entry, at the smallest unequal sizes. SymPy is imported only when it is asked.

Every entry of both sides is written out in symbols and differentiated there. Numbers of sixty digits at a random point
tell whether an entry differs; entries that agree are then compared by algebra, transcendental values being symbols.
"""

from __future__ import annotations

from itertools import islice, permutations
from random import Random
from time import monotonic
from typing import TYPE_CHECKING

from ...language.deadline import Deadline, Expired
from ...language.expr import ONE, SCALAR, Apply, Expr, InputError, Name, derivative_shape, differentiated, is_transposed
from ...language.operations import DERIVED, KINKED
from ..selected import fitting, limits
from ..verdict import Look, Place, Reason, Verdict, Cause, checked, refuted, undecided, wrong_shape
from ...reading.problems.problem import Problem
from ...language.traversal import subexpressions

if TYPE_CHECKING:
    from collections.abc import Callable

    import sympy
    from sympy import Matrix

    from .entries import Entries
    from .structures import Structure
    from .zero import Algebra, Numbers

    Sides = Callable[[Entries, Structure], tuple[Matrix, Matrix]]

SECONDS = 20.0
ALGEBRA_SECONDS = 4.0
POINTS, POINTS_WITH_SIGNS = 3, 24
MOST_ENTRIES = 400
LARGEST_SIZE = 1000
SEED = 11
Sizes = dict[str, int]


def judge_derivative(problem: Problem, result: Expr, where: list[tuple[Name, Expr]] | tuple[()] = (), order: int = 1,
                     layout: str = "denominator", structured: bool = False, seconds: float = SECONDS) -> Verdict:
    """Whether result is the derivative of problem.function with respect to problem.variable."""
    f, x = problem.function, problem.variable
    if order == 2 and f.shape != SCALAR:
        return undecided(Cause.NOT_SCALAR)
    wanted = derivative_shape(f.shape, x.shape, order, layout)
    if result.shape != wanted:
        return wrong_shape("derivative", wanted, "claim", result.shape)

    def sides(ev: Entries, structure: Structure) -> tuple[Matrix, Matrix]:
        left = structure.derivative(f, x, order) if structured else ev.derivative(f, x, order)
        return (left.T if is_transposed(f.shape, order, layout) else left), ev.value(result)
    return _judge(problem, list(where), [f, result, x], sides, seconds, moved=True)


def judge_equation(problem: Problem, lhs: Expr, rhs: Expr, seconds: float = SECONDS, sizes: Sizes | None = None) -> Verdict:
    """Whether the two sides are equal, at the sizes given or at the smallest unequal ones."""
    if lhs.shape != rhs.shape:
        return wrong_shape("left", lhs.shape, "right", rhs.shape)
    return _judge(problem, [], [lhs, rhs], lambda ev, structure: (ev.value(lhs), ev.value(rhs)), seconds, sizes)


def _judge(problem: Problem, where: list[tuple[Name, Expr]], roots: list[Expr], sides: Sides, seconds: float,
           at: Sizes | None = None, moved: bool = False) -> Verdict:
    bodies: dict[Name, Expr] = {**dict(problem.definitions), **dict(where)}
    pairs = list(problem.assumptions)
    nodes = list(subexpressions([*roots, *bodies.values(), *(e for pair in pairs for e in pair)]))
    names, asked = _size_names(nodes), limits(nodes)
    moved = moved or any(type(e) is Apply and e.head in DERIVED for e in nodes)
    deadline = problem.deadline.sooner(seconds)
    from .symbols import Degenerate, Inconclusive
    why: Reason | None = None
    told: list[Look] = []
    start = monotonic()
    for plan in _plans(names) if at is None else [[{n: at[n] for n in names}]]:
        if deadline.left < 0 or told and monotonic() > start + 1:
            break
        for planned in plan:
            sizes = fitting(planned, asked)
            try:
                if at is None:
                    _affordable(nodes, sizes)
                verdict = _judge_at(sizes, bodies, pairs, nodes, roots, sides, deadline, moved)
            except Expired:
                verdict = undecided(Cause.TIMEOUT, sizes)
            except Degenerate as e:
                why = Reason(Cause.NOWHERE, (str(e),))
                continue
            except Inconclusive as e:
                why = Reason(Cause.UNDONE, (str(e),))
                if not e.sizes:
                    return Verdict("undecided", reason=why)
                break
            if verdict.kind == "refuted":
                return verdict
            if verdict.kind == "checked":
                told += verdict.looks
            else:
                why = verdict.reason
            break
        if told and len(names) != 1:
            break
    return checked(*told) if told else Verdict("undecided", reason=why or Reason(Cause.TIMEOUT))


def _plans(names: list[str]) -> list[list[Sizes]]:
    """Of each list the first sizes that do: inv(X'*X) needs m > n. A list later when the expressions get too long."""
    count = len(names)
    if count == 1:
        return [[{names[0]: 2}], [{names[0]: 3}]]
    return [[dict(zip(names, p, strict=True)) for p in islice(permutations(range(low, low + count)), 24)] for low in (2, 1)]


def _judge_at(sizes: Sizes, bodies: dict[Name, Expr], pairs: list[tuple[Expr, Expr]], nodes: list[Expr], roots: list[Expr],
              sides: Sides, deadline: Deadline, moved: bool) -> Verdict:
    import mpmath

    from .entries import Entries
    from .structures import Structure
    from .symbols import Degenerate
    from .zero import DIGITS, NOISE, Algebra, Numbers, OutsideDomain
    random = Random(SEED)
    ev = Entries(sizes, bodies, deadline=deadline)
    structure = Structure(ev, [e for e in nodes if type(e) is Name and e.kind == "variable" and e not in bodies],
                          any(differentiated(e) is not None for e in nodes))
    left, right = sides(ev, structure)
    late = undecided(Cause.TIMEOUT, sizes)
    if deadline.left < 0:
        return late
    structure.assume(pairs)
    rows = [(k, structure.put(a), structure.put(b)) for k, (a, b) in enumerate(zip(left, right, strict=True)) if a != b]
    needs = [[(kind, structure.put(v)) for kind, v in ev.asked(root)] for root in roots[:2]]
    compared, poles, gap = 0, 0, None
    kinks = any(e.head in KINKED for e in nodes if type(e) is Apply)
    wanted = POINTS_WITH_SIGNS if kinks else POINTS
    with mpmath.workdps(DIGITS):
        for trial in range(80):
            if compared >= wanted or deadline.left < 0:
                break
            numbers = Numbers(structure.point(random, trial), random)
            try:
                numbers.exists(needs[0])
                for k, a, b in rows or [(0, structure.put(left[0]), structure.put(right[0]))]:
                    x = numbers.value(a)
                    try:
                        y = numbers.value(b)
                        numbers.exists(needs[1])
                    except OutsideDomain as e:
                        gap = gap or ((numbers, k, x, str(e)) if numbers.stands(a, x) else None)
                        raise
                    if abs(x - y) > NOISE * (1 + abs(x) + abs(y)):
                        if moved and numbers.bent:      # at a kink a derivative is what one says it is
                            raise OutsideDomain
                        if not (numbers.stands(a, x) and numbers.stands(b, y)):
                            raise ZeroDivisionError
                        return _refuted(structure, numbers, sizes, divmod(k, left.cols), float(x), float(y), float(x - y))
                    if deadline.left < 0:
                        return late
            except OutsideDomain:
                continue
            except ZeroDivisionError:
                poles += 1
                if poles > 3 and not compared:
                    raise Degenerate("a division by zero whatever the entries") from None
                continue
            compared += 1
        if gap:
            numbers, k, x, why = gap
            return _refuted(structure, numbers, sizes, divmod(k, left.cols), float(x), "undefined: " + why)
    if not compared:
        return undecided(Cause.NOWHERE)
    shown, total = _by_algebra([a - b for _, a, b in rows], Algebra(), deadline), left.rows * left.cols
    return checked(Look(Place.ALGEBRA, (sizes,), total - len(rows) + shown, total, DIGITS - 16))


def _by_algebra(differences: list[sympy.Expr], algebra: Algebra, deadline: Deadline) -> int:
    """How many are zero by algebra: the short ones first, while it goes fast."""
    from .symbols import length
    shown, start = 0, monotonic()
    memo: dict[sympy.Basic, int] = {}
    for e in sorted(differences, key=lambda e: length(e, memo)):
        began = monotonic()
        if deadline.left < 0 or began - start > ALGEBRA_SECONDS:
            break
        shown += algebra.vanishes(e)
        if monotonic() - began > ALGEBRA_SECONDS / 4:
            break
    return shown


def _refuted(structure: Structure, numbers: Numbers, sizes: Sizes, entry: tuple[int, int], x: float, y: float | str,
             difference: float = 0.0) -> Verdict:
    i, j = entry[0] + 1, entry[1] + 1
    witness = {"sizes": sizes, **structure.described(numbers), "entry": [i, j], "left": x, "right": y}
    if not isinstance(y, str) and f"{y:.6g}" == f"{x:.6g}":
        witness["difference"] = difference
    return refuted(Cause.ENTRY, witness)


def _size_names(nodes: list[Expr]) -> list[str]:
    """The names of sizes, the more frequent first: they get the smaller numbers."""
    count: dict[str, int] = {}
    for e in nodes:
        dims = [*e.shape]
        if type(e) is Name:
            dims += e.dims if e.signature is not None else ()
            if e.kind == "size":
                count[e.name] = count.get(e.name, 0) + 1
        for d in dims:
            if d is not ONE and d.number is not None and d.number > LARGEST_SIZE:
                raise InputError(f"a size of {d.number} is too large to write out entry by entry",
                                 hint="use a name for the size, or a smaller number")
            for name in d.names:
                count[name] = count.get(name, 0) + 1
    return sorted(count, key=lambda n: (-count[n], n))


def _affordable(nodes: list[Expr], sizes: Sizes) -> None:
    from .symbols import Inconclusive
    for e in nodes:
        m, n = (d.value(sizes) for d in e.shape)
        if m * n > MOST_ENTRIES:
            raise Inconclusive(f"a matrix of {m} x {n} is too large to write out entry by entry", sizes=True)
