"""One node for each expression: tables of weak references, and the nodes made lately."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from typing import Any
from weakref import ref


class Weak(ref[Any]):
    """A node as its table holds it, with its key there."""

    __slots__ = ("key",)

    key: object


Table = dict[Any, Weak]
RECENT: deque[object] = deque(maxlen=4_096)     # kept a while, since what was written once is often written again


def forget(table: Table) -> Callable[[Weak], None]:
    """Takes a node that nobody holds any more out of its table."""
    def gone(weak: Weak) -> None:
        if table.get(weak.key) is weak:
            del table[weak.key]
    return gone
