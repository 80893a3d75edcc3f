"""The commands rules, book and help."""

from __future__ import annotations

import sys

import click

from .options import Formula
from ..render.words import LANGUAGES, in_language


def names(ctx: click.Context, param: click.Parameter, typed: str) -> list[str]:
    """The rules that begin with what was typed, for completion in a shell."""
    from .. import judges
    return [r.name for r in judges.all_rules() if r.name.startswith(typed)]


@click.command(cls=Formula)
@click.argument("name", required=False, shell_complete=names)
def rules(name: str | None) -> None:
    """List the rules, or show one in full.

    Example: matcalc rules d.inverse
    """
    from . import checks
    sys.exit(checks.rules(name))


@click.command(cls=Formula)
@click.argument("folder", type=click.Path(file_okay=False), metavar="FOLDER")
@click.option("--format", "form", type=click.Choice(["markdown", "html", "latex", "pdf"]), default=None, help="One format instead of all.")
@click.option("--from", "top", metavar="FOLDER", help="A folder of problem files instead of the library.")
@click.option("--lang", type=click.Choice(LANGUAGES), default="en", show_default=True, help="Language of the words.")
def book(folder: str, form: str | None, top: str | None, lang: str) -> None:
    """Write the library as a book into FOLDER.

    It has indexes, and is written in Markdown, as a static site, in LaTeX and as a PDF.

    Example: matcalc book out --format html
    """
    from . import books
    with in_language(lang):
        sys.exit(books.write(folder, form, top))


@click.command("help", cls=Formula)
@click.argument("topic", required=False, type=click.Choice(["language", "functions", "layout", "latex"]))
@click.pass_context
def help_(ctx: click.Context, topic: str | None) -> None:
    """Show the manual: language, functions, layout, latex.

    Example: matcalc help functions
    """
    from ..render.manual import TOPICS
    print(TOPICS[topic]() if topic else ctx.parent.get_help() if ctx.parent else "")
