"""Where dialects come in: a line that is not in the language is translated into it.

A dialect is a row: a name, whether a line may be in it, and how it is read. To read is to give the tokens of the language, each with the
place in the text it was read from; all that comes after works on those, and carets point into what was typed. The plain language is
tried before, so no line pays for dialects that does not need them, and no line of the language can change its meaning.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from .context import Context
from ..grammar.kinds import kind
from .combined import Unreadable
from .pieces import Piece, two_axes
from ...language.shape import SCALAR, InputError, Shape
from .respelled import of_arrays, of_sympy, respelled
from ..grammar.lexer import Sign, signs
from ..grammar.spellings import MODULES
from ..grammar.brackets import CLOSES, closing
from .formulas import Spoken
from ..grammar.syntax_errors import HINTS
from ..grammar.tokens import ANNOUNCING, BESIDE, GREEK_NAMES, Line, Token, is_name
from ...records import Record
from ..latex import commands
from . import latex_lines
from .fitting import of_sides, with_bars
from ...patterns import pattern


BELOW = pattern(r"\b[Ss]um_(?![A-Za-z]{3,}\w*\()|(?:\bSigma|Σ)(?:_[ijkl{]|[ᵢⱼₖₗ])|\)_[ijkl]\b")
BY_ENTRY = r"/ ?[d∂]\(? ?([A-Za-z]+)(?:_\{?([ijkl]{1,2})\b|[ᵢⱼₖₗ])"
PLACED = pattern(r"\b([A-Za-z]\w*)\(([ijkl](?:, ?[ijkl])?)\)")
TWICE = pattern(r"(\[[ijkl])\]\[([ijkl]\])")
NAMES = r"\w+(?:\s*,\s*\w+)*\s*"
FUNCTION = pattern(rf"\s*(?:\w+\s*[=:]\s*)?(?:lambda\s+{NAMES}:|@\s*\(\s*{NAMES}\)|(?:\w+|\(\s*{NAMES}\))\s*(?:->|[↦→]|\\mapsto))|"
                      rf"\s*(?:def\s+\w+\s*\(\s*{NAMES}\)\s*:\s*)?return\b")      # x -> .., lambda x: .., @(x) .., return ..
QUOTED = pattern(r"\s*(`+)([^`]*)\1\s*")         # as Markdown sets code
BOLD = pattern(r"\s*\*\*([^*]+)\*\*(\s*:)?")        # as Markdown has it: a label, **Loss:** .., or the head of a definition, **f(x)** = ..
TEXT = pattern(r"\\(?:text\w*|mbox|mathrm)\s*\{[^{}]*\}")
SPOKEN = pattern(rf"(?<=[\s$])(?:{'|'.join(sorted(ANNOUNCING))})(?=[\s$])")       # outside a formula
LONGEST = 30_000    # characters; in the language itself a line may be longer


class Dialect(Record):
    """A way to write mathematics."""

    name: str
    found: Callable[[Line], bool]
    read: Callable[[Line, Context], tuple[Token, ...]]


def is_tex(line: Line) -> bool:
    """Whether a line is LaTeX's, or has a sum over an index as LaTeX writes it: ∑ᵢ xᵢ, sum_i x_i."""
    text = line.shown
    if text.count("$") % 2 and "\\" not in text:       # R's det$modulus, and no pair of dollars
        return False
    if any(sign in text for sign in ("$", "∑", "•", "{}^", "{:}")) or BELOW.search(text) is not None:
        return True
    return "\\" in text and commands.is_tex(text)


def is_numpy(line: Line) -> bool:
    """Whether a line is NumPy's: @, .T, a library's prefix, a method or a keyword stands in it. On such a line * goes entry by entry."""
    found = [s.text for s in signs(line.text, line.start, line.end)]
    if of_sympy(found) and not of_arrays(found, MODULES):
        return False
    for k, text in enumerate(found):
        before, after = found[k - 1] if k else "", found[k + 1] if k + 1 < len(found) else ""
        called = after[:1].isalpha() and found[k + 2:k + 3] == ["("] and before != "@"
        if text == "@" and k or (text == "." and (after in ("T", "mT") or before in MODULES or called)):
            return True
        if text in ("axis", "dim", "keepdims", "keepdim") and after == "=":
            return True
        if text in ("None", "newaxis") and "[" in found:
            return True
    return False


def is_only_numpy(line: Line) -> bool:
    """Whether a line is NumPy's and cannot be SymPy's, where * may be the matrix product."""
    return of_arrays([s.text for s in signs(line.text, line.start, line.end)], MODULES)


def reader(numpy: bool = False) -> Callable[[Line, Context], tuple[Token, ...]]:
    """A reader of expressions and equations."""
    def read(line: Line, around: Context) -> tuple[Token, ...]:
        def respell(found: Sequence[Sign]) -> Sequence[Sign]:
            return respelled(found, around.knows, lambda name: Spoken(line, (), around, False).function(name),
                             lambda name: is_name(name) and kind(around.shape(name)) == "column")
        raw: Sequence[Sign] = signs(line.text, line.start, line.end)
        found = raw if numpy else respell(raw)
        found = member(found) if around.defines else found
        k = 0 if around.equation else head(found)
        if around.defines and not k:
            raise Unreadable(line.start)
        if around.equation and not any(s.text in ("=", "==") for s in found):
            return Spoken(line, found, around, numpy).whole().tokens
        if not around.equation:
            value = k > 0 and not around.knows(found[0].text) and all(a.text != found[0].text for a in found[k + 1:])
            spoken = Spoken(line, found[k + 1:] if value or around.defines else found, around, numpy)
            spoken.movers += [s.text for s in found[2:max(k - 1, 0):2]]         # the x of f(x) = ..
            named = [(text, s.start, s.end) for text, s in ((found[0].text, found[0]), ("=", found[k]))] if around.defines else []
            return (*named, *spoken.whole().tokens)
        spoken = Spoken(line, found, around, numpy)
        apart = of_sides(spoken, raw, respell, lambda side: is_numpy(Line(line.text, line.number, side[0].start, side[-1].end)))
        if apart is not None:
            return (*apart[0].tokens, ("==", apart[1].start, apart[1].end), *apart[2].tokens)
        left = spoken.sum()
        sign = spoken.sign()
        if sign.text not in ("=", "=="):
            raise spoken.unread()
        spoken.i += 1
        return (*left.tokens, ("==", sign.start, sign.end), *spoken.whole().tokens)
    return read


def in_latex(line: Line, around: Context) -> tuple[Token, ...]:
    """A line of LaTeX; below a sum of plain letters x(i) and A[i][j] are entries as well."""
    asked_back(line)
    spoken = SPOKEN.search(TEXT.sub(lambda m: "." * len(m[0]), line.text), line.start, line.end) if "\\" in line.text else None
    if spoken is not None:
        raise line.error_at(f"{spoken[0]} is no product of letters", spoken.start(), BEHIND)
    if "\\" not in line.text:
        def entry(m: re.Match[str]) -> str:
            vector = around.has(m[1]) and around.shape(m[1]) != SCALAR
            return f"{m[1]}[{m[2]}]" if vector else m[0]
        text = PLACED.sub(entry, TWICE.sub(r"\1, \2", line.text))
        line = Line(text, line.number, line.start, line.end)
    return latex_lines.read(line, around)


def asked_back(line: Line) -> None:
    """S\\mu with nothing else of LaTeX on the line: the product, or MATLAB's division from the left."""
    text = line.shown
    commands = list(re.finditer(r"\\(?:[A-Za-z]+|.)", text))
    before = [text[m.start() - 1:m.start()] for m in commands]
    other = "$" in text or "{" in text or "^T" in text or any(m[0][1:] not in GREEK_NAMES for m in commands)
    if other or not commands or not all(c and (c in ")'" or c.isalpha()) for c in before):
        return
    first = commands[0]
    raise line.error_at(f"{text.strip()} has two readings: in LaTeX a product with {first[0][1:]}, and in MATLAB a division from the left",
                        line.start + first.start(), "write a blank before the command, or * or inv(..)*")


DIALECTS: tuple[Dialect, ...] = (
    Dialect("LaTeX", is_tex, in_latex),
    Dialect("NumPy", is_numpy, reader(numpy=True)),
    Dialect("spoken", lambda line: True, reader()),      # the pages of matcalc, MATLAB, everyday names
)

COMPARISONS = frozenset("<>≤≥≠⪰⪯≻≺")
UNJUDGED = ("only equations can be judged here, not an inequality",
            "lhs == rhs; what is positive is declared: x in R^n positive, S in R^(n,n) spd")
CONSTRAINT = pattern(r"\bs\.\s?t\.|\bsubject\s+to\b|\bsuch\s+that\b")
MULTIPLIER = "add it with a multiplier: f + l'*(C*x - d)"
BEHIND = "a definition or a declaration follows the word where"
ONE = "one function is differentiated: leave out what stands before the ="
UNREAD = ("an inequality cannot be read", "max(x, 0) is relu(x), and 1 where x > 0 and 0 elsewhere is step(x)")


def read(line: Line, around: Context, error: InputError | None) -> Line:
    """The line as its dialect reads it; where none does, what the language said of it, or what stopped the dialect further on."""
    if line.end - line.start > LONGEST:
        if error is None:
            return line
        error.hint = error.hint or f"in this notation at most {LONGEST} characters can be read: name parts of the formula"
        raise error
    own = FUNCTION.match(line.text, line.start, line.end) if not (around.equation or around.defines) else None
    words = re.findall(r"\w+", own[0]) if own is not None else []
    if own is not None and words[0] == "lambda" and around.knows("lambda") and not any(t in line.text[own.end():] for t in words[1:]):
        own = None          # lambda A : B
    beside = BESIDE.search(line.text, line.start, line.end)
    begins, ends = own.end() if own else line.start, beside.start() if beside else line.end
    bold, shown = BOLD.match(line.text, begins, ends), line.text
    if bold is not None:
        begins = bold.end() if ":" in (bold[1][-1], bold[2]) else begins
        shown = shown[:bold.start()] + bold[0].replace("**", "  ") + shown[bold.end():]
    quoted = QUOTED.fullmatch(shown, begins, ends)
    begins, ends = quoted.span(2) if quoted else (begins, ends)
    inner = line if (begins, ends, bold) == (line.start, line.end, None) else Line(shown, line.number, begins, ends)
    dialect = next(d for d in DIALECTS if d.found(inner))
    by = re.search(BY_ENTRY, line.shown) if dialect.name == "spoken" else None
    if by is not None and f"{by[1]}_{by[2]}" not in {*around.used, *around.scope.shapes, *around.defined}:       # df/dx_i
        dialect = DIALECTS[0]
    try:
        return line.reading(with_bars(dialect.read, inner, around))
    except Unreadable as stopped:
        if error is None:
            return line
        if (found := CONSTRAINT.search(line.text, line.start, line.end)) is not None:
            raise line.error_at(f"{found[0]} begins a constraint, which is not a part of a function", found.start(), MULTIPLIER) from None
        if (sign := compared(line)) is not None:
            said, hint = UNJUDGED if around.equation else UNREAD
            raise line.error_at(said, sign.start, hint) from None
        end = len(line.text[:line.end].rstrip())
        if error.column is not None and stopped.at > line.text[:stopped.at].rfind("\n") + error.column:
            if stopped.at >= end:
                opened = unclosed(line)
                raise line.error_at("unexpected end of the expression" if opened is None else "this bracket is not closed",
                                    end - 1 if opened is None else opened) from None
            sign = next((s for s in signs(line.text, line.start, line.end) if s.start <= stopped.at < s.end), None)
            text = sign.text if sign else line.text[stopped.at:]
            hint = BEHIND if text in (",", ";") else ONE if text == "=" and not around.equation else HINTS.get(text)
            raise line.error_at(f"{text} cannot stand here", stopped.at, hint) from None
        raise error from None
    except RecursionError:
        if error is None:
            return line
        raise error from None


def compared(line: Line) -> Sign | None:
    """The sign of an inequality."""
    found = signs(line.text, line.start, line.end)
    texts = [*(s.text for s in found), ""]
    return next((s for k, s in enumerate(found) if s.text in COMPARISONS or texts[k:k + 2] == ["!", "="]), None)


def unclosed(line: Line) -> int | None:
    """Where a bracket opens that nothing closes."""
    found = signs(line.text, line.start, line.end)
    texts = [s.text for s in found]
    return next((found[k].start for k in reversed(range(len(texts))) if texts[k] in CLOSES and closing(texts, k) == len(texts)), None)


def head(found: Sequence[Sign]) -> int:
    """How many signs stand before the = of a definition: z₁ = ..., f(x) = ...; 0 where this is none."""
    texts = [s.text for s in found]
    k = texts.index(")") + 1 if texts[1:2] == ["("] and ")" in texts else 1
    return k if texts[k:k + 1] == ["="] and is_name(texts[0]) and all(is_name(t) for t in texts[2:k - 1:2]) else 0


def arguments(line: Line, around: Context) -> tuple[str, ...]:
    """The names in the brackets of f(x) = ..."""
    if is_tex(line):
        return latex_lines.arguments(line, around)
    found = member(signs(line.text, line.start, line.end))
    return tuple(s.text for s in found[2:max(head(found) - 1, 0):2])


def variable(line: Line, around: Context) -> Line:
    """W₁ as W1, \\Sigma as Sigma."""
    if is_tex(line):
        return line.reading([(latex_lines.name(line, around), line.start, line.end)])
    return line.reading([(around.resolve(s.text), s.start, s.end) for s in member(signs(line.text, line.start, line.end))])


def member(found: Sequence[Sign]) -> Sequence[Sign]:
    """The signs of z{1} = .., where that is a name."""
    if [s.text for s in found[1:4:2]] != ["{", "}"]:
        return found
    return found[0]._replace(text=found[0].text + found[2].text, end=found[3].end), *found[4:]


def shape(line: Line, around: Context) -> Shape | None:
    """The shape of what stands behind the = of a definition, as far as that can be told."""
    if is_tex(line):
        return latex_lines.shape(line, around)
    found = body(line, around)
    return None if found is None else found.shape


def body(line: Line, around: Context) -> Piece | None:
    """What stands behind the = of a definition, as its dialect reads it."""
    found = member(signs(line.text, line.start, line.end))
    k = head(found)
    try:
        return Spoken(line, found[k + 1 if k else 0:], around, is_numpy(line)).whole()
    except (Unreadable, InputError):
        return None


def apart(line: Line, around: Context) -> bool:
    """Whether a definition is a vector that NumPy holds in two dimensions."""
    found = body(line, around) if is_numpy(line) else None
    return found is not None and found.kind in ("column", "row") and two_axes(found)
