"""Products, powers and traces as array operations."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction

from ..language.expr import ONE, SCALAR, Apply, Expr, Number, as_dim, is_negative, is_selection
from . import chains
from .nodes import Node, Nodes, Rational, flat_shape


class Products(Nodes):
    """Lowers products, powers and traces; a subclass lowers their arguments."""

    memo: dict[Expr, Node]

    low: Callable[[Expr], Node]  # the node of an expression

    def parts(self, chain: Sequence[Expr]) -> list[chains.Part]:
        """The factors of a product; what takes rows or columns of its neighbour is an index."""
        out: list[chains.Part | Apply] = []
        for a in chain:
            inner = a.args[0] if type(a) is Apply and a.head == "'" else a
            out.append(a if type(a) is Apply and is_selection(inner) else (self.low(a), a.shape))
        for k in range(len(out) - 2, -1, -1):
            a, b = out[k], out[k + 1]
            if type(a) is Apply and a.head == "'" and type(b) is tuple:
                out[k:k + 2] = [self.taken(b, a.args[0], 0)]
        k = 1
        while k < len(out):
            a, b = out[k - 1], out[k]
            if type(b) is Apply and b.head != "'" and type(a) is tuple:
                out[k - 1:k + 1] = [self.taken(a, b, 1)]
            else:
                k += 1
        return [(self.low(a), a.shape) if isinstance(a, Apply) else a for a in out]

    def taken(self, part: chains.Part, place: Expr, axis: int) -> chains.Part:
        """Rows or columns of a factor."""
        assert type(place) is Apply
        a, (rows, cols) = part
        shape = (place.shape[1], cols) if axis == 0 else (rows, place.shape[1])
        at = axis if len(a.shape) == 2 else 0
        flat = tuple(d for d in shape if d is not ONE)
        return self.make("index", (a,), (at, as_dim(place.args[0]), place.shape[1], place.shape[0]), flat), shape

    def product(self, e: Apply) -> Node:
        """Scalars times a chain of matrices."""
        chain = [a for a in e.args if a.shape != SCALAR]
        if e.shape == SCALAR and chain:
            return chains.chain(self, self.parts(chain))
        number: Rational = 1
        above: list[Node] = []
        below: list[Node] = []
        for a in e.args[:len(e.args) - len(chain)]:
            if type(a) is Number:
                number *= a.value
            else:
                self.factor(a, above, below)
        if chain:
            above.append(chains.chain(self, self.parts(chain)))
        return self.mul(number, above, below, flat_shape(e))

    def factor(self, a: Expr, above: list[Node], below: list[Node]) -> None:
        """One factor of an entry-wise product, above or below the line."""
        if type(a) is Apply and (a.head == ".^" or (a.head == "^" and a.shape == SCALAR)) and type(a.args[1]) is Number \
                and a.args[1].value < 0:
            below.append(self.raised(self.low(a.args[0]), Number(-a.args[1].value)))
        else:
            above.append(self.low(a))

    def hadamard(self, e: Apply) -> Node:
        above: list[Node] = []
        below: list[Node] = []
        for a in e.args:
            self.factor(a, above, below)
        both = self.spread(above + below)
        above, below = both[:len(above)], both[len(above):]
        above.sort(key=lambda a: a.shape[:1] == (ONE,))
        return self.mul(1, above, below, flat_shape(e))

    def raised(self, base: Node, k: Expr) -> Node:
        """base to the k, entry by entry."""
        if type(k) is Number:
            value = k.value
            if value == 1:
                return base
            if value < 0:
                return self.mul(1, [], [self.raised(base, Number(-value))])
            if value == Fraction(1, 2):
                return self.fn("sqrt", base)
            whole = isinstance(value, int)
            return self.make("**" if whole or base.shape or base.fixed else "power", (base, self.num(value)), None, base.shape)
        exponent = self.low(k)
        if is_negative(k) and not base.fixed:
            return self.mul(1, [], [self.make("power", (base, self.negative(exponent)), None, base.shape)])
        return self.make("**" if base.fixed and exponent.fixed else "power", (base, exponent), None, base.shape or exponent.shape)

    def traced(self, e: Apply) -> Node:
        """tr and diagonal; of a product that is needed for nothing else, without the product."""
        return chains.traced(self, [(self.low(a), a.shape) for a in self.apart(e.args[0])], e.head == "tr")

    def apart(self, e: Expr) -> tuple[Expr, ...]:
        """The factors of a product of matrices that is needed for nothing else."""
        alone = type(e) is Apply and e.head == "*" and e not in self.memo and all(a.shape != SCALAR for a in e.args)
        return e.args if type(e) is Apply and alone else (e,)

    def power(self, e: Apply) -> Node:
        base = self.low(e.args[0])
        if e.head == ".^" or e.shape == SCALAR:
            return self.raised(base, e.args[1])
        k = e.args[1].value if type(e.args[1]) is Number else as_dim(e.args[1])
        if base.op == "diag":
            return self.diag(self.raised(base.args[0], e.args[1]))
        if k == 2:
            return chains.matmat(self, base, base)
        return self.make("matrix_power", (base,), k, base.shape)
