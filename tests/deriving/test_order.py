"""Terms stand where they were typed, and keep their places when one of them is gone or when a factor is taken out."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest

from matcalc import api
from matcalc.language.expr import Apply, coefficient
from matcalc.render.naming import page_of, terms


@pytest.mark.parametrize(("text", "lines"), [
    ("x'*A*x + b'*x + c", ["df = d(xᵀ A x + bᵀ x + c)", "= d(xᵀ A x) + bᵀ dx", "= 2 xᵀ A dx + bᵀ dx", "= (2 xᵀ A + bᵀ) dx"]),
    ("b'*x + x'*A*x + c", ["df = d(bᵀ x + xᵀ A x + c)", "= bᵀ dx + d(xᵀ A x)", "= bᵀ dx + 2 xᵀ A dx", "= (bᵀ + 2 xᵀ A) dx"])])
def test_terms_keep_their_places(text: str, lines: list[str]) -> None:
    page = api.derive(text, "x", ["A in R^(n,n) symmetric", "x, b in R^n", "c in R"]).text(120)
    at = [page.index(line) for line in lines]
    assert at == sorted(at)


def test_terms_of_a_result_in_names_keep_their_places() -> None:
    found = api.derive(" + ".join(f"sin({k}*a'*x)" for k in range(1, 13)), "x", declare=["a in R^n", "x in R^n"])
    shown = [line for line in str(found).splitlines() if "t)" in line]
    places = re.findall(r"cos\((\d*)\s?t\)", " ".join(shown))
    assert places == ["", *map(str, range(2, 13))]


@pytest.mark.parametrize(("text", "wrt", "given"), [
    ("ones(n)'*(y - X*w).^2 + c*norm2(w)^2", "w", ["X in R^(n,m)", "y in R^n", "w in R^m", "c in R"]),
    ("x'*((A - B*K)'*Q*(A - B*K) + K'*R*K)*x", "K",
     ["x in R^n", "A in R^(n,n)", "B in R^(n,k)", "K in R^(k,n)", "Q in R^(n,n) symmetric", "R in R^(k,k) symmetric"]),
    ("(A + t^2*B)*(sin(t)*C + D)", "t", ["t in R", "A, B in R^(m,n)", "C, D in R^(n,p)"]),
    ("inv(X'*X)*X'", "X", ["X in R^(m,n)"])])
def test_what_a_line_keeps_of_a_sum_stays_in_its_order(text: str, wrt: str, given: list[str]) -> None:
    """Wherever the sum stands: in the whole line, under a transpose, in a factor; also where like terms are added."""
    story = api.derive(text, wrt, given).story()
    with page_of(story):
        for block in story.blocks:
            for a, b in pairwise(block.lines):
                old, new = ([coefficient(t)[1] for t in terms(e)] if isinstance(e, Apply) and e.head == "+" else []
                            for e in (a.right, b.right))
                assert [t for t in old if t in new] == [t for t in new if t in old]
                if len(old) == len(new) == 2 and len(set(old) & set(new)) == 1:
                    assert [t in new for t in old] == [t in old for t in new]
