"""Expressions of a program in the names of its sheet."""

from __future__ import annotations

import ast
import copy
from collections.abc import Callable, Collection, Iterator, Mapping

from ...language.shape import InputError
from .blocks import Blocks, joined
from ..python.program_memory import Memory, key
from ...reading.grammar.spellings import MODULES
from ..python.scope import HOLDERS, Scope, last, picked_rows
from ..python.spelled import Spelled

COPIES = frozenset(("copy", "clone"))
ENTRYWISE = frozenset(("log", "exp", "log1p", "sqrt", "square", "tanh"))
PICKING = frozenset(("nll_loss", "cross_entropy"))
ROWS = frozenset(("range", "arange"))
CHANGING = frozenset(("out", "inplace", "where"))


class Expressions(Spelled):
    """Brings what is stored and what is called otherwise to the names of the sheet. `free` has what the holder of a pass has without being
    given it, with its name; `known` the names that must have a value there; `labels` finds the matrix with a row for each label, `written`
    what a function of the file returns; numbers with defaults are added to `numbers`."""

    def __init__(self, scope: Scope, memory: Memory, free: Mapping[str, str], known: Collection[str],
                 labels: Callable[[ast.expr], str | None], written: Callable[[ast.FunctionDef, ast.Call], ast.expr],
                 numbers: dict[str, None], blocks: Blocks) -> None:
        super().__init__(scope, memory.masks)
        self.memory, self.free, self.known, self.labels, self.written, self.numbers = memory, free, known, labels, written, numbers
        self.blocks = blocks
        self.returned: dict[int, ast.expr] = {}         # by functions of the file

    def read(self, node: ast.expr) -> ast.expr:
        """An expression; functions of the file that it calls are written out before it."""
        copied = isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in COPIES
        node = copy.deepcopy(node)
        for call in self.calls(node):
            self.returned[id(call)] = self.written(self.scope.helpers[last(call.func)], call)
        found: ast.expr = self.visit(node)
        return ast.fix_missing_locations(ast.UnaryOp(ast.UAdd(), found) if copied else found)      # what changes the copy does not change x

    def calls(self, node: ast.AST) -> Iterator[ast.Call]:
        """The calls of functions of the file that are in no other such call."""
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in self.scope.helpers:
            yield node
        else:
            for part in ast.iter_child_nodes(node):
                yield from self.calls(part)

    def of_labels(self, node: ast.AST) -> str | None:
        """The one-hot rows of y, for P[range(n), y]."""
        if not isinstance(node, ast.Subscript) or not isinstance(node.slice, ast.Tuple) or len(node.slice.elts) != 2:
            return None
        rows, label = node.slice.elts
        if not isinstance(rows, ast.Call) or last(rows.func) not in ROWS or len(rows.args) != 1:
            return None
        every = self.read(rows.args[0])         # of all rows
        return self.labels(label) if isinstance(every, (ast.Name, ast.Subscript, ast.Attribute)) else None

    def visit_Name(self, node: ast.Name) -> ast.expr:
        """A name."""
        return self.memory.value(node.id, self.scope.libraries.get(node.id, node.id))

    def visit_NamedExpr(self, node: ast.NamedExpr) -> ast.expr:
        """A value that is given a name in passing."""
        raise InputError(f"{node.target.id} is assigned inside of an expression")

    def visit_BinOp(self, node: ast.BinOp) -> ast.AST:
        """In a program ^ is not a power."""
        if isinstance(node.op, ast.BitXor):
            raise InputError(f"{ast.unparse(node)} is not a power in Python", hint="write ** for the power")
        return super().visit_BinOp(node)

    def visit_Attribute(self, node: ast.Attribute) -> ast.AST:
        """self.x, ctx.x and W.data."""
        if isinstance(node.value, ast.Name) and node.value.id in HOLDERS and node.attr != "saved_tensors":
            name, free = f"self.{node.attr}", self.free.get(node.attr)
            if free is None and name not in self.memory.called and node.attr in self.known:
                raise InputError(f"{name} has no value here")
            return self.memory.value(name, free or node.attr)
        if node.attr in ("data", "value") or node.attr == "values" and isinstance(node.value, ast.Call):
            found: ast.AST = self.visit(node.value)
            return found
        return super().visit_Attribute(node)

    def visit_Subscript(self, node: ast.Subscript) -> ast.AST:
        """cache["x"], cache[0], x.max(1)[0] and the entries of labels."""
        block = self.blocks.picked(node, self.visit)
        if block is not None:
            of: ast.expr = self.visit(node.value)
            return ast.BinOp(of, ast.MatMult(), block[0]) if block[1] else ast.BinOp(block[0], ast.MatMult(), of)
        labels, word = self.of_labels(node), key(node)
        if labels is not None:
            return ast.parse(f"np.sum({labels} * {ast.unparse(self.visit(node.value))}, axis=1)", mode="eval").body
        if isinstance(word, str):
            return self.entry(last(node.value), word)
        if isinstance(node.slice, (ast.Name, ast.Attribute)) and last(node.slice) in self.scope.rows and last(node.value):
            picked: ast.expr = self.visit(picked_rows(node.slice))
            return ast.BinOp(picked, ast.MatMult(), self.visit(node.value))
        if isinstance(node.value, ast.Call) and last(node.value.func) == "eye" and isinstance(node.slice, (ast.Name, ast.Attribute)):
            onehot = self.labels(node.slice)
            if onehot is not None:
                return ast.Name(onehot, ast.Load())
        if word == 0 and self.scope.torch and isinstance(node.value, ast.Call) and last(node.value.func) == "max":
            found: ast.AST = self.visit(node.value)
            return found
        parts = self.memory.kept.get(last(node.value), []) if isinstance(word, int) else []
        if isinstance(word, int) and -len(parts) <= word < len(parts) and not isinstance(node.value, ast.Subscript):
            return copy.deepcopy(parts[word])
        return self.generic_visit(node)

    def entry(self, of: str, word: str) -> ast.expr:
        """of[word]"""
        called = self.memory.called
        places = [f"{of}[{word!r}]"]
        if places[0] not in called and of not in self.free:         # a store may be called otherwise where it is read
            places = [k for k in called if k.endswith(f"[{word!r}]")] or places
        if len({ast.unparse(called[k]) for k in places if k in called}) > 1:
            raise InputError(f"{of}[{word!r}] can be {' or '.join(places)}")
        return self.memory.value(places[0], self.free.get(word, word))

    def visit_Call(self, node: ast.Call) -> ast.AST:
        """What functions of the file return; the logarithm of labelled entries is the labelled one of all."""
        if id(node) in self.returned:
            return self.returned[id(node)]
        labels = self.of_labels(node.args[0]) if len(node.args) == 1 and not node.keywords else None
        word, args = last(node.func), node.args
        if labels is not None and word in ENTRYWISE and isinstance(args[0], ast.Subscript):
            inside = ast.unparse(self.visit(args[0].value))
            return ast.parse(f"np.sum({labels} * {ast.unparse(node.func)}({inside}), axis=1)", mode="eval").body
        if word == "get" and isinstance(node.func, ast.Attribute) and len(args) == 2 and isinstance(args[0], ast.Constant) and \
                isinstance(args[0].value, str) and isinstance(args[1], ast.Constant) and isinstance(args[1].value, (int, float)):
            self.numbers[args[0].value] = None
            return self.entry(last(node.func.value), args[0].value)
        if word in ("one_hot", *PICKING) and args and not (word in PICKING and (len(args) != 2 or node.keywords)):
            onehot = self.labels(args[-1] if word in PICKING else _largest(args[0]) or args[0])
            if onehot is not None and word in PICKING:
                scores = ast.unparse(self.visit(args[0]))
                picked = scores if word == "nll_loss" else f"torch.log_softmax({scores}, dim=-1)"
                return ast.parse(f"-np.sum({onehot} * {picked}) / ({scores}).shape[0]", mode="eval").body
            if onehot is not None:
                return ast.Name(onehot, ast.Load())
        joins = joined(node)
        if joins is not None and word not in ("hstack", "vstack"):
            function = ast.parse(f"np.{'hstack' if joins[1] else 'concatenate'}", mode="eval").body
            node = ast.Call(function, [ast.List(list(joins[0]), ast.Load())], [])
        if word.endswith("_") and word != "requires_grad_" or any(k.arg in CHANGING for k in node.keywords):
            raise InputError(f"{ast.unparse(node)} changes an array")
        return super().visit_Call(node)

    def method(self, node: ast.Call, word: str) -> ast.AST:
        """x.var() is that of the library; np.ones((x.shape[0], x.shape[1])) has ones where x has entries."""
        if word in ("var", "std") and isinstance(node.func, ast.Attribute) and not self.in_library(node.func):
            function = ast.Attribute(ast.Name("torch" if self.scope.torch else "np", ast.Load()), word, ast.Load())
            return ast.Call(function, [node.func.value, *node.args], node.keywords)
        of = _of_shape(node.args[0]) if word in ("ones", "zeros") and len(node.args) == 1 else None
        return super().method(node, word) if of is None else ast.Call(ast.parse(f"np.{word}_like", mode="eval").body, [of], [])


def _of_shape(sizes: ast.expr) -> ast.expr | None:
    """The array whose shape this is: x.shape, (x.shape[0], x.shape[1])."""
    if isinstance(sizes, ast.Attribute) and sizes.attr == "shape":
        return sizes.value
    parts = sizes.elts if isinstance(sizes, ast.Tuple) else []
    found = [(p.value, key(p)) for p in parts if isinstance(p, ast.Subscript)]
    if [k for _, k in found] == [0, 1] and len({ast.unparse(of) for of, _ in found}) == 1 and isinstance(found[0][0], ast.Attribute):
        return found[0][0].value if found[0][0].attr == "shape" else None
    return None


def _largest(node: ast.expr) -> ast.Name | None:
    """A name for where an array is largest, Z.argmax(1), Z.max(1).indices, which is constant but at ties.

    >>> ast.unparse(_largest(ast.parse("Z.max(1).indices", mode="eval").body))
    'argmax_Z'
    """
    call = node.value if isinstance(node, ast.Attribute) and node.attr == "indices" else node
    word = last(call.func) if isinstance(call, ast.Call) else ""
    if not isinstance(call, ast.Call) or word not in (("max", "min") if call is not node else ("argmax", "argmin")):
        return None
    array = next((a for a in (getattr(call.func, "value", None), *call.args) if isinstance(a, ast.Name) and a.id not in MODULES), None)
    return ast.Name(f"arg{word.removeprefix('arg')}_{array.id}", ast.Load()) if array is not None else None
