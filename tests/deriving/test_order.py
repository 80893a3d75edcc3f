"""Terms stand where they were typed, and keep their places when one of them is gone or when a factor is taken out."""

from __future__ import annotations

import pytest

from matcalc import api


@pytest.mark.parametrize(("text", "lines"), [
    ("x'*A*x + b'*x + c", ["df = d(xᵀ A x + bᵀ x + c)", "= d(xᵀ A x) + d(bᵀ x)", "= 2 xᵀ A dx + bᵀ dx", "= (2 xᵀ A + bᵀ) dx"]),
    ("b'*x + x'*A*x + c", ["df = d(bᵀ x + xᵀ A x + c)", "= d(bᵀ x) + d(xᵀ A x)", "= bᵀ dx + 2 xᵀ A dx", "= (bᵀ + 2 xᵀ A) dx"])])
def test_terms_keep_their_places(text: str, lines: list[str]) -> None:
    page = api.derive(text, "x", ["A in R^(n,n) symmetric", "x, b in R^n", "c in R"]).text(120)
    at = [page.index(line) for line in lines]
    assert at == sorted(at)
