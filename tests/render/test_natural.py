"""Derivations as one writes them: quadratic forms at once, nothing multiplied out before it is differentiated, one line a transpose."""

import json

import pytest

from matcalc import api
from matcalc.batches.lines import answer

X = ["X in R^(m,n)", "y in R^m", "w in R^n"]


@pytest.mark.parametrize(("text", "wrt", "given", "lines"), [
    ("(x - s)'*W*(x - s)", "x", ["W in R^(n,n)", "x, s in R^n"],
     ["= (x − s)ᵀ (W + Wᵀ) d(x − s)", "differential of a quadratic form  MCB (81)"]),
    ("(x - s)'*W*(x - s)", "x", ["W in R^(n,n) spd", "x, s in R^n"],
     ["= 2 (x − s)ᵀ W d(x − s)", "   differential of a quadratic form, then symmetry of W"]),
    ("(X*w - y)'*(X*w - y)", "w", X, ["= 2 (X w − y)ᵀ d(X w − y)               differential of a square  MCB (131)"]),
    ("x'*A*x/(x'*x)", "x", ["A in R^(n,n) symmetric"],
     ["= 2 (A x − (xᵀ A x) x/(xᵀ x))/(xᵀ x)             symmetry of A", "differential of a square"]),
    ("y'*(eye(m) - X*inv(X'*X)*X')*y", "y", X, ["df = d(yᵀ (I − X (Xᵀ X)⁻¹ Xᵀ) y)", "= 2 yᵀ (I − X (Xᵀ X)⁻¹ Xᵀ) dy"]),
    ("x'*S*x", "z", ["S in R^(n,n)", "z in R^n"], ["= xᵀ (S + Sᵀ) d(exp(z))"]),
    ("(x - s)/norm2(x - s)", "x", ["x, s in R^n"], ["= d(x − s)/‖x − s‖ − ((x − s)ᵀ d(x − s)) (x − s)/‖x − s‖³"]),
    ("-sum(((s - x)./w).^2)/2", "w", ["x, s, w in R^n"], ["= d(−𝟏ᵀ((s − x)∘² ⊘ w∘²)/2)", "power of a product, entry by entry"]),
    ("x*x'*x", "x", ["x in R^n"], ["= d((xᵀ x) x)                                    the product is associative"]),
    ("x*x'*w", "x", ["x, w in R^n"], ["= d((wᵀ x) x)                                 a scalar is its own transpose"]),
    ("inv(A + c*B)", "c", ["A, B in R^(n,n)"], ["each", "entry in its place: −(A + c B)⁻¹ B (A + c B)⁻¹"]),
    ("(x - mean(x))/std(x)", "x", ["x in R^n"], ["= dz/std(x) − d(var(x)) z/(2 std(x)³)         derivative of sqrt"]),
    ("-y'*log(sigmoid(w)) - (ones(n) - y)'*log(ones(n) - sigmoid(w))", "w", ["w, y in R^n"],
     ["= (σ(w) ⊙ (𝟏 − y) − y ⊙ (𝟏 − σ(w)))ᵀ dw", "= (σ(w) − y)ᵀ dw"]),
    ("sum(huber(X*w - y))", "w", X, ["= 𝟏ᵀ(hardtanh(X w − y) ⊙ d(X w − y))", "derivative of huber", "= Xᵀ hardtanh(X w − y)"]),
    ("sum(softmax(W*S')*V)", "W", ["W in R^(m,k)", "S in R^(n,k)", "V in R^(n,p)"], ["(Z ⊙ (𝟏 𝟏ᵀVᵀ − Z V 𝟏 𝟏ᵀ)) S"]),
    ("sum(diag(X*M*X'))", "M", ["X in R^(n,k)", "M in R^(k,k)"], ["f = tr(M Xᵀ X)", "= tr(dM Xᵀ X)"]),
    ("y'*(sigmoid(x).*tanh(x))", "x", ["x, y in R^n"], ["= yᵀ (tanh(x) ⊙ d(σ(x))) + yᵀ (σ(x) ⊙ d(tanh(x)))"]),
    ("sum(W.*(A./(sqrt(rowsum(A.^2))*ones(n)')))", "A", ["A, W in R^(m,n)"],
     ["Write     z = √(A∘² 𝟏)   m × 1", "U = diag(𝟏 ⊘ z) A", "∂f/∂A = diag(𝟏 ⊘ z) (W − diag((U ⊙ W) 𝟏) U)"]),
    ("-((1 - c)*y + c/2)'*log(sigmoid(w)) - (1 - (1 - c)*y - c/2)'*log(1 - sigmoid(w))", "w", ["w, y in R^n", "c in R"],
     ["= (σ(w) − (1 − c) y − c 𝟏/2)ᵀ dw              a (1 - b) - b (1 - a) = a - b"]),
    ("sum(y.*x.^p)^(1/p)", "x", ["x, y in R^n positive", "p in R"], ["= f^(1 − p) (", "definition of f"]),
    ("sum(W.*(A./(A*ones(n)*ones(n)')))", "A", ["A, W in R^(m,n)"], ["= W ⊘ (A 𝟏𝟏ᵀ) − (A ⊙ W", "where no entry of A 𝟏 is 0. Also"]),
    ("relu(norm2(x - s)^2 - norm2(x - w)^2 + c)", "x", ["x, s, w in R^n"], ["= 𝟏[t > 0] dt ", "= 2 𝟏[t > 0] (w − s)"])])
def test_as_one_writes_them(text: str, wrt: str, given: list[str], lines: list[str]) -> None:
    d = api.derive(text, wrt, given, ["x = exp(z)"] if wrt == "z" else [])
    page = d.text()
    assert d.verdict.kind == "proved" and all(line in page for line in lines), page


@pytest.mark.parametrize(("text", "wrt", "given", "result"), [
    ("tr((eye(n) - K*C)*P*(eye(n) - K*C)' + K*R*K')", "K",
     ["K in R^(n,m)", "C in R^(m,n)", "P in R^(n,n) spd", "R in R^(m,m) spd"], "2*((K*C - eye(n))*P*C' + K*R)"),
    ("y'*(eye(m) - X*inv(X'*X)*X')*y", "y", X, "2*(eye(m) - X*inv(X'*X)*X')*y"),
    ("-log(sigmoid(c*(w'*x - w'*y)))", "w", ["c in R", "w, x, y in R^n"], "c*(1 - sigmoid(c*(w'*x - w'*y)))*(y - x)"),
    ("logdet(c*eye(n) + x*x')", "x", ["c in R positive", "x in R^n"], "2*x/(c + x'*x)"),
    ("sum(W.*(A./(rowsum(A)*ones(n)')))", "A", ["A, W in R^(m,n)"], "diag(1./rowsum(A))*(W - (rowsum(A.*W)./rowsum(A))*ones(n)')"),
    ("inv(A + c*B)", "c", ["A, B in R^(n,n)"], "-vec(inv(A + c*B)*B*inv(A + c*B))'"),
    ("t", "x", ["p in R", "x in R^n positive", "t = sum(x.^p)^(1/p)"], "t^(1 - p)*x.^(p - 1)"),
    ("sum(logsumexp(A*A'))", "A", ["A in R^(n,n)"], "(softmax(A*A') + softmax(A*A')')*A")])
def test_published_forms(text: str, wrt: str, given: list[str], result: str) -> None:
    d = api.derive(text, wrt, [g for g in given if "=" not in g], [g for g in given if "=" in g], claim=result)
    assert str(d.result) == result and d.verdict.kind == "proved" and d.claim_verdict is not None and d.claim_verdict.kind == "proved"


@pytest.mark.parametrize(("text", "wrt", "lines"), [
    ("norm2(X*w - y)^2/2 + c*norm2(w)^2/2", "w", 4), ("tr((eye(n) - K*C)*P*(eye(n) - K*C)' + K*R*K')", "K", 5),
    ("y'*inv(P)*y/2 + logdet(P)/2", "P", 4),
    ("sum(softplus(w) + softplus(-w))", "w", 5), ("sum(y.*log(y./w))", "w", 3), ("log(2*pi*c*norm2(w))", "c", 1),
    ("y'*(w.*y + (1 - w).*w)", "w", 6)])
def test_what_one_rule_opens_is_one_line(text: str, wrt: str, lines: int) -> None:
    page = api.derive(text, wrt, ["X in R^(n,n)", "y, w in R^n", "c in R", "K in R^(n,m)", "C in R^(m,n)", "P in R^(n,n) spd",
                                  "R in R^(m,m) spd"]).text(200)
    assert page.split("df = ")[1].split("Read off")[0].count("\n     = ") == lines, page


def test_a_rule_is_not_cited_for_itself() -> None:
    for text in ("x'*A*x", "x'*x"):
        assert "product rule" in api.derive(text, "x", ["A in R^(n,n)", "x in R^n"]).text()


def test_a_matrix_that_moves_has_its_term() -> None:
    d = api.derive("x'*(c*A)*x", "c", ["A in R^(n,n)", "x in R^n"])
    assert str(d.result) == "x'*A*x"
    d = api.derive("z'*(B + z*a')*z", "x", ["a, x in R^n", "B in R^(n,n)"], ["z = tanh(x)"])
    assert d.verdict.kind == "proved" and "quadratic" in d.text()


def test_a_transpose_is_one_line() -> None:
    page = api.derive("x'*A*x", "x").text()
    assert "d(xᵀ) A x" in page and "dxᵀ" not in page and "differential of a transpose" not in page
    assert "differential of a transpose" in api.derive("x'*A*x", "x").text(detail="full")
    assert "= log(x)ᵀ dx + xᵀ d(log(x))" in api.derive("x'*log(x)", "x", ["x in R^n positive"]).text()


@pytest.mark.parametrize(("text", "wrt", "first"), [
    ("tr(X'*B*X)", "X", ["df = d(tr(Xᵀ B X))", "= tr(d(Xᵀ B X))"]),
    ("tr(B*C'*X')/2", "X", ["df = d(tr(B Cᵀ Xᵀ)/2)", "= tr(B Cᵀ d(Xᵀ))/2", "= tr(C Bᵀ dX)/2"]),
    ("tr((A - X)*B*(A - X)' + A*X)", "X", ["= d(tr((A − X) B (A − X)ᵀ)) + d(tr(A X))", "= tr((B + Bᵀ) (A − X)ᵀ d(A − X)) + d(tr(A X))"]),
    ("a'*X'*b", "X", ["df = d(aᵀ Xᵀ b)", "= d(bᵀ X a)", "a scalar is its own transpose"]),
    ("tr(P'*X)", "X", ["df = d(tr(Pᵀ X))"]), ("logdet(Q)", "Q", ["df = d(log det Q)"]),
    ("tr(X'*P)", "X", ["df = d(tr(Xᵀ P))", "= tr(d(Xᵀ) P)", "= tr(Pᵀ dX)", "the trace is cyclic, then trace of a transpose"]),
    ("tr(X*X)", "X", ["df = d(tr(X X))", "= d(tr(X²))", "written as a power"]),
    ("(A*x)'*(C*x)", "x", ["df = d((A x)ᵀ (C x))", "transpose of a product"])])
def test_begins_with_what_was_typed(text: str, wrt: str, first: list[str]) -> None:
    declared = ["X, P in R^(n,n)", "A, B, C in R^(n,n)", "a, b, x in R^n", "Q in R^(n,n) spd"]
    lines = api.derive(text, wrt, declared).text().split("df = ")[1]
    assert all(part in "df = " + lines for part in first), lines
    assert "rewritten" not in lines


@pytest.mark.parametrize(("text", "wrt", "shown"), [
    ("sum(log(1 + exp(-y.*(X*w))))", "w", "−Xᵀ (y ⊙ σ(−y ⊙ (X w)))"), ("sum(sigmoid(w).*w)", "w", "σ(w) + w ⊙ σ(w) ⊙ (𝟏 − σ(w))"),
    ("b'*w + w'*A*w", "w", "b + (A + Aᵀ) w"), ("norm2(w)^2 + norm2(X*w - y)^2", "w", "2 (w + Xᵀ (X w − y))"),
    ("-y'*log(p) - (1 - y)'*log(1 - p)", "p", "−y ⊘ p + (𝟏 − y) ⊘ (𝟏 − p)"), ("sum(exp(w)) - b'*w", "w", "exp(w) − b")])
def test_results_stand_in_the_order_typed(text: str, wrt: str, shown: str) -> None:
    page = api.derive(text, wrt, ["X in R^(m,n)", "y in R^m", "w in R^n"]).text()
    assert page.split("Read off")[1].split(" = ", 1)[1].startswith(shown), page


def test_a_sign_has_no_line_of_its_own_and_gives_no_reason() -> None:
    page = api.derive("-y'*log(softmax(z))", "z", ["y, z in R^n"]).text()
    assert "d(yᵀ log" not in page and "= −yᵀ d(log(s))                                   constant factor  MCB (37)" in page
    page = api.derive("sum(softplus(X*w)) - y'*X*w", "w", X).text()
    assert "− yᵀ X dw                   the differential is linear" in page, "not what changed nothing to be seen"
    assert "linearity" in api.derive("tr(-X) + sum(X)", "X", ["X in R^(n,n)"]).text()


@pytest.mark.parametrize(("text", "x", "given", "lines"), [
    ("a'*X*b", "X", ["X in R^(m,n)"], ["= aᵀ dX b ", "= tr(b aᵀ dX) ", "∂f/∂X = a bᵀ"]),
    ("x'*A*x/(x'*x)", "x", ["A in R^(n,n) symmetric"], ["= d(xᵀ A x)/(xᵀ x) + (xᵀ A x) d(1/(xᵀ x))",
     "∂f/∂x = 2 (A x − (xᵀ A x) x/(xᵀ x))/(xᵀ x)", "= 2 (A x − f x)/(xᵀ x)"])])
def test_what_a_reader_looks_for(text: str, x: str, given: list[str], lines: list[str]) -> None:
    page = api.derive(text, x, given).text(100)
    assert all(line in page for line in lines), page
    assert "steps)" not in page and "simplified in" not in page

@pytest.mark.parametrize("text", ["sum(relu(W*x - y)) + sum(leaky_relu(x))", "sum(tanh(W*x - y)) + sum(tanh(x) - tanh(-x)/100)",
                                  "sum(exp(x) + x) + sum(W*x)", "sum(W*x) - sum(x.*x) + sum(log(x))", "sum(diag(x)) + sum(exp(W*x))"])
def test_no_line_says_what_the_one_before_it_said(text: str) -> None:
    d = api.derive(text, "x", ["W in R^(m,n)", "x in R^n", "y in R^m"])
    lines = ["".join(c for c in line.partition("= ")[2].partition("   ")[0] if c not in " \t") for line in d.text(200).splitlines()
             if line.startswith(("  df =", "     ="))]
    assert len(lines) > 3 and all(a != b for a, b in zip(lines, lines[1:], strict=False)), d.text()


def test_a_chain_in_latex_says_what_it_leaves_out() -> None:
    given = ["x in R^n", *(f"W{k} in R^(n,n)" for k in range(1, 7))]
    define = [f"a{k} = tanh(W{k}*{'x' if k == 1 else f'a{k - 1}'})" for k in range(1, 7)]
    text = api.derive("norm2(a6)^2", ["x", "W1"], given, define).latex()
    assert r"\text{in the same way" in text


def test_a_kink_is_spoken_of_where_the_answer_has_one() -> None:
    for text, kink in (("sum(relu(x))", True), ("sum(relu(x).^2)", False), ("norm1(x)", True), ("norm2(x)^3", False)):
        assert ("has a kink" in api.derive(text, "x", ["x in R^n"]).text()) is kink, text
    assert "abs and relu have a kink" in api.derive("sum(abs(x) + relu(x))", "x", ["x in R^n"]).text()


@pytest.mark.parametrize(("text", "wrt", "lines"), [
    ("(x - sum(x)/n*ones(n))/sqrt(norm2(x - sum(x)/n*ones(n))^2/n + c)", "x",
     ["Write     z = x − (𝟏ᵀx) 𝟏/n   n × 1", "t = ‖z‖²/n + c   scalar", "df = d(z/√t)", "∂f/∂x = (I − z zᵀ/(n t) − 𝟏𝟏ᵀ/n)/√t",
      "where t > 0"]),
    ("-y'*log(softmax(W'*x + b))", "W", ["Write     s = softmax(Wᵀ x + b)", "df = d(−yᵀ log(s))", "∂f/∂W = x (s − y)ᵀ",
                                         "= x (softmax(Wᵀ x + b) − y)ᵀ ", "definition of s"])])
def test_what_comes_again_has_a_letter_first(text: str, wrt: str, lines: list[str]) -> None:
    d = api.derive(text, wrt, ["x in R^n", "W in R^(n,k)", "y in R^k simplex", "b in R^k", "c in R"])
    page = d.text()
    assert all(line in page for line in lines) and "where     " not in page and d.verdict.kind == "proved", page
    assert {n.name for n, _ in d.where} == ({"z", "t"} if wrt == "x" else set())      # a short answer needs no letter


@pytest.mark.parametrize(("text", "found", "letters", "lines"), [
    ("(X - ones(m)*colmean(X)')./(ones(m)*sqrt(colmean((X - ones(m)*colmean(X)').^2) + c)')",
     "(G − (V diag((G ⊙ V)ᵀ 𝟏) + 𝟏 𝟏ᵀG)/m) diag(𝟏 ⊘ u)", "Z u V", 22),
    ("X./(sqrt(rowsum(X.^2))*ones(n)')", "diag(𝟏 ⊘ z) (G − diag((G ⊙ U) 𝟏) U)", "z U", 16)])
def test_what_is_normalised_is_differentiated_by_the_quotient_rule(text: str, found: str, letters: str, lines: int) -> None:
    d = api.derive(text, "X", ["X in R^(m,n)", "c in R"], cotangent="G")
    page = d.text(width=120)
    assert d.verdict.kind == "proved" and f"∂f/∂X = {found}" in page and "quotient rule" in page and "∘² is 0" not in page, page
    assert " ".join(n.name for n, _ in d.where) == letters and page.count("     = ") <= lines, page


def test_what_definitions_say_twice_has_a_letter() -> None:
    d = api.derive("c*z + ones(n)*b'", "X", ["X in R^(n,d)", "c in R", "b in R^d"],
                   ["m = colmean(X)", "v = colmean((X - ones(n)*m').^2)", "z = (X - ones(n)*m')./(ones(n)*sqrt(v)')"], cotangent="G")
    page = d.text()
    assert d.verdict.kind == "proved" and page.count("X − 𝟏 mᵀ") == 4, page      # where v, z and U are defined, and once in a line
    assert "∂f/∂X = c (G − (𝟏 𝟏ᵀG + z diag((G ⊙ z)ᵀ 𝟏))/n) diag(𝟏 ⊘ √v)" in page, page


def test_batch_norm_with_a_scale_for_each_column_is_as_published() -> None:
    d = api.derive("z.*(ones(n)*g') + ones(n)*b'", "X", ["X in R^(n,d)", "g, b in R^d"],
                   ["m = colmean(X)", "v = colmean((X - ones(n)*m').^2)", "z = (X - ones(n)*m')./(ones(n)*sqrt(v)')"], cotangent="G")
    page = d.text()
    assert d.verdict.kind == "proved" and "∂f/∂X = (G − (𝟏 𝟏ᵀG + z diag((G ⊙ z)ᵀ 𝟏))/n) diag(g ⊘ √v)" in page, page


@pytest.mark.parametrize("shape", ["rows", "columns"])
def test_normalised_rows_and_columns_are_read_in_what_is_normalised(shape: str) -> None:
    define = (["m = rowmean(X)", "s = sqrt(rowmean((X - m*ones(d)').^2) + e)", "Z = (X - m*ones(d)')./(s*ones(d)')"] if shape == "rows" else
              ["m = colmean(X)", "s = sqrt(colmean((X - ones(n)*m').^2))", "Z = (X - ones(n)*m')./(ones(n)*s')"])
    d = api.derive("sum(G.*Z)", "X", ["X in R^(n,d)", "G in R^(n,d)", "e in R positive"], define)
    assert d.verdict.kind == "proved" and "X" not in str(d.result) and not d.where, d.result
    assert len(str(d.result)) < 70, d.result


def test_what_was_not_declared_is_not_said_to_be() -> None:
    for define in ([], ["p = softmax(x)"]):
        page = api.derive("-p'*log(p)" if define else "-softmax(x)'*log(softmax(x))", "x", ["x in R^n"], define).text()
        assert "declared" not in page and " = 1   the entries sum to 1" in page, page


def test_every_letter_of_a_page_of_links_is_explained() -> None:
    page = api.derive("-y'*log(softmax(W*x))", ["W", "x"], ["x in R^n", "y in R^k simplex", "W in R^(k,n)"]).text()
    assert "log(s)" not in page and "Write     z = W x " in page and "log(softmax(z))" in page, page


def test_who_names_things_has_named_them() -> None:
    d = api.derive("-y'*log(softmax(a))", "W", ["x in R^n", "W in R^(n,k)", "y in R^k simplex"], ["a = W'*x"])
    assert "Write" not in d.text()


@pytest.mark.parametrize(("text", "line"), [("x'*y", "= yᵀ dx"), ("log(x)'*y", "= yᵀ d(log(x)) ")])
def test_a_constant_column_comes_in_front(text: str, line: str) -> None:
    page = api.derive(text, "x", ["x, y in R^n"]).text()
    assert line in page and "its own transpose" not in page, page


@pytest.mark.parametrize(("text", "given", "shown"), [
    ("logdet(S)", "spd", "for symmetric dS: d²f = −vec(dS)ᵀ (S⁻¹ ⊗ S⁻¹) vec(dS)"),
    ("tr(A*S*B*S)", "symmetric", "for symmetric dS: d²f = vec(dS)ᵀ (A ⊗ Bᵀ + B ⊗ Aᵀ) vec(dS)"),
    ("a'*inv(S)*a", "spd", "for symmetric dS: d²f = 2 vec(dS)ᵀ ((S⁻¹ a aᵀ S⁻¹) ⊗ S⁻¹) vec(dS)"),
    ("logdet(S) + a'*inv(S)*a", "spd", "for symmetric dS: d²f = vec(dS)ᵀ (2 (S⁻¹ ⊗ (S⁻¹ a aᵀ S⁻¹)) − S⁻¹ ⊗ S⁻¹) vec(dS)"),
    ("tr(S^3)", "symmetric", "for symmetric dS: d²f = 6 vec(dS)ᵀ (S ⊗ I_n) vec(dS)")])
def test_a_hessian_by_a_symmetric_matrix_is_also_a_form_on_symmetric_directions(text: str, given: str, shown: str) -> None:
    page = api.derive(text, "S", [f"S in R^(n,n) {given}", "A, B in R^(n,n)", "a in R^n"], order=2).text(200)
    assert shown in page and "until the end the entries of S vary freely" in page and "symmetric part" not in page, page


@pytest.mark.parametrize(("text", "wrt", "given", "line"), [
    ("exp(-(x - m)'*inv(S)*(x - m)/2)", "x", ["S in R^(n,n) spd", "x, m in R^n"], "= −f S⁻¹ (x − m)  "),
    ("x'*y/(norm2(x)*norm2(y))", "x", ["x, y in R^n"], "= (y/‖y‖ − f x/‖x‖)/‖x‖  "),
    ("norm2(y - X*inv(X'*X)*X'*y)^2", "y", ["X in R^(m,n)", "y in R^m"], "∂f/∂y = 2 (y − X (Xᵀ X)⁻¹ Xᵀ y)\n"),
    ("sum(F.*(W*V' + b*ones(n)' - L).^2)", "W", ["F, L in R^(m,n)", "V in R^(n,k)", "b in R^m"], "∂f/∂W = 2 (F ⊙ (W Vᵀ + b 𝟏ᵀ − L)) V\n"),
    ("norm2(R - U*V')^2/2", "U", ["R in R^(m,n)", "U in R^(m,k)", "V in R^(n,k)"], "= −tr((R − U Vᵀ)ᵀ dU Vᵀ)"),
    ("sign(c)*abs(c)^(1/3)", "c", ["c in R"], "∂f/∂c = 1/(3 |c|^(2/3))  ")])
def test_forms_that_books_print(text: str, wrt: str, given: list[str], line: str) -> None:
    d = api.derive(text, wrt, given)
    assert line in d.text() and d.verdict.kind == "proved", d.text()


@pytest.mark.parametrize(("text", "wrt", "given", "line"), [
    ("tr((eye(n) - K*C)*P*(eye(n) - K*C)' + K*R*K')", "K", ["K in R^(n,m)", "C in R^(m,n)", "P in R^(n,n) spd", "R in R^(m,m) spd"],
     "∂f/∂K = 2 (K R − (I − K C) P Cᵀ)"),
    ("-((1 - c)*y + c*ones(k)/k)'*log(softmax(z))", "z", ["z in R^k", "y in R^k simplex", "c in R"],
     "= softmax(z) − (1 − c) y − c 𝟏/k  "),
    ("norm2(R - U*V')^2/2 + c*norm2(U)^2/2", "U", ["R in R^(m,n)", "U in R^(m,k)", "V in R^(n,k)", "c in R"],
     "∂f/∂U = c U − (R − U Vᵀ) V\n"),
    ("tanh(U*h + W*x)", "h", ["U in R^(n,n)", "W in R^(n,m)", "h in R^n", "x in R^m"], "= Uᵀ diag(𝟏 − f∘²)  ")])
def test_a_sum_keeps_the_sign_it_was_typed_with(text: str, wrt: str, given: list[str], line: str) -> None:
    d = api.derive(text, wrt, given)
    assert line in d.text() and d.verdict.kind == "proved", d.text()
    assert "- (" in d.latex() or wrt == "h"


@pytest.mark.parametrize(("text", "wrt", "given"), [
    ("y(x)*z(x)", "x", ["x in R^p", "y: R^p -> R", "z: R^p -> R^q"]), ("(1 - y(x))*(z(x) - a)", "x", ["a in R^q", "x in R^p", "y: R^p -> R",
                                                                                                 "z: R^p -> R^q"]),
    ("tr(F(t)*(A - B))", "t", ["F: R -> R^(n,n)", "A, B in R^(n,n)", "t in R"]),
    ("sum(f(1 - x).*(x - 1))", "x", ["f: R -> R", "x in R^n"])])
def test_abstract_functions_are_drawn_in_every_medium(text: str, wrt: str, given: list[str]) -> None:
    d = api.derive(text, wrt, given)
    assert d.verdict.kind == "proved" and all((d.text(), d.latex(), d.html(), d.markdown()))


def test_a_number_keeps_its_sign_among_factors() -> None:
    page = api.derive("(y - s)'*z/t", "t", ["y, s, z in R^n", "t in R positive"]).text()
    assert "(−" not in page, page


def test_definitions_of_the_language_are_named_as_well() -> None:
    page = api.derive("(x - mean(x))/sqrt(var(x) + c)", "x", ["x in R^n", "c in R"]).text()
    assert "f = (x − mean(x) 𝟏)/√(var(x) + c)" in page and "∂f/∂x = (I − z zᵀ/(n t) − 𝟏𝟏ᵀ/n)/√t" in page, page
    assert "where t > 0. Also" in page.replace("\n            ", " ")


@pytest.mark.parametrize(("text", "wrt", "given", "line"), [
    ("sum(tanh(-x).*cos(-x))", "x", [], "∂f/∂x = sin(x) ⊙ tanh(x) − cos(x) ⊙ (𝟏 − tanh(x)∘²)"),
    ("sum(abs(-2*x).*y)", "x", [], "∂f/∂x = 2 (sign(x) ⊙ y)"), ("sum(erf(-x).*y)", "x", [], "∂f/∂x = −2 (exp(−x∘²) ⊙ y)/√π"),
    ("sum((x*ones(n)' - ones(n)*x').^4)", "x", ["x in R^n"], "∂f/∂x = 8 (x 𝟏ᵀ − 𝟏 xᵀ)∘³ 𝟏"),
    ("sum(exp(-(x*ones(n)' - ones(n)*x').^2))", "x", ["x in R^n"], "= −4 (T ⊙ exp(−T∘²)) 𝟏"),
    ("sum((A - B).^3.*(B - A))", "A", ["A, B in R^(m,n)"], "∂f/∂A = −4 (A − B)∘³")])
def test_a_minus_goes_out_of_odd_and_even_functions_and_of_what_is_skew(text: str, wrt: str, given: list[str], line: str) -> None:
    d = api.derive(text, wrt, given, verify=True)
    assert line in d.text() and d.verdict.kind == "proved", d.text()


@pytest.mark.parametrize(("text", "result"), [
    ("x'*A*x/(x'*x)", "(8*(x'*A*x)*x*x'/t^2 + 2*A - (2*(x'*A*x)*eye(n) + 4*(A*x*x' + x*x'*A))/t)/t"),
    ("a'*x/norm2(x)", "3*(a'*x)*x*x'/norm2(x)^5 - ((a'*x)*eye(n) + a*x' + x*a')/norm2(x)^3"),
    ("tanh(a'*x)*(c'*x)", "(1 - tanh(a'*x)^2)*(a*c' + c*a' - 2*(c'*x)*tanh(a'*x)*a*a')"),
    ("(x'*A*x)*(x'*B*x)", "2*((x'*A*x)*B + (x'*B*x)*A) + 4*(A*x*x'*B + B*x*x'*A)")])
def test_a_hessian_is_seen_to_be_symmetric(text: str, result: str) -> None:
    d = api.derive(text, "x", ["A, B in R^(n,n) symmetric", "a, c, x in R^n"], order=2)
    assert str(d.result) == result and d.verdict.kind == "proved" and "t !=" not in " ".join(map(str, d.verdict.needs)), d.text()
    assert "each of the" in " ".join(d.text().split()), d.text()


@pytest.mark.parametrize(("text", "wrt", "given", "lines"), [
    ("1/2*sum(exp(v) + m.^2 - 1 - v)", "v", ["v, m in R^n"], ["  df = d(𝟏ᵀ(exp(v) + m∘² − 𝟏 − v)/2)\n", "= 𝟏ᵀd(exp(v) + m∘² − 𝟏 − v)/2  "]),
    ("(x - mean(x))./sqrt(var(x) + e)", "x", ["x in R^n", "e in R"], ["t = var(x) + e   scalar", "/(n t √t)  "]),
    ("tr(X*inv(S)*X') + logdet(S)", "S", ["S in R^(p,p) spd", "X in R^(n,p)"],
     ["d(tr(X S⁻¹ Xᵀ) + log det S)", "= tr(X d(S⁻¹) Xᵀ) + d(log det S)", "the differential is linear"]),
    ("g'*(w.*x)/sqrt(x'*x/n + e)", "x", ["x, g, w in R^n", "e in R"],
     ["t = xᵀ x/n + e   scalar", "∂f/∂x = (g ⊙ w − (gᵀ (w ⊙ x)) x/(n t))/√t  "]),
    ("tr(M*W'*A*W)", "W", ["W in R^(m,n)"], ["d(tr(M Wᵀ A W))\n     = tr(M d(Wᵀ A W))", "\n     = tr(M d(Wᵀ) A W) + tr(M Wᵀ A dW)",
                                           "\n     = tr(Mᵀ Wᵀ Aᵀ dW) + tr(M Wᵀ A dW)   "]),
    ("y'*log(sigmoid(X*w)) + (1 - y)'*log(1 - sigmoid(X*w))", "w", ["X in R^(m,n)"], ["s = σ(X w)", "= Xᵀ (y − s)\n"]),
    ("diag(A*inv(B + diag(x))*C)", "x", ["x in R^n"], ["diagonal of a product with a diagonal matrix",
                                                            "∂f/∂x = −((B + diag(x))⁻ᵀ Aᵀ) ⊙ ((B + diag(x))⁻¹ C)"]),
    ("inv(A + B*diag(x))*b", "x", ["x, b in R^n"], ["Z = A + B diag(x)", "∂f/∂x = −diag(Z⁻¹ b) Bᵀ Z⁻ᵀ  "]),
    ("norm2(X - mean(X))^2", "X", ["X in R^(m,n)"], ["since 𝟏ᵀR 𝟏 = 0", "= 2 (X − mean(X) 𝟏𝟏ᵀ)  "]),
    ("tr(X*inv(X'*X + l*eye(p))*X')", "X", ["X in R^(n,p)", "l in R"],
     ["what the inverse of a sum leaves", "∂f/∂X = 2 l X (Xᵀ X + l I)⁻²  "]),
    ("-n/2*logdet(S) - 1/2*tr(X'*X*inv(S))", "S", ["S in R^(p,p) spd", "X in R^(n,p)"],
     ["∂f/∂S = (S⁻¹ Xᵀ X S⁻¹ − n S⁻¹)/2  ", "with respect to the independent entries of S: 2 G − diag(diag(G)), G = ∂f/∂S"]),
    ("sum(G.*(softmax(Q*K'/sqrt(d))*V))", "K", ["Q, K, V, G in R^(n,d)"],
     ["∂f/∂K = (P ⊙ (T − (P ⊙ T) 𝟏 𝟏ᵀ))ᵀ Q/√d", "P = softmax(Z)   n × n\n"
      "            T = G Vᵀ   n × n\n"])])
def test_lines_that_a_reader_would_not_circle(text: str, wrt: str, given: list[str], lines: list[str]) -> None:
    page = api.derive(text, wrt, given).text(120)
    assert all(line in page for line in lines), page


def test_batch_normalisation_of_a_matrix_has_one_scale_behind() -> None:
    d = api.derive("sum(G.*(H*diag(g) + ones(m)*b'))", "X", ["G, X in R^(m,n)", "g, b in R^n", "e in R positive"],
                   ["mu = colmean(X)", "s = sqrt(colmean((X - ones(m)*mu').^2) + e)", "H = (X - ones(m)*mu')*diag(1./s)"])
    assert str(d.result) == "(G - (H*diag(colsum(G.*H)) + ones(m)*colsum(G)')/m)*diag(g./s)" and d.verdict.kind == "proved", d.text()


def test_what_diagonal_matrices_have_in_common_is_taken_out() -> None:
    d = api.derive("o.*tanh(c)", "x", ["x in R^n", "k in R^m", "U, V, W in R^(m,n)"],
                   ["o = sigmoid(W*x)", "f = sigmoid(V*x)", "c = f.*k + tanh(U*x)"], layout="numerator")
    assert str(d.result) == ("diag(o)*(diag((ones(m) - o).*tanh(c))*W + diag(ones(m) - tanh(c).^2)*"
                             "(diag(f.*k.*(ones(m) - f))*V + diag(ones(m) - tanh(U*x).^2)*U))"), d.text()
    assert d.verdict.kind == "proved" and "each of the" in " ".join(d.text().split()), d.text()


@pytest.mark.parametrize(("text", "wrt", "given", "order", "line"), [
    ("x'*A*x/(x'*x)", "x", ["A in R^(n,n) symmetric"], 2, "= 2 (A − f I − g xᵀ − x gᵀ)/(xᵀ x)  "),
    ("exp(-x'*A*x/2)", "x", ["A in R^(n,n) symmetric"], 2, "= f (A x xᵀ A − A)  "),
    ("sqrt(x'*A*x + c)", "x", ["A in R^(n,n) symmetric", "c in R"], 2, "∂g/∂x = (A − g gᵀ)/f  "),
    ("norm2(A*x - b)", "x", ["A in R^(m,n)", "b in R^m"], 2, "∂g/∂x = (Aᵀ A − g gᵀ)/f  "),
    ("norm2(x)", "x", ["x in R^n"], 2, "∂g/∂x = (I − g gᵀ)/‖x‖  "),
    ("-(tr(A*X) + logdet(X))", "X", ["A, X in R^(n,n)"], 1, "∂f/∂X = −(A + X⁻¹)ᵀ  "),
    ("log(x'*A*x)", "x", ["A in R^(n,n) spd"], 2, "∂g/∂x = 2 A/(xᵀ A x) − g gᵀ  "),
    ("logdet(A + x*x')", "x", ["A in R^(n,n) spd", "x in R^n"], 1, "∂f/∂x = 2 (A + x xᵀ)⁻¹ x  "),
    ("(x'*A*x)/(x'*B*x)", "x", ["A, B in R^(n,n) symmetric"], 2, "∂g/∂x = 2 (A − B x gᵀ − f B − g xᵀ B)/(xᵀ B x)  "),
    ("logdet(W) - sum(log(cosh(W*x)))", "W", ["W in R^(n,n)", "x in R^n"], 1, "∂f/∂W = W⁻ᵀ − tanh(W x) xᵀ  "),
    ("-(1-sigmoid(z))^g*log(sigmoid(z))", "z", ["z, g in R"], 1, "∂f/∂z = (1 − σ(z))^g (σ(z) (1 + g log(σ(z))) − 1)  ")])
def test_results_as_books_print_them(text: str, wrt: str, given: list[str], order: int, line: str) -> None:
    d = api.derive(text, wrt, given, order=order)
    assert line in d.text(120) and d.verdict.kind == "proved", d.text(120)


def test_terms_of_a_product_keep_their_places_from_line_to_line() -> None:
    d = api.derive("o.*tanh(c)", "x", ["x in R^n", "k in R^m", "V, W in R^(m,n)"], ["o = sigmoid(W*x)", "c = k.*(V*x) + tanh(V*x)"])
    lines = [line for line in d.text(300).splitlines() if "d(σ(W x))" in line or " do" in line]
    assert len(lines) > 3 and all(line.index("diag(tanh(c)) d") < line.index("diag(o ⊙") for line in lines if "diag(tanh(c)) d" in line
                                  and "diag(o ⊙" in line), d.text(300)


def test_a_result_is_not_said_twice() -> None:
    page = api.derive("(y - X*b)'*inv(S)*(y - X*b)", "b", ["S in R^(n,n) spd", "X in R^(n,p)", "b in R^p"]).text(120)
    assert page.count("= −2 Xᵀ S⁻¹ (y − X b)\n") + page.count("= −2 Xᵀ S⁻¹ (y − X b)  ") == 1, page


def test_a_sum_stands_behind_the_other_factors() -> None:
    assert str(api.derive("sigmoid(x)", "x", ["x in R"]).result) == "sigmoid(x)*(1 - sigmoid(x))"
    assert str(api.derive("c*sigmoid(w'*x)", "x", ["x in R^n", "c in R"]).result) == "c*sigmoid(w'*x)*(1 - sigmoid(w'*x))*w"


@pytest.mark.parametrize(("power", "line"), [(3, "= 3 ‖x‖ xᵀ dx"), (4, "= 4 ‖x‖² xᵀ dx")])
def test_a_power_of_a_norm_that_has_a_derivative_at_0_does_not_go_through_one_that_has_none(power: int, line: str) -> None:
    page = api.derive(f"norm2(x)^{power}", "x").text()
    assert line in page
    assert "d(‖x‖)" not in page


def test_where_several_variables_meet_has_a_letter() -> None:
    found = api.derive("sum(G.*(softmax(Q*K'/sqrt(d))*V))", ["Q", "K", "V"],
                       ["Q in R^(m,d)", "K in R^(n,d)", "V in R^(n,p)", "G in R^(m,p)"])
    page = found.text()
    assert page.count("d(softmax(") == 1 and "Write     Z = Q Kᵀ/√d" in page and "S = softmax(Z)" in page, page
    assert str(found["Q"]) == "delta_Z*K/sqrt(d)" and found.verdict.kind == "proved"


def test_the_letter_of_a_page_is_not_that_of_a_link() -> None:
    page = api.derive("(v'*s)^2", ["W", "x"], ["v in R^k"], ["s = softmax(W*x)"]).text()
    assert "definition of f" not in page and "s ⊙ (δ_s − (δ_sᵀ s) 𝟏)" in page, page


def test_what_two_trees_ask_alike_is_no_step() -> None:
    page = api.derive("(x - mean(x))/std(x)", "x", ["x in R^n"], ["z = (x - mean(x))/std(x)"]).text()
    assert "cancels" not in page and "(I − (𝟏𝟏ᵀ + z zᵀ)/n)/std(x)" in page and "where u ≠ 0" in page, page


def test_a_sum_of_a_hadamard_product_needs_no_matrix_of_ones() -> None:
    page = api.derive("-sum(Y.*log(softmax(X*W)))", "W", ["Y in R^(m,k) simplex", "X in R^(m,n)"]).text()
    assert "𝟏𝟏ᵀ" not in page and "∂f/∂W = Xᵀ (P − Y)" in page, page


def test_terms_that_become_one_trace_are_said_to() -> None:
    page = api.derive("logdet(S) + x'*inv(S)*x", "S", ["S in R^(n,n) spd"]).text()
    assert "the trace is cyclic, then like terms" in page or "the trace is cyclic, then common factor" in page, page


@pytest.mark.parametrize(("text", "wrt", "given", "order", "line"), [
    ("log(1 + exp(-c*x'*y))", "x", ["c in R", "x, y in R^n"], 2, "∂g/∂x = c² σ(−c xᵀ y) σ(c xᵀ y) y yᵀ "),
    ("y'*x/(norm2(x)*norm2(y))", "x", ["x, y in R^n"], 1, "df = d(yᵀ x/(‖x‖ ‖y‖))\n     = yᵀ dx/"),
    ("x'*P*x - logdet(P)", "P", ["x in R^n"], 1, "∂f/∂P = x xᵀ − P⁻ᵀ\n"),
    ("sum(softmax(x).*log(softmax(x)./p))", "x", ["x, p in R^n"], 1, "where p > 0."),
    ("tr(X*inv(X'*X + c*eye(n))*X')", "X", ["X in R^(m,n)", "c in R"], 1, "= 2 c tr((Xᵀ X + c I)⁻² Xᵀ dX)\n")])
def test_factors_denominators_and_transposes_stand_as_one_writes_them(text: str, wrt: str, given: list[str], order: int, line: str) -> None:
    page = api.derive(text, wrt, given, order=order).text()
    assert line in page, page


@pytest.mark.parametrize(("text", "result"), [
    ("std(x)", "(x - mean(x))/(n*std(x))"),
    ("mean(x)/std(x)", "(1/std(x) - mean(x)*(x - mean(x))/std(x)^3)/n"),
    ("log(var(x))", "2*(x - mean(x))/(n*var(x))"),
    ("log(mean(exp(x)))", "softmax(x)"),        # where the letter makes nothing shorter, there is none
])
def test_a_mean_that_was_typed_is_a_mean_in_the_answer(text: str, result: str) -> None:
    d = api.derive(text, "x", ["x in R^n"], claim=result)
    data = d.json()
    assert data["result"] == result and not data["where"] and d.verdict.kind == d.claim_verdict.kind == "proved", data["result"]
    assert d.result.names == frozenset({d.record.problem.variable}), "the expression itself is made of what was declared"


def test_the_name_of_a_mean_is_set_upright_and_the_page_says_what_it_is() -> None:
    d = api.derive("std(x)", "x", ["x in R^n"])
    assert r"\frac{x - \operatorname{mean}(x)\,\mathbf{1}}{n\,\operatorname{std}(x)}" in d.latex()
    assert "Write     mean(x) = 𝟏ᵀx/n" in d.text() and "Function  f = std(x)" in d.text()


def test_what_stands_below_a_softmax_that_was_named_is_differentiated_once() -> None:
    g = api.derive("-sum(Y.*log(S))", ["X", "W", "t"], ["X in R^(m,d)", "W in R^(d,k)", "Y in R^(m,k) simplex", "t in R positive"],
                   ["S = softmax(X*W/t)"])
    assert {n: str(e) for n, e in g.results.items()} == {
        "X": "delta_Z*W'/t", "W": "X'*delta_Z/t", "t": "-tr(Z'*delta_Z)/t"} and g.verdict.kind == "proved", g.results
    assert g.text().count("Jacobian of softmax") == 1, g.text()


def test_of_several_gradients_a_mean_that_was_typed_has_a_letter_and_is_differentiated_once() -> None:
    g = api.derive("sum(g.*(c.*(x - mean(x))/std(x) + b))", ["x", "c", "b"], ["x, g, c, b in R^n"])
    assert g.verdict.kind == "proved" and str(g["c"]) == "(g.*(x - mu*ones(n)))/s", g.text()
    assert all(line in g.text() for line in ("Write     μ = 𝟏ᵀx/n", "v = 𝟏ᵀ(x − μ 𝟏)∘²/n", "s = √v", "f = 𝟏ᵀ(g ⊙ ((c ⊙ (x − μ 𝟏))/s + b))"))
    said = json.loads(answer(json.dumps({"expr": "sum(G.*(softmax(Q*K')*V))", "wrt": "Q, K", "declare": ["Q, K, V, G in R^(n,d)"]})))
    assert said["where"][:2] == ["Z = Q*K'", "P = softmax(Z)"], said["where"]
    once = api.derive("mean((X*w + b - y).^2)", ["w", "b"], ["X in R^(m,n)", "w in R^n", "b, y in R^m"])
    assert "mu" not in once.text() and "μ" not in once.text(), "a mean that stands once, and not below a power, needs no letter"


@pytest.mark.parametrize(("text", "wrt", "given", "order", "result", "latex"), [
    ("norm2(x - a)", "x", ["x, a in R^n"], 2, "eye(n)/norm2(x - a) - (x - a)*(x - a)'/norm2(x - a)^3", r"(x - a)\,(x - a)^{\top}"),
    ("d'*X*b - sum(t.*exp(X*b))", "b", ["X in R^(m,n)", "t in R^m"], 1, "X'*(d - (t.*exp(X*b)))", r"t \odot \exp(X\,b)"),
    ("det(X)^k", "X", ["X in R^(n,n)", "k in R"], 1, "k*det(X)^k*inv(X)'", r"k\,\det(X)^{k}\,X^{-\top}")])
def test_the_answer_as_data_has_the_order_and_the_signs_of_the_page(
        text: str, wrt: str, given: list[str], order: int, result: str, latex: str) -> None:
    data = api.derive(text, wrt, given, order=order, claim=result).json()
    assert data["result"] == result and latex in data["latex"], (data["result"], data["latex"])


def test_a_line_with_two_reasons_names_the_sources_of_both() -> None:
    page = api.derive("x'*A*x/(x'*x)", "x", ["A in R^(n,n) symmetric"]).text()
    assert "symmetry of A  MCB (81)" in page and "Petersen" in page, page


def test_a_sum_of_negatives_gives_its_minus_away_entry_by_entry() -> None:
    page = api.derive("-p'*log(p)", "z", ["z in R^k"], define=["p = softmax(z)"]).text()
    assert "= −p ⊙ (f 𝟏 + log(p))" in page and "⊙ (−" not in page, page


def test_row_sums_stay_under_the_trace_they_stood_in() -> None:
    page = api.derive("sum(G.*softmax(Z))", "Z", ["Z, G in R^(m,n)"]).text()
    assert "− tr((G ⊙ P)ᵀ (P ⊙ dZ) 𝟏 𝟏ᵀ)" in page and "the trace is cyclic, then Hadamard product in a trace" in page, page
    assert "cyclic and linear" in api.derive("-sum(Y.*log(softmax(X*W)))", "W", ["Y in R^(m,k) simplex", "X in R^(m,n)"]).text()


def test_transposed_letters_are_turned_before_they_meet_others() -> None:
    page = api.derive("tr(inv(X'*A*X)*(X'*B*X))", "X", ["X in R^(n,k)", "A in R^(n,n) spd", "B in R^(n,n) symmetric"]).text()
    assert "−2 tr(Z⁻¹ Xᵀ B X Z⁻¹ Xᵀ A dX) + 2 tr(Z⁻¹ Xᵀ B dX)" in page and "Z⁻ᵀ               symmetry" not in page, page
    assert "Read off  ∂f/∂X = 2 (B − A X Z⁻¹ Xᵀ B) X Z⁻¹" in page, page


@pytest.mark.parametrize(("text", "wrt", "given", "line"), [
    ("(A*x)./(B*x)", "x", ["A, B in R^(m,n)", "x in R^n"], "= (A dx) ⊘ (B x) + (A x) ⊙ d(𝟏 ⊘ (B x))\n"),
    ("norm2(x - W'*sigmoid(W*x + b))^2", "W", ["W in R^(k,n)", "x in R^n", "b in R^k"], "((W (x − Wᵀ s)) ⊙ s ⊙ (𝟏 − s)) xᵀ")])
def test_factors_entry_by_entry_stand_as_one_writes_them(text: str, wrt: str, given: list[str], line: str) -> None:
    page = api.derive(text, wrt, given).text()
    assert line in page, page


def test_what_is_assumed_to_be_a_number_is_no_condition() -> None:
    d = api.derive("u'*A*u/(u'*u)", "u", ["A in R^(n,n) symmetric"], assume=["u'*u = 1"])
    assert d.verdict.kind == "proved" and not d.verdict.conditions
    assert api.derive("log(c)", "c", ["c in R"], assume=["c^2 = 4"]).verdict.conditions == ("c > 0",)


def test_the_opposite_of_a_name_and_the_chain_rule_are_as_one_writes_them() -> None:
    page = api.derive("norm2(A*x - b)^2", "x", ["A in R^(m,n)", "x in R^n", "b in R^m"], ["r = b - A*x"]).text()
    assert "= ‖r‖² " in page and "df = d(‖r‖²)" in page
    page = api.derive("(silu(X*W).*(X*V))*U", ["X", "W"], ["X in R^(m,d)", "W, V in R^(d,h)", "U in R^(h,d)"], cotangent="G").text()
    assert "df = d(tr(Gᵀ (silu(Z) ⊙ (X V)) U)) + tr(δ_Zᵀ dZ)" in page, page


def test_a_short_sum_stands_above_the_bar() -> None:
    tex = api.derive("(v + c)*log(1 + x'*inv(S)*x/v)", "S", ["x in R^n", "S in R^(n,n) spd", "v in R positive", "c in R"]).latex()
    assert r"= -\frac{v + c}{v + x" in tex, tex


def test_a_size_below_is_a_number_in_front() -> None:
    tex = api.derive("-sum(Y.*log(softmax(X*W)))/n", "W", ["X in R^(n,d)", "W in R^(d,k)", "Y in R^(n,k) simplex"]).latex()
    assert r"\frac{1}{n}\,X^{\top}\,(P - Y)" in tex and r"-\frac{1}{n}\,\operatorname{tr}(Y^{\top}\,\mathrm{d}(\log(P)))" in tex, tex


def test_the_gradient_in_a_hessian_is_replayed_in_letters() -> None:
    verdict = api.derive("x'*A*x/(var(x) + 3)", "x", ["x in R^n", "A in R^(n,n) symmetric"], order=2).verdict
    assert verdict.kind == "proved" and "did not decide" not in str(verdict), verdict
