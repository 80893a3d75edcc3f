"""Backward passes of random networks whose loss is nowhere written: every right line is proved, no line with a slip is."""

from __future__ import annotations

import random
from typing import Any

import pytest

from matcalc import api, judges
from matcalc.reading.parse import problem
from matcalc.language.shape import InputError

from tests.parts import cases
from tests.attack.witness import Witness
from tests.mutations import slip
from tests.proof.backward import network

SEED = 20261127
LINES = cases("MATCALC_LINES", 100)


@pytest.mark.slow
def test_right_lines_are_proved(tally: Any) -> None:
    done = seed = 0
    while done < LINES:
        net = network(SEED + seed)
        seed += 1
        for claim in net.claims:
            p = problem(net.declare, net.define, prove=claim.text())
            verdict = judges.equation(p)
            assert verdict.kind == "proved", (net.declare, net.define, claim.text(), verdict)
            assert [a.name.name for a in p.abstract] == ["L"]
            done += 1
    tally["backward passes"] |= {"right lines proved": done}


@pytest.mark.slow
def test_lines_with_a_slip_are_refuted(tally: Any) -> None:
    done = seed = shapes = 0
    while done < LINES:
        net = network(SEED + seed)
        rng = random.Random(seed)
        seed += 1
        names = [line.split()[0] for line in (*net.declare, *net.define)]
        for claim in net.claims:
            s = net.statement(claim)
            right = slip(claim.right, rng, names)
            if Witness(s).verdict(right) != "false":
                continue
            done += 1
            text = s.claim(right)
            try:
                verdict, _ = api.judge(problem(net.declare, net.define, prove=text))
            except InputError:
                shapes += 1
                continue
            assert verdict.kind == "refuted", (net.declare, net.define, text, verdict)
    tally["backward passes"] |= {"lines with a slip refuted": done - shapes, "of no shape": shapes}
