"""The tidying rows, ready to use: found by the head they need, read when all their heads have been met."""

from __future__ import annotations

from bisect import insort
from collections.abc import Sequence
from functools import lru_cache

from ..language.columns import RowError
from ..language.expr import MINUS, Apply, Dim, Expr, Name, T
from ..reading.entrywise_laws import lift
from ..language.operations import FACTORED, SIZED, SPELLING
from ..rulebook import algebra
from ..rulebook.matching import required_heads
from ..rulebook.rule import Rule, functions_in

LATELY = 512        # outlines
Outline = tuple[str, frozenset[str], frozenset[str], bool]
TURNED_OR_RAISED = frozenset(("'", "^", ".^"))
_MATRIX = Name("t", (Dim.of("m"), Dim.of("n")))


class Row:
    """A rule ready to use: its two sides, and whether they are transposed; `wide` is t and the matrix that it stands for entry by
    entry; `heads` have to be in what it fits, `anchors` are those of its factors, and of a product `within` is the head of what stands in
    a factor, as in inv(A*B); of a sum `tops` are the heads of its terms, of a function that of its argument; `ignored` is the A of
    f(A') = f(A). The right side is read when it is first used."""

    __slots__ = ("_rhs", "anchors", "heads", "ignored", "lhs", "rule", "tops", "transposed", "wide", "within")

    def __init__(self, rule: Rule, transposed: bool = False, wide: tuple[Name, Name] | None = None) -> None:
        self.rule, self.transposed, self.wide = rule, transposed, wide
        lhs = self._as_used(rule.lhs)
        if not isinstance(lhs, Apply):
            raise RowError(f"the rule {rule.name}: its left side is built as {lhs}, and is never met")
        self.lhs = lhs
        self.heads = required_heads(self.lhs)
        self.anchors = frozenset(h for a in lhs.args if (h := anchor(a)) and "*" not in h)      # what a product stands for may cancel
        self.within = next((w for a in lhs.args if (w := heads_within(a)) in ("*", "+")), "") if lhs.head == "*" else ""
        self._rhs: Expr | None = None
        inner = lhs.args[0] if len(set(rule.equation.replace("'", "").split(" = "))) == 1 else None
        self.ignored = inner.args[0] if type(inner) is Apply and inner.head == "'" else None
        args = lhs.args if lhs.head == "+" else lhs.args[:1] if lhs.head not in SIZED and self.ignored is None else ()
        self.tops = frozenset([a.head for a in args if type(a) is Apply and a.names and a.args[0] is not MINUS])

    @property
    def rhs(self) -> Expr:
        """The right side."""
        if self._rhs is None:
            self._rhs = self._as_used(self.rule.rhs)
        return self._rhs

    def _as_used(self, side: Expr) -> Expr:
        if self.wide is not None:
            side = lift(side, *self.wide)
        return T(side) if self.transposed else side


class Table:
    """The tidying rows, found by the head they need; a row is read when the last of its heads is first met."""

    def __init__(self, rules: tuple[Rule, ...], scalar: tuple[Rule, ...] = ()) -> None:
        self.by_head: dict[str, list[Row]] = {}
        self.by_factor: dict[str, list[Row]] = {}
        self.letters: list[Row] = []
        self.scalar = frozenset(scalar)
        self.place = {rule: k for k, rule in enumerate(rules + scalar)}
        self.waiting: dict[str, list[tuple[Rule, tuple[str, ...]]]] = {}
        self.met: set[str] = set()          # heads, and how they are spelled
        self.lately: dict[Outline, list[Row]] = {}      # what was found for outlines of products
        for rule in rules + scalar:
            self._wait(rule, functions_in(rule.equation.partition(" = ")[0]))

    def meet(self, head: str) -> None:
        """Read the rows that waited for nothing but a head: all heads are met before anything that holds them."""
        word = SPELLING.get(head, head)
        self.met |= {head, word}
        for rule, others in self.waiting.pop(word, ()):
            self._wait(rule, others)

    def _wait(self, rule: Rule, words: tuple[str, ...]) -> None:
        for k, word in enumerate(words):
            if word not in self.met:
                self.waiting.setdefault(word, []).append((rule, words[k + 1:]))
                return
        self._read(rule)

    def _read(self, rule: Rule) -> None:
        row = Row(rule)
        self._enter(row)
        if rule in self.scalar:
            t = next(n for n in rule.lhs.names if n.name == "t")
            self._enter(Row(rule, wide=(t, Name("t", _MATRIX.shape, t.words))))
        elif row.lhs.head in FACTORED and T(row.lhs) is not row.lhs:
            self._enter(Row(rule, transposed=True))

    def _enter(self, row: Row) -> None:
        lhs = row.lhs
        if lhs.head in FACTORED:
            best = next((h for h in map(anchor, lhs.args) if h), None)
            rows = self.letters if best is None else self.by_factor.setdefault(best, [])
        else:
            rows = self.by_head.setdefault(lhs.head, [])
        self.lately.clear()
        insort(rows, row, key=lambda r: self.place[r.rule])         # in the order of the book, whichever head was met first

    def rows(self, seen: Outline) -> Sequence[Row]:
        """The rows that may fit what has this outline."""
        head = seen[0]
        if head not in self.met:
            self.meet(head)
        if head not in FACTORED:
            return self.by_head.get(head, ())
        found = self.lately.get(seen)
        if found is None:
            if len(self.lately) >= LATELY:
                self.lately.clear()
            found = self.lately[seen] = self._fitting(*seen)
        return found

    def _fitting(self, head: str, anchors: frozenset[str], within: frozenset[str], words: bool) -> list[Row]:
        powers = {h for h in anchors if h.startswith((".^", "^"))}
        heads = anchors | {h[:2] if h[0] == "." else "^" for h in powers}   # a power of anything
        parts = heads | {h.lstrip(".^") for h in powers}                    # of which a factor may be taken
        return [row for rows in (*(self.by_factor.get(h, ()) for h in heads), self.letters if words else ()) for row in rows
                if row.lhs.head == head and row.anchors <= parts and (not row.within or row.within in within)]


NONE = frozenset[str]()
LETTER_WORDS = {"orthogonal", "skew"}


def outline(e: Apply) -> Outline:
    """What says which rows may fit: the head; of a product the anchors of its factors, the heads within them, and whether letters have
    words that rows are about."""
    if e.head not in FACTORED:
        return e.head, NONE, NONE, False
    return (e.head, frozenset([anchor(a) for a in e.args if type(a) is Apply]),
            frozenset([heads_within(a) for a in e.args if type(a) is Apply]), said_of(e.names))


@lru_cache(128)
def said_of(names: frozenset[Name]) -> bool:
    """Whether letters have words that rows are about."""
    return any(not n.words.isdisjoint(LETTER_WORDS) for n in names)


def tops(e: Apply) -> frozenset[str]:
    """The heads of the terms of a sum, or of the first argument of anything else."""
    return frozenset([a.head for a in (e.args if e.head == "+" else e.args[:1]) if type(a) is Apply])


def heads_within(a: Expr) -> str:
    """The head of what a factor, transposed or not, is a function of; of -t none, since t may be anything."""
    inner = a.args[0] if type(a) is Apply and a.head == "'" else a
    part = inner.args[0] if type(inner) is Apply and inner.args else None
    return part.head if type(part) is Apply and part.args and not (part.args[0] is MINUS and type(part.args[-1]) is Name) else ""


def anchor(a: Expr) -> str:
    """The head a factor must have; a transposed or powered factor is known by what is inside."""
    if type(a) is not Apply:
        return ""
    if a.head in TURNED_OR_RAISED:
        inner = a.args[0]
        if type(inner) is Apply:
            return a.head + anchor(inner)
        if a.head == "'" and type(inner) is Name:
            return ""
    return a.head


MAIN = Table(algebra.TIDY + algebra.STRUCTURE, algebra.SCALAR)
AFTER = Table(algebra.AFTER)
NAMING = Table(algebra.NAMED, algebra.NAMED_SCALAR)
LATE = Table(algebra.LATE)
