"""Making a random point satisfy the equations a problem assumes."""

from __future__ import annotations

from fractions import Fraction
from operator import mul
from typing import Any

from ..language.expr import Expr, Name
from .field import Field
from .jets import Flat, Opaque, Singular, Unmet, component
from .point import Point
from .values import Evaluator

ROUNDS = 40
_MINUS_ONE = Fraction(-1)
Equation = tuple[Expr, Expr]


def impose(point: Point, equations: list[Equation]) -> None:
    """Change the values drawn at the point until every equation holds there; Opaque when that fails."""
    for i, (left, right) in enumerate(equations):
        if _assigned(point, left, right) or _assigned(point, right, left):
            continue
        so_far = equations[:i + 1]
        if _small(point, _residual(point, so_far)):
            continue
        names = {n: None for e in (left, right) for n in point.variables(e)}
        free = sorted((n for n in names if not n.words), key=lambda n: n.name)
        if not any(_solve(point, so_far, name) for name in free):
            raise _unmet(point, f"{left} = {right}")
    if not _small(point, _residual(point, equations)):
        raise _unmet(point)


def _unmet(point: Point, *equation: str) -> Exception:
    """Another real point may do; exact numbers solve linear equations only, and will not do better."""
    return Opaque(*equation) if point.ring.exact else Unmet(*equation)


def _assigned(point: Point, name: Expr, value: Expr) -> bool:
    """x = (something without x) only says what x is."""
    if type(name) is not Name or name.kind != "variable" or name.words or name in point.bodies or name in point.values:
        return False
    if name in point.variables(value):
        return False
    point.values[name] = list(Evaluator(point).value(value).parts[0])
    return True


def _residual(point: Point, equations: list[Equation]) -> Flat:
    ev = Evaluator(point)
    ring = point.ring
    out: Flat = []
    for left, right in equations:
        out += ring.plus(ev.value(left).parts[0], ring.scale(ring.number(-1), ev.value(right).parts[0]))
    return out


def _small(point: Point, residual: Flat) -> bool:
    ring = point.ring
    if isinstance(ring, Field):
        return not any(residual)
    return all(abs(x) < ring.small for x in residual)


def _solve(point: Point, equations: list[Equation], name: Name) -> bool:
    """Newton's method in the entries of one name; exact numbers get one round, enough where it is affine."""
    ring, start = point.ring, point.value(name)
    size = len(start)
    for _ in range(1 if ring.exact else ROUNDS):
        residual = _residual(point, equations)
        if _small(point, residual):
            return True
        ev = Evaluator(point)
        columns: list[Flat] = []
        for k in range(size):
            unit = [ring.zero] * size
            unit[k] = ring.one
            moving = ev.along({name: {ev.bit: unit}})
            column: Flat = []
            for left, right in equations:
                a, b = (component(ring, moving.value(e), ev.bit).parts[0] for e in (left, right))
                column += ring.plus(a, ring.scale(ring.number(-1), b))
            columns.append(column)
        try:
            step = _particular(ring, columns, residual) if ring.exact else _shortest(ring, columns, residual)
        except Singular:
            break
        point.values[name] = ring.plus(point.values[name], ring.scale(ring.number(-1), step))
    if _small(point, _residual(point, equations)):
        return True
    point.values[name] = start
    return False


def _shortest(ring: Any, columns: list[Flat], right: Flat) -> Flat:
    """The least solution: it leaves the point near where it was drawn."""
    count = len(right)
    gram = [[sum(c[i] * c[j] for c in columns) for i in range(count)] for j in range(count)]
    y = _particular(ring, gram, right)
    return [sum(map(mul, c, y)) for c in columns]


def _particular(ring: Any, columns: list[Flat], right: Flat) -> Flat:
    """One solution of a linear system with fewer equations than unknowns, or dependent ones."""
    size, count = len(columns), len(right)
    rows = [[c[i] for c in columns] + [right[i]] for i in range(count)]
    pivots: list[tuple[int, int]] = []
    for c in range(size - 1, -1, -1):
        left = range(len(pivots), count)
        best = max(left, key=lambda r: abs(rows[r][c]), default=None)
        if best is None:
            break
        if abs(rows[best][c]) <= (0 if ring.exact else 1e-7):
            continue
        r = len(pivots)
        rows[r], rows[best] = rows[best], rows[r]
        rows[r] = ring.scale(ring.function(_MINUS_ONE, [rows[r][c]])[0], rows[r])
        for other in range(count):
            if other != r and rows[other][c]:
                rows[other] = ring.plus(rows[other], ring.scale(-rows[other][c], rows[r]))
        pivots.append((r, c))
    if any(abs(rows[r][-1]) > (0 if ring.exact else 1) for r in range(len(pivots), count)):
        raise Singular("the equations contradict each other")
    out = [ring.zero] * size
    for r, c in pivots:
        out[c] = rows[r][-1]
    return out
