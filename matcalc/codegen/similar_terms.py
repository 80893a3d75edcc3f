"""Whether two terms are equal up to a number, however their traces are cycled and their powers written."""

from __future__ import annotations

from ..language.expr import SCALAR, Apply, Expr, Number, T, apply, coefficient
from ..language.operations import LINEAR
from ..language.properties import Properties
from .inverses import exponent, flat


class Likeness:
    """Terms told apart."""

    def __init__(self, sure: Properties) -> None:
        self.sure = sure

    def sign(self, e: Expr) -> object:
        """What two ways to write a term have in common; its number does not count."""
        value, e = coefficient(e)
        if type(e) is not Apply:
            return e
        if e.head == "tr":
            chain = self.chain(e.args[0])
            turns = [c[i:] + c[:i] for c in (chain, self.back(chain)) for i in range(len(c))]
            return min(map(texts, turns))
        if e.head in LINEAR:
            return e.head, self.sign(e.args[0])
        if e.head == "^" and exponent(e) and e.shape == SCALAR:
            return self.sign(Apply("*", e.args[:1] * exponent(e), SCALAR))
        if e.head != "*":
            return texts(self.chain(e))
        scalars = tuple(sorted(repr(self.sign(a)) for f in e.args if f.shape == SCALAR for a in again(f)))
        chain = [g for f in e.args if f.shape != SCALAR for g in self.chain(f)]
        return scalars, min(texts(chain), texts(self.back(chain))) if e.shape == SCALAR else texts(chain)

    def chain(self, e: Expr) -> list[Expr]:
        """The factors of a product of matrices, powers written out."""
        if type(e) is Apply and e.head == "*":
            return [g for f in e.args for g in self.chain(f)]
        if type(e) is Apply and e.head == "^":
            power = e.args[1]
            if type(power) is Number and power.value in (-4, -3, -2, 2, 3, 4):
                return self.chain(e.args[0] if power.value > 0 else apply("inv", e.args[0])) * abs(int(power.value))
        if type(e) is Apply and e.head == "'":
            inner = e.args[0]
            return [inner] if self.mirrored(inner) else self.back(self.chain(inner)) if flat(inner) != [inner] else [e]
        return [e]

    def mirrored(self, e: Expr) -> bool:
        return self.sure.symmetric(e)

    def back(self, chain: list[Expr]) -> list[Expr]:
        """The transposed product."""
        return [g for f in reversed(chain) for g in self.chain(T(f))]


def texts(chain: list[Expr]) -> tuple[str, ...]:
    return tuple(f.text for f in chain)


def again(f: Expr) -> tuple[Expr, ...]:
    """A scalar as the product it is."""
    return f.args[:1] * exponent(f) if type(f) is Apply and exponent(f) else (f,)
