"""Long chains of definitions proved link by link, so the cost grows with their number and not with their product.

Every defined name is an opaque letter; so is the derivative of f with respect to it, whose value is one link of the chain
rule over the letters of the names that use it. A part of the claim that equals such a value becomes its letter. Which value it
might equal is seen at a random point; that it does is shown by the normal forms, letters given their values as far as it takes.
What holds with opaque letters holds when they are given their values.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from fractions import Fraction
from heapq import heappop, heappush
from math import inf, isclose, isfinite

from ...language.expr import SCALAR, Apply, Expr, Name
from .fitting import Value
from .indexed import Entries
from .monomial import Head, Monomial, Sum
from .normalform import Algebra
from .heads import Stuck, plain
from .rebuild import layout, rebuilt, slots, variable
from .derivatives import slope
from .sampled import NONE, Sampled

ROUNDS, TERMS, WORK, NEAR = 14, 600, 5_000, 1e-7
GUESS = 1_500       # of work for a value that looks like a letter's: ten times what a right one takes, as a rule
SIMPLE = 64         # the largest denominator of a multiple that is recognised
RATIOS = tuple(dict.fromkeys(p / q for top in range(1, SIMPLE + 1) for p in range(1, top + 1) for q in range(1, top + 1)
                             if max(p, q) <= 12 or min(p, q) == 1))      # of a number, the simplest first
Mark = tuple[float, ...]
LEAVES = ("eye", "ones", "zeros", "comm", "select", "pi", "unvec", "apply", "derivative", "d")


def _turned(mark: Mark) -> float:
    """One entry in terms of the other: the same for every multiple."""
    return mark[-1] / mark[0] if mark[0] else inf


def _multiple(a: Mark, b: Mark) -> Fraction | None:
    """The simple fraction of b that a is."""
    which = max(range(len(b)), key=lambda k: abs(b[k]))
    ratio = a[which] / b[which]
    q = Fraction(ratio).limit_denominator(SIMPLE) if isfinite(ratio) else Fraction(0)
    return q if q and all(isclose(x, q * y, rel_tol=NEAR, abs_tol=1e-300) for x, y in zip(a, b, strict=True)) else None


class Known:
    """The letters of one shape, each where its multiples are looked for: by one entry in terms of another, a number by its size."""

    def __init__(self) -> None:
        self.places: list[float] = []
        self.letters: list[tuple[Mark, Letter]] = []

    def add(self, mark: Mark, letter: Letter) -> None:
        """One more."""
        place = abs(mark[0]) if len(mark) == 1 else _turned(mark)
        k = bisect_left(self.places, place)
        self.places.insert(k, place)
        self.letters.insert(k, (mark, letter))

    def near(self, place: float) -> Iterator[tuple[Mark, Letter]]:
        """Those at a place."""
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
    """A name or a derivative with respect to a name: its head, what it stands for, and how early it is replaced."""

    def __init__(self, head: Head, body: Sum, rank: tuple[int, int]) -> None:
        self.head, self.body, self.rank = head, body, rank


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
        todo = [e]
        while todo:
            here = todo[-1]
            inside: tuple[Expr, ...] = ()
            if type(here) is Name and here in self.definitions:
                inside = (self.definitions[here],)
            elif type(here) is Apply and here.head not in LEAVES:
                inside = here.args
            new = [a for a in inside if a not in self.memo and (type(a) is Apply or a in self.definitions)]
            todo += new
            if not new:
                self.of(todo.pop())
        return self.of(e)

    def of(self, e: Expr) -> Value:
        """The entries of an expression, known derivatives as letters."""
        found = self.memo.get(e)
        if found is None:
            found = self.memo[e] = self.recognised(self._read(e))
        return found

    def times(self, a: Value, b: Value) -> Value:
        """The matrix product, likewise."""
        return self.recognised(super().times(a, b))

    def learn(self, name: Name, body: Sum, rank: tuple[int, int]) -> Letter:
        """A letter for what a name stands for."""
        shape = layout(self.alg, name)
        ((m, _),) = variable(self.alg, name, True).items()
        letter = Letter(self.alg.heads[(m[0] or m[1][0])[0][0]], body, rank)
        self.letters[letter.head.id] = letter
        try:
            self.sampled.learn(letter.head, body)
        except NONE:
            raise Stuck("no point at which to look") from None
        mark = self.sampled.seen(letter.head.dims, body)
        if mark is not None and any(mark):
            self.known.setdefault(shape, Known()).add(mark, letter)
        return letter

    def recognised(self, v: Value) -> Value:
        """The multiple of a letter that a value is, if it is one."""
        if not self.seeking or not v.entries or self.is_letter(v.entries):
            return v
        choice = self.known.get((v.rows, v.cols))
        mark = self.sampled.seen(v.rows + v.cols, v.entries) if choice else None
        if choice is None or mark is None or not any(mark):
            return v
        for q, letter in choice.multiples(mark):
            if not self.reduced(self.alg.add(v.entries, self.alg.scaled(letter.body, plain(-q))), GUESS):
                own = self.alg.atom(letter.head, slots(len(letter.head.dims)))
                return Value(v.rows, v.cols, self.alg.scaled(own, plain(q)))
        return v

    def is_letter(self, s: Sum) -> bool:
        """Whether a sum is one entry of one variable."""
        if len(s) != 1:
            return False
        ((m, _),) = s.items()
        return len(m[0]) == 1 and not m[1] and m[0][0][2] == 1 and self.alg.heads[m[0][0][0]].kind == "variable"

    def reduced(self, s: Sum, work: int = WORK) -> Sum:
        """A difference with letters given their values, one after the other, until it is zero or too much has been tried."""
        limit = self.alg.limit
        self.alg.limit = min(limit, self.alg.steps + work)
        try:
            return self._lowered(s)
        except Stuck:
            return s
        finally:
            self.alg.limit = limit

    def _lowered(self, s: Sum) -> Sum:
        s, alg, limit = dict(s), self.alg, TERMS + 2 * len(s)
        inside: dict[int, set[Monomial]] = {}       # the terms that hold a letter
        waiting: list[tuple[tuple[int, int], int]] = []

        def enter(m: Monomial) -> None:
            for h in _letters(alg, m):
                if h in self.letters:
                    if h not in inside:
                        heappush(waiting, (self.letters[h].rank, h))
                    inside.setdefault(h, set()).add(m)
        for m in s:
            enter(m)
        rounds = ROUNDS + len(inside)
        while rounds and s and len(s) <= limit and waiting:
            letter = self.letters[heappop(waiting)[1]]
            there = {m: s.pop(m) for m in inside.pop(letter.head.id) if m in s}
            if there:
                for m, c in rebuilt(alg, there, {letter.head.id: letter.body}).items():
                    v = s.get(m, 0) + c
                    if v:
                        s[m] = plain(v)
                        enter(m)
                    else:
                        del s[m]
                rounds -= 1
        return s


def _by_letter(alg: Algebra, s: Sum) -> dict[int, Sum]:
    """The terms of a sum by the letters in them."""
    out: dict[int, Sum] = {}
    for m, c in s.items():
        for h in _letters(alg, m):
            out.setdefault(h, {})[m] = c
    return out


def _letters(alg: Algebra, m: Monomial) -> frozenset[int]:
    known: frozenset[int] | None = alg.memo.get(("letters", m))
    if known is None:
        found: set[int] = set()
        for part in (m[0], *m[1]):
            for h, _, _ in part:
                head = alg.heads[h]
                if head.kind == "variable":
                    found.add(h)
                for n in head.template or ():
                    found |= _letters(alg, n)
        known = alg.memo["letters", m] = frozenset(found)
    return known


def _polynomial(alg: Algebra, s: Sum) -> bool:
    return all(e > 0 and e % 1 == 0 and alg.heads[h].kind in ("variable", "delta", "size", "prime", "closed")
               for m in s for part in (m[0], *m[1]) for h, _, e in part)


def chain(alg: Algebra, f: Expr, x: Name, definitions: Sequence[tuple[Name, Expr]], claim: Expr,
          where: Sequence[tuple[Name, Expr]]) -> Sum:
    """The difference of the derivative of a scalar f and the claim, over the letters of the chain."""
    if f.shape != SCALAR or x.words - {"positive"}:
        raise Stuck("no chain")
    used = set(f.names)
    for n, body in reversed(definitions):
        if n in used:
            used |= body.names
    entries = Linked(alg, {n: body for n, body in definitions if n not in used} | dict(where))
    names: list[tuple[Name, Letter]] = []
    for k, (n, body) in enumerate((n, body) for n, body in definitions if n in used):
        value = entries.of(body).entries
        # what is not a polynomial is replaced first: its derivative is often written in the name itself
        names.append((n, entries.learn(n, value, (3 if _polynomial(alg, value) else 0, -k))))
    ((m, _),) = variable(alg, x, True).items()
    head = alg.heads[(m[0] or m[1][0])[0][0]]
    last = entries.of(f).entries
    sums: dict[int, list[Sum]] = {h.id: [] for h in (head, *(letter.head for _, letter in names))}
    for by, part in _by_letter(alg, last).items():
        if by in sums:
            sums[by].append(_slope(alg, part, alg.heads[by]))
    for k in range(len(names) - 1, -1, -1):
        n, letter = names[k]
        adjoint = alg.add({}, *sums.pop(letter.head.id))
        if not adjoint:
            continue
        if not entries.is_letter(adjoint) and any(_letters(alg, m) for m in adjoint):     # what is constant is no letter
            twin = entries.learn(Name(f"d {n.name}", n.shape), adjoint, (1, k))
            adjoint = alg.atom(twin.head, slots(len(twin.head.dims)))
        for by, part in _by_letter(alg, letter.body).items():
            if by in sums:
                sums[by].append(_link(alg, adjoint, letter.head, part, alg.heads[by]))
    total = alg.add({}, *sums[head.id])
    entries.memo.clear()
    entries.seeking = True
    v = entries.deep(claim)
    if (v.rows, v.cols) != layout(alg, x):
        raise Stuck("an index of a product of sizes")
    return entries.reduced(alg.add(total, alg.scaled(v.entries, -1)), WORK + GUESS * len(names))


def _slope(alg: Algebra, s: Sum, by: Head) -> Sum:
    return slope(alg, s, by, slots(len(by.dims)))


def _link(alg: Algebra, adjoint: Sum, user: Head, body: Sum, by: Head) -> Sum:
    """adjoint * d body / d by, summed over the body's indices."""
    n, q = len(user.dims), len(by.dims)
    inner = slope(alg, body, by, slots(q, n))
    own = {-i - 1: i for i in range(n)}
    return alg.contract(adjoint, own, inner, own | {-n - i - 1: -i - 1 for i in range(q)}, dict(enumerate(user.dims)))
