"""Functions that a sheet declares: of matrices, of numbers, with Jacobians, composed, and losses that are never applied."""

from __future__ import annotations

import pytest

from matcalc.sheets.statements.display import sheet
from matcalc.sheets.marking.mark import Marker

VECTORS = r"Let $F: \mathbb{R}^n \to \mathbb{R}^m$, $y\in\mathbb{R}^m$ and $g(x) = \frac12 \|F(x) - y\|^2$. $$\nabla g(x) = %s$$"


def marks(text: str) -> list[str]:
    return [m.mark for m in Marker(sheet(text)).run().marks]


@pytest.mark.parametrize(("text", "wanted"), [
    ("f: R^(m,n) -> R\nA in R^(k,m)\nY in R^(k,n)\ng = f(A'*Y)\nd(g)/d(Y) = A*grad(f)(A'*Y)\nd(g)/d(Y) = A'*grad(f)(A'*Y)",
     ["given", "follows", "does not follow"]),
    (r"Let $f, g: \mathbb{R}^n \mapsto \mathbb{R}$, $x\in\mathbb{R}^n$. $$ q(x) = f(x) / g(x) $$"
     r"$$ \nabla q(x) = \frac{g(x)\nabla f(x) - f(x)\nabla g(x)}{g(x)^2} $$", ["given", "follows"]),
    (VECTORS % r"J_F(x)^\top (F(x) - y)", ["follows"]),
    (VECTORS % r"DF(x)^\top (F(x) - y)", ["follows"]),
    (VECTORS % r"F'(x)^\top (F(x) - y)", ["follows"]),
    (VECTORS % r"J_F(x) (F(x) - y)", ["does not follow"]),
    (r"Let $f:\mathbb{R}^n\to\mathbb{R}$ and $g: \mathbb{R}^m \to \mathbb{R}^n$. For $h = f \circ g$, "
     r"$$\nabla h(u) = J_g(u)^\top \nabla f(g(u))$$",
     ["follows"]),
    (r"Let $K: \mathbb{R} \to \mathbb{R}^{n\times n}$. $$L(\theta) = \log |K(\theta)|$$"
     r"$$\frac{dL}{d\theta} = \operatorname{tr}(K(\theta)^{-1} \frac{dK}{d\theta}) = \operatorname{tr}(\frac{dK}{d\theta})$$",
     ["given", "follows", "does not follow"]),
    (r"Let $f: \mathbb{R}^n \to \mathbb{R}$ and $x, d \in \mathbb{R}^n$. For $\phi(t) = f(x + t d)$, "
     r"$$\phi''(t) = d^\top \nabla^2 f(x + td) d$$",
     ["follows"]),
    (r"Suppose $L: \mathbb{R}^{m \times n} \to \mathbb{R}$ and $Z = XW$, $X\in\mathbb{R}^{m\times d}$, $W \in\mathbb{R}^{d\times n}$."
     r"$$G = \frac{\partial L}{\partial Z}$$ $$\frac{\partial L}{\partial W} = X^\top G$$ $$\frac{\partial L}{\partial X} = G^\top W$$",
     ["given", "follows", "does not follow"])])
def test_functions_that_are_declared(text: str, wanted: list[str]) -> None:
    assert marks(text) == wanted
