"""Kronecker products, permutations and powers that are not made: what is written computes the same as if they were."""

from __future__ import annotations

import sys
import warnings
from typing import Any

import numpy as np
import pytest
from reference import Reference, close
from test_sources import run, values

from matcalc.codegen import jax as jax_source
from matcalc.codegen import numpy as numpy_source
from matcalc.codegen import torch as torch_source
from matcalc.deriving.engine import derive
from matcalc.reading.parse import problem

CASES: list[tuple[str, str, list[str], int, str]] = [
    ("logdet(X)", "X", ["X in R^(n,n)"], 2, "[_order(n, n)]"),
    ("tr(X*A*X*B)", "X", ["X in R^(m,n)", "A in R^(n,m)", "B in R^(n,m)"], 2, "_order(n, m)]"),
    ("norm2(kron(A,B)*x - y)^2", "x", ["A in R^(m,n)", "B in R^(p,q)"], 1, "x.reshape(n, q)"),
    ("norm2(kron(A,B)'*x)^2", "x", ["A in R^(m,n)", "B in R^(p,q)"], 1, "x.reshape(m, p)"),
    ("norm2(kron(A,eye(m))*x)^2", "x", ["A in R^(p,n)"], 1, "x.reshape(n, m)"),
    ("norm2(A^8*x)^2", "x", ["A in R^(n,n)"], 1, "_powered(A.T, 8, _powered(A, 8, x))"),
    ("norm2(X - U*V')^2", "V", ["X in R^(m,n)", "U in R^(m,k)"], 2, "_repeated(2*(U.T @ U), n)"),
    ("norm2(A*X)^2", "X", ["A in R^(m,n)", "X in R^(n,k)"], 2, "_blocks(2*(A.T @ A), k)"),
    ("x'*A*x", "x", ["A in R^(n,n)"], 1, "A @ x + A.T @ x|A @ x + A.T @ x|A @ x + x @ A"),
    ("a'*inv(X)*b", "X", ["X in R^(n,n)", "a in R^n", "b in R^n"], 1, "_solved(t1, a, True), "),
    ("x'*inv(X)*y + x'*inv(X)*z", "X", ["X in R^(n,n) symmetric", "x, y, z in R^n"], 1, "_solved(t1, x)"),
    ("sum(softplus(-y.*(X*w)))", "w", ["X in R^(m,n)", "w in R^n", "y in R^m"], 1, "-(X.T @ |-(X.T @ | @ X)"),
    ("sum(softplus(-y.*(X*w)))", "w", ["X in R^(m,n)", "w in R^n", "y in R^m"], 2, "t2.T @ t2"),
    ("sum(sinh(X*w))", "w", ["X in R^(m,n)", "w in R^n"], 2, "X.T*"),
    ("tr(A*X*B*C)", "X", ["A in R^(m,n)", "X in R^(n,p)", "B in R^(p,q)"], 1,
     "multi_dot([B, C, A]).T|multi_dot([B, C, A]).T|_chain(B, C, A).T"),
    ("norm2(A*X*B - C)^2", "X", ["A in R^(m,n)", "X in R^(n,p)", "B in R^(p,q)"], 1,
     "2*_through(A.T, A @ X, B, -C, B.T)"),
    ("tr(A*X*A*X)", "X", ["A in R^(n,n)"], 1, "2*(A @ X @ A).T"),           # squares: one order is as good as another
    ("norm2(A*B*C*x)^2", "x", ["A in R^(m,n)", "B in R^(n,p)", "C in R^(p,q)"], 1, "A @ (B @ (C @ x))"),
    ("A*diag(x)*B", "x", ["A in R^(m,n)", "B in R^(n,p)"], 1, "B[:, :, None]*A.T[:, None, :]"),
    ("kron(v',A)*diag(vec(eye(n)))*kron(ones(n),eye(n))*x", "x", ["v in R^n", "A in R^(m,n)", "x in R^n"], 1, "v[:, None]*A.T"),
]


@pytest.mark.parametrize(("expr", "wrt", "declare", "order", "has"), CASES, ids=[f"{c[0]}, {c[3]}" for c in CASES])
@pytest.mark.parametrize("library", ["numpy", "torch", "jax"])
def test_structure_is_used_in_code(library: str, expr: str, wrt: str, declare: list[str], order: int, has: str) -> None:
    make: Any = np.asarray
    if library != "numpy":
        module = pytest.importorskip(library, reason=f"{library} is not installed: its generated code cannot be run here")
        make = module.tensor if library == "torch" else module.numpy.asarray
        if library == "jax":
            module.config.update("jax_enable_x64", True)
    p = problem(declare=declare, expr=expr, wrt=wrt, order=order)
    d = derive(p)
    at, sizes = values(p, 3)
    writer = {"numpy": numpy_source, "torch": torch_source, "jax": jax_source}[library]
    source = writer.source(p, d.result, d.where)
    spelled = has.split("|")        # where libraries differ: for numpy, torch and jax
    assert spelled[("numpy", "torch", "jax").index(library) % len(spelled)] in source and "comm" not in source
    want = Reference(at, sizes)(d.result)
    assert close(run(source, p, at, sizes, make).reshape(want.shape), want, 1e-9)


def test_one_factorisation_serves_a_matrix_and_its_transpose(monkeypatch: pytest.MonkeyPatch) -> None:
    """With SciPy as without it, and a singular matrix has no value in either."""
    p = problem(declare=["X in R^(n,n)", "a, b in R^n"], expr="a'*inv(X)*b", wrt="X")
    d = derive(p)
    scope: dict[str, Any] = {}
    exec(numpy_source.source(p, d.result, d.where), scope)
    rng = np.random.default_rng(1)
    a, b, big = rng.normal(size=80), rng.normal(size=80), rng.normal(size=(80, 80))
    inverse = np.linalg.inv(big)
    for module in ("scipy", None):
        if module is None:
            monkeypatch.setitem(sys.modules, "scipy.linalg", None)
        assert close(scope["grad"](big, a, b), -np.outer(inverse.T @ a, inverse @ b), 1e-8)
        with pytest.raises(np.linalg.LinAlgError), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            scope["grad"](np.zeros((80, 80)), a, b)
