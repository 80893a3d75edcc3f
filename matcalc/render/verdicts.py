"""A verdict in words, as data, and as the page of an equation."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from typing import TYPE_CHECKING

from ..language.expr import Expr
from ..reading.inference.statements import Inferred
from ..proof.verdict import TOLD
from . import data, safe
from .markdown import escape
from .naming import apart
from .plain import domain as declared
from .read import readings
from .said import KINDS, STRENGTH, Said, sentence
from .diagnosis import NOTHING, Diagnosis
from .pieces import Domain, Entries, Piece
from .inferred import inferred as told_shapes
from .tex import matrix, named, piece, words
from .words import say
from ..later import later

if TYPE_CHECKING:
    from . import latex as tex
else:
    [tex] = later(__package__, ".latex")

WIDTH = 80
Equation = tuple[Expr, Expr]


def wrapped(text: str, indent: str = "") -> list[str]:
    """Lines of at most 80 columns; what follows the first is set in."""
    return textwrap.wrap(safe.visible(text), WIDTH, initial_indent=indent, subsequent_indent=indent + "  ", break_long_words=False,
                         break_on_hyphens=False) or [indent]


def verdict_lines(v: Said, diagnosis: Diagnosis = NOTHING, indent: str = "", full: bool = False) -> list[str]:
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


def entries(v: Said) -> list[Entries]:
    """The values of a counterexample."""
    return [Entries(key, value) for key, value in (v.witness or {}).items() if key not in TOLD]


def witness(v: Said) -> list[str]:
    """The values of a counterexample, one line each."""
    return list(map(str, entries(v)))


def claim_lines(claim: Expr | str | None, v: Said, diagnosis: Diagnosis, what: str = "The claim") -> list[str]:
    """What is said of a claimed or expected closed form."""
    return [*wrapped(f"{say(what)} {claim or ''}".rstrip()), *verdict_lines(v, diagnosis, "  ")]


@apart
def equation(sides: Equation | None, asked: str, v: Said, diagnosis: Diagnosis, form: str, inferred: Sequence[Inferred] = (),
             typed: Sequence[str] = (), full: bool = False) -> str:
    """A judged equation, the shapes nobody declared and how it was read, as text, Markdown, LaTeX or data; `typed` are the readings
    of lines in a dialect."""
    read = [*[f"Read as {text}" for text in typed], *readings(v)]
    found = [p for p in told_shapes(inferred) if isinstance(p, (str, Domain))]
    if form == "json":
        return safe.json({"prove": asked, "inferred": list(map(str, inferred)), "inferred_from": data.reasons(inferred),
                          "read": [*typed, *readings(v)],
                          **(data.verdict(v) or {}), "diagnosis": diagnosis}, 2) + "\n"
    sign = r"\neq" if v.kind == "refuted" else "="
    shown = f"{tex.latex(sides[0])} {sign} {tex.latex(sides[1])}" if sides else ""
    if form == "latex":
        left, right = (tex.latex(sides[0]), tex.latex(sides[1])) if sides else (rf"\text{{{words(asked)}}}", "")
        colon = "" if v.kind in STRENGTH else ":"
        rows = [rf"{left} &{sign} {right} && \text{{{say(KINDS[v.kind])}{colon} {''.join(map(piece, sentence(v)))}}}"]
        rows += [rf"&&& \text{{inferred: {''.join(map(piece, found))}}}"] if inferred else []
        rows += [rf"&&& \text{{{words(text)}}}" for text in read]
        rows += [rf"&&& \text{{{words(v.detail)}}}"] if full and v.kind in STRENGTH else []
        rows += [rf"{named(e.name)} &= {matrix(e.value)}" for e in entries(v)]
        rows += [rf"&&& \text{{{words(diagnosis)}}}"] if diagnosis else []
        return "\\begin{aligned}\n" + " \\\\\n".join("  " + r for r in rows) + "\n\\end{aligned}\n"
    if form == "markdown":
        out = [say("Inferred") + " " + _markdown(found)] if inferred else []
        out += [f"{escape(text)}{'' if text.startswith('Read as ') else '.'}" for text in read]
        out += [f"$$\n{shown}\n$$" if shown else escape(asked), f"**{say(KINDS[v.kind])}** {_markdown(sentence(v))}"]
        out += [escape(v.detail)] if full and v.kind in STRENGTH else []
        points = [f"- {escape(line)}" for line in witness(v)]
        out += ["\n".join(points)] if points else []
        return "\n\n".join([*out, *([escape(capital(diagnosis)) + "."] if diagnosis else [])]) + "\n"
    told = wrapped(say("Inferred") + "  " + "".join(p if isinstance(p, str) else declared(p.name, True) for p in found)) if inferred else []
    told += [line for text in read for line in wrapped(text)]
    return "\n".join([*told, *verdict_lines(v, diagnosis, full=full)]) + "\n"


def _markdown(pieces: Sequence[Piece]) -> str:
    return "".join(escape(p) if isinstance(p, str) else piece(p) for p in pieces)
