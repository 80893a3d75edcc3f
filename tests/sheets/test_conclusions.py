"""A last line that says what a name above is equal to is no definition of it, chooses no size, and is not counted as following."""

from __future__ import annotations

import pytest

import matcalc as mc

from matcalc.sheets.marking.mark import Marker
from matcalc.sheets.statements.display import sheet as read
from matcalc.sheets.statements.plain_text import plain_text
from matcalc.sheets.statements.sheet import Sheet


def marks(text: str) -> tuple[list[str], list[str]]:
    sheet = Sheet()
    plain_text(sheet, text)
    found = Marker(sheet).run()
    return [m.mark for m in found.marks], list(map(str, found.inferred))


@pytest.mark.parametrize("text", [
    "f = norm2(X*w-y)^2\nf = (X*w-y)'*(X*w-y)\nw = inv(X'*X)*X'*y",
    "f = norm2(X*w-y)^2\nf = (X*w-y)'*(X*w-y)\nw = 5*inv(X'*X)*y'*X",
    "X in R^(m,n), y in R^m\nf = norm2(X*w-y)^2\nf = (X*w-y)'*(X*w-y)\nw = 5*inv(X'*X)*X'*y",
    "f = (y-a*x)'*(y-a*x)\nf = y'*y - 2*a*x'*y + a^2*x'*x\na = x'*y/(x'*x)"])
def test_a_conclusion_is_not_judged(text: str) -> None:
    found, inferred = marks(text)
    assert found == ["given", "follows", "not judged"]
    assert not inferred or "X in R^n" not in inferred


@pytest.mark.parametrize(("text", "last"), [
    ("f = norm2(r)^2\nd(f)/d(x) = 2*A'*r\nr = A*x-b", ["follows", "given"]),
    ("f = norm2(r)^2\nd(f)/d(x) = 2*A'*(A*x-b)\nr = A*x-b", ["follows", "given"]),
    ("f = norm2(r)^2\nd(f)/d(x) = A'*(A*x-b)\nr = A*x-b", ["does not follow", "given"]),
    ("f = norm2(X*w-y)^2\nd(f)/d(w) = 0\nw = inv(X'*X)*y'*X", ["given", "does not follow"])])
def test_what_a_line_above_rests_on_is_a_definition(text: str, last: list[str]) -> None:
    assert marks(text)[0] == ["given", *last]


LEAST_SQUARES = ("Let $f(x) = \\frac12\\|Ax-b\\|^2$ with $A\\in\\mathbb{R}^{m\\times n}$, $b\\in\\mathbb{R}^m$ and "
                 "$x\\in\\mathbb{R}^n$.\n\n$$\\nabla f(x) = A^\\top(Ax-b)$$\n\n")


@pytest.mark.parametrize(("said", "worst"), [
    (r"Therefore the minimiser is $(AA^\top)^{-1}A^\top b$.", "does not follow"),
    (r"Differentiating again gives $A^\top A$ and $AA^\top$.", "not judged"),
    (r"so the optimal value is $\frac12 b^\top b$.", "does not follow"),
    (r"The trace of the Hessian of $f$ is $\|A\|_F^2$.", "follows"),
    (r"The Lipschitz constant of the gradient is $\|A^\top A\|$.", "not judged"),
    (r"The Newton direction is $-(A^\top A)^{-1}A^\top(Ax+b)$.", "not judged"),
    (r"Its Hessian with respect to $x$ is $A$.", "does not follow"),
    (r"Since the matrix $A^\top A$ is invertible, $f$ is convex.", "follows")])
def test_a_formula_of_which_a_sentence_claims_something_is_judged_or_passed_over(said: str, worst: str) -> None:
    assert Marker(read(LEAST_SQUARES + said)).run().worst == worst


def test_an_extremum_is_said_to_be_judged_by_its_gradient() -> None:
    text = "Let $f(x) = \\frac12\\|Ax-b\\|^2$.\n\n$$\\nabla f(x) = A^\\top(Ax-b)$$\n\nThe {} is $(A^\\top A)^{{-1}}A^\\top b$.\n"
    told = [mc.check(text.format(word)).text().splitlines()[:3] for word in ("maximiser", "minimiser", "stationary point")]
    wanted = "a minimum or a maximum is judged as a point where the gradient is 0"
    assert [any(wanted in row for row in rows) for rows in told] == [True, True, False]


def test_hessian_before_a_function_is_its_hessian() -> None:
    text = "f(x) = log(sum(exp(x)))\nhessian f(x) = diag(softmax(x)) {} softmax(x)*softmax(x)'\nThe gradient of f(x) = softmax(x)\n"
    assert [[m.mark for m in mc.check(text.format(sign)).marks[1:]] for sign in "-+"] == [
        ["follows", "follows"], ["does not follow", "follows"]]
