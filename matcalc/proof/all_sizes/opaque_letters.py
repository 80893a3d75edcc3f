"""A claim read over opaque letters: a part of it that equals what a letter stands for becomes the letter.

Which letter it might be is seen at a random point; that it is shows the normal form, letters given their values as far as it takes.
"""

from __future__ import annotations

from math import inf, isclose, isfinite
from bisect import bisect_left
from collections.abc import Iterator
from fractions import Fraction
from heapq import heappop, heappush
from typing import Any

from ...language.expr import Apply, Expr, Name
from ...language.traversal import arguments, folded
from .fitting import Value
from .heads import Inconclusive, plain
from .indexed import Entries
from .monomial import Monomial, Sum, Head, alone, factors
from .normalform import DELTA, Algebra, number
from .substitution import Dims, layout, rebuilt, slots, variable_head
from .sampled import NONE, Sampled

NEAR = 1e-7
SIMPLE, LARGE = 64, 4_096       # the largest denominator of a multiple that is recognised, and the largest multiple
RATIOS = tuple(dict.fromkeys(p / q for top in range(1, SIMPLE + 1) for p in range(1, top + 1) for q in range(1, top + 1)
                             if max(p, q) <= 12 or min(p, q) == 1))      # of a number, the simplest first
Mark = tuple[float, ...]


def _turned(mark: Mark) -> float:
    """One entry in terms of the other: the same for every multiple."""
    return mark[-1] / mark[0] if mark[0] else inf


def _multiple(a: Mark, b: Mark) -> Fraction | None:
    """The simple fraction of b that a is."""
    which = max(range(len(b)), key=lambda k: abs(b[k]))
    ratio = a[which] / b[which]
    q = Fraction(ratio).limit_denominator(SIMPLE) if isfinite(ratio) else Fraction(0)
    return q if q and abs(q) <= LARGE and all(isclose(x, q * y, rel_tol=NEAR, abs_tol=1e-300) for x, y in zip(a, b, strict=True)) else None


class Known:
    """The letters of one shape, each where its multiples are looked for: by one entry in terms of another, a number by its size."""

    def __init__(self) -> None:
        self.places: list[float] = []
        self.letters: list[tuple[Mark, Letter]] = []

    def add(self, mark: Mark, letter: Letter) -> None:
        """Keep a letter by its mark, in the order of where it lies."""
        place = abs(mark[0]) if len(mark) == 1 else _turned(mark)
        k = bisect_left(self.places, place)
        self.places.insert(k, place)
        self.letters.insert(k, (mark, letter))

    def near(self, place: float) -> Iterator[tuple[Mark, Letter]]:
        """The letters at a place."""
        width = NEAR * abs(place) if place < inf else 0.0
        for k in range(bisect_left(self.places, place - width), len(self.places)):
            if self.places[k] > place + width:
                break
            yield self.letters[k]

    def multiples(self, mark: Mark) -> Iterator[tuple[Fraction, Letter]]:
        """The letters that this is a simple multiple of."""
        for place in [abs(mark[0]) * r for r in RATIOS] if len(mark) == 1 else [_turned(mark)]:
            for other, letter in self.near(place):
                q = _multiple(mark, other)
                if q is not None:
                    yield q, letter


class Letter:
    """A name, a derivative with respect to a name, or a slope: its head, what it stands for, how early it is replaced, and how it is
    written where it was found."""

    def __init__(self, name: Name, head: Head, body: Sum, rank: tuple[int, int], written: Sum) -> None:
        self.name, self.head, self.body, self.rank, self.written = name, head, body, rank, written


TERMS, FEW, DISTANT = 600, 4, 2
PLAIN, DERIVATIVE, SLOPE, POLYNOMIAL = range(4)     # what a letter stands for, in the order in which letters are replaced
GUESS = 1_500       # of work for a value that looks like a letter's: ten times what a right one takes, as a rule
LEAVES = ("eye", "ones", "zeros", "comm", "select", "pi", "unvec", "apply", "derivative", "d")


class Linked(Entries):
    """Reads a claim over opaque letters; a part that is a multiple of a known derivative becomes that multiple of its letter."""

    def __init__(self, alg: Algebra, definitions: dict[Name, Expr]) -> None:
        super().__init__(alg, definitions)
        self.letters: dict[int, Letter] = {}
        self.known: dict[object, Known] = {}
        self.sampled = Sampled(alg)
        self.seeking = False

    def deep(self, e: Expr) -> Value:
        """The entries of an expression, the innermost parts first: a long chain is nested deeper than calls may be."""
        def inside(e: Expr) -> list[Expr]:
            parts = (self.definitions[e],) if type(e) is Name and e in self.definitions else arguments(e) if not (
                type(e) is Apply and e.head in LEAVES) else ()
            return [a for a in parts if type(a) is Apply or a in self.definitions]
        return folded(e, self.memo, inside, lambda e: self.recognised(self._read(e)))

    def of(self, e: Expr) -> Value:
        """The entries of an expression, known derivatives as letters."""
        found = self.memo.get(e)
        if found is None:
            found = self.memo[e] = self.recognised(self._read(e))
        return found

    def times(self, a: Value, b: Value) -> Value:
        """The matrix product."""
        return self.recognised(super().times(a, b))

    def learn(self, name: Name, body: Sum, rank: tuple[int, int]) -> Letter:
        """Introduce a letter for the value of a name."""
        shape = layout(self.alg, name)
        head = variable_head(self.alg, name)
        letter = Letter(name, head, body, rank, self.alg.atom(head, slots(len(head.dims))))
        self.letters[letter.head.id] = letter
        try:
            self.sampled.learn(letter.head, body)
        except NONE:
            raise Inconclusive("no point at which to look") from None
        self.expect(shape, letter)
        return letter

    def expect(self, shape: tuple[Dims, Dims], letter: Letter) -> None:
        """From now on what a letter stands for is written with it."""
        mark = self.sampled.seen(letter.head.dims, letter.body)
        if mark is not None and any(mark):
            self.known.setdefault(shape, Known()).add(mark, letter)

    def recognised(self, v: Value) -> Value:
        """The multiple of a letter that a value is, if it is one."""
        if not self.seeking or not v.entries or self.is_letter(v.entries):
            return v
        found = self.multiple(v.rows, v.cols, v.entries)
        return v._replace(entries=self.shorter(v.entries) if found is None else found)

    def shorter(self, s: Sum) -> Sum:
        """A few terms with names and slopes in them given their values, where fewer are left: 1 - s for s = 1 - p."""
        if not 1 < len(s) <= FEW:
            return s
        here = {h for m in s for h in letters_in(self.alg, m) if h in self.letters}
        bodies = {h: self.letters[h].body for h in here if self.letters[h].rank[0] in (SLOPE, PLAIN)}
        opened = rebuilt(self.alg, s, bodies) if bodies else s
        return opened if len(opened) < len(s) else s

    def multiple(self, rows: Dims, cols: Dims, s: Sum) -> Sum | None:
        """The multiple of a letter that a sum is."""
        choice = self.known.get((rows, cols))
        mark = self.sampled.seen(rows + cols, s) if choice else None
        if choice is None or mark is None or not any(mark):
            return None
        for q, letter, work in self.likely(s, choice.multiples(mark)):
            if not self.reduced(self.alg.add(s, self.alg.scaled(letter.body, plain(-q))), work):
                return self.alg.scaled(letter.written, plain(q))
        return None

    def likely(self, s: Sum, found: Iterator[tuple[Fraction, Letter]]) -> Iterator[tuple[Fraction, Letter, int]]:
        """What has letters in common with this, in itself or in what its letters stand for; then a few that only look alike, as the
        values of a chain that tends to a limit do; and how much work each may be."""
        near = self.within(s)
        far: list[tuple[Fraction, Letter, int]] = []
        for q, letter in found:
            if not near or not near.isdisjoint(self.within(letter.body)):
                yield q, letter, GUESS
            elif len(far) < DISTANT:
                far.append((q, letter, GUESS // 10))
        yield from far

    def within(self, s: Sum) -> set[int]:
        """The letters here, and those in what they stand for."""
        here = {h for m in s for h in letters_in(self.alg, m)}
        return here.union(*(letters_in(self.alg, m) for h in here if h in self.letters for m in self.letters[h].body))

    def is_letter(self, s: Sum) -> bool:
        """Whether a sum is one entry of one variable."""
        found = alone(s)
        return found is not None and self.alg.heads[found[0]].kind == "variable"

    def reduced(self, s: Sum, work: int, derivatives_first: bool = False) -> Sum:
        """A difference with letters given their values, one after the other, until it is zero or too much has been tried."""
        limit = self.alg.limit
        self.alg.limit = min(limit, self.alg.steps + work)
        try:
            return self._lowered(s, derivatives_first)
        except Inconclusive:
            return s
        finally:
            self.alg.limit = limit

    def _lowered(self, s: Sum, derivatives_first: bool) -> Sum:
        s, alg, limit = dict(s), self.alg, TERMS + 2 * len(s)
        inside: dict[int, set[Monomial]] = {}       # the terms that hold a letter
        waiting: list[tuple[tuple[int, int], int]] = []

        def enter(m: Monomial) -> None:
            for h in letters_in(alg, m):
                if h in self.letters:
                    if h not in inside:
                        of_name, place = self.letters[h].rank
                        heappush(waiting, ((POLYNOMIAL if derivatives_first and of_name == PLAIN else of_name, place), h))
                    inside.setdefault(h, set()).add(m)
        for m in s:
            enter(m)
        while s and len(s) <= limit and waiting:
            letter = self.letters[heappop(waiting)[1]]
            there = {m: s.pop(m) for m in inside.pop(letter.head.id) if m in s}
            if not s and (core := common_factor(alg, there)[1]) is not there:
                return self._lowered(core, derivatives_first)       # what all terms have in common need not be given its value
            if there:
                for m, c in rebuilt(alg, there, {letter.head.id: letter.body}).items():
                    v = s.get(m, 0) + c
                    if v:
                        s[m] = plain(v)
                        enter(m)
                    else:
                        del s[m]
        return s


def letters_in(alg: Algebra, m: Monomial) -> frozenset[int]:
    known: frozenset[int] | None = alg.memo.get(("letters", m))
    if known is None:
        found: set[int] = set()
        for h, _, _ in factors(m):
            if alg.heads[h].kind == "variable":
                found.add(h)
            for n in alg.heads[h].template:
                found |= letters_in(alg, n)
        known = alg.memo["letters", m] = frozenset(found)
    return known


def common_factor(alg: Algebra, s: Sum) -> tuple[Sum, Sum]:
    """What all terms have in common, and the rest: of p^-1 - p^-2 the factor p^-1."""
    common: dict[tuple[int, tuple[int, ...]], Any] = {}
    for k, (free, _) in enumerate(s):
        here = {(h, args): e for h, args, e in free if h != DELTA}
        common = here if not k else {
            key: min(e, here[key]) if e > 0 else max(e, here[key]) for key, e in common.items() if key in here and e * here[key] > 0}
    if not common:
        return number(1), s
    front: Sum = {}
    alg.collect(front, 1, [(h, args, e) for (h, args), e in common.items()], {})
    return front, alg.beside(s, [(h, args, plain(-e)) for (h, args), e in common.items()])
