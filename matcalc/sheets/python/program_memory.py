"""What the names of a program stand for at one place of it, and which of them are names of the same memory."""

from __future__ import annotations

import ast
import copy
from collections.abc import Iterable, Sequence, Set

from ...language.shape import InputError
from .scope import HOLDERS, changed, last, word

SILENT = (ast.Pass, ast.Assert, ast.Raise)


class Memory:
    """Names and what they stand for; what is stored, taken apart, copied and cast is what it was."""

    def __init__(self) -> None:
        self.called: dict[str, ast.expr] = {}               # what a name stands for
        self.kept: dict[str, list[ast.expr]] = {}           # tuples, by their names
        self.masks: dict[str, ast.expr] = {}                # conditions, by their names
        self.slots: dict[str, tuple[str, int]] = {}         # the places in tuples
        self.same: dict[str, frozenset[str]] = {}           # names of one array
        self.near: dict[str, frozenset[str]] = {}           # names of what may share memory with it
        self.stale = set[str]()                             # names of which no value is known

    def copied(self) -> Memory:
        """The same, which changes by itself."""
        out = Memory()
        vars(out).update({name: copy.copy(value) for name, value in vars(self).items()})
        return out

    def value(self, name: str, otherwise: str) -> ast.expr:
        """What a name stands for, as far as that is known."""
        if name in self.stale:
            raise InputError(f"the value of {name} is not known here")
        return copy.deepcopy(self.called.get(name, ast.Name(otherwise, ast.Load())))

    def shares(self, name: str, of: Sequence[tuple[str, bool]] = ()) -> None:
        """A name is one of the array of others, or may share memory with it, and no longer with what it did before."""
        self.same = {n: others - {name} for n, others in self.same.items()}
        self.near = {n: others - {name} for n, others in self.near.items()}
        self.stale.discard(name)
        both = frozenset((name,)).union(*(self.same.get(key, (key,)) for key, whole in of if whole))
        near = frozenset((name,)).union(*(self.near.get(key, (key,)) for key, _ in of))
        self.same |= dict.fromkeys(both, both)
        self.near |= dict.fromkeys(near, near)

    def together(self, names: Iterable[str]) -> set[str]:
        """These names, and all other names of their arrays; of those that may share memory with them nothing is known from here on."""
        changing = set(names) - HOLDERS
        changing |= {slot for slot, (name, _) in self.slots.items() if name in changing}
        out = {each for name in changing for each in self.same.get(name, {name})}
        self.stale |= {each for name in changing for each in self.near.get(name, ())} - out
        return out

    def keeps(self, name: str, parts: Sequence[tuple[str, bool]], place: int) -> None:
        """A part of a tuple is the array of others."""
        self.slots[f"{name}[{place}]"] = name, place
        self.shares(f"{name}[{place}]", parts)

    def gives(self, name: str, value: ast.expr) -> bool:
        """A name, or the place of a tuple, stands for something else from here on; whether it is a name."""
        if name in self.slots:
            of, k = self.slots[name]
            self.kept[of] = [*self.kept[of][:k], value, *self.kept[of][k + 1:]]
            return False
        self.called[name] = value
        return True

    def stores(self, name: str, value: ast.expr, parts: list[ast.expr]) -> None:
        """A name is that of a tuple, a list or a dictionary."""
        self.kept[word(name)] = parts
        self.called |= entries(name, value)

    def tuple(self, node: ast.expr) -> list[ast.expr] | None:
        """The parts of a tuple that is written out, or has a name."""
        return self.kept.get(last(node)) if isinstance(node, (ast.Name, ast.Attribute)) else elements(node)


def harmless(node: ast.stmt, names: Memory, libraries: Set[str]) -> bool:
    """Whether a statement changes no array: without a call, or one that prints, asserts, tells the library something, has no names; a
    branch of such statements."""
    if any(isinstance(n, ast.NamedExpr) for n in ast.walk(node)):
        return False
    if isinstance(node, ast.If):
        return all(harmless(each, names, libraries) for each in (*node.body, *node.orelse))
    if isinstance(node, (ast.Import, ast.ImportFrom)):
        return names.called.keys().isdisjoint(a.asname or a.name for a in node.names)
    if isinstance(node, SILENT):
        return True
    if not isinstance(node, ast.Expr) or not isinstance(node.value, ast.Call):
        return isinstance(node, ast.Expr) and not any(isinstance(n, ast.Call) for n in ast.walk(node))
    function = ast.unparse(node.value.func)
    if function.endswith(".append") and names.kept.get(function.split(".")[-2]) == []:         # history.append(loss)
        return True
    return function == "print" or function.startswith("ctx.") or last(node.value.func).startswith("assert") or \
        function.partition(".")[0] in libraries and not set(changed(node)) - libraries


def returned_for(node: ast.stmt) -> set[str]:
    """The names by which a branch returns early: what is said of them below holds for other values only."""
    early = isinstance(node, ast.If) and any(isinstance(n, ast.Return) for n in ast.walk(node))
    return {n.id for n in ast.walk(node.test) if isinstance(n, ast.Name)} if early and isinstance(node, ast.If) else set()


def elements(value: ast.expr | None) -> list[ast.expr] | None:
    """The elements of a tuple, a list or a dictionary that is written out."""
    return list(value.values) if isinstance(value, ast.Dict) else list(value.elts) if isinstance(value, (ast.Tuple, ast.List)) else None


def entries(name: str, value: ast.expr) -> dict[str, ast.expr]:
    """The entries of a dictionary that is written out, by their places."""
    return {f"{name}[{k.value!r}]": v for k, v in zip(value.keys, value.values, strict=True) if isinstance(k, ast.Constant)} \
        if isinstance(value, ast.Dict) else {}


def key(node: ast.AST) -> str | int | None:
    """The word or number in the brackets of a[..]."""
    inside = node.slice if isinstance(node, ast.Subscript) else None
    return inside.value if isinstance(inside, ast.Constant) and isinstance(inside.value, (str, int)) else None
