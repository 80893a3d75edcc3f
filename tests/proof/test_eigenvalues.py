"""Eigenvalues of symmetric matrices, singular values and the spectral norm: derivatives against differences, laws, what is refused."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from matcalc import api, judges
from matcalc.deriving.derivation import Unfinished
from matcalc.deriving.engine import derive
from matcalc.language.expr import InputError
from matcalc.reading.parse import problem

DECLARE = ["S in R^(n,n) symmetric", "P in R^(n,n) spd", "B in R^(n,n) symmetric", "x in R^n", "c in R", "X in R^(m,n)", "A in R^(n,n)"]


def _huber(t: Any) -> Any:
    return np.where(np.abs(t) > 1, np.abs(t) - 0.5, t * t / 2)


@pytest.mark.parametrize(("text", "wrt"), [
    ("eigmax(S + c*B)", "c"), ("eigmax(x*x' + P)", "x"), ("spectral(X)", "X"), ("norm(X, 2)^2", "X"), ("log(eigmax(X'*X + P))", "X"),
    ("eigmax((A + A')/2)", "A"), ("eigmax(c*S)^2", "c"), ("x'*x*eigmax(P + x*x')", "x"),
    ("sum(tanh(spectrum(S + c*B)))", "c"), ("sum(log1p(singvals(X)))", "X"), ("huber(spectrum(P + x*x'))'*x", "x")])
def test_derivatives_of_eigenvalues_are_proved_and_computed(text: str, wrt: str, tally: Any) -> None:
    p = problem(DECLARE, expr=text, wrt=wrt)
    d = derive(p)
    found = judges.derivative(p, d)
    assert found.kind == "proved" and judges.replay(d).kind == "checked", found
    assert any(("distinct" if "spectrum(" in text or "singvals(" in text else "simple") in str(c) for c in found.conditions)
    rng = np.random.default_rng(5)
    a, b, e = (rng.standard_normal((3, 3)) for _ in range(3))
    values: dict[str, Any] = {"S": a + a.T, "P": b @ b.T + np.eye(3), "B": e + e.T, "x": rng.standard_normal(3), "c": 0.6,
                              "X": rng.standard_normal((4, 3)), "A": a}
    call = api.derive(text, wrt, DECLARE)
    names = call.source("numpy").split("def grad(")[1].split(")")[0].split(", ")
    space: dict[str, Any] = {}
    exec(call.source("numpy"), space)

    def f(v: Any) -> float:
        w = {**values, wrt: v}
        lam = lambda m: np.linalg.eigvalsh(m)[-1]       # noqa: E731
        x, big = w["x"], w["X"]
        return float({"eigmax(S + c*B)": lambda: lam(w["S"] + w["c"] * w["B"]), "eigmax(x*x' + P)": lambda: lam(np.outer(x, x) + w["P"]),
                      "sum(tanh(spectrum(S + c*B)))": lambda: np.tanh(np.linalg.eigvalsh(w["S"] + w["c"] * w["B"])).sum(),
                      "sum(log1p(singvals(X)))": lambda: np.log1p(np.linalg.svd(big)[1]).sum(),
                      "huber(spectrum(P + x*x'))'*x": lambda: _huber(np.linalg.eigvalsh(w["P"] + np.outer(x, x))) @ x,
                      "spectral(X)": lambda: np.linalg.norm(big, 2), "norm(X, 2)^2": lambda: np.linalg.norm(big, 2) ** 2,
                      "log(eigmax(X'*X + P))": lambda: np.log(lam(big.T @ big + w["P"])),
                      "eigmax((A + A')/2)": lambda: lam((w["A"] + w["A"].T) / 2),
                      "eigmax(c*S)^2": lambda: lam(w["c"] * w["S"]) ** 2,
                      "x'*x*eigmax(P + x*x')": lambda: x @ x * lam(w["P"] + np.outer(x, x))}[text]())
    got = np.asarray(space["grad"](*(values[n] for n in names)))
    base = np.asarray(values[wrt], float)
    want = np.zeros(max(base.size, 1))
    for i in range(want.size):
        step = np.zeros(want.size)
        step[i] = 1e-6
        step = step.reshape(base.shape)
        want[i] = (f(base + step) - f(base - step)) / 2e-6
    assert np.allclose(got.reshape(-1), want, atol=1e-5), text
    tally["eigenvalues"] |= {"against differences": tally["eigenvalues"]["against differences"] + 1}


def test_the_eigenvector_has_a_name() -> None:
    d = derive(problem(DECLARE, expr="eigmax(S)", wrt="S"))
    assert str(d.result) == "v*v'" and [(str(n), str(b)) for n, b in d.where] == [("v", "eigvec(S)")]
    assert [str(n) for n, _ in derive(problem([*DECLARE, "v in R^n"], expr="v'*v*eigmax(P)", wrt="P")).where] != ["v"]
    d = derive(problem(DECLARE, expr="sum(log1p(singvals(X)))", wrt="X"))
    assert {str(b): str(n) for n, b in d.where} == {"svdu(X)": "U", "singvals(X)": "s", "svdv(X)": "V"}


@pytest.mark.parametrize(("text", "kind"), [
    ("d(eigmax(S))/d(S) == eigvec(S)*eigvec(S)'", "proved"), ("S*eigvec(S) == eigmax(S)*eigvec(S)", "proved"),
    ("eigvec(S)'*S*eigvec(S) == eigmax(S)", "proved"), ("norm2(eigvec(P)) == 1", "proved"),
    ("d(eigmax(S)) == eigvec(S)'*d(S)*eigvec(S)", "proved"),
    ("eigmax(S - c*eye(n)) == eigmax(S) - c", "proved"), ("spectral(2*X) == 2*spectral(X)", "proved"),
    ("eigmax(-S) == -eigmax(S)", "refuted"),
    ("eigmax(c*P) == c*eigmax(P)", "refuted"), ("eigmax(S + B) == eigmax(S) + eigmax(B)", "refuted"), ("eigmax(S) == tr(S)", "refuted"),
    ("svdu(X)*diag(singvals(X))*svdv(X)' == X", "proved"), ("d(sum(singvals(A)))/d(A) == svdv(A)*svdu(A)'", "refuted"),
    ("spectrum(-S) == -spectrum(S)", "refuted"), ("eigvecs(S)*eigvecs(S)' == eye(n)", "proved"), ("singvals(P) == spectrum(P)", "refuted"),
    ("sum(singvals(X)) == nuclear(X)", "checked"), ("spectral(X) == normF(X)", "refuted"),
    ("d(spectral(X))/d(X) == X/spectral(X)", "refuted"), ("eigmax(x*x') == x'*x", "checked")])
def test_laws_of_eigenvalues_are_judged(text: str, kind: str) -> None:
    assert judges.equation(problem(DECLARE, prove=text)).kind == kind


@pytest.mark.parametrize("text", ["eigmax(A)", "x'*eigvec(A'*S)", "lambda_max(X*A*X')"])
def test_the_argument_is_symmetric(text: str) -> None:
    with pytest.raises(InputError, match="is not known to be symmetric"):
        problem(DECLARE, expr=text)


def test_the_second_derivative_is_refused_by_name() -> None:
    with pytest.raises(Unfinished, match="no rule for the differential of eigvec"):
        derive(problem(DECLARE, expr="eigmax(S)", wrt="S", order=2))
