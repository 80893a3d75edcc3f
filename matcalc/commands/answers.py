"""Answers to problems, and their exit codes."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from ..records import Record
from ..render import escaping
from .pages import PAGES, WRITTEN, Pages

if TYPE_CHECKING:
    from ..reading.parse import Problem

EXIT = {"proved": 0, "checked": 0, "refuted": 1, "undecided": 3}


class PageOptions(Record):
    """How problems are answered: the derivative, its verdict, and its page; in so many seconds each."""

    layout: str | None
    structured: bool
    expand: bool
    verify: bool
    form: str
    detail: str
    document: bool
    output: str | None
    style: str
    transpose: str
    lang: str
    seconds: float
    kernel: bool = False


def print_answers(asked: list[Problem], page: PageOptions) -> int:
    """Answer every problem in the format asked for; the exit code."""
    from ..render.style import set_as
    from ..render.words import in_language
    with set_as(page.style, page.transpose), in_language(page.lang):
        return answer(asked, page, Pages(page.form, page.output, page.detail, page.document, page.kernel))


def answer(asked: list[Problem], page: PageOptions, out: Pages) -> int:
    """Answer every problem on its page; the exit code."""
    from .. import api
    from ..language.deadline import deadline_after
    form, options = page.form, (page.verify, page.expand, page.form in PAGES, page.layout, page.structured)
    code = 0
    unfinished: list[str] = []
    for one in (one for p in asked for one in (apart(p) if form in WRITTEN else [p])):
        p = one.within(deadline_after(page.seconds))
        if p.text.get("prove"):
            from . import checks
            code = worse(code, EXIT[checks.judged(p, page.verify, out)])
            continue
        try:
            if p.several:
                several = api.gradients(p, *options)
                code = worse(code, 1 if several.verdict.kind == "refuted" else 0)
                out.show(several)
                continue
            d = api.solve(p, *options)
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
                drawn = equations.beside(story.Story((), "", ()), what, closed, verdict, diagnosis)
                print(terminal.page(drawn, ascii_only=True).strip("\n"), file=sys.stderr)
            code = worse(code, EXIT[verdict.kind])
    out.close()
    sys.stderr.write(escaping.terminal("".join(unfinished)))
    return code


def apart(p: Problem) -> list[Problem]:
    """One question for each variable, where several are asked for and f is not a scalar: its Jacobians share no sweep."""
    from ..language.shape import SCALAR
    together = p.f is None or p.f.shape == SCALAR or not p.several
    return [p] if together else [p.replace(wrt=n, several=()) for n in p.several]


def worse(a: int, b: int) -> int:
    """The graver of two exit codes: refuted goes before undecided."""
    return 1 if 1 in (a, b) else max(a, b)
