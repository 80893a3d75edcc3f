"""Progress of long jobs, on a terminal; nothing where standard error is a file or a pipe."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

from ..render import escaping

T = TypeVar("T")
EVERY = 0.1     # seconds


def counted(items: Iterable[T], total: int | None = None, name: Callable[[T], str] = str) -> Iterator[T]:
    """The items; while one is worked on, its number and name stand on the last line of the terminal."""
    if not sys.stderr.isatty():
        yield from items
        return
    width, last = 0, 0.0
    try:
        for i, item in enumerate(items, 1):
            if time.monotonic() - last >= EVERY:
                from shutil import get_terminal_size     # slow to import, and wanted only here
                shown = escaping.visible(f"{i}{f' of {total}' if total else ''}  {name(item)}")[:get_terminal_size().columns - 1]
                sys.stderr.write(f"\r{shown.ljust(width)}")
                sys.stderr.flush()
                width, last = len(shown), time.monotonic()
            yield item
    finally:
        sys.stderr.write(f"\r{' ' * width}\r")
        sys.stderr.flush()
