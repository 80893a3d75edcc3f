"""The cell magic of a notebook: a cell that begins with %%matcalc is a problem file, and shows its pages."""

from __future__ import annotations

from typing import Any

from . import api
from .language.deadline import SECONDS, Expired, deadline_after
from .language.shape import InputError
from .equation import Equation
from .reading.parse import parse_file


def answers(text: str, seconds: float = SECONDS) -> list[object]:
    """The answers to a problem file, each in so many seconds."""
    out: list[object] = []
    for p in parse_file(text):
        p = p.within(deadline_after(seconds))
        if p.prove is not None or p.text.get("prove"):
            out.append(Equation.judged(p))
        else:
            out.append(api.gradients(p, shown=True) if p.several else api.solve(p, shown=True))
    if not out:
        raise InputError("no derive or prove line found", hint="a problem has a line such as: derive f wrt x")
    return out


def load(shell: Any) -> None:
    """Give the shell the magic."""
    from IPython.core.error import UsageError
    from IPython.display import display

    def matcalc(line: str, cell: str) -> None:
        """Answer a problem file: %%matcalc [NAME]; the last answer is called NAME."""
        try:
            found = answers(cell)
        except (InputError, api.Unfinished, Expired) as e:
            raise UsageError(str(e)) from None
        for answer in found:
            display(answer)
        if line.strip():
            shell.user_ns[line.strip()] = found[-1]

    shell.register_magic_function(matcalc, "cell", "matcalc")
