"""The words of a Python program as the dialect has them: libraries by their usual names, casts taken off, helper functions written out."""

from __future__ import annotations

import ast
import copy
from collections.abc import Mapping
from typing import Any

from ..language.shape import InputError

SAME = frozenset(("astype", "float", "double", "copy", "detach", "clone", "contiguous", "item", "numpy", "squeeze"))
WRAPPED = frozenset(("array", "asarray", "float", "tensor", "as_tensor", "float64", "squeeze"))
LIBRARIES = {"numpy": "np", "torch": "torch", "jax.numpy": "np", "torch.nn.functional": "F", "autograd.numpy": "np", "cupy": "np"}


def imported(tree: ast.Module) -> dict[str, str]:
    """What each library is called in the file, by what it is called in the dialect."""
    out = {"np": "np", "numpy": "np", "jnp": "np", "torch": "torch", "F": "F"}
    for node in tree.body:
        if isinstance(node, ast.Import):
            out |= {(a.asname or a.name): LIBRARIES[a.name] for a in node.names if a.name in LIBRARIES}
    return out


class Spelled(ast.NodeTransformer):
    """Brings names and calls to those of the dialect."""

    def __init__(self, helpers: Mapping[str, ast.FunctionDef], libraries: Mapping[str, str]) -> None:
        self.helpers, self.libraries = helpers, libraries

    def visit_Name(self, node: ast.Name) -> ast.expr:
        """A name as it is called here."""
        return ast.Name(self.libraries.get(node.id, node.id), ast.Load())

    def visit_Compare(self, node: ast.Compare) -> ast.expr:
        """x >= 0 is 1 also where x is 0: 1 - (0 > x)."""
        self.generic_visit(node)
        if len(node.ops) == 1 and isinstance(node.ops[0], (ast.GtE, ast.LtE)):
            return _unless(ast.Compare(node.left, [ast.Lt() if isinstance(node.ops[0], ast.GtE) else ast.Gt()], node.comparators))
        return node

    def visit_Call(self, node: ast.Call) -> ast.AST:
        """Casts taken off, helper functions of the file written out."""
        f = node.func
        if isinstance(f, ast.Attribute) and f.attr in SAME:
            base = f.value
            if not (isinstance(base, ast.Name) and base.id in self.libraries):
                found: ast.expr = self.visit(base)
                return found
        word = f.attr if isinstance(f, ast.Attribute) else f.id if isinstance(f, ast.Name) else ""
        library = isinstance(f, ast.Attribute) and isinstance(f.value, ast.Name) and f.value.id in self.libraries
        if word in WRAPPED and len(node.args) == 1 and (library or isinstance(f, ast.Name)):
            found = self.visit(node.args[0])
            return found
        if word == "where" and library and len(node.args) == 3:
            mask, one, two = (self.visit(a) for a in node.args)
            return ast.BinOp(ast.BinOp(mask, ast.Mult(), one), ast.Add(), ast.BinOp(_unless(mask), ast.Mult(), two))
        helper = self.helpers.get(f.id) if isinstance(f, ast.Name) else None
        if helper is not None:
            return self.helped(helper, node)
        self.generic_visit(node)
        return node

    def helped(self, helper: ast.FunctionDef, node: ast.Call) -> ast.expr:
        """A function of the file that only returns something, with its arguments put in."""
        body = [n for n in helper.body if not (isinstance(n, ast.Expr) and isinstance(n.value, ast.Constant))]
        names = [a.arg for a in helper.args.args]
        if len(body) != 1 or not isinstance(body[0], ast.Return) or body[0].value is None or len(names) != len(node.args) or node.keywords:
            raise InputError(f"{helper.name} has more than one statement that returns: it cannot be read")
        swap = dict(zip(names, (self.visit(a) for a in node.args), strict=True))

        class Put(ast.NodeTransformer):
            def visit_Name(self, inner: ast.Name) -> ast.expr:
                put: ast.expr = copy.deepcopy(swap.get(inner.id, inner))
                return put
        spelled = Spelled({n: h for n, h in self.helpers.items() if n != helper.name}, self.libraries)
        inner: ast.expr = spelled.visit(copy.deepcopy(body[0].value))
        out: ast.expr = Put().visit(inner)
        return out


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


def _unless(mask: ast.expr) -> ast.expr:
    return ast.BinOp(ast.Constant(1), ast.Sub(), mask)
