"""Vectors that spread over rows and columns of matrices, turned and worked on entry by entry, against central differences."""

from __future__ import annotations

import random

import numpy as np
import pytest
from test_singular import Run

from matcalc.reading.parse import problem
from tests.random_expressions import Grammar, Random

DECLARED = ["x in R^n", "y in R^m", "A in R^(m,n)", "G in R^(n,m)"]
SPREADS = Grammar("mn | ones(m)*x'  y*ones(n)'  ones(m)*exp(x)'  y.^2*ones(n)'  A  exp(ones(m)*x')  (ones(m)*x').^2  y*ones(n)' + 1", """
11 | sum(G.*({mn})')  sum(G'.*({mn}))  sum(colsum({mn}).*x)  tr(G*({mn}))  sum(exp(rowsum({mn})/10).*y)  sum((({mn})').^2)
   sum(G.*(A./({mn}))')
mn | ({mn}).*({mn})  ({mn}) + ({mn})  ({mn})./(1 + ({mn}).^2)  ({mn}).^2
""", early=0.3)


@pytest.mark.thin(4)
@pytest.mark.parametrize("part", range(4))
def test_code_of_random_spreads_has_the_derivative(part: int) -> None:
    r, rng = random.Random(f"spread {part}"), np.random.default_rng(part)
    looked = 0
    for _ in range(12):
        expr = Random(SPREADS, r).text("11", 3)
        wrt = r.choice([w for w in "xyA" if w in expr.replace("exp", "")])
        run = Run(problem(declare=DECLARED, expr=expr, wrt=wrt), "numpy")
        sizes = run.sizes()
        at = {v: rng.uniform(0.3, 1, tuple(d.value(sizes) for d in v.shape)) for v in run.free}
        looked += run.check(at, rng) > 0
    assert looked >= 10


def test_a_power_of_a_row_is_turned() -> None:
    run = Run(problem(declare=["S in R^(n,n)", "x in R^n", "G in R^(n,n)"], expr="sum(G.*(S./(ones(n)*x'))')", wrt="x"), "numpy")
    assert ").T" not in run.text


def test_what_spreads_counts_for_every_entry_of_a_sum() -> None:
    run = Run(problem(declare=DECLARED, expr="rowsum(log_softmax(A))'*y", wrt="A"), "numpy")
    rng = np.random.default_rng(0)
    sizes = run.sizes()
    assert run.check({v: rng.uniform(0.3, 1, tuple(d.value(sizes) for d in v.shape)) for v in run.free}, rng) > 0
