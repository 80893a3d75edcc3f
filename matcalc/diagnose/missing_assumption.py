"""The further assumption under which a wrong equation would be right; each one named was tried."""

from __future__ import annotations

from ..deriving.substitute import substitute
from ..language.deadline import Expired
from ..language.expr import ONE, SCALAR, Expr, InputError, Name, apply, num
from ..language.inspection import heads_in, names_of
from ..language.operations import AT_ZERO
from ..proof.at_points import points
from ..proof.verdict import Cause
from .screening import Screening, square
from .slip import Kind, Slip
from ..reading.problems.problem import PremiseSet, Problem

SECONDS = 1.0       # for a first look at where a side is undefined
WORDS = ("symmetric", "diagonal", "orthogonal")
Swap = dict[Expr, Expr]


def under(about: PremiseSet, left: Expr, right: Expr, further: bool = True) -> Slip | None:
    """`A is symmetric`, `sum(y) = 1`: what has to be added for the sides to agree; nothing where nothing tried helps."""
    if left.shape != right.shape:
        return None
    names = sorted(_variables(about, left, right), key=lambda n: n.name)
    wide = [n for n in names if square(n)]
    if _undefined(about, left, right):
        return _positive(about, left, right, names)
    for word in WORDS if further else WORDS[:1]:
        free = [n for n in wide if not n.words & {word, "diagonal", "spd", "skew" if word != "orthogonal" else "orthogonal"}]
        for n in free:
            if _agree(about, left, right, {n: _with(n, word)}):
                return Slip(Kind.RIGHT_IF, ((n,), word))
        if len(free) > 1:
            found = _fewest(about, left, right, free, word)
            if found:
                return Slip(Kind.RIGHT_IF, (tuple(found), word))
    for n in names:
        if n.shape[1] is ONE and n.shape != SCALAR and "simplex" not in n.words:
            total = (apply("sum", n), num(1))
            if not any(n in a.names for a, _ in about.assumptions) and _agree(about, left, right, {}, total):
                return Slip(Kind.RIGHT_IF, ((n,), "sum"))
    return _positive(about, left, right, names)


def missing_assumption(problem: Problem) -> tuple[Slip, ...]:
    """The same of an equation whose sides differ only in their domain, as typed."""
    if problem.prove is None:
        return ()
    found = under(PremiseSet.of(problem), *problem.prove)
    return (found,) if found else ()


def _undefined(about: PremiseSet, left: Expr, right: Expr) -> bool:
    """Whether a side is undefined where the other is not: log(x) + log(y) against log(x*y)."""
    if not _has_edges(left, right):
        return False
    try:
        found = points.judge_equation(about._replace(deadline=about.deadline.sooner(SECONDS)), left, right)
    except (InputError, Expired):
        return False
    return found.why is Cause.UNDEFINED


def _positive(about: PremiseSet, left: Expr, right: Expr, names: list[Name]) -> Slip | None:
    for n in names:
        if "positive" not in n.words and _has_edges(left, right) and _agree(about, left, right, {n: _with(n, "positive")}):
            return Slip(Kind.RIGHT_IF, ((n,), "positive"))
    return None


def _variables(about: PremiseSet, *roots: Expr) -> set[Name]:
    bodies = dict(about.definitions)
    return names_of(roots, bodies) - bodies.keys()


def _with(n: Name, word: str) -> Name:
    return Name(n.name, n.shape, n.words | {word})


def _fewest(about: PremiseSet, left: Expr, right: Expr, free: list[Name], word: str) -> list[Name]:
    """All of them together; then without those that are not needed."""
    kept = list(free)
    if not _agree(about, left, right, {n: _with(n, word) for n in kept}):
        return []
    for n in free:
        fewer = [k for k in kept if k is not n]
        if fewer and _agree(about, left, right, {k: _with(k, word) for k in fewer}):
            kept = fewer
    return kept


def _agree(about: PremiseSet, left: Expr, right: Expr, swap: Swap, extra: tuple[Expr, Expr] | None = None) -> bool:
    memo: Swap = {}

    def changed(e: Expr) -> Expr:
        return substitute(e, swap, memo)

    try:
        new = about._replace(definitions=[(n, changed(b)) for n, b in about.definitions],
                             assumptions=[*((changed(a), changed(b)) for a, b in about.assumptions), *([extra] if extra else [])])
        a, b = changed(left), changed(right)
        if a is b:
            return True
        if not Screening(new, [a], (b,), 1).alike(a, b):
            return False
        return points.judge_equation(new, a, b).kind == "checked"
    except InputError:
        return False


def _has_edges(*roots: Expr) -> bool:
    """Whether signs, roots or logarithms occur."""
    return not AT_ZERO.isdisjoint(h for e in roots for h in heads_in(e))
