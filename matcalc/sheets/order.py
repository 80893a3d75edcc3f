"""The order of definitions."""

from __future__ import annotations

import re


def ordered(define: list[tuple[str, str, int]]) -> list[tuple[str, str, int]]:
    """Definitions, each below those it uses."""
    out: list[tuple[str, str, int]] = []
    waiting = list(define)
    names = {d[0] for d in define}
    done: set[str] = set()
    while waiting:
        ready = next((d for d in waiting if not (set(re.findall(r"\w+", d[1])) & (names - done - {d[0]}))), waiting[0])
        waiting.remove(ready)
        done.add(ready[0])
        out.append(ready)
    return out
