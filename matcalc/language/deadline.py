"""How long an answer may take: a moment that is handed down, and looked at where the work is done."""

from __future__ import annotations

from math import inf
from time import monotonic

from ..records import Record

SECONDS = 20.0


class Expired(Exception):
    """The deadline has passed: what was not finished by then, and how many seconds it had."""

    kind = "Deadline"

    def __init__(self, seconds: float, what: str = "") -> None:
        super().__init__(seconds, what)
        self.seconds, self.message = seconds, f"{what} timed out after {seconds:g} s".lstrip()
        self.hint = f"try --seconds {max(3 * seconds, SECONDS):g}"
        self.column: int | None = None

    def __str__(self) -> str:
        return f"{self.message}\n  hint: {self.hint}"


class Deadline(Record):
    """A moment of the monotonic clock, and how many seconds were granted in all."""

    at: float = inf
    seconds: float = inf

    def check(self) -> None:
        """Raise Expired once the moment has passed."""
        if monotonic() > self.at:
            raise Expired(self.seconds)

    @property
    def left(self) -> float:
        """Seconds from now."""
        return self.at - monotonic()

    def half(self) -> Deadline:
        """Half of what is left, so that whoever comes next has some, too."""
        return self if self.at == inf else self._replace(at=monotonic() + max(self.left, 0) / 2)


NEVER = Deadline()


def after(seconds: float) -> Deadline:
    """So many seconds from now."""
    return Deadline(monotonic() + seconds, seconds)
