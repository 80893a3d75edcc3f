"""The Matrix Cookbook, chapter 2: every equation that can be said is proved for every size, and the page is what was found."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

TOP = Path(__file__).parents[2]
sys.path.insert(0, str(TOP / "tools"))
import scoreboard  # noqa: E402

ROWS = scoreboard.rows()
SAID = [r for r in ROWS if "prove" in r or "expr" in r]


@pytest.mark.slow
def test_every_equation_is_there(tally: Any) -> None:
    assert [r["eq"] for r in ROWS] == list(range(33, 145))
    for row in ROWS:
        tally["the Matrix Cookbook, chapter 2"]["proved for every size" if scoreboard.good(row) else row["form"]] += 1
    assert sum(scoreboard.good(r) for r in ROWS) == len(SAID) >= 105
    assert all(r["form"] in scoreboard.KINDS for r in SAID)
    assert all(r["form"] == "a definition" for r in ROWS if r not in SAID)


@pytest.mark.thin(6)
@pytest.mark.parametrize("row", SAID, ids=lambda r: str(r["eq"]))
def test_equations_of_the_cookbook_are_proved(row: dict[str, Any]) -> None:
    for v in scoreboard.verdicts(row):
        assert v.kind == "proved", (row["eq"], v)


def test_no_statement_is_trivial() -> None:
    for row in SAID:
        for s in scoreboard.statements(row, "prove"):
            left, right = s.text.split(" == ")
            assert left != right, row["eq"]


@pytest.mark.thin(4)
@pytest.mark.parametrize("row", [r for r in ROWS if "printed" in r], ids=lambda r: str(r["eq"]))
def test_errata_are_refuted_with_numbers(row: dict[str, Any]) -> None:
    for s in scoreboard.statements(row, "printed"):
        v = s.verdict()
        assert v.kind == "refuted", s.text
        assert abs(v.witness["left"] - v.witness["right"]) > 1e-6


def test_the_errata_of_the_cookbook_are_marked() -> None:
    assert [r["eq"] for r in ROWS if r["form"] == "corrected"] == [89, 92, 95, 127]
    assert [r["eq"] for r in ROWS if "correction" in r] == [51, 89, 92, 95, 127, 143]


@pytest.mark.parametrize("n", range(4, 8))
def test_143_the_printed_entry(n: int) -> None:
    """(143), entry (1,3), by arithmetic: the trace of A'*S, S the second diagonal, against the printed minors of A'."""
    transposed = np.random.default_rng(n).integers(1, 10_000, (n, n)).T
    right = np.trace(transposed, 2)

    def without(rows: tuple[int, int], cols: tuple[int, int]) -> Any:
        return np.trace(np.delete(np.delete(transposed, [r - 1 for r in rows], 0), [c - 1 for c in cols], 1))

    assert right != without((1, n - 1), (n, 2))          # [[A']_1n]_n-1,2, rows and columns counted in A'
    assert right != without((1, n), (n, 2))              # the same, counted in what is left
    assert right == without((n, n - 1), (1, 2))          # [[A']_n1]_n-1,2
    assert np.trace(transposed, -2) == without((1, 2), (n, n - 1))      # entry (3,1) as printed


@pytest.mark.slow
def test_the_page_lists_every_row() -> None:
    assert scoreboard.page() == (TOP / "derivations" / "cookbook.md").read_text("utf-8")
