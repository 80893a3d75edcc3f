"""Replacing parts of an expression."""

from __future__ import annotations

from ..language.expr import Apply, Expr, build


def substitute(e: Expr, swap: dict[Expr, Expr], memo: dict[Expr, Expr] | None = None, typed: bool = False) -> Expr:
    """e with every occurrence of the keys replaced; a tree as it was typed stays one, where that is asked for."""
    memo = {} if memo is None else memo
    if len(swap) == 1 and not all(key.names <= e.names for key in swap):
        return e
    found = swap.get(e) or memo.get(e)
    if found is None:
        found = e
        if type(e) is Apply:
            args = tuple([substitute(a, swap, memo, typed) for a in e.args])
            if args != e.args:
                found = Apply(e.head, args, e.shape) if typed else build(e.head, args)
        memo[e] = found
    return found
