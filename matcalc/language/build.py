"""A node from its head and its arguments."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from operator import is_

from .arithmetic import T, add, mul, power
from .constants import comm, eye, ones, select, zeros
from .entrywise import hadamard_power, hadamard
from .functions import apply
from .nodes import Apply, Expr
from .inspection import as_dim


MADE: dict[str, Callable[..., Expr]] = {"+": add, "*": mul, ".*": hadamard, "'": T, "^": power, ".^": hadamard_power}
OF_SIZES: dict[str, Callable[..., Expr]] = {"eye": eye, "ones": ones, "zeros": zeros, "comm": comm, "select": select}


def build(head: str, args: Iterable[Expr]) -> Expr:
    """A node from its head and arguments, through its constructor.

    >>> from matcalc.reading.parse import parse
    >>> print(build("inv", [parse("inv(A)", ["A in R^(n,n)"])]))
    A
    """
    if head in MADE:
        return MADE[head](*args)
    return OF_SIZES[head](*map(as_dim, args)) if head in OF_SIZES else apply(head, *args)


def with_args(e: Expr, args: Sequence[Expr]) -> Expr:
    """A node with other arguments; itself where they are its own, and a leaf, which has none."""
    return build(e.head, args) if type(e) is Apply and not all(map(is_, e.args, args)) else e
