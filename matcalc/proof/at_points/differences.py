"""Whether two lists of floats differ, and how a value and an obstacle are written down."""

from __future__ import annotations

import math
from typing import Any

from ...language.deadline import Expired
from .jets import Flat, Jet, Large, Unsupported, TooLarge, AssumptionUnmet
from .point import TooManyDigits, TooExpensive
from ..verdict import Reason, Cause


def finite(u: Jet) -> bool:
    """Whether all entries are ordinary numbers."""
    return all(abs(x) < 1e9 for x in u.parts[0])


def differ(a: Flat, b: Flat) -> bool:
    """Whether two lists of floats are different beyond rounding."""
    size = max(map(abs, a + b), default=0.0)
    return any(abs(x - y) > 1e-6 * max(abs(x), abs(y)) + 1e-9 * (1 + size) for x, y in zip(a, b, strict=True))


def clearly_differ(a: Flat, b: Flat) -> bool:
    """Whether two lists differ by what no rounding makes of ordinary numbers."""
    return any(abs(x - y) > 1e-3 * max(abs(x), abs(y)) and x and y for x, y in zip(a, b, strict=True))


def written(x: Any) -> float | str:
    """A float; in words where it is too small or too large for one."""
    found = float(x)
    return found if math.isfinite(found) and bool(found) == bool(x) else f"{x:.6g}"


def shown(a: Flat) -> Any:
    return a[0] if len(a) == 1 else a


def late(e: Expired) -> Reason:
    return Reason(Cause.DEADLINE, (e.seconds,))


def cause_of(e: Exception) -> Reason:
    """What an exception at a point means."""
    for kind, why in BECAUSE:
        if isinstance(e, kind):
            return Reason(why, e.args)
    return Reason(Cause.NOWHERE, e.args[:1])


BECAUSE = ((AssumptionUnmet, Cause.UNMET), (Large, Cause.LARGE_VALUES), (TooLarge, Cause.TOO_LARGE), (TooManyDigits, Cause.DIGITS),
           (TooExpensive, Cause.TOO_LARGE),
           (Unsupported, Cause.OPAQUE))
