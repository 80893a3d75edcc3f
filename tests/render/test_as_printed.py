"""What a page prints is what a book prints: projections, softmax times a vector, equations without a variable, narrow windows."""

import pytest
from click.testing import CliRunner

from matcalc import api
from matcalc.commands.cli import cli

HAT = ["H = X*inv(X'*X)*X'"]


def proved(*line: str) -> str:
    done = CliRunner().invoke(cli, ["prove", *line])
    assert done.exit_code == 0, done.output
    return done.output


def shown(text: str, wrt: str, given: list[str], define: list[str] | None = None, **more: object) -> str:
    d = api.derive(text, wrt, given, define or [], **more)  # type: ignore[arg-type]
    assert d.verdict.kind == "proved"
    return d.text()


@pytest.mark.parametrize(("text", "given", "result"), [
    ("norm2((eye(m) - H)*y)^2", HAT, "2*(eye(m) - H)*y"),
    ("norm2(y - H*y)^2", HAT, "2*(y - H*y)"),
    ("norm2((eye(m) - X*inv(X'*X)*X')*y)^2", [], "2*(eye(m) - X*inv(X'*X)*X')*y")])
def test_what_is_its_own_square_is_not_squared(text: str, given: list[str], result: str) -> None:
    d = api.derive(text, "y", ["X in R^(m,n)", "y in R^m"], given, claim=result)
    assert str(d.result) == result and d.verdict.kind == "proved"
    assert d.claim_verdict is not None and d.claim_verdict.kind == "proved"


def test_the_square_of_a_projection_has_its_reason() -> None:
    assert "since H² = H   definition of H" in shown("norm2((eye(m) - H)*y)^2", "y", ["X in R^(m,n)", "y in R^m"], HAT)


def test_the_square_of_a_matrix_that_is_no_projection_stays() -> None:
    d = api.derive("norm2((eye(m) - H)*y)^2", "y", ["X in R^(m,n)", "y in R^m", "B in R^(n,n)"], ["H = X*B*X'"])
    assert str(d.result) == "2*(eye(m) - H)'*(y - H*y)" and d.verdict.kind == "proved"


@pytest.mark.parametrize(("text", "lines"), [
    ("softmax(x)'*r", ["∂f/∂x = (diag(s) − s sᵀ) r", "= s ⊙ (r − (sᵀ r) 𝟏)", "= s ⊙ (r − f 𝟏)"]),
    ("-softmax(x)'*log(softmax(x))", ["= s ⊙ ((sᵀ log(s)) 𝟏 − log(s))", "= −s ⊙ (f 𝟏 + log(s))"])])
def test_a_gradient_through_a_softmax_is_written_in_vectors(text: str, lines: list[str]) -> None:
    page = shown(text, "x", ["x, r in R^n"])
    assert all(line in page for line in lines), page


def test_a_softmax_whose_rows_are_summed_has_row_sums() -> None:
    d = api.derive("sum(softmax(Q*K')*V)", "Q", ["Q in R^(m,n)", "K in R^(k,n)", "V in R^(k,d)"])
    assert d.verdict.kind == "proved" and "diag(diag" not in str(d.result) and "∂f/∂Q = (P diag(V 𝟏) − diag(P V 𝟏) P) K" in d.text()


@pytest.mark.parametrize(("text", "wrt", "given", "order", "result"), [
    ("normF(X - A*X)^2", "X", ["X, A in R^(n,n)"], 1, "2*(eye(n) - A)'*(X - A*X)"),
    ("normF(U*diag(s)*V' - A)^2/2", "s", ["U in R^(m,k)", "V in R^(n,k)"], 1, "diag(U'*(U*diag(s)*V' - A)*V)"),
    ("sum(vec(X).^2)", "X", ["X in R^(m,n)"], 1, "2*X"),
    ("sum(sqrt(x.^2 + 1))", "x", ["x in R^n"], 2, "diag(sqrt(ones(n) + x.^2).^-3)"),
    ("sum(log(1 + x.^2))", "x", ["x in R^n"], 2, "2*diag((ones(n) - x.^2)./(ones(n) + x.^2).^2)"),
    ("-sum(y.*log(softmax(x*W + b)))", "x", ["x in R^(1,n)", "W in R^(n,k)", "b in R^(1,k)", "y in R^(1,k) simplex"], 1,
     "(softmax(b + x*W) - y)*W'"),
    ("sum(C.*P)", "S", ["S, C in R^(m,n)"], 1, "(C - rowsum(C.*P)*ones(n)').*P"),
    ("norm2(A*x - (x'*A*x)/(x'*x)*x)^2/2", "A", ["A in R^(n,n)", "x in R^n"], 1, "(A*x - (x'*A*x)*x/(x'*x))*x'")])
def test_results_are_those_of_books(text: str, wrt: str, given: list[str], order: int, result: str) -> None:
    d = api.derive(text, wrt, given, ["P = softmax(S)"] * ("P" in text), order=order)
    assert str(d.result) == result and d.verdict.kind == "proved" and "did not decide" not in d.text()


@pytest.mark.parametrize(("text", "wrt", "given", "line", "not_there"), [
    ("expm(t*A)*b", "t", ["t in R", "A in R^(n,n)", "b in R^n"], "= dt A expm(t A) b", "⊗"),
    ("a'*C*b/sqrt((a'*X*a)*(b'*Y*b))", "a", ["X in R^(p,p) spd", "Y in R^(q,q) spd"],
     "∂f/∂a = (C b − (aᵀ C b) X a/(aᵀ X a))/√((aᵀ X a) (bᵀ Y b))", "Write"),
    ("log(a*exp(-(x - m)'*P*(x - m)/2) + b)", "m", ["P in R^(d,d) spd", "x in R^d"], "Write     t = exp(−(x − m)ᵀ P (x − m)/2)", "⊘"),
    ("sum(relu(1 - y.*(X*w))) + c*w'*w", "w", ["X in R^(m,n)"], "= −Xᵀ (𝟏[y ⊙ (X w) < 𝟏] ⊙ y) + 2 c w", "= 2 c w"),
    ("mean((X*w - y).^2)", "w", ["X in R^(m,n)"], "= d(𝟏ᵀ(X w − y)∘²/m)", "Write"),
    ("sum(relu(sign(t)))", "t", ["t in R^n"], "derivative of an indicator", "derivative of relu"),
    ("sum(abs(x).^p)", "x", ["x in R^n", "p in R"], "f = 𝟏ᵀ|x|∘^p", "⊙ p")])
def test_pages_go_no_long_way(text: str, wrt: str, given: list[str], line: str, not_there: str) -> None:
    page = shown(text, wrt, given)
    assert line in page and not_there not in page, page


def test_what_has_no_variable_does_not_hold_for_all_values() -> None:
    page = proved("2 + 3 == 5")
    assert "by calculation, since it has no variables" in page and "all values" not in page and "random" not in page
    assert "for every n" in proved("det(eye(n)) == 1")
    assert "for all values" in proved("x + 0 == x", "--declare", "x in R")


def test_a_root_is_in_brackets_under_a_power() -> None:
    assert "(√2)² = 2" in proved("sqrt(2)^2 == 2")


def test_the_form_on_symmetric_directions_stands_on_a_brief_page_too() -> None:
    d = api.derive("logdet(S)", "S", ["S in R^(n,n) spd"], order=2)
    assert "for symmetric dS: d²f = −vec(dS)ᵀ (S⁻¹ ⊗ S⁻¹) vec(dS)" in d.text(detail="brief")


@pytest.mark.parametrize("width", [40, 50, 64])
def test_no_row_is_wider_than_the_window(width: int) -> None:
    for text, wrt, given in (("-y'*log(softmax(W*x + b))", "W", ["y in R^k simplex"]), ("x'*A*x/(x'*x)", "x", ["A in R^(n,n) symmetric"])):
        rows = api.derive(text, wrt, given).text(width).splitlines()
        assert max(map(len, rows)) <= width, max(rows, key=len)


@pytest.mark.parametrize(("text", "wrt", "order", "result"), [
    ("-y'*log(softmax(z))", "z", 1, "softmax(z) - y"), ("-y'*log(softmax(W'*x))", "W", 1, "x*(softmax(W'*x) - y)'"),
    ("-y'*log(softmax(z))", "z", 2, "diag(softmax(z)) - softmax(z)*softmax(z)'"), ("logsumexp(z) - y'*z", "z", 1, "softmax(z) - y")])
def test_what_is_expanded_ends_in_a_softmax_again(text: str, wrt: str, order: int, result: str) -> None:
    d = api.derive(text, wrt, ["y in R^n simplex"], order=order, expand=True)
    assert str(d.result) == result and d.verdict.kind == "proved" and "definition of " in d.text()


@pytest.mark.parametrize(("text", "wrt", "given", "result"), [
    ("sqrt(sum((x - a).^2))", "x", ["x, a in R^n"], "(x - a)/norm2(x - a)"), ("sqrt(x'*x)", "x", ["x in R^n"], "x/norm2(x)"),
    ("logdet(eye(n) + X*X'/s)", "X", ["X in R^(n,m)", "s in R positive"], "2*inv(X*X' + s*eye(n))*X"),
    ("(v + p)/2*log(1 + (x - u)'*inv(S)*(x - u)/v)", "u", ["x, u in R^p", "S in R^(p,p) spd", "v in R"],
     "(p + v)*inv(S)*(u - x)/((x - u)'*inv(S)*(x - u) + v)"),
    ("-log(a/(a + b))", "a", ["a, b in R"], "1/(a + b) - 1/a"), ("relu(sign(t))*t", "t", ["t in R"], "relu(sign(t))")])
def test_results_without_what_a_reader_would_cancel(text: str, wrt: str, given: list[str], result: str) -> None:
    d = api.derive(text, wrt, given)
    assert str(d.result) == result and d.verdict.kind == "proved"


@pytest.mark.parametrize(("text", "wrt", "given", "line"), [
    ("-x'*y", "x", ["x, y in R^n"], "constant factor, then inner products commute"),
    ("(A*x)'*y", "x", ["x in R^n"], "= d(yᵀ A x)                                   a scalar is its own transpose"),
    ("tr((X*A)'*B)", "X", [], "= d(tr(Aᵀ Xᵀ B))                                     transpose of a product")])
def test_a_line_has_the_reason_for_all_that_changes_in_it(text: str, wrt: str, given: list[str], line: str) -> None:
    assert line in shown(text, wrt, given)


def test_a_name_put_into_a_line_is_among_its_reasons() -> None:
    page = shown("G'*h", "s", ["x, G in R^n"], ["m = sum(x)/n", "h = (x - m*ones(n))/s"])
    assert "power rule, then definition of h" in page or "constant factor, then definition of h" in page, page


@pytest.mark.parametrize(("text", "given", "lines"), [
    ("x - mean(x)", "x in R^n", ["Function  f = x − mean(x) 𝟏", "= dx − d(mean(x)) 𝟏", "definition of mean(x)"]),
    ("nuclear(x)", "x in R^(m,n)", ["Function  f = ‖x‖_*   scalar", "definition of ‖x‖_*"]),
    ("g'*((x - mean(x))/std(x))", "x, g in R^n", ["since 𝟏ᵀz = 0   definition of z"]),
    ("x'*log(x./p)", "x, p in R^n positive", ["df = d(xᵀ log(x ⊘ p))\n     = log(x ⊘ p)ᵀ dx + xᵀ d(log(x ⊘ p))"]),
    ("sum(G.*softmax(x*A))", "x in R^(m,n), A in R^(n,k)", ["Write     Z = x A", "dZ − (P ⊙ dZ) 𝟏 𝟏ᵀ"])])
def test_stands_in_the_lines_as_typed(text: str, given: str, lines: list[str]) -> None:
    page = shown(text, "x", [given])
    assert all(line in page for line in lines), page


def test_a_title_is_set_as_its_page_is() -> None:
    d = api.derive("mu'*S1*mu", "mu")
    assert d.text().startswith("The gradient of f with respect to μ\n") and r"with respect to $\mu$" in d.latex(document=True)
    assert "S₁ ∈ ℝ^(n×n)" in d.text() and "<title>The gradient of f with respect to mu</title>" in d.html()


def test_a_softmax_above_all_layers_has_its_argument_named() -> None:
    page = api.derive("-y'*log(softmax(V*h{L}))", ["V"], ["y in R^m simplex"], ["h{k} = tanh(W{k}*h{k-1}) for k = 1..L"]).text()
    assert "z = V h_L" in page and "δ_z = softmax(z) − y" in page and "∂f/∂V = δ_z h_Lᵀ" in page


def test_a_norm_is_not_broken() -> None:
    rows = shown("sqrt(sum((x - mean(x)*ones(n)).^2))", "x", ["x in R^n"]).splitlines()
    assert any("‖" in row for row in rows) and all(row.count("‖") % 2 == 0 for row in rows)
