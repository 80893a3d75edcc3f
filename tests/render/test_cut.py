"""A formula that is wider than its page is cut where its brackets are shallowest, and nothing of it is lost."""

from __future__ import annotations

import re

import pytest

from matcalc.reading.parse import parse
from matcalc.render.tex import cut, width
from matcalc.render.latex import latex

DECLARE = ["A, B in R^(n,n)", "u, v, w in R^n", "c in R"]
LONG = ("diag(u)*(diag((1 - v).*tanh(w))*A"
        " + diag(1 - tanh(w).^2)*(diag(v.*u.*(1 - u))*B + diag(w)*(diag((1 - w).*u)*A + diag(1 - u.^2)*B)))*v")


@pytest.mark.parametrize("most", [40, 60, 80])
def test_rows_fit_and_nothing_is_lost(most: int) -> None:
    text = latex(parse(LONG, DECLARE))
    rows = cut(text, most)
    assert len(rows) > 1 and all(width(row) <= most for row in rows), rows
    assert re.sub(r"\{\}|\\,|\s", "", "".join(rows)) == re.sub(r"\{\}|\\,|\s", "", text)
    assert all(row.count("{") == row.count("}") for row in rows), "no row ends inside of braces"


def test_what_fits_and_what_stretches_is_not_cut() -> None:
    short = latex(parse("A*u + v", DECLARE))
    assert cut(short, 80) == [short]
    fraction = latex(parse("(A*u + B*v + A*w + B*u + A*B*v)/(u'*A*v + c + u'*w)", DECLARE))
    assert cut(fraction, 20) == [fraction]
    for row in cut(latex(parse("(A*u + (v'*w/(u'*u))*v + B*w)*(u + A*v)'*w", DECLARE)), 20):
        assert row.count(r"\left") == row.count(r"\right"), row
