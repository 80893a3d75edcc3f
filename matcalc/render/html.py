"""A story as one HTML file that needs nothing else: Unicode formulas in a table, the LaTeX below for pasting."""

from __future__ import annotations

import re

from . import safe
from .lines import Line
from .naming import apart
from .pieces import UNICODE, Domain, Piece, Size, Unequal
from .plain import CLOSE, OPEN, domain, plain, size
from .story import GAP, Block, Story
from .tex import aligned

STYLE = """body{font:17px/1.5 Georgia,serif;max-width:60em;margin:2em auto;padding:0 1em;color:#222;background:#fff}
h1{font-size:1.4em;margin-bottom:0}.source,.note,.see{color:#666;font-size:.85em}
table{border-spacing:0 .35em;margin:1em 0}td{vertical-align:top;padding-right:.5em}td.l{text-align:right;white-space:nowrap}
td.r{padding-left:1.5em;white-space:nowrap;color:#257;font-size:.85em}mark{background:#fff1b8;color:inherit}
sup{line-height:0}.m{font-family:"STIX Two Math","Cambria Math","DejaVu Serif",serif}.result{font-size:1.1em}
.Proved,.Checked{color:#176b2c}.Refuted{color:#a11}.Undecided,.Unfinished{color:#955}pre{overflow:auto;background:#f6f6f6;padding:1em}
@media(prefers-color-scheme:dark){body{color:#ddd;background:#181818}mark{background:#554a10}pre{background:#222}}"""


@apart
def page(story: Story) -> str:
    """The page."""
    body = "\n".join(paragraph(b) for b in story.blocks)
    source = f'<p class="source">{safe.html(story.source)}</p>\n' if story.source else ""
    return ('<!doctype html>\n<html lang="en">\n<meta charset="utf-8">\n<meta name="viewport" content="width=device-width">\n'
            f"<title>{safe.html(story.title)}</title>\n<style>{STYLE}</style>\n<h1>{safe.html(story.title)}</h1>\n{source}{body}\n"
            f"<details><summary>LaTeX</summary>\n<pre>$$\n{aligned(story).translate(safe.HTML)}$$</pre></details>\n</html>\n")


def math(text: str) -> str:
    """A formula; what changed is marked, a power of a space raised."""
    shown = re.sub(r"ℝ\^\(([^)]*)\)", r"ℝ<sup>\1</sup>", text.translate(safe.HTML))
    return f'<span class="m">{shown.replace(OPEN, "<mark>").replace(CLOSE, "</mark>")}</span>'


def piece(p: Piece) -> str:
    """A piece of a sentence."""
    if isinstance(p, str):
        return safe.html(p).replace(GAP, "&emsp;")
    if isinstance(p, Domain):
        return math(domain(p.name))
    if isinstance(p, Size):
        return math(size(p.shape))
    if isinstance(p, Unequal):
        return math(p.drawn(plain, UNICODE))
    return math(plain(p))


def row(line: Line) -> str:
    """An aligned line."""
    left = math(plain(line.left)) if line.left is not None else ""
    see = f' <span class="see">{safe.html(line.see)}</span>' if line.see else ""
    about = " " + math(plain(line.about)) if line.about else ""
    since = f"since {piece(line.since)}; " if line.since else ""
    return (f'<tr><td class="l">{left}</td><td>=</td><td>{math(plain(line.right, line.marks))}</td>'
            f'<td class="r">{since}{safe.html(line.rule)}{about}{see}</td></tr>')


def paragraph(b: Block) -> str:
    """One block."""
    text = "".join(piece(p) for p in b.pieces)
    label = f'<b class="{b.label}">{safe.html(b.label)}</b> ' if b.label else ""
    if not b.lines:
        return f"<p>{label}{text}</p>"
    note = f'\n<p class="note">{text}</p>' if text else ""
    style = ' class="result"' if b.kind == "result" else ""
    return (f"<p>{label}</p>\n" if label else "") + f"<table{style}>\n" + "\n".join(map(row, b.lines)) + "\n</table>" + note
