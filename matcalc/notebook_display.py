"""How a notebook shows what has no page of its own: an expression as a formula; a verdict, steps and rules as small pages."""

from __future__ import annotations

from .deriving.record import Step
from .language.expr import Expr
from .outputs import Listed
from .render.verdict_words import WordedVerdict
from .rulebook.rule import Rule
from .render import html, latex, markdown, notebook, tex


def formula(e: Expr) -> str:
    """In LaTeX, between dollars."""
    return f"$\\displaystyle {latex.latex(e)}$"


def fragment(what: notebook.Shown) -> str:
    """In HTML."""
    return html.fragment(notebook.story(what))


def paragraph(what: notebook.Shown) -> str:
    """A paragraph or a few lines, in Markdown."""
    return markdown.page(notebook.story(what))


def lines(what: notebook.Shown) -> str:
    """Aligned lines in LaTeX, between dollars."""
    return f"$$\n{tex.aligned(notebook.story(what))}$$"


def teach() -> None:
    """Give each class the methods that Jupyter asks for, here, since what draws stands above what is drawn.

    >>> from matcalc import derive
    >>> derive("x'*x", "x").result._repr_latex_()
    '$\\\\displaystyle 2\\\\,x$'
    """
    aligned = Listed, Rule, Step
    for of, name, method in ((Expr, "_repr_latex_", formula), *((of, "_repr_latex_", lines) for of in aligned),
                             *((of, "_repr_html_", fragment) for of in (WordedVerdict, *aligned)),
                             *((of, "_repr_markdown_", paragraph) for of in (WordedVerdict, *aligned))):
        setattr(of, name, method)
