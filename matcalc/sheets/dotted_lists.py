"""Entries in a row with dots between: x = (x_1, ..., x_n)^T declares x, diag(w_1, ..., w_n) is diag(w), X = [x_1, ..., x_n] has columns."""

from __future__ import annotations

from ..records import Record
from ..reading.latex.letters import OPEN, TURNED
from ..reading.latex.macros import group, parts
from ..reading.latex.tokens import Token, Tokens
from ..reading.brackets import closing


class Listed(Record):
    """The name of the entries, how far they go, where the list stands in a side, and whether it is transposed."""

    base: tuple[Token, ...]
    upper: tuple[Token, ...]
    start: int
    end: int
    transposed: bool


def listed(side: Tokens) -> Listed | None:
    """The list with dots in a side; None where there is none that is understood."""
    for k, (token, _) in enumerate(side):
        if token in OPEN:
            end = min(closing([t for t, _ in side], k, OPEN), len(side) - 1)
            found = _parts(side[k + 1:end])
            dots = [j for j, p in enumerate(found) if [t for t, _ in p] == [r"\dots"]]
            if len(dots) != 1 or not 0 < dots[0] == len(found) - 2:
                continue
            entries = [f for j, p in enumerate(found) if j != dots[0] and (f := _entry(p)) is not None]
            if len(entries) < len(found) - 1:
                return None
            names = {"".join(t for t, _ in base) for base, _ in entries}
            numbers = ["".join(t for t, _ in index) for _, index in entries]
            if len(names) == 1 and numbers[:-1] == [str(j + 1) for j in range(len(numbers) - 1)] and not numbers[-1].isdigit():
                behind, transposed = end + 1, False
                if behind < len(side) and side[behind][0] == "^":
                    part, behind = group(side, behind + 1)
                    transposed = "".join(t for t, _ in part) in TURNED
                    if not transposed:
                        return None
                elif behind < len(side) and side[behind][0] == "'":
                    transposed, behind = True, behind + 1
                return Listed(tuple(entries[0][0]), tuple(entries[-1][1]), k, behind, transposed)
    return None


def _parts(inside: Tokens) -> list[list[Token]]:
    found = ([t for t in part if t[0] != r"\quad"] for part in parts(inside, (",", ";", "&")))
    return [part for part in found if part]


def _entry(part: list[Token]) -> tuple[list[Token], list[Token]] | None:
    """x and i of x_i."""
    k = next((k for k, (t, _) in enumerate(part) if t == "_"), 0)
    if not k:
        return None
    index, behind = group(part, k + 1)
    return (part[:k], list(index)) if behind == len(part) and index else None
