"""What a notebook shows: fragments of HTML that keep to themselves, Markdown, LaTeX; the magic of a cell."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import pytest

import matcalc as mc
from matcalc.render.html import SCOPED

ANSWER = mc.derive("x'*A*x", "x", ["A in R^(n,n)"])
THINGS = {"derivation": ANSWER, "gradients": mc.derive("tr(G'*X*W)", ["X", "W"], ["G in R^(m,k)", "X in R^(m,n)", "W in R^(n,k)"]),
          "steps": ANSWER.steps, "some steps": ANSWER.steps[1:3], "step": ANSWER.steps[0], "rule": mc.rules("d.inverse"),
          "rules": mc.rules("product rule"), "row": mc.rules("d.det")[0], "verdict": ANSWER.verdict, "refuted": mc.prove("x == 2*x")}


@pytest.mark.parametrize("name", THINGS)
def test_everything_shows_itself_in_a_notebook(name: str) -> None:
    thing = THINGS[name]
    page = thing._repr_html_()
    ElementTree.fromstring(page.replace("&emsp;", " "))
    assert page.startswith('<div class="matcalc">') and "<html" not in page and "<math" in page
    assert "$" in thing._repr_markdown_() or name == "refuted"
    if name not in ("verdict", "refuted"):
        assert thing._repr_latex_().startswith("$$\n") and r"\begin{aligned}" in thing._repr_latex_()


def test_the_style_of_a_fragment_is_for_itself() -> None:
    for selectors in re.findall(r"([^{}@]+)\{[^{}]*\}", SCOPED):
        assert all(s.strip().startswith(".matcalc") for s in selectors.split(",")), selectors
    assert ":root" not in SCOPED and SCOPED.count("@media") == 3


def test_what_is_shown_of_each() -> None:
    assert "differential of an inverse" in THINGS["rule"]._repr_markdown_() and "Matrix Cookbook" in THINGS["rule"]._repr_markdown_()
    assert "Refuted" in THINGS["refuted"]._repr_html_() and "<mtable>" in THINGS["refuted"]._repr_html_()
    assert repr(ANSWER.verdict).startswith("<Proved for every n") and repr(ANSWER.steps[0]).startswith("<step d.")
    assert len(ANSWER.steps[1:3]) == 2 and isinstance(ANSWER.steps[0], tuple)
    with pytest.raises(mc.InputError, match="no rule is called nonsense"):
        mc.rules("nonsense")


def test_the_magic_answers_a_cell() -> None:
    shell = pytest.importorskip("IPython.core.interactiveshell").InteractiveShell.instance()
    from IPython.core.error import UsageError
    from IPython.utils.capture import capture_output
    shell.run_line_magic("load_ext", "matcalc")
    with capture_output() as out:
        shell.run_cell_magic("matcalc", "found", "x in R^n\nderive x'*x wrt x\nprove x'*x == sum(x.^2)\nderive x'*y wrt x, y\n")
    assert len(out.outputs) == 3 and "An equation" in out.outputs[1].data["text/markdown"]
    assert str(shell.user_ns["found"]["y"]) == "x"
    for cell, said in (("derive f(x wrt x", "this bracket is not closed"), ("x in R^n", "no derive or prove line")):
        with pytest.raises(UsageError, match=said):
            shell.run_cell_magic("matcalc", "", cell)
