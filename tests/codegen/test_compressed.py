"""A Hessian of Kronecker products as its factors: the sum of kron(B, A) is the Hessian that the same file computes."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from test_sources import values

import matcalc as mc
from matcalc.codegen.complete_file import pairs_of
from matcalc.reading.parse import problem

CASES = [("norm2(X - U*V')^2", "V", ["X in R^(m,n)", "U in R^(m,k)"], 1), ("norm2(A*X*B - C)^2", "X", ["A in R^(m,n)", "B in R^(k,p)"], 1),
         ("norm2(A*X - B)^2 + c*norm2(X)^2", "X", ["A in R^(m,n)", "c in R", "B in R^(m,k)"], 2),
         ("tr(X*A*X'*B)", "X", ["X in R^(m,n)"], 2), ("c*tr(X'*S*X)/2", "X", ["X in R^(m,n)", "S in R^(m,m) symmetric", "c in R"], 1)]


@pytest.mark.parametrize(("expr", "wrt", "declare", "count"), CASES, ids=[c[0] for c in CASES])
def test_the_factors_make_the_hessian(expr: str, wrt: str, declare: list[str], count: int) -> None:
    p = problem(declare, expr=expr, wrt=wrt, order=2)
    space: dict[str, Any] = {}
    exec(mc.derive(expr, wrt, declare, order=2).file("numpy"), space)
    at = {n.name: v.item() if v.size == 1 else v for n, v in values(p, 3)[0].items()}
    names = space["factors"].__code__.co_varnames[:space["factors"].__code__.co_argcount]
    hessian = space["grad"](**{n: at[n] for n in space["grad"].__code__.co_varnames[:space["grad"].__code__.co_argcount]})
    pairs = space["factors"](**{n: at[n] for n in names})
    assert len(pairs) == count
    rows, columns = at[wrt].shape
    total = sum(np.kron(np.eye(columns) if b is None else b, np.eye(rows) if a is None else a) for b, a in pairs)
    assert np.allclose(total, hessian, rtol=1e-12)


@pytest.mark.parametrize(("expr", "wrt"), [("x'*A*x", "x"), ("logdet(X)", "X"), ("c*norm2(X)^2", "X"), ("sum(exp(X))", "X")])
def test_what_is_no_such_sum_has_none(expr: str, wrt: str) -> None:
    d = mc.derive(expr, wrt, order=2, X="R^(n,n)") if wrt == "X" else mc.derive(expr, wrt, order=2)
    assert pairs_of(d.result) == [] and "def factors" not in d.file("numpy")
