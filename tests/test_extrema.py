"""Where a derivative is zero: the equation, its solution, what must be invertible, and what is refused."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from matcalc import InputError, Unfinished, stationary
from matcalc.commands.cli import cli

RIDGE = "norm2(X*w - y)^2 + c*norm2(w)^2"


@pytest.mark.parametrize(("f", "x", "declare", "equation", "solution", "inverted"), [
    (RIDGE, "w", [], ("(X'*X + c*eye(m))*w", "X'*y"), "inv(X'*X + c*eye(m))*X'*y", ["X'*X + c*eye(m)"]),
    ("normF(X*W-Y)^2 + c*normF(W)^2", "W", ["c in R"], ("(X'*X + c*eye(m))*W", "X'*Y"), "inv(X'*X + c*eye(m))*X'*Y", ["X'*X + c*eye(m)"]),
    ("normF(W*X-Y)^2 + c*normF(W)^2", "W", ["c in R"], ("W*(X*X' + c*eye(m))", "Y*X'"), "Y*X'*inv(X*X' + c*eye(m))",
     ["X*X' + c*eye(m)"]),
    ("normF(A*X*B-C)^2", "X", [], ("A'*A*X*B*B'", "A'*C*B'"), "inv(A'*A)*A'*C*B'*inv(B*B')", ["A'*A", "B*B'"]),
    ("normF(A*X-C)^2 + normF(X*B-D)^2", "X", [], ("(kron(B*B', eye(m)) + kron(eye(k), A'*A))*vec(X)", "vec(A'*C + D*B')"),
     "unvec(inv(kron(B*B', eye(m)) + kron(eye(k), A'*A))*vec(A'*C + D*B'), m, k)", ["kron(B*B', eye(m)) + kron(eye(k), A'*A)"]),
    ("tr((eye(n) - K*H)*S*(eye(n) - K*H)') + tr(K*R*K')", "K", ["S in R^(n,n) spd", "R in R^(m,m) spd"], ("K*(H*S*H' + R)", "S*H'"),
     "S*H'*inv(H*S*H' + R)", ["H*S*H' + R"]),
    ("1/2*x'*A*x - b'*x", "x", ["A in R^(n,n)"], ("(A + A')*x", "2*b"), "2*inv(A + A')*b", ["A + A'"]),
    ("norm2(z - t*y)^2", "t", ["t in R"], ("t*(y'*y)", "y'*z"), "y'*z/(y'*y)", ["y'*y"]),
    ("norm2(c*x - y)^2", "x", ["x in R^n", "c in R"], ("c^2*x", "c*y"), "y/c", ["c^2"]),
    ("norm2(x - a)^2 + norm2(x - b)^2", "x", ["x in R^n"], ("x", "0.5*a + 0.5*b"), "0.5*a + 0.5*b", ["eye(n)"])])
def test_the_equation_is_solved_and_judged(f: str, x: str, declare: list[str], equation: tuple[str, str], solution: str,
                                           inverted: list[str]) -> None:
    found = stationary(f, x, declare)
    assert (*map(str, found.equation),) == equation and str(found.solution) == solution
    assert [str(e) for e in found.inverted] == inverted and found.verdict.kind == "proved" and found.extremum == "minimum"


@pytest.mark.parametrize(("f", "x", "declare", "solution", "extremum"), [
    ("n*logdet(S) + tr(X*inv(S)*X')", "S", ["X in R^(n,k)"], "X'*X/n", "minimum"),
    ("-n/2*logdet(S) - 1/2*tr(X*inv(S)*X')", "S", ["X in R^(n,k)", "S in R^(k,k) spd"], "X'*X/n", "maximum"),
    ("tr(P*C) - logdet(P)", "P", [], "inv(C)", "minimum"),
    ("-c/2*logdet(S) - tr(inv(S)*C)/2", "S", ["c in R"], "C/c", "maximum"),
    ("c*logdet(P) - tr(P*C)", "P", ["c in R", "C in R^(k,k) symmetric"], "c*inv(C)", "maximum"),
    ("logdet(P) - tr(P*C)", "P", ["P in R^(k,k) spd", "C in R^(k,k) symmetric"], "inv(C)", "maximum")])
def test_log_determinants_are_solved_for_their_inverse(f: str, x: str, declare: list[str], solution: str, extremum: str) -> None:
    found = stationary(f, x, declare)
    assert (str(found.solution), found.extremum, found.verdict.kind) == (solution, extremum, "proved")
    assert found.among == "positive definite matrices"
    assert f"the {extremum} among positive definite matrices where" in " ".join(found.text().split())


@pytest.mark.parametrize(("f", "x", "solution", "extremum", "positive"), [
    ("norm2(y - X*b)^2/(2*s) + n*log(s)/2", "s", "norm2(y - X*b)^2/n", "minimum", "n is positive"),
    ("-a*log(t) - c/t", "t", "c/a", "maximum", "a and c are positive"), ("log(t) - 2*t", "t", "0.5", "maximum", ""),
    ("n*log(s) + norm2(y)^2/(2*s^2)", "s", "sqrt(norm2(y)^2/n)", "minimum", "n is positive"),
    ("3*a*t - t^3", "t", "sqrt(a)", "maximum", "a is positive"),
    ("(a - t)^2 + (c - t)^2", "t", "0.5*a + 0.5*c", "minimum", "")])
def test_variances_and_rates_are_solved_for(f: str, x: str, solution: str, extremum: str, positive: str) -> None:
    found = stationary(f, x, ["a, c, n, s, t in R"])
    assert (str(found.solution), found.extremum, found.verdict.kind) == (solution, extremum, "proved")
    assert f"among positive numbers where {positive}" in " ".join(found.text().split()) or not positive


def test_the_solution_lies_where_the_function_is() -> None:
    assert "where n ≠ 0 and c/n > 0" in " ".join(stationary("n*log(s) + c/s", "s", ["n, c, s in R"]).text().split())


@pytest.mark.parametrize(("f", "why"), [("log(t) + t", "none among positive numbers"), ("1/t", "the derivative, -1/t.2, is 0 for no t")])
def test_a_variance_that_would_be_negative_or_0_is_none(f: str, why: str) -> None:
    with pytest.raises(Unfinished, match=why):
        stationary(f, "t", ["t in R"])


@pytest.mark.parametrize("f", ["logdet(S) + tr(inv(S)*C) + tr(S*C)", "logdet(S) + tr(inv(S)*C*inv(S))"])
def test_other_log_determinants_are_refused(f: str) -> None:
    with pytest.raises(Unfinished):
        stationary(f, "S", ["C in R^(n,n)", "c in R"])


def test_a_positive_definite_unknown_is_no_other_matrix() -> None:
    declare = ["P in R^(n,n) spd", "C in R^(n,n) spd"]
    with pytest.raises(Unfinished, match="there is none: P is positive definite"):
        stationary("tr(P*C) + logdet(P)", "P", declare)
    page = " ".join(stationary("tr(P*C) - logdet(P)", "P", [declare[0], "C in R^(n,n) symmetric"]).text().split())
    assert "the only such point and the minimum among positive definite matrices where C is positive definite" in page


def test_definitions_are_opened_and_a_maximum_is_called_one() -> None:
    found = stationary("-z'*z", "w", ["X in R^(m,n)", "w in R^n", "y in R^m"], ["z = X*w - y"])
    assert (str(found.solution), found.extremum, found.verdict.kind) == ("inv(X'*X)*X'*y", "maximum", "proved")


@pytest.mark.parametrize(("f", "x", "declare", "error"), [
    ("x'*x*x'*x", "x", [], Unfinished), ("a'*x", "x", ["a in R^n"], Unfinished), ("softmax(x)", "x", ["x in R^n"], InputError),
    ("tr(X*A*X)", "X", ["A, X in R^(n,n) symmetric"], InputError), ("log(x'*x)", "x", [], Unfinished)])
def test_what_is_not_linear_is_refused(f: str, x: str, declare: list[str], error: type[Exception]) -> None:
    with pytest.raises(error):
        stationary(f, x, declare)


def test_the_command_solves_and_judges() -> None:
    page = CliRunner().invoke(cli, ["stationary", RIDGE, "-w", "w"])
    assert page.exit_code == 0 and "  w = (Xᵀ X + c I)⁻¹ Xᵀ y\n" in page.output and "the minimum" in page.output
    data = json.loads(CliRunner().invoke(cli, ["stationary", RIDGE, "--wrt", "w", "--format", "json"]).output)
    assert data["solution"] == "inv(X'*X + c*eye(m))*X'*y" and data["verdict"]["kind"] == "proved"


@pytest.mark.parametrize(("f", "x"), [("(b'*w - c)^2", "w"), ("(b'*w)^2 + b'*w", "w"), ("logdet(S) + x'*inv(S)*x", "S")])
def test_no_solution_is_the_inverse_of_what_has_none(f: str, x: str) -> None:
    with pytest.raises(Unfinished, match="is never invertible"):
        stationary(f, x, ["b, w in R^n", "c in R"] if x == "w" else [])


@pytest.mark.parametrize(("form", "shown"), [("text", "w = (Xᵀ X + c I)⁻¹ Xᵀ y"), ("latex", r"w &= (X^{\top}\,X + c\,I)^{-1}\,X^{\top}\,y"),
                                             ("markdown", "**Solution** the only such point where $X^{\\top}\\,X + c\\,I$ is invertible"),
                                             ("html", "<b>Solution </b>the only such point where <math>")])
def test_the_page_of_a_stationary_point_is_drawn_in_every_medium(form: str, shown: str) -> None:
    page = CliRunner().invoke(cli, ["stationary", RIDGE, "-w", "w", "--format", form])
    assert page.exit_code == 0 and shown in page.output
    assert str(stationary(RIDGE, "w")) == CliRunner().invoke(cli, ["stationary", RIDGE, "-w", "w"]).output


def test_a_stationary_point_has_no_code_of_its_own() -> None:
    with pytest.raises(InputError, match="cannot write code for a stationary point for numpy"):
        stationary(RIDGE, "w").source("numpy")


@pytest.mark.parametrize(("f", "declare", "conditions"), [
    ("x'*S*x - 2*b'*x", ["S in R^(n,n) symmetric"], ("S invertible",)), ("x'*S*x - 2*b'*x", ["S in R^(n,n) spd"], ()),
    ("x'*A*x - b'*x", ["A in R^(n,n)"], ("A + A' invertible",)), ("norm2(A*x - b)^2", ["A in R^(m,n)"], ("A'*A invertible",)),
    ("c*x'*x - b'*x", ["c in R"], ("c != 0",)), ("norm2(x - b)^2", ["b in R^n"], ())])
def test_the_verdict_names_what_the_solution_needs(f: str, declare: list[str], conditions: tuple[str, ...]) -> None:
    verdict = stationary(f, "x", [*declare, "x in R^n"]).verdict
    assert (verdict.kind, verdict.conditions) == ("proved", conditions)


@pytest.mark.parametrize(("f", "declare", "said"), [
    ("x'*A*x - 2*b'*x", ["A in R^(n,n) spd", "x in R^n"], "the only such point; the minimum"),
    ("exp(c)*x'*x - b'*x", ["c in R", "x in R^n"], "the only such point; the minimum"),
    ("norm2(A*x - b)^2", ["A in R^(m,n)", "x in R^n"], "the only such point where Aᵀ A is invertible; the minimum")])
def test_what_is_known_to_be_positive_is_no_condition(f: str, declare: list[str], said: str) -> None:
    page = stationary(f, "x", declare).text(width=200)
    assert f"Solution  {said}" in page
    assert said.replace("Aᵀ A", r"$A^{\top}\,A$") in stationary(f, "x", declare).latex()


@pytest.mark.parametrize(("f", "x", "declare", "define"), [
    ("norm2(A*x - b)^2", "x", ["a, b, x in R^n"], ["A = a*a'"]), ("var(x)", "x", ["x in R^n"], []),
    ("norm2(X - X')^2 + tr(B*X)", "X", ["X in R^(n,n)"], [])])
def test_what_has_an_inverse_nowhere_has_no_single_solution(f: str, x: str, declare: list[str], define: list[str]) -> None:
    with pytest.raises(Unfinished, match="is never invertible"):
        stationary(f, x, declare, define)


@pytest.mark.parametrize(("f", "x", "declare", "solution", "kind"), [
    ("log(c)*s - s^2/2", "s", ["c in R positive", "s in R"], "log(c)", "maximum"),
    ("norm2(K*x - p)^2", "x", ["K in R^(n,n) skew"], "inv(K)*p", "minimum")])
def test_a_second_derivative_of_one_sign_says_which_extremum(f: str, x: str, declare: list[str], solution: str, kind: str) -> None:
    found = stationary(f, x, declare)
    assert (str(found.solution), found.extremum) == (solution, kind)


@pytest.mark.parametrize(("f", "declare"), [
    ("x^2 + sign(x)", ["x in R"]), ("4*abs(x) - x^2", ["x in R"]), ("x^2 - 3*relu(x)", ["x in R"]), ("x^2 + abs(x - 1)", ["x in R"]),
    ("norm2(x - b)^2 + c*norm1(x)", ["x in R^n", "c in R"]), ("x'*x + sum(step(x))", ["x in R^n"])])
def test_a_function_with_a_kink_may_have_an_extremum_there(f: str, declare: list[str]) -> None:
    with pytest.raises(Unfinished, match="kink"):
        stationary(f, "x", declare)


def test_a_kink_in_what_stays_fixed_is_none() -> None:
    assert str(stationary("abs(c)*x'*x - 2*b'*x", "x", ["c in R"]).solution) == "b/abs(c)"
    assert str(stationary("sum(abs(x).^2) - 2*b'*x", "x").solution) == "b"


def test_a_size_in_front_may_be_zero_or_negative() -> None:
    assert "only such point where n − 1 is not 0; the minimum where n − 1 is positive" in \
        " ".join(stationary("(n - 1)*x'*x - 2*b'*x", "x", ["x in R^n"]).text().split())
    assert [str(e) for e in stationary("n*x'*x - 2*b'*x", "x", ["x in R^n"]).inverted] == ["eye(n)"]


def test_no_variance_is_found_where_it_would_be_negative() -> None:
    with pytest.raises(Unfinished, match="none among positive numbers"):
        stationary("n*log(s) - sum(x.^2)/s", "s", ["x in R^n", "s in R"])


def test_a_page_names_no_condition_where_there_is_none() -> None:
    text = " ".join(stationary("logdet(S) + tr(inv(S)*C)", "S", ["S, C in R^(n,n) spd"]).text().split())
    assert "the only such point and the minimum among positive definite matrices Proved" in text
