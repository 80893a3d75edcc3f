"""A derivation as JSON-able data: every formula as text that parses back."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import AbstractContextManager
from types import SimpleNamespace

from ..deriving.derivation import Derivation
from ..language.deadline import Expired
from ..language.expr import Expr, Name
from ..reading.inference.statements import Inferred
from ..reading.problems.problem import Problem
from ..proof.verdict import Look, Reason, Verdict
from ..language.shorthand import shorthand
from .latex import latex
from .naming import page_of
from .ordered import ordered
from .plain import domain
from .verdict_words import said


def as_drawn(d: Derivation) -> AbstractContextManager[None]:
    """The order of terms and factors, and the signs, that the result has on its page."""
    return page_of(SimpleNamespace(orders=d.result_orders, opposites=d.opposites), *d.shown[0].names)


def text_of(d: Derivation) -> str:
    """The result as it can be typed: a mean stands beside a column where a size that the answer counts with is declared."""
    e, found = d.shown[0], {i.name for i in d.problem.inferred_from}
    sizes = {n for v in d.problem.variables.values() if v.name not in found for size in v.shape for n in size.names}
    with as_drawn(d):
        return str(shorthand(ordered(e), False, all(n.kind != "size" or n.name in sizes for n in e.names)))


def latex_of(d: Derivation) -> str:
    """The result in LaTeX."""
    with as_drawn(d):
        return latex(d.shown[0])


def verdict(v: Verdict | None) -> dict[str, object] | None:
    """A verdict as data: with the words, what they are made of."""
    if v is None:
        return None
    return {"kind": v.kind, "detail": said(v), "witness": v.witness, "conditions": list(v.conditions), "reason": _reason(v.reason),
            "judges": [{"judge": f.judge, "kind": f.kind, "looked": list(map(_look, f.looks)), "reason": _reason(f.reason)}
                       for f in v.found]}


def _look(look: Look) -> dict[str, object]:
    counted = {"done": look.done, "of": look.total, "digits": look.digits}
    return {"place": look.place, "sizes": [dict(s) for s in look.sizes], **{k: n for k, n in counted.items() if n}}


def _reason(r: Reason | None) -> dict[str, object] | None:
    """A code and what it is about."""
    return None if r is None else {"code": r.why, "about": [_reason(x) if isinstance(x, Reason) else x for x in r.about]}


def where(names: Iterable[tuple[Name, Expr]]) -> list[str]:
    """Definitions as one would type them."""
    return [f"{n} = {body}" for n, body in names if not n.of]


def data(d: Derivation) -> dict[str, object]:
    """Problem, steps (none where they are not drawn in time, which is said), result, verdict."""
    missing: dict[str, str] = {}
    try:
        steps = _steps(d)
    except Expired as e:
        steps, missing = [], {"steps": e.message}
    return {
        "problem": _problem(d), "steps": steps, **({"missing": missing} if missing else {}),
        "letters": where(d.named), "result": text_of(d), "where": where(d.shown[1]),
        "shape": list(d.shape), "reading": d.reading, "read": list(d.problem.read),
        "latex": latex_of(d), "verdict": verdict(d.verdict)}


def unfinished(d: Derivation, message: str, hint: str | None) -> dict[str, object]:
    """Why there is no result, and the steps so far."""
    return {"error": {"kind": "Unfinished", "message": message, "hint": hint or ""}, "problem": _problem(d), "steps": _steps(d)}


def stated(p: Problem) -> dict[str, object]:
    """What is declared, defined and assumed, as one would type it."""
    typed = p.as_typed()
    defined = {n.name for n, _ in typed.definitions}
    return {"declare": [domain(v, True) for v in p.variables.values()
                        if isinstance(v, Name) and v.kind != "size" and v.name not in defined],
            "define": where(typed.definitions), "assume": [f"{a} = {b}" for a, b in typed.assumptions]}


def _problem(d: Derivation) -> dict[str, object]:
    p = d.problem.as_typed()
    return {
        "title": p.title or "", "source": p.source or "", **stated(d.problem),
        "inferred": [str(i) for i in p.inferred], "inferred_from": reasons(p.inferred_from),
        "expr": str(p.f), "wrt": str(p.wrt), "order": p.order, "layout": d.layout, "structured": bool(p.structured)}


def reasons(inferred: Iterable[Inferred]) -> dict[str, str]:
    """The expressions that settled shapes, by the names; a name that is as its letter says has none."""
    return {i.name: i.source for i in inferred if i.source}


def _steps(d: Derivation) -> list[dict[str, object]]:
    """Each step with its two lines; of a sum of very many terms with the terms that changed, and which of them they are."""
    out: list[dict[str, object]] = []
    for s in d.steps:
        d.deadline.check()
        before, after = s.changed
        at, term = (s.at, {}) if s.drawn is None else (s.at[1:], {"terms": [i for i, _ in s.drawn[0].history.changes[s.drawn[0].k].taken]})
        out.append({"rule": s.rule, "see": s.see, "where": {str(k): str(v) for k, v in s.where.items()}, "at": list(at), **term,
                    "before": str(before), "after": str(after), "letters": {k: str(v) for k, v in s.letters.items()},
                    "condition": [str(c) for c in s.condition]})
    return out
