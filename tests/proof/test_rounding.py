"""Rounding refutes nothing, and what differs by less than rounding is refuted all the same."""

import pytest

from matcalc import judges
from matcalc.deriving.engine import derive
from matcalc.reading.parse import problem

AB = ["A in R^(n,m)", "B in R^(m,n)"]


def said(text, *declare):
    return judges.equation(problem(declare=declare, prove=text))


def test_the_logarithm_of_a_determinant_that_is_rounding():
    verdict = said("logdet(A*B) == logdet(B*A)", *AB)
    assert verdict.kind == "undecided", verdict
    assert said("logdet(A*B) == logdet(A) + logdet(B)", "A in R^(n,n)", "B in R^(n,n)").kind == "proved"
    assert said("det(A*B) == 0", "A in R^(3,2)", "B in R^(2,3)").kind in ("proved", "checked")


@pytest.mark.slow
def test_the_determinant_of_a_badly_scaled_matrix_is_rounding_beside_its_largest_entry():
    assert said("sum(B) == logdet(expm(diag(vec(B))))", "B in R^(n,n)").kind in ("proved", "checked", "undecided")
    assert said("sum(B) + 1 == logdet(expm(diag(vec(B))))", "B in R^(n,n)").kind == "refuted"


X = "x in R"
TAYLOR = " + ".join(f"x^{k}/{f}" for k, f in enumerate((1, 1, 2, 6, 24, 120, 720, 5040, 40320, 362880, 3628800, 39916800, 479001600,
                                                       6227020800)))


@pytest.mark.parametrize(("text", "declare"), [
    ("pi == 3.14159265358979", []), ("sin(x) == sin(x)*(1 + 1e-6)", [X]), ("exp(x) == exp(x) + 1e-30", [X]),
    (f"exp(x) == {TAYLOR}", [X]), ("sqrt(2) == 1.41421356237", []), ("abs(x - 10) == 10 - x", [X]), ("relu(x + 5) == x + 5", [X]),
    ("sqrt((x - 7)^2) == 7 - x", [X]), ("arctan(tan(x)) == x", [X]), ("arcsin(sin(x)) == x", [X]),
    ("relu(x + 5*ones(n)) == x + 5*ones(n)", ["x in R^n"]), ("abs(x - 10) == 10 - x", ["x in R positive"]),
    ("sign(x - 20) == -1", [X]), ("log(exp(x)) == x + 1e-25", [X]),
    ("sigmoid(x + 500) == 1", [X]), ("exp(-1000*x^2) == 0", [X]), ("exp(x) + 1e-90*sin(x) == exp(x)", [X]),
    ("log(1 + exp(-500 - x^2)) == 0", [X]), ("log(exp(x) + exp(x - 1000)) == x", [X]), ("erf(x + 20) == 1", [X]),
    ("sqrt(x^2 + 1e-90) == abs(x)", [X]), ("x + 1e-200*sin(x) == x", [X]), ("exp(x)*exp(-x) - 1 + exp(-1000*x^2) == 0", [X]),
    ("expm(A) + 1e-90*A == expm(A)", ["A in R^(n,n)"]), ("softmax(x) == softmax(x) + 1e-80*ones(n)", ["x in R^n"]),
    ("arctan(1e60*x^2) == pi/2", ["x in R positive"]), ("cos(1e-45*x) == 1", [X]), ("expm(1e-50*A) == eye(n) + 1e-50*A", ["A in R^(n,n)"]),
    ("det(-A) == -det(A)", ["A in R^(n,n)"]), ("det(S) == 0", ["S in R^(n,n) skew"]), ("adj(-A) == adj(A)", ["A in R^(n,n)"])])
def test_what_differs_below_rounding_is_refuted(text, declare):
    assert said(text, *declare).kind == "refuted"


def test_what_no_digits_can_show_is_undecided():
    assert said("log(1 + exp(-5000 - x^2)) == 0", X).kind == "undecided"
    assert said("sin(x + 1e-299*1e-299*1e-299*1e-299*1e-299*1e-299*1e-299) == sin(x)", X).kind == "undecided"


@pytest.mark.parametrize(("text", "declare"), [
    ("log(1 - tanh(x)^2) == -2*log(cosh(x))", [X]), ("softplus(x) - softplus(-x) == x", [X]), ("sqrt(x^2) == abs(x)", [X]),
    ("(x - 1)^8 == x^8 - 8*x^7 + 28*x^6 - 56*x^5 + 70*x^4 - 56*x^3 + 28*x^2 - 8*x + abs(1)", [X]),
    ("log(sigmoid(x)) == -softplus(-x)", [X]),
    ("sqrt(x + 1) - sqrt(x) == 1/(sqrt(x + 1) + sqrt(x))", ["x in R positive"]), ("sqrt(cosh(x)^2 - sinh(x)^2) == 1", [X]),
    ("arctan(1/x) == pi/2 - arctan(x)", ["x in R positive"]), ("arcsin(tanh(x)) == 2*arctan(tanh(x/2))", [X]),
    ("norm2(x - y)^2 == norm2(x)^2 + norm2(y)^2 - 2*x'*y", ["x in R^n", "y in R^n"]),
    ("tan(x) == sin(x)/cos(x)", [X]), ("abs(x*y) == abs(x)*abs(y)", [X, "y in R"]), ("det(-A) == (-1)^n*det(A)", ["A in R^(n,n)"]),
    ("logdet(exp(t)*A) == n*t + logdet(A)", ["A in R^(n,n)", "t in R"]), ("sqrt(2)*sqrt(3) == sqrt(6)", []),
    ("d(det(X^5))/d(X) == 5*det(X^5)*inv(X)'", ["X in R^(n,n)"])])
def test_what_rounding_blurs_is_not_refuted(text, declare):
    verdict = said(text, *declare)
    assert verdict.kind in ("proved", "checked"), verdict


def test_a_claim_off_by_little_is_refuted():
    p = problem(declare=[X], expr="sin(x)", wrt="x", claim="cos(x) + 1e-12")
    assert judges.claim(p, derive(p), p.claim).kind == "refuted"
    p = problem(declare=[X], expr="abs(x - 10)", wrt="x", claim="0*x - 1")
    assert judges.claim(p, derive(p), p.claim).kind == "refuted"
