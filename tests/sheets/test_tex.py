"""LaTeX as matcalc writes it is read back to the same mathematics."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest

from matcalc import api
from matcalc.reading.latex.formula import formula
from matcalc.reading.latex.names import Names
from matcalc.language.expr import Name
from matcalc.reading.parse import problem
from matcalc.proof.at_points import points
from matcalc.render.latex import latex
from matcalc.render.plain import domain

CASES = Path(__file__).parent.parent / "acceptance" / "cases.jsonl"


@pytest.mark.slow
def test_published_formulas_round_trip(tally: dict[str, Counter[str]]) -> None:
    tried, lost = 0, []
    for line in CASES.read_text("utf-8").splitlines()[::9]:
        case = json.loads(line)
        p = problem(declare=case["declare"], define=case["define"], expr=case["expr"], wrt=case["wrt"])
        declared = [domain(v, True) for v in p.variables.values() if isinstance(v, Name) and v.kind != "size"]
        names = Names()
        for text in declared:
            names.declare(text)
        names.plain |= {n.name for n, _ in p.definitions}
        for e in [p.f, *(b for _, b in p.definitions), api.solve(p).result]:
            assert e is not None
            if any(n.name not in names.plain for n in e.names):
                continue
            tried += 1
            q = problem(declare=declared, define=case["define"], prove=f"{e} == {formula(latex(e), names)}")
            if q.prove is None or (q.prove[0] is not q.prove[1] and points.judge_equation(q, *q.prove).kind != "checked"):
                lost.append((case["id"], latex(e)))
    tally["formulas of LaTeX"].update({"read back": tried - len(lost), "written": tried})
    assert tried > 80 and len(lost) <= 1, lost


@pytest.mark.parametrize(("text", "meant"), [
    (r"x^\top A x", "x'*A*x"), (r"\|Ax-b\|^2", "norm2(A*x - b)^2"), (r"\frac12 x^T x", "0.5*x'*x"),
    (r"\operatorname{tr}(A^{-1} B)", "tr(inv(A)*B)"), (r"\left(A + B\right)^{-\top}", "inv(A + B)'"),
    (r"\log\left|\det A\right|", "logdet(A)"), (r"e^{x}", "exp(x)"), (r"x \odot b", "x.*b"), (r"A \otimes B", "kron(A, B)"),
    (r"\sqrt{x^T x}", "sqrt(x'*x)"), (r"x^{\circ 2}", "x.^2"), (r"\mathbf{1}^\top x", "sum(x)"), (r"I - A", "eye(n) - A"),
    (r"\sigma(x)", "sigmoid(x)"), (r"\exp(-x)", "exp(-x)"), (r"\boldsymbol{x}^{\mathsf T} \mathbf{A}", "x'*A"),
    (r"2 \cdot 3\, x", "6*x"), (r"-\tfrac{1}{2}(x - b)", "0.5*(b - x)"), (r"\operatorname{diag}(x)\,b", "x.*b"),
    (r"\lVert x \rVert_1", "norm1(x)"), (r"\tanh(A x)", "tanh(A*x)"), (r"\bigl( A x \bigr)^{T}", "x'*A'")])
def test_what_people_write_in_latex_is_read(text: str, meant: str) -> None:
    names = Names()
    declared = ["x in R^n", "b in R^n", "A in R^(n,n)", "B in R^(n,n)"]
    for d in declared:
        names.declare(d)
    q = problem(declare=declared, prove=f"{formula(text, names)} == {meant}")
    assert q.prove is not None
    assert q.prove[0] is q.prove[1] or points.judge_equation(q, *q.prove).kind == "checked"
