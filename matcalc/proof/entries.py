"""Every head written out entry by entry in SymPy: what components.py compares. Imported only when it is asked.

The table is this judge's own; it shares nothing with points.py. Matrices are SymPy matrices of expressions in the entries'
symbols, so a derivative is SymPy's, entry by entry; structure is put in after differentiating.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from fractions import Fraction
from functools import lru_cache
from itertools import permutations
from typing import Any

import sympy
from sympy import Matrix, Rational, Symbol

from ..language.expr import SCALAR, Apply, Dim, Expr, Name, Number

LARGEST_DET = 4
LONGEST = 3000
MOST_WORK = 60_000


class Undone(Exception):
    """Nothing can be said entry by entry: why, and whether other sizes may do."""

    def __init__(self, why: str, sizes: bool = False) -> None:
        super().__init__(why)
        self.sizes = sizes


class Degenerate(Exception):
    """A determinant that is zero for all entries at these sizes."""


class Sign(sympy.Function):
    """The sign of a real number: odd, multiplicative, with derivative zero."""

    @classmethod
    def eval(cls, u: Any) -> Any:
        if u.is_positive:
            return sympy.Integer(1)
        if u.is_negative:
            return sympy.Integer(-1)
        if u.is_Mul:
            return sympy.Mul(*(cls(a) for a in u.args))
        if u.could_extract_minus_sign():
            return -cls(-u)
        return None

    def fdiff(self, argindex: int = 1) -> Any:
        return sympy.Integer(0)


class Abstract(sympy.Function):
    """An abstract function of numbers; the subclasses are made by `abstract`."""

    label = ""
    component = 0
    orders: tuple[int, ...] = ()

    def fdiff(self, argindex: int = 1) -> Any:
        return abstract(self.label, self.component, tuple(sorted((*self.orders, argindex))))(*self.args)


@lru_cache(maxsize=None)
def abstract(label: str, component: int, orders: tuple[int, ...]) -> Any:
    """The component-th output of the function called label, differentiated along those arguments."""
    name = f"{label}_{component}" + "".join(f"_{k}" for k in orders)
    return type(name, (Abstract,), {"label": label, "component": component, "orders": orders})


class Entries:
    """The symbols of a problem at given sizes, and the value of every node."""

    def __init__(self, sizes: dict[str, int], bodies: dict[Name, Expr], free: Iterable[Name] = ()) -> None:
        self.sizes, self.bodies = sizes, bodies
        self.free = set(free)                       # defined names taken as variables
        self.symbols: dict[Name, Any] = {}
        self.memo: dict[Expr, Any] = {}

    def shape(self, e: Expr) -> tuple[int, int]:
        """Rows and columns here."""
        m, n = (self.dim(d) for d in e.shape)
        return m, n

    def dim(self, d: Dim) -> int:
        """A size here."""
        return d.value(self.sizes)

    def variable(self, name: Name) -> Any:
        """The matrix of a name's symbols."""
        found = self.symbols.get(name)
        if found is None:
            m, n = self.shape(name)
            positive = True if "positive" in name.words or "simplex" in name.words else None
            make = lambda i, j: Symbol(f"{name.name}_{i + 1}_{j + 1}", real=True, positive=positive)
            found = self.symbols[name] = Matrix(m, n, make)
        return found

    def value(self, root: Expr) -> Any:
        """The matrix of an expression."""
        stack = [root]
        while stack:
            e = stack[-1]
            if e in self.memo:
                stack.pop()
                continue
            waiting = [c for c in self._needs(e) if c not in self.memo]
            if waiting:
                stack += waiting
            else:
                self.memo[e] = self._compute(e)
        return self.memo[root]

    def _needs(self, e: Expr) -> tuple[Expr, ...]:
        if type(e) is Apply:
            if e.head in ("eye", "ones", "zeros", "comm", "pi", "derivative"):
                return ()
            return e.args[1:] if e.head == "apply" else e.args[:1] if e.head == "unvec" else e.args
        if type(e) is Name and e in self.bodies and e not in self.free:
            return (self.bodies[e],)
        return ()

    def _compute(self, e: Expr) -> Any:
        if type(e) is Number:
            return Matrix([[rational(e.value)]])
        if type(e) is Name:
            if e.kind == "size":
                return Matrix([[sympy.Integer(self.sizes[e.name])]])
            return self.memo[self.bodies[e]] if e in self.bodies and e not in self.free else self.variable(e)
        assert type(e) is Apply
        handler = TABLE.get(e.head)
        if handler is None:
            raise Undone(f"{e.head} has no closed form entry by entry")
        out = handler(self, e, *[self.memo[a] for a in self._needs(e)])
        return Matrix(*self.shape(e), list(out)) if not isinstance(out, sympy.MatrixBase) else out

    def derivative(self, f: Expr, x: Expr) -> Any:
        """d(f)/d(x), denominator layout, entry by entry."""
        if type(x) is not Name:
            raise Undone(f"the derivative with respect to {x}")
        inner = self
        if x in self.bodies and x not in self.free:
            inner = Entries(self.sizes, self.bodies, self.free | {x})
            inner.symbols = self.symbols
        value = inner.value(f)
        at = inner.variable(x)
        differentiable(value, len(at))
        if f.shape == SCALAR:
            out = at.applyfunc(lambda s: value[0].diff(s))
        else:
            out = Matrix([[v.diff(s) for v in stacked(value)] for s in stacked(at)])
        if inner is not self:
            body = self.value(self.bodies[x])
            out = out.xreplace(dict(zip(at, body, strict=True)))
        return out

    def differential(self, u: Any) -> Any:
        """d(u): every symbol of a variable moves along its own."""
        def moved(v: Any) -> Any:
            symbols = sorted((s for s in v.free_symbols if not s.name.startswith("d ")), key=lambda s: s.name)
            return sympy.Add(*(v.diff(s) * Symbol("d " + s.name, real=True) for s in symbols))
        return u.applyfunc(moved)


def length(root: Any, memo: dict[Any, int] | None = None) -> int:
    """The number of nodes of an expression; shared parts are counted each time but looked at once."""
    memo = {} if memo is None else memo
    found = memo.get(root)
    if found is None:
        found = memo[root] = 1 + sum(length(a, memo) for a in root.args)
    return found


def differentiable(values: Iterable[Any], symbols: int) -> None:
    """Refuse what SymPy would differentiate for minutes."""
    memo: dict[Any, int] = {}
    if sum(length(v, memo) for v in values) * symbols > MOST_WORK:
        raise Undone("the derivative is too long to write out", sizes=True)


def rational(value: Fraction | int) -> Any:
    """An exact number."""
    return Rational(value.numerator, value.denominator)


def stacked(u: Any) -> list[Any]:
    """The entries column by column."""
    return [u[i, j] for j in range(u.cols) for i in range(u.rows)]


def determinant(u: Any) -> Any:
    """Leibniz."""
    n = u.rows
    if n > LARGEST_DET:
        raise Undone(f"a determinant of {n} x {n} is too long to write out", sizes=True)
    terms = []
    for p in permutations(range(n)):
        sign = (-1) ** sum(p[i] > p[j] for i in range(n) for j in range(i + 1, n))
        terms.append(sympy.Mul(sign, *(u[i, p[i]] for i in range(n))))
    return sympy.Add(*terms)


def adjugate(u: Any) -> Any:
    """Cofactors."""
    n = u.rows
    if n == 1:
        return Matrix([[1]])
    return Matrix(n, n, lambda i, j: (-1) ** (i + j) * determinant(u.minor_submatrix(j, i)))


def inverse(u: Any) -> Any:
    """Cramer."""
    det = determinant(u)
    if det == 0:
        raise Degenerate("a matrix without an inverse")
    if length(det) > LONGEST:
        raise Undone("an inverse is too long to write out", sizes=True)
    return adjugate(u) / det


# ------------------------------------------------------------------------------------------------- the heads
def _product(ev: Entries, e: Apply, *args: Any) -> Any:
    scalar: Any = sympy.Integer(1)
    chain: Any = None
    for a, node in zip(args, e.args, strict=True):
        if node.shape == SCALAR:
            scalar = scalar * a[0]
        else:
            chain = a if chain is None else chain * a
    return Matrix([[scalar]]) if chain is None else chain * scalar


def _hadamard(ev: Entries, e: Apply, *args: Any) -> Any:
    return [sympy.Mul(*vs) for vs in zip(*args, strict=True)]


def _power(ev: Entries, e: Apply, u: Any, k: Any) -> Any:
    if e.head == "^" and e.shape != SCALAR:
        n = int(k[0])
        out, base = sympy.eye(u.rows), inverse(u) if n < 0 else u
        for _ in range(abs(n)):
            out = out * base
        return out
    exponents = [k[0]] * len(u) if len(k) == 1 else list(k)
    return [v ** p if p.is_Rational else sympy.exp(p * sympy.log(v)) for v, p in zip(u, exponents, strict=True)]


def _call(ev: Entries, e: Apply, x: Any) -> Any:
    function, kinds = e.args[0], []
    while type(function) is Apply:
        kinds.append(function.head)
        function = function.args[0]
    assert type(function) is Name and function.signature is not None
    label, (source, target) = function.name, function.signature
    if source is None:
        return [abstract(label, 1, (1,) * len(kinds))(v) for v in x]
    m, n = len(x), ev.dim(target) if target else 1
    if not kinds:
        return [abstract(label, j + 1, ())(*x) for j in range(n)]
    if kinds == ["hess"]:
        return [abstract(label, 1, tuple(sorted((i + 1, j + 1))))(*x) for i in range(m) for j in range(m)]
    return [abstract(label, j + 1, (i + 1,))(*x) for i in range(m) for j in range(n)]


def _softmax(u: Any) -> Any:
    exps = [sympy.exp(v) for v in u]
    total = sympy.Add(*exps)
    return [v / total for v in exps]


def _rows(u: Any) -> list[list[Any]]:
    return [[u[i, j] for j in range(u.cols)] for i in range(u.rows)]


def _comm(ev: Entries, e: Apply) -> Any:
    m, n = (int(ev.value(a)[0]) for a in e.args)
    out = sympy.zeros(m * n, m * n)
    for i in range(m):
        for j in range(n):
            out[i * n + j, j * m + i] = 1
    return out


def _kron(u: Any, v: Any) -> Any:
    return Matrix(u.rows * v.rows, u.cols * v.cols,
                  lambda i, j: u[i // v.rows, j // v.cols] * v[i % v.rows, j % v.cols])


def _whole(f: Callable[[Any], Any]) -> Callable[..., Any]:
    return lambda ev, e, u: f(u)


def _entry(f: Callable[[Any], Any]) -> Callable[..., Any]:
    return lambda ev, e, u: [f(v) for v in u]


def _unvec(ev: Entries, e: Apply, u: Any) -> Any:
    m, n = ev.shape(e)
    return Matrix(m, n, lambda i, j: u[j * m + i])


def _log_sum_exp(u: Iterable[Any]) -> Any:
    return sympy.log(sympy.Add(*(sympy.exp(v) for v in u)))


def _sigmoid(v: Any) -> Any:
    return 1 / (1 + sympy.exp(-v))


def _abs(v: Any) -> Any:
    return Sign(v) * v


TABLE: dict[str, Callable[..., Any]] = {
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
    "zeros": lambda ev, e: sympy.zeros(*ev.shape(e)), "comm": _comm, "pi": lambda ev, e: [sympy.pi], "apply": _call,
    "derivative": lambda ev, e: ev.derivative(*e.args), "d": lambda ev, e, u: ev.differential(u),
    "exp": _entry(sympy.exp), "log": _entry(sympy.log), "sqrt": _entry(sympy.sqrt), "abs": _entry(_abs),
    "sign": _entry(Sign), "sin": _entry(sympy.sin), "cos": _entry(sympy.cos),
    "tan": _entry(lambda v: sympy.sin(v) / sympy.cos(v)), "arcsin": _entry(sympy.asin),
    "arccos": _entry(lambda v: sympy.pi / 2 - sympy.asin(v)), "arctan": _entry(sympy.atan),
    "sinh": _entry(lambda v: (sympy.exp(v) - sympy.exp(-v)) / 2), "cosh": _entry(lambda v: (sympy.exp(v) + sympy.exp(-v)) / 2),
    "tanh": _entry(lambda v: 2 * _sigmoid(2 * v) - 1), "sigmoid": _entry(_sigmoid),
    "softplus": _entry(lambda v: sympy.log(1 + sympy.exp(v))), "relu": _entry(lambda v: v * (1 + Sign(v)) / 2),
    "erf": _entry(sympy.erf), "log1p": _entry(lambda v: sympy.log(1 + v)), "expm1": _entry(lambda v: sympy.exp(v) - 1),
    "gelu": _entry(lambda v: v * (1 + sympy.erf(v / sympy.sqrt(2))) / 2), "silu": _entry(lambda v: v * _sigmoid(v)),
}
