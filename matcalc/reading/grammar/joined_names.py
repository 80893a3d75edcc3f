"""Names and functions written side by side, without a sign between them: Wx, AB, lnx, trAX."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Sequence

from ...language.operations import ANGLES

LONGEST_PRODUCT = 60  # of letters side by side
LONGEST_WORD = 4      # of capital letters nobody declared
ENDS = ("", "=", "==")
BARE = ANGLES | {"ln", "log", "exp", "sqrt", "tanh", "det", "logdet", "tr"}         # what is written before its argument


def factors(tokens: Sequence[str]) -> set[str]:
    """The capital letters that the words of a line are products of: each stands there by itself too, or in another word of the same.
    A word that is a whole side is a name.

    >>> sorted(factors(["AB", "-", "BA"])), sorted(factors(["(", "AB", ")", "-", "B", "*", "A"])), factors(["KL", "==", "K", "*", "L"])
    (['A', 'B'], ['A', 'B'], set())
    """
    around = zip(("", *tokens), tokens, (*tokens[1:], ""), strict=False)
    words = {n for before, n, after in around if 1 < len(n) <= LONGEST_WORD and n.isalpha() and n.isupper()
             and not (before in ENDS and after in ENDS)}
    transposed = Counter("".join(sorted(n)) for n in words)
    alone = set(tokens)
    return {letter for n in words if transposed["".join(sorted(n))] > 1 or alone.issuperset(n) for letter in n}


def compound(name: str, known: Collection[str]) -> list[str]:
    """The names that are known and make up this one, written side by side; none where it is a name by itself.

    >>> compound("Wx", {"W", "x"}), compound("theta1", {"theta"})
    (['W', 'x'], [])
    """
    if len(name) > LONGEST_PRODUCT:
        return []
    ways: list[list[str] | None] = [[], *([None] * len(name))]
    for end in range(1, len(name) + 1):
        for start in range(end):
            before, piece = ways[start], name[start:end]
            if ways[end] is None and before is not None and piece != name and piece in known:
                ways[end] = [*before, piece]
    return ways[-1] or []


def applied(name: str, known: Callable[[str], bool]) -> str:
    """The function that a name begins with, where the rest is known, or several names that are: lnx, sin2x, trAX.

    >>> [applied(name, {"x", "A", "X"}.__contains__) for name in ("lnx", "sin2x", "trAX", "lndetX", "cost", "log2x")]
    ['ln', 'sin', 'tr', 'ln', '', '']
    """
    head = max((f for f in BARE if name.startswith(f)), key=len, default="")
    words = name[len(head):].lstrip("0123456789")
    if not head or not words or head == "log" and name != head + words:
        return ""
    return head if known(words) or all(map(known, words)) or applied(words, known) else ""


def letters(name: str, wrt: str, used: Callable[[], Collection[str]]) -> list[str]:
    """The letters of Ax where x is differentiated by and stands nowhere by itself, or A is a capital, and of WX where W is: nothing else
    can be meant.

    >>> [letters(name, wrt, used.split) for name, wrt, used in (("Ax", "x", "Ax b"), ("Ax", "x", "Ax x"), ("WX", "W", "WX W"),
    ...                                                         ("AXBX", "X", "AXBX"))]
    [['A', 'x'], ['A', 'x'], ['W', 'X'], ['A', 'X', 'B', 'X']]
    """
    if len(wrt) != 1 or wrt not in name or not name.isalpha() or name[0] == "d" or len(name) > (5 if name.isupper() else 3):
        return []
    pair = len(name) == 2 and name[0].isupper() and (name[1] == wrt or name.isupper())
    return list(name) if pair or wrt not in used() else []
