import numpy as np
def sigmoid(z):
    return 1/(1+np.exp(-z))
def fit(X, y, lr=0.1, n_iter=100):
    n, d = X.shape
    w = np.zeros(d)
    b = 0
    for i in range(n_iter):
        p = sigmoid(X @ w + b)
        loss = -np.mean(y*np.log(p) + (1-y)*np.log(1-p))
        dw = X.T @ (p - y) / n
        db = np.mean(p - y)
        w -= lr * dw
        b -= lr * db
    return w, b
