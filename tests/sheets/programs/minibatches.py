import numpy as np

def sigmoid(z):
    return 1 / (1 + np.exp(-z))

class LogisticRegression:
    def fit(self, X, y, lr=0.1, lam=0.01, epochs=10, batch=32):
        n, d = X.shape
        w = np.zeros(d)
        b = 0.0
        for epoch in range(epochs):
            perm = np.random.permutation(n)
            for i in range(0, n, batch):
                idx = perm[i:i + batch]
                xb, yb = X[idx], y[idx]
                p = sigmoid(xb @ w + b)
                loss = -np.mean(yb * np.log(p) + (1 - yb) * np.log(1 - p)) + 0.5 * lam * np.dot(w, w)
                dw = xb.T @ (p - yb) / len(xb) + lam * w
                db = np.mean(p - yb)
                w -= lr * dw
                b -= lr * db
        self.w, self.b = w, b
