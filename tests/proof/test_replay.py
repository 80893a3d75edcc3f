"""Every derivation of the acceptance table is replayed; a corrupted step is caught."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from matcalc.language.expr import Number, add, apply, mul
from matcalc.proof.replay import replay
from tests.published import derived, solved


@pytest.mark.thin(10)
@pytest.mark.parametrize("part", range(10))
def test_every_step_follows(part: int, tally: Any) -> None:
    steps = 0
    for case, d in solved(part, 10):
        verdict = replay(d)
        assert verdict.kind == "checked", (case["id"], verdict)
        steps += len(d.steps)
    tally["replay"]["steps follow"] += steps


def test_lines_connect() -> None:
    """Within the differential each line begins where the one before ended."""
    for case, d in solved(0, 5):
        for a, b in zip(d.steps, d.steps[1:], strict=False):
            if a.before.has_d and b.before.has_d and a.after.has_d and d.earlier is None:
                assert a.after is b.before, case["id"]


@pytest.mark.thin(4)
@pytest.mark.parametrize("part", range(4))
def test_corrupted_steps_are_refused(part: int, tally: Any) -> None:
    tried = caught = 0
    for _, d in solved(4 * part, 16):
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
    tally["replay"].update({"corrupted steps": tried, "of them refused": caught})
    assert caught >= 0.99 * tried


def test_an_unknown_rule_is_refused() -> None:
    d = derived(0)
    bad = SimpleNamespace(problem=d.problem, steps=[d.steps[0]._replace(rule="d.magic")])
    assert replay(bad).kind == "refuted"
    assert apply("exp", Number(1)) is not None
