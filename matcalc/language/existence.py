"""Under which conditions both sides of something proved exist, read off the trees as typed: only those that can fail.

An equation of values needs its parts to exist; where something is differentiated, its parts must be smooth there.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping
from fractions import Fraction

from .arithmetic import add, mul
from .constants import size
from .build import build
from .conditions import Condition, plain, simplified
from .implied_conditions import given, without_implied
from .inspection import MINUS, heads_in, lowest
from .recognition import selection, step_of
from .columns import ABOVE_ZERO, NONNEGATIVE
from .operations import CONES, DEGREE, DERIVED, DOMAIN, EVEN_HEADS, KINKED, NONZERO_WHERE, POWERS, PRODUCTS, SIGNS, SMOOTH
from .nodes import Apply, Expr, Name, Number
from .shape import ONE, SCALAR, at_most
from .varying import Moving, Times, WhatMoves
from .properties import Properties

STILL: Moving = frozenset()
ASKING = POWERS | {"select"} | {head for table in (DOMAIN, SMOOTH) for head, limits in table.items() if limits}     # of what they are given


def existence_conditions(read: tuple[Expr, ...], definitions: Mapping[Name, Expr], moving: tuple[Expr, ...] = (),
           by: Name | None = None, order: int = 1) -> tuple[Condition, ...]:
    """The conditions, each once, none that follows from another; `moving` is differentiated by a name, or by all, so many times."""
    sure, moves, defined, seen = Properties(definitions), WhatMoves(definitions), frozenset(definitions), set[tuple[Expr, Moving]]()
    times = Times((*read, *definitions.values()), order if moving else 0)
    out: dict[Condition, None] = {}
    todo = deque([*((e, None if by is None else frozenset((by,))) for e in moving), *((e, STILL) for e in read)])
    while todo:
        e, names = todo.popleft()
        if (e, names) in seen or (e, None) in seen:
            continue
        seen.add((e, names))
        if type(e) is Name and e in definitions:
            todo.append((definitions[e], names))
        if type(e) is not Apply or heads_in(e).isdisjoint(ASKING) and e.names.isdisjoint(defined):
            continue
        inside = names
        if e.head in DERIVED:
            x = e.args[-1]
            inside = None if names is None or e.head == "d" or type(x) is not Name else names | {x}
        smooth = moves.within(e, inside)
        todo.extend((a, inside) for a in _parts(e, times, definitions, smooth, sure))
        for c in _of(e, smooth, sure):
            out.update(dict.fromkeys(simplified(c, sure)))
    return without_implied(out, definitions)


def extra_conditions(typed: Expr, built: Expr) -> tuple[Condition, ...]:
    """The conditions that the one expression needs and the other does not."""
    asked = existence_conditions((typed,), {})
    if not asked:
        return ()
    kept = existence_conditions((built,), {})
    sure = given(kept, {})
    return tuple(c for c in asked if c not in kept and simplified(c, sure))


def _parts(e: Apply, times: Times, definitions: Mapping[Name, Expr], smooth: bool, sure: Properties) -> tuple[Expr, ...]:
    """The parts that have to exist: norm2(x)^2 is a sum of squares; norm2(x)^k, abs(x)^k, relu(x)^k are smooth as often as k is above;
    c*abs(c) has no kink, and c*sign(c) no jump, at 0, and relu(abs(x) - 1) is 0 around it."""
    if e.head in PRODUCTS and times.most < 2:
        flat = _flattened(e, smooth, sure)
        return tuple(b for a in e.args for b in (a.args if type(a) is Apply and a in flat else (a,)))
    if e.head in POWERS and type(e.args[1]) is Number and e.args[1].value > 0:
        base, k = e.args[0], e.args[1].value
        while type(base) is Name and base in definitions:
            base = definitions[base]
        if type(base) is Apply and base.head in CONES and (
                k % 2 == 0 and base.head in EVEN_HEADS or k > 2 or k > 1 and times.most < 2):
            return _shown(base, sure)
    return _shown(e, sure)


def _shown(e: Apply, sure: Properties) -> tuple[Expr, ...]:
    """The parts of an operation; of relu(abs(x) - 1), which is 0 around the kink of abs(x), the x."""
    arg = e.args[0] if e.head == "relu" else None
    if type(arg) is not Apply or arg.head != "+":
        return e.args
    return tuple(t.args[0] if type(t) is Apply and t.head == "abs" and _vanishes(e, t.args[0], sure) else t for t in arg.args)


def _vanishes(e: Expr, x: Expr, sure: Properties) -> bool:
    """Whether e is 0 around the zeros of x, as relu(abs(x) - 1) is, and its step."""
    arg = step_of(e) or (e.args[0] if type(e) is Apply and e.head == "relu" else None)
    bars = build("abs", (x,))
    if type(arg) is not Apply or arg.head != "+" or bars not in arg.args:
        return False
    return sure.positive(mul(MINUS, add(*(t for t in arg.args if t is not bars))))


def _flattened(product: Apply, smooth: bool, sure: Properties) -> frozenset[Expr]:
    """The factors whose kink or jump at 0 is none of the product's, as others are 0 there, to a degree that is high enough."""
    factors = [a for a in product.args if type(a) is Apply and (product.head == ".*" or a.shape == SCALAR)]
    kinked = {a: DEGREE[a.head] for a in factors if a.head in KINKED and a.head in DEGREE}
    degrees: dict[Expr, Fraction] = {}
    for x, k in (found for a in product.args if kinked for found in _powers(a)):
        degrees[x] = degrees.get(x, 0) + k
    cut = [a for a in factors if kinked and (step_of(a) or a.head == "relu")]
    return frozenset(a for a, k in kinked.items() if degrees.get(x := a.args[0], 0) > (1 if smooth else k)
                     or any(_vanishes(b, x, sure) for b in cut))


def _powers(e: Expr) -> Iterator[tuple[Expr, Fraction]]:
    """The x and k for which e is |x|^k but for its sign."""
    k = Fraction(1)
    while True:
        yield e, k
        if type(e) is Apply and DEGREE.get(e.head):
            k *= Fraction(DEGREE[e.head])
        elif type(e) is Apply and e.head in POWERS and type(e.args[1]) is Number and (e.shape == SCALAR or e.head == ".^"):
            k *= Fraction(e.args[1].value)
        else:
            return
        e = e.args[0]


def _of(e: Apply, smooth: bool, sure: Properties) -> list[Condition]:
    """What one operation asks of its argument; abs(x), relu(x) and norm1(x) have no kink where x is never negative, or never positive."""
    head = e.head
    if not e.args:
        return []
    x = e.args[0]
    if (place := selection(e)) is not None:
        last = place[0] + place[1] - ONE
        return [] if at_most(last, e.shape[0]) else [Condition("from", size(e.shape[0] - last))]
    if head in POWERS:
        return _of_power(x, e.args[1], head == "^" and x.shape != SCALAR, smooth)
    flat = smooth and head in KINKED and (_constant_between_jumps(x) or SIGNS[head] == NONNEGATIVE and any(
        map(sure.nonnegative, (x, plain(x), mul(MINUS, x)))))
    if head == "sign":      # of what is 0 where t is not positive: it jumps where t is 0
        inner = x
        while type(inner) is Name and (body := sure.body(inner)) is not None:
            inner = body
        while type(inner) is Apply and NONZERO_WHERE.get(inner.head) == ABOVE_ZERO and SIGNS[inner.head] == NONNEGATIVE:
            x = inner = inner.args[0]
    limits = (SMOOTH if smooth and not flat else DOMAIN).get(head, ())
    return [Condition(limit.kind, build(limit.of, (x,)) if limit.of else x, limit.bound) for limit in limits]


def _constant_between_jumps(e: Expr) -> bool:
    """Whether names stand below signs only, as in 1 - sign(t)."""
    return all(map(_constant_between_jumps, e.args)) if type(e) is Apply and e.head != "sign" else type(e) is not Name or e.kind == "size"


def _of_power(x: Expr, exponent: Expr, matrix: bool, smooth: bool) -> list[Condition]:
    k = exponent.value if type(exponent) is Number else None
    if k is None:
        least = lowest(exponent)
        if least is None:
            return [Condition("above", x)]
        return [] if least >= 0 else [Condition("invertible" if matrix else "apart", x)]
    if k % 1:
        return [Condition("above" if k < 0 or (smooth and k < 1) else "from", x)]
    if k < 0:
        return [Condition("invertible" if matrix else "apart", x)]
    return []
