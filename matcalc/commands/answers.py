"""Answers in the format asked for, on the screen or in a file, and what they amount to as an exit code."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from ..render import safe

if TYPE_CHECKING:
    from ..api import Derivation, Unfinished
    from ..gradients import Gradients
    from ..reading.parse import Problem

PAGES = ["text", "latex", "markdown", "html"]
FORMATS = [*PAGES, "json", "numpy", "torch", "jax", "sympy"]
WRITTEN = ["text", "latex", "markdown", "json"]
EXIT = {"proved": 0, "checked": 0, "refuted": 1, "undecided": 3}


def give(asked: list[Problem], layout: str | None, structured: bool, expand: bool, verify: bool, form: str, detail: str,
         document: bool, output: str | None, seconds: float) -> int:
    """Answer every problem in the format asked for, each in so many seconds; the exit code."""
    from .. import api
    from ..language.deadline import after
    from ..language.shape import InputError
    if document and form != "latex":
        raise InputError(f"--document is a whole LaTeX file, not {form}", hint="add --format latex")
    out = Pages(form, output, detail)
    code = 0
    sorry: list[str] = []
    for p in asked:
        p.deadline = after(seconds)
        if p.text.get("prove"):
            from . import checks
            page, kind = checks.judged(p, verify, form if form in WRITTEN else "text", detail)
            out.put((f"{p.text['prove']}\n" if form == "text" else "") + page)
            code = worse(code, EXIT[kind])
            continue
        try:
            if p.several:
                several = api.gradients(p, verify, expand, form in PAGES, layout, structured)
                code = worse(code, 1 if several.verdict.kind == "refuted" else 0)
                out.show(several, document)
                continue
            d = api.solve(p, verify, expand, form in PAGES, layout, structured)
        except api.Unfinished as e:
            out.put("" if p.several else unfinished(p, e, form, document))
            sorry.append(f"matcalc: unfinished: {e}\n")
            code = worse(code, 3)
            continue
        code = worse(code, 1 if d.verdict.kind == "refuted" else 0)
        out.show(d, document)
        said = [("The claim", p.claim or p.text.get("claim"), d.claim_verdict, d.diagnosis)] if d.claim_verdict is not None else []
        if d.missed is not None:
            said.append(("The file expects", p.expect or p.text.get("expect"), *d.missed))
        for what, closed, verdict, diagnosis in said:
            from ..render.verdicts import claim_lines
            print("\n".join(claim_lines(closed, verdict, diagnosis, what)), file=sys.stdout if form == "text" else sys.stderr)
            code = worse(code, EXIT[verdict.kind])
    out.close()
    sys.stderr.write(safe.terminal("".join(sorry)))
    return code


class Pages:
    """Where the answers go: text at once, a file and other formats together at the end."""

    def __init__(self, form: str, output: str | None, detail: str) -> None:
        self.form, self.output, self.detail = form, output, detail
        self.live = form == "text" and output is None
        self.pages: list[str] = []

    def put(self, page: str) -> None:
        """One answer; a blank line stands between two pages."""
        if self.form == "text":
            page = safe.terminal(page)
        if self.live:
            sys.stdout.write(("\n" if self.pages else "") + page)
        self.pages.append(page)

    def show(self, answer: Derivation | Gradients, document: bool) -> None:
        """An answer: on a terminal its page is drawn for that terminal."""
        if self.live:
            from ..render.terminal import show as draw
            self.put("")
            draw(answer.story(self.detail))
        else:
            self.put(write(answer, self.form, document, self.detail))

    def close(self) -> None:
        """All has been said."""
        pages = [page for page in self.pages if page]
        if self.form == "json" and len(self.pages) > 1:
            import json
            pages = [safe.json(json.loads(page)) + "\n" for page in pages]
        text = ("" if self.form == "json" else "\n").join(pages)
        if self.output is not None:
            try:
                with open(self.output, "w", encoding="utf-8") as f:
                    f.write(text)
            except OSError as e:
                from ..language.shape import InputError
                raise InputError(f"cannot write {self.output}: {(e.strerror or str(e)).lower()}") from None
        elif not self.live:
            sys.stdout.write(text)
        sys.stdout.flush()


def unfinished(p: Problem, e: Unfinished, form: str, document: bool) -> str:
    """The steps of a derivation that stopped, in the format asked for; no source."""
    if form not in (*PAGES, "json"):
        return ""
    from ..deriving.sofar import so_far
    from ..render import data, html, markdown, story, terminal, tex
    d = so_far(p)
    if form == "json":
        return safe.json(data.unfinished(d, e.message, e.hint), 2) + "\n"
    page = story.unfinished(d, e.message)
    if form == "text":
        return terminal.page(page)
    return (tex.document if document else tex.aligned)(page) if form == "latex" else (html if form == "html" else markdown).page(page)


def worse(a: int, b: int) -> int:
    """Of two exit codes the one that says more: what is refuted goes before what is undecided."""
    return 1 if 1 in (a, b) else max(a, b)


def write(d: Derivation | Gradients, form: str, document: bool, detail: str = "normal") -> str:
    """One answer in one format."""
    if form == "text":
        return d.text(detail=detail)
    if form == "json":
        return safe.json(d.json(), 2) + "\n"
    if form == "latex":
        return d.latex(document, detail)
    if form == "markdown":
        return d.markdown(detail)
    return d.html(detail) if form == "html" else d.source(form)
