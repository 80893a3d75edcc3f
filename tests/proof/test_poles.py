"""Random rational identities in two numbers: what is printed excludes every pole, and nothing else."""

from __future__ import annotations

import random
from fractions import Fraction
from itertools import product

import pytest

from matcalc import judges
from matcalc.language.conditions import Condition
from matcalc.reading.parse import problem
from tests.parts import share, seed

FACTORS: list[tuple[str, dict[tuple[int, int], int]]] = [      # a text, and its coefficients by the exponents of c and d
    ("c", {(1, 0): 1}), ("d", {(0, 1): 1}), ("c-1", {(1, 0): 1, (0, 0): -1}), ("c+1", {(1, 0): 1, (0, 0): 1}),
    ("c-d", {(1, 0): 1, (0, 1): -1}), ("2*c-3", {(1, 0): 2, (0, 0): -3}), ("c*d-1", {(1, 1): 1, (0, 0): -1}),
    ("c^2-d", {(2, 0): 1, (0, 1): -1}), ("c^2+1", {(2, 0): 1, (0, 0): 1}), ("c^2-c", {(2, 0): 1, (1, 0): -1}),
    ("c^2-2*c+1", {(2, 0): 1, (1, 0): -2, (0, 0): 1}), ("c^2-d^2", {(2, 0): 1, (0, 2): -1}),
    ("c-2*d+1", {(1, 0): 1, (0, 1): -2, (0, 0): 1})]
POINTS = [(Fraction(a, 2), Fraction(b, 2)) for a, b in product(range(-6, 7), repeat=2)] + [(Fraction(a), Fraction(a * a)) for a in (-3, 3)]
PARTS = 4


def value(p: dict[tuple[int, int], int], c: Fraction, d: Fraction) -> Fraction:
    return sum((k * c**i * d**j for (i, j), k in p.items()), Fraction(0))


def expanded(factors: list[dict[tuple[int, int], int]]) -> str:
    out = {(0, 0): 1}
    for f in factors:
        new: dict[tuple[int, int], int] = {}
        for ((i, j), k), ((a, b), n) in product(out.items(), f.items()):
            new[i + a, j + b] = new.get((i + a, j + b), 0) + k * n
        out = new
    return " + ".join(f"({k})*c^{i}*d^{j}" for (i, j), k in out.items() if k)


def holds(condition: Condition, c: Fraction, d: Fraction) -> bool:
    left, right = (eval(side.replace("^", "**"), {"c": c, "d": d}) for side in str(condition).split("!="))
    return bool(left != right)


@pytest.mark.thin(PARTS)
@pytest.mark.parametrize("part", range(PARTS))
def test_the_conditions_are_the_poles(part: int) -> None:
    rng = random.Random(f"{seed(20261128)} poles {part}")
    for _ in range(share("MATCALC_POLES", 30, PARTS, part)):
        chosen = [f for f in rng.choices(FACTORS, k=rng.randint(1, 3)) for _ in range(rng.choice([1, 1, 2]))]
        whole, apart = expanded([p for _, p in chosen]), "*".join(f"({text})" for text, _ in chosen)
        text = rng.choice([f"1/({whole}) == 1/({apart})", f"({whole})/({apart}) == 1", f"c/({apart})*({whole}) == c"])
        verdict = judges.equation(problem(["c, d in R"], prove=text))
        if verdict.kind == "checked" and len(chosen) > 3:
            continue        # of a high degree
        assert verdict.kind == "proved", text
        for c, d in POINTS:
            exists = all(value(p, c, d) for _, p in chosen)
            assert all(holds(n, c, d) for n in verdict.needs) == exists, (text, list(map(str, verdict.needs)), c, d)
