"""Several statements on a line, maxima, and equations that excuse no wrong line."""

from __future__ import annotations

import pytest

import matcalc


def marks(text: str) -> list[str]:
    return [m.mark for m in matcalc.check(text).marks if m.mark != "given"]


@pytest.mark.parametrize(("right", "old", "new"), [
    ("Let K = X'X and f = tr(K^2).\ndf = 4 tr(K X' dX)\ndf/dX = 4 X K", "4 X K", "4 K X"),
    ("x in R^n. f(x) = log(sum(exp(x)))\n∇f = softmax(x)", "softmax(x)", "exp(x)"),
    ("Kalman: J(K) = tr((I - K H) P (I - K H)' + K R K'), P, R symmetric\ndJ/dK = -2 (I - K H) P H' + 2 K R", "+ 2 K R", "+ K R"),
    ("f(x) = log(sum(exp(x)))\n∇²f = diag(p) - p p^T where p = softmax(x)", "- p p^T", "+ p p^T"),
    ("z = Wx + b\np = softmax(z)\nL = -sum_i y_i log p_i\ndL/dz = p - y   (y one-hot)", "p - y ", "y - p "),
    ("s(t) = 1/(1 + e^-t)\ns'(t) = s(t)(1 - s(t))", "(1 - s(t))", "(1 + s(t))"),
    ("A symmetric\nf(x) = x'Ax / x'x\ngrad f = 2/(x'x) (A x - f x)", "A x - f x", "A x + f x"),
    ("A in R^(n,n) symmetric\nx in R^n\nf = x'*A*x; g = x'*x\nd(f)/d(x) = 2*A*x; d(g)/d(x) = 2*x", "= 2*x", "= x"),
    ("E = 1/2 sum_{ij} (M_{ij} - u_i v_j)^2\ndE/du = -(M - u v') v", "-(M", "(M")])
def test_statements_on_one_line_are_read_one_by_one(right: str, old: str, new: str) -> None:
    assert set(marks(right)) == {"follows"}
    assert "does not follow" in marks(right.replace(old, new))


@pytest.mark.parametrize("wrong", ["df = (w - a)'*dw", "df = a'*dw", "df = w'*dw"])
@pytest.mark.parametrize("solution", ["w = a", "setting it to zero: w = a"])
def test_where_a_name_stays_excuses_no_wrong_differential(wrong: str, solution: str) -> None:
    assert marks(f"w, a in R^n\nf = norm2(w - a)^2\n{wrong}\nd(f)/d(w) = 2*(w - a)\n{solution}")[0] == "does not follow"


def test_an_equation_of_names_that_vary_is_no_wrong_line() -> None:
    text = "A in R^(n,n), x, b in R^n\nA*x = b\ndA*x + A*dx = db\ndx = inv(A)*(db - dA*x)"
    assert marks(text)[0] == "not judged" and "does not follow" not in marks(text)
    assert marks(text.replace("(db - dA*x)", "db"))[-1] == "does not follow"


SOFTMAX = "Z = X @ W\nZ -= Z.max(axis=1, keepdims=True)\nE = np.exp(Z)\nP = E / E.sum(axis=1, keepdims=True)\nL = -np.sum(Y * np.log(P))\n"


@pytest.mark.parametrize(("line", "mark"), [
    ("dZ = P * Y.sum(axis=1, keepdims=True) - Y", "follows"), ("dZ = Y - P * Y.sum(axis=1, keepdims=True)", "does not follow"),
    ("dZ = P * Y.sum(axis=0, keepdims=True) - Y", "does not follow"), ("dZ = P - Y", "not judged")])
def test_what_is_taken_off_before_a_softmax_changes_nothing(line: str, mark: str) -> None:
    assert marks(SOFTMAX + line) == [mark]


@pytest.mark.parametrize("line", ["dZ = G", "dZ = np.zeros_like(Z)", "dZ = G - G.sum(axis=1, keepdims=True)"])
def test_a_maximum_that_the_loss_depends_on_is_not_held(line: str) -> None:
    assert marks(f"Z = X @ W\nM = Z.max(axis=1, keepdims=True)\nL = np.sum((Z - M) * G)\n{line}") != ["follows"]


@pytest.mark.parametrize(("text", "old", "new"), [
    ("z = X @ W\nh = np.maximum(z, 0)\nL = np.sum(h * G)\ndz = G.copy(); dz[h <= 0] = 0\ndW = X.T @ dz", "h <= 0", "h > 0"),
    ("z = X @ w\np = np.clip(z, 0, 1)\nL = np.sum((p - y)**2)\ndz = 2*(p - y) * ((z > 0) & (z < 1))\ndw = X.T @ dz", "(z < 1)", "(z < 2)"),
    ("Z = W @ X + b[:, None]\nL = np.sum(Z * G)\ndb = np.sum(G, axis=1)\ndX = W.T @ G", "axis=1", "axis=0"),
    ("q = np.sum((X - C)**2, axis=1)\nk = np.exp(-q / (2 * s**2))\nL = np.sum(k * v)\nds = np.sum(v * k * q) / s**3", "s**3", "s**2"),
    ("r = np.sqrt(np.mean(x**2, axis=-1, keepdims=True))\na = x / r\nL = np.sum(a * g * U)\nda = g * U\ndg = np.sum(U * a, axis=0)\n"
     "dx = (da - a * np.mean(da * a, axis=-1, keepdims=True)) / r", "da * a,", "da * x,"),
    ("s = x @ W\ng = sigmoid(s)\nu = x @ V\ny = g * u\nL = np.sum(y * v)\ndy = v\nds = dy * u * g * (1 - g)\ndV = x.T @ (dy * g)\n"
     "dx = (dy * g) @ V.T + ds @ W.T", " + ds @ W.T", ""),
    ("z = torch.matmul(x, W) + b\na = torch.relu(z)\nloss = (a * g).sum()\nda = g\ndz = da * (z > 0).float()\ndW = x.t() @ dz\n"
     "db = dz.sum(dim=0)\ndx = dz @ W.t()", "(z > 0)", "(z < 0)"),
    ("h = np.tanh(x @ W1 + b1)\ny = h @ W2 + b2\nL = ((y - t)**2).sum()\ndy = 2 * (y - t)\ndW2 = h.T @ dy\ndb2 = dy.sum(0)\n"
     "dh = dy @ W2.T\ndW1 = x.T @ (dh * (1 - h**2))", "x.T @ (dh * (1 - h**2))", "(dh * (1 - h**2)).T @ x")])
def test_arrays_of_numpy_have_the_axes_that_most_lines_need(text: str, old: str, new: str) -> None:
    assert set(marks(text)) == {"follows"}
    wrong = marks(text.replace(old, new))
    assert "does not follow" in wrong


@pytest.mark.thin(6)
@pytest.mark.parametrize("line", [
    "h = z.T\nh *= 2", "a = b = z\na *= 2", "h, k = z, z\nh *= 2", "np.multiply(z, 2, out=z)", "twice(z)", "(z := 2*z)"])
def test_what_changes_an_array_under_another_name_makes_no_line_below_right(line: str) -> None:
    marks = matcalc.check(f"z = X @ w\n{line}\nL = np.sum(z**2)\ndw = 2 * X.T @ (X @ w)").marks
    assert marks[-1].mark == "not judged"
    assert matcalc.check("z = X @ w\nprint(z)\nL = np.sum(z**2)\ndw = 2 * X.T @ z").worst == "follows"
