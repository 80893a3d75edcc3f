"""No line of a random backward pass is marked wrong where running it gives the gradient, or right where it does not."""

from __future__ import annotations

import random
from collections import Counter
from typing import Any

import pytest

from matcalc import check
from tests.attack.programs import program, truth
from tests.parts import seed, share

PARTS = 8


@pytest.mark.thin(PARTS)
@pytest.mark.parametrize("part", range(PARTS))
def test_programs_are_marked_as_they_run(part: int, tally: Any) -> None:
    marks: Counter[tuple[str, str]] = Counter()
    for number in range(share("MATCALC_FOLDS", 48, PARTS, part)):
        p = program(random.Random(seed(20261129) + 1000 * part + number))
        found = truth(p, number)
        marked = check(p.text, seconds=3)
        lines = marked.marks[-len(p.backward):]
        assert [m.text for m in lines] == [f"d{name} = {value}" for name, value in p.backward]
        for m, is_so in zip(lines, found, strict=True):
            marks[is_so, m.mark] += 1
            assert (is_so, m.mark) not in {("right", "does not follow"), ("wrong", "follows"), ("wrong", "given")}, (m.text, p.text)
        assert "wrong" not in found or marked.worst not in ("follows", "given"), p.text
    tally["lines of random backward passes"].update({f"{is_so} {mark}": k for (is_so, mark), k in marks.items()})
    assert marks["right", "follows"] > 3 * marks["right", "not judged"]


@pytest.mark.parametrize("call", ["np.clip(z, -1, 1)", "np.power(z, 3)", "np.hypot(z, 1)", "F.relu(z)", "F.silu(z)", "np.roll(z, 1)",
                                  "foo(z, 2)", "z.clip(0, 1)", "scipy.special.expit(z)", "np.maximum(z, 0.5)"])
def test_what_a_function_gives_has_no_sizes_of_its_own(call: str) -> None:
    text = f"z = X @ W + b\nh = {call}\nr = h - Y\nL = 0.5*np.sum(r**2)\ndr = r\ndh = dr\n"
    assert "does not follow" not in {m.mark for m in check(text).marks}
    assert check(text.replace("dr = r\n", "dr = 2*r\n")).worst != "follows"
