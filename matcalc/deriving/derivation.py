"""What a derivation is: the problem, what was recorded of its steps, and the derivative read off."""

from __future__ import annotations

from collections.abc import Sequence
from copy import copy
from typing import Any

from ..language.deadline import Deadline
from ..language.expr import Apply, Expr, Name, build, neg
from ..language.operations import ELEMENTWISE_NAMES
from .lines import Lines, differential_lines, tidying_lines
from .order import Orders, as_typed, plus_first
from .result_order import like_typed, opened_like
from .record import Step, RewriteTrace
from .repeated import CHAIN
from .unfinished import Unfinished
from ..reading.problems.problem import Problem
from ..language.conditions import Condition
from ..rulebook.normal import Law, used
from ..records import Record
from ..language.traversal import replaced, subexpressions


class Search(Record):
    """A function, the form in which it is opened and how that is reached; the engine that opened it, the derivative as it was isolated and
    as it is asked for; how that became shorter, and what it became."""

    f: Expr
    plain: Expr
    before: RewriteTrace | None
    engine: Any
    coefficient: Expr
    raw: Expr
    after: RewriteTrace | None
    tidied: Expr


class Derivation:
    """A problem, its steps, and the derivative read off."""

    links: Sequence[Any] = ()       # of a long chain, each with a derivation of its own
    named: Sequence[tuple[Name, Expr]] = ()     # what f says again and again, and the derivation by a letter

    def __init__(self, problem: Problem, search: Search, answer: tuple[Expr, list[tuple[Name, Expr]]], reading: str, layout: str,
                 earlier: Derivation | None = None, named: Sequence[tuple[Name, Expr]] = (),
                 shown: tuple[Expr, list[tuple[Name, Expr]]] | None = None) -> None:
        self.problem, self.reading, self.layout, self.earlier, self.named = problem, reading, layout, earlier, named
        self.f, self.plain, self.before, self.engine, self.coefficient, self.raw, self.after, self.tidied = search
        self.result, self.where = answer
        self.adjoints: list[tuple[Name, Expr]] = search.engine.adjoints
        self.shown = shown or answer        # result and where in the letters mean(x), var(x) of what was typed
        self.verdict: Any = None
        self._lines: list[tuple[list[Step], tuple[Lines, ...]]] = []       # shared with the copies of `within`
        self._orders: list[Orders] = []
        self._opposites: list[dict[Expr, Expr]] = []

    @property
    def shape(self) -> tuple[str, str]:
        """The shape of the result, as text."""
        return (str(self.result.shape[0]), str(self.result.shape[1]))

    @property
    def count(self) -> int:
        """How many steps were taken."""
        return len(self.steps)

    @property
    def steps(self) -> list[Step]:
        """The steps as whole lines; each begins where the one before ended."""
        return self._drawn()[0]

    @property
    def orders(self) -> Orders:
        """In which order the terms of a sum stand on the page, where it is another one than theirs."""
        if not self._orders:
            steps, lines = self._drawn()
            orders = self.result_orders | (self.earlier.orders if self.earlier else {})
            for drawn in lines:
                drawn.order(orders)
            orders |= like_typed(self.problem, orders, [self.result, *(side for s in steps for side in s.changed)], self.where)
            if self.earlier is not None and isinstance(h := self.tidied, Apply) and h.head == "+":      # a book has no minus in front
                orders[h] = plus_first(orders.get(h, h.args))
            self._orders.append(orders | opened_like(orders, self.tidied, self.named))
        return self._orders[0]

    @property
    def result_orders(self) -> Orders:
        """The same for the result alone, without a look at the steps."""
        given = self.problem.definitions
        orders = as_typed(self.problem, self.engine.wrt, [*self.named, *(given if len(given) <= CHAIN else ())])
        return orders | like_typed(self.problem, orders, [self.lettered], self.where)

    @property
    def typed(self) -> Problem:
        """The problem with the trees as typed, in the letters mean(x), var(x) where the derivation is."""
        return self.problem.as_typed({} if any(n.of for n, _ in self.named) else None)

    @property
    def lettered(self) -> Expr:
        """The result as a page has it: a Hessian in the letters of the function and its gradient."""
        return self.tidied if self.earlier is not None and self.named else self.shown[0]

    @property
    def opposites(self) -> dict[Expr, Expr]:
        """The sums in f and in the definitions as they were typed, and in the steps that are drawn as the derivative of a function has
        them, by what has the other sign."""
        if self._opposites:
            return self._opposites[0]
        typed = as_typed(self.problem.replace(claim=None, expect=None), self.engine.wrt, self.named)
        steps = [s for d in (self.earlier, self) if d is not None and d._lines for s in d.steps]
        ruled = subexpressions(s.instance[1] for s in steps if s.rule[2:] in ELEMENTWISE_NAMES)
        moving = subexpressions(s.local[1] for s in steps if s.rule.startswith("d.") or s.rule == "definition")
        sums = [*typed, *ruled, *(e for e in moving if e.has_d)]
        found = {neg(e): e for e in sums if isinstance(e, Apply) and e.head == "+"}
        out: dict[Expr, Expr] = {other: e for other, e in found.items() if other not in found.values()}
        self._opposites += [out] * bool(self._lines)
        return out

    def _drawn(self) -> tuple[list[Step], tuple[Lines, ...]]:
        if not self._lines:
            by = self.problem.deadline
            typed = self.problem.as_typed().function
            first = self.earlier.within(by).steps if self.earlier else [] if typed is self.problem.f else normalised(typed)[1]
            lines = (tidying_lines(self.f, self.before, by), differential_lines(self.engine, by), tidying_lines(self.raw, self.after, by))
            self._lines.append(([*first, *(s for drawn in lines for s in drawn.steps)], lines))
        return self._lines[0]

    @property
    def deadline(self) -> Deadline:
        """By when the answer is wanted."""
        found: Deadline = self.problem.deadline
        return found

    def within(self, deadline: Deadline) -> Derivation:
        """The same derivation, to be drawn or replayed by another moment."""
        out = copy(self)
        out.problem = self.problem.within(deadline)
        return out


__all__ = ["Derivation", "Step", "Unfinished"]


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
        after = replaced(line, {here: out}, {})
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
        now = e if args == e.args else Apply(e.head, args, e.shape)
        out = memo[e] = build(e.head, args)
        found = used(now, out)
        if found is not None:
            taken.append((at, found[0], now, out, found[1]))
    return out
