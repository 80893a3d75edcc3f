"""A sum of very many terms that changes one term at a time: a change costs what the term costs, not what the sum does."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable
from operator import itemgetter
from typing import NamedTuple

from .arithmetic import in_order, parts_of
from .inspection import UNIT, part_of, turned_inside
from .nodes import Apply, Expr, Part
from .shape import SCALAR

PLACE = itemgetter(3)
MANY = 120      # terms


class Change(NamedTuple):
    """A term taken from its place, and the terms put in, each at the place it then has."""

    at: int
    old: Part
    new: tuple[tuple[int, Part], ...]


def is_long(e: Expr) -> bool:
    """Whether this is a sum of many terms that each stand for themselves: none has the whole transposed."""
    return type(e) is Apply and e.head == "+" and len(e.args) > MANY and (e.shape == SCALAR or not any(map(turned_inside, e.args)))


class LongSum:
    """The terms of a sum in their order."""

    def __init__(self, e: Apply) -> None:
        self.shape, self.parts = e.shape, list(parts_of(e))

    def expr(self) -> Expr:
        """The sum as an expression."""
        return in_order(self.parts[:], self.shape)

    def place(self, term: Expr) -> int | None:
        """Where a term stands."""
        part = part_of(term)
        i = bisect_left(self.parts, part[3], key=PLACE)
        return i if i < len(self.parts) and self.parts[i][2] is term else None

    def exchange(self, at: int, term: Expr) -> Change | None:
        """Put another term, or the terms of a sum, in the place of one; None, and nothing done, where more than these terms changes."""
        new = sorted(parts_of(term), key=PLACE)
        if term.shape != self.shape or not new or not all(map(self._apart, new)):
            return None
        old = self.parts.pop(at)
        put: list[tuple[int, Part]] = []
        for part in new:
            if self._met(part):
                self._back(at, old, put)
                return None
            i = bisect_left(self.parts, part[3], key=PLACE)
            self.parts.insert(i, part)
            put.append((i, part))
        return Change(at, old, tuple(put))

    def _apart(self, part: Part) -> bool:
        """Whether a term stands for itself: no number, and nothing that has the whole sum transposed."""
        return part[0] is not UNIT and (self.shape == SCALAR or not turned_inside(part[2]))

    def _met(self, part: Part) -> bool:
        """Whether the sum has a multiple of a term."""
        for place in ((False, part[3][1]), (True, part[3][1])):
            i = bisect_left(self.parts, place, key=PLACE)
            if i < len(self.parts) and self.parts[i][3] == place:
                return True
        return False

    def redo(self, change: Change) -> None:
        """Change it as before."""
        del self.parts[change.at]
        for i, part in change.new:
            self.parts.insert(i, part)

    def undo(self, change: Change) -> None:
        """Take a change back."""
        self._back(change.at, change.old, change.new)

    def _back(self, at: int, old: Part, put: list[tuple[int, Part]] | tuple[tuple[int, Part], ...]) -> None:
        for i, _ in reversed(put):
            del self.parts[i]
        self.parts.insert(at, old)


class History:
    """The lines a long sum went through, each written out only when it is asked for."""

    def __init__(self, first: Apply, seen: Callable[[Expr, int], None]) -> None:
        self.sum, self.changes = LongSum(first), list[Change]()
        self.now = 0        # after so many changes
        self.seen = seen    # is told each line that is written out, and how many changes went before
        self.last: tuple[int, Expr] = 0, first

    def line(self, k: int) -> Expr:
        """The line after so many changes."""
        if self.last[0] != k:
            self.go(k)
            self.last = k, self.sum.expr()
            self.seen(self.last[1], k)
        return self.last[1]

    def go(self, k: int) -> None:
        """Have the sum as it was after so many changes."""
        while self.now < k:
            self.sum.redo(self.changes[self.now])
            self.now += 1
        while self.now > k:
            self.now -= 1
            self.sum.undo(self.changes[self.now])

    def exchange(self, term: Expr, new: Expr) -> int | None:
        """Another term for one of the last line; where it stood, or None where that cannot be said of this term alone."""
        self.go(len(self.changes))
        at = self.sum.place(term)
        change = None if at is None else self.sum.exchange(at, new)
        if change is None:
            return None
        self.changes.append(change)
        self.now += 1
        return at

    def forget(self, k: int) -> None:
        """Take back what came after so many changes."""
        self.go(k)
        del self.changes[k:]


class Drawn(NamedTuple):
    """A line of a history."""

    history: History
    k: int

    @property
    def value(self) -> Expr:
        """The line, written out."""
        return self.history.line(self.k)
