"""What is too large for a quick look, or has no value however many digits are taken, is left alone after few operations."""

from typing import Any

import pytest

from matcalc.api import derive, prove
from matcalc.proof.at_points import high_precision
from matcalc.proof.at_points.field import Field
from matcalc.reading.parse import problem
from matcalc.deriving import engine
from matcalc.render.story import story
from matcalc.deriving.tidy import Tidier


def counted(monkeypatch: pytest.MonkeyPatch, of: Any, name: str) -> list[int]:
    calls: list[int] = []
    plain = getattr(of, name)
    monkeypatch.setattr(of, name, lambda *given: calls.append(1) or plain(*given))
    return calls


@pytest.mark.slow
def test_towers_of_kronecker_products(monkeypatch: pytest.MonkeyPatch) -> None:
    calls = counted(monkeypatch, Field, "scale")
    for tower in ("kron(kron(kron(X,X),kron(X,X)),kron(kron(X,X),kron(X,X)))", "kron(kron(kron(kron(kron(kron(X,X),X),X),X),X),X)"):
        assert derive(f"sum({tower})", "X", ["X in R^(n,n)"]).verdict.kind == "proved"
    assert len(calls) < 100_000


def test_a_value_that_grows_with_the_digits(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[int] = []
    sides = high_precision._sides
    monkeypatch.setattr(high_precision, "_sides", lambda *given: seen.append(given[2]) or sides(*given))
    assert prove("tan(pi/2 + pi*n)*tr(A) == tr(A)", ["A in R^(n,n)"]).kind == "undecided"
    assert 0 < max(seen) < 600


@pytest.mark.slow
def test_the_other_layout_of_a_long_result(monkeypatch: pytest.MonkeyPatch) -> None:
    expr = "x"
    for _ in range(8):
        expr = f"softmax({expr})"
    d = engine.derive(problem(["x in R^n"], expr=expr, wrt="x"))
    calls = counted(monkeypatch, Tidier, "rewrite")
    assert "transposed" in str(story(d).blocks) and len(calls) < 500


@pytest.mark.slow
def test_tidying_a_long_product_of_sums(monkeypatch: pytest.MonkeyPatch) -> None:
    tries = []
    for k in (5, 7):
        p = problem([f"a{i} in R^n" for i in range(k)], expr="*".join(f"(diag(a{i}) - a{i}*a{i}')" for i in range(k)), wrt="a0")
        with monkeypatch.context() as m:
            calls = counted(m, Tidier, "rewrite")
            engine.tidier_for(p)(p.f)
        tries.append(len(calls))
    assert tries[1] < 3 * tries[0]
