"""The parts of a sweep: links with their answers, and layers that stand for many."""

from __future__ import annotations

from ..deriving.derivation import Derivation
from ..deriving.sweep import Link
from ..language.expr import Expr, Name
from ..records import Record
from .verdict_words import WordedVerdict


class Part(Record):
    """One gradient: the link of the chain, its derivation, the gradient with the names it needs, the verdict. A link that is an
    earlier one in other letters is `like` that one, and has no derivation of its own."""

    link: Link
    record: Derivation | None
    result: Expr
    where: list[tuple[Name, Expr]]
    verdict: WordedVerdict
    like: int = -1

    @property
    def wrt(self) -> Name:
        """The variable, or the name on the way."""
        return self.link.wrt

    @property
    def name(self) -> Name | None:
        """What the gradient is called, where it is with respect to a name on the way."""
        return self.link.name


class Layer(Record):
    """One link that stands for the layers from `low` to `high`, if there are at least `least` layers."""

    part: Part
    low: int
    high: int
    least: int


class Shared(Record):
    """A variable that all layers share: what each layer contributes, for each name that uses it, and what else there is."""

    wrt: Name
    layers: tuple[Layer, ...]
    beside: tuple[Part, ...]
