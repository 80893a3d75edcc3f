"""Roots that were undone by the wrong power, values too large for a float that counted as zero, differences that did not cancel."""

from __future__ import annotations

import math
from random import Random

import pytest

import matcalc as mc
from matcalc.language.expr import Number, add, mul, neg
from matcalc.language.inspection import is_zero
from matcalc.proof.at_points.reals import Reals
from matcalc.reading.parse import parse

GIVEN = ["X in R^(n,n) positive", "P in R^(n,n) spd", "A in R^(n,n)"]


@pytest.mark.parametrize(("root", "variable"), [("sqrt(X)^2", "X"), ("sqrt(X)^(-2)", "X"), ("sqrt(X).^2", "X"), ("sqrt(X).^4", "X"),
                                                ("sqrtm(P)^2", "P"), ("sqrtm(P)^4", "P")])
def test_a_root_and_its_power(root: str, variable: str) -> None:
    """sqrt(X)*sqrt(X) is not X, where the root goes entry by entry."""
    found = mc.derive(f"tr({root}*A)", variable, GIVEN)
    assert found.verdict.kind == "proved", found.text()


@pytest.mark.parametrize("claim", ["sqrt(X)^2 == X", "sqrtm(P).^2 == P", "sqrt(X)*sqrt(X) == X", "inv(sqrtm(P).^2) == inv(P)"])
def test_the_other_power_does_not_undo_a_root(claim: str) -> None:
    assert mc.prove(claim, GIVEN).kind == "refuted"


def test_the_other_power_is_differentiated_as_it_stands() -> None:
    """The differential of a root of a matrix cannot be written, so an answer would be one to another question."""
    with pytest.raises(mc.Unfinished):
        mc.derive("tr(A*sqrtm(P).^2)", "P", GIVEN)


def test_what_is_no_number_is_not_zero() -> None:
    ring = Reals(Random(1))
    assert math.isnan(ring.total([1.0, math.nan])) and math.isnan(ring.plus([1.0, 2.0], [1.0, math.nan])[1])
    assert math.isnan(ring.plus([math.inf, 1.0], [-math.inf, -1.0])[0])
    assert math.isnan(ring.dot([1.0, -1.0], [math.inf, math.inf], 1, 2, 1)[0])


def test_gradients_through_layers_that_grow_beyond_floats() -> None:
    """0 times infinity was taken for zero, and the true gradient was refuted by it."""
    layers = ["a0 in R^n", "b{k} in R^n for k = 1..12", "W in R^(n,n)"], ["a{k} = relu(W*a{k-1} + b{k}).*a{k-1} for k = 1..12"]
    assert mc.derive("sum(exp(a12)) + norm2(a0)^2", ["b1", "a0"], *layers).verdict.kind == "proved"


@pytest.mark.parametrize("text", ["(A - P)*X", "X*(P - A)*P", "(x - y)*y'", "A*x*(y - x)'", "(x - A*y)/norm2(x)", "exp(A)*(x - y)*sum(x)",
                                  "(A - P)'*(x - y)"])
def test_an_expression_less_itself_is_zero(text: str) -> None:
    """The minus goes into a difference, and what is so opposite has to be seen as such."""
    given = [*GIVEN, "x, y in R^n"]
    e = parse(text, given)
    assert is_zero(parse(f"({text}) - ({text})", given)) and parse(f"3*({text}) - ({text})*2", given) is e
    assert is_zero(add(mul(Number(3), e), neg(e), mul(Number(-2), e)))
