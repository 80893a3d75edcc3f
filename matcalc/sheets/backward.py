"""One step of a backward pass: d(L)/d(z1) from d(L)/d(z2), whatever L makes of z2."""

from __future__ import annotations

import re
from collections.abc import Mapping

from ..reading.losses import made_of

QUOTIENT = re.compile(r"\(*d\((\w+)\)/d\((\w+)\)\)*'?")
USED = re.compile(r"\bd\((\w+)\)/d\((\w+)\)")


def between(left: str, right: str, bodies: Mapping[str, set[str]]) -> tuple[str, tuple[str, ...]] | None:
    """L, and the names through which alone it depends on what it is differentiated by on the left: by these it is on the right."""
    found = QUOTIENT.fullmatch(left)
    used = USED.findall(right)
    if found is None or not used or found[1] not in bodies or any(f != found[1] for f, _ in used):
        return None
    f, x = found.groups()
    names = tuple(dict.fromkeys(y for _, y in used))
    apart = all(y in bodies and y not in (f, x) and x in made_of([y], bodies) for y in names) and not any(
        y != z and y in made_of([z], bodies) for y in names for z in names)
    without = {n: b for n, b in bodies.items() if n not in names}
    return (f, names) if apart and x not in made_of([f], without) else None
