"""900 random problems a run; the seed is printed. MATCALC_RANDOM=100000 makes it longer, MATCALC_SEED another run."""

from __future__ import annotations

from collections import Counter

import pytest
from tests.parts import seed, share
from random_problems import judge

PARTS = 10


@pytest.mark.thin(PARTS)
@pytest.mark.parametrize("part", range(PARTS))
def test_no_random_derivative_is_wrong(part: int, tally: dict[str, Counter[str]]) -> None:
    count = share("MATCALC_RANDOM", 450, PARTS, part)
    start = seed(20261122) + share("MATCALC_RANDOM", 450, PARTS, 0) * part
    answers = [judge(start + i) for i in range(count)]
    wrong = [a for a in answers if a.startswith("wrong")]
    right = answers.count("right")
    tally["random derivatives"].update(a.partition(":")[0] for a in answers)
    assert not wrong, "\n".join(wrong[:5])
    assert right > 0.75 * count
