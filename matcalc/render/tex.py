"""A story in LaTeX: an `aligned` block to paste, or a file that pdflatex compiles."""

from __future__ import annotations

from collections.abc import Iterable

from ..language.expr import ONE, SCALAR, Apply, Dim, Expr, Name, Shape, build, is_negative, neg, vec
from . import safe
from .latex import latex, letter
from .latex import size as _size
from .lines import Line
from .naming import apart, terms
from .pieces import Domain, Piece, Size, Unequal
from .plain import domain as declared
from .plain import plain
from .story import GAP, Block, Story

LONG = 57
# A size of type, how many characters of a formula fit in it, and whether that leaves no room for a column of reasons.
TYPE = (("", 57, False), ("\\small", 63, False), ("", 92, True), ("\\small", 100, True), ("\\footnotesize", 112, True),
        ("\\scriptsize", 130, True))
COLUMN = r"\parbox[t]{54mm}{\raggedright\footnotesize {}}"
RELATIONS = {"!=": r"\neq", "<=": r"\leq", ">=": r"\geq"}


def words(text: str) -> str:
    """Plain words, safe in LaTeX."""
    return safe.tex(text).replace(GAP, r"\quad ").replace("!=", r"$\neq$").replace(
        "$<$=", r"$\leq$").replace("$>$=", r"$\geq$")


def domain(v: Name) -> str:
    """A declaration, as mathematics."""
    if v.kind == "function":
        source, target = v.signature or (None, None)
        return rf"{letter(v.name)} : {_domain(source or (ONE, ONE))} \to {_domain(target or (ONE, ONE))}"
    where = _domain(v.shape)
    return rf"{letter(v.name)} \in {where}" + (rf"\ \text{{{' '.join(sorted(v.words))}}}" if v.words else "")


def _domain(shape: Shape) -> str:
    m, n = shape
    return rf"\mathbb{{R}}^{{{_size(m)} \times {_size(n)}}}" if n is not ONE else _space(None if m is ONE else m)


def _space(d: Dim | None) -> str:
    return r"\mathbb{R}" if d is None or d is ONE else rf"\mathbb{{R}}^{{{_size(d)}}}"


def piece(p: Piece) -> str:
    """A piece of a sentence, in text mode."""
    if isinstance(p, str):
        return words(p)
    if isinstance(p, Domain):
        return f"${domain(p.name)}$"
    if isinstance(p, Size):
        return words("scalar") if p.shape == SCALAR else rf"${_size(p.shape[0])} \times {_size(p.shape[1])}$"
    if isinstance(p, Unequal):
        return f"${p.drawn(latex, RELATIONS)}$"
    return f"${latex(p)}$"


def formulas(e: Expr) -> list[str]:
    """A formula in one line, or a long sum in several."""
    if not (isinstance(e, Apply) and e.head == "+") or len(plain(e)) <= LONG:
        return [latex(e)]
    out: list[str] = []
    run: list[Expr] = []
    for a in terms(e):
        if run and len(plain(build("+", [*run, a]))) > LONG:
            out.append(_terms(run, not out))
            run = []
        run.append(a)
    return [*out, _terms(run, not out)]


def _terms(run: list[Expr], first: bool) -> str:
    """Some terms of a sum; a later line begins with its sign."""
    out = ""
    for a in run:
        negative = is_negative(a)
        sign = (" - " if negative else " + ") if out or not first else ("-" if negative else "")
        out += sign + latex(neg(a) if negative else a)
    return ("{}" + out) if not first else out


def rows(lines: tuple[Line, ...] | list[Line], column: str = "{}", below: bool = False) -> list[str]:
    """The rows of an alignment: left, right, reason; the reasons in a column, or each `below` its line."""
    out: list[str] = []
    for line in lines:
        left = latex(line.left) if line.left is not None else ""
        parts = formulas(line.right)
        why = ", ".join(w for w in (words(line.rule), words(line.see)) if w)
        if line.about:
            why = f"{why} ${latex(line.about)}$"
        if line.since:
            why = f"since {piece(line.since)}; {why}"
        for i, part in enumerate(parts):
            head = f"{left} &= " if i == 0 else r"&\quad "
            beside = why and i == len(parts) - 1 and not below
            out.append(head + part + (rf" && \text{{{column.replace('{}', why)}}}" if beside else ""))
        if why and below:
            out.append(rf"&\qquad\text{{\footnotesize {why}}}")
    return out


def chain(story: Story) -> list[Line]:
    """All aligned lines of a story and its result."""
    return [line for b in story.blocks if b.kind in ("lines", "result") for line in b.lines]


def given(story: Story) -> list[str]:
    """What the lines are about, as comments in the language; `matcalc check` reads them."""
    out: list[str] = []
    label = ""
    result: Expr | None = None
    for b in story.blocks:
        label = b.label or label
        if label == "Read as":
            out += [f"% read as: {p}" for p in b.pieces]
        if b.kind == "result":
            said = "" if result is not None else " ".join(p.split(";")[0] for p in b.pieces if isinstance(p, str))
            result = b.lines[-1].right
            out += [f"% layout: {word}" for word in ("numerator", "mixed") if f"{word} layout" in said]
        for p in b.pieces if b.kind in ("given", "note") else ():
            if b.kind == "note":
                if isinstance(p, Unequal) and result is not None:
                    out.append(f"% where: {p.left} = {vec(result) if p.right.shape == vec(result).shape else result}")
            elif isinstance(p, Domain):
                out.append(f"% given: {declared(p.name, True)}")
            elif isinstance(p, Unequal) and p.relation == "=":
                out.append(f"% {'assume' if label == 'Assume' else 'where'}: {p.left} = {p.right}")
    return out


@apart
def aligned(story: Story) -> str:
    """One block for pasting into mathematics."""
    head = "".join(line + "\n" for line in given(story))
    entries = [rf"&&& \text{{{''.join(map(piece, b.pieces))}}}" for b in story.blocks if b.kind == "entries"]
    needs = [rf"&&& \text{{{''.join(map(piece, story.needs))}}}"] if story.needs else []
    return head + "\\begin{aligned}\n" + " \\\\\n".join("  " + r for r in rows(chain(story)) + entries + needs) + "\n\\end{aligned}\n"


@apart
def document(story: Story) -> str:
    """A whole file for pdflatex."""
    out = [r"\documentclass[11pt]{article}", r"\usepackage[T1]{fontenc}", r"\usepackage[utf8]{inputenc}",
           r"\usepackage[margin=18mm]{geometry}", r"\usepackage{amsmath,amssymb}", r"\allowdisplaybreaks",
           r"\setlength{\parindent}{0pt}", r"\begin{document}", rf"\section*{{{words(story.title)}}}"]
    if story.source:
        out.append(rf"\textit{{{words(story.source)}}}\par\medskip")
    out += [_paragraph(b) for b in story.blocks]
    return "\n".join([*out, r"\end{document}", ""])


def _paragraph(b: Block) -> str:
    text = "".join(piece(p) for p in b.pieces)
    label = rf"\textbf{{{words(b.label)}}}\quad " if b.label else ""
    if not b.lines:
        return rf"{label}{text}\par\smallskip"
    font, below = fitting(b.lines)
    shown = "\\begin{align*}\n" + " \\\\\n".join("  " + r for r in rows(b.lines, COLUMN, below)) + "\n\\end{align*}"
    shown = f"{{{font}\n{shown}}}" if font else shown
    return (label + r"\par\nobreak" + "\n" if label else "") + shown + (f"\n({text})\\par\\smallskip" if text else "")


def fitting(lines: Iterable[Line]) -> tuple[str, bool]:
    """A size of type in which lines fit the page, and whether their reasons must stand below them."""
    wide = max((len(plain(line.left)) if line.left else 2) + 3 + (min(len(plain(line.right)), LONG + 4) if _parted(line.right)
               else len(plain(line.right))) for line in lines)
    return next(((font, below) for font, fits, below in TYPE if wide <= fits), ("\\tiny", True))


def _parted(e: Expr) -> bool:
    return isinstance(e, Apply) and e.head == "+"
