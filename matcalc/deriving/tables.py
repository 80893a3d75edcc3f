"""The tidying rows, ready to use: found by the head they need, read when that head is first met."""

from __future__ import annotations

import re
from collections import Counter
from typing import NamedTuple

from ..language.expr import Apply, Dim, Expr, Name, T
from ..reading.laws import lift
from ..language.operations import SPELLING
from ..rules import algebra
from ..rules.rule import Rule

_WORD = re.compile(r"[a-z]\w*(?=\()")
_MATRIX = Name("t", (Dim.of("m"), Dim.of("n")))


class Row(NamedTuple):
    """A rule ready to use: its two sides, and whether they are transposed."""

    rule: Rule
    lhs: Expr
    rhs: Expr
    turned: bool = False


class Table:
    """The tidying rows, found by the head they need; a row is read when that head is first met."""

    def __init__(self, rules: tuple[Rule, ...], scalar: tuple[Rule, ...] = ()) -> None:
        self.by_head: dict[str, list[Row]] = {}
        self.by_factor: dict[str, list[Row]] = {}
        self.letters: list[Row] = []
        self.scalar = frozenset(scalar)
        words = {rule: _WORD.findall(rule.equation.split(" = ")[0]) for rule in rules + scalar}
        common = Counter(w for found in words.values() for w in found)
        self.waiting: dict[str, list[Rule]] = {}
        self.met: set[str] = set()
        for rule, found in words.items():
            self.waiting.setdefault(min(found, key=lambda w: common[w]) if found else "", []).append(rule)
        self.meet("")

    def meet(self, head: str) -> None:
        """Read the rows that wait for a head: it is met before anything that holds it."""
        self.met.add(head)
        for rule in self.waiting.pop(SPELLING.get(head, head), ()):
            self._enter(Row(rule, rule.lhs, rule.rhs))
            if rule in self.scalar:
                t = next(iter(rule.lhs.names))
                wide = Name("t", _MATRIX.shape, t.words)
                self._enter(Row(rule, lift(rule.lhs, t, wide), lift(rule.rhs, t, wide)))
                continue
            turned = T(rule.lhs)
            if turned is not rule.lhs and isinstance(rule.lhs, Apply) and rule.lhs.head in ("*", ".*"):
                self._enter(Row(rule, turned, T(rule.rhs), True))

    def _enter(self, row: Row) -> None:
        lhs = row.lhs
        assert isinstance(lhs, Apply)
        if lhs.head in ("*", ".*"):
            heads = [anchor(a) for a in lhs.args]
            best = next((h for h in heads if h), None)
            if best is None:
                self.letters.append(row)
            else:
                self.by_factor.setdefault(best, []).append(row)
        else:
            self.by_head.setdefault(lhs.head, []).append(row)


def anchor(a: Expr) -> str:
    """The head a factor must have; a transposed or powered factor is known by what is inside."""
    if isinstance(a, Apply):
        if a.head in ("'", "^", ".^") and isinstance(a.args[0], Apply):
            return a.head + anchor(a.args[0])
        if a.head == "'" and isinstance(a.args[0], Name):
            return ""
        return a.head
    return ""


MAIN = Table(algebra.TIDY + algebra.STRUCTURE, algebra.SCALAR)
NAMING = Table(algebra.NAMED)
