"""What the words beside a formula of a display say of its names: A \\text{ symmetric}, \\text{(for symmetric } A\\text{)}."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..reading.latex.macros import group
from ..reading.latex.names import Names
from ..reading.latex.tokens import GREEK, Tokens
from .structure_words import structure

LIMITING = frozenset(("if", "when", "for", "whenever", "provided", "unless"))      # what is said so counts from there on
COPULA = re.compile(r"\s*(?:(?:which|that) )?(?:is|are|be|being)?\s*(?:an? )?")


def remarks(source: Tokens, names: Names, text: str) -> Iterator[tuple[str, str, bool]]:
    """A name, what is said of it, and whether that counts from there on only."""
    limited = False
    for k, (token, _) in enumerate(source):
        if token != r"\text":
            continue
        part, behind = group(source, k + 1)
        said = text[part[0][1]:part[-1][1] + len(part[-1][0])] if part else ""
        words = re.findall(r"[a-z]+(?:-[a-z]+)*", said.lower())
        limited = bool(LIMITING & set(words)) or limited and not words
        name = _subject(source, k, behind, said, names)
        for word in structure(words) if name else ():
            if word not in ("constant", "scalar"):
                yield name, word, limited
        limited = bool(words) and words[-1] in LIMITING


def _subject(source: Tokens, k: int, behind: int, said: str, names: Names) -> str:
    """What the words at a place speak of: a name among them, before or behind them; nothing where that is not sure."""
    inside = [w for w in re.findall(r"(?<![A-Za-z])[A-Z](?![A-Za-z])", said) if names.known(w)]
    if inside:
        return inside[0] if len(inside) == 1 and not re.search(r"matri(?:x|ces)", said) else ""
    before = GREEK.get(source[k - 1][0].lstrip("\\"), source[k - 1][0]) if k else ""
    after = GREEK.get(source[behind][0].lstrip("\\"), source[behind][0]) if behind < len(source) else ""
    begins = structure(re.findall(r"[a-z]+", said[COPULA.match(said).end():].lower())[:1] or [""])     # type: ignore[union-attr]
    alone = k < 2 or _worded(source, k - 2) or not (source[k - 2][0].isalnum() or source[k - 2][0] in (")", "}", "^", "_", "]"))
    if begins and alone and names.known(before):
        return before
    return after if names.known(after) and not begins or names.known(after) and not alone else ""


def _worded(source: Tokens, k: int) -> bool:
    """Whether the brace here closes words."""
    while k > 0 and source[k][0] != "{":
        k -= 1
    return source[k - 1][0] == r"\text"
