"""Lines with three free indices: what holds for every vector in the place of one of them holds for every index."""

from __future__ import annotations

import pytest

from matcalc.sheets.statements.display import sheet
from matcalc.sheets.marking.mark import Marker

HEAD = r"Let $z, x \in \mathbb{R}^n$, $s = \operatorname{softmax}(z)$, $W \in \mathbb{R}^{m\times n}$, $B \in \mathbb{R}^{n\times n}$. "
HESSIAN = r"\frac{\partial^2 s_i}{\partial z_j \partial z_k} = s_i(\delta_{ij}-s_j)(\delta_{ik}-s_k) - s_i s_j"


@pytest.mark.parametrize(("right", "wrong"), [
    (HESSIAN + r"(\delta_{jk} - s_k)", HESSIAN + r"\delta_{jk}"),
    (r"\frac{\partial (x_i x_j)}{\partial x_k} = \delta_{ik} x_j + x_i\delta_{jk}",
     r"\frac{\partial (x_i x_j)}{\partial x_k} = \delta_{ik} x_j"),
    (r"\frac{\partial (Wx)_i}{\partial W_{jk}} = \delta_{ij} x_k", r"\frac{\partial (Wx)_i}{\partial W_{jk}} = \delta_{ij} x_k + x_k"),
    (r"W_{ij} B_{jk} x_k = x_k B_{jk} W_{ij}", r"W_{ij} B_{jk} x_k = x_j B_{jk} W_{ij}"),
    (r"\frac{\partial}{\partial x_k} W_{ij} x_j = W_{ij} \delta_{jk} \\ &= \delta_{jk} W_{ij}",
     r"\frac{\partial}{\partial x_k} W_{ij} x_j = W_{ij} \delta_{jk} \\ &= 2 \delta_{jk} W_{ij}")])
def test_three_free_indices_are_judged(right: str, wrong: str) -> None:
    for text, wanted in ((right, "follows"), (wrong, "does not follow")):
        assert Marker(sheet(HEAD + r"\begin{align} " + text + r" \end{align}")).run().marks[-1].mark == wanted, text
