"""Forward and backward passes in Python: a class or two functions, of NumPy, PyTorch or JAX; one function that has both, or a script."""

from __future__ import annotations

import ast
import re

from ...records import Record
from .memory import key
from .statements import GRADIENTS
from ..python.array_lines import gradient_of
from ..python.scope import last, statements
from ...patterns import pattern

FWD = pattern(r"(?:^|_)fwd(?:_|$)")
FORWARD, BACKWARD = re.compile(r"(?:^|_)(?:forward|fwd)(?:_|$)"), re.compile(r"(?:^|_)(?:backward|bwd)(?:_|$)")


class Pass(Record):
    """A forward pass and its backward pass; where one function is both there is no other. `start` is the constructor of the class, `setup`
    what keeps inputs and outputs for the backward pass."""

    forward: ast.FunctionDef
    backward: ast.FunctionDef | None = None
    start: ast.FunctionDef | None = None
    setup: ast.FunctionDef | None = None
    name: str = ""


def passes(tree: ast.Module) -> list[Pass]:
    """The forward passes of a program, each with its backward pass.

    >>> [p.backward.name for p in passes(ast.parse("def relu_forward(x): pass\\ndef relu_backward(dout, cache): pass"))]
    ['relu_backward']
    """
    out = []
    for name, body in (("", tree.body), *((n.name, n.body) for n in tree.body if isinstance(n, ast.ClassDef))):
        functions = {n.name: n for n in body if isinstance(n, ast.FunctionDef)}
        backward = {BACKWARD.sub("_", word): f for word, f in functions.items() if BACKWARD.search(word)}
        out += [Pass(f, backward[stem], functions.get("__init__"), functions.get("setup_context"), name) for word, f in functions.items()
                if FORWARD.search(word) and (stem := FORWARD.sub("_", word)) in backward]
    joined = {f.name for p in out for f in (p.forward, p.backward) if f is not None}
    whole = [Pass(f) for f in tree.body if isinstance(f, ast.FunctionDef) and f.name not in joined and _gives_gradients(f)]
    return sorted(out + whole, key=lambda p: p.forward.lineno) or [Pass(f) for f in script(tree)]


def script(tree: ast.Module) -> list[ast.FunctionDef]:
    """The statements of a program without functions as one function, which returns what is defined last before the gradients begin."""
    kinds = {type(n) for n in tree.body}
    if kinds & {ast.FunctionDef, ast.ClassDef} or not kinds & {ast.Import, ast.ImportFrom}:
        return []
    known: dict[str, None] = {}
    for node in statements(tree.body):
        if begins_gradients(node, set(known)) and known:
            end = ast.Return(ast.Name(list(known)[-1], ast.Load()), lineno=node.lineno, end_lineno=node.lineno)
            made = ast.FunctionDef("script", ast.arguments([], [], None, [], [], None, []), [*tree.body, end], [], lineno=1, end_lineno=1)
            return [made]
        known |= dict.fromkeys(n.id for n in ast.walk(node) if isinstance(n, ast.Name) and not isinstance(n.ctx, ast.Load))
        known |= {n.id: known.pop(n.id, None) for n in getattr(node, "targets", ()) if isinstance(n, ast.Name)}
    return []


def _gives_gradients(f: ast.FunctionDef) -> bool:
    """Whether a function returns a value and gradients: loss, dW, or loss, grads."""
    found = next((n.value for n in reversed(f.body) if isinstance(n, ast.Return)), None)
    return isinstance(found, ast.Tuple) and len(found.elts) > 1 and [is_gradient(e) for e in found.elts].count(False) == 1


def is_gradient(node: ast.expr) -> bool:
    """Whether something that is returned is a gradient, or has gradients."""
    return isinstance(node, ast.Dict) or isinstance(node, ast.Name) and (gradient_of(node.id) != "" or "grad" in node.id)


def begins_gradients(node: ast.stmt, known: set[str]) -> bool:
    """Whether a statement gives a value to something that is called like the gradient of a known name, or is a dictionary of such."""
    filled = isinstance(node, ast.Assign) and isinstance(node.value, ast.Dict) and node.value.keys != []
    return isinstance(node, ast.Assign) and any(
        gradient_of(last(t)) in known or (filled or key(t) is not None) and GRADIENTS.search(last(t)) is not None for t in node.targets)
