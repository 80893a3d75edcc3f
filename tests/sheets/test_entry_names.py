"""x_1 beside a declared x: an entry, where nothing on the sheet makes another thing of it."""

from __future__ import annotations

import pytest

from matcalc import api
from matcalc.language.shape import InputError
from matcalc.sheets.statements.display import sheet
from matcalc.sheets.marking.mark import Marker

X = r"Let $x, y \in \mathbb{R}^n$. "


@pytest.mark.parametrize(("text", "wanted"), [
    (X + r"$$f = x^\top x$$ $$\frac{\partial f}{\partial x_1} = 2 x_1$$", ["given", "follows"]),
    (X + r"$$f = x^\top x$$ $$\frac{\partial f}{\partial x_1} = x_1$$", ["given", "does not follow"]),
    (X + r"$$f = x_1^2 + x_2^2$$ $$\nabla f = 2 x$$", ["given", "does not follow"]),
    (r"Let $x \in \mathbb{R}^2$ and $f = x_1^2 x_2$. $$\nabla f = \begin{bmatrix} 2 x_1 x_2 \\ x_1^2 \end{bmatrix}$$", ["follows"]),
    (r"Let $x, y \in \mathbb{R}^2$. $$x^\top y = x_1 y_1 + x_2 y_2$$ $$x^\top y = x_1 y_1 + x_2 y_1$$", ["follows", "does not follow"]),
    (r"Let $A \in \mathbb{R}^{2 \times 2}$. $$\det A = a_{11} a_{22} - a_{12} a_{21} = A_{11} A_{22} - A_{12} A_{21}$$", ["follows"] * 2),
    (r"Let $W \in \mathbb{R}^{m \times n}$, $x \in \mathbb{R}^n$, $z = Wx$. $$\frac{\partial z_2}{\partial x_3} = W_{23}$$"
     r"$$\frac{\partial z_1}{\partial x} = W^\top e_1$$", ["follows", "follows"]),
    ("x in R^n\nf = x_1 + sum(x)\nd(f)/d(x) = ones(n)\nd(f)/d(x_2) = 1", ["given", "does not follow", "follows"])])
def test_an_entry_of_what_is_declared(text: str, wanted: list[str]) -> None:
    assert [m.mark for m in Marker(sheet(text)).run().marks] == wanted


@pytest.mark.parametrize("text", [
    X + r"$$f = x_1^\top x_2 + x^\top x$$ $$\nabla_{x_1} f = x_2$$",
    X + r"Let $x_1, x_2 \in \mathbb{R}^n$. $$f = x_1^\top x + x_2^\top x$$ $$\nabla_x f = x_1 + x_2$$",
    X + r"$$f = (x_1 - x_0)^2 + x^\top x$$ $$\nabla_x f = 2x$$"])
def test_a_name_of_its_own(text: str) -> None:
    assert [m.mark for m in Marker(sheet(text)).run().marks] == ["given", "follows"]


def test_elsewhere_both_readings_are_named() -> None:
    with pytest.raises(InputError, match=r"x_1 has two readings: an entry of x, x\(1\)"):
        api.derive("x_1^2 + x'*x", "x", x="R^n")
    assert str(api.derive("x_1'*x", "x", x="R^n").result) == "x_1"
