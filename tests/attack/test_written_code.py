"""Random means, deviations and norms: no letter of a result is left unexplained, and the generated code agrees with differences."""

from __future__ import annotations

import random
from typing import Any

import numpy as np
import pytest

import matcalc as mc
from tests.parts import seed, share
from tests.random_expressions import Grammar, Random
from tests.reference import Reference

PARTS = 6
GRAMMAR = Grammar(
    "n1 | x  x  y\nnn | A  B\n11 | c",
    """
n1 | ({n1}).*({n1})  ({nn})*({n1})  relu({n1})  ({n1})./(1 + ({n1}).^2)  ({n1})/norm2({#0})  ({n1}) - mean({#0})*ones(n)  softmax({n1})
   ({n1}).*({#0})/norm2({#0})  rowsum({nn})
nn | ({nn})*({nn})  ({nn}) - ones(n)*colmean({#0})'  ({n1})*({n1})'
11 | std({n1})  var({n1})  std({nn})  var({nn})  norm1({n1})  log(1 + (({n1})'*({#0})/norm2({#0}))^2)  ({n1})'*({n1})
   ({11})/(1 + ({11})^2)  norm2({n1})  ({n1})'*(({n1})./(2 + ({#0}).^2/norm2({#0})))""", "n", early=0.25)
DECLARE = ["x, y in R^n", "A, B in R^(n,n)", "c in R"]


def asked(number: int) -> mc.Derivation | None:
    """A derivative of a random formula by what occurs in it."""
    rng = random.Random(number)
    text = Random(GRAMMAR, rng).text("11", 3)
    try:
        return mc.derive(text, rng.choice(sorted({*text} & {*"xyAB"})), DECLARE) if {*text} & {*"xyAB"} else None
    except mc.Unfinished:
        return None


def at(d: mc.Derivation, rng: Any) -> tuple[Any, Any] | None:
    """The generated code at random numbers, and differences of the formula as typed; None where it is not smooth there."""
    typed, sizes = d.record.problem.as_typed(), {"n": 3}
    values = {v: rng.normal(size=tuple(s.value(sizes) for s in v.shape)) for v in typed.variables.values()}
    values = {n: v.reshape(tuple(s.value(sizes) for s in n.shape)) for n, v in values.items()}
    x = typed.variable

    def slope(h: float) -> Any:
        out = np.zeros_like(values[x])
        for k in np.ndindex(out.shape):
            step = np.zeros_like(out)
            step[k] = h
            up, down = (Reference({**values, x: values[x] + s * step}, sizes)(typed.function) for s in (1, -1))
            out[k] = (up - down)[0, 0] / (2 * h)
        return out
    with np.errstate(all="ignore"):
        found, finer = slope(1e-4), slope(3e-5)
    if not np.all(np.isfinite(found)) or not np.allclose(found, finer, rtol=1e-4, atol=1e-5):
        return None
    scope: dict[str, Any] = {}
    exec(d.numpy(), scope)
    given = {n.name: v[0, 0] if n.name == "c" else v[:, 0] if v.shape[1] == 1 else v for n, v in values.items()}
    with np.errstate(all="ignore"):
        return np.asarray(scope["grad"](**given)).reshape(found.shape), finer


@pytest.mark.slow
@pytest.mark.parametrize("part", range(PARTS))
def test_results_stand_on_what_is_given(part: int) -> None:
    compared = 0
    for number in range(share("MATCALC_FOLDS", 240, PARTS, part)):
        d = asked(seed(20261129) + 1000 * part + number)
        if d is None:
            continue
        known = {n for n, _ in d.where} | set(d.record.problem.variables.values()) | {n for n, _ in d.record.problem.definitions}
        used = {n for e in (d.result, *(body for _, body in d.where)) for n in e.names}
        assert {n for n in used if n.kind != "size"} <= known, (d.record.problem.text["expr"], d.result, d.where)
        both = at(d, np.random.default_rng(number))
        if both is not None and np.all(np.isfinite(both[0])):
            compared += 1
            assert np.allclose(*both, rtol=1e-3, atol=1e-3 * (1 + np.abs(both[1]).max())), (d.record.problem.text["expr"], d.result)
    assert compared > 15
