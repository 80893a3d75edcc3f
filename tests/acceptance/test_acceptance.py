"""Published derivatives, wrong claims and equations: the project's own acceptance table."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from matcalc import judges
from matcalc.batches.lines import answer
from matcalc.commands.cli import cli
from matcalc.language.expr import node_count
from matcalc.reading.parse import parse, problem
from matcalc.render.reasons import PROGRAMS
from matcalc.rulebook.book import PROGRAMS as LAWS
from matcalc.rulebook.normal import BY_NAME as NORMAL
from tests.published import CASES, derived, solved

HERE = Path(__file__).parent


def load(name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (HERE / name).read_text(encoding="utf-8").splitlines()]




def asked(case: dict[str, Any], **more: Any) -> dict[str, Any]:
    keys = ("id", "declare", "define", "expr", "wrt", "order")
    return {**{k: case[k] for k in keys}, "structured": case["id"].endswith("-structured"), **more}


def answered(case: dict[str, Any]) -> Any:
    """What batch answers to a case."""
    claim = {"claim": case["expected"]} if case["expected"] and not case.get("where") else {}
    return json.loads(answer(json.dumps(asked(case, **claim))))


@pytest.mark.thin(14)
@pytest.mark.parametrize("start", range(0, len(CASES), 20))
def test_published_derivatives_are_derived_and_believed(start: int) -> None:
    """Answered, with code, believed by every judge; the published form too."""
    for case in CASES[start:start + 20]:
        a = answered(case)
        assert "error" not in a, (case["id"], a)
        assert a["verdict"] in ("proved", "checked"), (case["id"], a["result"], a["verdict"], a["detail"])
        assert a["numpy"] and a["steps"] >= 0
        if "claim_verdict" in a:
            assert a["claim_verdict"] in ("proved", "checked"), (case["id"], case["expected"])


@pytest.mark.slow
def test_as_short_as_published(tally: Any) -> None:
    ratios = []
    for number, case in enumerate(CASES):
        if not case["expected"] or case.get("where"):
            continue
        p = problem(declare=case["declare"], define=case["define"], expr=case["expr"], wrt=case["wrt"])
        record = derived(number)
        if not record.where:
            ratios.append((node_count(parse(str(record.result), p.scope)) / node_count(parse(case["expected"], p.scope)), case["id"]))
    ratios.sort()
    told = f"published forms compared in length, median {ratios[len(ratios) // 2][0]:.2f}, longest {ratios[-1][0]:.2f} ({ratios[-1][1]})"
    tally["acceptance table"][told] += len(ratios)
    assert ratios[len(ratios) // 2][0] <= 1.0
    assert ratios[-1][0] <= 2.0


@pytest.mark.thin(4)
@pytest.mark.parametrize("part", range(4))
def test_wrong_claims_are_refuted_with_a_witness(part: int) -> None:
    for case in load("wrong_claims.jsonl")[part::4]:
        a = json.loads(answer(json.dumps(asked(case, claim=case["claim"]))))
        assert a["claim_verdict"] == "refuted" and a["witness"], (case["id"], a)


@pytest.mark.thin(4)
@pytest.mark.parametrize("part", range(4))
def test_published_equations_are_judged(part: int) -> None:
    for row in load("identities.jsonl")[part::4]:
        a = json.loads(answer(json.dumps({k: row[k] for k in ("id", "declare", "prove")})))
        if row["true"]:
            assert a["claim_verdict"] in ("proved", "checked"), (row["prove"], a)
        else:
            assert a["claim_verdict"] == "refuted" and a["witness"], (row["prove"], a)


@pytest.mark.slow
def test_every_rule_named_in_a_derivation_is_known_to_rules() -> None:
    known = {r.name for r in judges.all_rules()} | set(PROGRAMS) | set(NORMAL)
    named = {s.rule for _, d in solved() for s in d.steps}
    assert named <= known, named - known
    assert len(named & set(PROGRAMS)) > 6


@pytest.mark.parametrize("name", PROGRAMS)
def test_a_program_has_an_entry(name: str) -> None:
    done = CliRunner().invoke(cli, ["rules", name])
    assert done.exit_code == 0 and "each use is judged at exact points" in " ".join(done.output.split())
    assert LAWS[name] in done.output
    assert set(PROGRAMS) == set(LAWS)
