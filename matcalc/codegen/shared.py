"""Sums that contain other sums: what is already computed is not added up again."""

from __future__ import annotations

from collections import Counter

from .nodes import Node, Nodes

MOST = 20       # sums with the same term that are looked at


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
