"""How a problem was read, where that is not plain from what was typed, in words."""

from __future__ import annotations

from typing import Any


def readings(problem: Any) -> list[str]:
    """`L is taken as an abstract scalar function of Y`."""
    return [f"{a.name} is taken as an abstract scalar function of {' and '.join(map(str, a.of))}" for a in problem.abstract]
