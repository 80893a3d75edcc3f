import numpy as np

def affine_forward(x, w, b):
    # x is (N, D), w is (D, M), b is (M,)
    out = x.dot(w) + b
    cache = (x, w, b)
    return out, cache

def affine_backward(dout, cache):
    x, w, b = cache
    dx = dout.dot(w.T)
    dw = x.T.dot(dout)
    db = np.sum(dout, axis=0)
    return dx, dw, db

def relu_forward(x):
    # x is (N, D)
    out = np.maximum(0, x)
    cache = (x, out)
    return out, cache

def relu_backward(dout, cache):
    x, out = cache
    dx = dout.copy()
    dx[out <= 0] = 0
    return dx

def tanhlin_forward(x, w):
    # x is (N, D), w is (D, M)
    z = x @ w
    h = np.tanh(z)
    return h, (x, w, h)

def tanhlin_backward(dh, cache):
    x, w, h = cache
    dz = dh * (1 - h ** 2)
    dx = dz @ w.T
    dw = x.T @ dz
    return dx, dw

def softmax_forward(x):
    # x is (N, D)
    e = np.exp(x)
    p = e / e.sum(axis=1, keepdims=True)
    return p, (p,)

def softmax_backward(dp, cache):
    p, = cache
    s = (dp * p).sum(axis=1, keepdims=True)
    dx = p * (dp - s)
    return dx

def layernorm_forward(x, gamma, beta):
    # x is (N, D), gamma is (D,), beta is (D,)
    mu = x.mean(axis=1, keepdims=True)
    xc = x - mu
    var = (xc ** 2).mean(axis=1, keepdims=True)
    std = np.sqrt(var + 1e-3)
    xhat = xc / std
    out = gamma * xhat + beta
    return out, (xhat, gamma, std)

def layernorm_backward(dout, cache):
    xhat, gamma, std = cache
    dbeta = dout.sum(axis=0)
    dgamma = (dout * xhat).sum(axis=0)
    dxhat = dout * gamma
    dx = (dxhat - dxhat.mean(axis=1, keepdims=True) - xhat * (dxhat * xhat).mean(axis=1, keepdims=True)) / std
    return dx, dgamma, dbeta

def swish_forward(x, beta=1.5):
    # x is (N, D)
    s = 1 / (1 + np.exp(-beta * x))
    y = x * s
    return y, (x, s, y, beta)

def swish_backward(dy, cache):
    x, s, y, beta = cache
    dx = dy * (s + beta * y * (1 - s))
    dbeta = np.sum(dy * x * y * (1 - s))
    return dx, dbeta

def mse_forward(x, t):
    # x is (N, D), t is (N, D)
    N, D = x.shape
    r = x - t
    loss = 0.5 * np.sum(r * r) / N
    return loss, (r, N)

def mse_backward(dloss, cache):
    r, N = cache
    dx = dloss * r / N
    dt = -dx
    return dx, dt

def twolayer_forward(x, W1, b1, W2):
    # x is (N, D), W1 is (D, H), b1 is (H,), W2 is (H, K)
    a = x @ W1 + b1
    h = np.maximum(a, 0)
    y = h @ W2
    return y, (x, W1, W2, a, h)

def twolayer_backward(dy, cache):
    x, W1, W2, a, h = cache
    dW2 = h.T @ dy
    dh = dy @ W2.T
    da = dh * (a > 0)
    dW1 = x.T @ da
    db1 = da.sum(axis=0)
    dx = da @ W1.T
    return dx, dW1, db1, dW2

def attention_forward(Q, K, V):
    # Q is (N, D), K is (M, D), V is (M, E)
    S = Q @ K.T
    E = np.exp(S)
    P = E / E.sum(axis=1, keepdims=True)
    O = P @ V
    return O, (Q, K, V, P)

def attention_backward(dO, cache):
    Q, K, V, P = cache
    dV = P.T @ dO
    dP = dO @ V.T
    dS = P * (dP - np.sum(dP * P, axis=1, keepdims=True))
    dQ = dS @ K
    dK = dS.T @ Q
    return dQ, dK, dV

def normalize_forward(x):
    # x is (N, D)
    n = np.sqrt((x ** 2).sum(axis=1, keepdims=True))
    y = x / n
    return y, (y, n)

def normalize_backward(g, cache):
    y, n = cache
    dx = (g - y * (g * y).sum(axis=1, keepdims=True)) / n
    return dx

def gate_forward(x, h, W, U, b):
    # x is (N, D), h is (N, H), W is (D, H), U is (H, H), b is (H,)
    z = x @ W + h @ U + b
    g = 1.0 / (1.0 + np.exp(-z))
    out = g * h
    return out, (x, h, W, U, g)

def gate_backward(dout, cache):
    x, h, W, U, g = cache
    dg = dout * h
    dz = dg * g * (1 - g)
    dx = dz @ W.T
    dh = dout * g + dz @ U.T
    dW = x.T @ dz
    dU = h.T @ dz
    db = dz.sum(axis=0)
    return dx, dh, dW, dU, db
