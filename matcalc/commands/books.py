"""What the command book does: read a folder of problem files, write it as a book in one format or in all."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

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
