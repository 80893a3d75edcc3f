"""What stands beside a formula on its line, the derivative that it asks for itself, and words of capital letters that are products."""

from __future__ import annotations

import pytest

import matcalc as mc
from matcalc.api import judge
from matcalc.diagnose.slip import Kind
from matcalc.reading.problems.question import Question
from matcalc.reading.problems.from_lines import problem
from matcalc.reading.problems.where_clauses import in_words


@pytest.mark.parametrize("text", [
    "-y^T log(p) - (1-y)^T log(1-p) where p = sigmoid(X w)", "p = sigmoid(X*w); L = -y'*log(p) - (1 - y)'*log(1 - p)",
    "L = -y'*log(p) - (1 - y)'*log(1 - p), p = sigmoid(z) and z = X*w, w in R^k",
    "p <- sigmoid(X %*% w)\nL <- -t(y) %*% log(p) - t(1 - y) %*% log(1 - p)",
    "z = X w, p = sigmoid(z), L = -y'*log(p) - (1 - y)'*log(1 - p)",
    "import numpy as np\np = sigmoid(X@w)\n-y @ np.log(p) - (1 - y) @ np.log(1 - p)",
    r"-y^\top\log p - (1-y)^\top\log(1-p), \quad \text{where } p = \sigma(Xw)"])
def test_definitions_and_declarations_stand_beside_the_formula(text: str) -> None:
    found = mc.derive(text, "w")
    assert found.verdict.kind == "proved" and found.record.problem.definitions
    assert mc.prove(f"{found.result} == X'*(p - y)", ["X in R^(n,k)", "y in R^n", "w in R^k"], ["p = sigmoid(X*w)"]).kind == "proved"


def test_a_name_is_not_used_where_a_longer_one_is() -> None:
    """b1 uses a12, not a1, which uses b1."""
    assert mc.prove("d(a1)/d(c) == 4*c where a1 = 2*b1 where b1 = a12 where a12 = c^2").kind == "proved"


@pytest.mark.parametrize("text", ["f(A, x)", "x'*A*x, and so on", "x'*x, y'*y", "norm(x, 1) + [x, y"])
def test_what_says_nothing_of_a_name_is_refused_as_before(text: str) -> None:
    with pytest.raises(mc.InputError):
        problem(expr=text, wrt="x")


def test_a_second_equation_behind_a_comma_is_no_definition() -> None:
    with pytest.raises(mc.InputError, match="a comma separates"):
        mc.prove("x'*x == y, y = sum(x.^2)")
    assert mc.prove("x'*x == y where y = sum(x.^2)").kind == "proved"


@pytest.mark.parametrize(("text", "result"), [
    ("d/dx (x^T A x)", "(A + A')*x"), (r"\frac{\partial}{\partial x} x^T A x", "(A + A')*x"), (r"\nabla_x x^T A x", "(A + A')*x"),
    ("∂(xᵀAx)/∂x", "(A + A')*x"), ("d(x'*A*x)/d(x)", "(A + A')*x"), (r"\frac{d \log\det X}{dX}", "inv(X)'"), ("∂/∂X tr(A X)", "A'"),
    (r"\nabla_x^2\, x^T A x", "A + A'"), ("What is the Hessian of x'*A*x with respect to x?", "A + A'"),
    ("gradient wrt x of x'A x", "(A + A')*x"), ("differentiate tr(A X) w.r.t. X", "A'"),
    ("gradient of x'A x", "(A + A')*x"), ("df/dx for f = x'*A*x", "(A + A')*x"),
    ("∇²(x'A x)", "A + A'"), (r"\nabla(x^T A x)", "(A + A')*x"),
    ("D[Tr[A.X], X]", "A'"), ("d/dx(x'A x)", "(A + A')*x")])
def test_a_derivative_says_by_what(text: str, result: str) -> None:
    found = mc.derive(text)
    assert str(found.result) == result and found.verdict.kind == "proved" and found.record.problem.read


def test_of_nothing_is_no_derivative() -> None:
    with pytest.raises(mc.InputError, match="nothing here depends on t"):
        mc.prove("d/dt (x'P x) == x'*(A'*P + P*A)*x where v = A*x")
    with pytest.raises(mc.InputError, match="nothing says what to differentiate with respect to"):
        mc.derive("x'*A*x")
    with pytest.raises(mc.InputError, match="with respect to x, and the one with respect to A is asked for"):
        mc.derive("d(x'*A*x)/d(x)", "A")
    with pytest.raises(mc.InputError, match="a derivative before a sum has two readings") as found:
        mc.derive("d/dx (x'*A*x) + x'*x")
    assert found.value.source == "d/dx (x'*A*x) + x'*x"
    with pytest.raises(mc.InputError, match="where is not a name"):
        mc.derive("x'*A*x where", "x")


NAMES = ["A in R^(n,n)", "x in R^n", "w in R^n", "c in R"]


@pytest.mark.parametrize(("text", "reading"), [
    ("f'(x) = 2x where f(x) = x'x", "d(f)/d(x) == 2*x"), ("f''(c) = 2 where f(c) = c^2", "d(d(f)/d(c))/d(c) == 2"),
    ("∇f = 2x where f = x'x", "d(f)/d(x) == 2*x"), ("∇²f(x) = 2I where f(x) = x'x", "d(d(f)/d(x))/d(x) == 2*I"),
    ("d(Ax)/dx' = A", "(d(A*x)/d(x))' == A"), ("∂(Ax)/∂xᵀ = A", "(d(A*x)/d(x))' == A"),
    ("dσ(w'x)/dw = x", "d(sigmoid(w'*x))/d(w) == x"), ("dlogc/dc = 1/c", "d(log(c))/d(c) == 1/c"),
    ("D[x.A.x, {x, 2}] == A", "d(d(x'*A*x)/d(x))/d(x) == A")])
def test_a_derivative_has_many_notations(text: str, reading: str) -> None:
    assert problem(NAMES, prove=text).read[-1] == reading


@pytest.mark.parametrize("text", ["d(x'x)^2/dx = x", "(sin c)' = cos(c)", "(c^2)' = 2*c", "H_f = A where f = x'A x", "D_x (x'A x) = A x",
                                  "f'(w) = 2x where f(x) = x'x", "c'(x) = x", "normP = ‖x‖_P"])
def test_what_may_be_another_derivative_is_asked_back(text: str) -> None:
    with pytest.raises(mc.InputError, match="two readings|may be a derivative"):
        problem(NAMES, prove=text)


@pytest.mark.parametrize("text", ["tr(AB) = tr(BA)", "det(AB) = det(A) det(B)", "(AB)^-1 = B^-1 A^-1", "(AB)^T = B^T A^T",
                                  "tr(ABC) = tr(CAB)", "(A+B)^2 = A^2 + AB + BA + B^2"])
def test_a_word_of_capital_letters_is_a_product_where_its_letters_stand_elsewhere(text: str) -> None:
    assert mc.prove(text).kind == "proved"


def test_a_word_by_itself_is_a_name_or_asked_back() -> None:
    assert problem(expr="tr(AB)", wrt="AB").inferred == ["AB in R^(n,n)"]
    for text, word in (("KL = K*x", "KL"), ("AB = A*B", "AB"), ("KL*x = K*x", "KL")):
        with pytest.raises(mc.InputError, match=f"{word} is not declared"):
            mc.prove(text)


@pytest.mark.parametrize(("text", "read"), [
    ("x'Ax where A = A'", "A in R^(n,n) symmetric"), ("x'Ax, A = -A^T", "A in R^(n,n) skew")])
def test_a_matrix_that_is_said_to_equal_its_transpose_is_symmetric(text: str, read: str) -> None:
    assert read in problem(expr=text, wrt="x").inferred


def test_an_equation_beside_a_formula_is_assumed() -> None:
    p = problem(["A in R^(n,n)"], expr="u'Av where u'u = 1", wrt="u")
    assert [f"{a} = {b}" for a, b in p.assumptions] == ["u'*u = 1"]
    assert [f"{a} = {b}" for a, b in problem(expr="y'log(p), sum(y) = 1", wrt="p").assumptions] == ["sum(y) = 1"]


def test_the_derivative_of_a_matrix_by_a_number_is_a_matrix() -> None:
    declared = ["t in R", "A in R^(m,n)", "B in R^(n,n)"]
    assert mc.prove("d(t*A)/d(t) == A", declared).kind == "proved" and mc.prove("d(t*A)/d(t) == 2*A", declared).kind == "refuted"
    assert mc.prove("d/dt expm(t*B) = B*expm(t*B)", declared).kind == "proved"
    assert mc.prove("d(t*A)/d(t) == vec(A)'", declared).kind == "proved"
    assert mc.prove("d(t*A)/d(t) == A'", declared).kind == "refuted"


def test_a_false_equation_of_differentials_says_what_must_be_constant() -> None:
    for claim, right in (("d(A*B) == d(A)*B", True), ("d(A*B) == 2*d(A)*B", False)):
        verdict, diagnosis = judge(problem(prove=claim))
        assert verdict.kind == "refuted" and [str(s.about[1]) for s in diagnosis.slips if s.what is Kind.RIGHT_IF] == ["constant"] * right


def test_letters_that_are_mostly_coefficients_are_constant_beside_differentials_of_others() -> None:
    symmetric = ["A in R^(n,n) symmetric"]
    for claim, kind in (("d(x'*A*x) == 2*x'*A*d(x)", "proved"), ("d(x'*A*x) == 3*x'*A*d(x)", "refuted"), ("d(A*x) == 0", "refuted")):
        p = problem(symmetric, prove=claim)
        assert judge(p)[0].kind == kind and [line for line in p.read if "d(A)" in line] == ["with d(A) == 0"] * ("d(x)" in claim)


def test_the_derivative_of_a_column_by_a_number_may_be_said_to_be_a_column() -> None:
    for claim, kind in (("d(t*A*x)/d(t) == A*x", "proved"), ("d(t*A*x)/d(t) == x'*A'", "proved"), ("d(t*A*x)/d(t) == 2*A*x", "refuted"),
                        ("d(t*x)/d(t) == x", "proved"), ("d(A*t)/d(t) == A'", "proved"), ("d(exp(a*t)*x)/d(t) == exp(a*t)*x", "refuted")):
        assert judge(problem(prove=claim))[0].kind == kind


@pytest.mark.parametrize("said", ["for symmetric A", r"\text{ for symmetric } \mathbf{A}", r", \quad A = A^\top", ", A symmetric",
                                  r"\quad \text{if } A \text{ is symmetric}", r"\qquad \text{(A symmetric)}"])
def test_what_is_said_behind_a_claim_of_latex_is_no_factor(said: str) -> None:
    p = problem(prove=r"\frac{\partial x^T \mathbf{A} x}{\partial x} = 2\mathbf{A}x " + said)
    assert sorted(p.inferred, reverse=True) == ["x in R^n", "A in R^(n,n) symmetric"] and p.read == ("d(x'*A*x)/d(x) == 2*A*x",)


def test_pi_below_a_length_is_derived() -> None:
    assert str(mc.derive("c/(4*pi*norm2(r))", "r").result) == "-0.25*c*r/(pi*norm2(r)^3)"


def test_a_long_text_is_no_question_in_words() -> None:
    asked = Question(expr="find the " * 2_000 + " " * 20_000 + "x")
    assert in_words(asked) == asked


def test_bars_of_an_equation_are_what_its_sides_allow() -> None:
    """The derivative of the absolute values has other sizes; both |A B| and |A| |B| are numbers or matrices."""
    declare = ["A, B in R^(n,n)"]
    assert mc.prove(r"\frac{\partial |A|}{\partial A} = |A| A^{-\top}", declare).kind == "proved"
    assert mc.prove("∂|A|/∂A = |A| A⁻¹", declare).kind == "refuted"
    with pytest.raises(mc.InputError, match="two readings: the determinant"):
        mc.prove("|A B| = |A||B|", declare)
