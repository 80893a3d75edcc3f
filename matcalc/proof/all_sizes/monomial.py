"""Products of entries over indices: interned heads, canonical labels of bound indices.

An index is an int: free when negative, bound (summed over) when not, so the kind is part of the type. A factor is
(head id, indices, exponent); a connected product over bound indices is a component, its bound indices labelled 0, 1, ..
A monomial is (factors without a bound index, components), both sorted; a sum maps monomials to rational coefficients.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Any

from ...language.shape import Dim

Rational = int | Fraction
Factor = tuple[int, tuple[int, ...], Rational]
Component = tuple[Factor, ...]
Monomial = tuple[tuple[Factor, ...], tuple[Component, ...]]
Sum = dict[Monomial, Rational]
Permutation = tuple[int, ...]
Present = dict[tuple[int, tuple[int, ...]], Rational]
UNITY: Monomial = ((), ())
NOTHING: Sum = {}
LEAVES = 64
PLACE = -1_000_000      # from here downwards: free indices that stand for one place of their range, such as the i of x[i]


def magnitude(value: Rational) -> Rational:
    """The absolute value."""
    return -value if value < 0 else value


class Head:
    """What an atom is: a variable, a function of a template, an inverse, ..; its slots' sizes and their symmetry."""

    __slots__ = ("derivatives", "dims", "extra", "id", "kind", "lead", "nonnegative", "orbits", "permutations",
                 "ruled", "skew", "template", "weight")

    def __init__(self, number: int, kind: str, dims: tuple[Dim, ...], template: Sum, extra: Any,
                 permutations: tuple[Permutation, ...], skew: bool, weight: int) -> None:
        self.id, self.kind, self.dims, self.template, self.extra = number, kind, dims, template, extra
        self.permutations, self.skew, self.weight = permutations, skew, weight
        orbits = [0, 0] if skew else list(range(len(dims)))
        for p in permutations:
            for i, j in enumerate(p):
                orbits = [min(orbits[i], orbits[j]) if o in (orbits[i], orbits[j]) else o for o in orbits]
        self.orbits = tuple(orbits)
        self.nonnegative: bool | None = None
        self.lead: Any = None
        self.ruled = False
        self.derivatives: dict[object, Sum] = {}


def component(head: Head) -> Component:
    """The product without free index that an atom stands for."""
    return next(iter(head.template))[1][0]


def alone(s: Sum) -> tuple[int, tuple[int, ...], Rational] | None:
    """The atom that a sum is a multiple of, by its number, with its indices and how often."""
    if len(s) != 1:
        return None
    (((single, pieces), c),) = s.items()
    return (*single[0][:2], c) if len(single) == 1 and not pieces and single[0][2] == 1 else None


def factors(m: Monomial) -> Iterator[Factor]:
    """All factors, those over bound indices too."""
    yield from m[0]
    for part in m[1]:
        yield from part


def pieces(m: Monomial) -> list[Monomial]:
    """The factors without a bound index and the components, each by itself."""
    return [*(((f,), ()) for f in m[0]), *(((), (c,)) for c in m[1])]


def ends(m: Monomial) -> set[int]:
    """The free indices of a monomial."""
    return {a for _, args, _ in factors(m) for a in args if a < 0}


def at(args: tuple[int, ...]) -> dict[int, int]:
    """The free indices of a template, -1 and so on, as those of an atom."""
    return {-i - 1: a for i, a in enumerate(args)}


def settle(head: Head, args: tuple[int, ...]) -> tuple[tuple[int, ...], int]:
    """The least order of the indices that the head's symmetry allows, and the sign it costs."""
    if head.skew:
        a, b = args
        return (args, 1) if a <= b else ((b, a), -1)
    best = args
    for p in head.permutations:
        other = tuple([args[i] for i in p])
        if other < best:
            best = other
    return best, 1


def _refine(factors: list[tuple[Head, tuple[int, ...], Rational]], colours: dict[int, int]) -> dict[int, int]:
    """Colours of bound indices, refined by what they meet until nothing changes."""
    count = len(set(colours.values()))
    while True:
        seen: dict[int, list[Any]] = {v: [] for v in colours}
        for head, args, e in factors:
            shown = tuple([colours.get(a, a) for a in args])
            least = settle(head, shown)[0] if head.permutations or head.skew else shown
            for slot, a in enumerate(args):
                if a >= 0:
                    seen[a].append((head.id, head.orbits[slot], least, e))
        marks = {v: (colours[v], sorted(s)) for v, s in seen.items()}
        order = sorted(marks, key=lambda v: marks[v])
        new: dict[int, int] = {}
        rank = -1
        last = None
        for place, v in enumerate(order):
            if marks[v] != last:
                rank, last = place, marks[v]
            new[v] = rank
        found = len(set(new.values()))
        if found == count or found == len(new):
            return new
        colours, count = new, found


def _written(factors: list[tuple[Head, tuple[int, ...], Rational]], labels: dict[int, int]) -> tuple[Component, int]:
    out = []
    sign = 1
    for head, args, e in factors:
        shown = tuple([labels.get(a, a) for a in args])
        if head.skew or head.permutations:
            shown, s = settle(head, shown)
            if s < 0 and e % 2:
                sign = -sign
        out.append((head.id, shown, e))
    out.sort()
    return tuple(out), sign


def _twins(factors: list[tuple[Head, tuple[int, ...], Rational]]) -> dict[int, tuple[int, ...]]:
    """Bound indices that stand in the same factors but for their name: to exchange two of them changes nothing."""
    stand: dict[int, list[Any]] = {}
    for head, args, e in factors:
        for a in set(args):
            if a >= 0:
                stand.setdefault(a, []).append((head.id, tuple([None if b == a else b for b in args]), e))
    groups: dict[frozenset[Any], list[int]] = {}
    for a, where in stand.items():
        groups.setdefault(frozenset(where), []).append(a)
    return {a: tuple(group) for group in groups.values() for a in group}


class _Labeller:
    """Individualisation and refinement, twins all at once; a wrong guess costs completeness, never soundness."""

    def __init__(self, factors: list[tuple[Head, tuple[int, ...], Rational]]) -> None:
        self.factors = factors
        self.twins = _twins(factors)
        self.leaves = 0
        self.zero = False

    def chosen(self, colours: dict[int, int], v: int) -> dict[int, int]:
        """The colours once v and its twins stand apart from the others of their colour, and from each other."""
        own = {w: k for k, w in enumerate(self.twins[v])}
        n = len(own)
        return _refine(self.factors, {w: (n + 1) * c + own.get(w, n if c == colours[v] else 0) for w, c in colours.items()})

    def first(self, colours: dict[int, int]) -> tuple[Component, int]:
        """The form along the first choice at every tie."""
        self.leaves += 1
        while True:
            cell = _tie(colours)
            if not cell:
                return _written(self.factors, colours)
            colours = self.chosen(colours, cell[0])

    def best(self, colours: dict[int, int]) -> tuple[Component, int]:
        """The least form over all ties that are not automorphisms."""
        cell = _tie(colours)
        if not cell:
            self.leaves += 1
            return _written(self.factors, colours)
        chosen = self.chosen(colours, cell[0])
        start = self.first(chosen)
        found = self.best(chosen)
        for v in cell[1:]:
            if self.leaves > LEAVES:
                break
            if self.twins[v][0] != v:
                continue
            other = self.chosen(colours, v)
            leaf = self.first(other)
            if leaf[0] == start[0]:
                if leaf[1] != start[1]:
                    self.zero = True
                continue
            leaf = self.best(other)
            if leaf[0] == found[0]:
                if leaf[1] != found[1]:
                    self.zero = True
            elif leaf < found:
                found = leaf
        return found


def _tie(colours: dict[int, int]) -> list[int]:
    cells: dict[int, list[int]] = {}
    for v, c in colours.items():
        cells.setdefault(c, []).append(v)
    if len(cells) == len(colours):
        return []
    return min((c, vs) for c, vs in cells.items() if len(vs) > 1)[1]


def label(factors: list[tuple[Head, tuple[int, ...], Rational]]) -> tuple[Component, int]:
    """A connected component in its canonical labels, and a sign; sign 0 when the sum is its own negative."""
    bound: dict[int, int] = {}
    for _, args, _ in factors:
        for a in args:
            if a >= 0:
                bound[a] = 0
    if len(bound) <= 1:
        return _written(factors, bound)
    colours = _refine(factors, bound)
    if len(set(colours.values())) == len(colours):
        return _written(factors, colours)
    search = _Labeller(factors)
    found = search.best(colours)
    return (found[0], 0) if search.zero else found
