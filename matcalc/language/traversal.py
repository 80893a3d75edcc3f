"""What can be reached from something: the parts of expressions, what names are made of."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TypeVar

from .nodes import Apply, Expr, Name
from .operations import PARTS

T = TypeVar("T")
V = TypeVar("V")
NOTHING: Mapping[Name, Expr] = {}


def reachable(roots: Iterable[T], further: Callable[[T], Iterable[T]]) -> Iterator[T]:
    """These and all that they lead to, each once, the last one first.

    >>> list(reachable([1], lambda n: [2*n, n + 2] if n < 4 else []))
    [1, 3, 5, 6, 2, 4]
    """
    seen: set[T] = set()
    waiting = list(roots)
    while waiting:
        one = waiting.pop()
        if one not in seen:
            seen.add(one)
            yield one
            waiting += further(one)


def subexpressions(roots: Iterable[Expr], bodies: Mapping[Name, Expr] = NOTHING) -> Iterator[Expr]:
    """Every part of some expressions, and of what the names in them stand for, each once."""
    return reachable(roots, lambda e: e.args if type(e) is Apply else (bodies[e],) if type(e) is Name and e in bodies else ())


def folded(root: T, memo: dict[T, V], needs: Callable[[T], Iterable[T]], value: Callable[[T], V]) -> V:
    """The value of a root, kept in `memo` with those of all that it needs, which come first: however tall, it takes no tall stack.

    >>> folded(4, memo := {}, lambda n: [n - 1] if n else [], lambda n: n*memo[n - 1] if n else 1)
    24
    """
    waiting, opened = [root], set[T]()
    while waiting:
        one = waiting[-1]
        if one in memo:
            waiting.pop()
        elif one not in opened and (missing := [a for a in needs(one) if a not in memo]):
            opened.add(one)
            waiting += missing
        else:
            memo[one] = value(one)
    return memo[root]


def arguments(e: Expr) -> tuple[Expr, ...]:
    """The arguments of a node; a leaf has none."""
    return e.args if type(e) is Apply else ()


def operands(e: Expr) -> tuple[Expr, ...]:
    """The arguments that are expressions, neither sizes nor an abstract function."""
    if type(e) is not Apply:
        return ()
    return e.args[PARTS[e.head]] if e.head in PARTS else e.args


def replaced(e: Expr, swap: Mapping[Expr, Expr], memo: dict[Expr, Expr]) -> Expr:
    """A tree with other parts wherever these stand, nothing built."""
    if e in swap or type(e) is not Apply or not e.args:
        return swap.get(e, e)
    if e not in memo:
        memo[e] = Apply(e.head, tuple([replaced(a, swap, memo) for a in e.args]), e.shape)
    return memo[e]
