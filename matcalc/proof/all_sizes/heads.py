"""The heads of one question, each of them once; the connected components of their products; a budget of steps."""

from __future__ import annotations

from collections.abc import Container, Mapping
from fractions import Fraction
from typing import Any

from ...language.deadline import Deadline
from ...language.shape import ONE, Dim, at_most
from .monomial import NOTHING, Component, Factor, Head, PLACE, Permutation, Present, Rational, Sum, label, magnitude

Bound = dict[int, Dim]
Term = tuple[Rational, list[Factor], Bound]
STEPS = 40_000
SPECTRAL = ("eigenvalue", "eigenvector", "eigenvalues", "eigenvectors")       # the largest and its vector; all in ascending order


class Inconclusive(Exception):
    """The normal form cannot decide; the message says why."""


class Exhausted(Inconclusive):
    """Raised when the budget of steps is used up."""


class NeedsFinerIndices(Inconclusive):
    """A variable's index has to be split from the start: its name and the sizes of its row and column indices."""

    def __init__(self, name: str, rows: tuple[Dim, ...], cols: tuple[Dim, ...]) -> None:
        super().__init__("an index of a product of sizes")
        self.name, self.rows, self.cols = name, rows, cols


def plain(value: Rational) -> Rational:
    """An integral Fraction as an int, anything else unchanged."""
    if type(value) is Fraction and value.denominator == 1:
        return value.numerator
    return value


class Heads:
    """Interned heads, the indices that stand for places, canonical components, and a budget of steps; one for each question, so
    answers do not depend on history."""

    def __init__(self, ruled: Container[str], limit: int, deadline: Deadline) -> None:
        self.ruled, self.deadline = ruled, deadline
        self.heads: list[Head] = []
        self.known: dict[Any, Head] = {}
        self.memo: dict[object, Any] = {}
        self.labels: dict[object, tuple[Component, int]] = {}
        self.steps, self.limit = 0, limit
        self.eager = self.powers_kept = False
        self.held: frozenset[int] = frozenset()     # letters that assumptions may keep from having an inverse
        self.layouts: dict[str, tuple[tuple[Dim, ...], tuple[Dim, ...]]] = {}
        self.assumed: list[Any] = []
        self.places: list[Dim] = []
        self.head("delta", None, (ONE, ONE), permutations=((1, 0),), weight=0)

    def head(self, kind: str, name: Any, dims: tuple[Dim, ...], template: Sum = NOTHING, extra: Any = None,
             permutations: tuple[Permutation, ...] = (), skew: bool = False, weight: int = 1) -> Head:
        """The one head of this kind and name."""
        key = (kind, name)
        found = self.known.get(key)
        if found is None:
            found = self.known[key] = Head(len(self.heads), kind, dims, template, extra, permutations, skew, weight)
            found.ruled = kind in self.ruled and (kind != "variable" or bool(extra))     # without a structure there is no law
            self.heads.append(found)
        return found

    def place(self, dim: Dim) -> int:
        """The index that stands for a fixed place of its range."""
        if dim not in self.places:
            self.places.append(dim)
        return PLACE - self.places.index(dim)

    def place_of(self, index: int) -> Dim | None:
        """The place an index stands for; none for one that runs."""
        return self.places[PLACE - index] if index <= PLACE else None

    def apart(self, names: Mapping[int, int]) -> bool:
        """Whether two places that are surely not one would have to be."""
        met: dict[int, list[Dim]] = {}
        for a, root in names.items():
            place = self.place_of(a)
            if place is not None:
                own = self.place_of(root)
                met.setdefault(root, [] if own is None else [own]).append(place)
        return any(at_most(p + ONE, q) or at_most(q + ONE, p) for found in met.values() for k, p in enumerate(found) for q in found[:k])

    def size(self, dim: Dim) -> Sum:
        """A size as a number: a polynomial in the sizes' names."""
        found: Sum | None = self.memo.get(dim)
        if found is None:
            found = {}
            for names, count in dim.terms:
                factors: dict[int, Rational] = {}
                for n in names:
                    h = self.head("size", n, ()).id
                    factors[h] = factors.get(h, 0) + 1
                found[(tuple(sorted((h, (), e) for h, e in factors.items())), ())] = count
            self.memo[dim] = found
        return found

    def step(self, cost: int = 1) -> None:
        """Take so many steps of the budget; Exhausted, or Expired, where there are none left."""
        self.deadline.check()
        self.steps += cost
        if self.steps > self.limit:
            raise Exhausted(f"more than {self.limit} steps")

    def parts(self, present: Present) -> tuple[int, list[Factor], list[Component], list[Factor]] | None:
        """Connected components: sign, factors without bound index, labelled open components, closed ones as atoms."""
        parent: dict[int, int] = {}         # of a bound index that is joined with an earlier one
        single: list[Factor] = []
        joined: list[tuple[int, tuple[Head, tuple[int, ...], Rational]]] = []
        for (h, args), e in present.items():
            first = -1
            for a in args:
                if a >= 0:
                    while a in parent:
                        a = parent[a]
                    if first < 0:
                        first = a
                    elif a != first:
                        parent[a] = first
            if first < 0:
                single.append((h, args, e))
            else:
                joined.append((first, (self.heads[h], args, e)))
        groups: dict[int, list[tuple[Head, tuple[int, ...], Rational]]] = {}
        for first, f in joined:
            while first in parent:
                first = parent[first]
            groups.setdefault(first, []).append(f)
        sign = 1
        open_: list[Component] = []
        closed: list[Factor] = []
        for group in groups.values():
            c, s = self.labelled(group)
            if s == 0:
                return None
            sign *= s
            if any(a < 0 for _, args, _ in group for a in args):
                open_.append(c)
            else:
                closed.append((self.closed(c).id, (), 1))
        return sign, single, open_, closed

    def labelled(self, group: list[tuple[Head, tuple[int, ...], Rational]]) -> tuple[Component, int]:
        """A component in its canonical labels; one that differs in the numbers of its bound indices only is labelled once."""
        order: dict[int, int] = {}
        key = tuple([(h.id, tuple([order.setdefault(a, len(order)) if a >= 0 else a for a in args]), e) for h, args, e in group])
        found = self.labels.get(key)
        if found is None:
            found = self.labels[key] = label(group)
        return found

    def closed(self, c: Component) -> Head:
        """A component without free index as one scalar atom."""
        weight = sum(int(magnitude(e) + 1) * self.heads[h].weight for h, _, e in c) - len(c)
        return self.head("closed", c, (), {((), (c,)): 1}, weight=max(weight, 1))
