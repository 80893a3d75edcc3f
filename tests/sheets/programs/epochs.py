import numpy as np

rng = np.random.default_rng(0)
N, D, K = 50, 4, 3
X = rng.standard_normal((N, D))
y = rng.integers(0, K, N)
W = 0.01 * rng.standard_normal((D, K))
b = np.zeros((1, K))
lr, reg = 0.1, 1e-3

for epoch in range(100):
    scores = X @ W + b
    scores = scores - scores.max(axis=1, keepdims=True)
    probs = np.exp(scores)
    probs = probs / probs.sum(axis=1, keepdims=True)
    loss = -np.log(probs[np.arange(N), y]).mean() + 0.5 * reg * np.sum(W * W)

    dscores = probs.copy()
    dscores[np.arange(N), y] -= 1
    dscores /= N
    dW = X.T @ dscores + reg * W
    db = dscores.sum(axis=0, keepdims=True)

    W -= lr * dW
    b -= lr * db
