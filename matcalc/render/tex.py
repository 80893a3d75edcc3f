"""A story in LaTeX: an `aligned` block to paste, or a file that pdflatex compiles.

A formula that is wider than its page is cut where its brackets are shallowest.
"""

from __future__ import annotations

from collections.abc import Iterator
import re

from ..deriving.hessian import carried_out
from ..language.expr import SCALAR, Apply, Expr, Name
from ..reading.grammar.brackets import BRACES, closing
from . import escaping
from .latex import Latex, inline, latex, letter
from .lines import Line
from .layer_names import in_layers
from .naming import apart, negative, terms
from .pieces import Domain, Entries, Piece, Size, Relation, numbers
from .plain import domain as declared
from .story import GAP, Story
from .verdict_words import KINDS, STRENGTH
from .words import say
from ..patterns import pattern

SHOWN = pattern(r"\\(?:operatorname|mathrm|mathbf|mathbb|boldsymbol|left|right|text|quad|tag)\b\*?|\\[,;!]|[{}^_&\s]|(\\[A-Za-z]+|\\?.)")
SIGNS = ("+", "-", "=", r"\odot", r"\oslash", r"\otimes")
DEEPER = 0.45       # of a width that a cut may stand further to the left for one bracket less
MIDDLE = 3          # of so many parts the first has no cut: a short first row says nothing


def width(text: str) -> float:
    """About how many characters wide a formula is; of a fraction the wider floor counts, and what stands on either side of a sign."""
    while (start := text.rfind(r"\frac{")) >= 0:
        middle = closing(text, start + 5, BRACES)
        end = closing(text, middle + 1, BRACES)
        text = text[:start] + max(text[start + 6:middle], text[middle + 2:end], key=width) + text[end + 1:]
    return sum(2.5 if m[1] in SIGNS else 1 for m in SHOWN.finditer(text) if m[1])


def cut(text: str, most: float) -> list[str]:
    """The rows of a formula, none wider than so many characters where it can be cut before a sign or between factors."""
    rows: list[str] = []
    while width(text) > most:
        at = max(_places(text, most), default=None)
        if at is None:
            break
        rows.append(text[:at[1]].rstrip())
        text = "{}" + text[at[1]:].removeprefix(r"\,")
    return [*rows, text]


def _places(text: str, most: float) -> Iterator[tuple[float, int]]:
    """Where it may be cut, and how good that is."""
    depth = braces = stretched = 0
    used = 0.0
    for m in re.finditer(r"\\left\b|\\right\b|\\,| [-+] |\\[A-Za-z]+|\\?.", text):
        token = m[0]
        if token == r"\left":
            stretched += 1
        elif token == r"\right":
            stretched -= 1
        elif token in "{}":
            braces += 1 if token == "{" else -1
        elif token in "([":
            depth += 1
        elif token in ")]":
            depth -= 1
        used += width(token)
        if used > most:
            return
        if not braces and not stretched and m.start() and used > most / MIDDLE and (token == r"\," or token.strip() in ("+", "-")):
            yield used / most - DEEPER * depth - (0.3 if token == r"\," else 0), m.start()


LONG = 52
RELATIONS = {"!=": r"\neq", "<=": r"\leq", ">=": r"\geq"}


def words(text: str) -> str:
    """Plain words, safe in LaTeX."""
    return escaping.tex(text).replace(GAP, r"\quad ").replace("!=", r"$\neq$").replace(
        "$<$=", r"$\leq$").replace("$>$=", r"$\geq$")


def domain(v: Name) -> str:
    """A declaration, as mathematics."""
    return Latex().declared(v) + (rf"\ \text{{{' '.join(map(say, sorted(v.words)))}}}" if v.words else "")


def piece(p: Piece) -> str:
    """A piece of a sentence, in text mode."""
    if isinstance(p, str):
        return words(p)
    if isinstance(p, Domain):
        return f"${domain(p.name)}$"
    if isinstance(p, Size):
        return words(say("scalar")) if p.shape == SCALAR else f"${Latex().sizes(p.shape)}$"
    if isinstance(p, Entries):
        return words(str(p)) if isinstance(p.value, str) else f"${named(p.name)} = {matrix(p.value)}$"
    if isinstance(p, Relation):
        return f"${p.drawn(inline, RELATIONS)}$"
    return f"${inline(p)}$"


def named(key: str) -> str:
    """The name of a value: a letter, a differential, a derivative."""
    f, _, x = key.partition("/")
    if x:
        return rf"\frac{{\partial {letter(f[2:-1])}}}{{\partial {letter(x[2:-1])}}}"
    return rf"\mathrm{{d}}{letter(f[2:-1])}" if f.startswith("d(") else letter(f)


def matrix(value: object) -> str:
    """A number, a column or a matrix in LaTeX."""
    if isinstance(value, str):
        return rf"\text{{{words(value)}}}"
    if not isinstance(value, list):
        return numbers(value)
    rows = [" & ".join(map(numbers, r)) if isinstance(r, list) else numbers(r) for r in value]
    return r"\begin{pmatrix} " + r" \\ ".join(rows) + r" \end{pmatrix}"


def formulas(e: Expr) -> list[str]:
    """A formula in one line, or a long sum in several."""
    if not (isinstance(e, Apply) and e.head == "+") or width(latex(e)) <= LONG:
        return [latex(e)]
    out: list[str] = []
    run: list[Expr] = []
    for a in terms(e):
        if run and width(_terms([*run, a], not out)) > LONG:
            out.append(_terms(run, not out))
            run = []
        run.append(a)
    return [*out, _terms(run, not out)]


def _terms(run: list[Expr], first: bool) -> str:
    """Some terms of a sum; a later line begins with its sign."""
    out = ""
    for a in run:
        minus, text = negative(a), latex(a)
        sign = (" - " if minus else " + ") if out or not first else ("-" if minus else "")
        out += sign + (text.replace("-", "", 1) if minus else text)
    return ("{}" + out) if not first else out


def rows(lines: tuple[Line, ...] | list[Line], beside: str = r" && \text{{{}}}", most: int = 0) -> list[str]:
    """The rows of an alignment: left, right, and `beside` them the reason; of at most so many characters, if the page is as wide."""
    out: list[str] = []
    for line in lines:
        left = latex(line.left) if line.left is not None else ""
        room = most - width(left) - 3
        parts = [row for part in formulas(line.right) for row in (cut(part, room) if most else [part])]
        why = reason(line)
        for i, part in enumerate(parts):
            head = f"{left} &{RELATIONS.get(line.relation, line.relation)} " if i == 0 else r"&\quad "
            out.append(head + part + (beside.format(why) if why and i == len(parts) - 1 else ""))
    return out


def reason(line: Line) -> str:
    """Why a line follows, in text mode."""
    about = f" ${', '.join(map(latex, line.about))}$" if line.about else ""
    why = ", ".join(w for w in (words(line.rule) + about, words(line.see)) if w)
    return f"{say('since')} {piece(line.since)}; {why}" if line.since else why


def chain(story: Story) -> list[Line]:
    """All aligned lines of a story and its result; what a run of them is headed stands beside its first one, if nothing else does."""
    out: list[Line] = []
    for b in story.blocks:
        if b.kind in ("lines", "result"):
            headed = b.kind == "lines" and b.lines and not b.lines[0].rule and (b.label or b.about)
            label = b.label or (str(b.about[0]).strip() if b.about else "")
            about = tuple(e for e in b.about[1:2] if isinstance(e, Expr))
            first = [b.lines[0]._replace(rule=label[:1].lower() + label[1:], about=about)] if headed else b.lines[:1]
            out += [*first, *b.lines[1:]]
    return out


def given(story: Story) -> list[str]:
    """What the lines are about, as comments in the language; `matcalc check` reads them."""
    out: list[str] = []
    result: Expr | None = None
    for b in story.blocks:
        if b.mark == "layers":
            out.append(f"% layers: {''.join(map(str, b.pieces))}")
            continue
        if b.kind == "read":
            out += [f"% read as: {p}" for p in b.pieces]
        if b.kind == "result":
            if result is None and b.mark in ("numerator", "mixed"):
                out.append(f"% layout: {b.mark}")
            result = b.lines[-1].right
            out += [f"% assume: {p.left} = {p.right}" for p in b.pieces if isinstance(p, Relation)]     # along which direction it is
        for p in b.pieces if b.kind in ("given", "assume", "where", "note") else ():
            if b.kind == "note":
                if isinstance(p, Relation) and result is not None and b.mark == "again":
                    out.append(f"% where: {p.left} = {carried_out(p.right, result)}")
            elif isinstance(p, Domain):
                out.append(f"% given: {declared(p.name, True)}")
            elif isinstance(p, Relation) and p.relation == "=":
                out.append(f"% {'assume' if b.kind == 'assume' else 'where'}: {p.left} = {p.right}")
    return [in_layers(line, True) for line in out]


@apart
def aligned(story: Story) -> str:
    """One block for pasting into mathematics."""
    if all(b.kind != "result" for b in story.blocks):
        return _block(judged(story))
    head = "".join(line + "\n" for line in given(story))
    entries = [_beside("".join(map(piece, b.pieces))) for b in story.blocks if b.kind == "entries"]
    entries += [_beside(words(say(", at ").lstrip(", ")) + piece(p)) for b in story.blocks if b.kind == "result"
                for p in b.pieces if isinstance(p, Relation)]
    return head + _block(rows(chain(story)) + entries + ([_beside("".join(map(piece, story.needs)))] if story.needs else []))


def _beside(text: str) -> str:
    return rf"&&& \text{{{text}}}"


def _block(shown: list[str]) -> str:
    return "\\begin{aligned}\n" + " \\\\\n".join("  " + r for r in shown) + "\n\\end{aligned}\n"


def judged(story: Story) -> list[str]:
    """An equation, then what is said of it: the verdict, what is given, the values of a counterexample."""
    out = rows(chain(story))
    for b in sorted(story.blocks, key=lambda b: b.kind != "verdict"):
        values = [rf"{named(p.name)} &= {matrix(p.value)}" for p in b.pieces if isinstance(p, Entries)]
        defined = b.kind == "given" and isinstance(b.pieces[0], Relation)
        label = words(b.label if b.kind == "verdict" else say("where") if defined else b.label.lower())
        colon = "" if not label or defined or b.mark in (KINDS[k] for k in STRENGTH) else ":"
        out += values or [_beside(f"{label}{colon} {''.join(map(piece, b.pieces))}".strip())] if b.pieces else []
    return out
