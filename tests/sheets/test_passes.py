"""Python programs with a forward and a backward pass: right ones follow line by line, an edited one is wrong where the numbers say so."""

from __future__ import annotations

import ast
import copy
import random
import re
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

import matcalc as mc
from matcalc.commands.cli import cli
from matcalc.language.shape import InputError
from matcalc.sheets.programs import program

PROGRAMS = Path(__file__).parent / "programs"
LAYERS = (PROGRAMS / "layers.py").read_text()
FUNCTIONS = {n.name: n for n in ast.parse(LAYERS).body if isinstance(n, ast.FunctionDef)}
STEMS = sorted(name.removesuffix("_forward") for name in FUNCTIONS if name.endswith("_forward"))


def alone(text: str, line: int) -> str:
    """The text with blank lines for all passes but the one with this line."""
    lines, nodes = text.splitlines(), [n for n in ast.parse(text).body if isinstance(n, ast.FunctionDef | ast.ClassDef)]
    stem = next((n.name.rsplit("_", 1)[0] for n in nodes if n.lineno <= line <= n.end_lineno), "")
    for n in nodes:
        if n.name.rsplit("_", 1)[0] != stem:
            lines[n.lineno - 1:n.end_lineno] = [""] * (n.end_lineno - n.lineno + 1)
    return "\n".join(lines) + "\n"


@pytest.mark.parametrize("name", sorted(p.name for p in PROGRAMS.glob("*.py")))
def test_every_gradient_of_a_right_program_follows(name):
    sheet = mc.check((PROGRAMS / name).read_text())
    assert sheet.worst == "follows"


@pytest.mark.thin(31)
@pytest.mark.parametrize("name, right, wrong, line", [
    ("layers.py", "db = np.sum(dout, axis=0)\n    return dx, dw, db", "db = np.sum(dout, axis=1)\n    return dx, dw, db", 13),
    ("layers.py", "dx[out <= 0] = 0", "dx[out < 0] = 1", 25),
    ("layers.py", "dz = dh * (1 - h ** 2)", "dz = dh * (1 - h)", 36),
    ("layers.py", "dx = p * (dp - s)", "dx = p * dp", 50),
    ("layers.py", "dxhat = dout * gamma", "dxhat = dout", 67),
    ("layers.py", "da = dh * (a > 0)", "da = dh * (a < 0)", 107),
    ("layers.py", "dK = dS.T @ Q", "dK = dS @ Q", 127),
    ("classes.py", "dout * (1.0 - self.out) * self.out", "dout * (1.0 - self.out)", 10),
    ("classes.py", "self.db = np.sum(dout, axis=0)", "self.db = np.sum(dout, axis=1)", 43),
    ("classes.py", "dc = dc_next + dh * o * (1 - t ** 2)", "dc = dh * o * (1 - t ** 2)", 77),
    ("autograd_functions.py", "grad_output.t().mm(input)", "input.t().mm(grad_output)", 19),
    ("autograd_functions.py", "return grad_input, grad_weight, grad_bias", "return grad_weight, grad_input, grad_bias", 17),
    ("autograd_functions.py", "return grad_output * result", "return result", 34),
    ("custom_vjp.py", "return dz @ w.T, x.T @ dz", "return x.T @ dz, dz @ w.T", 11),
    ("epochs.py", "dscores /= N", "", 19), ("epochs.py", "X.T @ dscores + reg * W", "X.T @ dscores - reg * W", 21),
    ("layer_class.py", "dout @ self.W2.T", "dout @ self.W2", 25), ("layer_class.py", "self.X.T @ dZ1", "self.X.T @ dA1", 27),
    ("script.py", "dscores /= num_examples", "", 13),
    ("out_of_order.py", "dz = W.T @ da", "dz = W.T @ df", 19), ("out_of_order.py", "grad_n = g * 2", "grad_n = -g * 2", 31),
    ("helpers.py", "d2 = (yhat - Y)", "d2 = (yhat + Y)", 22), ("helpers.py", "d1 = (d2 @ W2.T)", "d1 = (d2 @ W2.T) * a1", 25),
    ("training_step.py", "dh = E @ W2.T\n", "W2 = W2 - lr * dW2\n    dh = E @ W2.T\n", 11),
    ("gates.py", "df = dc * c_prev", "df = dc * f", 30), ("gates.py", "dg * (1 - g ** 2)]", "dg * g * (1 - g)]", 33),
    ("gates.py", "dz[:, :D], dz[:, D:]", "dz[:, D:], dz[:, :D]", 56), ("gates.py", "dx[:, :D] = dout * s", "dx[:, :D] = dout * a", 73),
    ("minibatches.py", "+ lam * w\n", "+ 2 * lam * w\n", 18),
    ("torch_script.py", "h_relu.t().mm(grad_y_pred)", "h.t().mm(grad_y_pred)", 18),
    ("vae.py", "dmu = dz + mu / n", "dmu = dz + mu", 23), ("fit.py", "X.T @ (p - y) / n", "X.T @ (y - p) / n", 11),
    ("script.py", "dW += reg * W", "dW += 2 * reg * W", 22),
    ("loss_gradient_pairs.py", "+ lam * x\n\n", "- lam * x\n\n", 27),
    ("loss_gradient_pairs.py", "weights_gradient = inputs.T @ dz", "weights_gradient = inputs.T @ dvalues", 45),
    ("loss_gradient_pairs.py", "dx[self.x <= 0] *= 0.1", "dx[self.x <= 0] = 0.1", 56),
    ("arguments.py", "2 * np.mean(X @ w + b - y)", "2 * np.sum(X @ w + b - y)", 9),
    ("arguments.py", "-2 * (inv > 0)", "2 * (inv > 0)", 31),
    ("loss_and_gradients.py", "dx[np.arange(N), y] -= 1", "dx[np.arange(N), y] += 1", 12),
    ("loss_and_gradients.py", "X.T @ r / n + lam * w", "X.T @ r + lam * w", 21),
    ("words.py", "db = dscores.sum(0)", "db = dscores.mean(0)", 25), ("words.py", "letters)) / n", "letters))", 20),
    ("logistic_class.py", "np.sum(p - y)", "np.sum(y - p)", 19), ("logistic_class.py", "1 / (1 + np.exp(-t))", "1 / (1 + np.exp(t))", 18),
    ("layer_and_training.py", "grad = 2 * X.T", "grad = X.T", 20), ("layer_and_training.py", "dw = 2 * X.T", "dw = X.T", 29),
])
def test_a_slip_is_found_at_its_line(name, right, wrong, line):
    text = (PROGRAMS / name).read_text()
    assert text.count(right) == 1
    sheet = mc.check(alone(text, text[:text.index(right)].count("\n") + 1).replace(right, wrong))
    assert [m.number for m in sheet.marks if m.mark == "does not follow"][:1] == [line]


@pytest.mark.parametrize("text, message", [
    ("def affine_backward(dout, x):\n    return dout * x\n", "no forward pass beside a backward pass"),
])
def test_what_cannot_be_judged_is_said(text, message):
    with pytest.raises(InputError, match=message):
        mc.check(text)


def test_one_pass_that_is_not_read_stops_no_other():
    text = "def step_forward(x):\n    y = x\ndef step_backward(dy):\n    return dy\n"
    assert "step_forward returns nothing" in mc.check(text).text()
    sheet = mc.check(text + (PROGRAMS / "custom_vjp.py").read_text())
    assert sheet.totals == {"not read": 1, "given": 1, "follows": 2}


@pytest.mark.parametrize("body", [
    "for i in range(3):\n        dx[i] = dy[i]", "dx[0] = dy[0]", "dx = np.roll(dy, 1)", "dx = helper(dy)", "dx = np.where(dy, x)"])
def test_what_is_not_read_is_never_counted_as_right(body):
    sheet = mc.check(f"import numpy as np\ndef f_forward(x):\n    y = 2 * x\n    return y, (x,)\n\n"
                     f"def f_backward(dy, cache):\n    x, = cache\n    dx = 2 * dy\n    {body}\n    return dx\n")
    assert sheet.worst not in ("follows", "follows if", "given")


def edited(function: ast.FunctionDef, rng: random.Random) -> ast.FunctionDef:
    """The function with one expression changed."""
    out = copy.deepcopy(function)
    names = sorted({n.id for n in ast.walk(out) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Load)} - {"np", "cache"})
    places = [(node, field, k, part) for node in ast.walk(out) for field, value in ast.iter_fields(node)
              for k, part in enumerate(value if isinstance(value, list) else [value])
              if isinstance(part, ast.expr) and not isinstance(getattr(part, "ctx", ast.Load()), ast.Store)]
    rng.shuffle(places)
    for node, field, k, part in places:
        made: ast.expr | None = None
        if isinstance(part, ast.BinOp):
            made = rng.choice([part.left, part.right, ast.BinOp(part.right, part.op, part.left),
                               ast.BinOp(part.left, rng.choice([ast.Add(), ast.Sub(), ast.Mult()]), part.right)])
        elif isinstance(part, ast.Attribute) and part.attr == "T":
            made = part.value
        elif isinstance(part, ast.Name) and part.id in names:
            made = ast.Name(rng.choice(names), ast.Load())
        if made is not None:
            if isinstance(getattr(node, field), list):
                getattr(node, field)[k] = made
            else:
                setattr(node, field, made)
            return out
    return out


def right(stem: str, forward: str, backward: str, rng: np.random.Generator) -> bool:
    """Whether a backward pass gives what differences of the forward pass give, and arrays of the right shapes."""
    space: dict[str, object] = {"np": np}
    exec(forward + "\n" + backward, space)
    arguments = [a.arg for a in FUNCTIONS[f"{stem}_forward"].args.args]
    said = dict(re.findall(r"(\w+) is \(([^)]*)\)", LAYERS.splitlines()[FUNCTIONS[f"{stem}_forward"].lineno]))
    sizes: dict[str, int] = {}
    given = [rng.standard_normal([sizes.setdefault(s.strip(), 2 + len(sizes)) for s in said[a].split(",") if s.strip()]) if a in said
             else np.array(1.3) for a in arguments]
    out, cache = space[f"{stem}_forward"](*copy.deepcopy(given))
    above = rng.standard_normal(np.shape(out))
    found = space[f"{stem}_backward"](above.copy(), cache)
    for k, gradient in enumerate(found if isinstance(found, tuple) else (found,)):
        if np.shape(gradient) != np.shape(given[k]):
            return False
        for at in np.ndindex(*np.shape(given[k])):
            ends = []
            for h in (1e-6, -1e-6):
                moved = copy.deepcopy(given)
                moved[k][at] += h
                ends.append(np.sum(above * space[f"{stem}_forward"](*moved)[0]))
            if not abs((ends[0] - ends[1]) / 2e-6 - gradient[at]) < 1e-4 * (1 + abs(gradient[at])):
                return False
    return True


@pytest.mark.slow
def test_an_edited_pass_follows_only_if_the_numbers_do(tally):
    rng, numbers = random.Random(7), np.random.default_rng(7)
    for stem in STEMS:
        forward, backward = FUNCTIONS[f"{stem}_forward"], edited(FUNCTIONS[f"{stem}_backward"], rng)
        said = LAYERS.splitlines()[forward.lineno]
        first, *rest = ast.unparse(forward).splitlines()
        texts = "\n".join([first, said, *rest]), ast.unparse(ast.fix_missing_locations(backward))
        try:
            with np.errstate(all="ignore"):
                truth = right(stem, *texts, numbers)
        except (ValueError, IndexError, NameError, TypeError):
            truth = False
        worst = mc.check("import numpy as np\n" + "\n\n".join(texts), seconds=5).worst
        assert worst in (("follows", "follows if") if truth else ("does not follow", "undecided", "not judged", "not read")), texts[1]
        tally["edited passes"][worst] += 1


def test_a_largest_entry_changes_with_the_others_where_it_counts():
    text = ("import numpy as np\ndef f_forward(x):\n    e = np.exp(x - np.max(x, axis=1, keepdims=True))\n    {}\n    return p, (p,)\n\n"
            "def f_backward(dp, cache):\n    p, = cache\n    dx = {}\n    return dx\n")
    soft = text.format("p = e / np.sum(e, axis=1, keepdims=True)", "p * (dp - np.sum(dp * p, axis=1, keepdims=True))")
    assert mc.check(soft).worst == "follows"
    assert mc.check(text.format("p = 2 * e", "dp * p")).worst == "does not follow"


KEPT = """import torch
class Cube(torch.autograd.Function):
    @staticmethod
    def forward(x):
        return x ** 3, 3 * x ** 2

    @staticmethod
    def setup_context(ctx, inputs, outputs):
        ctx.save_for_backward(inputs[0], outputs[1])

    @staticmethod
    def backward(ctx, grad_output, grad_saved):
        x, dinput = ctx.saved_tensors
        return grad_output * dinput + {}
"""


def test_what_setup_context_keeps_is_followed():
    """The second is CubeGenVmap in torch/testing/_internal/autograd_function_db.py of PyTorch 2.13: what arrives
    at its second value is lost."""
    assert mc.check(KEPT.format("grad_saved * 6 * x")).worst == "follows"
    wrong = mc.check(KEPT.format("6 * dinput"))
    assert wrong.worst == "does not follow" and wrong.marks[-1].would == "G_out.*out_ + 6*(G_out_.*x)"


@pytest.mark.parametrize("backward", ["ctx.scale * g", "scale * g", "g * ctx.saved_tensors[0]"])
def test_a_name_of_which_nothing_is_known_is_not_judged(backward):
    sheet = mc.check(f"import torch\nclass F(torch.autograd.Function):\n    @staticmethod\n    def forward(ctx, x):\n        return 2 * x\n"
                     f"    @staticmethod\n    def backward(ctx, g):\n        return {backward}\n")
    assert sheet.worst in ("not judged", "not read")


def test_an_argument_without_a_gradient_is_named():
    text = (PROGRAMS / "layers.py").read_text()
    sheet = mc.check(alone(text, 11).replace("return dx, dw, db", "return dx, dw"))
    assert sheet.worst == "follows" and "no gradient is given at b" in " ".join(sheet.text().split())


@pytest.mark.parametrize("body, right", [
    ("dx = dy\n    dx[x <= 0] = 0\n    db = dy.sum(axis=0)", False),         # what changes dx changes dy
    ("db = dy.sum(axis=0)\n    dx = dy\n    dx *= (x > 0)", True),
    ("db = dy.sum(axis=0)\n    dx = dy\n    dy *= (x > 0)", True),
    ("db = dy.sum(axis=0)\n    dx = dy\n    dy = dy * (x > 0)", False),       # a new array of the same name
    ("dx = dy.copy()\n    dx[x <= 0] = 0\n    db = dy.sum(axis=0)", True),
    ("dx = dy.detach()\n    dx[x <= 0] = 0\n    db = dy.sum(axis=0)", False),
    ("dx = dy[:]\n    dx[x <= 0] = 0\n    db = dy.sum(axis=0)", False),
])
def test_what_is_changed_in_place_is_changed_under_every_name(body, right):
    sheet = mc.check(f"import numpy as np\ndef f_forward(x, b):\n    # x is (N, D), b is (D,)\n    y = np.maximum(x, 0) + b\n"
                     f"    return y, (x,)\n\ndef f_backward(dy, cache):\n    x, = cache\n    {body}\n    return dx, db\n")
    assert (sheet.worst == "follows") is right


HELPERS = """import numpy as np
def stable(z):
    s = z - z.max(axis=1, keepdims=True)
    e = np.exp(s)
    return e / e.sum(axis=1, keepdims=True)
def twice(a):
    a *= 2
    return a
def loss(X, W, y):
    P = stable(X @ W)
    L = -np.mean(np.log(P[np.arange(len(X)), y]))
    g = P.copy()
    g[np.arange(len(X)), y] -= 1
    g /= len(X)
    #
    dW = X.T @ g
    return L, dW
"""


@pytest.mark.parametrize(("line", "worst"), [
    ("", "follows"), ("g = twice(g) / 2", "follows"), ("twice(g)", "not judged"), ("q = twice(g)", "does not follow"),
    ("g.fill(0)", "not judged"), ("np.multiply(g, 0, out=g)", "not judged"), ("print(g)", "follows")])
def test_functions_of_the_file_are_written_out_and_may_change_what_they_are_given(line, worst):
    assert mc.check(HELPERS.replace("#", line)).worst == worst


def test_a_function_that_is_not_read_hides_no_line_below_it():
    text = ("import numpy as np\ndef part(a):\n    b = a[0, 1] * a\n    return b\ndef scaled(a, *, k=2):\n    b = a * k\n    return b\n"
            "def loss(X, w, y):\n    q = part(X)\n    {}\n    L = np.sum(r ** 2)\n    dw = 2 * X.T @ r\n    return L, dw\n")
    found = {m.number: m.mark for m in mc.check(text.format("r = X @ w - y")).marks}
    assert sorted(found) == [9, 10, 11, 12] and found[12] == "follows"
    assert mc.check(text.format("r = scaled(X @ w) - y")).worst in ("not read", "not judged")


def test_a_hint_names_the_line_of_a_program(tmp_path):
    text = (PROGRAMS / "layers.py").read_text()
    path = tmp_path / "wrong.py"
    path.write_text(alone(text, 127).replace("dK = dS.T @ Q", "dK = dS @ Q"))
    assert CliRunner().invoke(cli, ["check", str(path), "--hint", "1"]).output == "Line 127 does not follow.\n"
    assert CliRunner().invoke(cli, ["check", str(path)]).exit_code == 1


@pytest.mark.thin(5)
@pytest.mark.parametrize("forward, backward, worst", [
    ("x):\n    y = np.maximum(x, 0)\n    return y, y", "dx = dy.copy()\n    dx[cache == 0] = 0\n    return dx", "follows"),
    ("x):\n    y = np.maximum(x, 0)\n    return y, y", "dx = dy.copy()\n    dx[cache != 0] = 0\n    return dx", "does not follow"),
    ("x, W):\n    z = x @ W\n    return np.einsum('nk->n', z), (x, W)", "x, W = cache\n    return dy[:, None] * W.sum(1), x.T @ "
     "np.repeat(dy)", "not read"),
    ("x, b):  # x is (n, d), b is ()\n    return x + b, x", "return dy, dy.sum(0)", "does not follow"),
    ("x, w):\n    return np.sin(x) @ w, (x, w)", "x, w = cache\n    return (dy @ w.T) * np.cos(x), np.sin(x).T @ dy", "follows"),
    ("x):\n    h = np.maximum(x, 0)\n    return h, h", "h = cache\n    return dy * (h >= 0)", "does not follow"),
    ("x):\n    tanh = np.tanh(x)\n    return tanh, tanh", "dtanh = dy * (1 - cache**2)\n    return dtanh", "follows"),
    ("x):\n    var = np.var(x, axis=0)\n    return x * var, (x, var)", "x, var = cache\n    return dy * var", "does not follow"),
    ("x):\n    return np.swapaxes(x, -1, -2) @ x, (x,)", "x, = cache\n    return x @ (dy + dy.T)", "follows"),
    ("x, V):\n    h = np.maximum(x, 0)\n    k = np.maximum(h @ V, 0)\n    return k, (V, h, k)", "V, h, k = cache\n    dk = dy.copy()\n"
     "    dk[k == 0] = 0\n    dV = h.T @ dk\n    dh = dk @ V.T\n    dh[h == 0] = 0\n    return dh, dV", "follows if"),
    ("x, W, s):\n    return (x @ W) * s, (x, W, s)", "x, W, s = cache\n    e = dy * s\n    return e @ W.T, x.T @ e, dy * (x @ W)",
     "follows if"),
    ("x, c):\n    return np.where(np.abs(x) <= c, x**2 / 2, c * (np.abs(x) - c / 2)), (x, c)",
     "x, c = cache\n    return dy * np.clip(x, -c, c)", "follows if"),
])
def test_what_is_kept_may_be_one_array_and_what_is_said_of_sizes_holds(forward, backward, worst):
    assert mc.check(f"import numpy as np\ndef f_forward({forward}\n\ndef f_backward(dy, cache):\n    {backward}\n").worst == worst


@pytest.mark.slow
def test_a_gradient_that_is_one_number_is_asked_where_a_bias_may_be_a_vector():
    text = ("import numpy as np\ndef loss(w, b, X, Y):\n{}    A = np.dot(w.T, X) + b\n    L = np.sum((A - Y) ** 2)\n"
            "    dw = 2 * np.dot(X, (A - Y).T)\n    db = 2 * np.sum(A - Y)\n    return L, dw, db\n")
    assert [m.mark for m in mc.check(text.format("")).marks][-1] == "follows if"
    assert [m.mark for m in mc.check(text.format("    # b is ()\n")).marks][-1] == "follows"


def test_what_a_layer_stores_is_a_gradient_or_said_to_be_none():
    text = ("import numpy as np\nclass A:\n    def forward(self, X):\n        self.X = X\n        return X @ self.W\n"
            "    def backward(self, dout):\n        self.{} = {}self.X.T @ dout\n        return dout @ self.W.T\n")
    assert mc.check(text.format("gW", "")).worst == "follows" and mc.check(text.format("gW", "3 * ")).worst == "does not follow"
    assert "no gradient is given at W" in " ".join(mc.check(text.format("mine", "3 * ")).text().split())


STORED = ("import numpy as np\nclass Linear:\n    def __init__(self):\n        self.params = {'weight': W, 'bias': b}\n"
          "    def forward(self, x):\n        self.inputs = x\n        return np.dot(x, self.params['weight']) + self.params['bias']\n"
          "    def backward(self, grad):\n        self.grads = {'weight': np.dot(self.inputs.T, grad), 'bias': np.sum(grad, axis=0)}\n"
          "        return np.dot(grad, self.params['weight'].T)\n")
COST = ("import numpy as np\ndef propagate(w, b, X, Y):\n    \"\"\"\n    b -- bias, a scalar\n    \"\"\"\n    m = X.shape[1]\n"
        "    R = np.dot(w.T, X) + b - Y\n    cost = np.sum(R ** 2) / m\n    grads = {'dw': 2 / m * np.dot(X, R.T), "
        "'db': 2 / m * np.sum(R)}\n    return grads, cost\n")


@pytest.mark.parametrize("text, old, new, line", [
    (STORED, "np.dot(self.inputs.T, grad)", "np.dot(grad.T, self.inputs)", 9), (STORED, "axis=0", "axis=1", 9),
    (COST, "R.T)", "-R.T)", 10)])
def test_gradients_in_a_dictionary_are_judged(text, old, new, line):
    assert text.count(old) == 1 and mc.check(text).worst == "follows"
    sheet = mc.check(text.replace(old, new))
    assert sheet.worst == "does not follow" and [m.number for m in sheet.marks if m.mark == "does not follow"][0] == line


@pytest.mark.slow
def test_a_variance_is_that_of_the_library_that_is_imported():
    text = ("import {}\ndef f_forward(x):\n    s = x.std()\n    return s, (x, s)\n\ndef f_backward(ds, cache):\n    x, s = cache\n"
            "    return ds * (x - x.mean()) / (s * x.size)\n")
    assert [mc.check(text.format(m)).worst for m in ("numpy as np", "torch")] == ["follows", "does not follow"]


HINGE = '''import numpy as np
def svm_loss(W, X, y, reg):
    """Multiclass SVM: W (D, C), X (N, D), y (N,) labels."""
    N = X.shape[0]
    scores = X.dot(W)
    correct = scores[np.arange(N), y].reshape(-1, 1)
    margins = np.maximum(0, scores - correct + 1)
    margins[np.arange(N), y] = 0
    loss = np.sum(margins) / N + reg * np.sum(W * W)
    mask = (margins > 0).astype(float)
    mask[np.arange(N), y] = -np.sum(mask, axis=1)
    dW = X.T.dot(mask) / N + 2 * reg * W
    return loss, dW
'''


@pytest.mark.parametrize(("old", "new", "mark"), [("", "", "not judged"), ("2 * reg", "reg", "does not follow")])
def test_what_only_one_hot_rows_make_right_is_not_denied(old: str, new: str, mark: str) -> None:
    assert mc.check(HINGE.replace(old, new)).marks[-1].mark == mark


@pytest.mark.slow
def test_labels_whose_number_is_not_said_are_tried_as_one_hot_rows() -> None:
    text = HINGE.replace('    """Multiclass SVM: W (D, C), X (N, D), y (N,) labels."""\n', "")
    assert [mc.check(each).marks[-1].mark for each in (text, text.replace("2 * reg", "reg"))] == ["not judged", "does not follow"]


def test_what_no_reader_follows_is_an_array_of_its_own() -> None:
    text = ("import torch\nn, d, h = 8, 3, 2\nV = torch.randn((2*n, d))\nW = torch.randn((2*d, h))\nT = torch.tanh(V)\nE = T.view(n, -1)\n"
            "z = E @ W\nloss = (z**2).sum()\ndz = 2*z\ndW = E.T @ dz\ndE = dz @ W.T\ndT = dE.view(T.shape)\ndV = dT * (1 - T)\n")
    for right, wrong in (("", ""), ("dE = dz @ W.T", "dE = dz @ W")):
        marks = {m.number: m.mark for m in mc.check(text.replace(right, wrong)).marks}
        assert marks[6] == "not read" and marks[10] == "follows" and marks[11] == ("does not follow" if wrong else "follows")
        assert marks[13] == "not judged"


def test_a_weight_with_a_gradient_is_not_taken_for_symmetric() -> None:
    text = ("class Cell:\n    def forward(self, x, W):\n        # x: (n, h), W: (h, h)\n"
            "        self.x, self.W = x, W\n        return x @ W\n"
            "    def backward(self, g):\n        return g @ self.W, self.x.T @ g\n")
    assert [m.mark for m in mc.check(text).marks if m.number == 7] == ["does not follow", "follows"]


def test_without_a_loss_nothing_is_judged() -> None:
    text = (PROGRAMS / "fit.py").read_text()
    alone = "\n".join(line for line in text.splitlines() if "loss" not in line)
    [found] = mc.check(alone).marks
    assert found.mark == "not read" and "no loss is computed here" in str(found.error)


def test_a_program_that_markdown_sets_as_code() -> None:
    program = "def forward(w):\n    r = X @ w - y\n    return r @ r\n\ndef backward(w):\n    return 2 * X.T @ (X @ w - y)\n"
    marks = [(m.number, m.mark) for m in mc.check(f"```python\n{program}```\n").marks]
    assert marks == [(n + 1, mark) for n, mark in [(m.number, m.mark) for m in mc.check(program).marks]] and marks[-1][1] == "follows"
    assert mc.check(f"```\n{program.replace('2 * X.T', 'X.T')}```").worst == "does not follow"


def test_no_hypothesis_about_a_shape_is_tried_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    tried: list[tuple[object, ...]] = []
    whole = program.sheet_of
    monkeypatch.setattr(program, "sheet_of", lambda made, *more: tried.append(tuple(sorted(made.shapes.items()))) or whole(made, *more))
    found = mc.check("import numpy as np\ndef f(x, y, W, b):\n    a = np.tanh(W @ x + b)\n    r = a - y\n    loss = np.sum(r**2)\n"
                  "    dz = 2*r * (1 - a**2)\n    dW = np.outer(dz, x)\n    db = dz\n    return loss, dW, db\n")
    assert found.worst == "follows"
    shaped = [shapes for shapes in tried if shapes]
    assert len(shaped) == len(set(shaped)) > 3
