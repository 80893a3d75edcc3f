"""What shows itself in a notebook as a small page: a verdict, steps, rules."""

from __future__ import annotations


class Shown:
    """Is drawn by render/shown.py when a notebook asks."""

    __slots__ = ()

    def _repr_html_(self) -> str:
        from .render.shown import as_html
        return as_html(self)

    def _repr_markdown_(self) -> str:
        from .render.shown import as_markdown
        return as_markdown(self)


class Typeset(Shown):
    """Also in LaTeX, as aligned lines."""

    __slots__ = ()

    def _repr_latex_(self) -> str:
        from .render.shown import as_latex
        return as_latex(self)
