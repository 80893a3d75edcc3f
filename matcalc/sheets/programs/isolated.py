"""Runs a function of a file in a separate process: `python -I isolated.py SECONDS` with a question on stdin.

The question is JSON: the text of a file, the name of a function, and for each call its arguments; the answer, on stdout, a list of what
each call returned, or what it raised. This file stands alone: nothing of the package is imported.
"""

from __future__ import annotations

import json
import os
import sys
from typing import Any

MEMORY = 2 << 30


def limited(seconds: int) -> None:
    """Time, memory, no files longer than nothing and no core, where the platform has such limits."""
    try:
        import resource
    except ImportError:
        return
    for kind, most in ((resource.RLIMIT_CPU, seconds), (resource.RLIMIT_AS, MEMORY), (resource.RLIMIT_FSIZE, 0), (resource.RLIMIT_CORE, 0)):
        try:
            resource.setrlimit(kind, (most, most))
        except (ValueError, OSError):
            continue


def answers(text: str, name: str, calls: list[list[Any]]) -> list[dict[str, Any]]:
    """What a function of a text returns for each list of arguments."""
    import numpy as np
    scope: dict[str, Any] = {"__name__": "matcalc_checked"}
    out: list[dict[str, Any]] = []
    try:
        exec(compile(text, "<the file>", "exec"), scope)
        for given in calls:
            found = scope[name](*(a if isinstance(a, float) else np.array(a, float) for a in given))
            value = np.asarray(found[0] if isinstance(found, tuple) else found, float)
            out.append({"value": value.tolist(), "shape": list(value.shape)})
    except BaseException as e:
        out.append({"raises": f"{type(e).__name__}: {e}"})
    return out


def main() -> None:
    """Answer the question on stdin; what the file prints is not an answer."""
    question = json.load(sys.stdin)
    import numpy  # noqa: F401 - before the limits, which its threads would run into
    answer = os.fdopen(os.dup(1), "w")
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    os.dup2(1, 2)
    limited(int(sys.argv[1]))
    json.dump(answers(question["text"], question["name"], question["calls"]), answer)
    answer.close()
    os._exit(0)


if __name__ == "__main__":
    main()
