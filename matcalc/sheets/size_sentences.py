"""Sizes given in sentences: X is an m \\times n matrix, w of size n \\times 1, the m \\times n matrix A."""

from __future__ import annotations

import re
from collections.abc import Iterator

from .sentences import Item

SIZE = re.compile(r"[\w\s\\{}+]*\\times[\w\s\\{}+]*|[\w\s+]*×[\w\s+]*")
BEHIND = re.compile(r"(?:, )?(?:(?:which )?(?:is|are|be|has|have|with|being|of|having)|\(|\( ?a|:)"
                    r"(?: (?:an?|the|both|all|some|real|size|sizes|shape|"
                    r"shapes|order|"
                    r"dimensions?|dimensionality|of))*$|an?(?: \w+)?$")
BEFORE = re.compile(r"(?:(?!matri|vector)[a-z-]+ ){0,2}(?:matrix|matrices|vector|vectors|matrixes)$")
JOINS = re.compile(r"(?:,|and|, and)$")


def sized(found: list[Item]) -> Iterator[tuple[Item, Item]]:
    """Formulas of a sentence with the formula that is their size."""
    formulas = [k for k, item in enumerate(found) if item.kind == "formula"]

    def between(one: int, two: int) -> str:
        return " ".join(item.text for item in found[one + 1:two])
    for j, k in enumerate(formulas):
        if SIZE.fullmatch(found[k].text) is None:
            continue
        before, behind = formulas[:j][::-1], formulas[j + 1:j + 2]
        if before and BEHIND.match(between(before[0], k)):
            yield found[before[0]], found[k]
            for one, two in zip(before[1:], before, strict=False):
                if not JOINS.match(between(one, two)) or SIZE.fullmatch(found[one].text):
                    break
                yield found[one], found[k]
        elif behind and BEFORE.match(between(k, behind[0])) and not SIZE.fullmatch(found[behind[0]].text):
            yield found[behind[0]], found[k]
