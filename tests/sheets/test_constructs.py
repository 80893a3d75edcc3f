"""LaTeX as people write it, one way of writing in each small sheet of constructs.jsonl, with the mark it must have.
All but those that stand alone are about the same declared names.

right: every line follows or is given; wrong: a line does not follow; depends: only under a condition; unread: refused by name;
open: not judged.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from matcalc.sheets.statements.display import sheet
from matcalc.sheets.marking.mark import Marker
from matcalc.sheets.parts.marks import Marked
from matcalc.sheets.page import as_data, page
from matcalc.reading.latex.formula import formula
from matcalc.reading.latex.names import Names
from matcalc.language.shape import InputError

GIVEN = "".join(f"% given: {text}\n" for text in (
    "X in R^(m,n)", "A in R^(n,n)", "B in R^(n,n)", "x in R^n", "a in R^n", "b in R^n", "c in R", "Y in R^(m,n)", "W in R^(k,n)",
    "S in R^(n,n) spd", "y in R^k simplex"))
ROWS = [json.loads(line) for line in (Path(__file__).parent / "constructs.jsonl").read_text("utf-8").splitlines()]


def marked(text: str) -> Marked:
    return Marker(sheet(text)).run()


def kind(found: Marked) -> str:
    marks = {m.mark for m in found.marks}
    return "right" if marks <= {"follows", "given"} else "wrong" if "does not follow" in marks else \
        "unread" if "not read" in marks else "depends" if "follows if" in marks else "open"


@pytest.mark.thin(12)
@pytest.mark.parametrize("row", ROWS, ids=[str(i) for i in range(len(ROWS))])
def test_each_way_of_writing(row: dict[str, str]) -> None:
    text = row["sheet"] if row.get("alone") else GIVEN + row["sheet"]
    try:
        found = marked(text)
    except InputError as e:
        assert row["mark"] == "unread" and row["says"] in e.message, e
        return
    shown = page(found, lambda word, width: word.ljust(width))
    assert kind(found) == row["mark"], f"{row['sheet']}\n{shown}"
    if row["mark"] == "unread":
        assert any(m.error is not None and row["says"] in m.error.message and m.error.column for m in found.marks), shown
    assert ("Every line follows." in shown) == (row["mark"] == "right")


@pytest.mark.parametrize(("text", "understood"), [
    (r"Let $A\in\mathbb{R}^{n\times n}$ be a symmetric matrix. \[ A = A^\top \]", ["A symmetric"]),
    (r"Let $A\in\mathbb{R}^{n\times n}$, not symmetric. \[ \operatorname{tr} A = \operatorname{tr} A^\top \]", []),
    (r"Let $A, B\in\mathbb{R}^{n\times n}$, where $B$ is fixed. \[ d(AB) = dA\,B \]", ["B is constant"])])
def test_what_is_understood_from_a_sentence_is_listed(text: str, understood: list[str]) -> None:
    data = json.loads(as_data(marked(text)))
    assert data["understood"] == understood and data["verdict"] == "follows"


@pytest.mark.parametrize(("text", "worst", "reason"), [
    ("A in R^(m,n)\nB in R^(n,k)\nF = A*B\ndF = A*dB\n", "follows if", "constant"),
    ("A in R^(m,n)\nB in R^(n,k)\nconstant A\nF = A*B\ndF = A*dB\n", "follows", None),
    ("A in R^(m,n)\nB in R^(n,k)\nF = A*B\ndF = A*dB\ndF = dA*B + A*dB\n", "follows if", "constant"),
    ("$$ f = \\|Xw-y\\|^2 $$ $$ \\nabla_w f = 2X^\\top(Xw-y) $$ $$ w = (X^\\top X)^{-1}X^\\top y $$", "not judged", "solved"),
    ("$S\\in\\mathbb{R}^{n\\times n}$ $$ S = S^\\top $$ $$ \\operatorname{tr} S = \\operatorname{tr} S^\\top $$", "not judged", "equation"),
    ("X in R^(n,n)\nw in R^n\nf = norm2(X*w)^2\ng = X*w\n", "not judged", "unused"),
    ("$$L(w,l) = w^\\top S w - l(w^\\top w - 1)$$ $$\\nabla_w L = (S+S^\\top)w - 2l w = 0$$ $$w^\\top S w = l$$",
     "not judged", "conditional"),
    ("W in R^(k,h)\nx in R^h\nz = W'*x\nf = sum(z)\nd(f)/d(x) = W*ones(k)\n", "does not follow", "tainted")])
def test_a_mark_has_its_reason(text: str, worst: str, reason: str | None) -> None:
    found = marked(text)
    assert found.worst == worst
    assert reason is None or reason in {m.reason.kind for m in found.marks if m.reason is not None}


def test_totals_and_follow_through() -> None:
    found = marked("x in R^n\nA in R^(n,n)\nd(x'*A*x)/d(x) = 2*A*x\n= A*x + A*x\nx'*x = foo(x)\n")
    assert dict(found.totals) == {"does not follow": 1, "follows": 1, "not read": 1}
    assert found.marks[1].through == 3
    assert "1 follow, 1 not following, 1 not read" in page(found, lambda word, width: word)


@pytest.mark.parametrize(("text", "read"), [
    (r"\operatorname{tr} A B", "tr(A*B)"), (r"\exp -x^\top x", "exp(-x'*x)"), (r"\log|A|", "logdet(A)"), (r"A:B", "tr((A)'*(B))"),
    (r"{a \over b}", "((a)/(b))"), (r"\|x\|^2_2", "(norm2(x))^(2)"), (r"x^{(2)}", "x_sup2"), (r"\mathbf 1_n", "ones(n)"),
    (r"\boxed{x}", "x"), (r"\frac{\partial f}{\partial x^\top}", "(d(f)/d(x))'"), (r"\sum_i x_i", None)])
def test_one_formula_is_read(text: str, read: str | None) -> None:
    names = Names()
    names.plain |= {"x", "A", "B", "f"}
    if read is None:
        with pytest.raises(InputError, match="sums over an index") as e:
            formula(text, names)
        assert e.value.column == 1
    else:
        assert formula(text, names).strip("()") == read.strip("()")
