import numpy as np


class Sigmoid:
    def forward(self, x):
        self.out = 1 / (1 + np.exp(-x))
        return self.out

    def backward(self, dout):
        dx = dout * (1.0 - self.out) * self.out
        return dx


class Relu:
    def forward(self, x):
        self.mask = (x <= 0)
        out = x.copy()
        out[self.mask] = 0
        return out

    def backward(self, dout):
        dout[self.mask] = 0
        dx = dout
        return dx


class Affine:
    def __init__(self, W, b):
        self.W = W
        self.b = b
        self.x = None
        self.dW = None
        self.db = None

    def forward(self, x):
        self.x = x
        out = np.dot(x, self.W) + self.b
        return out

    def backward(self, dout):
        dx = np.dot(dout, self.W.T)
        self.dW = np.dot(self.x.T, dout)
        self.db = np.sum(dout, axis=0)
        return dx


class MatMul:
    def __init__(self, W):
        self.params = [W]
        self.grads = [np.zeros_like(W)]
        self.x = None

    def forward(self, x):
        W, = self.params
        out = np.dot(x, W)
        self.x = x
        return out

    def backward(self, dout):
        W, = self.params
        dx = np.dot(dout, W.T)
        dW = np.dot(self.x.T, dout)
        self.grads[0][...] = dW
        return dx


class LSTMStep:
    def forward(self, i, f, g, o, c_prev):
        c = f * c_prev + i * g
        h = o * np.tanh(c)
        self.cache = (i, f, g, o, c_prev, c)
        return h, c

    def backward(self, dh, dc_next):
        i, f, g, o, c_prev, c = self.cache
        t = np.tanh(c)
        dc = dc_next + dh * o * (1 - t ** 2)
        di = dc * g
        df = dc * c_prev
        dg = dc * i
        do = dh * t
        dc_prev = dc * f
        return di, df, dg, do, dc_prev


class BatchNorm:
    def __init__(self, num_features, eps=1e-5):
        self.gamma = np.ones((1, num_features))
        self.beta = np.zeros((1, num_features))
        self.eps = eps

    def forward(self, x):
        self.mean = np.mean(x, axis=0, keepdims=True)
        self.var = np.var(x, axis=0, keepdims=True)
        self.x_hat = (x - self.mean) / np.sqrt(self.var + self.eps)
        return self.gamma * self.x_hat + self.beta

    def backward(self, grad_out):
        self.grad_gamma = np.sum(grad_out * self.x_hat, axis=0, keepdims=True)
        self.grad_beta = np.sum(grad_out, axis=0, keepdims=True)
        g = grad_out * self.gamma
        return (g - g.mean(axis=0, keepdims=True) - self.x_hat * (g * self.x_hat).mean(axis=0, keepdims=True)) / np.sqrt(self.var + self.eps)
