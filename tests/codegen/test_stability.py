"""Generated code where the plain formula overflows, cancels or does needless work."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from matcalc.codegen import jax as jax_source
from matcalc.codegen import numpy as numpy_source
from matcalc.codegen import torch as torch_source
from matcalc.deriving.engine import derive
from matcalc.reading.parse import problem


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
    ("log(exp(x) + exp(2*x))", "x", ["x in R"], {"x": 800.0}, 2),
    ("log(exp(x) + exp(2*x))", "x", ["x in R"], {"x": -800.0}, 1),
    ("c*log(exp(x) + 3*exp(2*x))", "c", ["x in R", "c in R"], {"x": 800.0, "c": 1.0}, 1600 + np.log(3)),
    ("exp(x)/(exp(x) + exp(-x))", "x", ["x in R"], {"x": 20.0}, 2*np.exp(-40)),
    ("exp(x)/(exp(x) + exp(-x))", "x", ["x in R"], {"x": 800.0}, 0),
    ("sum(exp(x)./(exp(x) + exp(-x)))", "x", ["x in R^n"], {"x": FAR}, [0, 0, 0.5]),
    ("sum(exp(x)./(1 + exp(x) + exp(-x)))", "x", ["x in R^n"], {"x": FAR}, [0, 0, 1/3]),
    ("arctan(exp(x))", "x", ["x in R"], {"x": 700.0}, np.exp(-700)),
    ("sum(arctan(exp(x)))", "x", ["x in R^n"], {"x": FAR}, [0, 0, 0.5]),
    ("log(sum(1 + cosh(x)))", "x", ["x in R^n"], {"x": FAR}, [0.5, -0.5, 0]),
    ("c*log(3*sum(exp(x)) + 1)", "c", ["x in R^n", "c in R"], {"x": FAR, "c": 1.0}, 1000 + np.log(3)),
    ("sum(exp(x).*sigmoid(-2*x))", "x", ["x in R^n"], {"x": np.array([1000.0, -1000.0, 200.0])}, [0, 0, -np.exp(-200)]),
    ("log(cosh(x))", "x", ["x in R"], {"x": 1000.0}, 1),
    ("c*log(cosh(x))", "c", ["x in R", "c in R"], {"x": -1000.0, "c": 1.0}, 1000 - np.log(2)),
    ("c*log(sinh(x))", "c", ["x in R", "c in R"], {"x": 1000.0, "c": 1.0}, 1000 - np.log(2)),
    ("c*cosh(x)/sinh(x)", "c", ["x in R", "c in R"], {"x": 1000.0, "c": 1.0}, 1),
    ("c*log(exp(2*x) - exp(x))", "c", ["x in R", "c in R"], {"x": 800.0, "c": 1.0}, 1600),
    ("c*log((1 + exp(x))^3)", "c", ["x in R", "c in R"], {"x": 1000.0, "c": 1.0}, 3000),
    ("c*log(1 + exp(x)^2)", "c", ["x in R", "c in R"], {"x": 1000.0, "c": 1.0}, 2000),
    ("c*log((1 - exp(x))^2)", "c", ["x in R", "c in R"], {"x": 1.0, "c": 1.0}, 2*np.log(np.e - 1)),
    ("log(exp(x) + c)", "x", ["x in R", "c in R"], {"x": 800.0, "c": 2.5}, 1),
    ("exp(2*x)/(1 + exp(x))^2", "x", ["x in R"], {"x": 40.0}, 2*np.exp(-40)),
    ("c*exp(2*x)/(1 + exp(x))^2", "c", ["x in R", "c in R"], {"x": 800.0, "c": 1.0}, 1),
    ("c*exp(x)/sqrt(1 + exp(2*x))", "c", ["x in R", "c in R"], {"x": 800.0, "c": 1.0}, 1),
    ("log(1 + sum(exp(x)))", "x", ["x in R^n"], {"x": FAR}, [1, 0, 0]),
    ("log(sum(exp(x)) + sum(exp(2*x)))", "x", ["x in R^n"], {"x": FAR}, [2, 0, 0]),
    ("log(1 - exp(-exp(x)))", "x", ["x in R"], {"x": -40.0}, 1),
    ("c*log(1 - exp(-exp(x)))", "c", ["x in R", "c in R"], {"x": -40.0, "c": 1.0}, -40),
    ("c*(softplus(x) - x)", "c", ["x in R", "c in R"], {"x": 40.0, "c": 1.0}, np.exp(-40)),
    ("c*log(1 + x)", "c", ["x in R", "c in R"], {"x": 1e-20, "c": 1.0}, 1e-20),
    ("c*(exp(x) - 1)", "c", ["x in R", "c in R"], {"x": 1e-20, "c": 1.0}, 1e-20),
    ("relu(c*x)", "x", ["x in R", "c in R"], {"x": 1.0, "c": 0.1}, 0.1),
]


@pytest.mark.parametrize(("expr", "wrt", "declare", "given", "want"), LARGE, ids=lambda v: v if isinstance(v, str) else "")
def test_code_is_right_for_large_and_small_numbers(expr: str, wrt: str, declare: list[str], given: dict[str, Any], want: Any) -> None:
    assert np.allclose(run(source(expr, wrt, *declare), **given), want, rtol=1e-12, atol=1e-300)


@pytest.mark.parametrize(("expr", "wrt", "declare", "given", "want"), LARGE, ids=lambda v: v if isinstance(v, str) else "")
@pytest.mark.parametrize("library", ["torch", "jax"])
def test_large_and_small_elsewhere(library: str, expr: str, wrt: str, declare: list[str], given: dict[str, Any], want: Any) -> None:
    module = pytest.importorskip(library, reason=f"{library} is not installed: its generated code cannot be run here")
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
    ("x'*y/(norm2(x)*norm2(y))", "x", ["x in R^n", "y in R^n"], "return t1/t2 - (t3 @ t1)/t2*t3"),
    ("c^2*(a'*x)^3/norm1(a)", "x", ["a in R^n", "x in R^n", "c in R"], "return 3*(a @ x)**2*c**2/np.sum(np.abs(a))*a"),
    ("x'*diag(w)*y", "w", ["x in R^n", "w in R^n", "y in R^n"], "return x*y"),
    ("tr(A*B)*c", "c", ["A in R^(m,n)", "B in R^(n,m)", "c in R"], "return np.sum(A*B.T)"),
    ("sum(X*Y)*c", "c", ["X in R^(m,n)", "Y in R^(n,k)", "c in R"], "return np.sum(X @ np.sum(Y, axis=1))"),
])
def test_products_are_computed_in_the_cheap_order(expr: str, wrt: str, declare: list[str], body: str) -> None:
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


SPREAD = np.array([[900.0, -900, 3], [-800, 2, 850], [5, -700, -2]])
SURE = np.eye(3)[[0, 2, 0]]                 # the softmax of the rows of SPREAD, and of FAR's first row, to double precision
ROW, SECOND, EYE = SPREAD[0], np.array([0.0, 1, 0]), np.eye(3)
SURE[2] = [1/(1 + np.exp(-7)), 0, 1/(1 + np.exp(7))]
EXTREME = [
    ("-tr(log(softmax(X*Y'/t)))", "X", ["X in R^(n,d)", "Y in R^(n,d)", "t in R"], {"X": SPREAD, "Y": EYE, "t": 1.0}, SURE - EYE),
    ("-tr(log(softmax(X*Y'/t)))", "Y", ["X in R^(n,d)", "Y in R^(n,d)", "t in R"], {"X": EYE, "Y": SPREAD.T, "t": 1.0}, (SURE - EYE).T),
    ("-log(y'*softmax(z))", "z", ["z in R^n", "y in R^n"], {"z": ROW, "y": SECOND}, SURE[0] - SECOND),
    ("-log(y'*exp(z)/sum(exp(z)))", "z", ["z in R^n", "y in R^n"], {"z": ROW, "y": SECOND}, SURE[0] - SECOND),
    ("c*log(y'*softmax(z))", "c", ["z in R^n", "y in R^n", "c in R"], {"z": ROW, "y": SECOND, "c": 1.0}, -1800),
    ("c*log(2*y'*softmax(z))", "c", ["z in R^n", "y in R^n", "c in R"], {"z": ROW, "y": SECOND, "c": 1.0}, np.log(2) - 1800),
    ("-sum(log(softmax(X)).*eye(n))", "X", ["X in R^(n,n)"], {"X": SPREAD}, SURE - EYE),
    ("-sum(log(diag(softmax(X))))", "X", ["X in R^(n,n)"], {"X": SPREAD}, SURE - EYE),
    ("-sum(Y.*log(softmax(X)))", "X", ["X in R^(m,n)", "Y in R^(m,n)"], {"X": SPREAD, "Y": EYE}, SURE - EYE),
    ("-tr(Y'*log(softmax(X)))", "X", ["X in R^(m,n)", "Y in R^(m,n)"], {"X": SPREAD, "Y": EYE}, SURE - EYE),
    ("-sum(log(rowsum(Y.*softmax(X))))", "X", ["X in R^(m,n)", "Y in R^(m,n)"], {"X": SPREAD, "Y": EYE}, SURE - EYE),
    ("-y'*log(softmax(W*x))", "W", ["W in R^(m,n)", "y in R^m"], {"W": np.diag(ROW), "x": np.ones(3), "y": SECOND},
     np.outer(SURE[0] - SECOND, np.ones(3))),
    ("-y'*log(sigmoid(x)) - (ones(n)-y)'*log(1-sigmoid(x))", "x", ["x in R^n", "y in R^n"], {"x": ROW, "y": SECOND},
     [1, -1, 1/(1 + np.exp(-3))]),
    ("sum(exp(x)./(1+exp(x)))", "x", ["x in R^n"], {"x": ROW}, [0, 0, np.exp(-3)/(1 + np.exp(-3))**2]),
    ("sum(1./cosh(x))", "x", ["x in R^n"], {"x": ROW}, [0, 0, -np.tanh(3)/np.cosh(3)]),
    ("sum(log(exp(x) + x.^2))", "x", ["x in R^n"], {"x": ROW}, [1, -1/450, (np.exp(3) + 6)/(np.exp(3) + 9)]),
    ("sum(sqrt(softmax(z)))", "z", ["z in R^n"], {"z": ROW}, [0, 0, 0]),
    ("c*tr(log(softmax(X)))", "c", ["X in R^(n,n)", "c in R"], {"X": SPREAD, "c": 1.0}, 0 - 848 - 7 - np.log(1 + np.exp(-7))),
    ("p'*(log(p) - log(softmax(z)))", "z", ["z in R^n", "p in R^n simplex"], {"z": ROW, "p": SECOND}, SURE[0] - SECOND),
]


def written(library: str) -> tuple[Any, Any]:
    """A library's writer, and what makes its arrays."""
    if library == "numpy":
        return numpy_source, np.asarray
    module = pytest.importorskip(library, reason=f"{library} is not installed: its generated code cannot be run here")
    if library == "jax":
        module.config.update("jax_enable_x64", True)
    return (torch_source, module.tensor) if library == "torch" else (jax_source, module.numpy.asarray)


@pytest.mark.parametrize(("expr", "wrt", "declare", "given", "want"), EXTREME, ids=lambda v: v if isinstance(v, str) else "")
@pytest.mark.parametrize("library", ["numpy", "torch", "jax"])
def test_code_is_right_at_extreme_points(library: str, expr: str, wrt: str, declare: list[str], given: dict[str, Any], want: Any) -> None:
    writer, make = written(library)
    space: dict[str, Any] = {}
    exec(source(expr, wrt, *declare, writer=writer), space)
    with np.errstate(over="ignore"):
        got = np.asarray(space["grad"](**{k: make(v) if isinstance(v, np.ndarray) else v for k, v in given.items()}))
    assert np.allclose(got, want, rtol=1e-9, atol=1e-12), got


ADJ = np.array([[4.0, 0, 0], [0, 0, 0], [0, 0, 0]])       # of diag(0, 2, 2)
SINGULAR = [
    ("det(X)", "X", 1, np.diag([0.0, 2, 2]), ADJ), ("det(X)", "X", 1, np.zeros((3, 3)), np.zeros((3, 3))),
    ("det(X)^2", "X", 1, np.diag([0.0, 2, 2]), 0*ADJ), ("tr(adj(X))", "X", 1, np.zeros((2, 2)), np.eye(2)),
    ("tr(adj(X))", "X", 1, np.diag([0.0, 0, 2]), np.diag([2.0, 2, 0])),
    ("det(X*X')", "X", 1, np.array([[1.0, 0], [0, 0]]), np.zeros((2, 2))),
    ("det(diag(x))", "x", 1, np.array([1.0, 2, 0]), [0, 0, 2]),
    ("det(diag(x))", "x", 2, np.array([3.0, 2, 0]), [[0, 0, 2], [0, 0, 3], [2, 3, 0]]),
    ("det(x*x')", "x", 1, np.array([1.0, 2, 3]), np.zeros(3)), ("norm2(x)^3", "x", 2, np.zeros(3), np.zeros((3, 3))),
    ("norm2(x)^2", "x", 1, np.zeros(3), np.zeros(3)), ("norm2(x)^4", "x", 1, np.zeros(3), np.zeros(3)),
    ("det(X)", "X", 2, np.zeros((2, 2)), [[0, 0, 0, 1], [0, 0, -1, 0], [0, -1, 0, 0], [1, 0, 0, 0]]),
]


@pytest.mark.parametrize(("expr", "wrt", "order", "at", "want"), SINGULAR, ids=lambda v: v if isinstance(v, str) else "")
@pytest.mark.parametrize("library", ["numpy", "torch", "jax"])
def test_code_is_right_at_singular_points(library: str, expr: str, wrt: str, order: int, at: Any, want: Any) -> None:
    writer, make = written(library)
    text = source(expr, wrt, "X in R^(n,n)" if wrt == "X" else "x in R^n", order=order, writer=writer)
    space: dict[str, Any] = {}
    exec(text, space)
    assert np.allclose(np.asarray(space["grad"](make(at))), want, atol=1e-12), text
    assert "Where" not in text


@pytest.mark.parametrize("library", ["numpy", "torch", "jax"])
@pytest.mark.parametrize(("expr", "at"), [("std(x)", [3.0]), ("std(x)", [2.0, 2.0]), ("sqrt(x'*x)", [0.0, 0.0]), ("norm2(x)", [0.0])])
def test_a_root_of_squares_that_are_all_zero_has_the_gradient_0(library: str, expr: str, at: list[float]) -> None:
    writer, make = written(library)
    space: dict[str, Any] = {}
    exec(source(expr, "x", "x in R^n", writer=writer), space)
    assert np.array_equal(np.asarray(space["grad"](make(np.array(at)))), 0*np.array(at))


def test_the_determinant_of_what_is_always_singular_has_its_derivative() -> None:
    skew = np.array([[0.0, 1, -2], [-1, 0, 3], [2, -3, 0]])
    assert np.allclose(run(source("det(S)", "S", "S in R^(3,3) skew"), S=skew), np.outer([3, 2, 1], [3, 2, 1]))


@pytest.mark.parametrize(("expr", "said"), [
    ("norm2(x)", "Where x != 0."), ("sum(relu(x))", "Where no entry of x is 0."), ("norm1(x)", "Where no entry of x is 0."),
    ("sum(log(x))", "Where x > 0."), ("log(x'*x)", "Where x != 0."), ("norm2(x)^3", ""), ("det(diag(x))", ""), ("sum(softplus(x))", ""),
    ("logdet(diag(x))", "Where no entry of x is 0.")])
def test_where_there_is_no_derivative_is_said(expr: str, said: str) -> None:
    for writer in (numpy_source, torch_source, jax_source):
        text = source(expr, "x", "x in R^n", writer=writer)
        assert said in text if said else "Where" not in text, text
