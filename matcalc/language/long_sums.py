"""A sum of very many terms, few of which change at a time: a change costs what they cost, not what the sum costs."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable
from operator import itemgetter

from .arithmetic import in_order, parts_of
from .inspection import UNIT, part_of, has_transpose
from .nodes import Apply, Expr, Part
from .shape import SCALAR
from ..records import Record

PLACE = itemgetter(3)
MANY = 120      # terms


Placed = tuple[int, Part]


class Change(Record):
    """Terms taken out one after the other, and terms put in, each with the place it has then."""

    taken: tuple[Placed, ...]
    given: tuple[Placed, ...]


def is_long(e: Expr) -> bool:
    """Whether this is a sum of many terms that each stand for themselves: none has the whole transposed."""
    return type(e) is Apply and e.head == "+" and len(e.args) > MANY and (e.shape == SCALAR or not any(map(has_transpose, e.args)))


class LongSum:
    """The terms of a sum in their order."""

    def __init__(self, e: Apply) -> None:
        self.shape, self.parts = e.shape, list(parts_of(e))

    def expr(self) -> Expr:
        """The sum as an expression."""
        return in_order(self.parts[:], self.shape)

    def places(self, terms: Iterable[Expr]) -> list[int] | None:
        """Where terms stand, if all of them do."""
        found = []
        for part in map(part_of, terms):
            i = bisect_left(self.parts, part[3], key=PLACE)
            if i == len(self.parts) or self.parts[i][2] is not part[2]:
                return None
            found.append(i)
        return found if len(set(found)) == len(found) else None

    def exchange(self, places: Iterable[int], new: Expr) -> Change | None:
        """Put another term, or the terms of a sum, in the place of some; None, and nothing done, where more than these terms changes."""
        parts, places = sorted(parts_of(new), key=PLACE), list(places)
        if len(self.parts) - len(places) < 2 or new.shape != self.shape or not parts or not all(map(self._apart, parts)):
            return None
        change = Change(tuple([(i, self.parts.pop(i)) for i in sorted(places, reverse=True)]), ())
        for part in parts:
            if self._met(part):
                self.undo(change)
                return None
            i = bisect_left(self.parts, part[3], key=PLACE)
            self.parts.insert(i, part)
            change = change._replace(given=(*change.given, (i, part)))
        return change

    def _apart(self, part: Part) -> bool:
        """Whether a term stands for itself: no number, and nothing that has the whole sum transposed."""
        return part[0] is not UNIT and (self.shape == SCALAR or not has_transpose(part[2]))

    def _met(self, part: Part) -> bool:
        """Whether the sum has a multiple of a term."""
        for place in ((False, part[3][1]), (True, part[3][1])):
            i = bisect_left(self.parts, place, key=PLACE)
            if i < len(self.parts) and self.parts[i][3] == place:
                return True
        return False

    def redo(self, change: Change) -> None:
        """Change it as before."""
        for i, _ in change.taken:
            del self.parts[i]
        for i, part in change.given:
            self.parts.insert(i, part)

    def undo(self, change: Change) -> None:
        """Take a change back."""
        for i, _ in reversed(change.given):
            del self.parts[i]
        for i, part in reversed(change.taken):
            self.parts.insert(i, part)


class History:
    """The lines a long sum went through, each written out only when it is asked for."""

    def __init__(self, first: Apply, seen: Callable[[Expr, int], object] = lambda line, changes: None) -> None:
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

    def exchange(self, terms: Iterable[Expr], new: Expr) -> list[int] | None:
        """Another term for some of the last line; where they stood, or None where that cannot be said of these terms alone."""
        self.go(len(self.changes))
        places = self.sum.places(terms)
        change = None if places is None else self.sum.exchange(places, new)
        if change is None:
            return None
        self.changes.append(change)
        self.now += 1
        return places

    def forget(self, k: int) -> None:
        """Take back what came after so many changes."""
        self.go(k)
        del self.changes[k:]


class Drawn(Record):
    """A line of a history."""

    history: History
    k: int

    @property
    def value(self) -> Expr:
        """The line, written out."""
        return self.history.line(self.k)
