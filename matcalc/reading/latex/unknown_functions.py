"""Functions that a text differentiates and never says what they are: f of \\nabla f(x) + A^T y."""

from __future__ import annotations

from collections.abc import Sequence
import re

from .spelt_names import BEGINS, EQUAL, LETTER, NAME, said
from .tokens import GREEK, Tokens


def sloped(pieces: Sequence[Tokens]) -> dict[str, str]:
    r"""f and x of \\nabla f beside f(x), of a function that the text applies to x throughout, and of which it never says what it is.

    >>> from .tokens import tokens
    >>> sloped([tokens(r"\nabla g(x) = \nabla f(x) + x"), tokens("g(x) = f(x) + x")]), sloped([tokens(r"\nabla f(x)"), tokens("f = x")])
    ({'f': 'x'}, {})
    """
    text = "\n".join(map(said, pieces))
    f = rf"(?:{LETTER}|\\(?:varphi|phi|psi|ell)(?= ))(?: _ (?:\{{ \w+ \}}|\w+)(?= ))?"
    slopes = set(re.findall(rf"\\nabla (?:[_^] (?:\{{ [^{{}}]* \}}|\S+) )*({f}) ", text))
    out: dict[str, str] = {}
    for name in slopes:
        given = set(re.findall(rf"(?<= ){re.escape(name)} \( ({NAME}) \) ", text))
        others = re.findall(rf"(?<= ){re.escape(name)} \( (?!{NAME} \) )", text)
        either = "|".join(map(re.escape, (name, *given)))           # or what x is: f is then known by its gradients at others
        said_so = re.search(rf"{BEGINS}(?:{NAME} , )*(?:{either}) (?:\( \S+ \) )?(?:, {NAME} )*(?:{EQUAL}|\\colon )", text, re.M)
        if len(given) == 1 and not others and said_so is None:
            base, _, below = name.partition(" _ ")
            base, below, x = base.lstrip("\\"), below.strip("{} "), max(given).lstrip("\\")
            out[f"{GREEK.get(base, base)}_{below}" if below else GREEK.get(base, base)] = GREEK.get(x, x)
    return out
