"""An index that two factors of a product have, where no sum is written: the product of two entries, or a sum by convention."""

from __future__ import annotations

from itertools import pairwise

from .latex_names import Declared
from ..grammar.brackets import depths
from ..grammar.tokens import Line
from ..latex.formula import PLACES
from ..latex.macros import lowered
from ..latex.tokens import GREEK, PAIRS, Token


def not_by_convention(source: list[Token], names: Declared, line: Line) -> None:
    """Refuse a product of entries in which an index stands twice, and nowhere on another side: a convention sums over it."""
    if any(t in (r"\sum", r"\prod") for t, _ in source):
        return
    below = {k: {t for t in part if t in PLACES and not names.known(t)} for k, part, _ in lowered(source)}
    if sum(map(len, below.values())) < 2:
        return
    before = {k: [t for t, _ in source[max(k - 4, 0):k - 1]] for k in below}
    free = {t for k, part in below.items() if before[k][-2:-1] == ["/"] or before[k] in (["}", "{", r"\partial"], ["}", "{", "d"])
            for t in part}
    nested = list(depths((t for t, _ in source), PAIRS))
    ends = [k for k, (t, _) in enumerate(source) if t in ("=", r"\is") and nested[k] == 0]
    for start, end in pairwise([-1, *ends, len(source)]):
        elsewhere = free.union(*(part for k, part in below.items() if not start < k < end))
        twice = _twice(source, below, names, range(start + 1, end), nested) - elsewhere
        if twice:
            at, i = next(k for k, part in below.items() if start < k < end and twice & part), min(twice)
            said = f"a product with the index {i} twice has two readings: of entries, and summed over {i}"
            raise names.misread(line.text, source[at - 1][1], said, f"write \\sum_{i} before what is summed, or unit({i})'*x for an entry")


def _twice(source: list[Token], below: dict[int, set[str]], names: Declared, places: range, nested: list[int]) -> set[str]:
    """The indices that two factors have; each of the terms of a bracket is a factor by itself."""
    found, seen = set[str](), {0: set[str]()}       # by depth: what the product so far has
    for k in places:
        token, depth = source[k][0], nested[k]
        if token in ("+", "-", ",") or token in PAIRS:
            seen[depth] = set(seen.get(depth - 1, ())) if source[k - 1][0] != "}" else set()        # what is divided by is no factor
        elif token in PAIRS.values():
            seen[depth] = seen.get(depth, set()) | seen.pop(depth + 1, set())
        name = GREEK.get(source[k - 1][0].lstrip("\\"), source[k - 1][0]) if k in below else ""
        if name and names.known(name) and names.shape(name) != ("1", "1"):
            found |= seen.setdefault(depth, set()) & below[k]
            seen[depth] |= below[k]
    return found
