"""The acceptance table and its derivations, made once a process."""

from __future__ import annotations

import functools
import json
from pathlib import Path
from typing import Any

from matcalc.deriving.engine import derive
from matcalc.reading.parse import Problem, problem

TABLE = Path(__file__).parent / "acceptance" / "cases.jsonl"
CASES: list[dict[str, Any]] = [json.loads(line) for line in TABLE.read_text("utf-8").splitlines()]


def posed(case: dict[str, Any]) -> Problem:
    """The problem of a case."""
    return problem(declare=case["declare"], define=case["define"], expr=case["expr"], wrt=case["wrt"], order=case["order"],
                   structured=case["id"].endswith("-structured"))


@functools.cache
def derived(number: int) -> Any:
    """The derivation of a case."""
    return derive(posed(CASES[number]))


def solved(start: int = 0, step: int = 1) -> list[tuple[dict[str, Any], Any]]:
    """Cases with their derivations, one in `step`."""
    return [(CASES[i], derived(i)) for i in range(start, len(CASES), step)]
