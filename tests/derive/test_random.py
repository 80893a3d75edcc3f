"""2,000 random problems a run; the seed is printed. MATCALC_RANDOM=100000 makes it longer, MATCALC_SEED another run."""

from __future__ import annotations

import os

from random_problems import judge


def test_no_random_derivative_is_wrong(capsys) -> None:  # type: ignore[no-untyped-def]
    count = int(os.environ.get("MATCALC_RANDOM", "2000"))
    start = int(os.environ.get("MATCALC_SEED", "20261122"))
    answers = [judge(start + i) for i in range(count)]
    wrong = [a for a in answers if a.startswith("wrong")]
    right = answers.count("right")
    with capsys.disabled():
        print(f"\nrandom problems: {count} from seed {start}: {right} right, {len(wrong)} wrong, "
              f"{sum(a.startswith('refused') for a in answers)} refused, {answers.count('skipped')} skipped")
    assert not wrong, "\n".join(wrong[:5])
    assert right > 0.75 * count
