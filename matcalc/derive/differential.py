"""Which rule, where, until when: the strategy, and nothing else.

The differential is kept as a sum of terms, each a coefficient times one d(Y). The tallest Y is opened by its rule, the
differential inside is set free by the moves of rules/traces.py, coefficients of the same Y are collected, until only the
d of the variable is left. Shared subexpressions and definitions are therefore opened once, and the work is linear.
"""

from __future__ import annotations

from typing import NamedTuple

from ..language.expr import (ONE, SCALAR, UNIT, Apply, Expr, InputError, Name, Number, T, add, apply, comm, epow, eye,
                             had, is_zero, kron, mul, ones, power, tr, unvec, vec)
from ..language.parse import Problem
from ..rules import differentials, traces
from ..rules.rule import Binding, fill, match, parts
from .derivation import Unfinished
from .substitute import substitute
from .tidy import Rewrite, Tidier

_T = Name("t")


LINE = Name("line")  # the coefficient of a line that is not yet a vec
OPENED = 60


class Term(NamedTuple):
    """coefficient times inner, where inner holds one differential (or several, before it is set free)."""

    coefficient: Expr
    inner: Expr


class Move(NamedTuple):
    """What happened to the line: the rule, and the terms that stand in place of one term (or of several)."""

    rule: str
    see: str
    where: dict[str, Expr]
    taken: tuple[Term, ...]
    given: tuple[Term, ...]
    rewrite: Rewrite | None = None
    instance: tuple[Expr, Expr] | None = None


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
                 plain: Tidier) -> None:
        self.wrt, self.tidier, self.linear = wrt, tidier, linear
        self.bodies = {name: plain(body) for name, body in problem.definitions}
        self.active = {wrt}
        self.tall: dict[Expr, int] = {}
        for name, body in problem.definitions:
            self.tall[name] = height_of(body, self.tall) + 1
            if not self.active.isdisjoint(body.names):
                self.active.add(name)
        self.moves: list[Move] = []
        self.f = f

    # ------------------------------------------------------------------ differentials
    def depends(self, e: Expr) -> bool:
        """Whether e changes with the variable."""
        return not self.active.isdisjoint(e.names)

    def d(self, e: Expr) -> Expr:
        """The differential of e: 0 for what does not depend on the variable."""
        if not self.depends(e):
            return Number(0) if e.shape == SCALAR else apply_zeros(e)
        return apply("d", e)

    def open(self, y: Expr) -> tuple[str, str, dict[str, Expr], Expr]:
        """The rule for d(y): its name, source, letters, and what it gives."""
        if isinstance(y, Name):
            return "definition", "", {}, self.d(self.bodies[y])
        assert isinstance(y, Apply)
        head, args = y.head, y.args
        by = differentials.BY_NAME
        b: Binding = {}
        if head in differentials.ENTRYWISE:
            rule = differentials.ENTRYWISE[head]
            slope = fill(differentials.prime(head), {_T: args[0]}) if y.shape == SCALAR else \
                self.lifted(head, args[0])
            return rule.name, rule.see, {"t": args[0]}, had(slope, self.d(args[0]))
        if head == "+":
            live = [a for a in args if self.depends(a)]
            rule = by["d.sum-of-terms"]
            return rule.name, rule.see, {}, add(*(self.d(a) for a in live))
        if head == "*":
            return self.open_product(y)
        if head == ".*":
            still = [a for a in args if not self.depends(a)]
            live = [a for a in args if self.depends(a)]
            rule = by["d.entrywise-product"]
            first, rest = (had(*still), had(*live)) if still else (live[0], had(*live[1:]))
            return rule.name, rule.see, {"A": first, "B": rest}, add(had(self.d(first), rest), had(first, self.d(rest)))
        if head == "^" and y.shape != SCALAR:
            k = args[1].value  # type: ignore[attr-defined]
            one = args[0] if k > 0 else apply("inv", args[0])
            rest = power(args[0], Number(k - 1 if k > 0 else k + 1))
            rule = by["d.product"]
            return rule.name, rule.see, {"A": one, "B": rest}, add(mul(self.d(one), rest), mul(one, self.d(rest)))
        if head == "expm" and isinstance(args[0], Apply):
            scalars, chain = parts(args[0])
            live = [s for s in scalars if self.depends(s)]
            if live and not any(self.depends(c) for c in chain):
                c = mul(*live)
                a = mul(*(s for s in scalars if not self.depends(s)), *chain)
                rule = by["d.expm-scalar"]
                return rule.name, rule.see, {"c": c, "A": a}, mul(self.d(c), a, y)
        for rule in differentials.BY_HEAD.get(head, ()):
            b = {}
            inner = rule.lhs.args[0]  # type: ignore[attr-defined]
            if match(inner, y, b):
                out = fill(rule.rhs, b, self.d)
                return rule.name, rule.see, {k.name: v for k, v in b.items() if isinstance(k, Name)}, out
        raise Unfinished(f"no rule for the differential of {y}")

    def lifted(self, head: str, u: Expr) -> Expr:
        """The slope of an entry-wise function at a matrix."""
        b: Binding = {}
        template, letter = differentials.lifted_prime(head)
        match(letter, u, b)
        return fill(template, b)

    def open_product(self, y: Apply) -> tuple[str, str, dict[str, Expr], Expr]:
        """Scalar factors by d.scale, matrices by d.product; what is constant stays in front."""
        by = differentials.BY_NAME
        scalars, chain = parts(y)
        still = [s for s in scalars if not self.depends(s)]
        if chain and scalars:
            rule = by["d.scale"]
            moving = any(self.depends(a) for a in chain)
            live = [s for s in scalars if self.depends(s)]
            if live and not moving:
                c, a = mul(*live), mul(*still, *chain)
            elif live:
                c, a = mul(*scalars), mul(*chain)
            else:
                c, a = mul(*still), mul(*chain)
            return rule.name, rule.see, {"c": c, "A": a}, add(mul(a, self.d(c)), mul(c, self.d(a)))
        rule = by["d.product"]
        if not chain:
            live = [s for s in scalars if self.depends(s)]
            first, rest = (mul(*still), mul(*live)) if still else (live[0], mul(*live[1:]))
            return by["d.scale"].name, by["d.scale"].see, {"c": first, "A": rest}, \
                add(mul(self.d(first), rest), mul(first, self.d(rest)))
        cut = 1
        if not self.depends(chain[0]):
            while cut < len(chain) - 1 and not self.depends(chain[cut]):
                cut += 1
        if all(not self.depends(c) for c in chain[cut:]):
            pass
        first, rest = mul(*chain[:cut]), mul(*chain[cut:])
        return rule.name, rule.see, {"A": first, "B": rest}, \
            add(mul(self.d(first), rest), mul(first, self.d(rest)))

    # ------------------------------------------------------------------ lines
    def pair(self, c: Expr, inner: Expr) -> Expr:
        """coefficient and differential as they stand in the line."""
        if c is LINE:
            return inner
        if self.linear:
            return mul(c, vec(inner))
        return tr(mul(c, inner))

    def move(self, rule: str, see: str, where: dict[str, Expr], taken: tuple[Term, ...],
             given: tuple[Term, ...]) -> None:
        """Record a step, if the line changed."""
        self.moves.append(Move(rule, see, where, taken, given))

    def settle(self, term: Term) -> Term:
        """Tidy a coefficient."""
        out, rewrites = self.tidier.run(term.coefficient)
        for r in rewrites:
            self.moves.append(Move(r.rule, r.see, r.where, (term,), (Term(out, term.inner),), r))
        return Term(out, term.inner)

    def run(self) -> Expr:
        """The coefficient C of df = C dx (trace or vec pairing), tidied."""
        start = eye(self.f.shape[0] * self.f.shape[1]) if self.linear else UNIT
        if not self.depends(self.f):
            return self.zero()
        pending: dict[Expr, Expr] = {self.f: start}
        if self.linear and self.f.shape[1] is not ONE:
            pending = {}
            for term in self.linear_map(start):
                self.collect(pending, term)
        while True:
            live = [y for y in pending if y is not self.wrt]
            if not live:
                break
            y = max(live, key=lambda e: (height_of(e, self.tall), e.text))
            c = pending.pop(y)
            rule, see, where, out = self.open(y)
            before = Term(c, apply("d", y))
            terms = tuple(Term(c, t) for t in (out.args if isinstance(out, Apply) and out.head == "+" else (out,)))
            terms = tuple(t for t in terms if not is_zero(t.inner))
            self.move(rule, see, where, (before,), terms)
            for t in terms:
                for free in self.free(t):
                    self.collect(pending, free)
        found = pending.get(self.wrt)
        return self.zero() if found is None else found

    def collect(self, pending: dict[Expr, Expr], free: Term) -> None:
        """Add a free differential to the line, like terms together."""
        assert isinstance(free.inner, Apply)
        target = free.inner.args[0]
        free = self.settle(free)
        if is_zero(free.coefficient):
            return
        known = pending.get(target)
        if known is None:
            pending[target] = free.coefficient
        else:
            total = Term(add(known, free.coefficient), free.inner)
            self.move("collect", "", {}, (Term(known, free.inner), free), (total,))
            pending[target] = self.settle(total).coefficient

    def linear_map(self, start: Expr) -> list[Term]:
        """dF as people write it, every d but the variable's opened in place; then vec, and each differential set free."""
        line = apply("d", self.f)
        for _ in range(OPENED):
            inside = self.first_closed(line)
            if inside is None:
                break
            rule, see, where, out = self.open(inside.args[0])
            after = substitute(line, {inside: out})
            self.moves.append(Move(rule, see, where, (Term(LINE, line),), (Term(LINE, after),), None, (inside, out)))
            line = after
        term = Term(start, line)
        self.move("vec", "Magnus 2.4", {}, (Term(LINE, line),), (term,))
        return self.free(term)

    def first_closed(self, e: Expr) -> Apply | None:
        """The first d(Y) in a line whose Y is not the variable."""
        if not isinstance(e, Apply) or not e.has_d:
            return None
        if e.head == "d":
            return None if e.args[0] is self.wrt else e
        return next((found for found in map(self.first_closed, e.args) if found is not None), None)

    def zero(self) -> Expr:
        """The coefficient of what does not depend on the variable."""
        x, f = self.wrt.shape, self.f.shape
        if self.linear:
            return zero_of(f[0] * f[1], x[0] * x[1])
        return zero_of(x[1], x[0])

    def free(self, term: Term) -> list[Term]:
        """Set the differential in a term free; may give several terms."""
        c, inner = term
        assert isinstance(inner, Apply)
        if inner.head == "d":
            return [term]
        if inner.head == "+":
            parts_ = tuple(Term(c, t) for t in inner.args)
            self.move("", "", {}, (term,), parts_)
            return [f for t in parts_ for f in self.free(t)]
        rule, new, rest = self.release(c, inner)
        given = Term(new, rest)
        if self.pair(c, inner) is not self.pair(new, rest):
            self.move(rule, SOURCES.get(rule, ""), {}, (term,), (given,))
        else:
            self.move("", "", {}, (term,), (given,))
        if rest is not inner and not (isinstance(rest, Apply) and rest.head == "d"):
            given = self.settle(given)
        return self.free(given)

    def release(self, c: Expr, t: Apply) -> tuple[str, Expr, Expr]:
        """One move: rule, new coefficient, what still holds the differential."""
        head = t.head
        if head == "*":
            scalars, chain = parts(t)
            spot = next((i for i, s in enumerate(scalars) if s.has_d), None)
            if spot is not None:
                rest = mul(*scalars[:spot], *scalars[spot + 1:], *chain)
                if self.linear:
                    return "vec.product", mul(c, vec(rest)), scalars[spot]
                return "trace.cycle", self.close(c, rest), scalars[spot]
            i = next(i for i, f in enumerate(chain) if f.has_d)
            front, f, back = chain[:i], chain[i], chain[i + 1:]
            if self.linear:
                if isinstance(f, Apply) and f.head == "diag" and back and back[-1].shape[1] is ONE:
                    return "vec.diag-column", mul(c, *scalars, *front, apply("diag", mul(*back))), f.args[0]
                if f.shape[0] is ONE and f.shape[1] is not ONE and isinstance(f, Apply) and f.head == "'" \
                        and back and back[-1].shape[1] is ONE:
                    return "trace.transpose", mul(c, *scalars, *front, T(mul(*back))), f.args[0]
                right = T(mul(*back)) if back else eye(f.shape[1])
                left = mul(*front) if front else eye(f.shape[0])
                return "vec.product", mul(c, *scalars, kron(right, left)), f
            return "trace.cycle", mul(*scalars, *back, c, *front), f
        arg = t.args[0]
        if self.linear:
            return self.release_linear(c, t, head, arg)
        return self.release_trace(c, t, head, arg)

    def close(self, c: Expr, rest: Expr) -> Expr:
        """tr(c*rest) as a scalar coefficient."""
        return tr(mul(c, rest))

    def release_trace(self, c: Expr, t: Apply, head: str, arg: Expr) -> tuple[str, Expr, Expr]:
        """A move towards tr(C*d(Z))."""
        if head == "'":
            return "trace.transpose", T(c), arg
        if head == ".*":
            f = next(a for a in t.args if a.has_d)
            h = had(*(a for a in t.args if a is not f))
            return "trace.entrywise", had(c, T(h)), f
        if head == "diag":
            return "trace.diag", T(apply("diagonal", c)), arg
        if head == "diagonal":
            return "trace.diagonal", apply("diag", T(c)), arg
        if head == "vec":
            return "trace.vec", T(unvec(T(c), *arg.shape)), arg
        if head == "unvec":
            return "trace.unvec", T(vec(T(c))), arg
        if head == "sum":
            return "trace.sum", mul(c, ones(arg.shape[1], arg.shape[0])), arg
        if head == "tr":
            return "trace.trace", mul(c, eye(arg.shape[0])), arg
        if head == "rowsum":
            return "trace.rowsum", mul(ones(arg.shape[1]), c), arg
        if head == "colsum":
            return "trace.colsum", mul(T(c), T(ones(arg.shape[0]))), arg
        if head == "expm_frechet" and not arg.has_d:
            return "trace.frechet", apply("expm_frechet", arg, c), t.args[1]
        if head == "kron":
            a, b = t.args
            row = T(vec(T(c)))
            _, j, z = self.release_kron(row, a, b)
            return "trace.kron", T(unvec(T(j), *z.shape)), z
        raise Unfinished(f"no rule frees the differential in {t}")

    def release_kron(self, c: Expr, a: Expr, b: Expr) -> tuple[str, Expr, Expr]:
        (m, n), (p, q) = a.shape, b.shape
        shuffle = kron(eye(n), kron(comm(q, m), eye(p)))
        if b.has_d:
            return "vec.kron-right", mul(c, shuffle, kron(vec(a), eye(p * q))), b
        return "vec.kron-left", mul(c, shuffle, kron(eye(m * n), vec(b))), a

    def release_linear(self, c: Expr, t: Apply, head: str, arg: Expr) -> tuple[str, Expr, Expr]:
        """A move towards J*vec(d(Z))."""
        if head == "'":
            return "vec.transpose", mul(c, comm(*arg.shape)), arg
        if head == ".*":
            f = next(a for a in t.args if a.has_d)
            h = had(*(a for a in t.args if a is not f))
            return "vec.entrywise", mul(c, apply("diag", vec(h))), f
        if head == "diag":
            n = arg.shape[0]
            return "vec.diag", mul(c, apply("diag", vec(eye(n))), kron(ones(n), eye(n))), arg
        if head == "diagonal":
            n = arg.shape[0]
            return "vec.diagonal", mul(c, kron(T(ones(n)), eye(n)), apply("diag", vec(eye(n)))), arg
        if head == "vec" or head == "unvec":
            return "vec." + head, c, arg
        if head == "sum":
            return "vec.sum", mul(c, T(ones(arg.shape[0] * arg.shape[1]))), arg
        if head == "tr":
            return "vec.trace", mul(c, T(vec(eye(arg.shape[0])))), arg
        if head == "rowsum":
            return "vec.rowsum", mul(c, kron(T(ones(arg.shape[1])), eye(arg.shape[0]))), arg
        if head == "colsum":
            return "vec.colsum", mul(c, kron(eye(arg.shape[1]), T(ones(arg.shape[0])))), arg
        if head == "kron":
            return self.release_kron(c, *t.args)
        raise Unfinished(f"no closed form for the Jacobian of {t}",
                         hint="expm has a Frechet derivative, not a Kronecker product of known matrices"
                         if head == "expm_frechet" else None)


SOURCES = {r.name: r.see for r in traces.TRACE + traces.LINEAR}


def apply_zeros(e: Expr) -> Expr:
    """zeros of e's shape."""
    return zero_of(*e.shape)


def zero_of(m: object, n: object) -> Expr:
    """zeros(m, n)."""
    from ..language.expr import zeros
    return zeros(m, n)  # type: ignore[arg-type]


__all__ = ["Engine", "InputError", "Move", "Term", "epow"]
