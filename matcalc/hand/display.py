"""Files: Markdown, LaTeX or plain lines; the displays in them, row by row."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..language.shape import InputError
from .sheet import FORMS, Sheet

ENVIRONMENT = r"(?:aligned|align|alignat|alignedat|gather|gathered|equation|split|eqnarray|multline|math|displaymath|dmath)\*?"
PIECE = re.compile(
    r"(?P<fence>^[ \t]*(?P<tick>```+|~~~+)[ \t]*(?P<word>[\w.+-]*)[^\n]*\n(?P<code>.*?)^[ \t]*(?P=tick)[ \t]*$)"
    r"|(?P<display>\$\$(?P<dollars>.*?)\$\$|\\\[(?P<square>.*?)\\\]"
    r"|\\begin\{(?P<name>" + ENVIRONMENT + r")\}(?P<rows>.*?)\\end\{(?P=name)\})"
    r"|(?<![\\$])\$(?P<inline>[^$\n]+)\$|\\\((?P<round>[^\n]*?)\\\)"
    r"|^[ \t]*%[ \t]*(?P<kind>given|where|assume|layout):(?P<note>[^\n]*)$", re.S | re.M)
MARKUP = re.compile(r"\$|\\(?:begin|end)\{|\\\[|\\\(|^[ \t]*(```|~~~)|\\frac|\\top|\\mathrm", re.M)
READABLE = ("", "mc", "matcalc", "text", "txt", "math", "latex", "tex")
WRAPPERS = re.compile(r"\\(?:begin|end)\{" + ENVIRONMENT + r"\}(?:\{\d+\})?")
REASON = re.compile(r"(?:&|\\quad|\\qquad|\\,|\s)*\\(?:text|mbox|textrm|intertext|textit)\s*\{(?:[^{}]|\{[^{}]*\})*\}[\s.,;]*$")
DROPPED = re.compile(r"\\(?:label|tag\*?|vspace|hspace)\{[^{}]*\}|\\(?:nonumber|notag|displaystyle|smallskip|medskip)(?![a-zA-Z])")
EQUAL = re.compile(r"(?:\\coloneqq|\\equiv|\\triangleq|:?=)")
UNEQUAL = re.compile(r"\\(?:approx|propto|leq?|geq?|neq?|sim|simeq|Rightarrow|implies|iff|to)(?![a-zA-Z])|[<>]")
WORDS = re.compile(r"\s*(?:is|be|are|being)?\s*(symmetric|skew|spd|diagonal|orthogonal|positive|simplex)\b(?! definite)")


def sheet(text: str) -> Sheet:
    """What a file says, whatever it is written in."""
    text = text.removeprefix("\ufeff").replace("\r\n", "\n")
    out = Sheet()
    out.lines = text.split("\n")
    if "\0" in text:
        at = text.index("\0")
        raise _at(text, at, "a NUL byte: this is no text file")
    if MARKUP.search(text):
        _marked_up(out, text)
    else:
        if not re.search(r"[=*'/()^]", text) and text.strip():
            raise InputError("there is no equality in this file", hint=FORMS)
        out.plain(text)
    if sum(1 for r in out.rows if r.left != "") < 1:
        raise InputError("nothing to check: fewer than two lines", hint=FORMS)
    return out


def _marked_up(out: Sheet, text: str) -> None:
    """Fenced blocks, displays and the mathematics in sentences, in the order of the file."""
    _balanced(text)
    label = ""
    layout = re.search(r"\b(denominator|numerator|mixed) layout", text)
    if layout:
        out.layout = layout[1]
    for m in PIECE.finditer(text):
        number = text.count("\n", 0, m.start()) + 1
        if m["fence"] is not None:
            if m["word"] in READABLE:
                start = text.count("\n", 0, m.start("code")) + 1
                if m["word"] in ("math", "latex", "tex"):
                    out.tex(m["code"], start)
                else:
                    out.plain(m["code"], start)
        elif m["display"] is not None:
            which = next(k for k in ("dollars", "square", "rows") if m[k] is not None)
            out.tex(m[which], text.count("\n", 0, m.start(which)) + 1)
        elif m["note"] is not None:
            _note(out, m["kind"], m["note"].strip(), number)
        else:
            which = "inline" if m["inline"] is not None else "round"
            start = text.rfind("\n", 0, m.start()) + 1
            head = re.match(r"\W*(?:textbf\{)?(\w+)", text[start:m.start()])
            label = head[1].lower() if head else label
            word = WORDS.match(text, m.end())
            out.inline(m[which], number, label.startswith("assum"), word[1] if word else "")


def _note(out: Sheet, kind: str, text: str, number: int) -> None:
    """A comment that matcalc itself wrote above a display."""
    if kind == "given":
        out.declared(text)
    elif kind == "layout":
        out.layout = text
    elif kind == "assume":
        out.assume.append(text)
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
            raise _at(text, m.start(), f"\\end{{{m[2]}}} ends what was not begun")
        else:
            opened.pop()
    if opened:
        raise _at(text, opened[-1][1], f"\\begin{{{opened[-1][0]}}} is not ended", f"write \\end{{{opened[-1][0]}}}")
    bare = re.sub(r"```.*?```|~~~.*?~~~", lambda m: " " * len(m[0]), text, flags=re.S)
    dollars = [m.start() for m in re.finditer(r"(?<!\\)\$\$", bare)]
    if len(dollars) % 2:
        raise _at(text, dollars[-1], "$$ is opened and not closed")
    fences = [m.start() for m in re.finditer(r"^[ \t]*(```|~~~)", text, re.M)]
    if len(fences) % 2:
        raise _at(text, fences[-1], "a fenced block is opened and not closed")


def _at(text: str, at: int, message: str, hint: str | None = None) -> InputError:
    first = text.rfind("\n", 0, at) + 1
    last = text.find("\n", at)
    shown = text[first:last if last >= 0 else None].replace("\0", "\N{REPLACEMENT CHARACTER}")
    return InputError(message, text.count("\n", 0, at) + 1, at - first + 1, shown, hint)


def rows(text: str, first: int) -> Iterator[tuple[int, list[tuple[str, int]], str, bool]]:
    """(line, [(side, its line)], what is written, whether it goes on from the row above)."""
    text = WRAPPERS.sub(lambda m: " " * len(m[0]), text)
    waiting: tuple[int, list[tuple[str, int]], str, bool] | None = None
    for found in re.finditer(r"(?P<row>.*?)(?:\\\\(?:\[[^\]]*\])?|\Z)", text, re.S):
        raw = found["row"]
        number = first + text.count("\n", 0, found.start() + len(raw) - len(raw.lstrip()))
        line = re.sub(r"(?<!\\)%[^\n]*", "", DROPPED.sub(" ", raw))
        line = REASON.sub("", line.split("&&")[0] if line.lstrip(" &\n") and line.split("&&")[0].strip() else line)
        line = line.replace("{}", " ").strip().rstrip(".,;").strip()
        if not line.strip("& "):
            continue
        bad = UNEQUAL.search(line) if not re.search(r"\\in(?![a-zA-Z])|:\s*\\mathbb", line) else None
        if bad:
            raise InputError(f"{bad[0]} is no equality", number, bad.start() + 1, line.replace("\n", " "))
        sides = EQUAL.split(line)
        shown = " ".join(line.replace("&", " ").split())
        if len(sides) == 1:
            if waiting is not None and not re.search(r"\\in(?![a-zA-Z])", line):
                side, where = waiting[1][-1]
                waiting[1][-1] = (f"{side} {line}", where)
                waiting = (waiting[0], waiting[1], f"{waiting[2]} {shown}", waiting[3])
                continue
        if waiting is not None:
            yield waiting
        goes_on = len(sides) > 1 and not sides[0].replace("&", "").strip()
        kept = sides[1:] if goes_on else sides
        empty = next((s for s in kept if not s.replace("&", "").replace("{}", "").strip()), None)
        if empty is not None:
            raise InputError("a side of this equality is missing", number, max(len(shown), 1), shown)
        waiting = (number, [(s, number) for s in kept], shown, goes_on)
    if waiting is not None:
        yield waiting
