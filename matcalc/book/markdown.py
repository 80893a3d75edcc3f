"""The book as Markdown: a file for each topic, and one with the contents and the indexes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ..render import markdown
from ..render.escaping import markdown as safe
from ..render.tex import piece
from ..render.words import say
from .entries import HEADINGS, TITLE, Entry, Mention, by_rule, by_source, topics


def files(entries: Sequence[Entry]) -> dict[str, str]:
    """The files by their names; the one to begin with is README.md."""
    parts = topics(entries)
    out = {"README.md": "\n".join([f"# {say(TITLE)}\n", *contents(parts), *index(entries)]) + "\n"}
    for title, some in parts.items():
        out[file(some[0].topic)] = f"# {title}\n\n[{say(HEADINGS[0])}](README.md)\n\n" + "\n".join(map(page, some))
    return out


def page(e: Entry) -> str:
    """The pages of one problem file, with what was asked."""
    drawn, asked = "\n".join(map(markdown.page, e.stories)), say("The problem")
    return (f'<a id="{_anchor(e)}"></a>\n\n{drawn}\n<details><summary>{asked}, <code>matcalc show {e.name}</code></summary>\n\n'
            f"```\n{e.text.rstrip()}\n```\n\n</details>\n")


def contents(parts: dict[str, list[Entry]]) -> Iterable[str]:
    """The entries topic by topic."""
    yield f"## {say(HEADINGS[0])}\n"
    for title, some in parts.items():
        yield f"### [{title}]({file(some[0].topic)})\n"
        yield "\n".join(f"- {link(e)}" for e in some) + "\n"


def index(entries: Sequence[Entry]) -> Iterable[str]:
    """The entries by rules and by sources."""
    yield f"## {say(HEADINGS[1])}\n"
    yield "\n".join(map(line, by_rule(entries))) + "\n"
    yield f"## {say(HEADINGS[2])}\n"
    for work, mentions in by_source(entries).items():
        yield f"### {work}\n"
        yield "\n".join(map(line, mentions)) + "\n"


def line(m: Mention) -> str:
    """One line of an index."""
    about = ", ".join(map(piece, m.about))
    return f"- {safe(m.heading)}{' ' if about else ''}{about}: " + "; ".join(map(link, m.entries))


def link(e: Entry) -> str:
    """A title that leads to its page."""
    return f"[{safe(e.title)}]({file(e.topic)}#{_anchor(e)})"


def file(topic: str) -> str:
    """The file of a folder's entries."""
    return f"{topic.replace('/', '-') or 'examples'}.md"


def _anchor(e: Entry) -> str:
    return e.name.rpartition("/")[2]
