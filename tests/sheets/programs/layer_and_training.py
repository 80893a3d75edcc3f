import numpy as np


class Affine:
    def forward(self, x, W, b):
        # x: (N, D), W: (D, M), b: (M,)
        self.x, self.W = x, W
        return x @ W + b

    def backward(self, g):
        return g @ self.W.T, self.x.T @ g, g.sum(axis=0)


def fit(X, y, steps=100):
    """X: (n, d), y: (n,)"""
    w = np.zeros(X.shape[1])
    for _ in range(steps):
        r = X @ w - y
        loss = np.mean(r**2)
        grad = 2 * X.T @ r / len(y)
        w = w - 0.1*grad
    return w


X = np.random.randn(50, 3)
y = np.random.randn(50)
w = np.zeros(3)
loss = np.sum((X @ w - y)**2)
dw = 2 * X.T @ (X @ w - y)
