"""Generated gradients and Hessians against automatic differentiation, in one process on one machine: ratios of times.

For each problem at the sizes of papers: the generated NumPy function, torch.autograd (or torch.func for Hessians) and jitted JAX, which
are optional; all on one thread, in CPU time, which other work on the machine does not change much. A ratio above 1 says how many times
slower the peer is, below 1 that it wins. All compute the same to 1e-8, or it is said.
Run from the checkout: python -m benchmarks.peers [--table] [--rounds 7] [NAME..]
"""

from __future__ import annotations

import argparse
import importlib
import os
import platform
import time
from collections.abc import Callable
from datetime import date
from typing import Any

os.environ |= dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
os.environ["XLA_FLAGS"] = "--xla_cpu_multi_thread_eigen=false"

import numpy as np  # noqa: E402

from matcalc.api import derive  # noqa: E402

from benchmarks.problems import GRADIENTS, HESSIANS, Case  # noqa: E402


def numbers(case: Case) -> dict[str, Any]:
    """Numbers at which the function is well away from any edge."""
    rng = np.random.default_rng(1)
    out: dict[str, Any] = {}
    for name, shape in case.shapes.items():
        a = rng.normal(size=shape)/max(1, max(shape, default=1))**0.5
        square = len(shape) == 2 and shape[0] == shape[1]
        out[name] = np.float64(1.5) if shape == () else a @ a.T + np.eye(len(a)) if square else np.abs(a) if name == "y" else a
    return out


def peers(case: Case, given: dict[str, Any]) -> dict[str, Callable[[], Any]]:
    """What computes the same by automatic differentiation."""
    out: dict[str, Callable[[], Any]] = {}
    at = list(case.shapes).index(case.wrt)
    try:
        torch = importlib.import_module("torch")
    except ImportError:
        torch = None
    if torch is not None:
        torch.set_num_threads(1)
        tensors = [torch.as_tensor(a) for a in given.values()]

        def of(x: Any) -> Any:
            return case.peer(torch, *tensors[:at], x, *tensors[at + 1:])

        def backward() -> Any:
            x = tensors[at].detach().requires_grad_()
            return torch.autograd.grad(of(x), x)[0]
        if case.order == 1:
            out["torch"] = backward
        else:
            hessian = torch.func.hessian(of)
            out["torch"] = lambda: hessian(tensors[at])
    try:
        jax = importlib.import_module("jax")
    except ImportError:
        return out
    jax.config.update("jax_enable_x64", True)
    arrays = [jax.numpy.asarray(a) for a in given.values()]
    make = jax.grad if case.order == 1 else jax.hessian
    compiled = jax.jit(make(lambda *a: case.peer(jax.numpy, *a), at))
    out["jax"] = lambda: compiled(*arrays).block_until_ready()
    return out


def spent(functions: dict[str, Callable[[], Any]], rounds: int) -> dict[str, float]:
    """The least seconds a call takes, the rounds of all interleaved, so that what else the machine does hits all alike."""
    best = dict.fromkeys(functions, float("inf"))
    times = {}
    for name, function in functions.items():
        begin = time.process_time()
        function()
        times[name] = max(1, int(0.02/max(time.process_time() - begin, 1e-5)))
    for _ in range(rounds):
        for name, function in functions.items():
            begin = time.process_time()
            for _ in range(times[name]):
                function()
            best[name] = min(best[name], (time.process_time() - begin)/times[name])
    return best


def measured(case: Case, rounds: int) -> tuple[dict[str, float], bool]:
    """Seconds of each, and whether they agree."""
    given = numbers(case)
    function = derive(case.expr, case.wrt, list(case.declare), list(case.define), order=case.order).function()
    functions: dict[str, Callable[[], Any]] = {"matcalc": lambda: function(**given)} | peers(case, given)
    want = np.asarray(functions["matcalc"]())
    same = True
    for peer in functions.values():
        got = np.asarray(peer())
        if case.order == 2 and got.ndim == 4:       # by vec: columns one below another
            m, n = given[case.wrt].shape
            got = got.transpose(1, 0, 3, 2).reshape(m*n, m*n)
        same = same and np.allclose(got, want, rtol=1e-8, atol=1e-8*np.abs(want).max())
    return spent(functions, rounds), bool(same)


def main() -> None:
    """A line for each problem, and with --table the whole as Markdown."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("names", nargs="*")
    options.add_argument("--table", action="store_true")
    options.add_argument("--rounds", type=int, default=7)
    asked = options.parse_args()
    found = []
    for kind, cases in (("gradient", GRADIENTS), ("Hessian", HESSIANS)):
        for case in cases:
            if asked.names and not any(n in case.name for n in asked.names):
                continue
            best, same = measured(case, asked.rounds)
            own = best["matcalc"]
            ratios = {name: t/own for name, t in best.items() if name != "matcalc"}
            found.append((kind, case, own, ratios, same))
            print(f"{kind:8} {case.name:40} {1e3*own:9.3f} ms  " + "  ".join(f"{n} {r:8.2f}x" for n, r in ratios.items())
                  + ("" if same else "  THEY DISAGREE"), flush=True)
    if asked.table:
        print("\n" + table(found))


def table(found: list[tuple[str, Case, float, dict[str, float], bool]]) -> str:
    """The ratios, with date, versions and machine."""
    versions = [f"Python {platform.python_version()}", f"NumPy {np.__version__}"]
    for name in ("torch", "jax"):
        try:
            versions.append(f"{name} {importlib.import_module(name).__version__}")
        except ImportError:
            versions.append(f"no {name}")
    lines = [f"{date.today()}, {', '.join(versions)}, {platform.machine()}, {os.cpu_count()} cores.", "",
             "| | problem | generated NumPy, ms | torch | jax, jitted |", "|---|---|---|---|---|"]
    for kind, case, own, ratios, _ in found:
        lines.append(f"| {kind} | {case.name}: `{case.expr}` | {1e3*own:.3f} | "
                     + " | ".join(f"{ratios[n]:.2f}" if n in ratios else "" for n in ("torch", "jax")) + " |")
    return "\n".join(lines)


if __name__ == "__main__":
    main()
