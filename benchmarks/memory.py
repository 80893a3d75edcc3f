"""Memory and speed over many different problems in one process: `python benchmarks/memory.py [COUNT [SEED]]`.

Random derivatives, claims and equations, each in names of its own. Exit 0 where the memory at the end is within 1.25 times that after 1,000
problems, and the last tenth of them took no longer than 1.25 times what the second tenth did.
"""

from __future__ import annotations

import json
import re
import sys
import time
from collections.abc import Iterator
from pathlib import Path

TOP = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(TOP), str(TOP / "tests")]

from soak import lines  # noqa: E402

from matcalc.batches.lines import answer  # noqa: E402

LETTER = re.compile(r"\b(?!R\b)([A-Za-z])\b")
FIRST, MOST = 1_000, 1.25


def own_names(line: bytes, k: int) -> bytes:
    """The line with a number behind every letter."""
    asked = json.loads(line)
    for key in ("declare", "expr", "wrt", "claim", "prove"):
        if key in asked:
            texts = [LETTER.sub(lambda m: f"{m[0]}{k}", t) for t in ([asked[key]] if isinstance(asked[key], str) else asked[key])]
            asked[key] = texts if key == "declare" else texts[0]
    return json.dumps(asked).encode()


def different(count: int, seed: int) -> Iterator[bytes]:
    """So many different lines, made a thousand at a time."""
    for start in range(0, count, 1_000):
        yield from (own_names(line, start + k) for k, line in enumerate(lines(min(1_000, count - start), seed + start, 0)))


def resident() -> float:
    """The memory this process holds, in MB (Linux)."""
    return int(Path("/proc/self/statm").read_text("ascii").split()[1]) * 4096 / 1e6


def main() -> int:
    """Answer them; a line every tenth."""
    count, seed = (int(a) if a else b for a, b in zip([*sys.argv[1:], "", ""], (100_000, 1), strict=False))
    tenth, first, failed = count // 10, 0.0, 0
    spent: list[float] = []
    start = time.process_time()
    for k, line in enumerate(different(count, seed), 1):
        failed += '"error"' in answer(line)
        if k == FIRST:
            first = resident()
            print(f"{k:8,} problems {first:6.1f} MB", flush=True)
        if k % tenth == 0:
            spent.append(time.process_time() - start)
            start = time.process_time()
            print(f"{k:8,} problems {resident():6.1f} MB {1e3 * spent[-1] / tenth:6.2f} ms each, {failed} refused", flush=True)
    grown, slower = resident() / first, spent[-1] / spent[1]
    print(f"{grown:.2f} times the memory after {FIRST:,} problems, {slower:.2f} times as long")
    return 0 if max(grown, slower) <= MOST else 1


if __name__ == "__main__":
    sys.exit(main())
