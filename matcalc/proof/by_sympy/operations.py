"""What every head means, written out entry by entry in SymPy. The table is this judge's own: nothing is shared with points.py."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Protocol

import sympy
from sympy import Matrix

from ...language.expr import SCALAR, Apply, Dim, Expr
from ...language.signatures import called
from ...language.operations import POWERS, require_complete
from .symbols import LARGEST_DET, Sign, Inconclusive, abstract, adjugate, determinant, inverse, stacked


Meaning = Callable[..., "Matrix | list[sympy.Expr]"]


class Writing(Protocol):
    """The evaluator as the meaning of an operation sees it: entries at given sizes."""

    def value(self, root: Expr) -> Matrix:
        """The matrix of an expression."""

    def shape(self, e: Expr) -> tuple[int, int]:
        """Rows and columns."""

    def dim(self, d: Dim) -> int:
        """A size."""

    def derivative(self, f: Expr, x: Expr) -> Matrix:
        """d(f)/d(x)."""

    def differential(self, u: Matrix) -> Matrix:
        """d(u)."""


def _product(ev: Writing, e: Apply, *args: Matrix) -> Matrix:
    scalar: sympy.Expr = sympy.Integer(1)
    chain: Matrix | None = None
    for a, node in zip(args, e.args, strict=True):
        if node.shape == SCALAR:
            scalar = scalar * a[0]
        else:
            chain = a if chain is None else chain * a
    return Matrix([[scalar]]) if chain is None else chain * scalar


def _hadamard(ev: Writing, e: Apply, *args: Matrix) -> list[sympy.Expr]:
    return [sympy.Mul(*vs) for vs in zip(*args, strict=True)]


def _power(ev: Writing, e: Apply, u: Matrix, k: Matrix) -> Matrix | list[sympy.Expr]:
    if e.head == "^" and e.shape != SCALAR:
        n = int(k[0])
        out, base = sympy.eye(u.rows), inverse(u) if n < 0 else u
        for _ in range(abs(n)):
            out = out * base
        return out
    exponents = [k[0]] * len(u) if len(k) == 1 else list(k)
    return [v ** p if p.is_Rational else sympy.exp(p * sympy.log(v)) for v, p in zip(u, exponents, strict=True)]


def _call(ev: Writing, e: Apply, x: Matrix) -> list[sympy.Expr]:
    function, (source, target), order, kind = called(e.args[0])
    label = function.name
    if source is None and target is None:
        return [abstract(label, 1, (1,) * order)(v) for v in x]
    x = stacked(x)
    m, (rows, cols) = len(x), [ev.dim(d) for d in target] if target else (1, 1)
    n = rows * cols
    if kind in ("", "prime"):        # the outputs are counted column by column, and written row by row
        return [abstract(label, j * rows + i + 1, (1,) * order)(*x) for i in range(rows) for j in range(cols)]
    if kind == "grad" and source:            # written row by row
        rows = ev.dim(source[0])
        return [abstract(label, 1, (j * rows + i + 1,))(*x) for i in range(rows) for j in range(m // rows)]
    if kind == "hess":
        return [abstract(label, 1, tuple(sorted((i + 1, j + 1))))(*x) for i in range(m) for j in range(m)]
    return [abstract(label, j + 1, (i + 1,))(*x) for i in range(m) for j in range(n)]


def _softmax(u: Iterable[sympy.Expr]) -> list[sympy.Expr]:
    exps = [sympy.exp(v) for v in u]
    total = sympy.Add(*exps)
    return [v / total for v in exps]


def _rows(u: Matrix) -> list[list[sympy.Expr]]:
    return [[u[i, j] for j in range(u.cols)] for i in range(u.rows)]


def _comm(ev: Writing, e: Apply) -> Matrix:
    m, n = (int(ev.value(a)[0]) for a in e.args)
    out = sympy.zeros(m * n, m * n)
    for i in range(m):
        for j in range(n):
            out[i * n + j, j * m + i] = 1
    return out


def _select(ev: Writing, e: Apply) -> Matrix:
    first, count, n = (int(ev.value(a)[0]) for a in e.args)
    if first + count - 1 > n:
        raise Inconclusive(f"entry {first + count - 1} of {n}")
    return Matrix(n, count, lambda i, j: int(i == first - 1 + j))


def _kron(u: Matrix, v: Matrix) -> Matrix:
    return Matrix(u.rows * v.rows, u.cols * v.cols,
                  lambda i, j: u[i // v.rows, j // v.cols] * v[i % v.rows, j % v.cols])


def _whole(f: Callable[[Matrix], Matrix | list[sympy.Expr]]) -> Meaning:
    return lambda ev, e, u: f(u)


def _entry(f: Callable[[sympy.Expr], sympy.Expr]) -> Meaning:
    return lambda ev, e, u: [f(v) for v in u]


def _unvec(ev: Writing, e: Apply, u: Matrix) -> Matrix:
    m, n = ev.shape(e)
    return Matrix(m, n, lambda i, j: u[j * m + i])


def _log_sum_exp(u: Iterable[sympy.Expr]) -> sympy.Expr:
    return sympy.log(sympy.Add(*(sympy.exp(v) for v in u)))


def _sigmoid(v: sympy.Expr) -> sympy.Expr:
    return 1 / (1 + sympy.exp(-v))


def _abs(v: sympy.Expr) -> sympy.Expr:
    return Sign(v) * v


def asks(ev: Writing, e: Apply, u: Matrix, *more: Matrix) -> Iterable[tuple[str, sympy.Expr]]:
    """What the entries of an operation's argument must be: `positive`, `nonnegative`, `apart` from zero or within 1 (`arcsin`)."""
    kind = ASKS.get(e.head)
    if kind is not None:
        return [(kind, v) for v in u]
    if e.head in ("inv", "logdet") and u.rows <= LARGEST_DET:
        return [("apart", determinant(u))]
    if e.head not in POWERS or not more:
        return []
    exponents = [more[0][0]] * len(u) if len(more[0]) == 1 else list(more[0])
    if e.head == "^" and e.shape != SCALAR:
        return [("apart", determinant(u))] if int(exponents[0]) < 0 and u.rows <= LARGEST_DET else []
    return [("positive" if not p.is_Rational else "apart" if p.is_Integer else "nonnegative", v)
            for v, p in zip(u, exponents, strict=True) if not (p.is_Integer and p >= 0)]


ASKS = {"log": "positive", "sqrt": "nonnegative", "arcsin": "arcsin"}
TABLE: dict[str, Meaning] = {
    "+": lambda ev, e, *args: [sympy.Add(*vs) for vs in zip(*args, strict=True)], "*": _product, ".*": _hadamard,
    "^": _power, ".^": _power, "'": _whole(lambda u: u.T), "sum": _whole(lambda u: [sympy.Add(*u)]),
    "tr": _whole(lambda u: [sympy.Add(*(u[i, i] for i in range(u.rows)))]), "det": _whole(lambda u: [determinant(u)]),
    "adj": _whole(adjugate), "inv": _whole(inverse), "logdet": _whole(lambda u: [sympy.log(_abs(determinant(u)))]),
    "norm1": _whole(lambda u: [sympy.Add(*map(_abs, u))]), "norm2": _whole(lambda u: [sympy.sqrt(sympy.Add(*(v * v for v in u)))]),
    "diag": _whole(lambda u: Matrix(len(u), len(u), lambda i, j: u[i] if i == j else 0)),
    "diagonal": _whole(lambda u: [u[i, i] for i in range(u.rows)]), "vec": _whole(stacked), "unvec": _unvec,
    "kron": lambda ev, e, u, v: _kron(u, v), "rowsum": _whole(lambda u: [sympy.Add(*r) for r in _rows(u)]),
    "colsum": _whole(lambda u: [sympy.Add(*r) for r in _rows(u.T)]), "softmax": _whole(_softmax),
    "softmax_rows": _whole(lambda u: [v for r in _rows(u) for v in _softmax(r)]),
    "logsumexp": _whole(lambda u: [_log_sum_exp(u)]), "logsumexp_rows": _whole(lambda u: [_log_sum_exp(r) for r in _rows(u)]),
    "eye": lambda ev, e: sympy.eye(ev.shape(e)[0]), "ones": lambda ev, e: sympy.ones(*ev.shape(e)),
    "zeros": lambda ev, e: sympy.zeros(*ev.shape(e)), "comm": _comm, "select": _select, "pi": lambda ev, e: [sympy.pi], "apply": _call,
    "derivative": lambda ev, e: ev.derivative(*e.args), "d": lambda ev, e, u: ev.differential(u),
    "exp": _entry(sympy.exp), "log": _entry(sympy.log), "sqrt": _entry(sympy.sqrt), "abs": _entry(_abs),
    "sign": _entry(Sign), "sin": _entry(sympy.sin), "cos": _entry(sympy.cos),
    "arcsin": _entry(sympy.asin), "arctan": _entry(sympy.atan),
    "sinh": _entry(lambda v: (sympy.exp(v) - sympy.exp(-v)) / 2), "cosh": _entry(lambda v: (sympy.exp(v) + sympy.exp(-v)) / 2),
    "tanh": _entry(lambda v: 2 * _sigmoid(2 * v) - 1), "sigmoid": _entry(_sigmoid),
    "softplus": _entry(lambda v: sympy.log(1 + sympy.exp(v))), "relu": _entry(lambda v: v * (1 + Sign(v)) / 2),
    "erf": _entry(sympy.erf),
}
require_complete("the judge by SymPy", TABLE, ("expm", "expm_frechet", "eigmax", "eigvec", "spectrum", "eigvecs", "singvals", "svdu",
                                                "svdv", "sqrtm"))
