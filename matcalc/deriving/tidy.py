"""Simplifying an expression without differentials: bottom up, each rewrite makes it smaller, every rewrite recorded when it is made."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import cache, cached_property
from itertools import chain as joined, pairwise

from ..language.deadline import NEVER, Deadline
from ..language.expr import LINEAR_HEADS, SCALAR, Apply, Expr, Name, Number, T, add, apply, build, hadamard, mul, neg
from ..language.inspection import heads_in
from ..language.operations import FACTORED, SUMS
from ..rulebook.measure import measure, spared
from ..rulebook.matching import Binding, bags, fill, match, products
from .distribute import complemented, multiplied_out, sums_in, two_sums
from .factor import factored, factored_beside, repeated
from .definitions import Folds
from .folding import fold_next_to_sums, folded
from .meanings import idempotent, summed, unfolded, vanishing
from .properties import Structure, Transposer
from .record import HOLE, Context, Rewrite, RewriteTrace, compose, use
from .tables import LATE, MAIN, NAMING, AFTER, Outline, Row, Table, outline, tops
from ..records import Record

FEW = 4     # terms of a sum worth writing out
TURNED = Context("'", (HOLE,))


class Use(Record):
    """A row that fits: its letters, what it gives, and what stands beside it."""

    row: Row
    binding: Binding
    after: Expr
    row_context: Context

    @property
    def rank(self) -> tuple[str, int, str]:
        """Which of two comes first: A is scaled by rowsum(A) before B is."""
        names = [n for v in self.binding.values() if isinstance(v, Expr) for n in v.names]
        return self.row.rule.name, len(set(names)) - len(names), self.after.text


def _products_gone(e: Expr) -> bool:
    """Whether no term is the diagonal of a product still: diag(A'*B + B*A') has row sums in both terms, or is kept whole."""
    return not any(isinstance(t, Apply) and t.head == "diagonal" and isinstance(t.args[0], Apply) and t.args[0].head == "*"
                   for t in (e.args if isinstance(e, Apply) and e.head == "+" else (e,)))


Known = dict[Expr, tuple[Expr, RewriteTrace | None]]
KEPT = 1_024     # forms


@cache
def known_to_all(*how: object) -> Known:
    """The tidy forms that stand on nothing but the expression, of all problems lately: few are so different that they share none."""
    return {}


class Tidier:
    """Tidies with one set of names; `traces` holds how each node that is not tidy became so."""

    def __init__(self, folds: Folds | None = None, tables: tuple[Table, ...] = (MAIN, AFTER, NAMING),
                 assumptions: Iterable[tuple[Expr, Expr]] = (), bodies: dict[Name, Expr] | None = None,
                 deadline: Deadline = NEVER, factoring: bool = True, *, mirrored: bool = False,
                 kept: frozenset[Expr] = frozenset()) -> None:
        self.kept = kept        # sums that stay what they are
        self.factoring = factoring      # before differentiating no sum is made a product, and no product a sum
        self.mirrored = mirrored        # a term that stands beside its own transpose stays whole
        self.folds = Folds() if folds is None else folds
        self.bodies = bodies or {}
        self.transposed = Transposer(self.bodies)
        self.assumed = dict(assumptions)
        self.tables = tables
        self.memo: dict[Expr, Expr] = {}
        self.traces: dict[Expr, RewriteTrace] = {}
        self.open: set[Expr] = set()
        self.plain: dict[Name, Expr] = {}
        self.words: Binding = {"words": Structure(self.bodies, self.transposed)}
        self.trying, self.given_up = 0, 0   # how deep attempts are nested, and how many were not made for that
        self.within: dict[tuple[int, Expr], Expr] = {}      # what is tidy as far as attempts so deep can see
        self.known: Known | None = None if self.folds or self.assumed or kept else known_to_all(tables, factoring, mirrored)
        self.defined = frozenset(self.bodies)       # what these names stand in is not known to all
        self.looped, self.loops = 0, set[Expr]()    # how often a node was met inside itself; what was tidied around such a place
        self.deadline = deadline

    def run(self, e: Expr) -> tuple[Expr, RewriteTrace | None]:
        """The tidy form of e, and how it came about."""
        out = self(e)
        return out, None if out is e else self.traces.get(e)

    def __call__(self, e: Expr) -> Expr:
        """The tidy form of e."""
        if type(e) is not Apply:
            return e
        found = self.memo.get(e)
        if found is None and self.trying:
            found = self.within.get((self.trying, e))
        if found is not None:
            self.looped += e in self.loops
            return found
        known = self.known if not self.defined or self.defined.isdisjoint(e.names) else None
        if known is not None and (shared := known.get(e)) is not None:
            found = self.memo[e] = shared[0]
            if shared[1] is not None:
                self.traces[e] = shared[1]
            return found
        if e in self.open:
            self.looped += 1
            return e
        self.open.add(e)
        given_up, looped = self.given_up, self.looped
        out: Expr = e
        args = e.args if self.folds and self.folds.said(e) is not None else tuple([self(a) if type(a) is Apply else a for a in e.args])
        inner: tuple[RewriteTrace | None, ...] = ()
        if args != e.args:
            inner = tuple(None if x is a else self.traces.get(a) for a, x in zip(e.args, args, strict=True))
            out = build(e.head, args)
        own, then, out = self.slot(e, out)
        self.open.discard(e)
        if self.trying and given_up != self.given_up:
            self.within[self.trying, e] = out
        else:
            self.memo[e] = out
            self.memo.setdefault(out, out)
        trace = None
        if inner or own or then is not None:
            trace = self.traces[e] = RewriteTrace(e, inner or (None,) * len(args), own, then, out)
        if looped != self.looped:
            self.loops.add(e)
        elif known is not None and (given_up == self.given_up or not self.trying):
            if len(known) >= KEPT:
                known.clear()
            known[e] = out, trace
        return out

    def slot(self, e: Apply, out: Expr) -> tuple[tuple[Rewrite, ...], RewriteTrace | None, Expr]:
        """What is done to a node once its arguments are tidy: rewrites, how their outcome was tidied in turn, and the end."""
        own: tuple[Rewrite, ...] = ()
        said = self.folds.said(out) if self.folds else None
        if said is not None:
            name, value = said
            own, out = (use("definition", {name.name: next(b for b, n in self.folds.items() if n is name)}, out, value),), value
        if out in self.assumed:
            own, out = (*own, use("assumption", {}, out, self.assumed[out])), self.assumed[out]
        if not isinstance(out, Apply):
            return own, None, out
        new: Expr
        if out is not e and out in self.memo:
            new = out
        else:
            made = self.rewrite(out)
            if not made:
                return own, None, out
            own, new = own + made, made[-1].after
        out = self(new)
        return own, None if out is new else self.traces.get(new), out

    def rewrite(self, e: Apply) -> tuple[Rewrite, ...]:
        """How e becomes smaller, if it does."""
        self.deadline.check()
        head, inner, plus = e.head, e.args[0] if e.args else e, "+" in heads_in(e)
        if head == "'" and type(inner) is Name and not inner.words and inner not in self.bodies:
            return ()           # nothing is known of it
        if head == "*" and self.bodies and (found := vanishing(e, self.bodies, self.unnamed)):
            return found
        seen = outline(e)
        for table in self.tables:
            if (rows := table.rows(seen)) and (found := self.by_row(rows, e)):
                return found
        if head == "'":
            new = self.transposed(inner)
            return (use("structure.transpose", {}, e, new),) if measure(new) < measure(e) else ()
        if head == "^":
            square = self.bodies and idempotent(e, self.bodies, self.unnamed, self.named_square, self.attempt)
            return square or plus and self.distribute(e) or ()
        if head == "*":
            return self.folds and folded(e, self.folds) or repeated(e) or (not self.folds and self.late(e, seen)) \
                or plus and self.distribute(e) or ()
        if head == ".*":
            return self.folds and fold_next_to_sums(e, self.folds) or plus and self.distribute(e) or ()
        if head == "+":
            return unfolded(e, self.bodies, self.settled, self.attempt) or complemented(e) \
                or (self.factoring and e not in self.kept and self.factor(e)) or self.distribute(e)
        if head in LINEAR_HEADS:
            return self.folds and folded(e, self.folds) or self.linear(e)
        return ()

    def by_row(self, rows: Iterable[Row], e: Apply) -> tuple[Rewrite, ...]:
        """By the row of a table that makes e smallest."""
        inside = heads_in(e)
        rows = [row for row in rows if row.heads <= inside]
        if rows and e.head not in FACTORED:
            there = tops(e)
            rows = [row for row in rows if row.tops <= there]
        if not rows:
            return ()
        ways = self.products if e.head in FACTORED else self.whole
        best = self.best(e, (found for row in rows for found in ways(row, e)))
        return () if best is None else (best,)

    def late(self, e: Apply, seen: Outline) -> tuple[Rewrite, ...]:
        """By the rows for what nothing else makes smaller."""
        return (rows := LATE.rows(seen)) and self.by_row(rows, e) or ()

    def factor(self, e: Apply) -> tuple[Rewrite, ...]:
        """A common factor taken out."""
        found = factored_beside(e, self.transposed) if self.mirrored else factored(e)
        if found is None:
            return ()
        named = {"f": found.factor, **{f"a_{i + 1}": a for i, a in enumerate(found.inner)}}
        return (use("tidy.factor", named, e, found.whole, Context("+", (*found.others, HOLE)) if found.others else HOLE),)

    def linear(self, e: Apply) -> tuple[Rewrite, ...]:
        """A linear function of a sum, term by term, where that ends smaller; of a name, where it is a number."""
        arg = e.args[0]
        if isinstance(arg, Name) and arg in self.bodies and e.head in SUMS:
            return summed(e, arg, self.bodies[arg], self.unnamed)
        if not isinstance(arg, Apply) or arg.head != "+" or e.head in ("diag", "vec") or e.head == "sum" and not self.factoring:
            return ()       # before differentiating a sum over entries stays one sum
        return self.attempt((use("tidy.linear", {}, e, add(*(apply(e.head, t) for t in arg.args))),),
                            _products_gone if e.head == "diagonal" else None)

    @cached_property
    def unnamed(self) -> Tidier:
        """What finds out what a name stands for: it puts no names back."""
        return Tidier(bodies=self.bodies, deadline=self.deadline)

    def settled(self, n: Name) -> Expr:
        """What a name stands for, tidied without names."""
        return self.plain.get(n) or self.plain.setdefault(n, Tidier(deadline=self.deadline, factoring=False)(self.bodies[n]))

    def attempt(self, made: tuple[Rewrite, ...], ok: Callable[[Expr], bool] | None = None) -> tuple[Rewrite, ...]:
        """The rewrites, if what they lead to is smaller once it is tidy (and ok)."""
        e, new = made[0].before, made[-1].after
        if self.trying > 2 or new is e:
            self.given_up += new is not e
            return ()
        self.trying += 1
        after = self(new)
        self.trying -= 1
        if measure(after) < measure(e) and (ok is None or ok(after)):
            return tuple(r for r in made if r.after is not r.before)
        return ()

    def distribute(self, e: Apply) -> tuple[Rewrite, ...]:
        """A sum multiplied out, where that ends smaller."""
        if self.trying > 1 or not self.factoring or self.trying and len(sums_in(e)) > FEW:
            self.given_up += self.factoring and (e.head == "+" or bool(sums_in(e)))
            return ()
        if e.head == "+" and not any("+" in heads_in(a) for a in e.args):
            return ()
        squares = two_sums(e, self.named_square) if e.head in ("*", "^") else ()
        ways: Iterable[tuple[Expr, ...]] = joined(((new,) for new in multiplied_out(e, self.named)), squares)
        lines = (tuple(use("tidy.distribute", {}, a, b) for a, b in pairwise((e, *way))) for way in ways)
        def gains(out: Expr) -> bool:       # a sum with its signs turned is not a gain
            return measure(out) < measure(neg(e))
        return next((found for line in lines if (found := self.attempt(line, gains))), ())

    def named(self, e: Expr) -> bool:
        """Whether a product, or its transpose, has a name."""
        return bool(self.folds) and (self.folds.said(e) or self.folds.said(T(e))) is not None

    def named_square(self, n: Name) -> bool:
        """Whether a name stands for a product or a short sum, square, whose square may be itself; or something is assumed of its square."""
        body = self.bodies.get(n)
        if self.assumed and n.shape[0] is n.shape[1] and build("^", (n, Number(2))) in self.assumed:
            return True
        return isinstance(body, Apply) and n.shape[0] is n.shape[1] and n.shape != SCALAR and (
            body.head == "*" or body.head == "+" and len(body.args) == 2)

    def best(self, e: Apply, uses: Iterable[Use]) -> Rewrite | None:
        """The use that ends smallest, ties by their rank: the order of the rows is nothing to it."""
        least, found = None, None
        for one in uses:
            self.deadline.check()
            least = measure(e) if least is None else least
            size = measure(one.after) - spared(one.row.rule)
            if size < least or found and size == least and one.rank < found.rank:
                least, found = size, one
        if found is None:
            return None
        rule, laid = found.row.rule, HOLE if all(a is HOLE for a in found.row_context.args) else found.row_context
        return Rewrite(rule.name, rule.see, found.binding, e, found.after, compose(laid, TURNED) if found.row.transposed else laid)

    def whole(self, row: Row, e: Apply) -> Iterator[Use]:
        """A row that fits as it stands, f(A') = f(A) also where a product is shorter transposed."""
        turned = row.ignored if row.ignored and type(e.args[0]) is Apply and e.args[0].head == "*" else None
        if match(row.lhs, e, b := dict(self.words)) or turned and match(turned, T(e.args[0]), b):
            yield Use(row, b, fill(row.rhs, b), HOLE)

    def products(self, row: Row, e: Apply) -> Iterator[Use]:
        """The ways to apply a row to some factors of a product."""
        if e.head == "*":
            for found in products(row.lhs, e, self.words):
                yield Use(row, found.binding, mul(*found.scalars, *found.before, fill(row.rhs, found.binding), *found.after),
                          Context("*", (*found.scalars, *found.before, HOLE, *found.after)))
        else:
            for b, rest in bags(row.lhs.args, list(e.args), dict(self.words)):
                yield Use(row, b, hadamard(fill(row.rhs, b), *rest), Context(".*", (HOLE, *rest)))
