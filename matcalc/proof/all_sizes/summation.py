"""The value of a normal form by plain summation, at sizes and values that a subclass gives."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from itertools import product
from typing import Any

from ...language.shape import Dim
from .monomial import Component, Head, Sum
from .normalform import DELTA, Algebra

WIDE = 100_000      # entries of a table
Table = tuple[tuple[int, ...], dict[tuple[int, ...], float]]     # a value for each choice of some indices


class Summation:
    """Evaluates sums of one algebra."""

    def __init__(self, alg: Algebra) -> None:
        self.alg = alg
        self.memo: dict[object, float] = {}
        self.tables: dict[int, list[list[float]]] = {}

    size: Callable[[Dim], int]                              # the value of a size
    whole: Callable[[Dim], int]                             # what a number made of sizes is here
    variable: Callable[[Head, tuple[int, ...]], float]      # an entry of a variable

    def matrix(self, rows: tuple[Dim, ...], cols: tuple[Dim, ...], s: Sum) -> list[list[float]]:
        """The whole matrix of a value."""
        return [[self.at(s, i + j) for j in self.indices(cols)] for i in self.indices(rows)]

    def indices(self, dims: tuple[Dim, ...]) -> list[tuple[int, ...]]:
        """Every list of indices, the first one slowest."""
        return list(product(*[range(self.size(d)) for d in dims]))

    def spot(self, a: int, free: tuple[int, ...]) -> int:
        """What a free index is here: one that is given, or a place."""
        place = self.alg.place_of(a)
        return free[-a - 1] if place is None else self.whole(place) - 1

    def at(self, s: Sum, free: tuple[int, ...]) -> float:
        """A sum at free indices: -1 is free[0], and so on."""
        total = 0.0
        for m, c in s.items():
            value = float(c)
            for h, args, e in m[0]:
                value *= self.factor(h, tuple([self.spot(a, free) for a in args]), e)
            for part in m[1]:
                if value == 0:
                    break
                value *= self.component(part, free)
            total += value
        return total

    def component(self, part: Component, free: tuple[int, ...]) -> float:
        """A product of entries summed over its bound indices, one at a time: first the one that leaves the smallest table."""
        dims: dict[int, int] = {}
        tables: list[Table] = []
        for h, args, e in part:
            own = tuple(sorted({a for a in args if a >= 0}))
            for slot, a in enumerate(args):
                if a >= 0:
                    dims[a] = self.size(self.alg.heads[h].dims[slot])
            at = {a: k for k, a in enumerate(own)}
            tables.append((own, {v: self.factor(h, tuple([self.spot(a, free) if a < 0 else v[at[a]] for a in args]), e)
                                 for v in product(*[range(dims[a]) for a in own])}))
        while dims:
            self.alg.deadline.check()
            width = {a: math.prod(dims[b] for b in {b for own, _ in tables if a in own for b in own}) for a in dims}
            index = min(dims, key=lambda a: (width[a], a))
            if width[index] > WIDE:
                raise ValueError("too many indices that hang together")
            met = [t for t in tables if index in t[0]]
            tables = [t for t in tables if index not in t[0]]
            tables.append(_summed(met, index, dims))
            del dims[index]
        return math.prod(table[()] for _, table in tables)

    def factor(self, h: int, index: tuple[int, ...], e: Any) -> float:
        """One atom to an exponent."""
        if h == DELTA:
            return float(index[0] == index[1])
        key = (h, index)
        value = self.memo.get(key)
        if value is None:
            self.alg.deadline.check()
            value = self.memo[key] = self.atom(self.alg.heads[h], index)
        return value ** int(e) if e % 1 == 0 else float(value ** float(e))      # not a complex root

    def atom(self, head: Head, index: tuple[int, ...]) -> float:
        """One entry of an atom."""
        kind, t = head.kind, head.template
        if kind == "variable":
            return self.variable(head, index)
        if kind == "size":
            return float(self.size(Dim.of(next(key[1] for key, found in self.alg.known.items() if found is head))))
        if kind == "prime":
            return float(head.extra)
        if kind == "pi":
            return math.pi
        if kind == "select":
            return float(index[0] == self.whole(head.extra[0]) - 1 + index[1])
        if kind in ("inverse", "adjugate", "det", "expm", "frechet"):
            return self.of_matrix(head, index)
        if kind in ("matrix power", "power slope"):
            return self.of_power(head, index)
        if kind == "integer power":
            return float(self.at(t, index) ** int(self.at({head.extra: 1}, ())))
        if kind not in SIMPLE:
            raise ValueError(f"no value of an {kind} here")
        return float(SIMPLE[kind](self.at(t, index)))

    def of_matrix(self, head: Head, index: tuple[int, ...]) -> float:
        """Inverse, determinant, exponential, Frechet derivative of a template."""
        table = self.tables.get(head.id)
        if table is None:
            k = len(head.extra) if head.kind == "det" else head.extra
            dims = head.extra if head.kind == "det" else head.dims[:k]
            table = self.matrix(dims, dims, head.template)
            if head.kind == "inverse":
                table = inverted(table)[0]
            elif head.kind == "adjugate":
                table = adjugate(table)
            elif head.kind == "expm":
                table = exponential(table)
            self.tables[head.id] = table
        if head.kind == "det":
            return inverted(table)[1]
        if head.kind == "frechet":
            i, j, p, q = index
            n = len(table)
            big = [[*row, *[float(r == p and c == q) for c in range(n)]] for r, row in enumerate(table)]
            big += [[*[0.0] * n, *row] for row in table]
            return exponential(big)[i][n + j]
        dims = head.dims[:head.extra]
        return table[self.place(dims, index[:len(dims)])][self.place(dims, index[len(dims):])]

    def of_power(self, head: Head, index: tuple[int, ...]) -> float:
        """A power of a template, and its derivative by an entry."""
        if not isinstance(head.extra, Dim) or self.whole(head.extra) < 0:
            raise ValueError("no value of a root here, nor of an inverse power")
        dims = head.dims[:1]
        powers = [[[float(i == j) for j in range(self.size(dims[0]))] for i in range(self.size(dims[0]))]]
        for _ in range(self.whole(head.extra)):
            powers.append(times(powers[-1], self.matrix(dims, dims, head.template)))
        if head.kind == "matrix power":
            return powers[-1][index[0]][index[1]]
        i, j, p, q = index
        return sum(a[i][p] * b[q][j] for a, b in zip(powers[:-1], powers[-2::-1], strict=True))

    def place(self, dims: tuple[Dim, ...], index: tuple[int, ...]) -> int:
        """A list of indices as one."""
        at = 0
        for d, i in zip(dims, index, strict=True):
            at = at * self.size(d) + i
        return at


def _summed(tables: list[Table], index: int, dims: Mapping[int, int]) -> Table:
    """The product of the tables, summed over one index."""
    left = tuple(sorted({a for own, _ in tables for a in own} - {index}))
    at = {a: k for k, a in enumerate((*left, index))}
    places = [(table, [at[a] for a in own]) for own, table in tables]
    out: dict[tuple[int, ...], float] = {}
    for choice in product(*[range(dims[a]) for a in left]):
        total = 0.0
        for i in range(dims[index]):
            whole = (*choice, i)
            term = 1.0
            for table, where in places:
                term *= table[tuple([whole[k] for k in where])]
            total += term
        out[choice] = total
    return left, out


def _sign(x: float) -> float:
    return math.copysign(1.0, x) if x else 0.0


SIMPLE: dict[str, Callable[[float], float]] = {
    "exp": math.exp, "log": math.log, "log abs": lambda x: math.log(abs(x)), "sign": _sign, "sin": math.sin,
    "cos": math.cos, "arctan": math.atan, "arcsin": math.asin, "erf": math.erf, "power": float, "floor": float,
    "closed": float,
}


def inverted(a: Sequence[Sequence[float]]) -> tuple[list[list[float]], float]:
    """Inverse and determinant by elimination."""
    n = len(a)
    rows = [[*row, *[float(i == j) for j in range(n)]] for i, row in enumerate(a)]
    det = 1.0
    for k in range(n):
        best = max(range(k, n), key=lambda r: abs(rows[r][k]))
        if best != k:
            rows[k], rows[best] = rows[best], rows[k]
            det = -det
        pivot = rows[k][k]
        det *= pivot
        if not pivot:
            return [[math.nan] * n for _ in range(n)], 0.0
        rows[k] = [x / pivot for x in rows[k]]
        for r in range(n):
            if r != k and rows[r][k]:
                f = rows[r][k]
                rows[r] = [x - f * y for x, y in zip(rows[r], rows[k], strict=True)]
    return [row[n:] for row in rows], det


def adjugate(a: Sequence[Sequence[float]]) -> list[list[float]]:
    """The transposed matrix of cofactors."""
    n = len(a)
    minors = [[[[x for q, x in enumerate(row) if q != i] for p, row in enumerate(a) if p != j] for j in range(n)] for i in range(n)]
    return [[(-1)**(i + j)*inverted(minors[i][j])[1] for j in range(n)] for i in range(n)]


def times(a: Sequence[Sequence[float]], b: Sequence[Sequence[float]]) -> list[list[float]]:
    """The matrix product."""
    columns = list(zip(*b, strict=True))
    return [[sum(x * y for x, y in zip(row, col, strict=True)) for col in columns] for row in a]


def exponential(a: Sequence[Sequence[float]]) -> list[list[float]]:
    """expm by scaling and squaring."""
    n = len(a)
    size = max(sum(abs(x) for x in row) for row in a)
    halvings = max(0, math.ceil(math.log2(size)) + 4) if size > 0 else 0
    small = [[x / 2.0 ** halvings for x in row] for row in a]
    out = [[float(i == j) for j in range(n)] for i in range(n)]
    term = out
    for k in range(1, 22):
        term = [[x / k for x in row] for row in times(term, small)]
        out = [[x + y for x, y in zip(p, q, strict=True)] for p, q in zip(out, term, strict=True)]
    for _ in range(halvings):
        out = times(out, out)
    return out
