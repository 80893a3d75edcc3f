"""What a sheet is made of: rows, words of structure, assumptions."""

from __future__ import annotations

from collections.abc import Iterable
from math import inf

from ...language.shape import InputError
from ...records import Record
from ...reading.latex.names import Ambiguity
from .neat import neat


class Row(Record):
    """left = right; without a left side it goes on from the row above. `shown` is what was written, if that is to be shown and
    not how it was read; `why` is the error where it could not be read. `defines` is the name that the row defines, `doubts` are readings
    that were a choice, `role` is what the line is said for: a condition, a model, a remark in a sentence, a name of a part of the row
    above, an expression that stands alone; `entries` says that it was written with indices, so that no layout changes its derivatives."""

    number: int
    left: str | None
    right: str
    shown: str
    why: InputError | None = None
    defines: str = ""
    doubts: tuple[Ambiguity, ...] = ()
    role: str = ""
    entries: bool = False

    @property
    def text(self) -> str:
        """Both sides."""
        return f"{self.left or ''} {self.right}"

    @property
    def written(self) -> str:
        """The line as it is shown."""
        return self.shown or (neat(f"{self.left} = {self.right}") if self.left else f"= {neat(self.right)}")


def texts(rows: Iterable[Row]) -> list[str]:
    """The sides of the rows that could be read."""
    return [r.text for r in rows if r.why is None]


def chains(rows: Iterable[Row]) -> list[list[str]]:
    """The sides of the rows that could be read, one chain after another."""
    out: list[list[str]] = []
    for r in rows:
        if r.why is not None or r.role in ("condition", "conclusion"):
            continue
        if r.left is None and out:
            out[-1].append(r.right)
        else:
            out.append([side for side in (r.left, r.right) if side])
    return out


class Word(Record):
    """A structure word of a name, in force from one row on and before another."""

    name: str
    word: str
    begins: int
    ends: float = inf

    @property
    def everywhere(self) -> bool:
        """Whether it holds for all rows."""
        return not self.begins and self.ends == inf


class Assumption(Record):
    """An assumed equation, in force from one row on and before another; `given` is the name that it gives another value to from there on,
    sigma of `If we write sigma = exp(rho)`. Before the row `near` it was said in the same sentence."""

    text: str
    begins: int
    ends: float = inf
    given: str = ""
    near: float = inf
