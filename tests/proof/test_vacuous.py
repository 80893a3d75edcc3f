"""What is defined nowhere is neither proved nor checked."""

import pytest

from matcalc import judges
from matcalc.deriving.engine import derive
from matcalc.reading.parse import problem
from matcalc.proof.verdict import Cause


@pytest.mark.parametrize(("text", "declare"), [
    ("S*inv(S) == eye(3)", ["S in R^(3,3) skew"]), ("exp(log(-2)) == -2", []), ("sqrt(-1)^2 == -1", []),
    ("inv(x*x')*y == inv(x*x')*y + 0*y", ["x in R^n", "y in R^n"]), ("log(-x^2 - 1) - log(-x^2 - 1) == 0*x", ["x in R"])])
def test_an_equation_that_is_defined_nowhere_is_undecided(text, declare):
    p = problem(declare=declare, prove=text)
    if p.prove[0] is not p.prove[1] or "S" in text:
        verdict = judges.equation(p)
        assert verdict.kind == "undecided", verdict
        assert verdict.why is Cause.NOWHERE and "no point found where both sides are defined" in verdict.detail


@pytest.mark.parametrize(("text", "wrt"), [("inv(x*x')*y", "y"), ("logdet(x*x')", "x"), ("norm2(x)^3 + sum(abs(x)) + sign(0*y'*y)", "x")])
def test_a_derivative_that_is_defined_nowhere_is_undecided(text, wrt):
    p = problem(declare=["x in R^n", "y in R^n"], expr=text, wrt=wrt)
    assert judges.derivative(p, derive(p)).kind == "undecided"


@pytest.mark.parametrize(("text", "declare"), [
    ("S*inv(S) == eye(4)", ["S in R^(4,4) skew"]), ("S*inv(S) == eye(n)", ["S in R^(n,n) skew"]), ("inv(x'*x)*x'*x == 1", ["x in R^n"]),
    ("log(log(log(x^2))) == log(log(2*log(x)))", ["x in R positive"]), ("exp(log(x)) == x", ["x in R positive"])])
def test_what_is_defined_somewhere(text, declare):
    assert judges.equation(problem(declare=declare, prove=text)).kind in ("proved", "checked")


@pytest.mark.parametrize("text", ["log(x - 5)", "sqrt(x - 100)", "log(log(log(x)))", "arccos(x/200 - 1)", "log(x - 3000)", "sqrt(-20 - x)",
                                  "log(1e-4 - x^2)"])
def test_derivatives_defined_far_away_are_proved(text):
    p = problem(declare=["x in R"], expr=text, wrt="x")
    verdict = judges.derivative(p, derive(p))
    assert verdict.kind == "proved", verdict
