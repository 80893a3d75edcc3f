"""Random lines of a batch, some of them hostile, and a batch whose workers are killed on the way."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

from matcalc.batches.lines import answer
from tests.deriving.random_problems import DECLARE, PROBLEMS
from tests.random_expressions import Random

ASK = b'"expr": "x\'*x", "wrt": "x"'
HOSTILE = [                                                    # each has exactly one answer
    b'{"id": "\\ud800", %s}' % ASK, b'{"id": NaN, %s}' % ASK, b'{"id": -Infinity, %s}' % ASK, b'{"id": 1e999, %s}' % ASK,
    b'{"id": %s, %s}' % (b"9" * 5000, ASK), b'{"id": %s, %s}' % (b"9" * 4000, ASK), b'{"id": {"a": [1, {"b": null}]}, %s}' % ASK,
    b'{"id": %s1%s, %s}' % (b"[" * 500, b"]" * 500, ASK), b"[" * 100_000, b'{"a":' * 100_000, b"[" * 50_000 + b"]" * 50_000,
    b'\xef\xbb\xbf{"id": "mark", %s}' % ASK, b'{"id": "\xff", %s}' % ASK, b'{"id": "nul\x00", %s}' % ASK, b"\x00", b"\xff\xfe{\x00",
    b'{"id": "crlf", %s}\r' % ASK, b'{"id": "cr", \r %s}' % ASK, b"not json", b"null", b"7", b'"text"', b"[1]", b"{}", b"{", b"NaN",
    b'{"id": "twice", %s, "expr": "x"}' % ASK, b'{"id": 1, "id": 2, %s}' % ASK, b'{"id": "\xe2\x80\xa8\xc2\x85", %s}' % ASK,
    b'{"id": "order", %s, "order": NaN}' % ASK, b'{"id": "wrt", "expr": "x", "wrt": ["x", 5]}',
    b'{"id": "e", "expr": "\\udfff", "wrt": "x"}',
    b'{"id": "deep", "expr": "%sx%s", "wrt": "x"}' % (b"(" * 9000, b")" * 9000), b'{"id": "claim", %s, "claim": "(x"}' % ASK,
    b'{"id": "open", "expr": "expm(X)", "wrt": "X"}', b'{"id": "far", "expr": "sum(x)", "wrt": "y", "\\ud800": 1}',
    b'{"id": "big", %s, "pad": "%s"}' % (ASK, b"y" * 1_000_000), b'{"id": "nul", "expr": "x\\u0000", "wrt": "x"}']


def lines(count: int, seed: int, hostile: float = 0.01) -> list[bytes]:
    """So many lines: derivatives, claims and equations, and hostile ones among them."""
    rng = random.Random(seed)
    return [rng.choice(HOSTILE) if rng.random() < hostile else _line(rng, k) for k in range(count)]


def _line(rng: random.Random, k: int) -> bytes:
    make = Random(PROBLEMS, rng).text
    asked: dict[str, Any] = {"id": k, "declare": DECLARE}
    kind = rng.random()
    if kind < 0.8:
        asked |= {"expr": make("11", rng.choice((1, 2))), "wrt": rng.choice("xXct")}
        if kind < 0.1:
            asked["claim"] = make("n1", 1)
    else:
        left, right = make("n1", 1), make("n1", 1)
        asked["prove"] = f"({left}) + ({right}) == ({right}) + ({left})" if kind < 0.9 else f"{left} == {right}"
    return json.dumps(asked).encode()


def children(pid: int) -> list[int]:
    """The processes a process started, whichever of its threads did (Linux)."""
    return [int(child) for task in Path(f"/proc/{pid}/task").iterdir() for child in (task / "children").read_text("utf-8").split()]


def killed_batch(given: list[bytes], every: int, jobs: int) -> tuple[list[str], int, int]:
    """The answers of the command line, of whose workers one is killed after so many answers; its exit code; how many were killed."""
    batch = subprocess.Popen([sys.executable, "-m", "matcalc", "batch", "--jobs", str(jobs)], stdin=subprocess.PIPE,
                             stdout=subprocess.PIPE, cwd=Path(__file__).parent.parent)
    assert batch.stdin is not None and batch.stdout is not None
    to, back, killed = batch.stdin, batch.stdout, 0
    answers: list[str] = []

    def feed() -> None:
        for line in given:
            to.write(line + b"\n")
        to.close()

    threading.Thread(target=feed, daemon=True).start()
    for line in back:
        answers.append(line.decode().removesuffix("\n"))
        if len(answers) % every == every // 2 and (alive := children(batch.pid)):
            os.kill(alive[killed % len(alive)], signal.SIGKILL)
            killed += 1
    return answers, batch.wait(), killed


def differences(given: list[bytes], answers: list[str]) -> list[tuple[bytes, str, str]]:
    """Where the answers are not those of this process, but for the time they took."""
    bare = [{k: v for k, v in json.loads(text).items() if k != "seconds"} for text in answers]
    alone = list(map(answer, given))
    out = [(line, a, b) for line, a, b, found in zip(given, alone, answers, bare, strict=False)
           if {k: v for k, v in json.loads(a).items() if k != "seconds"} != found]
    return out if len(given) == len(answers) else [*out, (b"", str(len(given)), str(len(answers)))]
