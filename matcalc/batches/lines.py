"""One line of a batch: a problem as JSON in, its answer or an error as JSON out, never an exception."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from .. import api
from . import jsonl
from ..reading.problems import where_clauses
from ..language.deadline import SECONDS, Deadline, Expired, deadline_after
from ..reading.parse import Problem, variables_asked, problem
from ..language.shape import InputError
from ..render.data import latex_of, reasons, text_of, where
from ..render.latex import latex
from ..render.inferred import readings

FIELDS = {"id", "declare", "define", "assume", "expr", "wrt", "order", "layout", "structured", "expand", "claim", "prove", "verify",
          "adjoint", "cotangent", "tangent", "hvp"}
OF_CLAIMS = {"id", "declare", "define", "assume", "prove", "verify"}
Error = tuple[str, str, int | None, str | None]


def answer(line: str | bytes, seconds: float = SECONDS) -> str:
    """The answer to one line, as one line.

    >>> answer('{"id": 7, "expr": "x*"}')[:40]
    '{"id": 7, "error": {"kind": "InputError"'
    """
    start = time.perf_counter()
    asked: Any = None
    try:
        asked = jsonl.read(line)
        out = _answer(asked, deadline_after(seconds))
    except Exception as e:      # an honest line is worth more than a dead batch
        out = jsonl.error(*_said(e))
    if isinstance(asked, dict):
        out = {"id": asked["id"], **out} if "id" in asked else out
        read = FIELDS if asked.get("prove") is None else OF_CLAIMS
        if not read.issuperset(asked):
            out["ignored"] = sorted(set(asked) - read)      # a field nobody reads is said, not refused: corpora carry their own
    else:
        out = {**jsonl.identity(line), **out}
    out["seconds"] = round(time.perf_counter() - start, 6)
    try:
        return jsonl.write(out)
    except Exception as e:
        return jsonl.unanswered(line, *_said(e)[:2])


def serve(greeting: bytes, seconds: float = SECONDS) -> None:
    """What a worker process does: say that it is there, then answer lines of standard input until it ends."""
    out = sys.stdout.buffer
    sys.stdout = sys.stderr     # what a library prints must not pass for an answer
    with suppress(BrokenPipeError):
        out.write(greeting)
        out.flush()
        for line in sys.stdin.buffer:
            out.write(answer(line.removesuffix(b"\n"), seconds).encode() + b"\n")
            out.flush()


def _said(e: Exception) -> Error:
    """The kind of a failure, what it says, where, and what helps."""
    if isinstance(e, (InputError, api.Unfinished, Expired)):
        return e.kind, e.message, e.column, getattr(e, "hint", None)
    if isinstance(e, RecursionError):
        return "InputError", "nested too deeply", None, None
    if isinstance(e, MemoryError):
        return "OutOfMemory", "out of memory", None, None
    return "Fault", f"matcalc failed on this line: {type(e).__name__}: {e}", None, None


def _part(name: str, make: Callable[[], Any], missing: dict[str, str]) -> Any:
    """One output; null where it cannot be had, which must not cost the others."""
    try:
        return make()
    except Exception as e:
        missing[name] = _said(e)[1]
        return None


def _strings(asked: dict[str, object], key: str) -> list[str]:
    found = asked.get(key, [])
    if not isinstance(found, list) or not all(isinstance(x, str) for x in found):
        raise InputError(f'"{key}" must be a list of strings')
    return found


def _text(asked: dict[str, object], key: str) -> str | None:
    found = asked.get(key)
    if found is not None and not isinstance(found, str):
        raise InputError(f'"{key}" must be a string')
    return found


def _variables(asked: dict[str, object]) -> tuple[str | None, list[str]]:
    """The variable, or all of several; `all` is all there are."""
    found = asked.get("wrt")
    if isinstance(found, list):
        names = _strings(asked, "wrt")
        if not names:
            raise InputError('"wrt" names no variable')
        return None, names
    one, several = variables_asked(_text(asked, "wrt") or "")
    return one or None, list(several)


def _flag(asked: dict[str, object], key: str) -> bool:
    found = asked.get(key, False)
    if not isinstance(found, bool):
        raise InputError(f'"{key}" must be true or false')
    return found


def _answer(asked: Any, deadline: Deadline) -> dict[str, object]:
    if not isinstance(asked, jsonl.Object):
        raise InputError("a line must be a JSON object")
    if asked.twice:
        raise InputError(f'duplicate key "{asked.twice[0]}"')
    asked = {key: value for key, value in asked.items() if value is not None}
    order, structured, expand, verify = asked.get("order", 1), *(_flag(asked, k) for k in ("structured", "expand", "verify"))
    if isinstance(order, bool) or order not in (1, 2):
        raise InputError('"order" must be 1 or 2')
    declare, define, assume = (_strings(asked, k) for k in ("declare", "define", "assume"))
    claim = _text(asked, "prove")
    if claim is not None:
        p = problem(declare, define, assume, prove=claim).within(deadline)
        verdict, diagnosis = api.judge(p, verify)
        return {"claim_verdict": verdict.kind, "verdict": verdict.kind, "detail": verdict.detail, "witness": verdict.witness,
                "conditions": list(verdict.conditions), "inferred": p.inferred, "inferred_from": reasons(p.inferred_from),
                "read": [*p.read, *readings(verdict)], "diagnosis": diagnosis}
    expr, (wrt, several) = _text(asked, "expr"), _variables(asked)
    if expr is None:
        raise InputError('"expr" is missing')
    if wrt is None and not several and not where_clauses.is_derivative(expr):
        raise InputError('"wrt" is missing')
    along: dict[str, Any] = {key: _text(asked, key) or "" for key in ("adjoint", "cotangent", "tangent", "hvp")}
    if several or any(".." in line for line in define):
        layout = _text(asked, "layout") or "denominator"
        p = problem(declare, define, assume, expr=expr, wrt=wrt, order=order, layout=layout, structured=structured, expand=expand,
                    claim=_text(asked, "claim"), several=several, **along).within(deadline)
        if p.several:
            return _several(p, verify)

    def solved(claim: str | None) -> api.Derivation:
        return api.solve(problem(declare, define, assume, expr=expr, wrt=wrt, order=order, layout=layout, structured=structured,
                                 claim=claim, **along).within(deadline), verify, expand)

    layout, claimed = _text(asked, "layout") or "denominator", _text(asked, "claim")
    missing: dict[str, str] = {}
    fault: dict[str, object] = {}
    try:
        d = solved(claimed)
    except (api.Unfinished, Expired):
        raise
    except Exception as e:
        if claimed is None:
            raise
        d = solved(None)        # what cannot be judged must not cost the derivative
        fault, missing["claim"] = jsonl.error(*_said(e)), _said(e)[1]
    out: dict[str, object] = {"result": text_of(d.record), "where": where(d.record.shown[1]), "shape": list(d.shape),
                           "latex": _part("latex", lambda: latex_of(d.record), missing), "numpy": _part("numpy", d.numpy, missing),
                           "steps": _part("steps", lambda: d.drawn().count, missing), "verdict": d.verdict.kind,
                           "detail": d.verdict.detail, "conditions": list(d.verdict.conditions), "inferred": list(d.verdict.inferred),
                           "inferred_from": reasons(d.record.problem.inferred_from)}
    if d.record.problem.read:
        out["read"] = list(d.record.problem.read)
    if d.claim_verdict is not None:
        out |= {"claim_verdict": d.claim_verdict.kind, "claim_detail": d.claim_verdict.detail,
                "claim_conditions": list(d.claim_verdict.conditions),
                "witness": d.claim_verdict.witness, "diagnosis": d.diagnosis}
    if missing:
        out["missing"] = missing
    return {**fault, **out}


def _several(p: Problem, verify: bool) -> dict[str, object]:
    """The answer about several variables: gradients by name, in the names of the deltas they share."""
    g = api.gradients(p, verify)
    missing: dict[str, str] = {}
    if p.depth is not None:
        found: Any = g.json()
        layered = {"layers": found["layers"], "gradients": found["gradients"], "numpy": _part("numpy", g.numpy, missing),
                   "verdict": g.verdict.kind, "detail": g.detail, "conditions": found["verdict"]["conditions"]}
        return layered | ({"missing": missing} if missing else {})
    named = [pair for pair in g.problem.definitions if pair not in p.definitions]
    out: dict[str, object] = {
        "results": {n: str(e) for n, e in g.results.items()}, "where": where([*named, *g.where]),
        "shapes": {n: [str(d) for d in e.shape] for n, e in g.results.items()},
        "latex": _part("latex", lambda: {n: latex(e) for n, e in g.results.items()}, missing), "numpy": _part("numpy", g.numpy, missing),
        "verdict": g.verdict.kind, "detail": g.detail, "conditions": list(g.verdict.conditions),
        "verdicts": {str(q.name or q.wrt): q.verdict.kind for q in g.parts},
        "inferred": list(p.inferred), "inferred_from": reasons(p.inferred_from)}
    if p.read:
        out["read"] = list(p.read)
    if missing:
        out["missing"] = missing
    return out
