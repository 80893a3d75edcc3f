"""Matrix-valued functions of a scalar and of a vector: F'(t), jac(K)(x) by vec; derivatives against central differences of the code."""

from __future__ import annotations

import random
from typing import Any

import numpy as np
import pytest
from codegen.test_abstract_losses import STEP, evaluate

from matcalc import judges
from matcalc.codegen.numpy import source
from matcalc.deriving.engine import derive
from matcalc.language.shape import InputError
from matcalc.reading.parse import problem
from tests.random_expressions import Grammar, Random

DECLARE = ["A: R -> R^(n,n)", "B: R -> R^(m,n)", "c: R -> R^n", "K: R^k -> R^(n,n)", "G: R^k -> R^(m,n)", "t in R", "x in R^k", "u in R^n",
           "v in R^m", "S in R^(n,n) spd"]
SIZES = {"t": (), "x": (2,), "u": (3,), "v": (4,), "S": (3, 3)}


class Curve:
    """cos(w*t)*P + sin(t)*Q + shift, and its derivatives."""

    def __init__(self, rng: np.random.Generator, shape: tuple[int, ...]) -> None:
        self.p, self.q, self.shift = (rng.standard_normal(shape) for _ in range(3))
        self.shift = self.shift + 4 * np.eye(3) if shape == (3, 3) else self.shift

    def __call__(self, t: Any) -> Any:
        return np.cos(2 * t) * self.p + np.sin(t) * self.q + self.shift

    def d(self, t: Any) -> Any:
        return -2 * np.sin(2 * t) * self.p + np.cos(t) * self.q

    def d2(self, t: Any) -> Any:
        return -4 * np.cos(2 * t) * self.p - np.sin(t) * self.q


class Field:
    """A matrix whose entries are tanh of combinations of x; d is its Jacobian, column j the gradient of entry j of vec."""

    def __init__(self, rng: np.random.Generator, shape: tuple[int, int]) -> None:
        self.shape, self.b = shape, rng.standard_normal((2, shape[0] * shape[1]))
        self.shift = 4 * np.eye(3) if shape == (3, 3) else 0

    def __call__(self, x: Any) -> Any:
        return np.tanh(x @ self.b).reshape(self.shape, order="F") + self.shift

    def d(self, x: Any) -> Any:
        return self.b * (1 - np.tanh(x @ self.b) ** 2)


# Functions of t, and of x: square matrices that move with it, and what is made of them.
MADE = """
11 | u'*inv({nn})*u  logdet({nn})  tr(({nn})*({nn}))  norm2(({nn})*u)^2  sum(exp(({nn})/9))  det({nn})/9  v'*{mn}*u*tr({nn})
@any | ({nn})*u  {nn}  vec({nn})'
"""
OF = {"t": Grammar("mn | B(t)\nnn | A(t)  A(t)'*A(t)  B(t)'*B(t) + S  A(2*t^2)  A(t)*S  A(u'*c(t))", MADE),
      "x": Grammar("mn | G(x)\nnn | K(x)  K(x)'*K(x)  G(x)'*G(x) + S  K(tanh(x))  S*K(x)  A(x'*x)", MADE)}


@pytest.mark.parametrize("seed", range(16))
def test_derivatives_are_proved_and_computed(seed: int, tally: Any) -> None:
    rng = random.Random(seed)
    at = rng.choice("tx")
    expr = Random(OF[at], rng).text("11" if seed % 4 else "@any", 2)
    p = problem(DECLARE, expr=expr, wrt=at)
    d = derive(p)
    assert judges.derivative(p, d).kind == "proved" and judges.replay(d).kind == "checked", expr
    numbers = np.random.default_rng(seed)
    values: dict[str, Any] = {n: numbers.standard_normal(s) if s else 0.7 for n, s in SIZES.items()} | {"m": 4, "n": 3, "k": 2}
    values["S"] = values["S"] @ values["S"].T + np.eye(3)
    values |= {"A": Curve(numbers, (3, 3)), "B": Curve(numbers, (4, 3)), "c": Curve(numbers, (3,)), "K": Field(numbers, (3, 3)),
               "G": Field(numbers, (4, 3))}
    found = np.asarray(evaluate(source(p, d.result, d.where), values))
    below = source(problem(DECLARE, expr=expr, wrt=at), p.f, [])
    base = np.asarray(values[at], float)
    rows = []
    for k in range(max(base.size, 1)):
        move = np.eye(2)[k] * STEP if base.shape else STEP
        high, low = (np.asarray(evaluate(below, {**values, at: base + s * move})).ravel("F") for s in (1, -1))
        rows.append((high - low) / (2 * STEP))
    assert np.allclose(found.ravel(), np.array(rows).ravel(), atol=1e-5), expr
    tally["matrix-valued functions"] |= {at: tally["matrix-valued functions"][at] + 1}


@pytest.mark.parametrize(("text", "kind"), [
    ("d(logdet(K(x)))/d(x) == jac(K)(x)*vec(inv(K(x))')", "proved"), ("d(K(x)) == unvec(jac(K)(x)'*d(x), n, n)", "proved"),
    ("d(inv(A(t)))/d(t) == -vec(inv(A(t))*A'(t)*inv(A(t)))'", "proved"), ("d(A'(t))/d(t) == vec(A''(t))'", "proved"),
    ("d(K(x)) == unvec(jac(K)(x)'*d(x), n, n)'", "refuted"), ("d(logdet(A(t)))/d(t) == tr(A(t)*A'(t))", "refuted"),
    ("d(G(x))/d(x) == jac(G)(x)*comm(n, m)", "refuted")])
def test_claims_about_matrix_valued_functions_are_judged(text: str, kind: str) -> None:
    p = problem(DECLARE, prove=text)
    assert judges.equation(p).kind == kind


@pytest.mark.parametrize(("text", "said"), [
    ("A(x)", "A takes a scalar, x is k x 1"), ("K'(x)", "K takes a vector"), ("jac(A)(t)", "not a vector-valued function of a vector"),
    ("K(u)", "K takes a vector of size k, u is n x 1")])
def test_an_argument_that_does_not_fit_is_refused(text: str, said: str) -> None:
    with pytest.raises(InputError) as raised:
        problem(DECLARE, expr=text, wrt="x")
    assert said in str(raised.value)
