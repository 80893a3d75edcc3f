"""numpy source."""

from __future__ import annotations

from typing import Any

from ..language.expr import Expr, Name
from .backend import Backend
from .emit import Emitter

FUNCTIONS = {
    **{n: f"np.{n}" for n in ("exp", "log", "sqrt", "abs", "sign", "sin", "cos", "tan", "arcsin", "arccos", "arctan", "sinh",
                              "cosh", "tanh", "log1p", "expm1", "sum", "kron", "diagonal")},
    "sigmoid": "_sigmoid", "softplus": "np.logaddexp(0, {})", "relu": "np.maximum({}, 0)", "erf": "_erf", "gelu": "_gelu",
    "silu": "_silu", "tr": "np.trace", "det": "np.linalg.det", "logdet": "np.linalg.slogdet({})[1]", "inv": "np.linalg.inv",
    "adj": "_adj", "norm1": "np.sum(np.abs({}))", "norm2": "np.linalg.norm", "normF": "np.linalg.norm", "power": "np.float_power",
    "softmax": "_softmax", "log_softmax": "_log_softmax", "logsumexp": "_logsumexp", "expm": "_expm", "expm_frechet": "_expm_frechet",
}

HELPERS = {
    "_sigmoid": "def _sigmoid(x):\n    return np.exp(-np.logaddexp(0, -x))",
    "_silu": "def _silu(x):\n    return x*np.exp(-np.logaddexp(0, -x))",
    "_erf": "def _erf(x):\n    return np.vectorize(math.erf, otypes=[float])(x)[()]",
    "_gelu": "def _gelu(x):\n    return 0.5*x*np.vectorize(math.erfc, otypes=[float])(-x/math.sqrt(2))",
    "_softmax": "def _softmax(x):\n    e = np.exp(x - np.max(x, axis=-1, keepdims=True))\n"
                "    return e/np.sum(e, axis=-1, keepdims=True)",
    "_log_softmax": "def _log_softmax(x):\n    x = x - np.max(x, axis=-1, keepdims=True)\n"
                    "    return x - np.log(np.sum(np.exp(x), axis=-1, keepdims=True))",
    "_logsumexp": "def _logsumexp(x):\n    m = np.max(x, axis=-1, keepdims=True)\n"
                  "    return np.squeeze(m, -1) + np.log(np.sum(np.exp(x - m), axis=-1))",
    "_comm": "def _comm(m, n):\n    return np.eye(m*n)[np.arange(m*n).reshape(n, m).T.reshape(-1)]",
    "_adj": "def _adj(a):\n    u, s, v = np.linalg.svd(a)\n"
            "    minors = np.array([np.prod(np.delete(s, i)) for i in range(len(s))])\n"
            "    return np.linalg.det(u)*np.linalg.det(v)*(v.T*minors) @ u.T",
    "_expm": "def _expm(a):\n    k = max(0, int(np.ceil(np.log2(max(np.abs(a).sum(1).max(), 1e-16)))) + 4)\n"
             "    term = total = np.eye(len(a))\n    for i in range(1, 20):\n"
             "        term = term @ a/(2.0**k*i)\n        total = total + term\n"
             "    for _ in range(k):\n        total = total @ total\n    return total",
    "_expm_frechet": "def _expm_frechet(a, e):\n    n = len(a)\n"
                     "    return _expm(np.block([[a, e], [np.zeros((n, n)), a]]))[:n, n:]",
}

NUMPY = Backend({"np": "numpy", "math": "math"}, FUNCTIONS, HELPERS, copied="np.array({})")


def source(problem: Any, result: Expr, where: list[tuple[Name, Expr]], layout: str = "denominator", name: str = "grad",
           needs: str = "") -> str:
    """A function of the problem's variables that returns the derivative.

    Vectors are 1-D arrays, matrices 2-D, scalars numbers; a size that no argument shows is a parameter.
    """
    return Emitter(problem, NUMPY, where).source(result, name, needs)
