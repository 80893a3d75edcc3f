"""What a sheet claims is judged or listed: derivatives in sentences, relations that are no equalities, lines below one that sets a
derivative to zero."""

from __future__ import annotations

import pytest

from matcalc.sheets.statements.display import sheet
from matcalc.sheets.marking.mark import Marker
from matcalc.sheets.parts.marks import Marked
from matcalc.sheets.page import page

F = "Let $f(x)=x^\\top x$. $$\\nabla_x f = 2x$$ "
ZERO = r"$$J=\|X\beta-y\|^2$$ $$\frac{\partial J}{\partial\beta}=2X^T(X\beta-y)=0$$ "


def marked(text: str) -> Marked:
    return Marker(sheet(text)).run()


@pytest.mark.parametrize(("text", "mark"), [
    (r"$$\frac{\partial J}{\partial\beta}=3X^T(X\beta-y)$$", "does not follow"), (r"$$dJ=5(X\beta-y)^TXd\beta$$", "does not follow"),
    (r"$$dJ=2(X\beta-y)^TXd\beta$$", "follows"), (r"$$\nabla^2_\beta J=3X^TX$$", "does not follow"),
    (r"$$X^TX\beta = X^Ty$$", "follows"),
    (r"$$\nabla_\beta (\beta^T\beta) = \nabla_\beta (y^T \beta)$$", "not judged")])
def test_only_what_may_be_a_consequence_is_excused_below_a_zero(text: str, mark: str) -> None:
    assert marked(ZERO + text).marks[-1].mark == mark


def test_what_a_derivative_must_be_is_no_line_of_the_chain_above() -> None:
    found = marked(r"$$f=9x^\top x$$ $$\nabla_x f \stackrel{!}{=} 18x$$ $$\nabla_x f = 17x$$")
    assert [m.mark for m in found.marks] == ["given", "given", "does not follow"]


@pytest.mark.parametrize(("text", "marks", "passed"), [
    ("The gradient of $f$ is $7x$.", ["does not follow"], 0), ("The gradient of $f(x)$ is given by $2x$.", ["follows"], 0),
    ("The Hessian of $f$ with respect to $x$ is then $2I$.", ["follows"], 0), ("The Hessian is $9I$.", ["does not follow"], 0),
    ("The gradient of $f$ is not $7x$.", [], 1), ("Then $\\nabla_x f \\neq 2x$, $\\nabla_x f \\propto x^2$.", [], 2)])
def test_a_claim_in_a_sentence_is_judged_or_listed(text: str, marks: list[str], passed: int) -> None:
    found = marked(F + text)
    assert [m.mark for m in found.marks][1:] == marks and len(found.passed) == passed
    shown = page(found, lambda word, width: word)
    assert ("Every line follows." in shown) == (not passed and "does not follow" not in marks)


def test_a_hypothesis_that_is_passed_over_is_no_claim() -> None:
    found = marked("Let $f(x)=x^\\top x$ with $x \\neq 0$ and $n \\ge 2$. Then $\\nabla_x f = 2x$.")
    assert found.worst == "follows" and len(found.passed) == 2
