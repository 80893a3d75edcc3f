"""Sums of exponentials, each divided by its largest term before a function is applied to it.

exp(a)/(exp(u) + c*exp(v)) is nan far out, where its parts overflow; exp(-logaddexp(u - a, v - a + log(c))) is not.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from .nodes import Node, Nodes

Term = tuple[Fraction, Node | None]       # c*exp(u); nothing for a constant
ONE = Fraction(1)


def exponent(g: Nodes, a: Node) -> Node | None:
    """u where a is exp(u) or a whole power of it."""
    if a.name is not None:
        return None
    if a.op == "fn" and a.data == "exp":
        u = a.args[0]
        return None if u.op == "*" and any(b.op == "fn" and b.data == "logaddexp" for b in u.args) else u     # a share is small already
    if a.op == "**" and a.args[1].op == "num":
        inner = exponent(g, a.args[0])
        return None if inner is None else g.mul(a.args[1].data, [inner])
    return None


def exponentials(g: Nodes, a: Node, signed: bool = False) -> list[Term]:
    """The terms of a sum of exponentials with positive numbers, or with any; nothing where it is none."""
    if a.op != "+" or a.name is not None:
        return []
    out: list[Term] = []
    for t in a.args:
        number, inner = (t.data[0], t.args[0]) if t.op == "*" and t.name is None and t.data[1] == len(t.args) == 1 else (ONE, t)
        u = exponent(g, inner)
        if u is None and inner.op == "num" and (signed or number*inner.data > 0):
            out.append((number*inner.data, None))
        elif u is None or (number <= 0 and not signed):
            return []
        else:
            out.append((number, u))
    return out if any(u is not None for _, u in out) else []


def less(g: Nodes, u: Node | None, a: Node | None) -> Node | None:
    """u - a; nothing where that is 0."""
    if u is a:
        return None
    if a is None:
        return u
    if u is None:
        return g.negative(a)
    (c, x), (d, y) = factor(g, u), factor(g, a)
    if x is y:
        return g.mul(c - d, [x]) if c != d else None
    return g.make("+", (u, g.negative(a)), None, u.shape or a.shape)


def factor(g: Nodes, u: Node) -> tuple[Fraction, Node]:
    """A number and what it multiplies."""
    if u.op == "*" and u.name is None and u.data[1]:
        number, k = u.data
        return number, g.mul(1, u.args[:k], u.args[k:], u.shape)
    return ONE, u


def summed(g: Nodes, terms: Sequence[Term], a: Node | None = None) -> Node:
    """log of the sum, less a."""
    parts = []
    for number, u in terms:
        d = less(g, u, a)
        more = [] if number == 1 else [g.fn("log", g.num(number))]
        parts.append(g.num(0) if d is None and not more else d if d is not None and not more
                     else more[0] if d is None else g.make("+", (d, *more), None, d.shape))
    out = parts[0]
    for part in parts[1:]:
        out = g.make("fn", (out, part), "logaddexp", out.shape or part.shape)
    return out


def share(g: Nodes, terms: Sequence[Term], a: Node | None) -> Node:
    """exp(a) divided by the sum."""
    if len(terms) == 2 and all(number == 1 for number, _ in terms):
        one, other = (less(g, u, a) for _, u in terms)
        if one is None or other is None:
            rest = one or other
            if rest is not None:
                return g.fn("sigmoid", g.negative(rest))
    return g.fn("exp", g.negative(summed(g, terms, a)))


def shares(g: Nodes, up: list[Node], down: list[Node]) -> bool:
    """Take an exponential above and one power of a sum below together; whether there were such."""
    for i, b in enumerate(down):
        base, k = (b.args[0], b.args[1].data) if b.op == "**" and b.name is None and b.args[1].op == "num" else (b, ONE)
        terms = exponentials(g, base) if k.denominator == 1 and k > 0 else []
        if not terms:
            continue
        for j, e in enumerate(up):
            u = exponent(g, e)
            found = [share(g, terms, u)] if u is not None else [
                g.mul(number, [share(g, terms, v)]) for number, v in exponentials(g, e, True)]
            if found:
                up[j] = found[0] if len(found) == 1 else g.make("+", tuple(found), None, e.shape or b.shape)
                down[i:i + 1] = [] if k == 1 else [base if k == 2 else g.make("**", (base, g.num(k - 1)), None, base.shape)]
                return True
    return False


def logarithm(g: Nodes, a: Node) -> Node | None:
    """The logarithm of a sum of exponentials."""
    terms = exponentials(g, a)
    return summed(g, terms) if len(terms) > 1 else None

