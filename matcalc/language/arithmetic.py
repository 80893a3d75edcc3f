"""Sums, products, powers and transposes, already in their plain normal form.

Sums and products are flat; numbers are folded, 0 and 1 dropped, like terms and equal neighbours collected, scalars moved
to the front, transposes pushed through products. Everything else is a rule and a step.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from functools import lru_cache
from operator import itemgetter

from .nodes import Apply, Expr, Name, Number, Part, is_negative
from .inspection import (
    MINUS, UNIT, ZERO, base_and_exponent, coefficient, is_plain, is_selection, is_whole, is_zero, node_count, overlap, part_of,
    root_and_exponent, scalar_key, scalar_part, term_key, transposes, turned_inside, untransposed, written)
from .numbers import Rational
from .shape import ONE, SCALAR, Shape, ShapeError, show_shape
from .signatures import operation_shape
from .constants import eye, ones, select, zeros

MADE = 2048     # of what was made lately: every second sum, product and transpose has just been made


def _selected(a: Expr, b: Expr) -> Expr | None:
    """The product of two selections where it is one, an identity or zero."""
    found = overlap(a, b)
    if found is None or found.first is None:
        return None if found is None else zeros(a.shape[0], b.shape[1])
    return T(select(found.first, found.many, found.n)) if found.turned else select(found.first, found.many, found.n)


def _scaled(value: Rational, e: Expr) -> Expr:
    """value*e where e carries no number."""
    if value == 1:
        return e
    if value == -1 and _turned_sum(e):
        return T(neg(T(e)))
    if type(e) is Apply and e.head == "*" and (e.shape != SCALAR or e.args[0].shape == SCALAR):
        return mul(Number(value), e) if value == -1 else Apply("*", (Number(value), *e.args), e.shape)
    return Apply("*", (Number(value), e), e.shape)


def add(*terms: Expr) -> Expr:
    """The sum; shapes must agree."""
    return _added(terms)


@lru_cache(MADE)
def _added(terms: tuple[Expr, ...]) -> Expr:
    shape = terms[0].shape
    if len(terms) == 1:
        return terms[0]
    parts: list[Part] = []
    for t in terms:
        if t.shape != shape:
            raise ShapeError(f"{terms[0]} + {t}: {show_shape(shape)} and {show_shape(t.shape)}")
        parts += parts_of(t)
    return _collected(parts, shape)


def exchanged(e: Apply, i: int, term: Expr) -> Expr:
    """A sum with another term in a place."""
    if term.shape != e.shape:
        raise ShapeError(f"{e} + {term}: {show_shape(e.shape)} and {show_shape(term.shape)}")
    parts, new = parts_of(e), parts_of(term)
    together = [*parts[:i], *parts[i + 1:], *new]
    if len(new) == 1 and new[0][0] is not UNIT and len(parts) > 1 and len(set(map(itemgetter(0), together))) == len(together):
        names = e.names | term.names if e.args[i].names <= term.names else None     # a long sum is not gone through
        return in_order(together, e.shape, names)
    return _collected(together, e.shape)


def _collected(parts: list[Part], shape: Shape) -> Expr:
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
    out = [part for part in counts.values() if part is not None]
    scaled = [_scaled(c, rest) for rest, c in numbers.items() if c]
    if any(type(e) is Apply and e.head == "+" or _turned_sum(e) for e in scaled):
        return add(*(e for _, _, e, _ in out), *scaled, *([Number(number)] if number else []))
    out += map(part_of, scaled)
    if number:
        out.append(part_of(Number(number)))
    if not out:
        return zeros(*shape)
    if len(out) == 1:
        return out[0][2]
    return in_order(out, shape)


def in_order(out: list[Part], shape: Shape, names: frozenset[Name] | None = None) -> Expr:
    """The sum of several terms, none a multiple of another; with what names, where that is known."""
    out.sort(key=itemgetter(3))
    plain = Apply("+", tuple([e for _, _, e, _ in out]), shape, names)
    plain.parts = tuple(out)
    if shape != SCALAR and any(turned_inside(e) for _, _, e, _ in out):
        turned = [T(e) for _, _, e, _ in out]
        turned.sort(key=term_key)
        if written(turned) < written(plain.args):
            return Apply("'", (Apply("+", tuple(turned), (shape[1], shape[0])),), shape)
    return plain


def parts_of(e: Expr) -> Sequence[Part]:
    """The terms of a sum, and of a transposed one: how the whole is written is settled once they are together."""
    if type(e) is Apply and e.head == "+":
        found: tuple[Part, ...] | None = getattr(e, "parts", None)
        if found is None:
            found = e.parts = tuple([part_of(a) for a in e.args])
        return found
    if type(e) is Apply and e.head == "*" and is_negative(e) and any(map(_turned_sum, e.args)):
        once = T(T(e))                  # the sign goes into the sum; by itself -(A + B)' keeps its form
        return (part_of(e),) if once is e else parts_of(once)
    if type(e) is Apply and e.head == "'" and type(e.args[0]) is Apply and e.args[0].head == "+":
        return [part for a in e.args[0].args for part in parts_of(T(a))]
    if type(e) is Apply and e.head == "zeros":
        return ()
    return (part_of(e),)


def _turned_sum(e: Expr) -> bool:
    return type(e) is Apply and e.head == "'" and type(e.args[0]) is Apply and e.args[0].head == "+"


def neg(e: Expr) -> Expr:
    """-e; a sum is negated term by term."""
    return add(*(mul(MINUS, t) for t in e.args)) if type(e) is Apply and e.head == "+" else mul(MINUS, e)


def _closed(chain: list[Expr]) -> Expr:
    """A product of matrices that is a scalar, the same whichever way it was written."""
    if len(chain) == 1:
        return chain[0]
    forward = Apply("*", tuple(chain), SCALAR)
    if forward.has_d:
        return forward
    back = [T(f) for f in reversed(chain)]
    backward = Apply("*", tuple(back), SCALAR)
    return min(forward, backward, key=transposes)


def _push(chain: list[Expr], f: Expr) -> bool:
    """Append a factor, collecting equal neighbours into a power; whether the product is zero."""
    if type(f) is Apply and f.head == "eye":
        return False
    if chain and is_selection(f) and is_selection(chain[-1]) and (found := _selected(chain[-1], f)) is not None:
        if is_zero(found):
            chain.append(f)
            return True
        chain.pop()
        return found is not UNIT and _push(chain, found)
    if chain and f.shape[0] is f.shape[1] and chain[-1].shape == f.shape:
        a, p = root_and_exponent(chain[-1])
        b, q = root_and_exponent(f)
        if a is b:
            chain.pop()
            k = Number(p.value + q.value) if type(p) is Number and type(q) is Number else add(p, q)
            if k is not ZERO:
                chain.append(power(a, k))
            return False
    chain.append(f)
    return False


def matrix_power(base: Expr, k: int) -> Expr:
    """An integer power of a square matrix."""
    if k == 1:
        return base
    if k == 0:
        return eye(base.shape[0])
    if k == -1:
        return inverse(base)
    if type(base) is Apply and base.head == "eye":
        return base
    inner, p = base_and_exponent(base)
    if p != 1:
        return matrix_power(inner, int(p) * k)
    if type(base) is Apply and base.head == "sqrtm" and k % 2 == 0:
        return matrix_power(base.args[0], k // 2)
    number, rest = coefficient(base)
    if number == 1 and type(base) is Apply and base.head == "+" and is_negative(base.args[0]):
        number, rest = -1, neg(base)
    if number != 1:
        return mul(Number(Fraction(number) ** k), matrix_power(rest, k))
    return Apply("^", (base, Number(k)), base.shape)


def _power_of_size(base: Expr, exponent: Expr) -> Expr:
    """A square matrix to a power that depends on sizes."""
    inner, p = root_and_exponent(base)
    if p is not UNIT and p is not MINUS or type(base) is Apply and base.head == "eye":
        return base if inner is base else power(inner, mul(p, exponent))
    scalars, rest = scalar_part(base)
    return mul(*(power(c, exponent) for c in scalars), power(rest, exponent)) if scalars else Apply("^", (base, exponent), base.shape)


def inverse(e: Expr) -> Expr:
    """The inverse: of an inverse, a power or a transpose at once, of a scalar its reciprocal."""
    if e.shape == SCALAR:
        return power(e, MINUS)
    shape = operation_shape("inv", (e,))
    if type(e) is Apply:
        if e.head == "inv":
            return e.args[0]
        if e.head == "eye":
            return e
        if e.head == "^" and type(e.args[1]) is Number and isinstance(e.args[1].value, int):
            return matrix_power(e.args[0], -e.args[1].value)
        if e.head == "'":
            return T(inverse(e.args[0]))
    return Apply("inv", (e,), shape)


def _signs(factors: list[Expr], number: Rational) -> Rational:
    """Settle signs: a sum of negatives gives its minus away, two opposite sums become the same, a lone minus goes into the
    first mixed sum that stands there once."""
    for i, f in enumerate(factors):
        if type(f) is Apply and f.head == "+" and is_negative(f.args[0]):
            factors[i], number = neg(f), -number
    sums = [(i, g) for i, f in enumerate(factors) if type(g := untransposed(f)) is Apply and g.head == "+"]
    for k, (_, f) in enumerate(sums):
        for m in range(k + 1, len(sums)):
            j, g = sums[m]
            if f.shape == g.shape and neg(f) is g:
                factors[j], sums[m], number = f if factors[j] is g else T(f), (j, f), -number
    if number == -1:
        for i, f in enumerate(factors):
            if type(f) is Apply and f.head == "+" and is_negative(f.args[-1]) and sum(1 for _, g in sums if g is f) == 1:
                factors[i] = neg(f)
                return 1
    return number


def _opposite(scalars: dict[Expr, list[Expr]], number: Rational) -> Rational:
    """Whole powers of two opposite sums become powers of one: (x - 1)*(1 - x)^-2 is -(1 - x)^-1."""
    sums = sorted((b for b in scalars if type(b) is Apply and b.head == "+"), key=scalar_key)
    for i, b in enumerate(sums):
        for c in sums[i + 1:]:
            if b in scalars and c in scalars and neg(c) is b:
                k = add(*scalars[c])
                if type(k) is Number and k.value % 1 == 0:
                    scalars[b] += scalars.pop(c)
                    number = -number if k.value % 2 else number
    return number


def _close_all(chain: list[Expr], scalars: dict[Expr, list[Expr]]) -> list[Expr]:
    """Move the scalar pieces of a chain (between inner sizes 1) to the scalars; what stays is the chain."""
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
            scalars.setdefault(_closed(p), []).append(UNIT)
        else:
            keep.extend(p)
    return keep


def mul(*factors: Expr) -> Expr:
    """The product: scalars to the front, then the chain of matrices, whose sizes must conform."""
    if len(factors) == 2:
        a, b = factors
        m, inner, n = a.shape[0], a.shape[1], b.shape[1]
        if inner is b.shape[0] and inner is not ONE and (m is not ONE or n is not ONE) and a is not b and is_plain(a) and is_plain(b):
            return Apply("*", factors, (m, n))      # nothing to settle; most products that are read are like this
    return _multiplied(factors)


@lru_cache(MADE)
def _multiplied(factors: tuple[Expr, ...]) -> Expr:
    number: Rational = 1
    scalars: dict[Expr, list[Expr]] = {}
    chain: list[Expr] = []
    rows = cols = ONE
    zero = False
    stack = list(reversed(factors))
    while stack:
        f = stack.pop()
        shape = f.shape
        if shape[0] is ONE and shape[1] is ONE:
            if type(f) is Number:
                number *= f.value
            elif type(f) is Apply and f.head == "*" and f.args[0].shape == SCALAR:
                stack.extend(reversed(f.args))
            elif type(f) is Apply and f.head == "^":
                scalars.setdefault(f.args[0], []).append(f.args[1])
            else:
                scalars.setdefault(f, []).append(UNIT)
            continue
        if type(f) is Apply:
            if f.head == "*":
                stack.extend(reversed(f.args))
                continue
            if f.head == "zeros":
                zero = True
        if rows is ONE and cols is ONE and not chain:
            rows, cols = shape
        elif cols is shape[0]:
            cols = shape[1]
        elif rows is ONE and cols is ONE:
            rows, cols = shape
        else:
            raise ShapeError(f"{mul(*chain) if chain else ''}*{f}: inner sizes differ: "
                             f"{show_shape((rows, cols))} times {show_shape(shape)}")
        zero = _push(chain, f) or zero
        if rows is ONE and cols is ONE and chain:
            done = _close_all(chain, scalars)
            assert not done
            chain = []
    if number == 0 or zero:
        return zeros(rows, cols)
    shape = (rows, cols)
    if not chain and shape != SCALAR:
        chain = [eye(rows)]
    elif chain:
        chain = _close_all(chain, scalars)
    if len(scalars) > 1:
        number = _opposite(scalars, number)
    out: list[Expr] = []
    for b, es in scalars.items():
        f = power(b, es[0] if len(es) == 1 else add(*es))
        if type(f) is Number:
            number *= f.value
        elif type(f) is Apply and f.head == "*" and f.args[0].shape == SCALAR:
            c, rest = coefficient(f)
            number *= c
            out.extend(rest.args if type(rest) is Apply and rest.head == "*" and rest.args[0].shape == SCALAR else (rest,))
        else:
            out.append(f)
    if number == 0:
        return zeros(*shape)
    if len(out) > 1:
        out.sort(key=scalar_key)
    out.extend(chain)
    if not out:
        return Number(number)
    if len(out) > 1 and any(type(f) is Apply and f.head == "+" for f in out):
        number = _signs(out, number)
        split = len(out) - len(chain)
        if len(chain) > 1:
            chain = []
            for f in out[split:]:       # two that were opposite may be a power now
                _push(chain, f)
            out[split:] = chain or [eye(rows)]
        out[:split] = sorted(out[:split], key=scalar_key)
    if number != 1:
        if len(out) == 1 and type(out[0]) is Apply and out[0].head == "+" and number == -1:
            return neg(out[0])
        out.insert(0, Number(number))
    if len(out) == 1:
        return out[0]
    return Apply("*", tuple(out), shape)


def power(base: Expr, exponent: Expr) -> Expr:
    """A scalar to a scalar power, or a square matrix to an integer."""
    if base.shape != SCALAR:
        if not is_whole(exponent):
            raise ShapeError(f"{base}^{exponent}: a matrix power needs an integer exponent")
        if base.shape[0] is not base.shape[1]:
            raise ShapeError(f"{base}^{exponent}: {base} is {show_shape(base.shape)}, not square",
                             hint="write .^ for the entry-wise power")
        return matrix_power(base, int(exponent.value)) if type(exponent) is Number else _power_of_size(base, exponent)
    if exponent is UNIT:
        return base
    if exponent is ZERO or base is UNIT:
        return UNIT
    if type(exponent) is Number:
        k = exponent.value
        if type(base) is Number:
            if isinstance(k, int) and (base.value or k > 0):
                return Number(Fraction(base.value) ** k)
        elif type(base) is Apply:
            if base.head == "^" and isinstance(k, int):
                return power(base.args[0], mul(base.args[1], exponent))
            if base.head == "*" and base.args[0].shape == SCALAR and isinstance(k, int):
                return mul(*(power(f, exponent) for f in base.args))
            if base.head == "sqrt" and isinstance(k, int) and k % 2 == 0:
                return power(base.args[0], Number(k // 2))
    return Apply("^", (base, exponent), SCALAR)


def T(e: Expr) -> Expr:
    """The transpose, pushed through products."""
    shape = e.shape
    if shape[0] is ONE and shape[1] is ONE:
        return e
    if type(e) is Apply:
        return e.args[0] if e.head == "'" else _turned(e)
    return Apply("'", (e,), (shape[1], shape[0]))


@lru_cache(MADE)
def _turned(e: Apply) -> Expr:
    head, shape = e.head, e.shape
    if head == "*":
        split = next(i for i, a in enumerate(e.args) if a.shape != SCALAR)
        return mul(*e.args[:split], *(T(f) for f in reversed(e.args[split:])))
    if head in ("eye", "diag") or head == "inv" and T(e.args[0]) is e.args[0]:
        return e
    if head == "ones":
        return ones(shape[1], shape[0])
    if head == "zeros":
        return zeros(shape[1], shape[0])
    if head == "comm":
        return Apply("comm", (e.args[1], e.args[0]), shape)
    if head == "+" and any(map(turned_inside, e.args)):
        turned = [T(t) for t in e.args]
        if any(type(t) is Apply and t.head == "+" for t in turned):
            return add(*turned)
        turned.sort(key=term_key)
        if written(turned) <= written(e.args):
            return Apply("+", tuple(turned), (shape[1], shape[0]))
    if head == ".*" and any(map(turned_inside, e.args)):
        factors = sorted((T(f) for f in e.args), key=scalar_key)
        if sum(map(node_count, factors)) <= sum(map(node_count, e.args)):
            return Apply(".*", tuple(factors), (shape[1], shape[0]))
    return Apply("'", (e,), (shape[1], shape[0]))
