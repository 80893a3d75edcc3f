"""The gradients through a symbolic number of layers: what holds for one layer in the middle holds for each, by induction.

The derivative with respect to what a layer takes is made of that with respect to what it gives. A link of the chain is proved with
the derivative above it as a letter, so that it holds whatever lies above; links that are alike but for the numbers of their
names are one claim.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cached_property
from types import ModuleType
from typing import TYPE_CHECKING, TypeVar

from .deriving.derivation import Derivation as Recorded
from .deriving.natural_order import ByNumber
from .deriving.sweep import Link
from .deriving.unfinished import Unfinished
from .least_layers import least
from .gradients import Gradients, weakest
from .language.expr import Expr, Name
from .reading.problems.layer_counts import ENDS, NUMBERED, Depth
from .reading.inference.statements import said
from .reading.parse import Problem
from .render.sweep_parts import Layer, Part, Shared
from .render.verdict_words import WordedVerdict

if TYPE_CHECKING:
    from .render.story import Story

T = TypeVar("T")
Solve = Callable[[Problem], Recorded]


class Layered(Gradients):
    """All gradients asked for, of every number of layers: `layers` stand for many, `shared` are sums over them, `single` are the rest."""

    libraries = Gradients.libraries[:-1]

    def __init__(self, found: Gradients, depth: Depth, solve: Solve) -> None:
        super().__init__(found.problem, found.parts, found.together)
        self.sweep, self.solve, self.order = found.parts[0].link.sweep, solve, ByNumber()
        own = [(depth.number(q.wrt.name), NUMBERED.fullmatch(q.name.name)) for q in self.parts if q.name is not None]
        self.depth = depth._replace(bases=depth.bases | {name[1] for at, name in own if at and name and int(name[2]) == at[1]})
        p = self.problem
        self.names = [*p.variables.values(), *(n for n, _ in p.definitions), *(q.name for q in self.parts if q.name is not None)]
        self.next = self.depth.shifted(self.names)
        self.layers: list[Layer] = []
        self.shared: list[Shared] = []
        self.single: list[Part] = []
        for base, members in self.by_layer((q.wrt, q) for q in self.parts if not q.link.share):
            if base and len(members) > 2 * ENDS:
                layer, ends = self.stretch(base, members)
                self.layers.append(layer)
                self.single += ends
            else:
                self.single += members.values()
        for q in [q for q in self.single if any(len(m) > 2 * ENDS for base, m in self.by_layer((u, u) for u in q.link.users) if base)]:
            self.single.remove(q)
            self.shared.append(self.sum_of(q))
        self.single = [self.recorded(q) for q in self.single]
        if any(self.depth.strays(self.named_in(q), False) for q in (*self.single, *(q for s in self.shared for q in s.beside))) or \
                any(self.depth.strays(self.named_in(layer.part), True) for layer in self.every):
            raise self.unlike("some derivatives")
        self.least = least(self)

    def by_layer(self, pairs: Iterable[tuple[Name, T]]) -> list[tuple[str, dict[int, T]]]:
        """What belongs to names of layers, by the name before the number; what does not, under no name."""
        out: dict[str, dict[int, T]] = {}
        for k, (n, q) in enumerate(pairs):
            base, at = self.depth.number(n.name) or ("", k)
            out.setdefault(base, {})[at] = q
        return list(out.items())

    def stretch(self, base: str, members: dict[int, Part]) -> tuple[Layer, list[Part]]:
        """The layers that are like the one in the middle, and the few at the ends that are not."""
        low = high = self.depth.middle
        while high + 1 in members and high in members and self.alike(members[high], members[high + 1]):
            high += 1
        while low - 1 in members and low in members and self.alike(members[low - 1], members[low]):
            low -= 1
        if low > min(members) + ENDS or high < max(members) - ENDS:
            raise self.unlike(f"the derivatives with respect to {base}{{{self.depth.counter}}}")
        ends = [q for k, q in members.items() if not low <= k <= high]
        return Layer(self.recorded(members[self.depth.middle]), low, high, self.depth.last - len(members) + len(ends)), ends

    def unlike(self, what: str) -> Unfinished:
        """What is said where layers differ."""
        return Unfinished(f"{what} differ between the layers", hint=f"give {self.depth.letter} a number")

    def sum_of(self, q: Part) -> Shared:
        """What each layer gives to the gradient with respect to a variable that all of them share."""
        def share(u: Name) -> Part:
            return self.answered(Link(self.sweep, q.wrt, None, (u,), False, True))
        layers: list[Layer] = []
        beside = [self.answered(Link(self.sweep, q.wrt, None, (), True, True))] if q.link.direct else []
        for base, users in self.by_layer((u, u) for u in q.link.users):
            shares = {k: share(u) for k, u in users.items()}
            if base and len(users) > 2 * ENDS:
                layer, ends = self.stretch(base, shares)
                layers.append(layer)
                beside += ends
            else:
                beside += shares.values()
        return Shared(q.wrt, tuple(layers), tuple(beside))

    @property
    def every(self) -> list[Layer]:
        """What stands for many layers."""
        return [*self.layers, *(layer for s in self.shared for layer in s.layers)]

    @property
    def verdict(self) -> WordedVerdict:
        """The weakest of what the judges say of what is shown; refuted where all together do not fit f."""
        shown = [*(layer.part for layer in self.every), *self.single, *(q for s in self.shared for q in s.beside)]
        return self.together if self.together.kind == "refuted" else weakest(shown)

    def answered(self, link: Link) -> Part:
        """A link with its derivation."""
        record = self.solve(link.problem)
        return Part(link, record, link.own(record.result), [(n, link.own(body)) for n, body in record.where], link.said(record.verdict))

    def recorded(self, q: Part) -> Part:
        """A link with its derivation, also where it was answered as an earlier one."""
        return q if q.record is not None else q._replace(record=self.answered(q.link).record)

    def named_in(self, q: Part) -> set[Name]:
        """The names in a gradient and in what it goes through."""
        return {q.wrt, *q.link.users, *q.result.names, *(n for _, body in q.where for n in body.names)}

    def alike(self, q: Part, other: Part) -> bool:
        """Whether a link is that of the layer before in the names of this one."""
        (one, names), (two, others) = (self.sweep.pattern(link, self.order) for link in (q.link, other.link))
        return one == two and all(self.next.get(n, n) is m for n, m in zip(names, others, strict=True))

    @cached_property
    def labels(self) -> dict[str, tuple[str, str]]:
        """How the names of the layers are written."""
        sizes = {d for n in self.names for dim in n.dims for d in dim.names}
        return self.depth.labels([*(n.name for n in self.names), *sizes])

    def written_of(self, e: Expr) -> str:
        """An expression with the letters of the layers in braces: W{k}*a{k-1}."""
        return self.braced(str(e))

    @property
    def detail(self) -> str:
        """The verdict on all in words."""
        from .render.layers import verdict_lines
        return self.braced("".join(map(str, verdict_lines(self))).removesuffix("."))

    def story(self, detail: str = "normal") -> Story:
        from .render.layers import story
        return story(self, detail)

    def json(self) -> dict[str, object]:
        """The gradients of every layer as data."""
        from .render.layers import data
        return data(self)

    def index(self) -> str:
        from .render.layers import index
        return "".join(f"{line}\n" for line in index(self))

    def written(self, writer: ModuleType) -> str:
        """One function of lists, a list for what each layer has, that computes the value and all gradients."""
        source: str = writer.LIBRARY.of_layers(self)
        return source

    def filed(self, writer: ModuleType) -> str:
        """The function of `written`, and a test."""
        from .render.layers import meant
        asked = self.depth.asked_of
        typed = {n.strip() for text in asked.declare for n in text.split(" in ")[0].split(",")}
        declared = [*asked.declare, *(self.braced(said(v.name, v.shape)) for v in self.problem.variables.values()
                                      if meant(self, v) and self.written_of(v) not in typed)]
        source: str = writer.LIBRARY.file_of_layers(self, declared)
        return source

    def braced(self, text: str) -> str:
        """A text with the letters of the layers in braces."""
        from .render.layer_names import in_braces
        return in_braces(text, self.labels)

    @property
    def said(self) -> str:
        """The verdict on all in a line."""
        return f"{self.verdict.kind.capitalize()} {self.detail}."

    def __repr__(self) -> str:
        return f"<gradients of {self.written_of(self.problem.function)} for every {self.depth.letter}; {self.verdict.kind}>"

