"""Points that satisfy what is assumed, kept: the questions about the lines of one sheet begin at the same points."""

from __future__ import annotations

from copy import deepcopy
from random import Random
from struct import pack, unpack
from typing import Any

from ...language.expr import Name
from ...records import Record
from . import constrained
from .jets import NO_VALUE, Flat
from .point import Point
from .ring import Ring

MOST = 256
State = tuple[int, bytes, float | None]


class Solved(Record):
    """What was drawn and solved for, or why there is nothing; what the ring met on the way, and from where it draws further."""

    values: dict[Name, Any]
    directions: dict[tuple[Name, int], Flat]
    scalars: int
    met: dict[str, Any]
    state: State
    failed: tuple[type[Exception], tuple[Any, ...]] | None


KEPT: dict[tuple[Any, ...], Solved] = {}


def impose(point: Point, equations: list[constrained.Equation], way: int = 0) -> None:
    """As `constrained.impose`, at a point of which nothing is drawn yet: all that it depends on is in the key."""
    ring = point.ring
    if not ring.solved_once:
        constrained.impose(point, equations, way)
        return
    key = (type(ring), repr(_met(ring)), _state(ring.random), point.style, point.number, way, point.constants,
           *point.sizes.items(), *point.bodies.items(), *equations)
    found = KEPT.get(key)
    if found is None:
        failed = None
        try:
            constrained.impose(point, equations, way)
        except NO_VALUE as e:
            failed = type(e), e.args
        if len(KEPT) >= MOST:
            KEPT.clear()
        found = KEPT[key] = Solved({**point.values}, {**point.directions}, point.scalars, deepcopy(_met(ring)), _state(ring.random), failed)
    point.values, point.directions, point.scalars = {**found.values}, {**found.directions}, found.scalars
    vars(ring).update(deepcopy(found.met))
    version, numbers, more = found.state
    ring.random.setstate((version, unpack(f"{len(numbers) // 4}I", numbers), more))
    if found.failed is not None:
        kind, about = found.failed
        raise kind(*about)


def _met(ring: Ring) -> dict[str, Any]:
    """What a ring has met so far."""
    return {key: value for key, value in vars(ring).items() if key not in ("random", "deadline")}


def _state(random: Random) -> State:
    """From where random numbers are drawn further, in few bytes."""
    version, numbers, more = random.getstate()
    return version, pack(f"{len(numbers)}I", *numbers), more
