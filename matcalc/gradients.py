"""Several gradients of one function, from one reverse sweep: the links, what they are called, and the verdict on all of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING, Any

from . import judges
from .language.deadline import Expired, after
from .language.expr import SCALAR, Expr, Name, add, apply, had, show_shape
from .language.shape import InputError
from .reading.parse import Problem
from .deriving.derivation import Derivation as Recorded
from .deriving.along import moved
from .deriving.alike import Layers
from .deriving.sweep import Link, Sweep
from .deriving.unfinished import Unfinished
from .paged import Paged
from .render.said import Said
from .records import Record

if TYPE_CHECKING:
    from .render.story import Story


class Part(Record):
    """One gradient: the link of the chain, its derivation, the gradient with the names it needs, the verdict. A link that is an
    earlier one in other letters is `like` that one, and has no derivation of its own."""

    link: Link
    record: Recorded | None
    result: Expr
    where: list[tuple[Name, Expr]]
    verdict: Said
    like: int = -1

    @property
    def wrt(self) -> Name:
        """The variable, or the name on the way."""
        return self.link.wrt

    @property
    def name(self) -> Name | None:
        """What the gradient is called, where it is with respect to a name on the way."""
        return self.link.name


class Gradients(Paged):
    """All gradients asked for, with the chain they come from."""

    what = "source for several gradients"

    def __init__(self, p: Problem, parts: list[Part], together: Said) -> None:
        self.problem, self.parts, self.together = p, parts, together

    @property
    def deltas(self) -> dict[str, Expr]:
        """The gradients with respect to defined names, by the names they are given, in order of use."""
        return {q.name.name: q.result for q in self.parts if q.name is not None}

    @cached_property
    def results(self) -> dict[str, Expr]:
        """The gradients asked for, by the variables; in the names of the problem and of the deltas."""
        found = {q.wrt.name: q.result for q in self.parts if q.name is None}
        own = {q.wrt.name: q.name for q in self.parts if q.name is not None}
        return {n.name: found[n.name] if n.name in found else own[n.name] for n in self.problem.several}

    @property
    def where(self) -> list[tuple[Name, Expr]]:
        """Every name the results use beyond the problem's own, each after those it stands on."""
        out: list[tuple[Name, Expr]] = []
        for q in self.parts:
            out += q.where
            if q.name is not None:
                out.append((q.name, q.result))
        return out

    def __getitem__(self, name: str) -> Expr:
        return self.results[name]

    @property
    def verdict(self) -> Said:
        """The weakest of what the judges say of the links; refuted where all together do not fit f."""
        worst = max((q.verdict for q in self.parts), key=lambda v: ("proved", "checked", "undecided", "refuted").index(v.kind))
        if self.together.kind == "refuted":
            return self.together
        needs = tuple(dict.fromkeys(c for q in self.parts for c in q.verdict.needs))
        return worst._replace(needs=needs)

    @property
    def counts(self) -> Counter[str]:
        """How many links have which verdict."""
        return Counter(q.verdict.kind for q in self.parts)

    @property
    def detail(self) -> str:
        """The verdict on all in words."""
        from .render.links import verdict_in_words
        return verdict_in_words(self.verdict, self.counts, self.together)

    def story(self, detail: str = "normal") -> Story:
        """What stands on the page."""
        from .render.links import story
        limit = after(self.problem.deadline.seconds)
        try:
            return story(self.problem.within(limit), [q._replace(record=q.record and q.record.within(limit)) for q in self.parts],
                         self.verdict, self.detail, detail=detail)
        except Expired as e:
            return story(self.problem, self.parts, self.verdict, self.detail, e.seconds)

    def json(self) -> dict[str, Any]:
        """The gradients as data; every formula as text that parses back."""
        from .render.links import data
        return data(self.problem, self.parts, self.verdict, self.detail)

    def index(self) -> str:
        from .render import index_page
        p = self.problem
        return "".join(f"{line}\n" for line in index_page.of_several(p, [(q.wrt, q.name, q.result) for q in self.parts], self.where))

    def written(self, writer: Any) -> str:
        """One function that computes the value and all gradients, each delta once."""
        p = self.problem.within(after(self.problem.deadline.seconds))
        source: str = writer.several(p, {n: self[n.name] for n in p.several}, self.where)
        return source

    def filed(self, writer: Any) -> str:
        """The function of `written`, the value and a test."""
        p = self.problem.within(after(self.problem.deadline.seconds))
        source: str = writer.file(p, {n: self[n.name] for n in p.several}, self.where, f"{self.verdict}")
        return source

    def passes(self, writer: Any) -> str:
        """A forward and a backward pass: the function that the cotangent was asked for, and these gradients."""
        p = self.problem.within(after(self.problem.deadline.seconds))
        if p.pulled is None:
            raise InputError("a kernel is handed the gradient that arrives from above", hint='ask with a cotangent: cotangent="G"')
        g, value = p.pulled
        source: str = writer.kernel(p, value, g, {n: self[n.name] for n in p.several}, self.where)
        return source

    def __repr__(self) -> str:
        found = ", ".join(f"{n}: {e}" for n, e in self.results.items())
        return f"<gradients of {self.problem.f}: {found}; {self.verdict.kind}>"


def gradients(p: Problem, solve: Callable[[Problem], Recorded]) -> Gradients:
    """The gradients a problem asks for, each definition differentiated once by `solve`; each judged, and all together."""
    assert p.f is not None
    if p.f.shape != SCALAR:
        raise InputError(f"several variables need a scalar function; this one is {show_shape(p.f.shape)}",
                         hint="ask for each Jacobian alone, or --cotangent G for the gradients of tr(G'*f)")
    parts: list[Part] = []
    layers = Layers()
    sweep = Sweep(p)
    for link in sweep.links():
        repeated = layers.known(link.problem)
        if repeated is not None:
            like, result, said = repeated
            if link.name is not None:
                sweep.learn(link.name, result)
            parts.append(Part(link, None, link.own(result), [], link.said(said), like))
            continue
        try:
            record = solve(link.problem)
        except Unfinished as e:
            raise Unfinished(f"{e.message}, in the gradient with respect to {link.wrt}", e.hint) from None
        p.taken |= {n.name for n, _ in record.where}
        link.problem.taken |= p.taken
        layers.keep(len(parts), record)
        if link.name is not None:
            sweep.learn(link.name, record.result)
        parts.append(Part(link, record, link.own(record.result),
                          [(n, link.own(body)) for n, body in record.where], link.said(record.verdict)))
    found = Gradients(p, parts, judges.not_judged(()))
    own = {q.wrt for q in parts if q.name is None}
    if own == set(p.several) and p.layout == "denominator" and not p.structured:
        line, ways = moved(p, p.several)
        total = add(*(apply("sum", had(found[n.name], v)) for n, v in zip(p.several, ways, strict=True)))
        found.together = judges.at_points(line, total, found.where)
    return found
