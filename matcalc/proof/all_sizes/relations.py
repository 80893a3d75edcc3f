"""What follows from assumed equations: a difference that is a combination of their multiples is zero.

The equations are first multiplied out (by M where inv(M) stands at an end) and cancelled (by inv(M) where M, which has an inverse,
does). Then every monomial that holds one of an equation is the others of it, with the same factors around them. Such relations are
collected from the shortest monomials on, and eliminated one after another until nothing is left of the difference.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from heapq import heappop, heappush

from .atoms import dims_of, order
from .heads import Inconclusive
from .matrices import inverse
from .matrix_words import identity, identity_word, scalars, word
from .monomial import UNITY, Monomial, Present, Sum, component, factors
from .multiplied import inverses, multiplied
from .normalform import DELTA, Algebra, free_indices, frozen
from .products import match, pattern, rest_of, without
from .vanishing import cleared

EQUATIONS, FORMS, MONOMIALS, LONGER = 24, 6, 120, 4     # how many are looked at; how many factors more than at first
AWAY = -30      # a free index for a while


def follows(alg: Algebra, s: Sum, given: Sequence[Sum]) -> bool:
    """Whether a sum is zero where the given ones are."""
    equations = _closed(alg, given)
    wanted = list(_multiplied_out(alg, s))
    return _Relations(alg, equations).contain(wanted)


def _closed(alg: Algebra, given: Sequence[Sum]) -> list[Sum]:
    """Equations, and what they become multiplied out and cancelled at their ends."""
    found: dict[object, Sum] = {}
    todo = [d for d in given if d]
    for d in todo:
        if len(found) < EQUATIONS and frozen(d) not in found and frozen(alg.scaled(d, -1)) not in found:
            found[frozen(d)] = d
            for m in _invertible(alg, d):
                inverse(alg, m, (dims_of(alg, d)[-1],))
            todo += [cleared(alg, multiplied(alg, d, side)) for side in inverses(alg, d)]
    for d in list(found.values()):
        for e in _cancelled(alg, d):
            found.setdefault(frozen(e), e)
    return list(found.values())[:EQUATIONS]


def _multiplied_out(alg: Algebra, s: Sum) -> Iterator[Sum]:
    todo = [cleared(alg, s)]
    for k, d in enumerate(todo):
        yield d
        if k + len(todo) < FORMS:
            todo += [cleared(alg, multiplied(alg, d, side)) for side in inverses(alg, d)]


def _invertible(alg: Algebra, d: Sum) -> Iterator[Sum]:
    """Square matrices that an equation says have an inverse: the letters of a product that is a multiple of the identity; what all terms
    but one begin, or end, with, where that is such a multiple; X + b*I and Y + a*I of X*Y + a*X + b*Y = c*I."""
    one = identity_word()
    words = {m: w for m in d if m != one if not scalars(m)[0] if (w := word(alg, m)) and not any(scaling for _, _, scaling in w)}
    if len(words) + (one in d) < len(d) or not words:
        return
    letters = {m: [(head.id, flipped) for head, flipped, _ in w] for m, w in words.items()}
    longest = max(letters, key=lambda m: len(letters[m]))
    if one in d and len(words) == 1:
        yield from (_letter(alg, x) for x in letters[longest])
    elif one in d:
        for k in (0, -1):
            if len({found[k] for found in letters.values()}) == 1:
                yield _letter(alg, letters[longest][k])
    if len(letters[longest]) == 2 and 1 < len(words) <= 3 and all(m is longest or len(x) == 1 for m, x in letters.items()):
        x, y = letters[longest]
        linear = {found[0]: Fraction(d[m]) / d[longest] for m, found in letters.items() if m is not longest}
        if x != y and set(linear) <= {x, y} and linear.get(x, 0) * linear.get(y, 0) != Fraction(d.get(one, 0)) / d[longest]:
            yield alg.add(_letter(alg, x), alg.scaled(identity(), linear.get(y, 0)))
            yield alg.add(_letter(alg, y), alg.scaled(identity(), linear.get(x, 0)))


def _letter(alg: Algebra, letter: tuple[int, bool]) -> Sum:
    return alg.atom(alg.heads[letter[0]], (-2, -1) if letter[1] else (-1, -2))


def _cancelled(alg: Algebra, d: Sum) -> Iterator[Sum]:
    """An equation times the inverse of what stands at one of its ends."""
    sizes = dims_of(alg, d)
    for end in free_indices(d):
        here = {(h, args.index(end)) for m in d for h, args, e in factors(m) if end in args and e == 1}
        for head in [head for head in alg.heads if head.kind == "inverse" and len(head.dims) == 2]:
            met = {(h, args.index(a)) for m in head.template for h, args, e in factors(m) for a in (-1, -2) if a in args and h != DELTA}
            for slot in (0, 1) if here & met else ():
                times = {-1 - slot: AWAY, -2 + slot: 0}
                yield alg.renamed(alg.contract(alg.atom(head, (-1, -2)), times, d, {end: 0}, {0: sizes[end]}), {AWAY: end})


class _Relations:
    """Relations between monomials, in echelon form."""

    def __init__(self, alg: Algebra, equations: Sequence[Sum]) -> None:
        self.alg, self.rows = alg, dict[Monomial, Sum]()
        self.patterns = [(d, m, *pattern(_opened(alg, m))) for d in equations for m in d
                         if set(free_indices({m: 1})) == set(free_indices(d)) and m != UNITY and all(f[0] != DELTA for f in m[0])]

    def contain(self, wanted: list[Sum]) -> bool:
        """Whether one of these sums is a combination of relations."""
        queue: list[tuple[int, int, Monomial]] = []
        met: set[Monomial] = set()

        def meet(s: Sum) -> None:
            for m in s:
                if m not in met and _length(m) <= longest:
                    met.add(m)
                    heappush(queue, (_length(m), len(met), m))
        longest = LONGER + max((_length(m) for s in wanted for m in s), default=0)
        for s in wanted:
            meet(s)
        for _ in range(MONOMIALS):
            if not queue:
                return False
            for relation in self._of(heappop(queue)[2]):
                meet(relation)
                rest = self._reduced(relation)
                if rest:
                    top = max(rest, key=lambda m: order(self.alg, m))
                    if all(self.alg.heads[h].kind == "size" for m in rest for h, _, _ in factors(m)):
                        raise Inconclusive("an assumption that is never true")
                    self.rows[top] = self.alg.scaled(rest, Fraction(1) / rest[top])
                    if any(not self._reduced(s) for s in wanted):
                        return True
        return False

    def _of(self, m: Monomial) -> Iterator[Sum]:
        """The monomial less what each equation makes of it."""
        alg = self.alg
        flat, bound, _ = alg.flat(_opened(alg, m), None, 0)
        present: Present = {(h, args): e for h, args, e in flat}
        if len(present) != len(flat):
            return
        for d, top, parts, exclusive in self.patterns:
            others: Sum = {n: c for n, c in d.items() if n != top}
            for found, used, sign in match(alg.heads, parts, {}, exclusive, present):
                names = {f: found[f] for f in free_indices({top: 1})}
                inner = without(bound, {found[p] for p in exclusive})
                out: Sum = {m: 1}
                for c, f, b in alg.terms(others, names, rest_of(present, used), inner, Fraction(sign) / d[top]):
                    alg.collect(out, c, f, b)
                yield out

    def _reduced(self, s: Sum) -> Sum:
        """A sum less the relations whose greatest monomial it holds."""
        while (top := next((m for m in s if m in self.rows), None)) is not None:
            s = self.alg.add(s, self.alg.scaled(self.rows[top], -s[top]))
        return s


def _opened(alg: Algebra, m: Monomial) -> Monomial:
    """A monomial whose closed components are written out, once each."""
    closed = [f for f in m[0] if alg.heads[f[0]].kind == "closed" and f[2] >= 1 and f[2] % 1 == 0]
    less = [(h, args, e - 1) for h, args, e in closed if e > 1]
    return (*(f for f in m[0] if f not in closed), *less), (*m[1], *(component(alg.heads[h]) for h, _, _ in closed))


def _length(m: Monomial) -> int:
    return sum(1 for _ in factors(m))
