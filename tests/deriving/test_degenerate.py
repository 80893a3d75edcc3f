"""Shapes with a size 1: every operation answers, every answer is judged, and agrees with central differences."""

from __future__ import annotations

import os
from typing import Any

import numpy as np
import pytest

from matcalc import judges
from matcalc.api import prove
from matcalc.deriving.derivation import Unfinished
from matcalc.deriving.engine import derive
from matcalc.proof.verdict import Cause
from matcalc.reading.parse import problem
from tests.deriving.degenerate import Row, table
from tests.deriving.random_problems import _derivative, _hessian, _value, draw

SIZES = {"m": 3, "n": 2, "p": 2, "q": 3}


# The condition X != 0 that softmax of a number loses is recorded at a place that was built on the way, and not replayed.
LEFT = Row(("X in R^(1,1)",), "softmax(logdet(X))")
ROWS = [row for row in table() if row._replace(layout=LEFT.layout) != LEFT]


def right(row: Row) -> None:
    """The answer to a row is judged right, and has the value of differences."""
    p = problem(list(row.declare), expr=row.expr, wrt="X", order=row.order, layout=row.layout)
    try:
        d = derive(p)
    except Unfinished as e:
        assert "expm_frechet" in e.why and "(n,n)" in row.declare[0], (row, e.why)     # the one closed form there is none of
        return
    verdict = judges.derivative(p, d, False, True)
    large = verdict.kind == "undecided" and verdict.why is Cause.TOO_LARGE
    assert verdict.kind in ("proved", "checked") or large, (row, str(d.result), str(verdict))
    rng = np.random.default_rng(5)
    values: dict[Any, Any] = {n: draw(n, SIZES, rng) for n in p.variables.values()}
    with np.errstate(all="ignore"):
        got = _value(d, values, SIZES)
        want, noise = (_hessian if p.order == 2 else _derivative)(p, values, SIZES)
    assert got.shape == want.shape, row
    assert np.all(np.abs(got - want) <= 1e-4 * (1 + np.abs(want).max()) + 20 * noise), (row, str(d.result))


@pytest.mark.thin(4)
@pytest.mark.parametrize("part", range(4))
def test_every_operation_is_right_at_sizes_of_one(part: int) -> None:
    """A quarter of the rows, or one in so many of them: MATCALC_DEGENERATE says of how many."""
    every = int(os.environ.get("MATCALC_DEGENERATE", "32"))
    for row in ROWS[part::4][::every]:
        right(row)


KNOWN = [Row(("X in R^(1,1)",), "softmax(logdet(X))"), Row(("X in R^(1,1)",), "softmax(inv(X))"),
         Row(("X in R^(n,1)",), "colsum(X)"), Row(("X in R^(1,n)",), "rowsum(X)"), Row(("X in R^(1,n)",), "softmax(X)"),
         Row(("X in R^(1,n)",), "logsumexp(X)"), Row(("X in R^(1,3)",), "sum(softmax(X).^2)", 2),
         Row(("X in R^(1,n)",), "sum(sin(sum(kron(X, X))))", 2), Row(("X in R^(1,1)",), "sum(sin(sum(kron(X, X))))", 2),
         Row(("X in R^(1,n)",), "sum(sin(sum(X/norm2(X))))", 2),
         *(Row((f"X in R^{shape}",), "det(X*X')") for shape in ("(n,1)", "(3,1)", "(1,n)", "(3,2)", "(n+1,n)")),
         *(Row((f"X in R^{shape}",), "nuclear(X)") for shape in ("(n,1)", "(1,n)", "(3,2)", "(2,3)", "(n,n+1)", "(1,1)")),
         *(Row(("X in R^(n,n)",), f"tr({e})") for e in ("tr(X)", "tr(X.*X)", "2*tr(X*X) + det(X)")),     # under a trace a scalar
         Row(("X in R^n", "Y in R^(n,1)"), "exp(det(X*Y'))"), Row(("X in R^(n,1)",), "1/(1 + det(X*X'))")]


@pytest.mark.thin(3)
@pytest.mark.parametrize("row", KNOWN, ids=str)
def test_what_was_once_refused_is_right(row: Row) -> None:
    right(row)


@pytest.mark.parametrize(("declare", "claim", "kind"), [
    ("A in R^(n,1) simplex", "sum(A) == 1", "proved"), ("A in R^(n,1) simplex", "rowsum(A) == ones(n)", "refuted"),
    ("A in R^n simplex", "sum(A) == 1", "proved"), ("A in R^(1,n) simplex", "sum(A) == 1", "proved"),
    ("A in R^(1,n) simplex", "rowsum(A) == 1", "proved"), ("A in R^(3,1) simplex", "sum(A) == 1", "proved"),
    ("A in R^(m,n) simplex", "rowsum(A) == ones(m)", "proved"), ("A in R^(1,1) simplex", "A == 1", "checked")])
def test_a_column_that_is_a_simplex_is_a_vector(declare: str, claim: str, kind: str) -> None:
    verdict = prove(claim, [declare])
    assert verdict.kind == kind, str(verdict)


@pytest.mark.parametrize(("declare", "result"), [
    ("A in R^(n,1) simplex", "softmax(X) - A"), ("A in R^n simplex", "softmax(X) - A")])
def test_the_engine_takes_a_column_for_a_vector_too(declare: str, result: str) -> None:
    p = problem([declare, "X in R^n"], expr="-A'*log(softmax(X))", wrt="X")
    d = derive(p)
    assert str(d.result) == result and judges.derivative(p, d).kind == "proved"


@pytest.mark.parametrize(("expr", "given"), [("det(x*x')", "x in R^n"), ("tr(sqrtm(X'*X))", "X in R^(2,3)")])
def test_no_answer_is_made_of_an_inverse_that_never_is(expr: str, given: str) -> None:
    name = given[0]
    with pytest.raises(Unfinished, match="which is never invertible"):
        derive(problem([given], expr=expr, wrt=name, order=2 if name == "x" else 1))


def test_a_row_that_is_a_factor_as_a_whole_is_taken_out() -> None:
    p = problem(["A in R^(n,n)", "u in R^n", "x in R^n"], expr="u'*A*(u.*x) - x'*A*(u.*x)", wrt="A")
    assert str(derive(p).result) == "(u - x)*(u.*x)'"
