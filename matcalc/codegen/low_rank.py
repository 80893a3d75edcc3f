"""c*eye(n) + U*U' with few columns in U: systems and determinants by the smaller c*eye(k) + U'*U, chosen when the code runs.
W + A*B likewise: what it is multiplied by goes through A and B where that is less work.

Where k < n, c is an eigenvalue, so the small system is not worse conditioned than the large one.
"""

from __future__ import annotations

from collections.abc import Sequence

from ..language.expr import ONE
from .nodes import Node, Nodes
from .orders import scaled


def parts(g: Nodes, a: Node) -> tuple[Node, Node, Node] | None:
    """c, U and V where a is c*eye(n) + U*V, and V is a multiple of U'."""
    if a.op != "+" or len(a.args) != 2 or a.mark in g.needed:
        return None
    for at, other in (a.args, a.args[::-1]):
        unit, low = scaled(at) or at, scaled(other) or other
        if unit.op != "eye" or low.op != "@" or low.name is not None:
            continue
        u, transposed = low.args
        rows, columns = u.shape if len(u.shape) == 2 else (ONE, ONE)
        if u.op == "T" or transposed.op != "T" or transposed.args[0] is not u or rows is columns:
            continue
        if rows.number is None or columns.number is None or columns.number < rows.number:
            return without(g, at, unit, None), u, without(g, other, low, transposed)
    return None


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


def through(g: Nodes, chain: Sequence[Node]) -> Node | None:
    """C*(W + A*B)*D, or two of the three, through A and B where C or D is thin, which sizes say when the code runs."""
    if not 1 < len(chain) < 4 or any(len(f.shape) != 2 for f in chain):
        return None
    for i, a in enumerate(chain[:2]):
        left, right = (chain[0] if i else None), (chain[-1] if i + 1 < len(chain) else None)
        if a.op != "+" or a.name is not None or a.mark in g.needed or len(chain) == 3 and not i:
            continue
        spread = [(ONE, a.shape[1])]*(left is None) + [(a.shape[0], ONE)]*(right is None)     # rows or columns that repeat
        if any(t.shape not in (a.shape, *spread) for t in a.args):
            continue
        thin = [d for d in ([left.shape[0]] if left else []) + ([right.shape[1]] if right else []) if d not in a.shape]
        found = next((t for t in a.args if product(g, t) is not None), None)
        if all(two(g, t) is not None for t in a.args):
            continue
        if found is None or not thin or None not in [d.number for d in (*a.shape, *thin)]:
            continue
        first, second = product(g, found) or (a, a)
        rest = tuple(t for t in a.args if t is not found)
        if found.op == "through":
            g.avoided.discard(found.data)
        g.avoided.add(a)
        kept = rest[0] if len(rest) == 1 else g.make("+", rest, None, a.shape)
        nothing = g.make("nothing")
        return g.make("through", (left or nothing, first, second, kept, right or nothing), a, (chain[0].shape[0], chain[-1].shape[1]))
    return None


def product(g: Nodes, t: Node) -> tuple[Node, Node] | None:
    """The factors of a term that is a product of two matrices, X'*X not among them, which is half the work as it stands."""
    if t.name is not None or len(t.shape) < 2:
        return None
    if t.op == "through":
        left, *_, right = t.args
        return (left, t.data) if right.op == "nothing" else (t.data, right) if left.op == "nothing" else None
    found = None if t.symmetric else two(g, t)
    return found if found and all(len(f.shape) == 2 for f in found) else None


def two(g: Nodes, t: Node) -> tuple[Node, Node] | None:
    """The factors of a product of two matrices without a name, turned perhaps."""
    inner = t.args[0] if t.op == "T" and t.name is None else t
    if inner.op != "@" or inner.name is not None:
        return None
    left, right = inner.args
    return (left, right) if inner is t else (g.turn(right), g.turn(left))
