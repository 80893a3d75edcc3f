"""Wrong claims made from right answers, each with the words its diagnosis has to contain."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from matcalc.deriving import engine
from matcalc.deriving.derivation import Derivation, Unfinished
from matcalc.deriving.substitute import substitute
from matcalc.diagnose.edits import terms
from matcalc.language.expr import SCALAR, Expr, InputError, T, mul, size
from matcalc.reading.parse import Problem, problem
from matcalc.proof.at_points import points
from tests.mutations import WHOLE, of_terms

WORDS = {"transpose": ("transpose",), "sign": ("sign", "negative"), "factor 2": ("twice", "factor 2"), "factor 1/2": ("half", "factor 2"),
         "term dropped": ("missing",), "sign of a term": ("sign",), "factor of a term": ("factor",)}
CASES = Path(__file__).parent.parent / "acceptance" / "cases.jsonl"


def cases(start: int, step: int) -> Iterator[tuple[str, Problem, Derivation]]:
    """The cases of the acceptance table that can be derived."""
    for line in CASES.read_text("utf-8").splitlines()[start::step]:
        case = json.loads(line)
        try:
            p = problem(declare=case["declare"], define=case.get("define", []) + case.get("where", []),
                        assume=case.get("assume", []), expr=case["expr"], wrt=case["wrt"], order=case.get("order", 1))
            yield case["id"], p, engine.derive(p)
        except (InputError, Unfinished):
            continue


def mutants(d: Derivation) -> Iterator[tuple[str, tuple[str, ...], Expr]]:
    """(kind, any of these words, the wrong claim)."""
    right = d.result
    for kind, edit in WHOLE.items():
        if edit(right) is not right:
            yield kind, WORDS[kind], edit(right)
    for n in sorted({n for name in right.names for d_ in name.shape for n in d_.names})[:1]:
        yield "factor n", (f"{n} times", f"1/{n}"), mul(size(next(d_ for x in right.names for d_ in x.shape
                                                                if d_.names == {n})), right)
    for kind, bad in of_terms(list(terms(right, 8))):
        yield kind, WORDS[kind], bad
    for name in sorted(right.names, key=lambda n: n.name):
        if name.shape != SCALAR and name.shape[0] is name.shape[1] and not name.words & {"symmetric", "spd", "diagonal", "skew"}:
            transposed = substitute(right, {name: T(name), T(name): T(name)})
            if transposed is not right and not any(x is name for x in dict(d.where)):
                yield "A where A' belongs", ("transpose", "symmetri"), transposed
            transposed = substitute(right, {T(name): name})
            if transposed is not right:
                yield "A' where A belongs", ("transpose", "symmetri"), transposed


def false(p: Problem, d: Derivation, claimed: Expr) -> bool:
    """Whether it is wrong at all."""
    return points.judge_derivative(p, claimed, d.where, p.order, d.layout).kind == "refuted"


__all__ = ["cases", "false", "mutants"]
