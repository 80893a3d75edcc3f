"""--expand: composites are taken apart by their definitions, each a row, and the derivative is the same."""

from __future__ import annotations

import pytest

import matcalc as mc
from matcalc import judges
from matcalc.reading.parse import problem
from matcalc.rulebook import algebra

CASES = {"softmax": "softmax(x)", "softmax-rows": "sum(G.*softmax(X))", "logsumexp": "logsumexp(x)", "logsumexp-rows": "b'*logsumexp(X)",
         "norm2": "norm2(X*x - b)", "sigmoid": "sigmoid(x)", "softplus": "sum(softplus(x))", "silu": "sum(silu(x))", "gelu": "gelu(x)"}
DECLARE = ("x in R^n", "X in R^(m,n)", "G in R^(m,n)", "b in R^m")


def test_every_expansion_is_tried() -> None:
    assert {r.name for r in algebra.EXPANSIONS} == {f"expand.{k}" for k in CASES}


@pytest.mark.parametrize("name", CASES)
def test_an_expanded_answer_is_proved_and_names_its_rule(name: str) -> None:
    wrt = "X" if "rows" in name else "x"
    plain = mc.derive(CASES[name], wrt, declare=DECLARE)
    apart = mc.derive(CASES[name], wrt, declare=DECLARE, expand=True)
    assert any(s.rule == f"expand.{name}" for s in apart.record.steps)
    assert apart.verdict.kind == "proved"
    assert judges.replay(apart.record).kind == "checked"
    letters = [f"{n} = {body}" for n, body in plain.record.where]
    same = problem(DECLARE, letters, [], CASES[name], wrt, claim=str(plain.result), expand=True)
    assert judges.claim(same, apart.record, same.claim).kind == "proved"


def test_what_was_written_out_row_by_row_is_a_softmax_again_at_the_end() -> None:
    d = mc.derive("-sum(Y.*log(softmax(X*W)))", "W", declare=["X in R^(m,d)", "W in R^(d,k)", "Y in R^(m,k) simplex"], expand=True)
    assert str(d.result) == "X'*(softmax(X*W) - Y)" and d.verdict.kind == "proved", d.text()
