"""Sums that are raised to high powers, given a name each: what would take too long to multiply out is then a chain of two links."""

from __future__ import annotations

from collections.abc import Collection

from ...language.expr import Apply, Expr, Name, Number
from ...language.operations import POWERS

LOW = 3     # a power that is multiplied out
Swap = dict[frozenset[Expr], Name]


def named(f: Expr, x: Name, taken: Collection[str]) -> list[tuple[Name, Expr]]:
    """A name for every sum with x in it that stands under a high power, none inside another."""
    found: dict[frozenset[Expr], Expr] = {}
    seen: set[Expr] = set()
    todo = [f]
    while todo:
        e = todo.pop()
        if type(e) is not Apply or x not in e.names or e in seen:
            continue
        seen.add(e)
        if e.head in POWERS:
            base, k = e.args
            if type(k) is Number and not -LOW <= k.value <= LOW and type(base) is Apply and base.head == "+":
                found.setdefault(frozenset(base.args), base)
                continue
        todo += e.args
    free = (f"base{k}" for k in range(len(taken) + len(found)) if f"base{k}" not in taken)
    return [(Name(next(free), base.shape), base) for base in found.values()]


def abbreviated(e: Expr, names: list[tuple[Name, Expr]]) -> Expr:
    """The expression with the names in the places of the sums, whatever the order of their terms."""
    return _put(e, {frozenset(base.args): n for n, base in names if type(base) is Apply}, {})


def _put(e: Expr, names: Swap, memo: dict[Expr, Expr]) -> Expr:
    if type(e) is not Apply or not e.names:
        return e
    if e not in memo:
        found = names.get(frozenset(e.args)) if e.head == "+" else None
        memo[e] = found or Apply(e.head, tuple([_put(a, names, memo) for a in e.args]), e.shape)
    return memo[e]
