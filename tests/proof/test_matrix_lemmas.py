"""Lemmas about whole matrices for every size: blocks, determinants of sums, Sylvester equations, exponentials, completed squares."""

from __future__ import annotations

import pytest

from matcalc.reading.parse import problem
from matcalc.proof.all_sizes import indices
from matcalc.proof.at_points import points

DECLARE = ["A, B, C in R^(n,n)", "M, D in R^(m,m)", "U in R^(n,m)", "V in R^(m,n)", "P, T in R^(n,n) spd", "R in R^(m,m) spd",
           "Q in R^(n,n) orthogonal", "K in R^(n,n) skew", "X in R^(m,n)", "H in R^(m,n)", "x, a, b, l in R^n", "y, e in R^m", "s, t in R"]
TRUE = """
det([A, U; V, M]) == det(A)*det(M - V*inv(A)*U)
det([A, U; V, M]) == det(M)*det(A - U*inv(M)*V)
det([A, U; U', M]) == det(A)*det(M - U'*inv(A)*U)
det([A, a; b', t]) == det(A)*(t - b'*inv(A)*a)
det([t, b'; a, A]) == det(A)*(t - b'*inv(A)*a)
det([A, V'; V, zeros(m,m)]) == det(A)*det(-V*inv(A)*V')
det([eye(n), B; A, eye(n)]) == det(eye(n) - A*B)
det([A, B; B, A]) == det(A + B)*det(A - B)
det([s*eye(n), A; B, t*eye(n)]) == det(s*t*eye(n) - A*B)
inv(sqrtm(P)) == sqrtm(inv(P))
[x; y]'*inv([P, U; U', R])*[x; y] == x'*inv(P)*x + (y - U'*inv(P)*x)'*inv(R - U'*inv(P)*U)*(y - U'*inv(P)*x)
[x; t]'*inv([P, a; a', s])*[x; t] == x'*inv(P)*x + (t - a'*inv(P)*x)^2/(s - a'*inv(P)*a)
inv([A, U; V, M]) == [inv(A - U*inv(M)*V), -inv(A - U*inv(M)*V)*U*inv(M); -inv(M)*V*inv(A - U*inv(M)*V), inv(M - V*inv(A)*U)]
sqrtm(4*inv(P))*P == 2*sqrtm(P)
det(A)*det(M - V*inv(A)*U) == det(M)*det(A - U*inv(M)*V)
det(A + U*M*V) == det(inv(M) + V*inv(A)*U)*det(M)*det(A)
logdet(P + U*R*U') == logdet(P) + logdet(R) + logdet(inv(R) + U'*inv(P)*U)
det((A + B)*(A - B)) == det(A + B)*det(A - B)
det(A + A*B) == det(A)*det(eye(n) + B)
det(A)*det(eye(n) + inv(A)*B) == det(A + B)
logdet(inv(A) + inv(B)) == logdet(A + B) - logdet(A) - logdet(B)
det(t*eye(n) - inv(A)*B*A) == det(t*eye(n) - B)
det(inv(eye(n) + K)*(eye(n) - K)) == 1
det(X'*X) == det(X'*X + a*a')/(1 + a'*inv(X'*X)*a)
inv(kron(eye(n), M) + kron(A', eye(m)))*vec(M*X + X*A) == vec(X)
unvec(inv(kron(eye(n), M) - kron(A', eye(m)))*vec(M*X - X*A), m, n) == X
inv(eye(n*n) - kron(A, A))*vec(B - A*B*A') == vec(B)
expm(A*B*inv(A)) == A*expm(B)*inv(A)
expm(t*A*diag(l)*inv(A)) == A*diag(exp(t*l))*inv(A)
expm(Q*diag(l)*Q') == Q*diag(exp(l))*Q'
expm(kron(A, eye(m)) + kron(eye(n), M)) == kron(expm(A), expm(M))
expm(kron(A, eye(n)) + kron(eye(n), diag(x))) == kron(expm(A), diag(exp(x)))
expm(kron(eye(n), diag(x))) == kron(eye(n), diag(exp(x)))
(x-a)'*inv(P)*(x-a) + (x-b)'*inv(T)*(x-b) == (x-c)'*(inv(P) + inv(T))*(x-c) + (a-b)'*inv(P + T)*(a-b)
(x-a)'*inv(P)*(x-a) + (y-H*x)'*inv(R)*(y-H*x) == (x-g)'*(inv(P)+H'*inv(R)*H)*(x-g) + (y-H*a)'*inv(R + H*P*H')*(y-H*a)
sign(s*t)*abs(s*t)^(1/3) == sign(s)*abs(s)^(1/3)*sign(t)*abs(t)^(1/3)
sign(s^3)*abs(s^3)^(1/3) == s
(s^2)^(1/3) == abs(s)^(2/3)
(s^2*t^2)^(1/3) == abs(s*t)^(2/3)
""".strip().splitlines()
FALSE = """
det([A, U; V, M]) == det(A)*det(M + V*inv(A)*U)
det([A, U; V, M]) == det(M)*det(A - U*M*V)
det([A, B; B, A]) == det(A^2 - B^2)
det([s*eye(n), A; B, t*eye(n)]) == det(s*t*eye(n) + A*B)
inv(sqrtm(P)) == sqrtm(P)
[x; y]'*inv([P, U; U', R])*[x; y] == x'*inv(P)*x + (y + U'*inv(P)*x)'*inv(R - U'*inv(P)*U)*(y - U'*inv(P)*x)
det([A, B; B, A]) == det(A)^2 - det(B)^2
det([t, b'; a, A]) == det(A)*(t + b'*inv(A)*a)
det(A + U*M*V) == det(M + V*inv(A)*U)*det(M)*det(A)
det(A + B*A) == det(A)*det(eye(n) - B)
logdet(inv(A) + inv(B)) == logdet(A + B)
det(t*eye(n) - inv(A)*B*A) == det(t*eye(n) - A)
inv(kron(eye(n), M) + kron(A, eye(m)))*vec(M*X + X*A) == vec(X)
inv(kron(eye(n), M) + kron(A', eye(m)))*vec(M*X + 2*X*A) == vec(X)
inv(eye(n*n) - kron(A, A))*vec(B - A*B*A) == vec(B)
expm(A*B*inv(A)) == inv(A)*expm(B)*A
expm(A*B*A') == A*expm(B)*A'
expm(kron(A, eye(m)) + kron(eye(n), M)) == kron(expm(M), expm(A))
expm(kron(A, diag(x))) == kron(expm(A), diag(exp(x)))
expm(A)*expm(B) == expm(A + B)
expm(A)*B == B*expm(A)
(x-a)'*inv(P)*(x-a) + (x-b)'*inv(T)*(x-b) == (x-c)'*(inv(P) + inv(T))*(x-c) + (a-b)'*inv(P + T)*(a+b)
(x-a)'*inv(P)*(x-a) + (y-H*x)'*inv(R)*(y-H*x) == (x-g)'*(inv(P)+H'*inv(R)*H)*(x-g) + (y-H*a)'*inv(R + H*H')*(y-H*a)
sign(s*t)*abs(s*t)^(1/3) == abs(s)^(1/3)*abs(t)^(1/3)
(s^6)^(1/6) == s
""".strip().splitlines()
DEFINE = ["c = inv(inv(P) + inv(T))*(inv(P)*a + inv(T)*b)", "g = inv(inv(P) + H'*inv(R)*H)*(inv(P)*a + H'*inv(R)*y)"]


@pytest.mark.parametrize("text", TRUE)
def test_true_lemmas_are_proved(text: str) -> None:
    p = problem(declare=DECLARE, define=DEFINE, prove=text)
    assert p.prove is not None
    assert points.judge_equation(p, *p.prove).kind == "checked"
    assert indices.prove_equation(p, *p.prove).kind == "proved"


@pytest.mark.parametrize("text", FALSE)
def test_false_lemmas_are_refuted_and_not_proved(text: str) -> None:
    p = problem(declare=DECLARE, define=DEFINE, prove=text)
    if p.ill_shaped is None:
        assert p.prove is not None
        assert points.judge_equation(p, *p.prove).kind == "refuted"
        assert indices.prove_equation(p, *p.prove).kind == "undecided"


@pytest.mark.parametrize(("given", "text", "kind"), [
    ("A*B = B*A", "expm(A)*B == B*expm(A)", "proved"),
    ("A*B = B*A", "expm(A + B)*A == A*expm(B)*expm(A)", "proved"),
    ("A*B = B*A", "expm(A)*C == C*expm(A)", "undecided"),
    ("A*S*A' - S + W = zeros(n,n)", "vec(S) == inv(eye(n*n) - kron(A, A))*vec(W)", "proved"),
    ("A*S*A' - S + W = zeros(n,n)", "vec(S) == inv(eye(n*n) - kron(A', A))*vec(W)", "undecided"),
    ("A*S + S*A' + W = zeros(n,n)", "vec(S) == -inv(kron(eye(n), A) + kron(A, eye(n)))*vec(W)", "proved"),
    ("A*S + S*A' + W = zeros(n,n)", "vec(S) == inv(kron(eye(n), A) + kron(A, eye(n)))*vec(W)", "undecided"),
    ("inv(A + B) = inv(A) + inv(B)", "A*inv(B)*A == B*inv(A)*B", "proved"),
    ("inv(A + B) = inv(A) + inv(B)", "A*inv(B)*A == B*inv(A)*A", "undecided"),
    ("A*B = A + B", "A*B == B*A", "proved"),
    ("A*B = A*C", "B == C", "undecided"),
    ("A^2 = A; B^2 = B; (A + B)^2 = A + B", "A*B == zeros(n,n)", "proved"),
    ("A^2 = A; B^2 = B; A*B + B*A = zeros(n,n)", "tr(A*B) == 0", "proved"),
    ("A*B = eye(n); C*A = eye(n)", "B == C", "proved"),
    ("A'*A = eye(n)", "det(A)^2 == 1", "proved")])
def test_what_follows_from_an_equation(given: str, text: str, kind: str) -> None:
    p = problem(declare=["A, B, C in R^(n,n)", "S, W in R^(n,n) symmetric"], assume=given.split("; "), prove=text)
    assert p.prove is not None
    assert indices.prove_equation(p, *p.prove).kind == kind
