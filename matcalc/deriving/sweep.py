"""All gradients of a scalar in one reverse sweep, as a chain of small problems.

Each defined name on the way from a variable to f has a gradient with a name of its own (its adjoint; delta_z in the textbooks).
With the adjoints of the names that use t held still, df is the sum of tr(delta_u'*d(u)) over these names u: the gradient
with respect to t is the derivative of one short expression, whatever lies before and behind. Every other name in it is a
letter, so each definition is differentiated once, and what holds for any values of the letters holds for the chain.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from functools import cached_property
from itertools import count
from typing import Any

from ..reading.problems.problem import paired
from ..language.expr import SCALAR, ZERO, Apply, Expr, Name, T, add, apply, mul, num, tr
from ..reading.parse import Problem
from ..language.shape import InputError
from ..language.conditions import simplified
from ..language.inspection import coefficient
from ..language.traversal import arguments
from ..language.properties import Properties
from .properties import Transposer, adds_up
from .naming import taken_by
from .repeated import cancels
from .skeletons import Order, Pattern, Skeletons
from .substitute import substitute
from ..records import Record

NAMED = "delta_{}"
MANY = 20       # names that use one, and terms of a sum, that are looked at together


class Asked(Record):
    """One link as a problem of its own: the defined names by the letters they are in it, and df as the chain gives it, the sum of
    tr(delta_u'*du); nothing where no name lies between."""

    problem: Problem
    letters: dict[Expr, Expr]
    opening: Expr | None


class Link:
    """The gradient with respect to one name: what it is called, the names it goes through, the problem it is.

    Where very many names use it, each gives a `share`, a link of its own, and the gradient is the sum of so many `shares` before it."""

    def __init__(self, sweep: Sweep, wrt: Name, name: Name | None, users: Sequence[Name], direct: bool, share: bool = False,
                 shares: int = 0) -> None:
        self.sweep, self.wrt, self.users, self.direct, self.share, self.shares = sweep, wrt, tuple(users), direct, share, shares
        self.name = None if share else name
        self.last = name is None

    @cached_property
    def asked(self) -> Asked:
        """What is asked; of a link that is like another one, only where somebody wants to see it."""
        return self.sweep.asked_of(self)

    @property
    def problem(self) -> Problem:
        """The gradient as a problem of its own."""
        return self.asked.problem

    @property
    def opening(self) -> Expr | None:
        """How its differential begins."""
        return self.asked.opening

    @property
    def letters(self) -> dict[Expr, Expr]:
        """The defined names, by the letters they are in the problem."""
        return self.asked.letters

    def own(self, e: Expr, typed: bool = False) -> Expr:
        """An expression of the problem, in the defined names themselves; or a line of it as it stands."""
        return e if self.letters.keys().isdisjoint(e.names) else substitute(e, self.letters, None, typed)

    def said(self, verdict: Any) -> Any:
        """A verdict, its conditions in the defined names; without those that hold by what these are defined as."""
        own = (c._replace(of=self.own(c.of)) for c in verdict.needs)
        return verdict._replace(needs=tuple(dict.fromkeys(d for c in own for d in simplified(c, self.sweep.sure))))


class Sweep:
    """Which names lie on the way, what uses them, what their adjoints are called."""

    def __init__(self, p: Problem, own: Collection[Name] = ()) -> None:
        self.p, self.asked, self.own = p, p.several, own        # names that nobody typed
        self.bodies = dict(p.definitions)
        self.sure, self.transposed = Properties(self.bodies), Transposer(self.bodies)
        typed = p.as_typed()
        self.raw, self.raw_assumptions = {n: e for (n, _), (_, e) in zip(p.definitions, typed.definitions, strict=True)}, typed.assumptions
        name = p.f if type(p.f) is Name and p.f in self.bodies and p.f not in self.asked else None
        f = p.function if name is None else self.bodies[name]
        self.folded = [n for n, e in p.definitions if n not in self.asked and not p.adjoint and cancels(n, e, f, self.bodies)]
        self.whole = f, typed.function if name is None else self.raw[name]
        self.f: Expr = substitute(f, {n: self.bodies[n] for n in self.folded})
        self.raw_f: Expr = substitute(self.whole[1], {n: self.raw[n] for n in self.folded}, None, True)
        self.places = {n: k for k, n in enumerate(p.variables)}
        self.others = {n: v for n, v in p.variables.items() if v.kind != "variable"}
        self.skeletons = Skeletons()
        self.sums: dict[Expr, dict[Name, list[Expr]]] = {}      # the terms of long sums by the names in them
        self.live, self.below = self.connected()
        self.way = self.between()
        self.fixed = [n for n, body in self.bodies.items() if n not in self.live and adds_up(body)]
        self.users: dict[Name, list[Name]] = {n: [] for n in (*self.bodies, *self.asked)}
        for u in self.way:
            for n in self.bodies[u].names & self.users.keys():
                self.users[n].append(u)
        self.adjoints = self.named()
        self.words = {n: Name(n.name, n.shape, words) for n, body in self.bodies.items() if (words := self.seen(body))}
        self.taken = taken_by(p) | {str(a) for a in self.adjoints.values()} | {"f"}

    def connected(self) -> tuple[set[Name], set[Name]]:
        """The names that change with a variable asked for, and those that f stands on."""
        live: set[Name] = set(self.asked)
        for n, body in self.p.definitions:
            live |= set() if live.isdisjoint(body.names) else {n}
        below: set[Name] = set(self.f.names)
        for n, body in reversed(self.p.definitions):
            below |= body.names if n in below and n in live else set()
        return live, below

    def between(self) -> list[Name]:
        """The defined names that f stands on and that change with a variable asked for, in their order."""
        return [n for n in self.bodies if n in self.below and n in self.live]

    def named(self) -> dict[Name, Expr]:
        """What the adjoints are called; a pattern somebody gave must not hit a name that is in use."""
        pattern, taken = self.p.adjoint or NAMED, taken_by(self.p) | set(self.p.scope.origins)
        out: dict[Name, Expr] = {}
        for n in self.way:
            text = pattern.replace("{}", n.name)
            while text in taken and not self.p.adjoint:
                text += "_"
            if text in taken or not re.fullmatch(r"[A-Za-z_]\w*", text, re.ASCII):
                raise InputError(f"the gradient with respect to {n.name} cannot be called {text}: "
                                 f"{'that name is taken' if text in taken else 'that is not a valid name'}",
                                 hint="--adjoint takes a pattern such as d{}, with {} for the name")
            taken.add(text)
            out[n] = Name(text, n.shape)
        return out

    def seen(self, body: Expr) -> frozenset[str]:
        """What is seen of a definition, said of the letter that stands for it."""
        return frozenset({"symmetric"} if body.shape != SCALAR and self.transposed.symmetric(body) else
                         {"positive"} if self.sure.positive(body) else ())

    def links(self) -> Iterator[Link]:
        """One link for each name on the way, then one for each variable asked for."""
        for n, name in [(n, self.adjoints[n]) for n in reversed(self.way)]:
            assert type(name) is Name
            yield from self.linked(n, name)
        for n in self.asked:
            if n not in self.adjoints or self.p.layout != "denominator":
                yield from self.linked(n, None)

    def linked(self, t: Name, name: Name | None) -> Iterator[Link]:
        """The link of a name; where very many names use it, one for each of them, and what they come to."""
        users, direct = self.users[t], t in self.f.names
        if len(users) <= MANY:
            yield Link(self, t, name, users, direct)
            return
        if direct:
            yield Link(self, t, name, (), True, True)
        for u in users:
            yield Link(self, t, name, (u,), False, True)
        yield Link(self, t, name, users, direct, False, len(users) + direct)

    def learn(self, link: Link, gradient: Expr) -> None:
        """What is seen of a gradient with a name is known where the name stands; one that is a multiple of a letter needs no name, where
        nobody typed what it is by."""
        name = link.name
        if name is None:
            return
        if type(coefficient(gradient)[1]) is Name and link.wrt in self.own:
            link.name, self.adjoints[link.wrt] = None, gradient
            return
        if gradient.shape[0] is not gradient.shape[1] or gradient.shape == SCALAR:
            return
        words: dict[Expr, Expr] = {n: self.words[n] for n in gradient.names if n in self.words}
        if Transposer().symmetric(substitute(gradient, words)):
            self.words[name] = Name(name.name, name.shape, frozenset({"symmetric"}))

    def constant_name(self, n: Name) -> str:
        """What a name is called where it is held fixed; on the page and in the answer it is the name itself."""
        return next(t for t in (f"{n.name}_still" + "_" * k for k in count()) if t not in self.taken and t not in self.p.scope.origins)

    def part(self, e: Expr, t: Name, typed: bool = False, most: int = MANY) -> Expr:
        """Of a sum of more terms than so many those that hold t: the others do not move."""
        if type(e) is not Apply or e.head != "+" or len(e.args) <= most:
            return e
        if e not in self.sums:
            found = self.sums[e] = {}
            for a in e.args:
                for n in a.names:
                    found.setdefault(n, []).append(a)
        terms = self.sums[e].get(t)
        return e if terms is None else add(*terms) if not typed else terms[0] if len(terms) == 1 else Apply("+", tuple(terms), e.shape)

    def parts(self, link: Link) -> tuple[tuple[Expr, Expr], list[tuple[Name, Expr, Expr]]]:
        """What moves in a link: f and the bodies of the names it goes through, each with its tree as typed."""
        t = link.wrt
        most = 0 if link.users else MANY        # what t is not in is counted with the names that use it
        f = (self.part(self.f, t, False, most), self.part(self.raw_f, t, True, most)) if link.direct else (ZERO, ZERO)
        return f, [(u, body, self.raw[u] if body is self.bodies[u] else self.part(self.raw[u], t, True))
                   for u, body in ((u, self.part(self.bodies[u], t)) for u in link.users)]

    def pattern(self, link: Link, order: Order = arguments) -> tuple[object, tuple[Name, ...]]:
        """What a link asks, its letters and sizes numbered, and these: links of one pattern are alike but for them."""
        f, bodies = self.parts(link)
        own = {u for u, body, _ in bodies if body is self.bodies[u]}
        found = Pattern(self.skeletons, lambda n: (n if n in own else self.words.get(n, n)).words)
        found.add(link.wrt)
        for u, made, raw in ((None, *f), *bodies):
            if u is not None:
                found.out.append(u in own)
                found.add(u)
                found.add(self.adjoints[u])
            found.add(made, order)
            found.out.append(order is arguments and raw is made)
            if raw is not made or order is not arguments:
                found.add(raw)
        fixed = [n for n in self.fixed if n in found.letters]
        for e in (e for n in fixed for e in (n, self.bodies[n])):
            found.add(e)
        for a, b in (*self.p.assumptions, *self.raw_assumptions):
            if found.letters.keys() >= a.names | b.names:
                found.add(a)
                found.add(b)
        return (link.last, link.direct, len(fixed), *found.out), found.names

    def asked_of(self, link: Link) -> Asked:
        """The gradient with respect to a name, through those that use it, as the derivative of an expression without chains."""
        t, users, direct = link.wrt, link.users, link.direct
        if link.shares:
            whole = add(*([self.f] if direct else []), *(paired(self.adjoints[u], u) for u in users))
            return Asked(self.problem(t, whole, [], (), {}), {}, None)
        (f, raw_f), bodies = self.parts(link)
        f, raw_f = self.whole if self.folded else (f, raw_f)
        inside: set[Name] = {*self.f.names, *raw_f.names} if direct else set()
        inside.update(*(e.names for u, *both in bodies for e in (*both, self.adjoints[u])))
        # Where a name that uses t stands in another such expression, it is held fixed there: a letter of its own.
        still: dict[Expr, Expr] = {u: Name(self.constant_name(u), u.shape, self.words.get(u, u).words) for u in users if u in inside}

        def held(e: Expr, typed: bool = False) -> Expr:
            return substitute(e, still, None, typed) if not still.keys().isdisjoint(e.names) else e
        terms, whole = [held(f)] if direct else [], held(raw_f, True)
        raw = [] if not direct else list(whole.args) if type(whole) is Apply and whole.head == "+" else [whole]
        defined = [(n, held(self.bodies[n])) for n in self.folded if direct]
        raw_defined = [(n, held(self.raw[n], True)) for n in self.folded if direct]
        for u, body, raw_body in bodies:
            if body is self.bodies[u]:
                terms.append(paired(held(self.adjoints[u]), u))
                raw.append(terms[-1])
                defined.append((u, held(body)))
                raw_defined.append((u, held(raw_body, True)))
            else:
                terms.append(paired(held(self.adjoints[u]), held(body)))
                raw.append(paired(held(self.adjoints[u]), held(raw_body, True), True))
        met = {t}.union(*(e.names for e in (*terms, *raw, *(body for _, body in (*defined, *raw_defined)))))
        fixed = [n for n in self.fixed if n in met]
        defined[:0], raw_defined[:0] = [(n, self.bodies[n]) for n in fixed], [(n, self.raw[n]) for n in fixed]
        swap: dict[Expr, Expr] = {n: self.words[n] for n in met if n in self.words and n not in dict(defined)}
        local = self.problem(t, add(*terms) if terms else num(0), defined, self.p.assumptions, swap)
        typed = raw[0] if len(raw) == 1 else Apply("+", tuple(raw), SCALAR) if raw else local.function
        as_typed = self.problem(t, typed, raw_defined, self.raw_assumptions, swap, True)
        if link.last:
            local, as_typed = (q.replace(layout=self.p.layout, structured=self.p.structured) for q in (local, as_typed))
        local = local.replace(typed=as_typed)
        chain = [tr(mul(T(held(self.adjoints[u])), apply("d", u))) for u in users]
        own = f.args if isinstance(f, Apply) and f.head == "+" else (f,)
        opening = substitute(add(*(apply("d", held(e)) for e in own if direct), *chain), swap) if chain else None
        return Asked(local, {w: n for n, w in (*swap.items(), *still.items())}, opening)

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
        return Problem(
            p.scope, {n: p.variables[n] for n in shared} | known, definitions=bodies, f=f, wrt=wrt, expand=p.expand, deadline=p.deadline,
            assumptions=[(here(a), here(b)) for a, b in assumptions if (here(a).names | here(b).names) <= {*names, *dict(definitions)}],
            taken=frozenset(self.taken), text={"declare": p.text.get("declare")})
