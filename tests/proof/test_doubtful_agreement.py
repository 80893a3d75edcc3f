"""Nothing false is called checked because of where points look: sizes, kinks, branches of assumptions, abstract functions."""

from __future__ import annotations

import pytest

from matcalc import api, judges
from matcalc.reading.parse import problem
from matcalc.proof.at_points.doubtful_agreement import deeper
from matcalc.proof.at_points.points import Equality
from matcalc.proof.verdict import Reason
from tests.parts import one_in
from tests.proof.law_table import LAWS

ANY = ["A in R^(n,n)", "B in R^(n,n)", "K in R^(n,n) skew", "S in R^(n,n) symmetric", "x in R^n", "y in R^n", "X in R^(m,n)", "c in R",
       "d in R", "f: R -> R"]
PRODUCT = "A*A*A*A - tr(A)*A*A*A + (tr(A)^2 - tr(A*A))/2*A*A - (tr(A)^3 - 3*tr(A)*tr(A*A) + 2*tr(A*A*A))/6*A"
FALSE = [
    # true for small sizes only
    ("sum(K.*K)^2 == 2*sum((K*K).*(K*K))", {}),
    ("tr(K*K)^2 == 2*tr(K*K*K*K)", {}),
    ("sum(K.*K)^2 == 2*sum(M.*M)", {"define": ["M = K*K"]}),
    (f"{PRODUCT} == zeros(n,n)", {}),
    ("sum(x)^4 - 6*sum(x)^2*sum(x.^2) + 3*sum(x.^2)^2 + 8*sum(x)*sum(x.^3) - 6*sum(x.^4) == 0", {}),
    ("p == 0", {"define": ["q = A*A", "p = (tr(A)^4 - 6*tr(A)^2*tr(q) + 3*tr(q)^2 + 8*tr(A)*tr(q*A) - 6*tr(q*q))"]}),
    ("(tr(A)*tr(B) - tr(A*B))*(n-2)*(n-3)*(n-4) == 0", {}),
    ("det(eye(n)+K) == 1 - tr(K*K)/2", {}),
    ("det(eye(n)+A) == 1 + tr(A) + (tr(A)^2-tr(A*A))/2", {}),
    # polynomials in sizes
    ("(n-1)*(n-3)*(n-4)*sum(x) == 0", {}),
    ("(n-1)*(n-2)*(n-3)*(n-4)*(n-5)*(n-6)*sum(x) == 0", {}),
    ("(n-1)*(n-3)*(n-4)*tr(eye(n)) == 0", {}),
    ("sum(ones(n,n))*(n^2 - 8*n + 15)*(n-1)*c == 0", {}),
    ("((m-n)^2-1)*(m-n)*(n-1)*(m-1)*sum(X) == 0", {}),
    ("((m-n)^2-1)*(m-1)*sum(X) == 0", {}),
    # kinks far away, or narrow
    ("relu(0.01-abs(c)) == 0", {}),
    ("relu(0.01-abs(c-7)) == 0", {}),
    ("relu(0.3-abs(c-1234)) == 0", {}),
    ("abs(c - 500) == 500 - c", {}),
    ("abs(c - 50000) == 50000 - c", {}),
    ("sign(c - 123456) == -1", {}),
    ("abs(c + 3*d - 700) == 700 - c - 3*d", {}),
    ("relu(norm2(x)-1000) == 0", {}),
    ("relu(x'*x - 20000) == 0", {}),
    ("norm1(x - 400*ones(n)) == sum(400*ones(n) - x)", {}),
    ("sqrt((c-900)^2) == 900-c", {}),
    ("relu(q) == 0", {"define": ["q = 0.02 - abs(c - 3)"]}),
    ("relu(exp(c)-exp(8)) == 0", {}),
    ("relu(0.000001-abs(c-3)) == 0", {}),
    # between roots that are near each other
    ("relu(c-3.0001)*relu(3.0002-c) == 0", {}),
    ("d(relu(c-3.0001)*relu(3.0002-c))/d(c) == 0", {}),
    ("relu(c-3)*relu(3+1e-20-c) == 0", {}),
    ("relu(1e-9-(c-3)^2) == 0", {}),
    ("sum(relu(x-3.0001*ones(n)).*relu(3.0002*ones(n)-x)) == 0", {}),
    ("relu(u)*relu(v) == 0", {"define": ["u = c-3", "v = 0.0001-u"]}),
    ("relu(c-3.0001)*relu(3.0002-c)*tr(Q) == 0", {"declare": ["c in R", "Q in R^(n,n) orthogonal"]}),
    # other branches of what is assumed
    ("c == d", {"assume": ["c*d = d^2"]}),
    ("c == 0", {"assume": ["c*d = 0"]}),
    ("d == 0", {"assume": ["c*d = 0"]}),
    ("c == 1", {"assume": ["c^2 = c"]}),
    ("A*B == 0*A", {"assume": ["A*B = -B*A"]}),
    ("A == 0*A", {"assume": ["A*A = zeros(n,n)"]}),
    ("A == B", {"assume": ["A*A = A*B"]}),
    ("x == y", {"assume": ["x'*x = x'*y"]}),
    ("det(A) == 1", {"assume": ["A'*A = eye(n)"]}),
    ("A == eye(n)", {"assume": ["A*A = A"]}),
    ("A == A'", {"assume": ["A*A = eye(n)"]}),
    ("A == diag(diagonal(A))", {"declare": ["A in R^(n,n)", "D in R^(n,n) diagonal"], "assume": ["A*D = D*A"]}),
    ("A == A'", {"declare": ["A in R^(n,n)", "T in R^(n,n) spd"], "assume": ["A*T = T*A"]}),
    ("A == diag(diagonal(A))", {"declare": ["A in R^(n,n)", "p in R^n positive"], "assume": ["A*diag(p) = diag(p)*A"]}),
    # an abstract function is no polynomial
    ("f(c+6)-6*f(c+5)+15*f(c+4)-20*f(c+3)+15*f(c+2)-6*f(c+1)+f(c) == 0", {}),
    ("f''''''(c) == 0", {}),
    ("f(2*c)-3*f(c)+2*f(0) == c*f'(0)*0 + f(2*c) - 3*f(c) + 2*f(d)", {}),
    # the law of definite matrices
    ("sqrt(det(eye(n)+(P.*(Q*T))*(P.*Q)')^2) == det(eye(n)+(P.*(Q*T))*(P.*Q)')", {"declare": ["P in R^(n,k)", "Q in R^(n,k)",
                                                                                              "T in R^(k,k) spd"]}),
    ("abs(det(eye(n)+(A*B').*(B*A'))) == det(eye(n)+(A*B').*(B*A'))", {}),
]
OPEN = [
    ("abs(c - 10^9) == 10^9 - c", {}),
    ("abs(c + 10^20) == c + 10^20", {}),
    ("relu(c + 10^15) == c + 10^15", {}),
    ("x./x == ones(n)", {"assume": ["x = zeros(n)"]}),
    ("inv(A)*A == eye(n)", {"assume": ["A*A = zeros(n,n)"]}),
    ("inv(A)*A*A == zeros(n,n)", {"assume": ["A*A = zeros(n,n)"]}),
    ("c/d == c/d", {"assume": ["d = 0"]}),
    ("x == x", {"assume": ["x'*x = -1"]}),
    (" * ".join(f"(n-{k})" for k in range(1, 30)) + "*c == 0", {}),
]
TRUE = [
    ("A == zeros(n,n)", {"declare": ["A in R^(n,n)", "T in R^(n,n) spd"], "assume": ["A*T = -T*A"]}),
    ("A*B == 0*A", {"assume": ["A*B = zeros(n,n)"]}),
    ("tr(A) == 0", {"assume": ["A' = -A"]}),
    ("B*A == eye(n)", {"assume": ["A*B = eye(n)"]}),
    ("A*A' == eye(n)", {"assume": ["A'*A = eye(n)"]}),
    ("det(A)^2 == 1", {"assume": ["A'*A = eye(n)"]}),
    ("(c-d)*(c+d) == 0", {"assume": ["c^2 = d^2"]}),
    ("abs(c)+abs(d) == abs(abs(c)+abs(d))", {}),
    ("relu(c-700) - relu(700-c) == c - 700", {}),
    ("max_ == (c + d + abs(c-d))/2", {"define": ["max_ = d + relu(c-d)"]}),
]


def asked(text: str, more: dict[str, list[str]]) -> str:
    return judges.equation(problem(prove=text, **{"declare": ANY, **more})).kind


@pytest.mark.thin(4)
@pytest.mark.parametrize(("text", "more"), FALSE, ids=[t for t, _ in FALSE])
def test_false_equations_are_refuted(text: str, more: dict[str, list[str]]) -> None:
    assert asked(text, more) == "refuted"


@pytest.mark.thin(5)
@pytest.mark.parametrize(("text", "more"), OPEN, ids=[t[:60] for t, _ in OPEN])
def test_what_cannot_be_looked_at_is_undecided(text: str, more: dict[str, list[str]]) -> None:
    assert asked(text, more) == "undecided"


@pytest.mark.thin(5)
@pytest.mark.parametrize(("text", "more"), TRUE, ids=[t for t, _ in TRUE])
def test_true_equations_are_not_refuted(text: str, more: dict[str, list[str]]) -> None:
    assert asked(text, more) in ("proved", "checked")


@pytest.mark.parametrize(("f", "x", "claim"), [("abs(x-500)", "x", "-1"), ("relu(0.01-abs(x-7))", "x", "0"), ("sum(relu(x-300*ones(n)))",
                                                                                                              "x", "zeros(n)"),
                                               ("(n-1)*(n-3)*(n-4)*x'*x", "x", "zeros(n)")])
def test_a_false_closed_form_is_refuted(f: str, x: str, claim: str) -> None:
    found = api.derive(f, x, declare=["x in R^n" if "n" in claim + f.replace("sin", "") else "x in R"], claim=claim)
    assert found.claim_verdict is not None and found.claim_verdict.kind == "refuted"


@pytest.mark.slow
def test_nothing_true_is_refuted_by_a_deeper_look(tally) -> None:
    """Every law's equations, proved or not: the deeper look finds no difference, and seldom has to leave something open."""
    for rows in LAWS.values():
        for declare, texts in rows:
            for text in texts[::one_in(2)]:
                p = problem(declare=declare, prove=text).as_typed()
                question = Equality(p, *p.prove)
                assert question.judge().kind == "checked", text
                found = deeper(question)
                assert found is None or isinstance(found, Reason), (text, found)
                tally["true equations, looked at deeper"]["agree" if found is None else f"open: {found.why}"] += 1


@pytest.mark.parametrize("text", [
    "sin(1e-50*c) == 1e-50*c", "cos(1e-30*c) == 1", "exp(1e-13*c) == 1 + 1e-13*c + 1e-26*c^2/2", "cos(1e-200*c) == 1",
    "sigmoid(c + 500) == 1", "exp(-1000*c^2) == 0", "exp(c) + 1e-90*sin(c) == exp(c)", "log(1 + exp(-500 - c^2)) == 0", "erf(c + 30) == 1",
    "arctan(c + 1e60) == pi/2", "exp(log(1 + c^2)) == 1 + c^2 + 1e-200", "relu(c - 3.0001)*relu(3.0002 - c) == 0",
    "relu(c - 3.000001)*relu(3.000002 - c) == 0", "relu(0.000001-abs(c-3)) == 0", "d(relu(c - 3.0001)*relu(3.0002 - c))/d(c) == 0"])
def test_what_hides_behind_many_digits_or_between_two_kinks_is_found(text: str) -> None:
    assert judges.equation(problem(declare=["c in R"], prove=text)).kind == "refuted"


def test_where_too_many_digits_would_be_needed_nothing_is_checked() -> None:
    verdict = judges.equation(problem(declare=["c in R"], prove="log(1 + exp(-exp(10))) == 0*c"))
    assert verdict.kind == "undecided" and "2000 digits" in str(verdict)


@pytest.mark.parametrize("claim", ["A*B == B*A", "tr(A) == 0", "tr(A)^2 == 4", "A == tr(A)/2*eye(2)", "det(A) == -1"])
def test_reflections_of_every_kind_are_looked_at(claim: str) -> None:
    p = problem(declare=["A in R^(2,2) symmetric orthogonal", "B in R^(2,2) symmetric orthogonal"], prove=claim)
    assert judges.equation(p).kind == "refuted"


@pytest.mark.parametrize(("expr", "wrt", "claim"), [
    ("softmax(abs(200*x))", "x", "200*diag(sign(x))*(diag(softmax(abs(200*x))) - softmax(abs(200*x))*softmax(abs(200*x))')"),
    ("softmax(300*x)", "x", "300*(diag(softmax(300*x)) - softmax(300*x)*softmax(300*x)')"),
    ("exp(200*x)/sum(exp(200*x))", "x", "200*(diag(softmax(200*x)) - softmax(200*x)*softmax(200*x)')")])
def test_what_overflows_refutes_nothing(expr: str, wrt: str, claim: str) -> None:
    assert api.derive(expr, wrt, ["x in R^n"], claim=claim).claim_verdict.kind == "proved"  # type: ignore[union-attr]
