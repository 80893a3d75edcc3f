"""Replacing parts of an expression."""

from __future__ import annotations

from ..language.build import with_args
from ..language.expr import Apply, Expr
from ..language.traversal import arguments


def substitute(e: Expr, swap: dict[Expr, Expr], memo: dict[Expr, Expr] | None = None, typed: bool = False) -> Expr:
    """e with every occurrence of the keys replaced; a tree as it was typed stays one, where that is asked for."""
    memo = {} if memo is None else memo
    found = swap.get(e) or memo.get(e)
    if found is None:
        args = tuple([substitute(a, swap, memo, typed) for a in arguments(e)])
        found = memo[e] = Apply(e.head, args, e.shape) if typed and type(e) is Apply else with_args(e, args)
    return found
