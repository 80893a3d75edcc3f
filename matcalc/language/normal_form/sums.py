"""Sums: flat, like terms collected, in the order of their texts, and the right way round."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from operator import itemgetter

from ..constants import zeros
from ..inspection import MINUS, UNIT, is_transposed_sum, is_zero, part_of, term_key, has_transpose, untransposed, written
from ..nodes import Apply, Expr, Name, Number, Part, is_negative
from ..numbers import Rational
from ..shape import SCALAR, Shape, ShapeError, show_shape
from . import MADE, Laws


class Sums(Laws):
    """The laws of +."""

    def __init__(self) -> None:
        super().__init__()
        self._added = lru_cache(MADE)(self._summed)

    def add(self, *terms: Expr) -> Expr:
        """The sum; shapes must agree."""
        return self._added(terms)

    def _summed(self, terms: tuple[Expr, ...]) -> Expr:
        shape = terms[0].shape
        if len(terms) == 1:
            return terms[0]
        parts: list[Part] = []
        for t in terms:
            if t.shape != shape:
                raise ShapeError(f"{terms[0]} + {t}: {show_shape(shape)} and {show_shape(t.shape)}")
            parts += self.parts_of(t)
        return self._collected(parts, shape)

    def exchanged(self, e: Apply, i: int, term: Expr) -> Expr:
        """A sum with another term in a place."""
        if term.shape != e.shape:
            raise ShapeError(f"{e} + {term}: {show_shape(e.shape)} and {show_shape(term.shape)}")
        parts, new = self.parts_of(e), self.parts_of(term)
        together = [*parts[:i], *parts[i + 1:], *new]
        if len(new) == 1 and new[0][0] is not UNIT and len(parts) > 1 and len(set(map(itemgetter(0), together))) == len(together):
            names = e.names | term.names if e.args[i].names <= term.names else None     # a long sum is not gone through
            return self.in_order(together, e.shape, names)
        return self._collected(together, e.shape)

    def _collected(self, parts: list[Part], shape: Shape) -> Expr:
        counts: dict[Expr, Part | None] = {}
        numbers: dict[Expr, Rational] = {}      # how often, of what came more than once
        number: Rational = 0
        for part in parts:
            rest = part[0]
            if rest is UNIT:
                number += part[1]
            elif rest not in counts:
                counts[rest] = part
            else:
                found = counts[rest]
                numbers[rest] = (numbers[rest] if found is None else found[1]) + part[1]
                counts[rest] = None
        self._opposites(counts, numbers)
        out = [part for part in counts.values() if part is not None]
        scaled = [self._scaled(c, rest) for rest, c in numbers.items() if c]
        if any(type(e) is Apply and e.head == "+" or is_transposed_sum(e) for e in scaled):
            return self.add(*(e for _, _, e, _ in out), *scaled, *([Number(number)] if number else []))
        out += map(part_of, scaled)
        if number:
            out.append(part_of(Number(number)))
        if not out:
            return zeros(*shape)
        if len(out) == 1:
            return out[0][2]
        return self.in_order(out, shape)

    def _opposites(self, counts: dict[Expr, Part | None], numbers: dict[Expr, Rational]) -> None:
        """Products whose minus went into a sum count with those they are opposite to: (A - B)*C and (B - A)*C are one and its negative."""
        signed = [rest for rest in counts if _holds_a_minus(rest)]
        if len(signed) < 2:
            return
        for rest in signed:
            (other, sign, *_), *more = self.parts_of(self.mul(MINUS, rest))
            if rest in counts and other in counts and sign == 1 and not more:
                gone, found = counts.pop(other), counts[rest]
                numbers[rest] = (numbers[rest] if found is None else found[1]) - (numbers.pop(other) if gone is None else gone[1])
                counts[rest] = None

    def in_order(self, out: list[Part], shape: Shape, names: frozenset[Name] | None = None) -> Expr:
        """The sum of several terms, none a multiple of another; with what names, where that is known."""
        out.sort(key=itemgetter(3))
        plain = Apply("+", tuple([e for _, _, e, _ in out]), shape, names)
        plain.parts = tuple(out)
        if shape != SCALAR and any(has_transpose(e) for _, _, e, _ in out):
            transposed = [self.T(e) for _, _, e, _ in out]
            transposed.sort(key=term_key)
            if written(transposed) < written(plain.args):
                return Apply("'", (Apply("+", tuple(transposed), (shape[1], shape[0])),), shape)
        return plain

    def parts_of(self, e: Expr) -> Sequence[Part]:
        """The terms of a sum, and of a transposed one: how the whole is written is settled once they are together."""
        if type(e) is Apply and e.head == "+":
            found: tuple[Part, ...] | None = getattr(e, "parts", None)
            if found is None:
                found = e.parts = tuple([part_of(a) for a in e.args])
            return found
        if type(e) is Apply and e.head == "*" and is_negative(e) and any(map(is_transposed_sum, e.args)):
            once = self.T(self.T(e))                  # the sign goes into the sum; by itself -(A + B)' keeps its form
            return (part_of(e),) if once is e else self.parts_of(once)
        if type(e) is Apply and e.head == "'" and type(e.args[0]) is Apply and e.args[0].head == "+":
            return [part for a in e.args[0].args for part in self.parts_of(self.T(a))]
        if is_zero(e):
            return ()
        return (part_of(e),)

    def _scaled(self, value: Rational, e: Expr) -> Expr:
        """value*e where e carries no number."""
        if value == 1:
            return e
        if value == -1 and is_transposed_sum(e):
            return self.T(self.neg(self.T(e)))
        if type(e) is Apply and e.head == "*" and (e.shape != SCALAR or e.args[0].shape == SCALAR):
            return self.mul(Number(value), e) if value == -1 else Apply("*", (Number(value), *e.args), e.shape)
        return Apply("*", (Number(value), e), e.shape)

    def neg(self, e: Expr) -> Expr:
        """-e; a sum is negated term by term."""
        return self.add(*(self.mul(MINUS, t) for t in e.args)) if type(e) is Apply and e.head == "+" else self.mul(MINUS, e)


def _holds_a_minus(e: Expr) -> bool:
    """Whether this is a product of which a factor is a difference."""
    return type(e) is Apply and e.head == "*" and any(
        type(a) is Apply and a.head == "+" and is_negative(a.args[-1]) for a in map(untransposed, e.args))
