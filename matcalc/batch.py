"""JSON lines in, JSON lines out, in order: one answer or one error object a line, never a dead batch."""

from __future__ import annotations

import json
import time
from collections.abc import Iterable, Iterator
from typing import Any

from . import api
from .language.parse import problem
from .language.shape import InputError
from .render.data import reasons, where
from .render.latex import latex
from .render.read import readings

FIELDS = {"id", "declare", "define", "assume", "expr", "wrt", "order", "layout", "structured", "expand", "claim", "prove", "verify"}


def answer(line: str) -> str:
    """The answer to one line, as one line."""
    start = time.perf_counter()
    asked: Any = None
    try:
        asked = json.loads(line)
        out = _answer(asked)
    except json.JSONDecodeError as e:
        out = _error("InputError", f"not JSON: {e.msg}", e.colno)
    except (InputError, api.Unfinished) as e:
        out = _error(e.kind, e.message, e.column)
    except RecursionError:
        out = _error("InputError", "nested too deeply")
    except Exception as e:  # an honest line is worth more than a dead batch
        out = _error("Unfinished", f"matcalc failed on this line: {type(e).__name__}: {e}")
    if isinstance(asked, dict) and "id" in asked:
        out = {"id": asked["id"], **out}
    if isinstance(asked, dict) and not FIELDS.issuperset(asked):
        out["ignored"] = sorted(set(asked) - FIELDS)    # a field nobody reads is said, not refused: corpora carry their own
    out["seconds"] = round(time.perf_counter() - start, 6)
    return json.dumps(out, ensure_ascii=False)


def _error(kind: str, message: str, column: int | None = None) -> dict[str, Any]:
    error: dict[str, Any] = {"kind": kind, "message": message}
    if column is not None:
        error["column"] = column
    return {"error": error}


def _strings(asked: dict[str, Any], key: str) -> list[str]:
    found = asked.get(key, [])
    if not isinstance(found, list) or not all(isinstance(x, str) for x in found):
        raise InputError(f'"{key}" must be a list of strings')
    return found


def _text(asked: dict[str, Any], key: str) -> str | None:
    found = asked.get(key)
    if found is not None and not isinstance(found, str):
        several = key == "wrt" and isinstance(found, list)
        raise InputError('"wrt" names one variable; ask for each on a line of its own' if several else f'"{key}" must be a string')
    return found


def _flag(asked: dict[str, Any], key: str) -> bool:
    found = asked.get(key, False)
    if not isinstance(found, bool):
        raise InputError(f'"{key}" must be true or false')
    return found


def _answer(asked: Any) -> dict[str, Any]:
    if not isinstance(asked, dict):
        raise InputError("a line must be a JSON object")
    asked = {key: value for key, value in asked.items() if value is not None}
    order, structured, expand, verify = asked.get("order", 1), *(_flag(asked, k) for k in ("structured", "expand", "verify"))
    if isinstance(order, bool) or order not in (1, 2):
        raise InputError('"order" must be 1 or 2')
    declare, define, assume = (_strings(asked, k) for k in ("declare", "define", "assume"))
    claim = _text(asked, "prove")
    if claim is not None:
        p = problem(declare, define, assume, prove=claim)
        verdict, diagnosis = api.judge(p, verify)
        return {"claim_verdict": verdict.kind, "verdict": verdict.kind, "detail": verdict.detail, "witness": verdict.witness,
                "conditions": list(verdict.conditions), "inferred": p.inferred, "inferred_from": reasons(p.inferred_from),
                "read": readings(verdict), "diagnosis": diagnosis}
    expr, wrt = _text(asked, "expr"), _text(asked, "wrt")
    if expr is None or wrt is None:
        raise InputError(f'"{"expr" if expr is None else "wrt"}" is missing')
    p = problem(declare, define, assume, expr=expr, wrt=wrt, order=order, layout=_text(asked, "layout") or "denominator",
                structured=structured, claim=_text(asked, "claim"))
    d = api.solve(p, verify, expand)
    out: dict[str, Any] = {"result": str(d.result), "where": where(d.where), "shape": list(d.shape), "latex": latex(d.result),
                           "numpy": _numpy(d), "steps": d.record.count, "verdict": d.verdict.kind, "detail": d.verdict.detail,
                           "conditions": list(d.verdict.conditions), "inferred": p.inferred, "inferred_from": reasons(p.inferred_from)}
    if d.claim_verdict is not None:
        out |= {"claim_verdict": d.claim_verdict.kind, "claim_detail": d.claim_verdict.detail,
                "claim_conditions": list(d.claim_verdict.conditions),
                "witness": d.claim_verdict.witness, "diagnosis": d.diagnosis}
    return out


def _numpy(d: api.Derivation) -> str | None:
    """The numpy source; null where there is none, which must not cost the answer."""
    try:
        return d.numpy()
    except api.Unfinished:
        return None


def answers(lines: Iterable[str], jobs: int = 1) -> Iterator[str]:
    """Every answer, in order; blank lines are passed over."""
    asked = (line for line in lines if line.strip())
    if jobs <= 1:
        yield from map(answer, asked)
        return
    from multiprocessing import Pool
    with Pool(jobs) as pool:
        yield from pool.imap(answer, asked, chunksize=4)
