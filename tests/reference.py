"""What the language means, in numpy: the tests' own reading, sharing nothing with the package's judges."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from typing import Any

import numpy as np

from matcalc.language.expr import Apply, Expr, Name, Number, as_dim
from matcalc.language.operations import ELEMENTWISE_NAMES, LAWS

ERF = np.vectorize(math.erf, otypes=[float])
STEP = 1e-5


def _softmax_rows(a: Any) -> Any:
    e = np.exp(a - a.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


def _lse_rows(a: Any) -> Any:
    m = a.max(axis=1, keepdims=True)
    return m + np.log(np.exp(a - m).sum(axis=1, keepdims=True))


def _sigmoid(a: Any) -> Any:
    return 0.5 * (1 + np.tanh(0.5 * a))


def _vec(a: Any) -> Any:
    return a.reshape(-1, 1, order="F")


def _comm(m: int, n: int) -> Any:
    k = np.zeros((m * n, m * n))
    for i in range(m):
        for j in range(n):
            k[i * n + j, j * m + i] = 1
    return k


def _logdet(a: Any) -> Any:
    """No number where the smallest singular value is lost in rounding: expm(S^2) of a large S."""
    return _scalar(np.linalg.slogdet(a)[1] if np.all(np.isfinite(a)) and np.linalg.cond(a) < 1e14 else math.nan)


def _expm(a: Any) -> Any:
    out, term = np.eye(len(a)), np.eye(len(a))
    halvings = max(6, math.frexp(float(np.abs(a).sum(axis=1).max()))[1] + 6)
    b = a / 2**halvings
    for k in range(1, 18):
        term = term @ b / k
        out = out + term
    for _ in range(halvings):
        out = out @ out
    return out


def _frechet(a: Any, e: Any) -> Any:
    n = len(a)
    big = np.block([[a, e], [np.zeros((n, n)), a]])
    return _expm(big)[:n, n:]


def _scalar(v: float) -> Any:
    return np.array([[float(v)]])


def _adj(a: Any) -> Any:
    """By minors, so that it is right where the matrix is singular."""
    n = len(a)
    if n == 1:
        return np.ones((1, 1))
    keep = [[k for k in range(n) if k != i] for i in range(n)]
    return np.array([[(-1) ** (i + j) * np.linalg.det(a[np.ix_(keep[j], keep[i])]) for j in range(n)] for i in range(n)])


PLAIN: dict[str, Any] = {
    "exp": np.exp, "log": np.log, "sqrt": np.sqrt, "abs": np.abs, "sign": np.sign, "sin": np.sin, "cos": np.cos,
    "tan": np.tan, "arcsin": np.arcsin, "arccos": np.arccos, "arctan": np.arctan, "sinh": np.sinh, "cosh": np.cosh,
    "tanh": np.tanh, "sigmoid": _sigmoid, "softplus": lambda a: np.logaddexp(0, a), "relu": lambda a: np.maximum(a, 0),
    "erf": ERF, "log1p": np.log1p, "expm1": np.expm1, "gelu": lambda a: 0.5 * a * (1 + ERF(a / math.sqrt(2))),
    "silu": lambda a: a * _sigmoid(a), "step": lambda a: np.where(a > 0, 1.0, 0.0),
    "sum": lambda a: _scalar(a.sum()), "tr": lambda a: _scalar(np.trace(a)), "det": lambda a: _scalar(np.linalg.det(a)),
    "logdet": _logdet, "inv": np.linalg.inv,
    "adj": _adj, "norm1": lambda a: _scalar(np.abs(a).sum()),
    "norm2": lambda a: _scalar(np.sqrt((a * a).sum())), "diag": lambda a: np.diag(a[:, 0]),
    "diagonal": lambda a: np.diag(a).reshape(-1, 1), "vec": _vec, "kron": np.kron,
    "softmax": lambda a: _softmax_rows(a.T).T, "softmax_rows": _softmax_rows,
    "logsumexp": lambda a: _lse_rows(a.T).T, "logsumexp_rows": _lse_rows,
    "rowsum": lambda a: a.sum(axis=1, keepdims=True), "colsum": lambda a: a.sum(axis=0, keepdims=True).T,
    "sqrtm": lambda a: (lambda w, v: v * np.sqrt(w) @ v.T)(*np.linalg.eigh((a + a.T) / 2)),
    "eigmax": lambda a: _scalar(np.linalg.eigvalsh((a + a.T) / 2)[-1]), "eigvec": lambda a: np.linalg.eigh((a + a.T) / 2)[1][:, -1:],
    "spectrum": lambda a: np.linalg.eigvalsh((a + a.T) / 2).reshape(-1, 1), "eigvecs": lambda a: np.linalg.eigh((a + a.T) / 2)[1],
    "singvals": lambda a: np.linalg.svd(a)[1].reshape(-1, 1), "svdu": lambda a: np.linalg.svd(a, full_matrices=False)[0],
    "svdv": lambda a: np.linalg.svd(a)[2].T,
    "expm": _expm, "expm_frechet": _frechet,
}


def _by_law(law: str) -> Any:
    """A function whose row says what it stands for."""
    code = re.sub(r"\^", "**", law)
    return lambda a: eval(code, {**{n: f for n, f in PLAIN.items() if n in ELEMENTWISE_NAMES}, "pi": math.pi, "t": a})


PLAIN |= {name: _by_law(law) for name, law in LAWS.items() if name not in PLAIN}


class Reference:
    """Evaluates expressions at a point; d(X) is the central difference of X along `direction`."""

    def __init__(self, values: Mapping[Name, Any], sizes: Mapping[str, int], direction: Mapping[Name, Any] | None = None,
                 functions: Mapping[str, Any] | None = None) -> None:
        self.values, self.sizes = dict(values), sizes
        self.direction, self.functions = direction or {}, functions or {}

    def moved(self, t: float) -> Reference:
        """The same, t along the direction."""
        there = {n: v + t * self.direction[n] if n in self.direction else v for n, v in self.values.items()}
        return Reference(there, self.sizes, self.direction, self.functions)

    def __call__(self, e: Expr) -> Any:
        if isinstance(e, Number):
            return _scalar(float(e.value))
        if isinstance(e, Name):
            return _scalar(self.sizes[e.name]) if e.kind == "size" else self.values[e]
        assert isinstance(e, Apply)
        head = e.head
        if head == "d":
            return (self.moved(STEP)(e.args[0]) - self.moved(-STEP)(e.args[0])) / (2 * STEP)
        if head in ("eye", "ones", "zeros"):
            shape = tuple(d.value(self.sizes) for d in e.shape)
            return np.eye(shape[0]) if head == "eye" else getattr(np, head)(shape)
        if head == "select":
            first, count, n = (as_dim(a).value(self.sizes) for a in e.args)
            return np.eye(n)[:, first - 1:first - 1 + count]
        if head == "comm":
            return _comm(*(as_dim(a).value(self.sizes) for a in e.args))
        if head == "pi":
            return _scalar(math.pi)
        if head == "apply":
            return self.abstract(e.args[0], self(e.args[1]))
        args = [self(a) for a in e.args]
        if head == "+":
            return sum(args[1:], args[0])
        if head == "*":
            out = args[0]
            for a in args[1:]:
                out = out * a if out.size == 1 or a.size == 1 else out @ a
            return out
        if head == ".*":
            return np.prod(np.stack(args), axis=0)
        if head == "'":
            return args[0].T
        if head in ("^", ".^"):
            if head == "^" and args[0].size > 1:
                return np.linalg.matrix_power(args[0], round(float(args[1][0, 0])))
            k = args[1]
            return args[0] ** k if k.size > 1 or k[0, 0] != round(k[0, 0]) else args[0] ** float(k[0, 0])
        if head == "unvec":
            return args[0].reshape(*(d.value(self.sizes) for d in e.shape), order="F")
        return PLAIN[head](*args)

    def abstract(self, f: Expr, x: Any) -> Any:
        """A smooth function given by the test: value, and differences of it for its derivatives."""
        if isinstance(f, Name):
            return self.functions[f.name](x)
        assert isinstance(f, Apply)
        h = 1e-4
        if f.head == "prime":
            return (self.abstract(f.args[0], x + h) - self.abstract(f.args[0], x - h)) / (2 * h)
        inner = Apply("grad", f.args, f.shape) if f.head == "hess" else f.args[0]
        columns = []
        for i in range(len(x)):
            step = np.zeros_like(x)
            step[i] = h
            columns.append((self.abstract(inner, x + step) - self.abstract(inner, x - step)) / (2 * h))
        return np.vstack([c.reshape(1, -1) for c in columns])


def close(a: Any, b: Any, rtol: float = 1e-5) -> bool:
    """Equal in shape and, to rounding, in value."""
    return bool(a.shape == b.shape and np.allclose(a, b, rtol=rtol, atol=rtol * max(1e-2, float(np.abs(b).max()))))
