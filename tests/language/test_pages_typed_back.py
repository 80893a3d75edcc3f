"""What a page shows can be typed: the formulas of every page of the library, as text and LaTeX set them, read back to what they were
drawn from, so that the same steps are made of them. Markdown is LaTeX between dollars, as every second one is here.

𝟏ᵀx is drawn for sum(x) and for ones(n)'*x, and is read as the first: a first step from the one to the other is none on the page. In LaTeX
a name that is only defined keeps its underscore.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from matcalc import library
from matcalc.deriving import engine
from matcalc.language.expr import Expr
from matcalc.reading.parse import Problem, parse, problem
from matcalc.render.latex import latex
from matcalc.render.lines import same_text
from matcalc.render.plain import domain, plain
from tests.solved import answers, problems

SETTINGS: dict[str, Callable[[Any], str]] = {"text": plain, "LaTeX": latex}


def typed_back(p: Problem, show: Callable[[Any], str]) -> Problem:
    """The problem that the page of this one asks."""
    t, inferred = p.as_typed(), {i.name for i in p.inferred_from}
    declared = [domain(v) for n, v in p.variables.items() if n not in inferred and v.kind != "size"]
    defined = [f"{show(n)} = {show(body)}" for n, body in t.definitions]
    assumed = [f"{show(a)} = {show(b)}" for a, b in p.assumptions]
    return problem(declared, defined, assumed, show(t.f), show(p.wrt), p.order, p.layout)


def alike(a: Expr, b: Expr) -> bool:
    """Whether two expressions look the same."""
    return same_text(a, b) or str(a).replace("_", "") == str(b).replace("_", "")


@pytest.mark.parametrize("setting", SETTINGS)
def test_every_page_typed_back(setting: str) -> None:
    asked = [p for name in library.names() for p in problems(name) if p.f is not None and p.wrt is not None]
    assert len(asked) > 120
    for k, p in enumerate(asked):
        show = SETTINGS[setting]
        again = typed_back(p, (lambda e: f"${latex(e)}$") if show is latex and k % 2 else show)
        assert again.wrt is p.wrt and again.order == p.order
        pairs = [(again.f, p.f), *zip((body for _, body in again.definitions), (body for _, body in p.definitions), strict=True),
                 *zip((e for pair in again.assumptions for e in pair), (e for pair in p.assumptions for e in pair), strict=True)]
        assert all(alike(a, b) for a, b in pairs if a is not None and b is not None), p.title
        if not p.several:
            assert steps(again.replace(expand=p.expand, structured=p.structured)) == steps(p), p.title


def steps(p: Problem) -> list[str]:
    """What each step of a derivation gives, but for a first one that changes nothing that is shown."""
    first, *rest = engine.derive(p).steps
    return [str(s.after).replace("_", "") for s in ([] if plain(first.before) == plain(first.after) else [first]) + rest]


@pytest.mark.parametrize("name", [n for n in library.names() if "/" not in n])
def test_a_result_typed_back(name: str) -> None:
    for p, d in answers(name):
        result = d.result
        assert same_text(parse(plain(result), p.scope), result)
