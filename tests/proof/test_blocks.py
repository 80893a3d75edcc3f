"""Blocks and selected entries, for every size: true equations are proved, false ones are not."""

import pytest

from matcalc import judges
from matcalc.reading.parse import problem
from tests.proof.identities import DECLARE

TRUE = """
[eye(m), zeros(m,n); zeros(n,m), eye(n)] == eye(m + n)
inv([M, X; zeros(n,m), A]) == [inv(M), -inv(M)*X*inv(A); zeros(n,m), inv(A)]
inv([M, zeros(m,n); X', A]) == [inv(M), zeros(m,n); -inv(A)*X'*inv(M), inv(A)]
inv([eye(n), B; zeros(n,n), eye(n)]) == [eye(n), -B; zeros(n,n), eye(n)]
inv([M, X; Y', A])*[u; x] == [inv(M - X*inv(A)*Y')*(u - X*inv(A)*x); inv(A)*(x - Y'*inv(M - X*inv(A)*Y')*(u - X*inv(A)*x))]
det([M, X; zeros(n,m), A]) == det(M)*det(A)
det([M, zeros(m,n); Y', A]) == det(M)*det(A)
logdet([M, X; zeros(n,m), P]) == logdet(M) + logdet(P)
det([A, B, C; zeros(n,n), S, K; zeros(n,n), zeros(n,n), P]) == det(A)*det(S)*det(P)
det([M, u; zeros(m)', c]) == c*det(M)
inv([M, u; u', c])*[u; 0] == [inv(M)*u*c/(c - u'*inv(M)*u); -u'*inv(M)*u/(c - u'*inv(M)*u)]
x(1:2)'*y(1:2) == x(1)*y(1) + x(2)*y(2)
x(1:2) == [x(1); x(2)]
A(1:2,1:2) == [A(1,1), A(1,2); A(2,1), A(2,2)]
tr(A(1:2,1:2)) == A(1,1) + A(2,2)
""".strip().splitlines()
FALSE = """
x(1:2)'*x(1:2) == x(1)^2 - x(2)^2
x(1:2) == [x(2); x(1)]
A(1:2,1:2) == [A(1,1), A(2,1); A(1,2), A(2,2)]
det([M, u; u', c]) == c*det(M)
[eye(m), zeros(m,n); zeros(n,m), zeros(n,n)] == eye(m + n)
inv([M, X; zeros(n,m), A]) == [inv(M), -X; zeros(n,m), inv(A)]
inv([M, X; zeros(n,m), A]) == [inv(M), inv(M)*X*inv(A); zeros(n,m), inv(A)]
det([A, B; C, S]) == det(A)*det(S)
det([A, B; C, S]) == det(A)*det(S) - det(B)*det(C)
det([zeros(n,n), B; C, S]) == det(B)*det(C)
det([M, X; Y', A]) == det(M)*det(A)
""".strip().splitlines()


@pytest.mark.parametrize("text", TRUE)
def test_true_equations_are_proved(text: str) -> None:
    verdict = judges.equation(problem(DECLARE, prove=text))
    assert verdict.kind == "proved", verdict


@pytest.mark.parametrize("text", FALSE)
def test_false_equations_are_refuted(text: str) -> None:
    verdict = judges.equation(problem(DECLARE, prove=text))
    assert verdict.kind == "refuted", verdict


COMMUTING = ["det([A, B; C, D]) == det(A*D - B*C) | C*D == D*C", "det([A, B; C, D]) == det(A*D - C*B) | A*C == C*A",
             "det([A, B; C, D]) == det(D*A - B*C) | B*D == D*B", "det([A, B; C, D]) == det(D*A - C*B) | A*B == B*A",
             "det(A)*det(D - C*inv(A)*B) == det(A*D - C*B) | C*A == A*C"]


@pytest.mark.parametrize("text", COMMUTING)
def test_the_determinant_of_blocks_that_commute(text: str) -> None:
    claim, assumed = text.split(" | ")
    for equation in (assumed, " == ".join(assumed.split(" == ")[::-1])):
        p = problem(["A, B, C, D in R^(n,n)"], [], [equation.replace("==", "=")], prove=claim)
        assert judges.equation(p).kind == "proved", equation
    free = problem(["A, B, C, D in R^(n,n)"], [], [], prove=claim)
    assert judges.equation(free).kind == "refuted"


@pytest.mark.parametrize("assumed", ["D*D = zeros(n,n)", "C*D = zeros(n,n)", "D = A*C"])
def test_no_block_is_taken_for_invertible_that_is_assumed_not_to_be(assumed: str) -> None:
    for claim in ("det([A, B; C, D]) == 0", "det([A, B; C, D]) == det(A)*det(D)", "det([A, B; C, D]) == det(A*D - B*C)"):
        assert judges.equation(problem(["A, B, C, D in R^(n,n)"], [], [assumed], prove=claim)).kind != "proved", claim
