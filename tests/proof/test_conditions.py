"""Only conditions that can fail are printed."""

import pytest

from matcalc import judges
from matcalc.proof.verdict import Cause
from matcalc.reading.parse import problem


@pytest.mark.parametrize(("text", "declare", "wanted"), [
    ("det(c*A) == c^n*det(A)", ["c in R", "A in R^(n,n)"], ()),
    ("log(2) + log(3) == log(6)", [], ()),
    ("log(1/(x*y)) + log(x) == -log(y)", ["x, y in R"], ("y > 0", "x > 0")),
    ("norm2(x)^2 == x'*x", ["x in R^n"], ()),
    ("log(n*x) == log(n) + log(x)", ["x in R", "y in R^n"], ("x > 0",)),
    ("log(n*x) == log(n) + log(x)", ["x in R positive", "y in R^n"], ()),
    ("log((n - 2)^2*x) == log((n - 2)^2) + log(x)", ["x in R positive", "y in R^n"], ("n != 2",)),
    ("sqrt(pi)*sqrt(pi) == pi", [], ()),
    ("log(x^2*y) == log(x^2) + log(y)", ["x in R", "y in R positive"], ("x != 0",)),
    ("x/x == 1", ["x in R"], ("x != 0",)),
    ("A./(ones(m)*y') == A*diag(1./y)", ["A in R^(m,n)", "y in R^n"], ("no entry of y is 0",)),
    ("A./(x*ones(n)') == diag(1./x)*A", ["A in R^(m,n)", "x in R^m"], ("no entry of x is 0",)),
    ("(ones(n)'*x)/(ones(n)'*x) == 1", ["x in R^n"], ("ones(n)'*x != 0",)),
    ("x.*(1./x) == ones(n)", ["x in R^n"], ("no entry of x is 0",)),
    ("sqrt(t)^2 == t", ["t in R"], ("t >= 0",)),
    ("d(sqrt(t))/d(t) == 1/(2*sqrt(t))", ["t in R"], ("t > 0",)),
    ("sqrt(1 + t^2)^2 == 1 + t^2", ["t in R"], ()),
    ("A*inv(A) == eye(n)", ["A in R^(n,n)"], ("A invertible",)),
    ("inv(inv(A)') == A'", ["A in R^(n,n)"], ("A invertible",)),
    ("inv(A*B) == inv(B)*inv(A)", ["A, B in R^(n,n)"], ("A invertible", "B invertible")),
    ("S*inv(S) == eye(n)", ["S in R^(n,n) spd"], ()),
    ("Q*inv(Q) == eye(n)", ["Q in R^(n,n) orthogonal"], ()),
    ("inv(S + x*x')*(S + x*x') == eye(n)", ["S in R^(n,n) spd", "x in R^n"], ()),
    ("inv(A'*A + eye(n))*(A'*A + eye(n)) == eye(n)", ["A in R^(m,n)"], ()),
    ("tan(x)*cos(x) == sin(x)", ["x in R"], ("cos(x) != 0",)),
    ("arcsin(x) + arccos(x) == pi/2", ["x in R"], ("-1 <= x <= 1",)),
    ("log1p(x) == log(1 + x)", ["x in R^n"], ("x > -1",)),
    ("log(exp(x)) == x", ["x in R^n"], ()),
    ("d(c*abs(c))/d(c) == 2*abs(c)", ["c in R"], ()),
    ("d(sum(x.*abs(x)))/d(x) == 2*abs(x)", ["x in R^n"], ()),
    ("d(abs(c)^1.5)/d(c) == 3*sqrt(abs(c))*sign(c)/2", ["c in R"], ()),
    ("d(c^2*sign(c))/d(c) == 2*abs(c)", ["c in R"], ()),
    ("d(huber(c))/d(c) == c - relu(abs(c) - 1)*sign(c)", ["c in R"], ()),
    ("relu(abs(c) - 1)*sign(c) == relu(c - 1) - relu(-c - 1)", ["c in R"], ()),
    ("abs(abs(c) - 1) == abs(c + 1) + abs(c - 1) - abs(c) - 1", ["c in R"], ()),
    ("hardtanh(x) == max(min(x, 1), -1)", ["x in R^n"], ()),
    ("max(c, 1)*min(c, 1) == c", ["c in R"], ()),
    ("sign(1 - 2*c)*sign(c) == sign(1 - 2*c) + sign(c) - 1", ["c in R"], ("2*c != 1", "c != 0")),
    ("abs(2*sign(c) + 1) == 2 + sign(c)", ["c in R"], ("c != 0",)),
    ("d(relu(abs(c) - k)^2)/d(c) == 2*relu(abs(c) - k)*sign(c)", ["c in R", "k in R positive"], ()),
    ("step(relu(c)) == step(c)", ["c in R"], ("c != 0",)),
    ("sign(relu(relu(c))) == step(c)", ["c in R"], ("c != 0",)),
    ("relu(relu(c)) == relu(c)", ["c in R"], ()),
    ("d(leaky_relu(relu(c)))/d(c) == step(c)", ["c in R"], ("c != 0",)),
    ("d(hinge(step(c)))/d(c) == 0", ["c in R"], ("c != 0",)),
    ("d(abs(1 - sign(c)*c))/d(c) == -sign(1 - sign(c)*c)*sign(c)", ["c in R"], ("c != 0", "c*sign(c) != 1")),
    ("d(relu(abs(c) - k)^2)/d(c) == 2*relu(abs(c) - k)*sign(c)", ["c in R", "k in R"], ("c != 0",)),
    ("d(relu(abs(c) - abs(k))^2)/d(c) == 2*relu(abs(c) - abs(k))*sign(c)", ["c, k in R"], ("c != 0",)),
    ("d(c*sign(c))/d(c) == sign(c)", ["c in R"], ("c != 0",)),
    ("d(c*abs(c - a))/d(c) == abs(c - a) + c*sign(c - a)", ["c, a in R"], ("c - a != 0",)),
    ("d(sum(abs(A).*A^2))/d(A) == A'*abs(A) + A^2.*sign(A) + abs(A)*A'", ["A in R^(n,n)"], ("no entry of A is 0",)),
    ("sqrt(tr(K)) == sqrt(tr(inv(inv(K))))", ["K in R^(n,n) skew"], ("K invertible",)),
    ("c^2 == c^tr(2)", ["c in R"], ("c > 0",)),
    ("sqrt(det(Q)) == sqrt(det(Q'))", ["Q in R^(n,n) orthogonal"], ("det(Q) >= 0", "det(Q') >= 0")),
    ("d(sign(c)*abs(c)^(1/3))/d(c) == abs(c)^(-2/3)/3", ["c in R"], ("c != 0",)),
    ("d(d(c*abs(c))/d(c))/d(c) == 2*sign(c)", ["c in R"], ("c != 0",)),
    ("norm2(x)/norm2(x) == 1", ["x in R^n"], ("x != 0",)),
    ("a/(a*b) == 1/b", ["a, b in R"], ("a != 0", "b != 0")),
    ("(1 - c)/(1 - c) == 1", ["c in R"], ("c != 1",)),
    ("(2*c - 3)/(2*c - 3) == 1", ["c in R"], ("2*c != 3",)),
    ("sqrt(c^3)^2 == c^3", ["c in R"], ("c >= 0",)),
    ("sqrt(1 - c)^2 == 1 - c", ["c in R"], ("c <= 1",)),
    ("sqrt(c)^2*sqrt(1 - c)^2 == c*(1 - c)", ["c in R"], ("0 <= c <= 1",)),
    ("sqrt(a)^2*sqrt(b)^2*sqrt(a*b)^2 == a^2*b^2", ["a, b in R"], ("a >= 0", "b >= 0")),
    ("x/(x'*S*x)*(x'*S*x) == x", ["x in R^n", "S in R^(n,n) spd"], ("x != 0",)),
    ("x/(x'*B'*B*x)*(x'*B'*B*x) == x", ["x in R^n", "B in R^(p,n)"], ("B*x != 0",)),
    ("sum(x.^2)/sum(x.^2) == 1", ["x in R^n"], ("x != 0",)),
    ("tr(A'*A)/tr(A'*A) == 1", ["A in R^(m,n)"], ("A != 0",)),
    ("d(log(det(X)))/d(X) == inv(X)'", ["X in R^(n,n)"], ("det(X) > 0",)),
    ("d(log(x'*x))/d(x) == 2*x/(x'*x)", ["x in R^n"], ("x != 0",)),
    ("tan(arctan(c)) == c", ["c in R"], ()),
    ("tan(tanh(c))*cos(tanh(c)) == sin(tanh(c))", ["c in R"], ()),
    ("tan(2*arctan(c))*cos(2*arctan(c)) == sin(2*arctan(c))", ["c in R"], ("cos(2*arctan(c)) != 0",)),
    ("log(log(exp(exp(c)))) == c", ["c in R"], ()),
    ("log(log(c)) - log(log(c)) == 0", ["c in R"], ("c > 1",)),
    ("log(n)/log(n) == 1", ["x in R^n"], ("n != 1",)),
    ("2/tr(Q'*Q) == 2/n", ["Q in R^(n,n) orthogonal"], ()),
    ("cos(tanh(c))/cos(tanh(c)) == 1", ["c in R"], ()),
    ("tan(2*arctan(c)) == 2*c/(1 - c^2)", ["c in R"], ("c^2 != 1", "cos(2*arctan(c)) != 0")),
    ("log(log(exp(exp(c)))) == c", ["c in R"], ()),
    ("log(log(c))/log(log(c)) == 1", ["c in R"], ("c > 1", "log(c) != 1")),
    ("2/tr(Q'*Q) == 2/n", ["Q in R^(n,n) orthogonal"], ()),
    ("log(n)/log(n) == 1", ["x in R^n"], ("n != 1",)),
    ("norm2(Q*x)/norm2(x) == 1", ["x in R^n", "Q in R^(n,n) orthogonal"], ("x != 0",)),
    ("norm2(X*Q*A)/norm2(X*Q*A) == 1", ["X in R^(m,n)", "A in R^(n,m)", "Q in R^(n,n) orthogonal"], ("X*Q*A != 0",)),
    ("[A, B; zeros(n,m), S]*inv([A, B; zeros(n,m), S]) == eye(m+n)", ["A in R^(m,m)", "B in R^(m,n)", "S in R^(n,n)"],
     ("[A, B; zeros(n,m), S] invertible",)),
    ("[eye(n); B]'*[A; eye(n)]*inv([eye(n); B]'*[A; eye(n)]) == eye(n)", ["A, B in R^(n,n)"], ("[eye(n); B]'*[A; eye(n)] invertible",)),
    ("[x; y]'*[x; y]/([x; y]'*[x; y]) == 1", ["x in R^n", "y in R^m"], ("[x; y] != 0",)),
    ("x(1:3)'*x(1:3) == x(1)^2 + x(2)^2 + x(3)^2", ["x in R^n"], ("n >= 3",)),
    ("x(1:3)'*y(2:4) == x(1)*y(2) + x(2)*y(3) + x(3)*y(4)", ["x, y in R^n"], ("n >= 4",)),
    ("2*log(3 - c) == log((c - 3)^2)", ["c in R"], ("c < 3",)),
    ("2*log(c + 2*d - 3) == log((c + 2*d - 3)^2)", ["c, d in R"], ("c + 2*d > 3",)),
    ("2*log(x + ones(n)) == log((x + ones(n)).^2)", ["x in R^n"], ("x > -1",)),
    ("exp(log(tanh(x))) == tanh(x)", ["x in R^n"], ("x > 0",)),
    ("arctan(c)/arctan(c) == 1", ["c in R"], ("c != 0",)),
    ("norm2(tanh(A'))/norm2(tanh(A')) == 1", ["A in R^(m,n)"], ("A != 0",)),
    ("2*log(det(adj(S))) == log(det(adj(S))^2)", ["S in R^(n,n) spd"], ()),
    ("inv(kron(A, B'))*kron(A, B') == eye(m*n)", ["A in R^(m,m)", "B in R^(n,n)"], ("A invertible", "B invertible")),
])
def test_equations_are_proved_under_their_conditions(text, declare, wanted):
    verdict = judges.equation(problem(declare=declare, prove=text))
    assert verdict.kind == "proved", verdict
    assert sorted(verdict.conditions) == sorted(wanted)


@pytest.mark.parametrize(("text", "wanted"), [
    ("inv([A, B; B, A])*[A, B; B, A] == eye(2*n)", "where [A, B; B, A] is invertible"),
    ("inv([A, zeros(n,n); B, A])*[A, zeros(n,n); B, A] == eye(2*n)", "where [A, zeros(n,n); B, A] is invertible"),
    ("inv(C(1:2,2:3))*C(1:2,2:3) == eye(2)", "where C(1:2,2:3) is invertible"),
    ("C(1,2)/C(1,2) == 1", "where C(1,2) != 0"), ("x(3)/x(3) == 1", "where x(3) != 0"),
    ("log(x(1:2)) - log(x(1:2)) == zeros(2)", "where x(1:2) > 0"),
    ("log(C(:,2)) - log(C(:,2)) == zeros(4)", "where C(:,2) > 0"),
    ("log(C(2:3,:)) - log(C(2:3,:)) == zeros(2,4)", "where C(2:3,:) > 0")])
def test_blocks_and_entries_in_conditions_stand_as_they_are_typed(text, wanted):
    verdict = judges.equation(problem(declare=["A, B in R^(n,n)", "C in R^(4,4)", "x in R^4"], prove=text))
    assert wanted in str(verdict), verdict


def test_adjugate_of_the_adjugate():
    verdict = judges.equation(problem(declare=["A in R^(n,n)"], prove="adj(adj(A)) == det(A)^(n-2)*A"))
    assert verdict.kind == "proved"
    assert not any(">" in c for c in verdict.conditions), verdict.conditions


@pytest.mark.parametrize("text", ["log((c + 500)^2*exp(c)) == 2*log(c + 500) + c", "log((c + 5)^2) == 2*log(c + 5)",
                                  "sqrt((c + 50)^2) == sqrt(c + 50)^2", "log((c + d + 300)^2) == 2*log(c + d + 300)"])
def test_what_the_right_side_leaves_out_far_away(text):
    verdict = judges.equation(problem(declare=["c, d in R"], prove=text))
    assert verdict.kind == "refuted" and verdict.why is Cause.UNDEFINED, verdict


@pytest.mark.parametrize(("text", "assume", "kind"), [
    ("cos(c)^2 == 1", "sin(c) = 0", "proved"), ("cos(c)^2 == 1 - d^2", "sin(c) = d", "proved"), ("cos(2*c) == 1", "sin(c) = 0", "proved"),
    ("cos(c) == 1", "sin(c) = 0", "refuted"), ("cos(c)^2 == 1 + d^2", "sin(c) = d", "refuted")])
def test_a_sine_that_is_known(text, assume, kind):
    verdict = judges.equation(problem(declare=["c, d in R"], assume=[assume], prove=text))
    assert verdict.kind == kind, verdict
