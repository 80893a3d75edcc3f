"""Sums over indices are read entry by entry: the reading has the value that the formula has, term by term."""

from __future__ import annotations

import math
import random
from typing import Any

import numpy as np
import pytest

from matcalc import judges
from matcalc.language.shape import InputError
from matcalc.reading.parse import problem
from tests.reference import Reference

SIZES = {"n": 4, "m": 3}

DECLARE = ["x, y in R^n", "A, B in R^(n,m)", "z in R^m", "X in R^(n,m)", "w in R^m", "c in R", "S in R^(n,n)"]
READ = [
    (r"\sum_i y_i^2", "sum(y.^2)"), (r"\sum_{i=1}^n (x_i - y_i)^2", "sum((x - y).^2)"), ("sum_i y_i log(x_i)", "sum(y.*log(x))"),
    ("∑ᵢ xᵢ²", "sum(x.^2)"), ("∑_{i=1}^n x_i y_i", "sum(x.*y)"), (r"-\sum_i y_i \log x_i", "-sum(y.*log(x))"),
    (r"\sum_{ij} A_{ij} x_i z_j", "sum(x.*(A*z))"), (r"\sum_{i,j} A_{ij}^2", "sum(A.^2)"),
    (r"\sum_i\sum_j A_{ij} B_{ij}", "sum(rowsum(A.*B))"),
    (r"\sum_i (\sum_j A_{ij} z_j - y_i)^2", "sum((A*z - y).^2)"), (r"\sum_j (\sum_i A_{ij} x_i)^2", "sum((A'*x).^2)"),
    (r"\log \sum_i e^{x_i}", "log(sum(exp(x)))"), (r"\sum_i \frac{x_i}{1 + y_i^2}", "sum(x./(1 + y.^2))"), (r"\sum_i |x_i|", "sum(abs(x))"),
    (r"\sum_i x[i]*y[i]", "sum(x.*y)"), (r"\sum_i S_{ii}", "sum(diag(S))"), (r"\sum_i \max(0, x_i)", "sum(relu(x))"),
    (r"\sum_i \sqrt{x_i}", "sum(sqrt(x))"), (r"\sum_{i,j} (A_{ij} - x_i z_j)^2", "sum((A - x*z').^2)"),
    (r"\sum_i (x_i + c)^2", "sum((x + c).^2)"),
    (r"\sum_i \log\sum_j \exp(A_{ij})", "sum(log(rowsum(exp(A))))"), (r"\sum_i x_i \sum_j z_j", "sum(x*sum(z))"),
    (r"\frac{1}{n}\sum_{i=1}^n x_i", "1/n*sum(x)"), (r"c\sum_i x_i + 1", "c*sum(x) + 1"), (r"\sum_{i,j} S_{ij} S_{ji}", "sum(S.*S')")]
ROWS = [(r"\sum_i (x_i^\top w - y_i)^2", "sum((X*w - y).^2)"), (r"\sum_i y_i w^T x_i", "sum(y.*(X*w))"),
        (r"\sum_i \log(1 + \exp(-y_i w^\top x_i))", "sum(log(1 + exp(-y.*(X*w))))"),
        (r"\sum_i \sigma(w^\top x_i)", "sum(sigmoid(X*w))")]
REFUSED = [(r"\sum_{i=2}^n x_i", "begin at 1"), (r"\sum_{i=1}^m x_i", "up to m"), (r"\sum_i z_j", "nothing under"),
           (r"\sum_i x_i + y_i", "outside the sum"), (r"\sum_i \sum_i x_i", "this sum"), (r"\sum_i x_i^{y_i}", "power with an index"),
           (r"\sum_{i<j} x_i x_j", "this sum"), (r"\sum x_i", "with its index"),
           (r"\sum_i f(x_i)", "not declared"), (r"\sum_{ijk} A_{ij} B_{jk} S_{ki}", "up to m here"),
           (r"\sum_i A_i", "two indices"), (r"\sum_c x_c", "this sum")]


def same(one: str, two: str, declare: list[str]) -> bool:
    return judges.equation(problem(declare, prove=f"{one} == {two}")).kind in ("proved", "checked")


@pytest.mark.parametrize(("text", "reading"), READ)
def test_a_sum_over_an_index_is_read(text: str, reading: str) -> None:
    assert same(text, reading, DECLARE)


@pytest.mark.parametrize(("text", "reading"), ROWS)
def test_rows_of_a_declared_matrix_are_read(text: str, reading: str) -> None:
    declare = [d for d in DECLARE if not d.startswith("x,")] + ["y in R^n"]
    assert same(text, reading, declare)


@pytest.mark.parametrize(("text", "why"), REFUSED)
def test_what_is_no_sum_over_an_index_is_refused_by_name(text: str, why: str) -> None:
    with pytest.raises(InputError, match=why):
        problem(DECLARE, expr=text)


def test_sums_are_read_in_equations_and_without_declarations() -> None:
    p = problem(prove=r"\frac{\partial}{\partial x} \sum_i x_i^2 = 2x")
    assert [str(v.shape) for v in p.variables.values()] == [str(problem(["x in R^n"], expr="x").variables["x"].shape)]


class Formula:
    """A random formula over i, or i and j, as text and as a function of the entries."""

    def __init__(self, rng: random.Random) -> None:
        self.rng = rng

    def make(self, letters: str, depth: int) -> tuple[str, Any]:
        rng = self.rng
        if depth == 0 or rng.random() < 0.2:
            both = len(letters) == 2
            pick = rng.choice(["x_i", "y_i", "2", "c", *(("z_j", "A_{ij}", "B_{ij}") if both else ())])

            def entry(v: dict[str, Any], i: int, j: int) -> float:
                value = v.get(pick[0], 2.0)
                return float(value[i][j] if "{" in pick else value[i] if "i" in pick else value[j] if "j" in pick else value)
            return pick, entry
        kind = rng.randrange(5)
        a, fa = self.make(letters, depth - 1)
        if kind == 0:
            b, fb = self.make(letters, depth - 1)
            return f"({a}) \\cdot ({b})", lambda v, i, j: fa(v, i, j) * fb(v, i, j)
        if kind == 1:
            return f"({a})^2", lambda v, i, j: fa(v, i, j) ** 2
        if kind == 2:
            return f"\\tanh({a})", lambda v, i, j: math.tanh(fa(v, i, j))
        if kind == 3 and letters == "i":
            b, fb = self.make("ij", depth - 1)
            return f"\\sum_j ({b})", lambda v, i, j: sum(fb(v, i, k) for k in range(len(v["z"])))
        b, fb = self.make(letters, depth - 1)
        return f"({a} - {b})", lambda v, i, j: fa(v, i, j) - fb(v, i, j)


@pytest.mark.slow
def test_random_formulas_have_the_value_of_their_terms(tally: Any) -> None:
    rng = random.Random(20261128)
    for _ in range(400):
        text, value = Formula(rng).make("i", 3)
        try:
            p = problem(DECLARE, expr=f"\\sum_i ({text})")
        except InputError:
            tally["index sums"]["refused"] += 1
            continue
        v = {name: [rng.uniform(0.2, 1) for _ in range(n)] for name, n in (("x", 4), ("y", 4), ("z", 3))}
        v |= {name: [[rng.uniform(0.2, 1) for _ in range(3)] for _ in range(4)] for name in "AB"}
        v["c"] = rng.uniform(0.2, 1)  # type: ignore[assignment]
        want = sum(value(v, i, 0) for i in range(4))
        assert p.f is not None
        values = {name: np.array([[v[name.name]]] if name.name == "c" else v[name.name]).reshape(*(d.value(SIZES) for d in name.shape))
                  for name in p.f.names if name.kind != "size"}
        got = Reference(values, SIZES)(p.f)[0, 0]
        assert abs(got - want) < 1e-9 * (1 + abs(want)), (text, str(p.f), got, want)
        tally["index sums"]["as their terms"] += 1
