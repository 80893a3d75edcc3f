"""What is said to be wrong with a line: one change of it that the judges confirm, also where its sizes do not fit."""

from __future__ import annotations

import pytest

from matcalc.diagnose.codes import CODES, codes
from matcalc.diagnose.slip import Kind, Slip
from matcalc.sheets.statements.display import sheet
from matcalc.sheets.marking.mark import Marker
from matcalc.sheets.page import kinds

LEAST = "X in R^(n,d)\nw in R^d\ny in R^n\nf = norm2(X*w-y)^2\n"
LAYER = "W in R^(m,n)\nx in R^n\ny, b in R^m\nz = W*x + b\na = sigmoid(z)\nL = 0.5*norm2(a - y)^2\n"
BATCH = "X in R^(n,d)\nW in R^(d,k)\nb in R^k\nZ = X*W + ones(n)*b'\n"


@pytest.mark.parametrize(("text", "kind"), [
    (LEAST + "d(f)/d(w) = 2*X*(X*w-y)", "missing-transpose"), (LEAST + "d(f)/d(w) = 2*(X*w-y)*X'", "factor-order"),
    (LEAST + "d(f)/d(w) = -2*X'*(X*w-y)", "wrong-sign"), (LEAST + "d(f)/d(w) = X'*(X*w-y)", "wrong-factor"),
    (LEAST + "df = 2*(X*w-y)*X*dw", "missing-transpose"), (LEAST + "df = 2*(X*w-y)'*dw", "missing-factor"),
    (LEAST + "df = 2*(X*w-y)'*dw*X", "factor-order"),
    (LEAST + "c in R\ng = f + c*norm2(w)^2\nd(g)/d(w) = 2*(X*w-y)*X' + 2*c*w", "factor-order"),
    (LAYER + "d(L)/d(z) = (a - y).*a", "missing-factor"), (LAYER + "E = 2*L\nd(E)/d(z) = 2*(a - y).*a", "missing-factor"),
    (LAYER + "d(L)/d(z) = a - y", "missing-factor"), ("A, B in R^(n,n)\nF = A*B\ndF = A*dB\ndA = dB\n", "held-constant"),
    ("A, B in R^(n,n)\nd(A*B) = A*dB - dA*B", "wrong-sign"),
    ("A in R^(n,n)\nd(A*A) = A*dA", "lost-product-half"),
    ("A, B in R^(n,n)\nd(A*B*A') = A*dB*A' + dA*B*A'", "lost-product-half"),
    ("A in R^(n,n), x in R^n\nd(x'*A*x)/d(x) = A'*x", "missing-term"),
    (BATCH + "d(L)/d(b) = d(L)/d(Z)", "missing-sum"), (BATCH + "G in R^(n,k)\nL = sum(Z.*G)\nd(L)/d(b) = G", "missing-sum"),
    ("x, b in R^n\nf = norm2(x - b)\nd(f)/d(x) = 2*(x - b)", "norm-for-squared-norm"),
    ("X in R^(m,n)\nf = norm2(X)^2\nd(f)/d(X) = X/norm2(X)", "norm-for-squared-norm"),
    ("c in R, w in R^n\nf = sum(exp(w)) + c*norm2(w)\nd(f)/d(w) = exp(w) + 2*c*w", "norm-for-squared-norm"),
    ("x, w in R^n\nf = softplus(w'*x)\nd(f)/d(w) = softplus(w'*x)*x", "wrong-function"),
    ("A in R^(m,n), x in R^n\nf = sum(log(A*x))\nd(f)/d(x) = 1./(A*x)", "missing-factor"),
    ("A in R^(m,n), x in R^n\nf = sum(exp(A*x))\nd(f)/d(x) = exp(A'*(A*x))", "wrong-place"),
    ("x in R^n\nf = sum(x.^3)\nd(f)/d(x) = 2*x.^2", "wrong-factor"),
    ("A in R^(m,n), B in R^(n,p), C in R^(p,m)\nd(tr(A*B*C))/d(B) = A*C", "missing-transpose"),
    (LAYER + "d(L)/d(W) = ((a-y).*a.*(1-a)).*x'", "wrong-product"),
    ("A in R^(m,n), B in R^(p,n)\nd(A*B') = dA*B' + A*dB", "missing-transpose"),
    ("A in R^(m,n), B in R^(n,p), C in R^(p,m)\nd(tr(A*B*C)) = tr(dA*B*C) + tr(A*C) + tr(A*B*dC)", "missing-factor"),
    ("x in R^n\nC = eye(n) - ones(n)*ones(n)'/n\nc = C*x\nv = c'*c\ny = c/v\nd(y)/d(x) = C/v", "missing-term"),
    ("g, h, c in R^n, a in R^n\nz = sigmoid(a)\nf = g'*((1 - z).*h + z.*c)\nd(f)/d(h) = g.*z", "wrong-function"),
    ("w, x in R^n, y in R\nf = (w'*x - y)^2\nd(f)/d(w) = 2*(w'*x - y)*w", "wrong-name"),
    ("x, y in R^n\nf = (x'*y)^2\nd(f)/d(x) = 2*x.*y.*y", "right-for-size-one"),
    ("x in R^n, y in R^m\nd(x'*x)/d(x) = y", "wrong-shape")])
def test_what_is_wrong_has_a_code(text: str, kind: str) -> None:
    assert kind in {k for m in Marker(sheet(text)).run().marks for k in kinds(m)}


def test_every_kind_of_slip_has_a_code() -> None:
    assert set(CODES) == set(Kind)
    assert codes([Slip(Kind.TURNED_BESIDES, (Slip(Kind.NEGATIVE),)), Slip(Kind.RIGHT_IF, ((), "symmetric"))]) == [
        "transposed", "wrong-sign", "right-if-symmetric"]


@pytest.mark.parametrize(("text", "said", "would"), [
    (LEAST + "d(f)/d(w) = 2*X*(X*w-y)", "a missing transpose: X where X' belongs", "2*X'*(X*w - y)"),
    (LEAST + "d(f)/d(w) = 2*(X*w-y)*X'", "factors in the wrong order: (X*w-y)*X' where X'*(X*w-y) belongs", "2*X'*(X*w - y)"),
    (LEAST + "d(d(f)/d(w))/d(w) = 2*X*X'", "factors in the wrong order: X*X' where X'*X belongs", "2*X'*X"),
    (LAYER + "d(L)/d(x) = W*((a-y).*a.*(1-a))", "a missing transpose: W where W' belongs", "W'*(a.*(a - y).*(ones(m) - a))"),
    (LAYER + "d(L)/d(W) = ((a-y).*a.*(1-a))*x", "a missing transpose: x where x' belongs", "(a.*(a - y).*(ones(m) - a))*x'"),
    (LAYER + "d(L)/d(z) = a - y", "the factor a.*(ones(m) - a) is missing: a - y where a.*(a - y).*(ones(m) - a) belongs",
     "a.*(a - y).*(ones(m) - a)"),
    (BATCH + "d(L)/d(X) = d(L)/d(Z)*W", "a missing transpose: W where W' belongs", "(d(L)/d(Z))*W'"),
    ("A in R^(n,n)\nF = inv(A)\ndF = -inv(A)*dA", "a factor is missing: -inv(A)*d(A) where -inv(A)*d(A)*inv(A) belongs",
     "-inv(A)*d(A)*inv(A)"),
    ("x in R^n\nA in R^(n,n)\nf = x'*A*x\ndf = x'*A*dx", "the term x'*A'*d(x) is missing", "x'*(A + A')*d(x)")])
def test_one_change_puts_it_right(text: str, said: str, would: str) -> None:
    last = Marker(sheet(text)).run().marks[-1]
    assert (last.mark, str(last.diagnosis), last.would) == ("does not follow", said, would)
