"""Sizes at which every selected entry exists: x(3) asks for three rows, A[i,j] for an i that is not a row too far."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import product

from ..language.expr import ONE, Dim, Expr, Name, at_most
from ..language.recognition import selection

Sizes = dict[str, int]
Limits = list[tuple[Dim, Dim]]
MOST = 9


def limits(nodes: Iterable[Expr]) -> Limits:
    """The last entry that is selected and how many there are, where that depends on the sizes."""
    found = {}
    for e in nodes:
        if (place := selection(e)) is not None:
            last = place[0] + place[1] - ONE
            if not at_most(last, e.shape[0]):
                found[last, e.shape[0]] = None
    return list(found)


def indices(nodes: Iterable[Expr]) -> list[str]:
    """The names that only say which entry is meant."""
    sizes: set[str] = set()
    asked: dict[str, None] = {}
    for e in nodes:
        sizes.update(n for d in e.shape for n in d.names)
        if type(e) is Name:
            sizes.update(n for d in e.dims for n in d.names)
        elif (place := selection(e)) is not None:
            asked.update(dict.fromkeys(sorted(place[0].names)))
    return [n for n in asked if n not in sizes]


def fitting(sizes: Sizes, limits: Limits) -> Sizes:
    """The sizes, or near ones: an index is taken round, what is indexed made longer."""
    out = dict(sizes)
    for _ in range(4 * len(limits) + 1):
        over = next(((last, n) for last, n in limits if last.value(out) > n.value(out)), None)
        if over is None:
            break
        last, n = over
        name = min(last.names - n.names, default=None)
        room = n.value(out) - last.value({**out, name: 0}) if name is not None else 0
        if name is not None and room > 0:
            out[name] = 1 + out[name] % room
        elif n.names:
            out[min(n.names)] += last.value(out) - n.value(out)
        elif name is not None:
            out[name] = 1
    return out


def choices(sizes: Mapping[str, int], names: list[str], limits: Limits) -> Iterator[Sizes]:
    """The sizes with every choice of the indices, or with some of many: each alike, each another."""
    top = max((last.number or 0 for last, _ in limits), default=0)
    top = max(top, min((n.value(sizes) for last, n in limits if last.names & set(names)), default=1))
    every = list(product(range(1, top + 1), repeat=len(names)))
    alike = [t for t in every if len(set(t)) == 1]
    other = [t for t in every if len(set(t)) > 1]
    few = max(1, -(-len(other) // (MOST - min(len(alike), MOST - 1))))
    for values in (*alike, *other[::few]):
        yield fitting({**sizes, **dict(zip(names, values, strict=True))}, limits)


def chosen(plans: list[list[Sizes]], names: list[str], limits: Limits) -> list[list[Sizes]]:
    """Lists of sizes, with every selected entry there, and behind them every choice of the indices."""
    start = fitting({**plans[0][0], **dict.fromkeys(names, 1)}, limits)
    more = [[sizes] for sizes in choices(start, names, limits)] if names else []
    return [[fitting({**sizes, **dict.fromkeys(names, 2)}, limits) for sizes in plan] for plan in plans] + more
