"""One node for each expression: tables of weak references, and the nodes made lately."""

from __future__ import annotations

from collections import deque
from typing import Any, TypeVar
from weakref import ref


class Weak(ref[Any]):
    """A node as its table holds it, with its key there."""

    __slots__ = ("key",)

    key: object


class Table(dict[Any, Weak]):
    """Nodes by what they are made of, held weakly: `gone` takes one that nobody holds any more out of it."""

    __slots__ = ("gone",)

    def __init__(self) -> None:
        def gone(weak: Weak) -> None:
            was = self.pop(weak.key, weak)
            if was is not weak:
                self.setdefault(weak.key, was)
        self.gone = gone


class ByHead(dict[str, Table]):
    """A table for each head."""

    def __missing__(self, head: str) -> Table:
        return self.setdefault(head, Table())


T = TypeVar("T")
RECENT: deque[object] = deque(maxlen=512)     # kept a while, since what was written once is often written again; more is slower


def kept(table: Table, key: object, made: T) -> T:
    """The one node of a key: what was made for it, or what another thread made meanwhile."""
    weak = Weak(made, table.gone)
    weak.key = key
    first = table.setdefault(key, weak)
    found: T | None = first()
    if found is None:
        table[key] = weak
    return made if found is None else found
