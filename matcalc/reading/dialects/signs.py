"""The signs of every dialect: text to signs that have one spelling each, with their places.

A sign is a token of the language, or one of: `^^2` and `^^-T` (raised), `_2` (lowered), `"fro` (a quoted word), `‖` `|` (bars),
`𝟏` `𝟎`, `√`, `∂`, `∇`, `∑`, `@`, `\\\\`, `**`, `⟨` `⟩`, `[` `]` `{` `}`, `.` before a method, `\\\\frac`.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from ...language.operations import LATEX
from ..tokens import GREEK, SIGNS
from ...records import Record


class Sign(Record):
    """A sign, where it begins and ends, and whether a blank stands before it."""

    text: str
    start: int
    end: int
    gap: bool = False


LETTER = "A-Za-z_\u0370-\u03ff\u00b5\u210e\u2113\U0001d400-\U0001d7cb"
RAISED = dict(zip("⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁽⁾ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻᵀ", "0123456789+-()abcdefghijklmnoprstuvwxyzT", strict=True))
LOWERED = dict(zip("₀₁₂₃₄₅₆₇₈₉₌ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓ", "0123456789=aehijklmnoprstuvx", strict=True))
HALVES = {"½": ("1", "2"), "⅓": ("1", "3"), "⅔": ("2", "3"), "¼": ("1", "4"), "¾": ("3", "4"), "⅕": ("1", "5"), "⅙": ("1", "6"),
          "⅛": ("1", "8")}
SIGN = re.compile(
    rf"(?P<name>[{LETTER}][{LETTER}0-9]*)"
    r"|(?P<number>[0-9]+(?:\.(?![*/^'A-DF-Za-df-z])[0-9]*)?(?:[eE][+-]?[0-9]+)?|\.[0-9]+(?:[eE][+-]?[0-9]+)?)"
    rf"|(?P<raised>[{''.join(RAISED)}]+)|(?P<lowered>[{''.join(LOWERED)}]+)|(?P<tex>\\[A-Za-z]+\*?|\\[|{{}},;:! ])"
    r"|(?P<other>\.[*/^]|==|:=|->|\*\*|\|\||\S)")
QUOTED = re.compile(r"'([a-zA-Z][a-zA-Z,> -]*)'|\"([a-zA-Z][a-zA-Z,> -]*)\"")
SAME = {**SIGNS, ":=": "=", "·": "·", "⋅": "·", "∙": "·", "•": "·", "⊤": "^^T", "⊺": "^^T", "⊘": "./", "⨂": "⊗", "∗": "*", "‖": "‖",
        "∥": "‖", "||": "‖", "∣": "|", "∑": "∑", "𝟙": "𝟏",
        "“": '"', "”": '"', "„": '"', "ᵗ": "^^T", "➔": "->", "⟶": "->", "∕": "/", "÷": "/", "〈": "⟨", "〉": "⟩"}
# LaTeX: a command is a sign under another name; Greek letters are the names they are called by.
TEX = {r"\top": "⊤", r"\intercal": "⊤", r"\|": "‖", r"\lVert": "‖", r"\rVert": "‖", r"\Vert": "‖", r"\lvert": "|", r"\rvert": "|",
       r"\vert": "|", r"\cdot": "·", r"\bullet": "·", r"\times": "*", r"\ast": "*", r"\odot": ".*", r"\circ": "∘",
       r"\oslash": "./", r"\otimes": "⊗",
       r"\partial": "∂", r"\nabla": "∇", r"\{": "(", r"\}": ")", r"\lbrace": "(", r"\rbrace": ")", r"\langle": "⟨", r"\rangle": "⟩",
       r"\frac": r"\frac", r"\tfrac": r"\frac", r"\dfrac": r"\frac", r"\sqrt": "√", r"\prime": "'",
       r"\colon": ":", r"\sum": "∑", r"\in": "in",
       r"\to": "->", r"\rightarrow": "->", r"\varepsilon": "epsilon", r"\vartheta": "theta", r"\varphi": "phi", r"\ell": "ell"}
TEX |= {"\\" + word: word for word in GREEK.values()}
FUNCTIONS = ("ln", "max", *(name for name, word in LATEX.items() if word == "\\" + name and word not in TEX))
TEX |= {"\\" + word: word for word in FUNCTIONS}
STYLES = frozenset((r"\mathrm", r"\mathit", r"\mathbf", r"\boldsymbol", r"\bm", r"\mathsf", r"\text", r"\textbf", r"\textrm", r"\vec",
                    r"\operatorname", r"\operatorname*", r"\mathop", r"\mathnormal", r"\symbf", r"\mathbb"))
NOTHING = frozenset((r"\left", r"\right", r"\,", r"\;", r"\:", r"\!", "\\ ", r"\quad", r"\qquad", r"\big", r"\Big", r"\bigl", r"\bigr",
                     r"\Bigl", r"\Bigr", r"\bigg", r"\Bigg", r"\biggl", r"\biggr", r"\displaystyle", r"\limits", r"\rm", r"\bf"))


BOLD = frozenset((r"\mathbf", r"\boldsymbol", r"\bm", r"\symbf"))
ACCENTS = {r"\hat": "hat", r"\bar": "bar", r"\tilde": "tilde", r"\widehat": "hat", r"\overline": "bar", r"\widetilde": "tilde"}
ACCENTED = re.compile(r"\s*\{?\s*(?:([A-Za-z])|(\\[A-Za-z]+))\s*\}?")
DISPLAYED = {r"\(": r"\)", r"\[": r"\]"}


def bounds(text: str, start: int, end: int) -> tuple[int, int]:
    """What stands between \\( and \\), where a line does."""
    inner = text[start:end].strip()
    if DISPLAYED.get(inner[:2]) != inner[-2:]:
        return start, end
    return text.index(inner, start) + 2, text.index(inner, start) + len(inner) - 2


def is_tex(text: str) -> bool:
    """Whether commands of LaTeX stand here: `A\\b` is MATLAB's."""
    if "\\" not in text:
        return "$" in text
    known = (TEX, STYLES, NOTHING, ACCENTS)
    if "$" in text or DISPLAYED.get(text.strip()[:2]) == text.strip()[-2:] or re.search(r"\\[A-Za-z]+\s*\{", text):
        return True
    return any(
        any(m[0] in words for words in known) for m in re.finditer(r"\\[A-Za-z]+\*?|\\[|{},;:!]", text))


@lru_cache(512)
def signs(text: str, start: int = 0, end: int | None = None) -> tuple[Sign, ...]:
    """The signs of a text.

    >>> [s.text for s in signs("Σ⁻¹ x₁ − ½‖w‖₂²")]
    ['Sigma', '^^-1', 'x1', '-', '½', '‖', 'w', '‖', '_2', '^^2']
    """
    end = len(text) if end is None else end
    out: list[Sign] = []
    i, gap, tex = start, False, is_tex(text[start:end])
    if tex:
        i, end = bounds(text, start, end)
    while i < end:
        if text[i].isspace():
            i, gap = i + 1, True
            continue
        quoted = QUOTED.match(text, i, end) if out and out[-1].text in ("(", ",", "=") else None
        if quoted:
            out.append(Sign('"' + (quoted[1] or quoted[2]), i, quoted.end(), gap))
            i, gap = quoted.end(), False
            continue
        m = SIGN.match(text, i, end)
        assert m is not None
        i = _sign(m, gap, tex, out)
        gap = False
    return tuple(out)


def _sign(m: re.Match[str], gap: bool, tex: bool, out: list[Sign]) -> int:
    """Add one sign; where the next one begins."""
    kind, found, start, end = m.lastgroup, m[0], m.start(), m.end()
    if tex and kind == "name" and "_" in found[1:-2] and (below := found.index("_", 1) + 2) < len(found):      # x_ix_j
        found, end = found[:below], start + below
    if kind == "tex" and not tex:
        kind, found, end = "other", "\\", start + 1
    if tex and (grid := _matrix(m, out)) is not None:
        out.append(Sign(grid[0], start, grid[1], gap))
        return grid[1]
    if kind == "tex":
        if found in STYLES:
            word = re.compile(r"\s*(?:\{\s*([A-Za-z]+|[01])\s*\}|([01])(?![0-9.]))").match(m.string, end, m.endpos)
            if word is None:
                return end
            bold = found in BOLD
            found, end = word[1] or word[2], word.end()
            kind, found = ("other", "𝟏" if found == "1" else "𝟎") if found in "01" else ("name", "𝐞" if found == "e" and bold else found)
        elif found in NOTHING:
            return end
        elif found in ACCENTS and (word := ACCENTED.match(m.string, end, m.endpos)) and (word[1] or word[2] in TEX):
            kind, found, end = "name", f"{word[1] or TEX[word[2]]}_{ACCENTS[found]}", word.end()
        elif found in TEX:
            found = TEX[found]
            kind = "name" if found[0].isalpha() and found != "in" else "other"
    elif found == "$" and tex:
        return end
    if kind == "raised":
        found = "^^" + "".join(RAISED[c] for c in found)
    elif kind == "lowered":
        found = "_" + "".join(LOWERED[c] for c in found)
    elif kind == "name":
        unit = "𝐞" if found[0] == "𝐞" and found[1:2] in ("", "_") else ""
        found = unit + "".join(GREEK.get(c, c) for c in unicodedata.normalize("NFKC", found[len(unit):]))
    elif kind == "other":
        found = SAME.get(found, found)
    before = out[-1] if out else None
    if kind == "name" and before is not None and before.text == "d" and before.end - before.start > 1 and m[0][1:] not in FUNCTIONS \
            and not m[0].startswith((r"\operatorname", r"\mathrm", r"\text")):
        out[-1] = Sign("d" + found, before.start, end, before.gap)      # \\mathrm{d}X
        return end
    if found[0] == "_" and before is not None and not gap and is_letter(before.text):
        word = re.compile(r"\{\s*([A-Za-z0-9]+)\s*\}").match(m.string, end, m.endpos) if found == "_" else None
        if word is not None:
            found, end = "_" + word[1], word.end()
        out[-1] = Sign(before.text + (found[1:] if kind == "lowered" and found[1:].isdigit() else found), before.start, end, before.gap)
        return end
    if kind == "name" and found[-1] == "_" and (word := re.compile(r"\{\s*([A-Za-z0-9]+)\s*\}").match(m.string, end, m.endpos)):
        found, end = found + word[1], word.end()
    out.append(Sign(found, start, end, gap))
    return end


MATRIX = re.compile(r"\\(begin|end)\s*\{\s*[bp]?matrix\s*\}")


def _matrix(m: re.Match[str], out: list[Sign]) -> tuple[str, int] | None:
    """The signs of a matrix in LaTeX, and where they end: its begin and end are brackets, & is a comma, \\\\ a semicolon."""
    word = MATRIX.match(m.string, m.start(), m.endpos)
    if word is not None:
        return ("[" if word[1] == "begin" else "]", word.end())
    sides = [s.text for s in out if m.string.startswith((r"\begin", r"\end"), s.start)]
    if sides.count("[") > sides.count("]"):
        if m[0] == "&":
            return ",", m.end()
        if m.string.startswith("\\\\", m.start()):
            return ";", m.start() + 2
    return None


def is_letter(text: str) -> bool:
    """Whether a sign is a name."""
    return text[:1].isalpha() or text[:1] == "_"


def is_number(text: str) -> bool:
    """Whether a sign is a number."""
    return text != "" and (text[0] in "0123456789" or (text[0] == "." and text[1:2].isdigit()))
