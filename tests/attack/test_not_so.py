"""What pages, files and verdicts once said that was not so, or did not say: directions, names, conditions that never hold, sizes."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

import matcalc as mc
from matcalc.language.shape import InputError
from matcalc.sheets.interface import check


@pytest.mark.parametrize(("f", "wrt", "options"), [
    ("X*A", "X", {"tangent": "V"}), ("tr(X*A*X)", "X", {"tangent": "V"}), ("norm2(x)", "x", {"hvp": "v"}), ("tr(X*A*X)", "X", {"hvp": "V"}),
    ("tr(X*A*X)", "X", {"order": 2}), ("c^3", "c", {"hvp": "v"})])
def test_a_page_along_a_direction_follows_line_by_line(f: str, wrt: str, options: dict[str, object]) -> None:
    """What is differentiated again is v'*df/dx, not the result; dX is V where the result has V."""
    marks = check(mc.derive(f, wrt, **options).latex()).marks      # type: ignore[call-overload]
    assert marks and {m.mark for m in marks} <= {"follows", "given"}, [(m.text, m.mark) for m in marks]


@pytest.mark.parametrize(("f", "options", "left"), [
    ("x'*A*x", {"order": 2}, "∂g/∂x"), ("x'*A*x", {"hvp": "v"}, "∂φ/∂x"), ("x'*A*x", {"tangent": "v"}, "df")])
def test_a_brief_page_does_not_call_everything_a_gradient(f: str, options: dict[str, object], left: str) -> None:
    text = mc.derive(f, "x", **options).text(detail="brief")       # type: ignore[call-overload]
    assert f"The result  {left} = " in text


MOVING = [("sin(x)", "x", {"tangent": "v"}), ("sum(x.^3)", "x", {"hvp": "v"}), ("x.^2", "x", {"cotangent": "v"}),
          ("x.*y", ["x", "y"], {"cotangent": "y"})]


@pytest.mark.parametrize(("f", "wrt", "options"), MOVING, ids=[str(row[2]) for row in MOVING])
def test_a_direction_stands_still(f: str, wrt: str | list[str], options: dict[str, str]) -> None:
    """v = x.^2 moves with x: what is asked along it would have two answers, and a point that moves along itself no value."""
    with pytest.raises(InputError, match="held fixed|the variable itself"):
        mc.derive(f, wrt, declare=["x, y in R^n"], define=["v = x.^2"], **options)     # type: ignore[call-overload]


def test_all_variables_are_those_before_the_cotangent() -> None:
    assert set(mc.derive("x.*y", ["all"], cotangent="G").results) == {"x", "y"}


def test_independent_entries_and_directions_do_not_go_together() -> None:
    for option in ("hvp", "tangent"):
        with pytest.raises(InputError, match="structured is for first derivatives"):
            mc.derive("tr(X*A*X)", "X", ["X in R^(n,n) symmetric"], structured=True, **{option: "V"})      # type: ignore[call-overload]


NAMES = [["pass in R^n", "assert in R^n", "class in R^(n,n)"], ["x in R^in", "y in R^in", "A in R^(in,in)"],
         ["x in R^rng", "y in R^rng", "A in R^(rng,rng)"], ["x in R^np", "y in R^np", "A in R^(np,np)"],
         ["x in R^range", "lambda in R^range", "e in R^(range,range)"]]


@pytest.mark.parametrize("declare", NAMES, ids=[" ".join(row) for row in NAMES])
def test_a_file_tests_itself_whatever_its_names_are(declare: list[str], tmp_path: Path) -> None:
    a, b, m = (line.split()[0] for line in declare)
    source = mc.derive(f"norm2({m}*{a} - {b})^2 + sum(h)", [a, b], declare, define=[f"h = tanh({m}*{a} + {b})"]).file("numpy")
    (tmp_path / "made.py").write_text(source, "utf-8")
    run = subprocess.run([sys.executable, tmp_path / "made.py"], capture_output=True, text=True)
    assert run.stdout == "the gradient agrees with differences of the value\n", run.stderr


@pytest.mark.parametrize("f", ["sum(abs(X))", "norm1(X)", "sum(abs(2*X'))", "sum(abs(vec(X)))", "sum(abs(kron(X, A)))"])
@pytest.mark.parametrize("word", ["upper", "diagonal", "skew", "symmetric"])
def test_a_condition_that_never_holds_proves_nothing(f: str, word: str) -> None:
    found = mc.derive(f, "X", [f"X in R^(n,n) {word}", "A in R^(m,m)"]).verdict
    assert found.kind == ("proved" if word == "symmetric" else "undecided")


def test_a_size_is_at_most_its_multiples() -> None:
    for shape, told in (("(m,n*m)", "(X*X')"), ("(m*n,n)", "(X'*X)"), ("(m,m*m)", "(X*X')")):
        found = mc.derive("nuclear(X)", "X", [f"X in R^{shape}"])
        assert found.verdict.kind == "proved" and f"sqrtm{told}" in str(found.result)
    assert mc.prove("det(X'*X) == 0", ["X in R^(m,m*n)"]).kind == "refuted"         # at n = 1


SYMMETRIC = ["S in R^(n,n) spd", "T in R^(n,n) symmetric", "A in R^(n,n)", "X in R^(m,n)", "x in R^n"]


@pytest.mark.parametrize(("claim", "kind"), [
    ("tr(d(inv(S + eye(n)))) == -tr(inv(S + eye(n))*d(S + eye(n))*inv(S + eye(n)))", "proved"),
    ("d(inv(S)) == -inv(S)*d(S)*inv(S)", "proved"), ("d(X*S*x) == d(X)*S*x + X*d(S)*x + X*S*d(x)", "proved"),
    ("d(X*T*A) == d(X)*T*A + X*d(T)*A + X*T*d(A)", "proved"), ("d(kron(A, T)) == kron(d(A), T) + kron(A, d(T))", "proved"),
    ("d(x'*S) == d(x)'*S + x'*d(S)", "proved"), ("d(S.*A) == A.*d(S) + S.*d(A)", "proved"), ("d(T*T) == d(T)*T + T*d(T)'", "proved"),
    ("d(X*T*A) == d(X)*T*A + X*d(T)*A' + X*T*d(A)", "refuted"), ("d(T*T) == 2*T*d(T)", "refuted"),
    ("d(kron(A, T)) == kron(d(A), T) + kron(d(T), A)", "refuted")])
def test_differentials_of_symmetric_matrices_of_any_shape(claim: str, kind: str) -> None:
    assert mc.prove(claim, SYMMETRIC).kind == kind


def test_a_page_about_a_symmetric_matrix_follows_line_by_line() -> None:
    for f in ("tr(inv(S + eye(n)))", "norm2(inv(S)*x)^2", "x'*S*A*S*x"):
        marks = check(mc.derive(f, "S", SYMMETRIC).latex()).marks
        assert {m.mark for m in marks} == {"follows"}, [(m.text, m.mark) for m in marks]


@pytest.mark.parametrize(("f", "rule"), [("X*A*x", "vec.product"), ("tr(A*X*B)", "trace.cycle")])
def test_the_letters_of_a_step_stand_in_an_order_of_their_own(f: str, rule: str) -> None:
    """They came in the order of a set, which what the process had answered before decided."""
    steps = mc.derive(f, "X", ["X, A, B in R^(n,n)"]).json()["steps"]
    letters = [[n for n in s["letters"] if n in ("A", "B", "Z")] for s in steps if s["rule"] == rule]
    assert letters and all(names == ["A", "B", "Z"] for names in letters)


@pytest.mark.parametrize("claim", ["c^2 == c^(2')", "x.^3 == x.^(3')", "d(c^(2'))/d(c) == 2*c", "x.^((1+1)') == x.^(2')"])
def test_a_number_in_an_exponent_is_its_own_transpose(claim: str) -> None:
    verdict = mc.prove(claim, ["c in R", "x in R^n"])
    assert (verdict.kind, verdict.conditions) == ("proved", ())


@pytest.mark.parametrize(("f", "result"), [
    ("(B'.*A')./(2 + B.^2)", None), ("sum(B'.*B.*A)", "B'.*(A + A')"), ("sum(B.*B'.*B.*B')", "4*(B'.*B'.*B)")])
def test_an_entrywise_product_is_no_product_of_matrices(f: str, result: str | None) -> None:
    """B'*B is eye(n) for an orthogonal B, and B'.*B is not."""
    found = mc.derive(f, "B", ["B in R^(n,n) orthogonal", "A in R^(n,n)"], claim=result)
    assert found.verdict.kind == "proved"
    assert result is None or found.claim_verdict is not None and found.claim_verdict.kind == "proved"


@pytest.mark.parametrize("text", [
    r"$f = c x^\top x$. If $c = 2$, $\nabla f = 4x$. If $c = 3$, $\nabla f = 4x$.",
    r"Let $c = 2$. $f = c x^\top x$. $\nabla f = 4x$. Let $c = 3$. $\nabla f = 4x$.",
    r"Let $f = x^\top A x$. When $A = I$, $\nabla f = 2x$. Therefore $\nabla f = 2x$.",
    r"Let $f = x^\top A x$. At $A = I$ we get $\nabla f = 2x$." + "\n\n" + r"$$\nabla f = 2x$$",
    r"Let $f(x) = x^\top A x$. $A$ is a symmetric matrix times $B$. $\nabla f = 2Ax$.",
    "S = Q @ K.T\nL = np.sum(S*T)\ndS = T\ndQ = dS * K"])
def test_what_is_so_in_one_case_is_not_so_in_the_next(text: str) -> None:
    assert check(text).marks[-1].mark != "follows"
