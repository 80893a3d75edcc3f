"""The commands rules, book and help."""

from __future__ import annotations

from pathlib import Path
from collections.abc import Mapping, Sequence
import shutil
import sys

import click

from .options import Formula
from ..render.words import LANGUAGES, in_language
from .. import library
from ..book import entries, latex, markdown, site
from ..language.shape import InputError
from ..render import pdf
from .progress import counted

FORMATS = ("markdown", "html", "latex", "pdf")


def write(where: str, form: str | None, top: str | None) -> int:
    """Write the book of the library or of another folder into a folder: one format, or all that can be made here."""
    if top is not None and not Path(top).is_dir():
        raise InputError(f"cannot read {top}: no such folder")
    names = library.names(top or "")
    if not names:
        raise InputError(f"there is no problem file in {top}", hint="problem files end in .mc")
    book = [entries.read(name, top or "") for name in counted(names, len(names))]
    for one in FORMATS if form is None else (form,):
        if one == "pdf" and form is None and shutil.which("pdflatex") is None:
            print("book.pdf was not made: pdflatex is not installed", file=sys.stderr)
            continue
        _write(Path(where), one, book)
    return 0


def _write(where: Path, form: str, book: Sequence[entries.Entry]) -> None:
    if form == "pdf":
        _files(where, {})
        pdf.write(latex.document(book), str(where / "book.pdf"))
        made = where / "book.pdf"
    elif form == "latex":
        _files(where, {"book.tex": latex.document(book)})
        made = where / "book.tex"
    else:
        folder, make, first = ("site", site.files, "index.html") if form == "html" else ("markdown", markdown.files, "README.md")
        _files(where / folder, make(book))
        made = where / folder / first
    print(made)


def _files(where: Path, files: Mapping[str, str]) -> None:
    try:
        where.mkdir(parents=True, exist_ok=True)
        for name, text in files.items():
            (where / name).parent.mkdir(parents=True, exist_ok=True)
            (where / name).write_text(text, "utf-8")
    except OSError as e:
        raise InputError(f"cannot write {where}: {(e.strerror or str(e)).lower()}") from None


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
    with in_language(lang):
        sys.exit(write(folder, form, top))


@click.command("help", cls=Formula)
@click.argument("topic", required=False, type=click.Choice(["language", "functions", "layout", "latex"]))
@click.pass_context
def help_(ctx: click.Context, topic: str | None) -> None:
    """Show the manual: language, functions, layout, latex.

    Example: matcalc help functions
    """
    from ..render.manual import TOPICS
    print(TOPICS[topic]() if topic else ctx.parent.get_help() if ctx.parent else "")
