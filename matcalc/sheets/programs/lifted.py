"""Methods that use nothing of their object, self.sigmoid(z), as functions of the file; properties as the calls that they are."""

from __future__ import annotations

import ast
from collections import Counter

from ..python.scope import DEFINED, HOLDERS, last, parameters


PROPERTIES = frozenset(("property", "cached_property"))


class _Called(ast.NodeTransformer):
    """Puts sigmoid(z) for self.sigmoid(z) and Net.sigmoid(z), self.half() for the property self.half."""

    def __init__(self, names: set[str], holders: set[str], properties: set[str]) -> None:
        self.names, self.holders, self.properties = names, holders, properties

    def visit_Attribute(self, node: ast.Attribute) -> ast.AST:  # noqa: N802
        """An attribute that a method computes."""
        self.generic_visit(node)
        of = last(node.value) in HOLDERS and node.attr in self.properties and isinstance(node.ctx, ast.Load)
        return ast.copy_location(ast.Call(node, [], []), node) if of else node

    def visit_Call(self, node: ast.Call) -> ast.AST:  # noqa: N802
        """A call, perhaps of such a method."""
        self.generic_visit(node)
        f = node.func
        if isinstance(f, ast.Attribute) and isinstance(f.value, ast.Name) and f.value.id in self.holders and f.attr in self.names:
            node.func = ast.copy_location(ast.Name(f.attr, ast.Load()), f)
        return node


def lifted(tree: ast.Module) -> ast.Module:
    """The program with such methods of its classes as functions, where their names are those of nothing else.

    >>> print(ast.unparse(lifted(ast.parse("class Net:\\n  def s(self, x): return 2*x\\n  def forward(self, z): return self.s(z)"))))
    def s(x):
        return 2 * x
    <BLANKLINE>
    class Net:
    <BLANKLINE>
        def forward(self, z):
            return s(z)
    """
    classes = [n for n in tree.body if isinstance(n, ast.ClassDef)]
    named = Counter(n.name for n in ast.walk(tree) if isinstance(n, DEFINED))
    named.update(n.id for n in ast.walk(tree) if isinstance(n, ast.Name))
    called = {n.func.attr for c in classes for n in ast.walk(c) if isinstance(n, ast.Call) and isinstance(n.func, ast.Attribute)
              and isinstance(n.func.value, ast.Name) and n.func.value.id in HOLDERS}
    methods = [(c, n) for c in classes for n in c.body if isinstance(n, ast.FunctionDef) and n.name in called and named[n.name] == 1]
    put = {n.attr for n in ast.walk(tree) if isinstance(n, ast.Attribute) and isinstance(n.ctx, ast.Store)}         # net.act = ..
    pure = [(c, f) for c, f in methods if _pure(f) and f.name not in put and "setattr" not in named]
    for c, f in pure:
        c.body.remove(f)
        if not f.decorator_list:
            f.args.args.pop(0)
        f.decorator_list = []
    names = {f.name for _, f in pure}
    properties = {n.name for c in classes for n in c.body if isinstance(n, ast.FunctionDef)
                  and not PROPERTIES.isdisjoint(map(last, n.decorator_list))}
    _Called(names, {*HOLDERS, *(c.name for c in classes)}, properties).visit(tree)
    tree.body[:0] = [f for _, f in pure]
    return tree


def _pure(f: ast.FunctionDef) -> bool:
    """Whether a method uses no object: a static one, or one whose first argument stands nowhere in it."""
    static = [ast.unparse(d) for d in f.decorator_list]
    if static:
        return static == ["staticmethod"]
    given = parameters(f)
    return given[:1] == ["self"] and all(not isinstance(n, ast.Name) or n.id != "self" for each in f.body for n in ast.walk(each))
