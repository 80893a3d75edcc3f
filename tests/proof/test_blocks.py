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
