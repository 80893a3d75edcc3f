"""The all-sizes prover: what is true is proved, what is false is not, and a normal form means what it came from."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from matcalc.language.expr import Expr, Name
from matcalc.language.parse import Problem, problem
from matcalc.proof import indices
from matcalc.proof.indexed import Entries
from matcalc.proof.laws import RULES
from matcalc.proof.normalform import Algebra
from matcalc.proof.summation import Summation
from matcalc.proof.verdict import Verdict
from tests.proof.identities import FALSE as FALSE_EQUATIONS
from tests.proof.identities import TRUE as TRUE_EQUATIONS
from tests.proof.judged import FALSE, TRUE
from tests.reference import Reference, close

ACCEPTANCE = Path(__file__).parents[1] / "acceptance" / "cases.jsonl"
CASES = [json.loads(line) for line in ACCEPTANCE.read_text(encoding="utf-8").splitlines()]


def judge(p: Problem, where: Any = ()) -> Verdict:
    if p.prove is not None:
        return indices.prove_equation(p, *p.prove)
    return indices.prove_derivative(p, p.claim, list(where), p.order, p.layout, p.structured)


@pytest.mark.parametrize("row", [r for r in TRUE if not r[1].ill_shaped], ids=lambda r: r[0])
def test_true_is_proved(row: Any) -> None:
    assert judge(*row[1:]).kind == "proved"


@pytest.mark.parametrize("row", [r for r in FALSE if not r[1].ill_shaped], ids=lambda r: r[0])
def test_false_is_not(row: Any) -> None:
    assert judge(*row[1:]).kind == "undecided"


@pytest.mark.parametrize("row", TRUE_EQUATIONS, ids=lambda r: r[0][:60])
def test_equations(row: Any) -> None:
    text, *declare = row
    assert judge(problem(declare=declare, prove=text)).kind == "proved"


@pytest.mark.parametrize("row", FALSE_EQUATIONS, ids=lambda r: r[0][:60])
def test_false_equations(row: Any) -> None:
    text, *declare = row
    assert judge(problem(declare=declare, prove=text)).kind == "undecided"


def elementary(k: int) -> str:
    """The k-th elementary symmetric function of the eigenvalues of A, by Newton's identities."""
    known = ["1"]
    for j in range(1, k + 1):
        terms = [f"{'' if i % 2 else '-1*'}({known[j - i]})*tr(A^{i})" for i in range(1, j + 1)]
        known.append(f"({' + '.join(terms)})/{j}")
    return known[k]


@pytest.mark.parametrize("k", range(2, 8))
def test_elementary_symmetric_functions_are_not_zero(k: int) -> None:
    assert judge(problem(declare=["A in R^(n,n)"], prove=f"{elementary(k)} == 0")).kind == "undecided"


def test_true_for_one_size_is_proved_for_that_size_only() -> None:
    text = "A^2 - tr(A)*A + det(A)*eye({0}) == zeros({0},{0})"
    for size, kind in (("2", "proved"), ("3", "undecided"), ("n", "undecided")):
        assert judge(problem(declare=[f"A in R^({size},{size})"], prove=text.format(size))).kind == kind
    assert judge(problem(declare=["A in R^(3,3)"], prove=f"{elementary(3)} == det(A)")).kind == "proved"
    assert judge(problem(declare=["A in R^(2,2)"], prove=f"{elementary(3)} == 0")).kind == "proved"


# ------------------------------------------------------------------------------------------- by plain summation
def drawn(name: Name, sizes: dict[str, int], rng: np.random.Generator) -> Any:
    """A random value with the name's structure, inside every domain."""
    m, n = (d.value(sizes) for d in name.shape)
    a = rng.uniform(0.2, 0.9, (m, n)) * (1 if "positive" in name.words else rng.choice([-1.0, 1.0], (m, n)))
    if "spd" in name.words:
        return a @ a.T + 2 * np.eye(m)
    if "symmetric" in name.words:
        return (a + a.T) / 2
    if "skew" in name.words:
        return a - a.T
    if "diagonal" in name.words:
        return np.diag(np.diag(a))
    if "lower" in name.words:
        return np.tril(a) + np.eye(m)
    if "upper" in name.words:
        return np.triu(a) + np.eye(m)
    if "orthogonal" in name.words:
        return np.linalg.qr(a)[0]
    if "simplex" in name.words:
        a = np.abs(a)
        return a / (a.sum() if n == 1 else a.sum(axis=1, keepdims=True))
    if m == n and m > 1:
        return a + 2 * np.eye(m)
    return a


def summed(p: Problem, e: Expr, sizes: dict[str, int], values: dict[Name, Any]) -> Any:
    alg = Algebra(RULES, 200_000)
    v = Entries(alg, dict(p.definitions)).of(e)
    known = {n.name: x.tolist() for n, x in values.items()}
    return np.array(Summation(alg, sizes, known).matrix(v.rows, v.cols, v.entries))


@pytest.mark.parametrize("seed", [0])
def test_normal_forms_mean_what_they_came_from(seed: int) -> None:
    rng, sizes_of = np.random.default_rng(seed), random.Random(seed)
    compared = 0
    for case in CASES:
        p = problem(declare=case["declare"], define=(case["define"] or []) + (case.get("where") or []), expr=case["expr"],
                    wrt=case["wrt"], order=case["order"], claim=case.get("expected"))
        names = {d for n in p.variables.values() for dim in n.shape for d in dim.names}
        sizes = dict(zip(sorted(names), sizes_of.sample(range(2, 2 + max(4, len(names))), len(names)), strict=True))
        if any(n.kind == "function" for n in p.variables.values()):
            continue
        values = {n: drawn(n, sizes, rng) for n in p.variables.values() if n.kind == "variable"}
        reference = Reference(values, sizes)
        with np.errstate(all="ignore"):
            for name, body in p.definitions:
                reference.values[name] = reference(body)
            for e in (p.f, p.claim):
                if e is None:
                    continue
                wanted = reference(e)
                if not np.all(np.isfinite(wanted)):
                    continue
                assert close(summed(p, e, sizes, values), wanted), (case["id"], str(e))
                compared += 1
    assert compared > 900
