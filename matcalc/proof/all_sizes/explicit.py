"""A difference of numeric size written out, entry by entry: what holds only for one size (Cayley-Hamilton, a 2 x 2 adjugate)."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import permutations, product
from math import prod

from ...language.shape import Dim
from .heads import Inconclusive
from .monomial import Factor, Head, Sum
from .normalform import Algebra, number
from .powers import power
from .substitution import SIMPLE, Dims, remade, slots
from .vanishing import spread, vanishes

ENTRIES, LARGEST = 150, 4
OF_ENTRIES = frozenset((*SIMPLE, "log abs", "power", "floor", "closed", "integer power", "function"))
OF_MATRICES = frozenset(("inverse", "adjugate", "det"))
Place = tuple[int, ...]


def vanishes_entry_by_entry(alg: Algebra, s: Sum, dims: Dims) -> bool:
    """Whether a sum over free indices of these sizes is zero at each place."""
    if prod(d.number or 0 for d in dims) > ENTRIES:
        raise Inconclusive("a size that is not a small number")
    written = Written(alg)
    return all(vanishes(alg, written.sum(_at(alg, s, at))) for at in _places(alg, dims))


def _places(alg: Algebra, dims: Dims) -> Iterator[Place]:
    """Every list of places."""
    return product(*([alg.place(Dim.of(k + 1)) for k in range(d.number or 0)] for d in dims))


def _at(alg: Algebra, s: Sum, at: Place) -> Sum:
    return alg.renamed(s, dict(zip(slots(len(at)), at, strict=True)))


class Written:
    """The values of sums whose indices are places: sums over places written out, inverses and determinants by cofactors."""

    def __init__(self, alg: Algebra) -> None:
        self.alg = alg
        self.known: dict[tuple[int, Place], Sum] = {}

    def sum(self, s: Sum) -> Sum:
        """A sum, by the entries in it."""
        out: Sum = {}
        for m, c in spread(self.alg, s, _runs).items():
            term = number(c)
            for h, args, e in m[0]:
                term = self.alg.product(term, power(self.alg, self.entry(self.alg.heads[h], args), e))
            out = self.alg.add(out, term)
        return out

    def entry(self, head: Head, at: Place) -> Sum:
        """An atom at a place."""
        if (head.id, at) not in self.known:
            if head.template is not None and head.kind in OF_MATRICES:
                self.of_matrix(head, head.template)
            elif head.template is not None and head.kind in OF_ENTRIES:
                t = self.sum(_at(self.alg, head.template, at))
                self.known[head.id, at] = remade(self.alg, head, t)
            else:
                self.known[head.id, at] = self.variable(head, at)
        return self.known[head.id, at]

    def variable(self, head: Head, at: Place) -> Sum:
        """An entry by itself: it is zero beside a triangle, and positive on the diagonal of a positive definite matrix."""
        words = head.extra if head.kind == "variable" and len(at) == 2 else ()
        row, column = (place.number or 0 for a in at if (place := self.alg.place_of(a)) is not None) if words else (0, 0)
        if "lower" in words and row < column or "upper" in words and row > column:
            return {}
        if "spd" not in words or row != column:
            return self.alg.atom(head, at)
        own = self.alg.head("variable", (head.id, "entry", at), ())
        own.nonnegative = True
        return self.alg.atom(own, ())

    def of_matrix(self, head: Head, template: Sum) -> None:
        """The entries of an inverse or an adjugate, or a determinant, by those of its template."""
        alg, dims = self.alg, head.extra if head.kind == "det" else head.dims[:len(head.dims) // 2]
        places = list(_places(alg, dims))
        cells = [[self.sum(_at(alg, template, i + j)) for j in places] for i in places]
        if head.kind == "det":
            self.known[head.id, ()] = self.det(cells)
            return
        below = power(alg, self.det(cells), -1) if head.kind == "inverse" else number(1)
        for i, row in enumerate(places):
            for j, column in enumerate(places):
                minor = [[s for c, s in enumerate(line) if c != i] for r, line in enumerate(cells) if r != j]
                self.known[head.id, row + column] = alg.scaled(alg.product(below, self.det(minor)), (-1) ** (i + j))

    def det(self, a: list[list[Sum]]) -> Sum:
        """The determinant, as the sum over all permutations."""
        n, out = len(a), Sum()
        if n > LARGEST:
            raise Inconclusive("a determinant too large to write out")
        for p in permutations(range(n)):
            term = number((-1) ** sum(p[i] > p[j] for i in range(n) for j in range(i + 1, n)))
            for i in range(n):
                term = self.alg.product(term, a[i][p[i]])
            out = self.alg.add(out, term)
        return out


def _runs(alg: Algebra, part: tuple[Factor, ...]) -> tuple[int, int] | None:
    """A bound index, and over how many places it runs."""
    return next(((a, alg.heads[h].dims[slot].number or 0) for h, args, _ in part for slot, a in enumerate(args) if a >= 0), None)
