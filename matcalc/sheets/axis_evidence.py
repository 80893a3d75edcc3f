"""How many axes an undeclared array of a sheet in NumPy has: by its letter, and by what the lines do with it."""

from __future__ import annotations

import ast
from collections.abc import Sequence

from .axes import factors, is_product, terms

COUNTS = frozenset(("n", "N", "m", "M", "B", "batch_size", "num_train", "num_examples", "n_samples"))
NUMBERS = COUNTS | {"lr", "eps", "epsilon", "reg", "lam", "lambda_", "lmbda", "alpha", "eta", "gamma", "c", "d", "k", "tau", "T", "C", "D"}
MODULES = ("np", "torch", "jnp", "numpy")
SUMS = ("sum", "mean", "max", "min", "std", "var", "amax", "logsumexp")


def of_gradient(name: str) -> str:
    """The name of which another one is the gradient: out of dout, grad_out and out_grad; no name where it is of none."""
    return name.removeprefix("grad_") if name.startswith("grad_") else name.removesuffix("_grad") if name.endswith("_grad") else \
        name[1:] if name[0] == "d" else ""


def axes_of(name: str, parsed: Sequence[tuple[str, ast.expr]]) -> int:
    """How many axes a name has by its letter, and by what is done with it."""
    asked = asked_of(name, parsed)
    if "T" in asked or any(name in _along(node) for _, value in parsed for node in ast.walk(value)):
        return 2
    if name in NUMBERS and not asked and not is_multiplied(name, parsed):         # a number has no shape, size or sum
        return 0
    added = any(name == n for _, value in parsed for n, _ in terms(value))
    if not added and any(of_gradient(target) == name and _one_number(value, name) for target, value in parsed):
        return 0
    return 2 if name[0].isupper() else 1


def asked_of(name: str, parsed: Sequence[tuple[str, ast.expr]]) -> set[str]:
    """The attributes of a name that lines ask for."""
    return {node.attr for _, value in parsed for node in ast.walk(value)
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == name}


def _along(node: ast.AST) -> set[str]:
    """The names of whose entries something is summed, or exponentiated and summed, along one axis, so that they have two."""
    if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
        return set()
    base = node.func.value
    library = isinstance(base, (ast.Name, ast.Attribute)) and ast.unparse(base).partition(".")[0] in (*MODULES, "F")
    operand, *others = node.args if library else [base, *node.args]
    second = isinstance(others[0], ast.Constant) and others[0].value == 1 if others and node.func.attr in SUMS else False
    if not second and {"axis", "dim", "keepdims", "keepdim"}.isdisjoint(k.arg or "" for k in node.keywords):
        return set()
    waiting: list[ast.AST] = [operand]
    for part in waiting:        # which grows
        if not isinstance(part, ast.BinOp) or not isinstance(part.op, ast.MatMult):
            waiting += [] if isinstance(part, (ast.Call, ast.Subscript, ast.Attribute)) else ast.iter_child_nodes(part)
    return {part.id for part in waiting if isinstance(part, ast.Name)}


def _one_number(value: ast.expr, name: str) -> bool:
    """Whether a value is a sum of everything, times what is made of a name alone that is not in the sum: such is no array."""
    factors, sums = [value], 0
    for part in factors:        # which grows
        if isinstance(part, ast.BinOp) and isinstance(part.op, (ast.Mult, ast.Div)):
            factors += [part.left, part.right]
        elif isinstance(part, ast.UnaryOp):
            factors.append(part.operand)
        else:
            inside = {n.id for n in ast.walk(part) if isinstance(n, ast.Name)} - set(MODULES)
            call = isinstance(part, ast.Call) and isinstance(part.func, ast.Attribute) and part.func.attr == "sum" and not part.keywords
            whole = call and len(part.args) == (ast.unparse(part.func.value) in MODULES) and name not in inside   # type: ignore[attr-defined]
            sums += whole
            if not whole and not inside <= {name}:
                return False
    return sums > 0


def is_multiplied(name: str, parsed: Sequence[tuple[str, ast.expr]]) -> bool:
    """Whether a name is a factor of a matrix product."""
    products = (node for _, value in parsed for node in ast.walk(value) if is_product(node))
    return any(isinstance(side, ast.Name) and side.id == name for node in products for side in factors(node))
