"""dW for the gradient of a loss, entries that may be meant by p_y, log p(x): what a backward pass is written in."""

from __future__ import annotations

import pytest

from matcalc.sheets.statements.display import sheet
from matcalc.sheets.marking.mark import Marker
from matcalc.sheets.parts.marks import Marked

LAYER = r"Forward: $Z = XW + \mathbf{1}b^\top$, $A = \sigma(Z)$, with upstream gradient $G = \frac{\partial L}{\partial A}$. "
ATTENTION = r"$$S = \frac{QK^\top}{\sqrt{d}}, \quad P = \mathrm{softmax}(S), \quad O = PV$$ Given $dO$, we have "
LINEAR = "X in R^(n,d)\nW in R^(d,k)\nZ = X*W\n"


def marked(text: str) -> Marked:
    return Marker(sheet(text)).run()


@pytest.mark.thin(3)
@pytest.mark.parametrize(("text", "marks"), [
    (LAYER + r"$$dZ = G \odot A \odot (1-A)$$ $$dW = X^\top dZ$$ $$db = dZ^\top \mathbf{1}$$ $$dX = dZ W$$",
     ["follows", "follows", "follows", "does not follow"]),
    (ATTENTION + r"$$dV = P^\top dO$$ $$dP = dO V^\top$$ $$dQ = \frac{1}{\sqrt d} dS K$$", ["follows", "follows", "follows"]),
    (LINEAR + "dW = X'*dZ\ndX = dZ*W'", ["follows", "follows"]), (LINEAR + "dW = X*dZ", ["does not follow"]),
    (LINEAR + "dW = X'*X*dW", ["not judged", "not judged"]), (LINEAR + "dZ = dX*W", ["follows if"]),
    (r"$$z = Wx, \quad L = \frac12\|z-y\|^2$$ $$dz = z-y$$ $$dW = dz\,x^\top$$", ["follows", "follows"])])
def test_the_differential_of_a_name_that_nothing_defines_is_a_gradient(text: str, marks: list[str]) -> None:
    assert [m.mark for m in marked(text).marks if m.mark != "given"] == marks


@pytest.mark.thin(3)
@pytest.mark.parametrize(("text", "mark"), [
    (r"$$p = \mathrm{softmax}(z)$$ Loss $L = -\log p_y$. $$\frac{\partial L}{\partial z} = p - y$$", "not judged"),
    (r"$$\log p(x) = - \frac12 (x-\mu)^\top (x-\mu) - \frac{d}{2}\log 2\pi$$ $$\nabla_\mu \log p(x) = x-\mu$$", "follows"),
    (r"$$\log p(x) = - \frac12 (x-\mu)^\top (x-\mu)$$ $$\nabla_x \log p(x) = x-\mu$$", "does not follow"),
    (r"Rayleigh quotient: $R(x) = \frac{x^\top A x}{x^\top x}$ for symmetric $A$. "
     r"$$\nabla R(x) = \frac{2}{x^\top x}(Ax - R(x)x)$$", "follows")])
def test_names_that_are_more_than_a_letter(text: str, mark: str) -> None:
    assert marked(text).marks[-1].mark == mark
