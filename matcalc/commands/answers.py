"""Answers to problems, and their exit codes."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from ..render import escaping
from .pages import PAGES, WRITTEN, Pages

if TYPE_CHECKING:
    from ..reading.parse import Problem

EXIT = {"proved": 0, "checked": 0, "refuted": 1, "undecided": 3}


def print_answers(asked: list[Problem], layout: str | None, structured: bool, expand: bool, verify: bool, form: str, detail: str,
         document: bool, output: str | None, style: str, transpose: str, lang: str, seconds: float, kernel: bool = False) -> int:
    """Answer every problem in the format asked for, each in so many seconds; the exit code."""
    from ..render.style import set_as
    from ..render.words import in_language
    with set_as(style, transpose), in_language(lang):
        return answer(asked, layout, structured, expand, verify, Pages(form, output, detail, document, kernel), seconds)


def answer(asked: list[Problem], layout: str | None, structured: bool, expand: bool, verify: bool, out: Pages, seconds: float) -> int:
    """Answer every problem on its page; the exit code."""
    from .. import api
    from ..language.deadline import deadline_after
    form = out.form
    code = 0
    unfinished: list[str] = []
    for one in (one for p in asked for one in (apart(p) if form in WRITTEN else [p])):
        p = one.within(deadline_after(seconds))
        if p.text.get("prove"):
            from . import checks
            code = worse(code, EXIT[checks.judged(p, verify, out)])
            continue
        try:
            if p.several:
                several = api.gradients(p, verify, expand, form in PAGES, layout, structured)
                code = worse(code, 1 if several.verdict.kind == "refuted" else 0)
                out.show(several)
                continue
            d = api.solve(p, verify, expand, form in PAGES, layout, structured)
        except api.Unfinished as e:
            out.unfinished(p, e)
            unfinished.append(f"matcalc: unfinished: {e}\n")
            code = worse(code, 3)
            continue
        code = worse(code, 1 if d.verdict.kind == "refuted" else 0)
        out.show(d)
        for what, closed, verdict, diagnosis in d.judged():
            if not out.drawn:
                from ..render import equations, story, terminal
                page = equations.beside(story.Story((), "", ()), what, closed, verdict, diagnosis)
                print(terminal.page(page, ascii_only=True).strip("\n"), file=sys.stderr)
            code = worse(code, EXIT[verdict.kind])
    out.close()
    sys.stderr.write(escaping.terminal("".join(unfinished)))
    return code


def apart(p: Problem) -> list[Problem]:
    """One question for each variable, where several are asked for and f is no scalar: its Jacobians share no sweep."""
    from ..language.shape import SCALAR
    together = p.f is None or p.f.shape == SCALAR or not p.several
    return [p] if together else [p.replace(wrt=n, several=()) for n in p.several]


def worse(a: int, b: int) -> int:
    """The graver of two exit codes: refuted goes before undecided."""
    return 1 if 1 in (a, b) else max(a, b)
