"""How time and memory grow with the problem: k = 1..64. Prints milliseconds, steps, peak KiB, and the exponent.

Then deep chains of definitions: milliseconds to derive, to compare at points, to prove for every size, and with every step replayed.
At last all gradients of a network from one sweep.
Run from the checkout: python -m benchmarks.scaling
"""

from __future__ import annotations

import math
import time
import tracemalloc
from collections.abc import Callable
from typing import Any

from matcalc.api import gradients, solve
from matcalc.deriving.engine import derive
from matcalc.reading.parse import problem
from matcalc.proof.at_points import points
from matcalc.proof.all_sizes.indices import prove_derivative
from tests.proof.networks import attention_stack, layers, tanh_network

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
    deep()
    sweeps()


def sweeps() -> None:
    """All gradients of a tanh network in one reverse sweep: milliseconds without steps, for the judges too, and the exponent."""
    spent: dict[int, float] = {}
    for k in (16, 32, 64, 128, 256):
        asked = {key: value for key, value in layers("tanh", k).items() if key != "wrt"}
        times = [time.perf_counter()]
        g = gradients(problem(**asked, several=["all"]))
        times.append(time.perf_counter())
        g.numpy()
        times.append(time.perf_counter())
        spent[k] = times[1] - times[0]
        print(f"all gradients of tanh layers {k:4}: {1e3 * spent[k]:6.0f} ms, {g.counts['proved']} of {len(g.parts)} proved; "
              f"numpy {1e3 * (times[2] - times[1]):5.0f} ms")
    print(f"all gradients: time grows as k^{math.log(spent[256] / spent[32]) / math.log(8):.1f} from k = 32 to 256")


DEEP: dict[str, tuple[Callable[[int, str], dict[str, Any]], str, tuple[int, ...]]] = {
    "tanh network, by x": (tanh_network, "x", (16, 32, 64, 128)),
    "tanh network, by W1": (tanh_network, "W1", (16, 32, 64, 128)),
    "tanh layers, no sums named": (lambda k, _: layers("tanh", k), "W0", (8, 16, 32)),
    "relu layers, no sums named": (lambda k, _: layers("relu", k), "W0", (8, 16, 30)),
    "attention blocks, by X": (attention_stack, "X", (2, 4, 8, 12)),
    "attention blocks, by Q1": (attention_stack, "Q1", (2, 4, 8, 12)),
}


def deep() -> None:
    """One line a network and a depth."""
    for name, (make, wrt, depths) in DEEP.items():
        for k in depths:
            p = problem(**make(k, wrt))
            times = [time.perf_counter()]
            d = derive(p)
            times.append(time.perf_counter())
            points.judge_derivative(p, d.result, d.where)
            times.append(time.perf_counter())
            verdict = prove_derivative(p, d.result, d.where)
            times.append(time.perf_counter())
            solve(p, shown=True)
            times.append(time.perf_counter())
            ms = [1e3 * (b - a) for a, b in zip(times, times[1:], strict=False)]
            print(f"{name:24} {k:4} layers: derive {ms[0]:7.0f} ms, points {ms[1]:6.0f} ms, proof {ms[2]:6.0f} ms ({verdict.kind}), "
                  f"all with replay {ms[3]:6.0f} ms")


if __name__ == "__main__":
    main()
