"""Vectors over the powers of their norms as unit vectors: norm2(x)^3 overflows where x*x'/norm2(x)^3 does not."""

from __future__ import annotations

from collections.abc import Sequence

from .nodes import Node, Nodes, Rational, Shape

NORMS = ("norm2", "normF")


def product(g: Nodes, number: Rational, above: Sequence[Node], below: Sequence[Node], shape: Shape) -> Node | None:
    """number*above/below with x/norm2(x) in place of x, as often as the norm stands below; nothing where one stands there once.
    A sum over a norm is divided where its terms have factors that are no arrays: one pass less."""
    if number == 1 and len(above) == 1 and shape and below and all(b.op == "fn" and b.data in NORMS for b in below) and split(above[0]):
        return g.make("+", tuple(g.mul(t.data[0], t.args[:t.data[1]], (*t.args[t.data[1]:], *below), shape) for t in above[0].args),
                      None, shape)
    norms = [(i, *found) for i, b in enumerate(below) if (found := power_of_norm(b)) is not None]
    least = int(len(norms) == 1)        # one norm stays below
    for i, norm, k in norms if least < sum(k for *_, k in norms) else ():
        x, left = norm.args[0], k
        unit = g.mul(1, [x], [norm], x.shape)
        changed = list(above)
        for j in range(len(changed)):
            while left > least and (new := exchanged(g, changed[j], x, unit)) is not None:
                changed[j], left = new, left - 1
        if left < k:
            rest = [] if not left else [norm if left == 1 else g.make("**", (norm, g.num(left)), None, norm.shape)]
            return g.mul(number, changed, [*below[:i], *rest, *below[i + 1:]], shape)
    return None


def power_of_norm(b: Node) -> tuple[Node, int] | None:
    """The norm that a factor is a power of, and the exponent, where that is a small whole number."""
    norm, k = (b.args[0], b.args[1].data) if b.op == "**" and b.args[1].op == "num" else (b, 1)
    return (norm, int(k)) if norm.op == "fn" and norm.data in NORMS and k in range(1, 7) else None


def split(a: Node) -> bool:
    """Whether this is a sum of arrays each of which has a factor that is none, or is divided by a norm only."""
    return a.op == "+" and a.name is None and all(
        t.op == "*" and t.name is None and t.shape == a.shape and any(not b.shape for b in t.args)
        and all(b.op == "fn" and b.data in NORMS for b in t.args[t.data[1]:]) for t in a.args)


def exchanged(g: Nodes, a: Node, x: Node, unit: Node) -> Node | None:
    """A factor with the unit vector in the place of one x; nothing where there is none."""
    if a is x:
        return unit
    if a is unit or a.name is not None:
        return None
    if a.op in ("outer", "col", "row") or a.op == "@" and not a.shape and len(a.args[0].shape) == 1:
        for i, b in enumerate(a.args):
            if b is x:
                return g.make(a.op, (*a.args[:i], unit, *a.args[i + 1:]), a.data, a.shape)
    if a.op == "*":
        number, k = a.data
        for i, b in enumerate(a.args[:k]):
            if (new := exchanged(g, b, x, unit)) is not None:
                return g.mul(number, [*a.args[:i], new, *a.args[i + 1:k]], a.args[k:], a.shape)
    return None
