import numpy as np


def sigmoid(a):
    return 1 / (1 + np.exp(-a))


def lstm_step_forward(x, h_prev, c_prev, Wx, Wh, b):
    """
    x: (N, D), h_prev and c_prev: (N, H), Wx: (D, 4H), Wh: (H, 4H), b: (4H,)
    """
    H = h_prev.shape[1]
    a = x @ Wx + h_prev @ Wh + b
    i = sigmoid(a[:, :H])
    f = sigmoid(a[:, H:2 * H])
    o = sigmoid(a[:, 2 * H:3 * H])
    g = np.tanh(a[:, 3 * H:])
    c = f * c_prev + i * g
    t = np.tanh(c)
    h = o * t
    cache = (x, h_prev, c_prev, Wx, Wh, i, f, o, g, t)
    return h, c, cache


def lstm_step_backward(dh, dc, cache):
    x, h_prev, c_prev, Wx, Wh, i, f, o, g, t = cache
    dc = dc + dh * o * (1 - t ** 2)
    do = dh * t
    di = dc * g
    df = dc * c_prev
    dg = dc * i
    dc_prev = dc * f
    da = np.concatenate([di * i * (1 - i), df * f * (1 - f), do * o * (1 - o), dg * (1 - g ** 2)], axis=1)
    dx = da @ Wx.T
    dh_prev = da @ Wh.T
    dWx = x.T @ da
    dWh = h_prev.T @ da
    db = da.sum(axis=0)
    return dx, dh_prev, dc_prev, dWx, dWh, db


def rnn_forward(x, h, W, b):
    # x: (N, D), h: (N, H), W: (D + H, H), b: (H,)
    z = np.concatenate([x, h], axis=1)
    out = np.tanh(z @ W + b)
    return out, (x, h, z, W, out)


def rnn_backward(dout, cache):
    x, h, z, W, out = cache
    D = x.shape[1]
    da = dout * (1 - out ** 2)
    dW = z.T @ da
    db = da.sum(axis=0)
    dz = da @ W.T
    dx, dh = dz[:, :D], dz[:, D:]
    return dx, dh, dW, db


def glu_forward(x):
    # x: (N, 2D)
    D = x.shape[1] // 2
    a, b = x[:, :D], x[:, D:]
    s = sigmoid(b)
    out = a * s
    return out, (x, a, s, D)


def glu_backward(dout, cache):
    x, a, s, D = cache
    dx = np.zeros_like(x)
    dx[:, :D] = dout * s
    dx[:, D:] = dout * a * s * (1 - s)
    return dx
