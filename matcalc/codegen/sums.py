"""Products with a sum that has a term which needs no matrix product: an identity, scaled rows, an outer product."""

from __future__ import annotations

from collections.abc import Callable

from .nodes import Node, Nodes

CHEAP = ("eye", "diag", "outer")


def scaled(a: Node) -> Node | None:
    """The matrix of which this is a multiple."""
    if a.op != "*" or a.name is not None:
        return None
    arrays = [i for i, b in enumerate(a.args) if b.shape]
    return a.args[arrays[0]] if len(arrays) == 1 and arrays[0] < a.data[1] else None


def cheap(t: Node) -> bool:
    """Whether this is no matrix to multiply with, or a sum of such."""
    a = scaled(t) or t
    return a.op == "eye" or a.name is t.name is None and (a.op in CHEAP or a.op == "+" and all(map(cheap, a.args)))


def by_terms(g: Nodes, a: Node, b: Node, times: Callable[[Nodes, Node, Node], Node]) -> Node | None:
    """(M + c*eye(n))*B as M*B + c*B, (diag(x) - u*v')*B as diag(x)*B - u*(v'*B), and B*(..) likewise: no identity is made and added to a
    matrix, and no matrix of what is none."""
    for at, (s, other) in enumerate(((a, b), (b, a))):
        transposed = s.op == "T" and s.name is None
        terms = s.args[0] if transposed else s
        if terms.op != "+" or terms.name is not None or other in (s, terms) or g.turn(other) is s:
            continue
        apart = [t for t in terms.args if (scaled(t) or t).op == "eye"]
        if all(map(cheap, terms.args)):
            apart = list(terms.args)
        kept = [t for t in terms.args if t not in apart]
        if not apart or not all(t.shape == terms.shape for t in kept):
            continue
        rest = kept[0] if len(kept) == 1 else g.make("+", tuple(kept), None, terms.shape)
        out = []
        for t in ([rest] if kept else []) + apart:
            inner = scaled(t) or t
            factor = g.turn(inner) if transposed else inner
            product = times(g, factor, other) if at == 0 else times(g, other, factor)
            if inner is not t:
                number, k = t.data
                product = g.mul(number, [product if b.shape else b for b in t.args[:k]], t.args[k:], product.shape)
            out.append(product)
        return g.make("+", tuple(out), None, out[0].shape)
    return None
