"""What the laws of atoms share: the factors left over, and a monomial as a pattern."""

from __future__ import annotations

from .monomial import Factor, Head, Monomial, Present
from .normalform import frozen
from .heads import Bound, plain

FAR = 1000


def rest_of(present: Present, used: Present) -> list[Factor]:
    """The factors not used up."""
    out: list[Factor] = []
    for key, e in present.items():
        e = plain(e - used.get(key, 0))
        if e:
            out.append((*key, e))
    return out


def without(bound: Bound, gone: set[int]) -> Bound:
    return {a: d for a, d in bound.items() if a not in gone}


def whole_at(present: Present, used: Present, index: int) -> bool:
    """Whether every factor at the index is used up."""
    return all(used.get(key) == e for key, e in present.items() if index in key[1])


def pattern(m: Monomial) -> tuple[list[Factor], frozenset[int]]:
    """A monomial of a template as a pattern; its bound indices are exclusive."""
    out: list[Factor] = []
    base = FAR
    names: set[int] = set()
    for c in m[1]:
        top = 0
        for h, args, e in c:
            out.append((h, tuple([a + base if a >= 0 else a for a in args]), e))
            top = max([top, *[a + 1 for a in args]])
            names.update(a + base for a in args if a >= 0)
        base += top
    out.extend(m[0])
    return out, frozenset(names)


def frozen_name(head: Head) -> object:
    """The name under which `templated` knows the atom."""
    assert head.template is not None
    return (head.extra, frozen(head.template))
