"""A node from its head and its arguments."""

from __future__ import annotations

from collections.abc import Iterable

from .arithmetic import T, add, mul, power
from .constants import comm, eye, ones, select, zeros
from .entries import epow, had
from .heads import apply
from .nodes import Expr
from .inspection import as_dim


def build(head: str, args: Iterable[Expr]) -> Expr:
    """A node from its head and arguments, through its constructor."""
    parts = tuple(args)
    if head == "+":
        return add(*parts)
    if head == "*":
        return mul(*parts)
    if head == ".*":
        return had(*parts)
    if head == "'":
        return T(parts[0])
    if head == "^":
        return power(parts[0], parts[1])
    if head == ".^":
        return epow(parts[0], parts[1])
    if head == "eye":
        return eye(as_dim(parts[0]))
    if head == "ones":
        return ones(as_dim(parts[0]), as_dim(parts[1]))
    if head == "zeros":
        return zeros(as_dim(parts[0]), as_dim(parts[1]))
    if head == "comm":
        return comm(as_dim(parts[0]), as_dim(parts[1]))
    if head == "select":
        return select(as_dim(parts[0]), as_dim(parts[1]), as_dim(parts[2]))
    return apply(head, *parts)
