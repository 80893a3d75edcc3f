"""The reasons beside the lines: the words mathematicians use, true ones, and what the references stand for."""

from __future__ import annotations

import json
import re

import pytest
from click.testing import CliRunner

from matcalc import api
from matcalc.commands.cli import cli
from matcalc.render.reasons import CALLED
from matcalc.rulebook.book import PROGRAMS, RULES
from matcalc.rulebook.normal import BY_NAME
from matcalc.rulebook.book import sources


def page(*args: str) -> str:
    done = CliRunner().invoke(cli, list(args))
    assert done.exit_code == 0, done.output
    return done.output


def test_every_rule_has_words() -> None:
    assert set(CALLED) == set(PROGRAMS)
    for row in (*RULES.values(), *BY_NAME.values()):
        assert row.called and row.called.isascii() and "." not in row.called and row.called != row.name, row.name


@pytest.mark.parametrize(("expr", "declare", "reasons"), [
    ("tr(A*X*B)", "A in R^(p,m)", ["the differential is linear", "the trace is cyclic  MCB (16)"]),
    ("x'*A*x", "A in R^(n,n)", ["product rule  MCB (37)", "a scalar is its own transpose  MCB (13)"]),
    ("norm2(A*x - b)^2", "A in R^(m,n)", ["the differential is linear"]), ("norm2(x - b)^2", "b in R^n", ["constant term  MCB (35)"]),
    ("norm2(x)^2 + x'*A*x", "A in R^(n,n)", ["sum rule  MCB (35)"]),
    ("det(X)", "X in R^(n,n)", ["Jacobi's formula  MCB (42)"]),
    ("c*sum(X)^2", "X in R^(m,n)", ["constant factor  nndl B.15", "power rule", "a sum is a trace with ones  nndl B.10"])])
def test_a_line_has_its_reason_in_words(expr: str, declare: str, reasons: list[str]) -> None:
    text = api.derive(expr, "x" if "x" in expr else "X", [declare]).text(120)
    for reason in reasons:
        assert reason in text, text
    assert not any(name in text for name in RULES)


def test_symmetry_is_declared_only_where_it_was() -> None:
    text = api.derive("logdet(S)", "X", ["X in R^(m,n)"], ["S = X*X'"]).text()
    assert "symmetry\n" in text and "declared" not in text
    assert "symmetry of A" in api.derive("x'*A*x", "x", ["A in R^(n,n) symmetric"]).text()


@pytest.mark.parametrize("form", ["text", "markdown", "html", "latex"])
def test_the_foot_says_what_the_references_are(form: str) -> None:
    shown = page("derive", "logdet(X)", "--wrt", "X", "--format", form, *(["--document"] if form == "latex" else []))
    assert "MCB: Petersen and Pedersen, The Matrix Cookbook" in shown and "nndl" not in shown
    assert "Petersen" not in page("derive", "logdet(X)", "--wrt", "X", "--detail", "brief")


def test_short_names_stay_for_machines() -> None:
    data = json.loads(page("derive", "x'*A*x", "--wrt", "x", "--format", "json"))
    assert {s["rule"] for s in data["steps"]} >= {"d.product", "trace.transpose"}
    assert page("rules", "d.det").startswith("d.det: Jacobi's formula") and "Petersen" in page("rules", "d.det")
    assert page("rules", "the trace is cyclic").startswith("trace.cycle") and "d.product" in page("rules", "product rule")


def test_every_numbered_reference_is_explained() -> None:
    for row in RULES.values():
        if re.search(r"\d\.\d|\(\d|[A-Z]\.\d", row.see):
            assert sources(row.see), row.see
