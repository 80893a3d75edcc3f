"""X^k with k a size: laws, the derivative of its trace against central differences, what is refused."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from matcalc import judges
from matcalc.codegen.numpy import source
from matcalc.deriving.derivation import Unfinished
from matcalc.deriving.engine import derive
from matcalc.language.expr import InputError
from matcalc.reading.parse import parse, problem

DECLARE = ["A in R^(n,n)", "B in R^(m,n)", "S in R^(n,n) symmetric", "c in R", "x in R^n", "P in R^(n,n) spd"]


@pytest.mark.parametrize(("text", "kind"), [
    ("X^k*X == X^(k+1)", "proved"), ("X^k*X^m == X^(k+m)", "proved"), ("X*X^k == X^k*X", "proved"), ("(X^k)^m == X^(k*m)", "proved"),
    ("(c*X)^k == c^k*X^k", "proved"), ("inv(X)^k == inv(X^k)", "proved"), ("X^k*inv(X^k) == eye(n)", "proved"),
    ("(X')^k == (X^k)'", "proved"),
    ("det(X^k) == det(X)^k", "proved"), ("logdet(X^k) == k*logdet(X)", "proved"), ("diag(x)^k == diag(x.^k)", "proved"),
    ("d(tr(X^k)) == k*tr(X^(k-1)*d(X))", "proved"), ("d(tr(S^k))/d(S) == k*S^(k-1)", "proved"), ("S^k == (S^k)'", "proved"),
    ("d(tr(X^k)) == k*tr(X^k*d(X))", "refuted"), ("d(tr(X^k))/d(X) == k*X^(k-1)", "refuted"), ("X^k*X == X^(k+2)", "refuted"),
    ("tr(X^k) == tr(X)^k", "refuted"), ("(A*X)^k == A^k*X^k", "refuted"), ("X^k == (X^k)'", "refuted"),
    ("X^k*X^k == X^(k^2)", "refuted"), ("X^k*X^-k == eye(n)", "proved"), ("X^-k == inv(X^k)", "proved"), ("X^-k == X^k", "refuted")])
def test_laws_of_powers_are_judged(text: str, kind: str) -> None:
    assert judges.equation(problem(DECLARE, prove=text)).kind == kind


@pytest.mark.parametrize(("text", "wrt", "result"), [
    ("tr(X^k)", "X", "k*(X^(k - 1))'"), ("tr((A*X)^k)/k", "X", "A'*((A*X)^(k - 1))'"),
    ("tr((c*A)^k)", "c", "k*c^(k - 1)*tr(A^k)"), ("exp(tr(S^k))", "S", "k*exp(tr(S^k))*S^(k - 1)"),
    ("tr((B'*B)^(k+1))", "B", "2*(k + 1)*B*(B'*B)^k"), ("logdet(P^k)", "P", "k*inv(P)"),
    ("tr((P + x*x')^k)", "x", "2*k*(P + x*x')^(k - 1)*x")])
def test_derivatives_of_powers_are_proved_and_computed(text: str, wrt: str, result: str, tally: Any) -> None:
    p = problem(DECLARE, expr=text, wrt=wrt)
    d = derive(p)
    found = judges.derivative(p, d)
    assert d.result is parse(result, p.scope), str(d.result)
    assert found.kind == "proved" and judges.replay(d).kind == "checked", found
    rng = np.random.default_rng(3)
    a = rng.standard_normal((3, 3)) / 2
    values: dict[str, Any] = {"A": a, "B": rng.standard_normal((4, 3)) / 2, "S": a + a.T, "c": 0.7, "x": rng.standard_normal(3),
                              "P": a @ a.T + np.eye(3),
                              "X": rng.standard_normal((3, 3)) / 2, "k": 3, "n": 3, "m": 4}
    if wrt in ("S", "P"):
        return

    def at(body: Any, given: dict[str, Any]) -> Any:
        space: dict[str, Any] = {}
        exec(source(p, body, d.where if body is d.result else []), space)
        return space["grad"](*(given[n] for n in space["grad"].__code__.co_varnames[:space["grad"].__code__.co_argcount]))
    base = np.asarray(values[wrt], float)
    want = np.zeros_like(base).reshape(-1)
    for i in range(want.size):
        moved = [base.reshape(-1).copy() for _ in range(2)]
        moved[0][i] += 1e-5
        moved[1][i] -= 1e-5
        high, low = (at(p.f, {**values, wrt: v.reshape(base.shape) if base.shape else v.item()}) for v in moved)
        want[i] = np.asarray(high - low).item() / 2e-5
    assert np.allclose(np.asarray(at(d.result, values)).reshape(-1), want, rtol=1e-5, atol=1e-6)
    tally["powers of size"] |= {"against differences": tally["powers of size"]["against differences"] + 1}


@pytest.mark.parametrize("text", ["x'*X^k*x", "norm2(X^k)^2", "tr(A*X^k)", "tr(X^(k-1))"])
def test_what_is_a_sum_of_k_terms_is_refused_by_name(text: str) -> None:
    with pytest.raises(Unfinished, match="a sum of"):
        derive(problem(DECLARE, expr=text, wrt="X"))


@pytest.mark.parametrize(("text", "said"), [
    ("A^c", "a matrix power needs an integer exponent"), ("A^(1/2)", "a matrix power needs an integer exponent"),
    ("B^k", "only a square matrix has powers")])
def test_what_is_no_power(text: str, said: str) -> None:
    with pytest.raises(InputError, match=said):
        problem(DECLARE, expr=text)


def test_a_power_of_a_scalar_is_what_it_was() -> None:
    assert problem(expr="x^k", wrt="x").inferred == ["k in R", "x in R"] and problem(expr="A^T*x").read == ("A'*x",)


@pytest.mark.parametrize(("text", "kind"), [
    ("abs(k - 1) == k - 1", "proved"), ("abs(k*m - m) == k*m - m", "proved"), ("abs(1 - k) == k - 1", "proved"),
    ("abs(k*m - k - m + 1) == (k - 1)*(m - 1)", "proved"), ("abs(k - 2) == k - 2", "refuted"), ("abs(k - m) == k - m", "refuted"),
    ("abs(1 - k) == 1 - k", "refuted"), ("abs(k^2 - 2*k) == k^2 - 2*k", "refuted")])
def test_the_absolute_value_of_a_polynomial_in_sizes(text: str, kind: str) -> None:
    assert judges.equation(problem(["X in R^(k,m)"], prove=text)).kind == kind
