"""What the laws of atoms share: the factors left over, a monomial as a pattern, and where it is found among factors."""

from __future__ import annotations

from collections.abc import Iterator

from .monomial import PLACE, Factor, Head, Monomial, Present, Rational, settle
from .normalform import frozen
from .heads import Bound, Term, plain

FAR = 1000


def rest_of(present: Present, used: Present) -> list[Factor]:
    """The factors not used up."""
    out: list[Factor] = []
    for key, e in present.items():
        e = plain(e - used.get(key, 0))
        if e:
            out.append((*key, e))
    return out


def without(bound: Bound, gone: set[int]) -> Bound:
    return {a: d for a, d in bound.items() if a not in gone}


def whole_at(present: Present, used: Present, index: int) -> bool:
    """Whether every factor at the index is used up."""
    return all(used.get(key) == e for key, e in present.items() if index in key[1])


def even_part_is_one(present: Present, bound: Bound, head: Head, args: tuple[int, ...], e: Rational) -> list[Term] | None:
    """The square of a sign, or of the determinant of an orthogonal matrix, is 1."""
    return None if 0 <= e < 2 or e % 1 else [(1, rest_of({**present, (head.id, args): e % 2}, {}), bound)]


def pattern(m: Monomial) -> tuple[list[Factor], frozenset[int]]:
    """A monomial of a template as a pattern; its bound indices are exclusive."""
    out: list[Factor] = []
    base = FAR
    names: set[int] = set()
    for c in m[1]:
        top = 0
        for h, args, e in c:
            out.append((h, tuple([a + base if a >= 0 else a for a in args]), e))
            top = max([top, *[a + 1 for a in args]])
            names.update(a + base for a in args if a >= 0)
        base += top
    out.extend(m[0])
    return out, frozenset(names)


def frozen_name(head: Head) -> object:
    """The name under which `templated` knows the atom."""
    return (head.extra, frozen(head.template))


Pattern = list[Factor]


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
