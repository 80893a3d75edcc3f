"""Tidying an expression that holds no differential: bottom up, each rewrite smaller, every rewrite recorded."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from fractions import Fraction
from typing import NamedTuple

from ..language.expr import LINEAR_HEADS, SCALAR, Apply, Expr, Name, Number, T, add, apply, build, coefficient, had, mul
from ..language.functions import ELEMENTWISE_NAMES
from ..rules.measure import measure
from ..rules.rule import Binding, Rule, bags, fill, match, parts, products
from .distribute import multiplied_out
from .factor import factored
from .known import positive, symmetric, turned
from .substitute import substitute
from .tables import MAIN, NAMING, Row, Table, anchor


FEW = 4     # terms of a sum worth writing out
_LETTER_WORDS = {"orthogonal", "skew"}


class Rewrite(NamedTuple):
    """One use of a rule: what stood there and what stands there now."""

    rule: str
    see: str
    where: dict[str, Expr]
    before: Expr
    after: Expr


class Tidier:
    """Tidies with one set of names; `log` receives each rewrite in order."""

    def __init__(self, folds: dict[Expr, Name] | None = None, tables: tuple[Table, ...] = (MAIN, NAMING),
                 assumptions: list[tuple[Expr, Expr]] | None = None, bodies: dict[Name, Expr] | None = None) -> None:
        self.folds = folds or {}
        self.bodies = bodies or {}
        self.assumed = dict(assumptions or [])
        self.tables = tables
        self.memo: dict[Expr, Expr] = {}
        self.history: dict[Expr, list[Rewrite]] = {}
        self.done: set[Expr] = set()
        self.open: set[Expr] = set()
        self.log: list[Rewrite] = []
        self.words: Binding = {"words": self.check}
        self.trying = 0

    def check(self, s: Expr, words: frozenset[str]) -> bool:
        """Whether s has the structure a letter asks for."""
        for w in words:
            if w == "positive":
                if not positive(s):
                    return False
                continue
            body = self.bodies.get(s) if isinstance(s, Name) else None
            if w == "simplex" and isinstance(body, Apply) and body.head in ("softmax", "softmax_rows"):
                return True
            if w == "symmetric":
                if not symmetric(s, self.bodies):
                    return False
            elif not (isinstance(s, Name) and w in s.words):
                return False
        return True

    def note(self, rule: Rule | str, b: Binding, before: Expr, after: Expr) -> Expr:
        """Record a rewrite."""
        if isinstance(rule, str):
            self.log.append(Rewrite(rule, "", {}, before, after))
        else:
            where = {k.name: v for k, v in b.items() if isinstance(k, Name)}
            self.log.append(Rewrite(rule.name, rule.see, where, before, after))
        return after

    def run(self, e: Expr) -> tuple[Expr, list[Rewrite]]:
        """The tidy form of e and every rewrite on the way."""
        self.log, self.done = [], set()
        out = self(e)
        return out, self.log

    def __call__(self, e: Expr) -> Expr:
        """The tidy form of e; its rewrites go to the log once a run."""
        if not isinstance(e, Apply):
            if e in self.folds:
                return self.note("definition", {}, e, self.folds[e])
            return e
        found = self.memo.get(e)
        if found is not None:
            if e not in self.done:
                self.done.add(e)
                self.log.extend(self.history.get(e, ()))
            return found
        if e in self.open:
            return e
        mark = len(self.log)
        self.done.add(e)
        self.open.add(e)
        out: Expr = e
        args = tuple(self(a) for a in e.args)
        if args != e.args:
            out = build(e.head, args)
        while True:
            if out in self.folds:
                out = self.note("definition", {}, out, self.folds[out])
            if out in self.assumed:
                out = self.note("assumption", {}, out, self.assumed[out])
            if not isinstance(out, Apply):
                break
            if out is not e and out in self.memo:
                out = self(out)
                break
            new = self.rewrite(out)
            if new is None:
                break
            out = self(new)
            break
        self.open.discard(e)
        self.memo[e] = out
        self.memo.setdefault(out, out)
        if len(self.log) > mark:
            self.history[e] = self.log[mark:]
        return out

    def rewrite(self, e: Apply) -> Expr | None:
        """One smaller form of e, or None."""
        for table in self.tables:
            if e.head not in table.met:
                table.meet(e.head)
            found = self.best(e, self.products(table, e) if e.head in ("*", ".*") else self.whole(table, e))
            if found is not None:
                return found
        if e.head == "'":
            new = turned(e.args[0], self.bodies)
            return self.note("structure.transpose", {}, e, new) if measure(new) < measure(e) else None
        if e.head == "*":
            return self.fold_segment(e) or self.repeat(e) or self.distribute(e)
        if e.head == ".*":
            return self.distribute(e)
        if e.head == "+":
            found = self.unfolded(e)
            if found is not None:
                return found
            smaller = factored(e)
            return self.distribute(e) if smaller is None else self.note("tidy.factor", {}, e, smaller)
        if e.head in LINEAR_HEADS or e.head == "tr":
            return self.linear(e)
        return None

    def linear(self, e: Apply) -> Expr | None:
        """A linear function of a sum, term by term, where that ends smaller; of a name, where it is a number."""
        arg = e.args[0]
        if isinstance(arg, Name) and arg in self.bodies and e.head in ("sum", "rowsum", "colsum"):
            body = self.bodies[arg]
            terms = body.args if isinstance(body, Apply) and body.head == "+" else (body,)
            return self.attempt("definition", e, add(*(apply(e.head, t) for t in terms)), lambda out: not out.names)
        if isinstance(arg, Apply) and arg.head in ELEMENTWISE_NAMES and e.head == "diagonal":
            return self.attempt("tidy.diagonal-entrywise", e, apply(arg.head, apply("diagonal", arg.args[0])))
        if not isinstance(arg, Apply) or arg.head != "+" or e.head in ("diag", "vec"):
            return None
        return self.attempt("tidy.linear", e, add(*(apply(e.head, t) for t in arg.args)))

    def unfolded(self, e: Apply) -> Expr | None:
        """A sum that is a number once its names are written out: sum(x) - m*n for the mean m."""
        named: dict[Expr, Expr] = {}
        if e.shape == SCALAR and len(e.args) <= FEW:
            named.update((n, self.bodies[n]) for n in e.names if n in self.bodies and n.shape == SCALAR)
        new = substitute(e, named) if named else e
        return self.note("definition", {}, e, new) if isinstance(new, Number) else None

    def attempt(self, name: str, e: Expr, new: Expr, ok: Callable[[Expr], bool] | None = None) -> Expr | None:
        """Rewrite e to new and tidy; taken back unless it ends smaller (and ok)."""
        if self.trying > 2 or new is e:
            return None
        mark, done, self.trying = len(self.log), set(self.done), self.trying + 1
        self.log.append(Rewrite(name, "", {}, e, new))
        after = self(new)
        self.trying -= 1
        if measure(after) < measure(e) and (ok is None or ok(after)):
            return after
        del self.log[mark:]
        self.done = done
        return None

    def distribute(self, e: Apply) -> Expr | None:
        """A sum multiplied out, where that ends smaller."""
        if self.trying > 2:
            return None
        return next((found for found in (self.attempt("tidy.distribute", e, new) for new in multiplied_out(e)) if found is not None),
                    None)

    def repeat(self, e: Apply) -> Expr | None:
        """A*B*A*B as a power."""
        scalars, chain = parts(e)
        flat: list[Expr] = []
        for f in chain:
            if isinstance(f, Apply) and f.head == "^" and isinstance(f.args[0], Apply) and f.args[0].head == "*" \
                    and isinstance(f.args[1], Number) and 0 < f.args[1].value < 9:
                flat.extend(f.args[0].args * int(f.args[1].value))
            else:
                flat.append(f)
        for width in range(2, len(flat) // 2 + 1):
            for i in range(len(flat) - 2 * width + 1):
                k = 1
                while flat[i + k * width:i + (k + 1) * width] == flat[i:i + width]:
                    k += 1
                unit = mul(*flat[i:i + width])
                if k > 1 and unit.shape[0] is unit.shape[1] and unit.shape != SCALAR:
                    rest = flat[i + k * width:]
                    new = Apply("*", (*scalars, *flat[:i], build("^", (unit, Number(k))), *rest), e.shape) \
                        if scalars or i or rest else build("^", (unit, Number(k)))
                    if new is not e and measure(new) < measure(e):
                        return self.note("tidy.repeat", {}, e, new)
        return None

    def best(self, e: Apply, uses: Iterable[tuple[Rule, Binding, Expr]]) -> Expr | None:
        """The use that ends smallest, ties by the rule's name and the text: the order of the rows is nothing to it."""
        least, found = measure(e), None
        for use in uses:
            size = measure(use[2])
            if size < least or found and size == least and (use[0].name, use[2].text) < (found[0].name, found[2].text):
                least, found = size, use
        return None if found is None else self.note(found[0], found[1], e, found[2])

    def whole(self, table: Table, e: Apply) -> Iterator[tuple[Rule, Binding, Expr]]:
        """The rows of e's head."""
        for row in table.by_head.get(e.head, ()):
            b = dict(self.words)
            if match(row.lhs, e, b):
                yield row.rule, b, fill(row.rhs, b)

    def products(self, table: Table, e: Apply) -> Iterator[tuple[Rule, Binding, Expr]]:
        """The rows laid on part of a product."""
        heads = {anchor(a) for a in e.args}
        heads |= {h[:2] if h[0] == "." else "^" for h in heads if h.startswith((".^", "^"))}   # a power of anything
        for h in heads:
            for row in table.by_factor.get(h, ()):
                if isinstance(row.lhs, Apply) and row.lhs.head == e.head:
                    yield from ((row.rule, b, after) for b, after in self.laid(row, e))
        if any(n.words & _LETTER_WORDS for n in e.names):
            for row in table.letters:
                yield from ((row.rule, b, after) for b, after in self.laid(row, e))

    def laid(self, row: Row, e: Apply) -> Iterator[tuple[Binding, Expr]]:
        """The results of laying a row on a product."""
        if e.head == "*":
            for laid in products(row.lhs, e, self.words):
                yield laid.binding, mul(*laid.scalars, *laid.before, fill(row.rhs, laid.binding), *laid.after)
        else:
            assert isinstance(row.lhs, Apply)
            for b, rest in bags(row.lhs.args, list(e.args), dict(self.words)):
                yield b, had(fill(row.rhs, b), *rest)

    def fold_segment(self, e: Apply) -> Expr | None:
        """A definition whose body is a product, found inside a longer one."""
        scalars, chain = parts(e)
        for body, short in self.folds.items():
            if isinstance(body, Apply) and body.head == "*" and body.shape == SCALAR and len(body.args) > 1:
                own = [a for a in body.args if not isinstance(a, Number)]
                if own[0].shape == SCALAR and len(own) > 1 and all(a in scalars for a in own):
                    rest = [x for x in scalars if x not in own]
                    number = coefficient(body)[0]
                    return self.note("definition", {}, e, mul(*rest, short, Number(Fraction(1) / number), *chain))
            if isinstance(body, Apply) and body.head == "*" and body.shape != SCALAR:
                s, c = parts(body)
                for piece, value in ((c, short), ([T(f) for f in reversed(c)], T(short))):
                    for i in range(len(chain) - len(piece) + 1):
                        if chain[i:i + len(piece)] == piece and all(x in scalars for x in s):
                            rest = [x for x in scalars if x not in s]
                            return self.note("definition", {}, e, mul(*rest, *chain[:i], value, *chain[i + len(piece):]))
        return None
