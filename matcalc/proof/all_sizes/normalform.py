"""The algebra of sums of products of entries: canonical monomials, contraction, renaming, rewriting by the laws."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType

from ...language.deadline import NEVER, Deadline
from ...language.shape import ONE
from .monomial import UNITY, Factor, Head, Monomial, Present, Rational, Sum, ends, settle
from .heads import STEPS, Bound, Heads, Term, plain

Rule = Callable[["Algebra", Present, Bound, Head, tuple[int, ...], Rational], "list[Term] | None"]
DELTA = 0


NO_NAMES: Mapping[int, int] = MappingProxyType({})


def _one_of(deltas: Iterable[tuple[int, ...]], bound: Bound) -> dict[int, int]:
    """Which index each is that deltas say is another: a free one where there is one, and else the first; they leave bound."""
    names: dict[int, int] = {}
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
    return names


class Algebra(Heads):
    """Sums of products of entries, with the rewriting laws in force."""

    def __init__(self, rules: Mapping[str, Rule], limit: int = STEPS, deadline: Deadline = NEVER) -> None:
        super().__init__(rules, limit, deadline)
        self.rules = rules

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
        stack: list[tuple[Rational, Iterable[Factor], Bound]] = [(coefficient, factors, bound)]
        while stack:
            coefficient, factors, bound = stack.pop()
            if not coefficient:
                continue
            factors = list(factors)
            self.step(1 + len(factors) ** 2 // 64)
            bound = dict(bound)
            deltas = [args for h, args, _ in factors if h == DELTA]
            names = _one_of(deltas, bound) if deltas else NO_NAMES
            if names and self.places and self.apart(names):
                continue
            present: Present = {(DELTA, (a, b)): 1 for a, b in names.items() if a < 0} if names else {}
            sign = self._gather(present, factors, names)
            if not sign:
                continue
            coefficient *= sign
            terms = self._by_law(present, bound)
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
                found = self.parts(present)
                if found is None:
                    continue
                sign, single, open_, closed = found
                coefficient *= sign
                if closed:
                    rest, back, _ = self.flat(((), tuple(open_)), None, 0)
                    stack.append((coefficient, [*single, *closed, *rest], back))
                    continue
                whole = (tuple(sorted(single)), tuple(sorted(open_)))
            value = out.get(whole, 0) + coefficient
            if value:
                out[whole] = plain(value)
            else:
                del out[whole]

    def _gather(self, present: Present, factors: Iterable[Factor], names: Mapping[int, int]) -> int:
        """Put factors together, their indices renamed and put in the order of their symmetries: the sign of that, 0 where they vanish."""
        heads, whole = self.heads, 1
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
                    return 0
                args, sign = settle(head, args)
                if sign < 0 and e % 2:
                    whole = -whole
            key = (h, args)
            have = present.get(key)
            if have is None:
                present[key] = e
                continue
            e = plain(have + e)
            if e:
                present[key] = e
            else:
                del present[key]
        return whole

    def _by_law(self, present: Present, bound: Bound) -> list[Term] | None:
        """What a law makes of these factors, the first that applies: of their heads, else of those that are assumed."""
        terms: list[Term] | None
        for (h, args), e in present.items():
            head = self.heads[h]
            if head.ruled:
                terms = self.rules[head.kind](self, present, bound, head, args, e)
                if terms is not None:
                    return terms
        for rule in self.assumed:
            terms = rule(self, present, bound)
            if terms is not None:
                return terms
        return None

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
        """The multiple c*a of a sum."""
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

    def terms(self, a: Sum, names: Mapping[int, int], rest: Iterable[Factor], bound: Bound, times: Rational = 1) -> list[Term]:
        """a times the rest, as terms of a law; a's bound indices are numbered past those in use."""
        rest = list(rest)
        base = max(bound, default=-1) + 1
        out: list[Term] = []
        for m, c in a.items():
            f, within, _ = self.flat(m, names, base)
            out.append((c if times == 1 else plain(c * times), f + rest, {**bound, **within}))
        return out

    def further(self, terms: Iterable[Term], a: Sum, names: Mapping[int, int] = NO_NAMES) -> list[Term]:
        """Terms of a law, each times a."""
        return [term for c, f, b in terms for term in self.terms(a, names, f, b, c)]

    def beside(self, a: Sum, factors: list[Factor]) -> Sum:
        """Every term of a times these factors."""
        out: Sum = {}
        for m, c in a.items():
            f, bound, _ = self.flat(m, None, 0)
            self.collect(out, c, f + factors, bound)
        return out


def free_indices(a: Sum) -> list[int]:
    """The free indices that occur, from -1 downwards."""
    return sorted({i for m in a for i in ends(m)}, reverse=True)


def number(value: Rational) -> Sum:
    """A rational number as a sum."""
    return {UNITY: plain(value)} if value else {}


def frozen(a: Sum) -> tuple[tuple[Monomial, Rational], ...]:
    """A sum as a hashable key."""
    return tuple(sorted(a.items()))
