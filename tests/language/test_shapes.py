"""Shapes nobody declared: what fits goes before letters, what is differentiated before a claim, and what cannot be is refused."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from matcalc import api
from matcalc.batches.lines import answer
from matcalc.sheets.statements.display import sheet
from matcalc.sheets.marking.mark import Marker
from matcalc.sheets.parts.marks import Marked
from matcalc.reading.grammar.joined_names import compound
from matcalc.reading.parse import Problem, problem
from matcalc.language.shape import InputError

# The shapes, and the expressions that settled what is not as its letter says.
INFERRED = {
    "norm2(A*x-b)^2": ("A in R^(n,m), b in R^n, x in R^m", "b from A*x-b"),
    "tanh(W*x+b)": ("W in R^(n,m), b in R^n, x in R^m", "b from W*x+b"),
    "inv(A)*b": ("A in R^(n,n), b in R^n", "A from inv(A) | b from inv(A)*b"),
    "a'*X*b": ("X in R^(n,m), a in R^n, b in R^m", "a from a' | b from a'*X*b"),
    "x'*b": ("b in R^n, x in R^n", "b from x'*b"),
    "-N/2*logdet(Sigma) - 1/2*tr(inv(Sigma)*S)": ("N in R, S in R^(n,n), Sigma in R^(n,n)",
        "N from N/2*logdet(Sigma) - 1/2*tr(inv(Sigma)*S) | Sigma from logdet(Sigma)"),
    "norm2(X*w)^2 + lam*norm1(w)": ("X in R^(n,m), lam in R, w in R^m", ""),
    "x'*(A + lambda*I)*x": ("A in R^(n,n), lambda in R, x in R^n", ""),
    "det(AB) == det(A)*det(B)": ("A in R^(n,n), B in R^(n,n)", "A from det(A) | B from det(B)"),
    "inv(AB) == inv(B)*inv(A)": ("A in R^(n,n), B in R^(n,n)", "A from inv(A) | B from inv(B)"),
    "tr(AB) == tr(BA)": ("A in R^(n,m), B in R^(m,n)", ""), "tr(ABC) == tr(BCA)": ("A in R^(n,m), B in R^(m,k), C in R^(k,n)", ""),
    "w'*S*w - l*(w'*w - 1)": ("S in R^(n,n), l in R, w in R^n", "l from w'*S*w - l*(w'*w - 1)"),
    "A*x + B": ("A in R^(n,m), B in R^n, x in R^m", "B from A*x + B"),
    "A + c*I": ("A in R^(n,n), c in R", ""),
    "inv(I + U*V)": ("U in R^(n,m), V in R^(m,n)", ""),
    "det(lambda*I - A)": ("A in R^(n,n), lambda in R", ""),
    "norm2(y - X*beta)^2 + lambda*norm2(beta)^2": ("X in R^(n,m), beta in R^m, lambda in R, y in R^n", "beta from norm2(beta)"),
    "sigmoid(w'*x + b)": ("b in R, w in R^n, x in R^n", ""),
    "y'*(W2*sigmoid(W1*x + b1) + b2)": ("W1 in R^(m,k), W2 in R^(n,m), b1 in R^m, b2 in R^n, x in R^k, y in R^n",
        "b1 from W1*x + b1 | b2 from W2*sigmoid(W1*x + b1) + b2"),
    "(x-mu)'*inv(Sigma)*(x-mu)": ("Sigma in R^(n,n), mu in R^n, x in R^n", "Sigma from inv(Sigma) | mu from x-mu"),
    "exp(-(x-mu)^2/(2*sigma^2))": ("mu in R, sigma in R, x in R", "x from x-mu"),
    "softmax(x/t)": ("t in R, x in R^n", "t from x/t"),
    "softmax(b)": ("b in R^n", "b from softmax(b)"),
    "diag(a)*b": ("a in R^n, b in R^n", "a from diag(a) | b from diag(a)*b"),
    "a*x^2 + b*x + c": ("a in R, b in R, c in R, x in R", "x from x^2"),
    "tr(x*x'*A)": ("A in R^(n,n), x in R^n", ""),
    "x + c": ("c in R^n, x in R^n", "c from x + c"),
    "c + x": ("c in R^n, x in R^n", "c from c + x"),
    "x + 1": ("x in R^n", ""),
    "2.*x": ("x in R^n", ""),
    "c.*x": ("c in R^n, x in R^n", "c from c.*x"),
    "x.^c": ("c in R, x in R^n", ""),
    "W*x*g": ("W in R^(n,m), g in R, x in R^m", ""),
    "log(sum(exp(X*w)))": ("X in R^(n,m), w in R^m", ""),
    "kron(A,B)*x": ("A in R^(n,m), B in R^(k,p), x in R^(m*p)", ""),
    "A'*lambda": ("A in R^(n,m), lambda in R^n", "lambda from A'*lambda"),
    "x'*A*c*y": ("A in R^(n,m), c in R, x in R^n, y in R^m", ""),
    "inv(X'*X)*X'*y": ("X in R^(n,m), y in R^n", ""),
    "X/norm2(X)": ("X in R^(n,m)", ""),
    "u*v'*x": ("u in R^n, v in R^m, x in R^m", ""),
    "theta'*x": ("theta in R^n, x in R^n", "theta from theta'"),
    "x - sum(x)/n": ("n in R, x in R^m", "n from sum(x)/n"),
    "x*exp(x)": ("x in R", "x from x*exp(x)"),
    "1/x": ("x in R", "x from 1/x"),
    "b/(1 + exp(-x'*w))": ("b in R, w in R^n, x in R^n", ""),
    "norm1(w) + c*norm2(w)^2": ("c in R, w in R^n", ""),
    "tr(inv(A)*B)": ("A in R^(n,n), B in R^(n,n)", "A from inv(A)"),
    "logdet(K + s*eye)": ("K in R^(n,n), s in R", "s from s*eye"),
    "adj(A)*x": ("A in R^(n,n), x in R^n", "A from adj(A)"),
    "expm(A)*x": ("A in R^(n,n), x in R^n", "A from expm(A)"),
    "tr(A*B)": ("A in R^(n,m), B in R^(m,n)", ""),
    "vec(A*X*B)": ("A in R^(n,m), B in R^(k,p), X in R^(m,k)", ""),
    "x'*A*y + y'*B*x": ("A in R^(n,m), B in R^(m,n), x in R^n, y in R^m", ""),
    "Y - X*W": ("W in R^(k,m), X in R^(n,k), Y in R^(n,m)", ""),
    "sum((Y - X*W).^2)": ("W in R^(k,m), X in R^(n,k), Y in R^(n,m)", ""),
    "y.*log(p)": ("p in R^n, y in R^n", ""),
    "-y'*log(softmax(W*x + b))": ("W in R^(n,m), b in R^n, x in R^m, y in R^n", "b from W*x + b"),
    "log(1 + exp(-y*(w'*x + b)))": ("b in R, w in R^m, x in R^m, y in R^n", ""),
    "sum(log(1 + exp(-y.*(X*w))))": ("X in R^(n,m), w in R^m, y in R^n", ""),
    "A*B*x": ("A in R^(n,m), B in R^(m,k), x in R^k", ""),
    "x'*A*B*x": ("A in R^(n,m), B in R^(m,n), x in R^n", ""),
    "(A*x)'*(B*x)": ("A in R^(n,m), B in R^(n,m), x in R^m", ""),
    "(A*x + b).*(C*x + d)": ("A in R^(n,m), C in R^(n,m), b in R^n, d in R^n, x in R^m", "b from A*x + b | d from C*x + d"),
    "N*x'*A*x + tr(A)": ("A in R^(n,n), N in R, x in R^n", "A from tr(A) | N from N*x'"),
    "exp(-E/T)": ("E in R^(n,m), T in R", "T from E/T"),
    "I*w": ("w in R^n", ""),
    "X'*I*X": ("X in R^(n,m)", ""),
    "tr(A'*A)/tr(A)^2": ("A in R^(n,n)", "A from tr(A)"),
    "logsumexp(X*w + b)": ("X in R^(n,m), b in R^n, w in R^m", "b from X*w + b"),
    "rowsum(X) - y": ("X in R^(n,m), y in R^n", ""),
    "colsum(X)'*w": ("X in R^(n,m), w in R^m", ""),
    "diag(X)*a": ("X in R^(n,n), a in R", ""),
    "a*eye + B": ("B in R^(n,n), a in R", ""),
    "vector(1)'*x": ("x in R^n", ""),
    "Sigma*x": ("Sigma in R^(n,m), x in R^m", ""),
    "theta1 + x": ("theta1 in R^n, x in R^n", "theta1 from theta1 + x"),
    "d(x'*A*x)/d(x) == (A + A')*x": ("A in R^(n,n), x in R^n", ""),
    "d(norm2(A*x-b)^2)/d(x) == 2*A'*A*x - 2*A'*b": ("A in R^(n,m), b in R^n, x in R^m", "b from A*x-b"),
    "d(logdet(X'*X))/d(X) == 2*inv(X)'": ("X in R^(n,n)", "X from inv(X)"),
    "d(a'*X*b)/d(X) == a*b'": ("X in R^(n,m), a in R^n, b in R^m", "a from a' | b from a'*X*b"),
    "d(sum(A*x))/d(x) == A'*ones(m)": ("A in R^(m,n), x in R^n", ""),
    "d(tr(A*X))/d(X) == A'": ("A in R^(n,m), X in R^(m,n)", ""),
    "d(x^2)/d(x) == 2*x": ("x in R", "x from x^2"),
    "d(A*x)/d(x) == A'": ("A in R^(n,m), x in R^m", ""),
    "d(tr(A*B))/d(A) == B'": ("A in R^(n,m), B in R^(m,n)", ""),
    "d(x'*(A + lambda*I)*x)/d(x) == (A + A' + 2*lambda*I)*x": ("A in R^(n,n), lambda in R, x in R^n", ""),
    "d(X*X) == d(X)*X + X*d(X)": ("X in R^(n,n)", ""),
    "d(softmax(x)) == diag(softmax(x))*d(x) - softmax(x)*softmax(x)'*d(x)": ("x in R^n", ""),
    "tr(A*B) == tr(B*A)": ("A in R^(n,m), B in R^(m,n)", ""),
    "det(A*B) == det(A)*det(B)": ("A in R^(n,n), B in R^(n,n)", "A from det(A) | B from det(B)"),
    "inv(A*B) == inv(B)*inv(A)": ("A in R^(n,n), B in R^(n,n)", "A from inv(A) | B from inv(B)"),
    "sin(x)^2 + cos(x)^2 == 1": ("x in R", "x from sin(x)^2"),
    "A*x == lambda*x": ("A in R^(n,n), lambda in R, x in R^n", ""),
    "tr(A'*A) == norm2(A)^2": ("A in R^(n,m)", ""),
    "N == tr(eye(n)) + tr(A) - tr(A)": ("A in R^(m,m), N in R", "A from tr(A) | N from tr(eye(n)) + tr(A) - tr(A)"),
    "A*inv(A) == I": ("A in R^(n,n)", "A from inv(A)"),
    "c + x == x + c": ("c in R^n, x in R^n", "c from c + x"),
    "(A+B)^2 == A^2 + A*B + B*A + B^2": ("A in R^(n,n), B in R^(n,n)", ""),
    "s*A*x": ("A in R^(n,m), s in R, x in R^m", "s from s*A"),
    "t*A + B": ("A in R^(n,m), B in R^(n,m), t in R", "t from t*A"),
    "expm(t*A)": ("A in R^(n,n), t in R", "t from t*A"),
    "k*x'*A*x + tr(A)": ("A in R^(n,n), k in R, x in R^n", "A from tr(A) | k from k*x'"),
}
REFUSED = {
    "AB == A*B": ("AB is not declared", "write A*B for the product, or declare AB"),
    "exp(x)*exp(y) == exp(x+y)": ("exp(x)*exp(y): inner sizes differ: exp(x) is n x 1, exp(y) is m x 1",
        "x and y are not declared and are taken as vectors by convention; declare, for example, x in R"),
    "sum(diag(M) + M)": ("diag(M) is n x 1, and n x n is needed here",
        "M is not declared and is taken as a matrix by convention; declare, for example, M in R^(m,n)"),
    "(A*x)^2": ("A*x is n x 1, and n x n is needed here",
        "write .^ for the entry-wise power; A and x are not declared "
        "and are taken as a matrix and a vector by convention; declare, for example, A in R^(m,n)"),
    "A*x + x*B": ("x*B: inner sizes differ: x is k x 1, B is p x q",
        "x and B are not declared and are taken as a vector and a matrix by convention; declare, for example, x in R^n"),
    "A*x*y": ("A*x*y: inner sizes differ: A*x is n x 1, y is k x 1",
        "A, x and y are not declared and are taken as a matrix, a vector and a vector by convention; declare, for example, x in R"),
    "A.*x + x'": ("A.*x + x': shapes differ: A.*x is n x 1, x' is 1 x n",
        "did you mean x''?; A and x are not declared and are taken as vectors by convention; declare, for example, A in R^n"),
    "B*x + Bx": ("Bx is not declared", "write B*x for the product, or declare Bx"),
    "W*x + Wx": ("Wx is not declared", "write W*x for the product, or declare Wx"),
    "X^0.5": ("a matrix power needs an integer exponent",
        "write .^ for the entry-wise power; the square root is that of a positive definite matrix, declared spd"),
    "d(A*x*y)/d(x) == A": ("A*x*y: inner sizes differ: A*x is n x 1, y is k x 1",
        "A, x and y are not declared and are taken as a matrix, a vector and a vector by convention; declare, for example, x in R"),
    "d(sum(x^2))/d(x) == 2*x": ("x^2: only a square matrix has powers: x is n x 1",
        "write .^ for the entry-wise power; x is not declared and is taken as a vector by convention; declare, for example, x in R^n"),
    "d(x*y)/d(x) == y": ("x*y: inner sizes differ: x is n x 1, y is m x 1",
        "x and y are not declared and are taken as vectors by convention; declare, for example, x in R"),
    "eye": ("nothing here determines the size of eye", "write eye(n), ones(n), zeros(m,n)"),
    "logsumexp(x^2)": ("x^2: only a square matrix has powers: x is n x 1",
        "write .^ for the entry-wise power; x is not declared and is taken as a vector by convention; declare, for example, x in R^n"),
    "matrix(0)": ("nothing here determines the size of matrix", "write eye(n), ones(n), zeros(m,n)"),
    "norm1(x*x)": ("x*x: inner sizes differ: x is n x 1, x is n x 1",
        "x'*y is the inner product, x*y' the outer one, x.*y goes entry by entry; "
        "x is not declared and is taken as a vector by convention; declare, for example, x in R^n"),
    "norm2(x*y)": ("x*y: inner sizes differ: x is n x 1, y is m x 1",
        "x'*y is the inner product, x*y' the outer one, x.*y goes entry by entry; "
        "x and y are not declared and are taken as vectors by convention; declare, for example, x in R^n"),
    "norm2(x^2)": ("x^2: only a square matrix has powers: x is n x 1",
        "write .^ for the entry-wise power; x is not declared and is taken as a vector by convention; declare, for example, x in R^n"),
    "s*x + t*y": ("s*x: inner sizes differ: s is n x 1, x is m x 1",
        "s and x are not declared and are taken as vectors by convention; declare, for example, s in R"),
    "softmax(x^2)": ("x^2: only a square matrix has powers: x is n x 1",
        "write .^ for the entry-wise power; x is not declared and is taken as a vector by convention; declare, for example, x in R^n"),
    "sum((A*x)^2)": ("(A*x)^2: only a square matrix has powers: (A*x) is n x 1",
        "write .^ for the entry-wise power; "
        "A and x are not declared and are taken as a matrix and a vector by convention; declare, for example, A in R^(m,n)"),
    "sum((y-X*w)^2)": ("(y-X*w)^2: only a square matrix has powers: (y-X*w) is n x 1",
        "write .^ for the entry-wise power; "
        "y, X and w are not declared and are taken as a vector, a matrix and a vector by convention; declare, for example, y in R^n"),
    "sum(t*x)": ("t*x: inner sizes differ: t is n x 1, x is m x 1",
        "x'*y is the inner product, x*y' the outer one, x.*y goes entry by entry; "
        "t and x are not declared and are taken as vectors by convention; declare, for example, t in R^n"),
    "sum(vector(1))": ("nothing here determines the size of vector", "write eye(n), ones(n), zeros(m,n)"),
    "sum(x*y)": ("x*y: inner sizes differ: x is n x 1, y is m x 1",
        "x'*y is the inner product, x*y' the outer one, x.*y goes entry by entry; "
        "x and y are not declared and are taken as vectors by convention; declare, for example, x in R^n"),
    "sum(x^2)": ("x^2: only a square matrix has powers: x is n x 1",
        "write .^ for the entry-wise power; x is not declared and is taken as a vector by convention; declare, for example, x in R^n"),
    "w*x + t": ("w*x: inner sizes differ: w is n x 1, x is m x 1",
        "w and x are not declared and are taken as vectors by convention; declare, for example, w in R"),
    "x'*(y*z)": ("y*z: inner sizes differ: y is m x 1, z is k x 1",
        "y and z are not declared and are taken as vectors by convention; declare, for example, y in R"),
    "x'*A + x": ("x'*A is 1 x m, and n x 1 is needed here",
        "x and A are not declared and are taken as a vector and a matrix by convention; declare, for example, x in R^n"),
    "x'*A*x + Ax": ("Ax is not declared", "write A*x for the product, or declare Ax"),
    "x*A*x": ("x*A: inner sizes differ: x is n x 1, A is m x k",
        "x and A are not declared and are taken as a vector and a matrix by convention; declare, for example, x in R^n"),
    "x*y": ("x*y: inner sizes differ: x is n x 1, y is m x 1",
        "x and y are not declared and are taken as vectors by convention; declare, for example, x in R"),
    "x.^2*y": ("x.^2*y: inner sizes differ: x.^2 is n x 1, y is m x 1",
        "x and y are not declared and are taken as vectors by convention; declare, for example, x in R"),
    "x/(y*x')": ("y*x': inner sizes differ: y is m x 1, x' is 1 x n",
        "x and y are not declared and are taken as vectors by convention; declare, for example, x in R^n"),
    "xy == yx": ("xy is not declared", "write x*y for the product, or declare xy"),
    "y*log(p) + (1-y)*log(1-p)": ("(1-y)*log(1-p): inner sizes differ: (1-y) is n x 1, log(1-p) is m x 1",
        "y and p are not declared and are taken as vectors by convention; declare, for example, y in R"),
    "sum((w'*x - y)^2)": ("(w'*x - y)^2: only a square matrix has powers: (w'*x - y) is m x 1",
        "write .^ for the entry-wise power; "
        "w, x and y are not declared and are taken as vectors by convention; declare, for example, w in R^n"),
    "sum((x'*A)^2)": ("(x'*A)^2: only a square matrix has powers: (x'*A) is 1 x m",
        "write .^ for the entry-wise power; "
        "x and A are not declared and are taken as a vector and a matrix by convention; declare, for example, x in R^n"),
    "-sum(y*log(sigmoid(X*theta)))": ("y*log(sigmoid(X*theta)): inner sizes differ: y is n x 1, log(sigmoid(X*theta)) is m x 1",
        "x'*y is the inner product, x*y' the outer one, x.*y goes entry by entry; "
        "y, X and theta are not declared and are taken as a vector, a matrix and a vector by convention; declare, for example, y in R^n"),
    "a × (b × c)": ("a × b has two readings: the cross product, and the product of two numbers",
        "a cross product is K*y with K skew; declare K in R^(3,3) skew; write * for the product of numbers"),
    "sum(exp(-D^2/2))": ("D^2 in exp has two readings: the power of the matrix, and entry by entry, D.^2", "write D.^2, or D*D"),
    "p'*log(p/q)": ("p/q has two readings: entry by entry, p./q, and the quotient by a number q", "write p./q, or declare q in R"),
    "tr(A*x)^2": ("A*x is n x 1, and n x n is needed here",
        "A and x are not declared and are taken as a matrix and a vector by convention; declare, for example, A in R^(m,n)"),
}


def read(text: str) -> Problem:
    return problem(prove=text) if "==" in text else problem(expr=text)


@pytest.mark.parametrize("text", INFERRED)
def test_shapes_and_what_settled_them(text: str) -> None:
    p = read(text)
    assert p.ill_shaped is None
    assert (", ".join(p.inferred), " | ".join(f"{i.name} from {i.source}" for i in p.inferred_from if i.source)) == INFERRED[text]


@pytest.mark.parametrize(("text", "wrt", "number"), [
    ("-N/2*logdet(S) - N/2*tr(inv(S)*C)", "S", "N"), ("log(1 + exp(-y*w'*x))", "w", "y"), ("tanh(y*w'*x)", "y", ""), ("A*tr(X)", "X", ""),
    ("y*log(sigmoid(w'*x)) + (1 - y)*log(1 - sigmoid(w'*x))", "w", "y"), ("u*v'*x", "x", ""),
    ("t*x'*A*x + (1 - t)*x'*x", "x", "t"), ("m*x'*x", "x", "m")])
def test_what_multiplies_is_a_number_where_a_function_is_one_only_then(text: str, wrt: str, number: str) -> None:
    assert [i.name for i in problem(expr=text, wrt=wrt).inferred_from if str(i)[-4:] == "in R"] == list(number)


@pytest.mark.parametrize("text", INFERRED)
def test_what_was_inferred_can_be_declared(text: str) -> None:
    """Declared as it was inferred, the same text is the same problem."""
    p = read(text)
    q = problem(p.inferred, **({"prove": text} if "==" in text else {"expr": text}))  # type: ignore[arg-type]
    assert not q.inferred and q.ill_shaped is None
    assert q.f is p.f and q.prove == p.prove


@pytest.mark.parametrize("text", REFUSED)
def test_what_is_not_clear_is_refused(text: str) -> None:
    with pytest.raises(InputError) as caught:
        read(text)
    assert (caught.value.message, caught.value.hint or "") == REFUSED[text]
    assert caught.value.column is not None


# A claim does not make a name smaller: what does not fit is refuted, with the shapes.
MISFITS = {
    "d(softmax(x))/d(x) == softmax(x)*(1-softmax(x))": ("x in R^n", "softmax(x) is n x 1"),
    "d(log(det(X)))/d(X) == 1/X": ("X in R^(n,n)", "X is n x n"),
    "d(inv(X))/d(X) == -1/X^2": ("X in R^(n,n)", "X^2 is n x n"),
    "d(X^3)/d(X) == 3*X^2": ("X in R^(n,n)", "n*n x n*n and n x n"),
    "d(exp(X))/d(X) == exp(X)": ("X in R^(n,m)", "m*n x m*n and n x m"),
    "d(tr(inv(A)))/d(A) == -1/A^2": ("A in R^(n,n)", "A^2 is n x n"),
    "d(log(x))/d(x) == 1/x": ("x in R^n", "x is n x 1"),
    "d(exp(x))/d(x) == exp(x)": ("x in R^n", "n x n and n x 1"),
    "d(tanh(x))/d(x) == 1 - tanh(x)^2": ("x in R^n", "tanh(x) is n x 1"),
    "d(norm2(x)^2)/d(x) == 2*x'": ("x in R^n", "n x 1 and 1 x n"),
    "d(tr(A*X))/d(X) == A": ("A in R^(n,m), X in R^(m,n)", "m x n and n x m"),
    "d(sum(x))/d(x) == ones(3)": ("x in R^n", "n x 1 and 3 x 1"),
    "d(sum(A*x))/d(A) == x*x'": ("A in R^(n,m), x in R^m", "n x m and m x m"),
    "d(-N/2*logdet(Sigma) - 1/2*tr(inv(Sigma)*S))/d(Sigma) == -N/2/Sigma + S/2/Sigma^2":
        ("N in R, S in R^(n,n), Sigma in R^(n,n)", "/ divides by a scalar"),
    "X'*X*inv(X'*X) == X*inv(X'*X)*X'": ("X in R^(n,m)", "m x m and n x n"),
    "A*B*x == x'*B*A": ("A in R^(n,m), B in R^(m,k), x in R^k", "x'*B"),
    "inv(A*B) == inv(B)*1/(A)": ("A in R^(n,n), B in R^(n,n)", "/ divides by a scalar"),
    "x'*A*x == tr(x*A*x')": ("A in R^(n,n), x in R^n", "x*A"),
    "tr(A*B) == B*A": ("A in R^(n,m), B in R^(m,n)", "scalar and m x m"),
    "softmax(x) == x*(1-x)": ("x in R^n", "x*(1-x)"),
    "x'*x == x^2": ("x in R^n", "only a square matrix has powers"),
    "sum(x) == sum(x)*ones(n)": ("x in R^m", "scalar and n x 1"),
    "norm2(x)^2 == x^2": ("x in R^n", "only a square matrix has powers"),
    "zeros(1,1) == zeros(2,3)": ("", "scalar and 2 x 3"),
}


@pytest.mark.parametrize("text", MISFITS)
def test_a_claim_makes_no_name_smaller(text: str) -> None:
    inferred, said = MISFITS[text]
    p = problem(prove=text)
    assert p.ill_shaped is not None and said in p.ill_shaped.message
    assert ", ".join(p.inferred) == inferred
    found = api.judge(p)[0]
    assert found.kind == "refuted" and said in found.detail


@pytest.mark.parametrize("text", MISFITS)
def test_derive_prove_check_batch_and_python_agree(text: str) -> None:
    left, right = text.split(" == ")
    assert api.prove(text).kind == "refuted"
    asked = json.loads(answer(json.dumps({"prove": text})))
    assert asked["claim_verdict"] == "refuted" and ", ".join(asked["inferred"]) == MISFITS[text][0]
    if not left.startswith("d("):
        return
    marked = Marker(sheet(f"{left} = {right}\n")).run()
    right_of_a_number = problem(["x in R"], prove=text).ill_shaped is None and api.prove(text, ["x in R"]).kind == "proved"
    no_number = "x'" in text or "softmax" in text
    wanted = "not judged" if right_of_a_number and not no_number else "does not follow"
    assert marked.marks[-1].mark == wanted and ", ".join(sorted(map(str, marked.inferred))) == MISFITS[text][0]
    f, x = left[2:-1].rsplit(")/d(", 1)
    claimed = json.loads(answer(json.dumps({"expr": f, "wrt": x, "claim": right})))
    assert claimed["claim_verdict"] == "refuted" and ", ".join(claimed["inferred"]) == MISFITS[text][0]
    assert api.derive(f, x).inferred == claimed["inferred"]


RIGHT = ["d(norm2(A*x-b)^2)/d(x) == 2*A'*A*x - 2*A'*b", "d(x'*(A + lambda*I)*x)/d(x) == (A + A' + 2*lambda*I)*x",
         "d(N*logdet(Sigma) + tr(inv(Sigma)*S))/d(Sigma) == N*inv(Sigma)' - inv(Sigma)'*S'*inv(Sigma)'",
         "d(sum(A*x))/d(x) == A'*ones(m)", "A*inv(A) == I", "d(x'*b)/d(x) == b", "inv(A*B) == inv(B)*inv(A)",
         "d(norm2(y - X*beta)^2)/d(beta) == 2*X'*(X*beta - y)", "x - x == 0", "d(X*X) == d(X)*X + X*d(X)",
         "d(softmax(x))/d(x) == diag(softmax(x)) - softmax(x)*softmax(x)'", "d(sum(x))/d(x) == 1"]


@pytest.mark.parametrize("text", RIGHT)
def test_right_equations_without_declarations(text: str) -> None:
    assert api.prove(text).kind == "proved"


def test_a_scalar_is_spread_where_it_is_a_number_or_declared_one() -> None:
    assert problem(["x in R^n", "c in R"], prove="x + c == c + x").ill_shaped is None
    assert problem(["x in R^n", "c in R"], prove="x - x + c == c").ill_shaped is None
    assert problem(["x in R^n", "c in R"], ["t = 2*c"], prove="x - x + t == t").ill_shaped is None
    assert problem(["x in R^n"], prove="x - x + sum(x) == sum(x)").ill_shaped is not None
    assert str(problem(["x in R^n"], expr="x - sum(x)/n").f) == "x - sum(x)*ones(n)/n"
    assert problem(["x in R^n"], expr="x + c").inferred == ["c in R^n"]


def test_a_defined_name_keeps_its_shape_in_a_claim() -> None:
    given = {"declare": ["s in R", "P in R^(p,q)", "Q in R^(r,r)"], "define": ["V = s*P", "Z = s*Q"]}
    found = api.derive("kron(V, Z)", "s", **given, claim="vec(kron(P, Z) + kron(V, Q))'")
    assert found.claim_verdict is not None and found.claim_verdict.kind == "proved"
    p = problem(**given, expr="kron(V, Z)", wrt="s", claim="vec(kron(P, Z) + kron(V, Q))' + w'")
    assert p.ill_shaped is None and p.inferred == ["w in R^(p*q*r*r)"]


def test_a_size_left_open_takes_the_name_a_claim_gives_it_once() -> None:
    assert problem(expr="sum(A*x)", wrt="x", claim="A'*ones(k)").inferred == ["A in R^(k,n)", "x in R^n"]
    p = problem(expr="a'*X*b", wrt="X", claim="a*b' + eye(k)")
    assert p.ill_shaped is not None and p.inferred[0] == "X in R^(n,m)"


@pytest.mark.parametrize(("text", "shown"), [("x'*(A + c*I)*x", "x'*(A + c*eye(m))*x"), ("I*x", "x"), ("C - I", "C - eye(n)"),
                                             ("B - I", "B - I"), ("norm2(I - B)", "normF(I - B)"), ("B*I*C", "B*C"), ("I*B + y'", None)])
def test_i_is_the_identity_where_that_fits(text: str, shown: str | None) -> None:
    given = ["B in R^(2,n)", "C in R^(n,n)", "y in R^n"]
    p = problem(given, expr=text)
    assert shown is None or str(p.f) == shown
    plain = any(i.name == "I" and i.plain for i in p.inferred_from)
    assert plain == ("I" in str(p.f))


@pytest.mark.parametrize("text", ["inv(I) == I", "I*I == I", "exp(-I/c) == 1", "tr(I) == n", "c*I == I*c"])
def test_an_identity_of_no_size_is_refused(text: str) -> None:
    with pytest.raises(InputError) as caught:
        problem(prove=text)
    assert "determines the size of I" in caught.value.message and "declare I" in (caught.value.hint or "")


def test_i_by_which_something_is_differentiated_or_that_is_declared_is_a_name() -> None:
    assert problem(expr="x'*I*x", wrt="I").inferred == ["I in R^(n,n)", "x in R^n"]
    assert problem(["I in R^(n,n)"], expr="x'*I*x", wrt="x").inferred == ["x in R^n"]
    assert "read as a variable: an identity matrix would not fit" in api.derive("norm2(I - B)^2", "B", ["B in R^(m,n)"]).text()
    assert "b ∈ ℝⁿ, from A x − b" in api.derive("norm2(A*x-b)^2", "x").text()


def test_a_name_is_a_product_only_where_it_is_made_of_known_names() -> None:
    for name in ("Sigma", "theta1", "alpha", "Wx"):
        assert read(f"{name} + 1").inferred
    assert problem(["AB in R^(n,n)", "A in R^(n,n)", "B in R^(n,n)"], expr="tr(AB)").inferred == []
    assert compound("Wx", {"W", "x"}) == ["W", "x"] and not compound("Wx", {"W"}) and not compound("theta1", {"theta"})
    assert problem(["W in R^(m,n)", "x in R^n"], expr="norm2(Wx)").read == ("norm2(W*x)",)
    with pytest.raises(InputError, match="is not declared"):
        problem(["W in R^(m,n)"], expr="norm2(Wx) + norm2(x)")
    with pytest.raises(InputError, match="is not declared"):
        problem(["X in R^(m,n)"], expr="sum(X)/mn")


# ------------------------------------------------------------ declarations and questions
@pytest.mark.parametrize(("text", "said"), [
    ("c in R orthogonal", "assume c^2 = 1"), ("X in R^(1,1) orthogonal", "assume X^2 = 1")])
def test_declarations_that_mean_something_else(text: str, said: str) -> None:
    with pytest.raises(InputError) as caught:
        problem([text], expr="2")
    assert said in (caught.value.hint or "") and caught.value.column is not None


@pytest.mark.parametrize(("text", "said"), [
    ("A in R^nxn", "R^(n,n)"), ("A in R^(nxm)", "R^(n,m)"), ("A in R^3x4", "R^(3,4)"), ("A in R^(n×n)", "R^(n,n)"),
    ("A in R^n1xn2", "R^(n1,n2)"), ("A ∈ ℝ^{m×n}", "R^(m,n)"), ("A ∈ ℝᵐˣⁿ", "R^(m,n)"), ("A ∈ ℝⁿ", "R^n"), ("A in R^{m x n}", "R^(m,n)"),
    (r"A \in \mathbb{R}^{m \times n}", "R^(m,n)"), ("A ∈ ℝ^m×n", "R^(m,n)"), ("A ∈ ℝ", "R"), ("A ∈ ℝ^(n+1)", "R^(n+1)")])
def test_declarations_as_mathematics_writes_them(text: str, said: str) -> None:
    assert problem([text], expr="2").variables["A"] is problem([f"A in {said}"], expr="2").variables["A"]


def test_a_size_may_have_an_x_in_its_name() -> None:
    for size in ("max", "nx", "x", "maxlen"):
        assert str(problem([f"v in R^{size}"], expr="v").f) == "v"


def test_a_skew_scalar_is_zero_in_every_judge() -> None:
    for shape in ("R^(1,1) skew", "R skew"):
        for right, kind in (("0*X", "proved"), ("0", "proved"), ("1", "refuted"), ("X + 1", "refuted")):
            assert api.prove(f"X == {right}", [f"X in {shape}"]).kind == kind
            assert api.prove(f"X == {right}", [f"X in {shape}"], verify=True).kind == kind


def test_a_column_of_simplex_entries_sums_to_one() -> None:
    given = ["A in R^(n,1) simplex", "b in R^n"]
    assert api.prove("sum(A) == 1", given).kind in ("proved", "checked") and api.prove("A == ones(n)", given).kind == "refuted"
    found = api.derive("rowsum(A)'*b", "b", given)
    assert str(found.result) == "A" and found.verdict.kind == "proved"


@pytest.mark.parametrize("line", ["n = 1", "n = m", "m = n", "n = 3"])
def test_a_size_is_not_defined(line: str) -> None:
    with pytest.raises(InputError, match="is a size"):
        problem(["A in R^(m,n)"], [line], expr="sum(A)")
    marks = Marker(sheet(f"A in R^(m,n)\n{line}\nd(sum(A))/d(A) = ones(m,n)\n")).run().marks
    assert [m.mark for m in marks] == ["not read", "follows"] and marks[0].error is not None and "is a size" in marks[0].error.message
    with pytest.raises(InputError, match="is used as a size"):
        problem([], ["q = 1"], expr="sum(ones(q))")


def test_a_variable_is_named_once_or_several_are() -> None:
    asked = [sys.executable, "-m", "matcalc", "derive", "x'*A*x", "--wrt", "x", "--order", "1", "--order", "2"]
    done = subprocess.run(asked, capture_output=True, text=True)
    assert done.returncode == 2 and "--order may be given only once" in done.stderr
    found = json.loads(answer(json.dumps({"expr": "x'*A*x", "wrt": ["x", "A"]})))
    assert found["results"] == {"x": "(A + A')*x", "A": "x*x'"}


# ------------------------------------------------------------ sheets
def marked(*lines: str) -> Marked:
    return Marker(sheet("\n".join(lines) + "\n")).run()


def test_a_sheet_has_one_table_of_shapes() -> None:
    found = marked("y = softmax(x)", "d(y)/d(x) = y*(1-y)")
    assert [m.mark for m in found.marks] == ["given", "does not follow"] and [str(i) for i in found.inferred] == ["x in R^n"]
    found = marked("norm2(A*x-b)^2 = (A*x-b)'*(A*x-b)", "= x'*A'*A*x - 2*b'*A*x + b'*b")
    assert found.worst == "follows" and {str(i) for i in found.inferred} == {"A in R^(n,m)", "x in R^m", "b in R^n"}
    found = marked("f = norm2(A*x-b)^2", "d(f)/d(x) = 2*A'*(A*x - b)", "= 2*A'*A*x - 2*A'*b")
    assert found.worst == "follows"
    found = marked("f = norm2(A*x-b)^2", "d(f)/d(x) = 2*A*(A*x - b)")
    assert found.worst == "does not follow"


def test_a_later_line_does_not_read_a_name_otherwise() -> None:
    found = marked("d(softmax(x))/d(x) = diag(softmax(x)) - softmax(x)*softmax(x)'", "norm2(x)^2 = x^2")
    assert [m.mark for m in found.marks] == ["follows", "does not follow"]
    assert len({i.name for i in found.inferred}) == len(found.inferred) == 1


@pytest.mark.parametrize("said", ["R^n*n", "R^{n*n}"])
def test_a_star_between_sizes_is_asked_back(said: str) -> None:
    with pytest.raises(InputError):
        problem(declare=[f"A in {said}"], expr="sum(A)", wrt="A")
    assert problem(declare=["A in R^(n*n)"], expr="sum(A)", wrt="A").wrt.shape[1].number == 1
