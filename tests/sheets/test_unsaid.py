"""Published LaTeX: spellings that are read, and right lines that rest on what nobody said, which are not marked wrong."""

from __future__ import annotations

import pytest

from matcalc.sheets.statements.display import sheet
from matcalc.sheets.marking.mark import Marker



def marks(text: str) -> list[str]:
    """The marks of a text."""
    return [m.mark for m in Marker(sheet(text)).run().marks]


LOSS = r"Let $X \in \mathbb{R}^{m\times n}$, $w \in \mathbb{R}^n$, $y \in \mathbb{R}^m$. $$f = \|Xw-y\|^2$$ "


@pytest.mark.parametrize("text", [
    r"$${\bf v}^T_1{\bf v}_1 = \|{\bf v}_1\|^2$$",
    r"$$\|Aq\|^2 = q^⊤A^⊤Aq$$",
    r"$$\frac{\partial}{\partial x}\sum^n_{i=1}x_i^2 = 2x$$",
    r"$$2\mathrm{tr}(A) = \mathrm{tr}(A) + 1Tr(A)$$",
    r"Let $S \in \mathbb{R}^{n\times n}$. $$\log\frac{|I|}{|S|} = -\log|S|$$"])
def test_a_spelling_is_read(text: str) -> None:
    assert marks(text)[-1] == "follows"


@pytest.mark.parametrize("text", [
    r"$$\phi = \log\det X = \mathrm{tr}(\log(X))$$",
    r"$$\|Az-B\|_F^2 = \mathrm{tr}(z A^\top A z - 2 z B^\top A + B^\top B)$$",
    r"We have $r_i = x_i - \mu$ for columns $x_i$. $$\frac{d}{dx}\ln(ax) = \frac{1}{ax}a$$",
    r"$$\frac{\partial \hat{p}_i}{\partial z_i} = \hat{p}_i(1 - \hat{p}_i)$$",
    r"$$D\mathcal{L} = \mathrm{tr}(2X^\top DX)$$",
    LOSS + r"We expand it around $$w$$ next.",
    r"$$z = x \cdot w + b$$ $$a = g(z)$$",
    r"$$C = \sum_{u,i} c_{ui}(p_{ui} - x_u^\top y_i)^2$$ $$x_u = (Y^\top C^u Y)^{-1}Y^\top C^u p(u)$$",
    r"$$\mathbb{K}(\theta) \ne 0 \Rightarrow A^\top A v = \lambda v$$"])
def test_what_rests_on_what_nobody_said_is_not_marked_wrong(text: str) -> None:
    assert "does not follow" not in marks(text)


@pytest.mark.parametrize("text", [
    LOSS + r"$$\nabla_w f = 2X(Xw-y)$$",
    r"Let $f(w) = \|Xw-y\|^2$. $$\nabla f(w) = 2(Xw-y)X^\top$$",
    r"$$f(x) = x^\top Ax$$ $$df = (A + A^\top)x$$",
    r"Let $f = x^\top A x$. $$df = 3x^\top(A + A^\top)dx$$"])
def test_what_definitions_say_is_held_against_a_line(text: str) -> None:
    assert marks(text)[-1] == "does not follow"


def test_a_name_at_the_end_is_given_to_what_stands_before_it() -> None:
    assert marks(LOSS + r"$$\nabla_w f = 2X^\top(Xw-y) := g$$ $$w^\top g = 2w^\top X^\top(Xw-y)$$")[-2:] == ["follows", "follows"]
    assert marks(LOSS + r"$$\nabla_w f = 3X^\top(Xw-y) := g$$")[-1] == "does not follow"


def test_the_identity_is_not_defined() -> None:
    assert marks(r"$$u = x - a$$ $$\frac{\partial u}{\partial x} = I$$")[-1] == "follows"
    assert marks(r"$$u = 2x - a$$ $$\frac{\partial u}{\partial x} = I$$")[-1] == "does not follow"


@pytest.mark.parametrize(("text", "wanted"), [
    (r"$$x = \begin{bmatrix} x_1 \\ \vdots \\ x_n \end{bmatrix}$$ $$f = \sum_i x_i^2$$ $$\nabla f = \begin{bmatrix} "
     r"\frac{\partial f}{\partial x_1} \\ \vdots \\ \frac{\partial f}{\partial x_n} \end{bmatrix} = 2x$$",
     ["given", "given", "follows", "follows"]),
    (r"Let $q\in\mathbb{R}^n$. $$g = \begin{pmatrix} e^{q_1} \\ e^{q_2} \\ \vdots \\ e^{q_n} \end{pmatrix}$$ $$g = \exp(q)$$",
     ["given", "follows"]),
    (r"Let $q\in\mathbb{R}^n$. $$g = \begin{pmatrix} e^{q_1} \\ e^{q_2} \\ \vdots \\ e^{q_n} \end{pmatrix}$$ "
     r"$$g = 2\exp(q)$$",
     ["given", "does not follow"]),
    (r"$$B = \begin{bmatrix} - b_1^\top - \\ \vdots \\ - b_m^\top - \end{bmatrix}$$ "
     r"$$f = \sum_{i=1}^m (b_i^\top v - c_i)^2$$ $$f = \|Bv-c\|^2$$",
     ["given", "given", "follows"]),
    (r"Let $v\in\mathbb{R}^n$ and $s = \mathrm{softmax}(v)$. $$\frac{\partial s}{\partial v} = \begin{bmatrix} "
     r"\frac{\partial s_1}{\partial v_1} & \cdots & \frac{\partial s_1}{\partial v_n} \\ \vdots & \ddots & \vdots \\ "
     r"\frac{\partial s_n}{\partial v_1} & \cdots & \frac{\partial s_n}{\partial v_n} \end{bmatrix}$$ $$\frac{\partial s}{\partial v} = "
     r"\operatorname{diag}(s) - ss^\top$$", ["given", "follows"]),
    (r"$$\begin{bmatrix} a_1 \\ \vdots \\ b_n \end{bmatrix} = c$$ $$f = \|c\|^2$$", ["not read", "given"]),
    (r"Let $M \in \mathbb{R}^{2\times 2}$ be $$M = \begin{bmatrix} m_{11} & m_{12} \\ m_{21} & m_{22} \end{bmatrix}.$$ Let $f(M) = "
     r"m_{11} + m_{12}^2$. $$\nabla_M f(M) = \begin{bmatrix} 1 & 2m_{12} \\ 0 & 0 \end{bmatrix}$$", ["given", "follows"])])
def test_matrices_with_dots(text: str, wanted: list[str]) -> None:
    assert marks(text) == wanted


@pytest.mark.parametrize(("text", "last"), [
    (r"$$h_\theta(x) = \theta^\top x$$ $$J = \frac{1}{2m}\sum_{i=1}^m (h_\theta(x^{(i)}) - y^{(i)})^2$$ "
     r"$$J = \frac{1}{2m}(X\theta - y)^\top(X\theta - y)$$", "follows"),
    (r"$$h_\theta(x) = \theta^\top x$$ $$J = \frac{1}{2m}\sum_{i=1}^m (h_\theta(x^{(i)}) - y^{(i)})^2$$ "
     r"$$J = \frac{1}{m}(X\theta - y)^\top(X\theta - y)$$", "does not follow"),
    (r"$$J = \frac{1}{2m}\sum_{i=1}^m (g_\theta(x^{(i)}) - y^{(i)})^2$$", "not read")])
def test_a_function_of_a_point_is_one_of_each_sample(text: str, last: str) -> None:
    assert marks(text)[-1] == last


@pytest.mark.parametrize("text", [
    r"$$(\mathbf{K}\mathbf{K}^{-1})' = \mathbf{K}'\mathbf{K}^{-1} + \mathbf{K}(\mathbf{K}^{-1})'$$",
    r"$$\partial_t M^{-1} = -M^{-1}\partial_t M M^{-1}$$",
    r"$$f = \frac{1}{2}\|v\|^2$$ $$\frac{\partial f}{\partial q} = Q^\top v$$",
    r"$$R = -\frac1n\sum_i (t_i\log s_i + (1-t_i)\log(1-s_i)) + \frac{c}{2}\|v\|^2$$ $$\nabla_v R = \frac1n Q^\top(s - t) + cv$$",
    r"$$dh(E) = -A^{-1}EA^{-1}$$", r"$$d(g^2)(X) = 2A^\top(AX-B)$$",
    r"$$L = (Y - X\beta)^\top(Y - X\beta)$$ $$\frac{\partial L}{\partial\beta} = -2X^\top(Y - X\beta)$$",
    r"$$v_{ij}^{(t+1)} = v_{ij}^{(t)} - \eta\frac{\partial E}{\partial v_{ij}}$$",
    r"$$L = w^\top \Sigma w - c(\mathbf{1}^\top w - 1)$$ $$\frac{\partial L}{\partial w} = 2\Sigma w - c\mathbf{1} = 0 "
    r"\implies w = \frac c2 \Sigma^{-1}\mathbf{1}$$"])
def test_what_a_sheet_leaves_unsaid_is_not_held_against_it(text: str) -> None:
    assert "does not follow" not in marks(text)


def test_a_letter_with_a_prime_may_be_a_name_in_bold() -> None:
    text = r"$$\mathbf{u} = \mathbf{A}\mathbf{v}$$ $$\mathbf{v}' = \tanh(\mathbf{u})$$ " \
           r"$$\frac{\partial L}{\partial\mathbf{u}} = \frac{\partial L}{\partial\mathbf{v}'}\odot(1-\tanh^2(\mathbf{u}))$$"
    assert marks(text) == ["given", "given", "follows"]


def test_a_network_of_one_neuron_is_one_of_numbers() -> None:
    forward = r"$$C(\dots) = (a - y)^2$$ $$z = wh + b$$ $$a = \sigma(z)$$ "
    assert marks(forward + r"$$\frac{\partial a}{\partial z} = \sigma'(z)$$ $$\frac{\partial C}{\partial w} = 2(a - y)\sigma'(z)h$$") == \
        ["given", "given", "given", "follows", "follows"]
    assert marks(forward + r"$$\frac{\partial C}{\partial w} = 2(a - y)h$$")[-1] == "does not follow"
    loss = r"$$E = -[t\log q + (1-t)\log(1-q)]$$ "
    assert marks(loss + r"$$\frac{\partial E}{\partial q} = -\frac{t}{q} + \frac{1-t}{1-q}$$")[-1] == "follows"
    assert marks(loss + r"$$\frac{\partial E}{\partial q} = -\frac{t}{q} - \frac{1-t}{1-q}$$")[-1] == "does not follow"


def test_d_of_a_name_is_a_gradient_where_the_sheet_says_so() -> None:
    text = r"Let $x, b, g \in \mathbb{R}^n$ and $y = g \odot x + b$. $$\frac{\partial L}{\partial b} = \frac{\partial L}{\partial y}" \
           r"\odot\operatorname{diag}(\frac{\partial y}{\partial b}) = dy$$ $$dx = dy \odot g$$ "
    assert marks(text + r"$$dg = dy \odot x$$") == ["follows"] * 4
    assert marks(text + r"$$dg = dy \odot b$$")[-1] == "does not follow"


def test_indices_of_a_layer_are_read_on_both_sides_of_its_number() -> None:
    text = r"$$z_j^{l+1} = \sum_i v_{ji}^{l+1}a_i^l + b_j^{l+1}$$ "
    assert marks(text + r"$$z^{l+1} = v^{l+1}a^l + b^{l+1}$$") == ["given", "follows"]
    assert "does not follow" not in marks(text + r"$$\delta_j^l = \sum_k \delta_k^{l+1}v_{kj}^{l+1}\sigma'(z_j^l)$$")


@pytest.mark.parametrize(("text", "last"), [
    (r"Let $S\in\mathbb{R}^{n\times n}$. Then $\partial \operatorname{tr}(S^\top S)/\partial S_{ij} = 2S_{ij}$.", "follows"),
    (r"Let $S\in\mathbb{R}^{n\times n}$. Then $\partial \operatorname{tr}(S^\top S)/\partial S_{ij} = 3S_{ij}$.", "does not follow"),
    (r"Let $v\in\mathbb{R}^n$, $f = v^\top v$. $$\partial^2 f/\partial v\partial v^\top = 2I$$", "follows"),
    (r"$$H^\top = (X(X^\top X)^{-1}X^\top)^\top$$", "not judged"),
    (r"$$Xq = r$$ $$L = \|r - y\|^2 = (r-y)^\top(r-y)$$", "follows")])
def test_derivatives_with_a_slash_and_equations_of_unknown_names(text: str, last: str) -> None:
    assert marks(text)[-1] == last


@pytest.mark.slow
def test_a_number_that_nothing_speaks_of_is_said_and_not_held_against_a_line() -> None:
    text = r"""The softmax function is $S_i = \frac{e^{a_i}}{\sum_{k=1}^N e^{a_k}}$. For $i=j$:
$$\frac{\partial S_i}{\partial a_i} = \frac{e^{a_i}\Sigma - e^{a_i}e^{a_i}}{\Sigma^2} = S_i(1-S_i)$$ For $i\ne j$:
$$\frac{\partial S_i}{\partial a_j} = \frac{0 - e^{a_j}e^{a_i}}{\Sigma^2} = -S_jS_i$$"""
    assert marks(text) == ["given", "not judged", "follows", "not judged", "follows"]
    assert marks(text.replace("-S_jS_i", "-2S_jS_i"))[-1] == "does not follow"
    assert marks(text.replace("S_i(1-S_i)", "S_i(2-S_i)"))[2] == "does not follow"


@pytest.mark.parametrize(("text", "right", "wrong", "found"), [
    (r"Let $P \in \mathbb{R}^{m\times n}$ and $Q \in \mathbb{R}^{n\times m}$." "\n\n" r"Let $P$ and $Q$ be of one size. "
     r"$$\|P - Q\|_F^2 = \mathrm{tr}(P^\top P) OP 2\,\mathrm{tr}(P^\top Q) + \mathrm{tr}(Q^\top Q)$$", "-", "+", "does not follow"),
    (r"Let $R = (r_{ij})$. $$d(R^2) = OP$$", r"R\,dR + dR\,R", r"2R\,dR", "does not follow"),
    (r"Let $K(s)$ be invertible. $$\frac{d}{ds}K^{-1}(s) = OP K^{-1}(s)\frac{dK(s)}{ds}K^{-1}(s)$$", "-", "", "does not follow"),
    (r"$$g = \sum_i (w^\top z_i)^2$$ The $z_i$ are the columns of $Z$. $$\nabla g = 2OP w$$", "ZZ^\\top", "Z^\\top Z", "does not follow"),
    (r"$$g = \sum_i (w^\top z_i)^2$$ $$\nabla g = 2\sum_i (w^\top z_i) z_i$$ $$\nabla g = 2OP w$$", "Z^\\top Z", "ZZ^\\top", "not judged"),
    (r"$$1 = \kappa\rho$$ $$d\kappa = OP\kappa^2 d\rho$$", "-", "3", "not judged"),
    (r"For small $e$ we neglect the last term: $$(a+e)^\top(a+e) = a^\top a + OPa^\top e$$", "2", "3", "does not follow")])
def test_what_a_text_says_elsewhere_counts(text: str, right: str, wrong: str, found: str) -> None:
    """The wrong one is so in every reading, but where nobody says whether x_i are rows, or an equation may be what is wrong."""
    assert marks(text.replace("OP", right))[-1] == ("not judged" if "neglect" in text else "follows")
    assert marks(text.replace("OP", wrong))[-1] == found
