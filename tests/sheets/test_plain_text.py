"""Plain text and NumPy as students write them: what a right line and the same line with one slip are marked."""

from __future__ import annotations

import pytest

import matcalc

NEURON = "z = w @ x + b\na = 1/(1+np.exp(-z))\nloss = -(y*np.log(a) + (1-y)*np.log(1-a))\n"
LINEAR = "z = X @ w + b\nloss = np.mean((z - y)**2)\n"
NG = ("Z1 = W1 @ X + b1\nA1 = np.tanh(Z1)\nZ2 = W2 @ A1 + b2\nA2 = 1/(1+np.exp(-Z2))\n"
      "J = -np.sum(Y*np.log(A2) + (1-Y)*np.log(1-A2))/m\ndZ2 = A2 - Y\ndW2 = dZ2 @ A1.T / m\n")
BATCH = "Z1 = X @ W1 + b1\nA1 = np.maximum(Z1, 0)\nZ2 = A1 @ W2 + b2\nL = 0.5*np.sum((Z2 - Y)**2)\ndZ2 = Z2 - Y\n"
LEAST = "X in R^(n,d), y in R^n, w in R^d\nf = norm2(X*w - y)^2\ngrad f = 2*X'*(X*w - y)\n"
ATTENTION = "Q, K, V in R^(n,d)\nS = Q*K'\nP = softmax(S)\nO = P*V\nG = dL/dO\nH = G*V'\n"


@pytest.mark.parametrize("text", [
    "A in R^(n,n), x in R^n\nf = x'*A*x\ndf = 2*x'*A*dx\nd(f)/d(x) = 2*A'*x",
    "X in R^(m,n), w in R^n, y in R^m\nf = norm2(X*w - y)^2\ndf = (X*w - y)'*X*dw\ngrad f = X'*(X*w - y)",
    "x in R^n\nf = sum(x.^3)\nd(f)/d(x) = 2*x.^2\nd(d(f)/d(x))/d(x) = diag(4*x)",
    "Let $A\\in\\mathbb{R}^{n\\times n}$, $x\\in\\mathbb{R}^n$ and $f = x^\\top Ax$. $$df = 2x^\\top A\\,dx$$ $$\\nabla f = 2A^\\top x$$"])
def test_what_is_read_off_a_wrong_line_counts_once(text: str) -> None:
    found = matcalc.check(text).marks
    assert [m.mark for m in found][-2:] == ["does not follow", "follows"] and found[-1].through == found[-2].number
    for old, new in (("2*A'*x", "3*A'*x"), ("X'*(X", "3*X'*(X"), ("4*x", "5*x"), ("2A^\\top x", "5A^\\top x")):
        text = text.replace(old, new)
    assert marks(text)[-1] == "does not follow"


def marks(text: str) -> list[str]:
    return [m.mark for m in matcalc.check(text).marks if m.mark != "given"]


@pytest.mark.parametrize(("text", "right", "wrong"), [
    (NEURON + "dz = a - y\n", "dw = dz * x", "dw = dz * w"),
    (LINEAR + "dz = 2*(z - y)/n\ndw = X.T @ dz\n", "db = np.sum(dz)", "db = dz"),
    (LINEAR, "dz = 2*(z - y)/n", "dz = (z - y)/n"),
    (BATCH, "db2 = dZ2.sum(axis=0)", "db2 = dZ2.sum(axis=1)"),
    (BATCH + "dA1 = dZ2 @ W2.T\ndZ1 = dA1 * (Z1 > 0)\n", "dW1 = X.T @ dZ1", "dW1 = dZ1.T @ X"),
    (NG, "dZ1 = W2.T @ dZ2 * (1 - A1**2)", "dZ1 = W2.T @ dZ2 * (1 - A1)"),
    ("z = W @ x\na = np.tanh(z)\nL = 0.5*np.sum((a-y)**2)\n", "dz = (a-y) * (1-a**2)", "dz = (a-y) @ (1-a**2)"),
    ("m = X w\np = 1/(1+exp(-m))\nL = -sum(y*log(p) + (1-y)*log(1-p))\n", "dL/dm = p - y", "dL/dm = 2*y*p"),
    ("X in R^(n,d), w in R^d, y in R^n\nm = X w\np = 1/(1+exp(-m))\nL = -y' log(p) - (1-y)' log(1-p)\n",
     "dL/dw = X' (p - y)", "dL/dw = X (p - y)"),
    ("x, y in R^n\nf = sum((x - y)^2)\n", "df/dx = 2*(x - y)", "df/dx = x - y"),
    ("X in R^(n,d), b in R^d, y in R^n\np = sigmoid(X b)\nL = - sum( y log p + (1-y) log(1-p) )\n", "dL/db = X^T (p - y)",
     "dL/db = X^T diag(p (1-p)) (p - y)"),
    ("Q2. f(X) = ||A X - B||_F^2 where A is m x n, X n x p, B m x p.\n", "grad f = 2 A' (AX - B)", "grad f = 2 A (AX - B)"),
    ("h_prev in R^n\nW in R^(n,n)\nh = tanh(a)\na = W*h_prev\nL = sum(h)\n", "dL/dW = (1 - h.^2)*h_prev'", "dL/dW = (1 - h)*h_prev'"),
    ("x, y in R^n\n", "c = x . y\ndc/dx = y", "c = x . y\ndc/dx = x"),
    (ATTENTION, "dL/dS = P .* (H - rowsum(H.*P))", "dL/dS = P .* (H - colsum(H.*P))"),
    ("A in R^(n,n), P in R^(n,n) symmetric\nV = x'*P*x\nx_dot = A*x\n", "V_dot = x'*(A'*P + P*A)*x", "V_dot = x'*(A*P + P*A)*x"),
    ("x, y in R^n\nV = norm2(x - y)^2\nẋ = y - x\n", "V̇ = -2*V", "V̇ = -V"),
    (LEAST, "w := w - c*grad f = w - 2*c*X'*(X*w - y)", "w := w - c*grad f = w + 2*c*X'*(X*w - y)"),
    (LEAST, "grad f = 0\nw* = inv(X'*X)*X'*y", "grad f = 0\nw* = 2*inv(X'*X)*X'*y"),
    (LEAST, "grad f = 0 at w* = (X^T X)^-1 X^T y", "grad f = 0 at w* = (X^T X)^-1 X^T w"),
    ("X: n×d matrix\nw: d-vector\ny: n-vector\nf = ||Xw - y||^2\n", "grad f = 2 X^T (Xw - y)", "grad f = 2 X (Xw - y)"),
    ("X ∈ R^{n×d}, w ∈ R^d, y ∈ {0,1}^n\np = sigmoid(Xw)\nL = -y^T log(p) - (1-y)^T log(1-p)\n",
     "dL/dw = X^T (p - y)", "dL/dw = X^T (y - p)"),
    ("S symmetric n x n, w in R^n\nr(w) = w'Sw / w'w\nN = w'Sw, dN = 2 w'S dw\ndenominator: D = w'w, dD = 2 w' dw\n"
     "dr = dN/D - N dD/D^2\n", "so the gradient is 2 S w/D - 2 N w/D^2", "so the gradient is 2 S w/D - N w/D^2"),
    ("K in R^(n,n) symmetric positive definite, y in R^n, s > 0\nKy = K + s*I\nL = y'*inv(Ky)*y + logdet(Ky)\ndKy = ds * I\n"
     "dL = -y' inv(Ky) dKy inv(Ky) y + tr(inv(Ky) dKy)\n",
     "dL/ds = tr(inv(Ky)) - ||inv(Ky) y||^2", "dL/ds = tr(inv(Ky)) + ||inv(Ky) y||^2"),
    ("A in R^(n,n)\n", "d(A'A + I)^-1 = -(A'A + I)^-1 d(A'A) (A'A + I)^-1", "d(A'A + I)^-1 = (A'A + I)^-1 d(A'A) (A'A + I)^-1"),
    ("z = w*x + b\na = sigmoid(z)\nL = norm2(a-y)^2/2\ndelta = d(L)/d(z) = (a-y).*a.*(1-a)\n", "d(L)/d(w) = delta*x'",
     "d(L)/d(w) = x*delta'"),
    ("P in R^(n,n) symmetric, x in R^n\nP is idempotent\nf = norm2(P*x)^2\n", "grad f = 2*P*x", "grad f = P*x"),
    ("x in R^n\n", "Claim: the gradient of g(x) = log(sum(exp(x))) is softmax(x).",
     "Claim: the gradient of g(x) = log(sum(exp(x))) is exp(x)."),
    ("We have a data matrix X which is n x d, targets y in R^n and weights w in R^d, and a constant lam > 0.\n"
     "The loss is L(w) = ||Xw - y||^2 + lam ||w||^2.\n", "First I expand it: L = w'X'Xw - 2 y'Xw + y'y + lam w'w.",
     "First I expand it: L = w'X'Xw - y'Xw + y'y + lam w'w."),
    ("Let X be an n×d matrix, w a vector in R^d, y a vector in R^n.\nf(w) = ||Xw - y||^2\n",
     "∇f(w) = 2 X^T (Xw - y)", "∇f(w) = 2 X^T (Xw + y)"),
    ("X in R^(n,d), y in R^n, w in R^d, lam in R\nf = 1/2 ||Xw - y||^2 + lam/2 ||w||^2\n"
     "grad f = X^T (Xw - y) + lam w\nSetting it to zero:\n",
     "(X^T X + lam I) w = X^T y", "(X^T X - lam I) w = X^T y"),
    ("A in R^(m,n), x in R^n, b in R^m\nf = ||Ax - b||^2\ngrad f = 2 A'(Ax - b)\n",
     "grad f = 0 gives A'A x = A'b", "grad f = 0 gives A A' x = A' b"),
    ("A in R^(n,n), x in R^n\nf = x'Ax\n", "d2f/dx2 = A + A'", "d2f/dx2 = 2A"),
    ("f = x'*A*x\n", "d2f = 2*dx'*A*dx", "d2f = dx'*A*dx"), ("f = log det X\n", "d^2 f = -tr(X^-1 dX X^-1 dX)", "d²f = -tr(X^-1 dX)^2"),
    ("U in R^(m,k), V in R^(n,k), R in R^(m,n)\nE = R - U V'\nJ = ||E||_F^2\n", "dJ/dV = -2 E' U", "dJ/dV = -2 E U"),
    ("pred = X @ w\nerr = pred - y\nloss = (err**2).mean()\n", "grad_w = 2 * X.T @ err / n", "grad_w = X.T @ err / n"),
    ("W in R^(m,n), x in R^n\nY = W*x\ndL/dY = g\n", "dL/dW = g*x'", "dL/dW = x*g'"),
    ("out = x @ W.t() + b\nloss = ((out - y)**2).mean()\ngrad_out = 2*(out - y)/out.numel()\n", "grad_W = grad_out.t() @ x",
     "grad_W = x.t() @ grad_out"),
    ("err = X @ w - y\nloss = np.mean(err**2) + l2 * np.sum(w**2)\n", "grad = 2 * X.T @ err / len(y) + 2 * l2 * w",
     "grad = 2 * X.T @ err / len(y) + l2 * w"),
    ("r = x - mu\nnll = 0.5 * r @ P @ r  # P symmetric\n", "dmu = -P @ r", "dmu = P @ r"),
    ("x in R^d, W in R^(h,d), v in R^h\nh = tanh(W*x)\ny = v'*h\n", "dy/dv = h", "dy/dv = x"),
    ("y = x - x.mean()\nL = (y**2).mean()\n", "dy = 2*y/n", "dy = y/n"),
    ("I have f(X) = ||A X B - C||_F^2 with A (m x n), X (n x p), B (p x q).\nI let R = A X B - C, so f = tr(R^T R).\n",
     "which gives df/dX = 2 A^T R B^T.", "which gives df/dX = 2 A^T R B."),
    ("For s = x^T A^T A x the product rule gives ds = 2 x^T A^T A dx.\n", "So the gradient of s is ds/dx = 2 A^T A x.",
     "So the gradient of s is ds/dx = 2 A A^T x."),
    ("Let z = W x + b and a = tanh(z), where W is k x d. The loss is L = 1/2 ||a - t||^2.\n",
     "By the chain rule dL/dz = (a - t) .* (1 - a.^2).", "By the chain rule dL/dz = (a - t) .* (1 - a)."),
    ("The objective is J(v) = v'Sv/(v'v), where S is the sample covariance matrix.\n",
     "grad J = 2 (S v (v'v) - v (v'S v))/(v'v)^2", "grad J = (S v (v'v) - v (v'S v))/(v'v)^2"),
    ("f(t) = y'(K + tI)^-1 y, K symmetric\n", "f'(t) = -y'(K+tI)^-2 y", "f'(t) = -y'(K+tI)^-1 y"),
    ("y = Bu, x in R^n\ng = x'PBu + y'y\n", "dg/dx = PBu", "dg/dx = P'Bu"),
    ("Z = XW, P = softmax(Z) row by row, Y one-hot rows\nL = -1/n sum(Y.*log(P))\n", "dL/dZ = (P - Y)/n", "dL/dZ = (Y - P)/n"),
    ("loss = mean((y_hat - y).^2), y_hat = Xw\n", "dloss/dw = 2/n X'(y_hat - y)", "dloss/dw = 1/n X'(y_hat - y)"),
    ("y = Ax, L = sum(y.^2)\n", "dL/dx = A' 2y", "dL/dx = A' y"),
    ("L = ||Xw - y||^2 + c||w||^2\nz = Xw\n", "dL/dz = 2(z - y)", "dL/dz = 2(z - y) + 2cw"),
    ("l(t) = n log t - t*sum(x)\n", "l'(t) = n/t - sum(x)", "l'(t) = n/t + sum(x)"),
    ("f = log t - t\n", "df/dt = 1/t - 1", "df/dt = 1/t + 1"),
    ("l(p) = k log p + (n-k) log(1-p)\n", "dl/dp = k/p - (n-k)/(1-p)", "dl/dp = k/p + (n-k)/(1-p)"),
    ("f(w, b) = ||Xw + b1 - y||^2 + c||w||^2\n", "df/db = 2*1'(Xw + b1 - y)", "df/db = 1'(Xw + b1 - y)"),
    ("KL = sum_i p_i log(p_i/q_i)\n", "d/dq_i: -p_i/q_i", "d/dq_i: p_i/q_i"),
    ("g(x) = log(1 + exp(-y*a'x)), y is +-1\ns = sigma(-y*a'x)\n", "Hess g = s(1-s) a a'", "Hess g = s a a'"),
    ("Solution. Let X be an invertible n x n matrix.\n", "d det(X) = det(X) tr(X^{-1} dX)", "d det(X) = tr(X^{-1} dX)")])
def test_a_right_line_follows_and_one_with_a_slip_does_not(text: str, right: str, wrong: str) -> None:
    assert set(marks(text + right)) == {"follows"}
    found = marks(text + wrong)
    assert found[-1] != "follows" and "does not follow" in found


@pytest.mark.parametrize(("above", "right", "wrong"), [
    ("s = softmax(x)", "ds_i/dx_j = s_i (δ_ij - s_j)", "ds_i/dx_j = s_i (1 - s_j)"),
    ("s = softmax(x)", "∂s_i/∂x_j = s_i*(delta_ij - s_j)", "∂s_i/∂x_j = s_i*s_j"),
    ("f = sum_i (x_i - y_i)^2", "df/dx_i = 2*(x_i - y_i)", "df/dx_i = 2*(y_i - x_i)"),
    ("f = Σ_i Σ_j A_ij x_i x_j", "∂f/∂x_k = Σ_j (A_kj + A_jk) x_j", "∂f/∂x_k = 2 Σ_j A_kj x_j"),
    ("z = W*x\nL = 1/2*sum_i (z_i - y_i)^2", "dL/dW_ij = (z_i - y_i)*x_j", "dL/dW_ij = (z_i - y_i)*x_i")])
def test_an_entry_of_a_name_is_no_name_of_its_own(above: str, right: str, wrong: str) -> None:
    assert marks(f"{above}\n{right}") == ["follows"] and marks(f"{above}\n{wrong}")[-1] in ("does not follow", "not read")
    assert marks("s = softmax(x)\nds_i/dx_i = s_i*(1 - s_i)\nds/dx = diag(s) - s s'")[-1] == "follows"


@pytest.mark.parametrize(("line", "then"), [
    ("p = softmax(z), y one-hot\nL = -y'*log(p)", "dL/dz = p - y"),
    ("L = -sum(y .* log(softmax(z))), y is a one-hot vector", "dL/dz = softmax(z) - y"),
    ("p = softmax(z)\nL = -y'log(p), sum(y) = 1", "dL/dz = p - y"),
    ("f = x'*A*x, A symmetric positive definite", "df = 2*x'*A*dx"), ("f = x'*A*x, A = A' > 0", "df = 2*x'*A*dx"),
    ("f = x'*A*x, A symmetric", "df = 2*x'*A*dx"), ("f = x'*A*x, A symmetric, x in R^n", "df/dx = 2*A*x")])
def test_what_is_said_of_a_name_behind_a_comma_is_kept(line: str, then: str) -> None:
    assert marks(f"{line}\n{then}") == ["follows"]
    assert marks(f"{line.partition(',')[0]}{''.join(line.partition(chr(10))[1:])}\n{then}") != ["follows"]


def test_derivatives_before_brackets_and_structure_said_in_short() -> None:
    assert marks("d/dx (a^T x) = a\n∂/∂X tr(A X) = A^T") == ["follows", "follows"]
    assert marks("A sym, x in R^n\nf(x) = x^T A x\ngrad f = 2 A x") == marks("f(x) = x^T A x, A sym\ngrad f = 2 A x") == ["follows"]
    assert marks("f(x) = |Ax - b|^2\ngrad f = A'(Ax - b)") == ["does not follow"]
    assert marks("u = x/|x|\n|u| = 1\ndu/dx = (I - u u^T)/|x|") == ["follows", "follows"]
    assert marks("u = x/|x|\ndu/dx = (I + u u^T)/|x|") == ["not judged"]


def test_numbers_of_lines_and_arrays_that_are_asked_for_their_size() -> None:
    assert marks("f(x) = x'A*x\n(1) df = dx'*A*x + x'*A*dx\n(2)    = x'*A'*dx + x'*A*dx\n(3)    = 2*x'*A'*dx") == \
        ["follows", "follows", "does not follow"]
    forward = "Y = H @ W\nL = mean((Y - T)**2)\n"
    assert marks(f"{forward}dY = 2*(Y - T)/T.size\ndW = H.T @ dY") == ["follows", "follows"]
    assert marks(f"{forward}dY = 2*(Y - T)/T.shape[0]")[0] == "does not follow"


@pytest.mark.parametrize(("text", "found"), [
    ("f = x'*A*x, A > 0\ngrad f = 2*A*x", ["not judged"]), ("f = x'*A*x, A > 0\ngrad f = 3*A*x", ["does not follow"]),
    ("f(x) = x'*x\nx = 0\ndf = 3*x'*dx", ["follows if"]), ("f(x) = x'*A*x - b'*x\nx = 0\ngrad f = (A + A')*x - b'", ["does not follow"]),
    ("f(x) = norm2(A*x-b)^2\nminimum at x = inv(A'*A)*A'*b\ngrad f = 3*A'*(A*x-b)", ["follows", "follows if"]),
    ("h = (1-z).*u + z.*c\ndh = dL/dh\ndL/dz = dh.*(c - u)\ndL/dc = dh.*u", ["follows", "follows", "does not follow"]),
    ("A in R^(n,n), x, b in R^n\nA*x = b\nx = inv(A)*b\nx = A*b", ["not judged", "follows", "does not follow"]),
    ("A in R^(n,n), x, b in R^n\nx = A*x + b\nx = inv(eye(n) - A)*b\nx = inv(eye(n) + A)*b", ["not judged", "follows", "does not follow"]),
    ("A in R^(n,n), v in R^n, c in R\nA*v = c*v\nA^2*v = c^2*v\nA^2*v = c*v", ["not judged", "follows", "does not follow"]),
    ("Q(x,u) = x'*Q*x + u'*u\ndQ/du = 2*u = 0", ["not read", "not judged", "not judged"]),
    ("L = -N/2*logdet(S) - 1/2*tr(inv(S)*C), S spd\nSet the gradient to zero: N*inv(S) = inv(S)*C*inv(S)\nS = C/N", ["follows", "follows"]),
    ("L = -N/2*logdet(S) - 1/2*tr(inv(S)*C), S spd\nSet the gradient to zero: N*inv(S) = inv(S)*C*inv(S)\nS = 2*C/N",
     ["follows", "does not follow"]),
    ("L = -N*log(s) - norm2(x)^2/(2*s^2)\ndL/ds = -N/s + norm2(x)^2/s^3\nSet to zero: s^2 = norm2(x)^2/N", ["follows", "follows"])])
def test_what_is_perhaps_so_is_not_judged_and_what_is_set_to_zero_is_solved(text: str, found: list[str]) -> None:
    assert marks(text) == found


@pytest.mark.parametrize("said", ["A symmetric", "A is symmetric", "where A is symmetric", "A = A'", "If A is symmetric:"])
def test_structure_that_is_declared_below_holds_above(said: str) -> None:
    assert marks(f"f = x'Ax\ngrad f = 2Ax\n{said}")[-1] == ("does not follow" if said[0] == "I" else "follows")


@pytest.mark.parametrize("total", ["np.sum(dz, axis=0)", "np.sum(dz, 0)", "dz.sum(0)", "dz.sum(-2)"])
def test_the_axis_of_a_sum_may_be_named_or_not(total: str) -> None:
    text = "z = X @ W + b\nP = np.exp(z)/np.exp(z).sum(axis=-1, keepdims=True)\n" \
           "L = np.sum(np.log(np.sum(np.exp(z), axis=-1))) - np.sum(Y*z)\ndz = P - Y\ndb = #"
    assert marks(text.replace("#", total))[-1] == "follows"
    assert marks(text.replace("#", f"2*{total}"))[-1] == "does not follow"


@pytest.mark.parametrize(("text", "right", "wrong"), [
    ("A symmetric", "dx'(A+B)x/dx = 2Ax + (B+B')x", "dx'(A+B)x/dx = 2Ax + 2Bx"), ("L = x'Ax", "dL = dx' dL/dx", "dL = 2 dx' dL/dx"),
    ("f(x) = x'Ax", "f(x + h) = x'Ax + h'(A + A')x + h'Ah", "f(x + h) = x'Ax + h'(A + A')x"),
    ("f(x) = x'Ax", "f(x) + f(y) = 2f((x+y)/2) + f(x-y)/2", "f(x) + f(y) = 2f((x+y)/2) - f(x-y)/2"),
    ("f(x) = log(1+exp(x))\ng(w) = sum(f(X w))", "∇g = X'σ(X w)", "∇g = X σ(X w)"),
    ("f(z) = sum(exp(z))\nL(x) = f(Ax)", "dL/dx = A'exp(Ax)", "dL/dx = A exp(Ax)"),
    ("f(x) = x'x + d'x", "df/dx = 2x + d", "df/dx = 2x - d"),
    ("f(x) = ||x - d||^2", "df = 2(x-d)'dx", "df = (x-d)'dx"),
    ("t in R, A in R^(m,n)\nF = t*A", "dF/dt = A", "dF/dt = 2*A"),
    ("t in R, A, B in R^(n,n)\nF = inv(A + t*B)", "dF/dt = -F*B*F", "dF/dt = -B*F*F"),
    ("g(x) = log(1 + e^x)", "g'(x) = e^x/(1 + e^x)", "g'(x) = 1/(1 + e^x)"),
    ("x scalar\ng(x) = x e^x", "g'(x) = e^x + x e^x", "g'(x) = x e^x"),
    ("f(t) = e^(at) sin(bt)", "f'(t) = a e^(at) sin(bt) + b e^(at) cos(bt)", "f'(t) = a e^(at) sin(bt) + e^(at) cos(bt)"),
    ("X: (n, d), y: (n,), w: (d,)\nL = np.sum((X @ w - y)**2)", "dL/dw = 2 * X.T @ (X @ w - y)", "dL/dw = X.T @ (X @ w - y)"),
    ("Sigma spd d x d\nl = 1/2 (x-mu)' Sigma^-1 (x-mu)", "dl/dx = Sigma^-1 (x - mu)", "dl/dx = 2 Sigma^-1 (x - mu)"),
    ("f(x) = x'Ax with A = A^T.", "∇f = 2Ax", "∇f = Ax"), ("f(x) = x'Ax", "∇f = 2Ax since A = A'", "∇f = 3Ax since A = A'"),
    ("J(K) = trace((A-BK)'P(A-BK)), P symmetric", "dJ/dK = -2B'P(A-BK)", "dJ/dK = 2B'P(A-BK)"),
    ("J = 1/(2m) ||Xθ - y||²", "∇J = 1/m Xᵀ(Xθ - y)", "∇J = 2/m Xᵀ(Xθ - y)"),
    ("z = Wx + b\nL = 1/2 ||z - y||^2\ndL/dz = z - y", "dL/dW = dL/dz x'", "dL/dW = x dL/dz'"),
    ("x_{k+1} = A x_k + B u_k\nJ = x_{k+1}'x_{k+1}", "dJ/du_k = 2B'x_{k+1}", "dJ/du_k = 2A'x_{k+1}"),
    ("A in R^(n,n), P in R^(n,n) symmetric\ndx/dt = A*x\nV = x'*P*x", "dV/dt = x'*(A'*P + P*A)*x", "dV/dt = x'*(A*P + P*A)*x"),
    ("L = norm2(X*w - y)^2/2\nz = X*w", "dL/dz = z - y", "dL/dz = y - z"),
    ("RSS(β) = (y - Xβ)'(y - Xβ)\n∇RSS = -2X'(y - Xβ)\nX'Xβ = X'y", "β̂ = (X'X)⁻¹X'y", "β̂ = (X'X)⁻¹y"),
    ("# X: (n, d), w: (d,), y: (n,)\nr = X @ w - y\nloss = (r**2).sum()", "grad = 2 * X.T @ r", "grad = X.T @ r"),
    ("z in R^k, y in R^k, sum(y) = 1\nL = -y'*log(softmax(z))", "dL/dz = softmax(z) - y", "dL/dz = y - softmax(z)"),
    ("p = softmax(z), L = -y'*log(p), sum(y) = 1", "dL/dz = p - y", "dL/dz = y - p"),
    ("p = softmax(z)\nL = - sum_i y_i log p_i\nwhere sum_i y_i = 1", "dL/dz = p - y", "dL/dz = y - p"),
    ("S = XX'\nphi = log det S", "d phi = tr(inv(S) dS)", "d phi = tr(S dS)"),
    ("f = norm2(x)", "grad f = x/norm2(x) for x != 0", "grad f = 2 x/norm2(x) for x != 0"),
    ("f = <x, A x>, A symmetric", "df = 2 <x, A dx>", "df = <x, A dx>"),
    ("s = sum(exp(x))\nds = exp(x)' dx", "d log s = ds/s", "d log s = ds*s"),
    ("GP: L(theta) = -1/2 y' inv(K) y - 1/2 log det K", "dL = 1/2 y' inv(K) dK inv(K) y - 1/2 tr(inv(K) dK)",
     "dL = 1/2 y' inv(K) dK inv(K) y + 1/2 tr(inv(K) dK)"),
    ("R = AXB − C\nf = tr(RᵀR)\ndf = 2 tr(B Rᵀ A dX)", "∂f/∂X = 2 Aᵀ R Bᵀ", "∂f/∂X = 2 A R Bᵀ"),
    ("sigmoid: s(t) = 1/(1+exp(-t))", "s'(t) = s(t)(1 - s(t))", "s'(t) = s(t)(1 + s(t))"),
    ("P = softmax_rows(S)\ndL = <G, dP>", "dL/dS = P .* (G - rowsum(G .* P))", "dL/dS = P .* (G - 2 rowsum(G .* P))"),
    ("Lagrangian for PCA: L(w, lam) = w'Sw - lam (w'w - 1), S symmetric\ndL/dlam = 1 - w'w",
     "dL/dw = 2Sw - 2 lam w", "dL/dw = 2Sw - lam w"),
    ("mu = 1/n * sum(x)\nv = 1/n * sum((x - mu).^2)", "dv/dx = 2/n (x - mu)", "dv/dx = 1/n (x - mu)"),
    ("f(w) = sum(s(X w))\nwhere s(t) = t*exp(t)", "grad f = X' (exp(X w) + (X w).*exp(X w))", "grad f = X' ((X w).*exp(X w))"),
    ("A in R^(m,n)\ny = A x\nJ = dy/dx", "J = A", "J = 2 A"),
    ("Ky = K + s^2 I   (K is n x n symmetric psd)\nf = y'inv(Ky) y", "df/dy = 2 inv(Ky) y", "df/dy = inv(Ky) y"),
    ("RSS(b) = (y - Xb)'(y - Xb)", "Expanding: RSS = y'y - 2y'Xb + b'X'Xb", "Expanding: RSS = y'y - y'Xb + b'X'Xb")])
def test_lines_as_students_type_them_follow_and_with_a_slip_do_not(text: str, right: str, wrong: str) -> None:
    assert marks(f"{text}\n{right}\n")[-1] == "follows" and marks(f"{text}\n{wrong}\n")[-1] == "does not follow"


def test_what_follows_from_a_definition_by_an_inverse_is_no_definition() -> None:
    assert marks("y = A x\nx = inv(A) y\n") == ["follows"] and marks("y = A x\nx = A y\n")[-1] == "does not follow"


@pytest.mark.parametrize(("mask", "mark"), [
    ("h > 0", "follows"), ("z > 0", "follows"), ("z >= 0", "follows"), ("0 < z", "follows"), ("h >= 0", "does not follow"),
    ("0 <= h", "does not follow"), ("z <= 0", "does not follow")])
def test_a_mask_with_an_equals_sign_holds_at_0_too(mask: str, mark: str) -> None:
    assert marks(f"z = X @ W\nh = np.maximum(z, 0)\nL = np.sum(h * Y)\ndh = Y\ndz = dh * ({mask})\n")[-1] == mark


def test_words_stand_around_plain_lines_of_entries() -> None:
    text = "f(w) = sum_i log(1 + exp(-y_i * x_i' w))\n\nLet m_i = y_i x_i' w. Then df/dm_i = {}sigma(-m_i).\n" \
           "So grad f = -X' (y .* sigma(-m))\n"
    assert marks(text.format("-")) == ["follows", "follows"] and marks(text.format("")) == ["does not follow", "follows"]


@pytest.mark.parametrize("text", [
    "p = softmax(z), z in R^k\nL = -y'*log(p)\ny, one may think, has sum(y) = 1 here\ndL/dz = p - y",
    "X in R^(n,k), b in R^k\np = sigmoid(X*b)\nL = -sum(log(p))\nand the curvature of the model is X'*diag(p.*(1 - p))*X"])
def test_what_a_sentence_may_say_otherwise_is_not_denied(text: str) -> None:
    assert "does not follow" not in marks(text)


def test_comments_of_matlab_declare() -> None:
    text = "% x: d x 1, W: h x d, b: h x 1, t: h x 1\nz = W*x + b;  % one layer\nE = 0.5*norm(z - t)^2;\ndE/dW = (z - t)*x';"
    assert [m.mark for m in matcalc.check(text).marks] == ["given", "given", "follows"]
    assert matcalc.check(text.replace("(z - t)*x'", "(z + t)*x'")).marks[-1].mark == "does not follow"


@pytest.mark.parametrize("star", ["*", "⋆", "★"])
def test_a_star_behind_a_name_is_the_value_that_is_sought(star: str) -> None:
    text = (f"f(x) = 1/2 x'Ax - b'x,  A in R^(n,n) symmetric, b in R^n\ngrad f(x) = A x - b\ngrad f(x) = 0\nx{star} = inv(A) b\n"
            f"f(x{star}) = -1/2 b' inv(A) b")
    assert [m.mark for m in matcalc.check(text).marks][-2:] == ["follows", "follows"]
    wrong = [m.mark for m in matcalc.check(text.replace("= inv(A)", "= 2 inv(A)")).marks]
    assert wrong[-2] == "does not follow"
    unsaid = matcalc.check(text.replace("grad f(x) = 0\n", "").replace("= inv(A)", "= 2 inv(A)"))
    assert unsaid.marks[2].mark == "not judged"


def test_the_gradient_of_a_wrong_expansion_follows_from_it() -> None:
    text = ("X in R^(n,d), y in R^n, w in R^d\nL = (X w - y)' (X w - y)\n  = w'X'X w - y'X w + y'y\ngrad L = 2 X'X w - X'y\n")
    assert [(m.mark, m.through) for m in matcalc.check(text).marks[1:]] == [("does not follow", None), ("follows", 3)]
    assert matcalc.check(text.replace("- X'y", "- 3 X'y")).marks[-1].mark == "does not follow"


def test_a_second_claim_that_is_no_equation_is_not_dropped() -> None:
    assert [m.mark for m in matcalc.check("x in R^n\nf = x'x\ngrad f = 2*x and x\n").marks] == ["given", "not read"]


@pytest.mark.parametrize(("text", "last"), [
    ("A in R^(n,n), x in R^n\nA is involutory, so A A = I\nf = x'A A x\ngrad f = 2 x", "not judged"),
    ("A, B in R^(n,n)\nA and B commute\nA B = B A", "not judged"),
    ("S, T in R^(n,n), both symmetric, x in R^n\nf = x'S T S x\ngrad f = 2 S T S x", "follows"),
    ("A in R^(n,n) invertible, b, x in R^n\nA x = b\nf = c'x\ndf = c'A^-1 (db - dA x)", "follows if"),
    ("A in R^(n,n) invertible, b, x in R^n\nA x = b\nf = c'x\ndf = c'A^-1 (db + dA x)", "does not follow"),
    ("X in R^(n,n) spd, C in R^(n,n) symmetric, mu > 0\nphi(X) = tr(C X) - mu log det X\ngrad phi = C - mu X^-1\nC = mu X^-1", "given"),
    ("p = np.exp(z) / np.sum(np.exp(z))\nloss = -np.log(y @ p)  # y one-hot\ndz = p - y", "not judged"),
    ("p = np.exp(z) / np.sum(np.exp(z))\nloss = -np.log(y @ p)  # y one-hot\ndz = y - p", "does not follow")])
def test_what_words_and_conditions_leave_open_is_not_denied(text: str, last: str) -> None:
    assert matcalc.check(text).marks[-1].mark == last


@pytest.mark.parametrize(("text", "right", "wrong"), [
    ("% X is n x d, y is n x 1, w is d x 1\ne = X*w - y;\nJ = e'*e/2 + (lambda/2)*(w'*w);",
     "dJ = X'*e + lambda*w;", "dJ = X'*e - lambda*w;"),
    ("| A | m x n |\n|---|---|\n| x | n |\n| b | m |\nf(x) = ||Ax - b||^2", "grad f = 2A'(Ax - b)", "grad f = 2A(Ax - b)"),
    ("- f(w) = sum_{i=1}^n (x_i' w - y_i)^2", "- gradient: g = 2 sum_{i=1}^n (x_i' w - y_i) x_i",
     "- gradient: g = sum_{i=1}^n (x_i' w - y_i) x_i"),
    ("# x: (n, d), W: (d, k), y: (n, k)\n# L = 0.5*||x*W - y||_F^2", "# dL/dW = x'*(x*W - y)", "# dL/dW = 2*x'*(x*W - y)"),
    ("X in R^(n,d), W in R^(d,k), Y in R^(n,k)\nH = tanh(X W)\nL = 1/2 ||H - Y||_F^2\ndH = H - Y\ndZ = dH .* (1 - H.^2)",
     "dW = X^T dZ", "dW = X^T dH")])
def test_lists_tables_and_comments_are_read(text: str, right: str, wrong: str) -> None:
    assert set(marks(f"{text}\n{right}\n")) == {"follows"} and "does not follow" in marks(f"{text}\n{wrong}\n")


@pytest.mark.parametrize(("above", "right", "wrong"), [
    ("f = x'Ax", "gradient = (A+A')x", "gradient = 2Ax"), ("f = ||r||^2\nr = Ax - b", "Hess = 2A'A", "Hess = A'A"),
    ("f(x) = ||x||\nHess = I/||x|| - x x'/||x||^3", "Hess x = 0", "Hess x = x/||x||"),
    ("L(w) = ||Xw - y||^2 + lam ||w||^2\ngrad = 2X'(Xw-y) + 2 lam w\nHess = 2X'X + 2 lam I",
     "Newton: w1 = w - Hess^-1 grad = (X'X + lam I)^-1 X'y", "Newton: w1 = w - Hess^-1 grad = (X'X)^-1 X'y")])
def test_a_derivative_named_by_a_word_alone_is_of_what_the_sheet_defines(above: str, right: str, wrong: str) -> None:
    assert set(marks(f"{above}\n{right}")) == {"follows"} and marks(f"{above}\n{wrong}")[-1] == "does not follow"


def test_a_step_along_a_wrong_gradient_counts_once() -> None:
    found = matcalc.check("L(w) = w'w\ngrad L = 3w\nw1 = w - a grad L\nw1 = w - 3 a w").marks
    assert [m.mark for m in found][1:] == ["does not follow", "given", "follows"] and found[-1].through == 2
    assert marks("grad = X'(Xw - y)\nHess = X'X") == ["not judged"] * 2


@pytest.mark.parametrize(("above", "right", "wrong"), [
    ("P+ = (I - K H) P (I - K H)' + K R K', P symmetric, R symmetric", "d tr(P+)/dK = -2 P H' + 2 K (H P H' + R)",
     "d tr(P+)/dK = -2 H P + 2 K (H P H' + R)"),
    ("f(x) = 1/2 ||Ax - b||^2", "x+ = x - a grad f(x) = x - a A'(Ax - b)", "x+ = x - a grad f(x) = x - a A(Ax - b)"),
    ("p(x) = N(x | mu, S)\nlog p = -1/2 log det S - 1/2 (x - mu)' S^-1 (x - mu)", "d log p / d mu = S^-1 (x - mu)",
     "d log p / d mu = S^-1 (mu - x)")])
def test_updates_with_a_plus_and_normal_densities_have_names(above: str, right: str, wrong: str) -> None:
    assert set(marks(f"{above}\n{right}")) == {"follows"} and marks(f"{above}\n{wrong}")[-1] == "does not follow"
    assert marks("f(x) = x'x\nf(x+ h) = x'x + 2x'h + h'h") == ["follows"]


LAGRANGE = "min ||x||^2 s.t. Ax = b\nL(x,l) = ||x||^2 + l'(Ax - b)\ndL/dx = 2x + A'l = 0\nx = -1/2 A'l\nAx = b => -1/2 A A' l = b\n"


@pytest.mark.parametrize(("above", "right", "wrong"), [
    (LAGRANGE, "l = -2 (A A')^-1 b", "l = 2 (A A')^-1 b"),
    (LAGRANGE + "l = -2 (A A')^-1 b\n", "x = A'(A A')^-1 b", "x = -A'(A A')^-1 b"),
    ("minimize ||Xw - y||^2 over w\nnormal equations: X'Xw = X'y", "w = (X'X)^-1 X'y", "w = 2(X'X)^-1 X'y"),
    ("f(w) = ||Xw - y||^2\nX'Xw = X'y", "w = (X'X)^-1 X'y", "w = (X'X)^-1 y"),
    ("min over A of ||Y - A X||_F^2\ngradient: -2(Y - AX)X'\n= 0 => A X X' = Y X'", "A = Y X' (X X')^-1", "A = (X X')^-1 Y X'"),
    ("x_i ~ N(mu, S), i = 1..n\nL = -1/2 sum_i (x_i - mu)'S^-1(x_i - mu)", "dL/dmu = S^-1 sum_i (x_i - mu)",
     "dL/dmu = S sum_i (x_i - mu)"),
    ("max_w w'Cw s.t. w'w = 1, C symmetric", "grad objective = 2Cw", "grad objective = Cw")])
def test_what_is_optimized_is_solved_for_and_not_defined(above: str, right: str, wrong: str) -> None:
    assert set(marks(f"{above}\n{right}")) == {"follows"} and marks(f"{above}\n{wrong}")[-1] in ("does not follow", "not read")


def test_what_a_defined_matrix_satisfies_is_judged() -> None:
    hat = "Let $X\\in\\mathbb{R}^{n\\times p}$. The hat matrix $H = X(X^TX)^{-1}X^T$ satisfies $H^2 = %sH$.\n\n" \
        "$\\nabla_y \\|y - Hy\\|^2 = 2(I-H)^T(I-H)y$."
    assert set(marks(hat % "")) == {"follows"} and marks(hat % 2)[0] == "does not follow"
    portfolio = ("Minimise $w^\\top S w$ subject to $\\mathbf 1^\\top w = 1$, $S$ symmetric positive definite. Set $L(w,\\lambda) = "
                 "\\tfrac12 w^\\top S w - \\lambda(\\mathbf 1^\\top w - 1)$. Setting $\\nabla_w L = S w - \\lambda\\mathbf 1 = 0$ gives "
                 "$w = \\lambda S^{-1}\\mathbf 1$. With $\\mathbf 1^\\top w = 1$ we find "
                 "$\\lambda = %d/(\\mathbf 1^\\top S^{-1}\\mathbf 1)$.")
    assert set(marks(portfolio % 1)) == {"follows"} and marks(portfolio % 2)[-1] == "does not follow"


@pytest.mark.parametrize(("above", "right", "wrong"), [
    ("(a) f(x) = a^T x\ngrad f = a\n(b) f(x) = x^T A x", "grad f = (A + A^T) x", "grad f = a"),
    ("l(mu) = -1/2 (x-mu)'S^-1(x-mu), S symmetric\ndl/dmu = S^-1(x-mu)\nl(S) = -1/2 log det S - 1/2 (x-mu)'S^-1(x-mu)",
     "dl/dS = -1/2 S^-1 + 1/2 S^-1 (x-mu)(x-mu)'S^-1", "dl/dS = -S^-1 + 1/2 S^-1 (x-mu)(x-mu)'S^-1"),
    ("Exercise 1\nf(x) = a'x\ngrad f = a\n\nExercise 2\nf(x) = x'Bx", "grad f = (B + B')x", "grad f = a"),
    ("f(x) = x'x", "\nf(x) = tr(x x')", "\nf(x) = tr(x x') + 1"),
    ("Σ ∈ R^{n×n} symmetric pos. def., μ ∈ R^n\nf = (x-μ)'Σ^-1(x-μ)", "df/dx = 2Σ^-1(x-μ)", "df/dx = 2Σ^-1(μ-x)"),
    ("Let A ∈ ℝⁿˣⁿ be symmetric, x ∈ ℝⁿ.\nf(x) = x^T A x", "grad f = 2Ax", "grad f = Ax")])
def test_parts_of_a_sheet_have_functions_of_their_own(above: str, right: str, wrong: str) -> None:
    assert set(marks(f"{above}\n{right}")) == {"follows"} and marks(f"{above}\n{wrong}")[-1] in ("does not follow", "not read")
    assert marks("f(x) = ||Ax - b||^2\n\nf(x) = x'A'Ax - b'Ax + b'b") == ["does not follow"]


@pytest.mark.parametrize(("above", "right", "wrong"), [
    ("K = k(X, X)\nKy = K + s2 I\nL = -1/2 y' Ky^-1 y - 1/2 log det Ky", "dL/dKy = 1/2 Ky^-1 y y' Ky^-1 - 1/2 Ky^-1",
     "dL/dKy = 1/2 Ky^-1 y y' Ky^-1 + 1/2 Ky^-1"),
    ("L = -y'z + log(sum(exp(z)))\ndL/dz = softmax(z) - y\nz = W x + b", "dL/dW = (softmax(z) - y) x'", "dL/dW = x (softmax(z) - y)'"),
    ("min ||M - U V'||_F^2", "dL/dU = -2 (M - U V') V", "dL/dU = -2 (M - U V') V'")])
def test_kernels_late_layers_and_losses_without_a_formula_of_their_own(above: str, right: str, wrong: str) -> None:
    assert set(marks(f"{above}\n{right}")) == {"follows"} and marks(f"{above}\n{wrong}")[-1] in ("does not follow", "not read")
    layer = "h = tanh(W g + U x)\ndelta = dL/dh\ndL/dg = W' (delta .* (1 %s h^2))"
    assert marks(layer % "-") == ["not judged"] and marks(layer % "+") == ["does not follow"]
