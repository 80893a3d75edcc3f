"""Processes that die: every line is answered or has an error of its own, in order, and nothing waits for ever."""

import json
import os
import select
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from queue import Queue
from typing import Any

import pytest
from click.testing import CliRunner
from soak import HOSTILE, children, differences, killed_batch, lines

from matcalc.batches import jsonl, workers
from matcalc.commands.cli import cli as command
from matcalc.language.shape import InputError

TOP = Path(__file__).parents[2]
STUCK = 60          # seconds after which a test that waits for something gives up
pytestmark = pytest.mark.slow
LINUX = pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="the worker to kill is found in /proc")
# A worker that dies of "kill", and the first time of "once"; one that has little memory.
DIES = """import os, signal, sys; sys.path[:] = {!r}
from matcalc.batches import lines as batch
real = batch.answer
def answer(line, seconds):
    if b'"kill"' in line or b"once" in line and not os.path.exists(line.decode().split("'")[1]):
        if b"once" in line: open(line.decode().split("'")[1], "w").close()
        os.kill(os.getpid(), signal.SIGKILL)
    return real(line, seconds)
batch.answer = answer
batch.serve({!r}, {!r})"""
POOR = """import resource, sys; sys.path[:] = {!r}
from matcalc.batches import lines as batch
limit = int(open("/proc/self/statm").read().split()[0])*resource.getpagesize() + (64 << 20)
resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
batch.serve({!r}, {!r})"""


def asked(k: int) -> bytes:
    return json.dumps({"id": k, "expr": f"x'*x + {k}*sum(x)", "wrt": "x"}).encode()


def run(given: list[bytes], jobs: int = 2) -> list[Any]:
    return [json.loads(text) for text in workers.answers(given, jobs)]


def cli(*args: str, text: bytes = b"", **more: Any) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run([sys.executable, "-m", "matcalc", "batch", *args], input=text, capture_output=True, cwd=TOP, timeout=120, **more)


def start(jobs: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-m", "matcalc", "batch", "--jobs", jobs], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                            stderr=subprocess.PIPE, cwd=TOP)


# ------------------------------------------------------------ kills
@pytest.mark.slow
@pytest.mark.parametrize("jobs", [1, 2])
def test_a_line_that_kills_twice_has_an_error_of_its_own(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, jobs: int) -> None:
    monkeypatch.setattr(workers, "CODE", DIES)
    given = [asked(k) for k in range(8)]
    given[2] = b'{"id": "kill"}'
    given[5] = f'{{"id": "once", "expr": "x", "wrt": "x", "source": "\'{tmp_path}/seen\'"}}'.encode()
    out = run(given, jobs)
    assert [o["id"] for o in out] == [0, 1, "kill", 3, 4, "once", 6, 7]
    assert [k for k, o in enumerate(out) if "error" in o] == [2]
    assert out[2]["error"]["kind"] == "Killed" and out[2]["error"]["message"].endswith("SIGKILL, then SIGKILL")
    assert out[5]["result"] == "eye(n)" and (tmp_path / "seen").exists()


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="the memory is limited as Linux does it")
def test_a_worker_that_runs_out_of_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workers, "CODE", POOR)
    large = b'{"id": "large", "expr": "x", "wrt": "x", "pad": [' + b"[]," * 2_000_000 + b"1]}"
    out = run([asked(0), large, asked(2)], 1)
    assert out[0]["result"] and out[2]["result"]
    assert out[1]["error"]["kind"] in ("OutOfMemory", "Killed")


@LINUX
@pytest.mark.slow
def test_a_soak_with_killed_workers() -> None:
    given = lines(500, 1, 0.04)
    answers, code, killed = killed_batch(given, 100, 2)
    assert not differences(given, answers)
    assert killed >= 4 and code == 1


@pytest.mark.slow
def test_all_hostile_lines_in_one_batch() -> None:
    done = cli("--jobs", "2", text=b"\n".join(HOSTILE))
    out = done.stdout.decode().splitlines()
    assert len(out) == len(HOSTILE) and done.returncode == 1 and not done.stderr
    assert not differences(HOSTILE, out)


# ------------------------------------------------------------ flow
def test_lines_end_with_a_newline_only_and_blank_ones_are_none() -> None:
    text = b'\xef\xbb\xbf{"id": 1}\r\n\r\n   \n\n{"id": "\xe2\x80\xa8\x0b"}\n\x0c\n[1]'
    assert list(workers.lines(BytesIO(text))) == [b'\xef\xbb\xbf{"id": 1}\r', b'{"id": "\xe2\x80\xa8\x0b"}', b"[1]"]


def test_of_a_line_without_end_only_the_beginning_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jsonl, "LONGEST", 20)
    found = list(workers.lines(BytesIO(b"a" * 100 + b"\n" + b"b" * 19 + b"\n" + b"c" * 20 + b"\n[7]\n" + b"d" * 70)))
    assert found == [b"a" * 20, b"b" * 19, b"c" * 20, b"[7]", b"d" * 20]


class Watched(Queue[Any]):
    """A queue that says which item was the last to find it full, and who brought it."""

    def __init__(self, most: int) -> None:
        super().__init__(most)
        self.brought, self.refused, self.changed = 0, 0, threading.Condition()

    def put(self, item: Any, block: bool = True, timeout: float | None = None) -> None:
        self.reader = threading.current_thread()
        self.brought += 1
        if self.full():
            with self.changed:
                self.refused = self.brought
                self.changed.notify()
        super().put(item, block, timeout)


@pytest.mark.slow
@pytest.mark.parametrize("jobs", [1, 2])
def test_an_endless_input_is_read_a_few_lines_ahead(monkeypatch: pytest.MonkeyPatch, jobs: int) -> None:
    read = 0
    made: list[Watched] = []

    def queue(most: int) -> Watched:
        made.append(Watched(most))
        return made[-1]

    def endless() -> Iterator[bytes]:
        nonlocal read
        while True:
            read += 1
            yield asked(read)

    monkeypatch.setattr(workers, "Queue", queue)
    answers = workers.answers(endless(), jobs)
    for k in range(1, 4):
        assert json.loads(next(answers))["id"] == k
    (lines_ahead,), waits = made, 3 + workers.AHEAD * jobs + 1      # the line that finds no room
    with lines_ahead.changed:
        assert lines_ahead.changed.wait_for(lambda: lines_ahead.refused == waits, STUCK)
    assert read == waits
    answers.close()
    lines_ahead.reader.join(STUCK)
    assert not lines_ahead.reader.is_alive() and read <= waits + 1


@pytest.mark.thin(2)
@pytest.mark.parametrize("jobs", ["1", "2"])
def test_an_answer_does_not_wait_for_the_next_line(jobs: str) -> None:
    batch = start(jobs)
    assert batch.stdin and batch.stdout
    stuck = threading.Timer(STUCK, batch.kill)
    stuck.start()
    for k in range(3):
        batch.stdin.write(asked(k) + b"\n")
        batch.stdin.flush()
        assert json.loads(batch.stdout.readline())["id"] == k
    batch.stdin.close()
    assert batch.wait() == 0
    stuck.cancel()


@LINUX
@pytest.mark.slow
@pytest.mark.parametrize("jobs", ["1", "2"])
def test_a_closed_pipe_ends_quietly_and_leaves_no_process(jobs: str) -> None:
    batch = start(jobs)
    assert batch.stdin and batch.stdout and batch.stderr
    batch.stdin.write(asked(0) + b"\n")
    batch.stdin.flush()
    assert batch.stdout.readline()
    workers_ = children(batch.pid)
    assert workers_
    batch.stdout.close()
    batch.stdin.write(asked(1) + b"\n")         # and the input stays open
    batch.stdin.flush()
    assert batch.wait(STUCK) == 141
    assert not batch.stderr.read()
    assert not any(Path(f"/proc/{pid}").exists() for pid in workers_)


@LINUX
@pytest.mark.slow
def test_ctrl_c_ends_it_at_once_and_quietly() -> None:
    batch = subprocess.Popen([sys.executable, "-m", "matcalc", "batch", "--jobs", "2"], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                             stderr=subprocess.PIPE, cwd=TOP, start_new_session=True,
                             preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler))      # also below a nohup
    assert batch.stdin and batch.stdout and batch.stderr
    batch.stdin.write(b"".join(asked(k) + b"\n" for k in range(100)))
    batch.stdin.flush()
    assert batch.stdout.readline()
    left = children(batch.pid)
    os.killpg(batch.pid, signal.SIGINT)
    assert batch.wait(STUCK) == 130 and batch.stderr.read().strip() == b"Aborted!"
    assert not any(Path(f"/proc/{pid}").exists() for pid in left)


@LINUX
@pytest.mark.slow
def test_workers_end_with_the_process_that_started_them() -> None:
    batch = start("2")
    assert batch.stdin and batch.stdout
    batch.stdin.write(asked(0) + b"\n")
    batch.stdin.flush()
    assert batch.stdout.readline()
    handles = [os.pidfd_open(pid) for pid in children(batch.pid)]       # each can be read once its process has ended
    assert handles
    os.kill(batch.pid, signal.SIGKILL)
    batch.wait()
    for ended in handles:
        assert select.select([ended], [], [], STUCK)[0], "a worker is left"
        os.close(ended)


def test_a_hundred_thousand_jobs_are_a_few(monkeypatch: pytest.MonkeyPatch) -> None:
    started = 0

    class Counted(workers.Worker):
        def __init__(self, seconds: float = 20.0) -> None:
            nonlocal started
            started += 1
            super().__init__(seconds)

    monkeypatch.setattr(workers, "Worker", Counted)
    monkeypatch.setattr(os, "cpu_count", lambda: 1)
    assert [o["id"] for o in run([asked(k) for k in range(12)], 100_000)] == list(range(12))
    assert 1 <= started <= 2


# ------------------------------------------------------------ where there is only one process
def no(*_: Any, **__: Any) -> Any:
    raise OSError("emscripten does not support processes")


@pytest.mark.thin(2)
@pytest.mark.parametrize("jobs", [1, 2])
def test_lines_are_answered_without_processes(monkeypatch: pytest.MonkeyPatch, jobs: int) -> None:
    monkeypatch.setattr(subprocess, "Popen", no)
    assert [o["result"] for o in run([asked(k) for k in range(5)], jobs)][3] == "3*ones(n) + 2*x"


def test_lines_are_answered_without_threads(monkeypatch: pytest.MonkeyPatch) -> None:
    def none(*_: Any) -> None:
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(threading.Thread, "start", none)
    assert [o["id"] for o in run([asked(k) for k in range(5)])] == list(range(5))


def test_an_interpreter_that_does_not_start_is_no_process(monkeypatch: pytest.MonkeyPatch) -> None:
    tried: list[workers.Worker] = []

    class Counted(workers.Worker):
        def __init__(self, seconds: float) -> None:
            tried.append(self)
            super().__init__(seconds)

    monkeypatch.setattr(workers, "Worker", Counted)
    monkeypatch.setattr(sys, "executable", "/bin/false")
    assert [o["id"] for o in run([asked(k) for k in range(9)], 1)] == list(range(9))
    assert len(tried) == 3, "not tried for every line"


@pytest.mark.slow
def test_a_worker_that_cannot_be_replaced_costs_its_line_only(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workers, "CODE", DIES)
    start = workers.Worker.__init__
    left = [True]

    def once(self: workers.Worker, seconds: float) -> None:
        if not left:
            raise OSError("no more processes")
        left.pop()
        start(self, seconds)

    monkeypatch.setattr(workers.Worker, "__init__", once)
    out = run([asked(0), b'{"id": "kill"}', asked(2)], 1)
    assert [o["id"] for o in out] == [0, "kill", 2] and ["error" in o for o in out] == [False, True, False]
    assert out[1]["error"]["message"].endswith("early: SIGKILL")


@pytest.mark.slow
def test_an_input_that_fails_is_said_after_the_answers() -> None:
    def broken() -> Iterator[bytes]:
        yield asked(0)
        raise OSError("the disk is gone")

    answers = workers.answers(broken(), 2)
    assert json.loads(next(answers))["id"] == 0
    with pytest.raises(OSError, match="disk"):
        next(answers)


def test_share_takes_text_and_bytes() -> None:
    out = [json.loads(text) for text in workers.share(['{"id": 1, "expr": "x", "wrt": "x"}', asked(2), "\ud800", ""])]
    assert [o.get("id") for o in out] == [1, 2, None, None] and ["error" in o for o in out] == [False, False, True, True]
    workers.ours(workers.SECONDS).close()
    workers.ours(workers.SECONDS).closed = False


# ------------------------------------------------------------ the exit code
@pytest.fixture
def alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """No processes: what is asked of the command line here does not need them."""
    monkeypatch.setattr(subprocess, "Popen", no)


@pytest.mark.usefixtures("alone")
@pytest.mark.parametrize(("text", "code"), [(b"", 0), (asked(1), 0), (b"\n \n" + asked(1) + b"\r\n\n", 0), (b"no", 1),
                                            (asked(1) + b"\nno\n", 1),
                                            (b'{"expr": "x", "wrt": "x", "claim": "7*x"}', 0), (b'{"prove": "x == x + 1"}', 0),
                                            (b'{"expr": "x", "wrt": "x", "claim": "7*("}', 1)])
def test_the_exit_code_says_whether_a_line_failed(text: bytes, code: int) -> None:
    done = CliRunner().invoke(command, ["batch", "-"], input=text)
    assert done.exit_code == code and len(done.stdout.splitlines()) == len([line for line in text.splitlines() if line.strip()])


@pytest.mark.usefixtures("alone")
def test_a_file_and_one_that_is_not_there(tmp_path: Path) -> None:
    (tmp_path / "lines").write_bytes(asked(1) + b"\n" + asked(2))
    done = CliRunner().invoke(command, ["batch", str(tmp_path / "lines")])
    assert [json.loads(line)["id"] for line in done.stdout.splitlines()] == [1, 2]
    for path in (tmp_path / "no", tmp_path):
        with pytest.raises(InputError, match="cannot read"):
            CliRunner().invoke(command, ["batch", str(path)], catch_exceptions=False)


@pytest.mark.slow
@pytest.mark.parametrize(("closed", "code"), [("2>&-", 0), (">&-", 0), ("--seconds inf", 0), ("--seconds nan", 2)])
def test_streams_that_are_closed_and_times_that_are_none(closed: str, code: int) -> None:
    done = subprocess.run(f"{sys.executable} -m matcalc batch --jobs 1 {closed}", shell=True, input=asked(1), capture_output=True, cwd=TOP,
                          timeout=60)
    assert done.returncode == code and (closed == ">&-" or code or json.loads(done.stdout)["id"] == 1)
    assert b"Traceback" not in done.stderr


@pytest.mark.slow
def test_answers_are_utf_8_whatever_the_terminal_is() -> None:
    done = cli(text='{"id": "ℝ \\ud800", "expr": "x", "wrt": "x"}'.encode(), env={**os.environ, "PYTHONIOENCODING": "ascii"})
    assert json.loads(done.stdout.decode("utf-8"))["id"] == "ℝ \ud800" and done.returncode == 0
