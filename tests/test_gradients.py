"""Several variables at once: one reverse sweep, every gradient judged, one function of code."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner

import matcalc as mc
from matcalc import api
from matcalc.batches.lines import answer
from matcalc.commands.cli import cli
from matcalc.reading.parse import problem
from tests.work import Work
from tests.proof.networks import layers

NET = ["z1 = W1*x + b1", "a1 = tanh(z1)", "z2 = W2*a1 + b2", "p = softmax(z2)"]


def two_layers(**more: Any) -> api.Gradients:
    return mc.derive("-y'*log(p)", ["W1", "b1", "W2", "b2"], define=NET, **more)


def test_the_chain_reads_as_in_a_textbook() -> None:
    g = two_layers()
    assert {n: str(e) for n, e in g.results.items()} == {
        "W1": "delta_z1*x'", "b1": "delta_z1", "W2": "delta_z2*a1'", "b2": "delta_z2"}
    assert str(g.deltas["delta_a1"]) == "W2'*delta_z2" and str(g.deltas["delta_z2"]) == "sum(y)*p - y"
    assert list(g.deltas) == ["delta_z2", "delta_a1", "delta_z1"]
    assert g.verdict.kind == "proved" and g.together.kind == "checked" and g.counts["proved"] == 7


def test_expanded_gradients_have_no_names_of_others_as_long_as_they_can_be_read() -> None:
    g = two_layers(expand=True)
    assert str(g["b1"]) == "(W2'*(sum(y)*p - y)).*(ones(n) - a1.^2)" and "delta" not in str(g.results) and g.together.kind == "checked"
    assert "∂f/∂b₁ = δ_z₁\n                   = (W₂ᵀ" in g.text()
    long = mc.derive("sum(y9)", "x,b", ["x, b in R^n", "W in R^(n,n)"], ["y0 = x", *(f"y{k} = tanh(W*y{k - 1}) + b" for k in range(1, 10))],
                     expand=True)
    assert len(str(long["b"])) < 3_000 and long.together.kind == "checked"


def test_a_link_begins_with_the_chain_rule() -> None:
    page = two_layers().text()
    assert "  df = δ_z₁ᵀ dz₁\n     = δ_z₁ᵀ d(W₁ x + b₁)" in page and "d(tr(" not in page and "d(δ" not in page


def test_a_terminal_that_knows_ascii_only_gets_ascii() -> None:
    done = subprocess.run([sys.executable, "-m", "matcalc", "derive", "sum(A*x)", "--wrt", "A,x"], capture_output=True, text=True,
                          env={**os.environ, "PYTHONIOENCODING": "ascii"})
    assert done.returncode == 0 and done.stdout.isascii() and "R^(n,m)" in done.stdout


def test_one_text_names_several_variables_everywhere() -> None:
    assert mc.derive("x'*A*y", "all").results.keys() == {"x", "A", "y"}
    assert mc.derive("x'*A*y", "x, A").results.keys() == {"x", "A"}
    assert json.loads(answer('{"expr": "x\'*A*y", "wrt": "x, A"}'))["results"].keys() == {"x", "A"}
    assert str(mc.derive("2*all", "all", all="R").results["all"]) == "2"


def test_names_of_the_users_choice() -> None:
    assert list(two_layers(adjoint="d{}").deltas) == ["dp", "dz2", "da1", "dz1"]
    with pytest.raises(mc.InputError, match="cannot be called x: that name is taken"):
        two_layers(adjoint="x")
    taken = mc.derive("sum(z)", ["A"], define=["z = A*delta_z"])
    assert list(taken.deltas) == ["delta_z_"]


def numeric(run: dict[str, object], args: dict[str, np.ndarray], name: str) -> np.ndarray:
    """Central differences of the value."""
    out = np.zeros_like(args[name])
    for k in np.ndindex(*out.shape):
        moved = [dict(args, **{name: args[name] + h*np.eye(1, out.size, int(np.ravel_multi_index(k, out.shape))).reshape(out.shape)})
                 for h in (1e-6, -1e-6)]
        up, down = (run["value_and_grads"](**m)[0] for m in moved)  # type: ignore[operator]
        out[k] = (up - down)/2e-6
    return out


@pytest.mark.parametrize(("expr", "define", "shapes"), [
    ("-y'*log(p)", NET, {"W1": (4, 3), "x": (3,), "b1": (4,), "W2": (2, 4), "b2": (2,), "y": (2,)}),
    # a name used twice, once through a name that uses it: each way counts once
    ("sum(b.*c) + sum(x.^2)", ["b = tanh(x)", "c = b.*x + b.*b"], {"x": (3,)}),
    # shared weights, a residual, a scalar on the way
    ("s*sum(h2)", ["h1 = x + tanh(W*x)", "h2 = h1 + tanh(W*h1)", "s = h1'*h2"], {"W": (3, 3), "x": (3,)}),
    ("y'*inv(K)*y + logdet(K)", ["K = X*X' + eye(n)"], {"X": (3, 2), "y": (3,)}),
])
def test_the_code_gives_value_and_gradients(expr: str, define: list[str], shapes: dict[str, tuple[int, ...]]) -> None:
    g = mc.derive(expr, ["all"], define=define, declare=["x in R^n"] if shapes.keys() <= {"x", "W"} else [])
    assert g.verdict.kind == "proved" and g.together.kind == "checked"
    rng = np.random.default_rng(1)
    args = {n: rng.uniform(0.2, 1, shape) for n, shape in shapes.items()}
    run: dict[str, object] = {}
    exec(g.numpy(), run)
    found = run["value_and_grads"](**args)[1]  # type: ignore[operator]
    assert found.keys() == shapes.keys()
    for n, grad in found.items():
        np.testing.assert_allclose(grad, numeric(run, args, n), rtol=1e-5, atol=1e-7)


def test_what_is_seen_of_a_name_is_known_of_its_letter() -> None:
    g = mc.derive("y'*inv(K)*y + logdet(K)", ["X"], define=["K = X*X' + eye(n)"])
    assert str(g["X"]) == "2*delta_K*X"


def test_what_a_name_without_variables_sums_to_is_known_in_a_sweep() -> None:
    g = mc.derive("-sum(T.*log(S)) - sum(U.*log(R))", ["W", "V"], ["X in R^(m,d)", "W, V in R^(d,k)", "Y in R^(m,k) simplex", "c in R"], [
        "T = (1 - c)*Y + c*ones(m,k)/k", "U = (1 - c)*Y + c*ones(m,k)", "S = softmax(X*W)", "R = softmax(X*V)"])
    assert g.verdict.kind == "proved"
    assert [str(e) for e in g.results.values()] == ["X'*(S - T)", "X'*(diag(rowsum(U))*R - U)"]


def test_a_name_met_twice_is_one_name() -> None:
    g = mc.derive("sum(g.*h)", ["x"], define=["s = sqrt(x'*x/n)", "h = x/s"], declare=["x in R^n"])
    assert str(g["x"]) == "delta_h/s + delta_s*x/(n*s)" and g.verdict.kind == "proved"
    assert [str(c) for c in g.verdict.needs] == ["s != 0", "x != 0"] and "_still" not in g.text() + str(g.json())


@pytest.mark.slow
def test_a_hundred_layers_cost_a_hundred_times_one() -> None:
    k = layers("tanh", 128)
    k.pop("wrt")
    with Work() as work:
        g = api.gradients(problem(**k, several=["all"]))
    assert work.calls < 340_000
    assert g.verdict.kind == "proved" and g.counts["proved"] == 258
    assert str(g["W7"]) == "A7'*(delta_A8.*(ones(m, n) - A8.^2))"
    text = g.text()
    assert "In the same way for k = 126, 125, ..., 1" in text and text.count("\n") < 400


@pytest.mark.slow
def test_layers_of_many_sizes_cost_no_more_than_layers_of_one() -> None:
    sized = ["a0 in R^n0", "y in R^n64", "W{k} in R^(n{k},n{k-1}) for k = 1..64"]
    with Work() as work:
        g = mc.derive("norm2(a64 - y)^2", ["all"], sized, define=["a{k} = tanh(W{k}*a{k-1}) for k = 1..64"])
    assert g.verdict.kind == "proved" and g.together.kind == "checked" and work.calls < 400_000


def test_a_wrong_sweep_is_seen_by_the_direction(monkeypatch: pytest.MonkeyPatch) -> None:
    from matcalc.deriving import sweep
    monkeypatch.setattr(sweep.Sweep, "between", lambda self: [n for n in self.bodies if n.name != "u"])
    g = mc.derive("sum(v)", ["x"], define=["u = x.^2", "v = u + sin(x)"], declare=["x in R^n"])
    assert g.verdict.kind == "refuted"


def test_layouts_structure_and_defined_names() -> None:
    g = mc.derive("x'*z", ["x", "A", "z"], define=["z = A*y"], layout="numerator")
    assert [str(e) for e in g.results.values()] == ["z'", "y*delta_z'", "x'"]
    s = mc.derive("x'*S*x", ["S", "x"], declare=["S in R^(n,n) symmetric"])
    assert [str(e) for e in s.results.values()] == ["x*x'", "2*S*x"] and s.verdict.kind == "proved"


@pytest.mark.parametrize("form", ["text", "latex", "markdown", "html", "json", "numpy", "torch", "jax"])
def test_every_format_shows_the_adjoints(form: str) -> None:
    r = CliRunner().invoke(cli, ["derive", "sum(z.^2)", "--wrt", "A,x", "-w", "b", "--define", "z = A*x + b", "--format", form])
    assert r.exit_code == 0, r.output
    shown = {"text": "δ_z", "html": "<msub><mi>δ</mi><mrow><mi>z</mi></mrow></msub>", "latex": r"\delta_{z}", "markdown": r"\delta_{z}"}
    assert shown.get(form, "delta_z") in r.output
    if form == "json":
        found = json.loads(r.output)
        assert found["gradients"]["A"]["result"] == "delta_z*x'" and found["verdict"]["kind"] == "proved"


@pytest.mark.parametrize(("args", "said"), [
    (["x'*a", "--wrt", "x,q"], "q is neither declared nor used"),
    (["x'*a", "--wrt", "x,"], "no variable is given"),
    (["A*x", "--wrt", "A,x", "--format", "numpy"], "several variables need a scalar function; f is"),
    (["x'*A*x", "--wrt", "A,x", "--order", "2"], "order 2 takes one variable, not 2"),
])
def test_errors_name_the_culprit(args: list[str], said: str) -> None:
    with pytest.raises(mc.InputError, match=said):
        CliRunner().invoke(cli, ["derive", *args], catch_exceptions=False)


def test_each_jacobian_has_a_page() -> None:
    r = CliRunner().invoke(cli, ["derive", "W*x + B*y", "--wrt", "x,y", "--format", "json"], catch_exceptions=False)
    assert [json.loads(line)["result"] for line in r.output.splitlines() if line] == ["W'", "B'"] and r.exit_code == 0


def test_a_line_of_a_batch_may_ask_for_several_gradients() -> None:
    out = json.loads(answer('{"expr": "sum(z.^2)", "define": ["z = A*x"], "wrt": ["A", "x"], "adjoint": "g_{}"}'))
    assert out["results"] == {"A": "g_z*x'", "x": "A'*g_z"} and out["where"] == ["g_z = 2*z"] and out["verdict"] == "proved"
    assert "def value_and_grads(" in out["numpy"] and out["verdicts"]["g_z"] == "proved"
    assert json.loads(answer('{"expr": "x\'*a", "wrt": []}'))["error"]["message"] == '"wrt" names no variable'


def test_a_variable_that_does_not_reach_f() -> None:
    g = mc.derive("x'*x", ["x", "c"], define=["u = c.*x"], declare=["x in R^n"])
    assert str(g["c"]) == "zeros(n)" and g.verdict.kind == "proved" and "zeros" in g.numpy()


def test_a_link_holds_its_own_names_only() -> None:
    """However many layers there are: time and memory grow with their number, not with its square."""
    asked = layers("sigmoid", 40)
    parts = mc.derive(asked["expr"], ["all"], define=asked["define"], declare=asked["declare"]).parts
    assert len(parts) == 82 and max(len(q.link.letters) for q in parts) <= 3
    assert max(len(q.link.problem.variables) for q in parts) <= 6


@pytest.mark.slow
def test_a_weight_that_all_steps_share_is_proved() -> None:
    """Its gradient is a sum with a term for each step: more letters at once than a chain replaces one after the other."""
    steps = [f"h{k} = tanh(W*h{k - 1} + U*x{k})" for k in range(1, 21)]
    g = mc.derive("norm2(h20 - y)^2", ["W", "U"], define=steps, declare=["W in R^(n,n)", "U in R^(n,d)"])
    assert g.verdict.kind == "proved" and g.counts["proved"] == 22


@pytest.mark.slow
def test_layers_of_different_sizes_are_alike() -> None:
    sizes = [f"W{k} in R^(n{k},n{k - 1})" for k in range(1, 41)]
    define = [f"a{k} = tanh(W{k}*a{k - 1})" for k in range(1, 41)]
    g = mc.derive("norm2(a40 - y)^2", ["all"], ["a0 in R^n0", "y in R^n40", *sizes], define)
    assert g.verdict.kind == "proved" and sum(q.record is not None for q in g.parts) < 8
    assert str(g.results["W7"]) == "(delta_a7.*(ones(n7) - a7.^2))*a6'"
    for k in (7, 23):
        alone = mc.derive("norm2(a40 - y)^2", f"W{k}", ["a0 in R^n0", "y in R^n40", *sizes], define)
        assert alone.result.shape == g.results[f"W{k}"].shape and alone.verdict.kind == "proved"


def test_the_letter_for_any_name_on_the_way_is_no_name_of_the_problem() -> None:
    """A page that has a u says of the names v, not u, that the variable is used by them."""
    given = ["W in R^(m,n)", "x in R^n"]
    for name, letter in (("u", "v"), ("h", "u")):
        page = mc.derive(f"sum({name}.^2)", ["W"], given, [f"{name} = tanh(W*x)"]).text(200)
        assert f"over the names {letter} that use the variable" in page


def test_a_residual_that_is_named_for_the_page_is_counted_once() -> None:
    g = mc.derive("normF(Y - U*V')^2/2 + c*normF(U)^2", ["U", "V"], ["Y in R^(m,n)", "U in R^(m,k)", "c in R"])
    page = g.text()
    assert "df = d(c ‖U‖_F²) + tr(Zᵀ dZ)" in page and "δ" not in page.split("With respect to Z")[1], page
    assert [str(e) for e in g.results.values()] == ["2*c*U - Z*V", "-Z'*U"] and not g.deltas and g.verdict.kind == "proved"
    assert r"&& \text{with respect to $V$}" in g.latex()
    full = mc.derive("normF(Y - U*V')^2/2 + c*normF(U)^2", ["U", "V"], ["Y in R^(m,n)", "U in R^(m,k)", "c in R"], expand=True)
    assert str(full["V"]) == "-(Y - U*V')'*U"
