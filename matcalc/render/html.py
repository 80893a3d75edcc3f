"""A story as one HTML file that needs nothing else: formulas in MathML, the LaTeX below for pasting."""

from __future__ import annotations

import re

from ..language.expr import node_count
from ..patterns import pattern
from . import escaping
from .changes import set_off
from .lines import Line, sized
from .mathml import CLOSING, OPENING, broken, domain, entries, mathml, relation, size
from .naming import apart
from .pieces import UNICODE, Domain, Entries, Piece, Size, Relation
from .story import GAP, Block, Story
from .tex import aligned, chain
from .words import language, say

LONG = 8        # nodes of a left side that has a row of its own
STYLE = """:root{color-scheme:light dark;--ink:#222;--paper:#fff;--soft:#595959;--why:#1d4f73;--new:#fff1b8;--code:#f4f4f4;
--good:#176b2c;--bad:#a11212;--open:#7a4a00}
@media(prefers-color-scheme:dark){:root{--ink:#ddd;--paper:#181818;--soft:#aaa;--why:#9cc9ea;--new:#554a10;--code:#242424;
--good:#7fd493;--bad:#ff9d9d;--open:#e6bf80}}
body{font:17px/1.5 Georgia,serif;max-width:60em;margin:2em auto;padding:0 1em;color:var(--ink);background:var(--paper)}
h1{font-size:1.4em;margin:0}p{margin:.4em 0}.source,.note,.sources,.details{color:var(--soft);font-size:.85em}
math{font-family:"STIX Two Math","Latin Modern Math","Cambria Math",math}.new{background:var(--new)}
.lines{display:grid;grid-template-columns:auto minmax(0,1fr) 19em;gap:.3em .35em;margin:1em 0;align-items:baseline}
.left{text-align:right;padding:.15em 0}.left.long{grid-column:1/-1;text-align:left;overflow-x:auto}.long+.right{grid-column:2}
.right{overflow-x:auto;overflow-y:hidden;padding:.15em 0 .15em 2em;text-indent:-2em}
.term{display:inline-block;max-width:100%;box-sizing:border-box;padding-left:1.2em;text-indent:-1.2em}
.right:has(math~math mfrac:not([displaystyle])){line-height:2.8}.about{margin-top:1.6em}
p[class]{padding-left:5rem;text-indent:-5rem}p[class]:not(.about)>b{display:inline-block;min-width:5rem;padding-right:.4em;box-sizing:border-box;text-indent:0}p.source,p.more{text-indent:0}
p.source,p.about{padding:0;text-indent:0}
.given,.where,.entries,.note{overflow-x:auto;overflow-y:hidden}.why{padding-left:1.5em;color:var(--why);font-size:.85em}
.why small{color:var(--soft);font-size:1em}.result .right{font-size:1.1em}.lines.result{margin:.3em 0}
.result+.note{margin:0 0 .4em}
.Proved,.Checked{color:var(--good)}.Refuted{color:var(--bad)}.Undecided,.Unfinished{color:var(--open)}
pre{overflow:auto;background:var(--code);padding:1em}button{font:inherit;font-size:.85em}summary{margin-top:1em}
@media(max-width:600px){.lines{grid-template-columns:auto minmax(0,1fr)}.why{grid-column:2;padding:0 0 .4em}.why:empty{display:none}}
@media(max-width:420px){body{font-size:15px;padding:0 .7em}}"""
PUNCTUATED, POINT = pattern(r"</math>([.,;])"), r"""<mo lspace="0" rspace="0">\1</mo></math>"""      # no line begins with these
COPY = ("<button onclick=\"navigator.clipboard.writeText(this.nextElementSibling.textContent);this.textContent='Copied'\">"
        "Copy</button>")


def page(story: Story, code: str = "") -> str:
    """The page, with the code of a function below it."""
    return whole(story.title, body(story) + (folded("NumPy", code) if code else ""))


def folded(name: str, code: str) -> str:
    """Code to copy, below its name."""
    return f"<details><summary>{name}</summary>{COPY}\n<pre>{code.translate(escaping.HTML)}</pre></details>\n"


def fragment(story: Story) -> str:
    """The page to put into another one: its style is for itself alone."""
    return f'<div class="matcalc"><style>{SCOPED}</style>\n{body(story)}</div>\n'


def scoped(style: str) -> str:
    """Rules that hold only inside of a fragment."""
    def inside(m: re.Match[str]) -> str:
        names = (".matcalc" if s in (":root", "body") else f".matcalc {s}" for s in m[1].strip().split(","))
        return f"{','.join(names)}{{{m[2]}}}"
    return re.sub(r"([^{}@]+)\{([^{}]*)\}", inside, style)


SCOPED = scoped(STYLE).replace("margin:2em auto;padding:0 1em", "padding:.5em 1em;overflow-x:auto")


def whole(title: str, inside: str, style: str = "") -> str:
    """A file with the style every page has, and more of it."""
    return (f'<!doctype html>\n<html lang="{language()}">\n<meta charset="utf-8">\n<meta name="viewport" content="width=device-width">\n'
            f"<title>{escaping.html(title)}</title>\n<style>{STYLE}{style}</style>\n{inside}</html>\n")


@apart
def body(story: Story) -> str:
    """Title, paragraphs and lines."""
    title = f"<h1>{''.join(map(piece, story.heading))}</h1>\n" if story.heading else ""
    source = f'<p class="source">{escaping.html(story.source)}</p>\n' if story.source else ""
    blocks = "\n".join(paragraph(b) for b in story.blocks)
    return f"{title}{source}{blocks}\n" + (folded("LaTeX", f"$$\n{aligned(story)}$$") if chain(story) else "")


def piece(p: Piece) -> str:
    """A piece of a sentence."""
    if isinstance(p, str):
        return escaping.html(p).replace(GAP, "&emsp;")
    if isinstance(p, Domain):
        return domain(p.name)
    if isinstance(p, Size):
        return size(p.shape)
    if isinstance(p, Entries):
        return escaping.html(str(p)) if isinstance(p.value, str) else entries(p)
    return relation(p) if isinstance(p, Relation) else broken(p, inside=1) if node_count(p) > LONG else mathml(p, inside=1)


def row(line: Line, beside: str = "") -> str:
    """An aligned line, its reason or something else beside it."""
    left = mathml(line.left).replace("<math>", '<math displaystyle="true">') if line.left is not None else ""
    see = f" <small>{escaping.html(line.see)}</small>" if line.see else ""
    about = " " + PUNCTUATED.sub(POINT, ", ".join(map(mathml, line.about))) if line.about else ""
    since = f"{say('since')} {piece(line.since)}; " if line.since else ""
    right = broken(*set_off(line.before, line.right), UNICODE.get(line.relation, line.relation))
    wide = " long" if line.left is not None and node_count(line.left) > LONG else ""
    return (f'<div class="left{wide}">{left}</div><div class="right">{right}</div>'
            f'<div class="why">{since}{escaping.html(line.rule)}{about}{see}{beside}</div>')


def paragraph(b: Block) -> str:
    """One block."""
    text = "".join(piece(p) for p in b.pieces)
    text = text.replace("(<math>", "<math>" + OPENING).replace("</math>)", CLOSING + "</math>")       # where no line ends
    text = PUNCTUATED.sub(POINT, text)
    label = (f'<b class="{b.mark}">' if b.kind == "verdict" else "<b>") + f"{escaping.html(b.label)} </b>" if b.label else ""
    if b.about:
        label = f"<b>{piece(b.about[0])}</b>" + "".join(map(piece, b.about[1:]))
    if not b.lines:
        more = "" if label else " more"
        return f'<p class="{b.kind}{more}">{label}{text}</p>'
    beside, text = (f"<small>{text}</small>", "") if sized(b.lines, b.pieces) else ("", text)
    note = f'\n<p class="note more">{text}</p>' if text else ""
    style = "lines result" if b.kind == "result" else "lines"
    about = ' class="about"' if b.about else ""
    rows = "\n".join([*map(row, b.lines[:-1]), row(b.lines[-1], beside)])
    return (f"<p{about}>{label}</p>\n" if label else "") + f'<div class="{style}">\n{rows}\n</div>{note}'
