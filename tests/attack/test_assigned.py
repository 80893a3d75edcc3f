"""Sheets in NumPy in which a name is assigned again or changed in place, masks in brackets, and squares that nobody declared."""

from __future__ import annotations

import pytest

from matcalc import check

LAYER = "h = X @ W1\nh = np.tanh(h)\ns = h @ W2\nL = np.sum(s*T)\nds = T\ndh = ds @ W2.T\n"
LOGISTIC = "z = X @ w\np = 1/(1+np.exp(-z))\nL = -np.mean(y*np.log(p) + (1-y)*np.log(1-p))\n"
RIDGE = "r = X @ w - y\nL = r @ r + reg*(w @ w)\ndw = 2*X.T @ r\n"
SQUARED = "z = X @ W\nh = z**2\nL = 0.5*np.sum((h - Y)**2)\ndh = h - Y\n"
MEAN = "r = np.tanh(X @ W)\nL = 0.5*np.sum((r - Y)**2)/n\ndr = r - Y\n"
# what is right, and what is not
AGAIN = [
    ("z = X @ w\nz = 2*z\nL = np.sum(z**2)\n", "dw = 4*X.T @ z", "dw = 2*X.T @ z"),
    ("z = X @ w\nz *= 2\nL = np.sum(z**2)\n", "dw = 4*X.T @ z", "dw = 2*X.T @ z"),
    ("a = X\nz = a @ W1\na = np.tanh(z)\nz = a @ W2\nL = np.sum(z)\ndz = np.ones_like(z)\n", "dW2 = a.T @ dz", "dW2 = X.T @ dz"),
    (LAYER, "dh = dh*(1 - h**2)\ndW1 = X.T @ dh", "dh = dh*(1 + h**2)\ndW1 = X.T @ dh"),
    (LAYER, "dh *= 1 - h**2\ndW1 = X.T @ dh", "dh *= 1 - h\ndW1 = X.T @ dh"),
    (LOGISTIC, "dz = p.copy()\ndz -= y\ndz /= len(y)\ndw = X.T @ dz", "dz = p.copy()\ndz += y\ndz /= len(y)\ndw = X.T @ dz"),
    (RIDGE, "dw += 2*reg*w", "dw += reg*w"),
    ("r = X @ w - y\nL = r @ r\ndw = 2*X.T @ r\n", "w -= lr*dw", "dw = X.T @ r"),
    ("z = X @ w\nL = np.sum(np.maximum(z, 0))\n", "dz = np.ones_like(z)\ndz[z <= 0] = 0\ndw = X.T @ dz",
     "dz = 0*z\ndz[z < 1] = 0\ndw = X.T @ dz"),
    ("L = x @ x\ndx = x + x\n", "dx = 2*x", "dx = 3*x"),      # said again, not assigned
    (SQUARED, "dh *= 2*z\ndW = X.T @ dh", "dh *= z\ndW = X.T @ dh"), (MEAN, "dr *= 1/n", "dr *= 2/n"),
    (MEAN, "dr *= 1/n\ndr *= 1 - r**2\ndW = X.T @ dr", "dr *= 1/n\ndr *= 1 - r\ndW = X.T @ dr"),
    (MEAN, "dr *= 1 - r**2\ndr *= 1/n\ndW = X.T @ dr", "dr *= 1 - r**2\ndr *= 2/n\ndW = X.T @ dr"),
]
UNFOLLOWED = ["z = foo(z)", "z[0] = 3", "z *= np.sort(z)", "for i in range(3):\n    z = 2*z", "if z.sum() > 0:\n    z = 2*z", "z.sort()",
              "b = z\nb *= 2", "z[:2] *= 2"]
SQUARES = [
    ("L = np.trace(A @ B)\n", "dA = B.T", "dA = B"), ("L = np.log(np.linalg.det(A))\n", "dA = np.linalg.inv(A).T", "dA = np.linalg.inv(A)"),
    ("L = np.linalg.slogdet(A)[1]\n", "dA = np.linalg.inv(A).T", "dA = np.linalg.inv(A)"),
    ("w = np.linalg.solve(A, b)\nL = w @ w\n", "db = 2*np.linalg.solve(A.T, w)", "db = 2*np.linalg.solve(A, w)"),
    ("L = np.sum(np.diag(A))\n", "dA = np.eye(len(A))", "dA = np.ones_like(A)"),
]
MASKS = [
    ("L = np.sum(np.where(x > 0, x, 0.1*x))\n", "dx = np.where(x > 0, 1, 0.1)", "dx = np.where(x > 0, 0.1, 1)"),
    ("L = np.sum(np.maximum(x, y))\n", "dx = (x > y)*1.0", "dx = (x < y)*1.0"),
    ("L = np.sum(np.clip(x, -1, 1))\n", "dx = (np.abs(x) < 1)*1.0", "dx = (np.abs(x) > 1)*1.0"),
]


@pytest.mark.parametrize(("text", "right", "wrong"), AGAIN + SQUARES + MASKS)
def test_arrays_hold_what_they_were_given_last(text: str, right: str, wrong: str) -> None:
    found = check(text + right)
    assert found.marks[-1].mark == "follows" and found.worst in ("follows", "given"), [(m.text, m.mark) for m in found.marks]
    assert check(text + wrong).worst in ("does not follow", "follows if")        # in the other layout


@pytest.mark.parametrize("line", UNFOLLOWED)
def test_nothing_rests_on_what_cannot_be_followed(line: str) -> None:
    for factor in ("2", "4"):
        assert check(f"z = X @ w\n{line}\nL = np.sum(z**2)\ndw = {factor}*X.T @ z").marks[-1].mark == "not judged"
