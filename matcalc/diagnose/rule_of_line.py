"""The name of the rule that explains a line by itself, where one does."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ..deriving.substitute import substitute
from .edits import put, sites
from ..language.inspection import heads_in
from ..language.operations import LINEAR, SPELLING
from ..language.expr import (SCALAR, Apply, Expr, InputError, Name, Number, T, add, apply, build, differentiated, hadamard, hadamard_power,
                             mul, num, power, zeros)
from ..rulebook import algebra, differentials, traces
from ..deriving.tidy import Tidier
from ..rulebook.rule import Rule, needed
from ..rulebook.matching import Binding, fill, match, products

LARGEST = 120
POWERS = 6
Found = tuple[str, str]


class RuleNamer:
    """Finds the single rule that turns one line into the next; knows which names vary and how names are defined."""

    def __init__(self, definitions: Iterable[tuple[Name, Expr]], constants: tuple[str, ...]) -> None:
        self.bodies = dict(definitions)
        self.moving: dict[Expr, bool] = {}
        self.constants = constants
        self.rules: tuple[Rule, ...] = (*differentials.DIFFERENTIALS, *algebra.TIDY, *algebra.STRUCTURE, *algebra.SCALAR,
                                        *algebra.LATE, *algebra.NAMED)
        self.tidy = Tidier(bodies=self.bodies)

    def moves(self, e: Expr) -> bool:
        """Whether its differential is not zero."""
        found = self.moving.get(e)
        if found is None:
            found = self.moving[e] = any(self.moves(self.bodies[n]) if n in self.bodies else n.name not in self.constants for n in e.names)
        return found

    def d(self, e: Expr) -> Expr:
        """d(e), with what is linear drawn out: transposes, sums, signs and numbers."""
        if not self.moves(e):
            return zeros(*e.shape)
        if isinstance(e, Apply):
            if e.head in LINEAR:
                return build(e.head, (self.d(e.args[0]), *e.args[1:]))
            if e.head == "+":
                return add(*map(self.d, e.args))
            if e.head == "*" and isinstance(e.args[0], Number):
                return mul(e.args[0], self.d(mul(*e.args[1:])))
        return apply("d", e)

    def plain(self, e: Expr, memo: dict[Expr, Expr] | None = None) -> Expr:
        """The expression with every differential written so."""
        memo = {} if memo is None else memo
        if not isinstance(e, Apply) or not e.has_d:
            return e
        found = memo.get(e)
        if found is None:
            if e.head == "d":
                found = self.d(e.args[0])
            elif e.head == "derivative":
                found = e
            else:
                found = build(e.head, [self.plain(a, memo) for a in e.args])
            memo[e] = found
        return found

    def carried(self, e: Expr) -> Expr:
        """e with every d(...) taken apart by the rules until d stands before letters only, as far as they go."""
        if not isinstance(e, Apply) or not e.has_d or e.head == "derivative":
            return e
        inner = differentiated(e)
        if inner is None:
            return build(e.head, [self.carried(a) for a in e.args])
        if isinstance(inner, Name) or not self.moves(inner):
            return self.d(inner)
        plain = self.d(inner)
        if plain is not e:
            return self.carried(plain)
        assert isinstance(inner, Apply)
        step = next((new for _, new in self._at(e) if new is not e), None)
        return e if step is None else self.carried(step)

    def name(self, before: Expr, after: Expr) -> Found | None:
        """A rule's name and source: used once, forwards or backwards, it turns one line into the other."""
        try:
            return self._name(before, after)
        except (InputError, ValueError, AssertionError, IndexError, KeyError, RecursionError, ZeroDivisionError):
            return None

    def _name(self, before: Expr, after: Expr) -> Found | None:
        if before is after:
            return "the same", ""
        one, two = self.plain(before), self.plain(after)
        if one is two:
            return _linear(before, after) if before.has_d else ("the same", "")
        for n, body in self.bodies.items():
            swaps: tuple[dict[Expr, Expr], ...] = ({n: body}, {apply("d", n): apply("d", body)}, {body: n},
                                                   {apply("d", body): apply("d", n)})
            if any(substitute(a, swap) is b for a, b in ((before, after), (after, before)) for swap in swaps):
                return f"definition of {n}", ""
        if one.shape != two.shape:
            return None
        path = path_of_change(one, two)
        for length in range(len(path), -1, -1):
            spot = path[:length]
            a, b = _part(one, spot), _part(two, spot)
            if a.height > LARGEST:
                break
            for rule, whole in self._rewrites(a):
                if whole is b or self._same(one, spot, whole, two):
                    return rule.name, rule.see
            for rule, whole in self._rewrites(b):
                if whole is a or self._same(two, spot, whole, one):
                    return rule.name, rule.see
        if one.height < LARGEST and self.tidy(one) is self.tidy(two):
            return "tidy", ""
        return None

    def _same(self, line: Expr, spot: tuple[int, ...], new: Expr, wanted: Expr) -> bool:
        made = put(line, spot, new)
        return made is wanted

    def _rewrites(self, e: Expr) -> Iterator[tuple[Rule, Expr]]:
        """What one rule makes of e, or of a part of it."""
        for path, part in sites(e):
            if isinstance(part, Apply):
                for rule, new in self._at(part):
                    whole = put(e, path, new)
                    if whole is not None:
                        yield rule, self.plain(whole)

    def _at(self, e: Apply) -> Iterator[tuple[Rule, Expr]]:
        inner = differentiated(e)
        if isinstance(inner, Apply):
            yield from self._differential(inner)
        met = {SPELLING.get(head, head) for head in heads_in(e)}
        for rule in self.rules:
            if not needed(rule) <= met:         # it is not even read
                continue
            lhs = rule.lhs
            if not isinstance(lhs, Apply) or lhs.head != e.head or rule.name in ("d.product", "d.entrywise-product"):
                continue
            b: Binding = {"words": _worded}
            if e.head == "*":
                yield from self._laid(rule, e)
            elif match(lhs, e, b):
                yield rule, fill(rule.rhs, b, self.d)
        if e.head == "tr":
            yield from self._trace(e.args[0])
        elif e.head == "*" and e.shape == SCALAR:
            chain = [a for a in e.args if a.shape != SCALAR]
            if chain:
                transposed = T(mul(*chain))
                yield _row("trace.transpose"), mul(*(a for a in e.args if a.shape == SCALAR), transposed)

    def _laid(self, rule: Rule, e: Apply) -> Iterator[tuple[Rule, Expr]]:
        """A rule for a product, laid on some of the factors."""
        for k, laid in enumerate(products(rule.lhs, e, {"words": _worded})):
            if k > 12:
                return
            yield rule, mul(*laid.scalars, *laid.before, fill(rule.rhs, laid.binding, self.d), *laid.after)

    def _differential(self, e: Apply) -> Iterator[tuple[Rule, Expr]]:
        """Products of any number of factors, and entry-wise functions."""
        if e.head in ("*", ".*"):
            join = mul if e.head == "*" else hadamard
            parts = [join(*e.args[:i], self.d(a), *e.args[i + 1:]) for i, a in enumerate(e.args) if self.moves(a)]
            if parts:
                scale = e.head == "*" and any(a.shape == SCALAR for a in e.args) and e.shape != SCALAR
                name = "d.entrywise-product" if e.head == ".*" else "d.scale" if scale and len(e.args) == 2 else "d.product"
                yield differentials.BY_NAME[name], add(*parts)
                for split in range(1, len(e.args)):
                    left, right = join(*e.args[:split]), join(*e.args[split:])
                    yield differentials.BY_NAME["d.product" if e.head == "*" else name], \
                        add(join(self.d(left), right), join(left, self.d(right)))
        row = differentials.ENTRYWISE.get(e.head)
        if row is not None:
            yield row, differentials.at_value(row, e.args[0], self.d)
        if e.head in ("^", ".^") and isinstance(e.args[1], Number):
            k = e.args[1]
            row = differentials.BY_NAME["d.power" if e.head == "^" else "d.entrywise-power"]
            if e.head == "^" and e.shape == SCALAR:
                yield row, mul(k, power(e.args[0], num(k.value - 1)), self.d(e.args[0]))
            elif e.head == "^" and k.value in range(2, POWERS):
                n, base = int(k.value), e.args[0]
                yield differentials.BY_NAME["d.product"], add(*(
                    mul(*[base] * i, self.d(base), *[base] * (n - 1 - i)) for i in range(n)))
            elif e.head == ".^":
                yield row, hadamard(mul(k, hadamard_power(e.args[0], num(k.value - 1))), self.d(e.args[0]))

    def _trace(self, e: Expr) -> Iterator[tuple[Rule, Expr]]:
        """tr(A*B) = tr(B*A), tr(A') = tr(A)."""
        cycle = _row("trace.cycle")
        yield _row("trace.transpose"), apply("tr", T(e))
        if isinstance(e, Apply) and e.head == "*":
            scalars = [a for a in e.args if a.shape == SCALAR]
            chain = [a for a in e.args if a.shape != SCALAR]
            for i in range(1, len(chain)):
                yield cycle, apply("tr", mul(*scalars, *chain[i:], *chain[:i]))


COMBINED = {"+": differentials.BY_NAME["d.sum-of-terms"], "*": differentials.BY_NAME["d.scale"]}


def _linear(before: Expr, after: Expr) -> Found:
    """The name of the linear rule that moved a d inwards or outwards."""
    path = path_of_change(before, after)
    for whole in (before, after):
        for _, e in sites(_part(whole, path)):
            if isinstance(f := differentiated(e), Apply):
                head = f.head
                rows = (row for e, row in differentials.rows_for(head) if type(e) is Apply and type(e.args[0]) is Name)
                row = next(rows, None) if head in LINEAR else COMBINED.get(head)
                if row is not None:
                    return row.name, row.see
    return "d is linear", ""


def path_of_change(a: Expr, b: Expr) -> tuple[int, ...]:
    """Where two lines of a sheet differ: the path to the smallest part that holds every change."""
    out: list[int] = []
    while isinstance(a, Apply) and isinstance(b, Apply) and a.head == b.head and len(a.args) == len(b.args):
        spots = [i for i, (x, y) in enumerate(zip(a.args, b.args, strict=True)) if x is not y]
        if len(spots) != 1:
            break
        out.append(spots[0])
        a, b = a.args[spots[0]], b.args[spots[0]]
    return tuple(out)


def _row(name: str) -> Rule:
    return next(r for r in traces.TRACE if r.name == name)


def _worded(e: Expr, words: frozenset[str]) -> bool:
    return isinstance(e, Name) and words <= e.words


def _part(e: Expr, path: tuple[int, ...]) -> Expr:
    for i in path:
        assert isinstance(e, Apply)
        e = e.args[i]
    return e
