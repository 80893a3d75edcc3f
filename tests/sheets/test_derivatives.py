"""Names that are defined as derivatives, what varies on a sheet, and expressions that a sheet sets to zero."""

from __future__ import annotations

import re

import pytest

from matcalc.sheets.statements.display import sheet
from matcalc.sheets.marking.mark import Marker
from matcalc.sheets.parts.marks import Marked

QUADRATIC = "A in R^(n,n), x in R^n\nf = x'*A*x\n"
NORM = "A in R^(m,n), x in R^n\nf = norm2(A*x)^2\n"
RIDGE = "X in R^(m,n), y in R^m, w in R^n, c in R\n"
LOSS = RIDGE + "f = norm2(X*w-y)^2 + c*norm2(w)^2\n"
NORMAL = "X'*X*w + c*w = X'*y"


def marked(text: str) -> Marked:
    return Marker(sheet(text)).run()


def last(text: str) -> str:
    return marked(text).marks[-1].mark


@pytest.mark.thin(3)
@pytest.mark.parametrize(("text", "mark"), [
    (QUADRATIC + "g = d(f)/d(x)\nd(g)/d(x) = A + A'", "follows"),
    (QUADRATIC + "g = d(f)/d(x)\nd(g)/d(x) = zeros(n,n)", "does not follow"),
    (QUADRATIC + "g = d(f)/d(x)\nd(g)/d(x) = 0", "does not follow"),
    (QUADRATIC + "g = d(f)/d(x) = (A + A')*x\nH = d(g)/d(x) = A + A'\nd(H*x)/d(x) = A + A'", "follows"),
    (QUADRATIC + "g = d(f)/d(x) = (A + A')*x, H = d(g)/d(x) = A + A'", "follows"),
    (QUADRATIC + "g = d(f)/d(x)\ndg = (A + A')*dx", "follows"),
    (QUADRATIC + "g = d(f)/d(x)\ndg = A*dx", "does not follow"),
    (QUADRATIC + "g in R^n\ng = d(f)/d(x)\nd(g)/d(x) = A + A'", "follows"),
    (QUADRATIC + "d(f)/d(x) = g\nd(g)/d(x) = A + A'", "follows"),
    (QUADRATIC + "d(f)/d(x) = g", "not judged"),
    (QUADRATIC + "d(f)/d(x) = (A + A')*x\nX in R^(n,n)\nd(log det X) = d(tr X)", "does not follow"),       # nothing else moves in it
    (QUADRATIC + "d(f)/d(x) = (A + A')*x\nd^2(x'*A*x) = 2*dx'*A*dx", "follows"),
    ("x in R^n\nf = sum(exp(x))\ng = d(f)/d(x)\nq = g'*g\nd(q)/d(x) = 2*exp(2*x)", "follows"),
    ("x in R^n\nf = sum(exp(x))\ng = d(f)/d(x)\nq = g'*g\nd(q)/d(x) = 0*x", "does not follow"),
    ("x in R^n\nf = sum(exp(x))\ng = d(f)/d(x)\nd(sum(log(g)))/d(x) = ones(n)", "follows"),
    ("f = norm2(X*w-b)^2\ng = d(f)/d(w)\nq = b'*X*g\nd(q)/d(w) = 2*X'*X*X'*b", "follows"),
    ("X in R^(m,n), W in R^(n,p)\nY = X*W\nL = normF(Y)^2\nG = d(L)/d(Y)\nd(L)/d(W) = X'*G\nd(sum(G))/d(W) = 2*X'*ones(m,p)", "follows"),
    ("x in R^n\nd(L)/d(x) = G\nd(G'*G)/d(x) = 0*x", "follows if"),
    ("x in R^n\nf in R\nf = x'*x\nd(f)/d(x) = 2*x", "follows"),
    (r"Let $x\in\mathbb{R}^n$, $A\in\mathbb{R}^{n\times n}$, $f(x)=x^\top Ax$. $$g=\nabla f(x)$$ $$H=\nabla g(x)=A+A^\top$$", "follows"),
])
def test_a_name_that_is_defined_as_a_derivative_is_that_derivative(text: str, mark: str) -> None:
    assert last(text) == mark


def test_a_declared_shape_that_a_definition_breaks_is_marked() -> None:
    assert [m.mark for m in marked("x in R^n\ng in R^m\nf = x'*x\ng = d(f)/d(x)\ng = 2*x").marks] == [
        "given", "does not follow", "follows"]


@pytest.mark.thin(3)
@pytest.mark.parametrize(("text", "marks"), [
    (NORM + "df = 2*(A*x)'*dA*x\nd(f)/d(x) = 2*A'*A*x", ["given", "follows if", "follows"]),
    (NORM + "df = 2*(A*x)'*A*dx\nd(f)/d(A) = 2*A*x*x'", ["given", "follows if", "follows"]),
    (NORM + "df = 2*(A*x)'*A*dx\nd(f)/d(x) = 2*A'*A*x", ["given", "follows", "follows"]),
    ("A in R^(m,n), x in R^n\nz = A*x\nf = z'*z\ndz = dA*x\nd(f)/d(x) = 2*A'*z", ["given", "given", "follows if", "follows"]),
])
def test_what_a_sheet_differentiates_by_varies_in_every_line(text: str, marks: list[str]) -> None:
    found = marked(text)
    assert [m.mark for m in found.marks] == marks
    assert not set(re.findall(r"\/d\((\w)\)", text)) & set(found.constant)
    assert (found.marks[-1].rule == "read off") == ("follows if" not in marks)


@pytest.mark.thin(3)
@pytest.mark.parametrize(("text", "marks"), [
    (RIDGE + f"2*X'*(X*w-y) + 2*c*w = 0\n{NORMAL}", ["not judged", "follows"]),
    (RIDGE + "2*X'*(X*w-y) + 2*c*w = 0\nX'*X*w + 2*c*w = X'*y", ["not judged", "does not follow"]),
    (LOSS + f"X'*(X*w-y) + c*w = 0\n{NORMAL}", ["given", "given", "follows"]),
    (LOSS + f"X'*(X*w-y) - c*w = 0\n{NORMAL}", ["not judged", "not judged", "does not follow"]),
    (LOSS + f"d(f)/d(w) = 0\n2*X'*(X*w-y) + 2*c*w = 0\n{NORMAL}", ["given", "given", "follows", "follows"]),
    (LOSS + f"g = d(f)/d(w)\ng = 0\n{NORMAL}", ["given", "given", "given", "follows"]),
    (LOSS + "d(f)/d(w) = 2*X'*(X*w-y) + 2*c*w\n2*X'*(X*w-y) + 2*c*w = zeros(n)\nw = inv(X'*X + c*eye(n))*X'*y",
     ["given", "follows", "given", "follows"]),
    ("A in R^(n,n), x in R^n, c in R\nL = x'*A*x - c*(x'*x - 1)\n(A + A')*x - 2*c*x = 0\nx'*x - 1 = 0",
     ["given", "given", "given"]),
    ("x, a in R^n\nf = a'*x\nd(f)/d(x) = 0", ["given", "not judged"]),
    ("x in R^n\nf = x'*x\nd(f)/d(x) = 2*x\nd(x)/d(t) = 0", ["given", "follows", "not judged"]),
    ("A in R^(n,n), B in R^(n,n)\nA*B - B*A = 0\nA*B = B*A\n", ["not judged", "follows"]),
])
def test_lines_follow_from_an_expression_that_is_set_to_zero(text: str, marks: list[str]) -> None:
    assert [m.mark for m in marked(text).marks] == marks
