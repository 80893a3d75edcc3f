"""The square root of a positive definite matrix, its inverse and the nuclear norm: under a trace, and what is refused."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from matcalc import api, judges
from matcalc.deriving.derivation import Unfinished
from matcalc.deriving.engine import derive
from matcalc.language.expr import InputError
from matcalc.reading.parse import parse, problem

DECLARE = ["S in R^(n,n) spd", "T in R^(n,n) spd", "X in R^(m,n)", "x in R^n", "c in R", "A in R^(n,n)"]


@pytest.mark.parametrize(("text", "wrt", "result"), [
    ("tr(sqrtm(S))", "S", "inv(sqrtm(S))/2"), ("nuclear(X)", "X", "X*inv(sqrtm(X'*X))"), ("x'*S^(-1/2)*x", "x", "2*inv(sqrtm(S))*x"),
    ("norm2(S^(1/2)*x)^2", "x", "2*S*x"), ("tr(sqrtm(S + c*T))", "c", ""), ("tr((S + x*x')^(1/2))", "x", "inv(sqrtm(S + x*x'))*x"),
    ("logdet(sqrtm(S))", "S", "inv(S)/2"), ("tr(S - 2*inv(sqrtm(S)))", "S", "eye(n) + inv(sqrtm(S))*inv(S)"),
    ("tr(S*sqrtm(S))", "S", "3*sqrtm(S)/2")])
def test_derivatives_of_roots_are_proved_and_computed(text: str, wrt: str, result: str, tally: Any) -> None:
    declare = [*DECLARE[:4], "c in R positive", DECLARE[5]]
    p = problem(declare, expr=text, wrt=wrt)
    d = derive(p)
    found = judges.derivative(p, d)
    assert not result or d.result is parse(result, p.scope), str(d.result)
    assert found.kind == "proved" and judges.replay(d).kind == "checked", (found, judges.replay(d))
    if wrt == "S":
        return
    rng = np.random.default_rng(4)
    a, b = (rng.standard_normal((3, 3)) for _ in range(2))
    values: dict[str, Any] = {"S": a @ a.T + np.eye(3), "T": b @ b.T + np.eye(3), "X": rng.standard_normal((4, 3)),
                              "x": rng.standard_normal(3), "c": 0.6, "A": a, "m": 4, "n": 3}
    code = api.derive(text, wrt, declare).source("numpy")
    space: dict[str, Any] = {}
    exec(code, space)
    names = space["grad"].__code__.co_varnames[:space["grad"].__code__.co_argcount]

    def root(m: Any, k: float = 0.5) -> Any:
        w, v = np.linalg.eigh(m)
        return v * w ** k @ v.T

    def f(v: Any) -> float:
        w = {**values, wrt: v}
        s, t, x, big, c = (w[n] for n in ("S", "T", "x", "X", "c"))
        return float({"nuclear(X)": lambda: np.linalg.norm(big, "nuc"), "x'*S^(-1/2)*x": lambda: x @ root(s, -0.5) @ x,
                      "norm2(S^(1/2)*x)^2": lambda: np.linalg.norm(root(s) @ x) ** 2,
                      "tr(sqrtm(S + c*T))": lambda: np.trace(root(s + c * t)),
                      "tr((S + x*x')^(1/2))": lambda: np.trace(root(s + np.outer(x, x)))}[text]())
    base = np.asarray(values[wrt], float)
    want = []
    for i in range(max(base.size, 1)):
        step = np.zeros(max(base.size, 1))
        step[i] = 1e-5
        want.append((f(base + step.reshape(base.shape)) - f(base - step.reshape(base.shape))) / 2e-5)
    assert np.allclose(np.asarray(space["grad"](*(values[n] for n in names))).reshape(-1), want, atol=1e-5), code
    tally["roots of matrices"] |= {"against differences": tally["roots of matrices"]["against differences"] + 1}


@pytest.mark.parametrize(("text", "kinds"), [
    ("S^(1/2)*S^(1/2) == S", "proved"), ("det(sqrtm(S)) == sqrt(det(S))", "proved"), ("sqrtm(4*S) == 2*sqrtm(S)", "proved"),
    ("S*sqrtm(S) == sqrtm(S)*S", "proved"), ("sqrtm(S)' == sqrtm(S)", "proved"), ("logdet(S^(1/2)) == logdet(S)/2", "proved"),
    ("d(tr(sqrtm(S))) == tr(inv(sqrtm(S))*d(S))/2", "proved"), ("inv(sqrtm(S)) == sqrtm(inv(S))", "checked proved"),
    ("sqrtm(S)*inv(S)*sqrtm(S) == eye(n)", "checked proved"), ("sqrtm(S) == S/2", "refuted"),
    ("sqrtm(S + T) == sqrtm(S) + sqrtm(T)", "refuted"),
    ("d(tr(sqrtm(S))) == tr(sqrtm(S)*d(S))/2", "refuted"), ("nuclear(X) == normF(X)", "refuted"),
    ("sqrtm(c^2*S) == c*sqrtm(S)", "refuted"), ("sqrtm(S^3) == S*sqrtm(S)", "proved")])
def test_laws_of_roots_are_judged(text: str, kinds: str) -> None:
    assert judges.equation(problem(DECLARE, prove=text)).kind in kinds.split()


@pytest.mark.parametrize("text", ["sqrtm(A)", "tr(A^(1/2))", "x'*(X*A)^(-1/2)*x", "sqrtm(S - T)"])
def test_the_argument_is_positive_definite(text: str) -> None:
    with pytest.raises(InputError, match="not known to be positive definite|needs an integer exponent"):
        problem([*DECLARE[:2], "X in R^(n,n)", *DECLARE[3:]], expr=text)


@pytest.mark.parametrize(("text", "wrt"), [("x'*sqrtm(S)*x", "S"), ("sum(S^(-1/2))", "S"), ("tr(sqrtm(S)*A)", "S"),
                                           ("sqrtm(S + c*T)", "c")])
def test_outside_a_trace_it_is_refused_by_name(text: str, wrt: str) -> None:
    with pytest.raises(Unfinished, match="the language cannot express the solution"):
        derive(problem([*DECLARE[:4], "c in R positive", DECLARE[5]], expr=text, wrt=wrt))
