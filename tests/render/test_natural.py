"""Derivations as one writes them: quadratic forms at once, nothing multiplied out before it is differentiated, one line a transpose."""

import pytest

from matcalc import api

X = ["X in R^(m,n)", "y in R^m", "w in R^n"]


@pytest.mark.parametrize(("text", "wrt", "given", "lines"), [
    ("(x - s)'*W*(x - s)", "x", ["W in R^(n,n)", "x, s in R^n"],
     ["= (x − s)ᵀ (W + Wᵀ) d(x − s)", "differential of a quadratic form  MCB (81)"]),
    ("(x - s)'*W*(x - s)", "x", ["W in R^(n,n) spd", "x, s in R^n"],
     ["= 2 ((x − s)ᵀ W d(x − s))   differential of a quadratic form, then symmetry"]),
    ("(X*w - y)'*(X*w - y)", "w", X, ["= 2 ((X w − y)ᵀ d(X w − y))             differential of a square  MCB (131)"]),
    ("x'*A*x/(x'*x)", "x", ["A in R^(n,n) symmetric"],
     ["= 2 (A x − (xᵀ A x) x/(xᵀ x))/(xᵀ x)        symmetry  declared", "differential of a square"]),
    ("y'*(eye(m) - X*inv(X'*X)*X')*y", "y", X, ["df = d(yᵀ (I − X (Xᵀ X)⁻¹ Xᵀ) y)", "= 2 (yᵀ (I − X (Xᵀ X)⁻¹ Xᵀ) dy)"]),
    ("x'*S*x", "z", ["S in R^(n,n)", "z in R^n"], ["= xᵀ (S + Sᵀ) d(exp(z))"])])
def test_as_one_writes_them(text: str, wrt: str, given: list[str], lines: list[str]) -> None:
    d = api.derive(text, wrt, given, ["x = exp(z)"] if wrt == "z" else [])
    page = d.text()
    assert d.verdict.kind == "proved" and all(line in page for line in lines), page


def test_a_rule_is_not_cited_for_itself() -> None:
    for text in ("x'*A*x", "x'*x"):
        assert "product rule" in api.derive(text, "x", ["A in R^(n,n)", "x in R^n"]).text()


def test_a_matrix_that_moves_has_its_term() -> None:
    d = api.derive("x'*(c*A)*x", "c", ["A in R^(n,n)", "x in R^n"])
    assert str(d.result) == "x'*A*x"
    d = api.derive("z'*diag(z)*z", "x", ["x in R^n"], ["z = tanh(x)"])
    assert d.verdict.kind == "proved" and "quadratic" in d.text()


def test_a_transpose_is_one_line() -> None:
    page = api.derive("x'*log(x)", "x", ["x in R^n positive"]).text()
    assert "d(xᵀ) log(x)" in page and "dxᵀ" not in page and "differential of a transpose" not in page
    assert "differential of a transpose" in api.derive("x'*log(x)", "x", ["x in R^n positive"]).text(detail="full")
