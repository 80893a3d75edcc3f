"""Which names of a program are names of one array, and which may share memory: what is changed in place is changed for all of them."""

from __future__ import annotations

import ast
from collections.abc import Container, Iterable, Iterator, Sequence

from .program_names import ProgramNames
from .program_scope import last
from .reassigned import HOLDERS

ITSELF = frozenset(("detach", "requires_grad_", "numpy"))       # gives the array itself
VIEWS = frozenset((     # or may give it
    "contiguous", "squeeze", "unsqueeze", "view", "reshape", "ravel", "flatten", "expand_as", "view_as", "reshape_as", "expand", "t",
    "transpose", "swapaxes", "moveaxis", "permute", "diagonal", "diag", "real", "asarray", "asanyarray", "ascontiguousarray", "array",
    "atleast_1d", "atleast_2d", "broadcast_to", "expand_dims", "astype", "float", "double", "to", "type", "from_numpy", "as_tensor",
    "chunk", "split", "array_split", "hsplit", "vsplit", "select", "narrow"))


class Memory(ProgramNames):
    """Remembers what shares memory."""

    def __init__(self, tree: ast.Module) -> None:
        super().__init__(tree)
        self.same: dict[str, frozenset[str]] = {}   # names of one array
        self.near: dict[str, frozenset[str]] = {}   # names of what may share memory with it
        self.slots: dict[str, tuple[str, int]] = {}      # the places in tuples

    def arrays(self, node: ast.expr) -> list[tuple[str, bool]]:
        """The places of the arrays that a value shares memory with, and whether each is the value itself."""
        return [(key, whole) for array, whole in memory(node, self.scope.helpers) if (key := self.place(array))]

    def shares(self, name: str, of: Sequence[tuple[str, bool]]) -> None:
        """A name is one of the array of others, or may share memory with it, and no longer with what it did before."""
        self.same = {n: others - {name} for n, others in self.same.items()}
        self.near = {n: others - {name} for n, others in self.near.items()}
        self.stale.discard(name)
        both = frozenset((name,)).union(*(self.same.get(key, (key,)) for key, whole in of if whole))
        near = frozenset((name,)).union(*(self.near.get(key, (key,)) for key, _ in of))
        self.same |= dict.fromkeys(both, both)
        self.near |= dict.fromkeys(near, near)

    def together(self, names: Iterable[str]) -> set[str]:
        """These names, and all other names of their arrays; of what may share memory with them nothing is known."""
        changing = set(names) - self.libraries.keys() - HOLDERS
        out = {each for name in changing for each in self.same.get(name, {name})}
        self.stale |= {each for name in changing for each in self.near.get(name, ())} - out
        return out


def memory(node: ast.expr, helpers: Container[str] = ()) -> Iterator[tuple[ast.expr, bool]]:
    """The arrays that may share memory with a value, and whether each is the value itself: x of x.detach(), perhaps that of x.T."""
    if isinstance(node, (ast.Name, ast.Attribute, ast.Subscript)):
        yield node, True
    inside: list[ast.expr] = []
    if isinstance(node, (ast.Attribute, ast.Subscript)):
        inside = [node.value]
    elif isinstance(node, ast.Call):
        word = last(node.func)
        if isinstance(node.func, ast.Attribute) and word in ITSELF:
            yield from memory(node.func.value, helpers)
        elif word in VIEWS or word in helpers:
            inside = [*node.args, *([node.func.value] if isinstance(node.func, ast.Attribute) else [])]
    elif isinstance(node, ast.IfExp):
        inside = [node.body, node.orelse]
    for part in inside:
        yield from ((shared, False) for shared, _ in memory(part, helpers))
