"""False equations at the edges of what can be computed: none is proved or checked. MATCALC_EDGES says how many."""

from __future__ import annotations

import random
from collections import Counter
from typing import Any

import pytest

from matcalc import judges
from matcalc.reading.parse import problem
from tests.attack.edges import DECLARE, false_equations
from tests.parts import cases, seed


@pytest.mark.slow
def test_false_equations_at_the_edges_are_not_proved(tally: Any) -> None:
    rng, passed, counts = random.Random(f"{seed(20261127)} edges"), [], Counter[str]()
    for text in false_equations(cases("MATCALC_EDGES", 24), rng):
        p = problem(DECLARE, prove=text)
        kind = "ill-shaped" if p.ill_shaped is not None else judges.equation(p).kind
        counts[kind] += 1
        if kind in ("proved", "checked"):
            passed.append(f"{text} is {kind}")
    tally["false equations at the edges"].update(counts)
    assert not passed, "\n".join(passed)
