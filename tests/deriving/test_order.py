"""Terms stand where they were typed, and keep their places when one of them is gone or when a factor is taken out."""

from __future__ import annotations

import re

import pytest

from matcalc import api


@pytest.mark.parametrize(("text", "lines"), [
    ("x'*A*x + b'*x + c", ["df = d(xᵀ A x + bᵀ x + c)", "= d(xᵀ A x) + d(bᵀ x)", "= 2 xᵀ A dx + bᵀ dx", "= (2 xᵀ A + bᵀ) dx"]),
    ("b'*x + x'*A*x + c", ["df = d(bᵀ x + xᵀ A x + c)", "= d(bᵀ x) + d(xᵀ A x)", "= bᵀ dx + 2 xᵀ A dx", "= (bᵀ + 2 xᵀ A) dx"])])
def test_terms_keep_their_places(text: str, lines: list[str]) -> None:
    page = api.derive(text, "x", ["A in R^(n,n) symmetric", "x, b in R^n", "c in R"]).text(120)
    at = [page.index(line) for line in lines]
    assert at == sorted(at)


def test_terms_of_a_result_in_names_keep_their_places() -> None:
    found = api.derive(" + ".join(f"sin({k}*a'*x)" for k in range(1, 13)), "x", declare=["a in R^n", "x in R^n"])
    shown = [line for line in str(found).splitlines() if "t)" in line]
    places = re.findall(r"cos\((\d*)\s?t\)", " ".join(shown))
    assert places == ["", *map(str, range(2, 13))]
