"""Lines shared among processes that may die: every line is answered or gets its own error, in order."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from queue import Empty, Queue
from threading import Lock, Thread
from functools import cache
from typing import BinaryIO, TypeVar

from . import jsonl
from ..language.deadline import SECONDS

CODE = "import sys; sys.path[:] = {!r}; from matcalc.batches.lines import serve; serve({!r}, {!r})"
READY = b"ready\n"
AHEAD = 4           # lines for each worker that are read before their turn
T = TypeVar("T")
R = TypeVar("R")


def lines(file: BinaryIO) -> Iterator[bytes]:
    """The lines of a file, blank ones left out; of one that is too long to be read only the beginning."""
    while line := file.readline(jsonl.LONGEST):
        rest = line
        while len(rest) == jsonl.LONGEST and not rest.endswith(b"\n"):
            rest = file.readline(jsonl.LONGEST)
        if line.strip():
            yield line.removesuffix(b"\n")


class Worker:
    """A process that answers lines."""

    def __init__(self, seconds: float = SECONDS) -> None:
        # In a group of its own, where Ctrl-C does not reach it: it is ended by whoever started it.
        code = CODE.format(sys.path, READY, min(seconds, sys.float_info.max))       # which Python can read, where inf is a name
        self.process = subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, process_group=0)
        assert self.process.stdin is not None and self.process.stdout is not None
        self.send, self.receive = self.process.stdin, self.process.stdout
        if self.receive.readline() != READY:
            self.end()
            raise OSError("the process did not start")

    def ask(self, line: bytes) -> str | None:
        """The answer; None where the process died."""
        try:
            self.send.write(line.replace(b"\n", b" ") + b"\n")
            self.send.flush()
            answer = self.receive.readline()
        except (OSError, ValueError):       # ValueError: closed from outside
            return None
        return answer[:-1].decode() if answer.endswith(b"\n") else None

    def end(self) -> str:
        """Put an end to the process; how it ended."""
        self.process.kill()
        code = self.process.wait()
        for pipe in (self.send, self.receive):
            with suppress(OSError):     # what was not sent yet
                pipe.close()
        try:
            return signal.Signals(-code).name
        except ValueError:
            return f"exit code {code}"


class Crew:
    """Workers that are started when they are needed, and replaced when they die."""

    def __init__(self, seconds: float = SECONDS) -> None:
        self.seconds = seconds      # for each line
        self.idle: list[Worker] = []
        self.alive: set[Worker] = set()
        self.closed = self.started = False
        self.tries = 3      # to start one

    def answer(self, line: bytes) -> str | None:
        """The answer to a line; None where there is no process to ask."""
        ends: list[str] = []
        while len(ends) < 2 and (worker := self._ready(fresh=bool(ends))) is not None:
            answer = worker.ask(line)
            if answer is not None:
                self.idle.append(worker)
                return answer
            ends.append(self._end(worker))
        if not ends:
            return None
        return jsonl.unanswered(line, "Killed", f"the process working on this line ended early: {', then '.join(ends)}")

    def _ready(self, fresh: bool) -> Worker | None:
        """A worker that was alive a moment ago; none any more once the crew is closed."""
        while self.idle and not fresh and not self.closed:
            with suppress(IndexError):      # another thread was faster
                worker = self.idle.pop()
                if worker.process.poll() is None:
                    return worker
                self._end(worker)
        for _ in range(0 if self.closed else self.tries):
            with suppress(OSError):
                worker = Worker(self.seconds)
                self.started = True
                self.alive.add(worker)
                if not self.closed:
                    return worker
                self._end(worker)
                return None
        if not self.started:
            self.tries = 0      # there are none to be had here
        return None

    def _end(self, worker: Worker) -> str:
        self.alive.discard(worker)
        return worker.end()

    def close(self) -> None:
        """End all workers; a thread that waits for one goes on."""
        self.closed = True
        for worker in list(self.alive):
            self._end(worker)


def ahead(items: Iterable[T], submit: Callable[[T], Future[R]], most: int) -> Generator[tuple[T, Future[R] | None], None, None]:
    """Every item with its future, in order. A thread reads them, at most so many before their turn, so that neither a slow
    input holds back an answer nor an endless one fills the memory; None where it cannot be submitted."""
    queue: Queue[tuple[T, Future[R] | None] | BaseException | None] = Queue(most)
    stopped = False

    def submitted(item: T) -> Future[R] | None:
        try:
            return submit(item)
        except Exception:
            return None

    def read() -> None:
        try:
            for item in items:
                if stopped:
                    return
                queue.put((item, submitted(item)))
            queue.put(None)
        except BaseException as e:
            queue.put(e)

    try:
        Thread(target=read, daemon=True).start()
    except RuntimeError:
        yield from ((item, None) for item in items)
        return
    try:
        while (got := queue.get()) is not None:
            if isinstance(got, BaseException):
                raise got
            yield got
    finally:
        stopped = True
        with suppress(Empty):
            while True:         # the reader may wait for room
                queue.get_nowait()


def answers(asked: Iterable[bytes], jobs: int = 1, seconds: float = SECONDS) -> Generator[str, None, None]:
    """Every answer, in order, from so many processes; from this one where there are none to be had."""
    jobs = min(jobs, 2 * (os.cpu_count() or 1))
    crew, threads = Crew(seconds), ThreadPoolExecutor(jobs)
    try:
        for line, future in ahead(asked, lambda line: threads.submit(crew.answer, line), AHEAD * jobs):
            yield _result(line, future) or here(line, seconds)
    finally:
        crew.close()
        threads.shutdown(cancel_futures=True)


def _result(line: bytes, future: Future[str | None] | None) -> str | None:
    try:
        return future.result() if future is not None else None
    except Exception as e:
        return jsonl.unanswered(line, "Fault", f"matcalc failed on this line: {type(e).__name__}: {e}")


ONE = Lock()
ours = cache(Crew)      # processes that are kept, for each deadline


def here(line: bytes, seconds: float = SECONDS) -> str:
    """Answer a line in this process."""
    from .lines import answer
    with ONE:
        return answer(line, seconds)


def share(chunk: Iterable[str | bytes], seconds: float = SECONDS) -> list[str]:
    """The answers to some lines, from a process that is kept for the next call: what a worker of a cluster runs."""
    asked = (line.encode("utf-8", "surrogatepass") if isinstance(line, str) else line for line in chunk)
    crew = ours(seconds)
    return [crew.answer(line) or here(line, seconds) for line in asked]
