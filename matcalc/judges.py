"""The judges together: points always, the proof for every size where it succeeds, entry by entry when asked."""

from __future__ import annotations

from functools import partial
from importlib import import_module
from typing import Any

from .derive.derivation import Derivation
from .language.expr import Expr, Name
from .language.parse import Problem
from .language.shape import InputError
from .proof import points
from .proof.question import NOWHERE
from .proof.smallest import smallest
from .proof.verdict import Verdict, refuted, undecided

FINER_SECONDS = 3.0
STRENGTH = {"refuted": 0, "proved": 1, "checked": 2, "undecided": 3}


def together(verdicts: list[Verdict]) -> Verdict:
    """One verdict of several: a refutation wins, then a proof; the details are joined."""
    verdicts = [v for v in verdicts if v.kind != "undecided"] or verdicts
    best = min(verdicts, key=lambda v: STRENGTH[v.kind])
    if best.kind == "refuted":
        return best
    detail = "; ".join(dict.fromkeys(v.detail for v in sorted(verdicts, key=lambda v: STRENGTH[v.kind]) if v.detail))
    conditions = tuple(dict.fromkeys(c for v in verdicts for c in v.conditions))
    detail = detail.replace(", at its sizes", "").replace("at its sizes", "for its sizes")  # where no size is left open
    return best._replace(detail=detail, conditions=conditions)


def _part(name: str) -> Any:
    """A judge's module, or None where it is not installed."""
    try:
        return import_module(f".proof.{name}", __package__)
    except ModuleNotFoundError as e:
        if e.name != f"{__package__}.proof.{name}":
            raise
        return None


def derivative(p: Problem, d: Derivation, verify: bool = False, shown: bool = False) -> Verdict:
    """What the judges say of a derivation: of its result, and where its steps are shown of every step."""
    said = _derivative(p.as_typed(), d.result, d.where, d.layout, p.structured, verify)
    if not (verify or shown) or said.kind == "refuted":
        return said
    from .proof.replay import replay
    steps = replay(d)
    if steps.kind == "refuted":
        return steps
    few = ("", "; its one step replayed")[d.count] if steps.kind == "checked" and d.count < 2 else f"; {steps.detail}"
    return said._replace(detail=said.detail + few)


def claim(p: Problem, d: Derivation, claimed: Expr, verify: bool = False, own: tuple[str, bool] | None = None) -> Verdict:
    """What they say of a closed form somebody claims; `own` is its layout and whether it is structured, if not as the answer."""
    layout, structured = own or (d.layout, p.structured)
    typed = p.as_typed()
    raw = typed.claim if claimed is p.claim else typed.expect if claimed is p.expect else claimed
    assert raw is not None
    return _derivative(typed, raw, [], layout, structured, verify, True)


def _derivative(p: Problem, result: Expr, where: list[tuple[Name, Expr]], layout: str, structured: bool, verify: bool,
                small: bool = False) -> Verdict:
    """The judges on the problem as typed."""
    quick = points.judge_derivative(p, result, where, p.order, layout, structured, small)
    if quick.kind == "refuted":
        return smallest(points.Derivative(p, result, where, p.order, layout, structured), quick) if small else quick
    if quick.detail.startswith(NOWHERE):
        return quick                # a proof about what is defined nowhere says nothing
    found = [quick]
    indices = _part("indices")
    if indices is not None:
        found.append(_safe(indices.prove_derivative, p, result, where, p.order, layout, structured))
    components = _part("components") if verify else None
    if components is not None:
        found.append(_safe(components.judge_derivative, p, result, where, p.order, layout, structured))
    elif small and _roughly(found):
        found += _finer("judge_derivative", p, result, where, p.order, layout, structured)
    return together(found)


def _roughly(found: list[Verdict]) -> bool:
    """Whether all that is known is that real numbers agree to some digits."""
    return found[0].detail.startswith(("at random real points", "equal to six digits")) and all(v.kind != "proved" for v in found)


def _finer(judge: str, *given: Any) -> list[Verdict]:
    """A refutation to forty digits, where there is one: exp(x) == exp(x) + 1e-30."""
    components = _part("components")
    if components is None:
        return []
    verdict = _safe(partial(getattr(components, judge), seconds=FINER_SECONDS), *given)
    return [verdict] if verdict.kind == "refuted" else []


def each(p: Problem, d: Derivation) -> dict[str, Verdict]:
    """Every judge's own verdict."""
    given = (p.as_typed(), d.result, d.where, p.order, d.layout, p.structured)
    out = {"points": points.judge_derivative(*given)}
    for name, judge in (("indices", "prove_derivative"), ("components", "judge_derivative")):
        part = _part(name)
        out[name] = undecided("not installed") if part is None else _safe(getattr(part, judge), *given)
    return out


def replay(d: Derivation) -> Verdict:
    """Whether each step is an instance of its rule."""
    part = _part("replay")
    return undecided("not installed") if part is None else _safe(part.replay, d)


def rules() -> list[Any]:
    """All rows of the tables."""
    out: list[Any] = []
    for name in ("differentials", "traces", "algebra"):
        table = import_module(f".rules.{name}", __package__)
        for rows in vars(table).values():
            if isinstance(rows, tuple) and rows and type(rows[0]).__name__ == "Rule":
                out += rows
            elif isinstance(rows, dict) and rows and type(next(iter(rows.values()))).__name__ == "Rule":
                out += rows.values()
    return list({r.name: r for r in out}.values())


def equation(p: Problem, verify: bool = False) -> Verdict:
    """What they say of an equation."""
    p = p.as_typed()
    assert p.prove is not None
    left, right = p.prove
    quick = points.judge_equation(p, left, right)
    if quick.kind == "refuted":
        return smallest(points.Equality(p, left, right), quick)
    if quick.detail.startswith(NOWHERE):
        return quick                # a proof about what is defined nowhere says nothing
    found = [quick]
    indices = _part("indices")
    if indices is not None:
        found.append(_safe(indices.prove_equation, p, left, right))
    components = _part("components") if verify or quick.kind == "undecided" else None
    if components is not None and all(v.kind != "proved" for v in found):
        found.append(_safe(components.judge_equation, p, left, right))
    elif _roughly(found):
        found += _finer("judge_equation", p, left, right)
    return together(found)


def ill_shaped(error: InputError) -> Verdict:
    """A claim that is not even an expression, or whose sides differ in shape: false, and why."""
    return refuted(error.message, {"shapes": error.message})


def _safe(judge: Any, *given: Any) -> Verdict:
    """A judge that fails has not decided; it must not lose the answer."""
    try:
        verdict: Verdict = judge(*given)
    except InputError:
        raise
    except RecursionError:
        return undecided("nested too deeply for the proof")
    except Exception as e:
        return undecided(f"{getattr(judge, '__name__', 'a judge')} failed: {type(e).__name__}: {e}")
    return verdict


def diagnosis(p: Problem, d: Derivation, claimed: Expr) -> str:
    """What a wrong claim is, where it is a known slip of the right answer."""
    from .diagnose.diagnosis import diagnosis as diagnose
    try:
        return diagnose(p, d.where, d.result, claimed, d.layout)
    except RecursionError:
        return ""


def misshapen(p: Problem, d: Derivation) -> str:
    """What is wrong with a claim whose shapes do not fit."""
    from .diagnose.misshapen import misshapen as find
    try:
        return find(p, d.result, list(d.where), str(p.text.get("claim") or p.text.get("expect") or ""))
    except (RecursionError, InputError):
        return "the shapes do not fit"


def slip(p: Problem) -> str:
    """What is wrong with a false equation, where it is a known slip."""
    from .diagnose.equations import slip as find
    try:
        return find(p)
    except RecursionError:
        return ""
