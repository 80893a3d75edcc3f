"""The algebra of sums of products of entries: canonical monomials, contraction, renaming, rewriting by the laws."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from fractions import Fraction
from typing import Any

from ...language.deadline import NEVER, Deadline
from ...language.shape import ONE, Dim, at_most
from .monomial import PLACE, UNITY, Component, Factor, Head, Monomial, Permutation, Present, Rational, Sum, label, settle

Bound = dict[int, Dim]
Term = tuple[Rational, list[Factor], Bound]
Rule = Callable[["Algebra", Present, Bound, Head, tuple[int, ...], Rational], "list[Term] | None"]
DELTA = 0
STEPS = 40_000


class Stuck(Exception):
    """The normal form cannot say: the reason."""


class Exhausted(Stuck):
    """There are no steps left."""


class Finer(Stuck):
    """A variable's index has to be split from the start: its name and the sizes of its row and column indices."""

    def __init__(self, name: str, rows: tuple[Dim, ...], cols: tuple[Dim, ...]) -> None:
        super().__init__("an index of a product of sizes")
        self.name, self.rows, self.cols = name, rows, cols


def plain(value: Rational) -> Rational:
    """A fraction that is an integer as an int."""
    if type(value) is Fraction and value.denominator == 1:
        return value.numerator
    return value


def quotient(a: Rational, b: Rational) -> Rational:
    """a/b, exactly."""
    return plain(Fraction(a) / b)


class Algebra:
    """Interned heads, the laws in force, and a budget of steps; one for each question, so answers do not depend on history."""

    def __init__(self, rules: Mapping[str, Rule], limit: int = STEPS, deadline: Deadline = NEVER) -> None:
        self.rules, self.deadline = rules, deadline
        self.heads: list[Head] = []
        self.known: dict[Any, Head] = {}
        self.memo: dict[Any, Any] = {}
        self.labels: dict[Any, tuple[Component, int]] = {}
        self.steps, self.limit = 0, limit
        self.eager = self.powers_kept = False
        self.layouts: dict[str, tuple[tuple[Dim, ...], tuple[Dim, ...]]] = {}
        self.assumed: list[Any] = []
        self.places: list[Dim] = []
        self.head("delta", None, (ONE, ONE), permutations=((1, 0),), weight=0)

    # -------------------------------------------------------------------------------------------------- heads
    def head(self, kind: str, name: Any, dims: tuple[Dim, ...], template: Sum | None = None, extra: Any = None,
             permutations: tuple[Permutation, ...] = (), skew: bool = False, weight: int = 1) -> Head:
        """The one head of this kind and name."""
        key = (kind, name)
        found = self.known.get(key)
        if found is None:
            found = self.known[key] = Head(len(self.heads), kind, dims, template, extra, permutations, skew, weight)
            found.ruled = kind in self.rules
            self.heads.append(found)
        return found

    def place(self, dim: Dim) -> int:
        """The index that stands for this place of its range."""
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
        """Spend."""
        self.deadline.check()
        self.steps += cost
        if self.steps > self.limit:
            raise Exhausted(f"more than {self.limit} steps")

    # ------------------------------------------------------------------------------------------------ factors
    def flat(self, m: Monomial, names: Mapping[int, int] | None, base: int) -> tuple[list[Factor], Bound, int]:
        """The factors of a monomial, free indices renamed, bound ones numbered from base; their sizes; the next number."""
        heads = self.heads
        if names:
            out = [(h, tuple([names.get(a, a) for a in args]), e) for h, args, e in m[0]]
        else:
            out = list(m[0])
        bound: Bound = {}
        for c in m[1]:
            top = 0
            for h, args, e in c:
                shown = []
                for slot, a in enumerate(args):
                    if a >= 0:
                        bound[a + base] = heads[h].dims[slot]
                        if a >= top:
                            top = a + 1
                        a += base
                    elif names:
                        a = names.get(a, a)
                    shown.append(a)
                out.append((h, tuple(shown), e))
            base += top
        return out, bound, base

    def collect(self, out: Sum, coefficient: Rational, factors: Iterable[Factor], bound: Bound) -> None:
        """Add coefficient * product of factors, summed over bound, to out; every law that applies is applied."""
        heads = self.heads
        stack: list[tuple[Rational, Iterable[Factor], Bound]] = [(coefficient, factors, bound)]
        while stack:
            coefficient, factors, bound = stack.pop()
            if not coefficient:
                continue
            factors = list(factors)
            self.step(1 + len(factors) ** 2 // 64)
            names: dict[int, int] = {}
            bound = dict(bound)
            present: Present = {}
            deltas = [args for h, args, _ in factors if h == DELTA]
            if deltas:
                for a, b in deltas:
                    while a in names:
                        a = names[a]
                    while b in names:
                        b = names[b]
                    if a == b:
                        continue
                    if a < 0 and b < 0:
                        names[min(a, b)] = max(a, b)
                    else:
                        a, b = max(a, b), min(a, b)
                        names[a] = b
                        del bound[a]
                for a in names:
                    b = names[a]
                    while b in names:
                        b = names[b]
                    names[a] = b
                if self.places and self.apart(names):
                    continue
                for a, b in names.items():
                    if a < 0:
                        present[(DELTA, (a, b))] = 1
            zero = False
            for h, args, e in factors:
                if h == DELTA:
                    continue
                if names:
                    args = tuple([names.get(a, a) for a in args])
                head = heads[h]
                if head.permutations:
                    args = settle(head, args)[0]
                elif head.skew:
                    if args[0] == args[1]:
                        zero = True
                        break
                    args, sign = settle(head, args)
                    if sign < 0 and e % 2:
                        coefficient = -coefficient
                key = (h, args)
                have = present.get(key)
                if have is None:
                    present[key] = e
                else:
                    e = plain(have + e)
                    if e:
                        present[key] = e
                    else:
                        del present[key]
            if zero:
                continue
            terms: list[Term] | None = None
            for key, e in present.items():
                head = heads[key[0]]
                if head.ruled:
                    terms = self.rules[head.kind](self, present, bound, head, key[1], e)
                    if terms is not None:
                        break
            else:
                if self.assumed:
                    terms = self._assume(present, bound)
            if terms is not None:
                for c, f, b in reversed(terms):
                    stack.append((plain(coefficient * c), f, b))
                continue
            if bound:
                lost = set(bound)
                for (_, args) in present:
                    lost.difference_update(args)
                if lost:
                    dim = ONE
                    for a in lost:
                        dim = dim * bound.pop(a)
                    rest = [(h, args, e) for (h, args), e in present.items()]
                    if dim.number is not None:
                        coefficient *= dim.number
                    else:
                        for m, c in self.size(dim).items():
                            stack.append((coefficient * c, [*m[0], *rest], bound))
                        continue
            if not bound:
                whole: Monomial = (tuple(sorted([(h, args, e) for (h, args), e in present.items()])), ())
            else:
                found = self.parts(present, bound)
                if found is None:
                    continue
                sign, single, open_, closed = found
                coefficient *= sign
                if closed:
                    rest = [*single, *closed]
                    back: Bound = {}
                    base = 0
                    for c in open_:
                        f, b, base = self.flat(((), (c,)), None, base)
                        rest += f
                        back.update(b)
                    stack.append((coefficient, rest, back))
                    continue
                whole = (tuple(sorted(single)), tuple(sorted(open_)))
            value = out.get(whole, 0) + coefficient
            if value:
                out[whole] = plain(value)
            else:
                del out[whole]

    def _assume(self, present: Present, bound: Bound) -> list[Term] | None:
        for rule in self.assumed:
            terms: list[Term] | None = rule(self, present, bound)
            if terms is not None:
                return terms
        return None

    def parts(self, present: Present, bound: Bound) -> tuple[int, list[Factor], list[Component], list[Factor]] | None:
        """Connected components: sign, factors without bound index, labelled open components, closed ones as atoms."""
        parent = {a: a for a in bound}

        def root(a: int) -> int:
            while parent[a] != a:
                parent[a] = parent[parent[a]]
                a = parent[a]
            return a

        single: list[Factor] = []
        joined: list[tuple[Head, tuple[int, ...], Rational]] = []
        for (h, args), e in present.items():
            first = -1
            for a in args:
                if a >= 0:
                    if first < 0:
                        first = root(a)
                    else:
                        parent[root(a)] = first = root(first)
            if first < 0:
                single.append((h, args, e))
            else:
                joined.append((self.heads[h], args, e))
        groups: dict[int, list[tuple[Head, tuple[int, ...], Rational]]] = {}
        for f in joined:
            groups.setdefault(root(next(a for a in f[1] if a >= 0)), []).append(f)
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
        weight = sum(int(abs(e) + 1) * self.heads[h].weight for h, _, e in c) - len(c)  # type: ignore[misc, operator]
        return self.head("closed", c, (), {((), (c,)): 1}, weight=max(weight, 1))

    # --------------------------------------------------------------------------------------------------- sums
    def contract(self, a: Sum, a_names: Mapping[int, int], b: Sum, b_names: Mapping[int, int], bound: Bound) -> Sum:
        """The product of two sums, their free indices renamed (perhaps to bound ones), summed over bound."""
        out: Sum = {}
        base = max(bound, default=-1) + 1
        left = [(c, *self.flat(m, a_names, base)) for m, c in a.items()]
        for n, d in b.items():
            for c, f, within, top in left:
                g, more, _ = self.flat(n, b_names, top)
                self.collect(out, plain(c * d), f + g, {**bound, **within, **more})
        return out

    def product(self, a: Sum, b: Sum) -> Sum:
        """The product without contraction."""
        if len(a) == 1 and UNITY in a:
            return self.scaled(b, a[UNITY])
        if len(b) == 1 and UNITY in b:
            return self.scaled(a, b[UNITY])
        return self.contract(a, {}, b, {}, {})

    def scaled(self, a: Sum, c: Rational) -> Sum:
        """c*a."""
        if c == 1:
            return a
        return {m: plain(v * c) for m, v in a.items()} if c else {}

    def add(self, *sums: Sum) -> Sum:
        """The sum."""
        out = dict(sums[0])
        for s in sums[1:]:
            for m, c in s.items():
                v = out.get(m, 0) + c
                if v:
                    out[m] = plain(v)
                else:
                    del out[m]
        return out

    def renamed(self, a: Sum, names: Mapping[int, int], bound: Bound | None = None) -> Sum:
        """Free indices renamed, perhaps to bound ones, which are summed."""
        bound = bound or {}
        if not bound and all(k == v for k, v in names.items()):
            return a
        out: Sum = {}
        base = max(bound, default=-1) + 1
        for m, c in a.items():
            f, within, _ = self.flat(m, names, base)
            self.collect(out, c, f, {**bound, **within})
        return out

    def atom(self, head: Head, args: tuple[int, ...], exponent: Rational = 1) -> Sum:
        """One atom as a sum."""
        out: Sum = {}
        self.collect(out, 1, [(head.id, args, exponent)], {})
        return out

    def terms(self, a: Sum, names: Mapping[int, int], rest: Iterable[Factor], bound: Bound) -> list[Term]:
        """a times the rest, as terms of a law; a's bound indices are numbered past those in use."""
        rest = list(rest)
        base = max(bound, default=-1) + 1
        out: list[Term] = []
        for m, c in a.items():
            f, within, _ = self.flat(m, names, base)
            out.append((c, f + rest, {**bound, **within}))
        return out


def free_indices(a: Sum) -> list[int]:
    """The free indices that occur, from -1 downwards."""
    seen: set[int] = set()
    for m in a:
        for _, args, _ in m[0]:
            seen.update(args)
        for c in m[1]:
            for _, args, _ in c:
                seen.update(i for i in args if i < 0)
    return sorted(seen, reverse=True)


def number(value: Rational) -> Sum:
    """A rational as a sum."""
    return {UNITY: plain(value)} if value else {}


def frozen(a: Sum) -> tuple[tuple[Monomial, Rational], ...]:
    """A sum as a key."""
    return tuple(sorted(a.items()))
