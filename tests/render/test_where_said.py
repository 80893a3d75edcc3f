"""What a verdict needs is said wherever the verdict or its answer stands, and nothing that cannot fail."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from matcalc import api
from matcalc.batches.lines import answer
from matcalc.commands.cli import cli
from matcalc.sheets.statements.display import sheet
from matcalc.sheets.marking.mark import Marker
from matcalc.sheets.page import as_data, page

GRAM = ("det(X*X')", "X", ["X in R^(m,n)"])


@pytest.mark.parametrize(("form", "words"), [
    ("text", "where X Xᵀ is invertible"), ("markdown", r"where $X\,X^{\top}$ is invertible"),
    ("latex", r"\text{where $X\,X^{\top}$ is invertible}"), ("html", "is invertible"), ("json", '"X*X\' invertible"'),
    ("sympy", "# Where X*X' is invertible.")])
def test_the_derivation_says_where_it_holds(form: str, words: str) -> None:
    done = CliRunner().invoke(cli, ["derive", GRAM[0], "--wrt", "X", "--declare", GRAM[2][0], "--format", form])
    assert done.exit_code == 0 and words in done.output


@pytest.mark.parametrize("form", ["numpy", "torch", "jax"])
def test_code_says_where_it_holds(form: str) -> None:
    """What divides by a determinant says so; an adjugate divides by nothing, and the code holds for singular matrices too."""
    declared = ["--wrt", "X", "--declare", GRAM[2][0], "--format", form]
    assert "Where X*X' is invertible." in CliRunner().invoke(cli, ["derive", "logdet(X*X')", *declared]).output
    smooth = CliRunner().invoke(cli, ["derive", GRAM[0], *declared]).output
    assert "_adj(X @ X.T)" in smooth and "Where" not in smooth


def test_batch_says_it_of_every_verdict() -> None:
    asked = {"declare": GRAM[2], "expr": GRAM[0], "wrt": "X"}
    own = json.loads(answer(json.dumps(asked)))
    assert own["conditions"] == ["X*X' invertible"] and "_adj(X @ X.T)" in own["numpy"] and own["inferred"] == []
    claimed = json.loads(answer(json.dumps({**asked, "claim": "2*det(X*X')*inv(X*X')*X"})))
    assert claimed["claim_verdict"] == "proved" and claimed["claim_conditions"] == ["X*X' invertible"]
    proved = json.loads(answer(json.dumps({"prove": "inv(A)*A*x == x"})))
    assert proved["conditions"] == ["A invertible"] and len(proved["inferred"]) == 2


@pytest.mark.parametrize(("expr", "wrt", "declare"), [
    ("x'*A*x", "x", ["x in R^n"]), ("softmax(x)", "x", ["x in R^n"]), ("logdet(P)", "P", ["P in R^(n,n) spd"]),
    ("log(x)", "x", ["x in R positive"]),
    ("sum(sqrt(exp(x)))", "x", ["x in R^n"]), ("norm2(x)^2", "x", ["x in R^n"])])
def test_what_cannot_fail_is_not_said(expr: str, wrt: str, declare: list[str]) -> None:
    d = api.derive(expr, wrt, declare)
    assert d.verdict.conditions == () and "where" not in d.text().split("Proved")[1] and "Where" not in d.numpy()


@pytest.mark.parametrize(("text", "declare", "needed"), [
    ("tan(x)*cos(x) == sin(x)", ["x in R"], ["cos(x) != 0"]), ("arcsin(x) + arccos(x) == pi/2", ["x in R"], ["-1 <= x <= 1"]),
    ("log1p(x) == log(1 + x)", ["x in R"], ["x > -1"]), ("sin(arcsin(x)) == x", ["x in R"], ["-1 <= x <= 1"]),
    ("d(arcsin(x))/d(x) == 1/sqrt(1 - x^2)", ["x in R"], ["-1 < x < 1"]), ("d(sqrt(x))/d(x) == 1/(2*sqrt(x))", ["x in R"], ["x > 0"]),
    ("relu(x) + relu(-x) == abs(x)", ["x in R"], []), ("logdet(A) == logdet(A')", ["A in R^(n,n)"], ["A invertible"])])
def test_conditions_come_from_the_table(text: str, declare: list[str], needed: list[str]) -> None:
    v = api.prove(text, declare)
    assert v.kind in ("proved", "checked") and list(v.conditions) == needed


def test_a_condition_is_said_once_whatever_names_it_has() -> None:
    d = api.derive("log(a + (y - m)'*inv(A)*(y - m))", "A", ["A in R^(n,n) spd", "y, m in R^n", "a in R"], ["w = y - m"])
    assert [str(c) for c in d.verdict.conditions] == ["(y - m)'*inv(A)*(y - m) + a > 0"]


def test_an_agreement_has_its_conditions_too() -> None:
    v = api.prove("inv(A)*expm(A) == expm(A)*inv(A) + 0*expm(A)*A", ["A in R^(n,n)"])
    assert v.kind in ("proved", "checked") and "A invertible" in v.conditions


def test_a_sheet_says_them_once_at_its_end() -> None:
    marked = Marker(sheet("inv(A)*A*x = x\n= x + 0*x\n")).run()
    said = page(marked, lambda word, width=0: word.ljust(width))
    assert said.endswith("Every line follows. Where A is invertible.") and said.count("invertible") == 1
    assert json.loads(as_data(marked))["lines"][-2]["verdict"]["conditions"] == ["A invertible"]


def test_a_relation_is_drawn_as_mathematics() -> None:
    done = CliRunner().invoke(cli, ["prove", "arcsin(x) + arccos(x) == pi/2", "--declare", "x in R", "--format", "latex"])
    assert r"where $-1 \leq x \leq 1$" in done.output
