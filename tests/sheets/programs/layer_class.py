import numpy as np


class MLP:
    """Two layers; what is returned has no name, and a name like that of what is kept would be mistaken for it."""

    def __init__(self, d, h, k, rng):
        self.W1 = rng.standard_normal((d, h)) * 0.1
        self.b1 = np.zeros(h)
        self.W2 = rng.standard_normal((h, k)) * 0.1
        self.b2 = np.zeros(k)

    def forward(self, X, Y):
        self.X, self.Y = X, Y
        self.Z1 = X @ self.W1 + self.b1
        self.A1 = np.maximum(self.Z1, 0)
        self.out = self.A1 @ self.W2 + self.b2
        return 0.5 * np.sum((self.out - Y) ** 2) / X.shape[0]

    def backward(self):
        n = self.X.shape[0]
        dout = (self.out - self.Y) / n
        self.dW2 = self.A1.T @ dout
        self.db2 = dout.sum(axis=0)
        dA1 = dout @ self.W2.T
        dZ1 = dA1 * (self.Z1 > 0)
        self.dW1 = self.X.T @ dZ1
        self.db1 = dZ1.sum(axis=0)
