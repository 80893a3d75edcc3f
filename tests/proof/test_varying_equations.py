"""Equations between names that vary, assumed with their differentials: points are found where both hold, also of structured matrices."""

from __future__ import annotations

import pytest

from matcalc import judges
from matcalc.reading.parse import problem

SYMMETRIC, GENERAL, COLUMN, NUMBER = "A in R^(n,n) symmetric", "A in R^(n,n)", "x in R^n", "c in R"
EIGEN = ["A*x = c*x", "x'*x = 1", "d(A*x) = d(c*x)"]


@pytest.mark.parametrize(("line", "declare", "assume"), [
    ("A*d(x) + d(A)*x == c*d(x) + # d(c)*x", [GENERAL, COLUMN, NUMBER], EIGEN[2:]),
    ("x'*d(A)*x == # d(c)", [SYMMETRIC, COLUMN, NUMBER], EIGEN),
    ("d(x) == # inv(A)*(d(b) - d(A)*x)", [GENERAL, COLUMN, "b in R^n"], ["A*x = b", "d(A*x) = d(b)"]),
    ("S*d(S) + # d(S)*S == d(A)", ["A in R^(n,n) spd", "S in R^(n,n) spd"], ["S*S = A", "d(S*S) = d(A)"]),
    ("inv(L)*d(L) + # (inv(L)*d(L))' == inv(L)*d(A)*inv(L)'", [SYMMETRIC, "L in R^(n,n) lower"], ["A = L*L'", "d(A) = d(L*L')"]),
    ("d(c)*(w'*x) == # w'*d(A)*x", [GENERAL, COLUMN, "w in R^n", NUMBER], ["A*x = c*x", "A'*w = c*w", "d(A*x) = d(c*x)"])])
def test_what_follows_by_the_differential_of_an_equation_is_proved(line: str, declare: list[str], assume: list[str]) -> None:
    def kind(text: str) -> str:
        return judges.equation(problem(declare, [], assume, prove=text), small=False, written_out=False).kind
    assert kind(line.replace("# ", "")) == "proved"
    assert kind(line.replace("# ", "2*")) == "refuted"
