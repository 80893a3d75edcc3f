"""How much work something takes, counted in calls and not in seconds: the same on every machine, however busy it is."""

from __future__ import annotations

import cProfile
import sys
from collections.abc import Callable
from types import FrameType, TracebackType
from typing import Any

import pytest

from matcalc.language import deadline
from matcalc.proof import asked_once
from matcalc.proof.at_points import solved_once
from matcalc.proof.by_sympy import components
from matcalc.sheets.parts import definition_parts

TICK = 1e-6         # seconds a call takes by the clock of calls: more than on any machine of today


def forget() -> None:
    """What judges and sheets remember of other tests is work that would not be counted."""
    for kept in (*asked_once.KEPT.values(), solved_once.KEPT):
        kept.clear()
    definition_parts._asked.cache_clear()
    definition_parts._equation.cache_clear()


class Work:
    """Counts the calls made inside `with`, those into C too.

    >>> with Work() as work:
    ...     _ = [abs(k) for k in range(1000)]
    >>> 1000 <= work.calls < 1010
    True
    """

    calls = 0

    def __enter__(self) -> Work:
        forget()
        self._profile = cProfile.Profile(subcalls=False)        # who called whom is not asked
        self._profile.enable()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._profile.disable()
        self.calls = sum(entry.callcount for entry in self._profile.getstats())


def calls(work: Callable[[], Any]) -> int:
    """How many calls a piece of work makes."""
    with Work() as counted:
        work()
    return counted.calls


class Clock:
    """A clock that goes by the calls made since it began, for whoever keeps a deadline."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self.made, self._patch = 0, patch

    def __enter__(self) -> Clock:
        forget()
        for module in (deadline, components):
            self._patch.setattr(module, "monotonic", self.now)
        sys.setprofile(self._count)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        sys.setprofile(None)
        self._patch.undo()

    def _count(self, frame: FrameType, event: str, argument: object) -> None:
        self.made += 1

    def now(self) -> float:
        """Seconds, as if every call took the same time."""
        return self.made * TICK
