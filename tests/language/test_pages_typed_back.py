"""What a page shows can be typed: the formulas of every page of the library read back to what they were drawn from.

𝟏ᵀx is drawn for sum(x) and for ones(n)'*x; it is read as the first.
"""

from __future__ import annotations

import pytest

from matcalc import api, library
from matcalc.reading.parse import parse, parse_file, problem
from matcalc.render.plain import domain, plain
from matcalc.render.lines import same_text


@pytest.mark.parametrize("name", [n for n in library.names() if "/" not in n])
def test_a_page_typed_back(name: str) -> None:
    for p in parse_file(library.text(name), name):
        declared = [domain(v) for n, v in p.variables.items() if n not in {i.name for i in p.inferred_from} and v.kind != "size"]
        again = problem(declared, [f"{plain(n)} = {plain(body)}" for n, body in p.as_typed().definitions],
                        [f"{plain(a)} = {plain(b)}" for a, b in p.assumptions], plain(p.as_typed().f), plain(p.wrt), p.order, p.layout)
        assert again.wrt is p.wrt and again.order == p.order
        pairs = [(again.f, p.f), *zip((body for _, body in again.definitions), (body for _, body in p.definitions), strict=True),
                 *zip((e for pair in again.assumptions for e in pair), (e for pair in p.assumptions for e in pair), strict=True)]
        assert all(same_text(a, b) for a, b in pairs if a is not None and b is not None)
        result = api.solve(p).result
        assert same_text(parse(plain(result), p.scope), result)
