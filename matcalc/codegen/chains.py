"""Chains of matrix products: the cheap order, and what needs no matrix product (scaled rows, sums along an axis, traces)."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from ..language.expr import ONE, Dim
from ..language.shape import Shape
from .brackets import label
from . import low_rank, structure
from .nodes import Node, Nodes
from .orders import by_terms, scaled, splits
from .stable import diagonal, divides, nonnegative, vanishing

Factor = tuple[Node, Dim, Dim]
Part = tuple[Node, Shape]
TYPICAL = 50  # what a size counts when nobody has said how large it is


def weight(d: Dim) -> int:
    """How large a size is taken to be, for the order of products."""
    return d.number if d.number is not None else d.value(dict.fromkeys(d.names, TYPICAL))


def factors(g: Nodes, parts: Sequence[Part]) -> list[Factor]:
    """The factors with their rows and columns; a matrix of ones is a column times a row."""
    out: list[Factor] = []
    for a, (rows, cols) in parts:
        if g.ones(a) and len(a.shape) == 2:
            out.append((g.make("fill", (), "ones", (rows,)), rows, ONE))
            out.append((g.make("fill", (), "ones", (cols,)), ONE, cols))
        else:
            out.append((a, rows, cols))
    return out


def scales(a: Node) -> bool:
    """Whether this only scales rows or columns."""
    return a.op == "diag"


def chain(g: Nodes, parts: Sequence[Part]) -> Node:
    """A product of matrices, cheapest first."""
    return product(g, factors(g, parts)) if len(parts) > 1 else parts[0][0]


def product(g: Nodes, fs: list[Factor]) -> Node:
    """The node of a chain; one that is mostly transposes is turned as a whole."""
    for i in range(len(fs) - 1):
        found = structure.marks(g, fs[i][0], fs[i + 1][0])
        if found is not None:
            fs = [*fs[:i], (found, fs[i][1], fs[i + 1][2]), *fs[i + 2:]]
            break
    here = tuple(f[0] for f in fs)
    if len(fs) > 2 and all(len(a.shape) == 2 for a in here):
        if here in g.products:
            return g.products[here]
        back = tuple(g.turn(a) for a in reversed(here))
        found = g.turn(g.products[back]) if back in g.products else once(g, fs)
        g.products[here] = found
        return found
    return once(g, fs)


def once(g: Nodes, fs: list[Factor]) -> Node:
    """A chain that is not there yet."""
    if len(fs) == 3 and all(d is not ONE for f in fs for d in f[1:]):
        (a, _, _), (d, _, _), (b, _, _) = fs
        if scales(d) and g.turn(a) is b and nonnegative(d.args[0]):     # a product with its own transpose is half the work
            root = g.diag(g.fn("sqrt", d.args[0]))
            half = matmat(g, a, root) if b.op == "T" else matmat(g, root, b)
            transposed = g.make("T", (half,), None, half.shape[::-1])
            return g.make("@", (half, transposed) if b.op == "T" else (transposed, half), None, (fs[0][1], fs[2][2]))
    if len(fs) > 1 and fs[0][1] is not ONE and fs[-1][2] is not ONE and all(f[1] is not ONE for f in fs):
        transposed = sum(1 if f[0].op == "T" else -1 for f in fs if g.turn(f[0]) is not f[0])
        if transposed > 1:
            return g.turn(ordered(g, [(g.turn(a), q, p) for a, p, q in reversed(fs)]))
    return ordered(g, fs)


def ordered(g: Nodes, fs: list[Factor]) -> Node:
    """The chain by the best split of every piece."""
    n = len(fs)
    split = low_rank.through(g, [f[0] for f in fs])
    if split is not None:
        return split
    if n < 3:
        return pair(g, *fs)[0] if n == 2 else fs[0][0]
    light = {i for i in range(n) if scales(fs[i][0])}
    if light and fs[0][1] is not ONE is not fs[-1][2]:
        return absorbed(g, fs, min(light))
    known = {i for i, ((a, p, q), (b, _, r)) in enumerate(pairwise(fs))
             if (p is q or q is r) and not g.known.keys().isdisjoint([("@", (a, b), None), ("@", (upright(b), upright(a)), None)])
             or (label(a), label(b)) in g.brackets}
    split, _ = splits([weight(fs[0][1])] + [weight(f[2]) for f in fs], known, light)

    def build(i: int, j: int) -> Factor:
        return fs[i] if i == j else pair(g, build(i, split[i][j]), build(split[i][j] + 1, j))

    return build(0, n - 1)[0]


def upright(a: Node) -> Node | None:
    """The transpose of a matrix, if it is there without being written."""
    return a if a.symmetric else a.args[0] if a.op == "T" and a.name is None else None


def absorbed(g: Nodes, fs: list[Factor], i: int) -> Node:
    """The chain, its factor i, which scales, taken into one beside it; a square one is large, and is left as it is if it can be."""
    beside = [k for k in (i - 1, i + 1) if 0 <= k < len(fs)]
    k = next((k for k in beside if fs[k][1] is not fs[k][2]), -1)
    if k < 0 and len(beside) == 1 and fs[0][1] is not fs[-1][2]:
        return matmat(g, fs[0][0], ordered(g, fs[1:])) if i == 0 else matmat(g, ordered(g, fs[:-1]), fs[-1][0])
    first, last = sorted((i, k if k >= 0 else beside[0]))
    return ordered(g, [*fs[:first], pair(g, fs[first], fs[last]), *fs[last + 1:]])


def pair(g: Nodes, left: Factor, right: Factor) -> Factor:
    """Two factors multiplied."""
    a, p, q = left
    b, _, r = right
    if q is ONE:
        if p is ONE or r is ONE:
            return g.mul(1, [b, a] if p is not ONE else [a, b]), p, r
        if a is b and a.op == "*" and a.name is None and a.data == (-1, 1):
            a = b = a.args[0]
        return g.make("outer", (a, b), None, (p, r)), p, r
    if p is ONE and r is ONE:
        return dot(g, a, b), p, r
    if p is ONE:
        return matvec(g, g.turn(b), a), p, r
    if r is ONE:
        return matvec(g, a, b), p, r
    return matmat(g, a, b), p, r


def dot(g: Nodes, a: Node, b: Node) -> Node:
    """The inner product of two vectors."""
    if g.ones(a):
        return g.make("size", (), b.shape[0]) if g.ones(b) else g.total(b)
    if g.ones(b):
        return g.total(a)
    for p, q in ((a, b), (b, a)):
        if q.name is None and (divides(q) or q.op == "+" and vanishing(g, q, [p])):
            entries = g.mul(1, [p, q])
            if entries.op != "*" or p not in entries.args:
                return g.total(entries)
    return g.make("@", (a, b))


def matvec(g: Nodes, a: Node, v: Node) -> Node:
    """A matrix times a column."""
    if scales(a):
        return g.mul(1, [a.args[0], v])
    if a.op == "eye":
        return v
    if g.ones(v):
        return g.along(a, 1)
    found = structure.on_vector(g, a, v) or low_rank.solved(g, a, v)
    if found is not None:
        return found
    if heavy(a) or scaled(a) is not None:
        return through(g, a, v)
    base = a.args[0] if a.op == "T" and a.name is None else a
    if inverted(base):
        inverse = g.fn("inv", base.args[0])
        for _ in range(inverted(base)):
            v = matvec(g, inverse if base is a else g.turn(inverse), v)
        return v
    if base.op == "+" and base.name is None and all(t.shape == base.shape for t in base.args):
        return g.make("+", tuple(through(g, t if base is a else g.turn(t), v) for t in base.args), None, (a.shape[0],))
    return g.make("@", (a, v), None, (a.shape[0],))


def inverted(a: Node) -> int:
    """How many systems a negative power is, where it is one."""
    return -a.data if a.op == "matrix_power" and a.name is None and isinstance(a.data, int) and -structure.MOST <= a.data < 0 else 0


def heavy(a: Node) -> bool:
    """Whether this is a product, turned or scaled perhaps, that a vector had better go through factor by factor."""
    while a.name is None:
        if a.op in ("@", "outer"):
            return True
        inner = a.args[0] if a.op == "T" else scaled(a)
        if inner is None:
            return False
        a = inner
    return False


def through(g: Nodes, a: Node, v: Node) -> Node:
    """A matrix times a column, factor by factor."""
    if scaled(a) is not None:
        number, k = a.data
        return g.mul(number, [matvec(g, b, v) if b.shape else b for b in a.args[:k]], a.args[k:], (a.shape[0],))
    if not heavy(a) and not (a.op == "T" and a.name is None and scaled(a.args[0]) is not None):
        return matvec(g, a, v)
    if a.op == "outer":
        return g.mul(1, [dot(g, a.args[1], v), a.args[0]])
    if a.op == "@":
        return matvec(g, a.args[0], matvec(g, a.args[1], v))
    if a.op == "T" and scaled(a.args[0]) is not None:
        number, k = a.args[0].data
        parts = [matvec(g, g.turn(b), v) if b.shape else b for b in a.args[0].args]
        return g.mul(number, parts[:k], parts[k:], (a.shape[0],))
    left, right = a.args[0].args
    return matvec(g, g.turn(right), matvec(g, g.turn(left), v))


def matmat(g: Nodes, a: Node, b: Node) -> Node:
    """Two matrices; a diagonal one scales rows or columns."""
    if a.op == "eye":
        return b
    if b.op == "eye":
        return a
    if scales(a):
        if scales(b):
            return g.diag(g.mul(1, [a.args[0], b.args[0]]))
        d = a.args[0]
        return g.mul(1, [g.make("col", (d,), None, (d.shape[0], ONE)), b], shape=b.shape)
    if scales(b):
        d = b.args[0]
        return g.mul(1, [a, g.make("row", (d,), None, (ONE, d.shape[0]))], shape=a.shape)
    if a.op == "outer" and a.name is None:
        return g.make("outer", (a.args[0], matvec(g, g.turn(b), a.args[1])), None, (a.shape[0], b.shape[1]))
    if b.op == "outer" and b.name is None:
        return g.make("outer", (matvec(g, a, b.args[0]), b.args[1]), None, (a.shape[0], b.shape[1]))
    found = structure.on_matrix(g, a, b) or low_rank.solved(g, a, b)
    if found is not None:
        return found
    transposed = low_rank.solved(g, b, g.turn(a))
    if transposed is not None:
        return g.turn(transposed)
    for one, other in ((a, b), (b, a)):
        inner = one.args[0] if one.op == "T" and one.name is None else one
        base = scaled(inner)
        if base is not None and (inner.data == (-1, 1) or base.op == "outer"):
            bare, (number, k) = base if inner is one else g.turn(base), inner.data
            made = matmat(g, bare, other) if one is a else matmat(g, other, bare)
            outer, shape = made.op == "outer" and made.name is None, (a.shape[0], b.shape[1])
            part = made.args[0] if outer else made
            scaling = g.mul(number, [part if x is base else x for x in inner.args[:k]], inner.args[k:], part.shape)
            return g.make("outer", (scaling, made.args[1]), None, shape) if outer else scaling
    both = [low_rank.two(g, t) for t in a.args if t.shape == a.shape] if a.op == "+" and a.name is None else []
    pairs = [p for p in both if p is not None]
    if len(pairs) == len(a.args) and any(("@", (right, b), None) in g.known for _, right in pairs):     # part of it is there already
        return g.make("+", tuple(matmat(g, left, matmat(g, right, b)) for left, right in pairs), None, (a.shape[0], b.shape[1]))
    found = by_terms(g, a, b, matmat)
    if found is None and not (a.op == "T" and a.args[0] is b) and not (b.op == "T" and b.args[0] is a):
        known = g.known.get(("@", (g.turn(b), g.turn(a)), None))
        found = None if known is None else g.turn(known)
    return found or g.make("@", (a, b), None, (a.shape[0], b.shape[1]))


def traced(g: Nodes, parts: Sequence[Part], whole: bool) -> Node:
    """The diagonal of a product, or its sum (the trace), without the product."""
    fs = factors(g, parts)
    for i, f in enumerate(fs):
        if f[1] is ONE:
            return product(g, fs[i:] + fs[:i]) if whole else g.mul(1, [product(g, fs[:i]), product(g, fs[i:])])
    if len(fs) < 2:
        a = fs[0][0]
        if scales(a):
            return g.total(a.args[0]) if whole else a.args[0]
        base = scaled(a) or a
        if base.op == "outer" and base.name is None:
            made = dot(g, *base.args) if whole else g.mul(1, base.args)
            if base is a:
                return made
            number, k = a.data
            return g.mul(number, [made if x is base else x for x in a.args[:k]], a.args[k:])
        return g.make("fn", (a,), "tr", ()) if whole else diagonal(g, a)
    size = [weight(fs[0][1])] + [weight(f[2]) for f in fs]
    k = min(range(1, len(fs)), key=lambda k: splits(size[:k + 1])[1] + splits(size[k:])[1] + size[0] * size[k])
    left, right = product(g, fs[:k]), product(g, fs[k:])
    for a, b in ((left, right), (right, left)):
        if scales(a):
            d = diagonal(g, b)
            return dot(g, a.args[0], d) if whole else g.mul(1, [a.args[0], d])
    if whole and left.op == "T" and left.name is None:
        both = [left.args[0], right]
    else:
        both = [left, g.turn(right)]
    entries = g.mul(1, both)
    return g.total(entries) if whole else g.along(entries, 1)
