"""Which rule, where, until when: the strategy, and nothing else.

The differential is kept as a sum of terms, each a coefficient times one d(Y). The tallest Y is opened by its rule, the
differential inside is isolated by the moves of rulebook/traces.py, coefficients of the same Y are collected, until only the
d of the variable is left. Shared subexpressions and definitions are therefore opened once, and the work is linear.
"""

from __future__ import annotations

from bisect import insort
from collections.abc import Sequence

from ..language.expr import ONE, SCALAR, UNIT, Apply, Expr, Name, T, add, apply, differentiated, eye, is_zero, mul, node_count, zeros
from ..reading.parse import Problem
from .moves import release
from .naming import LETTERS, fresh
from .repeated import AGAIN
from .record import HOLE, LINE, Context, Move, Term
from .substitute import substitute
from .tidy import Tidier
from .opening import OPENING, PASSED, Opening, alike, height_of
from ..language.build import with_args
from ..language.inspection import untransposed
from ..language.traversal import reachable

_D = Context("d", (HOLE,))
OPENED = 60
ABREAST = 8     # differentials in a line that are looked through for the rule of the last line
ACTING = frozenset(("inv", "*", "+", "diag", "expm"))    # heads whose differential stays a product that acts on a column
LONG, MANY, SHORT = 150, 50, 7      # from so many nodes on a derivative with respect to a defined name gets a name of its own; of a chain
                                    # of more than MANY definitions already the short ones


class Engine(Opening):
    """One derivation: f, the variable, and the names that depend on it."""

    def __init__(self, problem: Problem, f: Expr, wrt: Name, tidier: Tidier, linear: bool,
                 plain: Tidier, names: set[str] | None = None) -> None:
        super().__init__(problem, f, wrt, plain)
        self.tidier, self.linear = tidier, linear
        self.taken, self.adjoints, self.named_so_far = names, list[tuple[Name, Expr]](), [0, 0]     # matrices; columns, rows, numbers
        self.long = LONG if len(self.active) <= MANY else SHORT
        self.tall: dict[Expr, int] = {}
        self.asked, self.last = 0, ("", False)
        self.waiting: list[tuple[int, str, int, Expr]] = []     # what is to be opened, the deepest last
        for name, body in problem.definitions:
            self.tall[name] = height_of(body, self.tall) + 1
        self.moves: list[Move] = []
        self.deadline = problem.deadline

    def named(self, e: Expr, used: dict[str, Expr]) -> Expr:
        """e with the definitions' names for what they stand for, outside of differentials; notes which."""
        short = self.tidier.folds.get(e)
        if short is not None:
            used[short.name] = e
            return short
        if not isinstance(e, Apply) or e.head == "d":
            return e
        for k in range(len(e.args) - 1 if e.head == "*" and e.has_d else 0):        # U*diag(d(x)) for Z*diag(1./s)*diag(d(x))
            part = e.args[k:k + 2]
            if not part[0].has_d and part[0].shape != SCALAR and (short := self.tidier.folds.get(mul(*part))) is not None:
                used[short.name] = mul(*part)
                return mul(*(self.named(a, used) for a in (*e.args[:k], short, *e.args[k + 2:])))
        return with_args(e, [self.named(a, used) for a in e.args])

    # ------------------------------------------------------------------ lines
    def settle(self, term: Term) -> Term:
        """Simplify a coefficient."""
        out, trace = self.tidier.run(term.coefficient)
        given = Term(out, term.inner)
        if trace is not None:
            self.moves.append(Move("", "", {}, (term,), (given,), None, HOLE, trace))
        return given

    def run(self) -> Expr:
        """The coefficient C of df = C dx (trace or vec pairing), tidied."""
        start = eye(self.f.shape[0] * self.f.shape[1]) if self.linear else UNIT
        if not self.depends(self.f):
            return self.zero()
        pending: dict[Expr, list[Expr]] = {self.f: [start]}
        self.wait(self.f)
        if self.linear and self.f.shape[1] is not ONE:
            pending = {}
            for term in self.linear_map(start):
                self.collect(pending, term)
        while True:
            self.deadline.check()
            while self.waiting and self.waiting[-1][-1] not in pending:
                self.waiting.pop()
            if not self.waiting:
                break
            opened = [t for y in self.next(pending) for t in self.opening(pending, y)]
            if self.last[0] in OPENING:
                passed = {t: self.past(t, pending) for t in sorted(opened, key=lambda t: node_count(t.inner))}
                opened = [passed[t] for t in opened]
            for free in self.free(opened):
                for term in self.upright(free):
                    self.collect(pending, term)
        return self.total(pending, self.wrt) if self.wrt in pending else self.zero()

    def upright(self, free: Term) -> list[Term]:
        """A differential of a transposed letter as that of the letter, before others like it come."""
        y = free.inner.args[0] if isinstance(free.inner, Apply) else free.inner
        if self.linear or type(y) is not Apply or y.head != "'" or type(y.args[0]) is not Name:
            return [free]
        made, out = self.opened(y)
        self.moves.append(made._replace(taken=(free,), given=(Term(free.coefficient, out),)))
        return self.free([Term(free.coefficient, out)])

    def opening(self, pending: dict[Expr, list[Expr]], y: Expr) -> tuple[Term, ...]:
        """What a d(y) in the line is opened to."""
        c = self.total(pending, y)
        if is_zero(c):
            return ()
        if self.taken is not None and type(y) is Name and (node_count(c) > self.long or self.comes_twice(c, y)):
            c = self.adjoint(Term(c, apply("d", y)))
        made, out = self.opened(y)
        before = Term(c, apply("d", y))
        terms = tuple(Term(c, t) for t in (out.args if isinstance(out, Apply) and out.head == "+" else (out,)))
        terms = tuple(t for t in terms if not is_zero(t.inner))
        self.moves.append(made._replace(taken=(before,), given=terms))
        used: dict[str, Expr] = {}
        named = tuple(Term(t.coefficient, self.named(t.inner, used)) for t in terms)
        if used:
            self.moves.append(Move("definition", "", used, terms, named))
        return named

    def comes_twice(self, c: Expr, y: Name) -> bool:
        """Whether a product of letters in front of d(y) stands twice in what comes of it, as y is a softmax."""
        body = self.bodies.get(y)
        return isinstance(body, Apply) and body.head in AGAIN and isinstance(c, Apply) and c.head == "*" and c.shape != SCALAR \
            and all(type(untransposed(a)) is Name for a in c.args)

    def past(self, t: Term, pending: dict[Expr, list[Expr]]) -> Term:
        """A term with its d's taken past what is constant or linear, where they stand nowhere else: before what is in front is set in
        order, which so is done once."""
        while True:
            inside = self.first_closed(t.inner)
            if inside is None or (y := inside.args[0]) in pending or self.parents.get(y, 0) > 1:
                return t
            made, out = self.opened(y)
            if made.rule not in PASSED and not self.kind(y)[1]:
                return t
            after = Term(t.coefficient, substitute(t.inner, {inside: out}))
            self.moves.append(made._replace(taken=(t,), given=(after,)))
            t = after

    def next(self, pending: dict[Expr, list[Expr]]) -> list[Expr]:
        """What is opened in one line: all that the rule of the last line opens, else the deepest and what else its rule opens."""
        if not 1 < len(self.waiting) <= ABREAST:
            y = self.waiting[-1][-1]
            self.last = self.kind(y)
            return [y]
        all_of_it = [entry[-1] for entry in reversed(self.waiting) if entry[-1] in pending]
        ready = [y for y in all_of_it if not any(self.reaches(z, y) for z in all_of_it if z is not y)]
        kinds = {y: self.kind(y) for y in ready}
        first = next((y for y in ready if alike(kinds[y], self.last)), ready[0])
        self.last = kinds[first]
        found = [y for y in ready if alike(kinds[y], self.last)]
        self.waiting = [entry for entry in self.waiting if entry[-1] not in found]
        return found

    def reaches(self, z: Expr, y: Expr) -> bool:
        """Whether d(y) may come of d(z) still."""
        height = height_of(y, self.tall)

        def inside(e: Expr) -> list[Expr]:
            parts = e.args if isinstance(e, Apply) else (self.bodies[e],) if isinstance(e, Name) and e in self.bodies else ()
            return [a for a in parts if height_of(a, self.tall) >= height]
        return y in reachable([z], inside)

    def opened(self, y: Expr) -> tuple[Move, Expr]:
        """The rule for d(y) as a move without terms yet, and what it gives."""
        rule, see, binding, out, inside = self.open(y)
        return Move(rule, see, binding, (), (), (apply("d", y), out), _D if inside else HOLE), out

    def adjoint(self, term: Term) -> Expr:
        """A name for the derivative with respect to a defined name, so that what is written stays short."""
        assert self.taken is not None
        body = self.tidier(T(term.coefficient))
        column = ONE in body.shape
        name = Name(fresh(body, self.taken, self.named_so_far[column] // LETTERS), body.shape)
        self.named_so_far[column] += 1
        self.taken.add(name.name)
        self.adjoints.append((name, body))
        self.moves.append(Move("definition", "", {name.name: T(term.coefficient)}, (term,), (Term(T(name), term.inner),)))
        return T(name)

    def collect(self, pending: dict[Expr, list[Expr]], free: Term) -> None:
        """Add a free differential to the line."""
        free = self.settle(free)
        assert isinstance(free.inner, Apply)
        if not is_zero(free.coefficient):
            y = free.inner.args[0]
            if y not in pending:
                self.wait(y)
            pending.setdefault(y, []).append(free.coefficient)

    def wait(self, y: Expr) -> None:
        """Open d(y) only after everything nested deeper."""
        if y is not self.wrt:
            self.asked += 1
            insort(self.waiting, (height_of(y, self.tall), y.text, -self.asked, y))

    def total(self, pending: dict[Expr, list[Expr]], y: Expr) -> Expr:
        """The coefficient of d(y), like terms together: once, when all of them are there."""
        found = pending.pop(y)
        if len(found) == 1:
            return found[0]
        d = apply("d", y)
        total = Term(add(*found), d)
        named = {"Y": y, **{f"C_{i + 1}": c for i, c in enumerate(found)}}
        self.moves.append(Move("collect", "", named, tuple(Term(c, d) for c in found), (total,)))
        return self.settle(total).coefficient

    def linear_map(self, start: Expr) -> list[Term]:
        """dF as people write it, every d but the variable's opened in place; then vec, and each differential isolated."""
        line = self.opened_line(OPENED)
        if is_zero(line):
            return []
        term = Term(start, line)
        self.moves.append(Move("vec", "Magnus 2.4", {}, (Term(LINE, line),), (term,)))
        return self.free([term])

    def opened_line(self, most: int | None) -> Expr:
        """dF with every d but the variable's opened in place, or the first so many."""
        if not self.depends(self.f):
            return zeros(*self.f.shape)
        line = apply("d", self.f)
        count = 0
        while most is None or count < most:
            self.deadline.check()
            inside = self.first_closed(line)
            if inside is None:
                break
            count += 1
            made, out = self.opened(inside.args[0])
            after = substitute(line, {inside: out})
            self.moves.append(made._replace(taken=(Term(LINE, line),), given=(Term(LINE, after),)))
            line = after
        return line

    def acting(self, inner: Apply) -> Apply | None:
        """The d(Y) of a matrix that acts on a column, A*d(Y)*y, or in a diagonal, where Y is made by products: met before vec hides it."""
        whole = inner.args[0] if inner.head == "diagonal" else inner
        factors = whole.args if isinstance(whole, Apply) and whole.head == "*" else (whole,)
        if whole is inner and (inner.head != "*" or inner.args[-1].shape[1] is not ONE):
            return None
        f = next((a for a in factors if a.has_d and ONE not in a.shape), None)
        of = None if f is None else differentiated(f)
        body = self.bodies[of] if isinstance(of, Name) and of in self.bodies else of
        return f if isinstance(f, Apply) and isinstance(body, Apply) and body.head in ACTING else None

    def zero(self) -> Expr:
        """The coefficient of what does not depend on the variable."""
        x, f = self.wrt.shape, self.f.shape
        return zeros(f[0] * f[1], x[0] * x[1]) if self.linear else zeros(x[1], x[0])

    def free(self, terms: Sequence[Term]) -> list[Term]:
        """Set the differentials in some terms free, by one rule in all of them before the next; one may become several."""
        if len(terms) > ABREAST:
            return [f for t in terms for f in self.free([t])]
        line = list(terms)
        known: dict[Term, Move | None] = {}
        while True:
            self.deadline.check()
            line = [t for t in line if not is_zero(t.inner)]
            known |= {t: self.step(t) for t in line if t not in known}
            steps = {k: step for k, t in enumerate(line) if (step := known[t]) is not None}
            if not steps:
                return line
            rule = next(iter(steps.values())).rule
            now = {k: step for k, step in steps.items() if step.rule == rule}
            self.moves += now.values()
            line = [g for k, t in enumerate(line) for g in (now[k].given if k in now else (t,))]
            if rule.startswith(("trace.", "vec.")):
                moved = {g for step in now.values() for g in step.given if step.taken[0].inner is not g.inner}
                line = [self.settle(t) if t in moved and not self.bare(t) else t for t in line]

    def bare(self, term: Term) -> bool:
        """Whether a differential is free."""
        return differentiated(term.inner) is not None

    def step(self, term: Term) -> Move | None:
        """What is done next to set the differential in a term free."""
        c, inner = term
        if self.bare(term):
            return None
        assert isinstance(inner, Apply)
        if inner.head == "+":
            return Move("spread", "", {"C": c, "Y": inner}, (term,), tuple(Term(c, t) for t in inner.args))
        acting = self.acting(inner) if self.linear else None
        if acting is not None:
            made, out = self.opened(acting.args[0])
            return made._replace(taken=(term,), given=(Term(c, substitute(inner, {acting: out})),))
        found = release(c, inner, self.linear)
        given = Term(found.coefficient, found.rest)
        return Move(found.rule.name, found.rule.see, found.binding, (term,), (given,), None, found.row_context, None, found.rule)
