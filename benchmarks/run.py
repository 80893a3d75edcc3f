"""Times as ratios, measured in one run on this machine, against the bounds the project sets itself.

    .venv/bin/python benchmarks/run.py
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from matcalc import api
from matcalc.language.parse import declarations, parse, problem

BIN = Path(sys.executable).parent
ENV = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}


def process(args: list[str]) -> None:
    """One whole process, with byte code kept."""
    subprocess.run(args, stdout=subprocess.DEVNULL, env=ENV, check=True)


def best(act: Callable[[], object], times: int, warm: int = 1) -> float:
    """The lower quartile of the seconds an act takes."""
    for _ in range(warm):
        act()
    seconds = []
    for _ in range(times):
        start = time.perf_counter()
        act()
        seconds.append(time.perf_counter() - start)
    return sorted(seconds)[times // 4]


def main() -> int:
    """Print every measure; 1 if a bound is broken."""
    base = best(lambda: process([sys.executable, "-c", "import click, rich.console, rich.table"]), 15)
    bare = best(lambda: process([str(BIN / "matcalc"), "list"]), 15)
    rows = []
    for label, args, bound in (("show softmax-jacobian", ["show", "softmax-jacobian"], 1.6),
                               ("show softmax-jacobian --format json", ["show", "softmax-jacobian", "--format", "json"], 1.6),
                               ("derive x'*A*x", ["derive", "x'*A*x", "--wrt", "x"], 1.6)):
        rows.append((f"process: {label} / importing click and rich", best(lambda a=args: process([str(BIN / "matcalc"), *a]), 15) / base,
                     bound, "x"))
    launched = best(lambda: process([str(BIN.parent.parent / "run"), "list"]), 15)
    rows.append(("process: ./run list - matcalc list", (launched - bare) * 1000, 20, "ms"))

    line = "-y'*log(softmax(W2'*tanh(W1'*x + b1) + b2))"
    declared = ["x in R^n", "W1 in R^(n,h)", "b1 in R^h", "W2 in R^(h,k)", "b2 in R^k", "y in R^k"]
    scope = declarations(declared)
    rows.append(("warm: parse " + line, best(lambda: parse(line, scope), 200) * 1e6, 50, "us"))

    def softmax() -> object:
        return api.solve(problem(["x in R^n"], ["s = exp(x)/(ones(n)'*exp(x))"], [], "s", "x", expand=True)).steps

    def gradient() -> object:
        return api.solve(problem(["A in R^(n,n)", "b in R^n"], [], [], "x'*A*x + b'*x", "x")).steps

    rows.append(("warm: softmax Jacobian, all steps, points", best(softmax, 50, 3) * 1000, 4, "ms"))
    rows.append(("warm: textbook gradient, all steps, points", best(gradient, 50, 3) * 1000, 3, "ms"))
    broken = 0
    for label, value, bound, unit in rows:
        broken += value > bound
        print(f"{value:8.2f} {unit:2}  of {bound:g} {unit:2}  {'BROKEN  ' if value > bound else ''}{label}")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
