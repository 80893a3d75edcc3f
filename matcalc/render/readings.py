"""How a problem was read, in words, where that is not plain from what was typed."""

from __future__ import annotations

from ..proof.verdict import Verdict


def readings(v: Verdict) -> list[str]:
    """`L is taken as an abstract scalar function of Y`."""
    return [f"{name} is taken as an abstract scalar function of {' and '.join(of)}" for name, *of in v.abstract]
