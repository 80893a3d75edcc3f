"""Averages with exponentials as weights, y'*exp(z)/sum(exp(z)), where the exponentials themselves overflow."""

from __future__ import annotations

from .nodes import Node, Nodes

Factors = list[Node]


def summed_up(b: Node) -> bool:
    """Whether this is the sum of the exponentials of a vector."""
    e = b.args[0] if b.op == "fn" and b.data == "sum" and b.name is None else None
    return e is not None and e.op == "fn" and e.data == "exp" and len(e.shape) == 1


def exchanged(g: Nodes, a: Node, e: Node, new: Node) -> Node | None:
    """A sum of products with another vector for one that is a factor of every term; None where it is none."""
    if a is e:
        return new
    if a.name is not None or not (a.op in ("@", "*", "col", "row", "along") or a.op == "fn" and a.data == "sum"):
        return None
    for i, part in enumerate(a.args[:a.data[1]] if a.op == "*" else a.args):
        if (found := exchanged(g, part, e, new)) is not None:
            return g.make(a.op, (*a.args[:i], found, *a.args[i + 1:]), a.data, a.shape)
    return None


def tilt(g: Nodes, up: Factors, down: Factors, i: int) -> bool:
    """P.*y/(y'*P) with P = softmax(z) or exp(z), or the same in every row: the softmax of z with weights y."""
    s = down[i].args[0] if down[i].op == "col" else down[i]
    for p, y in weighted(s):
        if p in up and y in up and (down[i].op == "col") == (len(p.shape) == 2):
            up.remove(p)
            up.remove(y)
            del down[i]
            up.append(g.fn("tilted", p.args[0], y))
            return True
    return False


def weighted(s: Node) -> list[tuple[Node, Node]]:
    """The ways to read s as the sum of P.*y, P a softmax or an exponential."""
    if s.op == "@" and not s.shape and s.name is None:
        pairs = [s.args, s.args[::-1]]
    elif ((s.op == "fn" and s.data == "sum" and len(s.args[0].shape) == 1) or (s.op == "along" and s.data == 1)) and s.name is None:
        both = s.args[0]
        pairs = [both.args, both.args[::-1]] if both.op == "*" and both.data == (1, 2) and len(both.args) == 2 else []
    else:
        pairs = []
    return [(p, y) for p, y in pairs if p.op == "fn" and p.data in ("softmax", "exp") and y.shape == p.shape]
