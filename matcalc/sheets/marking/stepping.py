"""One step of a backward pass, judged by itself, with what is wrong with it; the time does not grow with the sheet."""

from __future__ import annotations

from collections.abc import Iterator

from ... import judges
from ...deriving.substitute import substitute
from ...diagnose.equations import solved
from ...language.expr import Expr, InputError, Name, differentiates
from ...reading.inference.statements import said
from ...reading.parse import Problem
from ...render.verdict_words import WordedVerdict
from ..parts.formula import formula
from .backward import Step, steps, written_out
from .setting import Setting


def by_step(s: Setting, left: str, right: str) -> tuple[Problem, WordedVerdict, Problem] | None:
    """A step of derivatives that is proved by itself; and the same with the names in it that stand for derivatives."""
    used, found = _steps(s, left, right)
    for step in found:
        if step not in s.memory.steps:
            s.memory.steps[step] = _proved(s, step)
        proved = s.memory.steps[step]
        if proved is not None and not used:
            return *proved, proved[0]
        if proved is not None:
            try:
                q = step.problem(f"{left} == {right}", [said(n, s.shapes[n]) for n in used])
            except InputError:
                return None
            return (*proved, q) if q.ill_shaped is None else None
    return None


def step_apart(s: Setting, left: str, right: str) -> tuple[Problem, Expr, Expr, Expr] | None:
    """A step by itself: the derivative on its left, what that is by the rules, and its right side; derivatives by their names where
    they have one."""
    used, found = _steps(s, left, right)
    names = {body: name for name, body in used.items()}
    for step in found:
        try:
            p, q = (step.problem(f"{side} == {side}") for side in (step.left, step.right))
            if p.prove is None or q.prove is None or p.inferred or q.inferred or judges.nowhere(p) or judges.nowhere(q):
                return None
            wanted, claimed = solved(p, p.prove[0]), solved(q, q.prove[0])
        except InputError:
            return None
        if any(map(differentiates, (wanted, claimed))):
            continue
        before = p.prove[0]
        called: dict[Expr, Expr] = {g: Name(names[g.name], g.shape) for a in p.abstract for g in a.gradients if g.name in names}
        p = p.replace(definitions=[(n, substitute(b, called)) for n, b in p.definitions], deadline=s.clock.within(),
                      constants=(*p.constants, *names.values()))
        return p, before, substitute(wanted, called), substitute(claimed, called)
    return None


def holds(s: Setting, left: str, right: str) -> bool:
    """Whether two sides are equal for every size."""
    if by_step(s, left, right) is not None:
        return True
    p = s.equation(left, right)
    return p is not None and judges.equation(p).kind == "proved"


def _steps(s: Setting, left: str, right: str) -> tuple[dict[str, str], Iterator[Step]]:
    """The names in a line that stand for derivatives, with these; the line as steps, with the derivatives written out."""
    used = {n: s.derivatives[n] for n in formula(f"{left} {right}").names if n in s.derivatives and n in s.shapes}
    return used, steps(written_out(left, used), written_out(right, used), s.made, s.shapes, s.declare)  # type: ignore[arg-type]


def _proved(s: Setting, found: Step) -> tuple[Problem, WordedVerdict] | None:
    try:
        p = found.problem(f"{found.left} == {found.right}")
    except InputError:
        return None
    p = p.within(s.clock.within())
    if p.inferred or p.ill_shaped is not None or judges.nowhere(p):
        return None
    verdict = judges.equation(p)
    key = tuple(s.declare), tuple(s.define), s.given.losses
    return (p, verdict) if verdict.kind in judges.HOLDS and all(s.memory.met(c, key) for c in verdict.needs) else None
