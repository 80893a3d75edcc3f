"""numpy source."""

from __future__ import annotations

from .backend import Backend, complete, spellings
from .graph import METHODS
from .library import Library

# What derivatives are written with beside the operations of the language.
MORE = {"adj_frechet": "_adj_frechet", "det_hessian": "_det_hessian", "others": "_others", "pairs": "_pairs", "prod": "np.prod",
        "normF": "np.linalg.norm", "length": "_norm", "power": "np.float_power", "log_softmax": "_log_softmax", "tilted": "_tilted",
        "over": "_over", "chain": "np.linalg.multi_dot([{}])", "log_tilted": "_log_tilted", "erfc": "_erfc", "logaddexp": "np.logaddexp"}

HELPERS = {
    "_check": """def _check(**arguments):
    sizes = {}
    for name, (value, *axes) in arguments.items():
        shape, known = tuple(np.shape(value)), dict(sizes)
        fits = [d == (a if isinstance(a, int) else sizes.setdefault(a, d)) for a, d in zip(axes, shape)]
        if len(axes) != len(shape) or not all(fits):
            expected = ", ".join(f"{a} = {known[a]}" if a in known else str(a) for a in axes)
            raise ValueError(f"{name}: expected shape ({expected}), got {shape}")""",
    "_sigmoid": "def _sigmoid(x):\n    if not np.ndim(x):\n        return 1/(1 + np.exp(-np.maximum(x, -709)))\n"
                "    e = np.maximum(x, -709, dtype=np.result_type(x, np.float16))\n    np.exp(np.negative(e, out=e), out=e)\n    e += 1\n"
                "    return np.reciprocal(e, out=e)",
    "_softplus": "def _softplus(x):     # several times as fast as np.logaddexp\n"
                 "    return np.maximum(x, 0) + np.log1p(np.exp(-np.abs(x)))",
    "_huber": "def _huber(x):     # no difference of squares\n    h = np.clip(x, -1, 1)\n    return h*(x - h/2)",
    "_special": "def _special(name):\n    try:\n        import scipy.special\n    except ImportError:\n"
                "        return np.vectorize({\"erf\": math.erf, \"erfc\": math.erfc}[name], otypes=[float])\n"
                "    return getattr(scipy.special, name)",
    "_erf": "def _erf(x):\n    return _special(\"erf\")(x)[()]",
    "_erfc": "def _erfc(x):\n    return _special(\"erfc\")(x)[()]",
    "_below": "def _below(x, m):\n    e = np.subtract(x, m, dtype=np.result_type(x, np.float16))\n    return np.exp(e, out=e)",
    "_softmax": "def _softmax(x):\n    e = _below(x, np.max(x, axis=-1, keepdims=True))\n"
                "    e /= np.sum(e, axis=-1, keepdims=True)\n    return e",
    "_log_softmax": "def _log_softmax(x):\n    x = x - np.max(x, axis=-1, keepdims=True)\n"
                    "    return x - np.log(np.sum(np.exp(x), axis=-1, keepdims=True))",
    "_logsumexp": "def _logsumexp(x):\n    m = np.max(x, axis=-1, keepdims=True)\n"
                  "    return np.squeeze(m, -1) + np.log(np.sum(_below(x, m), axis=-1))",
    "_tilted": "def _tilted(z, y):\n    kept = y != 0\n"
               "    m = np.max(np.where(kept, z, -np.inf), axis=-1, keepdims=True)\n"
               "    e = np.where(kept, y*np.exp(np.where(kept, z - m, 0)), 0)\n    return e/np.sum(e, axis=-1, keepdims=True)",
    "_log_tilted": "def _log_tilted(z, y):\n    kept = y != 0\n"
                   "    m = np.max(np.where(kept, z, -np.inf), axis=-1, keepdims=True)\n"
                   "    e = np.where(kept, y*np.exp(np.where(kept, z - m, 0)), 0)\n"
                   "    return np.squeeze(m, -1) + np.log(np.sum(e, axis=-1)) - _logsumexp(z)",
    "_factorised": "def _factorised(a):\n    try:\n        from scipy.linalg import lu_factor\n"
                   "    except ImportError:\n        return a, None\n"
                   "    if len(a) < 50:\n        return a, None\n    lu, pivots = lu_factor(a, check_finite=False)\n"
                   "    if not np.all(np.diagonal(lu)):\n        raise np.linalg.LinAlgError(\"Singular matrix\")\n    return lu, pivots",
    "_solved": "def _solved(factors, b, turned=False):\n    a, pivots = factors\n"
               "    if pivots is None:\n        return np.linalg.solve(a.T if turned else a, b)\n"
               "    from scipy.linalg import lu_solve\n    return lu_solve(factors, b, int(turned), check_finite=False)",
    "_ridge_solved": "def _ridge_solved(c, u, v, b):    # the x of (c*eye(n) + u @ v) @ x = b, by the smaller system (Woodbury)\n"
                     "    n, k = u.shape\n    if n <= k:\n        return np.linalg.solve(u @ v + c*np.eye(n), b)\n"
                     "    return (b - u @ np.linalg.solve(v @ u + c*np.eye(k), v @ b))/c",
    "_ridge_logdet": "def _ridge_logdet(c, u, v):    # logdet(c*eye(n) + u @ v), by the smaller matrix\n"
                     "    n, k = u.shape\n    if n <= k:\n        return np.linalg.slogdet(u @ v + c*np.eye(n))[1]\n"
                     "    return np.linalg.slogdet(v @ u + c*np.eye(k))[1] + (n - k)*np.log(np.abs(c))",
    "_divided": "def _divided(b, a):    # b @ inv(a); an inverse is quicker for many rows, and no less accurate for each\n"
                "    return b @ np.linalg.inv(a) if len(b) > 4*len(a) else np.linalg.solve(a.T, b.T).T",
    "_through": """def _through(left, a, b, c, right):    # left @ (a @ b + c) @ right, term by term where that is less work
    def work(*n):
        return min((work(*n[:k + 1]) + work(*n[k:]) + n[0]*n[k]*n[-1] for k in range(1, len(n) - 1)), default=0)

    def product(*factors):
        return np.linalg.multi_dot([f for f in factors if f is not None])
    sizes = *a.shape, b.shape[1]
    around = *([] if left is None else [left.shape[0]]), *sizes, *([] if right is None else [right.shape[1]])
    if work(*around) < work(*sizes):
        return product(left, a, b, right) + product(left, c, right)
    return product(left, a @ b + c, right)""",
    "_step": "def _step(x):     # a mask is an eighth of an array of numbers\n"
             "    return np.greater(x, 0).astype(np.result_type(np.asarray(x).dtype, np.float16))",
    "_norm": "def _norm(x):\n    with np.errstate(over=\"ignore\"):\n        n = np.linalg.norm(x)\n"
             "    if 1e-15 < n < 1e15:\n        return n\n"
             "    s = np.max(np.abs(x), initial=0)      # the squares of such entries may be no numbers any more\n"
             "    return s*np.linalg.norm(x/s) if 0 < s < np.inf else n",
    "_over": "def _over(norm, k):\n    return 1/np.where(norm == 0, np.inf, norm)**k",
    "_diagonal_added": "def _diagonal_added(v, a):\n"
                       "    a = a.astype(np.result_type(v, a), copy=False)\n    a.flat[::len(v) + 1] += v\n    return a",
    "_comm": "def _comm(m, n):\n    return np.eye(m*n)[np.arange(m*n).reshape(n, m).T.reshape(-1)]",
    "_order": "def _order(m, n):\n    return np.arange(m*n).reshape(n, m).T.reshape(-1)",
    "_powered": "def _powered(a, k, v):\n    for _ in range(k):\n        v = a @ v\n    return v",
    "_repeated": "def _repeated(a, n):\n    m, k = a.shape\n    i, out = np.arange(n), np.zeros((m, n, k, n))\n"
                 "    out[:, i, :, i] = a\n    return out.reshape(m*n, k*n)",
    "_blocks": "def _blocks(a, n):\n    m, k = a.shape\n    i, out = np.arange(n), np.zeros((n, m, n, k))\n"
               "    out[i, :, i, :] = a\n    return out.reshape(n*m, n*k)",
    "_others": "def _others(x):\n    one = np.ones_like(x[..., :1])\n"
               "    before = np.cumprod(np.concatenate([one, x[..., :-1]], -1), -1)\n"
               "    after = np.cumprod(np.concatenate([one, np.flip(x[..., 1:], -1)], -1), -1)\n"
               "    return before*np.flip(after, -1)",
    "_pairs": "def _pairs(x):\n    eye = np.eye(len(x))\n    return _others(np.where(eye == 1, 1, x))*(1 - eye)",
    "_adj": "def _adj(a):\n    u, s, v = np.linalg.svd(a)\n    return np.linalg.det(u)*np.linalg.det(v)*(v.T*_others(s)) @ u.T",
    "_adj_frechet": "def _adj_frechet(a, e):\n    u, s, v = np.linalg.svd(a)\n    e, p = u.T @ e @ v.T, _pairs(s)\n"
                    "    return np.linalg.det(u)*np.linalg.det(v)*v.T @ (np.diag(p @ np.diagonal(e)) - p*e) @ u.T",
    "_det_hessian": "def _det_hessian(a):\n    n = len(a)\n    u, s, v = np.linalg.svd(a)\n    p = _pairs(s)\n"
                    "    w = np.einsum(\"rp,qr->pqr\", v, u).reshape(n*n, n)\n"
                    "    mixed = np.einsum(\"rp,ir,rs,qs,sj->pqji\", v, u, p, u, v).reshape(n*n, n*n)\n"
                    "    return np.linalg.det(u)*np.linalg.det(v)*(w @ p @ w.T - mixed)",
    "_sqrtm": "def _sqrtm(a):\n    w, v = np.linalg.eigh(a)\n"
              "    w = np.maximum(w, np.where(w < -1e-6*np.max(np.abs(w)), w, 0))      # a zero that rounding made negative\n"
              "    return v*np.sqrt(w) @ v.T",
    "_expm": "def _expm(a):\n    k = max(0, int(np.ceil(np.log2(max(np.abs(a).sum(1).max(), 1e-16)))) + 4)\n"
             "    term = total = np.eye(len(a))\n    for i in range(1, 20):\n"
             "        term = term @ a/(2.0**k*i)\n        total = total + term\n"
             "    for _ in range(k):\n        total = total @ total\n    return total",
    "_expm_frechet": "def _expm_frechet(a, e):\n    n = len(a)\n"
                     "    return _expm(np.block([[a, e], [np.zeros((n, n)), a]]))[:n, n:]",
}
SINGULAR = ("_over", "_tilted", "_log_tilted", "_others", "_pairs", "_adj", "_adj_frechet", "_det_hessian", "_sqrtm")

NUMPY = Backend({"np": "numpy", "math": "math"}, spellings("np") | MORE | {"step": "_step"}, HELPERS, copied="np.array({})", passes=True)
complete("numpy", NUMPY, METHODS)

LIBRARY = Library("numpy", NUMPY)
source, several, file = LIBRARY.source, LIBRARY.several, LIBRARY.file
