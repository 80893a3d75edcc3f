"""A gradient function of a file, run where the user says so and compared with the derivative at a few points."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from typing import Any

from ... import api
from ...codegen.gradient_check import SAMPLE, kind
from ...deriving.derivation import Unfinished
from ...language.deadline import deadline_after
from ...language.nodes import Name
from ...language.shape import ONE, SCALAR, InputError
from ...reading.parse import problem
from . import isolated
from .code import entry
from ..parts.formula import quotient
from ..parts.marks import Mark, Marked, Reason
from ..parts.definition_parts import as_text, ordered
from ..statements.sheet import Sheet
from ..task import Task, begin

CLOSE = 1e-6
PLACES = 3
KEPT = ("PATH", "SYSTEMROOT", "TEMP", "TMP")      # of the surroundings, what Python itself needs
MOST = 10          # seconds of a run
START = 10         # more of them for Python and NumPy to start


def run(text: str, given: Task, marked: Marked, seconds: float) -> Marked:
    """The marks with one more: what the function returns at a few points against the derivative there. The file is run, in a process of
    its own with limits."""
    number, arguments, name = entry(text)
    sheet = begin(Sheet(), given)
    asked = quotient(given.asked)
    if asked is None:
        return marked
    try:
        p = problem(sheet.declare, as_text(ordered(sheet.define)), expr=asked[0], wrt=asked[1])
        right = api.solve(p.within(deadline_after(seconds))).function()
    except (InputError, Unfinished):
        return marked
    variables = {n: v for n, v in p.variables.items() if v.kind == "variable"}
    points = [_values(variables, place) for place in range(PLACES)]
    found = _returned(text, name, [[values[a] for a in arguments] for values in points], seconds)
    if found is None:
        mark, worst = "not judged", f"it did not finish within {_limit(seconds)} s"
    else:
        worst = next(filter(None, (_differs(a, right(**values)) for a, values in zip(found, points, strict=False))), "")
        mark = "does not follow" if worst else "follows" if len(found) == PLACES else "not judged"
        worst = worst or "" if mark != "not judged" else "it finished without an answer"
    made = Mark(number, f"{name}({', '.join(arguments)})", mark, reason=Reason("run", (worst or str(PLACES),)))
    return marked._replace(marks=(*(m for m in marked.marks if m.mark != "not judged"), made))


def _limit(seconds: float) -> int:
    """How long a file may run, in whole seconds."""
    return max(1, min(MOST, int(seconds)))


def _returned(text: str, name: str, calls: list[list[Any]], seconds: float) -> list[dict[str, Any]] | None:
    """What a function returns at each point, in a process of its own; None where that takes too long, nothing where it was ended."""
    given = [[a if isinstance(a, float) else a.tolist() for a in call] for call in calls]
    question = json.dumps({"text": text, "name": name, "calls": given})
    kept = {key: os.environ[key] for key in KEPT if key in os.environ} | {"OPENBLAS_NUM_THREADS": "1"}
    try:
        with tempfile.TemporaryDirectory() as folder:
            done = subprocess.run([sys.executable, "-I", isolated.__file__, str(_limit(seconds))], input=question, capture_output=True,
                                  text=True, timeout=_limit(seconds) + START, cwd=folder, check=False, env=kept)
    except subprocess.TimeoutExpired:
        return None
    if done.returncode in (-signal.SIGKILL, -signal.SIGXCPU):
        return None
    try:
        return list(json.loads(done.stdout))
    except ValueError:
        return []


def _differs(answer: dict[str, Any], right: Any) -> str:
    """How the value that the function returned differs from the derivative, in words; empty where it does not."""
    import numpy as np
    wanted = np.asarray(right, float)
    if "raises" in answer:
        return f"it raised {answer['raises']}"
    out, shape = np.asarray(answer["value"], float), tuple(answer["shape"])
    if out.size != wanted.size:
        return f"the shape is {shape} and should be {wanted.shape}"
    if not np.allclose(out.reshape(wanted.shape), wanted, rtol=CLOSE, atol=CLOSE):
        k = int(np.argmax(abs(out.reshape(-1) - wanted.reshape(-1))))
        return f"entry {k + 1} is {out.reshape(-1)[k]:.6g} and should be {wanted.reshape(-1)[k]:.6g}"
    return ""


def _values(variables: Mapping[str, Name], place: int) -> dict[str, Any]:
    """Random arrays for variables, columns with one axis; `place` is the seed."""
    import numpy as np
    space: dict[str, Any] = {"np": np}
    exec(SAMPLE, space)
    rng, sizes, out = np.random.default_rng(place), dict[str, int](), dict[str, Any]()
    for name, v in variables.items():
        m, n = (d.number or sizes.setdefault(d.text, 2 + (place + len(sizes)) % 3) for d in v.shape)
        a = space["_sample"](rng, (m, n), kind(v) or "")
        out[name] = float(a[0, 0]) if v.shape == SCALAR else a[:, 0] if v.shape[1] is ONE else a
    return out
