"""Array operations as nodes; equal parts are one node.

Columns and rows are 1-D arrays, matrices 2-D, scalars numbers: a node's shape is a tuple of no, one or two sizes.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from ..language.expr import ONE, Dim, Expr
from ..language.operations import ELEMENTWISE_NAMES, COMMUTES_WITH_TRANSPOSE

Shape = tuple[Dim, ...]
Rational = int | Fraction


class Node:
    """An operation on nodes. `name` is the user's word for it, `fixed` whether it is made of numbers and sizes only,
    `lone` whether of scalar arguments and those. `mark` is the same for the same node of another graph."""

    __slots__ = ("args", "data", "fixed", "lone", "mark", "name", "op", "shape", "symmetric")

    fixed: bool
    lone: bool
    mark: int
    symmetric: bool

    def __init__(self, op: str, args: tuple[Node, ...], data: Any, shape: Shape) -> None:
        self.op, self.args, self.data, self.shape = op, args, data, shape
        self.name: str | None = None
        self.fixed = op not in ("var", "call") and all(a.fixed for a in args)
        self.lone = not shape and not self.fixed and op != "call" and all(a.fixed or a.lone for a in args)
        self.symmetric = self.mirrored()
        self.mark = hash((op, data.mark if isinstance(data, Node) else data, *(a.mark for a in args)))

    def mirrored(self) -> bool:
        """Whether a matrix is its own transpose."""
        op, args = self.op, self.args
        if op in ("diag", "eye"):
            return True
        if len(self.shape) < 2 or self.shape[0] is not self.shape[1] or not args:
            return False
        if op == "outer":
            return args[0] is args[1]
        if op == "@":
            a, b = args
            return (a.op == "T" and a.args[0] is b) or (b.op == "T" and b.args[0] is a)
        if op == "+":
            transposed = {a.args[0] for a in args if a.op == "T"}
            return all(a.symmetric or not a.shape or a in transposed or (a.op == "T" and a.args[0] in args) for a in args)
        if op == "fn" and self.data in ("pairs", "det_hessian"):
            return True
        if op in ("*", "**", "matrix_power") or (op == "fn" and self.data in COMMUTES_WITH_TRANSPOSE):
            return all(a.symmetric or not a.shape for a in args)
        return False


def flat_shape(e: Expr) -> Shape:
    """The shape as arrays are held."""
    return tuple(d for d in e.shape if d is not ONE)


class Nodes:
    """Makes nodes, each once; what would overflow, cancel or cost more is written another way as it is made."""

    def __init__(self, needed: frozenset[int] = frozenset()) -> None:
        self.needed = needed        # marks of sums that are there anyway; c*eye(n) + U*U' else goes by the smaller matrix, W + A*B by terms
        self.avoided: set[Node] = set()         # matrices that need not be made for that
        self.known: dict[object, Node] = {}
        self.brackets: frozenset[object] = frozenset()      # pairs of names that are multiplied first, as typed
        self.products: dict[tuple[Node, ...], Node] = {}        # by their factors, in whatever order these are multiplied
        self.adding: dict[Node, list[Node]] = {}      # by each of their terms

    def make(self, op: str, args: tuple[Node, ...] = (), data: Any = None, shape: Shape = ()) -> Node:
        """The one node like this, terms and factors in whatever order."""
        key = self.key(op, args, data, shape)
        found = self.known.get(key)
        if found is None:
            found = self.known[key] = Node(op, args, data, shape)
            for term in args if op == "+" else ():
                self.adding.setdefault(term, []).append(found)
        return found

    def key(self, op: str, args: tuple[Node, ...], data: Any, shape: Shape) -> object:
        """What tells nodes apart."""
        if op == "+":
            return op, frozenset(Counter(args).items())
        if op == "*":
            return op, frozenset(Counter(args[:data[1]]).items()), frozenset(Counter(args[data[1]:]).items()), data
        return (op, args, data, shape) if op in ("eye", "fill", "num") else (op, args, data)

    # ------------------------------------------------------------------ small parts
    def num(self, value: Rational) -> Node:
        return self.make("num", (), Fraction(value))

    def fn(self, name: str, *args: Node, shape: Shape | None = None) -> Node:
        """A function of the table."""
        return self.make("fn", args, name, args[0].shape if shape is None else shape)

    def turn(self, a: Node) -> Node:
        """The transpose."""
        if len(a.shape) < 2 or a.symmetric:
            return a
        if a.op == "T" and a.name is None:
            return a.args[0]
        if a.op == "outer" and a.name is None:
            return self.make("outer", (a.args[1], a.args[0]), None, (a.shape[1], a.shape[0]))
        if a.op == "@" and a.name is None and all(len(b.shape) == 2 for b in a.args):
            other = self.known.get(("@", (self.turn(a.args[1]), self.turn(a.args[0])), None))
            if other is not None:
                return other
        if self.spreads(a):
            return self.make(a.op, tuple(self.transposed_view(b) or b for b in a.args), a.data, (a.shape[1], a.shape[0]))
        if a.op == "*" and a.name is None and any(b.op in ("T", "row") for b in a.args):
            parts = [self.transposed_view(b) for b in a.args]
            if all(p is not None for p in parts):
                return self.make("*", tuple(p for p in parts if p is not None), a.data, (a.shape[1], a.shape[0]))
        return self.make("T", (a,), None, (a.shape[1], a.shape[0]))

    def spreads(self, a: Node) -> bool:
        """Whether a matrix is written as a vector that spreads over rows or columns, worked on entry by entry: it has no transpose."""
        if a.op in ("**", "*", "+", "power") or (a.op == "fn" and a.data in ELEMENTWISE_NAMES):
            parts = [b for b in a.args if b.shape]
            return len(a.shape) == 2 and bool(parts) and all(b.op in ("col", "row") or self.spreads(b) for b in parts)
        return False

    def transposed_view(self, a: Node) -> Node | None:
        """The transpose of a factor, of what spreads over rows or columns too."""
        if a.op in ("col", "row"):
            return self.make("row" if a.op == "col" else "col", a.args, None, (a.shape[1], a.shape[0]))
        return None if len(a.shape) == 1 else self.turn(a)

    def ones(self, a: Node) -> bool:
        """Whether this is a vector or matrix of ones."""
        return a.op == "fill" and a.data == "ones"

    def diag(self, v: Node) -> Node:
        if self.ones(v):
            return self.make("eye", (), None, (v.shape[0], v.shape[0]))
        return self.make("diag", (v,), None, (v.shape[0], v.shape[0]))

    def total(self, a: Node) -> Node:
        """The sum of all entries; of squares, an inner product."""
        if a.op == "**" and a.name is None and len(a.shape) == 1 and a.args[0].shape == a.shape and a.args[1].op == "num" \
                and a.args[1].data == 2 and not a.fixed:
            return self.make("@", (a.args[0], a.args[0]))
        if a.op == "*" and a.name is None and a.data[0] != 1 and len(a.args) == 1:
            return self.mul(a.data[0], [self.total(a.args[0])])
        return self.fn("sum", a, shape=())

    def along(self, a: Node, axis: int) -> Node:
        """Sums along an axis."""
        if a.op == "T" and a.name is None:
            a, axis = a.args[0], 1 - axis
        return self.make("along", (a,), axis, (a.shape[1 - axis],))

    def mul(self, number: Rational, above: Sequence[Node], below: Sequence[Node] = (), shape: Shape | None = None) -> Node:
        """number*above/below, entry by entry, scalars spread."""
        for a in above:
            if a.op == "num":
                number *= a.data
        above = [a for a in above if a.op != "num"]
        if not below:
            if not above:
                return self.num(number)
            if number == 1 and len(above) == 1:
                return above[0]
        if shape is None:
            shape = max((a.shape for a in (*above, *below)), key=len)
        for b in below:
            if b.op == "fn" and b.data == "sum" and b.args[0] in above and len(b.args[0].shape) == 1:
                e = b.args[0]
                if e.op == "fn" and e.data == "exp":
                    above, below = list(above), list(below)
                    above[above.index(e)] = self.fn("softmax", e.args[0])
                    below.remove(b)
                    return self.mul(number, above, below, shape)
        above, below = self.scaled_first(above, below, shape)
        data = (Fraction(number), len(above))
        upright = tuple(self.upright(a) for a in (*above, *below)) if len(shape) == 2 else (None,)
        found = tuple(a for a in upright if a is not None)
        if len(found) == len(upright):
            transposed = sum(a.op == "T" for a in (*above, *below))
            if transposed > 1 or transposed and self.key("*", found, data, shape) in self.known:
                return self.turn(self.mul(number, found[:len(above)], found[len(above):], (shape[1], shape[0])))
        return self.make("*", (*above, *below), data, shape)

    def upright(self, a: Node) -> Node | None:
        """A factor of a product all of whose matrices are transposes, before it is transposed; nothing of another matrix."""
        if a.op in ("col", "row"):
            return self.transposed_view(a)
        return a if not a.shape else a.args[0] if a.op == "T" and a.name is None else None

    def scaled_first(self, above: Sequence[Node], below: Sequence[Node], shape: Shape) -> tuple[Sequence[Node], Sequence[Node]]:
        """The factors with all that scales rows, or columns, as one vector, which a matrix meets once; scalars go to it."""
        for op in ("col", "row"):
            views = [a for a in (*above, *below) if a.op == op]
            others = [a for a in above if a.shape and a.op != op]
            scalars = [a for a in (*above, *below) if not a.shape]
            if len(shape) < 2 or not views or not others or any(a.shape and a.op != op for a in below) or len(views) + len(scalars) < 2:
                continue
            over, under = ([a.args[0] if a.op == op else a for a in side if a.op == op or not a.shape] for side in (above, below))
            vector = self.mul(1, over, under)
            above, below = [self.make(op, (vector,), None, views[0].shape), *others], []
        return above, below

    def negative(self, a: Node) -> Node:
        """-a."""
        if a.op == "*" and a.name is None and a.data[0] < 0:
            number, k = a.data
            return self.mul(-number, a.args[:k], a.args[k:], a.shape)
        return self.mul(-1, [a])

    def without(self, a: Node, value: int) -> Node | None:
        """a less this number, where the number is one of its terms."""
        if a.op == "+":
            for i, t in enumerate(a.args):
                if t.op == "num" and t.data == value:
                    rest = a.args[:i] + a.args[i + 1:]
                    return rest[0] if len(rest) == 1 else self.make("+", rest, None, a.shape)
        return None

    def spread(self, terms: list[Node]) -> list[Node]:
        """Entry-wise operands without the ones that broadcasting supplies."""
        out, full, rows, cols = [], False, False, False
        for t in terms:
            small = self.small(t)
            out.append(small or t)
            full = full or small is None
            rows = rows or (small is not None and small.shape[:1] == (ONE,))
            cols = cols or (small is not None and small.shape[1:] == (ONE,))
        return out if full or (rows and cols) else terms

    def small(self, t: Node) -> Node | None:
        """A node that broadcasts to t, where t repeats itself."""
        if t.name is not None:
            return None
        if self.ones(t):
            return self.num(1)
        if t.op == "outer":
            u, v = t.args
            if self.ones(v):
                return self.make("col", (u,), None, (u.shape[0], ONE))
            if self.ones(u):
                return self.make("row", (v,), None, (ONE, v.shape[0]))
        if t.op == "**" or (t.op == "fn" and t.data in ELEMENTWISE_NAMES):
            inner = self.small(t.args[0])
            return self.make(t.op, (inner, *t.args[1:]), t.data, inner.shape) if inner is not None and inner.shape else None
        if t.op == "*":
            number, k = t.data
            arrays = [i for i, a in enumerate(t.args) if a.shape]
            if len(arrays) == 1 and arrays[0] < k:
                i = arrays[0]
                inner = self.small(t.args[i])
                if inner is not None:
                    return self.mul(number, (*t.args[:i], inner, *t.args[i + 1:k]), t.args[k:], inner.shape)
        return None
