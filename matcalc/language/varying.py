"""Which names vary in what is differentiated, and how many times it is."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property

from .nodes import Apply, Expr, Name
from .operations import DERIVED
from .traversal import subexpressions, reachable

Moving = frozenset[Name] | None         # what is differentiated by; None for all there is


class WhatMoves:
    """Which names depend on what is differentiated by, through definitions too: found once for each set of names, in one pass."""

    def __init__(self, definitions: Mapping[Name, Expr]) -> None:
        self.users: dict[Name, list[Name]] = {}
        for name, body in definitions.items():
            for used in body.names:
                self.users.setdefault(used, []).append(name)
        self.known: dict[frozenset[Name], frozenset[Name]] = {}

    def within(self, e: Expr, names: Moving) -> bool:
        """Whether an expression moves."""
        if names is None or not names:
            return names is None
        found = self.known.get(names)
        if found is None:
            found = self.known[names] = frozenset(reachable(names, lambda n: self.users.get(n, ())))
        return not found.isdisjoint(e.names)


class Times:
    """How often it is differentiated; derivatives that stand in the text may be derivatives of each other."""

    def __init__(self, read: tuple[Expr, ...], order: int) -> None:
        self.read, self.order = read, order

    @cached_property
    def most(self) -> int:
        """At most so often."""
        return self.order + sum(type(e) is Apply and e.head in DERIVED for e in subexpressions(self.read))
