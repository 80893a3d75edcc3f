"""Random points that satisfy the equations a problem assumes."""

from __future__ import annotations

import math
from collections.abc import Collection
from contextlib import suppress
from fractions import Fraction
from typing import Any

from ...language.expr import ONE, Apply, Expr, Name
from ...language.operations import LINEAR, PRODUCTS, SQUARE_WORDS
from .field import Field
from .jets import NO_VALUE, Flat, Unsupported, OutsideDomain, Singular, AssumptionUnmet
from .linear_systems import particular, shortest
from .point import KEPT, Point
from .structure import structured_contraction
from .values import Evaluator

ROUNDS, STALLED = 48, 8
NEAR, CLOSE = 1e-4, 1e-5
LINEAR_WORDS = frozenset(("symmetric", "skew", "diagonal", "lower", "upper"))
SPECIAL = ("zero", "nilpotent", "of rank one", "diagonal")
Equation = tuple[Expr, Expr]


def impose(point: Point, equations: list[Equation], way: int = 0) -> None:
    """Change the values drawn at the point until every equation holds there; Unsupported when that fails.

    Equations may have several branches, c*d = d^2 both c = d and d = 0: way 0 solves one equation after another for one name,
    further ones start where a name is special (see SPECIAL), and then anywhere, and solve for all names together.
    """
    still = [pair for pair in equations if not differential(pair)]
    if way:
        _another(point, still, way - 1)
    else:
        drawn = {**point.values}
        try:
            _one_by_one(point, still)
        except AssumptionUnmet:
            if not _from_special(point, still, drawn):
                raise
    if moving := [pair for pair in equations if differential(pair)]:
        _turn(point, moving)


def _from_special(point: Point, equations: list[Equation], drawn: dict[Name, Any]) -> bool:
    """Whether the equations are met from where the first name is nilpotent, or diagonal: A^3 = 0 is hardly ever met from anywhere
    else. No name may be zero there, where too much is true."""
    for kind in (1, 3):
        point.values = {**drawn}
        with suppress(*NO_VALUE):
            _another(point, equations, kind)
            return all(any(point.values[n]) for n in unknowns(point, equations))
    return False


def differential(equation: Equation) -> bool:
    """Whether an equation is one of differentials: d(A*x) = d(b)."""
    return equation[0].has_d or equation[1].has_d


def _one_by_one(point: Point, equations: list[Equation]) -> None:
    """Solve one equation after another, for one name, or for all of them where that gives nothing."""
    for i, (left, right) in enumerate(equations):
        if _assigned(point, left, right) or _assigned(point, right, left):
            continue
        so_far, ev = equations[:i + 1], Evaluator(point)
        if not _small(point, _residual(point, so_far, ev)):
            names = movable(point, [(left, right)])
            if not any(_solve(point, so_far, [name], ev) for name in names) and not _solve(point, so_far, movable(point, so_far), ev):
                raise _unmet(point, f"{left} = {right}")
        if len(so_far) == len(equations):
            return
    if not _small(point, _residual(point, equations)):
        raise _unmet(point)


def _unmet(point: Point, *equation: str) -> Exception:
    """No solution was found: another random point over the reals may have one, modulo a prime it will not."""
    return Unsupported(*equation) if point.ring.exact else AssumptionUnmet(*equation)


def _assigned(point: Point, name: Expr, value: Expr) -> bool:
    """x = (something without x) only says what x is."""
    if type(name) is not Name or name.kind != "variable" or name.words or name in point.bodies or name in point.values:
        return False
    if name in point.variables(value):
        return False
    point.values[name] = list(Evaluator(point).value(value).parts[0])
    return True


def _residual(point: Point, equations: list[Equation], ev: Evaluator | None = None) -> Flat:
    ev, ring = ev or Evaluator(point), point.ring
    out: Flat = []
    for left, right in equations:
        out += ring.plus(ev.value(left).parts[0], ring.scale(ring.number(-1), ev.value(right).parts[0]))
    return out


def _small(point: Point, residual: Flat) -> bool:
    ring = point.ring
    if isinstance(ring, Field):
        return not any(residual)
    return all(abs(x) < ring.small for x in residual)


def _another(point: Point, equations: list[Equation], way: int) -> None:
    """Another branch: from a special place, or from wherever the point was drawn, to the nearest place where all equations hold."""
    free = unknowns(point, equations)
    k, kind = divmod(way, len(SPECIAL))
    if k < len(free):
        m, n = point.shape(free[k])
        if kind and (m != n or m == 1):
            raise OutsideDomain(SPECIAL[kind])
        drawn, zero = point.value(free[k]), point.ring.zero
        point.values[free[k]] = [x if _special(kind, *divmod(i, n)) else zero for i, x in enumerate(drawn)]
    elif k < len(free) + len(kept := unknowns(point, equations, True)):
        name = kept[k - len(free)]
        point.values[name] = _degenerate(point, name, kind)
    others = [x for i, x in enumerate(free) if i != k]
    for names in (others, free):
        if _small(point, _residual(point, equations)) or (names and _solve(point, equations, names)):
            return
    raise _unmet(point)


def _degenerate(point: Point, name: Name, kind: int) -> Flat:
    """A value that keeps the structure: entries all alike, a multiple of the identity, zero, or one entry only."""
    ring, words, (m, n) = point.ring, name.words, point.shape(name)
    drawn, zero = point.value(name), point.ring.zero
    if not words & SQUARE_WORDS:
        if kind:
            raise OutsideDomain(SPECIAL[kind])
        return [drawn[0]] * (m * n) if "simplex" not in words else [ring.number(Fraction(1, m if name.shape[1] is ONE else n))] * (m * n)
    if kind > 1 and words & {"spd", "orthogonal"} or kind > 2:
        raise OutsideDomain(SPECIAL[kind])
    if kind == 2:
        return [x if i == 0 else zero for i, x in enumerate(drawn)]
    if "skew" in words:
        return [zero] * (n * n)
    scale = ring.one if kind or "orthogonal" in words else abs(drawn[0]) if "spd" in words else drawn[0]
    return [scale if i % (n + 1) == 0 else zero for i in range(n * n)]


def _special(kind: int, i: int, j: int) -> bool:
    return (False, i < j, i == j == 0, i == j)[kind]


def unknowns(point: Point, equations: list[Equation], structured: bool = False) -> list[Name]:
    """The names that may be changed, or those that have to keep a structure, in a fixed order."""
    names = {n for pair in equations for e in pair for n in point.variables(e)}
    return sorted((n for n in names if n.kind == "variable" and bool(n.words) is structured), key=lambda n: n.name)


def movable(point: Point, equations: list[Equation]) -> list[Name]:
    """The names that may be changed, those too of which the structure is that of a linear space."""
    kept = [n for n in unknowns(point, equations, True) if n.words <= LINEAR_WORDS | (set() if point.ring.exact else {"spd"})]
    return sorted([*unknowns(point, equations), *kept], key=lambda n: n.name)


def _turn(point: Point, equations: list[Equation]) -> None:
    """Change the directions in which the names move until the equations of differentials hold, which are affine in them."""
    ring = point.ring
    names = {n for pair in equations for e in pair for n in point.variables(e) if n.kind == "variable" and n.name not in point.constants}
    residual = _residual(point, equations)
    keys = [(n, KEPT if n.words - {"positive"} else 0) for n in sorted(names, key=lambda n: n.name)]
    columns: list[Flat] = []
    for key in keys:
        drawn = point.direction(*key)
        for k, x in enumerate(drawn):
            point.directions[key] = [*drawn[:k], *ring.plus([x], [ring.one]), *drawn[k + 1:]]
            columns.append(ring.plus(_residual(point, equations), ring.scale(ring.number(-1), residual)))
        point.directions[key] = drawn
    try:
        step = (particular if ring.exact else shortest)(ring, columns, residual)
    except Singular:
        raise _unmet(point) from None
    for key in keys:
        count = len(point.directions[key])
        point.directions[key] = ring.plus(point.directions[key], ring.scale(ring.number(-1), step[:count]))
        step = step[count:]
    if not _small(point, _residual(point, equations)):
        raise _unmet(point)


def single(equations: list[Equation], defined: Collection[Name] = ()) -> bool:
    """Whether the equations certainly have one branch: all are affine in all variables, or say one after another what a name is. Those of
    differentials are affine in these."""
    equations = [pair for pair in equations if not differential(pair)]
    told: set[Name] = set()
    if any(not n.isdisjoint(defined) for pair in equations for n in (pair[0].names, pair[1].names)):
        return False
    for left, right in equations:
        name, value = (left, right) if type(left) is Name else (right, left)
        if type(name) is Name and name.kind == "variable" and not name.words and name not in told | value.names and not told & value.names:
            told.add(name)
        elif max(_order(left), _order(right)) > 1 or told & (left.names | right.names):
            return False
    return True


def _order(e: Expr) -> int:
    """0 without a variable, 1 where affine in all variables together, 2 otherwise."""
    if type(e) is not Apply:
        return int(type(e) is Name and e.kind != "size")
    parts = [_order(a) for a in e.args]
    if e.head == "+" or e.head in LINEAR:
        return max(parts, default=0)
    if e.head in PRODUCTS:
        return min(2, sum(parts))
    return 2 if any(parts) else 0


def _solve(point: Point, equations: list[Equation], names: list[Name], before: Evaluator | None = None) -> bool:
    """Newton's method in the entries of some names; exact numbers get one round, enough where it is affine. `before` has the values
    from which it starts."""
    ring = point.ring
    start = {name: point.value(name) for name in names}
    last, met = math.inf, None          # met: whether the equations hold, where that is known
    for k in range(1 if ring.exact else ROUNDS):
        ev = before if before is not None and not k else Evaluator(point)
        residual = _residual(point, equations, ev)
        met = _small(point, residual)
        if met:
            break
        size = 1.0 if ring.exact else max(map(abs, residual))
        if k % STALLED == 0 and k:
            if size > last / 2:
                break
            last = size
        try:
            columns = [c for name in names for c in _columns(ev, equations, name)]
            # where a solution counts twice, what the shortest step is made of has half the digits
            step = particular(ring, columns, residual) if ring.exact or size < CLOSE else shortest(ring, columns, residual)
        except Singular:
            break
        for name in names:
            count = len(start[name])
            move = structured_contraction(name.words, step[:count], point.shape(name)[0], ring.zero)[0]
            point.values[name] = ring.plus(point.values[name], ring.scale(ring.number(-1), move))
            step = step[count:]
        met = None
    met = not ring.exact and _snap(point, equations, names) or met
    definite = all(_definite(point.values[n], point.shape(n)[0]) for n in names if "spd" in n.words)
    if definite and (_small(point, _residual(point, equations)) if met is None else met):
        return True
    point.values.update(start)
    return False


def _definite(value: Flat, n: int) -> bool:
    """Whether a symmetric matrix of real numbers is positive definite: its pivots are positive."""
    rows = [value[i:i + n] for i in range(0, n * n, n)]
    for k, row in enumerate(rows):
        if not row[k] > NEAR:
            return False
        for i in range(k + 1, n):
            rows[i] = [x - rows[i][k] / row[k] * y for x, y in zip(rows[i], row, strict=True)]
    return True


def _columns(ev: Evaluator, equations: list[Equation], name: Name) -> list[Flat]:
    """How the residual moves with each entry of a name."""
    ring, minus = ev.ring, ev.ring.number(-1)
    (m, n), sides = ev.point.shape(name), [e for pair in equations for e in pair]
    directions = [structured_contraction(name.words, ev.unit(name, k), m, ring.zero)[0] for k in range(m * n)]
    columns: list[Flat] = []
    for moved in ev.derivatives(sides, name, directions):
        column: Flat = []
        for a, b in zip(moved[::2], moved[1::2], strict=True):
            column += ring.plus(a.parts[0], ring.scale(minus, b.parts[0]))
        columns.append(column)
    return columns


def _snap(point: Point, equations: list[Equation], names: list[Name]) -> bool:
    """What only came near zero is made zero, where the equations hold as well: A*A is small for a small A that has an inverse."""
    before = {name: point.values[name] for name in names}
    for name in names:
        point.values[name] = [point.ring.zero if abs(x) < NEAR else x for x in before[name]]
    if all(point.values[name] == before[name] for name in names):
        return False
    if _small(point, _residual(point, equations)):
        return True
    point.values.update(before)
    return False
