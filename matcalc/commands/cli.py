"""The command line: arguments in, api out, no mathematics."""

from __future__ import annotations

import os
import re
import sys
from contextlib import closing
from typing import TYPE_CHECKING, Any, BinaryIO, NoReturn

import click

from .answers import EXIT, give
from .options import Commands, detailed, given, seconds, shared, told
from .pages import WRITTEN, Pages
from .progress import counted
from ..render import safe
from ..render.style import set_as
from ..render.words import LANGUAGES, in_language

if TYPE_CHECKING:
    from ..reading.parse import Problem
    from ..language.shape import InputError

WINDOW = 72


@click.group(cls=Commands, context_settings={"help_option_names": ["--help", "-h"]})
@click.version_option("0.1.0", prog_name="matcalc")
def cli() -> None:
    """Matrix calculus that shows its work and proves it."""


@cli.command()
@click.argument("expr")
@click.option("--wrt", "-w", required=True, multiple=True, metavar="X[,Y..]|all",
              help="Variable(s) to differentiate with respect to; several share one reverse sweep.")
@click.option("--adjoint", default="", metavar="'d{}'",
              help="Name pattern of the gradients with respect to defined names (default delta_{}).")
@click.option("--cotangent", default="", metavar="G", help="The vector-Jacobian product: the gradient of tr(G'*f), f of any shape.")
@click.option("--tangent", default="", metavar="V", help="The Jacobian-vector product: df at dx = V.")
@click.option("--hvp", default="", metavar="V", help="The Hessian times a direction.")
@click.option("--kernel", is_flag=True, help="With --format torch or jax: a torch.autograd.Function or jax.custom_vjp of EXPR.")
@given
@click.option("--order", type=click.IntRange(1, 2), default=1, show_default=True,
              help="Order of the derivative: 1, or 2 for the Hessian.")
@click.option("--claim", help="Your answer, to be judged.")
@shared
def derive(expr: str, wrt: tuple[str, ...], adjoint: str, cotangent: str, tangent: str, hvp: str, kernel: bool,
           declare: tuple[str, ...], define: tuple[str, ...], assume: tuple[str, ...], order: int, claim: str | None, **page: Any) -> None:
    """Derive EXPR and show every step.

    Example: matcalc derive "norm2(A*x - b)^2" -w x -d "A in R^(m,n)"
    """
    from ..reading.parse import problem
    asked = [name for text in wrt for name in re.split(r",(?![^(\[]*[)\]])", text)]
    one = len(asked) == 1 and asked != ["all"] and not kernel
    p = problem(declare=list(declare), define=list(define), assume=list(assume), expr=read(expr), wrt=asked[0] if one else None,
                order=order, claim=claim, several=() if one else asked, adjoint=adjoint, cotangent=cotangent, tangent=tangent, hvp=hvp,
                kernel=kernel)
    sys.exit(give([p], kernel=kernel, **page))


def names(ctx: click.Context, param: click.Parameter, typed: str) -> list[str]:
    """The derivations of the library that begin with what was typed, for completion in a shell."""
    from .. import library
    return [n for n in library.names() if n.startswith(typed)]


@cli.command()
@click.argument("name", shell_complete=names)
@shared
def show(name: str, **page: Any) -> None:
    """Show a derivation of the library.

    Example: matcalc show softmax-jacobian
    """
    from .. import library
    sys.exit(give(problems(library.text(name)), **page))


@cli.command("list")
@click.argument("topic", required=False)
def list_(topic: str | None) -> None:
    """List the derivations of the library, folder by folder; with TOPIC those whose name, title or source has it.

    Example: matcalc list determinant
    """
    from .. import library
    names = library.names()
    width = max(map(len, names), default=0)
    for name in names:
        title = library.title(name)
        if topic is None or topic.lower() in f"{name} {title} {library.source(name)}".lower():
            print(f"{name.ljust(width)}  {title}")


@cli.command()
@click.argument("file")
@shared
def run(file: str, **page: Any) -> None:
    """Answer a problem file.

    Example: matcalc run loss.mc --format latex
    """
    sys.exit(give(problems(read_file(file)), **page))


@cli.command()
@click.argument("names", nargs=-1)
def verify(names: tuple[str, ...]) -> None:
    """Run every judge on the library; exit 1 if any derivation fails."""
    from . import checks
    sys.exit(checks.verify(list(names)))


@cli.command()
@click.argument("claim")
@given
@click.option("--verify", is_flag=True, help="Also let SymPy judge, entry by entry.")
@click.option("--format", "form", type=click.Choice(WRITTEN), default="text", show_default=True,
              help="Format of the answer.")
@detailed
@told
@seconds
def prove(claim: str, declare: tuple[str, ...], define: tuple[str, ...], assume: tuple[str, ...], verify: bool, form: str,
          detail: str, document: bool, style: str, transpose: str, lang: str, output: str | None, seconds: float) -> None:
    """Judge an equation: exit 0 proved or checked, 1 refuted, 3 undecided.

    Example: matcalc prove "d(x'*A*x)/d(x) == (A + A')*x"
    """
    from . import checks
    from ..language.deadline import after
    from ..reading.parse import problem
    deadline = after(seconds)
    out = Pages(form, output, detail, document)
    p = problem(list(declare), list(define), list(assume), prove=read(claim))
    with set_as(style, transpose), in_language(lang):
        kind = checks.judged(p.within(deadline), verify, out)
        out.close()
    sys.exit(EXIT[kind])


@cli.command()
@click.argument("expr")
@click.option("--wrt", "-w", required=True, metavar="W", help="The unknown, which must stand linearly in the derivative.")
@given
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@seconds
def stationary(expr: str, wrt: str, declare: tuple[str, ...], define: tuple[str, ...], assume: tuple[str, ...], form: str,
               seconds: float) -> None:
    """Where the derivative of a scalar is zero: exit 0 proved or checked, 3 undecided or not linear in the unknown.

    Example: matcalc stationary "norm2(X*w - y)^2 + c*norm2(w)^2" -w w
    """
    from .. import extrema
    found = extrema.stationary(read(expr), wrt, declare, define, assume, seconds)
    click.echo(extrema.page(found, form))
    sys.exit(EXIT[found.verdict.kind])


@cli.command()
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
@click.option("--format", "form", type=click.Choice(["text", "json", "csv", "html", "markdown"]), default="text", show_default=True,
              help="csv, html and markdown are tables with a row for each file.")
@click.option("--task", metavar="FILE", help="What every sheet begins with, the expected answer, points.")
@click.option("--jobs", type=click.IntRange(1), default=1, show_default=True, help="Processes that mark several files.")
@click.option("--hint", type=click.IntRange(1, 3), help="Less than the page: 1 the wrong line, 2 and what is wrong, 3 and the right line.")
@click.option("--run", "runs", is_flag=True, help="Run Python files that cannot be read; never without this.")
@seconds
def check(files: tuple[str, ...], form: str, task: str | None, jobs: int, hint: int | None, runs: bool, seconds: float) -> None:
    """Check a hand derivation line by line, with a counterexample for each line that does not follow. Each line is an answer of
    its own.

    Several files, or any with a task, are a table with a row for each. A Python file is a gradient function in NumPy or PyTorch; it is
    read, and judged against what the task expects.

    Exit 0: every line follows; 1: one does not; 3: one is undecided, not judged or not read; 4: one only under a condition; 2: a file
    that cannot be read at all. Of several files the first of 1, 2, 3, 4 that one of them has.

    Example: matcalc check homework.tex
    """
    from . import checks
    if hint and (len(files) > 1 or task is not None or form != "text"):
        raise click.UsageError("a hint is given for one file, as text")
    python = any(name.endswith(".py") for name in files)
    if len(files) == 1 and task is None and not python and form in ("text", "json"):
        sys.exit(checks.hand(read_file(files[0]), form, seconds, hint or 0))
    sys.exit(checks.several(list(files), None if task is None else read_file(task), form, seconds, jobs, runs))


@cli.command()
@click.argument("name", required=False)
def rules(name: str | None) -> None:
    """List the rules, or show one in full.

    Example: matcalc rules d.inverse
    """
    from . import checks
    sys.exit(checks.rules(name))


@cli.command()
@click.argument("folder", type=click.Path(file_okay=False), metavar="FOLDER")
@click.option("--format", "form", type=click.Choice(["markdown", "html", "latex", "pdf"]), default=None, help="One format instead of all.")
@click.option("--from", "top", metavar="FOLDER", help="A folder of problem files instead of the library.")
@click.option("--lang", type=click.Choice(LANGUAGES), default="en", show_default=True, help="Language of the words.")
def book(folder: str, form: str | None, top: str | None, lang: str) -> None:
    """Write the library into FOLDER as a book with indexes: Markdown, a static site, LaTeX, PDF.

    Example: matcalc book out --format html
    """
    from . import books
    with in_language(lang):
        sys.exit(books.write(folder, form, top))


@cli.command("help")
@click.argument("topic", required=False, type=click.Choice(["language", "functions", "layout", "latex"]))
@click.pass_context
def help_(ctx: click.Context, topic: str | None) -> None:
    """The manual: language, functions, layout, latex.

    Example: matcalc help functions
    """
    from ..render.manual import TOPICS
    print(TOPICS[topic]() if topic else ctx.parent.get_help() if ctx.parent else "")


@cli.command()
@click.argument("file", required=False)
@click.option("--jobs", type=click.IntRange(1), default=1, show_default=True, help="Number of worker processes, at most two for each core.")
@click.option("--cluster", metavar="ADDRESS", help="Share the lines among the workers of a Dask cluster instead (tcp://host:8786).")
@seconds
def batch(file: str | None, jobs: int, cluster: str | None, seconds: float) -> None:
    """JSON lines in, JSON lines out, in order.

    Example: echo '{"expr": "tr(A*X)", "wrt": "X"}' | matcalc batch

    Each line that is not blank has one answer: a result, or a field "error" with its kind, InputError (the line cannot be read),
    Unfinished (no closed form), Deadline (no derivative in time), OutOfMemory, Killed (the process that worked on it was killed
    twice) or Fault (matcalc failed).
    "missing" names the outputs that could not be had and says why; the others are kept.

    Exit 0: no line failed. Exit 1: the answer to a line has the field "error".
    """
    from ..batches import workers
    from ..batches.jsonl import failed
    lines = workers.lines(_bytes(file))
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
    except BrokenPipeError:         # nobody reads on, which is no line that failed
        os.dup2(os.open(os.devnull, os.O_WRONLY), out.fileno())
        sys.exit(141)
    sys.exit(1 if bad else 0)


# ------------------------------------------------------------ reading
def read(text: str) -> str:
    """An argument, or standard input for `-`."""
    return sys.stdin.read().strip() if text == "-" else text


def read_file(path: str) -> str:
    """A file's text, or standard input for `-`."""
    from ..language.shape import InputError
    try:
        if path == "-":
            return sys.stdin.read()
        with open(path, encoding="utf-8") as f:
            return f.read()
    except OSError as e:
        raise InputError(f"cannot read {path}: {(e.strerror or str(e)).lower()}") from None
    except UnicodeDecodeError as e:
        line = e.object[:e.start].decode("utf-8", "replace").count("\n") + 1
        raise InputError(f"{path} is not UTF-8 text: byte {e.start + 1}, in line {line}", hint="save the file as UTF-8") from None


def _bytes(path: str | None) -> BinaryIO:
    """A file, or standard input for `-`, to be read line by line."""
    from ..language.shape import InputError
    if path not in (None, "-"):
        try:
            return open(str(path), "rb")
        except OSError as e:
            raise InputError(f"cannot read {path}: {(e.strerror or str(e)).lower()}") from None
    if sys.stdin is None:
        raise InputError("standard input is closed", hint="give a file name")
    try:
        # A buffer of its own: the interpreter cannot end while a thread waits in that of sys.stdin.
        return open(sys.stdin.fileno(), "rb", closefd=False)
    except OSError:
        return sys.stdin.buffer


def problems(text: str) -> list[Problem]:
    """What a problem file asks."""
    from ..reading.parse import parse_file
    from ..language.shape import InputError
    found = parse_file(text)
    if not found:
        raise InputError("no derive or prove line found", hint="a problem file has a line such as: derive f wrt x")
    return found


def fail(message: str, code: int = 2) -> NoReturn:
    """One clear message on standard error."""
    sys.stderr.write(f"matcalc: {safe.terminal(message)}\n")
    sys.exit(code)


def explain(e: InputError) -> str:
    """The message of an error; of a long line only what is around the caret."""
    if e.source is not None and e.column is not None and len(e.source) > WINDOW:
        start = max(0, min(e.column - WINDOW // 2, len(e.source) - WINDOW))
        cut = e.source[start:start + WINDOW]
        e.column = e.column - start + (2 if start else 0)
        e.source = ("… " if start else "") + cut + (" …" if start + WINDOW < len(e.source) else "")
    return str(e)


def main() -> None:
    """The entry point: no input ends in a traceback."""
    from ..language.deadline import Expired
    from ..language.shape import InputError
    try:
        cli.main(prog_name="matcalc", standalone_mode=True)
    except InputError as e:
        fail(explain(e))
    except Expired as e:
        fail(str(e))
    except RecursionError:
        fail("the input is nested too deeply")
    except OSError as e:
        fail(str(e))
    except Exception as e:
        from ..deriving.derivation import Unfinished as Stopped
        if isinstance(e, Stopped):
            fail(f"unfinished: {e}", 3)
        fail(f"internal error in matcalc, please report it: {type(e).__name__}: {e}", 70)
