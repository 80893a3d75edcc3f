"""Abstract functions and their derivatives over lists of indices."""

from __future__ import annotations

from math import prod

from ...language.expr import ONE, SCALAR, Expr, Name
from .derivatives import vector_function
from .fitting import Fitting, Value, common
from .normalform import Algebra
from .heads import NeedsFinerIndices
from ...language.signatures import called
from .substitution import function_of, sizes, slots


def applied(work: Fitting, function: Expr, x: Expr) -> Value:
    """An abstract function or one of its derivatives, at an expression."""
    function, signature, primes, kind = called(function)
    v = work.of(x)
    if signature == (None, None):
        return Value(v.rows, v.cols, function_of(work.alg, function.name, primes, v.entries))
    source, target = (tuple(map(sizes, space or SCALAR)) for space in signature)
    if source[1]:
        return _of_matrix(work.alg, function, kind, work.split(v, *source))
    m, n = work.names[function.name] = work.alg.layouts.get(function.name) or (source[0], target[0] + target[1])
    finer = common(v.rows, m)
    if finer != m:
        raise NeedsFinerIndices(function.name, finer, n)
    v = work.split(v, m, ())
    order = {"grad": 1, "jac": 1, "hess": 2}.get(kind, primes)
    head = vector_function(work.alg, function.name, order, m, n, v.entries)
    entries = work.alg.atom(head, slots(len(head.dims)))
    if kind == "hess":
        return Value(m, m, entries)
    p = next(k for k in range(len(n) + 1) if sizes(prod(n[:k], start=ONE)) == target[0])
    if kind != "jac":
        return Value(m if kind == "grad" else n[:p], () if kind == "grad" else n[p:], entries)
    q, r = len(m), len(n) - p
    names = {-q - i - 1: -q - r - i - 1 for i in range(p)} | {-q - p - i - 1: -q - i - 1 for i in range(r)}
    return Value(m, n[p:] + n[:p], work.alg.renamed(entries, names))


def _of_matrix(alg: Algebra, function: Name, kind: str, v: Value) -> Value:
    """A scalar function of a matrix: its gradient has the indices of rows and columns, its Hessian those of vec twice."""
    rows, cols = v.rows, v.cols
    order = {"": 0, "grad": 1, "hess": 2}[kind]
    head = vector_function(alg, function.name, order, rows + cols, (), v.entries)
    entries = alg.atom(head, slots(len(head.dims)))
    if kind != "hess":
        return Value(rows, cols, entries) if kind else Value((), (), entries)
    p, q = len(rows), len(cols)
    transposed = {-i - 1: -q - i - 1 for i in range(p)} | {-p - i - 1: -i - 1 for i in range(q)}
    transposed |= {a - p - q: b - p - q for a, b in transposed.items()}
    return Value(cols + rows, cols + rows, alg.renamed(entries, transposed))
