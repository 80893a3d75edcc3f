"""Hand derivations: a student's usual mistakes and their right twins, and everything matcalc itself exports."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest

from matcalc import api, library
from matcalc.sheets.statements.display import sheet
from matcalc.sheets.marking.mark import Marker
from matcalc.sheets.parts.marks import Marked
from matcalc.sheets.page import as_data, page
from matcalc.language.shape import InputError
from tests.parts import one_in
from tests.solved import answer, answers, problems

SHEETS = Path(__file__).parent / "files"

# the line that does not follow, words of the diagnosis, words of what would have followed
WRONG = {
    "chain-rule-order.wrong.mc": (7, "order", "A'*B'"),
    "cross-entropy.wrong.md": (10, "sign", "-(y - s)'*d(z)"),
    "d-of-transpose.wrong.mc": (5, "transpose", "tr("),
    "det-factor.wrong.mc": (2, "det(X) is missing", "det(X)*tr(inv(X)*d(X))"),
    "diag-hadamard.wrong.mc": (6, "wrong kind of product", ""),
    "forgot-transpose.wrong.mc": (8, "missing transpose", "2*X'*(X*w - y)"),
    "half-factor.wrong.md": (8, "factor 2", "X'*(X*w - y)"),
    "inverse-sign.wrong.tex": (6, "sign", "-a'*inv(X)*d(X)*inv(X)*b"),
    "logdet.wrong.mc": (2, "transpose", "inv(X)'"),
    "mean-factor.wrong.mc": (7, "1/n", "2*X'*(X*w - y)/n"),
    "missing-term.wrong.mc": (2, "X'*d(X) is missing", "X'*d(X) + d(X)'*X"),
    "product-rule-order.wrong.mc": (4, "order", "A*d(B) + d(A)*B"),
    "quadratic-form.wrong.tex": (6, "symmetri", "(A + A')*x"),
    "regulariser-sign.wrong.tex": (7, "sign", "2*lambda*w"),
    "softmax-jacobian.wrong.md": (5, "-s*s' is missing", "diag(s) - s*s'"),
    "trace-cycled.wrong.md": (7, "order", "tr(A'*A*d(X)*B)"),
}


def marked(text: str) -> Marked:
    return Marker(sheet(text)).run()


@pytest.mark.parametrize("name", WRONG)
def test_a_mistake_is_found_where_it_is(name: str) -> None:
    line, said, would = WRONG[name]
    found = marked((SHEETS / name).read_text("utf-8"))
    wrong = [m for m in found.marks if m.mark == "does not follow"]
    assert [m.number for m in wrong] == [line], [(m.number, m.text, m.mark) for m in found.marks]
    assert said in wrong[0].diagnosis
    assert would in wrong[0].would
    assert wrong[0].verdict is not None and wrong[0].verdict.witness


@pytest.mark.parametrize("name", WRONG)
def test_its_right_twin_follows(name: str) -> None:
    found = marked((SHEETS / name.replace(".wrong.", ".right.")).read_text("utf-8"))
    assert {m.mark for m in found.marks} <= {"follows", "given"}


def test_every_sheet_has_its_expectation() -> None:
    assert {p.name for p in SHEETS.glob("*.wrong.*")} == set(WRONG)


@pytest.mark.thin(16)
@pytest.mark.parametrize("name", [n for n in library.names() if "/" not in n][::one_in(2)])
def test_what_is_exported_is_read_back_and_follows(name: str, tally: dict[str, Counter[str]]) -> None:
    for _, d in answers(name):
        for text in (d.latex(),) if len(name) % 2 else (d.markdown(),):
            found = marked(text)
            assert {m.mark for m in found.marks} <= {"follows", "given"}, page(found, lambda w, n: w.ljust(n))
            tally["exported lines"].update(m.mark for m in found.marks)
            steps = text.count(" && \\text{")
            assert steps <= sum(m.mark == "follows" for m in found.marks)
            assert not any(m.name in ("f", "s") for m in found.inferred)


def test_a_latex_document_too() -> None:
    d = answer("cross-entropy-weights", 0)
    assert {m.mark for m in marked(d.latex(document=True)).marks} == {"follows"}


def test_rules_are_named() -> None:
    text = ("A in R^(n,n)\nx in R^n\nf = x'*A*x\ndf = dx'*A*x + x'*A*dx\nd(exp(x)) = exp(x).*dx\nd(inv(A)) = -inv(A)*dA*inv(A)\n"
            "d(A*x) = dA*x + A*dx\nd(det(A)) = det(A)*tr(inv(A)*dA)\nsum(softmax(x)) = 1\nd(A') = dA'\n")
    rules = [m.rule.split(",")[0] for m in marked(text).marks]
    assert rules == ["", "d.product", "d.exp", "d.inverse", "d.product", "d.det", "tidy.sum-softmax", "d.transpose"] or \
        rules[2:] == ["d.exp", "d.inverse", "d.product", "d.det", "tidy.sum-softmax", "d.transpose"]


def test_after_a_slip_the_right_line_counts() -> None:
    found = marked("x in R^n\nA in R^(n,n)\nd(x'*A*x)/d(x) = (A + A')*x\n= 2*A*x\n= A*x + A'*x\n")
    assert [m.mark for m in found.marks] == ["follows", "does not follow", "follows"]
    assert found.marks[-1].after == 3


def test_constants_are_named() -> None:
    found = marked("x in R^n\nA in R^(n,n)\nd(x'*A*x) = dx'*A*x + x'*A*dx\n")
    assert found.constant == ("A",)
    assert marked("A in R^(n,n)\nB in R^(n,n)\nd(A*B) = dA*B + A*dB\n").constant == ()


@pytest.mark.slow
def test_what_is_undecided_neither_follows_nor_fails() -> None:
    text = "x in R^n\nassume sum(x.^4) = -1\nx = 2*x\n= 3*x\n"
    found = marked(text)
    assert found.worst == "undecided"


@pytest.mark.slow
def test_page_fits_and_data_parses() -> None:
    for name in WRONG:
        found = marked((SHEETS / name).read_text("utf-8"))
        lines = page(found, lambda w, n: w.ljust(n)).splitlines()
        assert max(map(len, lines)) <= 80, name
        assert json.loads(as_data(found))["first_wrong"] == WRONG[name][0]


BAD = {
    "": "nothing to check", "# only this\n": "no equality", "Dear teacher,\nmy dog ate it.\n": "no equality",
    "x'*x\n": "nothing to check", "It costs $5 or $7.\n": "nothing to check",
    "\\begin{align}\nx &= y\n": "not ended", "x\n\\end{align}": "no \\begin before", "$$ x = y": "not closed",
    "```\nx = y\n": "fenced", "x = \0\n": "NUL",
}
UNREADABLE = {
    "x = y = \n": "missing", "= x\n": "nothing above", "$$ x^{2 = y $$": "brace", "$$ x = \\left( y $$": "no \\right",
    "$$ x = \\foo{y} $$": "\\foo", "$$ f = \\sum_{i<j} i x_i $$": "an index used as a number cannot be read: i",
    "$$ x \\approx y $$": "not an equality",
    "x = " + "x+" * 120_000 + "x": "200000", "$$ x = " + "(" * 5_000 + "x $$": "nested", "x in R^n\nx'*x = (x\n": "not closed",
    "x in R^n\nd(foo(x)) = x\n": "unknown function", "$$ A = \\begin{pmatrix} 1 & 2 \\\\ 3 \\end{pmatrix} $$": "different lengths",
    "$$ f = \\int x^2 dx $$": "integral",
}


@pytest.mark.parametrize("text", UNREADABLE)
def test_a_formula_alone_that_is_not_read_is_a_mark(text: str) -> None:
    found = marked(text)
    assert [m.mark for m in found.marks] == ["not read"]
    assert found.marks[0].error is not None and UNREADABLE[text] in found.marks[0].error.message


@pytest.mark.parametrize("text", BAD)
def test_bad_sheets_are_refused_by_name(text: str) -> None:
    with pytest.raises(InputError, match=".") as e:
        marked(text)
    assert BAD[text] in e.value.message, e.value.message


@pytest.mark.parametrize(("text", "line", "column"), [("a\n\\begin{align}\n", 2, 1)])
def test_errors_stand_where_they_are(text: str, line: int, column: int) -> None:
    with pytest.raises(InputError) as e:
        marked(text)
    assert e.value.line == line and e.value.column is not None
    assert e.value.source is not None and column <= e.value.column <= len(e.value.source) + 2


@pytest.mark.parametrize(("text", "line", "column", "others"), [
    ("# t\n\n$$\n\\begin{aligned}\nx &= y \\\\\n &= \\foo\n\\end{aligned}\n$$\n", 6, 5, ["given"]),
    ("x in R^n\nx'*x = x'*x\n= x'*\n= sum(x.^2)\n", 3, 4, ["follows", "follows"]),
    ("x in R^n\nx'*x = x'*(x\n", 2, 4, []),
    ("define a = b\ndefine b = a\nx in R^n\nx'*x = sum(x.^2)\n", 2, 5, ["follows"]),
    ("x in R^n\nf = foo(x)\nd(f)/d(x) = x\nx'*x = sum(x.^2)\n", 2, 5, ["not judged", "follows"]),
    ("$x\\in\\mathbb{R}^n$\n\\[ f = \\int x \\]\n\\[ x^\\top x = \\|x\\|^2 \\]\n", 2, 8, ["follows"])])
def test_one_line_that_cannot_be_read_keeps_no_other_from_being_judged(text: str, line: int, column: int, others: list[str]) -> None:
    marks = marked(text).marks
    unread = [m for m in marks if m.mark == "not read"]
    assert [m.number for m in unread] == [line] and unread[0].error is not None
    assert unread[0].error.column is not None and abs(unread[0].error.column - column) <= 4
    assert [m.mark for m in marks if m.mark != "not read"] == others


@pytest.mark.parametrize("text", ["x in R^n\r\nx'*x = sum(x.*x)\r\n= sum(x.^2)\r\n", "\ufeffx in R^n\nx'*x = sum(x.*x)\n",
                                  "x in R^n\nx'*x == sum(x.*x) == sum(x.^2)\n", "x ∈ R^n\nxᵀ*x = sum(x⊙x)\n"])
def test_ways_to_write_lines(text: str) -> None:
    assert {m.mark for m in marked(text).marks} <= {"follows", "given"}


def test_the_formulas_of_a_paper_are_marked() -> None:
    text = r"""Let $A \in \mathbb{R}^{n\times n}$ be symmetric and $b\in\mathbb{R}^n$.
\begin{align}
f(x) &= \tfrac12 x^\top A x - b^\top x \label{f} \\
\nabla f(x) &= \tfrac12 (A + A^\top) x - b \\
  &= A x - b .
\end{align}
\[ \frac{d}{dx} \log(\mathbf{1}^T e^{x}) = \frac{e^x}{\mathbf{1}^T e^x} = \mathrm{softmax}(x) \]
\[ \frac{\partial \log|\det X|}{\partial X} = X^{-T} \]
\[ \frac{\partial \|Bx - c\|_2^2}{\partial x} = 2B^T(Bx-c) \qquad \text{(least squares)} \]
\[ \nabla_X \mathrm{Tr}(X^T A X) = AX + A^TX \]
\[ \frac{\mathrm d\, \sigma(x)}{\mathrm d x} = \mathrm{diag}(\sigma(x) \odot (1 - \sigma(x))) \]"""
    assert {m.mark for m in marked(text).marks} <= {"follows", "given"}


@pytest.mark.thin(4)
@pytest.mark.parametrize("layout", ["numerator", "mixed"])
@pytest.mark.parametrize("name", ["sum-exp", "softmax-jacobian", "cross-entropy-weights", "least-squares-hessian"])
def test_other_layouts_are_read_back(name: str, layout: str) -> None:
    d = api.solve(problems(name)[0], layout=layout)
    for text in (d.latex(), d.markdown()):
        assert {m.mark for m in marked(text).marks} <= {"follows", "given"}


def test_what_is_right_in_another_layout_only() -> None:
    assert marked("layout numerator\nA in R^(m,n)\nx in R^n\nd(A*x)/d(x) = A\n").worst == "follows"
    assert marked("A in R^(m,n)\nx in R^n\nd(A*x)/d(x) = A\n").worst == "does not follow"
    assert marked(r"$A\in\mathbb{R}^{m\times n}$ $$ \frac{\partial Ax}{\partial x} = A $$").worst == "follows if"
    assert marked(r"$A\in\mathbb{R}^{n\times n}$ $$ \frac{\partial Ax}{\partial x} = A $$").worst == "follows if"
    assert marked(r"$A\in\mathbb{R}^{n\times n}$ $$ \frac{\partial Ax}{\partial x} = 2A $$").worst == "does not follow"
    assert marked(r"$A\in\mathbb{R}^{n\times n}$ $$ \frac{\partial\log\det A}{\partial A} = A^{-1} $$").worst == "does not follow"
    assert marked(r"$A\in\mathbb{R}^{n\times n}$ $$ \frac{\partial Ax}{\partial x} = A $$"
                  r"$$ \frac{\partial A^\top x}{\partial x} = A $$").worst == "does not follow"


@pytest.mark.thin(8)
@pytest.mark.parametrize("name", [n for n in library.names() if "/" not in n][::3])
def test_a_changed_line_is_the_one_that_is_marked(name: str, tally: dict[str, Counter[str]]) -> None:
    """The signs and transposes of one exported line are changed; no change that matters passes."""
    text = answer(name, 0).latex().splitlines()
    rows = [i for i, line in enumerate(text) if " &= " in line]
    for i in rows[1::one_in(9)]:
        changed = [*text[:i], text[i].replace(" &= ", " &= 2\\,", 1) if " + " not in text[i] and " - " not in text[i]
                   else text[i].replace(" + ", " - ", 1) if " + " in text[i] else text[i].replace(" - ", " + ", 1), *text[i + 1:]]
        found = marked("\n".join(changed))
        wrong = [m.number for m in found.marks if m.mark == "does not follow"]
        tally["changed lines of exports"].update({"changed": 1, "marked": wrong[:1] == [i + 1]})
        assert wrong[:1] == [i + 1], (name, text[i], changed[i])
