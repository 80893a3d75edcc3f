"""Passes with vectors one behind another, gradients out of the order of the arguments."""
import numpy as np


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def gate_forward(x, h, W, b):
    z = np.concatenate([h, x])
    f = sigmoid(W @ z + b)
    return f, (z, f, W, h)


def gate_backward(df, cache):
    z, f, W, h = cache
    da = df * f * (1 - f)
    dW = np.outer(da, z)
    dz = W.T @ da
    dh = dz[:len(h)]
    dx = dz[len(h):]
    return dW, dz, dh, dx


def triplet(a, p, n, margin):
    dn = a - n
    v = (a - p) @ (a - p) - dn @ dn + margin
    loss = np.maximum(v, 0)
    g = (v > 0) * 1.0
    grad_a = g * 2 * (n - p)
    grad_n = g * 2 * dn
    return loss, grad_a, grad_n
