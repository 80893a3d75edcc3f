"""Problems that are earlier ones in other letters: repeated layers are answered and judged once."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ..language.expr import Apply, Expr, Name
from ..reading.parse import Problem
from .derivation import Derivation
from .substitute import substitute

Key = tuple[Any, ...]


class Layers:
    """The problems answered so far, whatever their letters are called."""

    def __init__(self) -> None:
        self.answers: dict[Key, tuple[int, Derivation, dict[Expr, Expr]]] = {}

    def keep(self, number: int, d: Derivation) -> None:
        """An answer that holds in other letters as well; not one that names parts, or whose verdict is about a point."""
        if not d.where and d.verdict.kind in ("proved", "checked"):
            key, swap = asked(d.problem)
            self.answers.setdefault(key, (number, d, {letter: name for name, letter in swap.items()}))

    def known(self, p: Problem) -> tuple[int, Expr, Any] | None:
        """The number of the problem that this one repeats, the answer and the verdict in the letters of this one."""
        key, swap = asked(p)
        found = self.answers.get(key)
        if found is None:
            return None
        number, d, first = found
        own = {first[letter]: name for name, letter in swap.items()}
        memo: dict[Expr, Expr] = {}
        needs = tuple(c._replace(of=substitute(c.of, own, memo)) for c in d.verdict.needs)
        return number, substitute(d.result, own, memo), d.verdict._replace(needs=needs)


def asked(p: Problem) -> tuple[Key, dict[Expr, Expr]]:
    """A problem in numbered letters, as it stands and as it was typed, and the letter for each name."""
    typed = p.as_typed()
    parts = [e for q in (p, typed) for e in (q.wrt, q.f, *(x for pair in (*q.definitions, *q.assumptions) for x in pair)) if e is not None]
    swap = letters(parts)
    memo: dict[Expr, Expr] = {}
    return (p.layout, p.structured, p.expand, *(substitute(e, swap, memo, True) for e in parts)), swap


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
