"""Families of statements whose members alternate, as loops: z1, a1, z2, a2, ... is one loop over k with two statements."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Generic, TypeVar

from ..language.shape import InputError

T = TypeVar("T")


class Member(Generic[T]):
    """A statement: of which family it is and its number there, or of none; and what is stated."""

    def __init__(self, family: str, number: int, item: T) -> None:
        self.family, self.number, self.item = family, number, item


class Loop(Generic[T]):
    """What a loop runs over, and in each round the families, each with how far its numbers are from the loop's."""

    def __init__(self, numbers: range, rounds: Sequence[tuple[str, int]], members: dict[tuple[str, int], Member[T]]) -> None:
        self.numbers, self.rounds, self.members = numbers, rounds, members

    def order(self) -> list[Member[T]]:
        """The members in the order the loop comes to them."""
        at = [(family, k + far) for k in self.numbers for family, far in self.rounds]
        return [self.members[key] for key in at if key in self.members]


def loops(members: Sequence[Member[T]], middle: int, step: int) -> list[Member[T] | Loop[T]]:
    """The statements in their order, those of families in loops; InputError where they do not take turns.

    >>> def z(k): return Member("z", k, f"z{k}")
    >>> def a(k): return Member("a", k, f"a{k}")
    >>> found = loops([Member("", 0, "x"), z(1), a(1), z(2), a(2), z(3), a(3)], 2, 1)
    >>> found[0].item, found[1].numbers, found[1].rounds
    ('x', range(1, 4), [('z', 0), ('a', 0)])
    """
    out: list[Member[T] | Loop[T]] = []
    k = 0
    while k < len(members):
        if not members[k].family:
            out.append(members[k])
            k += 1
            continue
        loop = opened(members[k:], middle, step)
        if loop is None:
            raise InputError("code for a symbolic number of layers needs families that alternate layer by layer",
                             hint="give the number of layers as a number")
        out.append(loop)
        k += len(loop.members)
    return out


def opened(members: Sequence[Member[T]], middle: int, step: int) -> Loop[T] | None:
    """The loop that begins here; nothing where these take no turns."""
    first = members[0].family
    at = next((k for k, m in enumerate(members) if (m.family, m.number) == (first, middle)), None)
    if at is None:
        return None
    end = next((k for k in range(at + 1, len(members)) if members[k].family in (first, "")), len(members))
    rounds = [(m.family, m.number - middle) for m in members[at:end]]
    far = dict(rounds)
    stop = next((k for k, m in enumerate(members) if m.family not in far), len(members))
    numbers = [m.number - far[m.family] for m in members[:stop]]
    span = range(min(numbers), max(numbers) + 1) if step > 0 else range(max(numbers), min(numbers) - 1, -1)
    loop = Loop(span, rounds, {(m.family, m.number): m for m in members[:stop]})
    return loop if loop.order() == list(members[:stop]) else None
