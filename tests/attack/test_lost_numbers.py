"""Numbers too small for floats: what is positive everywhere has the sign 1 there too, and products with brackets are products."""

from __future__ import annotations

import random

import pytest

import matcalc as mc
from tests.parts import cases, seed

POSITIVE = ["exp({})", "softplus({})", "sigmoid({})", "log(1 + exp({}))", "1/(1 + exp(-({})))", "exp({0})/(1 + exp({0}))", "log1p(exp({}))"]
FAR = ["-tr(A)^3", "-c^5", "-exp(c)", "-10*x'*x", "-sum(A.^2)^2", "tr(A)^5", "-tr(A*A')^2", "c^7 - d^6"]
SIGNS = [("step({})", "1"), ("sign({})", "1"), ("1 + step({})", "2"), ("abs({0})/({0})", "1"), ("3*sign({}) - 1", "2")]


def drawn() -> list[tuple[str, str, str]]:
    rng = random.Random(seed(20261129))
    out = []
    for _ in range(cases("MATCALC_EQUATIONS", 24)):
        shape, value = rng.choice(SIGNS)
        left = shape.format(rng.choice(POSITIVE).format(rng.choice(FAR)))
        out.append((left, value, f"{value} - step(d)^2/1000"))
    return out


@pytest.mark.thin(3)
@pytest.mark.parametrize(("left", "right", "wrong"), drawn())
def test_what_underflows_is_not_zero(left: str, right: str, wrong: str) -> None:
    declare = ["x in R^n", "A in R^(n,n)", "c, d in R"]
    assert mc.prove(f"{left} == {right}", declare).kind in ("proved", "checked", "undecided")
    assert mc.prove(f"{left} == {wrong}", declare).kind not in ("proved", "checked")


FACTORS = ["I_{n}", "I_n", "B A", "(A)", "A^T", "2 A", "I_2", "A_1"]


@pytest.mark.parametrize("factor", FACTORS)
def test_a_factor_before_brackets_is_the_same_factor(factor: str) -> None:
    """Also with nothing said of it but what its name says."""
    claim = f"{factor} (C + D) = {factor} C + {factor} D"
    read = mc.prove(claim)
    assert read.kind == "proved", (claim, read)
    assert mc.prove(f"{factor} (C + D) = ({factor}) C - ({factor}) D").kind == "refuted"
    assert mc.prove("I_n (C + D) = C + D").kind == "proved"
