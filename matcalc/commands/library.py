"""The commands show, run and list: problems that stand in files, and the library of them."""

from __future__ import annotations

import sys
from typing import Any

import click

from .answers import PageOptions, print_answers
from .inputs import problems, read_file
from .options import Formula, files, page_options


def names(ctx: click.Context, param: click.Parameter, typed: str) -> list[str]:
    """The derivations of the library that begin with what was typed, for completion in a shell."""
    from .. import library
    return [n for n in library.names() if n.startswith(typed)]


@click.command(cls=Formula)
@click.argument("name", shell_complete=names)
@page_options
def show(name: str, **page: Any) -> None:
    """Show a derivation of the library.

    Example: matcalc show softmax-jacobian
    """
    from .. import library
    sys.exit(print_answers(problems(library.text(name)), PageOptions(**page)))


@click.command("list", cls=Formula)
@click.argument("topic", required=False)
def list_(topic: str | None) -> None:
    """List the derivations of the library.

    With TOPIC, only those that have it in their name, title or source.

    Example: matcalc list determinant
    """
    from .. import library
    from ..language.shape import InputError
    names = library.names()
    width = max(map(len, names), default=0)
    found = [n for n in names if topic is None or topic.lower() in f"{n} {library.title(n)} {library.source(n)}".lower()]
    for name in found:
        print(f"{name.ljust(width)}  {library.title(name)}")
    if not found:
        said = "there are no derivations" if topic is None else f"no derivation has {topic} in its name, title or source"
        raise InputError(said, hint=None if topic is None else "run `matcalc list` to see all")


@click.command(cls=Formula)
@click.argument("file", shell_complete=files)
@page_options
def run(file: str, **page: Any) -> None:
    """Answer a problem file.

    Example: matcalc run loss.mc --format latex
    """
    sys.exit(print_answers(problems(read_file(file)), PageOptions(**page)))
