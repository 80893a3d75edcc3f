"""How time and memory grow with the problem: k = 1..64. Prints milliseconds, steps, peak KiB, and the exponent."""

from __future__ import annotations

import math
import time
import tracemalloc
from collections.abc import Callable
from typing import Any

from matcalc.derive.engine import derive
from matcalc.language.parse import problem

SIZES = (1, 2, 4, 8, 16, 32, 64)


def matrices(k: int) -> list[str]:
    return [f"A{i} in R^(n,n)" for i in range(k)]


FAMILIES: dict[str, Callable[[int], dict[str, Any]]] = {
    "sum of k quadratic forms": lambda k: {"declare": ["x in R^n", *matrices(k)], "wrt": "x",
                                           "expr": " + ".join(f"x'*A{i}*x" for i in range(k))},
    "tr(X^k)": lambda k: {"declare": ["X in R^(n,n)"], "wrt": "X", "expr": f"tr(X^{k})"},
    "tr(X*A1*..*Ak)": lambda k: {"declare": ["X in R^(n,n)", *matrices(k)], "wrt": "X",
                                 "expr": "tr(X*" + "*".join(f"A{i}" for i in range(k)) + ")"},
}


def main() -> None:
    """One line a family and a size."""
    for name, make in FAMILIES.items():
        spent: dict[int, float] = {}
        for k in SIZES:
            best = math.inf
            for _ in range(3):
                p = problem(**make(k))
                start = time.perf_counter()
                d = derive(p)
                best = min(best, time.perf_counter() - start)
            tracemalloc.start()
            derive(problem(**make(k)))
            peak = tracemalloc.get_traced_memory()[1]
            tracemalloc.stop()
            spent[k] = best
            print(f"{name:28} k = {k:2}  {best * 1e3:8.2f} ms  {len(d.steps):4} steps  {peak / 1024:8.0f} KiB")
        exponent = math.log(spent[64] / spent[16]) / math.log(4)
        print(f"{name:28} time grows as k^{exponent:.1f} from k = 16 to 64\n")


if __name__ == "__main__":
    main()
