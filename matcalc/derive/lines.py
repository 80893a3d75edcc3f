"""The steps of a derivation as whole lines, made from what the engine recorded."""

from __future__ import annotations

from typing import Any

from ..language.expr import Apply, Expr, add, apply, zeros
from .derivation import Derivation, Step
from .substitute import substitute
from .tidy import Rewrite


def path_of_change(a: Expr, b: Expr) -> tuple[int, ...]:
    """Where two lines differ: the path to the smallest part that holds every change."""
    out: list[int] = []
    while isinstance(a, Apply) and isinstance(b, Apply) and a.head == b.head and len(a.args) == len(b.args):
        spots = [i for i, (x, y) in enumerate(zip(a.args, b.args, strict=True)) if x is not y]
        if len(spots) != 1:
            break
        out.append(spots[0])
        a, b = a.args[spots[0]], b.args[spots[0]]
    return tuple(out)


def rewrites_as_steps(start: Expr, rewrites: list[Rewrite], end: Expr) -> list[Step]:
    """A run of rewrites of one expression, ending at `end`."""
    out: list[Step] = []
    line = start
    for i, r in enumerate(rewrites):
        after = end if i == len(rewrites) - 1 else substitute(line, {r.before: r.after})
        if after is not line:
            used = (r.before, r.after)
            out.append(Step(r.rule, r.see, r.where, path_of_change(line, after), line, after, used, used))
            line = after
    return out


def whole_steps(d: Derivation) -> list[Step]:
    """All steps: of f, of the differential, of what was read off."""
    out: list[Step] = list(d.earlier.steps) if d.earlier else []
    out += rewrites_as_steps(d.f, d.before, d.plain)
    out += differential_steps(d)
    out += rewrites_as_steps(d.raw, d.after, d.tidied)
    return out


def differential_steps(d: Derivation) -> list[Step]:
    """The lines of df = ..."""
    engine = d.engine
    out: list[Step] = []
    if not engine.moves:
        return out
    state: list[tuple[Expr, Expr]] = [tuple(engine.moves[0].taken[0])]

    paired: dict[tuple[Expr, Expr], Expr] = {}

    def pair(term: tuple[Expr, Expr]) -> Expr:
        if term not in paired:
            paired[term] = engine.pair(*term)
        return paired[term]

    def line() -> Expr:
        return add(*map(pair, state)) if state else engine.pair(*zero)

    zero = (engine.zero(), apply("d", engine.wrt))
    before = line()
    moves = engine.moves
    spot: int | None = None
    i = 0
    while i < len(moves):
        m = moves[i]
        last = i + 1 == len(moves) or moves[i + 1].taken != m.taken or moves[i + 1].rewrite is None
        if m.rewrite is not None:
            if spot is None:
                spot = state.index(tuple(m.taken[0]))
            target = state[spot]
            coefficient = m.given[0].coefficient if last else substitute(target[0], {m.rewrite.before: m.rewrite.after})
            state[spot] = (coefficient, target[1])
            spot = None if last else spot
        else:
            _replace(state, m)
        after = line()
        if m.rule and after is not before:
            local = (m.rewrite.before, m.rewrite.after) if m.rewrite else (_sum(engine, m.taken), _sum(engine, m.given))
            out.append(Step(m.rule, m.see, m.where, path_of_change(before, after), before, after, local,
                            _instance(m, local)))
            before = after
        elif after is not before:
            before = after
            if out:
                out[-1] = out[-1]._replace(after=after)
        i += 1
    return out


def _replace(state: list[tuple[Expr, Expr]], m: Any) -> None:
    spot = len(state)
    for t in m.taken:
        if tuple(t) in state:
            spot = min(spot, state.index(tuple(t)))
            state.remove(tuple(t))
    state[spot:spot] = [tuple(t) for t in m.given]


def _sum(engine: Any, terms: Any) -> Expr:
    parts = [engine.pair(c, inner) for c, inner in terms]
    return add(*parts) if parts else engine.pair(engine.zero(), apply("d", engine.wrt))


def _instance(m: Any, local: tuple[Expr, Expr]) -> tuple[Expr, Expr]:
    """The two sides of the rule as it was used: d(Y) and what it gives, or the part rewritten."""
    if m.instance is not None:
        opened: tuple[Expr, Expr] = m.instance
        return opened
    if m.rule.startswith(("d.", "expand.")) or (m.rule == "definition" and m.rewrite is None):
        inner = m.taken[0].inner
        given = [t.inner for t in m.given]
        return inner, add(*given) if given else zeros(*inner.shape)
    return local
