"""Random problems at length: `python benchmarks/random_derivatives.py [COUNT [FIRST_SEED]]`; the last line is the count."""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path

HERE = Path(__file__).resolve().parents[1] / "tests"
sys.path[:0] = [str(HERE), str(HERE / "deriving")]

from random_problems import judge, one  # noqa: E402


def main() -> int:
    """Judge COUNT problems; print what is not right."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    first = int(sys.argv[2]) if len(sys.argv) > 2 else 1
    right = wrong = refused = skipped = 0
    kinds: Counter[str] = Counter()
    for seed in range(first, first + count):
        answer = judge(seed)
        if not answer.startswith("refused"):
            kinds.update(one(seed).kinds)
        if answer == "right":
            right += 1
        elif answer == "skipped":
            skipped += 1
        elif answer.startswith("refused"):
            refused += 1
            print(answer)
        else:
            wrong += 1
            print(answer)
    print("; ".join(f"{n} {kind}" for kind, n in kinds.most_common()))
    print(f"{count} problems from seed {first}: {right} right, {wrong} wrong, {refused} refused, {skipped} skipped")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
