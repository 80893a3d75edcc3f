"""Under which conditions both sides of something proved exist, read off the trees as typed: only those that can fail.

An equation of values needs its parts to exist; where something is differentiated, its parts must be smooth there.
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import NamedTuple

from .arithmetic import add, mul, num
from .build import build
from .functions import DOMAIN, POWERS, SMOOTH
from .nodes import Apply, Expr, Name, Number
from .shape import SCALAR
from .sight import MINUS, UNIT, coefficient, is_unit
from .sure import Sure


class Condition(NamedTuple):
    """`invertible`, `nonzero` (as a whole), `apart` (no entry is 0), `above` or `from` a bound, `between` -1 and 1."""

    kind: str
    of: Expr
    bound: Fraction | int = 0

    def __str__(self) -> str:
        e = self.of
        if self.kind == "invertible":
            return f"{e} invertible"
        if self.kind == "apart" and e.shape != SCALAR:
            return f"no entry of {e} is 0"
        if self.kind in ("nonzero", "apart"):
            return f"{e} != 0"
        if self.kind in ("between", "within"):
            sign = "<" if self.kind == "within" else "<="
            return f"-1 {sign} {e} {sign} 1"
        return f"{e} {'>' if self.kind == 'above' else '>='} {num(self.bound)}"


def conditions(read: tuple[Expr, ...], definitions: Mapping[Name, Expr], moving: tuple[Expr, ...] = ()) -> tuple[str, ...]:
    """What has to exist in what was read; `moving` is differentiated."""
    return tuple(map(str, needed(read, definitions, moving)))


def needed(read: tuple[Expr, ...], definitions: Mapping[Name, Expr], moving: tuple[Expr, ...] = ()) -> tuple[Condition, ...]:
    """The conditions as data, each once, none that follows from another."""
    sure = Sure(definitions)
    out: dict[Condition, None] = {}
    seen: set[tuple[Expr, bool]] = set()
    todo = deque([*((e, True) for e in moving), *((e, False) for e in read)])
    while todo:
        e, smooth = todo.popleft()
        if (e, smooth) in seen or (e, True) in seen:
            continue
        seen.add((e, smooth))
        if type(e) is Name and e in definitions:
            todo.append((definitions[e], smooth))
        if type(e) is not Apply:
            continue
        smooth = smooth or e.head in ("d", "derivative")
        todo.extend((a, smooth) for a in _parts(e))
        for c in _of(e, smooth):
            out.update(dict.fromkeys(_settled(c, sure)))
    return tuple(c for c in out if not _follows(c, out))


def _parts(e: Apply) -> tuple[Expr, ...]:
    """The parts that have to exist: norm2(x)^2 is a sum of squares, norm2(x)^3 smooth twice."""
    if e.head in ("^", ".^") and type(e.args[1]) is Number and e.args[1].value > 0 and (e.args[1].value % 2 == 0 or e.args[1].value > 2):
        base = e.args[0]
        if type(base) is Apply and base.head == "norm2":
            return base.args
    return e.args


def _of(e: Apply, smooth: bool) -> list[Condition]:
    """What one operation asks of its argument."""
    head = e.head
    if not e.args:
        return []
    x = e.args[0]
    if head in POWERS:
        return _of_power(x, e.args[1], head == "^" and x.shape != SCALAR, smooth)
    limits = (SMOOTH if smooth else DOMAIN).get(head, ())
    return [Condition(limit.kind, build(limit.of, (x,)) if limit.of else x, limit.bound) for limit in limits]


def _of_power(x: Expr, exponent: Expr, matrix: bool, smooth: bool) -> list[Condition]:
    k = exponent.value if type(exponent) is Number else None
    if k is None:
        least = _least(exponent)
        if least is None:
            return [Condition("above", x)]
        return [] if least >= 0 else [Condition("invertible" if matrix else "apart", x)]
    if k % 1:
        return [Condition("above" if k < 0 or (smooth and k < 1) else "from", x)]
    if k < 0:
        return [Condition("invertible" if matrix else "apart", x)]
    return []


# ----------------------------------------------------------------------------------------------- in short
def _settled(c: Condition, sure: Sure) -> list[Condition]:
    """A condition in its shortest form: taken apart into factors, what cannot fail left out."""
    kind, e, bound = c
    if kind == "invertible":
        return _invertible(e, sure)
    if kind == "apart":
        return _apart(e, sure)
    if kind == "nonzero":
        return [] if sure.nonzero(e) else [Condition("nonzero", plain(e))]
    if kind in ("above", "from"):
        return _above(e, bound, kind == "above", sure)
    value = _known(e)
    if value is not None and abs(value) <= 1 + (1e-9 if kind == "between" else -1e-9):
        return []
    return [Condition(kind, plain(e))]


def _invertible(e: Expr, sure: Sure) -> list[Condition]:
    if e.shape == SCALAR:
        return _apart(e, sure)
    if sure.invertible(e):
        return []
    if type(e) is Apply:
        if e.head in ("'", "inv", "adj", "^"):
            return _invertible(e.args[0], sure)
        if e.head == "diag":
            return _apart(e.args[0], sure)
        if (e.head == "*" and all(a.shape in (SCALAR, e.shape) for a in e.args)) or (
                e.head == "kron" and all(a.shape[0] is a.shape[1] for a in e.args)):
            return [c for a in e.args for c in _invertible(a, sure)]
    return [Condition("invertible", plain(e))]


def _apart(e: Expr, sure: Sure) -> list[Condition]:
    if sure.nonzero(e):
        return []
    known = _known(e)
    if known is not None and abs(known) > 1e-9:
        return []
    if type(e) is Apply:
        if e.head in ("*", ".*") and all(a.shape in (SCALAR, e.shape) for a in e.args) and (e.shape == SCALAR or e.head == ".*"):
            return [c for a in e.args for c in _apart(a, sure)]
        if e.head in ("^", ".^") and (e.head == ".^" or e.shape == SCALAR) and type(e.args[1]) is Number and e.args[1].value:
            return _apart(e.args[0], sure)
        if e.head in ("'", "vec", "abs"):
            return _apart(e.args[0], sure)
        if e.head == "det":
            return _invertible(e.args[0], sure)
        if e.head == "sqrt":
            return _above(e.args[0], 0, True, sure)
        if e.head == "norm2":
            return [Condition("nonzero", plain(e.args[0]))]
    return [Condition("apart", plain(e))]


def _above(e: Expr, bound: Fraction | int, strict: bool, sure: Sure) -> list[Condition]:
    """e > bound or e >= bound, for every entry."""
    known = _known(e)
    if known is not None and known > bound + 1e-9:
        return []
    if bound <= 0 and (sure.positive(e) or (sure.nonnegative(e) and (not strict or bound < 0))):
        return []
    if bound == 0 and strict and sure.nonnegative(e):
        return _apart(e, sure)
    if bound == 0 and type(e) is Apply and e.head in ("*", ".*") and all(a.shape in (SCALAR, e.shape) for a in e.args):
        left = [a for a in e.args if not sure.positive(a)]
        if len(left) < len(e.args) and left:
            return _above(left[0] if len(left) == 1 else build(e.head if left[0].shape == e.shape else "*", left), 0, strict, sure)
    if type(e) is Apply and e.head in ("'", "vec", "sqrt") and bound == 0:
        return _above(e.args[0], 0, strict, sure)
    e = plain(e)
    if type(e) is Apply and e.head == "+":
        for t in e.args:
            value, rest = (t.value, UNIT) if type(t) is Number else coefficient(t)
            if is_unit(rest):               # 1 + x > 0 is x > -1
                bound, e = bound - value, add(*(u for u in e.args if u is not t))
                break
    if type(e) is Apply and e.head == "*" and type(e.args[0]) is Number and e.args[0].value > 0:
        bound, e = Fraction(bound) / Fraction(e.args[0].value), mul(*e.args[1:])
    value, rest = coefficient(e)
    if value == bound == -1 and type(rest) is Apply and rest.head in POWERS and type(rest.args[1]) is Number and rest.args[1].value == 2 \
            and (rest.head == ".^" or rest.shape == SCALAR):
        return [Condition("within" if strict else "between", rest.args[0])]      # 1 - x^2 > 0 is -1 < x < 1
    return [Condition("above" if strict else "from", e, num(bound).value)]


def plain(e: Expr) -> Expr:
    """An expression as the rest of the page writes it."""
    if type(e) is not Apply or not e.args:
        return e
    return build(e.head, [plain(a) for a in e.args])


def _follows(c: Condition, others: Mapping[Condition, None]) -> bool:
    """Whether another condition says as much or more."""
    kind, e, bound = c
    positive = any(d.kind == "above" and d.of is e and d.bound >= 0 for d in others)
    if kind in ("apart", "nonzero"):
        opposite = mul(MINUS, e)
        return positive or any(d.kind == "apart" and d.of is opposite and str(d) < str(c) for d in others) or (
            kind == "nonzero" and Condition("apart", e) in others)
    if kind == "from":
        return any(d.kind == "above" and d.of is e and d.bound >= bound for d in others)
    if kind == "above":
        return any(d.kind == "above" and d.of is e and d.bound > bound for d in others)
    return kind == "between" and Condition("within", e) in others


def _known(x: Expr) -> float | None:
    """The value of what has no variable; the least one of what is made of sizes, if that is positive."""
    if x.shape != SCALAR or x.names:
        return None
    least = _least(x)
    if least is not None and least > 0:
        return float(least)
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
    if x.head == "pi":
        return math.pi
    parts = [_number(a) for a in x.args]
    if x.head == "+":
        return sum(parts)
    if x.head == "*":
        return math.prod(parts)
    return _CONSTANT[x.head](*parts)


_CONSTANT: dict[str, Callable[..., float]] = {"^": math.pow, "exp": math.exp, "log": math.log, "sqrt": math.sqrt, "sin": math.sin,
                                              "cos": math.cos, "arctan": math.atan, "tanh": math.tanh}


def _least(k: Expr) -> int | None:
    """The least value of a sum or product of sizes and whole numbers, every size being at least 1; None for others."""
    if type(k) is Number:
        return int(k.value) if k.value % 1 == 0 else None
    if type(k) is Name:
        return 1 if k.kind == "size" else None
    if type(k) is not Apply or k.shape != SCALAR or k.head not in ("+", "*"):
        return None
    parts = [_least(a) for a in k.args]
    least = 0 if k.head == "+" else 1
    for p in parts:
        if p is None:
            return None
        if k.head == "+":
            least += p
        else:
            least *= p
    if k.head == "*" and any(p is not None and p < 0 for p in parts):
        return -1000                # -n has no least value
    return least
