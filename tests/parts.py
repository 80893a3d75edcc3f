"""Long random tests stand in parts, so that processes share them and the fast tier runs the first: which numbers fall to which."""

from __future__ import annotations

import os


TIMES = int(os.environ.get("MATCALC_TIMES", "1"))


def cases(variable: str, default: int) -> int:
    """How many random cases a test takes: a number set in the environment, or its own, MATCALC_TIMES over."""
    return int(os.environ.get(variable) or default * TIMES)


def one_in(k: int) -> int:
    """Of how many rows a test takes one: k of the everyday suite, MATCALC_TIMES as many rows where that is set."""
    return max(1, k // TIMES)


def share(variable: str, default: int, count: int, part: int) -> int:
    """How many of these fall to this part."""
    whole = cases(variable, default)
    return whole * (part + 1) // count - whole * part // count


def seed(default: int) -> int:
    """The seed of this run."""
    return int(os.environ.get("MATCALC_SEED", str(default)))
