"""The Matrix Cookbook, chapter 2: every equation that can be said is proved for every size, and the page is what was found."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest

TOP = Path(__file__).parents[2]
sys.path.insert(0, str(TOP / "tools"))
import scoreboard  # noqa: E402

ROWS = scoreboard.rows()
SAID = [r for r in ROWS if "prove" in r or "expr" in r]


def test_every_equation_is_there() -> None:
    assert [r["eq"] for r in ROWS] == list(range(33, 145))
    assert len(SAID) >= 105


@pytest.mark.parametrize("row", SAID, ids=lambda r: str(r["eq"]))
def test_proved(row: dict[str, Any]) -> None:
    for v in scoreboard.verdicts(row):
        assert v.kind == "proved", (row["eq"], v)


@pytest.mark.parametrize("row", [r for r in SAID if r["form"] == "corrected"], ids=lambda r: str(r["eq"]))
def test_errata_are_refuted_with_numbers(row: dict[str, Any]) -> None:
    for text, v in scoreboard.printed(row):
        assert v.kind == "refuted", text
        assert abs(v.witness["left"] - v.witness["right"]) > 1e-6


def test_the_errata() -> None:
    assert [r["eq"] for r in SAID if r["form"] == "corrected"] == [92, 95, 127]


def test_the_page() -> None:
    assert scoreboard.page() == (TOP / "derivations" / "cookbook.md").read_text("utf-8")
