import numpy as np

rng = np.random.default_rng(1)
n, d, k = 64, 8, 2
X = rng.random((n, d))
We = 0.1 * rng.standard_normal((d, k))
Ws = 0.1 * rng.standard_normal((d, k))
Wd = 0.1 * rng.standard_normal((k, d))

for step in range(500):
    mu = X @ We
    logvar = X @ Ws
    eps = rng.standard_normal((n, k))
    z = mu + np.exp(0.5 * logvar) * eps
    Xhat = z @ Wd
    rec = 0.5 * np.sum((Xhat - X) ** 2) / n
    kl = -0.5 * np.sum(1 + logvar - mu ** 2 - np.exp(logvar)) / n
    loss = rec + kl

    dXhat = (Xhat - X) / n
    dWd = z.T @ dXhat
    dz = dXhat @ Wd.T
    dmu = dz + mu / n
    dlogvar = dz * eps * 0.5 * np.exp(0.5 * logvar) + 0.5 * (np.exp(logvar) - 1) / n
    dWe = X.T @ dmu
    dWs = X.T @ dlogvar

    We -= 0.01 * dWe
    Ws -= 0.01 * dWs
    Wd -= 0.01 * dWd
    if step % 100 == 0:
        print(step, loss)
