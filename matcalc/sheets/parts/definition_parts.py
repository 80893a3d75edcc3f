"""What the definitions of a sheet are made of, looked for once. Each definition stands behind those that it uses."""

from __future__ import annotations

from functools import lru_cache
from heapq import heapify, heappop, heappush
from collections.abc import Iterable, Mapping, Sequence

from ...language.shape import InputError
from ...reading.parse import Problem, problem
from ...patterns import pattern
from .formula import formula

Definition = tuple[str, str, int]       # a name, what it stands for, and its line
INDEX = "(?:[a-z]{1,2}|[i-n]{3}|[0-9]+)"
ENTRY = pattern(rf"([^\W_]+)_{INDEX}(?:_{INDEX})?")
Losses = tuple[tuple[str, tuple[str, ...]], ...]


def as_text(define: Iterable[Definition]) -> list[str]:
    """Definitions as the language writes them."""
    return [f"{name} = {body}" for name, body, _ in define]


def equation(declare: Sequence[str], define: Sequence[str], left: str, right: str, assume: Sequence[str] = (),
             losses: Mapping[str, Sequence[str]] | None = None) -> Problem | None:
    """An equation under what is said; None where it cannot be read, or its sizes do not fit."""
    return _equation(tuple(declare), tuple(define), left, right, tuple(assume), _frozen(losses))


@lru_cache(512)         # each reading of a sheet tries the same repairs of a line again
def _equation(declare: tuple[str, ...], define: tuple[str, ...], left: str, right: str, assume: tuple[str, ...],
              losses: Losses | None) -> Problem | None:
    try:
        p = _asked(declare, define, assume, losses, (("prove", f"{left} == {right}"),))
    except InputError:
        return None
    return p if p.prove is not None else None


def asked(declare: Sequence[str], define: Sequence[str], assume: Sequence[str], losses: Mapping[str, Sequence[str]] | None,
          **texts: str) -> Problem:
    """What is asked under what is said; InputError where it cannot be read."""
    given = tuple(declare), tuple(define), tuple(assume), _frozen(losses), tuple(texts.items())
    p = _asked(*given)
    return p if p.ill_shaped is None else _asked.__wrapped__(*given)      # an error is told with the line that it is in


@lru_cache(512)
def _asked(declare: tuple[str, ...], define: tuple[str, ...], assume: tuple[str, ...], losses: Losses | None,
           texts: tuple[tuple[str, str], ...]) -> Problem:
    return problem(declare, define, assume, losses=None if losses is None else dict(losses), **dict(texts))  # type: ignore[arg-type]


def _frozen(losses: Mapping[str, Sequence[str]] | None) -> Losses | None:
    return None if losses is None else tuple((name, tuple(of)) for name, of in losses.items())


def ordered(define: list[Definition]) -> list[Definition]:
    """Definitions, each below those it uses; else as they are. One of a circle stands where it is."""
    names = {d[0] for d in define}
    uses = [set(names_in(body) & (names - {name})) for name, body, _ in define]
    users: dict[str, list[int]] = {}
    for i, used in enumerate(uses):
        for name in used:
            users.setdefault(name, []).append(i)
    ready, waiting = [i for i, used in enumerate(uses) if not used], dict.fromkeys(range(len(define)))
    heapify(ready)
    out: list[Definition] = []
    while waiting:
        i = heappop(ready) if ready else next(iter(waiting))
        if i not in waiting:
            continue
        del waiting[i]
        out.append(define[i])
        for user in users.pop(define[i][0], ()):
            uses[user].discard(define[i][0])
            if not uses[user]:
                heappush(ready, user)
    return out


def names_in(text: str) -> frozenset[str]:
    """The names in a text, and p of an entry p_i.

    >>> sorted(names_in("o.*h_prev + p_i - A_1_2"))
    ['A', 'A_1_2', 'h_prev', 'o', 'p', 'p_i']
    """
    found = formula(text).names
    return frozenset([*found, *(m[1] for m in map(ENTRY.fullmatch, found) if m is not None)])


class DefinitionParts:
    """For each definition the names in it, and all names that it depends on, directly or through other definitions."""

    def __init__(self, define: Sequence[Definition], losses: Mapping[str, tuple[str, ...]]) -> None:
        self.define, self.losses = define, losses
        self.bodies: dict[str, frozenset[str]] = {n: names_in(b) for n, b, _ in define}
        self.texts = {n: b for n, b, _ in define}
        self.bodies |= {n: frozenset(of) for n, of in losses.items()}
        self._below: dict[str, frozenset[str]] = {}

    def below(self, name: str) -> frozenset[str]:
        """Every word that a name is made of; in a circle of definitions all its names are made of each other.

        >>> parts = DefinitionParts([("a", "b", 1), ("b", "a*c", 2)], {})
        >>> sorted(parts.below("a")), sorted(parts.below("b"))
        (['a', 'b', 'c'], ['a', 'b', 'c'])
        """
        if not self._below:
            for n in self.bodies:           # mostly what others are made of comes first
                self._below[n] = self._closure(n)
        return self._below.get(name, frozenset())

    def _closure(self, name: str) -> frozenset[str]:
        out, left = set[str](), [*self.bodies[name]]
        while left:
            word = left.pop()
            if word not in out:
                out.add(word)
                known = self._below.get(word)
                left += self.bodies.get(word, ()) if known is None else ()
                out |= known or frozenset()
        return frozenset(out)

    def of(self, words: Iterable[str]) -> set[str]:
        """These words and all that they are made of."""
        out = set(words)
        return out.union(*(self.below(w) for w in out if w in self.bodies))
