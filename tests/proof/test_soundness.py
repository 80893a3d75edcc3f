"""The one thing that may never slip: nothing false is proved. Mutated results by the thousand, and the classic traps."""

from __future__ import annotations

import random
from collections import Counter
from typing import Any

import pytest

from matcalc.api import prove
from matcalc.proof.at_points import points
from matcalc.proof.all_sizes.indices import prove_derivative, prove_equation
from tests.mutations import mutant
from tests.parts import seed, share
from tests.published import solved

@pytest.mark.thin(28)
@pytest.mark.parametrize("part", range(28))
def test_mutated_results_are_not_proved(part: int, tally: Any) -> None:
    """Points are asked about whatever is proved, and about one in eight of the others."""
    wanted, rng = share("MATCALC_MUTANTS", 450, 28, part), random.Random(f"{seed(20261122)} results {part}")
    answers = [(case["id"], d) for case, d in solved(part, 28) if not d.where]
    counts: Counter[str] = Counter()
    while counts.total() < wanted:
        name, d = rng.choice(answers)
        p, right = d.problem, d.result
        bad = mutant(right, rng)
        if bad is None:
            continue
        proof = prove_derivative(p, bad, [], p.order, "denominator", p.structured)
        asked = proof.kind == "proved" or counts.total() % 8 == 0
        quick = points.judge_derivative(p, bad, [], p.order, "denominator", p.structured) if asked else None
        counts[f"points {'not asked' if quick is None else quick.kind} / proof {proof.kind}"] += 1
        assert proof.kind != "proved" or quick is not None and quick.kind == "checked", (name, str(bad), str(right), quick)
    tally["mutated results"].update({"in all": wanted, **counts, "false and proved": 0})


@pytest.mark.thin(15)
@pytest.mark.parametrize("part", range(15))
def test_mutated_steps_are_not_proved(part: int, tally: Any) -> None:
    """A step of a derivation with its right side edited: what a rule gives, judged as an equation between differentials."""
    wanted, rng = share("MATCALC_STEPS", 225, 15, part), random.Random(f"{seed(20261122)} steps {part}")
    steps = []
    for case, d in solved(part, 15):
        p = d.problem
        if not p.assumptions and not p.structured and all(n.kind != "function" for n in p.variables.values()):
            steps += [(case["id"], p, *(s.instance or s.local)) for s in d.steps]
    counts: Counter[str] = Counter()
    while counts.total() < wanted:
        name, p, left, right = rng.choice(steps)
        bad = mutant(right, rng)
        if bad is None:
            continue
        proof = prove_equation(p, left, bad)
        asked = proof.kind == "proved" or counts.total() % 8 == 0
        quick = points.judge_equation(p, left, bad) if asked else None
        counts[f"points {'not asked' if quick is None else quick.kind} / proof {proof.kind}"] += 1
        assert proof.kind != "proved" or quick is not None and quick.kind == "checked", (name, str(left), str(bad), quick)
    tally["mutated steps"].update({"in all": wanted, **counts, "false and proved": 0})


def elementary(k: int) -> str:
    """e_k of A by Newton's identities."""
    e = ["1"]
    for m in range(1, k + 1):
        e.append("(" + " + ".join(f"{(-1) ** (i - 1)}*({e[m - i]})*tr(A^{i})" for i in range(1, m + 1)) + f")/{m}")
    return e[k]


@pytest.mark.thin(5)
@pytest.mark.parametrize("k", [4, 5, 6, 7])
def test_elementary_symmetric_functions_are_not_zero(k: int) -> None:
    """e_k is zero for n < k only; a competitor that samples n in 2..5 rewrites e_6 to zero."""
    assert prove(elementary(k) + " == 0", ["A in R^(n,n)"]).kind == "refuted"


ONE_SIZE = {
    "A^2 - tr(A)*A + det(A)*eye(SIZE) == zeros(SIZE,SIZE)": "Cayley-Hamilton",
    "adj(A) == tr(A)*eye(SIZE) - A": "the adjugate",
    "det(A) == (tr(A)^2 - tr(A^2))/2": "the determinant by traces",
}


@pytest.mark.parametrize("claim", ONE_SIZE)
def test_what_holds_for_two_by_two_only(claim: str) -> None:
    assert prove(claim.replace("SIZE", "2"), ["A in R^(2,2)"]).kind in ("proved", "checked")
    assert prove(claim.replace("SIZE", "n"), ["A in R^(n,n)"]).kind == "refuted"
