"""Every derivation of the acceptance table is replayed; a corrupted step is caught."""

from __future__ import annotations

import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from matcalc.derive.engine import derive
from matcalc.language.expr import Number, add, apply, mul
from matcalc.language.parse import problem
from matcalc.proof.replay import replay

CASES = [json.loads(line) for line in (Path(__file__).parents[1] / "acceptance" / "cases.jsonl").read_text().splitlines()]


def solved(case: dict[str, Any]) -> Any:
    return derive(problem(declare=case["declare"], define=case["define"], expr=case["expr"], wrt=case["wrt"], order=case["order"]))


def test_every_step_follows(tally: Any) -> None:
    steps = 0
    for case in CASES:
        d = solved(case)
        verdict = replay(d)
        assert verdict.kind == "checked", (case["id"], verdict)
        steps += len(d.steps)
    tally["replay"][f"steps of {len(CASES)} derivations follow"] += steps


def test_lines_connect() -> None:
    """Within the differential each line begins where the one before ended."""
    for case in CASES[::5]:
        d = solved(case)
        for a, b in zip(d.steps, d.steps[1:], strict=False):
            if a.before.has_d and b.before.has_d and a.after.has_d and d.earlier is None:
                assert a.after is b.before, case["id"]


def test_corrupted_steps_are_refused(tally: Any) -> None:
    tried = caught = 0
    for case in CASES[::4]:
        d = solved(case)
        if not d.steps:
            continue
        for i in (0, len(d.steps) // 2, len(d.steps) - 1):
            step = d.steps[i]
            doubled = mul(Number(2), step.after)
            added = add(step.after, step.before) if step.before.shape == step.after.shape else doubled
            for after in (doubled, added):
                if after is step.after or (after.head if hasattr(after, "head") else "") == "zeros":
                    continue
                bad = SimpleNamespace(problem=d.problem, steps=[step._replace(after=after)])
                tried += 1
                caught += replay(bad).kind != "checked"
    tally["replay"][f"of {tried} corrupted steps refused"] += caught
    assert caught >= 0.99 * tried


def test_an_unknown_rule_is_refused() -> None:
    d = solved(CASES[0])
    bad = SimpleNamespace(problem=d.problem, steps=[d.steps[0]._replace(rule="d.magic")])
    assert replay(bad).kind == "refuted"
    assert apply("exp", Number(1)) is not None
