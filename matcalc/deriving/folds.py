"""What the definitions stand for, with their names: whole expressions, and products found inside longer ones."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ..language.expr import SCALAR, Apply, Expr, Name, Number, T, neg, power
from ..rules.rule import parts
from .factor import exponent


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
            for factor in (g for f in _ends(body) for g in (f, *(h for (h,) in opposite([f])))):
                self.by_factor.setdefault(factor, []).append((len(self), body))

    def products(self, factors: Iterable[Expr]) -> Iterator[tuple[Apply, Name]]:
        """Those that may stand in a product of these factors, the first ones first."""
        met = {number: body for f in factors for number, body in self.by_factor.get(_base(f), ())}
        for number in sorted(met):
            yield met[number], self[met[number]]


def opposite(piece: list[Expr]) -> list[list[Expr]]:
    """The same factors with a minus in one of them that is a sum: a - x for x - a."""
    return [[*piece[:i], neg(f), *piece[i + 1:]] for i, f in enumerate(piece) if isinstance(f, Apply) and f.head == "+"]


def without(scalars: Iterable[Expr], taken: Iterable[Expr]) -> list[Expr] | None:
    """Scalar factors less some of them, of a power as much as is asked for; None where one is missing."""
    rest = list(scalars)
    for t in taken:
        base, k = exponent(t, "^")
        for i, s in enumerate(rest):
            own, j = exponent(s, "^")
            if own is base and j * k > 0 and abs(j) >= abs(k):
                rest[i:i + 1] = [power(base, Number(j - k))] if j != k else []
                break
        else:
            return None
    return rest


def _base(f: Expr) -> Expr:
    """What a scalar is a power of."""
    return exponent(f, "^")[0] if f.shape == SCALAR else f


def _ends(body: Apply) -> set[Expr]:
    """The factors by which a product is found: its first one, or its last one transposed."""
    if body.shape == SCALAR:
        return {_base(next(a for a in body.args if not isinstance(a, Number)))}
    chain = parts(body)[1]
    return {chain[0], T(chain[-1])}
