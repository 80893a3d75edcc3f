"""An operator reaches over the whole product behind it; a named scalar stands by itself before what is transposed or no scalar."""

from __future__ import annotations

import pytest

from matcalc.sheets.statements.display import sheet
from matcalc.sheets.marking.mark import Marker
from matcalc.sheets.parts.marks import Marked


def marked(text: str) -> Marked:
    return Marker(sheet(text)).run()


@pytest.mark.parametrize(("text", "mark", "read"), [
    (r"\nabla_x x^\top A x = A x", "does not follow", "d(x'*A*x)/d(x)"),
    (r"\nabla_x x^\top A x = (A+A^\top) x", "follows", "d(x'*A*x)/d(x)"),
    (r"\nabla_x x^\top x = x", "does not follow", "d(x'*x)/d(x)"), (r"\nabla_x x^\top x = 2x", "follows", "d(x'*x)/d(x)"),
    (r"\nabla_x \frac12 x^\top x = x", "follows", "d(1/2*x'*x)/d(x)"), (r"\nabla_x a^\top x = a", "follows", "d(a'*x)/d(x)"),
    (r"\nabla_x 3 x^\top x + a^\top a x = 6x + a^\top a x", "follows", "d(3*x'*x)/d(x)"),
    (r"\nabla_x (a^\top x)(b^\top x) = a (b^\top x)", "not judged", "the derivative of (a'*x)*(b'*x)"),
    (r"\frac{\partial}{\partial x} x^\top x = x", "does not follow", None),
    (r"\frac{d}{dx} a^\top (x \odot x) = 2 a \odot x", "follows", None),
    (r"\frac{\partial}{\partial x} x \odot x = 2x", "does not follow", None),
    (r"\partial_x x^\top A x = Ax", "does not follow", "d(x'*A*x)/d(x)")])
def test_an_operator_reaches_over_the_product(text: str, mark: str, read: str | None) -> None:
    found = marked(f"$$ {text} $$")
    assert [m.mark for m in found.marks] == [mark], found.marks
    assert [d.reading for d in found.doubts] == ([read] if read else [])


@pytest.mark.parametrize("text", [
    r"$$f(x) = x^\top A x$$ $$\nabla f(x)^\top h = x^\top(A+A^\top)h$$", r"$$f = x^\top x$$ $$x - \eta \nabla_x f = x - 2\eta x$$",
    r"$$ z = Wx$$ $$ a = \sigma(z) $$ $$ \delta = \nabla_a L \odot \sigma'(z) $$ $$ \nabla_W L = \delta x^\top $$",
    r"$$f = x^\top x$$ $$g=a^\top x$$ $$\nabla_x f g = 2 g x + f a$$"])
def test_a_scalar_with_a_name(text: str) -> None:
    assert {m.mark for m in marked(text).marks} == {"given", "follows"}
