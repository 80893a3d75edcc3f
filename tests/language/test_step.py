"""The step function, 1 above 0 and 0 elsewhere: the slope of relu, printed and read as an indicator."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from matcalc import InputError, api

DECLARE = ["x in R^n", "y in R^n", "A in R^(n,n)", "c in R", "p in R positive"]


@pytest.mark.parametrize(("text", "result"), [
    ("sum(relu(x))", "step(x)"), ("sum(relu(A*x).^2)", "2*A'*relu(A*x)"), ("sum(leaky_relu(x))", "step(x) + step(-x)/100"),
    ("sum(hinge(x))", "-step(1 - x)"), ("sum(relu(relu(x)))", "step(relu(x)).*step(x)"), ("sum(x.*step(x))", "step(x)"),
    ("sum(step(x).*y)", "zeros(n)"), ("sum(relu(p*x))", "p*step(x)")])
def test_the_slope_of_a_kink_is_a_step(text: str, result: str) -> None:
    d = api.derive(text, "x", DECLARE, claim=result)
    assert d.verdict.kind == "proved" and d.claim_verdict is not None and d.claim_verdict.kind == "proved"


@pytest.mark.parametrize(("text", "kind"), [
    ("step(x) == (1 + sign(x))/2", "proved"), ("step(x).*step(x) == step(x)", "proved"), ("relu(x) == x.*step(x)", "proved"),
    ("step(c) + step(-c) == 1", "proved"), ("step(p*x) == step(x)", "proved"), ("step(c*x) == step(x)", "refuted"),
    ("step(c) == 1", "refuted"), ("step(p) == 1", "proved"), ("step(x) == sign(x)", "refuted"), ("step(c^2) == 1", "proved")])
def test_laws_of_the_step_are_judged(text: str, kind: str) -> None:
    assert api.prove(text, DECLARE).kind == kind


@pytest.mark.parametrize(("shown", "typed"), [
    ("𝟏[x > 0]", "step(x)"), ("𝟏[x < 0]", "step(-x)"), ("𝟏[x > y]", "step(x - y)"), ("y ⊙ 𝟏[A x < y]", "y.*step(y - A*x)"),
    (r"\mathbf{1}[x > 0]", "step(x)"), (r"\mathbb{1}[0 > x]", "step(-x)"), ("𝟏[|x| > y]", "step(abs(x) - y)")])
def test_an_indicator_is_read(shown: str, typed: str) -> None:
    assert api.prove(f"{shown} == {typed}", DECLARE).kind == "proved"


@pytest.mark.parametrize("text", ["𝟏{x > 0} == step(x)", "𝟏[x > 0 > y] == step(x)", "𝟏[x ≥ 0] == step(x)"])
def test_another_indicator_is_refused(text: str) -> None:
    with pytest.raises(InputError):
        api.prove(text, DECLARE)


def test_it_is_printed_so_in_every_medium() -> None:
    d = api.derive("sum(leaky_relu(x))", "x", DECLARE)
    assert "∂f/∂x = 𝟏[x > 0] + 𝟏[x < 0]/100" in d.text()
    assert r"\mathbf{1}[x > 0] + \tfrac{1}{100}\,\mathbf{1}[x < 0]" in d.latex()
    assert "&gt;" in d.html() and "&lt;" in d.html()


def test_at_the_kink_code_says_0() -> None:
    scope: dict[str, Any] = {}
    exec(api.derive("sum(relu(x))", "x", DECLARE[:1]).source("numpy"), scope)
    assert np.array_equal(scope["grad"](np.array([-2.0, 0.0, 3.0])), [0.0, 0.0, 1.0])
