"""Abstract functions of a matrix, g(vec(X)), and matrices that move along a curve, unvec(h(x), m, n): indices of product size."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from matcalc.reading.parse import problem
from matcalc.proof.all_sizes import indices
from matcalc.proof.at_points import points
from matcalc.proof.all_sizes.indices import RULES
from matcalc.proof.all_sizes.indexed import Entries
from matcalc.proof.all_sizes.normalform import Algebra
from matcalc.proof.all_sizes.heads import NeedsFinerIndices
from tests.proof.summation import Summation

DECLARE = ["g: R^(m*n) -> R", "h: R^(p*q) -> R^(m*n)", "c: R^1 -> R^(m*n)", "k: R^1 -> R^(n*q)", "t in R^1", "X in R^(m,n)", "Z in R^(p,q)"]
DEFINE = ["U = unvec(h(vec(Z)), m, n)", "C = unvec(c(t), m, n)", "K = unvec(k(t), n, q)"]
TRUE = [
    "d(g(vec(X)))/d(X) == unvec(grad(g)(vec(X)), m, n)",
    "d(g(vec(U)))/d(Z) == unvec(jac(h)(vec(Z))*grad(g)(h(vec(Z))), p, q)",
    "d(g(vec(X'')))/d(X) == d(g(vec(X)))/d(X)",
    "d(d(g(vec(X)))/d(X))/d(X) == hess(g)(vec(X))",
    "hess(g)(vec(X))' == hess(g)(vec(X))",
    "vec(unvec(c(t), m, n)) == c(t)",
    "d(C)/d(t) == jac(c)(t)",
    "unvec((d(C*K)/d(t))', m, q) == unvec((d(C)/d(t))', m, n)*K + C*unvec((d(K)/d(t))', n, q)",
    "d(tr(C'*X))/d(t) == tr(unvec(jac(c)(t)', m, n)'*X)",
    "d(log(det(X'*X)))/d(X) == d(logdet(X'*X))/d(X)",
]
FALSE = [
    "d(g(vec(X)))/d(X) == unvec(grad(g)(vec(X)), n, m)'",
    "d(g(vec(U)))/d(Z) == unvec(jac(h)(vec(Z))*grad(g)(vec(X)), p, q)",
    "hess(g)(vec(X)) == comm(m, n)'*hess(g)(vec(X))*comm(m, n)",
    "unvec((d(C*K)/d(t))', m, q) == C*unvec((d(K)/d(t))', n, q)",
]


@pytest.mark.parametrize("text", TRUE)
def test_true_equations_are_proved(text: str) -> None:
    p = problem(declare=DECLARE, define=DEFINE, prove=text)
    assert p.prove is not None
    assert indices.prove_equation(p, *p.prove).kind == "proved"
    assert points.judge_equation(p, *p.prove).kind == "checked"


@pytest.mark.parametrize("text", FALSE)
def test_false_equations_are_refuted(text: str) -> None:
    p = problem(declare=DECLARE, define=DEFINE, prove=text)
    if p.ill_shaped is None:
        assert p.prove is not None
        assert indices.prove_equation(p, *p.prove).kind == "undecided"
        assert points.judge_equation(p, *p.prove).kind == "refuted"


def by_summation(text: str, sizes: dict[str, int], values: dict[str, Any], functions: Any) -> Any:
    """The value of an expression's normal form, by plain summation."""
    p = problem(declare=DECLARE, define=DEFINE, prove=f"{text} == {text}")
    assert p.prove is not None
    layouts: dict[str, Any] = {}
    while True:
        alg = Algebra(RULES, 100_000)
        alg.layouts.update(layouts)
        try:
            v = Entries(alg, dict(p.definitions)).of(p.prove[0])
        except NeedsFinerIndices as finer:
            layouts[finer.name] = (finer.rows, finer.cols)
            continue
        return np.array(Summation(alg, sizes, values, functions).matrix(v.rows, v.cols, v.entries))


def test_the_normal_form_means_what_it_came_from() -> None:
    """g(v) = v'*Q*v/2 and h(v) = H*v with numbers: the gradient, the Hessian and the chain rule, entry by entry."""
    rng = np.random.default_rng(4)
    sizes = {"m": 2, "n": 3, "p": 4, "q": 2}
    Q, H, X, Z = rng.normal(size=(6, 6)), rng.normal(size=(6, 8)), rng.normal(size=(2, 3)), rng.normal(size=(4, 2))
    Q = Q + Q.T

    def functions(name: str, order: int, index: tuple[int, ...], argument: Any) -> float:
        v = np.array(argument)
        if name == "h":
            return float((H @ v)[index[0]] if order == 0 else H.T[index])
        return float(v @ Q @ v / 2 if order == 0 else (Q @ v)[index[0]] if order == 1 else Q[index])

    values = {"X": X.tolist(), "Z": Z.tolist()}
    x, z = X.flatten(order="F"), Z.flatten(order="F")
    for text, wanted in (("g(vec(X))", x @ Q @ x / 2),
                         ("d(g(vec(X)))/d(X)", (Q @ x).reshape(2, 3, order="F")),
                         ("hess(g)(vec(X))", Q),
                         ("unvec(h(vec(Z)), m, n)", (H @ z).reshape(2, 3, order="F")),
                         ("jac(h)(vec(Z))", H.T),
                         ("d(g(vec(U)))/d(Z)", (H.T @ Q @ H @ z).reshape(4, 2, order="F"))):
        assert np.allclose(by_summation(text, sizes, values, functions), wanted), text
