import numpy as np


def softmax_loss(x, y):
    Z = np.sum(np.exp(x), axis=1, keepdims=True)
    log_probs = x - np.log(Z)
    probs = np.exp(log_probs)
    N = x.shape[0]
    loss = -np.sum(log_probs[np.arange(N), y]) / N
    dx = probs.copy()
    dx[np.arange(N), y] -= 1
    dx /= N
    return loss, dx


def ridge(X, y, w, b, lam=0.1):
    n = len(y)
    r = X @ w + b - y
    loss = (r @ r) / (2 * n) + 0.5 * lam * (w @ w)
    grads = {}
    grads["w"] = X.T @ r / n + lam * w
    grads["b"] = r.mean()
    return loss, grads


def sigmoid(x):
    return 1.0 / (1.0 + np.exp(-x))


def logistic(X, w, b, y):
    n = len(y)
    p = sigmoid(X.dot(w) + b)
    cost = -(1 / n) * np.sum(y * np.log(p) + (1 - y) * np.log(1 - p))
    dw = (1 / n) * X.T.dot(p - y)
    db = (1 / n) * np.sum(p - y)
    return cost, {"dw": dw, "db": db}


def info_nce(U, V, tau):
    """U, V: (B, D) embeddings of the two views, tau a temperature."""
    B = U.shape[0]
    logits = U @ V.T / tau
    logp = logits - np.log(np.sum(np.exp(logits), axis=1, keepdims=True))
    loss = -np.diagonal(logp).mean()
    dlogits = (np.exp(logp) - np.eye(B)) / B
    dU = dlogits @ V / tau
    dV = dlogits.T @ U / tau
    return loss, dU, dV
