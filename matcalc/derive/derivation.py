"""What a derivation is: the problem, what was recorded of its steps, and the derivative read off."""

from __future__ import annotations

from typing import Any

from ..language.expr import Apply, Expr, Name
from .lines import differential_lines, tidying_lines
from .record import Step, Trace
from .unfinished import Unfinished


class Derivation:
    """A problem, its steps, and the derivative read off."""

    def __init__(self, problem: Any, f: Expr, plain: Expr, before: Trace | None, engine: Any, coefficient: Expr, raw: Expr,
                 after: Trace | None, tidied: Expr, result: Expr, where: list[tuple[Name, Expr]], reading: str, layout: str,
                 earlier: Derivation | None = None) -> None:
        self.problem, self.f, self.plain, self.before, self.engine = problem, f, plain, before, engine
        self.coefficient, self.raw, self.after, self.tidied = coefficient, raw, after, tidied
        self.result, self.where, self.reading, self.layout, self.earlier = result, where, reading, layout, earlier
        self.adjoints: list[tuple[Name, Expr]] = engine.adjoints
        self.verdict: Any = None
        self.first: list[Step] = []  # from f as typed to f as built, where there are any
        self._steps: list[Step] | None = None

    @property
    def shape(self) -> tuple[str, str]:
        """The shape of the result, as text."""
        return (str(self.result.shape[0]), str(self.result.shape[1]))

    @property
    def notes(self) -> list[str]:
        """Where the result does not hold, or by what convention it does."""
        heads: set[str] = set()
        _heads(self.f, heads)
        for _, body in self.problem.definitions:
            _heads(body, heads)
        out = []
        if heads & {"abs", "relu", "norm1", "sign"}:
            out.append("abs, relu and norm1 have a kink at 0: sign(0) = 0 is used, so relu has slope 1/2 there")
        if heads & {"norm2"}:
            out.append("a norm has no derivative where it is 0")
        if heads & {"det", "adj"}:
            result: set[str] = set()
            _heads(self.result, result)
            if "inv" in result:
                out.append("written with inv, so for an invertible argument; where it is singular, det(X)*inv(X) is adj(X)")
        return out

    @property
    def count(self) -> int:
        """How many steps were taken."""
        return len(self.steps)

    @property
    def steps(self) -> list[Step]:
        """The steps as whole lines; each begins where the one before ended."""
        if self._steps is None:
            self._steps = [*(self.earlier.steps if self.earlier else ()), *self.first, *tidying_lines(self.f, self.before),
                           *differential_lines(self.engine), *tidying_lines(self.raw, self.after)]
        return self._steps


def _heads(e: Expr, out: set[str]) -> None:
    if isinstance(e, Apply):
        out.add(e.head)
        for a in e.args:
            _heads(a, out)


__all__ = ["Derivation", "Step", "Unfinished"]
