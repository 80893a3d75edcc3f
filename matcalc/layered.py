"""The gradients through as many layers as a letter says: what one layer in the middle gives holds for each, by induction.

The derivative with respect to what a layer takes is made of that with respect to what it gives. A link of the chain is proved with
the derivative above it as a letter, so that it holds whatever lies above; links that are alike but for the numbers of their
names are one claim.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cached_property
from types import ModuleType
from typing import TYPE_CHECKING

from .deriving.derivation import Derivation as Recorded
from .deriving.substitute import substitute
from .deriving.sweep import Link
from .deriving.unfinished import Unfinished
from .gradients import Gradients, Part
from .language.expr import Expr
from .language.shape import InputError
from .reading.depths import NUMBERED, Depth
from .reading.parse import Problem
from .records import Record

if TYPE_CHECKING:
    from .render.story import Story

ENDS = 2        # layers at each end that may be unlike the others
Solve = Callable[[Problem], Recorded]


class Layer(Record):
    """One link that stands for those of the layers from `low` to `high`; of a shared variable it is the share of each layer, and the
    gradient is their sum with what is `beside`."""

    part: Part
    low: int
    high: int
    shared: bool = False
    beside: tuple[Part, ...] = ()


class Layered(Gradients):
    """All gradients asked for, of every number of layers."""

    def __init__(self, found: Gradients, depth: Depth, solve: Solve) -> None:
        super().__init__(found.problem, found.parts, found.together)
        self.sweep, self.solve = found.parts[0].link.sweep, solve
        own = [(depth.number(q.wrt.name), NUMBERED.fullmatch(q.name.name)) for q in self.parts if q.name is not None]
        self.depth = depth._replace(bases=depth.bases | {name[1] for at, name in own if at and name and int(name[2]) == at[1]})
        p = self.problem
        self.names = [*p.variables.values(), *(n for n, _ in p.definitions), *(q.name for q in self.parts if q.name is not None)]
        self.next = self.depth.shifted(self.names)
        self.layers, self.single = self.sorted()

    def sorted(self) -> tuple[list[Layer], list[Part]]:
        """The links that stand for all layers, in the order of the sweep, and those that stand for themselves."""
        by_base: dict[str, dict[int, Part]] = {}
        alone: list[Part] = []
        layers: list[Layer] = []
        for q in self.parts:
            at = self.depth.number(q.wrt.name)
            if q.link.share:
                continue
            if at is not None:
                by_base.setdefault(at[0], {})[at[1]] = q
            elif shares := self.shares(q):
                layers.append(shares)
            else:
                alone.append(q)
        for base, members in by_base.items():
            if len(members) <= 2 * ENDS:
                alone += members.values()
                continue
            middle = self.depth.middle
            low = high = middle
            while high + 1 in members and self.alike(members[high], members[high + 1]):
                high += 1
            while low - 1 in members and self.alike(members[low - 1], members[low]):
                low -= 1
            if low > min(members) + ENDS or high < max(members) - ENDS:
                raise Unfinished(f"the gradients with respect to {base}{{{self.depth.counter}}} are not alike for all layers",
                                 hint=f"give {self.depth.letter} a number")
            layers.append(Layer(self.recorded(members[middle]), low, high))
            alone += (q for k, q in members.items() if not low <= k <= high)
        return layers, list(map(self.recorded, alone))

    def shares(self, q: Part) -> Layer | None:
        """What each layer gives to the gradient with respect to a variable that all of them share."""
        users = {at[1]: u for u in q.link.users if (at := self.depth.number(u.name)) is not None}
        if self.depth.middle not in users or len(users) <= 2 * ENDS or len({self.depth.number(u.name)[0] for u in users.values()}) > 1:  # type: ignore[index]
            return None
        parts = {k: self.answered(Link(self.sweep, q.wrt, None, (u,), False, True)) for k, u in users.items()}
        if not all(self.alike(parts[k], parts[k + 1]) for k in users if k + 1 in users):
            return None
        others = [Link(self.sweep, q.wrt, None, (u,), False, True) for u in q.link.users if u not in users.values()]
        if q.link.direct:
            others.append(Link(self.sweep, q.wrt, None, (), True, True))
        return Layer(parts[self.depth.middle], min(users), max(users), True, tuple(map(self.answered, others)))

    def answered(self, link: Link) -> Part:
        """A link with its derivation."""
        record = self.solve(link.problem)
        return Part(link, record, link.own(record.result), [(n, link.own(body)) for n, body in record.where], link.said(record.verdict))

    def recorded(self, q: Part) -> Part:
        """A link with its derivation, also where it was answered as an earlier one."""
        return q if q.record is not None else q._replace(record=self.answered(q.link).record)

    def alike(self, q: Part, other: Part) -> bool:
        """Whether a link is that of the layer before in the names of this one."""
        (one, names), (two, others) = self.sweep.pattern(q.link), self.sweep.pattern(other.link)
        if one != two or any(n.kind != "size" and self.next.get(n, n) is not m for n, m in zip(names, others, strict=True)):
            return False
        return q.where != [] or other.where != [] or substitute(q.result, dict(zip(names, others, strict=True))) is other.result

    @property
    def least(self) -> int:
        """The least number of layers for which all this is so: where layers at the ends are not like the others, these must be there."""
        least = self.depth.first
        for layer in self.layers:
            base = self.depth.number(layer.part.wrt.name)
            if base is not None:
                numbers = [at[1] for q in self.parts if (at := self.depth.number(q.wrt.name)) is not None and at[0] == base[0]]
                ends = (layer.low - min(numbers)) + (max(numbers) - layer.high)
                least = max(least, self.depth.last - len(numbers) + ends)
        return least

    @cached_property
    def labels(self) -> dict[str, tuple[str, str]]:
        """How the names of the layers are written."""
        sizes = {d for n in self.names for dim in n.dims for d in dim.names}
        return self.depth.labels([*(n.name for n in self.names), *sizes])

    def written_of(self, e: Expr) -> str:
        """An expression with the letters of the layers in braces: W{k}*a{k-1}."""
        def labelled(found: re.Match[str]) -> str:
            at = self.labels.get(found[0])
            return found[0] if at is None else f"{at[0]}{{{at[1]}}}"
        return re.sub(r"[A-Za-z_]\w*", labelled, str(e))

    def place(self, k: int) -> str:
        """A number of a layer: that of the last ones in the letter."""
        return str(k) if k < self.depth.middle else self.depth.letter + (f"-{self.depth.last - k}" if k < self.depth.last else "")

    @property
    def detail(self) -> str:
        """The verdict on all in words."""
        from .render.layers import told
        return "".join(map(str, told(self))).removesuffix(".")

    def story(self, detail: str = "normal") -> Story:
        from .render.layers import story
        return story(self, detail)

    def json(self) -> dict[str, object]:
        """The gradients of every layer as data."""
        from .render.layers import data
        return data(self)

    def index(self) -> str:
        raise self.needs_a_number("index notation needs")

    def written(self, writer: ModuleType) -> str:
        raise self.needs_a_number("code needs")

    def filed(self, writer: ModuleType) -> str:
        raise self.needs_a_number("code needs")

    def needs_a_number(self, what: str) -> InputError:
        """What is said where the number of layers must be known."""
        d = self.depth
        return InputError(f"{what} a number of layers, not {d.letter}", hint=f"for {d.counter} = {d.first}..{d.first + 2}")

    def __repr__(self) -> str:
        return f"<gradients of {self.written_of(self.problem.function)} for every {self.depth.letter}; {self.verdict.kind}>"


def generalised(found: Gradients, solve: Solve) -> Layered:
    """Gradients of an instance, said of every number of layers."""
    assert found.problem.depth is not None
    return Layered(found, found.problem.depth, solve)

