"""Only conditions that can fail are printed."""

import pytest

from matcalc import judges
from matcalc.language.parse import problem


@pytest.mark.parametrize(("text", "declare", "wanted"), [
    ("det(c*A) == c^n*det(A)", ["c in R", "A in R^(n,n)"], ()),
    ("log(2) + log(3) == log(6)", [], ()),
    ("norm2(x)^2 == x'*x", ["x in R^n"], ()),
    ("log(n*x) == log(n) + log(x)", ["x in R positive", "y in R^n"], ("n*x > 0", "x > 0")),
    ("log((n - 2)^2*x) == log((n - 2)^2) + log(x)", ["x in R positive", "y in R^n"], ("(n - 2)^2*x > 0", "(n - 2)^2 > 0", "x > 0")),
    ("sqrt(pi)*sqrt(pi) == pi", [], ()),
    ("log(x^2*y) == log(x^2) + log(y)", ["x in R", "y in R positive"], ("x^2*y > 0", "x^2 > 0", "y > 0")),
])
def test_conditions(text, declare, wanted):
    verdict = judges.equation(problem(declare=declare, prove=text))
    assert verdict.kind == "proved", verdict
    assert sorted(verdict.conditions) == sorted(wanted)


def test_adjugate_of_the_adjugate():
    verdict = judges.equation(problem(declare=["A in R^(n,n)"], prove="adj(adj(A)) == det(A)^(n-2)*A"))
    assert verdict.kind == "proved"
    assert not any(">" in c for c in verdict.conditions), verdict.conditions
