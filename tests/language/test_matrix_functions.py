"""exp, log and sqrt go entry by entry: where a function of the matrix may be meant it is asked back, and the page says so."""

from __future__ import annotations

import pytest

import matcalc as mc
from matcalc.equation import Equation
from matcalc.reading.problems.from_lines import problem


@pytest.mark.parametrize("text", ["tr log A", r"\operatorname{tr}\log A", r"\mathrm{tr}(\exp(A))", "trace sqrt(A) + x^T x", "tr(log A)"])
def test_under_a_trace_it_is_asked_back(text: str) -> None:
    with pytest.raises(mc.InputError, match=r"two readings: of the matrix, tr\((logm|expm|sqrtm)\(A\)\), and entry by entry, tr\("):
        mc.derive(text, "A")


@pytest.mark.parametrize("text", ["tr(log(A))", "np.trace(np.log(A))", "np.log(A).trace()"])
def test_the_language_and_numpy_have_one_reading(text: str) -> None:
    found = mc.derive(text, "A")
    assert str(found.result) == "eye(n)./A" and found.verdict.kind == "proved"
    assert "log acts entry by entry, unlike the function logm of a matrix" in found.text(120)


def test_what_is_refuted_says_it() -> None:
    assert "exp acts entry by entry, unlike the function expm of a matrix." in page("exp(A + B) == exp(A)*exp(B)")
    assert "unlike" not in page("exp(x + y) == exp(x).*exp(y)") + mc.derive("sum(exp(X)*b)", "X").text(120)


def page(equation: str) -> str:
    """What is printed of an equation."""
    return Equation.judged(problem(prove=equation)).text(120)


@pytest.mark.parametrize(("text", "told"), [
    ("log(A)", True), ("exp(A)*x", True), ("x'*sqrt(A)*x", True), ("sum(exp(A))", False), ("A.*log(A)", False)])
def test_alone_and_as_a_factor_it_is_told_also_on_a_short_page(text: str, told: bool) -> None:
    found = mc.derive(text, "A", declare=["A in R^(n,n)", "x in R^n"])
    assert told == ("entry by entry, unlike the function" in found.text(120, detail="brief"))
