"""Generated code where the plain formula overflows, cancels or does needless work."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from matcalc.codegen import jax as jax_source
from matcalc.codegen import numpy as numpy_source
from matcalc.codegen import torch as torch_source
from matcalc.derive.engine import derive
from matcalc.language.parse import problem


def source(expr: str, wrt: str, *declare: str, order: int = 1, writer: Any = numpy_source) -> str:
    p = problem(declare=declare, expr=expr, wrt=wrt, order=order)
    d = derive(p)
    text: str = writer.source(p, d.result, d.where)
    return text


def run(text: str, **given: Any) -> Any:
    space: dict[str, Any] = {}
    exec(text, space)
    with np.errstate(over="raise", invalid="raise", divide="raise"):
        return space["grad"](**given)


FAR = np.array([1000.0, -1000.0, 0.0])
LARGE = [
    ("logsumexp(x)", "x", ["x in R^n"], {"x": FAR}, [1, 0, 0]),
    ("log(sum(exp(x)))", "x", ["x in R^n"], {"x": FAR}, [1, 0, 0]),
    ("c*logsumexp(x)", "c", ["x in R^n", "c in R"], {"x": FAR, "c": 1.0}, 1000),
    ("c*log(sum(exp(x)))", "c", ["x in R^n", "c in R"], {"x": FAR, "c": 1.0}, 1000),
    ("c*sum(log(softmax(x)))", "c", ["x in R^n", "c in R"], {"x": FAR, "c": 1.0}, -3000),
    ("sum(softplus(x))", "x", ["x in R^n"], {"x": FAR}, [1, 0, 0.5]),
    ("sum(log(1 + exp(x)))", "x", ["x in R^n"], {"x": FAR}, [1, 0, 0.5]),
    ("c*log(1 + exp(x))", "c", ["x in R", "c in R"], {"x": 1000.0, "c": 1.0}, 1000),
    ("c*log(sigmoid(x))", "c", ["x in R", "c in R"], {"x": -1000.0, "c": 1.0}, -1000),
    ("sum(1./(1 + exp(-x)))", "x", ["x in R^n"], {"x": FAR}, [0, 0, 0.25]),
    ("sigmoid(x)", "x", ["x in R"], {"x": -1000.0}, 0),
    ("sigmoid(x)", "x", ["x in R"], {"x": -40.0}, np.exp(-40)),
    ("sum(silu(x))", "x", ["x in R^n"], {"x": FAR}, [1, 0, 0.5]),
    ("log(cosh(x))", "x", ["x in R"], {"x": 1000.0}, 1),
    ("c*log(1 + x)", "c", ["x in R", "c in R"], {"x": 1e-20, "c": 1.0}, 1e-20),
    ("c*(exp(x) - 1)", "c", ["x in R", "c in R"], {"x": 1e-20, "c": 1.0}, 1e-20),
]


@pytest.mark.parametrize(("expr", "wrt", "declare", "given", "want"), LARGE, ids=lambda v: v if isinstance(v, str) else "")
def test_large_and_small(expr: str, wrt: str, declare: list[str], given: dict[str, Any], want: Any) -> None:
    assert np.allclose(run(source(expr, wrt, *declare), **given), want, rtol=1e-12, atol=1e-300)


@pytest.mark.parametrize(("expr", "wrt", "declare", "given", "want"), LARGE, ids=lambda v: v if isinstance(v, str) else "")
@pytest.mark.parametrize("library", ["torch", "jax"])
def test_large_and_small_elsewhere(library: str, expr: str, wrt: str, declare: list[str], given: dict[str, Any], want: Any) -> None:
    module = pytest.importorskip(library)
    if library == "jax":
        module.config.update("jax_enable_x64", True)
    make = module.tensor if library == "torch" else module.numpy.asarray
    text = source(expr, wrt, *declare, writer=torch_source if library == "torch" else jax_source)
    got = run(text, **{k: make(v) if isinstance(v, np.ndarray) else v for k, v in given.items()})
    assert np.allclose(np.asarray(got), want, rtol=1e-12, atol=1e-300)


def test_logdet_of_a_tiny_determinant() -> None:
    text = source("c*logdet(X)", "c", "X in R^(n,n)", "c in R")
    assert "slogdet" in text
    assert np.isclose(run(text, X=1e-3*np.eye(200), c=1.0), 200*np.log(1e-3))


@pytest.mark.parametrize(("expr", "wrt", "declare", "wanted"), [
    ("x'*inv(A)*x", "x", ["A in R^(n,n) spd"], "2*np.linalg.solve(A, x)"),
    ("(x - u)'*inv(S)*(x - u)", "u", ["S in R^(n,n) spd"], "np.linalg.solve(S, "),
    ("b'*inv(A)*x", "x", ["A in R^(n,n)", "x in R^n", "b in R^n"], "np.linalg.solve(A.T, b)"),
    ("tr(inv(A)*X)", "X", ["A in R^(n,n)", "X in R^(n,n)"], "np.linalg.inv(A).T"),
    ("tr(B*inv(A)*X)", "X", ["A in R^(n,n)", "X in R^(n,m)", "B in R^(m,n)"], "np.linalg.solve(A.T, B.T)"),
])
def test_systems_are_solved(expr: str, wrt: str, declare: list[str], wanted: str) -> None:
    text = source(expr, wrt, *declare)
    assert wanted in text and (("inv" in text.split('"""')[-1]) == ("inv" in wanted)), text


@pytest.mark.parametrize(("expr", "wrt", "declare", "body"), [
    ("norm2(X*w - y)^2", "w", ["X in R^(m,n)"], "return 2*(X.T @ (X @ w - y))"),
    ("x'*A*B*x", "x", ["A in R^(n,n)", "B in R^(n,n)"], "return A @ (B @ x) + B.T @ (A.T @ x)"),
    ("norm2(A*x)^2 + c*norm2(x)^2", "x", ["A in R^(m,n)"], "return 2*(A.T @ (A @ x) + c*x)"),
    ("rowsum(X*Y)'*z", "z", ["X in R^(m,n)", "Y in R^(n,k)", "z in R^m"], "return X @ np.sum(Y, axis=1)"),
    ("a'*X*Y*b", "X", ["X in R^(m,n)", "Y in R^(n,k)", "a in R^m", "b in R^k"], "return np.outer(a, Y @ b)"),
    ("y'*(A + u*w')*x", "y", ["A in R^(m,n)", "u in R^m", "w in R^n"], "(w @ x)*u"),
    ("x'*diag(w)*y", "w", ["x in R^n", "w in R^n", "y in R^n"], "return x*y"),
    ("tr(A*B)*c", "c", ["A in R^(m,n)", "B in R^(n,m)", "c in R"], "return np.sum(A*B.T)"),
    ("sum(X*Y)*c", "c", ["X in R^(m,n)", "Y in R^(n,k)", "c in R"], "return np.sum(X @ np.sum(Y, axis=1))"),
])
def test_cheap_order(expr: str, wrt: str, declare: list[str], body: str) -> None:
    assert body in source(expr, wrt, *declare)


def test_sizes_are_read_where_they_can_be() -> None:
    text = source("A*v", "v", "A in R^(n+1,m)", "v in R^m")
    assert "def grad(A, v):" in text
    text = source("unvec(v,m,n)*a", "v", "v in R^(m*n)", "a in R^n")
    assert "m = v.shape[0]//n\n" in text
    got = run(text, v=np.arange(6.0), a=np.array([1.0, 2.0, 3.0]))
    assert np.array_equal(got, np.kron(np.array([[1.0], [2.0], [3.0]]), np.eye(2)))


def test_an_argument_is_not_handed_back() -> None:
    a = np.ones((2, 3))
    assert run(source("tr(A'*X)", "X", "A in R^(m,n)", "X in R^(m,n)"), A=a, X=a) is not a


def test_abstract_functions_are_told() -> None:
    text = source("g(A*x)", "x", "g: R^m -> R", "A in R^(m,n)", order=2)
    assert "g.d2(x) is the Hessian of g at x." in text and "\n\n    g.d2" in text
    assert "f.d(x) is the derivative of f at x, entry by entry." in source("sum(f(x))", "x", "f: R -> R", "x in R^n")
    assert "m x k: column j" in source("h(A*x)", "x", "h: R^m -> R^k", "A in R^(m,n)")


def test_vectors_reach_abstract_functions_flat() -> None:
    class G:
        def d(self, x: Any) -> Any:
            assert x.shape == (4,)
            return 2*x[:, None] if self.column else 2*x
        column = False
    g, a, x = G(), np.ones((4, 3)), np.ones(3)
    text = source("g(A*x)", "x", "g: R^m -> R", "A in R^(m,n)")
    for g.column in (False, True):
        assert np.array_equal(run(text, A=a, g=g, x=x), 24*np.ones(3))


def test_long_sums_stand_on_several_lines() -> None:
    names = [f"weights{i}" for i in range(12)]
    text = source(" + ".join(f"{w}'*x" for w in names), "x", *(f"{w} in R^n" for w in names), "x in R^n")
    lines = text.splitlines()
    assert "\n            + weights" in text and max(map(len, lines)) < 110
    assert np.array_equal(run(text, x=np.ones(2), **{w: np.ones(2) for w in names}), 12*np.ones(2))
