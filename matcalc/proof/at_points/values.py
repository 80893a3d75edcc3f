"""The evaluator behind points.py: values of expressions at a point, with derivatives."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ...language.expr import SCALAR, Apply, Expr, Name, Number
from ...language.operations import DERIVED, POWERS
from ...language.traversal import operands
from ...reading.entrywise_laws import written_out
from .operations import HEADS, Handler, power_parts, product_of
from .jets import NUMBERED, Flat, Jet, Unsupported, beyond, numbered
from .ring import Ring
from .point import Point

CHECKED = 16        # nodes that are evaluated between two looks at the clock
Seeds = dict[Name, dict[int, Flat]]
Step = tuple[Handler, tuple[Expr, ...], bool]      # how, from which others, and whether it is the same where nothing moves


class Evaluator:
    """Evaluates expressions at a point, each node once; seeds give the directions in which names vary."""

    def __init__(self, point: Point, seeds: Seeds | None = None, parent: Evaluator | None = None) -> None:
        self.point, self.ring, self.parent = point, point.ring, parent
        self.seeds = seeds or {}
        self.touched = point.affected(self.seeds) if parent is not None else frozenset()
        self.bit: int = max(beyond(s for by_bit in self.seeds.values() for s in by_bit), 1 if parent is None else parent.bit)
        self.memo: dict[Expr, Jet] = {}
        self.moved: dict[Expr, Jet] = {}        # values found where something moves
        above = None if parent is None else bool(parent.seeds)
        self.steps: dict[Expr, Step] = point.steps.setdefault((above, frozenset(self.seeds)), {})

    def along(self, seeds: Seeds) -> Evaluator:
        """The same point, with names varying along directions."""
        return Evaluator(self.point, seeds, self)

    def values_of(self, moving: Evaluator) -> None:
        """What has a value where it moves has it here as well."""
        self.moved = moving.memo

    def value(self, root: Expr) -> Jet:
        """The value of an expression: however tall, it takes no tall stack."""
        memo, moved, steps, waiting = self.memo, self.moved, self.steps, [root]
        above = memo if self.parent is None else self.parent.memo
        self.ring.deadline.check()
        while waiting:
            e = waiting.pop()
            if e in memo:
                continue
            if e in moved:
                found = moved[e]
                memo[e] = Jet(found.m, found.n, {0: found.parts[0]})
                continue
            how, needed, still = steps.get(e) or self.step(e)
            if still and e in above:
                memo[e] = above[e]
                continue
            for a in needed:
                if a not in memo:
                    waiting += (e, *[a for a in needed if a not in memo])
                    break
            else:
                found = memo[e] = how(self, e, *map(memo.__getitem__, needed))
                if still:
                    above[e] = found
                if not len(memo) % CHECKED:
                    self.ring.deadline.check()
        return memo[root]

    def step(self, e: Expr) -> Step:
        """How a node is evaluated, noted for other points unless the sizes there settle an exponent."""
        found = self.evaluated(e)
        if type(e) is not Apply or e.head not in POWERS or type(e.args[1]) is Number:
            self.steps[e] = found
        return found

    def evaluated(self, e: Expr) -> Step:
        """How, and from which others; what does not move has the value that it has where nothing does."""
        above = self.parent
        still = above is not None and e.names.isdisjoint(self.touched)
        if still and above is not None and (above.seeds or type(e) is Apply and e.head in DERIVED):
            return _unmoved, (), True
        if type(e) is Apply:
            head = e.head
            handler = HEADS.get(head)
            if handler is None:
                law = written_out(e)
                return (_unsupported, (), False) if law is None else (_same, (law,), still)
            args = () if head in DERIVED else operands(e)
            if head in POWERS:
                base, k, _ = power_parts(e, self.point)
                args = args if k is None else (base,)
            return product_of(e) if head == "*" else handler, args, still
        if type(e) is Name and e not in self.seeds:
            body = self.point.bodies.get(e)
            return (_drawn, (), still) if body is None else (_defined, (body,), still)
        return _drawn if type(e) is Name else _number, (), still

    # ------------------------------------------------------------ derivatives
    def derivatives(self, of: Sequence[Expr], x: Name, directions: Sequence[Flat]) -> Iterator[list[Jet]]:
        """For each direction of x how some expressions move along it, found for several directions at once."""
        most = 1 << NUMBERED
        for some in (directions[k:k + most] for k in range(0, len(directions), most)):
            moving = self.along({x: {numbered(self.bit, k): u for k, u in enumerate(some)}})
            values = [moving.value(e) for e in of]
            yield from ([self.ring.component(v, self.bit, k) for v in values] for k in range(len(some)))

    def unit(self, x: Name, i: int) -> Flat:
        """The direction of one entry."""
        m, n = self.point.shape(x)
        return [self.ring.one if k == i else self.ring.zero for k in range(m * n)]

    def columns(self, f: Expr, x: Name) -> list[Jet]:
        """The derivative of f along every entry of x, column by column."""
        m, n = self.point.shape(x)
        return [d for [d] in self.derivatives([f], x, [self.unit(x, i * n + j) for j in range(n) for i in range(m)])]

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


def _unmoved(ev: Evaluator, e: Expr) -> Jet:
    assert ev.parent is not None
    return ev.parent.value(e)


def _unsupported(ev: Evaluator, e: Apply) -> Jet:
    raise Unsupported(e.head)


def _same(ev: Evaluator, e: Expr, value: Jet) -> Jet:
    """Of a call what it stands for."""
    return value


def _defined(ev: Evaluator, e: Expr, value: Jet) -> Jet:
    """Of a name what it stands for, if it is not too large."""
    ev.point.shape(e)
    return value


def _number(ev: Evaluator, e: Number) -> Jet:
    return Jet(1, 1, {0: [ev.ring.number(e.value)]})


def _drawn(ev: Evaluator, e: Name) -> Jet:
    """A size, or what was drawn for a name, with the directions in which it varies."""
    if e.kind == "size":
        return Jet(1, 1, {0: [ev.ring.number(ev.point.sizes[e.name])]})
    m, n = ev.point.shape(e)
    if e not in ev.seeds:
        return Jet(m, n, {0: ev.point.value(e)})
    parts = {0: ev.point.value(e)} if ev.parent is None else ev.parent.value(e).parts
    return Jet(m, n, {**parts, **ev.seeds[e]})


def stack(ring: Ring, rows: list[Jet]) -> Jet:
    """Columns u1 .. uk as the rows of a matrix."""
    width = rows[0].m
    zero = [ring.zero] * width
    parts = {s: [x for r in rows for x in r.parts.get(s, zero)] for s in {s for r in rows for s in r.parts}}
    return Jet(len(rows), width, parts)
