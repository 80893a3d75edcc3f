"""The counterexample shown is small, has the structure declared, and can be computed by hand."""

from __future__ import annotations

import pytest

from matcalc import api

SQUARE = ["A in R^(n,n)", "B in R^(n,n)", "x in R^n", "S in R^(n,n) spd", "Q in R^(n,n) orthogonal", "y in R^n simplex"]


@pytest.mark.parametrize(("claim", "size"), [
    ("A*B == B*A", 2), ("A == A'", 2), ("det(A + B) == det(A) + det(B)", 2), ("det(2*A) == 2*det(A)", 2),
    ("norm2(x) == norm1(x)", 2), ("tr(A*B) == tr(A)*tr(B)", 2), ("S == eye(n)", 1), ("Q*Q == eye(n)", 2), ("x == 0*x", 1),
    ("exp(x) == ones(n) + x", 1), ("y == y.^2", 2), ("adj(A) == A", 1), ("n*x == 3*x", 1)])
def test_the_counterexample_is_of_the_smallest_size(claim: str, size: int) -> None:
    v = api.prove(claim, SQUARE)
    assert v.kind == "refuted" and v.witness is not None
    assert v.witness["sizes"] == {"n": size}
    assert abs(v.witness["left"] - v.witness["right"]) > 1e-3


def test_the_numbers_are_those_of_the_matrices() -> None:
    w = api.prove("A*B == B*A", SQUARE).witness
    assert w is not None
    a, b = w["A"], w["B"]
    i, j = (k - 1 for k in w["entry"])
    assert w["left"] == sum(a[i][k] * b[k][j] for k in range(2))
    assert w["right"] == sum(b[i][k] * a[k][j] for k in range(2))
    assert all(x in (-1, 0, 1, 2) for m in (a, b) for r in m for x in r)


def test_directions_are_told() -> None:
    w = api.prove("d(x'*x) == x'*d(x)", SQUARE).witness
    assert w is not None
    assert w["left"] == 2 * sum(p * q for p, q in zip(w["x"], w["d(x)"], strict=True)) == 2 * w["right"]


def test_structure_and_assumptions_hold_at_the_witness() -> None:
    w = api.prove("S == 2*S", SQUARE).witness
    assert w is not None and w["S"][0][0] > 0
    w = api.prove("z == z.^2", ["z in R^n"], assume=["sum(z) = 1"]).witness
    assert w is not None and abs(sum(w["z"]) - 1) < 1e-9


def test_a_size_that_stands_as_a_number_is_looked_at_twice() -> None:
    v = api.prove("n*(diag(softmax(x)) - softmax(x)*softmax(x)') == 3*(diag(softmax(x)) - softmax(x)*softmax(x)')", ["x in R^n"])
    assert v.kind == "refuted"
