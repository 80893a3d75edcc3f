"""The file of a derivative: it says what was asked, and its test passes, and fails where the derivative is wrong."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner

import matcalc as mc
from matcalc.commands.cli import cli

ASKED: list[tuple[str, str, list[str]]] = [
    ("norm2(A*x - b)^2 + c*logdet(S)", "x", ["A in R^(m,n)", "S in R^(n,n) spd", "b in R^m"]),
    ("softmax(A*x)", "x", ["A in R^(m,n)"]),
    ("A*X*B", "X", ["A in R^(m,n)", "X in R^(n,k)", "B in R^(k,p)"]),
    ("logdet(S) + tr(inv(S)*C)", "S", ["S in R^(n,n) spd", "C in R^(n,n)"]),
    ("sum(log(x))*c", "x,c", ["x in R^n", "c in R"]),
    ("norm2(x)", "x", ["x in R^(n,1)"]),
    ("c*A", "c", ["c in R", "A in R^(m,n)"]),
]


def written(expr: str, wrt: str, declare: list[str], library: str) -> str:
    words = ["derive", expr, "-w", wrt, "--format", library]
    for text in declare:
        words += ["-d", text]
    return CliRunner().invoke(cli, words).output


@pytest.mark.parametrize(("expr", "wrt", "declare"), ASKED, ids=[a[0] for a in ASKED])
@pytest.mark.parametrize("library", ["numpy", "torch", "jax"])
def test_the_file_tests_itself(library: str, expr: str, wrt: str, declare: list[str]) -> None:
    if library != "numpy":
        module: Any = pytest.importorskip(library, reason=f"{library} is not installed: its generated code cannot be run here")
        if library == "jax":
            module.config.update("jax_enable_x64", True)
    text = written(expr, wrt, declare, library)
    assert text.startswith(f"# Written by matcalc 0.1.0. Asked: {expr} wrt ") and "# Proved" in text
    space: dict[str, Any] = {"__name__": "written"}
    exec(text, space)
    space["check_gradient"](seed=4)


PRODUCTS: list[tuple[str, str, str, list[str]]] = [
    ("tanh(X*W)", "W", "--tangent", ["X in R^(m,n)", "W in R^(n,k)"]),
    ("inv(S)", "S", "--tangent", ["S in R^(n,n) spd"]),
    ("c*x + (1 - c)*y", "c", "--tangent", ["c in R", "x in R^n", "y in R^n"]),
    ("logsumexp(A*x)", "x", "--hvp", ["A in R^(m,n)"]),
    ("y'*inv(K)*y + logdet(K)", "K", "--hvp", ["K in R^(n,n) symmetric positive"]),
    ("norm2(W*tanh(U*x) - y)^2", "U", "--hvp", ["W in R^(k,h)", "U in R^(h,n)"]),
    ("softmax(Q*K')*V", "K", "--cotangent", ["Q in R^(n,d)", "K in R^(m,d)", "V in R^(m,p)"]),
    ("norm2(L*x)", "L", "--cotangent", ["L in R^(n,n) lower"]),
]


@pytest.mark.parametrize(("expr", "wrt", "product", "declare"), PRODUCTS, ids=[p[0] for p in PRODUCTS])
@pytest.mark.parametrize("library", ["numpy", "torch", "jax"])
def test_the_file_of_a_product_tests_itself(library: str, expr: str, wrt: str, product: str, declare: list[str]) -> None:
    """A derivative times a direction has the value beside it, and a test that sees a wrong one."""
    if library != "numpy":
        module: Any = pytest.importorskip(library, reason=f"{library} is not installed: its generated code cannot be run here")
        if library == "jax":
            module.config.update("jax_enable_x64", True)
    words = ["derive", expr, "-w", wrt, product, "D", "--format", library]
    text = CliRunner().invoke(cli, [*words, *(w for d in declare for w in ("-d", d))]).output
    assert "# Proved" in text
    space: dict[str, Any] = {"__name__": "written"}
    exec(text, space)
    space["check_gradient"](seed=1)
    right = space["grad"]
    space["grad"] = lambda **at: 1.01*right(**at)
    with pytest.raises(AssertionError, match=f"{wrt}: the gradient gives"):
        space["check_gradient"](seed=1)


def test_a_wrong_softmax_gradient_is_seen() -> None:
    """Its rows sum to one: a sum of all entries sees nothing, a random cotangent does."""
    text = written("softmax(x)", "x", ["x in R^n"], "numpy")
    wrong = text.replace("_diagonal_added(t1, np.outer(-t1, t1))", "np.zeros((len(t1), len(t1)))")
    assert wrong != text
    space: dict[str, Any] = {"__name__": "written"}
    exec(wrong, space)
    with pytest.raises(AssertionError, match="x: the gradient gives 0.0, differences give"):
        space["check_gradient"]()


@pytest.mark.parametrize("library", ["torch", "jax"])
def test_a_batch_goes_through_vmap(library: str) -> None:
    module: Any = pytest.importorskip(library, reason=f"{library} is not installed: its generated code cannot be run here")
    if library == "jax":
        module.config.update("jax_enable_x64", True)
    found: Any = mc.derive("norm2(softmax(X*W) - Y)^2", ["W", "X"], ["X in R^(n,d)", "W in R^(d,k)", "Y in R^(n,k)"])
    rng = np.random.default_rng(2)
    x, w, y = rng.normal(size=(3, 4, 2)), rng.normal(size=(2, 5)), rng.normal(size=(3, 4, 5))
    make, vmap = (module.as_tensor, module.func.vmap) if library == "torch" else (module.numpy.asarray, module.vmap)
    value, gradients = vmap(found.function(library), (0, None, 0))(make(x), make(w), make(y))
    for k in range(3):
        one, own = found.function()(x[k], w, y[k])
        assert np.isclose(float(value[k]), one) and all(np.allclose(np.asarray(gradients[n][k]), own[n]) for n in ("W", "X"))


def test_in_single_precision_differences_say_what_they_need() -> None:
    jax = pytest.importorskip("jax", reason="jax is not installed: its generated code cannot be run here")
    scope: dict[str, Any] = {"__name__": "written"}
    exec(mc.derive("norm2(X*w - y)^2", "w", ["X in R^(m,n)"]).file("jax"), scope)
    before = jax.config.jax_enable_x64
    jax.config.update("jax_enable_x64", False)
    try:
        with pytest.raises(ValueError, match="double precision"):
            scope["check_gradient"]()
    finally:
        jax.config.update("jax_enable_x64", before)
