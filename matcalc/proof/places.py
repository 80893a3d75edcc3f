"""Parts and places of an expression, and what stands around a part: what a replay puts together again."""

from __future__ import annotations

from ..deriving.record import HOLE, SPREAD, Context, Step
from ..language.expr import Apply, Expr, Name, T, add, build, differentiated, exchanged
from ..language.long_sums import Drawn, LongSum
from ..language.blocks import terms
from ..language.build import with_args
from ..language.traversal import arguments


def part_at(e: Expr, at: tuple[int, ...]) -> Expr | None:
    for i in at:
        if type(e) is not Apply or i >= len(e.args):
            return None
        e = e.args[i]
    return e


def built_at(e: Expr, at: tuple[int, ...], part: Expr) -> Expr:
    if not at:
        return part
    assert type(e) is Apply
    old = e.args[at[0]]
    new = built_at(old, at[1:], part)
    return exchanged(e, at[0], new) if e.head == "+" else build(e.head, (*e.args[:at[0]], new, *e.args[at[0] + 1:]))


class LongLine:
    """A long sum as the steps so far have it, one term after the other; what the record says of it is compared change by change."""

    def __init__(self) -> None:
        self.line: Drawn | None = None
        self.sum: LongSum | None = None

    def part(self, line: Drawn, step: Step) -> Expr | None:
        """The term where a step is, or the terms it is about if they stand there; a line the last step did not come to is written out."""
        if self.sum is None or self.line is None or line.history is not self.line.history or line.k != self.line.k:
            whole = line.value
            self.line, self.sum = line, LongSum(whole) if type(whole) is Apply and whole.head == "+" else None
        if self.sum is None:
            return None
        if not step.at:
            return step.local[0] if self.places(step) else None
        return self.sum.parts[step.at[0]][2] if step.at[0] < len(self.sum.parts) else None

    def places(self, step: Step) -> list[int] | None:
        """Where the terms are that a step is about."""
        assert self.sum is not None
        return list(step.at[:1]) if step.at else self.sum.places(terms(step.local[0]))

    def follows(self, step: Step, new: Expr, line: Drawn) -> bool:
        """Whether the next line is this line with the terms of the step replaced."""
        places = self.places(step)
        assert self.sum is not None and places is not None
        change, self.line = self.sum.exchange(places, new), line
        return change is not None and change == line.history.changes[line.k - 1]


def filled(around: Context, value: Expr, memo: dict[int, Expr] | None = None) -> Expr:
    """The expression around a part, with this part in its place."""
    if around is HOLE:
        return value
    memo = {} if memo is None else memo
    if id(around) not in memo:
        if around.head == SPREAD:
            inside = around.args[0]
            assert isinstance(inside, Context)
            memo[id(around)] = add(*(filled(inside, t) for t in terms(value)))
        else:
            memo[id(around)] = build(around.head, [filled(a, value, memo) if isinstance(a, Context) else a for a in around.args])
    return memo[id(around)]


def inside_d(e: Expr, at: tuple[int, ...]) -> bool:
    for i in at:
        assert type(e) is Apply
        if differentiated(e) is not None:
            return True
        e = e.args[i]
    return False


def heads_around(around: Context, seen: set[int] | None = None) -> set[str]:
    seen = set() if seen is None else seen
    if id(around) in seen:
        return set()
    seen.add(id(around))
    return {around.head}.union(*(heads_around(a, seen) for a in around.args if type(a) is Context))


def swapped(e: Expr, swap: dict[Expr, Expr], memo: dict[Expr, Expr] | None = None) -> Expr:
    """An expression with names replaced, everywhere."""
    if not swap or not isinstance(e, Name | Apply):
        return e
    memo = dict(swap) if memo is None else memo
    if e not in memo:
        memo[e] = with_args(e, [swapped(a, swap, memo) for a in arguments(e)])
    return memo[e]


def lettered(e: Expr, letters: dict[Expr, Expr]) -> Expr:
    """An expression with a letter for each of its differentials."""
    if not isinstance(e, Apply) or not e.has_d:
        return e
    if e.head == "d":
        if e not in letters:
            letters[e] = Name(f"d {len(letters)}", e.shape)       # no name that anybody can type
        return letters[e]
    return build(e.head, [lettered(a, letters) for a in e.args])


def _factors(e: Expr, transposed: bool = False) -> list[Expr]:
    """The factors of an entry-wise product, however its parts are transposed."""
    if type(e) is Apply and e.head == ".*":
        return [f for a in e.args for f in _factors(a, transposed)]
    if type(e) is Apply and e.head == "'" and type(e.args[0]) is Apply and e.args[0].head in (".*", "'"):
        return _factors(e.args[0], not transposed)
    return [T(e) if transposed else e]


def inwards(e: Expr, memo: dict[Expr, Expr]) -> Expr:
    """An expression with the transposes of sums and of entry-wise products carried inside: (B - A)' and B' - A' are two writings of one."""
    if type(e) is not Apply or not e.args:
        return e
    found = memo.get(e)
    if found is None:
        inner = e.args[0]
        factors = _factors(e)
        if len(factors) > 1:
            found = memo[e] = Apply(".*", tuple(sorted([inwards(f, memo) for f in factors], key=lambda f: f.text)), e.shape)
            return found
        found = memo[e] = add(*(inwards(T(t), memo) for t in inner.args)) if e.head == "'" and type(inner) is Apply and inner.head == "+" \
            else build(e.head, [inwards(a, memo) for a in e.args])
    return found
