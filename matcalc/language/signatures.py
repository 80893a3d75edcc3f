"""The shape of a value from the shapes of the arguments."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from math import prod

from .operations import FORMS, OPERATIONS
from .nodes import Apply, Expr, Name, Signature
from .shape import ONE, SCALAR, Dim, Shape, ShapeError, show_shape

_OPERATIONS = {row.head: row for row in OPERATIONS}


Pair = tuple[str, str]


def _pairs(text: str) -> list[Pair]:
    sizes = (pair.strip("()").split(",") for pair in text.split())
    return [(rows, columns) for rows, columns in sizes]


# By head: what the arguments' sizes are called, and the sizes of the value in these letters.
SIGNATURES: dict[str, tuple[list[Pair], Pair]] = {row.head: (_pairs(row.arguments), _pairs(row.result)[0]) for row in OPERATIONS}


CONSTANT_SHAPES = {row.head: (row.sizes.split(), _pairs(row.result)[0]) for row in FORMS if row.sizes}


def value_of(result: Pair, bound: Mapping[str, Dim]) -> Shape:
    """The shape of a value, its letters being bound: (m*p, 1)."""
    return _product(result[0], bound), _product(result[1], bound)


def _product(text: str, bound: Mapping[str, Dim]) -> Dim:
    found = bound.get(text)
    return prod((bound[letter] for letter in text.split("*") if letter != "1"), start=ONE) if found is None else found


def operation_shape(head: str, args: Iterable[Expr]) -> Shape:
    """The shape of a matrix function's value; ShapeError when the arguments do not fit."""
    wanted, result = SIGNATURES[head]
    bound: dict[str, Dim] = {}
    for e, pair in zip(args, wanted, strict=True):
        for letter, dim in zip(pair, e.shape, strict=True):
            have = ONE if letter == "1" else bound.setdefault(letter, dim)
            if have is not dim:
                square = pair[0] == pair[1]
                raise ShapeError(f"{_OPERATIONS[head].spelling}({e}): {e} is {show_shape(e.shape)}, "
                                 + ("not square" if square else "not a column"))
    return value_of(result, bound)


def is_transposed(f: Shape, order: int, layout: str) -> bool:
    """Whether a layout has the transpose of the derivative in the denominator layout: mixed has that of Jacobians."""
    return layout == "numerator" or layout == "mixed" and (order == 2 or f != SCALAR)


def derivative_shape(f: Shape, x: Shape, order: int = 1, layout: str = "denominator") -> Shape:
    """The shape of df/dx, or of the Hessian, by vec but for gradients.

    >>> from .shape import ONE, SCALAR, Dim
    >>> m, n = Dim.of('m'), Dim.of('n')
    >>> derivative_shape(SCALAR, (m, n)) == (m, n), derivative_shape((m, ONE), (n, ONE)) == (n, m)
    (True, True)
    """
    size = x[0] * x[1]
    shape = (size, size) if order == 2 else x if f == SCALAR else (size, f[0] * f[1])
    return (shape[1], shape[0]) if is_transposed(f, order, layout) else shape


def called(function: Expr) -> tuple[Name, Signature, int, str]:
    """The abstract function that a derivative is of, its signature, how often it is differentiated, and by what first."""
    depth, head = 0, ""
    while type(function) is Apply:
        depth, head, function = depth + 1, function.head, function.args[0]
    assert type(function) is Name and function.signature is not None
    return function, function.signature, depth, head


def call(function: Expr, x: Expr) -> Expr:
    """An abstract function, or a derivative of one, at x."""
    inner, (source, target), _, head = called(function)
    if source is None and target is None:
        return Apply("apply", (function, x), x.shape)
    if x.shape != (source or SCALAR):
        raise ShapeError(f"{function}({x}): {inner} takes {argument_text(source or SCALAR)}, {x} is {show_shape(x.shape)}")
    return Apply("apply", (function, x), value_shape(head, source or SCALAR, target))


def value_shape(kind: str, source: Shape, target: Shape | None) -> Shape:
    """The shape of g(x), F'(t), grad(g)(x), hess(g)(x) or jac(h)(x); of a matrix the Hessian and the Jacobian are by vec."""
    size, to = source[0] * source[1], target or SCALAR
    return {"grad": source, "hess": (size, size), "jac": (size, to[0] * to[1])}.get(kind, to)


def argument_text(source: Shape) -> str:
    """What an abstract function takes, in words."""
    if source == SCALAR:
        return "a scalar"
    return f"a vector of size {source[0]}" if source[1] is ONE else f"a matrix of {show_shape(source)}"
