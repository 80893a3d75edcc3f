"""Derivations as notes, answers and homework have them, each right and with one mistake in it, in published.jsonl."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from matcalc.sheets.statements.display import sheet
from matcalc.sheets.marking.mark import Marker

ROWS = [json.loads(line) for line in (Path(__file__).parent / "published.jsonl").read_text("utf-8").splitlines()]


def marks(text: str) -> list[tuple[int, str]]:
    return [(m.number, m.mark) for m in Marker(sheet(text)).run().marks]


@pytest.mark.thin(30)
@pytest.mark.parametrize("row", ROWS, ids=[row["id"] for row in ROWS])
def test_the_right_one_follows_and_the_mistake_is_found(row: dict[str, str]) -> None:
    assert {mark for _, mark in marks(row["sheet"])} <= {"given", "follows"}
    wrong = marks(row["sheet"].replace(row["old"], row["new"], 1))
    line = int(row["line"])
    assert not any(mark == "does not follow" for number, mark in wrong if number < line), wrong
    end = line + row["new"].count("\n")
    assert any(mark in ("does not follow", "follows if") for number, mark in wrong if line <= number <= end), wrong
