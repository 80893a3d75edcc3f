"""Files: Markdown, LaTeX or plain lines; the displays in them and the sentences between."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
import re

from ...language.shape import InputError
from ...reading.latex.macros import macros
from ...reading.latex.redeclared import redeclared_letters
from ...reading.latex.rewritten_text import rewritten_text
from ...reading.latex.spelling import SPACES
from ...reading.latex.tokens import misread, tokens
from ...reading.latex.unknown_functions import at_points, sloped
from ...reading.latex.uses_of_letters import uses_of_letters
from ...reading.latex.whole_text import covariances, jacobians, redefined_letters
from ..words.function_sentences import densities, functions, named_functions
from .adjoints import called_alike
from .deferred import constant_along, declare_ahead, differentiated_only, label_rows, normal_covariances, read_again, sample_means
from .definitions import misfitting, roots_meant
from .display_rows import add_display
from .entry_names import SUBSCRIPT, entry_names
from .plain_lines import FORMS
from .plain_text import plain_text
from .prose import Prose
from .sheet import Sheet
from .written_entries import written_entries
from ...patterns import pattern

FILE = pattern(r"[^\n=]*\w\.(?:txt|tex|md|py|ipynb)\s*")
MOST = 2000         # lines of a file with an equal sign
FENCE = r"(?P<fence>^[ \t]*(?P<tick>```+|~~~+)[^\n]*\n.*?^[ \t]*(?P=tick)[ \t]*$)"
UNSEEN = pattern(rf"{FENCE}|(?<![\\\w])%(?![ \t]*(?:given|where|assume|layout):)[^\n]*?(?=\\\\[ \t]*$|$)|<!--.*?-->|"
                    r"\\iffalse\b.*?\\fi\b|"
                    r"(?P<code>(?<!`)`(?!`)[^`$\n]*=[^`$\n]*`(?!`))|"
                    r"\\begin\{comment\}.*?\\end\{comment\}|\\(?:sout|st)\{(?:[^{}]|\{[^{}]*\})*\}", re.S | re.M)


def visible_text(text: str) -> str:
    r"""The text with blanks for what is not shown, each thing where it was; a fenced block is shown as it is, `5% of` is no comment. Beside
    dollars what stands between backticks is code.
    A line break at the end of a comment is one, though LaTeX leaves it out: whoever wrote it meant one.

    >>> visible_text("a % b\nc <!-- d --> e")
    'a    \nc            e'
    """
    return UNSEEN.sub(lambda m: m[0] if m["fence"] or m["code"] and "$" not in text else re.sub(r"[^\n]", " ", m[0]), text)


ENVIRONMENT = (r"(?:aligned|align|alignat|alignedat|gather|gathered|equation|split|eqnarray|multline|multlined|math|displaymath|dmath"
               r"|flalign|IEEEeqnarray|darray|array)\*?")
PIECE = pattern(
    r"(?P<fence>^[ \t]*(?P<tick>```+|~~~+)[ \t]*(?P<word>[\w.+-]*)[^\n]*\n(?P<code>.*?)^[ \t]*(?P=tick)[ \t]*$)"
    r"|(?P<display>\$\$(?P<dollars>.*?)\$\$|\\\[(?P<square>.*?)\\\]"
    r"|\\begin\{(?P<name>" + ENVIRONMENT + r")\}(?P<rows>.*?)\\end\{(?P=name)\})"
    r"|^[ \t]*\$[ \t]*\n(?P<alone>[^$]+?)\n[ \t]*\$[ \t]*$"
    r"|(?<![\\$])\$(?P<inline>[^$\n]+)\$|\\\((?P<round>[^\n]*?)\\\)"
    r"|^[ \t]*%[ \t]*(?P<kind>given|where|assume|layout):(?P<note>[^\n]*)$", re.S | re.M)
CHAINED = pattern(r"[ \t]*(?:\$|\\\()\s*&?=")
MARKUP = pattern(r"\$|\\(?:begin|end)\{|\\\[|\\\(|^[ \t]*(```|~~~)", re.M)
DOUBLE_ONE = pattern(r"\\(?:mathbb|mathds|mathbbm)\s*\{?\s*1")
LAYOUT = pattern(r"\b(denominator|numerator|mixed)\)?[- ](?:layout|convention)", re.I)
ROWS = pattern(r"\b(?:gradients?|derivatives?)[^.$\n]{0,60} (?:are|is|as) (?:an? )?row(?:[ -]vectors?|s)\b|\brow[- ]gradients?\b", re.I)
FORMULAS = ("dollars", "square", "rows", "alone", "inline", "round")
NORMAL = pattern(r"(?<![\w.])N\((?:[^()]|\([^()]*\))*, ?([A-Z]\w*)\)")       # x ~ N(m, S)
READABLE = ("", "mc", "matcalc", "text", "txt", "math", "latex", "tex")
PYTHON = ("python", "py", "python3", "numpy")       # read where a file has nothing else


def sheet(text: str, begin: Callable[[], Sheet] = Sheet) -> Sheet:
    """Read a file in LaTeX, Markdown or plain text; `begin` makes the sheet that it continues."""
    def beginning(**used: Any) -> Sheet:
        other = begin()
        other.losses.update(losses)
        other.names.used_as(singles=singles, resized=clashes)
        vars(other).update(used)
        return other
    out = _read(text, begin())
    singles, own = entry_names(out) if SUBSCRIPT.search(text) else ({}, set())
    losses = {f for f in out.names.functions if f not in out.names.curves and not out.names.vector(f) and not _applied(f, out.text)}
    clashes = out.clashes()
    if singles or losses or clashes:       # known only when the whole file is
        out = _read(text, beginning())
    again = bool(redeclared_letters(text))
    if (again or DOUBLE_ONE.search(text)) and (wrong := misfitting(out)):
        other = beginning(redeclares=again)
        if not again:
            other.names.used_as(one_is_identity=True)
        out = other if misfitting(_read(text, other)) < wrong else out
    return out.but(parts=own, declaring=lambda more, functions, lengths: sheet(text, lambda: _with(begin(), out, more, functions, lengths)))


def _with(out: Sheet, before: Sheet, more: list[str], functions: list[str], lengths: bool) -> Sheet:
    """A sheet to begin with, with declarations, with functions that the file defines, and with bars that are norms of vectors."""
    out.names.used_as(lengths=lengths)
    for declaration in more:
        out.declared(declaration)
    for name in functions:
        out.names.arguments[name] = before.names.arguments[name]
        out.defined(name, before.names.bodies[name], 0)
    return out


def _read(text: str, out: Sheet) -> Sheet:
    text = text.removeprefix("\ufeff").replace("\r\n", "\n")
    if (lines := sum("=" in line for line in text.split("\n"))) > MOST:
        raise InputError(f"{lines} equalities; at most {MOST} are marked", hint="mark it in parts")
    known = bool(out.given_names)
    marked_up = MARKUP.search(text) is not None
    text = visible_text(text) if marked_up else written_entries(text)
    out.written(text)
    layout = LAYOUT.search(text)
    if layout or ROWS.search(text) and not re.search(r"\bcolumn[ -]vectors?\b", text):
        out.laid_out(layout[1].lower() if layout else "numerator")
        out.understood.append(f"derivatives are in the {out.layout.name} layout")
    if "\0" in text:
        at = text.index("\0")
        raise misread(text, at, "a NUL byte: this is not a text file")
    if marked_up:
        _marked_up(out, text)
    else:
        if not re.search(r"[=*'/()^]", text) and text.strip():
            raise InputError("there is no equality in this file", hint=FORMS)
        plain_text(out, text)
        normal_covariances(out, dict.fromkeys(NORMAL.findall(text)))
    if FILE.fullmatch(text):
        raise InputError("the name of a file, where the text of a derivation is expected", hint="open it: check(open(name).read())")
    if not out.rows or (not known and len(out.rows) == 1 and out.rows[0].why is None and out.rows[0].left == "" and
                        not out.rows[0].defines):
        raise InputError("nothing to check: fewer than two lines", hint=FORMS)
    return out


def _applied(name: str, text: str) -> bool:
    """Whether f(..) or f' stands anywhere in a file, or a nabla before it that has no index."""
    return re.search(rf"(?<![A-Za-z]){name}\)?\s*(?:\\left\s*)?[(']|\\nabla\s*(?:\^\{{?2\}}?\s*)?{name}(?![A-Za-z])", text) is not None


def _marked_up(out: Sheet, text: str) -> None:
    """Fenced blocks, displays and sentences, in the order of the file."""
    _balanced(text)
    text = rewritten_text(text)
    known, text = macros(PIECE.sub(lambda m: f" ${m['dollars']}$ " if _in_a_line(m) else m[0], text))
    out.written(text, markup=True, macros=known)
    out.afresh.extend(redefined_letters(text) or (redeclared_letters(text) if out.redeclares else ()))
    pieces = list(PIECE.finditer(text))
    shown = [m for m in pieces if m["note"] is None and m["fence"] is None]
    spans = [next((m.span(g) for g in FORMULAS if m[g] is not None), m.span()) for m in shown]
    sources = [[t for t in tokens(text, *span) if t[0] not in SPACES] for span in spans]
    out.names.used_as(**uses_of_letters(text, sources))
    if "sigma" in out.names.uses.squared and re.search(r"\\sigma(?![A-Za-z])(?!\s*(?:_|\^\s*\{?\s*[24]))", text):
        out.defined("sigma", "sqrt(sigma_sq)", 0)
    declare_ahead(out, pieces)
    out.unknown_functions(sloped(sources))
    for declaration in at_points(sources, text):
        if not out.names.known(declaration.partition(":")[0]):
            out.declared(declaration)
    slopes, called = densities(found := functions(text), text), named_functions(text)
    out.names.used_as(jacobians={j: f for j, f in jacobians(text).items() if f in out.names.functions}, densities=slopes, called=called,
                      primed=out.names.uses.primed - {t for f in (*slopes.values(), *called) for t in (f, f"\\{f}")})
    for name in [n for n in found if n not in slopes and n not in called]:
        out.declared(f"{name}: R -> R")
    prose = Prose(out)
    behind = 0
    for m in pieces:
        which = next((k for k in FORMULAS if m[k] is not None), "")
        if which in ("inline", "round") and not _alone(text, m):
            continue
        prose.take(behind, m.start())
        read_again(out)
        behind = m.end()
        number = text.count("\n", 0, m.start()) + 1
        if m["fence"] is not None:
            if m["word"] in READABLE or m["word"] in PYTHON and all(p["fence"] or p["inline"] or p["round"] for p in pieces):
                if m["word"] in ("math", "latex", "tex"):
                    add_display(out, m.start("code"), m.end("code"))
                else:
                    plain_text(out, m["code"], text.count("\n", 0, m.start("code")) + 1)
        elif which:
            columns = re.compile(r"\s*(?:\[[^\]]*\]\s*)?\{[^{}]*\}").match(text, m.start(which)) if which == "rows" and \
                m["name"].startswith(("alignat", "alignedat", "IEEE", "array", "darray")) else None
            add_display(out, columns.end() if columns else m.start(which), m.end(which))
        else:
            _note(out, m["kind"], m["note"].strip(), number)
    prose.take(behind, len(text))
    prose.ended()
    read_again(out)
    read_again(out)            # what could not be read before something else was
    for of, name in out.names.sets.items():
        out.understood.append(f"{name} has any numbers in the place of 1 for what is in {of.replace(' ', '')}")
        if sizes := out.names.weighted.get(name):
            out.declared(f"{name} in R^({sizes})" if "," in sizes else f"{name} in R^{sizes}")
    called_alike(out)
    sample_means(out)
    differentiated_only(out)
    normal_covariances(out, covariances(text))
    label_rows(out)
    constant_along(out)
    roots_meant(out)


def _in_a_line(m: re.Match[str]) -> bool:
    """Whether double dollars around no equality stand among words, which Jekyll writes so."""
    if m["dollars"] is None or not m["dollars"].strip() or re.search(r"[=\n]", m["dollars"]):
        return False
    return re.search(r"[^\W_][ \t]$", m.string[:m.start()]) is not None or re.match(r"[ \t][^\W_]", m.string[m.end():]) is not None


def _alone(text: str, m: re.Match[str]) -> bool:
    """Whether a formula in a line of text is all of a paragraph, and an equality; or all of a line, and goes on in the next one that is, or
    from one."""
    before, behind = text[:m.start()].rstrip(" \t"), text[m.end():].lstrip(" \t.,;")
    own = (not before or before[-1] == "\n") and (not behind.strip() or behind[0] == "\n")
    if own and (CHAINED.match(text, m.start()) or CHAINED.match(behind, 1)):
        return True
    return before.endswith("\n\n") and (behind.startswith("\n\n") or not behind.strip()) and "=" in m[0]


def _note(out: Sheet, kind: str, text: str, number: int) -> None:
    """A comment that matcalc itself wrote above a display."""
    if kind == "given":
        out.declared(text)
    elif kind == "layout":
        out.laid_out(text)
    elif kind == "assume":
        out.facts.assume(text, len(out.rows))
    else:
        name, _, body = text.partition(" = ")
        out.defined(name.strip(), body.strip(), number)


def _balanced(text: str) -> None:
    """What is opened is closed; the error stands where it was opened."""
    opened: list[tuple[str, int]] = []
    for m in re.finditer(r"\\(begin|end)\{([A-Za-z]+\*?)\}", text):
        if m[1] == "begin":
            opened.append((m[2], m.start()))
        elif not opened or opened[-1][0] != m[2]:
            raise misread(text, m.start(), f"\\end{{{m[2]}}} has no \\begin before it")
        else:
            opened.pop()
    if opened:
        raise misread(text, opened[-1][1], f"\\begin{{{opened[-1][0]}}} is not ended", f"write \\end{{{opened[-1][0]}}}")
    bare = re.sub(r"```.*?```|~~~.*?~~~", lambda m: " " * len(m[0]), text, flags=re.S)
    dollars = [m.start() for m in re.finditer(r"(?<!\\)\$\$", bare)]
    if len(dollars) % 2:
        raise misread(text, dollars[-1], "$$ is not closed")
    fences = [m.start() for m in re.finditer(r"^[ \t]*(```|~~~)", text, re.M)]
    if len(fences) % 2:
        raise misread(text, fences[-1], "a fenced block is not closed")
