"""The statements of a forward and a backward pass as lines: forward each a definition, backward only what is a gradient, with everything
between written out, whatever it is called and however often it is assigned."""

from __future__ import annotations

import ast
import copy
import re
from collections.abc import Iterable, Iterator, Sequence

from ...language.shape import InputError
from ...records import Record
from .functions import ProgramFunctions
from ..python.array_lines import gradient_of
from .names import elements
from ..python.scope import HOLDERS, LIBRARIES, added_at, changed, is_size, last, memory, run_through, word
from ..python.spelled import LONG, unless


class Line(Record):
    """A line of the sheet: where it stands in the program, what stands there, how it reads, and the name whose gradient it says."""

    number: int
    shown: str
    text: str
    of: str = ""


class Backward(ProgramFunctions):
    """Reads statements one after another."""

    def __init__(self, tree: ast.Module, source: Sequence[str], apart: frozenset[str]) -> None:
        super().__init__(tree)
        self.source, self.apart = source, apart
        self.made: list[Line] = []
        self.stored: list[ast.expr] = []            # what is kept for the backward pass
        self.value = ""                             # what is differentiated
        self.inlined = False                        # whether assignments are remembered, and are no lines
        self.gradients: dict[str, str] = {}         # names of values that are returned, and whose gradients they are
        self.lasting: dict[str, int] = {}           # the statement that gives a name its last value
        self.same: dict[str, frozenset[str]] = {}   # names of one array
        self.near: dict[str, frozenset[str]] = {}   # names of what may share memory with it
        self.slots: dict[str, tuple[str, int]] = {}      # the places in tuples
        self.defined = set[str]()                   # the names that lines define
        self.empty = set[str]()                     # names of None
        self.at = self.lost = 0

    # ------------------------------------------------------------ passes
    def body(self, nodes: Iterable[ast.stmt]) -> None:
        """Statement by statement, to the last return."""
        for self.at, node in enumerate(nodes):
            try:
                if isinstance(node, (ast.Assign, ast.AugAssign, ast.AnnAssign)):
                    self.assigned(node)
                elif isinstance(node, ast.Expr) and isinstance(node.value, ast.Call) and last(node.value.func) == "save_for_backward":
                    self.saved = [self.read(a) for a in node.value.args]
                elif (at := added_at(node)) is not None:
                    self.assigned(at)
                elif not isinstance(node, ast.Return) and not self.harmless(node):
                    self.unread(node, [*changed(node), *run_through(node)])
            except InputError as e:
                self.unread(node, changed(node), e)

    def backward(self, nodes: Sequence[ast.stmt], end: ast.Return | None) -> None:
        """What follows the forward pass; what is returned are the gradients with respect to the arguments."""
        known = {w for line in self.made for w in re.findall(r"[A-Za-z_]\w*", line.text)} | set(self.arguments)
        values = [] if end is None or end.value is None else list(end.value.elts) if isinstance(end.value, ast.Tuple) else [end.value]
        local, returned = {name for node in nodes for name in changed(node)}, list(self.matched(values, end))
        for value, name in returned:
            if isinstance(value, ast.Name) and value.id in local and value.id not in self.gradients:
                self.gradients[value.id] = name
        given = {name for _, name in returned} if self.whole else self.arguments        # which are said by what is returned
        self.inlined, self.known = True, frozenset(known.difference(given))
        self.all_known = frozenset({*known, "axis", "dim", "keepdims", "keepdim", "True", "False", "None", *self.one_hot})
        names = "called", "kept", "masks", "same", "near", "slots", "stale", "made"
        begun, lost = [copy.copy(getattr(self, name)) for name in names], self.lost
        self.body(nodes)                            # once to see which values last
        for name, value in zip(names, begun, strict=True):
            setattr(self, name, value)
        self.lost = lost
        self.certain = True
        self.body(nodes)
        said = {line.of for line in self.made}
        for value, name in returned:
            none = isinstance(value, ast.Constant) and value.value is None or isinstance(value, ast.Name) and value.id in self.empty
            if end is not None and name not in said and not none:
                try:
                    self.claims(end, name, ast.unparse(self.read(value)))
                except InputError:
                    self.unread(end, ())

    known: frozenset[str] = frozenset()         # of these a name like dz says the gradient
    whole = False                               # whether one function has both passes
    certain = False                             # whether it is known which values last
    in_order = False                            # whether gradients are returned in the order of the arguments

    def matched(self, values: Sequence[ast.expr], end: ast.Return | None) -> Iterator[tuple[ast.expr, str]]:
        """What is returned, with the argument whose gradient it is: by its name where all names say so and no library
        asks for an order, else in order."""
        if self.value in (last(v) for v in values[:1]):
            values = values[1:]         # the loss itself
            values = values if not any(isinstance(v, ast.Name) and v.id in self.kept for v in values) else []
        if len(values) == 1 and isinstance(values[0], ast.Dict):
            words = (str(k.value) if isinstance(k, ast.Constant) else "" for k in values[0].keys)
            yield from ((v, gradient_of(w) or w) for v, w in zip(values[0].values, words, strict=True))
            return
        said = [gradient_of(v.id) if isinstance(v, ast.Name) else "" for v in values]
        by_name = not self.in_order and len(set(said)) == len(said) and set(said) <= set(self.arguments)
        if self.whole and not by_name and len(values) != len(self.arguments):       # a line `grad = ..` says by which it can be
            if end is not None and not all(last(v).startswith("grad") for v in values):
                self.unread(end, ())
            return
        if self.in_order and any(not isinstance(v, ast.Constant) for v in values[len(self.arguments):]) and end is not None:
            self.unread(end, ())        # the library refuses more gradients than there are arguments
            return
        yield from zip(values, said if by_name else self.arguments, strict=False)

    # ------------------------------------------------------------ statements
    def assigned(self, node: ast.Assign | ast.AugAssign | ast.AnnAssign) -> None:
        """An assignment, of several names also, of parts, and in place."""
        if node.value is None:
            return
        value, mask = self.read(node.value), self.mask(node.value)
        shared = self.arrays(node.value)
        for target in node.targets if isinstance(node, ast.Assign) else [node.target]:
            self.masks.pop(last(target), None)
            if mask is not None:
                self.masks[last(target)] = mask
            if isinstance(target, (ast.Tuple, ast.List)):
                parts = self.parts(value, len(target.elts)) if not any(isinstance(each, ast.Starred) for each in target.elts) else None
                if parts is None:
                    self.unread(node, changed(node))
                inside, kept = elements(node.value), value.id if isinstance(value, ast.Name) and value.id in self.kept else ""
                for k, (one, part) in enumerate(zip(target.elts, parts or (), strict=False)):
                    self.gets(node, one, part, self.arrays(inside[k]) if inside else [(f"{kept}[{k}]", True)] if kept else shared, True)
            elif mask is not None and self.place(target) and not isinstance(node, ast.AugAssign):
                self.shares(self.place(target), [])
                self.called[self.place(target)] = value
            elif isinstance(node, ast.AugAssign):
                labels, name = self.of_labels(target), self.place(target)
                if labels is not None:
                    value = ast.BinOp(value, ast.Mult(), ast.Name(labels, ast.Load()))
                    name = self.place(target.value) if isinstance(target, ast.Subscript) else ""
                product = isinstance(node.op, ast.MatMult)      # which NumPy cannot put in place, and PyTorch does not
                if name and (self.torch or not product):
                    old = self.found(name)
                    self.gives(node, name, ast.BinOp(old, node.op, value), not (product or is_size(old) or isinstance(old, ast.Constant)))
                else:
                    self.unread(node, changed(node))
            else:
                self.gets(node, target, value, shared)
                shared = [*shared, *((key, True) for key in [self.place(target)] if key)]
                name = word(self.place(target))
                for k, part in enumerate(elements(node.value) or () if name in self.kept else ()):
                    self.slots[f"{name}[{k}]"] = name, k
                    self.shares(f"{name}[{k}]", self.arrays(part))

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

    def gets(self, node: ast.stmt, target: ast.expr, value: ast.expr, of: Sequence[tuple[str, bool]], apart: bool = False) -> None:
        """One name or part that gets a value, `apart` of one that was taken apart, or the array `of` others; a tuple, a size and
        another name of an argument are only remembered."""
        parts, name = elements(value), self.place(target)
        if name:
            self.shares(name, of)
        if parts is not None and name:
            self.kept[word(name)] = parts
            self.called |= entries(name, value)
            return
        if isinstance(value, ast.Constant) and value.value is None:
            self.empty |= {name}
            return
        self.empty -= {name}
        labels = self.of_labels(target)
        mask = ast.Name(labels, ast.Load()) if labels else self.mask(target.slice) if isinstance(target, ast.Subscript) else None
        base = self.place(target.value) if isinstance(target, ast.Subscript) else ""
        if mask is not None and base:
            kept = ast.BinOp(self.found(base), ast.Mult(), unless(mask))
            zero = isinstance(value, ast.Constant) and value.value == 0
            self.gives(node, base, kept if zero else ast.BinOp(kept, ast.Add(), ast.BinOp(mask, ast.Mult(), value)), True)
        elif not name:
            self.unread(node, changed(node))
        elif isinstance(value, ast.Name) and (apart or not self.inlined and value.id in self.arguments) or is_size(value):
            self.called[name] = value
        elif not (isinstance(value, ast.Name) and value.id == name and name not in self.called):
            self.gives(node, name, value, False)

    def found(self, key: str) -> ast.expr:
        """What stands at a place so far."""
        return self.read(ast.Name(key, ast.Load()) if key.isidentifier() else ast.parse(key, mode="eval").body)

    def gives(self, node: ast.stmt, name: str, value: ast.expr, in_place: bool) -> None:
        """A name gets a value: a line, or what it stands for from here on. In place all names of the array get it."""
        text = ast.unparse(value)
        if len(text) > LONG:
            self.unread(node, [name])
            return
        names = sorted(self.same.get(name, frozenset((name,)))) if in_place else [name]
        others = self.near.get(name, frozenset()).difference(names) if in_place else frozenset[str]()
        self.stale |= others
        self.lasting |= dict.fromkeys(others, -1)
        if not self.inlined:
            fresh = word(name) if word(name) not in self.defined else self.fresh(f"{word(name)}_")
            self.defined.add(fresh)
            self.inner |= {fresh} if self.within else set()
            self.line(node, f"{fresh} = {text}")
            value = ast.Name(fresh, ast.Load())
        elif name == self.value:
            self.line(node, f"{name} = {text}")
            return
        for each in names:
            if each in self.slots:
                tuple_name, k = self.slots[each]
                self.kept[tuple_name] = [*self.kept[tuple_name][:k], value, *self.kept[tuple_name][k + 1:]]
                continue
            said = gradient_of(word(each))
            of = self.gradients.get(each, "") or (said if said in self.known else "")
            self.called[each] = value
            if self.inlined and of and of not in self.apart:
                if not self.certain:
                    self.lasting[each] = self.at
                elif self.lasting.get(each) == self.at and self.claims(node, of, text):
                    self.called[each] = ast.Name(f"d{of}", ast.Load())

    def claims(self, node: ast.stmt, of: str, text: str) -> bool:
        """A line that says a gradient; whether all its names are those of the forward pass and of what arrives from above."""
        words = set(re.findall(r"(?<![\w.])[A-Za-z_]\w*(?!\w|\s*\()", text)) - LIBRARIES
        if all(w in self.all_known or w[0] == "d" and w[1:] in self.all_known for w in words):
            self.line(node, f"d{of} = {text}", of)
            return True
        self.unread(node, [name for name, gradient in self.gradients.items() if gradient == of] or [f"d{of}"])
        return False

    def unread(self, node: ast.stmt, names: Iterable[str], why: InputError | None = None) -> None:
        """What cannot be followed, and `why`: a row that says so, and names of which nothing is known."""
        self.lost += 1
        lost = f"lost{self.lost}"
        changing = self.together(names)
        self.called |= {name: ast.Name(lost, ast.Load()) for name in changing}
        self.stale -= changing
        self.line(node, f"{lost}[0] = 1")

    def together(self, names: Iterable[str]) -> set[str]:
        """These names, and all other names of their arrays; of those that may share memory with them nothing is known from here on."""
        changing = set(names) - self.libraries.keys() - HOLDERS
        changing |= {slot for slot, (name, _) in self.slots.items() if name in changing}
        all_names = {each for name in changing for each in self.same.get(name, {name})}
        self.stale |= {each for name in changing for each in self.near.get(name, ())} - all_names
        return all_names

    def line(self, node: ast.stmt, text: str, of: str = "") -> None:
        """One line of the sheet."""
        self.made.append(Line(node.lineno, self.shown(node), text, of))

    def shown(self, node: ast.stmt) -> str:
        """A statement as it stands in the file, in one line; of a block its first one."""
        last_line = node.lineno if hasattr(node, "body") else node.end_lineno
        return " ".join(line.split("#")[0].strip() for line in self.source[node.lineno - 1:last_line])


def all_names(f: ast.FunctionDef) -> set[str]:
    """All names of a function."""
    return {n.id for n in ast.walk(f) if isinstance(n, ast.Name)} | {a.arg for a in ast.walk(f) if isinstance(a, ast.arg)}


def entries(name: str, value: ast.expr) -> dict[str, ast.expr]:
    """The entries of a dictionary that is written out, by their places."""
    return {f"{name}[{k.value!r}]": v for k, v in zip(value.keys, value.values, strict=True) if isinstance(k, ast.Constant)} \
        if isinstance(value, ast.Dict) else {}
