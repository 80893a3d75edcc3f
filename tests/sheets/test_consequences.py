"""Lines below a derivative that is zero: what follows from it, where, and what certainly does not."""

from __future__ import annotations

import pytest

from matcalc.sheets.statements.display import sheet
from matcalc.sheets.marking.mark import Marker
from matcalc.sheets.parts.marks import Marked

LEAST = r"$$J=\|X\beta-y\|^2$$ $$\frac{\partial J}{\partial\beta}=2X^T(X\beta-y)=0$$ "
RIDGE = "Let $f(w)=\\|Xw-y\\|^2 + \\lambda\\|w\\|^2$.\nSetting the gradient to zero gives\n"
MEAN = r"$$\ell(\mu)=-\frac12 (x-\mu)^\top\Sigma^{-1}(x-\mu)$$ $$\frac{\partial \ell}{\partial\mu} = 0$$ "
COVARIANCE = (r"Let $S, \Sigma\in\mathbb{R}^{n\times n}$ be symmetric, $N\in\mathbb{R}$. "
              r"$$\ell=-\frac N2\log\det\Sigma-\frac N2\operatorname{tr}(\Sigma^{-1}S)$$"
              r"$$\frac{\partial\ell}{\partial\Sigma} = -\frac N2\Sigma^{-1} + \frac N2 \Sigma^{-1}S\Sigma^{-1} = 0$$ ")
LAGRANGE = r"Let $S$ be symmetric. $$L(w,\lambda) = w^\top S w - \lambda(w^\top w - 1)$$ $$\nabla_w L = 2Sw - 2\lambda w = 0$$ "
WRONG = r"$$f(w)=\|Xw-y\|^2 + \|w\|^2$$ $$\nabla f(w) = 2X^\top(Xw-y) + w = 0$$ "
MEAN_SQUARE = r"""Let $X \in R^{n\times m}$, $y\in R^n$, $w\in R^m$. $$f(w)=\frac{1}{2n}\|Xw-y\|^2 + \frac{\lambda}{2}\|w\|^2$$
$$\nabla f(w) = \frac1n X^\top(Xw-y) + \lambda w$$
Setting this to zero yields
"""


def marked(text: str) -> Marked:
    return Marker(sheet(text)).run()


@pytest.mark.slow
@pytest.mark.thin(3)
@pytest.mark.parametrize(("text", "mark"), [
    (LEAST + r"$$X^TX\beta = X^Ty$$", "follows"), (LEAST + r"$$\beta = (X^TX)^{-1}X^Ty$$", "follows"),
    (LEAST + r"$$\hat\beta = (X^TX)^{-1}X^Ty$$", "follows"), (LEAST + r"$$\beta^* = 2(X^TX)^{-1}X^Ty$$", "does not follow"),
    (LEAST + r"$$X^TX\beta = -X^Ty$$", "does not follow"), (LEAST + r"$$X\beta = y$$", "does not follow"),
    (RIDGE + r"$$(X^\top X + \lambda I) w = X^\top y$$", "follows"),
    (RIDGE + r"$$(X^\top X - \lambda I) w = X^\top y$$", "does not follow"),
    (RIDGE + r"$$w = (X^\top X + \lambda I)^{-1} X^\top y$$", "follows"),
    (RIDGE + r"$$w = (X^\top X - \lambda I)^{-1} X^\top y$$", "does not follow"),
    (RIDGE + r"$$w = X^\top(X X^\top + \lambda I)^{-1} y$$", "follows if"),
    (MEAN_SQUARE + r"$$(X^\top X + n\lambda I) w = X^\top y$$", "follows"),
    (r"Let $\Sigma$ be positive definite. " + MEAN + r"$$\hat\mu = x$$", "follows"),
    (LAGRANGE + r"$$S w = \lambda w$$", "follows"), (LAGRANGE + r"$$w^\top S w = \lambda$$", "not judged"),
    (r"$$f = \|A X B - C\|_F^2$$ $$\nabla_X f \stackrel{!}{=} 0$$ $$A^TAXBB^T = A^TCB^T$$", "follows")])
def test_lines_below_a_gradient_set_to_zero_are_judged(text: str, mark: str) -> None:
    assert marked(text).marks[-1].mark == mark


@pytest.mark.thin(3)
@pytest.mark.parametrize(("text", "mark"), [
    (r"""$$L = \|Xw + b\mathbf 1 - y\|^2$$
$$\frac{\partial L}{\partial w} = 2X^\top(Xw + b\mathbf 1 - y)$$
$$\frac{\partial L}{\partial b} = 2\mathbf 1^\top(Xw + b\mathbf 1 - y)$$
Setting both to zero gives
$$X^\top X w = X^\top(y - b\mathbf 1)$$""", "follows"),
    (r"$$J(w, b) = \|Xw + b\mathbf 1 - y\|^2$$ $$\nabla_w J = 2X^\top(Xw + b\mathbf 1 - y) = 0$$ $$X^\top X w = X^\top y$$", "not judged"),
    (r"$$f(x) = x^\top x$$ $$\nabla_x f = 2x = 0$$ $$g(x) = \|x\|^4$$ $$g = 2 f^2$$", "follows if"),
    ("The gradient does not vanish. Let $f(x)=x^\\top x$. $$\\nabla_x f = 2x$$ $$x = 0$$", "not judged"),
    ("Let $f(w)=\\|Xw-y\\|^2$. At the optimum, $$Xw = y$$", "does not follow")])
def test_several_conditions_and_none(text: str, mark: str) -> None:
    assert marked(text).marks[-1].mark == mark


def test_what_follows_from_a_wrong_condition_is_said_to() -> None:
    found = marked(WRONG + r"$$(2X^\top X + I) w = 2X^\top y$$")
    assert [(m.mark, m.through) for m in found.marks[1:]] == [
        ("does not follow", None), ("given", None), ("follows", 1)]


@pytest.mark.thin(3)
@pytest.mark.parametrize(("text", "kind"), [(COVARIANCE + r"$$\Sigma^{-1} S = I$$", "nonzero"), (MEAN + r"$$\mu = x$$", "solution")])
@pytest.mark.slow
def test_what_it_needs_is_said(text: str, kind: str) -> None:
    found = marked(text).marks[-1]
    reason = found.reason
    assert found.mark == "follows if" and reason is not None and reason.kind == kind


@pytest.mark.parametrize("wrong", ["M*V*inv(V'*V - c*eye(k))", "M*V*(V'*V + c*eye(k))", "M*V'*inv(V'*V + c*eye(k))"])
def test_a_wrong_solution_does_not_follow(wrong):
    text = "M in R^(m,n), U in R^(m,k), V in R^(n,k), c in R positive\nJ = normF(M - U*V')^2 + c*normF(U)^2 + c*normF(V)^2\n" \
        "d(J)/d(U) = -2*(M - U*V')*V + 2*c*U = 0\nU = "
    assert [m.mark for m in Marker(sheet(text + "M*V*inv(V'*V + c*eye(k))")).run().marks][-1] == "follows"
    assert [m.mark for m in Marker(sheet(text + wrong)).run().marks][-1] == "does not follow"


@pytest.mark.slow
def test_a_gradient_by_a_definite_matrix_set_to_zero_is_a_condition():
    text = "S in R^(d,d) symmetric, P in R^(d,d) spd\nL = logdet(P) - tr(S*P)\n%s = 0\nP = inv(S)"
    assert [m.mark for m in Marker(sheet(text % "inv(P) - S")).run().marks] == ["given", "given", "follows"]
    wrong = [m.mark for m in Marker(sheet(text % "inv(P) + S")).run().marks]
    assert wrong == ["not judged", "not judged", "does not follow"]         # P is -inv(S) there


def test_a_derivative_that_is_zero_nowhere_is_not_set_to_zero() -> None:
    lines = ["w, a in R^n", "f = sum(diag(w))", "df = ones(n)'*d(w)", "df/dw = zeros(n)"]
    assert [m.mark for m in marked("\n".join(lines)).marks] == ["given", "follows", "does not follow"]
    lines[1:] = ["f = w'*w + a'*w", "df = 2*w'*dw + a'*dw", "df/dw = zeros(n)"]
    assert [m.mark for m in marked("\n".join(lines)).marks] == ["given", "follows", "given"]


@pytest.mark.parametrize(("solution", "mark"), [
    ("inv(X'*X + c*eye(d))*X'*y", "follows"), ("inv(X'*X)*X'*y", "does not follow"), ("-X'*r/c", "follows")])
def test_a_residual_with_a_name_is_no_constant_of_the_unknown(solution: str, mark: str) -> None:
    text = "r = X*w - y\nL = 1/2*r'*r + c/2*w'*w\nd(L)/d(w) = X'*r + c*w = 0\nw = "
    assert marked(text + solution).marks[-1].mark == mark


@pytest.mark.parametrize(("below", "marks"), [
    ("A*x = -b\nx = -inv(A)*b", ["follows", "follows"]), ("x = -inv(A)*b", ["follows"]), ("x = inv(A)*b", ["follows"]),
    ("A*x = b", ["follows"]), ("A*x = -2*b", ["does not follow"]), ("x = -2*inv(A)*b", ["does not follow"])])
def test_what_follows_from_a_wrong_gradient_that_is_set_to_zero_in_words_is_wrong_once(below: str, marks: list[str]) -> None:
    text = "A in R^(n,n) spd, x, b in R^n\nf = x'*A*x/2 - b'*x\ngrad f = A*x + b\nset the gradient to zero:\n"
    found = marked(text + below + "\n").marks
    assert [m.mark for m in found] == ["given", "does not follow", "given", *marks]
    assert all((m.through == 3) == ("-" in m.text) for m in found if m.mark == "follows")
