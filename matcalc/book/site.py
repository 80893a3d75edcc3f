"""The book as a static site: a file for each entry, and one with the contents and the indexes; no file loads anything else."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import chain

from ..render import html
from ..render.escaping import HTML, html as safe
from ..render.words import say
from .entries import HEADINGS, TITLE, Entry, Mention, by_rule, by_source, topics

CSS = "nav{display:flex;gap:1em;justify-content:space-between;font-size:.85em;margin-bottom:1.5em}a{color:var(--why)}li{margin:.15em 0}" \
      "ul{padding-left:1.2em;margin:.3em 0;columns:24em auto}h2{font-size:1.2em;margin:1.6em 0 .3em}h3{font-size:1em;margin:1em 0 .2em}"


def files(entries: Sequence[Entry]) -> dict[str, str]:
    """The files by their names; the one to begin with is index.html."""
    parts = topics(entries)
    order = list(chain.from_iterable(parts.values()))
    out = {"index.html": html.whole(say(TITLE), f"<h1>{say(TITLE)}</h1>\n" + "\n".join([*contents(parts), *index(entries)]), CSS)}
    for i, e in enumerate(order):
        around = (order[i - 1] if i else None, order[i + 1] if i + 1 < len(order) else None)
        out[_file(e)] = html.whole(e.title, navigation(e, *around) + "\n".join(map(html.body, e.stories)) + problem(e), CSS)
    return out


def navigation(e: Entry, before: Entry | None, after: Entry | None) -> str:
    """The way to the pages before and after, and back to the contents."""
    up = "../" * e.name.count("/")
    ways = [link(n, up, sign) if n is not None else "<span></span>" for n, sign in ((before, "\N{LEFTWARDS ARROW} {}"),
                                                                                 (after, "{} \N{RIGHTWARDS ARROW}"))]
    return f'<nav>{ways[0]}<a href="{up}index.html">{say(HEADINGS[0])}</a>{ways[1]}</nav>\n'


def problem(e: Entry) -> str:
    """What was asked, as it is typed."""
    asked = say("The problem")
    return (f"<details><summary>{asked}, <code>matcalc show {safe(e.name)}</code></summary>{html.COPY}\n"
            f"<pre>{e.text.rstrip().translate(HTML)}</pre></details>\n")


def contents(parts: dict[str, list[Entry]]) -> Iterable[str]:
    """The entries topic by topic."""
    yield f"<h2>{say(HEADINGS[0])}</h2>"
    for title, some in parts.items():
        yield f"<h3>{safe(title)}</h3>\n<ul>" + "\n".join(f"<li>{link(e)}</li>" for e in some) + "</ul>"


def index(entries: Sequence[Entry]) -> Iterable[str]:
    """The entries by rules and by sources."""
    yield f"<h2>{say(HEADINGS[1])}</h2>\n<ul>" + "\n".join(map(line, by_rule(entries))) + "</ul>"
    yield f"<h2>{say(HEADINGS[2])}</h2>"
    for work, mentions in by_source(entries).items():
        yield f"<h3>{safe(work)}</h3>\n<ul>" + "\n".join(map(line, mentions)) + "</ul>"


def line(m: Mention) -> str:
    """One line of an index."""
    about = ", ".join(map(html.piece, m.about))
    return f"<li>{safe(m.heading)}{' ' if about else ''}{about}: {'; '.join(map(link, m.entries))}</li>"


def link(e: Entry, up: str = "", shown: str = "{}") -> str:
    """A title that leads to its page."""
    return f'<a href="{up}{_file(e)}">{shown.format(safe(e.title))}</a>'


def _file(e: Entry) -> str:
    return f"{e.name}.html"
