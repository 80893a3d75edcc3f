"""Shapes of undeclared arrays of a sheet in NumPy, by what its lines do with them.

How many axes a name has is guessed by its letter (W has two, w and b one, n none) and by what is done with it (x.T, axis=0); of these
guesses those count under which most lines fit. Sizes are what the lines then make equal; a line that does not fit has no say.
"""

from __future__ import annotations

import ast
from collections.abc import Sequence
from contextlib import suppress
from itertools import islice, permutations

from ...reading.dialects.spellings import MODULES
from .array_table import COUNTS, NO_SHAPES, SQUARE, Given, Table
from .axes import (COLUMN, ROW, SUMS, SizeMismatch, as_modules, assignment, by_samples, gradient_of, is_called,
                   is_multiplied, is_product, one_number, summed, terms)

NUMBERS = COUNTS | {"lr", "eps", "epsilon", "reg", "lam", "lambda_", "lmbda", "alpha", "eta", "gamma", "c", "d", "k", "tau", "T", "C", "D"}
MOST = 24       # so many names are tried with another number of axes
PAIRS = 64      # so many pairs of names are


def shapes(lines: Sequence[str], known: set[str], given: Given = NO_SHAPES) -> tuple[list[str], dict[str, int]]:
    """Declarations of the arrays that lines use and nothing defines; which of them have one place along one of two axes. Some shapes are
    `given`.

    >>> sorted(shapes(["out = x @ w + b"], set(), {"x": ("N", "D"), "b": ("M",)})[0])
    ['b in R^(M)', 'w in R^(D,M)', 'x in R^(N,D)']
    """
    parsed = [p for p in map(assignment, lines) if p is not None]
    alike = {name: of for name, of in given.items() if isinstance(of, str)}
    given = {name: of for name, of in given.items() if not isinstance(of, str)}
    for name, other in alike.items():
        at = next((k for k, (_, value) in enumerate(parsed) if any(isinstance(n, ast.Name) and n.id == name for n in ast.walk(value))), 0)
        parsed.insert(at, (name, ast.Name(other, ast.Load())))
    assigned: set[str] = set()
    free: dict[str, None] = {}
    for target, value in parsed:
        for node in ast.walk(value):
            if isinstance(node, ast.Name) and node.id not in assigned and node.id not in known and not is_called(value, node) and \
                    (node.id in free or gradient_of(node.id) not in assigned):       # what comes from above is a gradient of what is made
                free.setdefault(node.id)
        assigned.add(target)
    modules = as_modules(value for _, value in parsed)
    names = [n for n in free if n not in modules and not any(n in shape for shape in given.values())]
    if not names or known & set(names):
        return [], {}
    guess = {n: _axes(n, parsed) for n in names}
    sure = {n: axes for n, axes in _biases(guess, parsed, given).items() if n not in given}
    guess |= sure
    forward = [(target, value) for target, value in parsed if not gradient_of(target)]
    guess |= {n: ROW if s[0] == "1" else COLUMN for n, s in given.items() if n in guess and len(s) == 2 and "1" in s}
    best, fits = guess, Table(guess, given).count(parsed)
    added = {n for _, value in parsed for n, _ in terms(value)}
    above = {value.id for target, value in parsed if gradient_of(target) in assigned and isinstance(value, ast.Name)}       # dy = G
    turned = {n for n in names if n[0].isupper() and _turned(n, parsed)}        # W.T of a vector would be W
    open_names = sorted([n for n in names if n not in given and n not in turned][:MOST], key=added.__contains__)

    def alike_named(name: str, axes: int) -> dict[str, int]:        # b1 as b2
        return {n: axes for n in names if n.rstrip("0123456789") == name.rstrip("0123456789")}
    for name in open_names:
        for axes in (1, 0) if name[0].isupper() else (1, 0, COLUMN, ROW, 2) if name in added else (1, 0, 2):
            if fits == len(parsed):
                break
            table = Table(best | alike_named(name, axes), given)
            found = table.count(parsed) if axes != best[name] else -1
            factor = is_multiplied(name, parsed)
            kept = found == len(parsed) if factor else axes != 2 and name not in sure
            kept |= found > fits + 1 and axes == 2 or name in above
            if found > fits and (kept or Table(best, given).count(forward) < Table(table.guess, given).count(forward)):
                best, fits = table.guess, found
    both = (best | alike_named(one, 2) | alike_named(other, axes) for one, other in permutations(open_names, 2) for axes in (0, 1)
            if best[one] == 1 and axes < best[other])
    if fits < len(parsed):          # a matrix and a number, where the letters say two vectors
        best = next((guess for guess in islice(both, PAIRS) if Table(guess, given).count(parsed) == len(parsed)), best)
    for name in (n for n in open_names if best[n] == 1 and not is_multiplied(n, parsed)):      # a vector would make sizes one that differ
        others = [n for n in names if n != name]
        vector, number = Table(best, given), Table(best | {name: 0}, given)
        if number.count(parsed) >= vector.count(parsed) and number.sizes(others) > vector.sizes(others):
            best = number.guess
    table = Table(best, given)
    declared = table.declared(parsed, {*names, *assigned}, alike)
    return declared, {n: axes for n, axes in best.items() if axes in (COLUMN, ROW)}


def _array(node: ast.expr) -> ast.expr:
    """What has the axes of a value: x of np.sin(x)."""
    while isinstance(node, ast.Call) and len(node.args) == 1 and not node.keywords and isinstance(node.func, ast.Attribute) and \
            ast.unparse(node.func.value) in MODULES and node.func.attr not in (*SUMS, *SQUARE, "diag"):
        node = node.args[0]
    return node


def _asked(name: str, parsed: Sequence[tuple[str, ast.expr]]) -> set[str]:
    """The attributes of a name that lines ask for."""
    return {node.attr for _, value in parsed for node in ast.walk(value)
            if isinstance(node, ast.Attribute) and isinstance(of := _array(node.value), ast.Name) and of.id == name}


def _turned(name: str, parsed: Sequence[tuple[str, ast.expr]]) -> bool:
    """Whether lines transpose a name."""
    return not _asked(name, parsed).isdisjoint({"T", "t", "mT"})


def _axes(name: str, parsed: Sequence[tuple[str, ast.expr]]) -> int:
    """How many axes a name has by its letter, and by what is done with it."""
    asked = _asked(name, parsed)
    if _turned(name, parsed) or any(name in summed(node) for _, value in parsed for node in ast.walk(value)):
        return 2
    if name in NUMBERS and not asked and not is_multiplied(name, parsed):         # a number has no shape, size or sum
        return 0
    added = any(name == n for _, value in parsed for n, _ in terms(value))
    if not added and any(gradient_of(target) == name and one_number(value, name) for target, value in parsed):
        return 0
    return 2 if name[0].isupper() else 1


def _biases(guess: dict[str, int], parsed: Sequence[tuple[str, ast.expr]], given: Given) -> dict[str, int]:
    """The names that are only added to products of which it is plain what is added to them: one number to w @ x and to each entry of
    X @ w, where the rows of X are samples, a vector to W @ x."""
    out: dict[str, int] = {}
    keys = (node.arg for _, value in parsed for node in ast.walk(value) if isinstance(node, ast.keyword))
    if not {"keepdims", "keepdim"}.isdisjoint(key or "" for key in keys):
        return out
    table, samples = Table(guess, given), set[str]()
    for target, value in parsed:
        samples |= {target} if by_samples(value, samples) else set()
        for name, other in ((n, o) for n, o in terms(value) if guess.get(n) == 1 and n[0] == "b" and is_product(o)):
            with suppress(SizeMismatch):
                shape = table.of(other)
                if shape is not None and (len(shape) < 2 or by_samples(other, samples)):
                    left = other.left if isinstance(other, ast.BinOp) else None          # x @ W of one sample x has a bias for each column
                    one = left is not None and len(table.of(left) or ()) == 1
                    out[name] = int(len(shape) == 2 or bool(shape) and (one or not by_samples(other, samples)))
        with suppress(SizeMismatch):
            table.shapes[target] = table.of(value)
    return out
