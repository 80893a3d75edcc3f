"""Functions of a Python file that take several statements, written out where they are called."""

from __future__ import annotations

import ast
import copy
from collections.abc import Callable, Mapping
from typing import Any

from .names import ProgramNames
from ..python.scope import bound, changed, last, loaded, local, parameters, without_text

MOST = 200         # calls that are written out

SILENT = (ast.Pass, ast.Assert, ast.Raise)


class ProgramFunctions(ProgramNames):
    """Reads expressions in which functions of the file are called."""

    def __init__(self, tree: ast.Module) -> None:
        super().__init__(tree)
        self.within: list[str] = []         # functions that are being written out
        self.inner = set[str]()             # the names that they give to values
        self.count = 0

    assigned: Callable[[ast.Assign | ast.AugAssign | ast.AnnAssign], None]
    gets: Callable[[ast.stmt, ast.expr, ast.expr, list[tuple[str, bool]]], None]        # a value that shares memory with others
    arrays: Callable[[ast.expr], list[tuple[str, bool]]]        # with which

    def read(self, node: ast.expr) -> ast.expr:
        """An expression in the names of the sheet; functions of the file that take several statements are written out before it."""
        return super().read(WrittenOut(self).visit(copy.deepcopy(node)))

    def harmless(self, node: ast.stmt) -> bool:
        """Whether a statement changes no array: without a call, or one that prints, asserts, tells the library something, has no names."""
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            return self.called.keys().isdisjoint(a.asname or a.name for a in node.names)
        names_a_part = any(isinstance(n, ast.NamedExpr) for n in ast.walk(node))
        if names_a_part or isinstance(node, SILENT):
            return not names_a_part
        if not isinstance(node, ast.Expr) or not isinstance(node.value, ast.Call):
            return isinstance(node, ast.Expr) and not any(isinstance(n, ast.Call) for n in ast.walk(node))
        function = ast.unparse(node.value.func)
        return function == "print" or function.startswith("ctx.") or last(node.value.func).startswith("assert") or \
            function.partition(".")[0] in self.libraries and not set(changed(node)) - self.libraries.keys()

    def written_out(self, helper: ast.FunctionDef, call: ast.Call) -> ast.expr | None:
        """What a function of the file returns, its statements read under other names; None where they are not all assignments."""
        body, names = without_text(helper), parameters(helper)
        values = dict(zip(names, call.args, strict=False)) | {k.arg: k.value for k in call.keywords if k.arg in names}
        defaults = dict(zip(names[::-1], helper.args.defaults[::-1], strict=False))
        end, own = body[-1] if body else None, local(helper)
        fits = len(values) == len(call.args) + len(call.keywords) and set(names) <= (values | defaults).keys()
        self.count += 1
        fits &= self.count < MOST and helper.name not in self.within
        fits &= own == {*names, *bound(helper.body)}        # neither *args nor what only a keyword gives
        fits &= loaded(helper) <= own | self.libraries.keys() | self.scope.numbers.keys()
        if not fits or len(body) == 1 or not isinstance(end, ast.Return) or end.value is None or not all(
                isinstance(n, (ast.Assign, ast.AugAssign)) for n in body[:-1]):
            return None
        called = {name: ast.Name(self.fresh(f"{name}_of_{helper.name}"), ast.Load()) for name in sorted(own)}
        renamed = Renamed(called, call)
        self.within.append(helper.name)
        try:
            for name in names:
                value = self.read(values.get(name, defaults.get(name, end.value)))
                at = ast.Assign([called[name]], value, lineno=call.lineno, end_lineno=call.end_lineno)
                self.gets(at, called[name], value, self.arrays(values[name]) if name in values else [])
            for node in body[:-1]:
                self.assigned(renamed.visit(copy.deepcopy(node)))
            return self.read(renamed.visit(copy.deepcopy(end.value)))
        finally:
            self.within.pop()


class WrittenOut(ast.NodeTransformer):
    """Writes out the functions of the file that are called."""

    def __init__(self, reader: ProgramFunctions) -> None:
        self.reader = reader

    def visit_Call(self, node: ast.Call) -> ast.expr:  # noqa: N802
        """A call."""
        self.generic_visit(node)
        helper = self.reader.scope.helpers.get(node.func.id) if isinstance(node.func, ast.Name) else None
        return (self.reader.written_out(helper, node) if helper is not None else None) or node


class Renamed(ast.NodeTransformer):
    """Puts other names, and statements at the place of another one."""

    def __init__(self, names: Mapping[str, ast.Name], place: ast.expr) -> None:
        self.names, self.place = names, place

    def visit(self, node: ast.AST) -> Any:
        """A name, or what stands around names."""
        if isinstance(node, ast.Name):
            return ast.Name(self.names[node.id].id, node.ctx) if node.id in self.names else node
        if isinstance(node, ast.stmt):
            node.lineno, node.end_lineno = self.place.lineno, self.place.end_lineno
        self.generic_visit(node)
        return node
