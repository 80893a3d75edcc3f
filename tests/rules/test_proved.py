"""Every row of the rule tables is proved for every size, and comparing at points confirms it."""

from __future__ import annotations

from typing import Any

import pytest

from matcalc import judges
from matcalc.commands.checks import rule_verdict
from matcalc.reading.parse import problem
from matcalc.proof.all_sizes import indices
from matcalc.proof.at_points import points

NOT_PROVED: dict[str, str] = {}  # a row's name: why no proof is to be had


@pytest.mark.thin(6)
@pytest.mark.parametrize("rule", judges.all_rules(), ids=lambda r: r.name)
def test_rows_are_proved(rule: Any, tally: Any) -> None:
    left, right = rule.equation.split(" = ")
    p = problem(declare=rule.declarations, prove=f"{left} == {right}")
    found = indices.prove_equation(p, rule.lhs, rule.rhs).kind
    assert found == ("undecided" if rule.name in NOT_PROVED else "proved")
    assert points.judge_equation(p, rule.lhs, rule.rhs).kind == "checked"
    assert rule_verdict(rule).kind in ("proved", "checked")
    tally["rules"]["rows"] += 1
    tally["rules"][f"{found} for every size"] += 1
