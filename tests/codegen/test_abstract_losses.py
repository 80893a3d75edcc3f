"""An abstract function of a matrix is a callable with L.d and L.d2; with respect to a defined name, that name is computed."""

from __future__ import annotations

import random
import re
from typing import Any

import numpy as np
import pytest

from matcalc import judges
from matcalc.codegen.numpy import source
from matcalc.deriving.engine import derive
from matcalc.reading.parse import problem
from tests.random_expressions import Grammar, Random

DECLARE = ["L: R^(m,n) -> R", "W in R^(m,k)", "X in R^(k,n)", "A in R^(m,n)", "x in R^n", "y in R^m", "c in R"]
SIZES = {"W": (3, 2), "X": (2, 4), "A": (3, 4), "x": (4,), "y": (3,), "c": ()}
STEP = 1e-5


class Abstract:
    """L(Y) = sum(phi(P.*Y)) + a bilinear mix, with its gradient and its Hessian by vec."""

    def __init__(self, rng: np.random.Generator) -> None:
        self.B = rng.standard_normal((12, 12)) / 4

    def __call__(self, y: Any) -> Any:
        return np.sum(np.sin(self.B @ y.ravel("F")))

    def d(self, y: Any) -> Any:
        return (self.B.T @ np.cos(self.B @ y.ravel("F"))).reshape(y.shape, order="F")

    def d2(self, y: Any) -> Any:
        return -self.B.T @ np.diag(np.sin(self.B @ y.ravel("F"))) @ self.B


# What a loss is taken of, of one strand: every other operand is a leaf.
INSIDE = Grammar("mn | W*X  A  y*x'  c*A", """
11 | L({mn})
mn | tanh({mn})  ({mn}).*({mn:0})  ({mn}) + ({mn:0})  sigmoid({mn})  diag(y)*({mn})  softmax({mn})  c*({mn})  ({mn}).^2  ({mn})*diag(x)
""", early=0)


def evaluate(text: str, values: dict[str, Any]) -> Any:
    """The generated function at the values."""
    space: dict[str, Any] = {}
    exec(text, space)
    names = space["grad"].__code__.co_varnames[:space["grad"].__code__.co_argcount]
    return space["grad"](*(values[n] for n in names))


@pytest.mark.parametrize("seed", range(40))
def test_gradients_and_hessians_of_a_loss_are_proved_and_computed(seed: int, tally: Any) -> None:
    rng = random.Random(seed)
    expr = Random(INSIDE, rng).text("11", rng.randint(1, 3))
    wrt = rng.choice(sorted(set(re.findall(r"\b[WAXxyc]\b", expr))))
    if rng.random() < 0.3:
        expr = f"exp({expr}/9)*c"
    order = 2 if seed % 3 == 0 else 1
    p = problem(DECLARE, expr=expr, wrt=wrt, order=order)
    d = derive(p)
    assert judges.derivative(p, d).kind == "proved", (expr, wrt, order)
    assert judges.replay(d).kind == "checked", (expr, wrt, order)
    numbers = np.random.default_rng(seed)
    values = {n: numbers.standard_normal(s) if s else 0.7 for n, s in SIZES.items()} | {"L": Abstract(numbers), "m": 3, "n": 4, "k": 2}
    found = np.asarray(evaluate(source(p, d.result, d.where), values))
    once = problem(DECLARE, expr=expr, wrt=wrt)
    first = None if order == 1 else derive(once)
    below = source(once, p.f, []) if first is None else source(once, first.result, first.where)
    base = np.asarray(values[wrt], float)
    out = []
    for at in range(max(base.size, 1)):
        sides = []
        for sign in (1, -1):
            moved = base.ravel("F").copy()
            moved[at] += sign * STEP
            there = {**values, wrt: moved.reshape(base.shape, order="F") if base.shape else float(moved[0])}
            sides.append(np.asarray(evaluate(below, there)))
        out.append(((sides[0] - sides[1]) / (2 * STEP)).ravel("F"))
    wanted = np.array(out)
    assert np.allclose(found.ravel("F"), wanted.ravel(), atol=1e-5) or np.allclose(found, wanted, atol=1e-5), (expr, wrt, order)
    tally["functions of a matrix"] |= {"gradients and Hessians": tally["functions of a matrix"]["gradients and Hessians"] + 1}


def test_what_the_function_must_offer_is_said() -> None:
    first = source(problem(DECLARE, expr="L(W*X)", wrt="W"), derive(problem(DECLARE, expr="L(W*X)", wrt="W")).result, [])
    assert "L.d(x) is the gradient of L at x, m x n." in first and "return L.d(W @ X) @ X.T" in first
    p = problem(DECLARE, expr="L(W*X)", wrt="W", order=2)
    assert "L.d2(x) is the Hessian of L at x, by vec: columns one below another." in source(p, derive(p).result, [])


def test_a_defined_name_is_computed_from_what_it_is_made_of() -> None:
    p = problem(["W in R^(m,n)", "x in R^n", "y in R^m"], ["z = W*x", "h = tanh(z)"], expr="norm2(h - y)^2", wrt="z")
    d = derive(p)
    values = {"W": np.arange(6.0).reshape(2, 3) / 9, "x": np.array([1.0, -2.0, 0.5]), "y": np.array([0.3, 0.1])}
    h = np.tanh(values["W"] @ values["x"])
    found = evaluate(source(p, d.result, d.where), values)
    assert found.shape == (2,) and np.allclose(found, 2 * (h - values["y"]) * (1 - h**2))
