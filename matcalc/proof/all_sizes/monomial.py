"""Products of entries over indices: interned heads, canonical labels of bound indices, matching.

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
UNITY: Monomial = ((), ())
LEAVES = 64
PLACE = -1_000_000      # from here downwards: free indices that stand for one place of their range, such as the i of x[i]


def magnitude(value: Rational) -> Rational:
    """The absolute value."""
    return -value if value < 0 else value


class Head:
    """What an atom is: a variable, a function of a template, an inverse, ..; its slots' sizes and their symmetry."""

    __slots__ = ("derivatives", "dims", "extra", "id", "kind", "lead", "nonnegative", "orbits", "permutations",
                 "ruled", "skew", "template", "weight")

    def __init__(self, number: int, kind: str, dims: tuple[Dim, ...], template: Sum | None, extra: Any,
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
                    seen[a].append((head.id, head.orbits[slot], shown[slot], least, e))
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
        if found == count:
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


Pattern = list[Factor]
Present = dict[tuple[int, tuple[int, ...]], Rational]


def match(heads: list[Head], pattern: Pattern, binding: dict[int, int], exclusive: frozenset[int], present: Present,
          ) -> Iterator[tuple[dict[int, int], Present, int]]:
    """The ways to find the pattern among the factors: binding of the pattern's indices, what is used up, a sign.

    An exclusive index of the pattern must be a bound index that occurs nowhere else; two pattern indices may
    meet the same index only where neither is exclusive.
    """
    incidence: dict[int, int] = {}
    if exclusive:
        for (_, args), _ in present.items():
            for a in args:
                incidence[a] = incidence.get(a, 0) + 1

    binding = binding | {a: a for _, args, _ in pattern for a in args if a <= PLACE}

    yield from _Search(heads, pattern, exclusive, incidence, present).walk(0, binding, {}, 1)


class _Search:
    """What a pattern is looked for in."""

    __slots__ = ("exclusive", "heads", "incidence", "pattern", "present")

    def __init__(self, heads: list[Head], pattern: Pattern, exclusive: frozenset[int], incidence: dict[int, int], present: Present) -> None:
        self.heads, self.pattern, self.exclusive, self.incidence, self.present = heads, pattern, exclusive, incidence, present

    def walk(self, k: int, bound: dict[int, int], used: Present, sign: int) -> Iterator[tuple[dict[int, int], Present, int]]:
        """The ways to lay the factors of the pattern from the k-th on."""
        exclusive, present = self.exclusive, self.present
        if k == len(self.pattern):
            for p in exclusive:
                v = bound[p]
                count = 0
                for (_, args) in used:
                    count += args.count(v)
                if v < 0 or self.incidence[v] != count or sum(1 for w in bound.values() if w == v) != 1:
                    return
            yield bound, used, sign
            return
        h, args, e = self.pattern[k]
        head = self.heads[h]
        closed = any(a in exclusive for a in args)
        if not closed and all(a in bound for a in args):
            actual, s = settle(head, tuple([bound[a] for a in args]))
            key = (h, actual)
            have = present.get(key)
            if have is not None:
                left = have - used.get(key, 0)
                if (left >= e > 0) or left == e:
                    yield from self.walk(k + 1, bound, {**used, key: used.get(key, 0) + e}, sign * (s if e % 2 else 1))
            return
        orders = ((0, 1), (1, 0)) if head.skew else (tuple(range(len(args))), *head.permutations)
        for key, have in present.items():
            if key[0] != h or (closed and (have != e or key in used)):
                continue
            left = have - used.get(key, 0)
            if not ((left >= e > 0) or left == e):
                continue
            for order in orders:
                new = None
                for a, i in zip(args, order, strict=True):
                    v = key[1][i]
                    known = (new or bound).get(a)
                    if known is None:
                        if new is None:
                            new = dict(bound)
                        new[a] = v
                    elif known != v:
                        break
                else:
                    new = new or bound
                    transposed = head.skew and order == (1, 0) and e % 2
                    yield from self.walk(k + 1, new, {**used, key: used.get(key, 0) + e}, -sign if transposed else sign)
