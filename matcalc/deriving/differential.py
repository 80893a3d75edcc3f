"""Which rule, where, until when: the strategy, and nothing else.

The differential is kept as a sum of terms, each a coefficient times one d(Y). The tallest Y is opened by its rule, the
differential inside is set free by the moves of rules/traces.py, coefficients of the same Y are collected, until only the
d of the variable is left. Shared subexpressions and definitions are therefore opened once, and the work is linear.
"""

from __future__ import annotations

from bisect import insort
from collections.abc import Callable, Sequence

from ..language.expr import (ONE, SCALAR, UNIT, Apply, Expr, Name, Number, T, add, apply, build, eye, had,
                             is_zero, mul, node_count, power, tr, vec)
from ..reading.laws import lift
from ..reading.parse import Problem
from ..language.operations import MIRRORED
from ..rules import algebra, differentials
from ..rules.rule import Rule
from ..rules.matching import Binding, bind, fill, match, parts
from .moves import release
from .naming import LETTERS, fresh
from .record import HOLE, LINE, Around, Move, Term
from .unfinished import Unfinished
from .substitute import substitute
from .tidy import Tidier
from ..records import Record

_T = Name("t")
_D = Around("d", (HOLE,))
EXPANSIONS = {r.name.removeprefix("expand.").replace("-", "_"): r for r in algebra.EXPANSIONS}


OPENED = 60
ACTING = frozenset(("inv", "*", "+", "diag"))    # heads whose differential stays a product that acts on a column
LONG, MANY, SHORT = 150, 50, 7      # from so many nodes on a derivative with respect to a defined name gets a name of its own; of a chain
                                    # of more than MANY definitions already the short ones
HIGH_POWER = 8      # above it a power is halved instead of taken apart one factor at a time


class Opened(Record):
    """A rule for d(Y): its letters, what d(Y) becomes, and whether the rule is about Y itself."""

    rule: str
    see: str
    binding: Binding
    out: Expr
    inside: bool = False


def _granted(s: Expr, words: frozenset[str]) -> bool:
    """The structure that whoever read the problem has seen: a variable has none while it is differentiated by."""
    return True


def height_of(e: Expr, tall: dict[Expr, int]) -> int:
    """How deep e reaches, through definitions."""
    found = tall.get(e)
    if found is None:
        if isinstance(e, Apply):
            found = 1 + max((height_of(a, tall) for a in e.args), default=0)
        else:
            found = 0
        tall[e] = found
    return found


class Engine:
    """One derivation: f, the variable, and the names that depend on it."""

    def __init__(self, problem: Problem, f: Expr, wrt: Name, tidier: Tidier, linear: bool,
                 plain: Tidier, names: set[str] | None = None) -> None:
        self.wrt, self.tidier, self.linear = wrt, tidier, linear
        self.taken, self.adjoints, self.named_so_far = names, list[tuple[Name, Expr]](), [0, 0]     # matrices; columns, rows, numbers
        self.bodies = {name: plain(body) for name, body in problem.definitions}
        self.active = {wrt}
        self.tall: dict[Expr, int] = {}
        self.asked = 0
        self.waiting: list[tuple[int, str, int, Expr]] = []     # what is to be opened, the deepest last
        for name, body in problem.definitions:
            self.tall[name] = height_of(body, self.tall) + 1
            if not self.active.isdisjoint(body.names):
                self.active.add(name)
        self.long = LONG if len(self.active) <= MANY else SHORT
        self.moves: list[Move] = []
        self.f = f
        self.expand = problem.expand
        self.deadline = problem.deadline

    # ------------------------------------------------------------------ differentials
    def depends(self, e: Expr) -> bool:
        """Whether e changes with the variable."""
        return not self.active.isdisjoint(e.names)

    def d(self, e: Expr) -> Expr:
        """The differential of e: 0 for what does not depend on the variable."""
        if not self.depends(e):
            return Number(0) if e.shape == SCALAR else apply_zeros(e)
        return apply("d", e)

    def open(self, y: Expr) -> Opened:
        """The rule for d(y): its name, source, letters, and what it gives."""
        if isinstance(y, Name):
            return Opened("definition", "", {y.name: self.bodies[y]}, self.d(self.bodies[y]))
        assert isinstance(y, Apply)
        head, args = y.head, y.args
        if self.expand and head in EXPANSIONS:
            return self.expanded(y, EXPANSIONS[head])
        if head in differentials.ENTRYWISE:
            rule = differentials.ENTRYWISE[head]
            slope = fill(differentials.prime(head), {_T: args[0]}) if y.shape == SCALAR else \
                self.lifted(head, args[0])
            return Opened(rule.name, rule.see, {_T: args[0]}, had(slope, self.d(args[0])))
        if head == "+":
            rule = differentials.BY_NAME["d.sum-of-terms"]
            letters: Binding = {}
            for letter, value in zip(sorted(rule.lhs.names, key=lambda n: n.name), (args[0], add(*args[1:])), strict=True):
                bind(letter, value, letters)
            return Opened(rule.name, rule.see, letters, add(*(self.d(a) for a in args if self.depends(a))))
        if head == "*":
            return self.open_product(y)
        if head == ".*":
            return self.use("d.entrywise-product", *self.split(args, had))
        if head == "^" and y.shape != SCALAR and not isinstance(args[1], Number):
            raise Unfinished(f"the differential of {y} is a sum of {args[1]} terms {args[0]}^i*d({args[0]})*{args[0]}^j, which the "
                             "language does not write", hint=f"under a trace it has a closed form: tr({y})")
        if head == "^" and y.shape != SCALAR:
            k = args[1].value  # type: ignore[attr-defined]
            first = k // 2 if abs(k) > HIGH_POWER and isinstance(args[0], Name) else 1 if k > 0 else -1
            return self.use("d.product", power(args[0], Number(first)), power(args[0], Number(k - first)))
        if head == "expm" and isinstance(args[0], Apply):
            scalars, chain = parts(args[0])
            live = [s for s in scalars if self.depends(s)]
            if live and not any(self.depends(c) for c in chain):
                return self.use("d.expm-scalar", mul(*live), mul(*(s for s in scalars if not self.depends(s)), *chain))
        for rule in differentials.BY_HEAD.get(head, ()):
            b: Binding = {"words": _granted} if head in MIRRORED or rule.name == "d.trace-sqrtm" else {}
            inner = rule.lhs.args[0]  # type: ignore[attr-defined]
            if match(inner, y, b):
                b.pop("words", None)
                out = fill(rule.rhs, b, self.d)
                return Opened(rule.name, rule.see, b, out)
        if head == "sqrtm":
            raise Unfinished(f"the differential X of {y} solves {y}*X + X*{y} = d({args[0]}), which the language does not write",
                             hint=f"under a trace it has a closed form: tr({y})")
        raise Unfinished(f"no rule for the differential of {y}",
                         hint="the second derivative of expm has no closed form in the language" if head == "expm_frechet" else None)

    def expanded(self, y: Apply, rule: Rule) -> Opened:
        """A composite taken apart by its definition."""
        b: Binding = {}
        left, right = rule.lhs, rule.rhs
        if y.head in differentials.ENTRYWISE and y.shape != SCALAR:
            big = differentials.lifted_prime(y.head)[1]
            left, right = lift(left, _T, big), lift(right, _T, big)
        match(left, y, b)
        return Opened(rule.name, rule.see, b, self.d(fill(right, b)), True)

    def named(self, e: Expr, used: dict[str, Expr]) -> Expr:
        """e with the definitions' names for what they stand for, outside of differentials; notes which."""
        short = self.tidier.folds.get(e)
        if short is not None:
            used[short.name] = e
            return short
        if not isinstance(e, Apply) or e.head == "d":
            return e
        args = [self.named(a, used) for a in e.args]
        return e if all(x is y for x, y in zip(args, e.args, strict=True)) else build(e.head, args)

    def lifted(self, head: str, u: Expr) -> Expr:
        """The slope of an entry-wise function at a matrix."""
        b: Binding = {}
        template, letter = differentials.lifted_prime(head)
        match(letter, u, b)
        return fill(template, b)

    def use(self, name: str, *values: Expr) -> Opened:
        """A rule at these values of its letters, the small letters first."""
        rule = differentials.BY_NAME[name]
        letters = sorted(rule.lhs.names, key=lambda n: (n.name.isupper(), n.name))
        b: Binding = {}
        for letter, value in zip(letters, values, strict=True):
            bind(letter, value, b)
        return Opened(rule.name, rule.see, b, fill(rule.rhs, b, self.d))

    def split(self, factors: Sequence[Expr], join: Callable[..., Expr]) -> tuple[Expr, Expr]:
        """What does not change and what does; where all change, the first and the rest."""
        still = [a for a in factors if not self.depends(a)]
        live = [a for a in factors if self.depends(a)]
        return (join(*still), join(*live)) if still else (live[0], join(*live[1:]))

    def open_product(self, y: Apply) -> Opened:
        """Scalar factors by d.scale, matrices by d.product; what is constant stays in front."""
        scalars, chain = parts(y)
        if not chain:
            return self.use("d.scale", *self.split(scalars, mul))
        if scalars:
            live = [s for s in scalars if self.depends(s)]
            still = [s for s in scalars if not self.depends(s)]
            moving = any(self.depends(a) for a in chain)
            if live and not moving:
                return self.use("d.scale", mul(*live), mul(*still, *chain))
            return self.use("d.scale", mul(*(scalars if live else still)), mul(*chain))
        x = chain[-1]
        itself = y is self.f and x is self.wrt and all(isinstance(a, Name) for a in chain[1:])     # a rule is not cited for itself
        if y.shape == SCALAR and chain[0] is T(x) and self.depends(x) and not itself:
            return self.use("d.quadratic", x, mul(*chain[1:-1])) if len(chain) > 2 else self.use("d.square", x)
        cut = 1
        while not self.depends(chain[0]) and cut < len(chain) - 1 and not self.depends(chain[cut]):
            cut += 1
        return self.use("d.product", mul(*chain[:cut]), mul(*chain[cut:]))

    # ------------------------------------------------------------------ lines
    def pair(self, c: Expr, inner: Expr) -> Expr:
        """coefficient and differential as they stand in the line."""
        if c is LINE:
            return inner
        if self.linear:
            return mul(c, vec(inner))
        return tr(mul(c, inner))

    def settle(self, term: Term) -> Term:
        """Tidy a coefficient."""
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
            y = self.waiting.pop()[-1]
            c = self.total(pending, y)
            if is_zero(c):
                continue
            if self.taken is not None and type(y) is Name and node_count(c) > self.long:
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
            for t in named:
                for free in self.free(t):
                    self.collect(pending, free)
        return self.total(pending, self.wrt) if self.wrt in pending else self.zero()

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
        """Have d(y) opened after whatever reaches deeper."""
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
        """dF as people write it, every d but the variable's opened in place; then vec, and each differential set free."""
        line = self.opened_line(OPENED)
        if is_zero(line):
            return []
        term = Term(start, line)
        self.moves.append(Move("vec", "Magnus 2.4", {}, (Term(LINE, line),), (term,)))
        return self.free(term)

    def opened_line(self, most: int | None) -> Expr:
        """dF with every d but the variable's opened in place, or the first so many."""
        if not self.depends(self.f):
            return apply_zeros(self.f) if self.f.shape != SCALAR else Number(0)
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

    def first_closed(self, e: Expr) -> Apply | None:
        """The first d(Y) in a line whose Y is not the variable."""
        if not isinstance(e, Apply) or not e.has_d:
            return None
        if e.head == "d":
            return None if e.args[0] is self.wrt else e
        return next((found for found in map(self.first_closed, e.args) if found is not None), None)

    def acting(self, inner: Apply) -> Apply | None:
        """The d(Y) of a matrix that acts on a column, A*d(Y)*y, where Y is made by products: so diag(dx)*y is met before vec hides it."""
        if inner.head != "*" or inner.args[-1].shape[1] is not ONE:
            return None
        f = next((a for a in inner.args[:-1] if a.has_d), None)
        if isinstance(f, Apply) and f.head == "d" and isinstance(f.args[0], Apply) and f.args[0].head in ACTING and ONE not in f.shape:
            return f
        return None

    def zero(self) -> Expr:
        """The coefficient of what does not depend on the variable."""
        x, f = self.wrt.shape, self.f.shape
        if self.linear:
            return zero_of(f[0] * f[1], x[0] * x[1])
        return zero_of(x[1], x[0])

    def free(self, term: Term) -> list[Term]:
        """Set the differential in a term free; may give several terms."""
        self.deadline.check()
        c, inner = term
        if is_zero(inner):
            return []
        assert isinstance(inner, Apply)
        if inner.head == "d":
            return [term]
        if inner.head == "+":
            terms = tuple(Term(c, t) for t in inner.args)
            self.moves.append(Move("spread", "", {"C": c, "Y": inner}, (term,), terms))
            return [f for t in terms for f in self.free(t)]
        acting = self.acting(inner) if self.linear else None
        if acting is not None:
            made, out = self.opened(acting.args[0])
            given = Term(c, substitute(inner, {acting: out}))
            self.moves.append(made._replace(taken=(term,), given=(given,)))
            return self.free(given)
        found = release(c, inner, self.linear)
        given = Term(found.coefficient, found.rest)
        self.moves.append(Move(found.rule.name, found.rule.see, found.binding, (term,), (given,), None, found.laid, None, found.rule))
        if found.rest is not inner and not (isinstance(found.rest, Apply) and found.rest.head == "d"):
            given = self.settle(given)
        return self.free(given)


def apply_zeros(e: Expr) -> Expr:
    """zeros of e's shape."""
    return zero_of(*e.shape)


def zero_of(m: object, n: object) -> Expr:
    """zeros(m, n)."""
    from ..language.expr import zeros
    return zeros(m, n)  # type: ignore[arg-type]
