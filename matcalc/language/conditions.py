"""Conditions for something to exist: one condition each, in its shortest form, and none where it cannot fail."""

from __future__ import annotations

import math
from collections.abc import Callable
from fractions import Fraction

from .arithmetic import add, mul
from .constants import num, ones
from .build import build
from .columns import ALIKE, FROM_ZERO, Limit
from .operations import CONSTANTS, DOMAIN, ELEMENTWISE_NAMES, FACTORED, INVERTIBLE_WHERE, KEEPS, NONZERO_WHERE, POWERS, PRODUCTS, THROUGH
from .operations import SIGNS as SIGNS_OF
from .nodes import Apply, Expr, Name, Number
from .numbers import Rational
from .shape import ONE, SCALAR
from .inspection import MINUS, UNIT, ZERO, coefficient, is_unit, lowest, untransposed
from .signs import invertible_with
from .properties import Properties
from ..records import Record


class Condition(Record):
    """`invertible`, `nonzero` (as a whole), `apart` (no entry is 0), `simple` (the largest eigenvalue), `distinct` (the eigenvalues),
    `full` (the singular values, none of them 0), or a bound for every entry: see SIGNS."""

    kind: str
    of: Expr
    bound: Fraction | int = 0
    upper: Fraction | int = 1       # of what is within or between

    def __str__(self) -> str:
        from . import shorthand
        e = shorthand.shorthand(self.of)
        if self.kind in PHRASES:
            return PHRASES[self.kind].format(e)
        if self.kind == "apart" and e.shape != SCALAR:
            return f"no entry of {e} is 0"
        if self.kind in ("nonzero", "apart"):
            return f"{e} != {num(self.bound)}"
        sign = SIGNS[self.kind]
        sizes = self.of_sizes()
        if sizes is not None:
            return f"{sizes[0]} <= {sizes[1]}"
        return f"{num(self.bound)} {sign} {e} {sign} {num(self.upper)}" if self.kind in INSIDE else f"{e} {sign} {num(self.bound)}"

    def of_sizes(self) -> tuple[Expr, Expr] | None:
        """n - i >= 0 as i and n, of which the one is at most the other."""
        e = self.of
        if self.kind != "from" or e.names or type(e) is not Apply or e.head != "+":
            return None
        less = [t for t in e.args if coefficient(t)[0] < 0]
        more = [t for t in (*e.args, num(-self.bound)) if t not in less and t is not ZERO]
        if not less or not more or lowest(e) is None:
            return None
        return add(*(mul(MINUS, t) for t in less)), add(*more)


PHRASES = {"invertible": "{} invertible", "simple": "the largest eigenvalue of {} simple", "distinct": "the eigenvalues of {} distinct",
           "full": "the singular values of {} distinct and not 0"}
SIGNS = {"above": ">", "from": ">=", "below": "<", "upto": "<=", "within": "<", "between": "<="}
INSIDE = frozenset(("within", "between"))
SAME_ZERO = KEEPS["apart"] - PRODUCTS - POWERS          # an entry is 0 where one of the argument is


def simplified(c: Condition, sure: Properties) -> list[Condition]:
    """A condition in its shortest form: taken apart into factors, what cannot fail left out."""
    found = _settled(c, sure)
    e = plain(c.of) if found else c.of
    if e is c.of:
        return found
    again = _settled(c._replace(of=e), sure)
    return again if len(again) <= len(found) else found


def _settled(c: Condition, sure: Properties) -> list[Condition]:
    """As it is typed."""
    kind, e, bound, upper = c
    if kind == "invertible":
        return _invertible(e, sure)
    if kind == "apart":
        return _apart(add(e, mul(num(-bound), ones(*e.shape))) if bound else e, sure)
    if kind in ("simple", "distinct", "full"):
        return [] if e.shape == SCALAR else [Condition(kind, plain(e))]
    if kind == "nonzero":
        return [] if sure.nonzero(e) else _somewhere(e, sure)
    if kind in ("above", "from"):
        return _above(e, bound, kind == "above", sure)
    if kind in ("below", "upto"):
        return _above(mul(MINUS, e), -bound, kind == "below", sure)
    value = None if e.names else _constant(e)
    if value is not None and abs(value) <= 1 + (1e-9 if kind == "between" else -1e-9):
        return []
    strict = kind == "within"
    inside = _above(e, bound, strict, sure) or _above(mul(MINUS, e), -upper, strict, sure)
    return [Condition(kind, plain(e), bound, upper)] if inside else []


def _somewhere(e: Expr, sure: Properties) -> list[Condition]:
    """Not zero as a whole: a probability vector never is, nor what is invertible; at the ends of a product that changes nothing."""
    if type(e) is Apply and e.head in SAME_ZERO:
        return _somewhere(e.args[0], sure)
    if type(e) is Apply and e.head in PRODUCTS - FACTORED:
        return [c for a in e.args for c in _somewhere(a, sure)]       # zero where one factor is
    if type(e) is Apply and e.head == ".^" and type(e.args[1]) is Number and e.args[1].value > 0:
        return _somewhere(e.args[0], sure)
    if type(e) is Apply and e.head == "*":
        kept = [a for a in e.args if a.shape != SCALAR or not sure.nonzero(a)]
        while kept and sure.invertible(kept[-1]):
            kept.pop()
        first = next((k for k, a in enumerate(kept) if a.shape != SCALAR), len(kept))
        while first < len(kept) and sure.invertible(kept[first]):
            del kept[first]
        if len(kept) < len(e.args):
            return _somewhere(mul(*kept), sure) if kept else []
    never = sure.invertible(e) or type(e) is Name and "simplex" in e.words or type(e) is Apply and e.head in CONSTANTS - {"zeros"}
    return [] if never else [Condition("nonzero", plain(e))]


def _invertible(e: Expr, sure: Properties) -> list[Condition]:
    if e.shape == SCALAR:
        return _apart(e, sure)
    if sure.invertible(e):
        return []
    if type(e) is Apply:
        if e.head in INVERTIBLE_WHERE:
            return _by_row(INVERTIBLE_WHERE[e.head], e.args[0], sure)
        factors = invertible_with(e)
        if factors:
            return [c for a in factors for c in _invertible(a, sure)]
    return [Condition("invertible", plain(e))]


def _apart(e: Expr, sure: Properties) -> list[Condition]:
    if sure.nonzero(e):
        return []
    known = _known(e)
    if known is not None and abs(known) > 1e-9:
        return []
    if type(e) is Apply:
        if e.head in FACTORED and all(a.shape in (SCALAR, e.shape) for a in e.args) and (
                e.shape == SCALAR or e.head == ".*" or sum(a.shape != SCALAR for a in e.args) == 1):
            return [c for a in e.args for c in _apart(a, sure)]
        if e.head == "*" and ONE not in e.shape and (is_unit(e.args[-1]) or is_unit(e.args[0])):      # equal columns, or equal rows
            one = mul(*e.args[:-1], ones(e.args[-1].shape[0])) if is_unit(e.args[-1]) else mul(ones(ONE, e.args[0].shape[1]), *e.args[1:])
            return _apart(one, sure)
        k = next((k for k, a in enumerate(e.args[:-1], 1) if a.shape[1] is ONE and a.shape != SCALAR), 0) if e.head == "*" else 0
        if k:           # a column times a row
            return [c for a in (mul(*e.args[:k]), mul(*e.args[k:])) if not _ones(a) for c in _apart(a, sure)]
        scalars = [a for a in e.args if a.shape == SCALAR] if e.head == "*" else []
        if scalars:
            return [c for a in (*scalars, mul(*(a for a in e.args if a.shape != SCALAR))) for c in _apart(a, sure)]
        if e.head in POWERS and (e.head == ".^" or e.shape == SCALAR) and type(e.args[1]) is Number and e.args[1].value:
            return _apart(e.args[0], sure)
        if DOMAIN.get(e.head) == FROM_ZERO:
            return _above(e.args[0], 0, True, sure)
        if e.head in SAME_ZERO:
            return _apart(e.args[0], sure)
        if e.head in NONZERO_WHERE and (e.args[0].shape == SCALAR or not any(limit.bound for limit in NONZERO_WHERE[e.head])):
            return _by_row(NONZERO_WHERE[e.head], e.args[0], sure)
        squared = _squared(e, sure)
        if squared is not None:
            return _somewhere(squared, sure)
    e = plain(e)
    if e.shape == SCALAR and type(e) is Apply and e.head == "+":
        value, rest = _split(e)
        return [Condition("apart", mul(num(-1), rest), value) if _negative(rest) else Condition("apart", rest, -value)] if value else [
            Condition("apart", e)]
    return [Condition("apart", e)]


def _by_row(limits: tuple[Limit, ...], e: Expr, sure: Properties) -> list[Condition]:
    """What the rows of the operation table ask of an argument."""
    return [c for limit in limits for c in _settled(Condition(limit.kind, e, limit.bound), sure)]


def _ones(e: Expr) -> bool:
    """Whether this is a column of ones, or a row."""
    return e.shape != SCALAR and is_unit(untransposed(e))


def _split(e: Apply) -> tuple[Rational, Expr]:
    """The number in a sum, and the rest of it."""
    value = next((t.value for t in e.args if type(t) is Number), 0)
    return value, add(*(t for t in e.args if type(t) is not Number))


def _negative(e: Expr) -> bool:
    return type(e) is Apply and e.head == "*" and type(e.args[0]) is Number and e.args[0].value < 0


def _squared(e: Apply, sure: Properties) -> Expr | None:
    """The v of v'*v or of v'*S*v with a positive definite S (v may be B*x), the X of sum(X.^2) and tr(X'*X), the w of q'*w with q > 0 and
    w >= 0: zero where it is zero."""
    if e.head in ("sum", "tr"):
        x = e.args[0]
        if type(x) is not Apply or (x.head == ".^") != (e.head == "sum"):
            return None
        if x.head == ".^":
            return x.args[0] if type(x.args[1]) is Number and x.args[1].value > 0 and x.args[1].value % 2 == 0 else None
        return x.args[-1] if x.head == "*" and len(x.args) == 2 and sure.definite(x, True) else None
    chain = [a for a in e.args if a.shape != SCALAR]
    k = len(chain)
    if e.head != "*" or e.shape != SCALAR or not chain or not all(a in chain or sure.nonzero(a) for a in e.args):
        return None
    if sure.gram(chain) and (k % 2 == 0 or sure.definite(chain[k // 2])):
        return mul(*chain[(k + 1) // 2:])
    rest = next((b for a, b in (chain, chain[::-1]) if sure.positive(a)), None) if k == 2 else None
    return rest if rest is not None and sure.nonnegative(rest) else None


def _above(e: Expr, bound: Fraction | int, strict: bool, sure: Properties) -> list[Condition]:
    """e > bound or e >= bound, for every entry."""
    known = _known(e)
    if known is not None and known > bound + 1e-9:
        return []
    if bound <= 0 and (sure.positive(e) or (sure.nonnegative(e) and (not strict or bound < 0))):
        return []
    if bound and e.shape == SCALAR and type(e) is not Number:
        rest = add(e, num(-bound))
        if sure.positive(rest) or not strict and sure.nonnegative(rest):
            return []
    if bound == 0 and strict and sure.nonnegative(e):
        return _apart(e, sure)
    if bound == 0 and type(e) is Apply and e.head in POWERS and (e.head == ".^" or e.shape == SCALAR) \
            and type(e.args[1]) is Number and e.args[1].value % 2 == 1:
        return _above(e.args[0], 0, strict or e.args[1].value < 0, sure)      # c^3 > 0 and 1/c > 0 are c > 0
    if bound == 0 and type(e) is Apply and e.head in FACTORED and all(a.shape in (SCALAR, e.shape) for a in e.args):
        never_below = [a for a in e.args if strict and e.shape == SCALAR and sure.nonnegative(a)]        # c*x'*x > 0 is c > 0 and x != 0
        if 0 < len(never_below) < len(e.args):
            rest = mul(*(a for a in e.args if a not in never_below))
            return [*(c for a in never_below for c in _apart(a, sure)), *_above(rest, 0, True, sure)]
        left = [a for a in e.args if not sure.positive(a)]
        if len(left) < len(e.args) and left:
            return _above(left[0] if len(left) == 1 else build(e.head if left[0].shape == e.shape else "*", left), 0, strict, sure)
    if type(e) is Apply and bound == 0 and SIGNS_OF.get(e.head) == ALIKE and e.head in SAME_ZERO:
        return _above(e.args[0], 0, strict, sure)
    if type(e) is Apply and e.head in THROUGH and THROUGH[e.head][1] == bound:
        return _above(e.args[0], THROUGH[e.head][0], strict, sure)      # log(x) > 0 is x > 1
    e = plain(e)
    if type(e) is Apply and e.head == "+":
        for t in e.args:
            value, rest = (t.value, UNIT) if type(t) is Number else coefficient(t)
            if is_unit(rest):               # 1 + x > 0 is x > -1
                bound, e = bound - value, add(*(u for u in e.args if u is not t))
                break
    transposed = False
    if type(e) is Apply and e.head == "*" and type(e.args[0]) is Number:
        transposed = e.args[0].value < 0
        bound, e = Fraction(bound) / Fraction(e.args[0].value), mul(*e.args[1:])
    if not transposed:
        return [Condition("above" if strict else "from", e, num(bound).value)]
    if bound == 1 and type(e) is Apply and e.head in POWERS and type(e.args[1]) is Number and e.args[1].value == 2 \
            and (e.head == ".^" or e.shape == SCALAR):
        return [Condition("within" if strict else "between", e.args[0], -1)]     # 1 - x^2 > 0 is -1 < x < 1
    return [Condition("below" if strict else "upto", e, num(bound).value)]


def plain(e: Expr) -> Expr:
    """An expression as the rest of the page writes it."""
    if type(e) is not Apply or not e.args:
        return e
    return build(e.head, [plain(a) for a in e.args])


def _known(x: Expr) -> float | None:
    """The value of what has no variable; the least one of what is made of sizes, if that is positive."""
    if x.shape != SCALAR or x.names:
        return None
    least = lowest(x)
    return float(least) if least is not None and least > 0 else _constant(x)


def _constant(x: Expr) -> float | None:
    """The value of what has no variable and no size."""
    try:
        return _number(x)
    except (ValueError, ArithmeticError, LookupError):
        return None


def _number(x: Expr) -> float:
    """A constant's value; LookupError where something in it is none."""
    if type(x) is Number:
        return float(x.value)
    if type(x) is not Apply or x.shape != SCALAR:
        raise LookupError
    return _CONSTANT[x.head](*map(_number, x.args))


_CONSTANT: dict[str, Callable[..., float]] = {"+": lambda *parts: sum(parts), "*": lambda *parts: math.prod(parts), "^": math.pow,
                                              "pi": lambda: math.pi}
_CONSTANT |= {name: found for name in ELEMENTWISE_NAMES if (found := getattr(math, name.replace("arc", "a"), None)) is not None}
