"""False equations that hold nearly everywhere: none proved or checked, as an equation, as the claimed form of a derivative, on a sheet."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

from matcalc import api, judges
from matcalc.sheets.marking.mark import Marker
from matcalc.sheets.statements.plain_text import plain_text
from matcalc.sheets.statements.sheet import Sheet
from matcalc.reading.parse import problem
from tests.attack.nearly import Edge, edges
from tests.parts import seed, share

PARTS = 18


def equation(e: Edge) -> str:
    p = problem(list(e.declare), define=list(e.define), assume=list(e.assume), prove=f"{e.left} == {e.right}")
    assert p.ill_shaped is None, e
    return judges.equation(p).kind


def claim(e: Edge) -> str:
    """The left side as a derivative."""
    p = problem([*e.declare, "t in R"], define=list(e.define), assume=list(e.assume), expr=f"({e.left})*t", wrt="t", claim=e.right)
    found = api.solve(p).claim_verdict
    assert found is not None and p.ill_shaped is None, e
    return found.kind


def line(e: Edge) -> str:
    sheet = Sheet()
    given = [*e.declare, *(f"define {d}" for d in e.define), *(f"assume {a}" for a in e.assume)]
    plain_text(sheet, "\n".join([*given, f"{e.left} = {e.right}"]))
    return Marker(sheet).run().marks[-1].mark


@pytest.mark.thin(PARTS)
@pytest.mark.parametrize("part", range(PARTS))
def test_false_equations_that_hold_nearly_everywhere(part: int, tally: Any) -> None:
    """MATCALC_NEARLY says how many."""
    counts: Counter[str] = Counter()
    for k, e in enumerate(edges(share("MATCALC_NEARLY", 54, PARTS, part), f"{seed(20261127)} nearly {part}")):
        ways = [equation, line] if k % 4 == 0 else [equation, claim] if k % 4 == 2 and "zeros" not in e.right else [equation]
        for way in ways:
            said = way(e)
            counts[f"{e.family}: {said}"] += 1
            assert said in ("refuted", "undecided", "does not follow", "not judged"), f"{e} is {said} as {way.__name__}"
    tally["false equations that hold nearly everywhere"].update(counts)
