"""Every problem of the library as a file of code: it tests itself, in each library; a Hessian by second differences, a kernel too."""

from __future__ import annotations

from typing import Any

import pytest

from matcalc import api, library
from tests.solved import answers

UNTESTED = {"cross-entropy-logits-assumed", "elementwise", "product-rule", "quadratic-of-layer"}    # an equation, or a function, is given


def passes(source: str) -> bool:
    """Run the test of a file, if it has one."""
    space: dict[str, Any] = {"__name__": "written"}
    exec(source, space)
    for seed in range(2):
        space.get("check_gradient", lambda seed: None)(seed)
    return "check_gradient" in space


@pytest.mark.thin(10)
@pytest.mark.parametrize("name", library.names())
@pytest.mark.parametrize("written", ["numpy", "torch", "jax"])
def test_the_code_of_the_library_tests_itself(written: str, name: str) -> None:
    if written != "numpy":
        module: Any = pytest.importorskip(written, reason=f"{written} is not installed: its generated code cannot be run here")
        if written == "jax":
            module.config.update("jax_enable_x64", True)
    for p, found in answers(name):
        assert passes(found.file(written)) or name.rpartition("/")[2] in UNTESTED
        if p.several and p.cotangent_pair and written != "numpy":
            assert passes(found.kernel(written))


@pytest.mark.parametrize(("expr", "wrt", "declare", "options", "right", "wrong"), [
    ("x'*A*x", "x", ["A in R^(n,n)"], {"order": 2}, "A + A.T", "2*A"),
    ("A*x", "x", ["A in R^(m,n)"], {"layout": "numerator"}, "np.array(A)", "np.zeros(A.shape)"),
    ("x'*A*x", "x", ["A in R^(n,n)"], {"layout": "numerator"}, "A @ x + A.T @ x", "2*(A @ x)"),
    ("-sum(Y.*log(softmax(Z)))", "Z", ["Y in R^(m,k) simplex", "Z in R^(m,k)"], {},
     "_softmax(Z) - Y", "_softmax(Z)")])
def test_a_wrong_one_is_seen(expr: str, wrt: str, declare: list[str], options: dict[str, Any], right: str, wrong: str) -> None:
    source = api.derive(expr, wrt, declare, **options).file("numpy")
    assert source.count(right) == 1, source
    assert passes(source)
    with pytest.raises(AssertionError, match="differences give"):
        passes(source.replace(right, wrong))


def test_the_sizes_are_such_that_the_function_is_defined() -> None:
    """X'*X of a wide X is singular: n is not more than m."""
    source = api.derive("logdet(X'*X)", "X", ["X in R^(m,n)"]).file("numpy")
    assert "    n, m = 3, 4\n" in source and passes(source)
