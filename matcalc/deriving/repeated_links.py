"""Links of a chain that repeat earlier ones in other letters: repeated layers are derived and judged once."""

from __future__ import annotations

from typing import Any

from ..language.expr import Expr, Name
from .substitute import substitute
from .sweep import Link


class Layers:
    """The links answered so far, whatever their letters are called."""

    def __init__(self) -> None:
        self.answers: dict[Any, tuple[int, Expr, Any, tuple[Name, ...]]] = {}

    def keep(self, number: int, link: Link, result: Expr, verdict: Any) -> None:
        """An answer, in the names of the link, that holds in other letters as well; not one whose verdict is about a point."""
        if verdict.kind in ("proved", "checked"):
            key, names = link.sweep.pattern(link)
            self.answers.setdefault(key, (number, result, verdict, names))

    def known(self, link: Link) -> tuple[int, Expr, Any] | None:
        """The number of the link that this one repeats, the answer and the verdict in the letters of this one."""
        key, names = link.sweep.pattern(link)
        found = self.answers.get(key)
        if found is None:
            return None
        number, result, verdict, first = found
        own: dict[Expr, Expr] = dict(zip(first, names, strict=True))
        memo: dict[Expr, Expr] = {}
        if verdict.needs:
            verdict = verdict._replace(needs=tuple(c._replace(of=substitute(c.of, own, memo)) for c in verdict.needs))
        return number, substitute(result, own, memo), verdict
