"""From the formula as typed to the expression it is built to: the laws with a condition that were used on the way."""

from __future__ import annotations

from ..language.conditions import Condition
from ..language.expr import Apply, Expr, build
from ..rulebook.normal import Law, used
from .record import Step
from ..language.walking import exchanged


Taken = tuple[tuple[int, ...], Law, Expr, Expr, tuple[Condition, ...]]      # where, by which law, from what to what, on condition


def normalised(typed: Expr) -> tuple[Expr, list[Step]]:
    """The expression a tree is built to, and a step for each law that needs a condition; their lines are trees, not built."""
    taken: list[Taken] = []
    end = _built(typed, (), {}, taken)
    line, steps = typed, []
    for at, law, now, out, conditions in taken:
        here = line
        for k in at:
            assert type(here) is Apply
            here = here.args[k]
        after = exchanged(line, {here: out}, {})
        steps.append(Step(law.name, "", {}, at, line, after, (now, out), (now, out), {}, conditions))
        line = after
    return end, steps


def _built(e: Expr, at: tuple[int, ...], memo: dict[Expr, Expr], taken: list[Taken]) -> Expr:
    """What a tree is built to; notes the laws on the way."""
    if type(e) is not Apply or not e.args:
        return e
    out = memo.get(e)
    if out is None:
        args = tuple([_built(a, (*at, k), memo, taken) for k, a in enumerate(e.args)])
        now = Apply(e.head, args, e.shape)
        out = memo[e] = build(e.head, args)
        found = used(now, out)
        if found is not None:
            taken.append((at, found[0], now, out, found[1]))
    return out
