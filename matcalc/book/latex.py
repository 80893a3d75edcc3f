"""The book as one LaTeX document, set in one run, since it is numbered here; references can be clicked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from ..render.document import section, whole
from ..render.tex import piece, words
from ..render.words import say
from .entries import HEADINGS, TITLE, Entry, Mention, by_rule, by_source, topics

PACKAGES = r"""\usepackage[bookmarks=false,hidelinks]{hyperref}
\newcommand{\at}[2]{\pdfdest name {#1} xyz\relax\pdfoutline goto name {#1} {#2}}
\newcommand{\under}[3]{\pdfdest name {#1} xyz\relax\pdfoutline goto name {#1} count #3 {#2}}
\newcommand{\see}[1]{\leavevmode\pdfstartlink attr {/Border [0 0 0]} goto name {e#1}#1\pdfendlink}
"""


def document(entries: Sequence[Entry]) -> str:
    """The whole file."""
    parts = topics(entries)
    numbers = {e.name: f"{i}.{k}" for i, some in enumerate(parts.values(), 1) for k, e in enumerate(some, 1)}
    out = [rf"{{\Huge\bfseries {words(say(TITLE))}\par}}\bigskip"]
    out += contents(parts, numbers)
    for i, (title, some) in enumerate(parts.items(), 1):
        out.append(rf"\clearpage\under{{t{i}}}{{{outline(title)}}}{{-{len(some)}}}{{\LARGE\bfseries {i}\quad {words(title)}\par}}\bigskip")
        out += [page(e, numbers[e.name]) for e in some]
    out += index(entries, numbers)
    return whole("\n".join(out), PACKAGES)


def page(e: Entry, number: str) -> str:
    """The pages of one problem file."""
    first = rf"\at{{e{number}}}{{{number} {outline(e.title)}}}{number}\quad "
    return "\n".join(section(s, r"\subsection*", first if s is e.stories[0] else "") for s in e.stories)


def contents(parts: Mapping[str, list[Entry]], numbers: Mapping[str, str]) -> Iterable[str]:
    """The entries topic by topic, by their numbers."""
    yield heading(HEADINGS[0])
    for i, (title, some) in enumerate(parts.items(), 1):
        yield rf"\textbf{{{i}\quad {words(title)}}}\par\nobreak"
        yield "\n".join(rf"\hangindent=3em\makebox[3em][l]{{\see{{{numbers[e.name]}}}}}{words(e.title)}\par" for e in some) + r"\medskip"


def index(entries: Sequence[Entry], numbers: Mapping[str, str]) -> Iterable[str]:
    """The entries by rules and by sources."""
    yield r"\clearpage\raggedright" + heading(HEADINGS[1])
    yield "\n".join(line(m, numbers) for m in by_rule(entries))
    yield heading(HEADINGS[2])
    for work, mentions in by_source(entries).items():
        yield rf"\medskip\textbf{{{words(work)}}}\par\nobreak"
        yield "\n".join(line(m, numbers) for m in mentions)


def line(m: Mention, numbers: Mapping[str, str]) -> str:
    """One line of an index."""
    about = "".join(f", {piece(p)}" for p in m.about)
    return rf"\hangindent=2em {words(m.heading)}{about}: " + ", ".join(rf"\see{{{numbers[e.name]}}}" for e in m.entries) + r"\par"


def heading(text: str) -> str:
    """What begins a part that has no number."""
    return rf"\section*{{\at{{{text}}}{{{outline(say(text))}}}{words(say(text))}}}"


def outline(text: str) -> str:
    """A title as PDF's own outline takes it: plain characters, no commands."""
    return "".join(c if c.isascii() and c not in "\\{}$&#^_~%()" else " " for c in text)
