"""Sentences and plain lines around formulas: what limits a line, what declares, what is a condition; in English and in Chinese."""

from __future__ import annotations

import pytest

from matcalc.sheets.statements.display import sheet
from matcalc.sheets.marking.mark import Marker
from matcalc.sheets.parts.marks import Marked

QUADRATIC = r"$\nabla_x (x^\top A x) = 2Ax$"
SQUARES = r"Let $f(w) = \|Xw-y\|^2$. "
SOLVED = r"$w = (X^\top X)^{-1}X^\top y$."
WRONG = r"$w = (XX^\top)^{-1}X^\top y$."


def marked(text: str) -> Marked:
    return Marker(sheet(text)).run()


def marks(text: str) -> list[str]:
    return [m.mark for m in marked(text).marks]


@pytest.mark.parametrize(("text", "wanted"), [
    (f"We have {QUADRATIC} when $A$ is symmetric.", ["follows"]),
    (f"We have {QUADRATIC} for symmetric $A$. Always {QUADRATIC}.", ["follows", "not judged"]),
    (f"Note that {QUADRATIC} unless $A$ is not symmetric.", ["follows"]),        # where it is
    (f"We have {QUADRATIC}, and if $A$ is symmetric, {QUADRATIC}.", ["does not follow", "follows"]),
    ("$$\\nabla_x (x^\\top A x) = 2Ax$$ if $A$ is symmetric. Also $$\\nabla_x (x^\\top A x) = 2Ax$$", ["follows", "not judged"]),
    (r"The gradient of $f(x) = x^\top A x$ is $2Ax$ if $A$ is symmetric.", ["follows"]),
    (r"It is read off that $f(x) = x^\top A x$, where $A$ is a covariance matrix. Then $\nabla f = 2Ax$.", ["follows"]),
    (r"Without the penalty, $f(x) = x^\top A x$ for symmetric $A$. Then $\nabla f = 2Ax$.", ["follows"]),
    (r"Let $f(x) = x^\top Ax + b^\top Bb$, where $A$ and the scatter matrix $B$ are symmetric. Then $\nabla f = 2Ax$.", ["follows"]),
    (r"The case where $A$ is symmetric is easier. We have $\nabla_x (x^\top A x) = 2Ax$", ["not judged"])])
def test_what_limits_a_line_counts_for_it(text: str, wanted: list[str]) -> None:
    assert marks(text) == wanted


@pytest.mark.parametrize(("text", "wanted"), [
    (r"设 $A$ 为 $m\times n$ 矩阵。令 $f(x)=\|Ax\|^2$，则 $\nabla f = 2A^TAx$。", ["follows"]),
    (r"令 $f(x)=x^TAx+x^TBx$，其中 $A$ 和 $B$ 均为对称矩阵。则 $\nabla f = 2Ax+2Bx$。", ["follows"]),
    (r"令 $f(x)=x^TAx$，$A$ 不是对称矩阵。则 $\nabla f = 2Ax$。", ["does not follow"]),
    (r"令 $f(x)=x^TAx$。若 $A$ 对称，则 $\nabla f = 2Ax$。", ["follows"]),
    (r"令 $f(w) = \|Xw-y\|^2$。令其为零，得 $X^TXw = X^Ty$，即 $w=(X^TX)^{-1}X^Ty$。", ["given", "follows", "follows"]),
    (r"令 $f(w) = \|Xw-y\|^2$。令上式等于0，解得 $w=(XX^T)^{-1}X^Ty$。", ["given", "does not follow"])])
def test_chinese_sentences_say_the_same(text: str, wanted: list[str]) -> None:
    assert marks(text) == wanted


@pytest.mark.parametrize(("text", "wanted"), [
    (f"{SQUARES}Setting $\\nabla f(\\hat w) = 0$ gives $\\hat w = (X^\\top X)^{{-1}}X^\\top y$.", ["given", "follows"]),
    (f"{SQUARES}At the minimum $\\nabla f(w^*) = 2X^\\top(Xw^*-y) = 0$, hence $w^* = (X^\\top X)^{{-1}}X^\\top y$.",
     ["given", "follows", "follows", "follows"]),
    (f"{SQUARES}$$\\left.\\frac{{\\partial f}}{{\\partial w}}\\right|_{{w=\\hat w}} = 0$$ $$\\hat w = (X^\\top X)^{{-1}}X^\\top y$$",
     ["given", "follows"]),
    (f"{SQUARES}$$0 = \\frac{{df}}{{dw}} = 2X^\\top(Xw-y)$$", ["follows", "given"]),
    (f"{SQUARES}The normal equation is $X^\\top Xw = X^\\top y$, so {SOLVED}", ["given", "follows", "follows"]),
    (f"{SQUARES}The normal equation is $X^\\top Xw = X^\\top y$, so {WRONG}", ["given", "follows", "does not follow"]),
    (f"{SQUARES}$$\\nabla f = 2X^\\top(Xw-y) = 0$$ The minimiser of $f$ is $v = 2(X^\\top X)^{{-1}}X^\\top y$.",
     ["follows", "given", "given", "does not follow"]),
    (r"Let $f(x) = -\frac12\|x-a\|^2 + b^\top x$. $$\nabla f = a-x+b = 0$$ The maximiser is $m = a$ when $b = 0$.",
     ["follows", "given", "given", "not judged"]),
    (r"Let $g(v) = c(\hat v)$. Setting this to zero, $$\hat \Sigma = S$$", ["given", "not judged"]),
    (f"{SQUARES}$$\\nabla f = 2X^\\top(Xw-y)$$ $$w \\leftarrow w - 2\\eta X^\\top(Xw-y)$$", ["follows", "follows"]),
    (f"{SQUARES}$$\\nabla f = 2X^\\top(Xw-y)$$ $$w \\leftarrow w - \\eta X(Xw-y)$$", ["follows", "not judged"]),
    (f"{SQUARES}$$w \\leftarrow w - (2X^\\top X)^{{-1}}\\nabla f = (X^\\top X)^{{-1}}X^\\top y$$", ["follows", "follows"])])
def test_what_is_zero_and_what_is_updated(text: str, wanted: list[str]) -> None:
    assert marks(text) == wanted


@pytest.mark.parametrize(("text", "wanted"), [
    ("f(x) = (Ax - b)^T (Ax - b)\ngrad f = 2A^TAx - 2A^T b\nsetting grad f = 0:\nso x = (A^T A)^-1 A^T b",
     ["given", "follows", "given", "follows"]),
    ("f(x) = (Ax - b)^T (Ax - b)\nNow take the gradient\ngrad f = 2A^T(Ax - b)\nSetting it to zero gives\n=> x = (A A^T)^-1 A^T b",
     ["given", "follows", "given", "does not follow"]),
    ("Let S be symmetric.\ng(x) = x'Sx\ngrad g = 2Sx   (since S is symmetric)", ["given", "follows"]),
    ("g(x) = x'Sx\nIf S is symmetric then grad g = 2Sx", ["given", "follows"]),
    ("g(x) = x'Sx + b'x\nAt x = 0, grad g = b. In general grad g = b", ["given", "follows", "does not follow"]),
    ("g(x) = x'Sx + b'x\ngrad g = -b when x = 0\ng' = (S + S')x + b\ng(0) = 0", ["given", "does not follow", "follows", "follows"]),
    ("g(x) = x'Sx + b'x\nlet b = 0. Then grad g = (S + S')x\nfor c = 2, h = c g\ngrad h = 2(S + S')x",
     ["given", "follows", "given", "given", "follows"]),
    ("M in {0,1}^(m,n)\nE = M .* (R - U V')\nL = ||E||^2\ndL/dU = -2 E V\ndL/dV = -2 E U",
     ["given", "given", "follows", "does not follow"]),
    ("K(t) is symmetric positive definite, y fixed\nL = -1/2 y' K^-1 y\ndL/dt = 1/2 y' K^-1 dK/dt K^-1 y\nd(K^2)/dt = 2 K dK/dt",
     ["given", "follows", "does not follow"]),
    ("Y = X W + 1 b'   (X: n x d, W: d x k, b: k)\nG = dL/dY given\ndL/db = G' 1\ndL/dX = G W", ["given", "given", "follows",
                                                                                             "does not follow"]),
    ("u, v in R^n\ns = u'v/(|u||v|)\nds/du = v/(|u||v|) - s u/|u|^2\nu <- u - eta ds/du", ["given", "follows", "follows"]),
    ("g(x) = x'Sx\nIt is not true that grad g = (S + S')x", None),
    ("A, B in R^(n,n)\nA and B are symmetric\nd(tr(A*B))/d(A) = B\nhence A*B = (B*A)'", ["follows", "follows"]),
    ("x in R^n\nf = log(sum(exp(x)))\ncall it p: p = exp(x)/sum(exp(x))\nthe gradient is d(f)/d(x) = p (read off)",
     ["given", "given", "follows"])])
def test_words_around_plain_lines(text: str, wanted: list[str] | None) -> None:
    if wanted is None:
        assert [m.mark for m in marked(text + "\ngrad g = (S + S')x").marks] == ["given", "follows"]
    else:
        assert marks(text) == wanted


@pytest.mark.parametrize(("text", "wanted"), [
    ("\\begin{itemize}\\item $f(x)=a^\\top x \\implies \\nabla f(x)=a$\\item $f(x)=\\|x\\|^2 \\implies \\nabla f(x)=2x$\\end{itemize}",
     ["follows", "given", "follows"]),
    ("1. $f(x)=\\|Ax-b\\|^2$\n2. $f(x) = x^\\top A^\\top Ax - b^\\top Ax + b^\\top b$\n3. $\\nabla f(x) = 2A^\\top Ax-A^\\top b$\n",
     ["does not follow", "follows"])])         # the gradient of what is wrong above, which counts once
def test_an_item_defines_f_anew_and_a_step_does_not(text: str, wanted: list[str]) -> None:
    assert [m for m in marks(text) if m != "given"] == [m for m in wanted if m != "given"]


def test_the_gradient_of_a_wrong_expansion_counts_once() -> None:
    text = "1. $f(x)=\\|Ax-b\\|^2$\n2. $f(x) = x^\\top A^\\top Ax - b^\\top Ax + b^\\top b$\n3. $\\nabla f(x) = 2A^\\top Ax%s A^\\top b$\n"
    last = [Marker(sheet(text % sign)).run().marks[-1] for sign in "-+"]
    assert [(m.mark, m.through) for m in last] == [("follows", 2), ("does not follow", None)]


def test_a_heading_with_braces_hides_no_formula() -> None:
    assert marks(r"\paragraph{On $X^{-1}$} We get $dX\,X^{-1} - X\,d(X^{-1}) = 0$ and so $d(X^{-1}) = -X^{-1}dX\,X^{-1}$.")[0] != "follows"


def test_what_is_varied_by_another_name_is_varied() -> None:
    text = r"Let $S = \Sigma$ and $f = -w^\top S^{-1}w$. $$df = -w^\top d(S^{-1})w$$ $$= %s w^\top S^{-1}dS\,S^{-1}w$$"
    assert marks(text % "")[-1] == "follows" and marks(text % "-")[-1] == "does not follow"


def test_what_a_letter_stands_for_is_its_definition() -> None:
    text = r"The softmax function is $S_i = \frac{e^{a_i}}{\sum_{k=1}^N e^{a_k}}$. For simplicity $\Sigma$ stands for " \
           r"$\sum_{k=1}^N e^{a_k}$. For $i \ne j$: $$\frac{\partial S_i}{\partial a_j} = \frac{0 - e^{a_j}e^{a_i}}{\Sigma^2} = -S_jS_i$$"
    found = marked(text)
    assert [m.mark for m in found.marks] == ["given", "given", "follows", "follows"] and "Sigma = sum(exp(a))" in found.understood
    assert [m.mark for m in marked(text.replace("stands for", "is not")).marks][-2] != "follows"
    assert [m.mark for m in marked(text.replace(r"\Sigma^2} =", r"\Sigma} =")).marks][2] == "does not follow"


@pytest.mark.parametrize(("text", "wanted"), [
    (r"Let $f(x)=\log(1+e^{a^Tx})$ and $s = \sigma(a^Tx)$. We obtain the gradient $sa$ and Hessian $s(1-s)aa^T$.", ["follows", "follows"]),
    (r"Let $f(x)=\log(1+e^{a^Tx})$ and $s = \sigma(a^Tx)$. We obtain the gradient $-sa$.", ["does not follow"]),
    (r"Let $p = \operatorname{softmax}(z)$. The Jacobian of $p$ is $J = \operatorname{diag}(p) - pp^T$.", ["follows"]),
    (r"Let $p = \operatorname{softmax}(z)$. The Jacobian of $p$ is $J = \operatorname{diag}(p) + pp^T$.", ["does not follow"]),
    (r"Let $f(x) = Ax + \sin(Bx)$. The Jacobian is $A + \operatorname{diag}(\cos(Bx))B$.", ["follows"])])
def test_derivatives_beside_the_words_for_them_are_claims(text: str, wanted: list[str]) -> None:
    assert marks(text) == wanted


@pytest.mark.parametrize(("right", "wrong"), [
    (r"The gradient is $2X^T(Xw-y)$.", r"The gradient is $X^T(Xw-y)$."),
    (r"The normal equations are $X^TXw = X^Ty$.", r"The normal equations are $X^TXw = 2X^Ty$."),
    (r"Setting the gradient to zero gives $2X^T(Xw-y) = 0$, hence $w = (X^TX)^{-1}X^Ty$.",
     r"Setting the gradient to zero gives $2X^T(Xw-y) = 0$, hence $w = 2(X^TX)^{-1}X^Ty$.")])
def test_what_is_minimised_needs_no_name(right: str, wrong: str) -> None:
    above = r"We minimise $\|Xw-y\|^2$ over $w$. "
    assert set(marks(above + right)) <= {"given", "follows"} and marks(above + wrong)[-1] == "does not follow"
    assert "does not follow" not in marks(r"We minimise $\|Xw-y\|^2$. Let $g(w) = w^Tw$. The gradient is $2w$.")
