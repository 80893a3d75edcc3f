"""Cotangents, tangents and Hessian products: derivatives that never need a Kronecker product."""

from __future__ import annotations

import json

import numpy as np
import pytest

import matcalc as mc
from matcalc.batches.lines import answer


@pytest.mark.parametrize(("expr", "wrt", "declare", "found"), [
    ("A*X*B", "X", [], "A'*G*B'"),
    ("inv(X)", "X", ["X in R^(n,n)"], "-inv(X)'*G*inv(X)'"),
    ("tanh(X*W)", "W", [], "X'*(G.*(ones(n,k) - tanh(X*W).^2))"),
    ("x*x'", "x", ["x in R^n"], "(G + G')*x"),
    ("x'*x", "x", ["x in R^n"], "2*G*x"),
])
def test_a_pull_back_is_proved(expr: str, wrt: str, declare: list[str], found: str) -> None:
    d = mc.derive(expr, wrt, declare, cotangent="G", claim=found)
    assert d.verdict.kind == "proved" and d.claim_verdict is not None and d.claim_verdict.kind == "proved"
    assert "kron" not in str(d.result) and "Given" in d.text()


@pytest.mark.parametrize(("expr", "wrt", "declare", "found"), [
    ("A*X*B", "X", ["X in R^(m,n)", "V in R^(m,n)"], "A*V*B"),
    ("inv(X)", "X", ["X in R^(n,n)", "V in R^(n,n)"], "-inv(X)*V*inv(X)"),
    ("x'*S*x", "S", ["S in R^(n,n) spd", "V in R^(n,n)"], "x'*V*x"),
    ("abs(x) + log(x)", "x", ["x in R^n positive", "V in R^n"], "V + V./x"),
    ("norm2(A*x - b)^2", "x", ["A in R^(m,n)", "V in R^n"], "2*(A*x - b)'*A*V"),
    ("b", "x", ["b in R^n", "x in R^n", "V in R^n"], "zeros(n)"),
])
def test_a_push_forward_is_proved(expr: str, wrt: str, declare: list[str], found: str) -> None:
    d = mc.derive(expr, wrt, declare, tangent="V", claim=found)
    assert d.verdict.kind == "proved" and d.claim_verdict is not None and d.claim_verdict.kind == "proved"
    wrong = mc.derive(expr, wrt, declare, tangent="V", claim=f"{found} + 2*({found})" if expr != "b" else "b")
    assert wrong.claim_verdict is not None and wrong.claim_verdict.kind == "refuted"


@pytest.mark.parametrize(("expr", "wrt", "declare", "found"), [
    ("logdet(X)", "X", ["X in R^(n,n)", "V in R^(n,n)"], "-inv(X)'*V'*inv(X)'"),
    ("logsumexp(A*x)", "x", ["A in R^(m,n)", "V in R^n"], "A'*(diag(softmax(A*x)) - softmax(A*x)*softmax(A*x)')*A*V"),
    ("x'*S*x", "x", ["S in R^(n,n) symmetric", "V in R^n"], "2*S*V"),
    ("norm2(X*X' - Y)^2", "X", ["X in R^(m,k)", "V in R^(m,k)", "Y in R^(m,m) symmetric"],
     "4*(V*X' + X*V')*X + 4*(X*X' - Y)*V"),
])
def test_a_hessian_times_a_vector_needs_no_hessian(expr: str, wrt: str, declare: list[str], found: str) -> None:
    d = mc.derive(expr, wrt, declare, hvp="V", claim=found)
    assert d.verdict.kind in ("proved", "checked") and d.claim_verdict is not None and d.claim_verdict.kind in ("proved", "checked")
    assert "kron" not in str(d.result) and "its gradient is the Hessian times V" in d.text()


def test_code_of_all_three() -> None:
    rng = np.random.default_rng(2)
    a, x, v, g = rng.normal(size=(3, 2)), rng.normal(size=2), rng.normal(size=2), rng.normal(size=3)
    jac = a*(1 - np.tanh(a @ x)**2)[:, None]
    for kind, name, given, want in (("tangent", "v", v, jac @ v), ("cotangent", "g", g, jac.T @ g)):
        run: dict[str, object] = {}
        exec(mc.derive("tanh(A*x)", "x", **{kind: name}).numpy(), run)  # type: ignore[call-overload]
        np.testing.assert_allclose(run["grad"](A=a, x=x, **{name: given}), want)  # type: ignore[operator]
    run = {}
    exec(mc.derive("sum(tanh(A*x))", "x", hvp="v").numpy(), run)
    t = np.tanh(a @ x)
    np.testing.assert_allclose(run["grad"](A=a, x=x, v=v), a.T @ (-2*t*(1 - t**2)*(a @ v)))  # type: ignore[operator]


def test_attention_by_its_three_matrices() -> None:
    g = mc.derive("P*V", ["Q", "K", "V"], define=["P = softmax(Q*K'/sqrt(n))"], declare=["Q in R^(m,n)", "K in R^(k,n)"], cotangent="G")
    assert str(g["V"]) == "P'*G" and str(g.deltas["delta_P"]) == "G*V'" and g.verdict.kind == "proved"


@pytest.mark.parametrize(("more", "said"), [
    ({"tangent": "A"}, "the direction A is"), ({"tangent": "x"}, "cannot be the variable itself"),
    ({"cotangent": "1"}, "must be a single name"), ({"tangent": "V", "order": 2}, "use only one of cotangent, tangent, hvp and order 2"),
    ({"hvp": "V"}, "hvp is for a scalar function"),
    ({"cotangent": "n"}, "n is a size"),
])
def test_a_bad_direction_is_refused_by_name(more: dict[str, object], said: str) -> None:
    with pytest.raises(mc.InputError, match=said):
        mc.derive("A*x", "x", ["A in R^(m,n)"], **more)  # type: ignore[call-overload]


def test_a_line_of_a_batch_may_ask_along_a_direction() -> None:
    out = json.loads(answer('{"expr": "A*x", "wrt": "x", "tangent": "v"}'))
    assert out["result"] == "A*v" and out["shape"] == ["n", "1"] and out["verdict"] == "proved"
    assert json.loads(answer('{"expr": "A*x", "wrt": ["A", "x"], "cotangent": "g"}'))["results"] == {"A": "g*x'", "x": "A'*g"}


def test_in_numerator_layout_every_line_is_in_that_layout() -> None:
    page = mc.derive("norm2(X*W - Y)^2", "W", ["X in R^(n,d)", "W in R^(d,k)"], hvp="V", layout="numerator").text()
    assert page.count("k × d, numerator layout; transposed in denominator layout") == 2
    assert "d × k, denominator layout" not in page and "φ = tr(∂f/∂W V)" in page and "∂f/∂W = 2 (X W − Y)ᵀ X" in page
