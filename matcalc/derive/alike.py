"""Problems that are the same but for the names of their letters: repeated layers are judged once."""

from __future__ import annotations

from collections.abc import Iterable

from ..language.expr import Apply, Expr, Name
from .substitute import substitute

Key = tuple[Expr, ...]


def letters(parts: Iterable[Expr]) -> dict[Expr, Expr]:
    """Each name in the parts, in the order they are met, and a numbered letter of its shape and words for it."""
    found: dict[Expr, Expr] = {}
    seen: set[Expr] = set()
    stack = list(parts)[::-1]
    while stack:
        e = stack.pop()
        if e in seen:
            continue
        seen.add(e)
        if type(e) is Name and e.kind == "variable":
            found[e] = Name(f"_{len(found)}", e.shape, e.words)
        elif type(e) is Apply:
            stack.extend(reversed(e.args))
    return found


def renamed(parts: Iterable[Expr], swap: dict[Expr, Expr]) -> Key:
    """The parts, as they stand, in other letters."""
    memo: dict[Expr, Expr] = {}
    return tuple(substitute(e, swap, memo, True) for e in parts)
