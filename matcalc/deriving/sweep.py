"""All gradients of a scalar in one reverse sweep, as a chain of small problems.

Each defined name on the way from a variable to f has a gradient with a name of its own (its adjoint; delta_z in the textbooks).
With the adjoints of the names that use t held still, df is the sum of tr(delta_u'*d(u)) over these names u: the gradient
with respect to t is the derivative of one short expression, whatever lies before and behind. Every other name in it is a
letter, so each definition is differentiated once, and what holds for any values of the letters holds for the chain.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

from ..reading.directions import paired
from ..language.expr import SCALAR, Apply, Expr, Name, T, add, apply, mul, num, tr
from ..reading.parse import Problem
from ..language.shape import InputError
from .properties import positive, symmetric
from .naming import taken_by
from .substitute import substitute
from ..records import Record

NAMED = "delta_{}"


class Link(Record):
    """The gradient with respect to one name: what it is called, the names and their adjoints it comes from, the problem it is."""

    wrt: Name
    name: Name | None
    users: tuple[Name, ...]
    problem: Problem
    letters: dict[Expr, Expr]       # the defined names, by the letters they are in the problem
    opening: Expr | None            # df as the chain gives it: the sum of tr(delta_u'*du); nothing where no name lies between

    def own(self, e: Expr, typed: bool = False) -> Expr:
        """An expression of the problem, in the defined names themselves; or a line of it as it stands."""
        return e if self.letters.keys().isdisjoint(e.names) else substitute(e, self.letters, None, typed)

    def said(self, verdict: Any) -> Any:
        """A verdict, its conditions in the defined names."""
        return verdict._replace(needs=tuple(dict.fromkeys(c._replace(of=self.own(c.of)) for c in verdict.needs)))


class Sweep:
    """Which names lie on the way, what uses them, what their adjoints are called."""

    def __init__(self, p: Problem) -> None:
        assert p.f is not None
        self.p, self.asked = p, p.several
        self.bodies = dict(p.definitions)
        typed = p.as_typed()
        self.raw = {n: body for (n, _), (_, body) in zip(p.definitions, typed.definitions, strict=True)}
        whole = type(p.f) is Name and p.f in self.bodies and p.f not in self.asked
        self.f: Expr = self.bodies[p.f] if whole else p.f  # type: ignore[index]
        assert typed.f is not None
        self.raw_f: Expr = self.raw[p.f] if whole else typed.f  # type: ignore[index]
        self.raw_assumptions = typed.assumptions
        self.places = {n: k for k, n in enumerate(p.variables)}
        self.others = {n: v for n, v in p.variables.items() if v.kind != "variable"}
        self.way = self.between()
        self.users: dict[Name, list[Name]] = {n: [] for n in (*self.bodies, *self.asked)}
        for u in self.way:
            for n in self.bodies[u].names & self.users.keys():
                self.users[n].append(u)
        self.adjoints = self.named()
        self.words = {n: Name(n.name, n.shape, words) for n, body in self.bodies.items() if (words := self.seen(body))}
        self.taken = taken_by(p) | {a.name for a in self.adjoints.values()} | {"f"}

    def between(self) -> list[Name]:
        """The defined names that f stands on and that change with a variable asked for, in their order."""
        live: set[Name] = set(self.asked)
        for n, body in self.p.definitions:
            if not live.isdisjoint(body.names):
                live.add(n)
        below: set[Name] = set(self.f.names)
        for n, body in reversed(self.p.definitions):
            if n in below and n in live:
                below |= body.names
        return [n for n in self.bodies if n in below and n in live]

    def named(self) -> dict[Name, Name]:
        """What the adjoints are called; a pattern somebody gave must not hit a name that is in use."""
        pattern, taken = self.p.adjoint or NAMED, taken_by(self.p) | set(self.p.scope.origins)
        out: dict[Name, Name] = {}
        for n in self.way:
            text = pattern.replace("{}", n.name)
            while text in taken and not self.p.adjoint:
                text += "_"
            if text in taken or not re.fullmatch(r"[A-Za-z_]\w*", text, re.ASCII):
                raise InputError(f"the gradient with respect to {n.name} cannot be called {text}: "
                                 f"{'that name is taken' if text in taken else 'that is no name'}",
                                 hint="--adjoint takes a pattern such as d{}, with {} for the name")
            taken.add(text)
            out[n] = Name(text, n.shape)
        return out

    def seen(self, body: Expr) -> frozenset[str]:
        """What is seen of a definition, said of the letter that stands for it."""
        return frozenset({"symmetric"} if body.shape != SCALAR and symmetric(body, self.bodies) else
                         {"positive"} if positive(body) else ())

    def links(self) -> Iterator[Link]:
        """One link for each name on the way, then one for each variable asked for."""
        for n in reversed(self.way):
            yield self.link(n, self.adjoints[n])
        for n in self.asked:
            if n not in self.adjoints or self.p.layout != "denominator":
                yield self.link(n, None)

    def learn(self, name: Name, gradient: Expr) -> None:
        """What is seen of a gradient with a name is known where the name stands."""
        if gradient.shape != SCALAR and symmetric(gradient, {}):
            self.words[name] = Name(name.name, name.shape, frozenset({"symmetric"}))

    def still(self, n: Name) -> str:
        """What a name is called where it is held still; on the page and in the answer it is the name itself."""
        text = f"{n.name}_still"
        while text in self.taken or text in self.p.scope.origins:
            text += "_"
        return text

    def link(self, t: Name, name: Name | None) -> Link:
        """The gradient with respect to t as the derivative of an expression without chains."""
        users, direct = self.users[t], t in self.f.names
        inside: set[Name] = set(self.f.names if direct else ())
        for u in users:
            inside |= self.bodies[u].names
        # Where a name that uses t stands in another such expression, it is held still there: a letter of its own.
        still: dict[Expr, Expr] = {u: Name(self.still(u), u.shape, self.words.get(u, u).words) for u in users if u in inside}

        def held(e: Expr, typed: bool = False) -> Expr:
            return substitute(e, still, None, typed) if not still.keys().isdisjoint(e.names) else e
        pairs = [paired(self.adjoints[u], u) for u in users]
        terms = [held(self.f), *pairs] if direct else pairs
        raw = [held(self.raw_f, True), *pairs] if direct else pairs
        defined, raw_defined = [(u, held(self.bodies[u])) for u in users], [(u, held(self.raw[u], True)) for u in users]
        met = {t}.union(*(e.names for e in (*terms, *raw, *(body for _, body in (*defined, *raw_defined)))))
        swap: dict[Expr, Expr] = {n: self.words[n] for n in met if n in self.words and n not in users}
        local = self.problem(t, add(*terms) if terms else num(0), defined, self.p.assumptions, swap)
        typed = raw[0] if len(raw) == 1 else Apply("+", tuple(raw), SCALAR) if raw else local.f
        assert typed is not None
        as_typed = self.problem(t, typed, raw_defined, self.raw_assumptions, swap, True)
        if name is None:
            local, as_typed = (q.but(layout=self.p.layout, structured=self.p.structured) for q in (local, as_typed))
        local = local.but(typed=as_typed)
        chain = [tr(mul(T(self.adjoints[u]), apply("d", u))) for u in users]
        opening = substitute(add(*([apply("d", held(self.f))] if direct else []), *chain), swap) if chain else None
        return Link(t, name, tuple(users), local, {w: n for n, w in (*swap.items(), *still.items())}, opening)

    def problem(self, t: Name, f: Expr, definitions: list[tuple[Name, Expr]], assumptions: Iterable[tuple[Expr, Expr]],
                swap: dict[Expr, Expr], typed: bool = False) -> Problem:
        """The problem of one link: its names, nothing else."""
        p, memo = self.p, dict[Expr, Expr]()

        def here(e: Expr) -> Expr:
            return substitute(e, swap, memo, typed) if not swap.keys().isdisjoint(e.names) else e
        f, wrt, bodies = here(f), here(t), [(n, here(body)) for n, body in definitions]
        assert type(wrt) is Name
        names: set[Name] = set(f.names).union(*(body.names for _, body in bodies)) - {n for n, _ in definitions}
        known: dict[str, Name] = {n.name: n for n in (*names, wrt)}
        shared = sorted((known.keys() & self.places.keys()) | self.others.keys(), key=self.places.__getitem__)
        met = {*names, *(n for n, _ in definitions)}
        return Problem(
            p.scope, {n: p.variables[n] for n in shared} | known, definitions=bodies, f=f, wrt=wrt, expand=p.expand, deadline=p.deadline,
            assumptions=[(here(a), here(b)) for a, b in assumptions if (here(a).names | here(b).names) <= met],
            taken=frozenset(self.taken), text={"declare": p.text.get("declare")})
