"""A batch shared among the workers of a Dask cluster: chunks of lines out, answers in their order back."""

from __future__ import annotations

import sys
import time
from collections.abc import Generator, Iterable, Iterator
from typing import TYPE_CHECKING

from . import jsonl
from ..language.deadline import SECONDS as GRANTED
from ..language.shape import InputError
from .workers import ahead, share as answer_here

if TYPE_CHECKING:
    from concurrent.futures import Future

LINES, BYTES = 200, 1 << 22     # a chunk ends with this line, or when it is this large
SECONDS = 10                    # to find the cluster


def chunks(lines: Iterable[bytes]) -> Iterator[list[bytes]]:
    """The lines, some at a time."""
    chunk: list[bytes] = []
    size = 0
    for line in lines:
        chunk.append(line)
        size += len(line)
        if len(chunk) == LINES or size >= BYTES:
            yield chunk
            chunk, size = [], 0
    if chunk:
        yield chunk


def answers(lines: Iterable[bytes], address: str, seconds: float = GRANTED) -> Generator[str, None, None]:
    """Every answer, in order. What the cluster loses is answered here, line by line."""
    try:
        from distributed import Client
    except ModuleNotFoundError:
        raise InputError("--cluster needs Dask", hint="pip install 'matcalculus[cluster]'") from None
    try:
        client = Client(address, timeout=SECONDS, set_as_default=False)
    except (OSError, ValueError, TypeError) as e:
        raise InputError(f"no Dask scheduler answers at {address}: {e or type(e).__name__}") from None
    with client:
        cores = sum(client.nthreads().values())
        if not cores:
            print(f"matcalc: the cluster at {address} has no workers yet; waiting for them", file=sys.stderr)
        progress = Progress()

        def share(chunk: list[bytes]) -> list[str]:
            # Sent as code, for the scheduler need not have matcalc.
            from importlib import import_module
            found: list[str] = import_module("matcalc.batches.workers").share(chunk, seconds)
            return found

        for chunk, future in ahead(chunks(lines), lambda chunk: client.submit(share, chunk, pure=False), 2 * cores or 8):
            for answer in _answers(chunk, future, seconds):
                yield answer
                progress.count(answer)
        progress.end()


def _answers(chunk: list[bytes], future: Future[list[str]] | None, seconds: float = GRANTED) -> Iterable[str]:
    """The answers to a chunk; of one that was lost each line by itself, from a process of this machine."""
    try:
        if future is None:
            raise ConnectionError("not sent")
        return future.result()
    except ModuleNotFoundError as e:
        raise InputError(f"the workers of the cluster have no module {e.name}", hint="install the same matcalculus there") from None
    except Exception as e:
        print(f"matcalc: the cluster lost {len(chunk)} lines ({type(e).__name__}); they are answered here", file=sys.stderr)
        return (answer for line in chunk for answer in answer_here([line], seconds))


class Progress:
    """How far it is, on a terminal that the answers do not go to."""

    def __init__(self) -> None:
        self.shown = sys.stderr.isatty() and not sys.stdout.isatty()
        self.start = self.last = time.monotonic()
        self.answered = self.failed = 0

    def count(self, answer: str) -> None:
        """One more answer."""
        if self.shown:
            self.answered += 1
            self.failed += jsonl.failed(answer)
            if time.monotonic() > self.last + 0.2:
                self._print("\r")

    def end(self) -> None:
        """All are there."""
        if self.shown:
            self._print("\n")

    def _print(self, end: str) -> None:
        self.last = time.monotonic()
        speed = self.answered / max(self.last - self.start, 1e-9)
        print(f"\r{self.answered:,} lines, {speed:,.0f} a second, {self.failed:,} failed", end=end, file=sys.stderr, flush=True)
