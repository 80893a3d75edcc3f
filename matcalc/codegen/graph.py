"""An expression as array operations, in the order they are best done. Sums that are there already are not added up again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Callable, Sequence

from ..language.blocks import Blocks, blocks
from ..language.expr import ONE, SCALAR, UNIT, ZERO, Apply, Dim, Expr, Name, Number, as_dim
from ..reading.entrywise_laws import written_out
from ..language.operations import ELEMENTWISE_NAMES, LINES, SPELLING, SYMMETRY_WORDS
from ..language.signatures import called
from ..language.traversal import folded, operands
from . import chains, exponentials, low_rank, stable, structure, unit_vectors
from .nodes import Node, Rational, Shape, flat_shape, Nodes
from .norms import SAFE
from .orders import scaled
from .products import Products

MOST = 20       # sums with the same term that are looked at
TALL = 40       # the parts of what is taller are lowered first


def sum_by_others(g: Nodes, plain: Node) -> Node:
    """The sum, by the longest sum of some of its terms, or its negative, that is there already."""
    terms = Counter(plain.args)
    best: tuple[Node, Node] | None = None
    for known in candidates(g, plain.args):
        if best is None or len(known.args) > len(best[0].args):
            for sign, own in ((1, known.args), (-1, tuple(map(g.negative, known.args)))):
                found = Counter(own)
                if known is not plain and known.shape == plain.shape and (
                        found == terms or found <= terms and all(map(alone, known.args))):
                    best = known, known if sign == 1 else g.negative(known)
    if best is None:
        return plain
    rest = terms - Counter(best[0].args if best[0] is best[1] else tuple(map(g.negative, best[0].args)))
    left = tuple(t for t in plain.args if rest[t])
    return g.make("+", (best[1], *left), None, plain.shape) if left else best[1]


def candidates(g: Nodes, terms: tuple[Node, ...]) -> list[Node]:
    """Sums that have one of these terms, or its negative."""
    return list(dict.fromkeys(s for t in terms for way in (t, g.negative(t)) for s in g.adding.get(way, ())[:MOST]))


def alone(term: Node) -> bool:
    """Whether a term is nothing that its neighbours are looked at for, as a number or an exponential."""
    if term.op == "*" and term.name is None:
        return all(map(alone, term.args))
    return term.op != "num" and not (term.op == "fn" and term.data == "exp")


def below(e: Expr) -> list[Expr]:
    """The parts of an expression that are lowered before it."""
    return [a for a in operands(e) if type(a) is Apply]


class Graph(Products):
    """Lowers expressions; definitions become named nodes."""

    def __init__(self, bodies: dict[str, Expr], spelled: Callable[[str], str], known: Container[str],
                 needed: frozenset[int] = frozenset(), mirrored: Callable[[Expr], bool] = lambda e: False) -> None:
        super().__init__(needed)
        self.bodies, self.spelled, self.own, self.mirrored = bodies, spelled, known, mirrored
        self.memo: dict[Expr, Node] = {}
        self.defined: dict[str, Node] = {}
        self.waiting: dict[Node, str] = {}      # names of quotients such as y/p, which p*(y/p) does not need, and of u*v', which v'*B is

    def low(self, e: Expr) -> Node:
        """The node of an expression."""
        found = self.memo.get(e)
        if found is None:
            found = self.memo[e] = folded(e, self.memo, below, self.lower) if e.height > TALL else self.lower(e)
        return found

    def lower(self, e: Expr) -> Node:
        if type(e) is Number:
            return self.num(e.value)
        if type(e) is Name:
            return self.name(e)
        assert type(e) is Apply
        method = METHODS.get(e.head)
        if method is not None:
            return method(self, e)
        law = None if e.head in self.own else written_out(e)
        if law is not None:
            return self.low(law)
        a = self.low(e.args[0])
        if e.head in ELEMENTWISE_NAMES:
            return self.entrywise(e.head, a)
        return self.make("fn", tuple(map(self.low, e.args)), e.head, flat_shape(e))

    def name(self, e: Name) -> Node:
        if e.kind == "size":
            return self.make("size", (), Dim.of(e.name))
        body = self.bodies.get(e.name)
        if body is None:
            var = self.make("var", (), self.spelled(e.name), flat_shape(e))
            var.symmetric = var.symmetric or (len(var.shape) == 2 and bool(e.words & SYMMETRY_WORDS))
            return var
        found = self.defined.get(e.name)
        if found is None:
            found = self.defined[e.name] = self.low(body)
            found.symmetric = found.symmetric or len(found.shape) == 2 and self.mirrored(e)
            if found.op not in ("var", "num", "size") and found.name is None:
                if stable.vanishing(self, found) or (scaled(found) or found).op == "outer":
                    self.waiting.setdefault(found, self.spelled(e.name))
                else:
                    found.name = self.spelled(e.name)
        return found

    def mul(self, number: Rational, above: Sequence[Node], below: Sequence[Node] = (), shape: Shape | None = None) -> Node:
        """number*above/below, entry by entry, scalars spread."""
        if shape is None:
            shape = max((a.shape for a in (*above, *below)), key=len, default=())
        if len(above) == 1 and not below and number != 1:
            found = structure.multiplied(self, number, above[0])
            if found is not None:
                return found
        better = stable.product(self, number, above, below, shape) or unit_vectors.product(self, number, above, below, shape)
        return better or super().mul(number, above, below, shape)

    def entrywise(self, head: str, a: Node) -> Node:
        """exp, log, ...; what would overflow or cancel is written another way."""
        inner = a.args[0] if a.op == "fn" else None
        if head == "log":
            better = stable.log(self, a)
            if better is not None:
                return better
            if inner is not None and a.data == "expm1":     # u + log(1 - exp(-u))
                return self.make("+", (inner, self.fn("log", self.negative(self.fn("expm1", self.negative(inner))))), None, a.shape)
            if inner is not None and a.data == "sigmoid":
                return self.mul(-1, [self.fn("softplus", self.negative(inner))])
            if inner is not None and a.data == "sum" and inner.op == "fn" and inner.data == "exp" and len(inner.shape) == 1:
                return self.fn("logsumexp", inner.args[0], shape=())
            together = exponentials.logarithm(self, a)
            if together is not None:
                return together
            rest = self.without(a, 1)
            if rest is not None and not rest.fixed and rest.shape == a.shape:
                return self.fn("log1p", rest)
        elif head == "log1p" and inner is not None and a.data == "exp":
            return self.fn("softplus", inner)
        return self.fn(head, a)

    def sum(self, e: Apply) -> Node:
        """Terms; ones spread by themselves where another term has the whole shape."""
        found = blocks(e)
        terms = list(map(self.low, e.args)) if found is None else [self.stacked(found[0], e), *map(self.low, found[1])]
        if len(terms) == 1:
            return terms[0]
        if e.shape != SCALAR:
            terms = self.spread(terms)
        plain = self.make("+", tuple(terms), None, flat_shape(e))
        rest = self.without(plain, -1)
        if rest is not None and rest.op == "fn" and rest.data == "exp":
            return self.fn("expm1", rest.args[0])
        less = self.without(plain, 1)
        if less is not None and less.op == "fn" and less.data == "erf":
            return self.fn("erfc", self.negative(less.args[0]))
        for one, other in (plain.args, plain.args[::-1]) if len(plain.args) == 2 else ():
            number, b = exponentials.factor(self, other)
            if b.op == "fn" and b.data == "sigmoid" and one.op == "num" and one.data == -number:        # c - c*sigmoid(u)
                return self.mul(one.data, [self.fn("sigmoid", self.negative(b.args[0]))])
            if b.op == "fn" and b.data == "softplus" and number == 1 and one is self.negative(b.args[0]):
                return self.fn("softplus", one)
        return sum_by_others(self, plain)

    def stacked(self, found: Blocks, e: Expr) -> Node:
        """Blocks side by side and one below another; of a vector one after another."""
        flat = len(flat_shape(e)) < 2
        cells = tuple(self.cell(block, (height, width), flat) for row, height in zip(found.rows, found.heights, strict=True)
                      for block, width in zip(row, found.widths, strict=True))
        return self.make("stack", cells, (len(found.heights), len(found.widths)), flat_shape(e))

    def cell(self, block: Expr, shape: tuple[Dim, Dim], flat: bool) -> Node:
        """A block with one axis, or with two."""
        whole = (shape[0] * shape[1],) if flat else shape
        if block is ZERO or block is UNIT:
            return self.make("fill", (), "zeros" if block is ZERO else "ones", whole)
        a = self.low(block)
        if len(a.shape) == len(whole):
            return a
        return self.make(("col" if shape[1] is ONE else "as_row") if a.shape else "alone", (a,), None, whole)

    def inverse(self, e: Apply) -> Node:
        a = self.low(e.args[0])
        if a.op == "diag":
            return self.diag(self.mul(1, [], [a.args[0]]))
        return self.make("fn", (a,), "inv", a.shape)

    def det(self, e: Apply) -> Node:
        """The determinant; of a diagonal matrix a product."""
        a = self.low(e.args[0])
        return self.fn("prod", a.args[0], shape=()) if a.op == "diag" else self.fn("det", a, shape=())

    def logdet(self, e: Apply) -> Node:
        a = self.low(e.args[0])
        return low_rank.logdet(self, a) or self.fn("logdet", a, shape=())

    def over_norm(self, e: Apply) -> Node:
        """1/norm2(x)^k, and 0 where x is 0."""
        assert type(e.args[1]) is Number
        return self.make("fn", (self.low(e.args[0]), self.num(-e.args[1].value)), "over", ())

    def fill(self, e: Apply) -> Node:
        return self.make("fill", (), e.head, flat_shape(e))

    def sums(self, e: Apply) -> Node:
        """sum, rowsum and colsum; those of a product of matrices go through it."""
        inner, axis = e.args[0], LINES.get(e.head)
        rows, cols = inner.shape
        parts = self.apart(inner)
        if len(parts) > 1 and ONE not in inner.shape:
            chain = [(self.low(a), a.shape) for a in parts]
            left, right = self.make("fill", (), "ones", (rows,)), self.make("fill", (), "ones", (cols,))
            chain = ([] if axis == 1 else [(left, (ONE, rows))]) + chain + ([] if axis == 0 else [(right, (cols, ONE))])
            return chains.chain(self, chain)
        a = self.low(inner)
        return self.total(a) if axis is None or len(a.shape) < 2 else self.along(a, axis)

    def soft_rows(self, e: Apply) -> Node:
        """softmax and logsumexp of rows."""
        return self.make("fn", (self.low(e.args[0]),), SPELLING[e.head], flat_shape(e))

    def kron(self, e: Apply) -> Node:
        parts = []
        for part in e.args:
            a = self.low(part)
            if len(a.shape) == 1 and len(flat_shape(e)) == 2:
                column = part.shape[1] is ONE
                a = self.make("col" if column else "as_row", (a,), None, part.shape)
            parts.append(a)
        return self.make("fn", tuple(parts), "kron", flat_shape(e))

    def vec(self, e: Apply) -> Node:
        a = self.turn(self.low(e.args[0]))
        return self.make("ravel", (a,), None, flat_shape(e)) if len(a.shape) == 2 else a

    def unvec(self, e: Apply) -> Node:
        m, n = e.shape
        return self.turn(self.make("grid", (self.low(e.args[0]),), (n, m), (n, m)))

    def call(self, e: Apply) -> Node:
        """An abstract function: f(x), f.d(x), f.d2(x)."""
        f, signature, depth, head = called(e.args[0])
        method = {"grad": ".d", "jac": ".d", "hess": ".d2"}.get(head) or (f".d{depth if depth > 1 else ''}" if depth else "")
        kind = "plain" if signature == (None, None) or len(flat_shape(e)) == 2 else "flat" if flat_shape(e) else "scalar"
        return self.make("call", (self.low(e.args[1]),), (self.spelled(f.name) + method, kind), flat_shape(e))


METHODS: dict[str, Callable[[Graph, Apply], Node]] = {
    "+": Graph.sum, "*": Graph.product, ".*": Graph.hadamard, "^": Graph.power, ".^": Graph.power, "inv": Graph.inverse,
    "det": Graph.det, "logdet": Graph.logdet, SAFE: Graph.over_norm,
    "'": lambda g, e: g.turn(g.low(e.args[0])),
    "diag": lambda g, e: g.diag(g.low(e.args[0])),
    "pi": lambda g, e: g.make("pi"),
    "eye": lambda g, e: g.make("eye", (), None, flat_shape(e)),
    "ones": Graph.fill, "zeros": Graph.fill, "rowsum": Graph.sums, "colsum": Graph.sums, "sum": Graph.sums,
    "select": lambda g, e: g.make("select", (), (as_dim(e.args[0]), e.shape[1], e.shape[0]), flat_shape(e)),
    "comm": lambda g, e: g.make("comm", (), (as_dim(e.args[0]), as_dim(e.args[1])), flat_shape(e)),
    "softmax_rows": Graph.soft_rows, "logsumexp_rows": Graph.soft_rows, "kron": Graph.kron, "vec": Graph.vec,
    "unvec": Graph.unvec, "apply": Graph.call, "tr": Graph.traced, "diagonal": Graph.traced,
}
