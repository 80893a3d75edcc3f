"""Gradient functions in NumPy and PyTorch, read and judged against a task."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from matcalc.commands.cli import cli
from matcalc.language.shape import InputError
from matcalc.sheets.programs.code import code
from matcalc.sheets.many_sheets import File, mark
from matcalc.sheets.task import Task, task

RIDGE = task("X in R^(n,d), w in R^d, y in R^n, lam in R\nf = norm2(X*w - y)^2/n + lam*norm2(w)^2\nexpect d(f)/d(w)\n"
             "points method 4\npoints answer 2")
NET = task("X in R^(n,d), W in R^(d,h), V in R^(h,k), Y in R^(n,k)\nf = 0.5*normF(tanh(X*W)*V - Y)^2\nexpect d(f)/d(W)")
GRAD = '''import numpy as np

def grad(X, w, y, lam):
    """The gradient of ridge regression."""
    n, d = X.shape
    r = X @ w - y
    g = 2 * X.T.dot(r) / n
    g += 2 * lam * w
    return g
'''
BACK = '''import torch

def act(z):
    return torch.tanh(z)

def backward(X, W, V, Y):
    H = act(X @ W)
    D = H @ V - Y
    dH = D @ V.T
    dZ = dH * (1 - H ** 2)
    return X.T @ dZ
'''
LOOP = '''import numpy as np
def grad(X, w, y, lam):
    g, i = np.zeros_like(w), 0
    while i < len(y):
        g += 2 * (X[i] @ w - y[i]) * X[i] / len(y)
        i += 1
    return g + 2 * lam * w
'''


def judged(folder: Path, text: str, given: Task, runs: bool = False) -> File:
    path = folder / "grad.py"
    path.write_text(text, "utf-8")
    return mark(str(path), given, 10, runs)


@pytest.mark.parametrize(("text", "given", "old", "new", "line", "codes"), [
    (GRAD, RIDGE, "X.T.dot(r)", "X.dot(r)", 7, ["missing-transpose"]), (GRAD, RIDGE, "+= 2 * lam", "+= lam", 9, ["wrong-factor"]),
    (GRAD, RIDGE, "g += 2 * lam * w", "g -= 2 * lam * w", 9, ["wrong-sign"]), (BACK, NET, "X.T @ dZ", "X @ dZ", 11, ["missing-transpose"]),
    (BACK, NET, "dH * (1 - H ** 2)", "dH", 11, ["missing-term"])])
def test_a_right_function_and_one_with_a_slip(tmp_path: Path, text: str, given: Task, old: str, new: str, line: int,
                                              codes: list[str]) -> None:
    right, wrong = judged(tmp_path, text, given), judged(tmp_path, text.replace(old, new), given)
    assert right.exit == 0 and right.answer == "right"
    assert (wrong.exit, wrong.answer, wrong.wrong, wrong.codes) == (1, "wrong", line, codes)


def test_a_mask_is_read_and_of_several_things_the_one_that_is_called_so(tmp_path: Path) -> None:
    given = task("X in R^(n,d), W in R^(d,k)\nf = sum(relu(X*W))\nexpect d(f)/d(W)")
    text = "import numpy as np\ndef grad(X, W):\n    Z = X @ W\n    dW = X.T @ (Z > 0).astype(float)\n    return #\n"
    assert judged(tmp_path, text.replace("#", "dW, Z"), given).answer == "right"
    assert judged(tmp_path, text.replace("#", "Z, X"), given).answer == "not judged"


@pytest.mark.slow
def test_what_cannot_be_read_is_not_judged_and_run_only_where_that_is_said(tmp_path: Path) -> None:
    np = pytest.importorskip("numpy")
    assert np is not None
    assert judged(tmp_path, LOOP, RIDGE).answer == "not judged"
    assert judged(tmp_path, LOOP, RIDGE, runs=True).answer == "right"
    assert judged(tmp_path, LOOP.replace("2 * lam", "lam"), RIDGE, runs=True).answer == "wrong"
    mine = tmp_path / "touched"
    judged(tmp_path, LOOP + f"open({str(mine)!r}, 'w')\n", RIDGE)
    assert not mine.exists()


@pytest.mark.parametrize(("line", "answer"), [
    ("import os; os._exit(0)", "not judged"), ("open('here', 'w').write('x')", "right"), ("import matcalc.nowhere", "wrong"),
    ("print('[]')", "right"), ("raise SystemExit", "wrong")])
def test_a_run_is_in_a_process_of_its_own(tmp_path: Path, line: str, answer: str) -> None:
    pytest.importorskip("numpy")
    assert judged(tmp_path, LOOP + f"{line}\n", RIDGE, runs=True).answer == answer
    assert not Path("here").exists()


@pytest.mark.slow
def test_a_run_without_end_is_not_judged(tmp_path: Path) -> None:
    pytest.importorskip("numpy")
    path = tmp_path / "grad.py"
    path.write_text(LOOP + "while True: pass\n", "utf-8")
    found = mark(str(path), RIDGE, 1, True)
    assert found.answer == "not judged" and found.marked is not None and "within 1 s" in str(found.marked.marks[-1].reason)


@pytest.mark.parametrize(("text", "says"), [
    ("x = 1", "no function"), ("def grad(X, z):\n    return X", "z is not declared"), ("def grad(X):\n    X + 1", "returns nothing"),
    ("def grad(", "not Python")])
def test_what_is_no_gradient_in_python_is_refused(text: str, says: str) -> None:
    with pytest.raises(InputError, match=says):
        code(text, RIDGE)


def test_the_command_marks_wrong_code(tmp_path: Path) -> None:
    (tmp_path / "grad.py").write_text(GRAD.replace("X.T.dot", "X.dot"), "utf-8")
    (tmp_path / "loss.mc").write_text("X in R^(n,d), w in R^d, y in R^n, lam in R\nf = norm2(X*w - y)^2/n + lam*norm2(w)^2\n"
                                      "expect d(f)/d(w)\n", "utf-8")
    out = CliRunner().invoke(cli, ["check", str(tmp_path / "grad.py"), "--task", str(tmp_path / "loss.mc")])
    assert out.exit_code == 1 and "A missing transpose: X where X' belongs." in out.output and "The answer: wrong." in out.output
    alone = CliRunner().invoke(cli, ["check", str(tmp_path / "grad.py")])
    assert isinstance(alone.exception, InputError) and "--task" in (alone.exception.hint or "")


def test_the_layout_of_a_sheet_may_be_said_by_an_option(tmp_path: Path) -> None:
    (tmp_path / "sheet.mc").write_text("A in R^(m,n), x in R^n\ny = A*x\nd(y)/d(x) = A\n")
    (tmp_path / "own.mc").write_text("layout denominator\nA in R^(m,n), x in R^n\ny = A*x\nd(y)/d(x) = A\n")

    def code(*options: str) -> int:
        return CliRunner().invoke(cli, ["check", *options]).exit_code
    sheet, own = str(tmp_path / "sheet.mc"), str(tmp_path / "own.mc")
    assert [code(sheet, "--layout", layout) for layout in ("denominator", "numerator", "mixed")] == [1, 0, 0]
    assert code(own, "--layout", "numerator") == 1
    assert code(sheet, sheet, "--layout", "numerator") == 0


NETWORK = "X in R^(b,n), W1 in R^(n,k), W2 in R^(k,p), T in R^(b,p)\nH = relu(X*W1)\nf = 0.5*norm2(H*W2 - T)^2\nexpect d(f)/d(W1)\n"
FORWARD = """import numpy as np
def backward(X, W1, W2, T):
    Z = X @ W1
    H = np.maximum(Z, 0)
    dH = (H @ W2 - T) @ W2.T
"""


@pytest.mark.parametrize(("rest", "answers"), [
    ("dH[Z <= 0] = 0\nreturn X.T @ dH", {"right"}), ("dH[Z < 0] = 0\nreturn X.T @ dH", {"right"}),
    ("dH[Z > 0] = 0\nreturn X.T @ dH", {"wrong"}), ("return X.T @ dH", {"wrong"}),
    ("return X.T @ ((0 < Z) * dH)", {"right"}), ("return X.T @ (dH * (H > 0))", {"right", "not judged"}),
    ("return X.T @ (dH * (Z < 0))", {"wrong"}),
    ("np.multiply(dH, Z > 0, out=dH)\nreturn X.T @ dH", {"not judged"}), ("dH.fill(0)\nreturn X.T @ dH", {"not judged"}),
    ("for i in range(3):\n    dH[i] = 0\nreturn X.T @ dH", {"not judged"})])
def test_what_changes_an_array_in_place_is_read_or_not_judged(rest: str, answers: set[str], tmp_path: Path) -> None:
    path = tmp_path / "grad.py"
    path.write_text(FORWARD + "".join(f"    {line}\n" for line in rest.split("\n")))
    assert mark(str(path), task(NETWORK), 20).answer in answers


@pytest.mark.parametrize(("body", "answer"), [
    ("n, d = X.shape; Z, kept = X @ W1, (X, W1)\ndH[Z <= 0] = 0\ngrads['W2'] = H.T @ dH\ngrads['W1'] = kept[0].T @ dH", "right"),
    ("Z = X @ W1\ndH[Z <= 0] = 0\ngrads['W1'] = 2 * X.T @ dH", "wrong"), ("dH.fill(0)\ngrads['W1'] = X.T @ dH", "not judged"),
    ("grads['W2'] = H.T @ dH", "not judged"), ("g = chain(X, dH, H)\ngrads['W1'] = g", "right"),
    ("g = chain(X, dH, -H)\ngrads['W1'] = g", "wrong")])
def test_what_is_stored_and_what_functions_of_the_file_return_is_followed(body: str, answer: str, tmp_path: Path) -> None:
    path, chain = tmp_path / "grad.py", "def chain(a, g, h):\n    m = h > 0\n    g *= m\n    return a.T @ g\n"
    lines = ["grads = {}", *body.split("\n"), "return grads"]
    path.write_text(chain + FORWARD + "".join(f"    {line}\n" for line in lines))
    assert mark(str(path), task(NETWORK), 20).answer == answer


SUMS = "import numpy as np\ndef grad(X, y, w, lam):\n    n, d = X.shape\n    g = np.zeros(d)\n"


@pytest.mark.parametrize(("body", "answer"), [
    ("for i in range(n):\n    r = X[i].dot(w) - y[i]\n    g += 2 * r * X[i]\nreturn g / n + 2 * lam * w", "right"),
    ("for x, t in zip(X, y):\n    g = g + (x @ w - t) * x\nreturn g / n + 2 * lam * w", "wrong"),
    ("for j in range(d):\n    for i in range(n):\n        s = 0\n        for k in range(d):\n            s += X[i, k] * w[k]\n"
     "        g[j] += (s - y[i]) * X[i][j]\nreturn 2 * g / n + 2 * lam * w", "right"),
    ("v = X[0]\nfor i in range(n):\n    g += v\n    v = X[i]\nreturn g", "not judged"),
    ("for i in range(n):\n    w = w - lam * X[i]\n    g += w\nreturn g", "not judged"),
    ("for i in range(n):\n    s = 0\n    for j in range(d):\n        s += X[i, j] * w[j]\n        g[j] += s * X[i, j]\n"
     "return g", "not judged"),
    ("for i in range(n):\n    for j in range(d):\n        t = X[i, j]\n    g += t * X[i]\nreturn g", "not judged"),
    ("for i in range(n):\n    if y[i]:\n        g += X[i]\nreturn g", "not judged"),
    ("for i in range(n - 1):\n    g += X[i]\nreturn g", "not judged"),
    ("h = g\nfor i in range(n):\n    g += X[i]\nreturn h", "not judged")])
def test_a_loop_is_a_sum_where_no_round_depends_on_another(body: str, answer: str, tmp_path: Path) -> None:
    text = SUMS + "".join(f"    {line}\n" for line in body.split("\n"))
    assert judged(tmp_path, text, RIDGE).answer == answer


LABELLED = "X in R^(n,d), W in R^(d,k), Y in R^(n,k) one-hot\nf = -sum(Y.*log(softmax(X*W)))/n\nexpect d(f)/d(W)"
SCORES = "    n = len(X)\n    e = np.exp(X @ W)\n    p = e / e.sum(axis=1, keepdims=True)\n"


@pytest.mark.parametrize(("head", "rest", "answer"), [
    ("grad(X, W, y)", "    p[range(n), y] -= 1\n    return X.T @ p / n", "right"),
    ("grad(X, W, Y)", "    y = np.argmax(Y, axis=1)\n    np.add.at(p, (np.arange(n), y), -1)\n    return X.T @ p / n", "right"),
    ("grad(X, W, Y)", "    y = np.argmax(Y, axis=1)\n    p[np.arange(n), y] -= 2\n    return X.T @ p / n", "wrong"),
    ("grad(X, W, y)", "    return X.T @ (p - y) / n", "not judged")])
def test_labels_are_the_one_hot_rows_of_the_task(head: str, rest: str, answer: str, tmp_path: Path) -> None:
    assert judged(tmp_path, f"import numpy as np\ndef {head}:\n{SCORES}{rest}\n", task(LABELLED)).answer == answer


LAYER = """import numpy as np
class Layer:
    def __init__(self, W):
        self.W, self.two = W * 1.0, 2
        self.half = 0.5
    def forward(self, X):
        self.X, self.A = X, np.tanh(X @ self.W)
        return self.A
    def backward(self, G):
        dZ = G * (1 - self.A ** 2)
        self.dW = self.X.T @ dZ
        return dZ @ self.W.T
"""


@pytest.mark.parametrize(("of", "old", "new", "answer"), [
    ("W", "", "", "right"), ("X", "", "", "right"), ("W", "** 2", "", "wrong"), ("X", "self.W.T", "self.W.T * self.half", "wrong"),
    ("G", "", "", "not judged")])
def test_a_layer_is_judged_with_its_forward_pass(of: str, old: str, new: str, answer: str, tmp_path: Path) -> None:
    given = task(f"X in R^(n,d), W in R^(d,k), G in R^(n,k)\nf = sum(G.*tanh(X*W))\nexpect d(f)/d({of})")
    assert judged(tmp_path, LAYER.replace(old, new) if old else LAYER, given).answer == answer


def test_an_argument_is_what_the_forward_pass_calls_so(tmp_path: Path) -> None:
    text = ("import numpy as np\ndef forward(X, W, V):\n    H = np.tanh(X @ W)\n    return H @ V, H\n"
            "def backward(X, V, Y, H):\n    D = (H @ V - Y) @ V.T\n    return X.T @ (D * (1 - H**2))\n")
    assert [judged(tmp_path, t, NET).answer for t in (text, text.replace("H**2", "H"))] == ["right", "wrong"]


@pytest.mark.parametrize(("mask", "answer"), [
    ("(x > 0) & (x < 1)", "right"), ("~((x < 0) | (x > 1))", "right"), ("np.logical_and(x > 0, x < 1).astype(float)", "right"),
    ("(x > 0) | (x < 1)", "wrong")])
def test_conditions_are_joined(mask: str, answer: str, tmp_path: Path) -> None:
    given = task("x in R^n, t in R^n\nf = 0.5*norm2(np.clip(x, 0, 1) - t)^2\nexpect d(f)/d(x)")
    text = f"import numpy as np\ndef grad(x, t):\n    inside = {mask}\n    return (x - t) * inside\n"
    assert judged(tmp_path, text, given).answer == answer
