"""Lines per second in one process, with --jobs 2 and on a Dask cluster of two: `python benchmarks/batch.py [COUNT]`.

Random lines show what is gained; lines that are refused at once show what sharing costs.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterable
from pathlib import Path

TOP = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(TOP), str(TOP / "tests")]

from soak import lines  # noqa: E402

from matcalc.batches import lines as batch, cluster, workers# noqa: E402

Answers = Callable[[list[bytes]], Iterable[str]]


def speed(answers: Answers, given: list[bytes]) -> float:
    """Lines per second, once everything runs: after the first 400 of them."""
    start = 0.0
    for k, _ in enumerate(answers([*given[:400], *given])):
        if k == 399:
            start = time.perf_counter()
    return len(given) / (time.perf_counter() - start)


def main() -> None:
    """Measure and print."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 4000
    ways: dict[str, Answers] = {"one process": lambda given: map(batch.answer, given), "--jobs 1": lambda given: workers.answers(given, 1),
                                "--jobs 2": lambda given: workers.answers(given, 2)}
    try:
        from distributed import LocalCluster
        here = LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None)
        ways["cluster of two"] = lambda given: cluster.answers(given, here.scheduler_address)
    except ModuleNotFoundError:
        print("no cluster: distributed is not installed")
    for what, given in (("random", lines(count, 1, 0)), ("refused", [b"{}"] * count)):
        for name, answers in ways.items():
            print(f"{what:8} {name:15} {speed(answers, given):8,.0f} lines a second", flush=True)


if __name__ == "__main__":
    main()
