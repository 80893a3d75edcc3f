"""A training step: gradients, and what is updated by them."""
import numpy as np


def step(X, W1, W2, lr):
    h = np.tanh(X @ W1)
    E = h @ W2 - X
    loss = 0.5 * np.sum(E ** 2)
    dW2 = h.T @ E
    dh = E @ W2.T
    dW1 = X.T @ (dh * (1 - h ** 2))
    W1 = W1 - lr * dW1
    W2 = W2 - lr * dW2
    return loss, W1, W2
