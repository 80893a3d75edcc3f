import math
import torch
from torch.autograd import Function
import torch.nn.functional as F

class RMSNorm(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x, weight, eps):
        # x: (B, D), weight: (D,)
        rms = torch.sqrt(x.pow(2).mean(dim=-1, keepdim=True) + eps)
        xn = x / rms
        ctx.save_for_backward(xn, weight, rms)
        return weight * xn

    @staticmethod
    def backward(ctx, gy):
        xn, weight, rms = ctx.saved_tensors
        gw = (gy * xn).sum(dim=0)
        gxn = gy * weight
        gx = (gxn - xn * (gxn * xn).mean(dim=-1, keepdim=True)) / rms
        return gx, gw, None

class SwiGLU(torch.autograd.Function):
    @staticmethod
    def forward(ctx, a, b):
        # a: (B, D), b: (B, D)
        s = torch.sigmoid(a)
        ctx.save_for_backward(a, b, s)
        return a * s * b

    @staticmethod
    def backward(ctx, dy):
        a, b, s = ctx.saved_tensors
        silu = a * s
        da = dy * b * (s + silu * (1 - s))
        db = dy * silu
        return da, db

class GELU(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return F.gelu(x)

    @staticmethod
    def backward(ctx, grad):
        (x,) = ctx.saved_tensors
        cdf = 0.5 * (1 + torch.erf(x / 2 ** 0.5))
        pdf = torch.exp(-0.5 * x * x) / (2 * torch.pi) ** 0.5
        return grad * (cdf + x * pdf)

class CE(torch.autograd.Function):
    @staticmethod
    def forward(ctx, logits, target):
        # logits: (N, C)
        logp = F.log_softmax(logits, dim=1)
        ctx.save_for_backward(logp, target)
        return F.nll_loss(logp, target)

    @staticmethod
    def backward(ctx, g):
        logp, target = ctx.saved_tensors
        p = logp.exp()
        p[torch.arange(p.shape[0]), target] -= 1
        return g * p / p.shape[0], None


class LoRA(Function):
    @staticmethod
    def forward(ctx, x, W, A, B, scale):
        ctx.save_for_backward(x, W, A, B)
        ctx.scale = scale
        return x @ W.t() + scale * (x @ A.t()) @ B.t()
    @staticmethod
    def backward(ctx, g):
        x, W, A, B = ctx.saved_tensors
        s = ctx.scale
        gx = g @ W + s * (g @ B) @ A
        gW = g.t() @ x
        gA = s * (g @ B).t() @ x
        gB = s * g.t() @ (x @ A.t())
        return gx, gW, gA, gB, None


class Attention(Function):
    @staticmethod
    def forward(ctx, Q, K, V):
        d = Q.shape[-1]
        S = Q @ K.transpose(-2, -1) / math.sqrt(d)
        P = F.softmax(S, dim=-1)
        O = P @ V
        ctx.save_for_backward(Q, K, V, P, O)
        return O
    @staticmethod
    def backward(ctx, dO):
        Q, K, V, P, O = ctx.saved_tensors
        d = Q.shape[-1]
        D = (dO * O).sum(dim=-1, keepdim=True)
        dV = P.transpose(-2, -1) @ dO
        dP = dO @ V.transpose(-2, -1)
        dS = P * (dP - D)
        dQ = dS @ K / math.sqrt(d)
        dK = dS.transpose(-2, -1) @ Q / math.sqrt(d)
        return dQ, dK, dV
