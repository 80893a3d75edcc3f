"""The order of terms, entry-wise factors and factors under a trace on a page: as typed, and a new term where the one it came from was.

Sums are kept sorted, and traces turned to their first form, so that equal ones are one node; how they are shown is said beside them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from operator import le

from ..language.build import build
from ..language.expr import MINUS, SCALAR, Apply, Expr, Name, T, coefficient, differentiated, is_negative, mul, neg, tr
from ..language.inspection import scalar_part
from ..language.long_sums import History
from ..language.operations import LINEAR
from .naming import swap_parts
from .substitute import substitute
from .record import Step
from ..reading.problems.problem import Problem

BAGS = ("+", ".*")      # the order of what they join means nothing
POWERS = {"^": "*", ".^": ".*"}      # which are taken factor by factor
Orders = dict[Expr, tuple[Expr, ...]]
Rank = tuple[int, ...]
DEEP, INSIDE = 4, ("+", "*", "tr", "'")


def as_typed(p: Problem, free: Expr | None = None, named: Iterable[tuple[Name, Expr]] = ()) -> Orders:
    """The sums of a problem, each with its terms as they were typed; also for a variable that is `free` of its structure, and with the
    names of what is `named`."""
    named = list(named)
    calls: dict[Name, Expr] = {}
    typed = p.as_typed(calls if any(n.of for n, _ in named) else None)
    found: Orders = {}
    memo: dict[Expr, Expr] = {}
    pairs = [*typed.definitions, *typed.assumptions]
    trees = [e for e in (typed.f, *calls.values(), typed.claim, typed.expect, *(typed.prove or ()), *(e for pair in pairs for e in pair))
             if e is not None]
    for e in (*trees, *(substitute(e, {p.variable: free}, None, True) for e in trees if free is not None and free is not p.wrt)):
        _walk(e, found, memo)
    for n, body in named:
        memo = {body: n}
        for e, terms in [(e, terms) for e, terms in found.items() if e is not body]:
            found.setdefault(swap_parts(e, memo), tuple([swap_parts(t, memo) for t in terms]))
    return found


def _walk(e: Expr, found: Orders, memo: dict[Expr, Expr]) -> Expr:
    """What a typed tree is built to; notes the sums in it."""
    if type(e) is not Apply or not e.args:
        return e
    if e not in memo:
        args = [_walk(a, found, memo) for a in e.args]
        memo[e] = out = build(e.head, args)
        if e.head in BAGS and type(out) is Apply and out.head == e.head:
            terms = [t for a in args for t in (found.get(a, a.args) if type(a) is Apply and a.head == e.head else (a,))]
            if len(terms) == len(out.args) and set(terms) == set(out.args):
                found.setdefault(out, tuple(terms))
        elif e.head == "tr":
            _note_trace(args[0], out, found)
        elif e.head == "*" and type(out) is Apply and out.head == "+" and type(args[-1]) is Apply:      # -(a + b) is -a - b
            spread = {mul(*args[:-1], t): t for t in found.get(args[-1], args[-1].args)}
            if spread.keys() == set(out.args):
                found.setdefault(out, tuple(spread))
                for new, t in spread.items():
                    if type(new) is Apply and new.head == "*":
                        _note_product([*args[:-1], t], new, found)
        elif e.head == "*" and type(out) is Apply and out.head == "*":
            _note_product(args, out, found)
        elif e.head in POWERS and type(out) is Apply and out.head == POWERS[e.head] and type(base := args[0]) is Apply:      # 1/(c*d)
            powers = [build(e.head, (f, args[1])) for f in found.get(base, base.args)]
            if set(powers) == set(out.args):
                found.setdefault(out, tuple(powers))
    return memo[e]


def _note_product(args: list[Expr], out: Apply, found: Orders) -> None:
    """Factors as they were typed: numbers among themselves, and a number that is kept as its own transpose."""
    flat = [f for a in args for f in (found.get(a, a.args) if type(a) is Apply and a.head == "*" and a not in out.args else (a,))]
    turned = next((f for f in flat if neg(f) in out.args), None) if MINUS in flat and MINUS not in out.args else None
    if turned is not None:      # -(1 - y)*z is (y - 1)*z
        flat = [neg(f) if f is turned else f for f in flat if f is not MINUS]
    chain = [f for f in flat if f.shape != SCALAR]
    inner = next((a for a in out.args if type(a) is Apply and a.head == "*" and a.args[0].shape != SCALAR), None) if chain else None
    if inner is not None and out.shape == SCALAR:       # c*x'*y is c*(x'*y)
        out, flat = inner, chain
    kept = [f for f in out.args if f.shape != SCALAR]
    transposed = len(chain) == 2 and out.shape == SCALAR and [T(f) for f in reversed(chain)] == kept
    if {f for f in flat if f.shape == SCALAR} == {f for f in out.args if f.shape == SCALAR} and len(flat) == len(out.args) \
            and (chain == kept or transposed):
        found.setdefault(out, tuple(flat))


def _note_trace(inner: Expr, out: Expr, found: Orders) -> None:
    """What was typed under a trace, and each of its terms, beside the form it is turned to."""
    for e in (inner, *(found.get(inner, inner.args) if type(inner) is Apply and inner.head == "+" else ())):
        rest = scalar_part(e)[1]
        cycled = out if e is inner and rest is inner else tr(rest)
        if type(cycled) is Apply and cycled.head == "tr" and cycled is not rest and cycled.args[0] is not rest:      # tr(tr(A)) is tr(A)
            found.setdefault(cycled, (rest,))


class Places:
    """Where the terms of a line stand: a rank for each, longer where a sum that was typed became its terms."""

    def __init__(self, typed: Mapping[Expr, tuple[Expr, ...]]) -> None:
        self.typed = typed
        self.ranks: dict[Expr, Rank] = {}
        self.now: Rank = ()
        self.long: History | None = None        # the long sum that is followed, and for each of its lines the rank of what is new
        self.nows: list[Rank] = []
        self.orders: Orders = {}
        self.within: dict[Expr, list[dict[Expr, int]]] = {}     # the typed sums a term stands in, each with the places of its terms
        for e, terms in typed.items():
            if type(e) is Apply and e.head == "+":
                place = {_bare(t): k for k, t in enumerate(terms)}
                if e.shape[0] is e.shape[1] and e.shape != SCALAR:      # and under a trace
                    place |= {_bare(tr(t)): k for k, t in enumerate(terms)}
                for t in place:
                    self.within.setdefault(t, []).append(place)

    def move(self, taken: list[Expr], given: list[Expr]) -> None:
        """Terms give way to others, which stand where the first of them stood."""
        self.now = min((self.ranks.get(t, ()) for t in taken), default=())
        for t, own in zip(given, self.own(given), strict=True):
            rank = self.now + own
            for of in {t, _bare(t)}:
                self.ranks[of] = min(self.ranks.get(of, rank), rank)
        if len(given) == 1 and len(taken) > 1:
            self.joined(taken, given[0])

    def joined(self, taken: list[Expr], given: Expr) -> None:
        """Terms with a common factor become one: the sum in it has their order."""
        around: list[tuple[Apply, int]] = []
        inner = given
        while type(inner) is Apply and inner.head != "+" and len(around) < DEEP:
            k = next((k for k, a in enumerate(inner.args) if type(a) is Apply and a.head in INSIDE), None)
            if k is None:
                return
            around.append((inner, k))
            inner = inner.args[k]
        if type(inner) is not Apply or len(inner.args) != len(taken):
            return
        ranks = {}
        for t in inner.args:
            whole = t
            for e, k in reversed(around):
                whole = build(e.head, [*e.args[:k], whole, *e.args[k + 1:]])
            ranks[t] = self.ranks.get(whole)
        if None not in ranks.values() and len(set(ranks.values())) == len(ranks):
            order = tuple(sorted(inner.args, key=lambda t: ranks[t] or ()))
            self.orders.setdefault(inner, order if inner.shape != SCALAR and all(t.names for t in order) else plus_first(order))

    def own(self, given: list[Expr]) -> list[Rank]:
        """The places of the terms that a typed sum was opened to."""
        inner = [_inside(t) for t in given]
        for place in self.within.get(inner[0], ()) if len(given) > 1 and inner[0] is not None and None not in inner else ():
            if place.keys() >= set(inner):       # what is constant is gone
                return [(place[i],) for i in inner if i is not None]
        places = [_moving(t, self.typed) for t in given] if len(given) == 2 and not any(map(is_negative, given)) else []
        if len(set(places)) == 2 and None not in places:
            return [k for k in places if k is not None]
        return [(k,) for k in range(len(given))] if places else [()] * len(given)

    def drawn(self, steps: Sequence[Step], line: Expr | History) -> None:
        """Note the orders of the lines that the steps of the last move made; of a long one once it is written out."""
        if line is self.long:
            self.nows += [self.now] * len(steps)
            return
        if steps and len(self.nows) > 1:
            self.see(steps[0].before, self.nows[-1])
        for s in steps:
            self.step(s.before, s.after, s.at)
        self.nows = nows = [self.now]
        self.long = None
        if isinstance(line, History):
            self.long, line.seen = line, lambda written, k: self.see(written, nows[k])

    def see(self, line: Expr, now: Rank | None = None) -> bool:
        """Note the order of a line's terms; whether they have places of their own."""
        if type(line) is not Apply or line.head != "+":
            return False
        found = [self.ranks.get(t) or self.ranks.get(_bare(t)) for t in line.args]
        ranks = [(self.now if now is None else now) if r is None else r for r in found]
        if not all(map(le, ranks, ranks[1:])):
            places = sorted(range(len(ranks)), key=ranks.__getitem__)
            self.orders[line] = tuple([line.args[k] for k in places])
        return any(found)

    def step(self, before: Expr, after: Expr, at: Sequence[int]) -> None:
        """Note the order of the sums around what a step changes."""
        known = self.see(after)
        for k in (*at, 0):
            if type(before) is not Apply or type(after) is not Apply or before.head != after.head or k >= len(before.args):
                return
            if before.head in BAGS and not known and after not in self.typed:
                self._stay(before, after)
            new = [a for a in after.args if a not in before.args]
            if len(new) != 1:
                return
            before, after, known = before.args[k], new[0], False

    def _stay(self, before: Apply, after: Apply) -> None:
        """What is new in a sum stands where what it comes from stood."""
        old = self.orders.get(before) or self.typed.get(before, before.args)
        new = [t for t in after.args if t not in old]
        gone = [k for k, t in enumerate(old) if t not in after.args]
        if gone and new and (len(gone) == 1 or len(new) == 1) and len(set(after.args)) == len(after.args):
            moving = [_moving(t, self.typed) for t in new]
            if len(set(moving)) == len(new) == 2 and None not in moving:
                new.sort(key=lambda t: _moving(t, self.typed) or ())
            first = [t for t in old[:gone[0]] if t in after.args]
            order = (*first, *new, *(t for t in old[gone[0]:] if t in after.args))
            self.orders[after] = order if after.has_d else plus_first(order)


def plus_first(order: Sequence[Expr], negative: Callable[[Expr], bool] = is_negative) -> tuple[Expr, ...]:
    """Terms with no minus in front where there is a plus."""
    k = next((k for k, t in enumerate(order) if not negative(t)), 0)
    return (order[k], *order[:k], *order[k + 1:])


def _bare(t: Expr) -> Expr:
    return coefficient(t)[1]


def _moving(t: Expr, typed: Mapping[Expr, tuple[Expr, ...]]) -> Rank | None:
    """Which factor of a term moves, and which of its factors, what stands below a bar last: the product rule in the typed order."""
    while type(t) is Apply and t.head in LINEAR:
        t = t.args[0]
    if type(t) is not Apply or t.head not in ("*", ".*"):
        return () if t.has_d else None
    chain = list(t.args) if t.head == ".*" else [a for a in t.args if a.shape != SCALAR]
    scalars = [a for a in t.args if a not in chain and a.has_d]
    k = next((k for k, a in enumerate(chain) if a.has_d), None)
    moving = scalars[0] if len(scalars) == 1 else None if k is None else chain[k]
    if moving is None:
        return None
    f = differentiated(moving)
    if type(f) is Apply and f.head in POWERS and is_negative(f.args[1]):
        return (len(t.args),)
    factors = typed.get(build(t.head, [f if a is moving else a for a in t.args]), ()) if t.head == ".*" and f is not None else ()
    return (0 if moving in scalars else factors.index(f) if f in factors else k or 0, *(_moving(moving, typed) or ()))


def _inside(t: Expr) -> Expr | None:
    """What is under the one differential of a term; nothing where that is not at its end."""
    while type(t) is Apply and (t.head == "*" or t.head in LINEAR):
        t = t.args[-1]
    f = differentiated(t)
    return None if f is None else _bare(f)
