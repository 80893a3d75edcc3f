"""Python functions and SymPy's expressions are read as text would be."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
import sympy

import matcalc as mc

n, m = sympy.symbols("n m")
A, X, x = sympy.MatrixSymbol("A", n, n), sympy.MatrixSymbol("X", m, n), sympy.MatrixSymbol("x", n, 1)
c = sympy.Symbol("c")
y = mc.symbol("y", "R^m")

FUNCTIONS: list[tuple[Callable[..., Any], str, dict[str, str], str]] = [
    (lambda W, x, y: -y @ np.log(np.exp(W.T @ x) / np.sum(np.exp(W.T @ x))), "W", {"W": "R^(d,k)", "x": "R^d", "y": "R^k simplex"},
     "x*(softmax(W'*x) - y)'"),
    (lambda X, w: ((X @ w - y) ** 2).sum() / 2 + Fraction(1, 2) * np.linalg.norm(w) ** 2, "w", {"X": "R^(m,n)", "w": "R^n"},
     "X'*(X*w - y) + w"),
    (lambda X, w: ((X @ w - y) ** 2).mean(), "w", {"X": "R^(m,n)", "w": "R^n"}, "2*X'*(X*w - y)/m"),
    (lambda X, w: ((X @ w - y) ** 2).sum() / X.shape[0], "w", {"X": "R^(m,n)", "w": "R^n"}, "2*X'*(X*w - y)/m"),
    (lambda X: X.sum() ** 2 / (X.size * X.size(0)), "X", {"X": "R^(m,n)"}, "2*sum(X)*ones(m, n)/(m^2*n)"),
    (lambda A: np.linalg.slogdet(A)[1] if False else np.trace(np.linalg.inv(A)), "A", {"A": "R^(n,n)"}, "-(A^-2)'"),
    (lambda x, b: np.sum(x * b) - abs(x).sum() * 0, "x", {"x": "R^n", "b": "R^n"}, "b"),
    (lambda S: np.linalg.slogdet(S)[1], "S", {"S": "R^(n,n) spd"}, "inv(S)"),
    (lambda S: np.linalg.slogdet(S).logabsdet, "S", {"S": "R^(n,n) spd"}, "inv(S)"),
    (lambda x: (x[:, None] * x[None, :]).sum(), "x", {"x": "R^n"}, "2*sum(x)*ones(n)"),
    (lambda x, b: np.linalg.norm(np.concatenate([x, b])) ** 2, "x", {"x": "R^n", "b": "R^n"}, "2*x"),
    (lambda A, x: x @ np.linalg.multi_dot([A, A, x]), "x", {"A": "R^(n,n)", "x": "R^n"}, "(A*A + (A*A)')*x"),
    (lambda x: 2.0 ** (x @ x), "x", {"x": "R^n"}, "2*log(2)*2^(x'*x)*x"),
]
SYMPY = [(sympy.Trace(A * A * x * x.T), A, "(A*x*x' + x*x'*A)'"), (sympy.log(sympy.Determinant(A)), A, "inv(A)'"),
         (x.T * A * x, x, "(A + A')*x"), (sympy.Trace(sympy.HadamardProduct(X, X) * X.T), X, "3*X.^2"),
         ((A * x).applyfunc(sympy.exp), x, "A'*diag(exp(A*x))"), (sympy.Trace(A.I * A.T) + sympy.Trace(A) ** 2 / 2, A, ""),
         (sympy.sqrt((x.T * x)[0, 0]), x, "x/(x'*x)^0.5"), (sympy.exp(-(x.T * A * x)[0, 0] / 2), x, ""),
         (sympy.OneMatrix(1, n) * x.applyfunc(lambda t: sympy.sin(t) ** 2 + c * t), x, ""),
         (sympy.BlockMatrix([[A, A]]) * sympy.BlockMatrix([[x], [x]]), x, ""), (sympy.Trace(A ** m), A, "m*A^(m - 1)'"),
         (sympy.DiagonalMatrix(A) * x, x, "diag(diag(A))"), (sympy.Trace(sympy.Adjoint(A) * A), A, "2*A"),
         (c ** 2 * sympy.Trace(A) + sympy.sqrt(c), c, ""), (sympy.Trace(A * (sympy.Identity(n) - sympy.OneMatrix(n, n) / n)), A, "")]


@pytest.mark.parametrize(("function", "wrt", "spaces", "result"), FUNCTIONS)
def test_a_python_function_is_derived_and_proved(function: Callable[..., Any], wrt: str, spaces: dict[str, str], result: str) -> None:
    d = mc.derive(function, wrt, **spaces)  # type: ignore[arg-type]
    scope = [f"{name} in {space}" for name, space in spaces.items()] + ["y in R^m"] * ("y" not in spaces)
    assert d.verdict.kind in ("proved", "checked")
    assert mc.prove(f"{d.result} == {result}", scope).kind == "proved"


def test_a_function_and_its_derivative_agree() -> None:
    def loss(W: Any, x: Any, t: Any) -> Any:
        return np.sum(np.log1p(np.exp(W @ x))) - t @ (W @ x)
    d = mc.derive(loss, "W", W="R^(k,d)", x="R^d", t="R^k")
    rng = np.random.default_rng(5)
    W, x, t = rng.normal(size=(3, 2)), rng.normal(size=2), rng.normal(size=3)
    step = rng.normal(size=(3, 2))
    slope = (loss(W + 1e-6 * step, x, t) - loss(W - 1e-6 * step, x, t)) / 2e-6
    assert np.isclose(np.sum(d.function()(W=W, x=x, t=t) * step), slope)


@pytest.mark.parametrize(("function", "message"), [
    (lambda x: (x == 0) * x, "whether it is equal cannot be decided"), (lambda x: (x != 0) @ x, "whether it is equal cannot be decided"),
    (lambda x: float("nan") * x @ x, "nan is not a number"), (lambda x: np.array([1.0, np.nan]) @ x, "with nan or inf in it"),
    (lambda x: x if x else 0, "x cannot decide an if"), (lambda x: sum(x), "x cannot be taken apart"),
    (lambda x: x if x > 0 else 0, "cannot decide an if"), (lambda x: np.where(x, 1, 0), "np.where with these arguments"),
    (lambda x: np.add.reduce(x), "np.add.reduce"),
    (lambda x: x + np.arange(20.0), "uses a value of type ndarray"), (lambda x: 3, "returns int"),
    (lambda x: float(x), "x is not a number")])
def test_what_is_no_expression_is_an_error(function: Callable[..., Any], message: str) -> None:
    with pytest.raises(mc.InputError, match=message):
        mc.derive(function, "x", x="R^n")


def test_a_space_of_no_parameter_is_an_error() -> None:
    with pytest.raises(mc.InputError, match="Y is declared but is not a parameter"):
        mc.derive(lambda x: x @ x, "x", Y="R^n")


@pytest.mark.parametrize(("expr", "wrt", "result"), SYMPY, ids=str)
def test_a_sympy_expression_is_derived_and_proved(expr: Any, wrt: Any, result: str) -> None:
    d = mc.derive(expr, wrt)  # type: ignore[arg-type]
    assert d.verdict.kind in ("proved", "checked") and (not result or str(d.result) == result)


def test_an_equation_of_sympys_is_judged() -> None:
    assert mc.prove(sympy.Eq(x.T * A * x, x.T * A.T * x)).kind == "proved"      # type: ignore[arg-type]
    assert mc.prove(sympy.Eq(A * A.T, A.T * A, evaluate=False)).kind == "refuted"      # type: ignore[arg-type]


def test_what_goes_to_sympy_comes_back() -> None:
    assert str(mc.derive(x.T * A * x, x).to_sympy()) == "(A + A.T)*x"  # type: ignore[arg-type]


@pytest.mark.parametrize("expr", [sympy.Integral(c, c), sympy.MatrixSymbol("A_1", n, n)[sympy.Symbol("k"), 1],
                                  X.applyfunc(lambda t: t ** 2 + sympy.gamma(t)), sympy.oo * c, sympy.nan, sympy.Function("f")(c)])
def test_what_sympy_has_and_the_language_has_not_is_an_error(expr: Any) -> None:
    with pytest.raises(mc.InputError, match="cannot be read"):
        mc.derive(expr, "c")


@pytest.mark.parametrize(("function", "spaces", "result"), [
    (lambda x, A: x @ A @ x, {"A": "symmetric n x n", "x": "vector"}, "2*A*x"),
    (lambda x, A: x @ A @ x, {"A": ("n", "n"), "x": ("n",)}, "(A + A')*x"),
    (lambda x: np.ones(3) @ x, {"x": 3}, "ones(3)"), (lambda x: np.array([2.0, 2.0]) @ x, {"x": (2,)}, "2*ones(2)"),
    (lambda x: np.eye(2) @ x, {"x": 2}, "eye(2)"), (lambda x: np.array([1, 2]) @ x, {"x": 2}, "unit(1, 2) + 2*unit(2, 2)")])
def test_shapes_in_words_and_tuples_and_arrays_of_numbers(function: Any, spaces: dict[str, Any], result: str) -> None:
    assert str(mc.derive(function, "x", **spaces).result) == result


def test_an_entry_of_sympys_is_that_entry() -> None:
    v = sympy.MatrixSymbol("v", n, 1)
    assert str(mc.derive(v[0, 0]**2, "v").result) == "2*(unit(1, n)'*v)*unit(1, n)"
    assert str(mc.derive(sympy.MatrixSymbol("A_1", n, n)[0, 1] * c, "c").result) == "unit(1, n)'*A_1*unit(2, n)"


def test_the_code_of_a_python_function_takes_its_parameters_in_their_order() -> None:
    d = mc.derive(lambda b, x, A: ((A @ x - b) ** 2).sum(), "x", A="R^(n,n)")
    A, x, b = np.array([[1.0, 2], [3, 4]]), np.array([1.0, -1]), np.array([2.0, 5])
    assert list(inspect.signature(d.function()).parameters) == ["b", "x", "A"]
    assert np.allclose(d.function()(b, x, A), 2 * A.T @ (A @ x - b))
