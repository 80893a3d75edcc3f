"""A verdict in lines of words, as data, and an equation with it in LaTeX."""

from __future__ import annotations

import re
import textwrap

from ..language.expr import Expr
from ..reading.inference.statements import Inferred
from ..reading.problem import Problem
from ..proof.verdict import WITNESS_KEYS
from . import escaping
from .data import reasons, stated
from .data import verdict as as_data
from .naming import apart
from .inferred import readings
from .verdict_words import KINDS, STRENGTH, WordedVerdict, sentence
from .diagnosis import NOTHING, Diagnosis
from .pieces import Domain, Entries, Relation
from .inferred import inferred as told_shapes
from .tex import matrix, named, piece, words
from .words import say

WIDTH = 80


def wrapped(text: str, indent: str = "") -> list[str]:
    """Lines of at most 80 columns; what follows the first is set in."""
    return folded(text, indent, indent + "  ", WIDTH) or [indent]


def folded(text: str, first: str, later: str, width: int) -> list[str]:
    """Lines of a width, each behind its indent; a size and its value, `n = 2`, stay together."""
    kept = re.sub(r"(?<=\w) = (?=\d)", "\xa0=\xa0", escaping.visible(text))
    return [line.replace("\xa0", " ") for line in textwrap.wrap(
        kept, width, initial_indent=first, subsequent_indent=later, break_long_words=False, break_on_hyphens=False)]


def verdict_lines(v: WordedVerdict, diagnosis: Diagnosis = NOTHING, indent: str = "", full: bool = False) -> list[str]:
    """A verdict in words, with its conditions, its witness, and what was diagnosed; `full` with all that the judges found."""
    out = wrapped(str(v), indent)
    if full and v.kind in STRENGTH:
        out += wrapped(f"Judges: {v.detail}", indent + "  ")
    for line in witness(v):
        out += wrapped(line, indent + "  ")
    return out + (wrapped(say("It is {}.", diagnosis) if diagnosis.noun else capital(diagnosis) + say("."), indent + "  ")
                  if diagnosis else [])


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


def claim_lines(claim: Expr | str | None, v: WordedVerdict, diagnosis: Diagnosis, what: str = "The claim") -> list[str]:
    """What is said of a claimed or expected closed form."""
    return [*wrapped(f"{say(what)} {claim or ''}".rstrip()), *verdict_lines(v, diagnosis, "  ")]


def data(p: Problem, v: WordedVerdict, diagnosis: Diagnosis) -> dict[str, object]:
    """A judged equation as data."""
    inferred = _inferred(p)
    return {"prove": str(p.text.get("prove") or ""), **stated(p), "inferred": list(map(str, inferred)), "inferred_from": reasons(inferred),
            "read": [*p.read, *readings(v)], **(as_data(v) or {}), "diagnosis": diagnosis}


@apart
def aligned(p: Problem, v: WordedVerdict, diagnosis: Diagnosis, full: bool = False) -> str:
    """A judged equation, the shapes that were not declared and how it was read, as one block for pasting into mathematics."""
    sides, inferred, asked = p.as_typed().prove, _inferred(p), str(p.text.get("prove") or "")
    sign = r"\neq" if v.kind == "refuted" else "="
    from . import latex as tex
    left, right = (tex.latex(sides[0]), tex.latex(sides[1])) if sides else (rf"\text{{{words(asked)}}}", "")
    colon = "" if v.kind in STRENGTH else ":"
    found = [p for p in told_shapes(inferred) if isinstance(p, (str, Domain))]
    rows = [rf"{left} &{sign} {right} && \text{{{say(KINDS[v.kind])}{colon} {''.join(map(piece, sentence(v)))}}}"]
    typed = p.as_typed()
    rows += [rf"&&& \text{{{words(say('where '))}{piece(Relation(n, body))}}}" for n, body in typed.definitions]
    rows += [rf"&&& \text{{{words(say('Assume').lower())} {piece(Relation(a, b))}}}" for a, b in typed.assumptions]
    rows += [rf"&&& \text{{inferred: {''.join(map(piece, found))}}}"] if inferred else []
    rows += [rf"&&& \text{{{words(text)}}}" for text in [*[f"Read as {text}" for text in p.read], *readings(v)]]
    rows += [rf"&&& \text{{{words(v.detail)}}}"] if full and v.kind in STRENGTH else []
    rows += [rf"{named(e.name)} &= {matrix(e.value)}" for e in entries(v)]
    rows += [rf"&&& \text{{{words(diagnosis)}}}"] if diagnosis else []
    return "\\begin{aligned}\n" + " \\\\\n".join("  " + r for r in rows) + "\n\\end{aligned}\n"


def _inferred(p: Problem) -> list[Inferred]:
    """In the order of the names."""
    order = list(p.variables)
    return sorted(p.inferred_from, key=lambda i: order.index(i.name))
