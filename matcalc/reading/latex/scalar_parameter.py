"""The scalar that everything in a text depends on, such as t in dA/dt: derivatives with respect to it are read as differentials."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import chain

from .cursor import STYLES
from .macros import group
from .tokens import Tokens

SIGNS = frozenset((r"\partial", "d", r"\dd"))
D = r"(?:\\partial|\\dd|d)"
NAME = r"(?:\\[A-Z][A-Za-z]*|[A-Z])"
NUMBER = rf"(?!{D} )(?:\\[a-z]+|[a-z])(?:_[ijkmp])?"
CHANGING = re.compile(rf" \{{ {D} (?P<f>\S+)(?: \( (?P<at>\S+) \))? \}} \{{ {D} (?P<by>{NUMBER})(?= )|"
                      rf"(?<= )(?P<of>{NAME}) \( (?P<t>{NUMBER})(?= \) )")
LISTED = re.compile(rf" (?:(?:,|{NUMBER}|{NAME}) )+(?=\\in )")
BEFORE = r"(?:\\det|\\tr|tr|\||\\lvert|\\vert)"
BEGINS = r"(?:^| (?:\\\\|[,;}]|\\q?quad))"


def parameter(pieces: Sequence[Tokens]) -> str:
    """The number t of dA/dt, or of A(t) and dA, where A is a name with which something is done that a matrix has, the text defines nothing
    by t, and t stands nowhere else. Empty where there is none."""
    texts = [f" {' '.join(_bare(source))} " for source in pieces]

    def said(pattern: str) -> bool:
        return any(re.search(pattern, text) for text in texts)
    if said(r" \\(?:mapsto|to) "):
        return ""
    found = dict[str, set[str]]()
    for m in chain.from_iterable(map(CHANGING.finditer, texts)):
        if m["f"] and m["at"] in (None, m["by"]) or m["of"] and said(rf" {D} {re.escape(m['of'])} "):
            found.setdefault(m["by"] or m["t"], set()).add(m["f"] or m["of"])
    for t, names in found.items():
        by = re.escape(t)
        matrices = "|".join(re.escape(name) for name in names if re.fullmatch(NAME, name))
        depends = re.compile(rf"(?:/|\}} \{{) {D} {by}(?= )|{NAME} \( {by}(?= \) )|(?:\\mid|\||;) {by}(?= [),\]] )|"
                             rf"^ {by} $| {by}(?= \\in )")
        alone = any(f" {t} " in depends.sub("", text[listed.end() - 1 if (listed := LISTED.match(text)) else 0:]) for text in texts)
        matrix = matrices and said(rf" (?:{matrices}) (?:\^|\( {by} \)) | {BEFORE} (?:\( |\\?\{{ )?(?:{matrices}) ")
        if matrix and not alone and not said(rf"{BEGINS} \S+ \( {by} \) [=:] "):
            return t.lstrip("\\")
    return ""


def _bare(source: Tokens) -> list[str]:
    """The tokens without styles, and without the braces of a style."""
    out: list[str] = []
    k = 0
    while k < len(source):
        token = source[k][0]
        if token in (r"\begin", r"\end", r"\label", r"\tag"):
            k = group(source, k + 1)[1]
            continue
        if token in STYLES:
            part, k = group(source, k + 1)
            word = [t for t, _ in part]
            out += ["".join(word)] if token in (r"\mathrm", r"\operatorname") and word[:1] != ["\\"] else [] if token == r"\text" else word
            continue
        below = group(source, k + 1)[0] if token == "_" and k + 1 < len(source) and out[-2:-1] and out[-2] in SIGNS else []
        if len(below) == 1 and re.fullmatch(NUMBER, f"{out[-1]}_{below[0][0]}"):        # \partial\theta_i
            out[-1] += f"_{below[0][0]}"
            k = group(source, k + 1)[1]
            continue
        if token not in (r"\left", r"\right", r"\!", r"\,", "&"):
            out.append(token)
        k += 1
    return out
