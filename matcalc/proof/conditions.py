"""Under which conditions both sides of something proved exist: only those that can fail are said."""

from __future__ import annotations

from random import Random

from ..language.expr import SCALAR, Apply, Expr, Name, Number
from .jets import Opaque, Outside, Singular
from .point import Point, TooLarge
from .reals import Reals
from .values import Evaluator


def conditions(read: tuple[Expr, ...], definitions: dict[Name, Expr]) -> tuple[str, ...]:
    """What has to exist: denominators, inverses, arguments of log, signs."""
    out: dict[str, None] = {}
    seen: set[Expr] = set()
    todo = list(read)
    while todo:
        e = todo.pop(0)
        if e in seen:
            continue
        seen.add(e)
        if type(e) is Name and e in definitions:
            todo.append(definitions[e])
        if type(e) is not Apply:
            continue
        todo += _smooth(e)
        text = _condition(e)
        if text:
            out[text] = None
    return tuple(c for c in out if not (c.startswith("det(") and c.endswith(") != 0") and f"{c[4:-6]} invertible" in out))


def _smooth(e: Apply) -> tuple[Expr, ...]:
    """The parts that have to exist: norm2(x)^2 is a sum of squares."""
    if e.head in ("^", ".^") and type(e.args[1]) is Number and e.args[1].value > 0 and e.args[1].value % 2 == 0:
        base = e.args[0]
        if type(base) is Apply and base.head == "norm2":
            return base.args
    return e.args


def _condition(e: Apply) -> str:
    x = e.args[0] if e.args else None
    if x is None:
        return ""
    if e.head in ("inv", "adj", "logdet"):
        return f"{x} invertible"
    if e.head in ("sign", "abs", "relu", "norm1"):
        return _apart(x) if e.shape == SCALAR and e.head != "norm1" else f"no entry of {x} is 0"
    if e.head in ("log", "log1p"):
        return _above(x, 0 if e.head == "log" else -1)
    if e.head in ("norm2", "sqrt"):
        return f"{x} != 0" if e.head == "norm2" else _above(x)
    if e.head in ("^", ".^"):
        k = e.args[1]
        value = k.value if type(k) is Number else None
        if value is None:
            least = _least(k)
            if least is None:
                return _above(x)
            if least >= 0:
                return ""
            return f"{x} invertible" if x.shape != SCALAR and e.head == "^" else _apart(x)
        if value < 0:
            if x.shape != SCALAR and e.head == "^":
                return f"{x} invertible"
            return _apart(x) if value % 1 == 0 else _above(x)
        if value % 1:
            return _above(x)
    return ""


def _above(x: Expr, bound: int = 0) -> str:
    known = _known(x)
    return "" if known is not None and known > bound + 1e-9 else f"{x} > {bound}"


def _apart(x: Expr) -> str:
    known = _known(x)
    return "" if known is not None and abs(known) > 1e-9 else f"{x} != 0"


def _known(x: Expr) -> float | None:
    """The value of what has no variable; the least one of what is made of sizes, if that is positive."""
    if x.shape != SCALAR or x.names:
        return None
    least = _least(x)
    if least is not None and least > 0:
        return float(least)
    try:
        value: float = Evaluator(Point(Reals(Random(0)), {}, {})).value(x).parts[0][0]
    except (Opaque, Outside, Singular, TooLarge, KeyError, ArithmeticError):
        return None
    return value


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
