"""Thousands of definitions, and sums of thousands of terms: derived and proved link by link, in time that grows with their number."""

from __future__ import annotations

import re
from itertools import pairwise

import numpy as np
import pytest

import matcalc as mc
from matcalc.api import solve
from matcalc.language.expr import Name, add, mul
from matcalc.language.shape import Dim
from matcalc.language.properties import has_zeros
from matcalc.proof.at_points import high_precision, points
from matcalc.reading.parse import problem
from tests.work import calls

LAYERS = 60
TANH = [f"y{k} = tanh(y{k - 1})" for k in range(1, LAYERS + 1)]
STEPS = [line for k in range(1, LAYERS + 1) for line in (f"h{k} = tanh(W*h{k - 1} + u)", f"l{k} = norm2(h{k})^2")]
TOTAL = " + ".join(f"l{k}" for k in range(1, LAYERS + 1))


def chain(n: int) -> mc.Derivation:
    """The gradient through n links."""
    return mc.derive(f"sum(y{n})", "x", ["x in R^n"], ["y0 = x", *(f"y{k} = tanh(y{k - 1})" for k in range(1, n + 1))])


def test_a_long_chain_is_derived_and_proved_link_by_link() -> None:
    d = chain(LAYERS)
    assert d.verdict.kind == "proved" and "link by link" in d.verdict.detail and "random points" in d.verdict.detail
    assert str(dict(d.where)[next(n for n, _ in d.where if n.name == "delta_y58")]) == "delta_y59.*(ones(n) - y59.^2)"
    assert "In the same way for k = 58, 57, ..., 0" in d.text() and len(d.text().splitlines()) < 2 * LAYERS
    assert {"result", "where", "steps", "verdict"} <= d.json().keys() and d.json()["result"] == "delta_y0"


def test_four_cells_of_an_lstm_are_proved_link_by_link() -> None:
    gates = [f"{g}{k} = {'tanh' if g == 'g' else 'sigmoid'}(W{g}*h{k - 1} + U{g}*x{k})" for k in range(1, 5) for g in "ifog"]
    cells = [line for k in range(4) for line in (*gates[4*k:4*k + 4], f"c{k + 1} = f{k + 1}.*c{k} + i{k + 1}.*g{k + 1}",
                                                 f"h{k + 1} = o{k + 1}.*tanh(c{k + 1})")]
    declare = ["h0, c0, y in R^n", *(f"W{g} in R^(n,n)" for g in "ifog"), *(f"U{g} in R^(n,d)" for g in "ifog"), "x1, x2, x3, x4 in R^d"]
    assert mc.derive("norm2(h4 - y)^2", "Wi", declare, cells).verdict.kind == "proved"


@pytest.mark.slow
@pytest.mark.parametrize(("layers", "by_links"), [(6, True), (3, False)])
def test_layers_with_batch_normalisation_are_proved_at_once_or_link_by_link(layers: int, by_links: bool) -> None:
    every = range(1, layers + 1)
    define = [line for k in every for line in (f"Z{k} = A{k - 1}*W{k}", f"C{k} = Z{k} - ones(m)*colmean(Z{k})'",
                                               f"v{k} = colmean(C{k}.^2) + 0.00001", f"A{k} = relu(C{k}*diag(g{k}./sqrt(v{k})))")]
    d = mc.derive(f"norm2(A{layers} - Y)^2", "W1", ["A0, Y in R^(m,n)", *(f"W{k} in R^(n,n)" for k in every),
                                                    *(f"g{k} in R^n" for k in every)], define)
    assert d.verdict.kind == "proved" and (str(d.result) == "A0'*delta_Z1") is by_links, d.result


@pytest.mark.slow
def test_where_each_link_was_judged_no_point_is_looked_at_to_many_digits(monkeypatch: pytest.MonkeyPatch) -> None:
    define = [f"A{k} = A{k - 1} + softmax(A{k - 1}*W{k}*A{k - 1}')*A{k - 1} + relu(A{k - 1}*W{k})" for k in range(1, 7)]
    seen: list[object] = []
    monkeypatch.setattr(high_precision, "differ_finely", lambda asked, _: seen.append(asked))
    g = mc.derive("norm2(A6 - Y)^2", "all", ["A0, Y in R^(m,n)", *(f"W{k} in R^(n,n)" for k in range(1, 7))], define)
    assert g.verdict.kind == "proved" and g.together.kind == "checked" and not any(isinstance(asked, points.Derivative) for asked in seen)


def test_a_name_that_each_definition_has_twice_is_looked_at_once() -> None:
    names = [Name(f"H{k}", (n, n)) for n in [Dim.of("n")] for k in range(60)]
    bodies = {b: add(a, mul(a, a)) for a, b in pairwise(names)}
    assert calls(lambda: has_zeros(names[-1], bodies)) < 200*len(names)


def test_the_code_of_a_long_chain_computes_the_gradient() -> None:
    x = np.array([0.3, -0.7, 1.1])
    y, slope = x, np.ones(3)
    for _ in range(LAYERS):
        y = np.tanh(y)
        slope = slope * (1 - y**2)
    assert np.allclose(chain(LAYERS).function()(x=x), slope)


@pytest.mark.slow
def test_what_very_many_names_use_has_a_share_from_each() -> None:
    d = mc.derive(TOTAL, "W", ["h0 in R^n", "W in R^(n,n)", "u in R^n"], STEPS)
    assert d.verdict.kind == "proved" and len(d.result.args) == LAYERS
    h0, w, u = np.array([0.5, -0.2]), np.array([[0.4, 0.3], [-0.6, 0.2]]), np.array([0.1, 0.2])

    def f(w: np.ndarray) -> float:
        h, total = h0, 0.0
        for _ in range(LAYERS):
            h = np.tanh(w @ h + u)
            total += h @ h
        return total
    moved = [[(f(w + e) - f(w - e)) / 2e-6 for e in (1e-6 * np.outer(a, b) for b in np.eye(2))] for a in np.eye(2)]
    assert np.allclose(d.function()(W=w, h0=h0, u=u), moved, rtol=1e-6)


def test_several_gradients_of_a_recurrence_are_all_proved() -> None:
    g = mc.derive(TOTAL, ["W", "u"], ["h0 in R^n", "W in R^(n,n)", "u in R^n"], STEPS)
    assert g.verdict.kind == "proved" and g.together.kind == "checked" and len(g["u"].args) == LAYERS
    assert not re.search(r"Fault|Traceback", g.text())


@pytest.mark.parametrize("line", ["tanh(y{} + c/{k})", "y{}.*sin(c/{k})", "y{} + c/{k}"])
def test_links_that_are_not_alike_are_proved_one_after_the_other(line: str) -> None:
    define = ["y0 = x", *(f"y{k} = " + line.format(k - 1, k=k) for k in range(1, LAYERS + 1))]
    d = mc.derive(f"norm2(y{LAYERS})^2", "x", ["x in R^n", "c in R^n"], define)
    assert d.verdict.kind == "proved", d.verdict.detail


def test_a_claim_about_a_long_chain_is_judged() -> None:
    define = [f"y{k} = 2*{f'y{k - 1}' if k > 1 else 'x'} + b" for k in range(1, LAYERS + 1)]
    right, wrong = (mc.derive(f"norm2(y{LAYERS})^2", "x", ["x in R^n", "b in R^n"], define, claim=f"2*{c}*y{LAYERS}")
                    for c in (2**LAYERS, 2**LAYERS - 1))
    assert right.claim_verdict is not None and right.claim_verdict.kind == "proved"
    assert wrong.claim_verdict is not None and wrong.claim_verdict.kind == "refuted"


@pytest.mark.slow
def test_a_sum_of_very_many_terms_is_proved() -> None:
    terms = " + ".join(f"sin({k}*a)" for k in range(1, 1201))
    assert solve(problem(expr=terms, wrt="a")).verdict.kind == "proved"
