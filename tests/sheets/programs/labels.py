import numpy as np

def softmax_loss_naive(W, X, y, reg):
    """
    - W: A numpy array of shape (D, C) containing weights.
    - X: A numpy array of shape (N, D) containing a minibatch of data.
    - y: A numpy array of shape (N,) containing training labels
    """
    num_train = X.shape[0]
    scores = X.dot(W)
    scores -= np.max(scores, axis=1, keepdims=True)
    p = np.exp(scores) / np.sum(np.exp(scores), axis=1, keepdims=True)
    loss = -np.log(p[np.arange(num_train), y]).sum() / num_train + reg * np.sum(W * W)
    dscores = p
    dscores[np.arange(num_train), y] -= 1
    dW = X.T.dot(dscores) / num_train + 2 * reg * W
    return loss, dW


def soft_labels(W, X, Y):
    """X: (n, d) data, Y: (n, k) one-hot labels."""
    e = np.exp(X @ W)
    P = e / e.sum(axis=1, keepdims=True)
    loss = -np.sum(Y * np.log(P))
    dW = X.T @ (P - Y)
    return loss, dW
