"""Time limits: a moment that is handed down and checked where the work is done."""

from __future__ import annotations

from math import inf
from time import monotonic

from ..records import Record

SECONDS = 20.0


class Expired(Exception):
    """The time limit has passed: `seconds` is how long there was, `message` says what was not finished."""

    kind = "Deadline"

    def __init__(self, seconds: float, what: str = "") -> None:
        super().__init__(seconds, what)
        self.seconds, self.message = seconds, f"{what} timed out after {seconds:g} s".lstrip()
        self.hint = f"try --seconds {max(3 * seconds, SECONDS):g}"
        self.column: int | None = None

    def __str__(self) -> str:
        return f"{self.message}\n  hint: {self.hint}"


class Deadline(Record):
    """A moment of the monotonic clock, and the number of seconds granted in all."""

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
        """Half of the time left, so that what comes next has some too."""
        return self if self.at == inf else self._replace(at=monotonic() + max(self.left, 0) / 2)


NEVER = Deadline()


def deadline_after(seconds: float) -> Deadline:
    """The deadline so many seconds from now."""
    return Deadline(monotonic() + seconds, seconds)
