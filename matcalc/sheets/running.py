"""A gradient function of a file, run where the user says so and compared with the derivative at a few points."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

from .. import api
from ..deriving.derivation import Unfinished
from ..language.deadline import after
from ..language.shape import InputError
from ..reading.parse import problem
from .code import entry
from .facts import QUOTIENT
from .line import Mark, Reason
from .marked import Marked
from .order import ordered
from .sheet import Sheet
from .task import Task, begin

CLOSE = 1e-6
PLACES = 3


def run(text: str, given: Task, marked: Marked, seconds: float) -> Marked:
    """The marks with one more: what the function returns at a few points against the derivative there. It runs the file."""
    number, arguments, name = entry(text)
    sheet = begin(Sheet(), given)
    found = QUOTIENT.fullmatch(given.asked)
    if found is None or given.asked.endswith("'"):
        return marked
    try:
        by = given.asked.rpartition("d(")[2].rstrip(")")
        p = problem(sheet.declare, [f"{n} = {b}" for n, b, _ in ordered(sheet.define)], expr=found[1], wrt=by)
        right = api.solve(p.within(after(seconds))).function()
    except (InputError, Unfinished):
        return marked
    scope: dict[str, Any] = {"__name__": "matcalc_checked"}
    exec(compile(text, "<the file>", "exec"), scope)
    worst = ""
    for place in range(PLACES):
        values = _values({n: (str(v.shape[0]), str(v.shape[1]), v.words) for n, v in p.variables.items() if v.kind == "variable"}, place)
        worst = worst or _differs(scope[name], right, values, arguments)
    mark = Mark(number, f"{name}({', '.join(arguments)})", "does not follow" if worst else "follows",
                reason=Reason("run", (worst,) if worst else (str(PLACES),)))
    return marked._replace(marks=(*(m for m in marked.marks if m.mark != "not judged"), mark))


def _differs(function: Callable[..., Any], right: Callable[..., Any], values: dict[str, Any], arguments: list[str]) -> str:
    """Where what the function returns is another thing than the derivative."""
    import numpy as np
    wanted = np.asarray(right(**values), float)
    try:
        out = function(*(values[a] for a in arguments))
    except Exception as e:
        return f"it raises {type(e).__name__}: {e}"
    out = np.asarray(out[0] if isinstance(out, tuple) else out, float)
    if out.size != wanted.size:
        return f"the shape is {out.shape} and should be {wanted.shape}"
    if not np.allclose(out.reshape(wanted.shape), wanted, rtol=CLOSE, atol=CLOSE):
        k = int(np.argmax(abs(out.reshape(-1) - wanted.reshape(-1))))
        return f"entry {k + 1} is {out.reshape(-1)[k]:.6g} and should be {wanted.reshape(-1)[k]:.6g}"
    return ""


def _values(shapes: dict[str, tuple[str, str, Any]], place: int) -> dict[str, Any]:
    """Arrays of the shapes, the same at each call."""
    import numpy as np
    draw = random.Random(place)
    sizes: dict[str, int] = {}
    for rows, cols, _ in shapes.values():
        for size in (rows, cols):
            if not size.isdigit():
                sizes.setdefault(size, 2 + (place + len(sizes)) % 3)
    out: dict[str, Any] = {}
    for name, (rows, cols, words) in shapes.items():
        m, n = (int(s) if s.isdigit() else sizes[s] for s in (rows, cols))
        a = np.array([[draw.gauss(0, 1) for _ in range(n)] for _ in range(m)])
        if "spd" in words:
            a = a @ a.T + np.eye(m)
        elif "symmetric" in words:
            a = a + a.T
        elif "positive" in words or "simplex" in words:
            a = abs(a) + .1
            a = a / a.sum() if "simplex" in words else a
        out[name] = float(a[0, 0]) if (m, n) == (1, 1) and rows == cols == "1" else a[:, 0] if cols == "1" else a
    return out
