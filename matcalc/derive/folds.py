"""What the definitions stand for, with their names: whole expressions, and products found inside longer ones."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ..language.expr import SCALAR, Apply, Expr, Name, Number, T
from ..rules.rule import parts


class Folds(dict[Expr, Name]):
    """Names by what they stand for; products can be found by a factor, so that many definitions cost no more than few."""

    def __init__(self, found: Iterable[tuple[Expr, Name]] = ()) -> None:
        super().__init__()
        self.by_factor: dict[Expr, list[tuple[int, Apply]]] = {}
        for body, name in found:
            self.add(body, name)

    def add(self, body: Expr, name: Name) -> None:
        """One more; of two names for the same the later one counts."""
        new = body not in self
        self[body] = name
        if new and isinstance(body, Apply) and body.head == "*":
            for factor in _ends(body):
                self.by_factor.setdefault(factor, []).append((len(self), body))

    def products(self, factors: Iterable[Expr]) -> Iterator[tuple[Apply, Name]]:
        """Those that may stand in a product of these factors, the first ones first."""
        met = {number: body for f in factors for number, body in self.by_factor.get(f, ())}
        for number in sorted(met):
            yield met[number], self[met[number]]


def _ends(body: Apply) -> set[Expr]:
    """The factors by which a product is found: its first one, or its last one transposed."""
    if body.shape == SCALAR:
        return {next(a for a in body.args if not isinstance(a, Number))}
    chain = parts(body)[1]
    return {chain[0], T(chain[-1])}
