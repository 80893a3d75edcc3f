"""The command batch."""

from __future__ import annotations

import os
import sys
from contextlib import closing

import click

from .inputs import open_lines
from .options import Formula, files, seconds
from .progress import counted


@click.command(cls=Formula)
@click.argument("file", required=False, shell_complete=files)
@click.option("--jobs", type=click.IntRange(1), default=1, show_default=True, help="Number of worker processes, at most two for each core.")
@click.option("--cluster", metavar="ADDRESS", help="Share the lines among the workers of a Dask cluster instead (tcp://host:8786).")
@seconds
def batch(file: str | None, jobs: int, cluster: str | None, seconds: float) -> None:
    """Answer lines of JSON, in order.

    Example: echo '{"expr": "tr(A*X)", "wrt": "X"}' | matcalc batch

    Each line that is not blank has one answer: a result, or a field "error" with its kind, InputError (the line cannot be read),
    Unfinished (no closed form), Deadline (no derivative in time), OutOfMemory, Killed (the process working on it was killed twice) or
    Fault (matcalc failed). "missing" names the outputs that could not be made, with the reasons; the others are kept.

    Exit 0: no line failed; 1: an answer has the field "error".
    """
    from ..batches import workers
    from ..batches.jsonl import failed
    lines = workers.lines(open_lines(file))
    if cluster is not None:
        from ..batches import cluster as c
        answers = c.answers(lines, cluster, seconds)
    else:
        answers = workers.answers(lines, jobs, seconds)
    out = sys.stdout.buffer
    bad = False
    try:
        with closing(answers):
            for line in answers if sys.stdout.isatty() else counted(answers, name=lambda _: "lines"):
                out.write(line.encode() + b"\n")
                out.flush()
                bad = failed(line) or bad
    except BrokenPipeError:         # nobody reads on, which is not a line that failed
        os.dup2(os.open(os.devnull, os.O_WRONLY), out.fileno())
        sys.exit(141)
    sys.exit(1 if bad else 0)
