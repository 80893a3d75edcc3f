"""c*eye(n) + U*U' with few columns in U: systems and determinants by the smaller c*eye(k) + U'*U, chosen when the code runs.
W + A*B likewise: what it is multiplied by goes through A and B.

Where k < n, c is an eigenvalue, so the small system is not worse conditioned than the large one.
"""

from __future__ import annotations

from ..language.expr import ONE
from .nodes import Node, Nodes


def parts(g: Nodes, a: Node) -> tuple[Node, Node, Node] | None:
    """c, U and V where a is c*eye(n) + U*V, and V is a multiple of U'."""
    if a.op != "+" or len(a.args) != 2 or not g.by_terms:
        return None
    for at, other in (a.args, a.args[::-1]):
        unit, low = inner(at), inner(other)
        if unit is None or unit.op != "eye" or low is None or low.op != "@" or low.name is not None:
            continue
        u, turned = low.args
        rows, columns = u.shape if len(u.shape) == 2 else (ONE, ONE)
        if u.op == "T" or turned.op != "T" or turned.args[0] is not u or rows is columns:
            continue
        if rows.number is None or columns.number is None or columns.number < rows.number:
            return without(g, at, unit, None), u, without(g, other, low, turned)
    return None


def inner(a: Node) -> Node | None:
    """The matrix of which this is a multiple, itself perhaps."""
    if a.op != "*" or a.name is not None:
        return a if len(a.shape) == 2 else None
    found = [b for b in a.args if b.shape]
    return found[0] if len(found) == 1 and found[0] in a.args[:a.data[1]] else None


def without(g: Nodes, a: Node, matrix: Node, instead: Node | None) -> Node:
    """A multiple with another matrix in it, or with none."""
    if a is matrix:
        return instead or g.num(1)
    number, k = a.data
    above = [b if b is not matrix else instead for b in a.args[:k]]
    return g.mul(number, [b for b in above if b is not None], a.args[k:])


def solved(g: Nodes, a: Node, b: Node) -> Node | None:
    """inv(c*eye(n) + U*V)*b."""
    found = parts(g, a.args[0]) if a.op == "fn" and a.data == "inv" and a.name is None else None
    if found is None:
        return None
    g.avoided.add(a.args[0])
    return g.make("ridge_solved", (*found, b), None, b.shape)


def logdet(g: Nodes, a: Node) -> Node | None:
    """logdet(c*eye(n) + U*V)."""
    found = parts(g, a)
    if found is None:
        return None
    g.avoided.add(a)
    return g.make("ridge_logdet", found)


def terms(g: Nodes, a: Node) -> tuple[Node, ...]:
    """The terms of W + A*B, where A*B goes by another size and need not be made."""
    if a.op != "+" or a.name is not None or not g.by_terms or any(t.shape != a.shape for t in a.args):
        return ()
    low = [t for t in a.args if t.op == "@" and t.name is None and t.args[0].op != "T" and len(t.args[0].shape) == len(t.args[1].shape) == 2
           and t.args[0].shape[1] not in a.shape and t.args[0].shape[1].number is None]
    if not low or len(low) == len(a.args):
        return ()
    g.avoided.add(a)
    return a.args


def two(g: Nodes, t: Node) -> tuple[Node, Node] | None:
    """The factors of a product of two matrices without a name, turned perhaps."""
    inner = t.args[0] if t.op == "T" and t.name is None else t
    if inner.op != "@" or inner.name is not None:
        return None
    left, right = inner.args
    return (left, right) if inner is t else (g.turn(right), g.turn(left))
