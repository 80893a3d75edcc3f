"""Differences, quotients, and entry-wise products, quotients and powers in their plain normal form."""

from __future__ import annotations

from .arithmetic import T, add, mul, neg, power, without_opposites
from .constants import ones, zeros
from .nodes import Apply, Expr, Number, is_negative
from .operations import ENTRY_ROOTS
from .shape import ONE, SCALAR, Shape, ShapeError, show_shape
from .inspection import MINUS, UNIT, ZERO, coefficient, is_selection, is_unit, is_zero, node_count, scalar_key, scalar_part, has_transpose


def _entry_power(f: Expr) -> tuple[Expr, Expr]:
    """Base and exponent; of (A.^k)' the base is A', as in A'.^k, which is written so."""
    if type(f) is not Apply:
        return f, UNIT
    inner = f.args[0] if f.head == "'" else f
    if type(inner) is Apply and inner.head == ".^" and inner.args[1].shape == SCALAR:
        if inner is f:
            return f.args[0], f.args[1]
        base = T(inner.args[0])
        if type(base) is Apply and base.head == "'":
            return base, inner.args[1]
    return f, UNIT


def hadamard(*factors: Expr) -> Expr:
    """The entry-wise product; scalars scale."""
    scalars: list[Expr] = []
    powers: dict[Expr, list[Expr]] = {}
    shape: Shape = SCALAR
    first: Expr | None = None
    stack = list(reversed(factors))
    zero = False
    while stack:
        f = stack.pop()
        if f.shape == SCALAR:
            scalars.append(f)
            continue
        if first is None:
            first, shape = f, f.shape
        elif f.shape != shape:
            raise ShapeError(f"{first}.*{f}: {show_shape(shape)} and {show_shape(f.shape)}")
        if type(f) is Apply:
            if f.head == ".*":
                stack.extend(reversed(f.args))
                continue
            if f.head == "'" and type(f.args[0]) is Apply and f.args[0].head == ".*":
                stack.extend([T(a) for a in reversed(f.args[0].args)])
                continue
            if f.head == "*" and f.args[0].shape == SCALAR:
                front, rest = scalar_part(f)
                scalars.extend(front)
                stack.append(rest)
                continue
            if is_unit(f):
                continue
            if f.head == "+" and is_negative(f.args[0]):        # a sum of negatives gives its minus away
                scalars.append(MINUS)
                f = neg(f)
            zero = zero or is_zero(f)
        b, e = _entry_power(f)
        powers.setdefault(b, []).append(e)
    if first is None:
        return mul(*scalars)
    if zero:
        return zeros(*shape)
    if len(powers) > 1 and without_opposites(powers, 1) != 1:
        scalars.append(MINUS)
    made = (hadamard_power(b, es[0] if len(es) == 1 else add(*es)) for b, es in powers.items())
    core = _of_arrays([f for f in made if not is_unit(f)], shape)
    return mul(*scalars, core) if scalars else core


def _of_arrays(out: list[Expr], shape: Shape) -> Expr:
    """The product of arrays that have no factors in common."""
    if not out:
        return ones(*shape)
    if len(out) == 1:
        return out[0]
    if any(f.shape[1] is ONE and is_selection(f) for f in out):
        unit = next(f for f in out if is_selection(f))        # what a unit vector leaves of another one is one entry
        return mul(*(mul(T(unit), f) for f in out if f is not unit), unit)
    other = [T(f) for f in out] if any(map(has_transpose, out)) else out        # the shorter way round, as of a sum
    if sum(map(node_count, other)) < sum(map(node_count, out)):
        return T(hadamard(*other))
    return Apply(".*", tuple(sorted(out, key=scalar_key)), shape)


def sub(a: Expr, b: Expr) -> Expr:
    """a - b."""
    return add(a, neg(b))


def div(a: Expr, b: Expr) -> Expr:
    """a divided by a scalar b."""
    return mul(a, power(b, MINUS))


def hadamard_power(base: Expr, exponent: Expr) -> Expr:
    """The entry-wise power.

    >>> from matcalc.reading.parse import parse
    >>> x = parse('x', ['x in R^n'])
    >>> hadamard_power(x, parse('2')), hadamard_power(x, parse('1'))
    (<x.^2>, <x>)
    """
    if base.shape == SCALAR:
        if exponent.shape == SCALAR:
            return power(base, exponent)
        base = mul(base, ones(*exponent.shape))
    if exponent.shape != SCALAR:
        if exponent.shape != base.shape:
            raise ShapeError(f"{base}.^{exponent}: {show_shape(base.shape)} and {show_shape(exponent.shape)}")
        number, rest = coefficient(exponent)
        if is_unit(rest):
            return hadamard_power(base, Number(number))
        return Apply(".^", (base, exponent), base.shape)
    if exponent is UNIT:
        return base
    if exponent is ZERO or is_unit(base):
        return ones(*base.shape)
    if type(exponent) is Number and type(base) is Apply:
        k = exponent.value
        if base.head == ".^" and isinstance(k, int) and base.args[1].shape == SCALAR:
            return hadamard_power(base.args[0], mul(base.args[1], exponent))
        if isinstance(k, int):
            if base.head == "*" and base.args[0].shape == SCALAR:
                front, inner = scalar_part(base)
                return mul(*(power(f, exponent) for f in front), hadamard_power(inner, exponent))
            if base.head == ".*":
                return hadamard(*(hadamard_power(f, exponent) for f in base.args))
            if base.head in ENTRY_ROOTS and k % 2 == 0:
                return hadamard_power(base.args[0], Number(k // 2))
    if type(base) is Apply and base.head == "'":
        return T(hadamard_power(base.args[0], exponent))
    return Apply(".^", (base, exponent), base.shape)
