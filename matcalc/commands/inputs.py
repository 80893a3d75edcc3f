"""What a command is given: an argument, a file, standard input."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, BinaryIO, TextIO

if TYPE_CHECKING:
    from ..reading.parse import Problem

MOST = 1 << 24          # characters of a text that is read


def read(text: str) -> str:
    """An argument, or standard input for `-`."""
    return read_file("-").strip() if text == "-" else text


def _all_of(f: TextIO | None) -> str:
    """A text without the mark that editors put in front of it."""
    from ..language.shape import InputError
    if f is None:
        raise InputError("standard input is closed", hint="give a file name")
    text = f.read(MOST + 1)
    if len(text) > MOST:
        raise InputError(f"more than {MOST >> 20} million characters; at most that many are read")
    return text.removeprefix("\ufeff")


def read_file(path: str) -> str:
    """A file's text, or standard input for `-`."""
    from ..language.shape import InputError
    try:
        if path == "-":
            return _all_of(sys.stdin)
        with open(path, encoding="utf-8") as f:
            return _all_of(f)
    except OSError as e:
        raise InputError(f"cannot read {path}: {(e.strerror or str(e)).lower()}") from None
    except UnicodeDecodeError as e:
        line = e.object[:e.start].decode("utf-8", "replace").count("\n") + 1
        raise InputError(f"{path} is not UTF-8 text: byte {e.start + 1}, in line {line}", hint="save the file as UTF-8") from None


def open_lines(path: str | None) -> BinaryIO:
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
    """The problems of a problem file."""
    from ..reading.parse import parse_file
    from ..language.shape import InputError
    found = parse_file(text)
    if not found:
        raise InputError("no derive or prove line found", hint="a problem file has a line such as: derive f wrt x")
    return found
