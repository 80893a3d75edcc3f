"""Documents: several pages in one, a PDF where pdflatex is there, how LaTeX is set."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from matcalc import api
from matcalc.book import entries
from matcalc.language.shape import InputError
from matcalc.reading.parse import problem
from matcalc.render import equations, html, markdown, pdf, words
from matcalc.render.document import document

NO_PDFLATEX = shutil.which("pdflatex") is None
NO_CHINESE = NO_PDFLATEX or not all(subprocess.run(["kpsewhich", name], capture_output=True, check=False).stdout
                                    for name in ("CJKutf8.sty", "gbsnu4e.tfm"))
TWO = api.derive("x'*A*x", "x", ["A in R^(n,n)"])


def equation(text: str, **given: list[str]) -> str:
    p = problem(prove=text, **given)
    verdict, diagnosis = api.judge(p)
    return html.page(equations.story(p, verdict, diagnosis))


def test_several_pages_are_one_document() -> None:
    tex = document(TWO.story(), TWO.story())
    assert tex.count(r"\documentclass") == tex.count(r"\end{document}") == 1 and tex.count(r"\section*") == 2


@pytest.mark.skipif(NO_PDFLATEX, reason="pdflatex is not installed")
@pytest.mark.slow
def test_a_pdf_file_is_written(tmp_path: Path) -> None:
    TWO.pdf(str(tmp_path / "page.pdf"), style="bold")
    assert (tmp_path / "page.pdf").read_bytes().startswith(b"%PDF-")
    with pytest.raises(InputError, match="cannot write"):
        TWO.pdf(str(tmp_path / "nowhere" / "page.pdf"))
    with pytest.raises(InputError, match=r"pdflatex could not set page\.pdf: Undefined control sequence"):
        pdf.write(r"\documentclass{article}\begin{document}\nosuch\end{document}", "page.pdf")


@pytest.mark.parametrize("said", ["! LaTeX Error: File `CJKutf8.sty' not found.", "! Font C70/gbsn/m/n/11/45=gbsnu45 not loadable"])
def test_chinese_without_its_packages(said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fake = tmp_path / "pdflatex"
    fake.write_text(f"#!/bin/sh\ncat <<'END'\n{said}\nEND\nexit 1\n")
    fake.chmod(0o755)
    monkeypatch.setattr(shutil, "which", lambda name: str(fake))
    with pytest.raises(InputError, match=r"pdflatex could not set page\.pdf") as e:
        pdf.write("", "page.pdf")
    assert "apt install latex-cjk-chinese" in e.value.hint


@pytest.mark.skipif(NO_CHINESE, reason="the LaTeX packages for Chinese are not installed")
@pytest.mark.slow
def test_a_chinese_page_is_set(tmp_path: Path) -> None:
    with words.in_language("zh"):
        pdf.write(document(*entries.read("softmax-jacobian").stories), str(tmp_path / "page.pdf"))
    assert (tmp_path / "page.pdf").read_bytes()[:4] == b"%PDF"


def test_without_pdflatex_the_error_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(InputError, match=r"page\.pdf needs pdflatex, which is not installed") as e:
        TWO.pdf("page.pdf")
    assert "texlive-latex-base" in str(e.value) and "--format latex" in str(e.value)


@pytest.mark.parametrize(("style", "transpose", "shown"), [
    ("plain", "top", r"= (A + A^{\top})\,x"), ("bold", "T", r"= (\mathbf{A} + \mathbf{A}^{\mathsf{T}})\,\mathbf{x}"),
    ("plain", "prime", r"= (A + A^{\prime})\,x")])
def test_letters_and_transposes_are_set_in_the_style_asked_for(style: str, transpose: str, shown: str) -> None:
    assert shown in TWO.latex(style=style, transpose=transpose) and shown in TWO.markdown(style=style, transpose=transpose)
    assert r"(A + A^{\top})\,x" in TWO.latex(), "it holds for one page"


def test_bold_is_for_vectors_and_matrices() -> None:
    given = ["mu_1, rates in R^n", "Sigma in R^(n,n)", "c, lambda in R"]
    tex = api.derive("c*mu_1'*Sigma*x + lambda*sum(rates)*x'*x + tr(eye(n))", "x", given).latex(True, style="bold")
    assert r"\boldsymbol{\mu}_{1}" in tex and r"\boldsymbol{\Sigma}" in tex and r"\mathbf{rates}" in tex
    assert r"\mathbf{c}" not in tex and r"\boldsymbol{\lambda}" not in tex and r"\mathbf{x} \in \mathbb{R}^{n}" in tex


def test_an_unknown_style_is_refused() -> None:
    with pytest.raises(InputError, match="no style is called heavy"):
        TWO.latex(style="heavy")


def test_an_equation_has_a_page() -> None:
    good, bad = equation("d(x'*A*x)/d(x) == (A + A')*x"), equation("d(x'*A*x)/d(x) == 2*A*x")
    assert '<b class="Proved">' in good and "<mtable>" not in good
    assert '<b class="Refuted">' in bad and "<mo>≠</mo>" in bad and "<mtable>" in bad
    v = api.prove("x == 2*x")
    assert r"\neq" in document(equations.story(problem(prove="x == 2*x"), v))
    unfit = problem(["x in R^n"], prove="x == x'")
    page = markdown.page(equations.story(unfit, *api.judge(unfit)))
    assert page.startswith("## An equation") and "**Equation** x == x'" in page


def test_a_page_has_code_to_copy() -> None:
    page = TWO.html()
    assert page.count(html.COPY) == 2 and "<summary>NumPy</summary>" in page and "def grad(" in page
    assert "<summary>NumPy</summary>" not in TWO.fragment()
