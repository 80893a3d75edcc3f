"""Lines with indices: entries, rows x_i of a matrix, sums over indices, Kronecker's delta, entries of gradients and Jacobians."""

from __future__ import annotations

import pytest

from matcalc.sheets.statements.display import sheet
from matcalc.sheets.marking.mark import Marker

SQUARE = r"Let $A\in\mathbb{R}^{n\times n}$, $x\in\mathbb{R}^n$, $f = x^\top A x$. "
SOFTMAX = r"Let $z, y\in\mathbb{R}^n$ and $s = \mathrm{softmax}(z)$. "
DATA = r"Let $X\in\mathbb{R}^{n\times d}$, $w\in\mathbb{R}^d$, $y\in\mathbb{R}^n$. $$L = \sum_{i=1}^n (x_i^T w - y_i)^2$$ "
LAYER = r"Let $z = Wx + b$ with $W\in\mathbb{R}^{m\times n}$, and $L = \sum_k \frac12 (\sigma(z_k) - t_k)^2$. " \
    r"$$\delta_k = (\sigma(z_k) - t_k)\sigma'(z_k)$$ "
THETA = r"$$J(\theta) = \frac{1}{2m}\sum_{i=1}^m (\theta^T x^{(i)} - y^{(i)})^2$$ "


def last(text: str) -> str:
    return Marker(sheet(text)).run().marks[-1].mark


@pytest.mark.parametrize(("text", "right", "wrong"), [
    (SQUARE + r"$$f = #$$", r"\sum_{i}\sum_j A_{ij} x_i x_j", r"\sum_{i,j} A_{ij} x_i^2 x_j"),
    (SQUARE + r"$$\frac{\partial f}{\partial x_k} = #$$", r"\sum_j (A_{kj}+A_{jk}) x_j", r"\sum_j (A_{kj}+A_{kj}) x_j"),
    (SQUARE + r"$$\frac{\partial f}{\partial x_k} = #$$", r"(Ax)_k + [A^\top x]_k", r"2(Ax)_k"),
    (SQUARE + r"$$\frac{\partial f}{\partial x_k} = #$$", r"\sum_{j} a_{kj} x_j + \sum_i a_{ik} x_i", r"\sum_{j} a_{kj} x_j"),
    (SQUARE + r"$$\frac{\partial^2 f}{\partial x_k\partial x_l} = #$$", r"A_{kl}+A_{lk}", r"2A_{kl}"),
    (SQUARE + r"$$\frac{\partial f}{\partial A_{ij}} = #$$", r"x_i x_j", r"x_i^2"),
    (SOFTMAX + r"$$\frac{\partial s_i}{\partial z_j} = #$$", r"s_i(\delta_{ij} - s_j)", r"s_i(\delta_{ij} + s_j)"),
    (SOFTMAX + r"$$\frac{\partial s_i}{\partial z_j} = #$$", r"\begin{cases} s_i(1-s_i) & \text{if } i=j\\ -s_is_j & i \ne j\end{cases}",
     r"\begin{cases} s_i(1-s_i) & i=j\\ s_is_j & \text{otherwise}\end{cases}"),
    (SOFTMAX + r"For $i = j$, $$\frac{\partial s_i}{\partial z_i} = #$$", r"s_i(1-s_i)", r"s_i(1+s_i)"),
    (SOFTMAX + r"For $i\ne j$, $$\frac{\partial s_i}{\partial z_j} = #$$", r"-s_is_j", r"s_is_j"),
    (SOFTMAX + r"Let $L = -\sum_i y_i \log s_i$. $$\frac{\partial L}{\partial z_j} = #$$",
     r"\sum_i \frac{\partial L}{\partial s_i}\frac{\partial s_i}{\partial z_j} = s_j \sum_i y_i - y_j", r"y_j - s_j\sum_i y_i"),
    (DATA + r"$$\nabla_w L = #$$", r"2\sum_i (x_i^T w - y_i)x_i", r"\sum_i (x_i^T w - y_i)x_i"),
    (DATA + r"$$\nabla_w L = #$$", r"2X^T(Xw - y)", r"2X(Xw - y)"),
    (DATA + r"$$\frac{\partial L}{\partial w_j} = #$$", r"2\sum_i (x_i^T w - y_i) x_{ij}", r"2\sum_i (x_i^T w - y_i)"),
    (LAYER + r"$$\frac{\partial L}{\partial W_{kj}} = #$$", r"\delta_k x_j", r"\delta_k"),
    (LAYER + r"$$\frac{\partial L}{\partial x_j} = #$$", r"\sum_k W_{kj}\delta_k", r"\sum_k W_{jk}\delta_k"),
    (THETA + r"$$\frac{\partial J}{\partial \theta_j} = #$$", r"\frac{1}{m}\sum_{i=1}^m (\theta^T x^{(i)} - y^{(i)})x_j^{(i)}",
     r"\frac{1}{2m}\sum_{i=1}^m (\theta^T x^{(i)} - y^{(i)})x_j^{(i)}"),
    (r"Let $x_1,\dots,x_n\in\mathbb{R}^d$ and $f(\mu) = \sum_i \|x_i - \mu\|^2$. $$\nabla_\mu f = #$$", r"-2\sum_i (x_i - \mu)",
     r"2\sum_i (x_i - \mu)"),
    (r"Let $A, B, X\in\mathbb{R}^{n\times n}$. $$f = \sum_i\sum_j\sum_k A_{ij}X_{jk}B_{ki}$$ $$\frac{\partial f}{\partial X_{jk}} = #$$",
     r"(BA)_{kj}", r"(AB)_{kj}"),
    (r"Let $h(x) = \sigma(\theta^T x)$. $$J(\theta) = -\sum_{i=1}^m \left[y^{(i)}\log h(x^{(i)}) + (1-y^{(i)})\log(1-h(x^{(i)}))\right]$$ "
     r"$$\frac{\partial J}{\partial\theta_j} = #$$", r"\sum_{i=1}^m (h(x^{(i)}) - y^{(i)})x_j^{(i)}",
     r"\sum_{i=1}^m (h(x^{(i)}) + y^{(i)})x_j^{(i)}"),
    (r"$J(\mu) = \sum_{i=1}^N\|x_i-\mu\|_2^2$. $$\frac{\partial J}{\partial\mu} = #$$", r"-2\sum_{i=1}^N(x_i-\mu)", r"\sum_i(x_i-\mu)"),
    (r"Let $Y = \mathrm{softmax}(Z)$, $P = \sigma(XW)$ with $X\in\mathbb{R}^{n\times d}$, $W\in\mathbb{R}^{d\times k}$. "
     r"$$L = -\sum_{ij}(Y_{ij}\log P_{ij} + (1-Y_{ij})\log(1-P_{ij}))$$ $$\frac{\partial L}{\partial W} = #$$", r"X^T(P-Y)", r"(P-Y)X^T"),
    (r"$$s_i = \frac{e^{z_i}}{\sum_k e^{z_k}}$$ $$\frac{\partial s_i}{\partial z_j} = #$$", r"s_i(\delta_{ij}-s_j)", r"s_i(1-s_j)")])
def test_a_line_with_indices(text: str, right: str, wrong: str) -> None:
    assert last(text.replace("#", right)) == "follows"
    assert last(text.replace("#", wrong)) == "does not follow"


def test_sums_over_fewer_pairs_are_other_sums() -> None:
    rest = r"$$\nabla f = (A + A^T)x$$ "
    assert last(SQUARE + rest + r"$$\frac{\partial f}{\partial x_k} = \sum_{j < k} A_{kj} x_j$$") == "does not follow"
    assert last(SQUARE + rest + r"$$f = \sum_{i<j} A_{ij} x_j$$") == "does not follow"


def test_a_matrix_that_is_only_guessed_is_not_held_against_a_line() -> None:
    text = r"$$L = \sum_{i=1}^n (x_i^T w - y_i)^2$$ $$\nabla_w L = #$$"
    assert last(text.replace("#", "2X^T(Xw - y)")) == "follows"
    assert last(text.replace("#", "2X(X^Tw - y)")) == "not judged"


@pytest.mark.parametrize(("text", "mark"), [(r"p - \mathbf 1", "follows"), (r"p + \mathbf 1", "does not follow")])
def test_a_declared_name_that_a_line_defines(text: str, mark: str) -> None:
    assert last(r"Let $p, y\in\mathbb{R}^n$, $X\in\mathbb{R}^{n\times d}$. $$p = \sigma(Xw)$$ $$L = -y^T \log p$$"
                rf"$$\nabla_w L = X^T(y \odot ({text}))$$") == mark


@pytest.mark.parametrize(("display", "wanted"), [
    (r"\sum_{i<j} (x_i - x_j)^2 = n x^\top x - (\mathbf 1^\top x)^2 = n x^\top x", ["follows", "does not follow"]),
    (r"\sum_{1 \le i < j \le n} x_i x_j = \sum_{i<j} x_j x_i", ["follows"]),
    (r"\sum_{i<j} A_{ij} x_i x_j = 2", ["not judged"]),
    (r"f = \sum_{i \ne j} x_i x_j \\ \frac{\partial f}{\partial x_k} = 2 \sum_{j\neq k} x_j = \sum_{j \ne k} x_j",
     ["given", "follows", "does not follow"]),
    (r"f = 2 \sum_{i<j} x_i x_j \\ \frac{\partial f}{\partial x_k} = 2 \sum_{j=1, j\neq k}^n x_j", ["given", "follows"]),
    (r"(Ax)_i = A_{ii} x_i + \sum_{j \ne i} A_{ij} x_j", ["follows"]),
    (r"(Ax)_i = A_{ii} + \sum_{j \ne i} A_{ij} x_j", ["does not follow"]),
    (r"\operatorname{tr}(A^2) = \sum_i A_{ii}^2 + \sum_{i \ne j} A_{ij} A_{ji} = \sum_i A_{ii}^2 + 2 \sum_{i < j} A_{ij} A_{ji}",
     ["follows", "follows"])])
def test_sums_over_pairs_of_indices(display: str, wanted: list[str]) -> None:
    text = r"Let $x \in \mathbb{R}^n$, $A \in \mathbb{R}^{n \times n}$. \begin{align} " + display + r"\end{align}"
    assert [m.mark for m in Marker(sheet(text)).run().marks] == wanted
