"""Time limits: a moment that is handed down and checked where the work is done."""

from __future__ import annotations

from math import inf
from time import monotonic, process_time

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
    """A moment of the monotonic clock, another one of this process's own work, whichever comes first, and the seconds granted in all.

    A user waits for a moment. What is tried on the way to an answer has so much work instead, so that the answer does not depend on what
    else the machine is doing.
    """

    at: float = inf
    seconds: float = inf
    work: float = inf

    def check(self) -> None:
        """Raise Expired once a moment has passed."""
        if monotonic() > self.at or self.work < inf and process_time() > self.work:
            raise Expired(self.seconds)

    @property
    def left(self) -> float:
        """Seconds from now."""
        return min(self.at - monotonic(), self.work - process_time())

    def half(self) -> Deadline:
        """Half of the time left, so that what comes next has some too."""
        if self.at == self.work == inf:
            return self
        now, worked = monotonic(), process_time()
        return self._replace(at=now + max(self.at - now, 0) / 2, work=worked + max(self.work - worked, 0) / 2)

    def sooner(self, seconds: float) -> Deadline:
        """At most so many seconds from now."""
        return self._replace(at=min(self.at, monotonic() + seconds))

    def working(self, seconds: float) -> Deadline:
        """So many seconds of work from now, and no longer than this."""
        return self._replace(seconds=min(seconds, self.seconds), work=min(self.work, process_time() + seconds))


NEVER = Deadline()


def deadline_after(seconds: float) -> Deadline:
    """The deadline so many seconds from now."""
    return Deadline(monotonic() + seconds, seconds)
