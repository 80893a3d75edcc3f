"""Unknown sizes: what is known of them, which constraints wait for more, and a way back to an earlier state.

An unknown size is a Dim whose name begins with "?"; one that ends with "~" may turn out to be 1. A size that begins with "!" was
left open by what is differentiated and defined: nothing may change it any more, but a size the claim writes may give it its name.
"""

from __future__ import annotations

from contextlib import suppress
from functools import lru_cache
from typing import Any, TypeVar

from ...language.shape import ONE, SCALAR, Dim, Shape
from .constraint import Bent, Constraint, Source

K = TypeVar("K")
V = TypeVar("V")
WORK = 60_000


class Tired(Exception):
    """The search has taken too long."""


@lru_cache(512)
def unknown(number: int, mark: str) -> Dim:
    """One of the unknown sizes of a search."""
    return Dim.of(f"?{number}{mark}")


def maybe_one(d: Dim) -> bool:
    """Whether a size may still turn out to be 1."""
    if d.letter:
        return d.text[-1] == "~"
    return d.number is None and len(d.terms) == 1 and d.terms[0][1] == 1 and all(n[-1] == "~" for n in d.terms[0][0])


class Known:
    """Every shape is known: nothing waits, and no size is made another's."""

    source: Source = None
    ends: list[tuple[Shape, Shape, Source]] = []
    functions: list[Shape] = []     # what is differentiated

    def settle(self, d: Dim) -> Dim:
        """A size as it is known."""
        return d

    def same(self, a: Dim, b: Dim) -> bool:
        """Whether two sizes are one."""
        return a is b

    def scalar(self, shape: Shape) -> bool | None:
        """Whether a shape is a scalar's; None while that is open."""
        return shape == SCALAR

    def post(self, constraint: Constraint) -> bool:
        """Apply a constraint, now and when more is known; False where it cannot hold."""
        return bool(constraint.act())

    def open(self) -> Shape:
        """A shape of which nothing is known."""
        raise AssertionError

    def no_scalar(self, shape: Shape) -> bool:
        """Let a shape be none of a scalar, now and when more is known; False where it is one."""
        raise AssertionError


class Sizes(Known):
    """What the unknown sizes are known to be."""

    def __init__(self) -> None:
        self.known: dict[str, Dim] = {}
        self.solid: dict[tuple[str, str], bool] = {}
        self.why: dict[str, Source] = {}        # what first made a size the same as another
        self.done: dict[Constraint, bool] = {}
        self.waiting: dict[str, dict[Constraint, bool]] = {}
        self.queue: dict[Constraint, None] = {}
        self.trail: list[tuple[dict[Any, Any], Any, Any]] = []
        self.names: dict[str, bool] = {}
        self.sums: dict[tuple[Dim, Dim], bool] = {}     # equal sums of sizes of which too little is known
        self.ends, self.functions = [], []
        self.count = self.work = 0

    # ------------------------------------------------------------ the state
    def put(self, where: dict[K, V], key: K, value: V) -> None:
        """Write down something that can be taken back."""
        self.trail.append((where, key, where.get(key)))
        where[key] = value

    def back(self, mark: int) -> None:
        """As it was when the trail had this length."""
        self.queue.clear()
        while len(self.trail) > mark:
            where, key, old = self.trail.pop()
            if old is None:
                where.pop(key, None)
            else:
                where[key] = old

    def fresh(self, mark: str = "") -> Dim:
        """A new unknown size."""
        self.count += 1
        return unknown(self.count, mark)

    def open(self) -> Shape:
        """A shape of which nothing is known."""
        return self.fresh("~"), self.fresh("~")

    def settle(self, d: Dim) -> Dim:
        """A size with everything known put in."""
        known = self.known
        found = known.get(d.text)
        if found is None:
            return d if d.letter or not d.names or known.keys().isdisjoint(d.names) else d.where(lambda n: self.settle(Dim.of(n)))
        path: list[str] = []
        while (further := known.get(found.text)) is not None:
            path.append(d.text)
            d, found = found, further
        if not (found.letter or known.keys().isdisjoint(found.names)):
            found = found.where(lambda n: self.settle(Dim.of(n)))
            path.append(d.text)
        for text in path:
            self.put(known, text, found)
        return found

    def settled(self, shape: Shape) -> Shape:
        """The same for both sizes of a shape."""
        return self.settle(shape[0]), self.settle(shape[1])

    # ------------------------------------------------------------ what holds
    def scalar(self, shape: Shape) -> bool | None:
        """Whether a shape is a scalar's: True, False, or None while that is open."""
        (rows, cols), known = shape, self.known         # a letter of which nothing is known is settled
        if rows is not ONE:
            if rows.text in known or not rows.letter:
                rows = self.settle(rows)
            if rows is not ONE and not maybe_one(rows):
                return False
        if cols is not ONE:
            if cols.text in known or not cols.letter:
                cols = self.settle(cols)
            if cols is not ONE and not maybe_one(cols):
                return False
        return True if rows is ONE and cols is ONE else False if (rows.text, cols.text) in self.solid else None

    def same(self, a: Dim, b: Dim) -> bool:
        """Make two sizes one, if that can be."""
        if a is b:
            return True
        a, b = self.settle(a), self.settle(b)
        if a is b:
            return True
        for d in (a, b) if self.source is not None else ():
            if d.text[0] == "?" and d.text not in self.why:
                self.put(self.why, d.text, self.source)
        if b is ONE:
            a, b = b, a
        if a is ONE:
            return maybe_one(b) and all(self.bind(n, ONE) for n in b.names)
        for one, two in ((a, b), (b, a)) if maybe_one(a) else ((b, a), (a, b)):
            if one.text[0] in "?!" and one.text in one.names and one.text not in two.names:
                if one.text[0] == "?":
                    return self.bind(one.text, two)
                if self.names.get(two.text):    # a size left open takes the name the claim gives it, and no other takes it
                    self.put(self.names, two.text, False)
                    return self.bind(one.text, two)
        return self._divided(a, b) or self._waits(a, b)

    def _waits(self, a: Dim, b: Dim) -> bool:
        """Let ?1 + ?2 = m + n wait until more is known; False where it cannot hold."""
        if min(map(len, self._apart(a, b))) < 2:
            return False
        self.put(self.sums, (a, b), True)
        def now() -> bool | None:
            one, two = self.settle(a), self.settle(b)
            return None if one is not two and min(map(len, self._apart(one, two))) > 1 else self.same(one, two)
        return self.post(Constraint(now, lambda: (a, b), self.source))

    def _apart(self, a: Dim, b: Dim) -> tuple[list[str], list[str]]:
        """The sizes that two sums do not have in common, one of which is unknown; none of sums of products."""
        one, two = (set(x.terms) - set(y.terms) for x, y in ((a, b), (b, a)))
        whole = any(len(n) != 1 or k != 1 for n, k in one | two) or all(n[0][0] != "?" for n, _ in one | two)
        return ([], []) if whole else ([n[0] for n, _ in one], [n[0] for n, _ in two])

    def pair_sums(self) -> None:
        """Take sums of sizes that are still apart term by term: x and y of [x; y] in [A, B; B', C]*[x; y]."""
        def made(n: str) -> tuple[int, str]:
            return int(n.strip("?!~")) if n[0] in "?!" else 0, n
        for a, b in list(self.sums):
            one, two = (sorted(side, key=made) for side in self._apart(self.settle(a), self.settle(b)))
            mark = len(self.trail)
            with suppress(Bent):
                if len(one) == len(two) and all(self.same(Dim.of(m), Dim.of(n)) for m, n in zip(one, two, strict=True)):
                    self.run()
                    continue
            self.back(mark)

    def bind(self, name: str, d: Dim) -> bool:
        """Let an unknown be a size."""
        self.put(self.known, name, d)
        for constraint in self.waiting.get(name, ()):
            self.queue.pop(constraint, None)        # it comes next, and once
            self.queue[constraint] = None
        return True

    def _divided(self, a: Dim, b: Dim) -> bool:
        """m*?1 = m*n gives ?1 = n, ?1+1 = n+1 gives ?1 = n; m*?1 = n*?2, of kron(eye, A) + kron(B, eye), the least ones."""
        left, right = dict(a.terms), dict(b.terms)
        for names in [n for n in left if left[n] == right.get(n)]:
            del left[names], right[names]
        if len(left) == 1 and len(right) == 1:
            (x, p), (y, q) = left.popitem(), right.popitem()
            xs, ys = list(x), list(y)
            for n in x:
                if n in ys:
                    xs.remove(n)
                    ys.remove(n)
            for (us, u), (vs, v) in (((xs, p), (ys, q)), ((ys, q), (xs, p))):
                if len(us) == 1 and us[0][0] in "?!" and v % u == 0 and us[0] not in vs:
                    out = Dim.of(v // u)
                    for n in vs:
                        out = out * Dim.of(n)
                    return (us[0][0] == "?" or bool(self.names.get(out.text))) and self.same(Dim.of(us[0]), out)
                k = len(us)
                if k > 1 and u == v and us[0][0] == "?" and {*us} == {us[0]} and all(vs.count(n) % k == 0 for n in vs):
                    out = Dim.of(1)
                    for n in sorted({*vs}):
                        for _ in range(vs.count(n) // k):
                            out = out * Dim.of(n)
                    return us[0] not in vs and self.same(Dim.of(us[0]), out)
            one, two = ([n for n in names if n[0] == "?"] for names in (xs, ys))
            if p == q and len(one) == len(two) == 1 and len(xs) == len(ys) == 2 and one != two and "~" not in one[0] + two[0]:
                return all(self.bind(n, Dim.of(next(w for w in names if w[0] != "?"))) for [n], names in ((one, ys), (two, xs)))
        return False

    def agree(self, a: Shape, b: Shape) -> bool:
        """Make two shapes one, if that can be."""
        return self.same(a[0], b[0]) and self.same(a[1], b[1])

    def above_one(self, d: Dim) -> bool:
        """Let a size be no 1, if that can be."""
        d = self.settle(d)
        return d is not ONE and (not maybe_one(d) or d.text not in d.names or self.bind(d.text, self.fresh()))

    def column(self, shape: Shape) -> bool:
        """Let a shape be a column's."""
        return self.same(shape[1], ONE) and self.above_one(shape[0])

    def no_scalar(self, shape: Shape) -> bool:
        """Let a shape be none of a scalar, now and when more is known; False where it is one."""
        return self.post(Constraint(lambda: self._kept_solid(shape), lambda: shape))

    def _kept_solid(self, shape: Shape) -> bool | None:
        rows, cols = self.settled(shape)
        if rows is ONE or rows is cols:
            return self.above_one(cols)
        if cols is ONE:
            return self.above_one(rows)
        if maybe_one(rows) and maybe_one(cols):
            self.put(self.solid, (rows.text, cols.text), True)
            return None
        return True

    # ------------------------------------------------------------ constraints
    def post(self, constraint: Constraint) -> bool:
        """Apply a constraint now, and as often as more is known, until it has said all it can; False where it cannot hold."""
        self.work += 1
        if self.work > WORK:
            raise Tired
        if self.done.get(constraint):
            return True
        self.source = constraint.source
        found = constraint.act()
        if found is None:
            for d in constraint.about():
                for n in self.settle(d).names:
                    if n[0] == "?" and constraint not in (waiting := self.waiting.setdefault(n, {})):
                        self.put(waiting, constraint, True)
            return True
        if found:
            self.put(self.done, constraint, True)
        return found

    def run(self) -> None:
        """Apply every constraint that something new is known for."""
        while self.queue:
            constraint, _ = self.queue.popitem()
            if not self.post(constraint):
                raise constraint.failure()
