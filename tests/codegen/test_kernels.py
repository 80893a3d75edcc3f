"""Functions with a backward pass of their own: what they save, and that the pass is right."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from matcalc.api import gradients
from matcalc.language.expr import ONE, SCALAR
from matcalc.language.shape import InputError
from matcalc.reading.parse import problem

SIZES = {"m": 3, "n": 4, "k": 2, "p": 5}
NETWORK = {"declare": ["X in R^(n,p)", "W1 in R^(p,k)", "W2 in R^(k,m)", "b1 in R^k", "Y in R^(n,m)"],
           "define": ["Z1 = X*W1 + ones(n)*b1'", "A1 = tanh(Z1)", "A2 = A1*W2"]}
KERNELS: list[tuple[str, list[str], dict[str, Any]]] = [
    ("softmax(X*W)", ["X", "W"], {"declare": ["X in R^(m,n)", "W in R^(n,k)"]}),
    ("norm2(A2 - Y)^2/2", ["W1", "b1", "W2"], NETWORK),
    ("A2", ["X", "W1"], NETWORK),
    ("c*norm2(tanh(X*w) - y)^2", ["w", "c"], {"declare": ["X in R^(m,n)", "c in R"]}),
    ("logdet(A*A' + c*eye(n))", ["A", "c"], {"declare": ["A in R^(n,p)", "c in R positive"]}),
    ("softmax(x)", ["x"], {"declare": ["x in R^n"]}),
    ("A*x", ["A", "x"], {"declare": ["A in R^(m,n)"]}),
    ("x*y'", ["x", "y"], {"declare": ["x in R^m", "y in R^n"]}),
    ("x", ["x"], {"declare": ["x in R^n"]}),
    ("sigmoid(A*x)", ["x"], {"declare": ["A in R^(m,n)", "x in R^(n,1)"]}),
    ("exp(c*value)", ["c", "value"], {"declare": ["c in R", "value in R"]}),
    ("x*x'*x", ["x"], {"declare": ["x in R^n"]}),
    ("G*x", ["x"], {"declare": ["G in R^(m,n)"]}),
    ("sum(x)*eye(n)", ["x"], {"declare": ["x in R^n"]}),
]


def made(expr: str, wrt: list[str], given: dict[str, Any], library: str) -> tuple[Any, str]:
    p = problem(expr=expr, several=wrt, kernel=True, **given)
    return p, gradients(p).kernel(library)


def values(p: Any, seed: int = 2) -> dict[str, Any]:
    """Numbers for every variable but the cotangent, in the order they are handed over."""
    rng = np.random.default_rng(seed)
    out = {}
    for name, v in p.variables.items():
        a = np.abs(rng.normal(size=tuple(d.value(SIZES) for d in v.shape))) + 0.1
        if v.shape == SCALAR:
            a = a[0, 0]
        elif v.shape[1] is ONE and f"{name} in R^(n,1)" not in p.text["declare"]:
            a = a[:, 0]
        if name != p.cotangent_pair[0].name:
            out[name] = a
    return out


@pytest.mark.parametrize(("expr", "wrt", "given"), KERNELS, ids=lambda v: v if isinstance(v, str) else "")
def test_the_kernel_for_torch_has_the_gradient(expr: str, wrt: list[str], given: dict[str, Any]) -> None:
    torch = pytest.importorskip("torch", reason="torch is not installed: its kernels cannot be run here")
    p, source = made(expr, wrt, given, "torch")
    space: dict[str, Any] = {}
    exec(source, space)
    arguments = [torch.tensor(a, dtype=torch.float64, requires_grad=name in wrt) for name, a in values(p).items()]
    assert torch.autograd.gradcheck(space["value"], arguments)


@pytest.mark.parametrize(("expr", "wrt", "given"), KERNELS, ids=lambda v: v if isinstance(v, str) else "")
def test_the_kernel_for_jax_has_the_gradient(expr: str, wrt: list[str], given: dict[str, Any]) -> None:
    jax = pytest.importorskip("jax", reason="jax is not installed: its kernels cannot be run here")
    jax.config.update("jax_enable_x64", True)
    p, source = made(expr, wrt, given, "jax")
    space: dict[str, Any] = {}
    exec(source, space)
    at = values(p)
    value = jax.jit(space["value"])(*at.values())
    weights = np.random.default_rng(5).normal(size=np.shape(value))
    numbers = tuple(k for k, name in enumerate(at) if name in wrt)
    found = jax.jit(jax.grad(lambda *a: (weights*space["value"](*a)).sum(), numbers))(*at.values())
    for k, gradient in zip(numbers, found, strict=True):
        way = np.random.default_rng(7).normal(size=np.shape(list(at.values())[k]))
        ahead, behind = ([*at.values()] for _ in range(2))
        ahead[k], behind[k] = ahead[k] + 1e-5*way, behind[k] - 1e-5*way
        slope = (weights*(space["value"](*ahead) - space["value"](*behind))).sum()/2e-5
        assert np.isclose((np.asarray(gradient)*way).sum(), slope, rtol=1e-6), (expr, k)


def test_the_forward_pass_saves_what_the_backward_pass_needs() -> None:
    _, source = made("softmax(X*W)", ["X", "W"], KERNELS[0][2], "torch")
    assert "ctx.save_for_backward(X, W, P)" in source and source.count("torch.softmax") == 1
    assert "delta_Z @ W.T" in source and source.count("@ W") == 2
    _, source = made("A2", ["W1"], NETWORK, "jax")
    assert "return out, (X, W2, A1)" in source


def test_what_no_kernel_is_written_for() -> None:
    p = problem(expr="x'*x", several=["x"], declare=["x in R^n"])
    with pytest.raises(InputError, match="with respect to its output"):
        gradients(p).kernel("torch")
    with pytest.raises(InputError, match="cannot write a kernel for numpy"):
        gradients(p).kernel("numpy")


RMS: tuple[str, list[str], dict[str, Any]] = (
    "x.*g/sqrt(mean(x.^2) + eps)", ["x", "g"], {"declare": ["x in R^n", "g in R^n", "eps in R positive"]})


@pytest.mark.parametrize(("expr", "wrt", "given"), [*KERNELS, RMS], ids=lambda v: v if isinstance(v, str) else "")
@pytest.mark.parametrize("library", ["torch", "jax"])
def test_the_file_says_what_was_asked_and_tests_itself(library: str, expr: str, wrt: list[str], given: dict[str, Any]) -> None:
    p, source = made(expr, wrt, given, library)
    g = p.cotangent_pair[0].name
    assert source.startswith(f"# Written by matcalc 0.1.0. Asked: {expr} wrt {', '.join(wrt)}, cotangent {g}, ")
    assert "\n# Proved: each gradient a claim of its own" in source
    still = [n for n in p.variables if n not in (*wrt, g)]
    assert not still or f"{still[-1]} {'is a constant' if len(still) == 1 else 'are constants'} here" in source
    if "value" in wrt:          # a name that the test has for itself: the passes stand alone
        assert "check_gradient" not in source
        return
    module: Any = pytest.importorskip(library, reason=f"{library} is not installed: its kernels cannot be run here")
    if library == "jax":
        module.config.update("jax_enable_x64", True)
    space: dict[str, Any] = {"__name__": "written"}
    exec(source, space)
    space["check_gradient"](seed=3)


@pytest.mark.parametrize("library", ["torch", "jax"])
def test_a_wrong_backward_pass_is_seen(library: str) -> None:
    """Without the second term of a softmax's gradient a sum of all entries gives the same: a random cotangent does not."""
    module: Any = pytest.importorskip(library, reason=f"{library} is not installed: its kernels cannot be run here")
    if library == "jax":
        module.config.update("jax_enable_x64", True)
    source = made("softmax(X*W)", ["X", "W"], KERNELS[0][2], library)[1]
    end = source.index("delta_Z = ")
    wrong = source[:end] + "delta_Z = P*G" + source[source.index("\n", end):]
    space: dict[str, Any] = {"__name__": "written"}
    exec(wrong, space)
    with pytest.raises(AssertionError, match="differences give"):
        space["check_gradient"]()
