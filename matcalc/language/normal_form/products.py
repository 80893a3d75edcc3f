"""Products: numbers and scalars first, then the chain of matrices; equal neighbours collected, signs settled."""

from __future__ import annotations

from functools import lru_cache

from ..constants import eye, select, zeros
from ..inspection import (
    UNIT, ZERO, coefficient, factor_key, is_plain, is_selection, is_zero, overlap, root_and_exponent, scalar_key, transposes, untransposed)
from ..recognition import is_identity
from ..nodes import Apply, Expr, Name, Number, is_negative
from ..numbers import Rational
from ..shape import ONE, SCALAR, Shape, ShapeError, show_shape
from . import MADE, Laws


MEETING = frozenset(("select", "'"))    # heads of what may meet its neighbour in a product though it is not square
Scalars = dict[Expr, list[Expr]]        # the exponents of every base, which may be a matrix where the powers are entry-wise


class Products(Laws):
    """The laws of *."""

    def __init__(self) -> None:
        super().__init__()
        self._multiplied = lru_cache(MADE)(self._product)

    def mul(self, *factors: Expr) -> Expr:
        """The product: scalars to the front, then the chain of matrices, whose sizes must conform."""
        if len(factors) == 2:
            a, b = factors
            m, inner, n = a.shape[0], a.shape[1], b.shape[1]
            if inner is b.shape[0] and inner is not ONE and (m is not ONE or n is not ONE) and a is not b and \
                    (type(a) is Name or is_plain(a)) and (type(b) is Name or is_plain(b)):
                return Apply("*", factors, (m, n))      # nothing to settle; most products that are read are like this
        elif len(factors) == 1:
            return factors[0]
        return self._multiplied(factors)

    def _product(self, factors: tuple[Expr, ...]) -> Expr:
        number, scalars, chain, shape = self._taken_apart(factors)
        if number == 0:
            return zeros(*shape)
        if not chain and shape != SCALAR:
            chain = [eye(shape[0])]
        if len(scalars) > 1:
            number = self.without_opposites(scalars, number)
        number, out = self._raised(scalars, number) if scalars else (number, [])
        if number == 0:
            return zeros(*shape)
        out.extend(chain)
        if not out:
            return Number(number)
        if len(out) > 1 and "+" in [f.head for f in out if type(f) is Apply]:
            number = self._signs(out, number)
            split = len(out) - len(chain)
            if len(chain) > 1:
                chain = []
                for f in out[split:]:       # two that were opposite may be a power now
                    self._push(chain, f)
                out[split:] = chain or [eye(shape[0])]
            out[:split] = sorted(out[:split], key=factor_key)
        if number != 1:
            if len(out) == 1 and type(out[0]) is Apply and out[0].head == "+" and number == -1:
                return self.neg(out[0])
            out.insert(0, Number(number))
        return out[0] if len(out) == 1 else Apply("*", tuple(out), shape)

    def _taken_apart(self, factors: tuple[Expr, ...]) -> tuple[Rational, Scalars, list[Expr], Shape]:
        """The number in a product, its scalars, its chain of matrices, and its shape; the number is 0 where a factor is zero."""
        number: Rational = 1
        scalars: Scalars = {}
        chain: list[Expr] = []
        rows = cols = ONE
        zero = split = False
        stack = list(reversed(factors))
        while stack:
            f = stack.pop()
            m, n = f.shape
            if m is ONE and n is ONE:
                if type(f) is Number:
                    number = f.value if number == 1 else number * f.value
                elif type(f) is Apply and f.head == "*" and f.args[0].shape == SCALAR:
                    stack.extend(reversed(f.args))
                elif type(f) is Apply and f.head == "^":
                    scalars.setdefault(f.args[0], []).append(f.args[1])
                else:
                    scalars.setdefault(f, []).append(UNIT)
                continue
            head = f.head if type(f) is Apply else ""
            if head == "*":
                stack.extend(reversed(f.args))  # type: ignore[attr-defined]
                continue
            if rows is ONE and cols is ONE:
                rows, cols = m, n
            elif cols is m:
                cols, split = n, split or m is ONE
            else:
                raise ShapeError(f"{self.mul(*chain) if chain else ''}*{f}: inner sizes differ: "
                                 f"{show_shape((rows, cols))} times {show_shape(f.shape)}")
            if m is n or head in MEETING:
                zero = self._push(chain, f) or zero
            else:
                zero = zero or head == "zeros"
                chain.append(f)
            if rows is ONE and cols is ONE and chain:
                done = self._close_all(chain, scalars)
                assert not done
                chain, split = [], False
        return 0 if zero else number, scalars, self._close_all(chain, scalars) if split and chain else chain, (rows, cols)

    def _raised(self, scalars: Scalars, number: Rational) -> tuple[Rational, list[Expr]]:
        """Every scalar to its exponents, in order; what numbers that gives goes to the number."""
        out: list[Expr] = []
        for b, es in scalars.items():
            f = self.power(b, es[0] if len(es) == 1 else self.add(*es)) if es != [UNIT] else b
            if type(f) is Number:
                number *= f.value
            elif type(f) is Apply and f.head == "*" and f.args[0].shape == SCALAR:
                c, rest = coefficient(f)
                number *= c
                out.extend(rest.args if type(rest) is Apply and rest.head == "*" and rest.args[0].shape == SCALAR else (rest,))
            else:
                out.append(f)
        if len(out) > 1:
            out.sort(key=factor_key)
        return number, out

    def _selected(self, a: Expr, b: Expr) -> Expr | None:
        """The product of two selections where it is one, an identity or zero."""
        found = overlap(a, b)
        if found is None or found.first is None:
            return None if found is None else zeros(a.shape[0], b.shape[1])
        return self.T(select(found.first, found.many, found.n)) if found.transposed else select(found.first, found.many, found.n)

    def _closed(self, chain: list[Expr]) -> Expr:
        """A product of matrices that is a scalar, the same whichever way it was written."""
        forward = Apply("*", tuple(chain), SCALAR)
        if forward.has_d:
            return forward
        back = [self.T(f) for f in reversed(chain)]
        backward = Apply("*", tuple(back), SCALAR)
        one, other = transposes(forward), transposes(backward)
        return min(forward, backward, key=lambda e: e.text) if one == other else forward if one < other else backward

    def _push(self, chain: list[Expr], f: Expr) -> bool:
        """Append a factor, collecting equal neighbours into a power; whether the product is zero."""
        if is_zero(f):
            chain.append(f)
            return True
        if is_identity(f):
            return False
        if not chain:
            chain.append(f)
            return False
        last = chain[-1]
        if type(f) is Apply and type(last) is Apply and is_selection(f) and is_selection(last) and \
                (found := self._selected(last, f)) is not None:
            if is_zero(found):
                chain.append(f)
                return True
            chain.pop()
            return found is not UNIT and self._push(chain, found)
        if f.shape[0] is f.shape[1] and last.shape == f.shape:
            a, p = root_and_exponent(last)
            b, q = root_and_exponent(f)
            if a is b:
                chain.pop()
                k = Number(p.value + q.value) if type(p) is Number and type(q) is Number else self.add(p, q)
                if k is not ZERO:
                    chain.append(self.power(a, k))
                return False
        chain.append(f)
        return False

    def _close_all(self, chain: list[Expr], scalars: Scalars) -> list[Expr]:
        """Move the scalar pieces of a chain (between inner sizes 1) to the scalars; what stays is the chain."""
        if (chain[0].shape[0] is not ONE or chain[-1].shape[1] is not ONE) and ONE not in [f.shape[1] for f in chain[:-1]]:
            return chain
        pieces: list[list[Expr]] = [[]]
        for f in chain:
            pieces[-1].append(f)
            if f.shape[1] is ONE:
                pieces.append([])
        if not pieces[-1]:
            pieces.pop()
        keep: list[Expr] = []
        for p in pieces:
            if p[0].shape[0] is ONE and p[-1].shape[1] is ONE:
                scalars.setdefault(self._closed(p), []).append(UNIT)
            else:
                keep.extend(p)
        return keep

    def _signs(self, factors: list[Expr], number: Rational) -> Rational:
        """Settle signs: a sum of negatives gives its minus away, two opposite sums become the same, a lone minus goes into the
        first mixed sum that stands there once."""
        for i, f in enumerate(factors):
            if type(f) is Apply and f.head == "+" and is_negative(f.args[0]):
                factors[i], number = self.neg(f), -number
        sums = [(i, g) for i, f in enumerate(factors) if type(g := untransposed(f)) is Apply and g.head == "+"]
        for k, (_, f) in enumerate(sums):
            for m in range(k + 1, len(sums)):
                j, g = sums[m]
                if f.shape == g.shape and self.neg(f) is g:
                    factors[j], sums[m], number = f if factors[j] is g else self.T(f), (j, f), -number
        if number == -1:
            for i, f in enumerate(factors):
                if type(f) is Apply and f.head == "+" and is_negative(f.args[-1]) and sum(1 for _, g in sums if g is f) == 1:
                    factors[i] = self.neg(f)
                    return 1
        return number

    def without_opposites(self, scalars: Scalars, number: Rational) -> Rational:
        """The number once whole powers of two opposite sums are powers of one: (x - 1)*(1 - x)^-2 is -(1 - x)^-1, entry by entry too;
        of a + b and -a - b the one without a minus in front."""
        sums = sorted((b for b in scalars if type(b) is Apply and b.head == "+"), key=lambda b: (is_negative(b.args[0]), *scalar_key(b)))
        for i, b in enumerate(sums):
            for c in sums[i + 1:]:
                if b in scalars and c in scalars and self.neg(c) is b:
                    k = self.add(*scalars[c])
                    if type(k) is Number and k.value % 1 == 0:
                        scalars[b] += scalars.pop(c)
                        number = -number if k.value % 2 else number
        return number
