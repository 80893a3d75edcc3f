"""The commands prove, check and verify."""

from __future__ import annotations

import sys

import click

from .answers import EXIT
from .inputs import read, read_file
from .options import Formula, detailed, files as completed, problem_options, seconds, output_options
from .pages import WRITTEN, Pages
from ..render.style import set_as
from ..render.words import in_language


@click.command(cls=Formula)
@click.argument("claim")
@problem_options
@click.option("--verify", is_flag=True, help="Also ask the judge that works with SymPy, entry by entry.")
@click.option("--format", "form", type=click.Choice(WRITTEN), default="text", show_default=True,
              help="Format of the answer.")
@detailed
@output_options
@seconds
def prove(claim: str, declare: tuple[str, ...], define: tuple[str, ...], assume: tuple[str, ...], verify: bool, form: str,
          detail: str, document: bool, style: str, transpose: str, lang: str, output: str | None, seconds: float) -> None:
    """Judge an equation.

    Example: matcalc prove "d(x'*A*x)/d(x) == (A + A')*x"

    Exit 0: proved or checked; 1: refuted; 2: the input cannot be read; 3: undecided.
    """
    from . import checks
    from ..language.deadline import deadline_after
    from ..reading.parse import problem
    deadline = deadline_after(seconds)
    out = Pages(form, output, detail, document)
    p = problem(list(declare), list(define), list(assume), prove=read(claim))
    with set_as(style, transpose), in_language(lang):
        kind = checks.judged(p.within(deadline), verify, out)
        out.close()
    sys.exit(EXIT[kind])


@click.command(cls=Formula)
@click.argument("files", nargs=-1, required=True, shell_complete=completed, metavar="FILE...")
@click.option("--format", "form", type=click.Choice(["text", "json", "csv", "html", "markdown"]), default="text", show_default=True,
              help="csv, html and markdown are tables with a row for each file.")
@click.option("--task", metavar="FILE", help="A task: what every sheet begins with, the expected answer, points.")
@click.option("--layout", type=click.Choice(["denominator", "numerator", "mixed"]), default=None,
              help="Layout of the sheets that do not state one.")
@click.option("--jobs", type=click.IntRange(1), default=1, show_default=True, help="Number of processes for several files.")
@click.option("--hint", type=click.IntRange(1, 3), help="Only a hint: 1 the wrong line, 2 also what is wrong, 3 also the right line.")
@click.option("--big", type=click.IntRange(1), help="Report steps that take more rules than this, with the lines between; for one file.")
@click.option("--run", "runs", is_flag=True,
              help="Run Python files that cannot be read, in a separate process with limits; never without this.")
@seconds
def check(files: tuple[str, ...], form: str, task: str | None, layout: str | None, jobs: int, hint: int | None, big: int | None,
          runs: bool, seconds: float) -> None:
    """Mark a derivation made by hand.

    Each line is judged by itself; one that does not follow gets a counterexample and a diagnosis.

    Several files, or any with a task, make a table with a row for each. A Python file has forward and backward passes in NumPy, PyTorch or
    JAX, or a gradient function, which is judged against the answer that the task expects; it is read, not run.

    Example: matcalc check homework.tex

    Exit 0: every line follows; 1: one does not; 2: a file cannot be read at all; 3: one line is undecided, not judged or not read; 4: one
    follows only under a condition. For several files it is the first of 1, 2, 3, 4 that one of them has.
    """
    from . import checks
    python = task is not None and any(name.endswith(".py") for name in files)
    if hint and (len(files) > 1 or python or form != "text"):
        raise click.UsageError("--hint is for one derivation, printed as text")
    if big and (len(files) > 1 or task is not None):
        raise click.UsageError("--big is for one file without a task")
    given = [*([read_file(task)] if task is not None else []), *([f"layout {layout}"] if layout is not None else [])]
    if len(files) == 1 and (task is None or hint) and not python and form in ("text", "json"):
        sys.exit(checks.hand(read_file(files[0]), form, seconds, hint or 0, big or 0, "\n".join(given)))
    sys.exit(checks.several(list(files), "\n".join(given) if given else None, form, seconds, jobs, runs))


@click.command(cls=Formula)
@click.argument("names", nargs=-1)
def verify(names: tuple[str, ...]) -> None:
    """Run every judge on the library.

    Example: matcalc verify softmax-jacobian

    Exit 1 if any derivation fails.
    """
    from . import checks
    sys.exit(checks.verify(list(names)))
