"""Derivatives by a name that is made of others, of a function that a line has written with it: by M of tr(M*C), where M = L'*L."""

from __future__ import annotations

from collections.abc import Set

from ...language.traversal import reachable
from ...reading.inference.statements import said
from ..parts.definition_parts import ordered
from ..parts.formula import formula, inverted, undeclared
from .setting import Setting


def written_with(s: Setting, f: str, x: str, text: str) -> Setting | None:
    """The setting in which x varies by itself and f is what a line says with it, where nothing else there, nor in this text, depends on
    what x is made of; of x = inv(S) that is S = inv(x)."""
    if x not in s.bodies:
        return None
    base = s.below(s.bodies[x])
    of = inverted(s.bodies[x])
    sides = [side for side in _sides(s, f) if x in formula(side).names and base.isdisjoint(_apart(s, side, {x}))]
    shown = next((side for side in sides if s.proved(f, side)), "")
    if not shown or x not in s.shapes or not (of and base == {of} or base.isdisjoint(_apart(s, text, {f, x}))):
        return None
    word = " symmetric" if s.is_square(x) and s.proved(x, f"{x}'") else ""
    define = [entry for entry in s.define if entry[0] not in (f, x)]
    more = [(f, shown, 0), *([(of, f"inv({x})", 0)] if of and base == {of} else [])]
    declare = undeclared(list(s.declare), {x, of} if more[1:] else {x})
    return s.but(declare=[*declare, said(x, s.shapes[x]) + word], define=ordered([*define, *more]))


def _sides(s: Setting, f: str) -> list[str]:
    """What the lines of a sheet say that f is."""
    out, head = list[str](), ""
    for r in s.sheet.rows:
        head = head if r.left is None else r.left or r.defines
        out += [r.right] if head == f and r.why is None else []
    return out


def _apart(s: Setting, text: str, but: Set[str]) -> set[str]:
    """The names that a text is made of, but through some."""
    return set(reachable(formula(text).names - but, lambda n: formula(s.bodies.get(n, "")).names - but))
