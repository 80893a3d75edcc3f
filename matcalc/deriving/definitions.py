"""What the definitions stand for, with their names: whole expressions, and products found inside longer ones."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fractions import Fraction

from ..language.expr import SCALAR, Apply, Expr, Name, Number, Rational, T, apply, had, neg, power
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
        met = {number: body for f in factors for g in _within(f) for number, body in self.by_factor.get(_base(g), ())}
        for number in sorted(met):
            yield met[number], self[met[number]]


def opposite(piece: list[Expr]) -> list[list[Expr]]:
    """The same factors with a minus in one of them that is a sum: a - x for x - a."""
    return [[*piece[:i], neg(f), *piece[i + 1:]] for i, f in enumerate(piece) if isinstance(f, Apply) and f.head == "+"]


def without(scalars: Iterable[Expr], taken: Iterable[Expr]) -> list[Expr] | None:
    """Scalar factors less some of them, of a power as much as is asked for; None where one is missing."""
    rest = list(scalars)
    for t in taken:
        base, k = _halved(t)
        for i, s in enumerate(rest):
            own, j = _halved(s)
            if own is base and Fraction(j) / k >= 1:
                rest[i:i + 1] = [_raised(base, j - k)] if j != k else []
                break
        else:
            return None
    return rest


def _halved(f: Expr) -> tuple[Expr, Rational]:
    """What a scalar is a power of, and how often; a root counts half."""
    base, k = exponent(f, "^")
    return (base.args[0], Fraction(k) / 2) if isinstance(base, Apply) and base.head == "sqrt" else (base, k)


def _raised(base: Expr, k: Rational) -> Expr:
    return power(base, Number(k)) if k % 1 == 0 else power(apply("sqrt", base), Number(2 * k))


def _within(f: Expr) -> Iterator[Expr]:
    """A factor, and the vectors in an inner product or an entry-wise product."""
    yield f
    if isinstance(f, Apply) and f.head in ("*", ".*", "'"):
        for a in f.args:
            yield from _within(a)


def exchanged_in(chain: list[Expr], piece: list[Expr], value: Expr) -> list[Expr] | None:
    """A chain of factors with a value in the place of a piece; of one vector also in an entry-wise product."""
    for i in range(len(chain) - len(piece) + 1):
        if chain[i:i + len(piece)] == piece:
            return [*chain[:i], value, *chain[i + len(piece):]]
    for i, f in enumerate(chain if len(piece) == 1 else ()):
        new = _entrywise(f, piece[0], value)
        if new is not None:
            return [*chain[:i], new, *chain[i + 1:]]
    return None


def _entrywise(f: Expr, old: Expr, new: Expr) -> Expr | None:
    if isinstance(f, Apply) and f.head == "'":
        turned = _entrywise(f.args[0], T(old), T(new))
        return None if turned is None else T(turned)
    if isinstance(f, Apply) and f.head == ".*" and old in f.args:
        k = f.args.index(old)
        return had(*f.args[:k], new, *f.args[k + 1:])
    return None


def inner_products(scalars: list[Expr], chain: list[Expr]) -> Iterator[tuple[list[Expr], list[Expr], list[Expr]]]:
    """A product as scalars, a chain in which a definition may stand, and what else is left: the chain itself, and each inner product
    among the scalars."""
    yield scalars, chain, []
    for i, s in enumerate(scalars):
        if isinstance(s, Apply) and s.head == "*" and s.args[0].shape != SCALAR:
            yield [*scalars[:i], *scalars[i + 1:]], list(s.args), chain


def _base(f: Expr) -> Expr:
    """What a scalar is a power of."""
    return exponent(f, "^")[0] if f.shape == SCALAR else f


def _ends(body: Apply) -> set[Expr]:
    """The factors by which a product is found: its first one, or its last one transposed."""
    if body.shape == SCALAR:
        return {_base(next(a for a in body.args if not isinstance(a, Number)))}
    chain = parts(body)[1]
    return {chain[0], T(chain[-1])}
