"""Several gradients of one function, from one reverse sweep: the links, their names, and the verdict on all of them."""

from __future__ import annotations

import gc
from types import ModuleType
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cached_property
from typing import TYPE_CHECKING

from . import judges
from .language.deadline import Deadline, Expired, deadline_after
from .language.expr import SCALAR, Expr, Name, add, node_count, show_shape
from .language.implied_conditions import distinct
from .language.shape import InputError
from .reading.parse import Problem
from .deriving.derivation import Derivation as Recorded
from .deriving.intermediates import Layers, with_intermediates
from .deriving.order import Orders, as_typed
from .deriving.record import Step
from .deriving.substitute import substitute
from .deriving.sweep import Link, Sweep
from .deriving.unfinished import Unfinished
from .outputs import Renderable
from .render.sweep_parts import Part
from .render.verdict_words import WordedVerdict

if TYPE_CHECKING:
    from .render.story import Story

LONGEST = 200       # nodes of a gradient in which the names of others are written out


def of_shares(link: Link, shares: Sequence[Part]) -> Part:
    """The gradient of a name: the sum of what each of its users contributes."""
    return Part(link, None, add(*(q.result for q in shares)), [], weakest(shares))


def weakest(parts: Sequence[Part]) -> WordedVerdict:
    """The weakest of what the judges say of the links, under the conditions of all."""
    worst = max((q.verdict for q in parts), key=lambda v: ("proved", "checked", "undecided", "refuted").index(v.kind))
    return worst._replace(needs=distinct(c for q in parts for c in q.verdict.needs))


def _named(parts: Sequence[Part]) -> list[tuple[Name, Expr]]:
    """Every name the results use beyond the problem's own, each after those it stands on."""
    out: list[tuple[Name, Expr]] = []
    for q in parts:
        out += q.where
        if q.name is not None:
            out.append((q.name, q.result))
    return out


class Chained(Recorded):
    """One gradient through a long chain of definitions: each link is a small derivation with a verdict of its own."""

    def __init__(self, p: Problem, parts: Sequence[Part]) -> None:
        assert p.f is not None and p.wrt is not None
        self.problem, self.links, self.f, self.layout, self.verdict = p, parts, p.f, p.layout, None
        self.result = self.tidied = parts[-1].result
        self.where = self.adjoints = _named(parts)
        self.shown = self.result, self.where
        self.reading, self.earlier = "derivative" if p.wrt.shape == SCALAR else "gradient", None

    @property
    def count(self) -> int:
        """How many steps were taken, those of the links that are alike among them."""
        own = [0 if q.record is None else q.record.count for q in self.links]
        return sum(own[q.like] if q.like >= 0 else k for k, q in zip(own, self.links, strict=True))

    @property
    def steps(self) -> list[Step]:
        """The steps of the links that differ, in the letters of each."""
        return [s for q in self.links if q.record is not None for s in q.record.steps]

    @property
    def orders(self) -> Orders:
        """In which order the terms of a sum were typed."""
        return as_typed(self.problem)

    result_orders = orders
    opposites: dict[Expr, Expr] = {}

    @property
    def proof(self) -> WordedVerdict:
        """What the judges say of the links."""
        return weakest(self.links)

    def within(self, deadline: Deadline) -> Chained:
        """The same, to be drawn by another moment."""
        return Chained(self.problem.within(deadline), [q._replace(record=q.record and q.record.within(deadline)) for q in self.links])


class Gradients(Renderable):
    """The answer of `derive` for several variables: all gradients, with the chain of derivatives that they come from.

    `g["W"]` is one gradient, `results` has all; they may use the names in `where`, among them `deltas`, the gradients with respect to
    defined names. `verdict` is the weakest verdict of all links. Pages and code are as for a Derivation.

    >>> from matcalc import derive
    >>> g = derive("norm2(z)^2", ["W", "b"], define=["z = W*x + b"])
    >>> g["W"], g.deltas, g.verdict.kind
    (<delta_z*x'>, {'delta_z': <2*z>}, 'proved')
    """

    what = "source for several gradients"
    libraries = (*Renderable.libraries, "sympy")

    def __init__(self, p: Problem, parts: list[Part], together: WordedVerdict) -> None:
        self.problem, self.parts, self.together = p, parts, together

    @property
    def deltas(self) -> dict[str, Expr]:
        """The gradients with respect to defined names, by the names they are given, in order of use."""
        return {q.name.name: q.result for q in self.parts if q.name is not None}

    @cached_property
    def results(self) -> dict[str, Expr]:
        """The gradients by the names of their variables, written with the names of the problem and of the deltas."""
        found = {q.wrt.name: q.result for q in self.parts if q.name is None and q.wrt in self.problem.several}
        own = {q.wrt.name: q.name for q in self.parts if q.name is not None}
        return {n.name: found[n.name] if n.name in found else own[n.name] for n in self.problem.several}

    @property
    def where(self) -> list[tuple[Name, Expr]]:
        """What the names stand for that the results use beyond the problem's own, each after those it depends on."""
        return _named(self.parts)

    def __getitem__(self, name: str) -> Expr:
        return self.results[name]

    @property
    def verdict(self) -> WordedVerdict:
        """The weakest verdict of all links; "refuted" where the gradients together do not fit f."""
        return self.together if self.together.kind == "refuted" else weakest(self.parts)

    @property
    def counts(self) -> Counter[str]:
        """How many links have each verdict."""
        return Counter(q.verdict.kind for q in self.parts if not q.link.shares)

    @property
    def detail(self) -> str:
        """The verdict on the whole, in words."""
        from .render.gradients_page import verdict_in_words
        return verdict_in_words(self.verdict, self.counts, self.together)

    @property
    def said(self) -> str:
        """The verdict on the whole in one line, with its conditions."""
        from .render.gradients_page import verdict_lines
        from .render.pieces import text
        from .render.verdict_words import KINDS
        return f"{KINDS[self.verdict.kind]}: {text(verdict_lines(self.verdict, self.detail))}"

    def story(self, detail: str = "normal") -> Story:
        """What is on the page."""
        from .render.gradients_page import story, verdict_lines
        words = verdict_lines(self.verdict, self.detail)
        limit = deadline_after(self.problem.deadline.seconds)
        try:
            return story(self.problem.within(limit), [q._replace(record=q.record and q.record.within(limit)) for q in self.parts],
                         self.verdict, words, detail=detail)
        except Expired as e:
            return story(self.problem, self.parts, self.verdict, words, e.seconds)

    def json(self) -> dict[str, object]:
        """The gradients as a dictionary for JSON; every formula is text that parses back."""
        from .render.gradients_page import data
        return data(self.problem, self.parts, self.verdict, self.detail)

    def index(self) -> str:
        from .render import index_page
        p = self.problem
        return "".join(f"{line}\n" for line in index_page.of_several(p, [(q.wrt, q.name, q.result) for q in self.parts], self.where))

    def written(self, writer: ModuleType) -> str:
        """The source of one function that computes the value and all gradients, each delta once."""
        p = self.problem.within(deadline_after(self.problem.deadline.seconds))
        source: str = writer.several(p, {n: self[n.name] for n in p.several}, self.where)
        return source

    def filed(self, writer: ModuleType) -> str:
        """The source of that function with the value and a test."""
        p = self.problem.within(deadline_after(self.problem.deadline.seconds))
        source: str = writer.file(p, {n: self[n.name] for n in p.several}, self.where, self.said, self.together.largest)
        return source

    def passes(self, writer: ModuleType) -> str:
        """The source of a forward and a backward pass: the function that the cotangent was asked for, and these gradients."""
        p = self.problem.within(deadline_after(self.problem.deadline.seconds))
        if p.cotangent_pair is None:
            raise InputError("a kernel needs the gradient with respect to its output", hint='ask with a cotangent: cotangent="G"')
        g, value = p.cotangent_pair
        source: str = writer.kernel(p, value, g, {n: self[n.name] for n in p.several}, self.where, self.said, self.together.largest)
        return source

    def __repr__(self) -> str:
        found = ", ".join(f"{n}: {e}" for n, e in self.results.items())
        return f"<gradients of {self.problem.f}: {found}; {self.verdict.kind}>"


def gradients(p: Problem, solve: Callable[[Problem], Recorded]) -> Gradients:
    """The gradients a problem asks for, each definition differentiated once by `solve`; each judged, and all together."""
    assert p.f is not None
    if p.f.shape != SCALAR:
        raise InputError(f"several variables need a scalar function; f is {show_shape(p.f.shape)}",
                         hint="ask for each Jacobian alone, or --cotangent G for the gradients of tr(G'*f)")
    with kept():
        typed, p = dict(p.definitions), with_intermediates(p)
        own = {n: body for n, body in p.definitions if n not in typed and p.depth is None}
        parts = derived(p, solve, own)
        if p.expand and p.depth is None:
            parts = list(in_full(parts, own))
        found = Gradients(p, parts, judges.not_judged(()))
        if {q.wrt for q in parts if q.name is None} & set(p.several) == set(p.several) and p.layout == "denominator" and not p.structured:
            found.together = judges.at_points(p, found.where, [(n, found[n.name]) for n in p.several])
    return found


def in_full(parts: Sequence[Part], own: Mapping[Name, Expr]) -> Iterator[Part]:
    """The same gradients, in those of the variables no names of others and none that nobody typed, as long as that can be read."""
    known: dict[Expr, Expr] = {}
    for n, body in own.items():
        known[n] = substitute(body, known)
    for q in parts:
        whole = substitute(q.result, known)
        if node_count(whole) > LONGEST:
            whole = q.result
        elif q.name is not None:
            known[q.name] = whole
        yield q if q.name is not None else q._replace(result=whole)


@contextmanager
def kept() -> Iterator[None]:
    """What a sweep makes is kept until it ends, and in no circles: to look for garbage in it took a quarter of the time of a thousand
    layers."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


def chained(p: Problem, solve: Callable[[Problem], Recorded]) -> Chained:
    """One gradient, link by link."""
    assert p.wrt is not None
    return Chained(p, derived(p.replace(several=(p.wrt,)), solve))


def derived(p: Problem, solve: Callable[[Problem], Recorded], own: Collection[Name] = ()) -> list[Part]:
    """The links of a reverse sweep, each derived by `solve` and judged; a link that repeats an earlier one takes its answer."""
    parts: list[Part] = []
    layers = Layers()
    sweep = Sweep(p, own)
    for link in sweep.links():
        p.deadline.check()
        repeated = layers.known(link) if not link.shares else None
        if link.shares:
            parts.append(of_shares(link, parts[-link.shares:]))
        elif repeated is not None:
            like, result, said = repeated
            parts.append(Part(link, None, result, [], said, like))
        else:
            try:
                record = solve(link.problem)
            except Unfinished as e:
                raise Unfinished(f"{e.message}, in the gradient with respect to {link.wrt}", e.hint) from None
            sweep.taken |= {n.name for n, _ in record.where}
            parts.append(Part(link, record, link.own(record.result), [(n, link.own(body)) for n, body in record.where],
                              link.said(record.verdict)))
            if not record.where:
                layers.keep(len(parts) - 1, link, parts[-1].result, parts[-1].verdict)
        sweep.learn(link, parts[-1].result)
    return parts
