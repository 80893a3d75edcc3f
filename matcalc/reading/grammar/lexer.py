"""The signs of every dialect: text to signs that have one spelling each, with their places.

A sign is a token of the language, or one of: `^^2` and `^^-T` (raised), `_2` (lowered), `"fro` (a quoted word), `‖` `|` (bars),
`𝟏` `𝟎`, `√`, `∂`, `∇`, `@`, `\\\\`, `**`, `⟨` `⟩`, `[` `]` `{` `}`, `.` before a method.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from .tokens import GREEK, LOWERED, MARKS, RAISED, SIGNS, is_name
from ...records import Record
from ...patterns import pattern


class Sign(Record):
    """A sign, where it begins and ends, and whether a blank stands before it."""

    text: str
    start: int
    end: int
    gap: bool = False


LETTER = "A-Za-z_\u0370-\u03ff\u00b5\u210e\u2113\U0001d400-\U0001d7cb"
ABOVE = "".join(MARKS)
SIGN = pattern(
    rf"(?P<accented>[{LETTER}][{ABOVE}]|[\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u017f\u1e00-\u1eff])"
    rf"|(?P<name>[{LETTER}](?:[{LETTER}0-9](?![{ABOVE}]))*)"
    r"|(?P<number>[0-9]+(?:\.(?![*/^'A-DF-Za-df-z])[0-9]*)?(?:[eE][+-]?[0-9]+)?|\.[0-9]+(?:[eE][+-]?[0-9]+)?)"
    rf"|(?P<raised>[{''.join(RAISED)}]+)|(?P<lowered>[{''.join(LOWERED)}]+)|(?P<other>\.[*/^]|\^%[TH]|==|:=|->|\*\*|\|\||∣∣|\S)")
QUOTED = pattern(r"'([a-zA-Z0-9.,][a-zA-Z0-9,.> -]*)'|\"([a-zA-Z0-9.,][a-zA-Z0-9,.> -]*)\"")
POSITIVE = pattern(r"(\+|\{\+\})(?![\w(])")         # x_+ is the positive part
SUBSCRIPT = pattern(r"\{\s*([A-Za-z0-9]+)\s*(?:([+-])\s*([A-Za-z0-9]+)\s*)?\}")
SAME = {**SIGNS, ":=": "=", "·": "·", "⋅": "·", "∙": "·", "•": "·", "⊤": "^^T", "⊺": "^^T", "⊘": "./", "⨂": "⊗", "∗": "*", "⨀": ".*",
        "≡": "==", "‖": "‖", "∥": "‖", "||": "‖", "∣∣": "‖", "ǁ": "‖", "∣": "|", "𝟙": "𝟏",
        "“": '"', "”": '"', "„": '"', "➔": "->", "⟶": "->", "∕": "/", "⁄": "/",
        "^%T": "^^T", "^%H": "^^T", "—": "-", "‐": "-", "‑": "-", "ᴴ": "^^T", "÷": "/", "〈": "⟨", "〉": "⟩"}
FULL = {chr(code + 0xfee0): SAME.get(chr(code), chr(code)) for code in range(0x21, 0x7f) if not chr(code).isalnum()}     # of full width


@lru_cache(512)
def signs(text: str, start: int = 0, end: int | None = None) -> tuple[Sign, ...]:
    """The signs of a text.

    >>> [s.text for s in signs("Σ⁻¹ x₁ − ½‖w‖₂²")]
    ['Sigma', '^^-1', 'x1', '-', '½', '‖', 'w', '‖', '_2', '^^2']
    """
    end = len(text) if end is None else end
    out: list[Sign] = []
    i, gap = start, False
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
        i = _sign(m, gap, out)
        gap = False
    return tuple(out)


def _sign(m: re.Match[str], gap: bool, out: list[Sign]) -> int:
    """Add one sign; where the next one begins."""
    kind, found, start, end = m.lastgroup, m[0], m.start(), m.end()
    part = kind == "name" and found[-1] == "_" and POSITIVE.match(m.string, end, m.endpos) is not None
    if kind == "raised":
        found = "^^" + "".join(RAISED[c] for c in found)
    elif kind == "lowered":
        found = "_" + "".join(LOWERED[c] for c in found)
    elif kind == "name":
        unit = "𝐞" if found[0] == "𝐞" and found[1:2] in ("", "_") else ""
        found = unit + "".join(GREEK.get(c, c) for c in unicodedata.normalize("NFKC", found[len(unit):]))
    elif kind == "accented":
        parts = unicodedata.normalize("NFD", found)
        found = GREEK.get(parts[0], parts[0]) + "_" + MARKS[parts[1]] if len(parts) == 2 and parts[1] in MARKS else found
    elif kind == "other":
        found = SAME.get(found) or FULL.get(found, found)
    before = out[-1] if out else None
    if found[0] == "_" and before is not None and not gap and is_name(before.text) and not part:
        word = SUBSCRIPT.match(m.string, end, m.endpos) if found == "_" else None
        if word is not None:
            found, end = "_" + stepped(word), word.end()
        out[-1] = Sign(before.text + (found[1:] if kind == "lowered" and found[1:].isdigit() else found), before.start, end, before.gap)
        return end
    if part and len(found) > 1:
        found, end = found[:-1], end - 1
    if kind == "name" and found[-1] == "_" and (word := SUBSCRIPT.match(m.string, end, m.endpos)):
        found, end = found + stepped(word), word.end()
    out.append(Sign(found, start, end, gap))
    return end


def stepped(found: re.Match[str]) -> str:
    """k+1 below as kp1, as LaTeX is read."""
    return found[1] + {"+": "p", "-": "m"}.get(found[2], "") + (found[3] or "")


def subscripted(text: str, whole: str = "") -> str:
    """A text with x_{k+1} as the name x_kp1, and Greek letters and letters under a hat or the like as the names that they are; a Greek
    letter before another one is a factor where it stands alone somewhere in the whole text.

    >>> subscripted("x_{k+1} = Xβ̂ + ŷ, dβ = 2λ")
    'x_kp1 = X beta_hat + y_hat, dbeta = 2 lambda'
    """
    def called(m: re.Match[str]) -> str:
        glued = re.search(r"(?<!\bd)(?<!_)(?<=\w)$", m.string[:m.start()][-2:])         # Xβ is a product, dβ is not
        letter = m[1] or m[3]
        ends = f"_{MARKS[m[2]]}" if m[2] else " " if m.string[m.end():m.end() + 1].isalpha() and m.string[m.end()] != "ᵀ" else ""
        return f"{' ' if glued else ''}{GREEK.get(letter, letter)}{ends}"

    apart = re.sub(r"[^\W\d_]", lambda m: d if (d := unicodedata.normalize("NFD", m[0]))[1:] in MARKS else m[0], text)
    factors = "".join(c for c in GREEK if c != "Δ" and c in text and re.search(rf"(?<![A-Za-zͰ-Ͽ]){c}(?![A-Za-zͰ-Ͽ])", whole))
    named = re.sub(rf"([^\W\d_])([{''.join(MARKS)}])|(?<!Δ)([{''.join(GREEK)}])(?<!Δ)(?:(?<=[ {factors}])|(?![A-Za-z]))", called, apart)
    return re.sub(r"(?<=_)" + SUBSCRIPT.pattern, stepped, named)


def is_number(text: str) -> bool:
    """Whether a sign is a number."""
    return text != "" and (text[0] in "0123456789" or (text[0] == "." and text[1:2].isdigit()))
