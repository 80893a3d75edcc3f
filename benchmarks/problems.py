"""The problems of benchmarks.peers, each also as a user of torch or JAX writes it."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from typing import Any, NamedTuple


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


def erf(xp: Any, x: Any) -> Any:
    return xp.erf(x) if hasattr(xp, "erf") else importlib.import_module("jax").scipy.special.erf(x)


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
    Case("squared hinge", "sum(relu(1 - y.*(X*w)).^2)", "w", ("X in R^(m,n)",),
         {"X": (5000, 200), "y": (5000,), "w": (200,)},
         lambda xp, X, y, w: xp.sum(xp.where(1 - y * (X @ w) > 0, 1 - y * (X @ w), 0 * y) ** 2)),
    Case("cosine similarity", "x'*y/(norm2(x)*norm2(y))", "x", ("x in R^n",),
         {"x": (200000,), "y": (200000,)},
         lambda xp, x, y: x @ y / xp.sqrt(x @ x * (y @ y))),
    Case("NMF", "norm2(X - W*H)^2", "H", ("X in R^(m,n)", "W in R^(m,k)", "H in R^(k,n)"),
         {"X": (500, 400), "W": (500, 20), "H": (20, 400)},
         lambda xp, X, W, H: xp.sum((X - W @ H) ** 2)),
    Case("tanh layer, by the bias", "norm2(tanh(X*W + ones(m)*b') - Y)^2", "b",
         ("X in R^(m,n)", "W in R^(n,k)", "b in R^k", "Y in R^(m,k)"),
         {"X": (1000, 100), "W": (100, 50), "b": (50,), "Y": (1000, 50)},
         lambda xp, X, W, b, Y: xp.sum((xp.tanh(X @ W + b) - Y) ** 2)),
    Case("KL of two Gaussians", "tr(inv(T)*S) - logdet(S)", "S", ("S in R^(n,n)", "T in R^(n,n)"),
         {"S": (200, 200), "T": (200, 200)},
         lambda xp, S, T: xp.trace(xp.linalg.solve(T, S)) - det(xp, S)),
    Case("Mahalanobis, by the matrix", "sum((X*A).*X)", "A", ("X in R^(m,n)", "A in R^(n,n)"),
         {"X": (3000, 100), "A": (100, 100)},
         lambda xp, X, A: xp.sum(X @ A * X)),
    Case("weighted least squares", "(A*x-b)'*diag(w)*(A*x-b)", "x", ("A in R^(m,n)", "w in R^m", "x in R^n", "b in R^m"),
         {"A": (2000, 300), "x": (300,), "b": (2000,), "w": (2000,)},
         lambda xp, A, x, b, w: xp.sum(w * (A @ x - b) ** 2)),
    Case("cross-entropy", "-sum(Y.*log(softmax(X*W)))", "W", ("X in R^(m,n)", "W in R^(n,k)", "Y in R^(m,k)"),
         {"X": (2000, 100), "W": (100, 20), "Y": (2000, 20)},
         lambda xp, X, W, Y: -xp.sum(Y * (X @ W - lse(xp, X @ W)[:, None]))),
    Case("three layers", "norm2(tanh(tanh(X*W1)*W2)*W3 - Y)^2", "W1",
         ("X in R^(m,n)", "W1 in R^(n,h)", "W2 in R^(h,h)", "W3 in R^(h,k)", "Y in R^(m,k)"),
         {"X": (1000, 100), "W1": (100, 64), "W2": (64, 64), "W3": (64, 10), "Y": (1000, 10)},
         lambda xp, X, W1, W2, W3, Y: xp.sum((xp.tanh(xp.tanh(X @ W1) @ W2) @ W3 - Y) ** 2)),
    Case("layer normalisation", "sum(g.*(x - mean(x))/sqrt(var(x) + 1))", "x", ("x in R^n", "g in R^n"),
         {"x": (20000,), "g": (20000,)},
         lambda xp, x, g: xp.sum(g * (x - xp.mean(x))) / xp.sqrt(xp.mean((x - xp.mean(x)) ** 2) + 1)),
    Case("Gaussian kernel, all pairs", "sum(exp(-(x*ones(n)' - ones(n)*x').^2))", "x", ("x in R^n",),
         {"x": (500,)},
         lambda xp, x: xp.sum(xp.exp(-(x[:, None] - x[None, :]) ** 2))),
    Case("InfoNCE", "sum(logsumexp(A*B')) - tr(A*B')", "A", ("A in R^(n,d)", "B in R^(n,d)"),
         {"A": (512, 64), "B": (512, 64)},
         lambda xp, A, B: xp.sum(lse(xp, A @ B.T)) - xp.sum(A * B)),
    Case("trace with an inverse", "tr(inv(X)*A)", "X", ("X in R^(n,n)", "A in R^(n,n)"),
         {"X": (200, 200), "A": (200, 200)},
         lambda xp, X, A: xp.trace(xp.linalg.solve(X, A))),
    Case("sandwich", "norm2(A*X*B - C)^2", "X", ("A in R^(m,n)", "X in R^(n,p)", "B in R^(p,q)", "C in R^(m,q)"),
         {"A": (300, 200), "X": (200, 100), "B": (100, 300), "C": (300, 300)},
         lambda xp, A, X, B, C: xp.sum((A @ X @ B - C) ** 2)),
    Case("attention, by values", "tr(G'*softmax(Q*K')*V)", "V", ("Q in R^(n,d)", "K in R^(n,d)", "V in R^(n,d)", "G in R^(n,d)"),
         {"Q": (256, 64), "K": (256, 64), "V": (256, 64), "G": (256, 64)},
         lambda xp, Q, K, V, G: xp.sum(G * (xp.exp(Q @ K.T - lse(xp, Q @ K.T)[:, None]) @ V))),
    Case("attention, by keys", "tr(G'*softmax(Q*K')*V)", "K", ("Q in R^(n,d)", "K in R^(n,d)", "V in R^(n,d)", "G in R^(n,d)"),
         {"Q": (256, 64), "K": (256, 64), "V": (256, 64), "G": (256, 64)},
         lambda xp, Q, K, V, G: xp.sum(G * (xp.exp(Q @ K.T - lse(xp, Q @ K.T)[:, None]) @ V))),
    Case("SwiGLU", "norm2(((X*W).*sigmoid(X*W).*(X*V)) - Y)^2", "W", ("X in R^(m,n)", "W in R^(n,k)", "V in R^(n,k)", "Y in R^(m,k)"),
         {"X": (500, 100), "W": (100, 80), "V": (100, 80), "Y": (500, 80)},
         lambda xp, X, W, V, Y: xp.sum((X @ W * sigmoid(xp, X @ W) * (X @ V) - Y) ** 2)),
    Case("binary cross-entropy", "sum(y.*log(sigmoid(X*w)) + (1-y).*log(1-sigmoid(X*w)))", "w", ("X in R^(m,n)", "w in R^n", "y in R^m"),
         {"X": (5000, 100), "w": (100,), "y": (5000,)},
         lambda xp, X, w, y: -xp.sum(y * xp.log1p(xp.exp(-(X @ w))) + (1 - y) * xp.log1p(xp.exp(X @ w)))),
    Case("logdet of a Gram matrix", "logdet(X'*X + c*eye(n))", "X", ("X in R^(m,n)", "c in R"),
         {"X": (1000, 100), "c": ()},
         lambda xp, X, c: det(xp, X.T @ X + c * xp.eye(100, dtype=X.dtype))),
    Case("group lasso, smoothed", "sum(sqrt(rowsum(W.^2) + c))", "W", ("W in R^(m,n)", "c in R"),
         {"W": (1000, 200), "c": ()},
         lambda xp, W, c: xp.sum(xp.sqrt(xp.sum(W ** 2, 1) + c))),
    Case("quartic", "(x'*A*x)^2 + sum(x.^4)", "x", ("A in R^(n,n)", "x in R^n"),
         {"A": (1000, 1000), "x": (1000,)},
         lambda xp, A, x: (x @ A @ x) ** 2 + xp.sum(x ** 4)),
    Case("GELU layer", "sum((gelu(X*W) - Y).^2)", "W", ("X in R^(m,n)", "W in R^(n,k)", "Y in R^(m,k)"),
         {"X": (500, 100), "W": (100, 50), "Y": (500, 50)},
         lambda xp, X, W, Y: xp.sum((X @ W * (1 + erf(xp, X @ W / 2 ** 0.5)) / 2 - Y) ** 2)),
    Case("LoRA", "norm2(X*(W + A*B) - Y)^2", "A", ("X in R^(m,n)", "W in R^(n,k)", "A in R^(n,r)", "B in R^(r,k)", "Y in R^(m,k)"),
         {"X": (500, 200), "W": (200, 200), "A": (200, 4), "B": (4, 200), "Y": (500, 200)},
         lambda xp, X, W, A, B, Y: xp.sum((X @ (W + A @ B) - Y) ** 2)),
    Case("robust loss", "sum(log(1 + norm2(x)^2 + (A*x).^2))", "x", ("A in R^(m,n)", "x in R^n"),
         {"A": (2000, 200), "x": (200,)},
         lambda xp, A, x: xp.sum(xp.log(1 + xp.sum(x * x) + (A @ x) ** 2))),
    Case("Fisher quotient", "(w'*A*w)/(w'*B*w)", "w", ("A in R^(n,n)", "B in R^(n,n)", "w in R^n"),
         {"A": (700, 700), "B": (700, 700), "w": (700,)},
         lambda xp, A, B, w: w @ A @ w / (w @ B @ w)),
    Case("polynomial kernel", "sum((X*X' + ones(m,m)).^3)", "X", ("X in R^(m,n)",),
         {"X": (300, 50)},
         lambda xp, X: xp.sum((X @ X.T + 1) ** 3)),
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
