"""The command line: arguments in, api out, no mathematics."""

from __future__ import annotations

import gc
import os
import sys
from typing import TYPE_CHECKING, Any, NoReturn

import click

from ..lazy import Waiting
from ..render import escaping

if TYPE_CHECKING:
    from ..language.shape import InputError

WINDOW = 72
INTERRUPTED = 130       # 128 and the number of the signal, as shells say it
# In the order of a reader's needs; each is imported when it is asked for.
COMMANDS = {"derive": ("deriving", "derive"), "show": ("library", "show"), "list": ("library", "list_"), "run": ("library", "run"),
            "verify": ("judging", "verify"), "prove": ("judging", "prove"), "stationary": ("deriving", "stationary"),
            "check": ("judging", "check"), "rules": ("reference", "rules"), "book": ("reference", "book"), "help": ("reference", "help_"),
            "batch": ("batch", "batch")}


class Commands(click.Group):
    """The commands; the module of a command is imported when the command is called."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except KeyboardInterrupt:
            click.echo("\nAborted!", err=True)
            ctx.exit(INTERRUPTED)

    def resolve_command(self, ctx: click.Context, args: list[str]) -> tuple[str | None, click.Command | None, list[str]]:
        if args[:1] == ["help"] and args[1:2] and args[1] in COMMANDS:
            args = [args[1], "--help"]
        if args and args[0] not in COMMANDS and not args[0].startswith("-"):
            from difflib import get_close_matches
            near = get_close_matches(args[0], COMMANDS, 1)
            hint = f" Did you mean '{near[0]}'?" if near else f" The commands are {', '.join(COMMANDS)}."
            ctx.fail(f"No such command '{args[0]}'.{hint}")
        return super().resolve_command(ctx, args)

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        if name not in COMMANDS:
            return None
        file, called = COMMANDS[name]
        found: click.Command = getattr(Waiting(f"{__package__}.{file}"), called)
        return found


@click.group(cls=Commands, context_settings={"help_option_names": ["--help", "-h"]})
@click.version_option("0.1.0", prog_name="matcalc")
def cli() -> None:
    """Matrix calculus that shows its work and proves it.

    Example: matcalc derive "norm2(A*x - b)^2" -w x
    """


def fail(message: str, code: int = 2) -> NoReturn:
    """One clear message on standard error."""
    sys.stderr.write(f"matcalc: {escaping.terminal(message)}\n")
    sys.exit(code)


def explain(e: InputError) -> str:
    """The message of an error; of a long line only what is around the caret."""
    if e.source is not None and e.column is not None and len(e.source) > WINDOW:
        start = max(0, min(e.column - WINDOW // 2, len(e.source) - WINDOW))
        cut = e.source[start:start + WINDOW]
        e.column = e.column - start + (2 if start else 0)
        e.source = ("… " if start else "") + cut + (" …" if start + WINDOW < len(e.source) else "")
    return str(e)


def _streams() -> None:
    """Where standard output or standard error is closed, what is written there goes nowhere; the exit code still tells."""
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: SIM115


def main() -> None:
    """The entry point: no input ends in a traceback."""
    _streams()
    gc.set_threshold(50_000, 20, 50)        # what one command makes is seldom garbage: collecting is a fifteenth of its time
    from ..language.columns import RowError
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
    except RowError as e:
        fail(str(e), 70)
    except UnicodeEncodeError as e:
        fail(f"{e.encoding} cannot print {ascii(e.object[e.start])}\n  hint: set PYTHONIOENCODING=utf-8, or add --output FILE")
    except Exception as e:
        from ..deriving.derivation import Unfinished as Stopped
        if isinstance(e, Stopped):
            fail(f"unfinished: {e}", 3)
        fail(f"internal error in matcalc, please report it: {type(e).__name__}: {e}", 70)
    finally:
        gc.freeze()         # at the end of the process all is freed: looking for garbage before would take a sixth of a command's time
