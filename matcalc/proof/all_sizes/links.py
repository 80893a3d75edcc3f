"""Long chains of definitions proved link by link, so the cost grows with their number and not with their product.

Every defined name is an opaque letter; so is the derivative of f with respect to it, whose value is one link of the chain
rule over the letters of the names that use it. A part of the claim that equals such a value becomes its letter. Which value it
might equal is seen at a random point; that it does is shown by the normal forms, letters given their values as far as it takes.
What holds with opaque letters holds when they are given their values.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Sequence
from fractions import Fraction
from math import inf, isclose
from typing import Any

from ...language.expr import SCALAR, Apply, Expr, Name
from .fitting import Value
from .indexed import Entries
from .monomial import Head, Sum
from .normalform import Algebra
from .heads import Stuck, plain
from .rebuild import layout, rebuilt, slots, variable
from .derivatives import slope
from .sampled import NONE, Sampled

ROUNDS, TERMS, WORK, NEAR = 14, 600, 5_000, 1e-7
GUESS = 1_500       # of work for a value that looks like a letter's: ten times what a right one takes, as a rule
SIMPLE = 64         # the largest denominator of a multiple that is recognised
Mark = tuple[float, ...]
LEAVES = ("eye", "ones", "zeros", "comm", "select", "pi", "unvec", "apply", "derivative", "d")


def _ratio(known: tuple[Mark, Letter]) -> float:
    return _turned(known[0])


def _turned(mark: Mark) -> float:
    """One entry in terms of the other: the same for every multiple."""
    return mark[-1] / mark[0] if mark[0] else inf


def _multiple(a: Mark, b: Mark) -> Fraction | None:
    """The simple fraction of b that a is."""
    which = max(range(len(b)), key=lambda k: abs(b[k]))
    q = Fraction(a[which] / b[which]).limit_denominator(SIMPLE)
    return q if q and all(isclose(x, q * y, rel_tol=NEAR, abs_tol=1e-300) for x, y in zip(a, b, strict=True)) else None


class Letter:
    """A name or a derivative with respect to a name: its head, what it stands for, and how early it is replaced."""

    def __init__(self, head: Head, body: Sum, rank: tuple[int, int]) -> None:
        self.head, self.body, self.rank = head, body, rank


class Linked(Entries):
    """Reads a claim over opaque letters; a part that is a multiple of a known derivative becomes that multiple of its letter."""

    def __init__(self, alg: Algebra, definitions: dict[Name, Expr]) -> None:
        super().__init__(alg, definitions)
        self.letters: dict[int, Letter] = {}
        self.known: dict[Any, list[tuple[Mark, Letter]]] = {}
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
            insort(self.known.setdefault(shape, []), (mark, letter), key=_ratio)
        return letter

    def recognised(self, v: Value) -> Value:
        """The multiple of a letter that a value is, if it is one."""
        if not self.seeking or not v.entries or self.is_letter(v.entries):
            return v
        choice = self.known.get((v.rows, v.cols))
        mark = self.sampled.seen(v.rows + v.cols, v.entries) if choice else None
        if choice is None or mark is None or not any(mark):
            return v
        ratio = _turned(mark)
        near = NEAR * abs(ratio) if ratio < inf else 0.0
        for place in range(bisect_left(choice, ratio - near, key=_ratio), len(choice)):
            other, letter = choice[place]
            if _turned(other) > ratio + near:
                break
            q = _multiple(mark, other)
            if q is not None and not self.reduced(self.alg.add(v.entries, self.alg.scaled(letter.body, plain(-q))), GUESS):
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
        rounds, limit = ROUNDS + len(self.present(s)), TERMS + 2 * len(s)
        while rounds and s and len(s) <= limit:
            letters = self.present(s)
            if not letters:
                return s
            first = min(letters, key=lambda t: t.rank)
            there = {m: c for m, c in s.items() if first.head.id in _letters(self.alg, m)}
            rest = {m: c for m, c in s.items() if m not in there}
            s = self.alg.add(rest, rebuilt(self.alg, there, {first.head.id: first.body}))
            rounds -= 1
        return s

    def present(self, s: Sum) -> list[Letter]:
        """The letters that stand in a sum."""
        return [self.letters[h] for h in {h for m in s for h in _letters(self.alg, m)} if h in self.letters]


def _letters(alg: Algebra, m: Any) -> frozenset[int]:
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
    total = _slope(alg, last, head)
    sums = {letter.head.id: _slope(alg, last, letter.head) for _, letter in names}
    for k in range(len(names) - 1, -1, -1):
        n, letter = names[k]
        adjoint = sums.pop(letter.head.id)
        if not adjoint:
            continue
        if not entries.is_letter(adjoint):
            twin = entries.learn(Name(f"d {n.name}", n.shape), adjoint, (1, k))
            adjoint = alg.atom(twin.head, slots(len(twin.head.dims)))
        for by in frozenset().union(*(_letters(alg, m) for m in letter.body)):
            if by in sums:
                sums[by] = alg.add(sums[by], _link(alg, adjoint, letter, alg.heads[by]))
            elif by == head.id:
                total = alg.add(total, _link(alg, adjoint, letter, head))
    entries.memo.clear()
    entries.seeking = True
    v = entries.deep(claim)
    if (v.rows, v.cols) != layout(alg, x):
        raise Stuck("an index of a product of sizes")
    return entries.reduced(alg.add(total, alg.scaled(v.entries, -1)), WORK + GUESS * len(names))


def _slope(alg: Algebra, s: Sum, by: Head) -> Sum:
    return slope(alg, s, by, slots(len(by.dims)))


def _link(alg: Algebra, adjoint: Sum, user: Letter, by: Head) -> Sum:
    """adjoint * d value / d by, summed over the value's indices."""
    n, q = len(user.head.dims), len(by.dims)
    inner = slope(alg, user.body, by, slots(q, n))
    own = {-i - 1: i for i in range(n)}
    return alg.contract(adjoint, own, inner, own | {-n - i - 1: -i - 1 for i in range(q)}, dict(enumerate(user.head.dims)))
