"""Where answers are written: the screen, a file, a PDF."""

from __future__ import annotations

import io
import sys
from typing import TYPE_CHECKING

from ..render import escaping

if TYPE_CHECKING:
    from ..api import Unfinished
    from ..outputs import Renderable
    from ..reading.parse import Problem
    from ..render.story import Story

PAGES = ["text", "latex", "markdown", "html"]
FORMATS = [*PAGES, "index", "json", "numpy", "torch", "jax", "sympy"]
WRITTEN = [*PAGES, "json"]
ENDINGS = {"html": "html", "md": "markdown", "tex": "latex", "json": "json"}        # of a file, where no format is given


class Pages:
    """Writes the answers: text at once, a file and other formats together at the end. LaTeX pages go into one document."""

    def __init__(self, form: str, output: str | None = None, detail: str = "normal", document: bool = False,
                 kernel: bool = False) -> None:
        from ..language.shape import InputError
        self.pdf = output is not None and output.endswith(".pdf")
        if self.pdf and form not in ("text", "latex"):
            raise InputError(f"{output} is a page set by LaTeX, not {form}", hint="drop --format")
        ending = ENDINGS.get(output.rpartition(".")[2], form) if output is not None and form == "text" else form
        document, form = document or ending == "latex" != form, ending
        self.form, self.output, self.unfolded = "latex" if self.pdf else form, output, detail
        if document and form != "latex":
            raise InputError(f"--document is a whole LaTeX file, not {form}", hint="add --format latex")
        if kernel and form not in ("torch", "jax"):
            raise InputError(f"--kernel is code for torch or jax, not {form}", hint="add --format torch")
        self.kernel = kernel
        self.document = document or self.pdf
        self.live = form == "text" and output is None
        self.drawn = self.document or form in ("text", "markdown", "html")      # from the story, with all that stands on it
        self.pages: list[str] = []
        self.stories: list[Story] = []

    def put(self, page: str) -> None:
        """Write one answer; a blank line separates two pages."""
        if self.form == "text":
            page = escaping.terminal(page)
        if self.live:
            sys.stdout.write(("\n" if self.pages else "") + page)
        self.pages.append(page)

    def show(self, answer: Renderable) -> None:
        """An answer: on a terminal its page is drawn for that terminal."""
        if self.live:
            from ..render.terminal import show as draw
            self.put("")
            draw(answer.story(self.unfolded))
        elif self.document:
            self.stories.append(answer.story(self.unfolded))
        elif self.kernel:
            self.put(answer.kernel(self.form))
        else:
            self.put(write(answer, self.form, self.unfolded))

    def tell(self, story: Story) -> None:
        """A page that is not an answer of the interface's."""
        from ..render import html, markdown, terminal, tex
        if self.document:
            self.stories.append(story)
        elif self.live:
            self.put("")
            terminal.show(story)
        elif self.form in PAGES:
            drawn = {"text": terminal.page, "latex": tex.aligned, "markdown": markdown.page, "html": html.page}
            self.put(drawn[self.form](story))

    def unfinished(self, p: Problem, e: Unfinished) -> None:
        """The steps of a derivation that stopped; no source."""
        from ..deriving.partial import so_far
        from ..render import data, story
        if p.several or self.form not in (*PAGES, "json"):
            self.put("")
        elif self.form == "json":
            self.put(escaping.json(data.unfinished(so_far(p), e.message, e.hint), 2) + "\n")
        else:
            self.tell(story.unfinished(so_far(p), e.message))

    def close(self) -> None:
        """Write what was kept for the end."""
        pages = [page for page in self.pages if page]
        if self.form == "json" and len(self.pages) > 1:
            import json
            pages = [escaping.json(json.loads(page)) + "\n" for page in pages]
        text = ("" if self.form == "json" else "\n").join(pages)
        if self.stories:
            from ..render.document import document
            text = document(*self.stories)
        if self.pdf:
            from ..render import pdf
            pdf.write(text, str(self.output))
        elif self.output is not None:
            try:
                with open(self.output, "w", encoding="utf-8") as f:
                    f.write(text)
            except OSError as e:
                from ..language.shape import InputError
                raise InputError(f"cannot write {self.output}: {(e.strerror or str(e)).lower()}") from None
        elif not self.live:
            if self.form != "text" and isinstance(sys.stdout, io.TextIOWrapper):
                sys.stdout.reconfigure(encoding="utf-8")        # what is made for a browser or a compiler says so
            sys.stdout.write(text)
        sys.stdout.flush()


def write(d: Renderable, form: str, detail: str = "normal") -> str:
    """One answer in one format."""
    if form == "text":
        return d.text(detail=detail)
    if form == "index":
        return d.index()
    if form == "json":
        return escaping.json(d.json(), 2) + "\n"
    if form == "latex":
        return d.latex(False, detail)
    if form == "markdown":
        return d.markdown(detail)
    return d.html(detail) if form == "html" else d.file(form)
