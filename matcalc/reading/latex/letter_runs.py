"""Functions written without a backslash: the letters of tr(A X), side by side and before what they are applied to, are one word."""

from __future__ import annotations

from collections.abc import Iterable, Set
from functools import partial

from .macros import group, rewritten
from .letters import ALIASES, FUNCTIONS, NAMED, OPEN, REFUSED, UPRIGHT
from .cursor import STYLES
from .names import Names
from ..names import applied
from .tokens import GREEK, Token, Tokens

FRACTIONS = frozenset((r"\frac", r"\tfrac", r"\dfrac", r"\cfrac"))
ARGUMENTS = frozenset(("^", "_", r"\sqrt")) | FRACTIONS | STYLES
LONG = 3        # letters from which on a word is one without a bracket behind it


def numbered(pieces: Iterable[Tokens]) -> set[str]:
    """The names of a letter with a number right behind it, W1: where the letter stands by itself too, the number is one.

    >>> sorted(numbered([[("W", 0), ("1", 1), ("x", 3)], [("d", 0), ("W", 1), ("2", 2), ("x", 3), ("1", 4)]]))
    ['W1', 'W2']
    """
    found, alone = set[str](), set[str]()
    for source in pieces:
        for k, (token, at) in enumerate(source):
            if len(token) != 1 or not token.isalpha() or token == "d":
                continue
            behind = source[k + 1] if k + 1 < len(source) else ("", 0)
            before = ["", "", *(t for t, _ in source[max(k - 2, 0):k])]
            argument = before[-1] in ARGUMENTS or before[-2] in FRACTIONS and before[-1] != "{"         # x^T2, \frac N2, \frac1N2
            digits = behind[0].isdigit() and behind[1] == at + 1 and not argument
            (found if digits else alone).add(token + behind[0] if digits else token)
    return {name for name in found if name[0] not in alone}


def with_functions(source: Tokens, names: Names) -> list[Token]:
    """The tokens with every function that is spelled out in single letters as one word."""
    return rewritten(source, lambda i: _read_together(source, i, names))


def _read_together(source: Tokens, i: int, names: Names) -> tuple[Iterable[Token], int] | None:
    """The letters from a place on that are one word, in the style that says so, and what stands behind."""
    (token, at), behind = source[i], i + 1
    if token == r"\pi" and names.pi_of and source[behind:behind + 1] and source[behind][0] == "_":
        return [(r"\overrightarrow", at), ("{", at), (token, at), ("}", at)], behind
    if (whole := names.densities.get(GREEK.get(token.lstrip("\\"), token))) is not None:
        return [(f"\\{whole}" if len(whole) > 1 else whole, at), ("'", at)], behind
    if token in STYLES and behind < len(source) and source[behind][0] == "{":
        end = group(source, behind)[1]
        return source[i:end], end
    if not token.isalpha() or len(token) > 1:
        return None
    while behind < len(source) and source[behind][0].isalpha() and source[behind][1] == at + behind - i:
        behind += 1
    number = source[behind:behind + 1]
    if number and number[0][0].isdigit() and number[0][1] == at + behind - i:      # norm2, log1p, W1
        with_number = "".join(t for t, _ in source[i:behind]) + number[0][0]
        behind += names.known(with_number) or with_number in FUNCTIONS
        if source[behind - 1][0] + number[0][0] in names.words:
            letter = source[behind - 1]
            return [*source[i:behind - 1], (r"\mathrm", letter[1]), ("{", at), letter, number[0], ("}", at)], behind + 1
    word, next_one = "".join(t for t, _ in source[i:behind]), source[behind][0] if behind < len(source) else ""

    def styled(style: str, first: int = i) -> tuple[Iterable[Token], int]:
        return [*source[i:first], (style, source[first][1]), ("{", at), *source[first:behind], ("}", at)], behind
    known, letters = names.known(word), all(map(names.known, word))
    if word == "max" and next_one in OPEN and not known:
        return [(r"\max", at)], behind
    if word in names.words or len(word) > 1 and known and not letters:
        return styled(r"\mathrm")
    if not known and word in REFUSED and next_one == "[":       # E[x]
        return styled(r"\operatorname")
    if not known and (ends := _ends_in(word, source, behind, names)):          # xTr(A)
        return styled(r"\operatorname", behind - len(ends))
    if not known and not letters and (head := applied(word, names.known)):        # lnp
        return [(r"\operatorname", at), ("{", at), *source[i:i + len(head)], ("}", at)], i + len(head)
    named = names.asks or len(word) > LONG and word in UPRIGHT and next_one in OPEN
    if not known and not letters and _applied(word, source, behind, FUNCTIONS | NAMED if named else FUNCTIONS):
        return styled(r"\operatorname")
    return source[i:behind], behind


def _ends_in(word: str, source: Tokens, behind: int, names: Names) -> str:
    """The function that letters side by side end in, before a bracket; nothing where all of them are one."""
    if behind >= len(source) or source[behind][0] not in OPEN or word in FUNCTIONS or word in ALIASES or names.asks:
        return ""
    ends = (word[k:] for k in range(1, len(word) - 1))
    return next((end for end in ends if (end in FUNCTIONS or end in ALIASES) and not all(map(names.known, end))), "")


def _applied(word: str, source: Tokens, behind: int, functions: Set[str]) -> bool:
    """Whether a word is a function, and something that it can be applied to stands behind it."""
    if len(word) < 2 or word not in functions and word not in ALIASES or behind >= len(source):
        return False
    token, at = source[behind]
    apart = len(word) >= LONG or at > source[behind - 1][1] + 1
    return token in OPEN or apart and (token in ("^", "{", "|") or token.isalpha() or token.startswith("\\") and token[1:].isalpha())


def pointwise(sides: tuple[tuple[Token, ...], ...], names: Names) -> tuple[tuple[Token, ...], ...]:
    """\\sigma' = \\sigma(1 - \\sigma), an equality of functions, at a number t."""
    if len(sides) < 2 or len(sides[0]) not in (2, 4) or names.known("t"):
        return sides
    name = sides[0][0][0].removeprefix("\\")
    primed = "".join(t for t, _ in sides[0][1:]) in ("'", "^\\prime", "^{\\prime}")
    if not primed or names.known(name) or name != "sigma" and name not in FUNCTIONS:
        return sides

    def applied(side: Tokens, k: int) -> tuple[Iterable[Token], int] | None:
        token, at = side[k]
        if token.removeprefix("\\") != name:
            return None
        behind = side[k + 1:k + 2]
        prime = side[1:] if side is sides[0] else behind if [t for t, _ in behind] == ["'"] else ()
        return [("{", at), (token, at), *prime, ("(", at), ("t", at), (")", at), ("}", at)], k + 1 + len(prime)
    return tuple(tuple(rewritten(side, partial(applied, side))) for side in sides)
