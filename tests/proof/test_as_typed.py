"""What was typed is what is judged: nothing is cancelled before the judges look, through definitions too."""

import pytest

from matcalc import api, judges
from matcalc.deriving.derivation import normalised
from matcalc.reading.parse import problem
from matcalc.rulebook.normal import LAWS

SQUARE = ["A in R^(n,n)"]


@pytest.mark.parametrize(("text", "declare", "more", "conditions"), [
    ("x/x == 1", ["x in R"], {}, ["x != 0"]),
    ("sqrt(t)^2 == t", ["t in R"], {}, ["t >= 0"]),
    ("A*inv(A) == eye(n)", SQUARE, {}, ["A invertible"]),
    ("x.*(1./x) == ones(n)", ["x in R^n"], {}, ["no entry of x is 0"]),
    ("inv(inv(A)) == A", SQUARE, {}, ["A invertible"]),
    ("inv(A)*A == eye(n)", ["A in R^(n,n) skew"], {}, ["A invertible"]),
    ("A^-1*A^3 == A^2", SQUARE, {}, ["A invertible"]),
    ("0*(c/d) == 0", ["c, d in R"], {}, ["d != 0"]),
    ("log(c) - log(c) == 0", ["c in R"], {}, ["c > 0"]),
    ("z*c/z == c", ["c, x in R"], {"define": ["z = x^2"]}, ["z != 0"]),
    ("tr(inv(G)*G) == k", ["X in R^(n,k)"], {"define": ["G = X'*X"]}, ["G invertible"]),
])
def test_proved_under_its_condition(text, declare, more, conditions):
    verdict = judges.equation(problem(declare=declare, prove=text, **more))
    assert (verdict.kind, list(verdict.conditions)) == ("proved", conditions)


@pytest.mark.thin(3)
@pytest.mark.parametrize(("text", "declare", "more"), [
    ("M*inv(M) == eye(n)", ["x in R^n"], {"define": ["M = x*x'"]}),
    ("x*x'*inv(x*x') == eye(n)", ["x in R^n"], {}),
    ("G*inv(G) == eye(3)", ["A in R^(3,2)"], {"define": ["G = A*A'"]}),
    ("c/z*z == c", ["c in R"], {"define": ["z = 0"]}),
    ("c/z*z == c", ["c, x in R"], {"define": ["z = x - x"]}),
    ("sqrt(z)^2 == z", ["c in R"], {"define": ["z = -1"]}),
    ("sqrt(-1 - t^2)^2 == -1 - t^2", ["t in R"], {}),
    ("0*log(-exp(t)) == 0", ["t in R"], {}),
    ("x./x == ones(n)", ["x in R^n"], {"assume": ["x = zeros(n)"]}),
    ("inv(A)*A*A == zeros(n,n)", SQUARE, {"assume": ["A*A = zeros(n,n)"]}),
])
def test_defined_nowhere_is_undecided(text, declare, more):
    assert judges.equation(problem(declare=declare, prove=text, **more)).kind == "undecided"


def test_a_derivative_names_what_was_cancelled_in_its_function():
    found = api.derive("x'*(inv(A)*A)*x + c*t/t", "x")
    assert str(found.result) == "2*x"
    assert found.verdict.kind == "proved"
    assert sorted(found.verdict.conditions) == ["A invertible", "t != 0"]
    page = found.text()
    assert "f = xᵀ (A⁻¹ A) x + c t/t" in page
    assert "a matrix cancels its inverse  A invertible" in page and "a factor cancels  t != 0" in page


def test_a_function_that_exists_nowhere_has_no_proved_derivative():
    assert api.derive("sum(M*inv(M)*x)", "x", declare=["x in R^n", "v in R^n"], define=["M = v*v'"]).verdict.kind == "undecided"


def test_the_page_keeps_the_order():
    assert "f = bᵀ x + xᵀ A x + c " in api.derive("b'*x + x'*A*x + c", "x", declare=["c in R"]).text()


@pytest.mark.parametrize("law", LAWS, ids=lambda law: law.name)
def test_a_law_is_true_under_its_condition(law):
    left, right = law.equation.split(" = ")
    p = problem(declare=[law.given], prove=f"{left} == {right}")
    verdict = judges.equation(p)
    assert (verdict.kind, list(verdict.conditions)) == ("proved", [law.condition])
    end, uses = normalised(p.as_typed().prove[0])
    assert [u.rule for u in uses] == [law.name]
    assert end is p.prove[0]


@pytest.mark.parametrize("text", ["-(a'*x + b'*x)",
                                  "c - (x'*x + b'*x)", "exp(-(x'*x + 1))", "a'*x - (b'*x - c*x'*x)", "norm2(x - (a + b))^2", "-(-x'*x)",
                                  "x'*x - (-(-c))*x'*x", "a'*(-(-x))"])
def test_the_formula_on_the_page_is_the_one_typed(text):
    """The line that says what f is reads back to what was typed: a minus before a sum keeps its brackets."""
    found = api.derive(text, "x", declare=["x, a, b in R^n", "c in R"])
    line = next(row for row in found.text().splitlines() if "Function" in row).split(" = ", 1)[1]
    assert line.replace(" ", "").count("−(") == text.replace(" ", "").count("-("), line


@pytest.mark.parametrize("text", ["c + 1e-45 == c", "c*(1 + 1e-60) == c",
                                  "x + 1e-50*x == x", "d(x'*x)/d(x) == (2 + 1e-60)*x", "1e-60 == 0*c"])
def test_what_is_rational_and_not_equal_is_never_checked(text):
    assert judges.equation(problem(declare=["c in R", "x in R^n"], prove=text)).kind in ("refuted", "undecided")


@pytest.mark.parametrize("text", ["abs(1 - x'*x) == 1 - x'*x", "relu(x'*x - 1) == 0"])
def test_simplex_points_stay_in_the_simplex(text):
    assert judges.equation(problem(declare=["x in R^n simplex"], prove=text)).kind != "refuted"


@pytest.mark.parametrize(("claim", "assumed", "kind"), [
    ("c == d", "c^3 = d^3", "proved"), ("c == -2", "c^3 = -8", "proved"), ("x == y", "exp(x) = exp(y)", "proved"),
    ("x == y", "x.^2 = y.^2", "refuted"), ("A == B", "A^3 = B^3", "refuted"), ("c == -d", "c^3 = d^3", "refuted")])
def test_what_a_function_takes_to_the_same_is_the_same_where_it_is_one_to_one(claim: str, assumed: str, kind: str) -> None:
    p = problem(declare=["c, d in R", "x, y in R^n", "A, B in R^(n,n)"], assume=[assumed], prove=claim)
    assert judges.equation(p).kind == kind


@pytest.mark.parametrize(("claim", "assumed"), [("c == 2", "(c - 2)*(c - 3) = 0"),
                                                ("c == 1", "(c - 1)*(c - 40) = 0"), ("c == 0", "c*exp(c) = c*exp(3)"),
                                                ("A == B", "expm(A) = expm(B)")])
def test_another_root_of_what_is_assumed_is_not_ruled_out_by_looking(claim, assumed):
    p = problem(declare=["c in R", "A, B in R^(n,n)"], assume=[assumed], prove=claim)
    assert judges.equation(p).kind in ("refuted", "undecided")


@pytest.mark.parametrize(("claim", "kind"), [
    ("d(L)/d(x) == s.*d(L)/d(s) - s*(s'*d(L)/d(s))", "proved"), ("d(L)/d(x) == s.*d(L)/d(s)", "refuted"),
    ("x.*d(sum(x.^2))/d(x)*2 == 4*x.^2", "proved")])
def test_a_derivative_is_one_factor_behind_an_entrywise_product(claim, kind):
    assert judges.equation(problem(declare=["x in R^n"], define=["s = softmax(x)"] if "s." in claim else [], prove=claim)).kind == kind
