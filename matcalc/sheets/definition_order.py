"""The order of definitions."""

from __future__ import annotations

import re
from heapq import heapify, heappop, heappush


def ordered(define: list[tuple[str, str, int]]) -> list[tuple[str, str, int]]:
    """Definitions, each below those it uses; else as they are. One of a circle stands where it is."""
    names = {d[0] for d in define}
    uses = [set(re.findall(r"\w+", body)) & (names - {name}) for name, body, _ in define]
    users: dict[str, list[int]] = {}
    for i, used in enumerate(uses):
        for name in used:
            users.setdefault(name, []).append(i)
    ready, waiting = [i for i, used in enumerate(uses) if not used], dict.fromkeys(range(len(define)))
    heapify(ready)
    out: list[tuple[str, str, int]] = []
    while waiting:
        i = heappop(ready) if ready else next(iter(waiting))
        if i not in waiting:
            continue
        del waiting[i]
        out.append(define[i])
        for user in users.pop(define[i][0], ()):
            uses[user].discard(define[i][0])
            if not uses[user]:
                heappush(ready, user)
    return out
