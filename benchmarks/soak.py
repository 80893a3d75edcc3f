"""A long batch, one line in a hundred hostile, a worker killed now and then:
`python benchmarks/soak.py [COUNT [KILL_EVERY [JOBS [SEED]]]]`; exit 0 when every answer is there, in order, and that of a serial run."""

from __future__ import annotations

import sys
import time
from pathlib import Path

HERE = Path(__file__).resolve().parents[1] / "tests"
sys.path[:0] = [str(HERE)]

from soak import differences, killed_batch, lines  # noqa: E402


def main() -> int:
    """Run it; say what differs."""
    count, every, jobs, seed = (int(a) if a else b for a, b in zip([*sys.argv[1:], "", "", "", ""], (20_000, 2_000, 2, 1), strict=False))
    given = lines(count, seed)
    start = time.perf_counter()
    answers, code, killed = killed_batch(given, every, jobs)
    middle = time.perf_counter()
    wrong = differences(given, answers)
    end = time.perf_counter()
    for line, alone, found in wrong[:20]:
        print(f"line    {line[:300]!r}\nserial  {alone[:300]}\nbatch   {found[:300]}\n")
    print(f"{count:,} lines, {len(answers):,} answers, {killed} workers killed, exit {code}, {len(wrong)} not as in a serial run; "
          f"{count / (middle - start):.0f} lines a second with --jobs {jobs}, {count / (end - middle):.0f} in one process")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
