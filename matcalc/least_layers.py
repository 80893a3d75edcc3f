"""From how many layers on the gradients of a symbolic number hold: the same question, asked of few layers.

A link is what its pattern says, the letters numbered. Links of one pattern have one derivative, so where as many layers as are taken to
stand for all have the links of fewer ones, in the names of these, nothing need be derived again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Protocol, TypeVar

from .deriving.intermediates import with_intermediates
from .deriving.natural_order import ByNumber
from .deriving.sweep import Link, Sweep
from .deriving.unfinished import Unfinished
from .language.expr import Name
from .language.shape import InputError
from .reading.problems.layer_counts import FAR
from .reading.parse import with_layers
from .render import layers
from .render.sweep_parts import Layer, Part, Shared

T = TypeVar("T")
Known = list[tuple[str, tuple[Part, int]]]      # names, and the link that is said of each, with how many layers away it is


class Layered(layers.Layered, Protocol):
    """The gradients of as many layers as stand for all."""

    sweep: Sweep
    names: list[Name]
    order: ByNumber

    def by_layer(self, pairs: Iterable[tuple[Name, T]]) -> list[tuple[str, dict[int, T]]]: ...
    def unlike(self, what: str) -> Unfinished: ...


def least(found: Layered) -> int:
    """The least number of layers from which on all this is so."""
    if not steady(found):
        raise found.unlike("the ways to the variables")
    first = every_name(found)
    past = first + 2*(FAR + 1)
    out = next((k for k in range(past, first - 1, -1) if not Few(found, k).alike()), first - 1) + 1
    if out > past:
        raise found.unlike("the derivatives of few layers and of many")
    return out


def every_name(found: Layered) -> int:
    """The least number of layers for which every name is there, those written by number and those counted back from the last one."""
    d, out = found.depth, [found.depth.first]
    for base, members in found.by_layer((n, n) for n in found.names):
        if d.middle in members:
            out += [k - max(members) + d.last for b, k in d.written if b == base]
            out += [far + min(members) for b, far in d.back if b == base]
    return max(out)


def steady(found: Layered) -> bool:
    """Whether in the middle all layers move with the variables, or none, and f stands on all, or on none.

    A layer takes from at most `FAR` before it: what is so of more than that many in turn is so of every one up to the other end."""
    d = found.depth
    inner = range(d.first + FAR + 1, d.last - FAR)
    members = [m for base, m in found.by_layer((n, n) for n in found.sweep.bodies) if base and d.middle in m]
    return all(len({m[k] in known for k in inner if k in m}) == 1 for m in members for known in (found.sweep.live, found.sweep.below))


class Few:
    """The same question with another last layer."""

    def __init__(self, found: Layered, last: int) -> None:
        self.found, self.many, self.last = found, found.depth, last

    def alike(self) -> bool:
        """Whether the links are the same: those of the layers, those at the ends, and no others."""
        found = self.found
        found.problem.deadline.check()
        try:
            self.sweep = Sweep(with_intermediates(with_layers(self.many._replace(more=self.last - self.many.first))))
        except InputError:
            return False
        shared = {s.wrt.name: s for s in found.shared}
        links = {link.wrt.name: link for link in self.sweep.links() if not link.share}
        alone = [(name, link) for name, link in links.items() if name not in shared]
        known = [*self.spread(found.layers, lambda q: q.wrt), *((self.here(q.wrt.name), (q, 0)) for q in found.single)]
        return shared.keys() <= links.keys() and self.same(alone, known) and all(self.summed(links[n], s) for n, s in shared.items())

    def summed(self, link: Link, s: Shared) -> bool:
        """Whether the layers, and what there is beside them, are what the gradient of a variable that all share is the sum of."""
        own = [(link.wrt.name, Link(self.sweep, link.wrt, None, (), True, True))] if link.direct else []
        shares = [(u.name, Link(self.sweep, link.wrt, None, (u,), False, True)) for u in link.users]
        beside = [(self.here(u.name), (q, 0)) for q in s.beside for u in q.link.users or (q.wrt,)]
        return self.same([*own, *shares], [*self.spread(s.layers, lambda q: q.link.users[0]), *beside])

    def here(self, name: str, by: int = 0) -> str:
        """A name of another layer, or counted back from another last one."""
        base, at = self.many.number(name) or (name, None)
        if at is None:
            return name
        far = self.last - self.many.last if at > self.many.middle + FAR else by if at >= self.many.middle - FAR else 0
        return f"{base}{at + far}"

    def spread(self, layers: Iterable[Layer], named: Callable[[Part], Name]) -> Known:
        """Each layer for itself."""
        return [(self.here(named(a.part).name, k - self.many.middle), (a.part, k - self.many.middle)) for a in layers
                for k in range(a.low, a.high - self.many.last + self.last + 1)]

    def same(self, links: Iterable[tuple[str, Link]], known: Known) -> bool:
        """Whether these links are the known ones in the names of here, each once."""
        left = dict(known)
        if len(left) < len(known):
            return False
        for name, link in links:
            q, by = left.pop(name, (None, 0))
            if q is None or not self.one(link, q, by):
                return False
            word = self.found.sweep.words.get(q.name) if q.name is not None else None
            if word is not None and link.name is not None:
                self.sweep.words[link.name] = Name(link.name.name, link.name.shape, word.words)
        return not left

    def one(self, link: Link, q: Part, by: int) -> bool:
        """Whether a link is a known one in the names of here."""
        order = self.found.order
        (asked, names), (here, others) = self.found.sweep.pattern(q.link, order), self.sweep.pattern(link, order)
        return asked == here and all(n.kind == "size" or self.here(n.name, by) == m.name for n, m in zip(names, others, strict=True))
