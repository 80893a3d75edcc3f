import numpy as np


def b_loss(w, b, X, y):
    return np.mean((X @ w + b - y) ** 2)


def b_grad(w, b, X, y):
    return 2 * np.mean(X @ w + b - y)


class Embedding:
    def __init__(self, W):
        self.W = W

    def __call__(self, idx):
        self.idx = idx
        return self.W[idx]

    def backward(self, dout):
        dW = np.zeros_like(self.W)
        np.add.at(dW, self.idx, dout)
        self.dW = dW


def margins(a, p, n, margin):
    dp = a - p
    dn = a - n
    inv = np.sum(dp ** 2, axis=1) - np.sum(dn ** 2, axis=1) + margin
    loss = np.sum(np.maximum(inv, 0))
    grad_p = -2 * (inv > 0)[:, None] * dp
    return loss, grad_p
