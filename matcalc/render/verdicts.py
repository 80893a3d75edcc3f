"""A verdict in words, as data, and as the page of an equation."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from typing import Any

from ..language.expr import Expr
from ..language.infer import Inferred
from ..proof.verdict import Verdict
from . import data
from .latex import latex, letter
from .markdown import escape
from .plain import domain as declared
from .story import KINDS, Domain
from .story import inferred as told_shapes
from .tex import piece, words

WIDTH = 80
TOLD = frozenset(("sizes", "entry", "left", "right", "shape", "shapes"))
Equation = tuple[Expr, Expr]


def wrapped(text: str, indent: str = "") -> list[str]:
    """Lines of at most 80 columns; what follows the first is set in."""
    return textwrap.wrap(text, WIDTH, initial_indent=indent, subsequent_indent=indent + "  ", break_long_words=False,
                         break_on_hyphens=False) or [indent]


def verdict_lines(v: Verdict, diagnosis: str = "", indent: str = "") -> list[str]:
    """A verdict in words, with its conditions, its witness, and what was diagnosed."""
    out = wrapped(KINDS[v.kind] + (f": {v.detail}" if v.detail else ""), indent)
    if v.conditions:
        out += wrapped("where " + ", ".join(v.conditions), indent + "  ")
    for text in witness(v):
        out += wrapped(text, indent + "  ")
    return out + (wrapped(f"It is {diagnosis}." if diagnosis.startswith(ARTICLES) else capital(diagnosis) + ".", indent + "  ")
                  if diagnosis else [])


ARTICLES = ("the transpose", "the negative", "the symmetric", "the derivative by",
            "the right", "the diagonal", "the vec", "half ", "twice ",
            "1/", "3 times", "4 times", "5 times", "6 times")


def capital(text: str) -> str:
    """A sentence's first letter, unless it is mathematics."""
    word = text.split(" ", 1)[0].rstrip(",:")
    return text[:1].upper() + text[1:] if word == "a" or (word.isalpha() and len(word) > 1) else text


def witness(v: Verdict) -> list[str]:
    """The values of a counterexample, one line each."""
    return [str(value) if str(value).startswith(f"{key}(") else f"{key} = {numbers(value)}"
            for key, value in (v.witness or {}).items() if key not in TOLD]


def numbers(value: Any) -> str:
    """Numbers as a person writes them."""
    if isinstance(value, list):
        return "[" + ", ".join(map(numbers, value)) + "]"
    return f"{value:.6g}" if isinstance(value, float) else str(value)


def claim_lines(claim: Expr | str | None, v: Verdict, diagnosis: str, what: str = "The claim") -> list[str]:
    """What is said of a claimed or expected closed form."""
    return [*wrapped(f"{what} {claim or ''}".rstrip()), *verdict_lines(v, diagnosis, "  ")]


def equation(sides: Equation | None, text: str, v: Verdict, diagnosis: str, form: str, inferred: Sequence[Inferred] = ()) -> str:
    """A judged equation, and the shapes nobody declared, as text, Markdown, LaTeX or data."""
    found = [p for p in told_shapes(inferred) if isinstance(p, (str, Domain))]
    if form == "json":
        import json
        return json.dumps({"prove": text, "inferred": list(map(str, inferred)), "inferred_from": data.reasons(inferred), **(data.verdict(v) or {}),
                           "diagnosis": diagnosis}, ensure_ascii=False, indent=2) + "\n"
    sign = r"\neq" if v.kind == "refuted" else "="
    shown = f"{latex(sides[0])} {sign} {latex(sides[1])}" if sides else ""
    if form == "latex":
        left, right = (latex(sides[0]), latex(sides[1])) if sides else (rf"\text{{{words(text)}}}", "")
        rows = [rf"{left} &{sign} {right} && \text{{{words(KINDS[v.kind].lower() + ': ' + v.detail)}}}"]
        rows += [rf"&&& \text{{inferred: {''.join(map(piece, found))}}}"] if inferred else []
        rows += [rf"&&& \text{{where {words(', '.join(v.conditions))}}}"] if v.conditions else []
        rows += [rf"{_letter(key)} &= {matrix(value)}" for key, value in (v.witness or {}).items() if key not in TOLD]
        rows += [rf"&&& \text{{{words(diagnosis)}}}"] if diagnosis else []
        return "\\begin{aligned}\n" + " \\\\\n".join("  " + r for r in rows) + "\n\\end{aligned}\n"
    if form == "markdown":
        out = ["Inferred " + "".join(escape(p) if isinstance(p, str) else piece(p) for p in found)] if inferred else []
        out += [f"$$\n{shown}\n$$" if shown else escape(text), f"**{KINDS[v.kind]}** {escape(v.detail)}"]
        out += [escape("where " + ", ".join(v.conditions))] if v.conditions else []
        points = [f"- {escape(line)}" for line in witness(v)]
        out += ["\n".join(points)] if points else []
        return "\n\n".join([*out, *([escape(capital(diagnosis)) + "."] if diagnosis else [])]) + "\n"
    told = wrapped("Inferred  " + "".join(p if isinstance(p, str) else declared(p.name, True) for p in found)) if inferred else []
    return "\n".join([*told, *verdict_lines(v, diagnosis)]) + "\n"


def _letter(key: str) -> str:
    return rf"\mathrm{{d}}{letter(key[2:-1])}" if key.startswith("d(") else letter(key)


def matrix(value: Any) -> str:
    """A number, a column or a matrix in LaTeX."""
    if isinstance(value, str):
        return rf"\text{{{words(value)}}}"
    if not isinstance(value, list):
        return numbers(value)
    rows = [" & ".join(map(numbers, r)) if isinstance(r, list) else numbers(r) for r in value]
    return r"\begin{pmatrix} " + r" \\ ".join(rows) + r" \end{pmatrix}"
