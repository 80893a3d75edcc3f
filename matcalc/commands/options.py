"""The options that commands share, and how their arguments are read."""

from __future__ import annotations

import re
from typing import Any

import click

from .pages import FORMATS
from ..render.style import LETTERS, TRANSPOSES
from ..render.words import LANGUAGES


class Formula(click.Command):
    """A command whose arguments may begin with a minus; -w and -d are options only where a value follows."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        if ctx.resilient_parsing:           # a shell completes what is not all typed yet
            return super().parse_args(ctx, args)
        takes = {o: not (p.is_flag or p.count) for p in self.get_params(ctx) if isinstance(p, click.Option) for o in p.opts}
        single = [p for p in self.get_params(ctx) if isinstance(p, click.Option) and takes[p.opts[0]] and not p.multiple]
        once = {o: p.opts for p in single for o in p.opts}
        options: list[str] = []
        rest: list[str] = []
        i = 0
        while i < len(args):
            a = args[i]
            if a == "--":
                rest += args[i + 1:]
                break
            name = a.split("=", 1)[0]
            alone = i + 1 == len(args) or args[i + 1].split("=", 1)[0] in {*takes, "--"}
            if name in takes and not (len(name) == 2 and takes[name] and (alone or a != name)):
                if name in once and any(o.split("=", 1)[0] in once[name] for o in options):
                    raise click.UsageError(f"{name} may be given only once", ctx)
                options.append(a)
                if takes[name] and "=" not in a and alone:
                    raise click.UsageError(f"the option {name} needs a value", ctx)
                if takes[name] and "=" not in a:
                    options += args[i + 1:i + 2]
                    i += 1
            elif a.startswith("--") and re.fullmatch(r"--[a-z][a-z-]+(=.*)?", a):
                options.append(a)
            else:
                rest.append(a)
            i += 1
        return super().parse_args(ctx, [*options, "--", *rest])


def files(ctx: click.Context, param: click.Parameter, typed: str) -> list[Any]:
    """The files that a shell finds, for completion there."""
    from click.shell_completion import CompletionItem
    return [CompletionItem(typed, type="file")]


class Seconds(click.FloatRange):
    """A number of seconds; rejects nan, which would pass every range check."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        found = super().convert(value, param, ctx)
        return found if found == found else self.fail(f"{value} is not a number of seconds", param, ctx)


def seconds(command: Any) -> Any:
    """The option that ends what takes too long."""
    from ..language.deadline import SECONDS
    return click.option("--seconds", type=Seconds(0, min_open=True), default=SECONDS, show_default=True,
                        help="Time limit for each answer; what is known by then is shown.")(command)


detailed = click.option("--detail", type=click.Choice(["brief", "normal", "full"]), default="normal", show_default=True,
                        help="brief leaves the steps out; full has every small step and all that the judges found.")


written = (
    click.option("--document", is_flag=True, help="With --format latex: a complete file for pdflatex."),
    click.option("--style", type=click.Choice(LETTERS), default="plain", show_default=True,
                 help="Style of letters in LaTeX; bold makes vectors and matrices bold."),
    click.option("--transpose", type=click.Choice(list(TRANSPOSES)), default="top", show_default=True,
                 help="Sign of the transpose in LaTeX."),
    click.option("--lang", type=click.Choice(LANGUAGES), default="en", show_default=True, help="Language of the words of a page."),
    click.option("--output", type=click.Path(dir_okay=False), metavar="FILE",
                 help="Write to FILE instead of standard output; FILE.html, FILE.md, FILE.tex, FILE.json have these formats, "
                      "FILE.pdf is set by pdflatex."))


def output_options(command: Any) -> Any:
    """Adds the options for the format and the place of the output."""
    for option in reversed(written):
        command = option(command)
    return command


def page_options(command: Any) -> Any:
    """Adds the options that every page has."""
    for option in reversed((
            click.option("--layout", type=click.Choice(["denominator", "numerator", "mixed"]), default=None,
                         help="Layout of the derivative; `matcalc help layout` explains the choices."),
            click.option("--structured", is_flag=True,
                         help="Differentiate with respect to the independent entries of a symmetric or diagonal variable."),
            click.option("--expand", is_flag=True, help="Expand softmax, logsumexp and the like into elementary functions, and "
                         "the names of other gradients in those of several variables."),
            click.option("--verify", is_flag=True, help="Also ask the judge that works with SymPy, entry by entry."),
            click.option("--format", "form", type=click.Choice(FORMATS), default="text", show_default=True,
                         help="Format of the answer: a page, index notation, JSON or source code."),
            detailed,
            *written,
            seconds)):
        command = option(command)
    return command


def problem_options(command: Any) -> Any:
    """Adds the options that state a problem: --declare, --define, --assume."""
    for option in reversed((
            click.option("--declare", "-d", multiple=True, metavar="'x in R^n'", help="Declare a variable with its sizes and structure."),
            click.option("--define", multiple=True, metavar="\"z = W'*x\"", help="Define a name for an intermediate."),
            click.option("--assume", multiple=True, metavar="'sum(y) = 1'", help="An equation that the derivation may use."))):
        command = option(command)
    return command
