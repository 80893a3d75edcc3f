"""The evaluator behind points.py: values of expressions at a point, with derivatives."""

from __future__ import annotations

from ...language.expr import SCALAR, Apply, Expr, Name, Number
from ...language.operations import DERIVED
from ...language.traversal import folded, operands
from ...reading.laws import written_out
from .operations import HEADS, power_parts
from .jets import Flat, Jet, Unsupported
from .ring import Ring
from .point import Point

Seeds = dict[Name, dict[int, Flat]]


class Evaluator:
    """Evaluates expressions at a point, each node once; seeds give the directions in which names vary."""

    def __init__(self, point: Point, seeds: Seeds | None = None, parent: Evaluator | None = None) -> None:
        self.point, self.ring, self.parent = point, point.ring, parent
        self.seeds = seeds or {}
        self.touched = point.affected(self.seeds) if parent is not None else frozenset()
        bits: int = max([s for by_bit in self.seeds.values() for s in by_bit], default=0) if self.seeds else 0
        if parent is not None:
            bits = max(bits, parent.bit >> 1)
        self.bit: int = 1 << bits.bit_length()
        self.memo: dict[Expr, Jet] = {}

    def along(self, seeds: Seeds) -> Evaluator:
        """The same point, with names varying along directions."""
        return Evaluator(self.point, seeds, self)

    def names_of(self, moving: Evaluator) -> None:
        """What names stand for is known where they moved as well."""
        for n in self.point.bodies:
            found = moving.memo.get(n)
            if found is not None:
                self.memo.setdefault(n, Jet(found.m, found.n, {0: found.parts[0]}))

    def value(self, root: Expr) -> Jet:
        """The value of an expression."""
        return self.memo.get(root) or folded(root, self.memo, self.needs, self.compute)

    def needs(self, e: Expr) -> tuple[Expr, ...]:
        """The subexpressions whose values e needs, but for what has the value that it has where nothing moves."""
        if self.parent is not None and e.names.isdisjoint(self.touched):
            return ()
        if type(e) is Apply:
            head = e.head
            if head in DERIVED:
                return ()
            law = None if head in HEADS else written_out(e)
            if law is not None:
                return (law,)
            if head == ".^" or head == "^":
                base, k, _ = power_parts(e, self.point)
                return e.args if k is None else (base,)
            return operands(e)
        if type(e) is Name and e not in self.seeds:
            body = self.point.bodies.get(e)
            return () if body is None else (body,)
        return ()

    def compute(self, e: Expr) -> Jet:
        """Evaluate one node whose arguments are known."""
        ring, point, memo = self.ring, self.point, self.memo
        if self.parent is not None and e.names.isdisjoint(self.touched):
            return self.parent.value(e)
        ring.deadline.check()
        if type(e) is Number:
            return Jet(1, 1, {0: [ring.number(e.value)]})
        if type(e) is Name:
            if e.kind == "size":
                return Jet(1, 1, {0: [ring.number(point.sizes[e.name])]})
            m, n = point.shape(e)
            if e in self.seeds:
                base = self.parent.value(e) if self.parent is not None else Jet(m, n, {0: point.value(e)})
                return Jet(m, n, {**base.parts, **self.seeds[e]})
            body = point.bodies.get(e)
            return Jet(m, n, {0: point.value(e)}) if body is None else memo[body]
        assert type(e) is Apply
        handler = HEADS.get(e.head)
        if handler is not None:
            return handler(self, e, *[memo[a] for a in self.needs(e)])
        law = written_out(e)
        if law is None:
            raise Unsupported(e.head)
        return memo[law]

    # ------------------------------------------------------------ derivatives
    def columns(self, f: Expr, x: Name) -> list[Jet]:
        """The derivative of f along every entry of x, column by column."""
        m, n = self.point.shape(x)
        out = []
        for j in range(n):
            for i in range(m):
                unit = [self.ring.zero] * (m * n)
                unit[i * n + j] = self.ring.one
                out.append(self.ring.component(self.along({x: {self.bit: unit}}).value(f), self.bit))
        return out

    def jacobian(self, f: Expr, x: Expr) -> Jet:
        """d(f)/d(x) in the denominator layout."""
        if type(x) is not Name:
            raise Unsupported(f"the derivative with respect to {x}")
        m, n = self.point.shape(x)
        rows = [self.ring.vec(c) for c in self.columns(f, x)]
        if f.shape == SCALAR:
            return self.ring.unvec(stack(self.ring, rows), m, n)
        return stack(self.ring, rows)

    def differential(self, e: Expr) -> Jet:
        """d(e): all variables move, each along its own direction, but for those that stay still; d(d(x)) = 0."""
        point = self.point
        seeds = {x: {self.bit: point.tangent(x)} for x in point.variables(e) if x.name not in point.constants}
        return self.ring.component(self.along(seeds).value(e), self.bit)


def stack(ring: Ring, rows: list[Jet]) -> Jet:
    """Columns u1 .. uk as the rows of a matrix."""
    width = rows[0].m
    zero = [ring.zero] * width
    parts = {s: [x for r in rows for x in r.parts.get(s, zero)] for s in {s for r in rows for s in r.parts}}
    return Jet(len(rows), width, parts)
