"""The problems of the library with their answers, and the files as entries of the book: each made once a process."""

from __future__ import annotations

from functools import cache
from typing import Any

from matcalc import api, library
from matcalc.book import entries
from matcalc.reading.parse import Problem, parse_file


@cache
def problems(name: str) -> list[Problem]:
    """What a file of the library asks."""
    return parse_file(library.text(name), name)


@cache
def answer(name: str, i: int) -> Any:
    """The answer to one of these: a derivation, or several gradients."""
    p = problems(name)[i]
    return api.gradients(p) if p.several else api.solve(p)


def answers(name: str) -> list[tuple[Problem, Any]]:
    """The problems of a file, each with its answer."""
    return [(p, answer(name, i)) for i, p in enumerate(problems(name))]


@cache
def entry(name: str) -> entries.Entry:
    """The file as an entry of the book."""
    return entries.read(name)
