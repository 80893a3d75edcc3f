"""Times as ratios, so that the bounds mean the same on every machine; 1 if one is broken.

    .venv/bin/python benchmarks/run.py

A process is measured against a Python that imports click and rich, a launch of ./run against a shell that does nothing, and what
runs warm against `calibration`, a loop of the same kind of work that uses nothing of matcalc. The two of a ratio take turns, so a
machine that is busy or slow is so for both; all but the launch, which mostly waits, is measured in processor time. Of each the
quickest turn counts. The bounds of the warm rows are 1.25 times what they were when the calibration was introduced.
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from matcalc import api
from matcalc.reading.parse import declarations, parse, problem

BIN = Path(sys.executable).parent
ENV = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
Act = Callable[[], object]


class Node:
    """What the calibration makes."""

    __slots__ = ("args", "head")

    def __init__(self, head: str, args: tuple[Node, ...]) -> None:
        self.head, self.args = head, args


def calibration() -> int:
    """Some 450 small nodes made once each, by a key in a dictionary, and walked: a third of a millisecond on a fast machine."""
    made: dict[tuple[str, tuple[Node, ...]], Node] = {}

    def build(head: str, *args: Node) -> Node:
        key = (head, args)
        found = made.get(key)
        if found is None:
            found = made[key] = Node(head, args)
        return found

    e = build("x")
    for i in range(300):
        e = build("+" if i % 2 else "*", e, build(f"n{i % 7}"))
        if isinstance(e, Node) and len(e.args) > 1 and e.head == "+":
            e = build("'", e)
    stack, count = [e], 0
    while stack:
        n = stack.pop()
        count += 1
        stack.extend(n.args)
    return count


def process(args: list[str]) -> None:
    """One whole process, with byte code kept."""
    subprocess.run(args, stdout=subprocess.DEVNULL, env=ENV, check=True)


def children() -> float:
    """The processor time of the processes that have ended, theirs and the kernel's for them."""
    spent = resource.getrusage(resource.RUSAGE_CHILDREN)
    return spent.ru_utime + spent.ru_stime


def turns(acts: list[Act], times: int, clock: Callable[[], float], warm: int = 1) -> list[float]:
    """The least seconds each act takes, the acts taking turns."""
    spent: list[list[float]] = [[] for _ in acts]
    for k in range(warm + times):
        for act, seconds in zip(acts, spent, strict=True):
            start = clock()
            act()
            if k >= warm:
                seconds.append(clock() - start)
    return [min(seconds) for seconds in spent]


def started(label: str, args: list[str], bound: float) -> tuple[str, float, float]:
    """A process against the import of its libraries."""
    base, whole = turns([lambda: process([sys.executable, "-c", "import click, rich.console, rich.table"]),
                         lambda: process([str(BIN / "matcalc"), *args])], 25, children)
    return f"process: {label} / importing click and rich", whole / base, bound


def launched(bound: float) -> tuple[str, float, float]:
    """What the launcher adds, in shells."""
    shell, bare, run = turns([lambda: process(["sh", "-c", ":"]), lambda: process([str(BIN / "matcalc"), "list"]),
                              lambda: process([str(BIN.parent.parent / "run"), "list"])], 25, time.perf_counter)
    return "process: (./run list - matcalc list) / sh -c :", (run - bare) / shell, bound


def warm(label: str, act: Act, bound: float, each: int = 1) -> tuple[str, float, float]:
    """An act against the calibration; `each` of them are timed at once."""
    base, spent = turns([calibration, lambda: [act() for _ in range(each)]], 150, time.process_time, 5)
    return f"warm: {label} / calibration", spent / each / base, bound


def main() -> int:
    """Print every measure; 1 if a bound is broken."""
    line = "-y'*log(softmax(W2'*tanh(W1'*x + b1) + b2))"
    scope = declarations(["x in R^n", "W1 in R^(n,h)", "b1 in R^h", "W2 in R^(h,k)", "b2 in R^k", "y in R^k"])

    def softmax() -> object:
        return api.solve(problem(["x in R^n"], ["s = exp(x)/(ones(n)'*exp(x))"], [], "s", "x", expand=True)).steps

    def gradient() -> object:
        return api.solve(problem(["A in R^(n,n)", "b in R^n"], [], [], "x'*A*x + b'*x", "x")).steps

    rows = [started("show softmax-jacobian", ["show", "softmax-jacobian"], 1.6),
            started("show softmax-jacobian --format json", ["show", "softmax-jacobian", "--format", "json"], 1.6),
            started("derive x'*A*x", ["derive", "x'*A*x", "--wrt", "x"], 1.6),
            launched(8),
            warm("parse " + line, lambda: parse(line, scope), 0.27, 20),
            warm("softmax Jacobian, all steps, points", softmax, 12.6),
            warm("textbook gradient, all steps, points", gradient, 7.5)]
    broken = 0
    for label, value, bound in rows:
        broken += value > bound
        print(f"{value:8.2f}  of {bound:<5g}{'BROKEN  ' if value > bound else ''}{label}")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
