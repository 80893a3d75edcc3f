"""Sheets about a loss that is never written down: what is given, what follows, what is not judged."""

from __future__ import annotations

import json

import pytest

from matcalc.sheets.statements.display import sheet
from matcalc.sheets.marking.mark import Marker
from matcalc.sheets.page import as_data, page

NET = "W1 in R^(h,d), W2 in R^(k,h), x in R^d, b1 in R^h, b2 in R^k\nz1 = W1*x + b1\na1 = tanh(z1)\nz2 = W2*a1 + b2\n"
LAYER = "W in R^(m,k), X in R^(k,n)\nY = W*X\n"
HEADS = "Q in R^(n,k), K in R^(m,k), V in R^(m,p), d in R positive\nA = Q*K'/sqrt(d)\nP = softmax(A)\nO = P*V\n"
INNER = "P.*(d(L)/d(P) - rowsum(P.*(d(L)/d(P)))*ones(m)')"


def marks(text, skip=0):
    return [m.mark for m in Marker(sheet(text)).run().marks][skip:]


@pytest.mark.thin(3)
@pytest.mark.parametrize(("text", "wanted"), [
    (LAYER + "dL = tr(G'*dY)\n= tr(G'*dW*X)\n= tr(X*G'*dW)\nd(L)/d(W) = G*X'", ["given", "follows", "follows", "follows"]),
    (LAYER + "dL = tr(G' dY)\ndL/dW = G X'\ndL/dX = W G", ["given", "follows", "does not follow"]),
    (LAYER + "dL = tr(G'*dY)\n= 17*tr(G'*dW*X)\nd(L)/d(W) = 17*G*X'", ["given", "does not follow", "follows"]),
    (LAYER + "dL = tr(G'*dY)\n= 17*tr(G'*dW*X)\nd(L)/d(W) = 16*G*X'", ["given", "does not follow", "does not follow"]),
    (LAYER + "dL = sum(G.*dY)\nd(L)/d(Y) = G\nd(L)/d(X) = W'*G", ["given", "follows", "follows"]),
    (LAYER + "d(L)/d(Y) = G\nd(L)/d(W) = G*X'\nd(L)/d(X) = W*G", ["given", "follows", "does not follow"]),
    (LAYER + "G = d(L)/d(Y)\nd(L)/d(W) = G*X'\n= 2*G*X'", ["given", "follows", "does not follow"]),
    (LAYER + "d(L)/d(W) = d(L)/d(Y)*X'\nd(L)/d(X) = 17*W'*d(L)/d(Y)", ["follows", "does not follow"]),
    (NET + "d(L)/d(z2) = delta2\nd(L)/d(W2) = delta2*a1'\nd(L)/d(b2) = delta2\nd(L)/d(a1) = W2'*delta2\nd(L)/d(z1) = delta1\n"
     "d(L)/d(W1) = delta1*x'\nd(L)/d(b1) = -delta1",
     ["given", "follows", "follows", "follows", "given", "follows", "does not follow"]),
    (NET + "d(L)/d(z2) = delta2\ndelta1 = (W2'*delta2).*(1 - a1.^2)\nd(L)/d(z1) = delta1\nd(L)/d(W1) = 3*delta1*x'",
     ["given", "given", "follows", "does not follow"]),
    (NET + "dL = g'*dz2\nd(L)/d(a1) = W2'*g\nd(L)/d(a1) = W2*g", ["given", "follows", "does not follow"]),
    (HEADS + f"d(L)/d(V) = P'*d(L)/d(O)\nd(L)/d(P) = d(L)/d(O)*V'\nd(L)/d(A) = {INNER}\nd(L)/d(Q) = d(L)/d(A)*K/sqrt(d)\n"
     "d(L)/d(K) = 9*sqrt(d)*(d(L)/d(A))'*Q", ["follows", "follows", "follows", "follows", "does not follow"]),
    (HEADS + f"d(L)/d(V) = 17*P'*d(L)/d(O)\nd(L)/d(A) = 17*{INNER}", ["does not follow", "does not follow"])])
def test_given_and_what_follows(text, wanted):
    assert marks(text)[-len(wanted):] == wanted


@pytest.mark.parametrize("text", [
    "x in R^n, A in R^(n,n)\nd(f)/d(x) = (A + A')*x", "x in R^n, A in R^(n,n)\ndf = 2*x'*A*dx\nd(f)/d(x) = 2*A'*x",
    "W in R^(m,n), x in R^n, y in R^m\nd(L)/d(W) = d(L)/d(z)*x'\nd(L)/d(z) = y",
    "L in R, W in R^(m,n), x in R^n\nz = W*x\nd(L)/d(W) = 2*d(L)/d(z)*x'"])
def test_a_line_about_what_is_nowhere_defined_is_not_judged(text):
    marked = Marker(sheet(text)).run()
    found = [m for m in marked.marks if m.mark != "given"]
    assert found and {m.mark for m in found} == {"not judged"} and marked.worst == "not judged"
    shown = page(marked, lambda word, width: word.ljust(width))
    assert "zeros" not in shown and "not defined anywhere" in shown and "follow" not in shown


def test_a_function_defined_only_in_a_sentence():
    text = "The loss $f$ is the squared length of $Ax$, with $A \\in \\mathbb{R}^{m\\times n}$.\n" \
           "$$ \\frac{\\partial f}{\\partial x} = 2A^\\top A x $$\n"
    assert marks(text) == ["not judged"]


def test_what_a_loss_is_taken_for_stands_on_the_page():
    marked = Marker(sheet(LAYER + "d(L)/d(W) = d(L)/d(Y)*X'")).run()
    assert "L is taken as an abstract scalar function of Y." in page(marked, lambda word, width: word)
    assert json.loads(as_data(marked))["read"] == ["L is taken as an abstract scalar function of Y"]


def test_a_gradient_is_named_once():
    text = NET + "d(L)/d(z2) = delta\nd(L)/d(b2) = delta\nd(L)/d(a1) = delta"
    assert marks(text)[-3:] == ["given", "follows", "does not follow"]


def test_greek_names_are_no_differentials():
    text = "Let $z = Wx$, $h = \\tanh(z)$.\n\\begin{align}\n\\delta &= \\frac{\\partial L}{\\partial h} \\\\\n" \
           "\\frac{\\partial L}{\\partial z} &= \\delta \\odot (1 - h \\odot h)\n\\end{align}\n"
    assert marks(text) == ["given", "follows"]


SKIPS = {
    "skip": ("h = tanh(W*x)", "y = h + x", "d(L)/d(h) = g", "d(L)/d(x) = W'*(g.*(1-h.^2))", "d(L)/d(x) = W'*(g.*(1-h.^2)) + g"),
    "reused": ("B = A*A", "C = B*A", "d(L)/d(C) = G", "d(L)/d(A) = B'*G", "d(L)/d(A) = B'*G + G*A'*A' + A'*G*A'"),
}


@pytest.mark.parametrize("name", SKIPS)
def test_a_gradient_given_inside_leaves_out_no_path(name):
    """What is defined last is what the loss is made of, though nothing else on the sheet speaks of it."""
    *given, wrong, right = ("x in R^n", *SKIPS[name]) if name == "skip" else ("A in R^(n,n)", *SKIPS[name])
    marks = [Marker(sheet("\n".join([*given, line]))).run().marks[-1].mark for line in (wrong, right)]
    assert marks[0] == "does not follow" and marks[1] == "follows", marks
