"""Generated gradients and Hessians against automatic differentiation, in one process on one machine: ratios of times.

For each problem at the sizes of papers the generated function in NumPy, in torch and in jitted JAX, and the same by torch.autograd (or
torch.func for Hessians) and by jitted JAX, which are optional; all on one thread, in CPU time, which other work on the machine does not
change much. Each library's derivative is compared with the generated code for that library, where only the formula differs, and with the
generated NumPy function. A ratio above 1 says how many times slower automatic differentiation is, below 1 that it wins. All compute
the same to 1e-8, or it is said.
Run from the checkout: python -m benchmarks.peers [--table] [--rounds 7] [NAME..]
"""

from __future__ import annotations

import argparse
import importlib
import inspect
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


def library(name: str) -> Any:
    """A library, set to one thread and to double precision; nothing where it is not installed."""
    try:
        module = importlib.import_module(name)
    except ImportError:
        return None
    if name == "torch":
        module.set_num_threads(1)
    else:
        module.config.update("jax_enable_x64", True)
    return module


def in_order(function: Callable[..., Any], given: dict[str, Any], compiled: Callable[..., Any] = lambda f: f) -> Callable[[], Any]:
    """The call of a function with its arguments in their order, as the peers are called."""
    handed, ready = [given[name] for name in inspect.signature(function).parameters], compiled(function)
    return lambda: ready(*handed)


def peers(case: Case, given: dict[str, Any], found: Any) -> dict[str, Callable[[], Any]]:
    """What computes the same in torch and in JAX: the generated code, and automatic differentiation."""
    out: dict[str, Callable[[], Any]] = {}
    at = list(case.shapes).index(case.wrt)
    torch, jax = library("torch"), library("jax")
    if torch is not None:
        tensors = {n: torch.as_tensor(a) for n, a in given.items()}
        values, own = list(tensors.values()), in_order(found.function("torch"), tensors)

        def of(x: Any) -> Any:
            return case.peer(torch, *values[:at], x, *values[at + 1:])

        def backward() -> Any:
            x = values[at].detach().requires_grad_()
            return torch.autograd.grad(of(x), x)[0]
        out["torch"] = own
        if case.order == 1:
            out["torch autodiff"] = backward
        else:
            hessian = torch.func.hessian(of)
            out["torch autodiff"] = lambda: hessian(values[at])
    if jax is not None:
        arrays = {n: jax.numpy.asarray(a) for n, a in given.items()}
        make = jax.grad if case.order == 1 else jax.hessian
        compiled = jax.jit(make(lambda *a: case.peer(jax.numpy, *a), at))
        code = in_order(found.function("jax"), arrays, jax.jit)
        out["jax"] = lambda: code().block_until_ready()
        out["jax autodiff"] = lambda: compiled(*arrays.values()).block_until_ready()
    return out


def spent(functions: dict[str, Callable[[], Any]], rounds: int) -> dict[str, float]:
    """The least seconds a call takes, the rounds of all interleaved, so that what else the machine does hits all alike."""
    best = dict.fromkeys(functions, float("inf"))
    times = {}
    for name, function in functions.items():
        begin = time.process_time()
        function()
        times[name] = max(1, int(0.02/max(time.process_time() - begin, 1e-5)))
    for k in range(rounds):
        for name, function in list(functions.items())[::1 - 2*(k % 2)]:      # to and fro: none always comes after the same one
            begin = time.process_time()
            for _ in range(times[name]):
                function()
            best[name] = min(best[name], (time.process_time() - begin)/times[name])
    return best


def measured(case: Case, rounds: int) -> tuple[dict[str, float], bool]:
    """Seconds of each, and whether they agree."""
    given = numbers(case)
    found = derive(case.expr, case.wrt, list(case.declare), list(case.define), order=case.order)
    function = found.function()
    functions: dict[str, Callable[[], Any]] = {"numpy": in_order(function, given)} | peers(case, given, found)
    want = np.asarray(functions["numpy"]())
    same = True
    for peer in functions.values():
        got = np.asarray(peer())
        if case.order == 2 and got.ndim == 4:       # by vec: columns one below another
            m, n = given[case.wrt].shape
            got = got.transpose(1, 0, 3, 2).reshape(m*n, m*n)
        same = same and np.allclose(got, want, rtol=1e-8, atol=1e-8*np.abs(want).max())
    return spent(functions, rounds), bool(same)


RATIOS = {"torch": ("torch autodiff", "torch"), "jax": ("jax autodiff", "jax"), "numpy, torch": ("torch autodiff", "numpy"),
          "numpy, jax": ("jax autodiff", "numpy")}


def ratios(best: dict[str, float]) -> dict[str, float]:
    """How many times as long automatic differentiation takes as what is generated."""
    return {name: best[peer]/best[own] for name, (peer, own) in RATIOS.items() if peer in best}


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
            found.append((kind, case, best))
            print(f"{kind:8} {case.name:40} {1e3*best['numpy']:9.3f} ms  " + "  ".join(f"{n} {r:8.2f}x" for n, r in ratios(best).items())
                  + ("" if same else "  THEY DISAGREE"), flush=True)
    if asked.table:
        print("\n" + table(found))


def table(found: list[tuple[str, Case, dict[str, float]]]) -> str:
    """The ratios, with date, versions and machine."""
    versions = [f"Python {platform.python_version()}", f"NumPy {np.__version__}"]
    for name in ("torch", "jax"):
        try:
            versions.append(f"{name} {importlib.import_module(name).__version__}")
        except ImportError:
            versions.append(f"no {name}")
    lines = [f"{date.today()}, {', '.join(versions)}, {platform.machine()}, {os.cpu_count()} cores.", "",
             "| | problem | torch autodiff / torch code | jax autodiff / jax code | NumPy code, ms | torch autodiff / NumPy code "
             "| jax autodiff / NumPy code |", "|---|---|---|---|---|---|---|"]
    for kind, case, best in found:
        r = ratios(best)
        milliseconds = f"{1e3*best['numpy']:.3f}"
        shown = [f"{r[n]:.2f}" if n in r else "" for n in RATIOS]
        lines.append(f"| {kind} | {case.name}: `{case.expr}` | {' | '.join([*shown[:2], milliseconds, *shown[2:]])} |")
    return "\n".join(lines)


if __name__ == "__main__":
    main()
