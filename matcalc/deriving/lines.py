"""Whole lines, drawn from what was recorded: the part of each step is put into its line, and the place is read off."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from ..language.deadline import NEVER, Deadline
from ..language.build import with_args
from ..language.expr import ONE, SCALAR, UNIT, Apply, Expr, T, add, apply, mul, tr, vec
from ..language.inspection import heads_in, is_unit, scalar_part, untransposed
from ..language.long_sums import Drawn, History, is_long
from ..rulebook.book import RULES, conditions
from ..rulebook.rule import Rule
from ..rulebook.matching import fill
from .order import Orders, Places
from .record import HOLE, LINE, SPREAD, Context, Move, Rewrite, Step, Term, RewriteTrace, letters, compose, only_hole, fill_hole, put_at

if TYPE_CHECKING:
    from .differential import Engine


def played(trace: RewriteTrace, take: Callable[[Rewrite, Context], None], outside: Context = HOLE) -> None:
    """The rewrites of a trace in order, each with what stands around it then."""
    _play_part(trace, trace, take, outside, {})


def _play_part(t: RewriteTrace, whole: RewriteTrace, take: Callable[[Rewrite, Context], None], outside: Context,
               values: dict[Expr, Expr]) -> None:
    if t.node in values:
        return
    for part in t.inner:
        if part is not None:
            _play_part(part, whole, take, outside, values)
    for r in t.own:
        take(r, compose(outside, _around(whole, t.node, values)))
        values[t.node] = r.after
    if t.then is not None:
        played(t.then, take, compose(outside, _around(whole, t.node, values)))
    values[t.node] = t.value


def _around(whole: RewriteTrace, node: Expr, values: dict[Expr, Expr]) -> Context:
    """The whole as it stands, with a hole wherever the node is."""
    found = _with_hole(whole, node, values, {})
    assert type(found) is Context
    return found


def _with_hole(t: RewriteTrace, node: Expr, values: dict[Expr, Expr], memo: dict[Expr, Expr | Context]) -> Expr | Context:
    n = t.node
    if n is node:
        return HOLE
    found = values.get(n) or memo.get(n)
    if found is None:
        args = [a if part is None else _with_hole(part, node, values, memo) for a, part in zip(n.args, t.inner, strict=True)]
        found = memo[n] = Context(n.head, tuple(args)) if any(type(a) is Context for a in args) else with_args(
            n, args)  # type: ignore[arg-type]
    return found


NUMBERS = Rewrite("numbers", "", {}, UNIT, UNIT)


class Lines:
    """The lines of a derivation so far; `steps` grows as moves are drawn."""

    def __init__(self, deadline: Deadline = NEVER, linear: bool = False, zero: Term | None = None) -> None:
        self.deadline = deadline
        self.steps: list[Step] = []
        self.log: list[tuple[Move | None, list[Step], Expr | History]] = []     # each move, its steps, and the line they end with
        self.linear, self.zero = linear, zero
        self.state: dict[Term, int] = {}        # the terms of the line, and how often each stands there
        self.pairs: dict[Term, Expr] = {}

    # ------------------------------------------------------------------ an expression without a differential
    def tidied(self, start: Expr, trace: RewriteTrace | None) -> None:
        """The rewrites of one expression."""
        if trace is not None:
            self.log.append((None, self.steps, self._play(start, trace, HOLE)))

    def _play(self, line: Expr, trace: RewriteTrace, outside: Context) -> Expr:
        def take(r: Rewrite, around: Context) -> None:
            nonlocal line
            line = self._step(r.rule, r.see, r, line, (r.before, r.after), r.row_context, around)
        played(trace, take, outside)
        return line

    # ------------------------------------------------------------------ df = ...
    def differential(self, moves: list[Move]) -> None:
        """The moves of the engine, as lines."""
        if not moves:
            return
        self.state[moves[0].taken[0]] = 1
        line: Expr | History = self._sum(moves[0].taken)
        for m in moves:
            for t in m.taken:
                self._count(t, -1)
            start = len(self.steps)
            if not isinstance(line, History) or not self._in_terms(line, m):
                line = self._in_line(line if isinstance(line, Expr) else line.line(len(line.changes)), m)
            self.log.append((m, self.steps[start:], line))
            for t in m.given:
                self._count(t, 1)

    def _count(self, t: Term, more: int) -> None:
        """A term stands in the line so many times more; without one it is forgotten."""
        times = self.state.get(t, 0) + more
        if times:
            self.state[t] = times
        else:
            del self.state[t]

    def _in_line(self, line: Expr, m: Move) -> Expr | History:
        """A move in the line as a whole."""
        rest = tuple([self.pair(t) for t, times in self.state.items() for _ in range(times)])
        line = self._move(line, m, Context("+", (*rest, HOLE)) if rest else HOLE)
        return History(line) if isinstance(line, Apply) and is_long(line) else line

    def _in_terms(self, line: History, m: Move) -> bool:
        """A move in some terms of a long line: whether it could be made without a look at the others."""
        start, k = len(self.steps), len(line.changes)
        self._move(self._sum(m.taken), m, HOLE)
        short, self.steps[start:] = self.steps[start:], []
        for s in short:
            one, at, new = s.before, s.at, s.after
            several = isinstance(one, Apply) and one.head == "+"
            if several and at:
                assert isinstance(one, Apply)
                one, at = one.args[at[0]], at[1:]
                new, several = put_at(one, at, s.local[1]), False
            places = line.exchange(one.args if several and isinstance(one, Apply) else (one,), new)
            if places is None:
                line.forget(k)
                del self.steps[start:]
                return False
            n = len(line.changes)
            self.steps.append(s._replace(at=() if several else (*places, *at), before=Drawn(line, n - 1), after=Drawn(line, n)))
        return True

    def order(self, orders: Orders) -> None:
        """Add to the orders that sums were typed in those of the lines, and of long ones when they are written out."""
        places = Places(orders)
        for m, steps, line in self.log:
            if m is not None:
                places.move([self.pair(t) for t in m.taken], [self.pair(t) for t in m.given])
            places.drawn(steps, line)
        orders |= places.orders
        shown: dict[tuple[Expr, Expr], Expr] = {}       # the traces along ones, by what they are built as
        for (c, inner), line in self.pairs.items():
            (_, c), (_, inner) = scalar_part(c), scalar_part(inner)
            shown |= along_ones(c, inner)
            if (c, inner) in shown and isinstance(line, Apply):
                product = next((a for a in line.args if isinstance(a, Apply) and a.head == "*" and a.has_d and a.shape == SCALAR), line)
                orders.setdefault(product, (shown[c, inner],))
        places.orders = orders

    def _move(self, line: Expr, m: Move, outside: Context) -> Expr:
        """The steps of a move, with what stands around its terms."""
        first = m.taken[0]
        if m.trace is not None:
            return self._play(line, m.trace, compose(outside, self._paired(first.inner)))
        if m.freed is not None:
            return self._freed(line, m, m.freed, outside)
        if m.instance is None:
            return self._step(m.rule, m.see, m, line, (self._sum(m.taken), self._sum(m.given)), m.row_context, outside)
        if first.coefficient is LINE:
            return self._step(m.rule, m.see, m, line, m.instance, m.row_context, compose(outside, _holes(first.inner, m.instance[0])))
        c = first.coefficient
        whole = first.inner is m.instance[0]
        inner = HOLE if whole else _holes(first.inner, m.instance[0])
        inside = Context("*", (c, Context("vec", (inner,)))) if self.linear else Context("tr", (Context("*", (c, inner)),))
        each = Context(SPREAD, (inside,)) if whole else inside
        made = {id(each): self._sum(m.given)} if whole else None
        return self._step(m.rule, m.see, m, line, m.instance, m.row_context, compose(outside, each), {id(each): self.pair(first)}, made)

    def _freed(self, line: Expr, m: Move, row: Rule, outside: Context) -> Expr:
        """A differential isolated by a row; what the new coefficient draws together of signs and numbers is said apart."""
        old, new = self._sum(m.taken), self._sum(m.given)
        if old is new:
            return line
        left, right = old, new
        if "+" in heads_in(old) or "+" in heads_in(new):        # a sign may go into a sum, and two opposite ones become the same
            left, right = (fill_hole(m.row_context, fill(side, m.binding, lambda e: e)) for side in (row.lhs, row.rhs))
        line = line if left is old else self._step("numbers", "", NUMBERS, line, (old, left), HOLE, outside)
        line = self._step(m.rule, m.see, m, line, (left, right), m.row_context, outside)
        return line if right is new else self._step("numbers", "", NUMBERS, line, (right, new), HOLE, outside)

    def _paired(self, inner: Expr) -> Context:
        return Context("*", (HOLE, vec(inner))) if self.linear else Context("tr", (Context("*", (HOLE, inner)),))

    def pair(self, t: Term) -> Expr:
        """Coefficient and differential as they stand in the line."""
        found = self.pairs.get(t)
        if found is None:
            c, inner = t
            found = self.pairs[t] = inner if c is LINE else mul(c, vec(inner)) if self.linear else tr(mul(c, inner))
        return found

    def _sum(self, terms: tuple[Term, ...] | list[Term]) -> Expr:
        assert self.zero is not None
        if len(terms) == 1:
            return self.pair(terms[0])
        return add(*map(self.pair, terms)) if terms else self.pair(self.zero)

    # ------------------------------------------------------------------ steps
    def _step(self, rule: str, see: str, made: Rewrite | Move, line: Expr, instance: tuple[Expr, Expr], laid: Context,
              around: Context, known: dict[int, Expr] | None = None, new_known: dict[int, Expr] | None = None) -> Expr:
        """Add a step, if the line changes; `known` are parts of the line around the old side, `new_known` those around the new one."""
        self.deadline.check()
        at, context, part = _place(around, line, instance[0], {} if known is None else known)
        new = fill_hole(context, instance[1], new_known)
        after = put_at(line, at, new)
        if after is not line:
            where, sizes = letters(made.binding)
            row = RULES.get(rule)
            self.steps.append(Step(rule, see, where, at, line, after, (part, new), instance, sizes,
                                   () if row is None else conditions(row, made.binding, instance[1]), laid, context))
        return after


def _holes(e: Expr, part: Expr) -> Context:
    """e with a hole wherever the part stands."""
    found = _holed(e, part, {})
    assert type(found) is Context
    return found


def _holed(e: Expr, part: Expr, memo: dict[Expr, Expr | Context]) -> Expr | Context:
    if e is part:
        return HOLE
    if not isinstance(e, Apply) or not e.has_d or e.head == "d":
        return e
    found = memo.get(e)
    if found is None:
        args = tuple([_holed(a, part, memo) for a in e.args])
        found = memo[e] = Context(e.head, args) if any(type(a) is Context for a in args) else e
    return found


def _place(around: Context, line: Expr, old: Expr, memo: dict[int, Expr]) -> tuple[tuple[int, ...], Context, Expr]:
    """Where in the line the smallest node stands that holds every hole, what is left around the part there, and that node."""
    path: list[int] = []
    while around is not HOLE and isinstance(line, Apply) and line.head == around.head:
        hole = only_hole(around)
        if hole is None:
            break
        inside = around.args[hole]
        assert type(inside) is Context
        value = fill_hole(inside, old, memo)
        values = (*around.args[:hole], value, *around.args[hole + 1:])
        if values == line.args:
            spot = hole
        elif line.head in ("+", ".*") and len(values) == len(line.args) and set(values) == set(line.args):
            spot = line.args.index(value)
        else:
            break
        path.append(spot)
        around, line = inside, line.args[spot]
    return tuple(path), around, line


def differential_lines(engine: Engine, deadline: Deadline = NEVER) -> Lines:
    """The lines of df = ..."""
    lines = Lines(deadline, engine.linear, Term(engine.zero(), apply("d", engine.wrt)))
    lines.differential(engine.moves)
    return lines


def tidying_lines(start: Expr, trace: RewriteTrace | None, deadline: Deadline = NEVER) -> Lines:
    """The lines of an expression that is tidied."""
    lines = Lines(deadline)
    lines.tidied(start, trace)
    return lines


def along_ones(c: Expr, inner: Expr) -> dict[tuple[Expr, Expr], Expr]:
    """The trace of C = (A.*B)' times row sums beside a row of ones, tr(C*dX*1*1') on a page, which is built as 1'*C*dX*1: by each pair of
    a coefficient and what holds the differential that it is until it is free."""
    u, row = inner.args if isinstance(inner, Apply) and inner.head == "*" and len(inner.args) == 2 else (c, c)
    turned = T(c)
    if not isinstance(u, Apply) or u.head != "rowsum" or not is_unit(untransposed(row)) or not isinstance(turned, Apply) \
            or turned.head != ".*":
        return {}
    trace, sums = Apply("tr", (Apply("*", (c, u, row), (c.shape[0], c.shape[0])),), SCALAR), T(apply("rowsum", turned))
    return dict.fromkeys([(c, inner), (mul(row, c), u), (sums, u), (mul(T(row), sums), u.args[0])], trace)


def traced(line: Expr, wrt: Expr) -> Expr | None:
    """u' dX v as the trace from which the gradient is read off, tr(v u' dX); None where no matrix is varied or it is not a product."""
    if ONE in wrt.shape or not (isinstance(line, Apply) and line.head == "*" and line.shape == SCALAR):
        return None
    inner = next((a for a in line.args if isinstance(a, Apply) and a.head == "*" and a.shape == SCALAR and a.has_d), None)
    scalars = [a for a in line.args if a.shape == SCALAR and a is not inner]
    chain = [a for a in (line if inner is None else inner).args if a.shape != SCALAR]
    spot = next((k for k, a in enumerate(chain) if a.has_d), None)
    if spot is None or any(a.has_d for a in scalars):
        return None
    transposed = Apply("tr", (Apply("*", (*chain[spot + 1:], *chain[:spot + 1]), (wrt.shape[1], wrt.shape[1])),), SCALAR)
    return Apply("*", (*scalars, transposed), SCALAR) if scalars else transposed
