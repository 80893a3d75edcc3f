"""What a derivation is: data only. Steps hold surface expressions; whole lines are made from them on demand."""

from __future__ import annotations

from typing import Any, NamedTuple

from ..language.expr import Expr, Name


class Step(NamedTuple):
    """A rule at a place: whole lines before and after, the part rewritten, and the rule's own two sides there."""

    rule: str
    see: str
    where: dict[str, Expr]
    at: tuple[int, ...]
    before: Expr
    after: Expr
    local: tuple[Expr, Expr]
    instance: tuple[Expr, Expr] | None = None


class Unfinished(Exception):
    """The engine stopped: what is missing, and the steps so far. Never a silent zero."""

    kind = "Unfinished"

    def __init__(self, why: str, hint: str | None = None) -> None:
        super().__init__(why)
        self.why = self.message = why
        self.hint = hint
        self.line: int | None = None
        self.column: int | None = None
        self.steps: list[Any] = []

    def __str__(self) -> str:
        return self.why + (f"\n  hint: {self.hint}" if self.hint else "")


class Derivation:
    """A problem, its steps, and the derivative read off."""

    def __init__(self, problem: Any, f: Expr, plain: Expr, before: list[Any], engine: Any, coefficient: Expr, raw: Expr,
                 after: list[Any], tidied: Expr, result: Expr, where: list[tuple[Name, Expr]], reading: str, layout: str,
                 earlier: Derivation | None = None) -> None:
        self.problem, self.f, self.plain, self.before, self.engine = problem, f, plain, before, engine
        self.coefficient, self.raw, self.after, self.tidied = coefficient, raw, after, tidied
        self.result, self.where, self.reading, self.layout, self.earlier = result, where, reading, layout, earlier
        self.adjoints: list[tuple[Name, Expr]] = engine.adjoints
        self.verdict: Any = None
        self._steps: list[Step] | None = None

    @property
    def shape(self) -> tuple[str, str]:
        """The shape of the result, as text."""
        return (str(self.result.shape[0]), str(self.result.shape[1]))

    @property
    def count(self) -> int:
        """How many steps were taken."""
        return len(self.steps)

    @property
    def steps(self) -> list[Step]:
        """The steps as whole lines; each begins where the one before ended."""
        if self._steps is None:
            from .lines import whole_steps
            self._steps = whole_steps(self)
        return self._steps

