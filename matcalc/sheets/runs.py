"""Functions written without a backslash: the letters of tr(A X), side by side and before what they are applied to, are one word."""

from __future__ import annotations

from .spelling import group
from .tape import ALIASES, FUNCTIONS, OPEN, STYLES
from .words import Names, Token, Tokens

LONG = 3        # letters from which on a word is one without a bracket behind it


def with_functions(source: Tokens, names: Names) -> list[Token]:
    """The tokens with every function that is spelled out in single letters as one word."""
    out: list[Token] = []
    i = 0
    while i < len(source):
        token, at = source[i]
        behind = i + 1
        if token in STYLES:
            behind = group(source, behind)[1]
            if i + 1 < len(source) and source[i + 1][0] == "{":
                out += source[i:behind]
                i = behind
                continue
            behind = i + 1
        elif token.isalpha() and len(token) == 1:
            while behind < len(source) and source[behind][0].isalpha() and source[behind][1] == at + behind - i:
                behind += 1
            word = "".join(t for t, _ in source[i:behind])
            if _applied(word, source, behind) and not names.known(word) and not all(names.known(c) for c in word):
                out += [(r"\operatorname", at), ("{", at), *source[i:behind], ("}", at)]
                i = behind
                continue
        out += source[i:behind]
        i = behind
    return out


def _applied(word: str, source: Tokens, behind: int) -> bool:
    """Whether a word is a function, and something that it can be applied to stands behind it."""
    if len(word) < 2 or word not in FUNCTIONS and word not in ALIASES or behind >= len(source):
        return False
    token = source[behind][0]
    return token in OPEN or len(word) >= LONG and (token.isalpha() or token.startswith("\\") and token[1:].isalpha() or token in ("^", "{"))
