r"""Letters under a dot: \dot x is the rate at which x changes, and is written as its differential."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from .macros import group, rewritten
from .tokens import Token, Tokens

DOTS = (r"\dot", r"\ddot")
BEFORE = frozenset((r"\partial", r"\nabla", ",", "_"))


def velocities(pieces: Sequence[Tokens]) -> frozenset[str]:
    r"""The letters that stand in a text under a dot and without one, and whose rate of change is nowhere a variable or an argument itself:
    by \dot q one may differentiate, and \dot x(0) is a value.

    >>> from .tokens import tokens
    >>> sorted(velocities([tokens(r"V = x^T P x"), tokens(r"\dot V = 2 x^T P \dot x + \dot y")]))
    ['V', 'x']
    >>> sorted(velocities([tokens(r"L(q, \dot q) = \dot q^T M q"), tokens(r"\dot q")]))
    []
    """
    dotted, plain, used, accelerated, inside = set[str](), "", set[str](), set[str](), False
    for source in pieces:
        k = 0
        while k < len(source):
            token = source[k][0]
            if token not in DOTS or k + 1 == len(source):
                plain += f" {token}"
                k += 1
                continue
            part, behind = group(source, k + 1)
            letter = _letter(part)
            before = next((t for t, _ in reversed(source[:k]) if t != "{"), "")
            (dotted if token == r"\dot" else accelerated).add(letter)
            if before in BEFORE or source[k - 2:k] and source[k - 2][0] in BEFORE or [t for t, _ in source[behind:behind + 1]] == ["("]:
                used.add(letter)
            inside |= [t for t, _ in source[behind:behind + 1]] != ["="]
            k = behind
    law = len(dotted) == 1 and not inside and " d t " not in f"{plain} "        # \\dot x = A x, and nothing else is differentiated
    return frozenset(n for n in dotted - accelerated - used if f" {n} " in f"{plain} ") if not (law or used - accelerated) else frozenset()


def _letter(part: Tokens) -> str:
    """What stands under a dot."""
    return " ".join(t for t, _ in part if t not in "{}")


def with_differentials(source: Sequence[Token], letters: frozenset[str]) -> list[Token]:
    r"""The tokens with (dx) for \dot x of such letters, and with (d\dot q) for \ddot q.

    >>> from .tokens import tokens
    >>> "".join(t for t, _ in with_differentials(tokens(r"\dot x_1^T P + \ddot q"), frozenset("x")))
    '(\\ddx_1)^TP+(\\dd\\dot{q})'
    """
    def differential(k: int) -> tuple[Iterable[Token], int] | None:
        token, at = source[k]
        if token not in DOTS or k + 1 == len(source):
            return None
        part, behind = group(source, k + 1)
        if token == r"\ddot":
            of = [(r"\dot", at), ("{", at), *part, ("}", at)]
        elif _letter(part) not in letters:
            return None
        else:
            end = group(source, behind + 1)[1] if [t for t, _ in source[behind:behind + 1]] == ["_"] else behind
            of, behind = [*part, *source[behind:end]], end
        return [("(", at), (r"\dd", at), *of, (")", at)], behind
    return rewritten(source, differential) if letters else list(source)
