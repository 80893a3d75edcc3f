"""The statements of a program, one after another: what each gives to names, in place too, and functions of the file written out."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Sequence
from typing import Protocol

from ...language.shape import InputError
from ...reading.grammar.functions import FUNCTIONS
from .blocks import Blocks, put as block_put
from .drawn import Drawn
from .expressions import Expressions
from ..python.program_memory import Memory, elements, harmless, key, returned_for
from ..python.array_lines import gradient_of
from ..python.python_text import replaced
from ..python.spelled import by_rows, unless
from ..python.scope import (
    HOLDERS, TYPES, Scope, added_at, bound, changed, is_size, last, loaded, local, memory, parameters, run_through, without_text, word)
from ...patterns import pattern

GRADIENTS = pattern(r"grad|^d$")
LONG = 4_000        # characters of an expression
MOST = 200          # calls that are written out


class Lines(Protocol):
    """What becomes of what the statements say."""

    def line(self, node: ast.stmt, name: str, value: str) -> None:
        """A definition."""

    def said(self, node: ast.stmt, name: str, names: Sequence[str], others: frozenset[str], value: ast.expr) -> None:
        """A name gets a value in a backward pass, and with it all `names` of the array; `others` may share its memory."""

    def unread(self, node: ast.stmt, names: set[str], why: InputError | None = None) -> None:
        """A statement that cannot be followed, with the names that it may change."""

    def labels(self, label: ast.expr) -> str | None:
        """The matrix with a row for each label, 1 where it is."""

    def loop(self, node: ast.stmt) -> bool:
        """Whether this is a loop that is read, as what it gives."""


class Statements:
    """Reads statements into lines."""

    def __init__(self, file: Scope, source: Sequence[str], lines: Lines) -> None:
        self.file, self.source, self.lines = file, source, lines
        self.scope, self.memory = file, Memory()
        self.free: dict[str, str] = {}                      # what the holder of a pass has without being given it, with its name
        self.all_known = frozenset[str]()                   # names of the forward pass, and of what arrives from above
        self.arguments: list[str] = []
        self.taken: set[str] = set()
        self.numbers: dict[str, None] = {}                  # parameters with a number as default
        self.empty = set[str]()                             # names of None
        self.within: list[str] = []                         # functions that are being written out
        self.inner = set[str]()                             # the names that they give to values
        self.defined = set[str]()                           # the names that lines define
        self.inlined = False                                # whether assignments are remembered, and are no lines
        self.at = self.count = 0
        self.blocks = Blocks()
        self.drawn = Drawn(file, lambda name: name if name not in self.defined else self.fresh(name))

    # ------------------------------------------------------------ expressions
    @property
    def expressions(self) -> Expressions:
        """What reads expressions here."""
        return Expressions(self.scope, self.memory, self.free, self.all_known, self.lines.labels, self.written, self.numbers,
                           self.blocks)

    def read(self, node: ast.expr) -> ast.expr:
        """An expression in the names of the sheet."""
        return self.expressions.read(node)

    def found(self, name: str) -> ast.expr:
        """What stands at a place so far."""
        return self.read(ast.Name(name, ast.Load()) if name.isidentifier() else ast.parse(name, mode="eval").body)

    def mask(self, node: ast.expr) -> ast.expr | None:
        """A condition, or the one that a name stands for, in the names of the sheet; several are multiplied."""
        if isinstance(node, (ast.Name, ast.Attribute)):
            return self.memory.masks.get(last(node))
        return self.read(node) if self.expressions.is_mask(node) else None

    def fresh(self, name: str) -> str:
        """A name that nothing has so far."""
        while name in self.taken:
            name += "_"
        self.taken.add(name)
        return name

    def place(self, node: ast.expr) -> str:
        """What is assigned to: x of x, x[:] and x[...], self.x, cache['x'], dW of grads["W"] and W.grad; none for a part."""
        if isinstance(node, ast.Name):
            return node.id
        if isinstance(node, ast.Attribute):
            return f"d{last(node.value)}" if node.attr == "grad" else f"self.{node.attr}" if last(node.value) in HOLDERS else ""
        if not isinstance(node, ast.Subscript):
            return ""
        inside, word = node.slice, key(node)
        if isinstance(inside, ast.Slice) and inside.lower is inside.upper is None or \
                isinstance(inside, ast.Constant) and inside.value is Ellipsis:
            return self.place(node.value)
        if word is not None and GRADIENTS.search(last(node.value)):
            of = self.memory.kept.get("params", [])
            name = word if isinstance(word, str) else last(of[word]) if -len(of) <= word < len(of) else ""
            return name and (name if gradient_of(name) in self.taken else f"d{name}")
        return f"{last(node.value)}[{word!r}]" if isinstance(word, str) else ""

    # ------------------------------------------------------------ functions
    def enters(self, f: ast.FunctionDef, after: ast.FunctionDef | None = None) -> None:
        """A function begins, with names of its own, of which only its parameters have a value; a script has none. After the forward pass,
        what is neither given nor of the file has no value either."""
        self.scope = self.file.inside(local(f))
        self.blocks.scan(f)
        self.drawn.scan(f)
        if parameters(f):
            self.memory.stale |= local(f) - {a.arg if isinstance(a, ast.arg) else (a.asname or a.name).partition(".")[0]
                                             for a in ast.walk(f) if isinstance(a, (ast.arg, ast.alias))}
        if after is not None:
            self.memory.stale |= loaded(f) - set(parameters(f)) - self.file.known() - (loaded(after) - local(after))
        self.memory.called = {n: v for n, v in self.memory.called.items() if not n.isidentifier()} | self.scope.numbers

    def written(self, helper: ast.FunctionDef, call: ast.Call) -> ast.expr:
        """What a function of the file returns, its statements read under other names."""
        body, names, own = without_text(helper), parameters(helper), local(helper)
        values = dict(zip(names, call.args, strict=False)) | {k.arg: k.value for k in call.keywords if k.arg in names}
        defaults = dict(zip(names[::-1], helper.args.defaults[::-1], strict=False))
        end = body[-1] if body else None
        self.count += 1
        fits = len(values) == len(call.args) + len(call.keywords) and set(names) <= (values | defaults).keys()
        fits &= own == {*names, *bound(helper.body)} and self.count < MOST and helper.name not in self.within
        fits &= loaded(ast.Module(body, [])) <= own | self.file.libraries.keys() | self.file.numbers.keys() | TYPES
        if not fits or not isinstance(end, ast.Return) or end.value is None or not all(
                isinstance(n, (ast.Assign, ast.AugAssign)) for n in body[:-1]):
            raise InputError(f"{helper.name} is a function of the file that cannot be read")
        called = {name: ast.Name(self.fresh(f"{name}_of_{helper.name}"), ast.Load()) for name in sorted(own)}
        there: dict[str, ast.expr] = {**{n: v for n, v in self.file.numbers.items() if n not in own}, **called}
        scope = self.scope
        self.within.append(helper.name)
        try:
            for name in names:
                value = self.read(values.get(name, defaults.get(name, end.value)))
                if len(body) == 1:
                    self.memory.called[called[name].id] = value
                else:
                    at = ast.Assign([called[name]], value, lineno=call.lineno, end_lineno=call.end_lineno)
                    self.gets(at, called[name], value, self.arrays(values[name]) if name in values else [])
            self.scope = self.file
            for node in body[:-1]:
                put = replaced(node, there)
                put.lineno, put.end_lineno = call.lineno, call.end_lineno
                self.assigned(put)          # type: ignore[arg-type]
            found = self.read(replaced(end.value, there))
        finally:
            self.within.pop()
            self.scope = scope
        if len(ast.unparse(found)) > LONG:
            raise InputError(f"{helper.name} is too long where it is written out")
        return found

    # ------------------------------------------------------------ statements
    def body(self, nodes: Iterable[ast.stmt]) -> None:
        """Statement by statement, to the last return."""
        for self.at, node in enumerate(nodes):
            try:
                at = added_at(node) or node
                if isinstance(at, (ast.Assign, ast.AugAssign, ast.AnnAssign)):
                    self.assigned(at)
                elif isinstance(node, ast.Nonlocal):
                    self.drawn.begins(node.names, self.memory)
                elif isinstance(node, ast.Expr) and isinstance(node.value, ast.Call) and last(node.value.func) == "save_for_backward":
                    self.memory.kept["saved_tensors"] = [self.read(a) for a in node.value.args]
                elif not isinstance(node, ast.Return) and not harmless(node, self.memory, self.scope.libraries.keys()) and \
                        not self.lines.loop(node):
                    self.unread(node, [*changed(node), *run_through(node), *(returned_for(node) & self.defined)])
            except InputError as e:
                self.unread(node, changed(node), e)

    def assigned(self, node: ast.Assign | ast.AugAssign | ast.AnnAssign) -> None:
        """An assignment, of several names also, of parts, and in place."""
        if node.value is None:
            return
        shared = self.arrays(node.value)
        if not isinstance(node, ast.AugAssign):
            self.drawn.memory, self.drawn.defined = self.memory, self.defined
            node.value = self.drawn.put(node.value, node.targets[0] if isinstance(node, ast.Assign) else node.target)
        value, mask = self.read(node.value), self.mask(node.value)
        for target in node.targets if isinstance(node, ast.Assign) else [node.target]:
            place = self.place(target)
            self.memory.masks.pop(last(target), None)
            if mask is not None:
                self.memory.masks[last(target)] = mask
            if isinstance(target, (ast.Tuple, ast.List)):
                parts = self.memory.tuple(value) if not any(isinstance(each, ast.Starred) for each in target.elts) else None
                if isinstance(value, ast.Attribute) and value.attr == "shape":
                    parts = [ast.Subscript(value, ast.Constant(k), ast.Load()) for k in range(len(target.elts))]
                    self.drawn.said[last(value.value)] = tuple(
                        f"{last(value.value)}_{k}" if last(e) in ("", "_", *self.defined) else last(e) for k, e in enumerate(target.elts))
                if parts is None:
                    self.unread(node, changed(node))
                inside, kept = elements(node.value), value.id if isinstance(value, ast.Name) and value.id in self.memory.kept else ""
                for k, (one, part) in enumerate(zip(target.elts, parts or (), strict=False)):
                    self.gets(node, one, part, self.arrays(inside[k]) if inside else [(f"{kept}[{k}]", True)] if kept else shared, True)
            elif mask is not None and place and not isinstance(node, ast.AugAssign):
                self.memory.shares(place)
                self.memory.called[place] = value
            elif isinstance(node, ast.AugAssign):
                self.augmented(node, value)
            else:
                self.gets(node, target, value, shared)
                self.blocks.joins(last(target), value)
                shared = [*shared, *((name, True) for name in [place] if name)]
                for k, part in enumerate(elements(node.value) or () if word(place) in self.memory.kept else ()):
                    self.memory.keeps(word(place), self.arrays(part), k)
                for name, part in zip(node.value.keys, node.value.values, strict=True) if isinstance(node.value, ast.Dict) else ():
                    if self.inlined and name is not None and not isinstance(part, ast.Name) and GRADIENTS.search(last(target)):
                        self.gets(node, ast.Subscript(target, name, ast.Store()), self.read(part), self.arrays(part))

    def augmented(self, node: ast.AugAssign, value: ast.expr) -> None:
        """x += value, p[range(n), y] -= 1."""
        labels, name = self.expressions.of_labels(node.target), self.place(node.target)
        if labels is not None and isinstance(node.target, ast.Subscript):
            value, name = by_rows(value, ast.Name(labels, ast.Load())), self.place(node.target.value)
        elif isinstance(node.target, ast.Subscript) and self.mask(node.target.slice) is not None:         # dx[x < 0] *= slope
            return self.gets(node, node.target, ast.BinOp(self.found(self.place(node.target.value)), node.op, value), [])
        if name and (not (product := isinstance(node.op, ast.MatMult)) or self.file.torch):         # NumPy puts no product in place
            old = self.found(name)
            self.gives(node, name, ast.BinOp(old, node.op, value), not (product or is_size(old) or isinstance(old, ast.Constant)))
        else:
            self.unread(node, changed(node))

    def arrays(self, node: ast.expr) -> list[tuple[str, bool]]:
        """The places of the arrays that a value shares memory with, and whether each is the value itself."""
        return [(name, whole) for array, whole in memory(node, self.scope.helpers) if (name := self.place(array))]

    def gets(self, node: ast.stmt, target: ast.expr, value: ast.expr, of: Sequence[tuple[str, bool]], apart: bool = False) -> None:
        """One name or part that gets a value, `apart` of one that was taken apart, or the array `of` others; a tuple, a size and
        another name of an argument are only remembered, as labels are."""
        parts, name = elements(value), self.place(target)
        if name:
            self.memory.shares(name, of)
        if parts is not None and name:
            self.memory.stores(name, value, parts)
            return
        if isinstance(value, ast.Constant) and value.value is None:
            self.empty |= {name}
            return
        self.empty -= {name}
        labels = self.expressions.of_labels(target)
        mask = ast.Name(labels, ast.Load()) if labels else self.mask(target.slice) if isinstance(target, ast.Subscript) else None
        base = self.place(target.value) if isinstance(target, ast.Subscript) else ""
        if mask is not None and base:
            kept, put = ast.BinOp(self.found(base), ast.Mult(), unless(mask)), by_rows(value, mask) if labels else \
                ast.BinOp(mask, ast.Mult(), value)
            self.gives(node, base, kept if isinstance(value, ast.Constant) and value.value == 0 else ast.BinOp(kept, ast.Add(), put), True)
        elif (block := self.blocks.picked(target, self.read)) is not None and isinstance(target, ast.Subscript):
            put, old = block_put(self.found(self.place(target.value)), *block, value), self.place(target.value)
            self.gives(node, old, put, True)
        elif not name:
            self.unread(node, changed(node))
        elif isinstance(value, ast.Name) and (apart or not self.inlined and value.id in (*self.arguments, *self.drawn.shapes)) or \
                is_size(value) or (apart or name in self.drawn.counts) and isinstance(value, ast.Constant) or \
                isinstance(value, ast.Call) and last(value.func) == "argmax":
            self.memory.called[name] = value
        elif isinstance(value, ast.BinOp) and isinstance(value.op, ast.FloorDiv) and is_size(value.left):       # a size by itself
            self.drawn.sizes.add(name)
            self.memory.called[name] = ast.Name(name, ast.Load())
        elif not (isinstance(value, ast.Name) and value.id == name and name not in self.memory.called):
            self.gives(node, name, value, False)

    def gives(self, node: ast.stmt, name: str, value: ast.expr, in_place: bool) -> None:
        """A name gets a value: a line, or what it stands for from here on. In place all names of the array get it."""
        if len(text := ast.unparse(value)) > LONG:
            self.unread(node, [name])
            return
        names = sorted(self.memory.same.get(name, frozenset((name,)))) if in_place else [name]
        others = self.memory.near.get(name, frozenset()).difference(names) if in_place else frozenset[str]()
        self.memory.stale |= others
        if self.inlined:
            self.lines.said(node, name, names, others, value)
            return
        own, taken = word(name), self.defined | self.file.methods | FUNCTIONS | {f"d{n}" for n in self.taken}       # dp is one of p
        fresh = own if own not in taken else self.fresh(f"{own}_")
        self.defined.add(fresh)
        self.inner |= {fresh} if self.within else set()
        self.lines.line(node, fresh, text)
        for each in names:
            self.memory.gives(each, ast.Name(fresh, ast.Load()))

    def unread(self, node: ast.stmt, names: Iterable[str], why: InputError | None = None) -> None:
        """What cannot be followed, and `why`: names of which nothing is known."""
        self.lines.unread(node, self.memory.together(set(names) - self.scope.libraries.keys()), why)

    def shown(self, node: ast.stmt) -> str:
        """A statement as it stands in the file, in one line; of a block its first one."""
        return " ".join(line.split("#")[0].strip() for line in self.source[
            node.lineno - 1:node.lineno if hasattr(node, "body") else node.end_lineno])
