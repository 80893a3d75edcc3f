"""Products with Kronecker-type matrices that are never formed: their effect is to move, repeat or scale entries."""

from __future__ import annotations

from ..language.expr import ONE, Dim
from .nodes import Node, Nodes, Rational

MOST = 64       # the highest power that goes to a vector factor by factor


def kron(a: Node) -> tuple[Node, Node] | None:
    """The two factors of a Kronecker product that nobody named."""
    if a.op == "fn" and a.data == "kron" and a.name is None and len(a.args) == 2 and all(len(b.shape) == 2 for b in a.args):
        return a.args[0], a.args[1]
    return None


def on_vector(g: Nodes, a: Node, v: Node) -> Node | None:
    """A matrix times a column where the matrix need not be made."""
    if a.op == "comm" or (a.op == "T" and a.args[0].op == "comm"):
        return permuted(g, a, v, 0)
    base = a.args[0] if a.op == "T" and a.name is None else a
    if base.op == "matrix_power" and base.name is None and isinstance(base.data, int) and 2 < base.data <= MOST:
        return g.make("powered", (g.turn(base.args[0]) if base is not a else base.args[0], v), base.data, (a.shape[0],))
    parts = kron(a) or (kron(a.args[0]) if a.op == "T" and a.name is None else None)
    if parts is None:
        return None
    left, right = (g.turn(b) for b in parts) if a.op == "T" else parts
    rows, cols = left.shape[1], right.shape[1]
    inner = g.make("grid", (v,), (rows, cols), (rows, cols))
    middle = times(g, left, inner)
    whole = times(g, middle, g.turn(right))
    return g.make("ravel", (whole,), None, (a.shape[0],))


def times(g: Nodes, a: Node, b: Node) -> Node:
    """A product of two matrices, of which one may be an identity."""
    if a.op == "eye":
        return b
    if b.op == "eye":
        return a
    return g.make("@", (a, b), None, (a.shape[0], b.shape[1]))


def on_matrix(g: Nodes, a: Node, b: Node) -> Node | None:
    """A product of two matrices of which one moves rows or columns."""
    for axis, (p, m) in enumerate(((a, b), (b, a))):
        if p.op == "comm" or (p.op == "T" and p.args[0].op == "comm"):
            return permuted(g, p, m, axis)
        if p.op == "own_of" and p.args[0].op == "eye" and p.data[0] == axis:
            return own(g, m, p.shape[axis], axis)
    return None


def permuted(g: Nodes, p: Node, m: Node, axis: int) -> Node:
    """comm(m,n)*M takes rows in another order, M*comm(m,n) columns."""
    rows, cols = p.data if p.op == "comm" else p.args[0].data[::-1]
    if axis:
        rows, cols = cols, rows
    return g.make("permuted", (m,), (axis, rows, cols), m.shape)


def own(g: Nodes, m: Node, n: Dim, axis: int) -> Node:
    """Of rows numbered by pairs those whose numbers agree; of a Kronecker product they are products of rows, or of columns."""
    parts = kron(m)
    shape = (n, m.shape[1]) if axis == 0 else (m.shape[0], n)
    if parts is None:
        return g.make("own_of", (m,), (axis, n), shape)
    left, right = parts
    for p, q in ((left, right), (right, left)):
        if p.shape[1 - axis] is ONE and p.op in ("col", "as_row"):
            return g.mul(1, [q, g.make("col" if axis == 0 else "row", p.args, None, (n, ONE) if axis == 0 else (ONE, n))], shape=shape)
    if axis:
        return g.turn(g.make("pairwise", (g.turn(left), g.turn(right)), None, shape[::-1]))
    return g.make("pairwise", (left, right), None, shape)


def marks(g: Nodes, a: Node, b: Node) -> Node | None:
    """kron(ones(n)', eye(n))*diag(vec(eye(n))), which takes the rows (i,i); its transpose takes such columns."""
    for axis, (k, d) in enumerate(((a, b), (b, a))):
        parts = kron(k)
        if parts is None or d.op != "diag" or d.args[0].op != "ravel" or d.args[0].args[0].op != "eye":
            continue
        left, right = parts
        view = "col" if axis else "as_row"
        for p, q in ((left, right), (right, left)):
            if p.op == view and g.ones(p.args[0]) and q.op == "eye" and q.shape[0] is p.args[0].shape[0]:
                n = q.shape[0]
                return g.make("own_of", (g.make("eye", (), None, (n*n, n*n)),), (axis, n), (n*n, n) if axis else (n, n*n))
    return None


def multiplied(g: Nodes, number: Rational, a: Node) -> Node | None:
    """A multiple of a Kronecker product is the product of a multiple: a factor has fewer entries."""
    if a.op == "permuted" and a.name is None:
        inner = multiplied(g, number, a.args[0])
        return None if inner is None else g.make("permuted", (inner,), a.data, a.shape)
    parts = kron(a)
    if parts is None:
        return None
    left, right = parts
    if left.op == "eye":
        return g.fn("kron", left, g.mul(number, [right]), shape=a.shape)
    return g.fn("kron", g.mul(number, [left]), right, shape=a.shape)
