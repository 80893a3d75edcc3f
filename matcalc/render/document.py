"""Stories as a LaTeX document that pdflatex compiles in one run, with packages that every distribution has."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from .lines import Line, sized
from .naming import apart
from .story import Block, Story
from .tex import piece, rows, width, words

# A size of type, and how many characters of a formula fit the page in it.
TYPE = (("", 84), ("\\small", 92), ("\\footnotesize", 103), ("\\scriptsize", 120))
TAG = r" \tag*{{\footnotesize {}}}"       # at the right edge, or below a line that leaves no room
LABEL, HANGING = 10, r"\hangindent=5.4em "      # letters of a label beside which a text begins in one column
BESIDE = r"\makebox[5.4em][l]{{{}}}"
HEAD = r"""\documentclass[11pt,fleqn]{article}
\usepackage[utf8]{inputenc}
\usepackage[margin=18mm]{geometry}
\usepackage{amsmath,amssymb}
\allowdisplaybreaks
\setlength{\parindent}{0pt}
\emergencystretch=2em
\setlength{\mathindent}{1.5em}"""


def document(*stories: Story) -> str:
    """A whole file: a page after the other."""
    return whole("\n".join(map(section, stories)))


def whole(inside: str, packages: str = "") -> str:
    """A file with this inside; Chinese characters need a package of their own."""
    if re.search("[\u2e80-\uffef]", inside):
        packages, inside = packages + "\\usepackage{CJKutf8}\n", f"\\begin{{CJK}}{{UTF8}}{{gbsn}}\n{inside}\n\\end{{CJK}}"
    return f"{HEAD}\n{packages}\\begin{{document}}\n{inside}\n\\end{{document}}\n"


@apart
def section(story: Story, heading: str = r"\section*", number: str = "") -> str:
    """One page."""
    out = [rf"{heading}{{{number}{''.join(map(piece, story.heading))}}}"]
    if story.source:
        out.append(rf"\textit{{{words(story.source)}}}\par\medskip")
    return "\n".join([*out, *paragraphs(story.blocks)])


def paragraphs(blocks: Iterable[Block]) -> Iterator[str]:
    """The blocks; lines without a label stand below the paragraph before them."""
    end = ""
    for b in blocks:
        text = "".join(map(piece, b.pieces))
        label = rf"\textbf{{{words(b.label)}}}" if b.label else ""
        if b.about:
            label = rf"\textbf{{{piece(b.about[0])}}}" + "".join(map(piece, b.about[1:]))
        if label or not b.lines:
            yield r"\par\bigskip" if b.about else end
        if b.lines:
            beside, text = (text, "") if sized(b.lines, b.pieces) else ("", text)
            yield (label + "\n" if label else "") + display(b.lines, beside) + r"\par" * bool(text)
        if text or not b.lines:
            wide = len(b.label) > LABEL and not b.lines
            yield HANGING + (label + r"\quad " if wide else BESIDE.format("" if b.lines else label)) + text
        end = r"\par\smallskip"
    yield end


def display(lines: tuple[Line, ...], beside: str = "") -> str:
    """Aligned lines, in a size of type in which they fit; something beside the last."""
    cells = rows(lines, TAG, TYPE[0][1])
    cells[-1] += TAG.format(beside) if beside else ""
    wide = max(width(row.partition(" \\tag*")[0]) for row in cells)
    font = next((font for font, fits in TYPE if wide <= fits), "\\tiny")
    shown = "\\begin{align*}\n" + " \\\\\n".join("  " + r for r in cells) + "\n\\end{align*}"
    return f"{{{font}\n{shown}}}" if font else shown
