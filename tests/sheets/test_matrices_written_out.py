"""Matrices written out, layouts that a sheet shows, names that nothing ties to the rest."""

from __future__ import annotations

import pytest

from matcalc.sheets.statements.display import sheet
from matcalc.sheets.marking.mark import Marker

HEAD = r"Let $A \in \mathbb{R}^{n\times n}$, $b, x \in \mathbb{R}^n$, $B\in\mathbb{R}^{m\times n}$, $C\in\mathbb{R}^{m\times m}$. "
CHAIN = r"""Let $W \in \mathbb{R}^{m\times n}$, $x \in \mathbb{R}^n$.
\begin{align} z &= Wx \\ f &= z^Tz \\ \frac{\partial f}{\partial x} &= \frac{\partial f}{\partial z}\frac{\partial z}{\partial x} \\ """


def marks(text):
    return [m.mark for m in Marker(sheet(text)).run().marks]


@pytest.mark.parametrize(("display", "wanted"), [
    (r"$$g=\begin{pmatrix} x \\ 1 \end{pmatrix}^\top \begin{bmatrix} A & b \\ b^T & 1 \end{bmatrix} \begin{pmatrix} x \\ 1 \end{pmatrix}$$"
     r"$$\nabla_x g = (A + A^\top) x + 2 b$$", ["given", "follows"]),
    (r"$$A x + 2b = \begin{bmatrix} A & 2b \end{bmatrix} \left[\begin{array}{c} x \\ 1 \end{array}\right]$$", ["follows"]),
    (r"$$A x + 2b = \begin{bmatrix} A & b \end{bmatrix} \begin{bmatrix} x \\ 1 \end{bmatrix}$$", ["does not follow"]),
    (r"$$\det \begin{pmatrix} A & 0 \\ B & C \end{pmatrix} = \det(A) \det(C)$$", ["follows"]),
    (r"$$\begin{pmatrix} I & 0 \\ B & C \end{pmatrix} \begin{pmatrix} I & 0 \\ -C^{-1}B & C^{-1} \end{pmatrix} = I$$", ["follows"]),
    (r"$$\begin{vmatrix} 1 & 2 \\ 3 & 4\end{vmatrix} = 2$$", ["does not follow"]),
    (r"$$A = \begin{bmatrix} A & b \\ b \end{bmatrix}$$", ["not read"])])
def test_matrices_written_out_are_blocks(display: str, wanted: list[str]) -> None:
    assert marks(HEAD + display) == wanted


@pytest.mark.parametrize(("last", "wanted"), [(r"&= 2z^TW \end{align}", "follows"), (r"&= 2z^T W^T \end{align}", "does not follow")])
def test_a_chain_rule_shows_the_layout_though_a_line_is_wrong(last: str, wanted: str) -> None:
    found = Marker(sheet(CHAIN + last)).run()
    assert (found.layout, [m.mark for m in found.marks]) == ("numerator", ["given", "given", "follows", wanted])


def test_a_name_that_nothing_uses_is_likened_to_a_gradient() -> None:
    text = "X in R^(m,n), w in R^n, y in R^m\nf = norm2(X*w-y)^2\nh = 2*X'*(X*w-y)\nk = 2*X'*(X*w+y)\nl = X'*X*w"
    found = Marker(sheet(text)).run().marks
    assert {m.mark for m in found} == {"not judged"}
    assert [m.reason and m.reason.kind for m in found[1:]] == ["likened", "nearly", "unused"]


def test_where_names_a_part_of_the_line_above() -> None:
    text = HEAD + r"$$ f = x^\top A x,\quad \nabla_x f = (A + A^\top) x, \quad \text{where } (A + A^\top) x = %s $$"
    assert marks(text % "g")[-1] == "given"
    assert marks(text.replace(r"(A + A^\top) x = %s", "A x = %s") % "g")[-1] == "not judged"
