"""Whether the best order of a chain of products depends on sizes that are known only when the code runs.

A sum with a term that needs no matrix product, an identity or scaled rows, is multiplied term by term.
"""

from __future__ import annotations

from collections.abc import Container, Sequence, Callable
from itertools import product

from ..language.expr import Dim
from .nodes import Node, Nodes

CHEAP = ("eye", "diag", "outer")


def scaled(a: Node) -> Node | None:
    """The matrix of which this is a multiple."""
    if a.op != "*" or a.name is not None:
        return None
    arrays = [i for i, b in enumerate(a.args) if b.shape]
    return a.args[arrays[0]] if len(arrays) == 1 and arrays[0] < a.data[1] else None


def cheap(t: Node) -> bool:
    """Whether this is not a matrix to multiply with, or a sum of such."""
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


EXTREMES = (4, 400)     # a small and a large size
MOST = 7                # sizes by name that are tried in every combination
WORTH = 1.5             # what another order must save, at some sizes


def splits(size: Sequence[int], known: Container[int] = (), light: Container[int] = ()) -> tuple[list[list[int]], int]:
    """Where each piece of a chain is split at the least cost, an outer product last, and the multiplications of it all; the pair at a
    `known` place costs nothing, a `light` factor only scales.

    >>> splits([2, 9, 9, 1])[0][0][2], splits([4, 400, 4, 400])[1]
    (0, 12800)
    """
    n = len(size) - 1
    cost, split = ([[0] * n for _ in range(n)] for _ in range(2))
    for length in range(2, n + 1):
        for i in range(n - length + 1):
            j = i + length - 1
            best = -1
            for k in (range(i, j) if size[i] == 1 or size[j + 1] == 1 else range(j - 1, i - 1, -1)):
                thin = (k == i and i in light) or (k + 1 == j and j in light)
                own = 0 if length == 2 and i in known else size[i] * size[j + 1] * (1 if thin else size[k + 1])
                c = cost[i][k] + cost[k + 1][j] + own
                if best < 0 or c < best:
                    best, split[i][j] = c, k
            cost[i][j] = best
    return split, cost[0][-1]


def cost_of(node: Node, leaves: Sequence[Node], sizes: dict[str, int]) -> int:
    """The multiplications of a chain as it stands, down to its factors."""
    if any(node is leaf for leaf in leaves):
        return 0
    a, b = node.args
    return cost_of(a, leaves, sizes) + cost_of(b, leaves, sizes) + \
        a.shape[0].value(sizes) * a.shape[1].value(sizes) * b.shape[1].value(sizes)


def depends_on_sizes(node: Node, factors: Sequence[Node]) -> bool:
    """Whether at some sizes another order of these factors takes much less work than the one in which they stand."""
    dims: list[Dim] = [factors[0].shape[0], *(f.shape[1] for f in factors)]
    names = sorted({n for d in dims for n in d.names})
    if not 2 <= len(names) <= MOST:
        return False
    for values in product(EXTREMES, repeat=len(names)):
        sizes = dict(zip(names, values, strict=True))
        if cost_of(node, factors, sizes) > WORTH * splits([d.value(sizes) for d in dims])[1]:
            return True
    return False
