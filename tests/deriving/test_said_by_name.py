"""A name that is given is used: for its powers, its multiples, its opposite, round the end of a trace, and for a projection's square."""

import pytest

from matcalc.api import derive

CASES = (
    (("x in R^n", "e in R positive"), ("s = sqrt(var(x) + e)", "z = (x - mean(x))/s"), "(x - mean(x))/sqrt(var(x) + e)", "x",
     "(eye(n) - (ones(n, n) + z*z')/n)/s"),
    (("x in R^n", "g in R^n", "e in R positive"), ("r = sqrt(x'*x/n + e)",), "g'*x/sqrt(x'*x/n + e)", "x", "(g - (g'*x)*x/(n*r^2))/r"),
    (("x in R^n", "r in R^n", "e in R positive"), ("c = ones(n)'*ones(n)", "u = x - sum(x)/c*ones(n)", "s = sqrt(u'*u/c + e)"), "r'*u/s",
     "x", "(r - sum(r)*ones(n)/c)/s - (r'*u)*u/(c*s^3)"),
    (("X in R^(n,p)", "y in R^n"), ("H = X*inv(X'*X)*X'",), "norm2(y - X*inv(X'*X)*X'*y)^2", "y", "2*(y - H*y)"),
    (("X in R^(m,d)", "Y in R^(m,d)", "t in R positive"), ("Z = X*Y'/t",), "-tr(Z) + sum(log(rowsum(exp(Z))))", "t",
     "tr(Z'*(eye(m) - softmax(Z)))/t"),
    (("A in R^(p,p)", "X in R^(n,n)"), (), "det(kron(A, X))", "X", "p*det(kron(A, X))*inv(X)'"),
    (("X in R^(n,d)", "W in R^(d,r)"), ("J = eye(n) - ones(n)*ones(n)'/n",), "normF((eye(n) - ones(n)*ones(n)'/n)*X*W)^2",
     "W", "2*X'*J*X*W"),
    (("w in R^n", "S in R^(n,n) spd", "m in R^n", "r in R"), ("s = sqrt(w'*S*w)", "f = (m'*w - r)/s"), "(m'*w - r)/sqrt(w'*S*w)", "w",
     "(m - f*S*w/s)/s"),
    (("X in R^(n,k)", "D in R^(n,n)"), ("E = D - diag(X*X')*ones(n)' - ones(n)*diag(X*X')' + 2*X*X'",),
     "normF(D - diag(X*X')*ones(n)' - ones(n)*diag(X*X')' + 2*X*X')^2", "X", "4*(E + E' - diag(colsum(E) + rowsum(E)))*X"),
    (("X in R^(n,p)", "A in R^(p,n)"), (), "tr(A*X*inv(X'*X)*X'*X)", "A", "X'"),
    (("x in R^n", "g in R^n", "d in R^n"), ("m = sum(x)/n", "s = norm2(x - m)/sqrt(n)", "h = (x - m)/s"), "sum(d.*g.*(x - m)/s)", "x",
     "(d.*g - ((d'*g)*ones(n) + (h'*(d.*g))*h)/n)/s"),
    (("x in R^n", "g in R^n", "d in R^n"), ("r = norm2(x)/sqrt(n)", "h = x/r"), "d'*(g.*x)/r", "x", "(d.*g - (h'*(d.*g))*h/n)/r"),
    (("K in R^(n,n) spd", "D in R^(n,n) symmetric", "y in R^n"), ("a = inv(K)*y",), "tr((a*a' - inv(K))*D)", "K",
     "inv(K)*D*(inv(K) - 2*a*a')"),
    (("x in R^n", "Q in R^(n,n) symmetric", "b in R^n", "c in R"), (), "log(1/2*x'*Q*x - b'*x + c)", "x",
     "(Q*x - b)/(1/2*x'*Q*x - b'*x + c)"),
    (("z in R^n", "y in R^n", "g in R"), ("p = sigmoid(z)",), "-sum(y.*(1-p).^g.*log(p))", "z",
     "(ones(n) - p).^g.*y.*(g*(p.*log(p)) + p - ones(n))"),
    (("X in R^(n,d)", "v in R^d"), ("m = colmean(X)", "Z = X - ones(n)*m'"), "sum((Z*v).^2)", "X", "2*Z*v*v'"),
    (("A in R^(n,n)", "X in R^(n,n)"), (), "tr((A*X)^3)", "X", "3*A'*(A*X)^2'"),
)


@pytest.mark.parametrize(("declare", "define", "f", "x", "expected"), CASES, ids=[c[2] for c in CASES])
def test_what_has_a_name_is_said_by_its_name(declare, define, f, x, expected):
    found = derive(f, x, declare=declare, define=define, claim=expected)
    assert found.verdict.kind == "proved" and found.claim_verdict.kind == "proved"
    assert len(str(found.result)) <= len(expected) + 4, found.result
