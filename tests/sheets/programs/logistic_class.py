import numpy as np


class Logistic:
    def __init__(self, rate=0.01, rounds=1000):
        self.rate, self.rounds = rate, rounds
        self.weights = None
        self.bias = None

    def fit(self, X, y):
        n, d = X.shape
        self.weights = np.zeros(d)
        self.bias = 0
        for _ in range(self.rounds):
            z = np.dot(X, self.weights) + self.bias
            p = self._logistic(z)
            loss = -np.mean(y * np.log(p) + (1 - y) * np.log(1 - p))
            dw = (1 / n) * np.dot(X.T, p - y)
            db = (1 / n) * np.sum(p - y)
            self.weights -= self.rate * dw
            self.bias -= self.rate * db

    def _logistic(self, t):
        return 1 / (1 + np.exp(-t))
