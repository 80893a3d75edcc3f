"""Generated gradients and Hessians against automatic differentiation, in one process on one machine: ratios of times.

For each problem at the sizes of papers: the generated NumPy function, torch.autograd (or torch.func for Hessians) and jitted JAX, which
are optional; all on one thread, in CPU time, which other work on the machine does not change much. A ratio above 1 says how many times
slower the peer is, below 1 that it wins. All compute the same to 1e-8, or it is said.
Run from the checkout: python -m benchmarks.peers [--table] [--rounds 7] [NAME..]
"""

from __future__ import annotations

import argparse
import importlib
import os
import platform
import time
from collections.abc import Callable
from datetime import date
from typing import Any, NamedTuple

os.environ |= dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
os.environ["XLA_FLAGS"] = "--xla_cpu_multi_thread_eigen=false"

import numpy as np  # noqa: E402

from matcalc.api import derive  # noqa: E402



class Case(NamedTuple):
    """A problem, and the same function as a peer's user writes it."""

    name: str
    expr: str
    wrt: str
    declare: tuple[str, ...]
    shapes: dict[str, tuple[int, ...]]
    peer: Callable[..., Any]        # (np, arguments) -> the value, with the functions torch and jax.numpy share
    order: int = 1
    define: tuple[str, ...] = ()


def sigmoid(xp: Any, x: Any) -> Any:
    return 1/(1 + xp.exp(-x))


def lse(xp: Any, x: Any) -> Any:
    return xp.logsumexp(x, -1) if hasattr(xp, "logsumexp") else importlib.import_module("jax").nn.logsumexp(x, -1)


def det(xp: Any, x: Any) -> Any:
    return xp.linalg.slogdet(x)[1]


def spread(xp: Any, x: Any) -> Any:
    return xp.sum(xp.log1p(xp.exp(-xp.abs(x))) + xp.where(x > 0, x, 0*x))


GRADIENTS = [
    Case("least squares", "norm2(A*x - b)^2", "x", ("A in R^(m,n)",), {"A": (2000, 500), "b": (2000,), "x": (500,)},
         lambda xp, A, b, x: xp.sum((A @ x - b)**2)),
    Case("ridge", "norm2(A*x - b)^2 + c*norm2(x)^2", "x", ("A in R^(m,n)", "c in R"),
         {"A": (2000, 500), "b": (2000,), "x": (500,), "c": ()}, lambda xp, A, b, x, c: xp.sum((A @ x - b)**2) + c*xp.sum(x*x)),
    Case("quadratic form", "x'*A*x", "x", ("A in R^(n,n)",), {"A": (1000, 1000), "x": (1000,)}, lambda xp, A, x: x @ A @ x),
    Case("logistic regression", "sum(softplus(-y.*(X*w)))", "w", ("X in R^(m,n)",), {"X": (5000, 200), "y": (5000,), "w": (200,)},
         lambda xp, X, y, w: spread(xp, -y*(X @ w))),
    Case("softmax regression", "sum(logsumexp(X*W)) - tr(Y'*X*W)", "W", ("X in R^(m,n)", "W in R^(n,k)", "Y in R^(m,k)"),
         {"X": (5000, 100), "W": (100, 10), "Y": (5000, 10)}, lambda xp, X, W, Y: xp.sum(lse(xp, X @ W)) - xp.sum(Y*(X @ W))),
    Case("matrix factorisation", "norm2(X - U*V')^2", "U", ("X in R^(m,n)", "U in R^(m,k)", "V in R^(n,k)"),
         {"X": (500, 400), "U": (500, 20), "V": (400, 20)}, lambda xp, X, U, V: xp.sum((X - U @ V.T)**2)),
    Case("logdet", "logdet(X)", "X", ("X in R^(n,n)",), {"X": (300, 300)}, lambda xp, X: det(xp, X)),
    Case("Gaussian log-likelihood", "logdet(S) + tr(inv(S)*C)", "S", ("S in R^(n,n)", "C in R^(n,n)"), {"S": (200, 200), "C": (200, 200)},
         lambda xp, S, C: det(xp, S) + xp.trace(xp.linalg.solve(S, C))),
    Case("GP marginal likelihood", "y'*inv(K)*y + logdet(K)", "K", ("K in R^(n,n)", "y in R^n"), {"K": (300, 300), "y": (300,)},
         lambda xp, K, y: y @ xp.linalg.solve(K, y) + det(xp, K)),
    Case("Woodbury, n >> k", "b'*inv(c*eye(n) + U*U')*b", "U", ("U in R^(n,k)", "c in R", "b in R^n"),
         {"U": (400, 8), "c": (), "b": (400,)}, lambda xp, U, c, b: b @ xp.linalg.solve(c*xp.eye(400, dtype=U.dtype) + U @ U.T, b)),
    Case("logsumexp", "logsumexp(A*x)", "x", ("A in R^(m,n)",), {"A": (1000, 500), "x": (500,)}, lambda xp, A, x: lse(xp, A @ x)),
    Case("two layers", "norm2(tanh(X*W1)*W2 - Y)^2", "W1", ("X in R^(m,n)", "W1 in R^(n,h)", "W2 in R^(h,k)", "Y in R^(m,k)"),
         {"X": (1000, 100), "W1": (100, 64), "W2": (64, 10), "Y": (1000, 10)},
         lambda xp, X, W1, W2, Y: xp.sum((xp.tanh(X @ W1) @ W2 - Y)**2)),
    Case("sigmoid layer", "norm2(sigmoid(X*W) - Y)^2", "W", ("X in R^(m,n)", "W in R^(n,k)", "Y in R^(m,k)"),
         {"X": (1000, 100), "W": (100, 50), "Y": (1000, 50)}, lambda xp, X, W, Y: xp.sum((sigmoid(xp, X @ W) - Y)**2)),
    Case("attention, by queries", "tr(G'*softmax(Q*K')*V)", "Q", ("Q in R^(n,d)", "K in R^(n,d)", "V in R^(n,d)", "G in R^(n,d)"),
         {"Q": (256, 64), "K": (256, 64), "V": (256, 64), "G": (256, 64)},
         lambda xp, Q, K, V, G: xp.sum(G*((xp.exp(Q @ K.T - lse(xp, Q @ K.T)[:, None])) @ V))),
    Case("trace of a product", "tr(A*X*B*X')", "X", ("A in R^(m,m)", "B in R^(n,n)", "X in R^(m,n)"),
         {"A": (300, 300), "B": (200, 200), "X": (300, 200)}, lambda xp, A, B, X: xp.sum(A.T*(X @ B @ X.T))),
    Case("Kronecker least squares", "norm2(kron(A,B)*x - y)^2", "x", ("A in R^(m,n)", "B in R^(p,q)"),
         {"A": (30, 20), "B": (30, 20), "x": (400,), "y": (900,)}, lambda xp, A, B, x, y: xp.sum((xp.kron(A, B) @ x - y)**2)),
    Case("power of a matrix", "norm2(A^8*x)^2", "x", ("A in R^(n,n)",), {"A": (300, 300), "x": (300,)},
         lambda xp, A, x: xp.sum((xp.linalg.matrix_power(A, 8) @ x)**2)),
    Case("chain of matrices", "tr(A*B*X*C*D)", "X", ("A in R^(n,k)", "B in R^(k,m)", "X in R^(m,p)", "C in R^(p,k)", "D in R^(k,n)"),
         {"A": (400, 5), "B": (5, 300), "X": (300, 200), "C": (200, 5), "D": (5, 400)},
         lambda xp, A, B, X, C, D: xp.trace(A @ B @ X @ C @ D)),
    Case("Rayleigh quotient", "x'*A*x/(x'*x)", "x", ("A in R^(n,n)",), {"A": (1000, 1000), "x": (1000,)},
         lambda xp, A, x: (x @ A @ x)/(x @ x)),
    Case("entropy of a softmax", "sum(softmax(x).*log(softmax(x)))", "x", ("x in R^n",), {"x": (20000,)},
         lambda xp, x: xp.sum(xp.exp(x - lse(xp, x))*(x - lse(xp, x)))),
    Case("Huber-like loss", "sum(sqrt((A*x - b).^2 + 1))", "x", ("A in R^(m,n)",), {"A": (2000, 300), "b": (2000,), "x": (300,)},
         lambda xp, A, b, x: xp.sum(xp.sqrt((A @ x - b)**2 + 1))),
    Case("Poisson regression", "sum(exp(X*w)) - y'*X*w", "w", ("X in R^(m,n)",), {"X": (5000, 100), "w": (100,), "y": (5000,)},
         lambda xp, X, w, y: xp.sum(xp.exp(X @ w)) - y @ (X @ w)),
    Case("inverse", "a'*inv(X)*b", "X", ("X in R^(n,n)", "a in R^n", "b in R^n"), {"X": (300, 300), "a": (300,), "b": (300,)},
         lambda xp, X, a, b: a @ xp.linalg.solve(X, b)),
    Case("Gram matrix", "norm2(X'*X - S)^2", "X", ("X in R^(m,n)", "S in R^(n,n) symmetric"), {"X": (1000, 100), "S": (100, 100)},
         lambda xp, X, S: xp.sum((X.T @ X - S)**2)),
    Case("linear autoencoder", "norm2(X - X*W*W')^2", "W", ("X in R^(m,n)", "W in R^(n,k)"), {"X": (1000, 100), "W": (100, 10)},
         lambda xp, X, W: xp.sum((X - X @ W @ W.T)**2)),
]
HESSIANS = [
    Case("logdet, n = 32", "logdet(X)", "X", ("X in R^(n,n)",), {"X": (32, 32)}, lambda xp, X: det(xp, X), 2),
    Case("logistic regression", "sum(softplus(-y.*(X*w)))", "w", ("X in R^(m,n)",), {"X": (2000, 200), "y": (2000,), "w": (200,)},
         lambda xp, X, y, w: spread(xp, -y*(X @ w)), 2),
    Case("matrix factorisation, 200 x 200, k = 5", "norm2(X - U*V')^2", "U", ("X in R^(m,n)", "U in R^(m,k)", "V in R^(n,k)"),
         {"X": (200, 200), "U": (200, 5), "V": (200, 5)}, lambda xp, X, U, V: xp.sum((X - U @ V.T)**2), 2),
    Case("quadratic form, n = 2048", "x'*A*x", "x", ("A in R^(n,n)",), {"A": (2048, 2048), "x": (2048,)}, lambda xp, A, x: x @ A @ x, 2),
    Case("logsumexp, n = 2048", "logsumexp(x)", "x", ("x in R^n",), {"x": (2048,)}, lambda xp, x: lse(xp, x), 2),
    Case("least squares", "norm2(A*x - b)^2", "x", ("A in R^(m,n)",), {"A": (1000, 300), "b": (1000,), "x": (300,)},
         lambda xp, A, b, x: xp.sum((A @ x - b)**2), 2),
]


def numbers(case: Case) -> dict[str, Any]:
    """Numbers at which the function is well away from any edge."""
    rng = np.random.default_rng(1)
    out: dict[str, Any] = {}
    for name, shape in case.shapes.items():
        a = rng.normal(size=shape)/max(1, max(shape, default=1))**0.5
        square = len(shape) == 2 and shape[0] == shape[1]
        out[name] = np.float64(1.5) if shape == () else a @ a.T + np.eye(len(a)) if square else np.abs(a) if name == "y" else a
    return out


def peers(case: Case, given: dict[str, Any]) -> dict[str, Callable[[], Any]]:
    """What computes the same by automatic differentiation."""
    out: dict[str, Callable[[], Any]] = {}
    at = list(case.shapes).index(case.wrt)
    try:
        torch = importlib.import_module("torch")
    except ImportError:
        torch = None
    if torch is not None:
        torch.set_num_threads(1)
        tensors = [torch.as_tensor(a) for a in given.values()]

        def of(x: Any) -> Any:
            return case.peer(torch, *tensors[:at], x, *tensors[at + 1:])

        def backward() -> Any:
            x = tensors[at].detach().requires_grad_()
            return torch.autograd.grad(of(x), x)[0]
        if case.order == 1:
            out["torch"] = backward
        else:
            hessian = torch.func.hessian(of)
            out["torch"] = lambda: hessian(tensors[at])
    try:
        jax = importlib.import_module("jax")
    except ImportError:
        return out
    jax.config.update("jax_enable_x64", True)
    arrays = [jax.numpy.asarray(a) for a in given.values()]
    make = jax.grad if case.order == 1 else jax.hessian
    compiled = jax.jit(make(lambda *a: case.peer(jax.numpy, *a), at))
    out["jax"] = lambda: compiled(*arrays).block_until_ready()
    return out


def spent(functions: dict[str, Callable[[], Any]], rounds: int) -> dict[str, float]:
    """The least seconds a call takes, the rounds of all interleaved, so that what else the machine does hits all alike."""
    best = dict.fromkeys(functions, float("inf"))
    times = {}
    for name, function in functions.items():
        begin = time.process_time()
        function()
        times[name] = max(1, int(0.02/max(time.process_time() - begin, 1e-5)))
    for _ in range(rounds):
        for name, function in functions.items():
            begin = time.process_time()
            for _ in range(times[name]):
                function()
            best[name] = min(best[name], (time.process_time() - begin)/times[name])
    return best


def measured(case: Case, rounds: int) -> tuple[dict[str, float], bool]:
    """Seconds of each, and whether they agree."""
    given = numbers(case)
    function = derive(case.expr, case.wrt, list(case.declare), list(case.define), order=case.order).function()
    functions: dict[str, Callable[[], Any]] = {"matcalc": lambda: function(**given)} | peers(case, given)
    want = np.asarray(functions["matcalc"]())
    same = True
    for peer in functions.values():
        got = np.asarray(peer())
        if case.order == 2 and got.ndim == 4:       # by vec: columns one below another
            m, n = given[case.wrt].shape
            got = got.transpose(1, 0, 3, 2).reshape(m*n, m*n)
        same = same and np.allclose(got, want, rtol=1e-8, atol=1e-8*np.abs(want).max())
    return spent(functions, rounds), bool(same)


def main() -> None:
    """A line for each problem, and with --table the whole as Markdown."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("names", nargs="*")
    options.add_argument("--table", action="store_true")
    options.add_argument("--rounds", type=int, default=7)
    asked = options.parse_args()
    found = []
    for kind, cases in (("gradient", GRADIENTS), ("Hessian", HESSIANS)):
        for case in cases:
            if asked.names and not any(n in case.name for n in asked.names):
                continue
            best, same = measured(case, asked.rounds)
            own = best["matcalc"]
            ratios = {name: t/own for name, t in best.items() if name != "matcalc"}
            found.append((kind, case, own, ratios, same))
            print(f"{kind:8} {case.name:40} {1e3*own:9.3f} ms  " + "  ".join(f"{n} {r:8.2f}x" for n, r in ratios.items())
                  + ("" if same else "  THEY DISAGREE"), flush=True)
    if asked.table:
        print("\n" + table(found))


def table(found: list[tuple[str, Case, float, dict[str, float], bool]]) -> str:
    """The ratios, with date, versions and machine."""
    versions = [f"Python {platform.python_version()}", f"NumPy {np.__version__}"]
    for name in ("torch", "jax"):
        try:
            versions.append(f"{name} {importlib.import_module(name).__version__}")
        except ImportError:
            versions.append(f"no {name}")
    lines = [f"{date.today()}, {', '.join(versions)}, {platform.machine()}, {os.cpu_count()} cores.", "",
             "| | problem | generated NumPy, ms | torch | jax, jitted |", "|---|---|---|---|---|"]
    for kind, case, own, ratios, _ in found:
        lines.append(f"| {kind} | {case.name}: `{case.expr}` | {1e3*own:.3f} | "
                     + " | ".join(f"{ratios[n]:.2f}" if n in ratios else "" for n in ("torch", "jax")) + " |")
    return "\n".join(lines)


if __name__ == "__main__":
    main()
