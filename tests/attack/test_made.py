"""Generated code that was once wrong: what it returns, whatever its lines are as long as."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import matcalc as mc

DECLARE = ["x, y in R^n", "u in R^m", "A, B in R^(n,n)", "X in R^(m,n)"]
LONG = [("norm2(tanh(sigmoid(x)) + ones(n)) + sum(h)", "h = softmax(tanh(x))"),
        ("sin(norm2(x)^2*log(1 + norm2(x)^2)) + sum(h)", "h = softmax(A*x)"),
        ("softmax(A*x)'*exp(B*x) + u'*X*h", "h = softmax(A'*x)"),
        ("u'*X*h + sum((X*A*B' + u*x').^2) + norm2(X*tanh(x) + u)^2", "h = tanh(x) + B*x")]


@pytest.mark.parametrize(("f", "define"), LONG, ids=[f for f, _ in LONG])
def test_gradients_are_arrays_also_on_long_lines(f: str, define: str) -> None:
    """A long sum stands on several lines, in brackets: the comma behind it must not make a tuple of it."""
    found = mc.derive(f, ["x", "A", "X"], declare=DECLARE, define=[define])
    source, space = found.numpy(), dict[str, Any]()
    exec(source, space)
    rng = np.random.default_rng(5)
    at = {"x": (3,), "y": (3,), "u": (2,), "A": (3, 3), "B": (3, 3), "X": (2, 3)}
    at = {n: rng.normal(size=shape)/2 for n, shape in at.items()}        # type: ignore[misc]
    _, gradients = space["value_and_grads"](**at)
    for name, gradient in gradients.items():
        assert isinstance(gradient, np.ndarray) and gradient.shape == np.shape(at[name])
        way = rng.normal(size=gradient.shape)
        ahead, behind = (space["value_and_grads"](**{**at, name: at[name] + s*1e-6*way})[0] for s in (1, -1))
        assert np.sum(gradient*way) == pytest.approx((ahead - behind)/2e-6, rel=1e-5, abs=1e-6)
