"""What a judge says: never a bare yes or no."""

from __future__ import annotations

from typing import Any, NamedTuple, NoReturn

Witness = dict[str, Any]


class Verdict(NamedTuple):
    """`proved` (for every size), `checked` (at the sizes named), `refuted` (by the witness) or `undecided` (why)."""

    kind: str
    detail: str
    witness: Witness | None = None
    conditions: tuple[str, ...] = ()

    def __bool__(self) -> NoReturn:
        raise TypeError("a verdict is not a truth value: ask for .kind")

    def __str__(self) -> str:
        return f"{self.kind}: {self.detail}" if self.detail else self.kind


def proved(detail: str = "", conditions: tuple[str, ...] = ()) -> Verdict:
    """True for every size, under the conditions."""
    return Verdict("proved", detail, None, conditions)


def checked(detail: str, conditions: tuple[str, ...] = ()) -> Verdict:
    """Both sides agreed wherever they were compared."""
    return Verdict("checked", detail, None, conditions)


def refuted(detail: str, witness: Witness) -> Verdict:
    """False: the witness is a place where the sides differ."""
    return Verdict("refuted", detail, witness)


def undecided(detail: str) -> Verdict:
    """Neither; the detail says why."""
    return Verdict("undecided", detail)
