"""The values of a counterexample, lines of words, and a judged equation as data."""

from __future__ import annotations

import re
import textwrap

from ..reading.inference.statements import Inferred
from ..reading.problems.problem import Problem
from ..proof.verdict import WITNESS_KEYS
from . import escaping
from .data import reasons, stated, verdict as as_data
from .inferred import readings
from .verdict_words import WordedVerdict
from .diagnosis import Diagnosis
from .pieces import Entries

WIDTH = 80


def wrapped(text: str, indent: str = "  ") -> list[str]:
    """Lines of at most 80 columns; what follows the first is set in."""
    return folded(text, indent, indent + "  ", WIDTH)


def folded(text: str, first: str, later: str, width: int) -> list[str]:
    """Lines of a width, each behind its indent; a size and its value, `n = 2`, stay together."""
    kept = re.sub(r"(?<=\w) = (?=\d)", "\xa0=\xa0", escaping.visible(text))
    return [line.replace("\xa0", " ") for line in textwrap.wrap(
        kept, width, initial_indent=first, subsequent_indent=later, break_long_words=False, break_on_hyphens=False)]


def capital(text: str) -> str:
    """A sentence's first letter, unless it is mathematics."""
    word = text.split(" ", 1)[0].rstrip(",:")
    return text[:1].upper() + text[1:] if word == "a" or (word.isalpha() and len(word) > 1) else text


def entries(v: WordedVerdict) -> list[Entries]:
    """The values of a counterexample."""
    return [Entries(key.removeprefix("variable "), value) for key, value in (v.witness or {}).items() if key not in WITNESS_KEYS]


def witness(v: WordedVerdict) -> list[str]:
    """The values of a counterexample, one line each."""
    return list(map(str, entries(v)))


def data(p: Problem, v: WordedVerdict, diagnosis: Diagnosis) -> dict[str, object]:
    """A judged equation as data."""
    inferred = _inferred(p)
    return {"prove": str(p.text.get("prove") or ""), **stated(p), "inferred": list(map(str, inferred)), "inferred_from": reasons(inferred),
            "read": [*p.read, *readings(v)], **(as_data(v) or {}), "diagnosis": diagnosis}


def _inferred(p: Problem) -> list[Inferred]:
    """In the order of the names."""
    order = list(p.variables)
    return sorted(p.inferred_from, key=lambda i: order.index(i.name))
