"""The manual is what the tables say, and its examples are read."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from matcalc.commands.cli import cli
from matcalc.language.operations import OPERATIONS, STRUCTURE_WORDS
from matcalc.reading.declarations.declare import declarations
from matcalc.reading.parse import parse_file, problem
from matcalc.render import manual

DOCS = Path(__file__).parent.parent / "docs"


@pytest.mark.parametrize(("name", "topic"), [("language.md", "language"), ("layouts.md", "layout")])
def test_the_documents_are_current(name: str, topic: str) -> None:
    """Written anew by `matcalc help language > docs/language.md`, `matcalc help layout > docs/layouts.md`."""
    shown = CliRunner().invoke(cli, ["help", topic]).output
    assert (DOCS / name).read_text("utf-8") == shown


def test_every_row_has_its_words() -> None:
    assert all(row.words for row in OPERATIONS) and set(manual.STRUCTURE) == STRUCTURE_WORDS


def test_the_examples_are_read() -> None:
    for text, _ in (*manual.OPERATORS, *manual.CONSTANTS, *((a, c) for a, _, c in manual.PLACES)):
        text = re.sub(r"\bm\b", "n", text)
        for part in [text] if "(" in text else text.split(", "):
            assert problem(["A in R^(n,n)", "B in R^(n,n)", "x in R^n", "c in R"], expr=part).f is not None, part
    for _, also, _ in manual.PLACES:
        for part in re.findall("`([^`]+)`", also):
            assert problem(["A in R^(5,5)", "B in R^(5,5)", "x in R^5"], expr=f"{part}*(x @ x)" if "[1" in part else part).f is not None
    for text, _ in manual.DECLARED:
        assert problem([text], expr="2").variables
    for text, same in manual.SAID:
        one, two = (declarations(lines) for lines in ([text], [same]))
        assert (one.names, one.shapes, one.words) == (two.names, two.shapes, two.words) != ({}, {}, {}), text
    for _, text, reading, _ in manual.DIALECTS:
        assert problem(["A in R^(n,n)", "x in R^n", "b in R^n"], expr=text).read == (reading,)
    seen = 0
    for text in re.findall(r"^\| `([^`]+\([^`]*\))` \|", manual.functions(), re.M):
        seen += 1
        assert problem(expr=text).f is not None, text
    assert seen > 60
    below = "x, y, v in R^n\nA in R^(n,n)\n{}\nderive x'*A*y wrt x"
    for text, _ in manual.ASKED:
        first = text.split()[0]
        assert parse_file(text if first in ("derive", "prove") else f"derive x'*x wrt x\n{text}" if first == "expect" else
                          "W in R^(n,m)\n" + below.format(text)), text


def test_short_options_and_formulas_that_look_like_them() -> None:
    run = CliRunner().invoke
    assert "∂f/∂x" in run(cli, ["derive", "x'*A*x", "-w", "x", "-d", "A in R^(n,n)"]).output
    assert "∂f/∂w" in run(cli, ["derive", "-w", "--wrt", "w"]).output and "∂f/∂d" in run(cli, ["derive", "--wrt", "d", "-d"]).output
    assert "may be given only once" in run(cli, ["derive", "x", "-w", "x", "--order", "1", "--order", "2"]).output
