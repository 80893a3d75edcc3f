"""A story in Markdown, formulas between dollars."""

from __future__ import annotations

from collections.abc import Iterable

from . import escaping
from .naming import apart
from .pieces import Piece
from .story import GAP, Block, Story
from .tex import piece as tex_piece, rows


@apart
def page(story: Story) -> str:
    """A story as a page of Markdown."""
    out = [f"## {sentence(story.heading)}"] if story.heading else []
    if story.source:
        out.append(f"*{escaping.markdown(story.source.strip())}*")
    out += [paragraph(b) for b in story.blocks]
    return "\n\n".join(out) + "\n"


def escape(text: str) -> str:
    """Words that Markdown leaves alone."""
    return escaping.markdown(text).replace(GAP, "&emsp;")


def sentence(pieces: Iterable[Piece]) -> str:
    """Words and formulas."""
    return "".join(escape(p) if isinstance(p, str) else tex_piece(p) for p in pieces)


def paragraph(b: Block) -> str:
    """One block."""
    text = sentence(b.pieces)
    label = f"**{b.label}** " if b.label else ""
    if b.about:
        label = f"**{sentence(b.about[:1]).strip()}** {sentence(b.about[1:])}"
    if not b.lines:
        return label + text
    shown = "$$\n\\begin{aligned}\n" + " \\\\\n".join(rows(b.lines)) + "\n\\end{aligned}\n$$"
    return "\n\n".join(x for x in (label.strip(), shown, f"({text})" if text else "") if x)
