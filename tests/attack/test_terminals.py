"""What is printed where the terminal has few characters, and what an endless nest of brackets is."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

import matcalc as mc
from matcalc.sheets.parts.formula import outside


def printed(encoding: str, *asked: str) -> tuple[int, bytes, bytes]:
    found = subprocess.run([sys.executable, "-m", "matcalc", *asked], capture_output=True, env={**os.environ, "PYTHONIOENCODING": encoding})
    return found.returncode, found.stdout, found.stderr


@pytest.mark.slow
@pytest.mark.parametrize("encoding", ["ascii", "cp1252"])
def test_pages_are_written_or_refused_in_words(encoding: str) -> None:
    """A file for a browser says that it is UTF-8, so it is; Chinese cannot be printed there."""
    for form in ("html", "markdown", "latex", "numpy", "json"):
        code, page, errors = printed(encoding, "derive", "λ*x'*A*x", "--wrt", "x", "--format", form)
        assert (code, errors) == (0, b"") and page.decode("utf-8"), (form, errors)
    code, _, errors = printed(encoding, "derive", "x'*A*x", "--wrt", "x", "--lang", "zh")
    assert code == 2 and b"PYTHONIOENCODING" in errors and b"internal" not in errors
    assert printed(encoding, "derive", "x'*A*x", "--wrt", "x")[0] == 0


@pytest.mark.parametrize("nest", [r"\frac{1}{%s}", "{%s}", r"\sqrt{%s}", r"\left( {%s} \right)", "(%s)", "[%s]"])
def test_a_nest_without_end_is_one_formula_that_is_not_read(nest: str) -> None:
    deep = "x"
    for _ in range(400):
        deep = nest % deep
    marks = [m.mark for m in mc.check(f"$$f = x^\\top x$$\n$$g = {deep}$$\n$$\\nabla f = 2x$$").marks]
    assert (marks[0], marks[-1]) == ("given", "follows") and set(marks[1:-1]) <= {"not read"}


@pytest.mark.slow
def test_what_stands_outside_of_brackets_is_found_in_one_pass() -> None:
    nest = "(" * 20_000 + "x" + ")" * 20_000
    assert outside(f"a{nest} + [b(c)] = d)") == "a +  = d)"
    assert [m.mark for m in mc.check(f"x in R^n\nf = x'*x\ng = {nest}\nd(f)/d(x) = 2*x").marks] == ["given", "not read", "follows"]


def test_a_claim_with_a_power_of_python_is_asked_back_where_it_does_not_fit() -> None:
    for claim in ("x**2 == x*x", "x/(x**2 + 1) == x/(1 + x*x)", "sum(x**2*x) == sum(x**3)"):
        with pytest.raises(mc.InputError):
            mc.prove(claim, ["x in R^n"])
    assert mc.prove("x**2 == x.*x", ["x in R^n"]).kind == "proved"
    assert mc.prove("x.^2 == x*x", ["x in R^n"]).kind == "refuted"
