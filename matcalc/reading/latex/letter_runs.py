"""Functions written without a backslash: the letters of tr(A X), side by side and before what they are applied to, are one word."""

from __future__ import annotations

from collections.abc import Iterable, Set

from .macros import group
from .letters import ALIASES, FUNCTIONS, NAMED, OPEN, REFUSED, UPRIGHT
from .cursor import STYLES
from .names import Names
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
    out: list[Token] = []
    i = 0
    while i < len(source):
        token, at = source[i]
        behind = i + 1
        if token == r"\pi" and names.pi_of and source[behind:behind + 1] and source[behind][0] == "_":
            out += [(r"\overrightarrow", at), ("{", at), (token, at), ("}", at)]
            i = behind
            continue
        if (whole := names.densities.get(GREEK.get(token.lstrip("\\"), token))) is not None:
            out += [(f"\\{whole}" if len(whole) > 1 else whole, at), ("'", at)]
            i = behind
            continue
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
            number = source[behind:behind + 1]
            if number and number[0][0].isdigit() and number[0][1] == at + behind - i:      # norm2, log1p, W1
                with_number = "".join(t for t, _ in source[i:behind]) + number[0][0]
                behind += names.known(with_number) or with_number in FUNCTIONS
                if source[behind - 1][0] + number[0][0] in names.words:
                    out += source[i:behind - 1]
                    out += [(r"\mathrm", source[behind - 1][1]), ("{", at), source[behind - 1], number[0], ("}", at)]
                    i = behind + 1
                    continue
            word = "".join(t for t, _ in source[i:behind])
            if word == "max" and source[behind:behind + 1] and source[behind][0] in OPEN and not names.known(word):
                out.append((r"\max", at))
                i = behind
                continue
            if word in names.words or len(word) > 1 and names.known(word) and not all(names.known(c) for c in word):
                out += [(r"\mathrm", at), ("{", at), *source[i:behind], ("}", at)]
                i = behind
                continue
            named = names.asks or len(word) > LONG and word in UPRIGHT and source[behind:behind + 1] and source[behind][0] in OPEN
            functions = FUNCTIONS | NAMED if named else FUNCTIONS
            if word in REFUSED and source[behind:behind + 1] and source[behind][0] == "[" and not names.known(word):       # E[x]
                out += [(r"\operatorname", at), ("{", at), *source[i:behind], ("}", at)]
                i = behind
                continue
            if (ends := _ends_in(word, source, behind, names)) and not names.known(word):          # xTr(A)
                out += source[i:behind - len(ends)]
                i = behind - len(ends)
                out += [(r"\operatorname", source[i][1]), ("{", at), *source[i:behind], ("}", at)]
                i = behind
                continue
            if _applied(word, source, behind, functions) and not names.known(word) and not all(names.known(c) for c in word):
                out += [(r"\operatorname", at), ("{", at), *source[i:behind], ("}", at)]
                i = behind
                continue
        out += source[i:behind]
        i = behind
    return out


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
    token = source[behind][0]
    return token in OPEN or len(word) >= LONG and (token.isalpha() or token.startswith("\\") and token[1:].isalpha() or token in ("^", "{"))


def pointwise(sides: tuple[tuple[Token, ...], ...], names: Names) -> tuple[tuple[Token, ...], ...]:
    """\\sigma' = \\sigma(1 - \\sigma), an equality of functions, at a number t."""
    if len(sides) < 2 or len(sides[0]) not in (2, 4) or names.known("t"):
        return sides
    name = sides[0][0][0].removeprefix("\\")
    primed = "".join(t for t, _ in sides[0][1:]) in ("'", "^\\prime", "^{\\prime}")
    if not primed or names.known(name) or name != "sigma" and name not in FUNCTIONS:
        return sides
    out: list[tuple[Token, ...]] = []
    for side in sides:
        now: list[Token] = []
        k = 0
        while k < len(side):
            token, at = side[k]
            if token.removeprefix("\\") != name:
                now.append((token, at))
                k += 1
                continue
            behind = side[k + 1:k + 2]
            prime = side[1:] if side is sides[0] else behind if [t for t, _ in behind] == ["'"] else ()
            now += [("{", at), (token, at), *prime, ("(", at), ("t", at), (")", at), ("}", at)]
            k += 1 + len(prime)
        out.append(tuple(now))
    return tuple(out)
